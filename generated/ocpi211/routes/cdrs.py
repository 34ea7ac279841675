# Written by ocpi_codegen from the spec (OCPI 2.1.1, GIREVE). Change the spec, not this file; then: nox -s generate

# ruff: noqa: ARG002 -- a skeleton has the arguments that OCPI gives it
"""OCPI 2.1.1 CDRs: what a server answers.

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

    from ocpi211.models.cdrs import CDR
    from ocpi211_runtime.answers import Caller, Created, PageResult, Role
    from ocpi211_runtime.operation import Operation

__all__ = [
    "CpoCdrs",
    "EmspCdrs",
]


class CpoCdrs(Handler):
    """OCPI 2.1.1 CDRs, as the CPO serves them: override what you offer.

    Charge Detail Records, the CPO's account of sessions that are over and what the bill is made from. A CDR is never
    changed and never removed.
    """

    role: ClassVar[Role] = "cpo"
    module: ClassVar[str] = "cdrs"
    operations: ClassVar[Mapping[str, Operation[Any]]] = {
        "list_cdrs": operations.CPO_CDRS_LIST_CDRS,
    }

    async def list_cdrs(
        self,
        caller: Caller,
        *,
        date_from: datetime | None = None,
        date_to: datetime | None = None,
        offset: int = 0,
        limit: int | None = None,
    ) -> PageResult[CDR]:
        """The CPO's CDRs that concern the caller, page by page.

        `GET /cpo/2.1.1/cdrs`. Section: mod_cdrs.md#211-get-method

        Args:
            caller: Who asks; `caller.request` is the request.
            date_from: Only objects last updated at this moment or later.
            date_to: Only objects last updated before this moment.
            offset: Index of the first object of the page; 0 if left out.
            limit: At most this many objects on the page. The server may return fewer.

        Returns:
            The page, oldest objects first, each as an object or as its JSON.

        Raises:
            InvalidParameters: Valid each by itself, the arguments do not go together. (2001)
        """
        raise NotOverridden


class EmspCdrs(Handler):
    """OCPI 2.1.1 CDRs, as the eMSP serves them: override what you offer.

    Charge Detail Records, the CPO's account of sessions that are over and what the bill is made from. A CDR is never
    changed and never removed.
    """

    role: ClassVar[Role] = "emsp"
    module: ClassVar[str] = "cdrs"
    operations: ClassVar[Mapping[str, Operation[Any]]] = {
        "post_cdr": operations.EMSP_CDRS_POST_CDR,
        "get_cdr": operations.EMSP_CDRS_GET_CDR,
    }

    async def post_cdr(
        self,
        caller: Caller,
        cdr: CDR,
    ) -> Created | None:
        """Hand this CDR to the eMSP.

        `POST /emsp/2.1.1/cdrs`. Section: mod_cdrs.md#222-post-method

        Args:
            caller: Who asks; `caller.request` is the request.
            cdr: The CDR, valid.

        Returns:
            Created with the URL of the object if it was new, else nothing.

        Raises:
            InvalidParameters: Valid each by itself, the arguments do not go together. (2001)
        """
        raise NotOverridden

    async def get_cdr(
        self,
        caller: Caller,
        cdr_id: str,
    ) -> CDR | bytes:
        """The CDR as the eMSP has it.

        `GET /emsp/2.1.1/cdrs/{cdr_id}`. Section: mod_cdrs.md#221-get-method

        Args:
            caller: Who asks; `caller.request` is the request.
            cdr_id: Id of the CDR.

        Returns:
            The CDR, or its JSON.

        Raises:
            NotFound: There is no such object, or not for this caller.
        """
        raise NotOverridden
