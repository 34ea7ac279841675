"""What operators decide about partners: who may register, from where, how long (credentials.md, Registration)."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping

from ocpi211_runtime.answers import Role
from ocpi211_runtime.urls import origin
from ocpi211_server.moments import MICROSECONDS, now
from ocpi211_server.registration.calls import Gateway
from ocpi211_server.registration.handshakes import approve, forget, introduce, invite, resume, suspend
from ocpi211_server.registration.partners import Partner, Partners
from ocpi211_server.registration.sending import RegistrationError
from ocpi211_server.registration.vault import digest, new_token

__all__ = ["Invitations"]

_log = logging.getLogger("ocpi211.registration")

_country = re.compile(r"[A-Z]{2}")
_party = re.compile(r"[A-Z0-9]{3}")


class Invitations:
    """The operator's side of registration. ValueError for what cannot be, RegistrationError for what cannot be now."""

    def __init__(self, partners: Partners, gateway: Gateway) -> None:
        self._partners = partners
        self._gateway = gateway

    async def know(self, role: Role, country_code: str, party_id: str, *, hub: bool | None = None) -> Partner:
        """The partner, made known if it was not: to register with it, or to invite it."""
        if role not in ("cpo", "emsp"):
            raise ValueError(f"the role of a partner is cpo or emsp, not {role!r}")
        if not _country.fullmatch(country_code) or not _party.fullmatch(party_id):
            raise ValueError("a party is a country of two letters and an id of three letters or digits, in capitals")
        number = await self._partners.database.write(introduce, role, country_code, party_id, hub=hub, now=now())
        return await self._by_id(number)

    async def invite(
        self,
        role: Role,
        country_code: str,
        party_id: str,
        *,
        hub: bool | None = None,
        origins: Iterable[str] = (),
        trust_first: bool = False,
        days: float = 7,
    ) -> str:
        """A token for the party to register with in this role: shown once, here, since only its digest is kept.

        Its URLs may lead to `origins`, or with `trust_first` to the origin of the first URL it names. An invitation is
        good for some days, and takes the place of an earlier one; a registration that stands is not touched before the
        new one is used.
        """
        approved = [self._origin(url) for url in origins]
        partner = await self.know(role, country_code, party_id, hub=hub)
        if partner.state == "suspended":
            raise RegistrationError(f"{role} {partner.party} is suspended: resume it first")
        if not (partner.origins or approved or trust_first):
            raise ValueError("name the origins that the party's URLs may lead to, or trust the first one it names")
        token, moment = new_token(), now()
        expires = moment + int(days * 24 * 3600 * MICROSECONDS)
        await self._partners.database.write(
            invite, partner.id, digest(token), approved, trust_first=trust_first, expires=expires, now=moment
        )
        _log.info("%s %s is invited", role, partner.party)
        return token

    async def open(self) -> Mapping[int, int]:
        """Partner → the moment from which on its invitation is not good any more, in microseconds."""
        rows = await self._partners.database.read("SELECT partner, expires FROM credential WHERE kind = 'invitation'")
        return {row[0]: row[1] for row in rows}

    async def approve(self, partner: Partner, url: str) -> Partner:
        """Let the partner's URLs lead to one more origin, that of this URL."""
        await self._partners.database.write(approve, partner.id, self._origin(url), now())
        return await self._by_id(partner.id)

    async def suspend(self, partner: Partner) -> Partner:
        """Answer the partner 401 and call it no more, until it is resumed; tokens and endpoints are kept."""
        await self._partners.database.write(suspend, partner.id, now())
        return await self._by_id(partner.id)

    async def resume(self, partner: Partner) -> Partner:
        """Go on with a partner that was suspended, where things stood."""
        await self._partners.database.write(resume, partner.id, now())
        return await self._by_id(partner.id)

    async def revoke(self, partner: Partner) -> Partner:
        """End everything with the partner, at once and without telling it. An invitation can begin anew."""
        while not await self._partners.database.write(forget, partner.id, "revoked", before=partner.secret, now=now()):
            partner = await self._by_id(partner.id)
        _log.info("%s %s is revoked", partner.role, partner.party)
        return await self._by_id(partner.id)

    def _origin(self, url: str) -> str:
        self._gateway.check(url)
        return origin(url)

    async def _by_id(self, number: int) -> Partner:
        partner = await self._partners.by_id(number)
        if partner is None:
            raise RegistrationError("there is no such partner")
        return partner
