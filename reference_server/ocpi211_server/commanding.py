"""Commands: an answer at once, one result later, TIMEOUT if none comes (mod_commands.md).

A command is stored before it is passed on, so that its result finds it whichever worker the result comes to. The
call-back URL we give is unguessable, and good for the partner it was given to alone.
"""

from __future__ import annotations

import asyncio
import logging
from secrets import token_urlsafe

from pydantic_core import to_json

from ocpi211.models import (
    EVSE,
    CommandResponse,
    CommandResponseType,
    CommandType,
    Connector,
    StartSession,
    StopSession,
    Token,
    UnlockConnector,
)
from ocpi211.routes import Caller, InvalidParameters, NotFound, Problem, UnknownLocation
from ocpi211_runtime.urls import origin
from ocpi211_server.authorizing import keep_authorization
from ocpi211_server.correlation import matter
from ocpi211_server.database import Work, sql
from ocpi211_server.decisions import Command, Order
from ocpi211_server.delivery import Order as Delivery
from ocpi211_server.delivery import enqueue
from ocpi211_server.moments import MICROSECONDS, now
from ocpi211_server.objects.json_text import edited
from ocpi211_server.objects.keeping import party_of
from ocpi211_server.objects.places import connector_shown, evse_shown
from ocpi211_server.objects.store import Thing, Visible, find, fits
from ocpi211_server.registration.auth import ServerCaller
from ocpi211_server.site import Site

__all__ = ["Commanding", "register"]

_log = logging.getLogger(__name__)


class Commanding:
    """Takes commands in, and their results."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._waiting: set[asyncio.Task[None]] = set()

    async def take(self, caller: Caller, kind: CommandType, order: Order) -> CommandResponse:
        """The answer at once. What becomes of an accepted command is told at its `response_url`."""
        caller = ServerCaller.of(caller)
        if kind not in self._site.profile.commands:
            return CommandResponse(result=CommandResponseType.NOT_SUPPORTED)
        self._check(caller, order)
        if not isinstance(order, StopSession | UnlockConnector):
            await self._check_token(caller, order.token)
        command = await self._described(caller, kind, order)
        if command is None:
            return CommandResponse(result=CommandResponseType.UNKNOWN_SESSION)
        deadline = now() + int(self._site.settings.command_timeout * MICROSECONDS)
        await self._site.database.write(register, command, deadline, now())
        if isinstance(order, StartSession):
            await self._keep(caller, order)
        answer = await self._site.decisions.begin(command)
        await self.answered(command.uid, answer)
        if answer == CommandResponseType.ACCEPTED:
            task = asyncio.create_task(self._await_outcome(command))
            self._waiting.add(task)
            task.add_done_callback(self._waiting.discard)
        return CommandResponse(result=answer)

    async def answered(self, uid: str, answer: CommandResponseType) -> None:
        """Keep what was said at once, and pass on a result that was faster."""
        await self._site.database.write(_answered, uid, answer, now())
        self._site.deliveries.wake()

    async def result(self, caller: Caller, kind: CommandType, uid: str, response: CommandResponse) -> None:
        """What a partner says that became of a command we sent it. NotFound if it was sent no such command."""
        rows = await self._site.database.read("SELECT partner, kind FROM command WHERE uid = $1", uid)
        if not rows or rows[0][0] != ServerCaller.of(caller).partner.id or rows[0][1] != kind:
            raise NotFound
        await self.resolve(uid, response.result)

    async def resolve(self, uid: str, result: CommandResponseType) -> bool:
        """Tell the result of a command to whoever asked for it. The first result counts; False for any other."""
        first = await self._site.database.write(_resolved, uid, result, now())
        self._site.deliveries.wake()
        return first

    async def expire(self) -> int:
        """End the commands whose deadline has passed in TIMEOUT; gives how many."""
        late = await self._site.database.read(
            "SELECT uid FROM command WHERE result IS NULL AND deadline <= $1 LIMIT 100", now()
        )
        return sum([await self.resolve(row[0], CommandResponseType.TIMEOUT) for row in late])

    async def close(self) -> None:
        """Wait no longer for outcomes: at the deadline another worker ends those commands."""
        for task in self._waiting:
            task.cancel()
        await asyncio.gather(*self._waiting, return_exceptions=True)

    def _check(self, caller: ServerCaller, order: Order) -> None:
        """The URL for the result must be one that this partner may send us to."""
        reason = ""
        try:
            self._site.egress.check(order.response_url)
            if origin(order.response_url) not in caller.partner.origins:
                reason = "leads outside the origins approved for this partner"
        except ValueError as error:
            reason = str(error)
        if reason:
            raise InvalidParameters(problems=(Problem("/response_url", "url", reason, order.response_url[:100]),))
        if self._site.profile.evse_uid_required and isinstance(order, StartSession) and not order.evse_uid:
            raise InvalidParameters(problems=(Problem("/evse_uid", "missing", "the hub needs the EVSE"),))

    async def _check_token(self, caller: ServerCaller, token: Token) -> None:
        """The Token must not be another party's: that one would be sent the CDR."""
        same = Visible("id = ? OR contract = ?", (token.uid, token.auth_id))
        owners = {thing.owner for thing in await find(self._site.database, "tokens", same)}
        if owners and not any(caller.may_write_for(*owner.split("*")) for owner in owners):
            problem = Problem("/token", "foreign", "is a Token of another party", token.uid)
            raise InvalidParameters(problems=(problem,))

    async def _keep(self, caller: ServerCaller, order: StartSession) -> None:
        """What an eMSP allows by its command; a hub keeps it with the CPO that it is for."""
        if order.authorization_id and self._site.role != "hub":
            await self._site.database.write_each(
                keep_authorization,
                party_of(caller),
                order.authorization_id,
                caller.partner.id,
                order.token,
                (order.location_id, order.evse_uid),
                "ALLOWED",
                now(),
                remote=True,
            )

    async def _described(self, caller: ServerCaller, kind: CommandType, order: Order) -> Command | None:
        """The command with what it is about; None for an unknown Session. UnknownLocation for an unknown place."""
        uid = token_urlsafe(32)
        if isinstance(order, StopSession):
            session = await self._published(caller, "sessions", order.session_id)
            return None if session is None else Command(uid, kind, order, caller.partner, session=session)
        location = await self._published(caller, "locations", order.location_id)
        if location is None:
            raise UnknownLocation
        if not order.evse_uid:
            return Command(uid, kind, order, caller.partner, location)
        part = evse_shown(location, order.evse_uid)
        if part is None:
            raise UnknownLocation("The EVSE is unknown.")
        evse, connector = EVSE.model_validate_json(part.came), None
        if isinstance(order, UnlockConnector):
            part = connector_shown(part, order.connector_id)
            if part is None:
                raise UnknownLocation("The Connector is unknown.")
            connector = Connector.model_validate_json(part.came)
        return Command(uid, kind, order, caller.partner, location, evse, connector)

    async def _published(self, caller: Caller, module: str, shown_id: str) -> Thing | None:
        """What an eMSP names by an id it was shown; None if nothing is, or if several CPOs use that id."""
        visible = self._site.audience.visible(module, party_of(caller)) & fits("shown_id", shown_id)
        found = await find(self._site.database, module, visible)
        return found[0] if len(found) == 1 else None

    async def _await_outcome(self, command: Command) -> None:
        try:
            async with asyncio.timeout(self._site.settings.command_timeout):
                outcome = await self._site.decisions.outcome(command)
        except TimeoutError:
            outcome = CommandResponseType.TIMEOUT
        except Exception:  # noqa: BLE001  (a decision is not ours)
            _log.exception("the decision about %s failed; it will end in TIMEOUT", command.kind)
            return
        if outcome is not None:
            await self.resolve(command.uid, outcome)


def register(command: Command, deadline: int, moment: int, *, sent_to: int | None = None) -> Work[None]:
    """Store a command: one that we were sent, or with `sent_to` one of our own to this partner."""
    told = (None, None) if sent_to is not None else (command.asked_by.id, command.order.response_url)
    about = edited(to_json(command.order, exclude_none=True), {"token": None})
    yield sql(
        "INSERT INTO command (uid, kind, partner, asked_by, response_url, authorization_id, about, deadline, made)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        command.uid,
        str(command.kind),
        sent_to,
        *told,
        getattr(command.order, "authorization_id", None),
        about.decode(),
        deadline,
        moment,
    )


def _answered(uid: str, answer: str, moment: int) -> Work[None]:
    """Keep the answer. Only an accepted command has a result; one that came before the answer is passed on now."""
    final = None if answer == CommandResponseType.ACCEPTED else str(answer)
    rows = yield sql(
        "UPDATE command SET answer = $2, result = COALESCE(result, $3) WHERE uid = $1"
        " RETURNING kind, asked_by, response_url, result",
        uid,
        str(answer),
        final,
    )
    if final is None and rows[0]["result"] is not None:
        yield from _tell(uid, rows[0]["kind"], rows[0]["asked_by"], rows[0]["response_url"], rows[0]["result"], moment)


def _resolved(uid: str, result: str, moment: int) -> Work[bool]:
    rows = yield sql(
        "UPDATE command SET result = $2 WHERE uid = $1 AND result IS NULL"
        " RETURNING kind, asked_by, response_url, answer",
        uid,
        str(result),
    )
    if rows and rows[0]["answer"] is not None:
        yield from _tell(uid, rows[0]["kind"], rows[0]["asked_by"], rows[0]["response_url"], result, moment)
    return bool(rows)


def _tell(uid: str, kind: str, asked_by: int | None, url: str | None, result: str, moment: int) -> Work[None]:
    if asked_by is None or url is None:  # we asked ourselves
        return
    order = Delivery(
        partner=asked_by,
        operation="emsp.commands.post_result_without_uid",
        arguments={"command": kind},
        url=url,
        body=b'{"result":"%b"}' % str(result).encode(),
        policy="once",
        lane=f"commands/{uid}",
        about=f"result of {kind}",
        correlation_id=matter.get().correlation_id or None,
    )
    yield from enqueue([order], moment)
