# Written by ocpi_codegen from the spec (OCPI 2.1.1, GIREVE). Change the spec, not this file; then: nox -s generate

"""OCPI 2.1.1 Tariffs: what a client calls, sync and async."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocpi211 import operations as _operations
from ocpi211_runtime.async_client import AsyncModuleClient
from ocpi211_runtime.client import ModuleClient

if TYPE_CHECKING:
    from datetime import datetime

    from ocpi211.models.tariffs import Tariff, TariffPatch
    from ocpi211_runtime.exchange import CallOptions, Receipt
    from ocpi211_runtime.pages import AsyncPager, Pager

__all__ = [
    "AsyncCpoTariffs",
    "AsyncEmspTariffs",
    "CpoTariffs",
    "EmspTariffs",
]


class CpoTariffs(ModuleClient):
    """OCPI 2.1.1 Tariffs, as the CPO serves them.

    The CPO's Tariffs, pulled by or pushed to the eMSP.
    """

    def list_tariffs(
        self,
        *,
        date_from: datetime | None = None,
        date_to: datetime | None = None,
        offset: int = 0,
        limit: int | None = None,
        options: CallOptions | None = None,
    ) -> Pager[Tariff]:
        """The CPO's Tariffs, page by page.

        `GET /cpo/2.1.1/tariffs`. Section: mod_tariffs.md#211-get-method

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
            NotOffered: the peer publishes no tariffs.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._list(
            _operations.CPO_TARIFFS_LIST_TARIFFS,
            {"date_from": date_from, "date_to": date_to, "offset": offset, "limit": limit},
            options=options,
        )


class AsyncCpoTariffs(AsyncModuleClient):
    """OCPI 2.1.1 Tariffs, as the CPO serves them.

    The CPO's Tariffs, pulled by or pushed to the eMSP.
    """

    def list_tariffs(
        self,
        *,
        date_from: datetime | None = None,
        date_to: datetime | None = None,
        offset: int = 0,
        limit: int | None = None,
        options: CallOptions | None = None,
    ) -> AsyncPager[Tariff]:
        """The CPO's Tariffs, page by page.

        `GET /cpo/2.1.1/tariffs`. Section: mod_tariffs.md#211-get-method

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
            NotOffered: the peer publishes no tariffs.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._list(
            _operations.CPO_TARIFFS_LIST_TARIFFS,
            {"date_from": date_from, "date_to": date_to, "offset": offset, "limit": limit},
            options=options,
        )


class EmspTariffs(ModuleClient):
    """OCPI 2.1.1 Tariffs, as the eMSP serves them.

    The CPO's Tariffs, pulled by or pushed to the eMSP.
    """

    def get_tariff(
        self,
        country_code: str,
        party_id: str,
        tariff_id: str,
        *,
        options: CallOptions | None = None,
    ) -> Tariff:
        """The Tariff as the eMSP has it.

        `GET /emsp/2.1.1/tariffs/{country_code}/{party_id}/{tariff_id}`. Section: mod_tariffs.md#221-get-method

        Args:
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            tariff_id: Id of the Tariff.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no tariffs.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._fetch(
            _operations.EMSP_TARIFFS_GET_TARIFF,
            {"country_code": country_code, "party_id": party_id, "tariff_id": tariff_id},
            options=options,
        )

    def put_tariff(
        self,
        country_code: str,
        party_id: str,
        tariff_id: str,
        tariff: Tariff,
        *,
        options: CallOptions | None = None,
    ) -> Receipt:
        """Store this Tariff, new or in place of the one the eMSP has.

        `PUT /emsp/2.1.1/tariffs/{country_code}/{party_id}/{tariff_id}`. Section: mod_tariffs.md#222-put-method

        Args:
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            tariff_id: Id of the Tariff.
            tariff: the Tariff.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no tariffs.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._send(
            _operations.EMSP_TARIFFS_PUT_TARIFF,
            {"country_code": country_code, "party_id": party_id, "tariff_id": tariff_id},
            tariff,
            options=options,
        )

    def patch_tariff(
        self,
        country_code: str,
        party_id: str,
        tariff_id: str,
        patch: TariffPatch,
        *,
        options: CallOptions | None = None,
    ) -> Receipt:
        """Change the fields given, leave the others.

        `PATCH /emsp/2.1.1/tariffs/{country_code}/{party_id}/{tariff_id}`. Section: mod_tariffs.md#223-patch-method

        Args:
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            tariff_id: Id of the Tariff.
            patch: what to change; what it leaves out stays.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no tariffs.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._send(
            _operations.EMSP_TARIFFS_PATCH_TARIFF,
            {"country_code": country_code, "party_id": party_id, "tariff_id": tariff_id},
            patch,
            options=options,
        )

    def delete_tariff(
        self,
        country_code: str,
        party_id: str,
        tariff_id: str,
        *,
        options: CallOptions | None = None,
    ) -> Receipt:
        """Forget this Tariff, which is no longer valid.

        `DELETE /emsp/2.1.1/tariffs/{country_code}/{party_id}/{tariff_id}`. Section: mod_tariffs.md#224-delete-method

        Args:
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            tariff_id: Id of the Tariff.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no tariffs.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._send(
            _operations.EMSP_TARIFFS_DELETE_TARIFF,
            {"country_code": country_code, "party_id": party_id, "tariff_id": tariff_id},
            options=options,
        )


class AsyncEmspTariffs(AsyncModuleClient):
    """OCPI 2.1.1 Tariffs, as the eMSP serves them.

    The CPO's Tariffs, pulled by or pushed to the eMSP.
    """

    async def get_tariff(
        self,
        country_code: str,
        party_id: str,
        tariff_id: str,
        *,
        options: CallOptions | None = None,
    ) -> Tariff:
        """The Tariff as the eMSP has it.

        `GET /emsp/2.1.1/tariffs/{country_code}/{party_id}/{tariff_id}`. Section: mod_tariffs.md#221-get-method

        Args:
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            tariff_id: Id of the Tariff.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no tariffs.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return await self._fetch(
            _operations.EMSP_TARIFFS_GET_TARIFF,
            {"country_code": country_code, "party_id": party_id, "tariff_id": tariff_id},
            options=options,
        )

    async def put_tariff(
        self,
        country_code: str,
        party_id: str,
        tariff_id: str,
        tariff: Tariff,
        *,
        options: CallOptions | None = None,
    ) -> Receipt:
        """Store this Tariff, new or in place of the one the eMSP has.

        `PUT /emsp/2.1.1/tariffs/{country_code}/{party_id}/{tariff_id}`. Section: mod_tariffs.md#222-put-method

        Args:
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            tariff_id: Id of the Tariff.
            tariff: the Tariff.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no tariffs.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return await self._send(
            _operations.EMSP_TARIFFS_PUT_TARIFF,
            {"country_code": country_code, "party_id": party_id, "tariff_id": tariff_id},
            tariff,
            options=options,
        )

    async def patch_tariff(
        self,
        country_code: str,
        party_id: str,
        tariff_id: str,
        patch: TariffPatch,
        *,
        options: CallOptions | None = None,
    ) -> Receipt:
        """Change the fields given, leave the others.

        `PATCH /emsp/2.1.1/tariffs/{country_code}/{party_id}/{tariff_id}`. Section: mod_tariffs.md#223-patch-method

        Args:
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            tariff_id: Id of the Tariff.
            patch: what to change; what it leaves out stays.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no tariffs.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return await self._send(
            _operations.EMSP_TARIFFS_PATCH_TARIFF,
            {"country_code": country_code, "party_id": party_id, "tariff_id": tariff_id},
            patch,
            options=options,
        )

    async def delete_tariff(
        self,
        country_code: str,
        party_id: str,
        tariff_id: str,
        *,
        options: CallOptions | None = None,
    ) -> Receipt:
        """Forget this Tariff, which is no longer valid.

        `DELETE /emsp/2.1.1/tariffs/{country_code}/{party_id}/{tariff_id}`. Section: mod_tariffs.md#224-delete-method

        Args:
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            tariff_id: Id of the Tariff.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no tariffs.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return await self._send(
            _operations.EMSP_TARIFFS_DELETE_TARIFF,
            {"country_code": country_code, "party_id": party_id, "tariff_id": tariff_id},
            options=options,
        )
