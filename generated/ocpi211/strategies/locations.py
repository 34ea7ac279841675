# Written by ocpi_codegen from the spec (OCPI 2.1.1, GIREVE). Change the spec, not this file; then: nox -s generate

# ruff: noqa: A002 -- a keyword is named as the field of OCPI is
"""Hypothesis strategies for the classes of OCPI 2.1.1 Locations.

What they draw is valid. A keyword replaces the strategy of that field; the other optional fields are absent half of
the time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocpi211.models.locations import (
    EVSE,
    AdditionalGeoLocation,
    BusinessDetails,
    Capability,
    Connector,
    ConnectorFormat,
    ConnectorPatch,
    ConnectorType,
    EnergyMix,
    EnergySource,
    EnergySourceCategory,
    EnvironmentalImpact,
    EnvironmentalImpactCategory,
    EVSEPatch,
    ExceptionalPeriod,
    Facility,
    GeoLocation,
    Hours,
    Image,
    ImageCategory,
    Location,
    LocationPatch,
    LocationType,
    ParkingRestriction,
    PowerType,
    RegularHours,
    Status,
    StatusSchedule,
)
from ocpi211.strategies.common import display_texts
from ocpi211_runtime import drawing
from ocpi211_runtime.recipes import Recipe

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from hypothesis.strategies import SearchStrategy

    from ocpi211.models.common import DisplayText

__all__ = [
    "additional_geo_locations",
    "business_details",
    "capabilities",
    "connector_formats",
    "connector_patches",
    "connector_types",
    "connectors",
    "energy_mixes",
    "energy_source_categories",
    "energy_sources",
    "environmental_impact_categories",
    "environmental_impacts",
    "evse_patches",
    "evses",
    "exceptional_periods",
    "facilities",
    "geo_locations",
    "hours",
    "image_categories",
    "images",
    "location_patches",
    "location_types",
    "locations",
    "parking_restrictions",
    "power_types",
    "regular_hours",
    "status_schedules",
    "statuses",
]


_locations = Recipe(
    Location,
    required=lambda: {
        "id": drawing.identifiers(min_length=1, max_length=39),
        "type": location_types(),
        "address": drawing.texts(max_length=45),
        "city": drawing.texts(max_length=45),
        "postal_code": drawing.identifiers(max_length=10),
        "country": drawing.countries(),
        "coordinates": geo_locations(),
        "last_updated": drawing.date_times(),
    },
    optional=lambda: {
        "name": drawing.texts(max_length=255),
        "related_locations": drawing.lists(additional_geo_locations()),
        "evses": drawing.lists(evses(), unique_by="uid"),
        "directions": drawing.lists(display_texts()),
        "operator": business_details(),
        "suboperator": business_details(),
        "owner": business_details(),
        "facilities": drawing.lists(facilities(), unique_by="value"),
        "time_zone": drawing.time_zones(),
        "opening_times": hours(),
        "charging_when_closed": drawing.booleans(),
        "images": drawing.lists(images()),
        "energy_mix": energy_mixes(),
    },
)


def locations(
    *,
    id: SearchStrategy[str] | None = None,
    type: SearchStrategy[LocationType] | None = None,
    address: SearchStrategy[str] | None = None,
    city: SearchStrategy[str] | None = None,
    postal_code: SearchStrategy[str] | None = None,
    country: SearchStrategy[str] | None = None,
    coordinates: SearchStrategy[GeoLocation] | None = None,
    last_updated: SearchStrategy[datetime] | None = None,
    name: SearchStrategy[str | None] | None = None,
    related_locations: SearchStrategy[list[AdditionalGeoLocation] | None] | None = None,
    evses: SearchStrategy[list[EVSE] | None] | None = None,
    directions: SearchStrategy[list[DisplayText] | None] | None = None,
    operator: SearchStrategy[BusinessDetails | None] | None = None,
    suboperator: SearchStrategy[BusinessDetails | None] | None = None,
    owner: SearchStrategy[BusinessDetails | None] | None = None,
    facilities: SearchStrategy[list[Facility] | None] | None = None,
    time_zone: SearchStrategy[str | None] | None = None,
    opening_times: SearchStrategy[Hours | None] | None = None,
    charging_when_closed: SearchStrategy[bool | None] | None = None,
    images: SearchStrategy[list[Image] | None] | None = None,
    energy_mix: SearchStrategy[EnergyMix | None] | None = None,
) -> SearchStrategy[Location]:
    """Valid objects of the class Location.

    Section: mod_locations.md#31-location-object
    """
    return _locations.strategy(
        id=id,
        type=type,
        address=address,
        city=city,
        postal_code=postal_code,
        country=country,
        coordinates=coordinates,
        last_updated=last_updated,
        name=name,
        related_locations=related_locations,
        evses=evses,
        directions=directions,
        operator=operator,
        suboperator=suboperator,
        owner=owner,
        facilities=facilities,
        time_zone=time_zone,
        opening_times=opening_times,
        charging_when_closed=charging_when_closed,
        images=images,
        energy_mix=energy_mix,
    )


_location_patches = Recipe(
    LocationPatch,
    optional=lambda: {
        "id": drawing.identifiers(min_length=1, max_length=39),
        "type": location_types(),
        "name": drawing.optional(drawing.texts(max_length=255)),
        "address": drawing.texts(max_length=45),
        "city": drawing.texts(max_length=45),
        "postal_code": drawing.identifiers(max_length=10),
        "country": drawing.countries(),
        "coordinates": geo_locations(),
        "related_locations": drawing.optional(drawing.lists(additional_geo_locations())),
        "evses": drawing.optional(drawing.lists(evses(), unique_by="uid")),
        "directions": drawing.optional(drawing.lists(display_texts())),
        "operator": drawing.optional(business_details()),
        "suboperator": drawing.optional(business_details()),
        "owner": drawing.optional(business_details()),
        "facilities": drawing.optional(drawing.lists(facilities(), unique_by="value")),
        "time_zone": drawing.optional(drawing.time_zones()),
        "opening_times": drawing.optional(hours()),
        "charging_when_closed": drawing.optional(drawing.booleans()),
        "images": drawing.optional(drawing.lists(images())),
        "energy_mix": drawing.optional(energy_mixes()),
        "last_updated": drawing.date_times(),
    },
)


def location_patches(
    *,
    id: SearchStrategy[str] | None = None,
    type: SearchStrategy[LocationType] | None = None,
    name: SearchStrategy[str | None] | None = None,
    address: SearchStrategy[str] | None = None,
    city: SearchStrategy[str] | None = None,
    postal_code: SearchStrategy[str] | None = None,
    country: SearchStrategy[str] | None = None,
    coordinates: SearchStrategy[GeoLocation] | None = None,
    related_locations: SearchStrategy[list[AdditionalGeoLocation] | None] | None = None,
    evses: SearchStrategy[list[EVSE] | None] | None = None,
    directions: SearchStrategy[list[DisplayText] | None] | None = None,
    operator: SearchStrategy[BusinessDetails | None] | None = None,
    suboperator: SearchStrategy[BusinessDetails | None] | None = None,
    owner: SearchStrategy[BusinessDetails | None] | None = None,
    facilities: SearchStrategy[list[Facility] | None] | None = None,
    time_zone: SearchStrategy[str | None] | None = None,
    opening_times: SearchStrategy[Hours | None] | None = None,
    charging_when_closed: SearchStrategy[bool | None] | None = None,
    images: SearchStrategy[list[Image] | None] | None = None,
    energy_mix: SearchStrategy[EnergyMix | None] | None = None,
    last_updated: SearchStrategy[datetime] | None = None,
) -> SearchStrategy[LocationPatch]:
    """Valid objects of the class LocationPatch.

    Section: mod_locations.md#31-location-object
    """
    return _location_patches.strategy(
        id=id,
        type=type,
        name=name,
        address=address,
        city=city,
        postal_code=postal_code,
        country=country,
        coordinates=coordinates,
        related_locations=related_locations,
        evses=evses,
        directions=directions,
        operator=operator,
        suboperator=suboperator,
        owner=owner,
        facilities=facilities,
        time_zone=time_zone,
        opening_times=opening_times,
        charging_when_closed=charging_when_closed,
        images=images,
        energy_mix=energy_mix,
        last_updated=last_updated,
    )


_evses = Recipe(
    EVSE,
    required=lambda: {
        "uid": drawing.identifiers(min_length=1, max_length=39),
        "status": statuses(),
        "connectors": drawing.lists(connectors(), min_size=1, unique_by="id"),
        "last_updated": drawing.date_times(),
    },
    optional=lambda: {
        "evse_id": drawing.identifiers(max_length=48),
        "status_schedule": drawing.lists(status_schedules()),
        "capabilities": drawing.lists(capabilities(), unique_by="value"),
        "floor_level": drawing.texts(max_length=4),
        "coordinates": geo_locations(),
        "physical_reference": drawing.texts(max_length=16),
        "directions": drawing.lists(display_texts()),
        "parking_restrictions": drawing.lists(parking_restrictions(), unique_by="value"),
        "images": drawing.lists(images()),
    },
)


def evses(
    *,
    uid: SearchStrategy[str] | None = None,
    status: SearchStrategy[Status] | None = None,
    connectors: SearchStrategy[list[Connector]] | None = None,
    last_updated: SearchStrategy[datetime] | None = None,
    evse_id: SearchStrategy[str | None] | None = None,
    status_schedule: SearchStrategy[list[StatusSchedule] | None] | None = None,
    capabilities: SearchStrategy[list[Capability] | None] | None = None,
    floor_level: SearchStrategy[str | None] | None = None,
    coordinates: SearchStrategy[GeoLocation | None] | None = None,
    physical_reference: SearchStrategy[str | None] | None = None,
    directions: SearchStrategy[list[DisplayText] | None] | None = None,
    parking_restrictions: SearchStrategy[list[ParkingRestriction] | None] | None = None,
    images: SearchStrategy[list[Image] | None] | None = None,
) -> SearchStrategy[EVSE]:
    """Valid objects of the class EVSE.

    Section: mod_locations.md#32-evse-object
    """
    return _evses.strategy(
        uid=uid,
        status=status,
        connectors=connectors,
        last_updated=last_updated,
        evse_id=evse_id,
        status_schedule=status_schedule,
        capabilities=capabilities,
        floor_level=floor_level,
        coordinates=coordinates,
        physical_reference=physical_reference,
        directions=directions,
        parking_restrictions=parking_restrictions,
        images=images,
    )


_evse_patches = Recipe(
    EVSEPatch,
    optional=lambda: {
        "uid": drawing.identifiers(min_length=1, max_length=39),
        "evse_id": drawing.optional(drawing.identifiers(max_length=48)),
        "status": statuses(),
        "status_schedule": drawing.optional(drawing.lists(status_schedules())),
        "capabilities": drawing.optional(drawing.lists(capabilities(), unique_by="value")),
        "connectors": drawing.lists(connectors(), min_size=1, unique_by="id"),
        "floor_level": drawing.optional(drawing.texts(max_length=4)),
        "coordinates": drawing.optional(geo_locations()),
        "physical_reference": drawing.optional(drawing.texts(max_length=16)),
        "directions": drawing.optional(drawing.lists(display_texts())),
        "parking_restrictions": drawing.optional(drawing.lists(parking_restrictions(), unique_by="value")),
        "images": drawing.optional(drawing.lists(images())),
        "last_updated": drawing.date_times(),
    },
)


def evse_patches(
    *,
    uid: SearchStrategy[str] | None = None,
    evse_id: SearchStrategy[str | None] | None = None,
    status: SearchStrategy[Status] | None = None,
    status_schedule: SearchStrategy[list[StatusSchedule] | None] | None = None,
    capabilities: SearchStrategy[list[Capability] | None] | None = None,
    connectors: SearchStrategy[list[Connector]] | None = None,
    floor_level: SearchStrategy[str | None] | None = None,
    coordinates: SearchStrategy[GeoLocation | None] | None = None,
    physical_reference: SearchStrategy[str | None] | None = None,
    directions: SearchStrategy[list[DisplayText] | None] | None = None,
    parking_restrictions: SearchStrategy[list[ParkingRestriction] | None] | None = None,
    images: SearchStrategy[list[Image] | None] | None = None,
    last_updated: SearchStrategy[datetime] | None = None,
) -> SearchStrategy[EVSEPatch]:
    """Valid objects of the class EVSEPatch.

    Section: mod_locations.md#32-evse-object
    """
    return _evse_patches.strategy(
        uid=uid,
        evse_id=evse_id,
        status=status,
        status_schedule=status_schedule,
        capabilities=capabilities,
        connectors=connectors,
        floor_level=floor_level,
        coordinates=coordinates,
        physical_reference=physical_reference,
        directions=directions,
        parking_restrictions=parking_restrictions,
        images=images,
        last_updated=last_updated,
    )


_connectors = Recipe(
    Connector,
    required=lambda: {
        "id": drawing.identifiers(min_length=1, max_length=36),
        "standard": connector_types(),
        "format": connector_formats(),
        "power_type": power_types(),
        "voltage": drawing.integers(),
        "amperage": drawing.integers(),
        "last_updated": drawing.date_times(),
    },
    optional=lambda: {
        "tariff_id": drawing.identifiers(max_length=36),
        "terms_and_conditions": drawing.urls(max_length=255),
    },
)


def connectors(
    *,
    id: SearchStrategy[str] | None = None,
    standard: SearchStrategy[ConnectorType] | None = None,
    format: SearchStrategy[ConnectorFormat] | None = None,
    power_type: SearchStrategy[PowerType] | None = None,
    voltage: SearchStrategy[int] | None = None,
    amperage: SearchStrategy[int] | None = None,
    last_updated: SearchStrategy[datetime] | None = None,
    tariff_id: SearchStrategy[str | None] | None = None,
    terms_and_conditions: SearchStrategy[str | None] | None = None,
) -> SearchStrategy[Connector]:
    """Valid objects of the class Connector.

    Section: mod_locations.md#33-connector-object
    """
    return _connectors.strategy(
        id=id,
        standard=standard,
        format=format,
        power_type=power_type,
        voltage=voltage,
        amperage=amperage,
        last_updated=last_updated,
        tariff_id=tariff_id,
        terms_and_conditions=terms_and_conditions,
    )


_connector_patches = Recipe(
    ConnectorPatch,
    optional=lambda: {
        "id": drawing.identifiers(min_length=1, max_length=36),
        "standard": connector_types(),
        "format": connector_formats(),
        "power_type": power_types(),
        "voltage": drawing.integers(),
        "amperage": drawing.integers(),
        "tariff_id": drawing.optional(drawing.identifiers(max_length=36)),
        "terms_and_conditions": drawing.optional(drawing.urls(max_length=255)),
        "last_updated": drawing.date_times(),
    },
)


def connector_patches(
    *,
    id: SearchStrategy[str] | None = None,
    standard: SearchStrategy[ConnectorType] | None = None,
    format: SearchStrategy[ConnectorFormat] | None = None,
    power_type: SearchStrategy[PowerType] | None = None,
    voltage: SearchStrategy[int] | None = None,
    amperage: SearchStrategy[int] | None = None,
    tariff_id: SearchStrategy[str | None] | None = None,
    terms_and_conditions: SearchStrategy[str | None] | None = None,
    last_updated: SearchStrategy[datetime] | None = None,
) -> SearchStrategy[ConnectorPatch]:
    """Valid objects of the class ConnectorPatch.

    Section: mod_locations.md#33-connector-object
    """
    return _connector_patches.strategy(
        id=id,
        standard=standard,
        format=format,
        power_type=power_type,
        voltage=voltage,
        amperage=amperage,
        tariff_id=tariff_id,
        terms_and_conditions=terms_and_conditions,
        last_updated=last_updated,
    )


_additional_geo_locations = Recipe(
    AdditionalGeoLocation,
    required=lambda: {
        "latitude": drawing.latitudes(),
        "longitude": drawing.longitudes(),
    },
    optional=lambda: {
        "name": display_texts(),
    },
)


def additional_geo_locations(
    *,
    latitude: SearchStrategy[str] | None = None,
    longitude: SearchStrategy[str] | None = None,
    name: SearchStrategy[DisplayText | None] | None = None,
) -> SearchStrategy[AdditionalGeoLocation]:
    """Valid objects of the class AdditionalGeoLocation.

    Section: mod_locations.md#41-additionalgeolocation-class
    """
    return _additional_geo_locations.strategy(latitude=latitude, longitude=longitude, name=name)


_business_details = Recipe(
    BusinessDetails,
    required=lambda: {
        "name": drawing.texts(max_length=100),
    },
    optional=lambda: {
        "website": drawing.urls(max_length=255),
        "logo": images(),
    },
)


def business_details(
    *,
    name: SearchStrategy[str] | None = None,
    website: SearchStrategy[str | None] | None = None,
    logo: SearchStrategy[Image | None] | None = None,
) -> SearchStrategy[BusinessDetails]:
    """Valid objects of the class BusinessDetails.

    Section: mod_locations.md#41-businessdetails-class
    """
    return _business_details.strategy(name=name, website=website, logo=logo)


_energy_mixes = Recipe(
    EnergyMix,
    required=lambda: {
        "is_green_energy": drawing.booleans(),
    },
    optional=lambda: {
        "energy_sources": drawing.lists(energy_sources()),
        "environ_impact": drawing.lists(environmental_impacts()),
        "supplier_name": drawing.texts(max_length=64),
        "energy_product_name": drawing.texts(max_length=64),
    },
)


def energy_mixes(
    *,
    is_green_energy: SearchStrategy[bool] | None = None,
    energy_sources: SearchStrategy[list[EnergySource] | None] | None = None,
    environ_impact: SearchStrategy[list[EnvironmentalImpact] | None] | None = None,
    supplier_name: SearchStrategy[str | None] | None = None,
    energy_product_name: SearchStrategy[str | None] | None = None,
) -> SearchStrategy[EnergyMix]:
    """Valid objects of the class EnergyMix.

    Section: mod_locations.md#45-energymix-class
    """
    return _energy_mixes.strategy(
        is_green_energy=is_green_energy,
        energy_sources=energy_sources,
        environ_impact=environ_impact,
        supplier_name=supplier_name,
        energy_product_name=energy_product_name,
    )


_energy_sources = Recipe(
    EnergySource,
    required=lambda: {
        "source": energy_source_categories(),
        "percentage": drawing.numbers(0, 100),
    },
)


def energy_sources(
    *, source: SearchStrategy[EnergySourceCategory] | None = None, percentage: SearchStrategy[Decimal] | None = None
) -> SearchStrategy[EnergySource]:
    """Valid objects of the class EnergySource.

    Section: mod_locations.md#46-energysource-class
    """
    return _energy_sources.strategy(source=source, percentage=percentage)


_environmental_impacts = Recipe(
    EnvironmentalImpact,
    required=lambda: {
        "source": environmental_impact_categories(),
        "amount": drawing.numbers(),
    },
)


def environmental_impacts(
    *, source: SearchStrategy[EnvironmentalImpactCategory] | None = None, amount: SearchStrategy[Decimal] | None = None
) -> SearchStrategy[EnvironmentalImpact]:
    """Valid objects of the class EnvironmentalImpact.

    Section: mod_locations.md#48-environmentalimpact-class
    """
    return _environmental_impacts.strategy(source=source, amount=amount)


_exceptional_periods = Recipe(
    ExceptionalPeriod,
    required=lambda: {
        "period_begin": drawing.date_times(),
        "period_end": drawing.date_times(),
    },
    ordered=(("period_begin", "period_end"),),
)


def exceptional_periods(
    *, period_begin: SearchStrategy[datetime] | None = None, period_end: SearchStrategy[datetime] | None = None
) -> SearchStrategy[ExceptionalPeriod]:
    """Valid objects of the class ExceptionalPeriod.

    Section: mod_locations.md#410-exceptionalperiod-class
    """
    return _exceptional_periods.strategy(period_begin=period_begin, period_end=period_end)


_geo_locations = Recipe(
    GeoLocation,
    required=lambda: {
        "latitude": drawing.latitudes(),
        "longitude": drawing.longitudes(),
    },
)


def geo_locations(
    *, latitude: SearchStrategy[str] | None = None, longitude: SearchStrategy[str] | None = None
) -> SearchStrategy[GeoLocation]:
    """Valid objects of the class GeoLocation.

    Section: mod_locations.md#412-geolocation-class
    """
    return _geo_locations.strategy(latitude=latitude, longitude=longitude)


_hours = Recipe(
    Hours,
    optional=lambda: {
        "regular_hours": drawing.lists(regular_hours()),
        "twentyfourseven": drawing.booleans(),
        "exceptional_openings": drawing.lists(exceptional_periods()),
        "exceptional_closings": drawing.lists(exceptional_periods()),
    },
    exclusive=(("twentyfourseven", "regular_hours"),),
)


def hours(
    *,
    regular_hours: SearchStrategy[list[RegularHours] | None] | None = None,
    twentyfourseven: SearchStrategy[bool | None] | None = None,
    exceptional_openings: SearchStrategy[list[ExceptionalPeriod] | None] | None = None,
    exceptional_closings: SearchStrategy[list[ExceptionalPeriod] | None] | None = None,
) -> SearchStrategy[Hours]:
    """Valid objects of the class Hours.

    Section: mod_locations.md#413-hours-class
    """
    return _hours.strategy(
        regular_hours=regular_hours,
        twentyfourseven=twentyfourseven,
        exceptional_openings=exceptional_openings,
        exceptional_closings=exceptional_closings,
    )


_images = Recipe(
    Image,
    required=lambda: {
        "url": drawing.urls(max_length=255),
        "category": image_categories(),
        "type": drawing.identifiers(max_length=4),
    },
    optional=lambda: {
        "thumbnail": drawing.urls(max_length=255),
        "width": drawing.integers(minimum=0, maximum=99999),
        "height": drawing.integers(minimum=0, maximum=99999),
    },
)


def images(
    *,
    url: SearchStrategy[str] | None = None,
    category: SearchStrategy[ImageCategory] | None = None,
    type: SearchStrategy[str] | None = None,
    thumbnail: SearchStrategy[str | None] | None = None,
    width: SearchStrategy[int | None] | None = None,
    height: SearchStrategy[int | None] | None = None,
) -> SearchStrategy[Image]:
    """Valid objects of the class Image.

    Section: mod_locations.md#414-image-class
    """
    return _images.strategy(url=url, category=category, type=type, thumbnail=thumbnail, width=width, height=height)


_regular_hours = Recipe(
    RegularHours,
    required=lambda: {
        "weekday": drawing.integers(minimum=1, maximum=7),
        "period_begin": drawing.times(),
        "period_end": drawing.times(),
    },
    ordered=(("period_begin", "period_end"),),
)


def regular_hours(
    *,
    weekday: SearchStrategy[int] | None = None,
    period_begin: SearchStrategy[str] | None = None,
    period_end: SearchStrategy[str] | None = None,
) -> SearchStrategy[RegularHours]:
    """Valid objects of the class RegularHours.

    Section: mod_locations.md#419-regularhours-class
    """
    return _regular_hours.strategy(weekday=weekday, period_begin=period_begin, period_end=period_end)


_status_schedules = Recipe(
    StatusSchedule,
    required=lambda: {
        "period_begin": drawing.date_times(),
        "status": statuses(),
    },
    optional=lambda: {
        "period_end": drawing.date_times(),
    },
    ordered=(("period_begin", "period_end"),),
)


def status_schedules(
    *,
    period_begin: SearchStrategy[datetime] | None = None,
    status: SearchStrategy[Status] | None = None,
    period_end: SearchStrategy[datetime | None] | None = None,
) -> SearchStrategy[StatusSchedule]:
    """Valid objects of the class StatusSchedule.

    Section: mod_locations.md#421-statusschedule-class
    """
    return _status_schedules.strategy(period_begin=period_begin, status=status, period_end=period_end)


def capabilities(*, unknown: bool = False) -> SearchStrategy[Capability]:
    """Members of Capability; with `unknown`, values as well that it does not list.

    Section: mod_locations.md#42-capability-enum
    """
    return drawing.enum_members(Capability, unknown=unknown)


def connector_formats(*, unknown: bool = False) -> SearchStrategy[ConnectorFormat]:
    """Members of ConnectorFormat; with `unknown`, values as well that it does not list.

    Section: mod_locations.md#43-connectorformat-enum
    """
    return drawing.enum_members(ConnectorFormat, unknown=unknown)


def connector_types(*, unknown: bool = False) -> SearchStrategy[ConnectorType]:
    """Members of ConnectorType; with `unknown`, values as well that it does not list.

    Section: mod_locations.md#44-connectortype-enum
    """
    return drawing.enum_members(ConnectorType, unknown=unknown)


def energy_source_categories(*, unknown: bool = False) -> SearchStrategy[EnergySourceCategory]:
    """Members of EnergySourceCategory; with `unknown`, values as well that it does not list.

    Section: mod_locations.md#47-energysourcecategory-enum
    """
    return drawing.enum_members(EnergySourceCategory, unknown=unknown)


def environmental_impact_categories(*, unknown: bool = False) -> SearchStrategy[EnvironmentalImpactCategory]:
    """Members of EnvironmentalImpactCategory; with `unknown`, values as well that it does not list.

    Section: mod_locations.md#49-environmentalimpactcategory-enum
    """
    return drawing.enum_members(EnvironmentalImpactCategory, unknown=unknown)


def facilities(*, unknown: bool = False) -> SearchStrategy[Facility]:
    """Members of Facility; with `unknown`, values as well that it does not list.

    Section: mod_locations.md#411-facility-enum
    """
    return drawing.enum_members(Facility, unknown=unknown)


def image_categories(*, unknown: bool = False) -> SearchStrategy[ImageCategory]:
    """Members of ImageCategory; with `unknown`, values as well that it does not list.

    Section: mod_locations.md#415-imagecategory-enum
    """
    return drawing.enum_members(ImageCategory, unknown=unknown)


def location_types(*, unknown: bool = False) -> SearchStrategy[LocationType]:
    """Members of LocationType; with `unknown`, values as well that it does not list.

    Section: mod_locations.md#416-locationtype-enum
    """
    return drawing.enum_members(LocationType, unknown=unknown)


def parking_restrictions(*, unknown: bool = False) -> SearchStrategy[ParkingRestriction]:
    """Members of ParkingRestriction; with `unknown`, values as well that it does not list.

    Section: mod_locations.md#417-parkingrestriction-enum
    """
    return drawing.enum_members(ParkingRestriction, unknown=unknown)


def power_types(*, unknown: bool = False) -> SearchStrategy[PowerType]:
    """Members of PowerType; with `unknown`, values as well that it does not list.

    Section: mod_locations.md#418-powertype-enum
    """
    return drawing.enum_members(PowerType, unknown=unknown)


def statuses(*, unknown: bool = False) -> SearchStrategy[Status]:
    """Members of Status; with `unknown`, values as well that it does not list.

    Section: mod_locations.md#420-status-enum
    """
    return drawing.enum_members(Status, unknown=unknown)
