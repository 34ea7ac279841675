"""From the token of a request to the partner it belongs to (transport_and_format.md, Security and authentication).

One indexed read a request at most. A write happens once in the life of a token: when its first use shows that the
partner has it, and so makes an end of those it replaces (credentials.md, Updating the credentials).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from ocpi211_runtime.answers import Caller, Incoming
from ocpi211_server.correlation import note_caller
from ocpi211_server.moments import now
from ocpi211_server.registration.handshakes import confirm
from ocpi211_server.registration.partners import Kind, Partner, Partners, Presented

__all__ = ["HANDSHAKE", "Authenticator", "ServerCaller"]

HANDSHAKE: Final = frozenset({"versions", "version_details", "credentials"})
"""The endpoints that registration needs."""


@dataclass(frozen=True, kw_only=True)
class ServerCaller(Caller):
    """A partner that asks."""

    partner: Partner
    kind: Kind
    """What its token is good for."""
    seq: int = field(repr=False)
    """Which of the tokens that were issued to it."""

    @classmethod
    def of(cls, caller: Caller) -> ServerCaller:
        """The caller as this server's authentication made it. TypeError if it did not."""
        if not isinstance(caller, cls):
            raise TypeError(f"{type(caller).__name__} was not authenticated by this server")
        return caller

    def may_write_for(self, country_code: str, party_id: str) -> bool:
        """Its own objects; behind a hub, those of anybody."""
        return self.partner.hub or super().may_write_for(country_code, party_id)


class Authenticator:
    """`Authenticate` of the routes: None for a token that is not good for what is asked."""

    def __init__(self, partners: Partners) -> None:
        self._partners = partners

    async def __call__(self, token: str, request: Incoming) -> ServerCaller | None:
        """Who asks. A CPO asks `/emsp/…`, an eMSP `/cpo/…`: the other leg is closed to it."""
        shown = await self._partners.by_token(token)
        if shown is None or not _valid(shown) or shown.partner.role == request.operation.role:
            return None
        handshake = request.operation.endpoint in HANDSHAKE
        if not handshake and shown.kind in ("invitation", "leaving"):
            return None
        # Who reads our versions with a token just offered may refuse the Credentials it came with. Any other use
        # shows that the partner took the token over.
        proof = shown.older if shown.kind == "active" else shown.kind == "offered" and not handshake
        if proof and not await self._partners.database.write(confirm, shown.partner.id, shown.seq):
            return None
        partner = shown.partner
        note_caller(partner.party)
        return ServerCaller(
            partner.role,
            partner.country_code,
            partner.party_id,
            partner=partner,
            kind=shown.kind,
            seq=shown.seq,
            request=request,  # now, and no copy has to be made for it
        )


def _valid(shown: Presented) -> bool:
    alive = shown.expires is None or shown.expires > now()
    return alive and shown.partner.state not in ("suspended", "revoked")
