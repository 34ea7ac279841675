# Written by ocpi_codegen from the spec (OCPI 2.1.1, GIREVE). Change the spec, not this file; then: nox -s generate

"""OCPI 2.1.1 Sessions: its objects, classes and enums.

The CPO's charging sessions while they run, pushed to or pulled by the eMSP.
"""

from pydantic import MISSING

from ocpi211.models.scalars import (
    DateTime,
    Number,
    OptionalString1To36,
    String1To36,
    String3,
    String36,
    String255,
)
from ocpi211_runtime.enums import OpenEnum
from ocpi211_runtime.model import OcpiModel, OcpiPatch

from .cdrs import AuthMethod, ChargingPeriod
from .locations import Location


class SessionStatus(OpenEnum):
    """Where a session stands.

    Section: mod_sessions.md#41-sessionstatus-enum
    """

    ACTIVE = "ACTIVE"
    """The driver is authorised and the EV connected; energy may or may not flow."""
    COMPLETED = "COMPLETED"
    """The session ended as it should and does not change any more."""
    INVALID = "INVALID"
    """The session does not count and is not billed."""
    PENDING = "PENDING"
    """The session has not begun and may never begin; every session starts here."""


class Session(OcpiModel):
    """One charging session, from before it starts until it is over. It is never deleted.

    Section: mod_sessions.md#31-session-object
    """

    id: String1To36
    """What identifies the session in the CPO's platform."""
    start_datetime: DateTime
    """When the session became active."""
    end_datetime: DateTime | None = None
    """When the session was over."""
    kwh: Number
    """Energy charged so far, in kWh."""
    auth_id: String36
    """The `auth_id` of the Token the session runs on."""
    auth_method: AuthMethod
    """How the driver was authorised."""
    location: Location
    """Where the session takes place, with only the EVSE and the Connector in use."""
    meter_id: String255 | None = None
    """Id of the meter that counts the kWh."""
    currency: String3
    """Currency of `total_cost`, ISO 4217."""
    charging_periods: list[ChargingPeriod] | None = None
    """The periods the session fell into so far, from which the cost can be followed."""
    total_cost: Number | None = None
    """What the eMSP will owe the CPO, in `currency`, without VAT. Zero is free of charge; absent says nothing about
    the price."""
    status: SessionStatus
    """Where the session stands."""
    last_updated: DateTime
    """When this Session was last changed or created."""
    authorization_id: OptionalString1To36 | None = None
    """GIREVE: The id the eMSP gave to the authorisation this session runs on."""


class SessionPatch(OcpiPatch):
    """Part of a Session, to change what it gives: absent fields stay, a null unsets an optional one.

    Section: mod_sessions.md#31-session-object
    """

    id: String1To36 | MISSING = MISSING
    """What identifies the session in the CPO's platform."""
    start_datetime: DateTime | MISSING = MISSING
    """When the session became active."""
    end_datetime: DateTime | None | MISSING = MISSING
    """When the session was over."""
    kwh: Number | MISSING = MISSING
    """Energy charged so far, in kWh."""
    auth_id: String36 | MISSING = MISSING
    """The `auth_id` of the Token the session runs on."""
    auth_method: AuthMethod | MISSING = MISSING
    """How the driver was authorised."""
    location: Location | MISSING = MISSING
    """Where the session takes place, with only the EVSE and the Connector in use."""
    meter_id: String255 | None | MISSING = MISSING
    """Id of the meter that counts the kWh."""
    currency: String3 | MISSING = MISSING
    """Currency of `total_cost`, ISO 4217."""
    charging_periods: list[ChargingPeriod] | None | MISSING = MISSING
    """The periods the session fell into so far, from which the cost can be followed."""
    total_cost: Number | None | MISSING = MISSING
    """What the eMSP will owe the CPO, in `currency`, without VAT. Zero is free of charge; absent says nothing about
    the price."""
    status: SessionStatus | MISSING = MISSING
    """Where the session stands."""
    last_updated: DateTime | MISSING = MISSING
    """When this Session was last changed or created."""
    authorization_id: OptionalString1To36 | None | MISSING = MISSING
    """GIREVE: The id the eMSP gave to the authorisation this session runs on."""


__all__ = [
    "Session",
    "SessionPatch",
    "SessionStatus",
]
