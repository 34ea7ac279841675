# Written by ocpi_codegen from the spec (OCPI 2.1.1, GIREVE). Change the spec, not this file; then: nox -s generate

"""OCPI 2.1.1 Commands: its objects, classes and enums.

Commands of the eMSP to a Charge Point. The CPO answers at once whether it passes a command on, and reports later
what the Charge Point made of it, at the URL the eMSP gave.
"""

from ocpi211.models.scalars import (
    URL,
    DateTime,
    Integer,
    OptionalString1To36,
    String36,
    String39,
)
from ocpi211_runtime.enums import OpenEnum
from ocpi211_runtime.model import OcpiModel

from .tokens import Token


class CommandResponseType(OpenEnum):
    """What became of a command.

    Section: mod_commands.md#41-commandresponsetype-enum
    """

    NOT_SUPPORTED = "NOT_SUPPORTED"
    """The CPO, the Charge Point or the EVSE cannot do this."""
    REJECTED = "REJECTED"
    """The CPO or the Charge Point refuses."""
    ACCEPTED = "ACCEPTED"
    """The CPO or the Charge Point agrees."""
    TIMEOUT = "TIMEOUT"
    """The Charge Point has not answered in time."""
    UNKNOWN_SESSION = "UNKNOWN_SESSION"
    """The CPO does not know the Session."""


class CommandResponse(OcpiModel):
    """What became of a command: as an answer, by the CPO; at `response_url`, by the Charge Point. There it is the
    whole body, without envelope.

    Section: mod_commands.md#31-commandresponse-object
    """

    result: CommandResponseType
    """What became of the command."""


class CommandType(OpenEnum):
    """Kind of command.

    Section: mod_commands.md#42-commandtype-enum
    """

    RESERVE_NOW = "RESERVE_NOW"
    """Reserve an EVSE for a Token, from now on."""
    START_SESSION = "START_SESSION"
    """Start a session at an EVSE."""
    STOP_SESSION = "STOP_SESSION"
    """Stop a running session."""
    UNLOCK_CONNECTOR = "UNLOCK_CONNECTOR"
    """Unlock a Connector; a help desk may ask for it, a driver never."""


class ReserveNow(OcpiModel):
    """Reserve an EVSE. The same Location and `reservation_id` once more replace the earlier reservation.

    Section: mod_commands.md#32-reservenow-object
    """

    response_url: URL
    """Where the CPO posts the result; best unique for this command."""
    token: Token
    """The Token to reserve for."""
    expiry_date: DateTime
    """When the reservation ends."""
    reservation_id: Integer
    """What identifies this reservation at the Charge Point."""
    location_id: String39
    """Id of the CPO's Location."""
    evse_uid: String39 | None = None
    """Uid of the EVSE at that Location; without it any EVSE is kept free."""


class StartSession(OcpiModel):
    """Start a session.

    Section: mod_commands.md#33-startsession-object
    """

    response_url: URL
    """Where the CPO posts the result; best unique for this command."""
    token: Token
    """The Token the session shall run on."""
    location_id: String39
    """Id of the CPO's Location."""
    evse_uid: String39 | None = None
    """Uid of the EVSE at that Location; without it the Charge Point chooses, if it can."""
    authorization_id: OptionalString1To36 | None = None
    """GIREVE: The eMSP's id of this authorisation. The CPO keeps it and repeats it in the Session and the CDR."""


class StopSession(OcpiModel):
    """Stop a session.

    Section: mod_commands.md#34-stopsession-object
    """

    response_url: URL
    """Where the CPO posts the result; best unique for this command."""
    session_id: String36
    """Id of the Session to stop."""
    authorization_id: OptionalString1To36 | None = None
    """GIREVE: The eMSP's id of the authorisation. The guide does not name it here, but the hub tolerates it."""


class UnlockConnector(OcpiModel):
    """Unlock a Connector.

    Section: mod_commands.md#35-unlockconnector-object
    """

    response_url: URL
    """Where the CPO posts the result; best unique for this command."""
    location_id: String39
    """Id of the CPO's Location."""
    evse_uid: String39
    """Uid of the EVSE at that Location."""
    connector_id: String36
    """Id of the Connector of that EVSE."""


__all__ = [
    "CommandResponse",
    "CommandResponseType",
    "CommandType",
    "ReserveNow",
    "StartSession",
    "StopSession",
    "UnlockConnector",
]
