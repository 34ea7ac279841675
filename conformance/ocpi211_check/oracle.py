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

_OVER = {"COMPLETED", "INVALID"}

Object = dict[str, Any]


class Oracle:
    """What was written, by URL."""

    def __init__(self) -> None:
        self._objects: dict[str, list[Object]] = {}
        """URL → the states it may be in: one, unless a write may have been passed over."""

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
            made = [merged(state, sent) for state in before] if verb == "PATCH" else [sent]
            self._objects[url] = [*made, *kept]

    def forget(self, url: str) -> None:
        """Something changed it that cannot be told from here."""
        self._objects.pop(url, None)

    def compare(self, url: str, came: object, *, dated: bool = True) -> list[str]:
        """Where what came differs from every state it may be in."""
        ignore = frozenset[str]() if dated else frozenset({"last_updated"})
        found = [differences(state, came, ignore) for state in self._objects.get(url, [])]
        return min(found, key=len, default=[])


def _older(sent: Mapping[str, Any], stored: Mapping[str, Any]) -> bool:
    given, known = moment(sent.get("last_updated")), moment(stored.get("last_updated"))
    return given is not None and known is not None and given < known
