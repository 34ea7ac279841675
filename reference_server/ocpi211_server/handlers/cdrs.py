"""CDRs: published by a CPO, kept by the one eMSP that pays them, both by a hub (mod_cdrs.md).

A CDR is an invoice: what came is stored and passed on byte by byte, once. The same again is accepted again; another
one under the same id is kept aside for a person to look at, and told as such.
"""

from __future__ import annotations

from datetime import datetime

from ocpi211.models import CDR
from ocpi211.routes import Caller, CannotUseClientApi, CpoCdrs, Created, EmspCdrs, NotFound, PageResult, Refusal
from ocpi211_runtime.operation import encode_segment
from ocpi211_server.objects.cdr_intake import Verdict, take_cdr
from ocpi211_server.objects.described import key_of
from ocpi211_server.objects.keeping import Objects
from ocpi211_server.objects.store import find, fits
from ocpi211_server.registration.auth import ServerCaller
from ocpi211_server.site import Site

__all__ = ["KeptCdrs", "PublishedCdrs"]


class PublishedCdrs(CpoCdrs):
    """The list of a CPO or hub: each eMSP sees its own."""

    def __init__(self, site: Site) -> None:
        self._objects = Objects(site, "cdrs")
        self.max_limit = self._objects.max_limit

    async def list_cdrs(
        self,
        caller: Caller,
        *,
        date_from: datetime | None = None,
        date_to: datetime | None = None,
        offset: int = 0,
        limit: int | None = None,
    ) -> PageResult[CDR]:
        """A page of those that concern the caller."""
        return await self._objects.listed(caller, date_from=date_from, date_to=date_to, offset=offset, limit=limit)


class KeptCdrs(EmspCdrs):
    """What an eMSP or hub is given by CPOs."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._objects = Objects(site, "cdrs")

    async def get_cdr(self, caller: Caller, cdr_id: str) -> bytes:
        """The CDR, byte by byte as the caller, or a party behind it, posted it."""
        found = await find(self._site.database, "cdrs", fits("id", key_of("cdrs", cdr_id)))
        for thing in found:
            if caller.may_write_for(*thing.owner.split("*")):
                return thing.body
        raise self._unknown()

    async def post_cdr(self, caller: Caller, cdr: CDR) -> Created:
        """Store a CDR."""
        verdict = await take_cdr(self._objects, cdr, caller.request.body, ServerCaller.of(caller).partner)
        if verdict is Verdict.CONTRADICTS:
            raise Refusal(f"The CDR {cdr.id} is stored already, with other content; this one was kept aside.")
        # Whose first answer was lost gets the same again, the URL above all.
        place = "/".join((self._site.settings.base_url, "emsp", "2.1.1", "cdrs", encode_segment(cdr.id)))
        return Created(place if self._site.profile.cdr_location else None)

    def _unknown(self) -> Refusal:
        return CannotUseClientApi("There is no such CDR.") if self._site.profile.unknown_cdr == 3001 else NotFound()
