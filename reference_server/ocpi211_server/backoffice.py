"""What the server's own party does: publish its objects, ask for an authorisation, send a command.

Whoever has the database does it, whether the server runs or not: the command line, a test, a service of yours. What
has to be sent to partners waits in the database until a running server delivers it.
"""

from __future__ import annotations

from collections.abc import Sequence
from secrets import token_urlsafe
from typing import Any

from pydantic import BaseModel

from ocpi211 import operations
from ocpi211.models import (
    AuthorizationInfo,
    CommandResponseType,
    CommandType,
    EVSEPatch,
    LocationReferences,
    StartSession,
    Status,
    StopSession,
    Token,
    TokenType,
)
from ocpi211_runtime.envelope import to_wire
from ocpi211_runtime.model import OcpiPatch
from ocpi211_server.authorizing import keep_authorization
from ocpi211_server.commanding import Commanding, register
from ocpi211_server.decisions import Command
from ocpi211_server.moments import MICROSECONDS, now
from ocpi211_server.objects.cdr_intake import Verdict, take_cdr
from ocpi211_server.objects.json_text import Step, steps
from ocpi211_server.objects.keeping import Objects
from ocpi211_server.objects.parts import LocationObjects
from ocpi211_server.objects.store import Outcome, find, fits
from ocpi211_server.registration.partners import Partner
from ocpi211_server.site import Site

__all__ = ["BackOffice", "BackOfficeError"]


class BackOfficeError(ValueError):
    """What cannot be done, and why."""


class BackOffice:
    """The hands of the server's own party."""

    def __init__(self, site: Site) -> None:
        self.site = site

    async def publish(self, module: str, models: Sequence[BaseModel]) -> int:
        """Store objects of our own, each as a transaction with the deliveries that follow; gives how many changed."""
        allowed = {"cpo": {"locations", "sessions", "cdrs", "tariffs"}, "emsp": {"tokens"}, "hub": set[str]()}
        if module not in allowed[self.site.role]:
            raise BackOfficeError(f"a server that is {self.site.role} has no {module} of its own")
        objects, changed = Objects(self.site, module), 0
        for model in models:
            key: Any = model
            body = to_wire(model)
            if module == "cdrs":
                verdict = await take_cdr(objects, key, body, None)
                if verdict is Verdict.CONTRADICTS:
                    raise BackOfficeError(f"there is another CDR {key.id} already")
                changed += verdict is Verdict.NEW
                continue
            id_ = key.uid if module == "tokens" else key.id
            outcome = await self.site.database.write(objects.taking, self.site.party, id_, model, body, None, now())
            changed += outcome is not Outcome.STALE
        self.site.deliveries.wake()
        return changed

    async def amend(self, module: str, id: str, patch: OcpiPatch, way: Sequence[Step] = ()) -> None:
        """Change an object of our own; of a Location also a part of it. NotFound if there is none."""
        if module == "locations":
            await LocationObjects(self.site).amend_own(id, way, patch)
        else:
            await Objects(self.site, module).change_own(id, patch)

    async def set_status(self, location_id: str, evse_uid: str, status: Status) -> None:
        """What an EVSE of ours is doing now."""
        await self.amend("locations", location_id, EVSEPatch(status=status), steps(evse_uid))

    async def ask(
        self,
        uid: str,
        location_id: str,
        evse_uid: str,
        type: TokenType = TokenType.RFID,
    ) -> AuthorizationInfo:
        """Whether a Token of a partner may charge at an EVSE of ours. Raises PeerError as any call."""
        found = [thing for thing in await find(self.site.database, "tokens", fits("id", uid)) if thing.partner]
        partner = await self.site.partners.by_id(found[0].partner or 0) if found else await self.only("emsp")
        if partner is None:
            raise BackOfficeError(f"the Token {uid} is of no partner")
        info = await self.site.calls.fetch(
            partner,
            operations.EMSP_TOKENS_AUTHORIZE_TOKEN,
            {"token_uid": uid, "type": type},
            LocationReferences(location_id=location_id, evse_uids=[evse_uid]),
        )
        if info.authorization_id and found:
            token = Token.model_validate_json(found[0].body)
            place = (location_id, evse_uid)
            await self.site.database.write_each(
                keep_authorization, partner.party, info.authorization_id, None, token, place, info.allowed, now()
            )
        return info

    async def start(self, token_uid: str, location_id: str, evse_uid: str) -> tuple[CommandResponseType, str]:
        """Send START_SESSION for a Token of ours; gives the answer and the `authorization_id`."""
        tokens = await find(self.site.database, "tokens", fits("owner", self.site.party) & fits("id", token_uid))
        if not tokens:
            raise BackOfficeError(f"we have no Token {token_uid}")
        token, authorization_id = Token.model_validate_json(tokens[0].body), token_urlsafe(16)
        partner = await self._of("locations", location_id)
        await self.site.database.write_each(
            keep_authorization,
            self.site.party,
            authorization_id,
            partner.id,
            token,
            (location_id, evse_uid),
            "ALLOWED",
            now(),
            remote=True,
        )
        order = StartSession(
            response_url="https://to.be.set/",
            token=token,
            location_id=location_id,
            evse_uid=evse_uid,
            authorization_id=authorization_id,
        )
        return await self._command(partner, CommandType.START_SESSION, order), authorization_id

    async def stop(self, session_id: str) -> CommandResponseType:
        """Send STOP_SESSION; gives the answer."""
        partner = await self._of("sessions", session_id)
        order = StopSession(response_url="https://to.be.set/", session_id=session_id)
        return await self._command(partner, CommandType.STOP_SESSION, order)

    async def only(self, role: str) -> Partner:
        """The one registered partner of this role."""
        registered = [p for p in await self.site.partners.all() if p.role == role and p.state == "registered"]
        if len(registered) != 1:
            raise BackOfficeError(f"{len(registered)} partners are {role} and registered; name one")
        return registered[0]

    async def _of(self, module: str, id_: str) -> Partner:
        """The partner that gave us an object."""
        given = {thing.partner for thing in await find(self.site.database, module, fits("id", id_))} - {None}
        partner = await self.site.partners.by_id(given.pop() or 0) if len(given) == 1 else None
        if partner is None:
            raise BackOfficeError(f"{len(given) or 'no'} partners gave us {id_} of {module}")
        return partner

    async def _command(
        self, partner: Partner, kind: CommandType, order: StartSession | StopSession
    ) -> CommandResponseType:
        uid = token_urlsafe(32)
        url = f"{self.site.settings.base_url}/emsp/2.1.1/commands/{kind}/{uid}"
        order = order.model_copy(update={"response_url": url})
        deadline = now() + int((self.site.settings.command_timeout + self.site.settings.call_timeout) * MICROSECONDS)
        command = Command(uid, kind, order, partner)
        await self.site.database.write(register, command, deadline, now(), sent_to=partner.id)
        operation = {
            CommandType.START_SESSION: operations.CPO_COMMANDS_START_SESSION,
            CommandType.STOP_SESSION: operations.CPO_COMMANDS_STOP_SESSION,
        }[kind]
        response = await self.site.calls.fetch(partner, operation, {}, order)
        await Commanding(self.site).answered(uid, response.result)
        return response.result
