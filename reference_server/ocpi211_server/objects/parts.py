"""Locations that are written piece by piece: an EVSE, a Connector, a status (mod_locations.md).

A part that changes raises `last_updated` of what holds it. The status of an EVSE is the most frequent write of all:
it is merged into the text of the Location, which is neither read nor written anew for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from pydantic import BaseModel

from ocpi211.models import Location
from ocpi211.routes import Caller, Created, NotFound
from ocpi211_runtime.envelope import to_wire
from ocpi211_server.database import Work
from ocpi211_server.moments import now, seconds_of
from ocpi211_server.objects.described import described, gone
from ocpi211_server.objects.json_text import (
    Step,
    edited,
    found,
    items,
    members,
    merged,
    placed,
    rewritten,
    steps,
    text_of,
    updated,
)
from ocpi211_server.objects.keeping import Objects, Patch, partner_of, valid
from ocpi211_server.objects.store import Outcome, Thing, lock
from ocpi211_server.site import Site

__all__ = ["LocationObjects"]

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
            outcome = await self.site.database.write(self.statuses, owner, id, way, fields, now())
        elif not way:
            return await self.take(caller, owner, id, part)
        else:
            outcome = await self.write(
                self.placing, owner, id, way, part, caller.request.body, partner_of(caller), now()
            )
        self.wake()
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
        if before is not None and self._is_newer(before, part.last_updated):  # type: ignore[attr-defined]
            return Outcome.STALE
        whole_text = placed(stored.body, way, body)
        whole = valid(Location, whole_text)
        thing = described("locations", owner, id, whole, whole_text, partner, self.earliest(moment))
        yield from self.storing(thing, stored, moment, whole, way=way)
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
        fields = self.fields_of(patch, caller.request.body)
        if not self.site.profile.static_by_push:
            kept = _plain(fields.wire)
            if not way or len(members(kept)) == 1:  # nothing but the moment
                if found(await self.kept(owner, id), way) is None:
                    raise NotFound
                return
            fields = Patch(kept, kept)
        await self.write(self._amending, owner, id, way, fields, partner_of(caller), now())
        self.wake()

    async def amend_own(self, id: str, way: Sequence[Step], patch: BaseModel) -> None:
        """Change a Location of our own, or a part of one."""
        await self.site.database.write(self._amending, self.site.party, id, way, self.fields_of(patch), None, now())
        self.wake()

    def _amending(
        self,
        owner: str,
        id: str,
        way: Sequence[Step],
        patch: Patch,
        partner: int | None,
        moment: int,
    ) -> Work[None]:
        stored = yield from lock("locations", owner, id)
        if stored is None:
            raise NotFound
        whole = None
        if way and members(patch.wire).keys() <= _PLAIN_FIELDS:
            thing = yield from self._quickly(stored, way, patch, moment)
        else:
            body, _ = _patched(stored.body, way, patch.received)
            whole = valid(Location, body)
            thing = described("locations", owner, id, whole, body, partner, self.earliest(moment))
        yield from self.storing(thing, stored, moment, whole, way=way, patch=patch.wire)

    def _quickly(self, stored: Thing, way: Sequence[Step], patch: Patch, moment: int) -> Work[Thing]:
        """The most frequent write, a change of status: the patch is valid and so was the Location, so both together."""
        body, raised = _patched(stored.body, way, patch.received)
        moved, earliest = seconds_of(raised), self.earliest(moment)
        if earliest is None:
            return stored._replace(body=body, last_updated=moved, changed=0)
        shown = None
        if stored.shown is not None or members(patch.received) != members(patch.wire):
            shown_way = yield from self.site.view.way(stored.owner, way)
            shown, _ = _patched(stored.visible, shown_way, patch.wire)
        removed = b"REMOVED" in patch.wire
        # An EVSE that is gone is more than a status.
        status_alone = b'"tariff_id"' not in patch.wire and not removed
        return stored._replace(
            body=body,
            shown=shown,
            last_updated=moved,
            changed=stored.changed if status_alone and not self.site.profile.status_in_delta else max(moved, earliest),
            gone=gone(body) if removed or stored.gone else 0,
        )

    def statuses(
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
            if before is None or not _differs(before, fields) or self._is_newer(before, updated(fields)):
                continue
            thing = yield from self._quickly(stored, path, Patch(fields, fields), moment)
            yield from self.storing(thing, stored, moment, None, way=path, patch=fields)
            stored = thing
        return Outcome.UPDATED

    def _is_newer(self, stored: bytes, moved: datetime) -> bool:
        return not self.site.profile.allow_downgrades and updated(stored) > moved


def _patched(location: bytes, way: Sequence[Step], patch: bytes) -> tuple[bytes, str]:
    """The Location with a part changed, and its `last_updated`. NotFound if it has no such part."""

    def change(part: bytes | None) -> bytes:
        if part is None:
            raise NotFound
        return merged(part, patch)

    try:
        return rewritten(location, way, change)
    except KeyError:
        raise NotFound from None


def _plain(fields: bytes) -> bytes:
    return edited(b"{}", {name: raw for name, raw in members(fields).items() if name in _PLAIN_FIELDS})


def _plain_fields(way: Sequence[Step], part: bytes) -> Iterator[tuple[tuple[Step, ...], bytes]]:
    """The way to each EVSE and Connector of a part of a Location, and its plain fields."""
    given = members(part)
    if way:
        yield tuple(way), _plain(part)
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
