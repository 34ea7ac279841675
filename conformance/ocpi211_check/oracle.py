"""A shadow of what the target should hold: PUT stores, PATCH merges, DELETE forgets, GET is compared.

null, absence and [] mean the same, and so do two spellings of a moment or a number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from ocpi211_check.rules.reading import moment
from ocpi211_check.sameness import differences, merged

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Oracle"]

_DATE = "last_updated"
_OVER = {"COMPLETED", "INVALID"}

Object = dict[str, Any]


class Oracle:
    """What was written, by URL."""

    def __init__(self) -> None:
        self._objects: dict[str, list[Object]] = {}
        """URL → the states it may be in: one, unless a write may have been passed over."""
        self._met: set[str] = set()
        """The URLs of which something was read."""

    def __contains__(self, url: str) -> bool:
        return url in self._objects

    def wrote(self, verb: str, url: str, body: object) -> None:
        """A write that the target accepted."""
        before = self._objects.get(url, [])
        if verb == "DELETE":
            self._objects.pop(url, None)
        elif isinstance(body, dict):
            sent = cast("Object", body)
            # An older write is answered with success, and applied or not: the text is silent. A Session that is over
            # does not change any more.
            kept = [state for state in before if _older(sent, state) or state.get("status") in _OVER]
            made = [_patched(state, sent) for state in before] if verb == "PATCH" else [sent]
            self._objects[url] = [*made, *kept]

    def forget(self, url: str) -> None:
        """Something changed it that cannot be told from here."""
        self._objects.pop(url, None)

    def compare(self, url: str, came: object, *, dated: bool = True) -> list[str]:
        """Where what came differs from every state it may be in."""
        found = [
            differences(state, came, frozenset() if dated and _DATE in state else frozenset({_DATE}))
            for state in self._objects.get(url, [])
        ]
        if all(found) and url not in self._met and self._from_before(url, came):
            self._objects[url], found = [cast("Object", came)], [[]]
        self._met.add(url)
        return min(found, key=len, default=[])

    def _from_before(self, url: str, came: object) -> bool:
        """Whether another run of this seed has left something newer there, which an older PUT does not replace."""
        states = self._objects.get(url, [])
        return isinstance(came, dict) and bool(states) and _older(states[0], cast("Object", came))


def _patched(state: Object, sent: Object) -> Object:
    """A PATCH without a date is dated by the target when it comes: by what clock, nobody here knows."""
    made = merged(state, sent)
    if _DATE not in sent:
        made.pop(_DATE, None)
    return made


def _older(sent: Mapping[str, Any], stored: Mapping[str, Any]) -> bool:
    """Whether it is, or may be."""
    given, known = moment(sent.get(_DATE)), moment(stored.get(_DATE))
    return given is not None and (_DATE not in stored or (known is not None and given < known))
