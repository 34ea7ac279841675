"""Who this server is to its partners, and on what terms it registers (credentials.md, Credentials object)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from ocpi211.models.credentials import Credentials
from ocpi211.models.locations import BusinessDetails
from ocpi211_runtime.answers import Role

__all__ = ["OPPOSITE", "Identity", "RegistrationRules"]

OPPOSITE: Final[Mapping[Role, Role]] = MappingProxyType({"cpo": "emsp", "emsp": "cpo"})
"""A CPO meets the interface of an eMSP, and the other way round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Our own party."""

    public_url: str
    """How partners reach the routes, the mount included: `https://ocpi.example.com/ocpi`."""
    country_code: str
    party_id: str
    name: str
    website: str | None = None

    def credentials(self, token: str, partner: Role) -> Credentials:
        """Our Credentials for a partner of this role, which is to use this token towards us."""
        return Credentials(
            token=token,
            url=f"{self.public_url.rstrip('/')}/{OPPOSITE[partner]}/versions",
            business_details=BusinessDetails(name=self.name, website=self.website),
            party_id=self.party_id,
            country_code=self.country_code,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationRules:
    """What deployments and hubs differ in."""

    put: bool = True
    """Whether partners may change their registration by PUT."""
    rejoin_window: int = 0
    """Seconds after DELETE in which the old token is good for a new POST: how GIREVE updates."""
    rotate_by_put: bool = True
    """Whether we change a registration by PUT, or by DELETE and a new POST with the old token, as GIREVE does."""
    required: Mapping[Role, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))
    """The modules that a partner of this role must offer, besides credentials."""
    document_timeout: float = 10
    """Seconds for a partner's versions, and for its version details."""
    handshake_timeout: float = 30
    """Seconds for its answer to our Credentials: it reads both of our documents before it answers."""

    def missing(self, partner: Role, offered: Mapping[str, str]) -> list[str]:
        """The modules that a partner of this role does not offer, but must."""
        return sorted(({"credentials"} | self.required.get(partner, frozenset())) - offered.keys())
