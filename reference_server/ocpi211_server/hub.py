"""A hub decides nothing: it asks the eMSP whether a Token may charge, and tells the CPO what an eMSP commands.

It calls the other side before it answers, within bounds: the one who asks waits for two. A command's result comes to
a call-back URL of the hub's own, and goes on to the eMSP's.
"""

from __future__ import annotations

import logging
from typing import Final, Literal
from uuid import uuid4

from ocpi211 import operations
from ocpi211.models import (
    Allowed,
    AuthorizationInfo,
    CommandResponseType,
    CommandType,
    DisplayText,
    LocationReferences,
    StopSession,
    WhitelistType,
)
from ocpi211_runtime.errors import PeerError, PeerRefusal
from ocpi211_server.database import Work, sql
from ocpi211_server.decisions import Command, Question
from ocpi211_server.json_text import members, text_of
from ocpi211_server.partners import Partner
from ocpi211_server.parts import evse_behind
from ocpi211_server.site import Site

__all__ = ["Relay"]

_log = logging.getLogger(__name__)

_OPERATIONS: Final = {
    CommandType.START_SESSION: operations.CPO_COMMANDS_START_SESSION,
    CommandType.STOP_SESSION: operations.CPO_COMMANDS_STOP_SESSION,
    CommandType.RESERVE_NOW: operations.CPO_COMMANDS_RESERVE_NOW,
    CommandType.UNLOCK_CONNECTOR: operations.CPO_COMMANDS_UNLOCK_CONNECTOR,
}


class Relay:
    """The decisions of a hub: those of the other side."""

    site: Site
    """Set when the server is put together: the site needs its decisions first."""

    async def authorize(self, question: Question) -> AuthorizationInfo:
        """What the eMSP says, or what the whitelist of its Token lets the hub say itself."""
        whitelist = question.token.whitelist
        if whitelist in self.site.profile.short_circuit:
            allowed = Allowed.ALLOWED if question.token.valid else Allowed.BLOCKED
            return self._with_id(AuthorizationInfo(allowed=allowed), question)
        emsp = await self._partner("emsp", question.stored.owner)
        if emsp is None:
            return AuthorizationInfo(allowed=Allowed.NOT_ALLOWED, info=_word("The provider is not connected."))
        try:
            info = await self.site.calls.fetch(
                emsp,
                operations.EMSP_TOKENS_AUTHORIZE_TOKEN,
                {"token_uid": question.token.uid, "type": question.token.type},
                _translated(question),
                timeout=self.site.settings.authorize_timeout,
            )
        except PeerRefusal as refusal:
            _log.warning("%s refused an authorisation: %s", emsp.party, refusal)
            return AuthorizationInfo(allowed=Allowed.NOT_ALLOWED, info=_word("The provider refused the request."))
        except PeerError as error:
            _log.warning("%s did not answer an authorisation: %s", emsp.party, error)
            if whitelist == WhitelistType.ALLOWED_OFFLINE and question.token.valid:
                return self._with_id(AuthorizationInfo(allowed=Allowed.ALLOWED), question)
            return AuthorizationInfo(allowed=Allowed.NOT_ALLOWED, info=_word("The provider does not answer."))
        # The places it allows come in the hub's ids; the CPO is told those that it asked about.
        info.location = None
        return self._with_id(info, question)

    async def begin(self, command: Command) -> CommandResponseType:
        """What the CPO answers. REJECTED if it cannot be reached."""
        about = command.session or command.location
        cpo = None if about is None else await self._partner("cpo", about.owner)
        if cpo is None:
            return CommandResponseType.REJECTED
        await self.site.database.write(_sent_to, command.uid, cpo.id)
        base = self.site.settings.base_url
        changes: dict[str, object] = {"response_url": f"{base}/emsp/2.1.1/commands/{command.kind}/{command.uid}"}
        if isinstance(command.order, StopSession) and command.session is not None:
            changes["session_id"] = text_of(members(command.session.body)["id"])
        elif command.location is not None:
            changes |= self._place(command)
            if command.kind == CommandType.START_SESSION and self.site.profile.make_authorization_id:
                changes["authorization_id"] = getattr(command.order, "authorization_id", None) or str(uuid4())
        order = command.order.model_copy(update=changes)
        try:
            response = await self.site.calls.fetch(cpo, _OPERATIONS[command.kind], {}, order)
        except PeerRefusal as refusal:
            _log.warning("%s refused %s: %s", cpo.party, command.kind, refusal)
            return CommandResponseType.REJECTED
        except PeerError as error:
            _log.warning("%s could not be told %s: %s", cpo.party, command.kind, error)
            return CommandResponseType.TIMEOUT
        return response.result

    async def outcome(self, command: Command) -> CommandResponseType | None:  # noqa: ARG002  (as any decisions)
        """Comes to the call-back URL."""
        return None

    def _place(self, command: Command) -> dict[str, object]:
        """Location, EVSE and Connector in the ids of the CPO."""
        order, location = command.order, command.location
        if location is None:
            return {}
        place: dict[str, object] = {"location_id": text_of(members(location.body)["id"])}
        shown_uid = getattr(order, "evse_uid", None)
        behind = None if shown_uid is None else evse_behind(location, shown_uid)
        if behind is not None:
            place["evse_uid"] = behind[0]
        return place

    async def _partner(self, role: Literal["cpo", "emsp"], party: str) -> Partner | None:
        partner = await self.site.partners.by_party(role, party)
        return partner if partner is not None and partner.state == "registered" else None

    def _with_id(self, info: AuthorizationInfo, question: Question) -> AuthorizationInfo:
        """With an `authorization_id` of the hub's where the eMSP gives none."""
        if self.site.profile.make_authorization_id and not info.authorization_id:
            _log.info("%s gave no authorization_id: the hub makes one", question.stored.owner)
            info.authorization_id = str(uuid4())
        return info


def _translated(question: Question) -> LocationReferences | None:
    """The place that is asked about, in the ids that the eMSP knows."""
    references, location = question.references, question.location
    if references is None or location is None:
        return references
    evse_uids = references.evse_uids
    if question.evse is not None:
        evse_uids = [text_of(members(question.evse[1])["uid"])]
    return LocationReferences(location_id=location.shown_id, evse_uids=evse_uids)


def _word(text: str) -> DisplayText:
    return DisplayText(language="en", text=text)


def _sent_to(uid: str, partner: int) -> Work[None]:
    yield sql("UPDATE command SET partner = $2 WHERE uid = $1", uid, partner)
