"""Sessions: published by a CPO, kept by the one eMSP they concern, both by a hub (mod_sessions.md)."""

from __future__ import annotations

from datetime import datetime

from ocpi211.models import Session, SessionPatch
from ocpi211.routes import Caller, CpoSessions, Created, EmspSessions, PageResult
from ocpi211_server.objects.keeping import Objects
from ocpi211_server.site import Site

__all__ = ["KeptSessions", "PublishedSessions"]


class PublishedSessions(CpoSessions):
    """The list of a CPO or hub: each eMSP sees its own."""

    def __init__(self, site: Site) -> None:
        self._objects = Objects(site, "sessions")
        self.max_limit = self._objects.max_limit

    async def list_sessions(
        self,
        caller: Caller,
        *,
        date_from: datetime,
        date_to: datetime | None = None,
        offset: int = 0,
        limit: int | None = None,
    ) -> PageResult[Session]:
        """A page of those that concern the caller."""
        return await self._objects.listed(caller, date_from=date_from, date_to=date_to, offset=offset, limit=limit)


class KeptSessions(EmspSessions):
    """What an eMSP or hub is given by CPOs."""

    def __init__(self, site: Site) -> None:
        self._objects = Objects(site, "sessions")

    async def get_session(self, caller: Caller, country_code: str, party_id: str, session_id: str) -> bytes:
        """The Session, as the CPO gave it."""
        return self._objects.given_back(await self._objects.kept(f"{country_code}*{party_id}", session_id))

    async def put_session(
        self, caller: Caller, country_code: str, party_id: str, session_id: str, session: Session
    ) -> Created | None:
        """Store a Session."""
        return await self._objects.take(caller, f"{country_code}*{party_id}", session_id, session)

    async def patch_session(
        self, caller: Caller, country_code: str, party_id: str, session_id: str, patch: SessionPatch
    ) -> None:
        """Change a Session."""
        await self._objects.change(caller, f"{country_code}*{party_id}", session_id, patch)
