# Written by ocpi_codegen from the spec (OCPI 2.1.1, GIREVE). Change the spec, not this file; then: nox -s generate

"""OCPI 2.1.1 Sessions: what a client calls, sync and async."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocpi211 import operations as _operations
from ocpi211_runtime.async_client import AsyncModuleClient
from ocpi211_runtime.client import ModuleClient

if TYPE_CHECKING:
    from datetime import datetime

    from ocpi211.models.sessions import Session, SessionPatch
    from ocpi211_runtime.exchange import CallOptions, Receipt
    from ocpi211_runtime.pages import AsyncPager, Pager

__all__ = [
    "AsyncCpoSessions",
    "AsyncEmspSessions",
    "CpoSessions",
    "EmspSessions",
]


class CpoSessions(ModuleClient):
    """OCPI 2.1.1 Sessions, as the CPO serves them.

    The CPO's charging sessions while they run, pushed to or pulled by the eMSP.
    """

    def list_sessions(
        self,
        *,
        date_from: datetime,
        date_to: datetime | None = None,
        offset: int = 0,
        limit: int | None = None,
        options: CallOptions | None = None,
    ) -> Pager[Session]:
        """The CPO's Sessions, page by page.

        `GET /cpo/2.1.1/sessions`. Section: mod_sessions.md#211-get-method

        Args:
            date_from: Only Sessions last updated at this moment or later. Here, and only here, the text requires it.
            date_to: Only objects last updated before this moment.
            offset: Index of the first object of the page; 0 if left out.
            limit: At most this many objects on the page. The server may return fewer.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            ForeignUrl: a Link leads where the token must not go; nothing was sent.
            NotOffered: the peer publishes no sessions.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._list(
            _operations.CPO_SESSIONS_LIST_SESSIONS,
            {"date_from": date_from, "date_to": date_to, "offset": offset, "limit": limit},
            options=options,
        )


class AsyncCpoSessions(AsyncModuleClient):
    """OCPI 2.1.1 Sessions, as the CPO serves them.

    The CPO's charging sessions while they run, pushed to or pulled by the eMSP.
    """

    def list_sessions(
        self,
        *,
        date_from: datetime,
        date_to: datetime | None = None,
        offset: int = 0,
        limit: int | None = None,
        options: CallOptions | None = None,
    ) -> AsyncPager[Session]:
        """The CPO's Sessions, page by page.

        `GET /cpo/2.1.1/sessions`. Section: mod_sessions.md#211-get-method

        Args:
            date_from: Only Sessions last updated at this moment or later. Here, and only here, the text requires it.
            date_to: Only objects last updated before this moment.
            offset: Index of the first object of the page; 0 if left out.
            limit: At most this many objects on the page. The server may return fewer.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            ForeignUrl: a Link leads where the token must not go; nothing was sent.
            NotOffered: the peer publishes no sessions.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._list(
            _operations.CPO_SESSIONS_LIST_SESSIONS,
            {"date_from": date_from, "date_to": date_to, "offset": offset, "limit": limit},
            options=options,
        )


class EmspSessions(ModuleClient):
    """OCPI 2.1.1 Sessions, as the eMSP serves them.

    The CPO's charging sessions while they run, pushed to or pulled by the eMSP.
    """

    def get_session(
        self,
        country_code: str,
        party_id: str,
        session_id: str,
        *,
        options: CallOptions | None = None,
    ) -> Session:
        """The Session as the eMSP has it.

        `GET /emsp/2.1.1/sessions/{country_code}/{party_id}/{session_id}`. Section: mod_sessions.md#221-get-method

        Args:
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            session_id: Id of the Session.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no sessions.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._fetch(
            _operations.EMSP_SESSIONS_GET_SESSION,
            {"country_code": country_code, "party_id": party_id, "session_id": session_id},
            options=options,
        )

    def put_session(
        self,
        country_code: str,
        party_id: str,
        session_id: str,
        session: Session,
        *,
        options: CallOptions | None = None,
    ) -> Receipt:
        """Store this Session, new or in place of the one the eMSP has.

        `PUT /emsp/2.1.1/sessions/{country_code}/{party_id}/{session_id}`. Section: mod_sessions.md#222-put-method

        Args:
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            session_id: Id of the Session.
            session: the Session.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no sessions.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._send(
            _operations.EMSP_SESSIONS_PUT_SESSION,
            {"country_code": country_code, "party_id": party_id, "session_id": session_id},
            session,
            options=options,
        )

    def patch_session(
        self,
        country_code: str,
        party_id: str,
        session_id: str,
        patch: SessionPatch,
        *,
        options: CallOptions | None = None,
    ) -> Receipt:
        """Change the fields given, leave the others.

        `PATCH /emsp/2.1.1/sessions/{country_code}/{party_id}/{session_id}`. Section:
        mod_sessions.md#223-patch-method

        Args:
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            session_id: Id of the Session.
            patch: what to change; what it leaves out stays.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no sessions.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._send(
            _operations.EMSP_SESSIONS_PATCH_SESSION,
            {"country_code": country_code, "party_id": party_id, "session_id": session_id},
            patch,
            options=options,
        )


class AsyncEmspSessions(AsyncModuleClient):
    """OCPI 2.1.1 Sessions, as the eMSP serves them.

    The CPO's charging sessions while they run, pushed to or pulled by the eMSP.
    """

    async def get_session(
        self,
        country_code: str,
        party_id: str,
        session_id: str,
        *,
        options: CallOptions | None = None,
    ) -> Session:
        """The Session as the eMSP has it.

        `GET /emsp/2.1.1/sessions/{country_code}/{party_id}/{session_id}`. Section: mod_sessions.md#221-get-method

        Args:
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            session_id: Id of the Session.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no sessions.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return await self._fetch(
            _operations.EMSP_SESSIONS_GET_SESSION,
            {"country_code": country_code, "party_id": party_id, "session_id": session_id},
            options=options,
        )

    async def put_session(
        self,
        country_code: str,
        party_id: str,
        session_id: str,
        session: Session,
        *,
        options: CallOptions | None = None,
    ) -> Receipt:
        """Store this Session, new or in place of the one the eMSP has.

        `PUT /emsp/2.1.1/sessions/{country_code}/{party_id}/{session_id}`. Section: mod_sessions.md#222-put-method

        Args:
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            session_id: Id of the Session.
            session: the Session.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no sessions.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return await self._send(
            _operations.EMSP_SESSIONS_PUT_SESSION,
            {"country_code": country_code, "party_id": party_id, "session_id": session_id},
            session,
            options=options,
        )

    async def patch_session(
        self,
        country_code: str,
        party_id: str,
        session_id: str,
        patch: SessionPatch,
        *,
        options: CallOptions | None = None,
    ) -> Receipt:
        """Change the fields given, leave the others.

        `PATCH /emsp/2.1.1/sessions/{country_code}/{party_id}/{session_id}`. Section:
        mod_sessions.md#223-patch-method

        Args:
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            session_id: Id of the Session.
            patch: what to change; what it leaves out stays.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no sessions.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return await self._send(
            _operations.EMSP_SESSIONS_PATCH_SESSION,
            {"country_code": country_code, "party_id": party_id, "session_id": session_id},
            patch,
            options=options,
        )
