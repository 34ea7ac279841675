# Written by ocpi_codegen from the spec (OCPI 2.1.1, GIREVE). Change the spec, not this file; then: nox -s generate

"""OCPI 2.1.1 CDRs: what a client calls, sync and async."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocpi211 import operations as _operations
from ocpi211_runtime.async_client import AsyncModuleClient
from ocpi211_runtime.client import ModuleClient

if TYPE_CHECKING:
    from datetime import datetime

    from ocpi211.models.cdrs import CDR
    from ocpi211_runtime.exchange import CallOptions, Receipt
    from ocpi211_runtime.pages import AsyncPager, Pager

__all__ = [
    "AsyncCpoCdrs",
    "AsyncEmspCdrs",
    "CpoCdrs",
    "EmspCdrs",
]


class CpoCdrs(ModuleClient):
    """OCPI 2.1.1 CDRs, as the CPO serves them.

    Charge Detail Records, the CPO's account of sessions that are over and what the bill is made from. A CDR is never
    changed and never removed.
    """

    def list_cdrs(
        self,
        *,
        date_from: datetime | None = None,
        date_to: datetime | None = None,
        offset: int = 0,
        limit: int | None = None,
        options: CallOptions | None = None,
    ) -> Pager[CDR]:
        """The CPO's CDRs that concern the caller, page by page.

        `GET /cpo/2.1.1/cdrs`. Section: mod_cdrs.md#211-get-method

        Args:
            date_from: Only objects last updated at this moment or later.
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
            NotOffered: the peer publishes no cdrs.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._list(
            _operations.CPO_CDRS_LIST_CDRS,
            {"date_from": date_from, "date_to": date_to, "offset": offset, "limit": limit},
            options=options,
        )


class AsyncCpoCdrs(AsyncModuleClient):
    """OCPI 2.1.1 CDRs, as the CPO serves them.

    Charge Detail Records, the CPO's account of sessions that are over and what the bill is made from. A CDR is never
    changed and never removed.
    """

    def list_cdrs(
        self,
        *,
        date_from: datetime | None = None,
        date_to: datetime | None = None,
        offset: int = 0,
        limit: int | None = None,
        options: CallOptions | None = None,
    ) -> AsyncPager[CDR]:
        """The CPO's CDRs that concern the caller, page by page.

        `GET /cpo/2.1.1/cdrs`. Section: mod_cdrs.md#211-get-method

        Args:
            date_from: Only objects last updated at this moment or later.
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
            NotOffered: the peer publishes no cdrs.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._list(
            _operations.CPO_CDRS_LIST_CDRS,
            {"date_from": date_from, "date_to": date_to, "offset": offset, "limit": limit},
            options=options,
        )


class EmspCdrs(ModuleClient):
    """OCPI 2.1.1 CDRs, as the eMSP serves them.

    Charge Detail Records, the CPO's account of sessions that are over and what the bill is made from. A CDR is never
    changed and never removed.
    """

    def post_cdr(
        self,
        cdr: CDR,
        *,
        options: CallOptions | None = None,
    ) -> Receipt:
        """Hand this CDR to the eMSP.

        `POST /emsp/2.1.1/cdrs`. Section: mod_cdrs.md#222-post-method

        Args:
            cdr: the CDR.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no cdrs.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._send(
            _operations.EMSP_CDRS_POST_CDR,
            {},
            cdr,
            options=options,
        )

    def get_cdr(
        self,
        url: str,
        *,
        options: CallOptions | None = None,
    ) -> CDR:
        """The CDR as the eMSP has it.

        `GET /emsp/2.1.1/cdrs/{cdr_id}`. Section: mod_cdrs.md#221-get-method

        Args:
            url: the URL that the peer handed out, absolute or relative to its endpoint.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            ForeignUrl: the URL leads where the token must not go; nothing was sent.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._fetch(
            _operations.EMSP_CDRS_GET_CDR,
            {},
            url=url,
            options=options,
        )

    def get_cdr_url(
        self,
        cdr_id: str,
    ) -> str:
        """The URL of `get_cdr` where the peer keeps to the path of the text, for one that sends no URL.

        Args:
            cdr_id: Id of the CDR.

        Raises:
            NotOffered: the peer publishes no cdrs.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._url(
            _operations.EMSP_CDRS_GET_CDR,
            {"cdr_id": cdr_id},
        )


class AsyncEmspCdrs(AsyncModuleClient):
    """OCPI 2.1.1 CDRs, as the eMSP serves them.

    Charge Detail Records, the CPO's account of sessions that are over and what the bill is made from. A CDR is never
    changed and never removed.
    """

    async def post_cdr(
        self,
        cdr: CDR,
        *,
        options: CallOptions | None = None,
    ) -> Receipt:
        """Hand this CDR to the eMSP.

        `POST /emsp/2.1.1/cdrs`. Section: mod_cdrs.md#222-post-method

        Args:
            cdr: the CDR.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no cdrs.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return await self._send(
            _operations.EMSP_CDRS_POST_CDR,
            {},
            cdr,
            options=options,
        )

    async def get_cdr(
        self,
        url: str,
        *,
        options: CallOptions | None = None,
    ) -> CDR:
        """The CDR as the eMSP has it.

        `GET /emsp/2.1.1/cdrs/{cdr_id}`. Section: mod_cdrs.md#221-get-method

        Args:
            url: the URL that the peer handed out, absolute or relative to its endpoint.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            ForeignUrl: the URL leads where the token must not go; nothing was sent.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return await self._fetch(
            _operations.EMSP_CDRS_GET_CDR,
            {},
            url=url,
            options=options,
        )

    def get_cdr_url(
        self,
        cdr_id: str,
    ) -> str:
        """The URL of `get_cdr` where the peer keeps to the path of the text, for one that sends no URL.

        Args:
            cdr_id: Id of the CDR.

        Raises:
            NotOffered: the peer publishes no cdrs.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._url(
            _operations.EMSP_CDRS_GET_CDR,
            {"cdr_id": cdr_id},
        )
