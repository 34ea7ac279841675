# Written by ocpi_codegen from the spec (OCPI 2.1.1, GIREVE). Change the spec, not this file; then: nox -s generate

"""OCPI 2.1.1 Tokens: its objects, classes and enums.

The eMSP's Tokens, pushed to or pulled by the CPO, and the question whether one may charge now.
"""

from pydantic import MISSING

from ocpi211.models.scalars import (
    Boolean,
    DateTime,
    OptionalString1To36,
    String1To36,
    String2,
    String36,
    String39,
    Text64,
)
from ocpi211_runtime.enums import OpenEnum
from ocpi211_runtime.model import OcpiModel, OcpiPatch

from .common import DisplayText


class Allowed(OpenEnum):
    """Whether a Token may charge.

    Section: mod_tokens.md#41-allowed-enum
    """

    ALLOWED = "ALLOWED"
    """The Token may charge here."""
    BLOCKED = "BLOCKED"
    """The Token is blocked."""
    EXPIRED = "EXPIRED"
    """The Token has expired."""
    NO_CREDIT = "NO_CREDIT"
    """The account behind the Token lacks the credit to charge here."""
    NOT_ALLOWED = "NOT_ALLOWED"
    """The Token is valid, but may not charge here."""


class LocationReferences(OcpiModel):
    """A Location, and which of its EVSEs and Connectors are meant.

    Section: mod_tokens.md#42-locationreferences-class
    """

    location_id: String39
    """Id of the Location."""
    evse_uids: list[String39] | None = None
    """Uids of EVSEs of that Location."""
    connector_ids: list[String36] | None = None
    """Ids of Connectors of those EVSEs."""


class AuthorizationInfo(OcpiModel):
    """The eMSP's answer to the question whether a Token may charge.

    Section: mod_tokens.md#31-authorizationinfo-object
    """

    allowed: Allowed
    """Whether the Token may charge, at the Location that was asked for if there was one."""
    location: LocationReferences | None = None
    """The Location, if one was asked for and the driver may charge there, with only those of its EVSEs and
    Connectors the driver may use."""
    info: DisplayText | None = None
    """A word to the driver."""
    authorization_id: OptionalString1To36 | None = None
    """GIREVE: The eMSP's id of this authorisation. The CPO keeps it and repeats it in the Session and the CDR."""


class TokenType(OpenEnum):
    """Kind of Token.

    Section: mod_tokens.md#43-tokentype-enum
    """

    OTHER = "OTHER"
    """Any other kind."""
    RFID = "RFID"
    """An RFID card or tag."""


class WhitelistType(OpenEnum):
    """When the CPO may decide about a Token by itself.

    Section: mod_tokens.md#44-whitelisttype-enum
    """

    ALWAYS = "ALWAYS"
    """The CPO always decides; the eMSP cannot be asked."""
    ALLOWED = "ALLOWED"
    """The CPO may decide, or may ask the eMSP."""
    ALLOWED_OFFLINE = "ALLOWED_OFFLINE"
    """The CPO may decide only while it cannot reach the eMSP."""
    NEVER = "NEVER"
    """The CPO must always ask the eMSP."""


class Token(OcpiModel):
    """What a driver identifies with, and whether the eMSP lets it charge without being asked.

    Section: mod_tokens.md#32-token-object
    """

    uid: String1To36
    """What the CPO's system identifies the Token by, mostly the hidden number an RFID reader reads."""
    type: TokenType
    """Type of the Token. `uid` and `type` together are unique within the eMSP."""
    auth_id: String36
    """The driver's contract within the eMSP's platform, best an eMA id of eMI3."""
    visual_number: Text64 | None = None
    """The number printed on the card."""
    issuer: Text64
    """The company that issued the Token, mostly the name printed on the card."""
    valid: Boolean
    """Whether the Token is valid. A Token is never deleted, only made invalid."""
    whitelist: WhitelistType
    """Whether the CPO may decide without asking the eMSP."""
    language: String2 | None = None
    """Language the driver prefers, ISO 639-1."""
    last_updated: DateTime
    """When this Token was last changed or created."""


class TokenPatch(OcpiPatch):
    """Part of a Token, to change what it gives: absent fields stay, a null unsets an optional one.

    Section: mod_tokens.md#32-token-object
    """

    uid: String1To36 | MISSING = MISSING
    """What the CPO's system identifies the Token by, mostly the hidden number an RFID reader reads."""
    type: TokenType | MISSING = MISSING
    """Type of the Token. `uid` and `type` together are unique within the eMSP."""
    auth_id: String36 | MISSING = MISSING
    """The driver's contract within the eMSP's platform, best an eMA id of eMI3."""
    visual_number: Text64 | None | MISSING = MISSING
    """The number printed on the card."""
    issuer: Text64 | MISSING = MISSING
    """The company that issued the Token, mostly the name printed on the card."""
    valid: Boolean | MISSING = MISSING
    """Whether the Token is valid. A Token is never deleted, only made invalid."""
    whitelist: WhitelistType | MISSING = MISSING
    """Whether the CPO may decide without asking the eMSP."""
    language: String2 | None | MISSING = MISSING
    """Language the driver prefers, ISO 639-1."""
    last_updated: DateTime | MISSING = MISSING
    """When this Token was last changed or created."""


__all__ = [
    "Allowed",
    "AuthorizationInfo",
    "LocationReferences",
    "Token",
    "TokenPatch",
    "TokenType",
    "WhitelistType",
]
