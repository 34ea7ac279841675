"""May this Token charge? The checks before the decision, and what is kept of it (mod_tokens.md, 2.2.2).

Each answer gets an entry: the `authorization_id` ties the Sessions and CDRs to come to the authorisation they run on.
"""

from __future__ import annotations

import msgspec

from ocpi211.models import EVSE, Allowed, AuthorizationInfo, LocationReferences, Token, TokenType
from ocpi211.routes import Caller, InvalidParameters, NotEnoughInformation, NotFound, Problem, Refusal, UnknownLocation
from ocpi211_server.correlation import unforeseen_id
from ocpi211_server.database import Work, sql
from ocpi211_server.decisions import Question
from ocpi211_server.moments import now
from ocpi211_server.objects.keeping import party_of
from ocpi211_server.objects.places import evse_named
from ocpi211_server.objects.store import Thing, Visible, find, fits
from ocpi211_server.registration.auth import ServerCaller
from ocpi211_server.site import Site

__all__ = ["Authorizing", "Card", "keep_authorization"]


class Card(msgspec.Struct):
    """What every authorisation has to know of a Token that is stored, and so is valid: 0.4 µs, and 7 read whole."""

    uid: str
    type: str
    auth_id: str
    valid: bool


_card = msgspec.json.Decoder(Card).decode


class Authorizing:
    """Answers a CPO, as an eMSP or as a hub in front of eMSPs."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def token(self, caller: Caller, uid: str, type: TokenType) -> tuple[Thing, Card] | None:
        """The Token that this caller means, if there is one that it may see."""
        visible = self._site.audience.visible("tokens", party_of(caller))
        if self._site.profile.rfid_any_case and type == TokenType.RFID:
            visible &= Visible("id IN (?, ?, ?)", (uid, uid.upper(), uid.lower()))
        else:
            visible = visible.having("id", uid)
        for thing in await find(self._site.database, "tokens", visible):
            card = _card(thing.body)
            if card.type == type:
                return thing, card
        return None

    async def answer(
        self,
        caller: Caller,
        uid: str,
        type: TokenType,
        references: LocationReferences | None,
    ) -> AuthorizationInfo:
        """The decision, whoever makes it."""
        caller = ServerCaller.of(caller)
        evse_uid = self._one_evse(references)
        found = await self.token(caller, uid, type)
        if found is None:
            raise self._unknown()
        stored, card = found
        location = await self._location(caller, references)
        evse = None if location is None or evse_uid is None else evse_named(location, evse_uid)
        if evse_uid is not None and evse is None and (location is not None or self._site.role == "hub"):
            raise UnknownLocation("The EVSE is unknown.")
        known = None if evse is None else EVSE.model_validate_json(evse.came)
        question = Question(stored, card.valid, caller.partner, references, location, known)
        info = await self._site.decisions.authorize(question)
        if info.allowed == Allowed.ALLOWED and references is not None:
            info.location = info.location or references
        ours = self._makes_id(info)
        if ours:
            info.authorization_id = unforeseen_id()
        if info.authorization_id:
            await self._site.database.write_each(
                keep_authorization,
                stored.owner,
                info.authorization_id,
                caller.partner.id,
                card,
                (references.location_id if references else None, evse_uid),
                info.allowed,
                now(),
                ours=ours,
            )
        return info

    def _makes_id(self, info: AuthorizationInfo) -> bool:
        """A hub may make an `authorization_id` where the eMSP gave none, for the CPO to name what it was allowed."""
        makes = self._site.role == "hub" and self._site.profile.make_authorization_id
        return makes and info.allowed == Allowed.ALLOWED and not info.authorization_id

    def _one_evse(self, references: LocationReferences | None) -> str | None:
        """The one EVSE that is asked about, where it is one; refused where the profile wants it to be."""
        named = list((references.evse_uids if references else None) or ())
        if self._site.profile.one_evse and not named:
            raise NotEnoughInformation("The EVSE is missing: exactly one has to be named.")
        if self._site.profile.one_evse and len(named) > 1:
            problem = Problem("/evse_uids", "too_long", "exactly one EVSE has to be named", str(len(named)))
            raise InvalidParameters(problems=(problem,))
        return named[0] if len(named) == 1 else None

    async def _location(self, caller: Caller, references: LocationReferences | None) -> Thing | None:
        if references is None:
            return None
        known = await find(self._site.database, "locations", fits("id", references.location_id))
        for thing in known:
            if caller.may_write_for(*thing.owner.split("*")):
                return thing
        if self._site.role == "hub":  # it cannot ask an eMSP about a Location it knows nothing of
            raise UnknownLocation
        return None

    def _unknown(self) -> Refusal:
        code = self._site.profile.unknown_token
        return NotFound("The Token is unknown.") if code == 404 else Refusal("The Token is unknown.", status_code=code)


def keep_authorization(
    emsp: str,
    authorization_id: str,
    partner: int | None,
    token: Token | Card,
    place: tuple[str | None, str | None],
    allowed: str,
    moment: int,
    *,
    remote: bool = False,
    ours: bool = False,
) -> Work[None]:
    """Keeps that this was allowed, or refused; `place` is the Location and EVSE. Once more the same changes nothing."""
    yield sql(
        "INSERT INTO authorization_given (emsp, authorization_id, partner, token_uid, contract, location_id, evse_uid,"
        " allowed, remote, ours, made) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING",
        emsp,
        authorization_id,
        partner,
        token.uid,
        token.auth_id,
        *place,
        str(allowed),
        int(remote),
        int(ours),
        moment,
    )
