# Written by ocpi_codegen from the spec (OCPI 2.1.1, GIREVE). Change the spec, not this file; then: nox -s generate

# ruff: noqa: ARG002 -- a skeleton has the arguments that OCPI gives it
"""OCPI 2.1.1 Commands: what a server answers.

A skeleton a role; only what a subclass overrides is served and advertised.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ocpi211 import operations
from ocpi211_runtime.handlers import Handler, NotOverridden

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ocpi211.models.commands import (
        CommandResponse,
        CommandType,
        ReserveNow,
        StartSession,
        StopSession,
        UnlockConnector,
    )
    from ocpi211_runtime.answers import Caller, Role
    from ocpi211_runtime.operation import Operation

__all__ = [
    "CpoCommands",
    "EmspCommands",
]


class CpoCommands(Handler):
    """OCPI 2.1.1 Commands, as the CPO serves them: override what you offer.

    Commands of the eMSP to a Charge Point. The CPO answers at once whether it passes a command on, and reports later
    what the Charge Point made of it, at the URL the eMSP gave.
    """

    role: ClassVar[Role] = "cpo"
    module: ClassVar[str] = "commands"
    operations: ClassVar[Mapping[str, Operation[Any]]] = {
        "reserve_now": operations.CPO_COMMANDS_RESERVE_NOW,
        "start_session": operations.CPO_COMMANDS_START_SESSION,
        "stop_session": operations.CPO_COMMANDS_STOP_SESSION,
        "unlock_connector": operations.CPO_COMMANDS_UNLOCK_CONNECTOR,
    }

    async def reserve_now(
        self,
        caller: Caller,
        reserve_now: ReserveNow,
    ) -> CommandResponse | bytes:
        """Reserve an EVSE for a Token, from now on.

        `POST /cpo/2.1.1/commands/RESERVE_NOW`. Section: mod_commands.md#211-post-method

        Args:
            caller: Who asks; `caller.request` is the request.
            reserve_now: The ReserveNow, valid.

        Returns:
            The CommandResponse, or its JSON.

        Raises:
            InvalidParameters: Valid each by itself, the arguments do not go together. (2001)
            UnknownLocation: The Location is unknown, for example in a command. (2003)
        """
        raise NotOverridden

    async def start_session(
        self,
        caller: Caller,
        start_session: StartSession,
    ) -> CommandResponse | bytes:
        """Start a session for a Token.

        `POST /cpo/2.1.1/commands/START_SESSION`. Section: mod_commands.md#211-post-method

        Args:
            caller: Who asks; `caller.request` is the request.
            start_session: The StartSession, valid.

        Returns:
            The CommandResponse, or its JSON.

        Raises:
            InvalidParameters: Valid each by itself, the arguments do not go together. (2001)
            UnknownLocation: The Location is unknown, for example in a command. (2003)
        """
        raise NotOverridden

    async def stop_session(
        self,
        caller: Caller,
        stop_session: StopSession,
    ) -> CommandResponse | bytes:
        """Stop a running session.

        `POST /cpo/2.1.1/commands/STOP_SESSION`. Section: mod_commands.md#211-post-method

        Args:
            caller: Who asks; `caller.request` is the request.
            stop_session: The StopSession, valid.

        Returns:
            The CommandResponse, or its JSON.

        Raises:
            InvalidParameters: Valid each by itself, the arguments do not go together. (2001)
        """
        raise NotOverridden

    async def unlock_connector(
        self,
        caller: Caller,
        unlock_connector: UnlockConnector,
    ) -> CommandResponse | bytes:
        """Unlock a Connector that holds a cable back; for a help desk only, never for drivers.

        `POST /cpo/2.1.1/commands/UNLOCK_CONNECTOR`. Section: mod_commands.md#211-post-method

        Args:
            caller: Who asks; `caller.request` is the request.
            unlock_connector: The UnlockConnector, valid.

        Returns:
            The CommandResponse, or its JSON.

        Raises:
            InvalidParameters: Valid each by itself, the arguments do not go together. (2001)
            UnknownLocation: The Location is unknown, for example in a command. (2003)
        """
        raise NotOverridden


class EmspCommands(Handler):
    """OCPI 2.1.1 Commands, as the eMSP serves them: override what you offer.

    Commands of the eMSP to a Charge Point. The CPO answers at once whether it passes a command on, and reports later
    what the Charge Point made of it, at the URL the eMSP gave.
    """

    role: ClassVar[Role] = "emsp"
    module: ClassVar[str] = "commands"
    operations: ClassVar[Mapping[str, Operation[Any]]] = {
        "post_result_without_uid": operations.EMSP_COMMANDS_POST_RESULT_WITHOUT_UID,
        "post_result": operations.EMSP_COMMANDS_POST_RESULT,
    }

    async def post_result_without_uid(
        self,
        caller: Caller,
        command: CommandType,
        command_response: CommandResponse,
    ) -> None:
        """What the Charge Point made of a command, where the URL tells commands of one kind not apart.

        `POST /emsp/2.1.1/commands/{command}`. Section: mod_commands.md#221-post-method

        Args:
            caller: Who asks; `caller.request` is the request.
            command: The command whose result this is.
            command_response: The CommandResponse, valid.

        Returns:
            Nothing.

        Raises:
            NotFound: There is no such object, or not for this caller.
            InvalidParameters: Valid each by itself, the arguments do not go together. (2001)
        """
        raise NotOverridden

    async def post_result(
        self,
        caller: Caller,
        command: CommandType,
        uid: str,
        command_response: CommandResponse,
    ) -> None:
        """What the Charge Point made of a command.

        `POST /emsp/2.1.1/commands/{command}/{uid}`. Section: mod_commands.md#221-post-method

        Args:
            caller: Who asks; `caller.request` is the request.
            command: The command whose result this is.
            uid: What the eMSP put into `response_url` to tell this command from others; no longer than a URL may be.
            command_response: The CommandResponse, valid.

        Returns:
            Nothing.

        Raises:
            NotFound: There is no such object, or not for this caller.
            InvalidParameters: Valid each by itself, the arguments do not go together. (2001)
        """
        raise NotOverridden
