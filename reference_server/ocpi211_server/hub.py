"""A hub decides nothing: it asks the eMSP whether a Token may charge, and tells the CPO what an eMSP commands.

It calls the other side before it answers, within bounds: the one who asks waits for two. A command's result comes to
a call-back URL of the hub's own, and goes on to the eMSP's.
"""

from __future__ import annotations

import logging
from typing import Final

from ocpi211 import operations
from ocpi211.models import (
    Allowed,
    AuthorizationInfo,
    CommandResponseType,
    CommandType,
    DisplayText,
    LocationReferences,
    StartSession,
    WhitelistType,
)
from ocpi211_runtime.errors import PeerError, PeerRefusal
from ocpi211_server.authorizing import keep_authorization
from ocpi211_server.correlation import unforeseen_id
from ocpi211_server.database import Work, sql
from ocpi211_server.decisions import Command, Question
from ocpi211_server.moments import now
from ocpi211_server.objects.json_text import members, text_of
from ocpi211_server.objects.places import connector_named, evse_named
from ocpi211_server.objects.store import Thing
from ocpi211_server.registration.partners import Partner
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
        token = question.token
        by_whitelist = AuthorizationInfo(allowed=Allowed.ALLOWED if token.valid else Allowed.BLOCKED)
        if token.whitelist in self.site.profile.short_circuit:
            return by_whitelist
        emsp = await self._partner(question.stored)
        if emsp is None:
            return _refused("The provider is not connected.")
        try:
            info = await self.site.calls.fetch(
                emsp,
                operations.EMSP_TOKENS_AUTHORIZE_TOKEN,
                {"token_uid": token.uid, "type": token.type},
                _translated(question),
                timeout=self.site.settings.authorize_timeout,
            )
        except PeerError as error:
            _log.warning("%s did not authorise: %s", emsp.party, error)
            if isinstance(error, PeerRefusal) and error.http_status < 500:
                return _refused("The provider refused the request.")
            if token.whitelist != WhitelistType.NEVER:  # all others may be used while the provider is out of reach
                return by_whitelist
            return _refused("The provider does not answer.")
        if self.site.profile.translate_locations:
            # The place comes in the hub's ids; the CPO is told the one that it asked about.
            info.location = None
        return info

    async def begin(self, command: Command) -> CommandResponseType:
        """What the CPO answers. REJECTED if it cannot be reached."""
        about = command.session or command.location
        cpo = None if about is None else await self._partner(about)
        if cpo is None or about is None:
            return CommandResponseType.REJECTED
        await self.site.database.write(_sent_to, command.uid, cpo.id)
        base = self.site.settings.base_url
        changes: dict[str, object] = {"response_url": f"{base}/emsp/2.1.1/commands/{command.kind}/{command.uid}"}
        about_id = text_of(members(about.body)["id"])
        if command.session is not None:
            changes["session_id"] = about_id
        else:
            changes["location_id"] = about_id
        if command.evse is not None:
            changes["evse_uid"] = command.evse.uid
        if command.connector is not None:
            changes["connector_id"] = command.connector.id
        if isinstance(command.order, StartSession):
            changes["authorization_id"] = await self._authorized(command, command.order, cpo)
        try:
            order = command.order.model_copy(update=changes)
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

    async def _authorized(self, command: Command, order: StartSession, cpo: Partner) -> str | None:
        """The `authorization_id` of a start, kept before the CPO can name it; the hub's own where the eMSP has none."""
        made = unforeseen_id() if self.site.profile.make_authorization_id and not order.authorization_id else None
        authorization_id = order.authorization_id or made
        if authorization_id:
            await self.site.database.write_each(
                keep_authorization,
                command.asked_by.party,
                authorization_id,
                cpo.id,
                order.token,
                (order.location_id, order.evse_uid),
                Allowed.ALLOWED,
                now(),
                remote=True,
                ours=made is not None,
            )
        return authorization_id

    async def _partner(self, thing: Thing) -> Partner | None:
        """Who gave us an object, while it is registered."""
        partner = await self.site.partners.by_id(thing.partner or 0)
        return partner if partner is not None and partner.state == "registered" else None


def _translated(question: Question) -> LocationReferences | None:
    """The place that is asked about, in the ids that the eMSP knows."""
    references, location = question.references, question.location
    if references is None or location is None:
        return references
    evses = {name: evse_named(location, name) for name in references.evse_uids or ()}
    connectors = {name: connector_named(evses.values(), name) for name in references.connector_ids or ()}
    changes: dict[str, object] = {"location_id": location.shown_id}
    for field, key, parts in (("evse_uids", "uid", evses), ("connector_ids", "id", connectors)):
        if parts:
            changes[field] = [(part and text_of(members(part.seen)[key])) or name for name, part in parts.items()]
    return references.model_copy(update=changes)


def _refused(text: str) -> AuthorizationInfo:
    return AuthorizationInfo(allowed=Allowed.NOT_ALLOWED, info=DisplayText(language="en", text=text))


def _sent_to(uid: str, partner: int) -> Work[None]:
    yield sql("UPDATE command SET partner = $2 WHERE uid = $1", uid, partner)
