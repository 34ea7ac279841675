# Written by ocpi_codegen from the spec (OCPI 2.1.1, GIREVE). Change the spec, not this file; then: nox -s generate

"""OCPI 2.1.1 Locations: what a client calls, sync and async."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocpi211 import operations as _operations
from ocpi211_runtime.async_client import AsyncModuleClient
from ocpi211_runtime.client import ModuleClient

if TYPE_CHECKING:
    from datetime import datetime

    from ocpi211.models.locations import EVSE, Connector, ConnectorPatch, EVSEPatch, Location, LocationPatch
    from ocpi211_runtime.exchange import CallOptions, Receipt
    from ocpi211_runtime.pages import AsyncPager, Pager

__all__ = [
    "AsyncCpoLocations",
    "AsyncEmspLocations",
    "CpoLocations",
    "EmspLocations",
]


class CpoLocations(ModuleClient):
    """OCPI 2.1.1 Locations, as the CPO serves them.

    The CPO's Locations with their EVSEs and Connectors, pulled by or pushed to the eMSP.
    """

    def list_locations(
        self,
        *,
        date_from: datetime | None = None,
        date_to: datetime | None = None,
        offset: int = 0,
        limit: int | None = None,
        ocpi_to_country_code: str | None = None,
        ocpi_to_party_id: str | None = None,
        options: CallOptions | None = None,
    ) -> Pager[Location]:
        """The CPO's Locations, page by page.

        `GET /cpo/2.1.1/locations`. Section: mod_locations.md#211-get-method

        Args:
            date_from: Only objects last updated at this moment or later.
            date_to: Only objects last updated before this moment.
            offset: Index of the first object of the page; 0 if left out.
            limit: At most this many objects on the page. The server may return fewer.
            ocpi_to_country_code: GIREVE: Country code of the one CPO whose Locations are asked for; without it all
                CPOs' are.
            ocpi_to_party_id: GIREVE: Id of the one CPO whose Locations are asked for.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            ForeignUrl: a Link leads where the token must not go; nothing was sent.
            NotOffered: the peer publishes no locations.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._list(
            _operations.CPO_LOCATIONS_LIST_LOCATIONS,
            {
                "date_from": date_from,
                "date_to": date_to,
                "offset": offset,
                "limit": limit,
                "ocpi_to_country_code": ocpi_to_country_code,
                "ocpi_to_party_id": ocpi_to_party_id,
            },
            options=options,
        )

    def get_location(
        self,
        location_id: str,
        *,
        options: CallOptions | None = None,
    ) -> Location:
        """One Location with all its EVSEs.

        `GET /cpo/2.1.1/locations/{location_id}`. Section: mod_locations.md#211-get-method

        Args:
            location_id: Id of the Location.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no locations.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._fetch(
            _operations.CPO_LOCATIONS_GET_LOCATION,
            {"location_id": location_id},
            options=options,
        )

    def get_evse(
        self,
        location_id: str,
        evse_uid: str,
        *,
        options: CallOptions | None = None,
    ) -> EVSE:
        """One EVSE of a Location.

        `GET /cpo/2.1.1/locations/{location_id}/{evse_uid}`. Section: mod_locations.md#211-get-method

        Args:
            location_id: Id of the Location.
            evse_uid: Uid of the EVSE.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no locations.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._fetch(
            _operations.CPO_LOCATIONS_GET_EVSE,
            {"location_id": location_id, "evse_uid": evse_uid},
            options=options,
        )

    def get_connector(
        self,
        location_id: str,
        evse_uid: str,
        connector_id: str,
        *,
        options: CallOptions | None = None,
    ) -> Connector:
        """One Connector of an EVSE.

        `GET /cpo/2.1.1/locations/{location_id}/{evse_uid}/{connector_id}`. Section: mod_locations.md#211-get-method

        Args:
            location_id: Id of the Location.
            evse_uid: Uid of the EVSE.
            connector_id: Id of the Connector.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no locations.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._fetch(
            _operations.CPO_LOCATIONS_GET_CONNECTOR,
            {"location_id": location_id, "evse_uid": evse_uid, "connector_id": connector_id},
            options=options,
        )


class AsyncCpoLocations(AsyncModuleClient):
    """OCPI 2.1.1 Locations, as the CPO serves them.

    The CPO's Locations with their EVSEs and Connectors, pulled by or pushed to the eMSP.
    """

    def list_locations(
        self,
        *,
        date_from: datetime | None = None,
        date_to: datetime | None = None,
        offset: int = 0,
        limit: int | None = None,
        ocpi_to_country_code: str | None = None,
        ocpi_to_party_id: str | None = None,
        options: CallOptions | None = None,
    ) -> AsyncPager[Location]:
        """The CPO's Locations, page by page.

        `GET /cpo/2.1.1/locations`. Section: mod_locations.md#211-get-method

        Args:
            date_from: Only objects last updated at this moment or later.
            date_to: Only objects last updated before this moment.
            offset: Index of the first object of the page; 0 if left out.
            limit: At most this many objects on the page. The server may return fewer.
            ocpi_to_country_code: GIREVE: Country code of the one CPO whose Locations are asked for; without it all
                CPOs' are.
            ocpi_to_party_id: GIREVE: Id of the one CPO whose Locations are asked for.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            ForeignUrl: a Link leads where the token must not go; nothing was sent.
            NotOffered: the peer publishes no locations.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._list(
            _operations.CPO_LOCATIONS_LIST_LOCATIONS,
            {
                "date_from": date_from,
                "date_to": date_to,
                "offset": offset,
                "limit": limit,
                "ocpi_to_country_code": ocpi_to_country_code,
                "ocpi_to_party_id": ocpi_to_party_id,
            },
            options=options,
        )

    async def get_location(
        self,
        location_id: str,
        *,
        options: CallOptions | None = None,
    ) -> Location:
        """One Location with all its EVSEs.

        `GET /cpo/2.1.1/locations/{location_id}`. Section: mod_locations.md#211-get-method

        Args:
            location_id: Id of the Location.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no locations.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return await self._fetch(
            _operations.CPO_LOCATIONS_GET_LOCATION,
            {"location_id": location_id},
            options=options,
        )

    async def get_evse(
        self,
        location_id: str,
        evse_uid: str,
        *,
        options: CallOptions | None = None,
    ) -> EVSE:
        """One EVSE of a Location.

        `GET /cpo/2.1.1/locations/{location_id}/{evse_uid}`. Section: mod_locations.md#211-get-method

        Args:
            location_id: Id of the Location.
            evse_uid: Uid of the EVSE.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no locations.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return await self._fetch(
            _operations.CPO_LOCATIONS_GET_EVSE,
            {"location_id": location_id, "evse_uid": evse_uid},
            options=options,
        )

    async def get_connector(
        self,
        location_id: str,
        evse_uid: str,
        connector_id: str,
        *,
        options: CallOptions | None = None,
    ) -> Connector:
        """One Connector of an EVSE.

        `GET /cpo/2.1.1/locations/{location_id}/{evse_uid}/{connector_id}`. Section: mod_locations.md#211-get-method

        Args:
            location_id: Id of the Location.
            evse_uid: Uid of the EVSE.
            connector_id: Id of the Connector.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no locations.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return await self._fetch(
            _operations.CPO_LOCATIONS_GET_CONNECTOR,
            {"location_id": location_id, "evse_uid": evse_uid, "connector_id": connector_id},
            options=options,
        )


class EmspLocations(ModuleClient):
    """OCPI 2.1.1 Locations, as the eMSP serves them.

    The CPO's Locations with their EVSEs and Connectors, pulled by or pushed to the eMSP.
    """

    def get_location(
        self,
        country_code: str,
        party_id: str,
        location_id: str,
        *,
        options: CallOptions | None = None,
    ) -> Location:
        """The Location as the eMSP has it.

        `GET /emsp/2.1.1/locations/{country_code}/{party_id}/{location_id}`. Section: mod_locations.md#221-get-method

        Args:
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            location_id: Id of the Location.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no locations.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._fetch(
            _operations.EMSP_LOCATIONS_GET_LOCATION,
            {"country_code": country_code, "party_id": party_id, "location_id": location_id},
            options=options,
        )

    def put_location(
        self,
        country_code: str,
        party_id: str,
        location_id: str,
        location: Location,
        *,
        options: CallOptions | None = None,
    ) -> Receipt:
        """Store this Location, new or in place of the one the eMSP has.

        `PUT /emsp/2.1.1/locations/{country_code}/{party_id}/{location_id}`. Section: mod_locations.md#222-put-method

        Args:
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            location_id: Id of the Location.
            location: the Location.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no locations.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._send(
            _operations.EMSP_LOCATIONS_PUT_LOCATION,
            {"country_code": country_code, "party_id": party_id, "location_id": location_id},
            location,
            options=options,
        )

    def patch_location(
        self,
        country_code: str,
        party_id: str,
        location_id: str,
        patch: LocationPatch,
        *,
        options: CallOptions | None = None,
    ) -> Receipt:
        """Change the fields given of a Location, leave the others.

        `PATCH /emsp/2.1.1/locations/{country_code}/{party_id}/{location_id}`. Section:
        mod_locations.md#223-patch-method

        Args:
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            location_id: Id of the Location.
            patch: what to change; what it leaves out stays.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no locations.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._send(
            _operations.EMSP_LOCATIONS_PATCH_LOCATION,
            {"country_code": country_code, "party_id": party_id, "location_id": location_id},
            patch,
            options=options,
        )

    def get_evse(
        self,
        country_code: str,
        party_id: str,
        location_id: str,
        evse_uid: str,
        *,
        options: CallOptions | None = None,
    ) -> EVSE:
        """The EVSE as the eMSP has it.

        `GET /emsp/2.1.1/locations/{country_code}/{party_id}/{location_id}/{evse_uid}`. Section:
        mod_locations.md#221-get-method

        Args:
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            location_id: Id of the Location.
            evse_uid: Uid of the EVSE.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no locations.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._fetch(
            _operations.EMSP_LOCATIONS_GET_EVSE,
            {"country_code": country_code, "party_id": party_id, "location_id": location_id, "evse_uid": evse_uid},
            options=options,
        )

    def put_evse(
        self,
        country_code: str,
        party_id: str,
        location_id: str,
        evse_uid: str,
        evse: EVSE,
        *,
        options: CallOptions | None = None,
    ) -> Receipt:
        """Store this EVSE, new or in place of the one the eMSP has.

        `PUT /emsp/2.1.1/locations/{country_code}/{party_id}/{location_id}/{evse_uid}`. Section:
        mod_locations.md#222-put-method

        Args:
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            location_id: Id of the Location.
            evse_uid: Uid of the EVSE.
            evse: the EVSE.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no locations.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._send(
            _operations.EMSP_LOCATIONS_PUT_EVSE,
            {"country_code": country_code, "party_id": party_id, "location_id": location_id, "evse_uid": evse_uid},
            evse,
            options=options,
        )

    def patch_evse(
        self,
        country_code: str,
        party_id: str,
        location_id: str,
        evse_uid: str,
        patch: EVSEPatch,
        *,
        options: CallOptions | None = None,
    ) -> Receipt:
        """Change the fields given of an EVSE, mostly its status, leave the others.

        `PATCH /emsp/2.1.1/locations/{country_code}/{party_id}/{location_id}/{evse_uid}`. Section:
        mod_locations.md#223-patch-method

        Args:
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            location_id: Id of the Location.
            evse_uid: Uid of the EVSE.
            patch: what to change; what it leaves out stays.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no locations.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._send(
            _operations.EMSP_LOCATIONS_PATCH_EVSE,
            {"country_code": country_code, "party_id": party_id, "location_id": location_id, "evse_uid": evse_uid},
            patch,
            options=options,
        )

    def get_connector(
        self,
        country_code: str,
        party_id: str,
        location_id: str,
        evse_uid: str,
        connector_id: str,
        *,
        options: CallOptions | None = None,
    ) -> Connector:
        """The Connector as the eMSP has it.

        `GET /emsp/2.1.1/locations/{country_code}/{party_id}/{location_id}/{evse_uid}/{connector_id}`. Section:
        mod_locations.md#221-get-method

        Args:
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            location_id: Id of the Location.
            evse_uid: Uid of the EVSE.
            connector_id: Id of the Connector.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no locations.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._fetch(
            _operations.EMSP_LOCATIONS_GET_CONNECTOR,
            {
                "country_code": country_code,
                "party_id": party_id,
                "location_id": location_id,
                "evse_uid": evse_uid,
                "connector_id": connector_id,
            },
            options=options,
        )

    def put_connector(
        self,
        country_code: str,
        party_id: str,
        location_id: str,
        evse_uid: str,
        connector_id: str,
        connector: Connector,
        *,
        options: CallOptions | None = None,
    ) -> Receipt:
        """Store this Connector, new or in place of the one the eMSP has.

        `PUT /emsp/2.1.1/locations/{country_code}/{party_id}/{location_id}/{evse_uid}/{connector_id}`. Section:
        mod_locations.md#222-put-method

        Args:
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            location_id: Id of the Location.
            evse_uid: Uid of the EVSE.
            connector_id: Id of the Connector.
            connector: the Connector.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no locations.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._send(
            _operations.EMSP_LOCATIONS_PUT_CONNECTOR,
            {
                "country_code": country_code,
                "party_id": party_id,
                "location_id": location_id,
                "evse_uid": evse_uid,
                "connector_id": connector_id,
            },
            connector,
            options=options,
        )

    def patch_connector(
        self,
        country_code: str,
        party_id: str,
        location_id: str,
        evse_uid: str,
        connector_id: str,
        patch: ConnectorPatch,
        *,
        options: CallOptions | None = None,
    ) -> Receipt:
        """Change the fields given of a Connector, leave the others.

        `PATCH /emsp/2.1.1/locations/{country_code}/{party_id}/{location_id}/{evse_uid}/{connector_id}`. Section:
        mod_locations.md#223-patch-method

        Args:
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            location_id: Id of the Location.
            evse_uid: Uid of the EVSE.
            connector_id: Id of the Connector.
            patch: what to change; what it leaves out stays.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no locations.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._send(
            _operations.EMSP_LOCATIONS_PATCH_CONNECTOR,
            {
                "country_code": country_code,
                "party_id": party_id,
                "location_id": location_id,
                "evse_uid": evse_uid,
                "connector_id": connector_id,
            },
            patch,
            options=options,
        )


class AsyncEmspLocations(AsyncModuleClient):
    """OCPI 2.1.1 Locations, as the eMSP serves them.

    The CPO's Locations with their EVSEs and Connectors, pulled by or pushed to the eMSP.
    """

    async def get_location(
        self,
        country_code: str,
        party_id: str,
        location_id: str,
        *,
        options: CallOptions | None = None,
    ) -> Location:
        """The Location as the eMSP has it.

        `GET /emsp/2.1.1/locations/{country_code}/{party_id}/{location_id}`. Section: mod_locations.md#221-get-method

        Args:
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            location_id: Id of the Location.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no locations.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return await self._fetch(
            _operations.EMSP_LOCATIONS_GET_LOCATION,
            {"country_code": country_code, "party_id": party_id, "location_id": location_id},
            options=options,
        )

    async def put_location(
        self,
        country_code: str,
        party_id: str,
        location_id: str,
        location: Location,
        *,
        options: CallOptions | None = None,
    ) -> Receipt:
        """Store this Location, new or in place of the one the eMSP has.

        `PUT /emsp/2.1.1/locations/{country_code}/{party_id}/{location_id}`. Section: mod_locations.md#222-put-method

        Args:
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            location_id: Id of the Location.
            location: the Location.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no locations.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return await self._send(
            _operations.EMSP_LOCATIONS_PUT_LOCATION,
            {"country_code": country_code, "party_id": party_id, "location_id": location_id},
            location,
            options=options,
        )

    async def patch_location(
        self,
        country_code: str,
        party_id: str,
        location_id: str,
        patch: LocationPatch,
        *,
        options: CallOptions | None = None,
    ) -> Receipt:
        """Change the fields given of a Location, leave the others.

        `PATCH /emsp/2.1.1/locations/{country_code}/{party_id}/{location_id}`. Section:
        mod_locations.md#223-patch-method

        Args:
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            location_id: Id of the Location.
            patch: what to change; what it leaves out stays.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no locations.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return await self._send(
            _operations.EMSP_LOCATIONS_PATCH_LOCATION,
            {"country_code": country_code, "party_id": party_id, "location_id": location_id},
            patch,
            options=options,
        )

    async def get_evse(
        self,
        country_code: str,
        party_id: str,
        location_id: str,
        evse_uid: str,
        *,
        options: CallOptions | None = None,
    ) -> EVSE:
        """The EVSE as the eMSP has it.

        `GET /emsp/2.1.1/locations/{country_code}/{party_id}/{location_id}/{evse_uid}`. Section:
        mod_locations.md#221-get-method

        Args:
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            location_id: Id of the Location.
            evse_uid: Uid of the EVSE.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no locations.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return await self._fetch(
            _operations.EMSP_LOCATIONS_GET_EVSE,
            {"country_code": country_code, "party_id": party_id, "location_id": location_id, "evse_uid": evse_uid},
            options=options,
        )

    async def put_evse(
        self,
        country_code: str,
        party_id: str,
        location_id: str,
        evse_uid: str,
        evse: EVSE,
        *,
        options: CallOptions | None = None,
    ) -> Receipt:
        """Store this EVSE, new or in place of the one the eMSP has.

        `PUT /emsp/2.1.1/locations/{country_code}/{party_id}/{location_id}/{evse_uid}`. Section:
        mod_locations.md#222-put-method

        Args:
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            location_id: Id of the Location.
            evse_uid: Uid of the EVSE.
            evse: the EVSE.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no locations.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return await self._send(
            _operations.EMSP_LOCATIONS_PUT_EVSE,
            {"country_code": country_code, "party_id": party_id, "location_id": location_id, "evse_uid": evse_uid},
            evse,
            options=options,
        )

    async def patch_evse(
        self,
        country_code: str,
        party_id: str,
        location_id: str,
        evse_uid: str,
        patch: EVSEPatch,
        *,
        options: CallOptions | None = None,
    ) -> Receipt:
        """Change the fields given of an EVSE, mostly its status, leave the others.

        `PATCH /emsp/2.1.1/locations/{country_code}/{party_id}/{location_id}/{evse_uid}`. Section:
        mod_locations.md#223-patch-method

        Args:
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            location_id: Id of the Location.
            evse_uid: Uid of the EVSE.
            patch: what to change; what it leaves out stays.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no locations.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return await self._send(
            _operations.EMSP_LOCATIONS_PATCH_EVSE,
            {"country_code": country_code, "party_id": party_id, "location_id": location_id, "evse_uid": evse_uid},
            patch,
            options=options,
        )

    async def get_connector(
        self,
        country_code: str,
        party_id: str,
        location_id: str,
        evse_uid: str,
        connector_id: str,
        *,
        options: CallOptions | None = None,
    ) -> Connector:
        """The Connector as the eMSP has it.

        `GET /emsp/2.1.1/locations/{country_code}/{party_id}/{location_id}/{evse_uid}/{connector_id}`. Section:
        mod_locations.md#221-get-method

        Args:
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            location_id: Id of the Location.
            evse_uid: Uid of the EVSE.
            connector_id: Id of the Connector.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no locations.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return await self._fetch(
            _operations.EMSP_LOCATIONS_GET_CONNECTOR,
            {
                "country_code": country_code,
                "party_id": party_id,
                "location_id": location_id,
                "evse_uid": evse_uid,
                "connector_id": connector_id,
            },
            options=options,
        )

    async def put_connector(
        self,
        country_code: str,
        party_id: str,
        location_id: str,
        evse_uid: str,
        connector_id: str,
        connector: Connector,
        *,
        options: CallOptions | None = None,
    ) -> Receipt:
        """Store this Connector, new or in place of the one the eMSP has.

        `PUT /emsp/2.1.1/locations/{country_code}/{party_id}/{location_id}/{evse_uid}/{connector_id}`. Section:
        mod_locations.md#222-put-method

        Args:
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            location_id: Id of the Location.
            evse_uid: Uid of the EVSE.
            connector_id: Id of the Connector.
            connector: the Connector.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no locations.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return await self._send(
            _operations.EMSP_LOCATIONS_PUT_CONNECTOR,
            {
                "country_code": country_code,
                "party_id": party_id,
                "location_id": location_id,
                "evse_uid": evse_uid,
                "connector_id": connector_id,
            },
            connector,
            options=options,
        )

    async def patch_connector(
        self,
        country_code: str,
        party_id: str,
        location_id: str,
        evse_uid: str,
        connector_id: str,
        patch: ConnectorPatch,
        *,
        options: CallOptions | None = None,
    ) -> Receipt:
        """Change the fields given of a Connector, leave the others.

        `PATCH /emsp/2.1.1/locations/{country_code}/{party_id}/{location_id}/{evse_uid}/{connector_id}`. Section:
        mod_locations.md#223-patch-method

        Args:
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            location_id: Id of the Location.
            evse_uid: Uid of the EVSE.
            connector_id: Id of the Connector.
            patch: what to change; what it leaves out stays.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no locations.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return await self._send(
            _operations.EMSP_LOCATIONS_PATCH_CONNECTOR,
            {
                "country_code": country_code,
                "party_id": party_id,
                "location_id": location_id,
                "evse_uid": evse_uid,
                "connector_id": connector_id,
            },
            patch,
            options=options,
        )
