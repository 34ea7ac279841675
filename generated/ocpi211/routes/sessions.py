# Written by ocpi_codegen from the spec (OCPI 2.1.1, GIREVE). Change the spec, not this file; then: nox -s generate

# ruff: noqa: ARG002 -- a skeleton has the arguments that OCPI gives it
"""OCPI 2.1.1 Sessions: what a server answers.

A skeleton a role; only what a subclass overrides is served and advertised.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ocpi211 import operations
from ocpi211_runtime.handlers import Handler, NotOverridden

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from typing import Any

    from ocpi211.models.sessions import Session, SessionPatch
    from ocpi211_runtime.answers import Caller, Created, PageResult, Role
    from ocpi211_runtime.operation import Operation

__all__ = [
    "CpoSessions",
    "EmspSessions",
]


class CpoSessions(Handler):
    """OCPI 2.1.1 Sessions, as the CPO serves them: override what you offer.

    The CPO's charging sessions while they run, pushed to or pulled by the eMSP.
    """

    role: ClassVar[Role] = "cpo"
    module: ClassVar[str] = "sessions"
    operations: ClassVar[Mapping[str, Operation[Any]]] = {
        "list_sessions": operations.CPO_SESSIONS_LIST_SESSIONS,
    }

    async def list_sessions(
        self,
        caller: Caller,
        *,
        date_from: datetime,
        date_to: datetime | None = None,
        offset: int = 0,
        limit: int | None = None,
    ) -> PageResult[Session]:
        """The CPO's Sessions, page by page.

        `GET /cpo/2.1.1/sessions`. Section: mod_sessions.md#211-get-method

        Args:
            caller: Who asks; `caller.request` is the request.
            date_from: Only Sessions last updated at this moment or later. Here, and only here, the text requires it.
            date_to: Only objects last updated before this moment.
            offset: Index of the first object of the page; 0 if left out.
            limit: At most this many objects on the page. The server may return fewer.

        Returns:
            The page, oldest objects first, each as an object or as its JSON.

        Raises:
            InvalidParameters: Valid each by itself, the arguments do not go together. (2001)
        """
        raise NotOverridden


class EmspSessions(Handler):
    """OCPI 2.1.1 Sessions, as the eMSP serves them: override what you offer.

    The CPO's charging sessions while they run, pushed to or pulled by the eMSP.
    """

    role: ClassVar[Role] = "emsp"
    module: ClassVar[str] = "sessions"
    operations: ClassVar[Mapping[str, Operation[Any]]] = {
        "get_session": operations.EMSP_SESSIONS_GET_SESSION,
        "put_session": operations.EMSP_SESSIONS_PUT_SESSION,
        "patch_session": operations.EMSP_SESSIONS_PATCH_SESSION,
    }

    async def get_session(
        self,
        caller: Caller,
        country_code: str,
        party_id: str,
        session_id: str,
    ) -> Session | bytes:
        """The Session as the eMSP has it.

        `GET /emsp/2.1.1/sessions/{country_code}/{party_id}/{session_id}`. Section: mod_sessions.md#221-get-method

        Args:
            caller: Who asks; `caller.request` is the request.
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            session_id: Id of the Session.

        Returns:
            The Session, or its JSON.

        Raises:
            NotFound: There is no such object, or not for this caller.
        """
        raise NotOverridden

    async def put_session(
        self,
        caller: Caller,
        country_code: str,
        party_id: str,
        session_id: str,
        session: Session,
    ) -> Created | None:
        """Store this Session, new or in place of the one the eMSP has.

        `PUT /emsp/2.1.1/sessions/{country_code}/{party_id}/{session_id}`. Section: mod_sessions.md#222-put-method

        Args:
            caller: Who asks; `caller.request` is the request.
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            session_id: Id of the Session.
            session: The Session, valid; its id is that of the URL.

        Returns:
            Created if it was new, else nothing.

        Raises:
            NotFound: There is no such object, or not for this caller.
            InvalidParameters: Valid each by itself, the arguments do not go together. (2001)
        """
        raise NotOverridden

    async def patch_session(
        self,
        caller: Caller,
        country_code: str,
        party_id: str,
        session_id: str,
        patch: SessionPatch,
    ) -> None:
        """Change the fields given, leave the others.

        `PATCH /emsp/2.1.1/sessions/{country_code}/{party_id}/{session_id}`. Section:
        mod_sessions.md#223-patch-method

        Args:
            caller: Who asks; `caller.request` is the request.
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            session_id: Id of the Session.
            patch: What to change; what it leaves out stays.

        Returns:
            Nothing.

        Raises:
            NotFound: There is no such object, or not for this caller.
            InvalidParameters: Valid each by itself, the arguments do not go together. (2001)
        """
        raise NotOverridden
