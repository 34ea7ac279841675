# Written by ocpi_codegen from the spec (OCPI 2.1.1, GIREVE). Change the spec, not this file; then: nox -s generate

"""OCPI 2.1.1 Commands: what a client calls, sync and async."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocpi211 import operations as _operations
from ocpi211_runtime.async_client import AsyncModuleClient
from ocpi211_runtime.client import ModuleClient

if TYPE_CHECKING:
    from ocpi211.models.commands import (
        CommandResponse,
        CommandType,
        ReserveNow,
        StartSession,
        StopSession,
        UnlockConnector,
    )
    from ocpi211_runtime.exchange import CallOptions, Receipt

__all__ = [
    "AsyncCpoCommands",
    "AsyncEmspCommands",
    "CpoCommands",
    "EmspCommands",
]


class CpoCommands(ModuleClient):
    """OCPI 2.1.1 Commands, as the CPO serves them.

    Commands of the eMSP to a Charge Point. The CPO answers at once whether it passes a command on, and reports later
    what the Charge Point made of it, at the URL the eMSP gave.
    """

    def reserve_now(
        self,
        reserve_now: ReserveNow,
        *,
        options: CallOptions | None = None,
    ) -> CommandResponse:
        """Reserve an EVSE for a Token, from now on.

        `POST /cpo/2.1.1/commands/RESERVE_NOW`. Section: mod_commands.md#211-post-method

        Args:
            reserve_now: the ReserveNow.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing. 2003: The Location is unknown, for
                example in a command.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no commands.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._fetch(
            _operations.CPO_COMMANDS_RESERVE_NOW,
            {},
            reserve_now,
            options=options,
        )

    def start_session(
        self,
        start_session: StartSession,
        *,
        options: CallOptions | None = None,
    ) -> CommandResponse:
        """Start a session for a Token.

        `POST /cpo/2.1.1/commands/START_SESSION`. Section: mod_commands.md#211-post-method

        Args:
            start_session: the StartSession.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing. 2003: The Location is unknown, for
                example in a command.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no commands.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._fetch(
            _operations.CPO_COMMANDS_START_SESSION,
            {},
            start_session,
            options=options,
        )

    def stop_session(
        self,
        stop_session: StopSession,
        *,
        options: CallOptions | None = None,
    ) -> CommandResponse:
        """Stop a running session.

        `POST /cpo/2.1.1/commands/STOP_SESSION`. Section: mod_commands.md#211-post-method

        Args:
            stop_session: the StopSession.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no commands.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._fetch(
            _operations.CPO_COMMANDS_STOP_SESSION,
            {},
            stop_session,
            options=options,
        )

    def unlock_connector(
        self,
        unlock_connector: UnlockConnector,
        *,
        options: CallOptions | None = None,
    ) -> CommandResponse:
        """Unlock a Connector that holds a cable back; for a help desk only, never for drivers.

        `POST /cpo/2.1.1/commands/UNLOCK_CONNECTOR`. Section: mod_commands.md#211-post-method

        Args:
            unlock_connector: the UnlockConnector.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing. 2003: The Location is unknown, for
                example in a command.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no commands.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._fetch(
            _operations.CPO_COMMANDS_UNLOCK_CONNECTOR,
            {},
            unlock_connector,
            options=options,
        )


class AsyncCpoCommands(AsyncModuleClient):
    """OCPI 2.1.1 Commands, as the CPO serves them.

    Commands of the eMSP to a Charge Point. The CPO answers at once whether it passes a command on, and reports later
    what the Charge Point made of it, at the URL the eMSP gave.
    """

    async def reserve_now(
        self,
        reserve_now: ReserveNow,
        *,
        options: CallOptions | None = None,
    ) -> CommandResponse:
        """Reserve an EVSE for a Token, from now on.

        `POST /cpo/2.1.1/commands/RESERVE_NOW`. Section: mod_commands.md#211-post-method

        Args:
            reserve_now: the ReserveNow.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing. 2003: The Location is unknown, for
                example in a command.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no commands.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return await self._fetch(
            _operations.CPO_COMMANDS_RESERVE_NOW,
            {},
            reserve_now,
            options=options,
        )

    async def start_session(
        self,
        start_session: StartSession,
        *,
        options: CallOptions | None = None,
    ) -> CommandResponse:
        """Start a session for a Token.

        `POST /cpo/2.1.1/commands/START_SESSION`. Section: mod_commands.md#211-post-method

        Args:
            start_session: the StartSession.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing. 2003: The Location is unknown, for
                example in a command.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no commands.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return await self._fetch(
            _operations.CPO_COMMANDS_START_SESSION,
            {},
            start_session,
            options=options,
        )

    async def stop_session(
        self,
        stop_session: StopSession,
        *,
        options: CallOptions | None = None,
    ) -> CommandResponse:
        """Stop a running session.

        `POST /cpo/2.1.1/commands/STOP_SESSION`. Section: mod_commands.md#211-post-method

        Args:
            stop_session: the StopSession.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no commands.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return await self._fetch(
            _operations.CPO_COMMANDS_STOP_SESSION,
            {},
            stop_session,
            options=options,
        )

    async def unlock_connector(
        self,
        unlock_connector: UnlockConnector,
        *,
        options: CallOptions | None = None,
    ) -> CommandResponse:
        """Unlock a Connector that holds a cable back; for a help desk only, never for drivers.

        `POST /cpo/2.1.1/commands/UNLOCK_CONNECTOR`. Section: mod_commands.md#211-post-method

        Args:
            unlock_connector: the UnlockConnector.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing. 2003: The Location is unknown, for
                example in a command.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no commands.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return await self._fetch(
            _operations.CPO_COMMANDS_UNLOCK_CONNECTOR,
            {},
            unlock_connector,
            options=options,
        )


class EmspCommands(ModuleClient):
    """OCPI 2.1.1 Commands, as the eMSP serves them.

    Commands of the eMSP to a Charge Point. The CPO answers at once whether it passes a command on, and reports later
    what the Charge Point made of it, at the URL the eMSP gave.
    """

    def post_result_without_uid(
        self,
        url: str,
        command_response: CommandResponse,
        *,
        options: CallOptions | None = None,
    ) -> Receipt:
        """What the Charge Point made of a command, where the URL tells commands of one kind not apart.

        `POST /emsp/2.1.1/commands/{command}`. Section: mod_commands.md#221-post-method

        Args:
            url: the URL that the peer handed out, absolute or relative to its endpoint.
            command_response: the CommandResponse.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            ForeignUrl: the URL leads where the token must not go; nothing was sent.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._send(
            _operations.EMSP_COMMANDS_POST_RESULT_WITHOUT_UID,
            {},
            command_response,
            url=url,
            options=options,
        )

    def post_result_without_uid_url(
        self,
        command: CommandType,
    ) -> str:
        """The URL of `post_result_without_uid` where the peer keeps to the path of the text, for one that sends no URL.

        Args:
            command: The command whose result this is.

        Raises:
            NotOffered: the peer publishes no commands.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._url(
            _operations.EMSP_COMMANDS_POST_RESULT_WITHOUT_UID,
            {"command": command},
        )

    def post_result(
        self,
        url: str,
        command_response: CommandResponse,
        *,
        options: CallOptions | None = None,
    ) -> Receipt:
        """What the Charge Point made of a command.

        `POST /emsp/2.1.1/commands/{command}/{uid}`. Section: mod_commands.md#221-post-method

        Args:
            url: the URL that the peer handed out, absolute or relative to its endpoint.
            command_response: the CommandResponse.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            ForeignUrl: the URL leads where the token must not go; nothing was sent.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._send(
            _operations.EMSP_COMMANDS_POST_RESULT,
            {},
            command_response,
            url=url,
            options=options,
        )

    def post_result_url(
        self,
        command: CommandType,
        uid: str,
    ) -> str:
        """The URL of `post_result` where the peer keeps to the path of the text, for one that sends no URL.

        Args:
            command: The command whose result this is.
            uid: What the eMSP put into `response_url` to tell this command from others; no longer than a URL may be.

        Raises:
            NotOffered: the peer publishes no commands.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._url(
            _operations.EMSP_COMMANDS_POST_RESULT,
            {"command": command, "uid": uid},
        )


class AsyncEmspCommands(AsyncModuleClient):
    """OCPI 2.1.1 Commands, as the eMSP serves them.

    Commands of the eMSP to a Charge Point. The CPO answers at once whether it passes a command on, and reports later
    what the Charge Point made of it, at the URL the eMSP gave.
    """

    async def post_result_without_uid(
        self,
        url: str,
        command_response: CommandResponse,
        *,
        options: CallOptions | None = None,
    ) -> Receipt:
        """What the Charge Point made of a command, where the URL tells commands of one kind not apart.

        `POST /emsp/2.1.1/commands/{command}`. Section: mod_commands.md#221-post-method

        Args:
            url: the URL that the peer handed out, absolute or relative to its endpoint.
            command_response: the CommandResponse.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            ForeignUrl: the URL leads where the token must not go; nothing was sent.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return await self._send(
            _operations.EMSP_COMMANDS_POST_RESULT_WITHOUT_UID,
            {},
            command_response,
            url=url,
            options=options,
        )

    def post_result_without_uid_url(
        self,
        command: CommandType,
    ) -> str:
        """The URL of `post_result_without_uid` where the peer keeps to the path of the text, for one that sends no URL.

        Args:
            command: The command whose result this is.

        Raises:
            NotOffered: the peer publishes no commands.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._url(
            _operations.EMSP_COMMANDS_POST_RESULT_WITHOUT_UID,
            {"command": command},
        )

    async def post_result(
        self,
        url: str,
        command_response: CommandResponse,
        *,
        options: CallOptions | None = None,
    ) -> Receipt:
        """What the Charge Point made of a command.

        `POST /emsp/2.1.1/commands/{command}/{uid}`. Section: mod_commands.md#221-post-method

        Args:
            url: the URL that the peer handed out, absolute or relative to its endpoint.
            command_response: the CommandResponse.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            ForeignUrl: the URL leads where the token must not go; nothing was sent.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return await self._send(
            _operations.EMSP_COMMANDS_POST_RESULT,
            {},
            command_response,
            url=url,
            options=options,
        )

    def post_result_url(
        self,
        command: CommandType,
        uid: str,
    ) -> str:
        """The URL of `post_result` where the peer keeps to the path of the text, for one that sends no URL.

        Args:
            command: The command whose result this is.
            uid: What the eMSP put into `response_url` to tell this command from others; no longer than a URL may be.

        Raises:
            NotOffered: the peer publishes no commands.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._url(
            _operations.EMSP_COMMANDS_POST_RESULT,
            {"command": command, "uid": uid},
        )
