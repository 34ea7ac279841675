"""We register with a partner, change the registration, or end it (credentials.md, Use cases).

Everything here may be asked for again after a crash or a lost answer, with the same arguments; what it left behind
either side can work with.
"""

from __future__ import annotations

import logging
from dataclasses import replace

from ocpi211 import operations
from ocpi211.models.credentials import Credentials
from ocpi211_runtime.errors import ForeignUrl, PeerError, PeerMethodNotAllowed, PeerRefusal, PeerUnauthorized
from ocpi211_runtime.exchange import CallOptions, build_call
from ocpi211_runtime.operation import Operation
from ocpi211_runtime.peer import Peer
from ocpi211_runtime.reading import read_answer, read_receipt
from ocpi211_runtime.urls import origin
from ocpi211_server.correlation import called_party
from ocpi211_server.moments import now
from ocpi211_server.registration.calls import Gateway
from ocpi211_server.registration.exploring import explore, masked
from ocpi211_server.registration.handshakes import Overtaken, Terms, complete, forget, locate, offer, withdraw
from ocpi211_server.registration.identity import Identity, RegistrationRules
from ocpi211_server.registration.partners import Partner, Partners
from ocpi211_server.registration.vault import digest, new_token

__all__ = ["Registrar", "RegistrationError"]

_log = logging.getLogger("ocpi211.registration")

_POST = {"cpo": operations.CPO_CREDENTIALS_POST_CREDENTIALS, "emsp": operations.EMSP_CREDENTIALS_POST_CREDENTIALS}
_PUT = {"cpo": operations.CPO_CREDENTIALS_PUT_CREDENTIALS, "emsp": operations.EMSP_CREDENTIALS_PUT_CREDENTIALS}
_DELETE = {"cpo": operations.CPO_CREDENTIALS_DELETE_CREDENTIALS, "emsp": operations.EMSP_CREDENTIALS_DELETE_CREDENTIALS}


class RegistrationError(Exception):
    """An operator asks for what the state of the partner does not allow; the text says what to do instead."""


class Registrar:
    """Registration from our side. Besides RegistrationError, everything raises what calls raise (PeerError)."""

    def __init__(self, partners: Partners, gateway: Gateway, identity: Identity, rules: RegistrationRules) -> None:
        self._partners = partners
        self._gateway = gateway
        self._identity = identity
        self._rules = rules

    async def register(self, partner: Partner, versions_url: str, token: str) -> Partner:
        """Register with a partner that has given us its versions URL and a token; the URL's origin is approved by this.

        Also for a partner that is registered: it may have lost us, and has invited us anew. NotOffered if it lacks a
        module we need, ValueError for a token or URL that is none; then nothing was sent.
        """
        partner = await self._current(partner)
        if partner.state == "suspended":
            raise RegistrationError(f"{_named(partner)} is suspended: resume it first")
        origins = tuple(dict.fromkeys((*partner.origins, origin(versions_url))))
        found = await self._explore(partner, versions_url, token, origins)
        return await self._exchange(partner, found, _POST[partner.role], origins)

    async def rotate(self, partner: Partner, *, put: bool | None = None) -> Partner:
        """New tokens for both sides, and the endpoints read anew by both.

        By PUT, or by DELETE and POST: as the rules say, or for this partner alone `put`. Here nothing is forgotten
        before the POST has succeeded, so that it can be tried again while the partner lets us come back.
        """
        partner, peer = await self._registered(partner)
        by_put = self._rules.rotate_by_put if put is None else put
        if not by_put:
            await self._leave(partner, peer)
        found = await self._explore(partner, partner.versions_url, peer.token, partner.origins)
        return await self._exchange(partner, found, (_PUT if by_put else _POST)[partner.role], partner.origins)

    async def unregister(self, partner: Partner) -> Partner:
        """End the registration on both sides. A partner that does not know us any more counts as told."""
        partner = await self._current(partner)
        if partner.state == "unregistered":
            return partner
        partner, peer = await self._registered(partner)
        await self._leave(partner, peer)
        write = self._partners.database.write
        if not await write(forget, partner.id, "unregistered", before=partner.secret, now=now()):
            raise RegistrationError(f"{_named(partner)} has registered anew meanwhile")
        _log.info("unregistered from %s", _named(partner))
        return await self._current(partner)

    async def _leave(self, partner: Partner, peer: Peer) -> None:
        options = CallOptions(timeout=self._rules.handshake_timeout)
        call = build_call(peer, _DELETE[partner.role], {}, options=options)
        response = await self._gateway.towards(partner.origins).send(
            call.request, timeout=call.timeout, max_bytes=call.max_bytes
        )
        try:
            read_receipt(call.request, response)
        except (PeerUnauthorized, PeerMethodNotAllowed) as refusal:
            _log.warning("%s had ended the registration before: %s", _named(partner), refusal)

    async def refresh(self, partner: Partner) -> Partner:
        """The partner's versions and version details, read again with the token we have."""
        partner, peer = await self._registered(partner)
        found = await self._explore(partner, partner.versions_url, peer.token, partner.origins)
        await self._partners.database.write(locate, self._terms(partner, found, partner.name), now=now())
        return await self._current(partner)

    async def _exchange(
        self, partner: Partner, found: Peer, operation: Operation[Credentials], origins: tuple[str, ...]
    ) -> Partner:
        """Offer a token, and take the one that comes for it."""
        write, ours = self._partners.database.write, new_token()
        offered = digest(ours)
        await write(offer, partner.id, offered, now())
        try:
            theirs = await self._send(found, operation, self._identity.credentials(ours, partner.role), origins)
            _check_party(partner, theirs)
        except PeerError as error:
            if _certain(error):
                await write(withdraw, partner.id, offered)
            raise masked(error, ours) from None
        except RegistrationError:
            await write(withdraw, partner.id, offered)
            raise
        terms = self._terms(partner, replace(found, token=theirs.token), theirs.business_details.name, origins)
        try:
            await write(complete, terms, offered=offered, now=now())
        except Overtaken:
            raise RegistrationError(
                f"another registration with {_named(partner)} has ended meanwhile, and stands"
            ) from None
        _log.info("registered with %s", _named(partner))
        return await self._current(partner)

    async def _send(
        self, found: Peer, operation: Operation[Credentials], credentials: Credentials, origins: tuple[str, ...]
    ) -> Credentials:
        options = CallOptions(timeout=self._rules.handshake_timeout)
        call = build_call(found, operation, {}, credentials, options=options)
        response = await self._gateway.towards(origins).send(
            call.request, timeout=call.timeout, max_bytes=call.max_bytes
        )
        return read_answer(operation, call.request, response)

    async def _explore(self, partner: Partner, versions_url: str, token: str, origins: tuple[str, ...]) -> Peer:
        return await explore(
            self._gateway, self._rules, role=partner.role, versions_url=versions_url, token=token, origins=origins
        )

    def _terms(self, partner: Partner, found: Peer, name: str, origins: tuple[str, ...] = ()) -> Terms:
        return Terms(
            partner=partner.id,
            before=partner.secret,
            name=name,
            origins=origins,
            found=found,
            sealed=self._partners.vault.seal(found.token),
        )

    async def _registered(self, partner: Partner) -> tuple[Partner, Peer]:
        current = await self._current(partner)
        if current.state != "registered":
            raise RegistrationError(f"{_named(current)} is {current.state}, and not registered")
        return current, self._partners.peer(current)

    async def _current(self, partner: Partner) -> Partner:
        current = await self._partners.by_id(partner.id)
        if current is None:
            raise RegistrationError(f"{_named(partner)} is unknown")
        called_party.set(current.party)  # whatever comes next is said to it
        return current


def _named(partner: Partner) -> str:
    return f"{partner.role} {partner.party}"


def _check_party(partner: Partner, credentials: Credentials) -> None:
    given = f"{credentials.country_code}*{credentials.party_id}"
    if given != partner.party:
        raise RegistrationError(
            f"the partner says that it is {given}, not {partner.party}: register with it under that name"
        )


def _certain(error: PeerError) -> bool:
    """Whether the partner surely kept nothing: nothing was sent, or it said no in OCPI, and not that it broke down."""
    if isinstance(error, PeerRefusal):
        return error.http_status < 500 and error.status_code not in (None, 3000)
    return isinstance(error, ForeignUrl)
