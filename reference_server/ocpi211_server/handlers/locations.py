"""Locations with their EVSEs and Connectors: published by a CPO, kept by an eMSP, both by a hub (mod_locations.md)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ocpi211.models import EVSE, Connector, ConnectorPatch, EVSEPatch, Location, LocationPatch
from ocpi211.routes import Caller, CpoLocations, Created, EmspLocations, NotFound, PageResult
from ocpi211_server.objects.json_text import Step, found, steps
from ocpi211_server.objects.keeping import Objects
from ocpi211_server.objects.parts import LocationObjects
from ocpi211_server.site import Site

__all__ = ["KeptLocations", "PublishedLocations"]


class PublishedLocations(CpoLocations):
    """The lists of a CPO or hub."""

    def __init__(self, site: Site) -> None:
        self._objects = Objects(site, "locations")
        self.max_limit = self._objects.max_limit

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
        """A page of what the caller may see."""
        return await self._objects.listed(
            caller,
            date_from=date_from,
            date_to=date_to,
            offset=offset,
            limit=limit,
            only=(ocpi_to_country_code, ocpi_to_party_id),
        )

    async def get_location(self, caller: Caller, location_id: str) -> bytes:
        """The Location, by the id the caller was shown."""
        return await self._part(caller, location_id)

    async def get_evse(self, caller: Caller, location_id: str, evse_uid: str) -> bytes:
        """The EVSE."""
        return await self._part(caller, location_id, evse_uid)

    async def get_connector(self, caller: Caller, location_id: str, evse_uid: str, connector_id: str) -> bytes:
        """The Connector."""
        return await self._part(caller, location_id, evse_uid, connector_id)

    async def _part(self, caller: Caller, location_id: str, *ids: str) -> bytes:
        return _existing(await self._objects.published(caller, location_id), steps(*ids))


class KeptLocations(EmspLocations):
    """What an eMSP or hub is given by CPOs."""

    def __init__(self, site: Site) -> None:
        self._objects = LocationObjects(site)

    async def get_location(self, caller: Caller, country_code: str, party_id: str, location_id: str) -> bytes:
        """The Location, as the CPO gave it."""
        return await self._part(country_code, party_id, location_id)

    async def get_evse(
        self, caller: Caller, country_code: str, party_id: str, location_id: str, evse_uid: str
    ) -> bytes:
        """The EVSE."""
        return await self._part(country_code, party_id, location_id, evse_uid)

    async def get_connector(
        self, caller: Caller, country_code: str, party_id: str, location_id: str, evse_uid: str, connector_id: str
    ) -> bytes:
        """The Connector."""
        return await self._part(country_code, party_id, location_id, evse_uid, connector_id)

    async def put_location(
        self, caller: Caller, country_code: str, party_id: str, location_id: str, location: Location
    ) -> Created | None:
        """Store a Location."""
        return await self._objects.receive(caller, f"{country_code}*{party_id}", location_id, (), location)

    async def put_evse(
        self, caller: Caller, country_code: str, party_id: str, location_id: str, evse_uid: str, evse: EVSE
    ) -> Created | None:
        """Store an EVSE of a Location."""
        return await self._objects.receive(caller, f"{country_code}*{party_id}", location_id, steps(evse_uid), evse)

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
        """Store a Connector of an EVSE."""
        way = steps(evse_uid, connector_id)
        return await self._objects.receive(caller, f"{country_code}*{party_id}", location_id, way, connector)

    async def patch_location(
        self, caller: Caller, country_code: str, party_id: str, location_id: str, patch: LocationPatch
    ) -> None:
        """Change a Location."""
        await self._objects.amend(caller, f"{country_code}*{party_id}", location_id, (), patch)

    async def patch_evse(
        self, caller: Caller, country_code: str, party_id: str, location_id: str, evse_uid: str, patch: EVSEPatch
    ) -> None:
        """Change an EVSE."""
        await self._objects.amend(caller, f"{country_code}*{party_id}", location_id, steps(evse_uid), patch)

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
        """Change a Connector."""
        way = steps(evse_uid, connector_id)
        await self._objects.amend(caller, f"{country_code}*{party_id}", location_id, way, patch)

    async def _part(self, country_code: str, party_id: str, location_id: str, *ids: str) -> bytes:
        location = await self._objects.kept(f"{country_code}*{party_id}", location_id)
        return _existing(self._objects.given_back(location), steps(*ids))


def _existing(text: bytes, way: Sequence[Step]) -> bytes:
    part = found(text, way)
    if part is None:
        raise NotFound
    return part
