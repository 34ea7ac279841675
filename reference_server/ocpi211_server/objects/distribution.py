"""A change of an object becomes deliveries to those it concerns, in the transaction that stores it.

What is stored and what has to be sent can so never differ, whatever happens to the process in between. To an eMSP a
change of status goes as PATCH of the EVSE, other changes as PUT (mod_locations.md); a CDR is posted (mod_cdrs.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ocpi211_server.correlation import matter
from ocpi211_server.database import Work
from ocpi211_server.delivery import Order, Policy, enqueue
from ocpi211_server.objects.audience import Audience, readers_of
from ocpi211_server.objects.json_text import Step, edited, found, items, members, text_of
from ocpi211_server.objects.store import Thing
from ocpi211_server.objects.views import View
from ocpi211_server.profiles import Profile, Role

__all__ = ["Change", "Distribution"]

_NOUNS = {"locations": "location", "sessions": "session", "tariffs": "tariff", "tokens": "token"}
_PARTS = ("location", "evse", "connector")
_KEYS = {
    "location": "location_id",
    "session": "session_id",
    "tariff": "tariff_id",
    "token": "token_uid",
    "evse": "evse_uid",
    "connector": "connector_id",
}
_NOT_PATCHED = frozenset({"uid", "id", "evses", "connectors", "location", "operator", "issuer"})
"""Members that a hub shows otherwise than they came: a PATCH of them goes out as PUT of the whole."""


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to an object."""

    thing: Thing
    """As it is now."""
    created: bool = False
    way: Sequence[Step] = ()
    """To the part of a Location that changed, in our ids; nothing: the whole."""
    patch: bytes | None = field(default=None, repr=False)
    """The fields that changed; None: all."""
    deleted: bool = False


class Distribution:
    """Who is told what, and in which order."""

    def __init__(self, role: Role, profile: Profile, audience: Audience, view: View) -> None:
        self._audience = audience
        self._view = view
        self._profile = profile
        # Towards a hub GIREVE demands that all be kept and sent in order; a hub itself sends what is true by now.
        self._policy: Policy = "latest" if role == "hub" else "fifo" if profile.push == "fifo" else "once"
        self._hub = role == "hub"

    def spread(self, change: Change, now: int, *, only: int | None = None) -> Work[int]:
        """Make the deliveries of a change, to all it concerns or to one partner of them; gives how many."""
        module = change.thing.module
        if self._hub and module not in self._profile.hub_pushes:
            return 0
        readers = yield from self._audience.told(change.thing)
        to = tuple(reader for reader in readers if only in (None, reader))
        if not to:
            return 0
        shown_way = yield from self._view.way(change.thing.owner, change.way)
        orders = [said.to(to, self.policy) for said in self._said(change, shown_way)]
        yield from enqueue(orders, now)
        return len(orders) * len(to)

    def _said(self, change: Change, way: Sequence[Step]) -> list[_Said]:
        """What is said of a change, in the ids that the readers know."""
        thing = change.thing
        if thing.module == "cdrs":
            return [_Said(thing, "post_cdr", (), thing.visible)]
        noun = _PARTS[len(way)] if thing.module == "locations" else _NOUNS[thing.module]
        if change.deleted:
            return [_Said(thing, f"delete_{noun}", way, b"", covers=True)]
        whole = found(thing.visible, way) or b""
        by_evse = self._hub and thing.module == "locations" and self._profile.location_as_evses
        patch = change.patch
        if patch is not None and (_is_status(way, patch) if by_evse else not _NOT_PATCHED & members(patch).keys()):
            if thing.module == "sessions":  # GIREVE's hub repeats it in every message
                patch = edited(patch, {"authorization_id": members(thing.visible).get("authorization_id")})
            return [_Said(thing, f"patch_{noun}", way, patch, whole=(f"put_{noun}", whole))]
        if by_evse and not change.created:
            evses = [found(thing.visible, way[:1]) or b""] if way else items(members(thing.visible).get("evses"))
            return [
                _Said(thing, "put_evse", (Step("evses", "uid", text_of(members(evse).get("uid"))),), evse)
                for evse in evses
            ]
        return [_Said(thing, f"put_{noun}", way, whole, covers=not way)]

    @property
    def policy(self) -> Policy:
        """How deliveries are kept in order, and for how long."""
        return self._policy


def _is_status(way: Sequence[Step], patch: bytes) -> bool:
    """Whether it tells what an EVSE is doing, and nothing else. That it is gone is more than that."""
    fields = members(patch)
    return len(way) == 1 and fields.keys() <= {"status", "last_updated"} and fields.get("status") != b'"REMOVED"'


@dataclass(frozen=True, slots=True)
class _Said:
    """One thing to say of an object, to each of its readers."""

    thing: Thing
    name: str
    way: Sequence[Step]
    body: bytes
    whole: tuple[str, bytes] | None = None
    covers: bool = False
    """It says all that what waits in front of it says."""

    def to(self, readers: tuple[int, ...], policy: Policy) -> Order:
        """The order for these readers, one for all: they get the same."""
        thing, prefix = self.thing, f"{readers_of(self.thing.module)}.{self.thing.module}."
        key = f"{thing.module}/{thing.owner}/{thing.shown_id}"
        part = "/".join(step.value for step in self.way)
        return Order(
            partner=readers,
            operation=prefix + self.name,
            arguments=self._arguments(),
            body=self.body,
            policy=policy,
            lane=key if policy == "latest" else thing.module,
            about=f"{thing.module} {thing.owner} {thing.id}" + (f"/{part}" if part else ""),
            whole=None if self.whole is None else (prefix + self.whole[0], self.whole[1]),
            covers=self.covers and policy == "latest",
            correlation_id=matter.get().correlation_id or None,
        )

    def _arguments(self) -> dict[str, str]:
        if self.thing.module == "cdrs":
            return {}
        country_code, _, party_id = self.thing.owner.partition("*")
        arguments = {"country_code": country_code, "party_id": party_id}
        arguments[_KEYS[_NOUNS[self.thing.module]]] = self.thing.shown_id
        for step, noun in zip(self.way, _PARTS[1:], strict=False):
            arguments[_KEYS[noun]] = step.value
        return arguments
