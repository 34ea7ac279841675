# Written by ocpi_codegen from the spec (OCPI 2.1.1, GIREVE). Change the spec, not this file; then: nox -s generate

"""OCPI 2.1.1 Credentials: its objects, classes and enums.

Registration, that is the exchange of tokens and of the URLs of both parties' versions. Before it answers a
registration or a change of one, the server fetches the client's versions and endpoints with the token offered.
Registering twice is refused with 405, and so is changing or ending a registration that does not exist.
"""

from ocpi211.models.scalars import (
    URL,
    Secret1To64,
    String1To2,
    String1To3,
)
from ocpi211_runtime.model import OcpiModel

from .locations import BusinessDetails


class Credentials(OcpiModel):
    """How the other party reaches this one, and who this one is.

    Section: credentials.md#21-credentials-object
    """

    token: Secret1To64
    """What the other party authenticates with in this party's system: printable ASCII without white space, sent as
    it is."""
    url: URL
    """Where this party lists its versions."""
    business_details: BusinessDetails
    """Name, website and logo of this party."""
    party_id: String1To3
    """Id of this party as CPO or eMSP, as in ISO 15118. It names the party in the URLs of its objects."""
    country_code: String1To2
    """Country this party works in, ISO 3166-1 alpha-2; together with `party_id` it is unique. A party of several
    countries may use that of its seat everywhere."""


__all__ = [
    "Credentials",
]
