"""Commands of an eMSP to Charge Points, and their results (mod_commands.md)."""

from __future__ import annotations

from ocpi211.models import (
    CommandResponse,
    CommandType,
    ReserveNow,
    StartSession,
    StopSession,
    UnlockConnector,
)
from ocpi211.routes import Caller, CpoCommands, EmspCommands
from ocpi211_server.commanding import Commanding

__all__ = ["Results", "TakenCommands"]


class TakenCommands(CpoCommands):
    """Commands that a CPO carries out, or a hub passes on."""

    def __init__(self, commanding: Commanding) -> None:
        self._commanding = commanding

    async def reserve_now(self, caller: Caller, reserve_now: ReserveNow) -> CommandResponse:
        """Reserve an EVSE."""
        return await self._commanding.take(caller, CommandType.RESERVE_NOW, reserve_now)

    async def start_session(self, caller: Caller, start_session: StartSession) -> CommandResponse:
        """Start a session."""
        return await self._commanding.take(caller, CommandType.START_SESSION, start_session)

    async def stop_session(self, caller: Caller, stop_session: StopSession) -> CommandResponse:
        """Stop a session."""
        return await self._commanding.take(caller, CommandType.STOP_SESSION, stop_session)

    async def unlock_connector(self, caller: Caller, unlock_connector: UnlockConnector) -> CommandResponse:
        """Unlock a Connector."""
        return await self._commanding.take(caller, CommandType.UNLOCK_CONNECTOR, unlock_connector)


class Results(EmspCommands):
    """What a CPO or hub says that became of our commands."""

    def __init__(self, commanding: Commanding) -> None:
        self._commanding = commanding

    async def post_result(
        self, caller: Caller, command: CommandType, uid: str, command_response: CommandResponse
    ) -> None:
        """The result of one command, which the last segment of its URL names."""
        await self._commanding.result(caller, command, uid, command_response)
