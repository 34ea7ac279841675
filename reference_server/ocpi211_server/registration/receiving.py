"""A partner registers with us, changes its registration, or ends it (credentials.md, both roles).

What its token is good for decides what it may ask: who was invited may POST, who is registered may PUT and DELETE.
"""

from __future__ import annotations

import logging
from typing import Final

from ocpi211.models.credentials import Credentials
from ocpi211_runtime.errors import (
    CannotUseClientApi,
    InvalidParameters,
    MethodNotAllowed,
    MissingEndpoints,
    NotOffered,
    PeerError,
    Problem,
    Refusal,
    Timeout,
    Unauthorized,
    Unreachable,
    UnsupportedVersion,
)
from ocpi211_runtime.peer import Peer
from ocpi211_runtime.urls import origin
from ocpi211_server.correlation import called_party
from ocpi211_server.moments import now
from ocpi211_server.registration.auth import ServerCaller
from ocpi211_server.registration.calls import Gateway
from ocpi211_server.registration.exploring import explore, lacks_version
from ocpi211_server.registration.handshakes import Overtaken, Terms, TokenInUse, accept, end
from ocpi211_server.registration.identity import Identity, RegistrationRules
from ocpi211_server.registration.partners import Kind, Partner, Partners
from ocpi211_server.registration.vault import digest, new_token

__all__ = ["Registration"]

_log = logging.getLogger("ocpi211.registration")

_MAY_REGISTER: Final[frozenset[Kind]] = frozenset({"invitation", "offered", "leaving"})
# A partner that has a token we offered took it over from Credentials of ours: it is registered, whether or not we
# heard its answer.
_IS_REGISTERED: Final[frozenset[Kind]] = frozenset({"active", "offered"})


class Registration:
    """The four operations of credentials, for callers of both roles."""

    def __init__(self, partners: Partners, gateway: Gateway, identity: Identity, rules: RegistrationRules) -> None:
        self._partners = partners
        self._gateway = gateway
        self._identity = identity
        self._rules = rules

    def show(self, caller: ServerCaller) -> Credentials:
        """GET: our Credentials with the token the caller uses, from its request: only the hash of it is kept."""
        token = (caller.request.header("authorization") or "").partition(" ")[2]
        return self._identity.credentials(token, caller.partner.role)

    async def register(self, caller: ServerCaller, credentials: Credentials) -> Credentials:
        """POST: our Credentials for a partner that was invited.

        It may ask again with the same invitation for as long as it has not used the token it was given.
        """
        if caller.kind not in _MAY_REGISTER:
            raise MethodNotAllowed("This party is registered: change that with PUT, or end it with DELETE first.")
        return await self._take(caller, credentials)

    async def update(self, caller: ServerCaller, credentials: Credentials) -> Credentials:
        """PUT: our Credentials with a new token, after the partner's documents have been read again."""
        if not self._rules.put:
            raise MethodNotAllowed("A registration is changed by DELETE and a new POST here.")
        if caller.kind not in _IS_REGISTERED:
            raise MethodNotAllowed("This party is not registered: register with POST first.")
        return await self._take(caller, credentials)

    async def unregister(self, caller: ServerCaller) -> None:
        """DELETE: both tokens are void, but for what the rules grant to come back."""
        if caller.kind not in _IS_REGISTERED:
            raise MethodNotAllowed("This party is not registered.")
        database, window = self._partners.database, self._rules.rejoin_window
        if not await database.write(end, caller.partner.id, shown=caller.seq, window=window, now=now()):
            raise Unauthorized
        _log.info("%s %s has unregistered", caller.partner.role, caller.partner.party)

    async def _take(self, caller: ServerCaller, credentials: Credentials) -> Credentials:
        partner, issued = caller.partner, new_token()
        _check_party(partner, credentials)
        offered = digest(credentials.token)
        if await self._partners.database.read("SELECT seq FROM credential WHERE digest = $1", offered):
            raise _token_in_use()
        origins = _origins(partner, credentials.url)
        found = await self._call_back(partner, credentials, origins)
        terms = Terms(
            partner=partner.id,
            before=partner.secret,
            name=credentials.business_details.name,
            origins=origins,
            found=found,
            sealed=self._partners.vault.seal(credentials.token),
        )
        try:
            await self._partners.database.write(
                accept, terms, shown=caller.seq, offered=offered, issued=digest(issued), now=now()
            )
        except TokenInUse:
            raise _token_in_use() from None
        except Overtaken:
            raise Refusal("Another registration of this party has ended meanwhile. Send yours again.") from None
        _log.info("%s %s has registered", partner.role, partner.party)
        return self._identity.credentials(issued, partner.role)

    async def _call_back(self, partner: Partner, credentials: Credentials, origins: tuple[str, ...]) -> Peer:
        called_party.set(partner.party)
        try:
            return await explore(
                self._gateway,
                self._rules,
                role=partner.role,
                versions_url=credentials.url,
                token=credentials.token,
                origins=origins,
            )
        except PeerError as error:
            _log.warning("%s %s cannot register: %s", partner.role, partner.party, error)
            raise _refused(error) from None


def _check_party(partner: Partner, credentials: Credentials) -> None:
    problems = tuple(
        Problem(f"/{name}", "not_invited", f"Input should be {invited!r}", given)
        for name, invited, given in (
            ("country_code", partner.country_code, credentials.country_code),
            ("party_id", partner.party_id, credentials.party_id),
        )
        if given != invited
    )
    if problems:
        raise InvalidParameters("This is another party than the one invited.", problems=problems)


def _token_in_use() -> InvalidParameters:
    problem = Problem("/token", "in_use", "Input should be a token of your own making, made for us alone")
    return InvalidParameters("The token is in use already.", problems=(problem,))


def _origins(partner: Partner, url: str) -> tuple[str, ...]:
    """Where the partner's URLs may lead: what was approved, or on trust what it names first."""
    if partner.origins or not partner.trust_first:
        return partner.origins
    try:
        return (origin(url),)
    except ValueError:  # told when it is checked
        return ()


def _refused(error: PeerError) -> Refusal:
    """What the partner is told of what went wrong with it."""
    match error:
        case Timeout():
            reason = "no answer in time"
        case Unreachable():
            reason = "no answer"
        case _:
            reason = error.message
    problem = Problem("/url", "call_back", reason, error.url)
    if not isinstance(error, NotOffered):
        return CannotUseClientApi(f"Your versions could not be used: {reason}.", problems=(problem,))
    if lacks_version(error):
        return UnsupportedVersion(f"Your versions could not be used: {reason}.", problems=(problem,))
    return MissingEndpoints(f"Your version details could not be used: {reason}.", problems=(problem,))
