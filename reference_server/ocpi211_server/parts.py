"""Locations that are written piece by piece: an EVSE, a Connector, a status (mod_locations.md).

A part that changes raises `last_updated` of what holds it. The status of an EVSE is the most frequent write of all:
it is merged into the text of the Location, which is neither read nor written anew for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from pydantic import BaseModel

from ocpi211.models import Location
from ocpi211.routes import Caller, Created, NotFound
from ocpi211_runtime.envelope import to_wire
from ocpi211_runtime.scalars import read_date_time
from ocpi211_server.database import Work
from ocpi211_server.described import described, gone
from ocpi211_server.distribution import Change
from ocpi211_server.json_text import Step, edited, found, items, members, merged, placed, steps, text_of
from ocpi211_server.moments import MICROSECONDS, now, seconds
from ocpi211_server.objects import Objects, partner_of, valid
from ocpi211_server.site import Site
from ocpi211_server.store import Outcome, Thing, lock, save

__all__ = ["LocationObjects", "evse_behind", "evse_named"]

_PLAIN_FIELDS = frozenset({"status", "last_updated", "tariff_id"})
"""What can be taken over without a look at the rest of the Location."""


class LocationObjects(Objects):
    """Locations, and the parts of them that can be written each by itself."""

    def __init__(self, site: Site) -> None:
        super().__init__(site, "locations")

    async def receive(
        self,
        caller: Caller,
        owner: str,
        id: str,
        way: Sequence[Step],
        part: BaseModel,
    ) -> Created | None:
        """Store a Location or a part of one. NotFound for a part of what is not there."""
        if not self.site.profile.static_by_push:
            fields = to_wire(part)
            outcome = await self.site.database.write(self._statuses, owner, id, way, fields, now())
        elif not way:
            return await self.take(caller, owner, id, part)
        else:
            outcome = await self.site.database.write(
                self.placing, owner, id, way, part, caller.request.body, partner_of(caller), now()
            )
        self.site.deliveries.wake()
        return Created() if outcome is Outcome.CREATED else None

    def placing(
        self,
        owner: str,
        id: str,
        way: Sequence[Step],
        part: BaseModel,
        body: bytes,
        partner: int | None,
        moment: int,
    ) -> Work[Outcome]:
        """Store a part of a Location, in one transaction with what follows from it."""
        stored = yield from lock("locations", owner, id)
        if stored is None or found(stored.body, way[:-1]) is None:
            raise NotFound
        before = found(stored.body, way)
        if before is not None and self._is_newer(before, part):
            return Outcome.STALE
        whole = valid(Location, placed(stored.body, way, body))
        thing = described("locations", owner, id, whole, placed(stored.body, way, body), partner, stored.changed)
        thing = replace(thing, changed=self.changed(whole, moment))
        thing = yield from self.site.view.seen(thing, to_wire(whole))
        yield from save(thing)
        yield from self.site.distribution.spread(Change(thing, way=way), moment)
        return Outcome.UPDATED if before is not None else Outcome.CREATED

    async def amend(
        self,
        caller: Caller,
        owner: str,
        id: str,
        way: Sequence[Step],
        patch: BaseModel,
    ) -> None:
        """Change a Location or a part of one. NotFound for what is not there."""
        fields = self.fields_of(patch)
        if not self.site.profile.static_by_push:
            kept = {name: raw for name, raw in members(fields).items() if name in _PLAIN_FIELDS}
            fields = edited(b"{}", kept)
            if not way or len(kept) == 1:  # nothing but the moment
                await self.kept(owner, id)
                return
        await self.site.database.write(self._amending, owner, id, way, fields, partner_of(caller), now())
        self.site.deliveries.wake()

    async def amend_own(self, id: str, way: Sequence[Step], patch: BaseModel) -> None:
        """Change a Location of our own, or a part of one."""
        await self.site.database.write(self._amending, self.site.party, id, way, self.fields_of(patch), None, now())
        self.site.deliveries.wake()

    def _amending(
        self,
        owner: str,
        id: str,
        way: Sequence[Step],
        patch: bytes,
        partner: int | None,
        moment: int,
    ) -> Work[None]:
        stored = yield from lock("locations", owner, id)
        part = None if stored is None else found(stored.body, way)
        if stored is None or part is None:
            raise NotFound
        body = placed(stored.body, way, merged(part, patch))
        if way and members(patch).keys() <= _PLAIN_FIELDS:
            thing = yield from self._quickly(stored, body, way, patch, moment)
        else:
            whole = valid(Location, body)
            thing = described("locations", owner, id, whole, body, partner, self.changed(whole, moment))
            thing = yield from self.site.view.seen(thing, to_wire(whole))
        yield from save(thing)
        yield from self.site.distribution.spread(Change(thing, way=way, patch=patch), moment)

    def _quickly(self, stored: Thing, body: bytes, way: Sequence[Step], patch: bytes, moment: int) -> Work[Thing]:
        """The most frequent write, a change of status: the patch is valid and so was the Location, so both together."""
        shown = stored.shown
        if shown is not None:
            shown_way = yield from self.site.view.way(stored.owner, way)
            shown = placed(shown, shown_way, merged(found(shown, shown_way) or b"{}", patch))
        updated = seconds(_moment_of(body))
        changed = max(updated, moment // MICROSECONDS) if self.site.role == "hub" else updated
        status_alone = "tariff_id" not in members(patch)
        return replace(
            stored,
            body=body,
            shown=shown,
            last_updated=updated,
            changed=stored.changed if status_alone and not self.site.profile.status_in_delta else changed,
            gone=stored.gone if b"REMOVED" not in patch and not stored.gone else gone(body),
        )

    def _statuses(
        self,
        owner: str,
        id: str,
        way: Sequence[Step],
        part: bytes,
        moment: int,
    ) -> Work[Outcome]:
        """Of a pushed Location, take over what is stored at once: the status of EVSEs, the Tariff of Connectors."""
        stored = yield from lock("locations", owner, id)
        if stored is None:  # the rest is not stored by a push, and comes by the next pull
            return Outcome.UPDATED
        for path, fields in _plain_fields(way, part):
            before = found(stored.body, path)
            if before is None or not _differs(before, fields):
                continue
            stored = yield from self._quickly(
                stored, placed(stored.body, path, merged(before, fields)), path, fields, moment
            )
            yield from save(stored)
            yield from self.site.distribution.spread(Change(stored, way=path, patch=fields), moment)
        return Outcome.UPDATED

    def _is_newer(self, stored: bytes, part: BaseModel) -> bool:
        updated: datetime = part.last_updated  # type: ignore[attr-defined]  # Locations and their parts have it
        return not self.site.profile.allow_downgrades and _moment_of(stored) > updated


def evse_behind(location: Thing, shown_uid: str) -> tuple[str, bytes] | None:
    """The uid that the CPO gave an EVSE which others know as `shown_uid`, and the EVSE as it came."""
    came, shown = (items(members(text).get("evses")) for text in (location.body, location.visible))
    for evse, seen in zip(came, shown, strict=True):
        if text_of(members(seen).get("uid")) == shown_uid:
            return text_of(members(evse).get("uid")), evse
    return None


def evse_named(location: Thing, name: str) -> tuple[bytes, bytes] | None:
    """The EVSE with this uid, else with this `evse_id`, as it came and as others are shown it."""
    came, shown = (items(members(text).get("evses")) for text in (location.body, location.visible))
    for key in ("uid", "evse_id"):
        for evse, seen in zip(came, shown, strict=True):
            if text_of(members(evse).get(key)) == name:
                return evse, seen
    return None


def _moment_of(part: bytes) -> datetime:
    return read_date_time(text_of(members(part).get("last_updated")))


def _plain_fields(way: Sequence[Step], part: bytes) -> Iterator[tuple[tuple[Step, ...], bytes]]:
    """The way to each EVSE and Connector of a part of a Location, and its plain fields."""
    given = members(part)
    if way:
        kept = {name: raw for name, raw in given.items() if name in _PLAIN_FIELDS}
        yield tuple(way), edited(b"{}", kept)
    if not way:
        for evse in items(given.get("evses")):
            yield from _plain_fields(steps(text_of(members(evse).get("uid"))), evse)
    elif len(way) == 1:
        for connector in items(given.get("connectors")):
            yield from _plain_fields(steps(way[0].value, text_of(members(connector).get("id"))), connector)


def _differs(part: bytes, fields: bytes) -> bool:
    """Whether the part would change in more than its moment."""
    given = members(part)
    return any(given.get(name) != raw for name, raw in members(fields).items() if name != "last_updated")
