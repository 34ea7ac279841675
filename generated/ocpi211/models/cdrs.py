# Written by ocpi_codegen from the spec (OCPI 2.1.1, GIREVE). Change the spec, not this file; then: nox -s generate

"""OCPI 2.1.1 CDRs: its objects, classes and enums.

Charge Detail Records, the CPO's account of sessions that are over and what the bill is made from. A CDR is never
changed and never removed.
"""

from typing import Annotated

from pydantic import Field

from ocpi211.models.scalars import (
    CiString1To36,
    CiString32,
    CiString36,
    DateTime,
    Integer,
    Number,
    OptionalString1To36,
    String3,
    String36,
    String255,
    String512,
    String5000,
    Text255,
)
from ocpi211_runtime.enums import OpenEnum
from ocpi211_runtime.model import OcpiModel

from .locations import Location
from .tariffs import Tariff


class AuthMethod(OpenEnum):
    """How a driver was authorised.

    Section: mod_cdrs.md#41-authmethod-enum
    """

    AUTH_REQUEST = "AUTH_REQUEST"
    """The eMSP was asked."""
    WHITELIST = "WHITELIST"
    """The CPO decided by its whitelist, without asking the eMSP."""


class CdrDimensionType(OpenEnum):
    """What a volume measures, and in which unit.

    Section: mod_cdrs.md#43-cdrdimensiontype-enum
    """

    ENERGY = "ENERGY"
    """Energy in kWh; steps of 1 Wh."""
    FLAT = "FLAT"
    """A flat fee, without unit."""
    MAX_CURRENT = "MAX_CURRENT"
    """Largest current reached, in A."""
    MIN_CURRENT = "MIN_CURRENT"
    """Smallest current used, in A."""
    PARKING_TIME = "PARKING_TIME"
    """Time not charging, in hours; steps of 1 second."""
    TIME = "TIME"
    """Time charging, in hours; steps of 1 second."""


class CdrDimension(OcpiModel):
    """How much of one dimension was consumed.

    Section: mod_cdrs.md#42-cdrdimension-class
    """

    type: CdrDimensionType
    """The dimension."""
    volume: Number
    """How much, in the unit of the dimension."""


class ChargingPeriod(OcpiModel):
    """A stretch of a session and what was consumed in it. It ends where the next one starts.

    Section: mod_cdrs.md#44-chargingperiod-class
    """

    start_date_time: DateTime
    """When the period started. The last one ends with the session."""
    dimensions: Annotated[list[CdrDimension], Field(min_length=1)]
    """What was consumed or measured in the period."""


class SignedValue(OcpiModel):
    """GIREVE: One signed value, plain and signed.

    Section: gireve:cpo_cdrs.md#send-the-signed-data-calibration-law--eichrecht
    """

    nature: CiString32
    """What the value belongs to, such as `Start`, `End` or `Intermediate`."""
    plain_data: String5000
    """The value before encoding, in the form `encoding_method` sets."""
    signed_data: String5000
    """The signed value, base64, in the form `encoding_method` sets."""


class SignedData(OcpiModel):
    """GIREVE: Signed values of a session and how to check them, the class of OCPI 2.2 and 2.2.1.

    Section: gireve:cpo_cdrs.md#send-the-signed-data-calibration-law--eichrecht
    """

    encoding_method: CiString36
    """Name of the encoding, as its maker calls it."""
    encoding_method_version: Integer | None = None
    """Version of the encoding."""
    public_key: String512 | None = None
    """The key to check the signature with, base64."""
    signed_values: Annotated[list[SignedValue], Field(min_length=1)]
    """The signed values."""
    url: String512 | None = None
    """Where a driver can check the signed values."""


class CDR(OcpiModel):
    """What a session that is over amounts to, and what the cost is made of.

    Section: mod_cdrs.md#31-cdr-object
    """

    id: CiString1To36
    """What identifies the CDR in the CPO's platform, its sub-operators included; case does not matter."""
    start_date_time: DateTime
    """When the session started."""
    stop_date_time: DateTime
    """When the session stopped."""
    auth_id: String36
    """The `auth_id` of the Token the session ran on."""
    auth_method: AuthMethod
    """How the driver was authorised."""
    location: Location
    """Where the session took place, with only the EVSE and the Connector that were in use."""
    meter_id: String255 | None = None
    """Id of the meter in the Charge Point."""
    currency: String3
    """Currency of `total_cost`, ISO 4217."""
    tariffs: list[Tariff] | None = None
    """The Tariffs that applied, one that is free of charge included."""
    charging_periods: Annotated[list[ChargingPeriod], Field(min_length=1)]
    """The periods the session consists of; a new one begins wherever another Tariff applies."""
    total_cost: Number
    """What the eMSP owes the CPO, in `currency`, without VAT."""
    total_energy: Number
    """Energy charged, in kWh."""
    total_time: Number
    """How long the session lasted in all, charging or not, in hours."""
    total_parking_time: Number | None = None
    """How long no energy flowed during the session, in hours; part of `total_time`."""
    remark: Text255 | None = None
    """A remark for people, such as why the session was stopped."""
    last_updated: DateTime
    """When this CDR was created; it does not change afterwards."""
    authorization_id: OptionalString1To36 | None = None
    """GIREVE: The id the eMSP gave to the authorisation the session ran on."""
    signed_data: SignedData | None = None
    """GIREVE: Signed meter values, as German calibration law asks for them; sent where both parties agreed on it."""


__all__ = [
    "CDR",
    "AuthMethod",
    "CdrDimension",
    "CdrDimensionType",
    "ChargingPeriod",
    "SignedData",
    "SignedValue",
]
