# Written by ocpi_codegen from the spec (OCPI 2.1.1, GIREVE). Change the spec, not this file; then: nox -s generate

"""OCPI 2.1.1 Locations: its objects, classes and enums.

The CPO's Locations with their EVSEs and Connectors, pulled by or pushed to the eMSP.
"""

from typing import Annotated, ClassVar

from pydantic import MISSING, Field

from ocpi211.models.scalars import (
    URL,
    Boolean,
    DateTime,
    Integer,
    Integer0To99999,
    Integer1To7,
    Latitude,
    Longitude,
    Number,
    OptionalURL,
    PeriodBegin,
    PeriodEnd,
    String1To36,
    String1To39,
    String3,
    String4,
    String10,
    String36,
    String48,
    String255,
    Text4,
    Text16,
    Text45,
    Text64,
    Text100,
    Text255,
)
from ocpi211_runtime.enums import OpenEnum
from ocpi211_runtime.model import ExclusiveModel, OcpiModel, OcpiPatch

from .common import DisplayText


class AdditionalGeoLocation(OcpiModel):
    """A point near a Location that a driver may need. WGS 84.

    Section: mod_locations.md#41-additionalgeolocation-class
    """

    latitude: Latitude
    """Latitude in degrees with six decimals."""
    longitude: Longitude
    """Longitude in degrees with six decimals."""
    name: DisplayText | None = None
    """Name of the point, in the local language or as signposted."""


class Capability(OpenEnum):
    """What an EVSE can do.

    Section: mod_locations.md#42-capability-enum
    """

    CHARGING_PROFILE_CAPABLE = "CHARGING_PROFILE_CAPABLE"
    """It follows charging profiles. OCPI 2.1.1 has no way to send one."""
    CREDIT_CARD_PAYABLE = "CREDIT_CARD_PAYABLE"
    """It takes credit cards."""
    REMOTE_START_STOP_CAPABLE = "REMOTE_START_STOP_CAPABLE"
    """A session can be started and stopped from afar."""
    RESERVABLE = "RESERVABLE"
    """It can be reserved."""
    RFID_READER = "RFID_READER"
    """It reads RFID Tokens."""
    UNLOCK_CAPABLE = "UNLOCK_CAPABLE"
    """It locks its Connectors, and the eMSP can ask to unlock one."""


class ConnectorFormat(OpenEnum):
    """Whether a Connector is a socket or a cable.

    Section: mod_locations.md#43-connectorformat-enum
    """

    SOCKET = "SOCKET"
    """A socket; the driver brings the cable."""
    CABLE = "CABLE"
    """A cable that is attached; the vehicle has the inlet for it."""


class ConnectorType(OpenEnum):
    """The standard of a socket or plug.

    Section: mod_locations.md#44-connectortype-enum
    """

    CHADEMO = "CHADEMO"
    """CHAdeMO, direct current."""
    DOMESTIC_A = "DOMESTIC_A"
    """Household type A (NEMA 1-15), two pins."""
    DOMESTIC_B = "DOMESTIC_B"
    """Household type B (NEMA 5-15), three pins."""
    DOMESTIC_C = "DOMESTIC_C"
    """Household type C (CEE 7/17), two pins."""
    DOMESTIC_D = "DOMESTIC_D"
    """Household type D, three pins."""
    DOMESTIC_E = "DOMESTIC_E"
    """Household type E (CEE 7/5), three pins."""
    DOMESTIC_F = "DOMESTIC_F"
    """Household type F (CEE 7/4, Schuko), three pins."""
    DOMESTIC_G = "DOMESTIC_G"
    """Household type G (BS 1363), three pins."""
    DOMESTIC_H = "DOMESTIC_H"
    """Household type H (SI-32), three pins."""
    DOMESTIC_I = "DOMESTIC_I"
    """Household type I (AS 3112), three pins."""
    DOMESTIC_J = "DOMESTIC_J"
    """Household type J (SEV 1011), three pins."""
    DOMESTIC_K = "DOMESTIC_K"
    """Household type K (DS 60884-2-D1), three pins."""
    DOMESTIC_L = "DOMESTIC_L"
    """Household type L (CEI 23-16-VII), three pins."""
    IEC_60309_2_single_16 = "IEC_60309_2_single_16"
    """Industrial, IEC 60309-2, one phase, 16 A, mostly blue."""
    IEC_60309_2_three_16 = "IEC_60309_2_three_16"
    """Industrial, IEC 60309-2, three phases, 16 A, mostly red."""
    IEC_60309_2_three_32 = "IEC_60309_2_three_32"
    """Industrial, IEC 60309-2, three phases, 32 A, mostly red."""
    IEC_60309_2_three_64 = "IEC_60309_2_three_64"
    """Industrial, IEC 60309-2, three phases, 64 A, mostly red."""
    IEC_62196_T1 = "IEC_62196_T1"
    """IEC 62196 type 1 (SAE J1772)."""
    IEC_62196_T1_COMBO = "IEC_62196_T1_COMBO"
    """Combo on type 1, direct current."""
    IEC_62196_T2 = "IEC_62196_T2"
    """IEC 62196 type 2 (Mennekes)."""
    IEC_62196_T2_COMBO = "IEC_62196_T2_COMBO"
    """Combo on type 2, direct current."""
    IEC_62196_T3A = "IEC_62196_T3A"
    """IEC 62196 type 3A."""
    IEC_62196_T3C = "IEC_62196_T3C"
    """IEC 62196 type 3C (Scame)."""
    TESLA_R = "TESLA_R"
    """Tesla's connector of the Roadster, round, four pins."""
    TESLA_S = "TESLA_S"
    """Tesla's connector of the Model S, oval, five pins."""


class EnergySourceCategory(OpenEnum):
    """A source of energy.

    Section: mod_locations.md#47-energysourcecategory-enum
    """

    NUCLEAR = "NUCLEAR"
    """Nuclear power."""
    GENERAL_FOSSIL = "GENERAL_FOSSIL"
    """Fossil fuel of any kind."""
    COAL = "COAL"
    """Coal."""
    GAS = "GAS"
    """Natural gas."""
    GENERAL_GREEN = "GENERAL_GREEN"
    """Renewable energy of any kind."""
    SOLAR = "SOLAR"
    """Photovoltaics."""
    WIND = "WIND"
    """Wind turbines."""
    WATER = "WATER"
    """Water turbines."""


class EnergySource(OcpiModel):
    """A source of energy and its share. The shares of one mix add up to 100.

    Section: mod_locations.md#46-energysource-class
    """

    source: EnergySourceCategory
    """The source."""
    percentage: Number
    """Its share in percent, from 0 to 100."""


class EnvironmentalImpactCategory(OpenEnum):
    """A burden on the environment.

    Section: mod_locations.md#49-environmentalimpactcategory-enum
    """

    NUCLEAR_WASTE = "NUCLEAR_WASTE"
    """Nuclear waste, in g/kWh."""
    CARBON_DIOXIDE = "CARBON_DIOXIDE"
    """Carbon dioxide, in g/kWh."""


class EnvironmentalImpact(OcpiModel):
    """A burden on the environment and its amount per kWh.

    Section: mod_locations.md#48-environmentalimpact-class
    """

    source: EnvironmentalImpactCategory
    """The burden. Later versions of OCPI name this property `category`."""
    amount: Number
    """Its amount in g/kWh."""


class EnergyMix(OcpiModel):
    """Where the energy of a Location or Tariff comes from, and what it costs the environment.

    Section: mod_locations.md#45-energymix-class
    """

    is_green_energy: Boolean
    """Whether all of it is renewable, without CO2 and nuclear waste."""
    energy_sources: list[EnergySource] | None = None
    """The sources and their shares."""
    environ_impact: list[EnvironmentalImpact] | None = None
    """The nuclear waste and CO2 that come with it."""
    supplier_name: Text64 | None = None
    """Name of the energy supplier."""
    energy_product_name: Text64 | None = None
    """Name of the supplier's product."""


class ExceptionalPeriod(OcpiModel):
    """A period in which a Location is open or closed against its regular hours.

    Section: mod_locations.md#410-exceptionalperiod-class
    """

    period_begin: DateTime
    """When it begins."""
    period_end: DateTime
    """When it ends."""


class Facility(OpenEnum):
    """What else is found at a Location.

    Section: mod_locations.md#411-facility-enum
    """

    HOTEL = "HOTEL"
    """Hotel."""
    RESTAURANT = "RESTAURANT"
    """Restaurant."""
    CAFE = "CAFE"
    """Café."""
    MALL = "MALL"
    """Shopping centre."""
    SUPERMARKET = "SUPERMARKET"
    """Supermarket."""
    SPORT = "SPORT"
    """Gym, pitch or other place for sport."""
    RECREATION_AREA = "RECREATION_AREA"
    """Recreation area."""
    NATURE = "NATURE"
    """Park or nature reserve, there or close by."""
    MUSEUM = "MUSEUM"
    """Museum."""
    BUS_STOP = "BUS_STOP"
    """Bus stop."""
    TAXI_STAND = "TAXI_STAND"
    """Taxi rank."""
    TRAIN_STATION = "TRAIN_STATION"
    """Railway station."""
    AIRPORT = "AIRPORT"
    """Airport."""
    CARPOOL_PARKING = "CARPOOL_PARKING"
    """Car park for sharing rides."""
    FUEL_STATION = "FUEL_STATION"
    """Filling station."""
    WIFI = "WIFI"
    """Wi-Fi or other access to the internet."""


class GeoLocation(OcpiModel):
    """A point on the earth. WGS 84.

    Section: mod_locations.md#412-geolocation-class
    """

    latitude: Latitude
    """Latitude in degrees with six decimals."""
    longitude: Longitude
    """Longitude in degrees with six decimals."""


class ImageCategory(OpenEnum):
    """What an image shows.

    Section: mod_locations.md#415-imagecategory-enum
    """

    CHARGER = "CHARGER"
    """The device with one or more EVSEs."""
    ENTRANCE = "ENTRANCE"
    """The way in from the street."""
    LOCATION = "LOCATION"
    """The whole place."""
    NETWORK = "NETWORK"
    """Logo of the roaming network."""
    OPERATOR = "OPERATOR"
    """Logo of the operator; shown in lists where no logo of the network is given."""
    OTHER = "OTHER"
    """Anything else."""
    OWNER = "OWNER"
    """Logo of the owner, such as a shop."""


class Image(OcpiModel):
    """An image of a Location, an EVSE or a company, fetched by its URL.

    Section: mod_locations.md#414-image-class
    """

    url: URL
    """Where the image is."""
    thumbnail: OptionalURL | None = None
    """Where a small version of it is."""
    category: ImageCategory
    """What it shows."""
    type: String4
    """File type, such as `jpeg`, `png` or `svg`."""
    width: Integer0To99999 | None = None
    """Width in pixels, of the full image."""
    height: Integer0To99999 | None = None
    """Height in pixels, of the full image."""


class BusinessDetails(OcpiModel):
    """A company, as it is shown to drivers.

    Section: mod_locations.md#41-businessdetails-class
    """

    name: Text100
    """Name of the company."""
    website: OptionalURL | None = None
    """Its website."""
    logo: Image | None = None
    """Its logo."""


class LocationType(OpenEnum):
    """Kind of place.

    Section: mod_locations.md#416-locationtype-enum
    """

    ON_STREET = "ON_STREET"
    """On the street or elsewhere in public space."""
    PARKING_GARAGE = "PARKING_GARAGE"
    """A car park with several floors."""
    UNDERGROUND_GARAGE = "UNDERGROUND_GARAGE"
    """A car park with several floors, most of them below ground."""
    PARKING_LOT = "PARKING_LOT"
    """An open car park, such as that of a supermarket."""
    OTHER = "OTHER"
    """None of the others."""
    UNKNOWN = "UNKNOWN"
    """The operator does not know; what to send if nothing better is known."""


class ParkingRestriction(OpenEnum):
    """Who may park in front of an EVSE.

    Section: mod_locations.md#417-parkingrestriction-enum
    """

    EV_ONLY = "EV_ONLY"
    """Electric vehicles only."""
    PLUGGED = "PLUGGED"
    """Vehicles that are plugged in only."""
    DISABLED = "DISABLED"
    """Disabled people with a permit."""
    CUSTOMERS = "CUSTOMERS"
    """Customers or guests, as of a shop or hotel."""
    MOTORCYCLES = "MOTORCYCLES"
    """Motorcycles or scooters only."""


class PowerType(OpenEnum):
    """Kind of current.

    Section: mod_locations.md#418-powertype-enum
    """

    AC_1_PHASE = "AC_1_PHASE"
    """Alternating current, one phase."""
    AC_3_PHASE = "AC_3_PHASE"
    """Alternating current, three phases."""
    DC = "DC"
    """Direct current."""


class Connector(OcpiModel):
    """A socket or cable of an EVSE.

    Section: mod_locations.md#33-connector-object
    """

    id: String1To36
    """Unique within its EVSE only."""
    standard: ConnectorType
    """The standard it is built to."""
    format: ConnectorFormat
    """Socket or cable."""
    power_type: PowerType
    """Alternating or direct current, and its phases."""
    voltage: Integer
    """Voltage in V; with AC_3_PHASE that between line and neutral."""
    amperage: Integer
    """The largest current in A."""
    tariff_id: String36 | None = None
    """Id of the Tariff that applies now. Charging for free is a Tariff too."""
    terms_and_conditions: OptionalURL | None = None
    """The operator's terms."""
    last_updated: DateTime
    """When this Connector was last changed or created."""


class ConnectorPatch(OcpiPatch):
    """Part of a Connector, to change what it gives: absent fields stay, a null unsets an optional one.

    Section: mod_locations.md#33-connector-object
    """

    id: String1To36 | MISSING = MISSING
    """Unique within its EVSE only."""
    standard: ConnectorType | MISSING = MISSING
    """The standard it is built to."""
    format: ConnectorFormat | MISSING = MISSING
    """Socket or cable."""
    power_type: PowerType | MISSING = MISSING
    """Alternating or direct current, and its phases."""
    voltage: Integer | MISSING = MISSING
    """Voltage in V; with AC_3_PHASE that between line and neutral."""
    amperage: Integer | MISSING = MISSING
    """The largest current in A."""
    tariff_id: String36 | None | MISSING = MISSING
    """Id of the Tariff that applies now. Charging for free is a Tariff too."""
    terms_and_conditions: OptionalURL | None | MISSING = MISSING
    """The operator's terms."""
    last_updated: DateTime | MISSING = MISSING
    """When this Connector was last changed or created."""


class RegularHours(OcpiModel):
    """Opening hours on one weekday.

    Section: mod_locations.md#419-regularhours-class
    """

    weekday: Integer1To7
    """The weekday, 1 is Monday and 7 Sunday."""
    period_begin: PeriodBegin
    """When it opens, hours and minutes of the 24-hour clock."""
    period_end: PeriodEnd
    """When it closes, in the same form and later than `period_begin`."""


class Hours(ExclusiveModel):
    """When a Location can be reached: always, or by weekday, with exceptions. `twentyfourseven: true` and
    `regular_hours` exclude each other; `false` beside hours is accepted, since the text's own example has it.

    Section: mod_locations.md#413-hours-class
    """

    exclusive: ClassVar[tuple[tuple[str, str], ...]] = (("twentyfourseven", "regular_hours"),)

    regular_hours: list[RegularHours] | None = None
    """The hours by weekday."""
    twentyfourseven: Boolean | None = None
    """Whether it is open all day, all week, the exceptions aside."""
    exceptional_openings: list[ExceptionalPeriod] | None = None
    """When it is open in addition."""
    exceptional_closings: list[ExceptionalPeriod] | None = None
    """When it is closed, whatever the regular hours and the exceptional openings say; the latter it should not
    overlap."""


class Status(OpenEnum):
    """The status of an EVSE.

    Section: mod_locations.md#420-status-enum
    """

    AVAILABLE = "AVAILABLE"
    """Ready for a session."""
    BLOCKED = "BLOCKED"
    """Out of reach, for example because of a parked car."""
    CHARGING = "CHARGING"
    """In use."""
    INOPERATIVE = "INOPERATIVE"
    """Not in operation yet, or no longer."""
    OUTOFORDER = "OUTOFORDER"
    """Out of order."""
    PLANNED = "PLANNED"
    """Planned, soon in operation."""
    REMOVED = "REMOVED"
    """Gone. This is how an EVSE is deleted."""
    RESERVED = "RESERVED"
    """Kept for one driver, unavailable to the others."""
    UNKNOWN = "UNKNOWN"
    """The status is not known, for example because the EVSE is offline."""


class StatusSchedule(OcpiModel):
    """A status planned for a period to come.

    Section: mod_locations.md#421-statusschedule-class
    """

    period_begin: DateTime
    """When it begins."""
    period_end: DateTime | None = None
    """When it ends, if that is known."""
    status: Status
    """The status in that period."""


class EVSE(OcpiModel):
    """What controls the supply of power to one vehicle in one session. Of its Connectors only one can be in use at a
    time.

    Section: mod_locations.md#32-evse-object
    """

    uid: String1To39
    """The technical id, unique within the CPO's platform, its sub-operators included. Never changes. To people, show
    `evse_id`."""
    evse_id: String48 | None = None
    """The EVSE ID of eMI3. A removed EVSE may give its own away and go without."""
    status: Status
    """The status now."""
    status_schedule: list[StatusSchedule] | None = None
    """The statuses planned. They only inform; a status that does change is pushed."""
    capabilities: list[Capability] | None = None
    """What the EVSE can do."""
    connectors: Annotated[list[Connector], Field(min_length=1)]
    """The Connectors of this EVSE."""
    floor_level: Text4 | None = None
    """The floor, numbered the way it is done in that building."""
    coordinates: GeoLocation | None = None
    """Where the EVSE is."""
    physical_reference: Text16 | None = None
    """The number or name printed on the EVSE."""
    directions: list[DisplayText] | None = None
    """How to find this EVSE once at the Location, in one or more languages."""
    parking_restrictions: list[ParkingRestriction] | None = None
    """Who may park there."""
    images: list[Image] | None = None
    """Photos and logos of the EVSE."""
    last_updated: DateTime
    """When this EVSE, or a Connector of it, was last changed or created."""


class EVSEPatch(OcpiPatch):
    """Part of a EVSE, to change what it gives: absent fields stay, a null unsets an optional one.

    Section: mod_locations.md#32-evse-object
    """

    uid: String1To39 | MISSING = MISSING
    """The technical id, unique within the CPO's platform, its sub-operators included. Never changes. To people, show
    `evse_id`."""
    evse_id: String48 | None | MISSING = MISSING
    """The EVSE ID of eMI3. A removed EVSE may give its own away and go without."""
    status: Status | MISSING = MISSING
    """The status now."""
    status_schedule: list[StatusSchedule] | None | MISSING = MISSING
    """The statuses planned. They only inform; a status that does change is pushed."""
    capabilities: list[Capability] | None | MISSING = MISSING
    """What the EVSE can do."""
    connectors: Annotated[list[Connector] | MISSING, Field(min_length=1)] = MISSING
    """The Connectors of this EVSE."""
    floor_level: Text4 | None | MISSING = MISSING
    """The floor, numbered the way it is done in that building."""
    coordinates: GeoLocation | None | MISSING = MISSING
    """Where the EVSE is."""
    physical_reference: Text16 | None | MISSING = MISSING
    """The number or name printed on the EVSE."""
    directions: list[DisplayText] | None | MISSING = MISSING
    """How to find this EVSE once at the Location, in one or more languages."""
    parking_restrictions: list[ParkingRestriction] | None | MISSING = MISSING
    """Who may park there."""
    images: list[Image] | None | MISSING = MISSING
    """Photos and logos of the EVSE."""
    last_updated: DateTime | MISSING = MISSING
    """When this EVSE, or a Connector of it, was last changed or created."""


class Location(OcpiModel):
    """A place to charge at, with the EVSEs that belong together there, or the entrance to them.

    Section: mod_locations.md#31-location-object
    """

    id: String1To39
    """Unique within the CPO's platform, its sub-operators included. Never changes."""
    type: LocationType
    """Kind of place."""
    name: Text255 | None = None
    """The name to show."""
    address: Text45
    """Street, or block, with the house number if there is one."""
    city: Text45
    """City, town or village."""
    postal_code: String10
    """Postal code."""
    country: String3
    """Country, ISO 3166-1 alpha-3."""
    coordinates: GeoLocation
    """Where the Location is."""
    related_locations: list[AdditionalGeoLocation] | None = None
    """Other points a driver may need, such as an entrance."""
    evses: list[EVSE] | None = None
    """The EVSEs of this Location. Without a valid one, the Location is no longer shown."""
    directions: list[DisplayText] | None = None
    """How to get to the Location, in one or more languages."""
    operator: BusinessDetails | None = None
    """Who operates the Location. If absent, the business details of the credentials tell."""
    suboperator: BusinessDetails | None = None
    """Who operates it on the operator's behalf."""
    owner: BusinessDetails | None = None
    """Who owns the Location."""
    facilities: list[Facility] | None = None
    """What else is found at this place."""
    time_zone: String255 | None = None
    """Time zone of the Location, a name of the IANA database such as `Europe/Brussels`."""
    opening_times: Hours | None = None
    """When the EVSEs can be reached for charging."""
    charging_when_closed: Boolean | None = None
    """Whether charging goes on outside the opening times. Absent means true. Absent means true."""
    images: list[Image] | None = None
    """Photos and logos of the Location."""
    energy_mix: EnergyMix | None = None
    """Where the energy supplied here comes from."""
    last_updated: DateTime
    """When this Location, or an EVSE or Connector of it, was last changed or created."""


class LocationPatch(OcpiPatch):
    """Part of a Location, to change what it gives: absent fields stay, a null unsets an optional one.

    Section: mod_locations.md#31-location-object
    """

    id: String1To39 | MISSING = MISSING
    """Unique within the CPO's platform, its sub-operators included. Never changes."""
    type: LocationType | MISSING = MISSING
    """Kind of place."""
    name: Text255 | None | MISSING = MISSING
    """The name to show."""
    address: Text45 | MISSING = MISSING
    """Street, or block, with the house number if there is one."""
    city: Text45 | MISSING = MISSING
    """City, town or village."""
    postal_code: String10 | MISSING = MISSING
    """Postal code."""
    country: String3 | MISSING = MISSING
    """Country, ISO 3166-1 alpha-3."""
    coordinates: GeoLocation | MISSING = MISSING
    """Where the Location is."""
    related_locations: list[AdditionalGeoLocation] | None | MISSING = MISSING
    """Other points a driver may need, such as an entrance."""
    evses: list[EVSE] | None | MISSING = MISSING
    """The EVSEs of this Location. Without a valid one, the Location is no longer shown."""
    directions: list[DisplayText] | None | MISSING = MISSING
    """How to get to the Location, in one or more languages."""
    operator: BusinessDetails | None | MISSING = MISSING
    """Who operates the Location. If absent, the business details of the credentials tell."""
    suboperator: BusinessDetails | None | MISSING = MISSING
    """Who operates it on the operator's behalf."""
    owner: BusinessDetails | None | MISSING = MISSING
    """Who owns the Location."""
    facilities: list[Facility] | None | MISSING = MISSING
    """What else is found at this place."""
    time_zone: String255 | None | MISSING = MISSING
    """Time zone of the Location, a name of the IANA database such as `Europe/Brussels`."""
    opening_times: Hours | None | MISSING = MISSING
    """When the EVSEs can be reached for charging."""
    charging_when_closed: Boolean | None | MISSING = MISSING
    """Whether charging goes on outside the opening times. Absent means true. Absent means true."""
    images: list[Image] | None | MISSING = MISSING
    """Photos and logos of the Location."""
    energy_mix: EnergyMix | None | MISSING = MISSING
    """Where the energy supplied here comes from."""
    last_updated: DateTime | MISSING = MISSING
    """When this Location, or an EVSE or Connector of it, was last changed or created."""


__all__ = [
    "EVSE",
    "AdditionalGeoLocation",
    "BusinessDetails",
    "Capability",
    "Connector",
    "ConnectorFormat",
    "ConnectorPatch",
    "ConnectorType",
    "EVSEPatch",
    "EnergyMix",
    "EnergySource",
    "EnergySourceCategory",
    "EnvironmentalImpact",
    "EnvironmentalImpactCategory",
    "ExceptionalPeriod",
    "Facility",
    "GeoLocation",
    "Hours",
    "Image",
    "ImageCategory",
    "Location",
    "LocationPatch",
    "LocationType",
    "ParkingRestriction",
    "PowerType",
    "RegularHours",
    "Status",
    "StatusSchedule",
]
