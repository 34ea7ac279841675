"""Objects as one party keeps those of another, or publishes its own: once for all modules and both roles.

Client-owned objects (transport_and_format.md) are put and patched by their owner; an owner's lists are paged. What is
stored, what others are shown of it, and what has to be delivered change in one transaction.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from ocpi211.models import CDR, Location, Session, Tariff, Token
from ocpi211_runtime.answers import Caller, Created, PageResult
from ocpi211_runtime.envelope import to_wire
from ocpi211_runtime.errors import InvalidParameters, NotFound, problems_of
from ocpi211_runtime.patch import MISSING
from ocpi211_server.database import Work
from ocpi211_server.moments import MICROSECONDS, now, seconds
from ocpi211_server.moments import moment as moment_of
from ocpi211_server.objects.audience import readers_of
from ocpi211_server.objects.described import described, with_left_out, without_removed
from ocpi211_server.objects.distribution import Change
from ocpi211_server.objects.json_text import Step, edited, items, joined, members, merged, text_of
from ocpi211_server.objects.paging import Filters, cursor, page
from ocpi211_server.objects.store import Outcome, Thing, delete, kept, lock, replace, save, shown
from ocpi211_server.registration.auth import ServerCaller
from ocpi211_server.site import Site

__all__ = ["FORMS", "Objects", "Patch", "partner_of", "party_of", "valid"]


_log = logging.getLogger(__name__)

FORMS: Mapping[str, type[BaseModel]] = {
    "locations": Location,
    "sessions": Session,
    "cdrs": CDR,
    "tariffs": Tariff,
    "tokens": Token,
}
"""Module → what its objects are."""


class Patch(NamedTuple):
    """The fields that a PATCH changes."""

    received: bytes
    """As they came: so they are stored."""
    wire: bytes
    """In the wire form: so they are passed on. As they came where they are not."""


_IDS = frozenset({"id", "uid"})


def party_of(caller: Caller) -> str:
    """The caller's party, `FR*ABC`."""
    return f"{caller.country_code}*{caller.party_id}"


class Objects:
    """The objects of one module."""

    def __init__(self, site: Site, module: str) -> None:
        self.site = site
        self.module = module
        self.max_limit = site.profile.max_limit[module]
        # What we are given ourselves is shown to nobody but its owner, and no change of it is told to anybody.
        self.given = readers_of(module) == site.role
        self._hub = site.role == "hub"
        profile, database = site.profile, site.database
        depends = {"locations": profile.left_out_is_removed, "sessions": profile.completed_is_final}
        self._replaces = self.given and not depends.get(module, False)
        # Where a change is one statement nothing has to be locked for it.
        self.write = database.write_each if self.given else database.write
        self._locks = not (self.given and database.apart)

    async def listed(
        self,
        caller: Caller,
        *,
        date_from: datetime | None,
        date_to: datetime | None,
        offset: int,
        limit: int | None,
        only: tuple[str | None, str | None] = (None, None),
    ) -> PageResult[Any]:
        """A page of what the caller may see. `only` names one owner, where the profile honours that."""
        visible = self.site.audience.visible(self.module, party_of(caller))
        if self.site.profile.single_party_filters and all(only):
            visible = visible.having("owner", f"{only[0]}*{only[1]}".upper())
        after, total = cursor(caller.request.query, offset)
        hides = not self.site.profile.removed_in_full and date_from is None and self.module == "locations"
        filters = Filters(
            None if date_from is None else seconds(date_from),
            None if date_to is None else seconds(date_to),
            offset,
            limit or self.max_limit,
            after,
            total,
            without_gone=hides,
        )
        found = await page(self.site.database, self.module, visible, filters)
        end = offset + found.held
        # What was counted when the crawl began may have become more.
        total = max(found.total, end + found.more if found.held else 0)
        following = {"offset": str(end), "after": f"{found.last}.{total}.{end}"} if found.more else {}
        bodies = joined((found.bodies,))
        if hides and found.gone:
            bodies = joined([without_removed(body) for body in items(bodies)])
        return PageResult(bodies, total, filters.limit, following)

    async def published(self, caller: Caller, shown_id: str) -> bytes:
        """One of the objects that the caller may see, as it is shown it. NotFound if there is none."""
        visible = self.site.audience.visible(self.module, party_of(caller)).having("shown_id", shown_id)
        text = await shown(self.site.database, self.module, visible)
        if text is None:
            raise NotFound
        return text

    async def kept(self, owner: str, id: str) -> bytes:
        """The object as its owner gave it to us. NotFound if there is none."""
        body = await kept(self.site.database, self.module, owner, id)
        if body is None:
            raise NotFound
        return body

    def given_back(self, body: bytes) -> bytes:
        """What its owner is answered: its own ids, in the wire form; a CDR as it came."""
        if self.module == "cdrs":
            return body
        return to_wire(FORMS[self.module].model_validate_json(body))

    async def take(self, caller: Caller, owner: str, id: str, model: BaseModel) -> Created | None:
        """Store what its owner puts: new, or in place of what is there unless that is newer."""
        body, partner, moment = caller.request.body, partner_of(caller), now()
        if self._replaces:
            thing = described(self.module, owner, id, model, body, partner, self.earliest(moment))
            outcome = await self.write(replace, thing, downgrade=self.site.profile.allow_downgrades)
        else:
            outcome = await self.site.database.write(self.taking, owner, id, model, body, partner, moment)
            self.wake()
        return Created() if outcome is Outcome.CREATED else None

    def taking(
        self,
        owner: str,
        id: str,
        model: BaseModel,
        body: bytes,
        partner: int | None,
        moment: int,
        *,
        as_of: int = 0,
    ) -> Work[Outcome]:
        """Store an object and make the deliveries that follow from it, in one transaction.

        `as_of`: it is what its owner lists, and so true at this moment (seconds), whatever its `last_updated` says.
        """
        stored = yield from lock(self.module, owner, id)
        if stored is not None and self.module == "locations" and self.site.profile.left_out_is_removed:
            whole = with_left_out(body, stored.body, moment_of(moment // MICROSECONDS))
            if whole is not body:
                body, model = whole, valid(Location, whole)
        thing = described(self.module, owner, id, model, body, partner, self.earliest(moment))
        if stored is not None:
            # What nobody lists has no `changed`.
            older = stored.last_updated > thing.last_updated and (stored.changed or stored.last_updated) >= as_of
            if (older and not self.site.profile.allow_downgrades) or self._is_over(stored):
                return Outcome.STALE
        yield from self.storing(thing, stored, moment, model)
        return Outcome.CREATED if stored is None else Outcome.UPDATED

    async def change(self, caller: Caller, owner: str, id: str, patch: BaseModel) -> None:
        """Change the fields that a PATCH gives. NotFound if there is nothing to change."""
        await self._changed(owner, id, self.fields_of(patch, caller.request.body), partner_of(caller))

    async def change_own(self, id: str, patch: BaseModel) -> None:
        """Change an object of our own."""
        await self._changed(self.site.party, id, self.fields_of(patch), None)

    async def _changed(self, owner: str, id: str, patch: Patch, partner: int | None) -> None:
        await self.write(self._changing, owner, id, patch, partner, now())
        self.wake()

    def _changing(
        self,
        owner: str,
        id: str,
        patch: Patch,
        partner: int | None,
        moment: int,
    ) -> Work[None]:
        stored = yield from lock(self.module, owner, id)
        if stored is None:
            raise NotFound
        if self._is_over(stored):
            return
        body = merged(stored.body, patch.received)
        model = valid(FORMS[self.module], body)
        thing = described(self.module, owner, id, model, body, partner, self.earliest(moment))
        yield from self.storing(thing, stored, moment, model, patch=patch.wire)

    def storing(
        self,
        thing: Thing,
        stored: Thing | None,
        moment: int,
        form: BaseModel | bytes | None,
        *,
        way: Sequence[Step] = (),
        patch: bytes | None = None,
    ) -> Work[None]:
        """Store an object; where others are shown it, with what they are shown, and tell them of the change.

        `form` is the object as read, or in its wire form; None where `thing` tells already what others are shown.
        """
        if self.given:
            yield from save(thing, stored, locked=self._locks)
            return
        if form is not None:
            if stored is not None and stored.recipient is not None:
                thing = thing._replace(recipient=stored.recipient)  # whoever was told of it once, and nobody else
            thing = yield from self.site.addressed(thing)
            thing = yield from self.site.view.seen(thing, to_wire(form))
        yield from save(thing, stored)
        yield from self.site.distribution.spread(Change(thing, stored is None, way, patch), moment)

    def wake(self) -> None:
        """Have delivered what followed from a change, if anything can."""
        if not self.given:
            self.site.deliveries.wake()

    def _is_over(self, stored: Thing) -> bool:
        """Whether it is a Session that stays as it is."""
        final = self.site.profile.completed_is_final and stored.module == "sessions"
        if final and text_of(members(stored.body).get("status")) == "COMPLETED":
            _log.warning("the Session %s of %s is COMPLETED: a later change is not applied", stored.id, stored.owner)
            return True
        return False

    async def forget(self, owner: str, id: str) -> None:
        """Delete what its owner no longer wants known. NotFound if there is nothing."""
        await self.site.database.write(self._forgetting, owner, id, now())
        self.wake()

    def _forgetting(self, owner: str, id: str, moment: int) -> Work[None]:
        stored = yield from lock(self.module, owner, id)
        if stored is None:
            raise NotFound
        yield from delete(stored)
        yield from self.site.distribution.spread(Change(stored, deleted=True), moment)

    def fields_of(self, patch: BaseModel, received: bytes | None = None) -> Patch:
        """The fields of a PATCH, with the moment of the change: ours where the owner gives none."""
        given: Any = patch
        changes: dict[str, bytes | None] = {}
        if given.last_updated is MISSING:
            changes["last_updated"] = b'"%b"' % self.site.stamp().encode()
        # The id may be repeated, and is that of the URL: it changes nothing.
        changes |= dict.fromkeys(_IDS & patch.model_fields_set)
        if self.given and received is not None:
            fields = edited(received, changes)
            return Patch(fields, fields)
        wire = edited(to_wire(patch, keep_null=True), changes)
        return Patch(wire if received is None else edited(received, changes), wire)

    def earliest(self, moment: int) -> int | None:
        """What date filters take a change for at least: at a hub, what arrives late is not lost for ever."""
        if self.given:
            return None
        return moment // MICROSECONDS if self._hub else 0


def partner_of(caller: Caller) -> int:
    """The partner's row, for what it sends."""
    return ServerCaller.of(caller).partner.id


def valid(form: type[BaseModel], body: bytes) -> BaseModel:
    """The object that a PATCH left. InvalidParameters if its fields do not go together."""
    try:
        return form.model_validate_json(body)
    except ValidationError as error:
        raise InvalidParameters(problems=problems_of(error)) from None
