# Written by ocpi_codegen from the spec (OCPI 2.1.1, GIREVE). Change the spec, not this file; then: nox -s generate

# ruff: noqa: ARG002 -- a skeleton has the arguments that OCPI gives it
"""OCPI 2.1.1 Tariffs: what a server answers.

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

    from ocpi211.models.tariffs import Tariff, TariffPatch
    from ocpi211_runtime.answers import Caller, Created, PageResult, Role
    from ocpi211_runtime.operation import Operation

__all__ = [
    "CpoTariffs",
    "EmspTariffs",
]


class CpoTariffs(Handler):
    """OCPI 2.1.1 Tariffs, as the CPO serves them: override what you offer.

    The CPO's Tariffs, pulled by or pushed to the eMSP.
    """

    role: ClassVar[Role] = "cpo"
    module: ClassVar[str] = "tariffs"
    operations: ClassVar[Mapping[str, Operation[Any]]] = {
        "list_tariffs": operations.CPO_TARIFFS_LIST_TARIFFS,
    }

    async def list_tariffs(
        self,
        caller: Caller,
        *,
        date_from: datetime | None = None,
        date_to: datetime | None = None,
        offset: int = 0,
        limit: int | None = None,
    ) -> PageResult[Tariff]:
        """The CPO's Tariffs, page by page.

        `GET /cpo/2.1.1/tariffs`. Section: mod_tariffs.md#211-get-method

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


class EmspTariffs(Handler):
    """OCPI 2.1.1 Tariffs, as the eMSP serves them: override what you offer.

    The CPO's Tariffs, pulled by or pushed to the eMSP.
    """

    role: ClassVar[Role] = "emsp"
    module: ClassVar[str] = "tariffs"
    operations: ClassVar[Mapping[str, Operation[Any]]] = {
        "get_tariff": operations.EMSP_TARIFFS_GET_TARIFF,
        "put_tariff": operations.EMSP_TARIFFS_PUT_TARIFF,
        "patch_tariff": operations.EMSP_TARIFFS_PATCH_TARIFF,
        "delete_tariff": operations.EMSP_TARIFFS_DELETE_TARIFF,
    }

    async def get_tariff(
        self,
        caller: Caller,
        country_code: str,
        party_id: str,
        tariff_id: str,
    ) -> Tariff | bytes:
        """The Tariff as the eMSP has it.

        `GET /emsp/2.1.1/tariffs/{country_code}/{party_id}/{tariff_id}`. Section: mod_tariffs.md#221-get-method

        Args:
            caller: Who asks; `caller.request` is the request.
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            tariff_id: Id of the Tariff.

        Returns:
            The Tariff, or its JSON.

        Raises:
            NotFound: There is no such object, or not for this caller.
        """
        raise NotOverridden

    async def put_tariff(
        self,
        caller: Caller,
        country_code: str,
        party_id: str,
        tariff_id: str,
        tariff: Tariff,
    ) -> Created | None:
        """Store this Tariff, new or in place of the one the eMSP has.

        `PUT /emsp/2.1.1/tariffs/{country_code}/{party_id}/{tariff_id}`. Section: mod_tariffs.md#222-put-method

        Args:
            caller: Who asks; `caller.request` is the request.
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            tariff_id: Id of the Tariff.
            tariff: The Tariff, valid; its id is that of the URL.

        Returns:
            Created if it was new, else nothing.

        Raises:
            NotFound: There is no such object, or not for this caller.
            InvalidParameters: Valid each by itself, the arguments do not go together. (2001)
        """
        raise NotOverridden

    async def patch_tariff(
        self,
        caller: Caller,
        country_code: str,
        party_id: str,
        tariff_id: str,
        patch: TariffPatch,
    ) -> None:
        """Change the fields given, leave the others.

        `PATCH /emsp/2.1.1/tariffs/{country_code}/{party_id}/{tariff_id}`. Section: mod_tariffs.md#223-patch-method

        Args:
            caller: Who asks; `caller.request` is the request.
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            tariff_id: Id of the Tariff.
            patch: What to change; what it leaves out stays.

        Returns:
            Nothing.

        Raises:
            NotFound: There is no such object, or not for this caller.
            InvalidParameters: Valid each by itself, the arguments do not go together. (2001)
        """
        raise NotOverridden

    async def delete_tariff(
        self,
        caller: Caller,
        country_code: str,
        party_id: str,
        tariff_id: str,
    ) -> None:
        """Forget this Tariff, which is no longer valid.

        `DELETE /emsp/2.1.1/tariffs/{country_code}/{party_id}/{tariff_id}`. Section: mod_tariffs.md#224-delete-method

        Args:
            caller: Who asks; `caller.request` is the request.
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            tariff_id: Id of the Tariff.

        Returns:
            Nothing.

        Raises:
            NotFound: There is no such object, or not for this caller.
        """
        raise NotOverridden
