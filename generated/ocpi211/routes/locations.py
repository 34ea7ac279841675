# Written by ocpi_codegen from the spec (OCPI 2.1.1, GIREVE). Change the spec, not this file; then: nox -s generate

# ruff: noqa: ARG002 -- a skeleton has the arguments that OCPI gives it
"""OCPI 2.1.1 Locations: what a server answers.

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

    from ocpi211.models.locations import EVSE, Connector, ConnectorPatch, EVSEPatch, Location, LocationPatch
    from ocpi211_runtime.answers import Caller, Created, PageResult, Role
    from ocpi211_runtime.operation import Operation

__all__ = [
    "CpoLocations",
    "EmspLocations",
]


class CpoLocations(Handler):
    """OCPI 2.1.1 Locations, as the CPO serves them: override what you offer.

    The CPO's Locations with their EVSEs and Connectors, pulled by or pushed to the eMSP.
    """

    role: ClassVar[Role] = "cpo"
    module: ClassVar[str] = "locations"
    operations: ClassVar[Mapping[str, Operation[Any]]] = {
        "list_locations": operations.CPO_LOCATIONS_LIST_LOCATIONS,
        "get_location": operations.CPO_LOCATIONS_GET_LOCATION,
        "get_evse": operations.CPO_LOCATIONS_GET_EVSE,
        "get_connector": operations.CPO_LOCATIONS_GET_CONNECTOR,
    }

    async def list_locations(
        self,
        caller: Caller,
        *,
        date_from: datetime | None = None,
        date_to: datetime | None = None,
        offset: int = 0,
        limit: int | None = None,
        ocpi_to_country_code: str | None = None,
        ocpi_to_party_id: str | None = None,
    ) -> PageResult[Location]:
        """The CPO's Locations, page by page.

        `GET /cpo/2.1.1/locations`. Section: mod_locations.md#211-get-method

        Args:
            caller: Who asks; `caller.request` is the request.
            date_from: Only objects last updated at this moment or later.
            date_to: Only objects last updated before this moment.
            offset: Index of the first object of the page; 0 if left out.
            limit: At most this many objects on the page. The server may return fewer.
            ocpi_to_country_code: GIREVE: Country code of the one CPO whose Locations are asked for; without it all
                CPOs' are.
            ocpi_to_party_id: GIREVE: Id of the one CPO whose Locations are asked for.

        Returns:
            The page, oldest objects first, each as an object or as its JSON.

        Raises:
            InvalidParameters: Valid each by itself, the arguments do not go together. (2001)
        """
        raise NotOverridden

    async def get_location(
        self,
        caller: Caller,
        location_id: str,
    ) -> Location | bytes:
        """One Location with all its EVSEs.

        `GET /cpo/2.1.1/locations/{location_id}`. Section: mod_locations.md#211-get-method

        Args:
            caller: Who asks; `caller.request` is the request.
            location_id: Id of the Location.

        Returns:
            The Location, or its JSON.

        Raises:
            NotFound: There is no such object, or not for this caller.
        """
        raise NotOverridden

    async def get_evse(
        self,
        caller: Caller,
        location_id: str,
        evse_uid: str,
    ) -> EVSE | bytes:
        """One EVSE of a Location.

        `GET /cpo/2.1.1/locations/{location_id}/{evse_uid}`. Section: mod_locations.md#211-get-method

        Args:
            caller: Who asks; `caller.request` is the request.
            location_id: Id of the Location.
            evse_uid: Uid of the EVSE.

        Returns:
            The EVSE, or its JSON.

        Raises:
            NotFound: There is no such object, or not for this caller.
        """
        raise NotOverridden

    async def get_connector(
        self,
        caller: Caller,
        location_id: str,
        evse_uid: str,
        connector_id: str,
    ) -> Connector | bytes:
        """One Connector of an EVSE.

        `GET /cpo/2.1.1/locations/{location_id}/{evse_uid}/{connector_id}`. Section: mod_locations.md#211-get-method

        Args:
            caller: Who asks; `caller.request` is the request.
            location_id: Id of the Location.
            evse_uid: Uid of the EVSE.
            connector_id: Id of the Connector.

        Returns:
            The Connector, or its JSON.

        Raises:
            NotFound: There is no such object, or not for this caller.
        """
        raise NotOverridden


class EmspLocations(Handler):
    """OCPI 2.1.1 Locations, as the eMSP serves them: override what you offer.

    The CPO's Locations with their EVSEs and Connectors, pulled by or pushed to the eMSP.
    """

    role: ClassVar[Role] = "emsp"
    module: ClassVar[str] = "locations"
    operations: ClassVar[Mapping[str, Operation[Any]]] = {
        "get_location": operations.EMSP_LOCATIONS_GET_LOCATION,
        "put_location": operations.EMSP_LOCATIONS_PUT_LOCATION,
        "patch_location": operations.EMSP_LOCATIONS_PATCH_LOCATION,
        "get_evse": operations.EMSP_LOCATIONS_GET_EVSE,
        "put_evse": operations.EMSP_LOCATIONS_PUT_EVSE,
        "patch_evse": operations.EMSP_LOCATIONS_PATCH_EVSE,
        "get_connector": operations.EMSP_LOCATIONS_GET_CONNECTOR,
        "put_connector": operations.EMSP_LOCATIONS_PUT_CONNECTOR,
        "patch_connector": operations.EMSP_LOCATIONS_PATCH_CONNECTOR,
    }

    async def get_location(
        self,
        caller: Caller,
        country_code: str,
        party_id: str,
        location_id: str,
    ) -> Location | bytes:
        """The Location as the eMSP has it.

        `GET /emsp/2.1.1/locations/{country_code}/{party_id}/{location_id}`. Section: mod_locations.md#221-get-method

        Args:
            caller: Who asks; `caller.request` is the request.
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            location_id: Id of the Location.

        Returns:
            The Location, or its JSON.

        Raises:
            NotFound: There is no such object, or not for this caller.
        """
        raise NotOverridden

    async def put_location(
        self,
        caller: Caller,
        country_code: str,
        party_id: str,
        location_id: str,
        location: Location,
    ) -> Created | None:
        """Store this Location, new or in place of the one the eMSP has.

        `PUT /emsp/2.1.1/locations/{country_code}/{party_id}/{location_id}`. Section: mod_locations.md#222-put-method

        Args:
            caller: Who asks; `caller.request` is the request.
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            location_id: Id of the Location.
            location: The Location, valid; its id is that of the URL.

        Returns:
            Created if it was new, else nothing.

        Raises:
            NotFound: There is no such object, or not for this caller.
            InvalidParameters: Valid each by itself, the arguments do not go together. (2001)
        """
        raise NotOverridden

    async def patch_location(
        self,
        caller: Caller,
        country_code: str,
        party_id: str,
        location_id: str,
        patch: LocationPatch,
    ) -> None:
        """Change the fields given of a Location, leave the others.

        `PATCH /emsp/2.1.1/locations/{country_code}/{party_id}/{location_id}`. Section:
        mod_locations.md#223-patch-method

        Args:
            caller: Who asks; `caller.request` is the request.
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            location_id: Id of the Location.
            patch: What to change; what it leaves out stays.

        Returns:
            Nothing.

        Raises:
            NotFound: There is no such object, or not for this caller.
            InvalidParameters: Valid each by itself, the arguments do not go together. (2001)
        """
        raise NotOverridden

    async def get_evse(
        self,
        caller: Caller,
        country_code: str,
        party_id: str,
        location_id: str,
        evse_uid: str,
    ) -> EVSE | bytes:
        """The EVSE as the eMSP has it.

        `GET /emsp/2.1.1/locations/{country_code}/{party_id}/{location_id}/{evse_uid}`. Section:
        mod_locations.md#221-get-method

        Args:
            caller: Who asks; `caller.request` is the request.
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            location_id: Id of the Location.
            evse_uid: Uid of the EVSE.

        Returns:
            The EVSE, or its JSON.

        Raises:
            NotFound: There is no such object, or not for this caller.
        """
        raise NotOverridden

    async def put_evse(
        self,
        caller: Caller,
        country_code: str,
        party_id: str,
        location_id: str,
        evse_uid: str,
        evse: EVSE,
    ) -> Created | None:
        """Store this EVSE, new or in place of the one the eMSP has.

        `PUT /emsp/2.1.1/locations/{country_code}/{party_id}/{location_id}/{evse_uid}`. Section:
        mod_locations.md#222-put-method

        Args:
            caller: Who asks; `caller.request` is the request.
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            location_id: Id of the Location.
            evse_uid: Uid of the EVSE.
            evse: The EVSE, valid; its id is that of the URL.

        Returns:
            Created if it was new, else nothing.

        Raises:
            NotFound: There is no such object, or not for this caller.
            InvalidParameters: Valid each by itself, the arguments do not go together. (2001)
        """
        raise NotOverridden

    async def patch_evse(
        self,
        caller: Caller,
        country_code: str,
        party_id: str,
        location_id: str,
        evse_uid: str,
        patch: EVSEPatch,
    ) -> None:
        """Change the fields given of an EVSE, mostly its status, leave the others.

        `PATCH /emsp/2.1.1/locations/{country_code}/{party_id}/{location_id}/{evse_uid}`. Section:
        mod_locations.md#223-patch-method

        Args:
            caller: Who asks; `caller.request` is the request.
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            location_id: Id of the Location.
            evse_uid: Uid of the EVSE.
            patch: What to change; what it leaves out stays.

        Returns:
            Nothing.

        Raises:
            NotFound: There is no such object, or not for this caller.
            InvalidParameters: Valid each by itself, the arguments do not go together. (2001)
        """
        raise NotOverridden

    async def get_connector(
        self,
        caller: Caller,
        country_code: str,
        party_id: str,
        location_id: str,
        evse_uid: str,
        connector_id: str,
    ) -> Connector | bytes:
        """The Connector as the eMSP has it.

        `GET /emsp/2.1.1/locations/{country_code}/{party_id}/{location_id}/{evse_uid}/{connector_id}`. Section:
        mod_locations.md#221-get-method

        Args:
            caller: Who asks; `caller.request` is the request.
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            location_id: Id of the Location.
            evse_uid: Uid of the EVSE.
            connector_id: Id of the Connector.

        Returns:
            The Connector, or its JSON.

        Raises:
            NotFound: There is no such object, or not for this caller.
        """
        raise NotOverridden

    async def put_connector(
        self,
        caller: Caller,
        country_code: str,
        party_id: str,
        location_id: str,
        evse_uid: str,
        connector_id: str,
        connector: Connector,
    ) -> Created | None:
        """Store this Connector, new or in place of the one the eMSP has.

        `PUT /emsp/2.1.1/locations/{country_code}/{party_id}/{location_id}/{evse_uid}/{connector_id}`. Section:
        mod_locations.md#222-put-method

        Args:
            caller: Who asks; `caller.request` is the request.
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            location_id: Id of the Location.
            evse_uid: Uid of the EVSE.
            connector_id: Id of the Connector.
            connector: The Connector, valid; its id is that of the URL.

        Returns:
            Created if it was new, else nothing.

        Raises:
            NotFound: There is no such object, or not for this caller.
            InvalidParameters: Valid each by itself, the arguments do not go together. (2001)
        """
        raise NotOverridden

    async def patch_connector(
        self,
        caller: Caller,
        country_code: str,
        party_id: str,
        location_id: str,
        evse_uid: str,
        connector_id: str,
        patch: ConnectorPatch,
    ) -> None:
        """Change the fields given of a Connector, leave the others.

        `PATCH /emsp/2.1.1/locations/{country_code}/{party_id}/{location_id}/{evse_uid}/{connector_id}`. Section:
        mod_locations.md#223-patch-method

        Args:
            caller: Who asks; `caller.request` is the request.
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            location_id: Id of the Location.
            evse_uid: Uid of the EVSE.
            connector_id: Id of the Connector.
            patch: What to change; what it leaves out stays.

        Returns:
            Nothing.

        Raises:
            NotFound: There is no such object, or not for this caller.
            InvalidParameters: Valid each by itself, the arguments do not go together. (2001)
        """
        raise NotOverridden
