# Written by ocpi_codegen from the spec (OCPI 2.1.1, GIREVE). Change the spec, not this file; then: nox -s generate

"""Hypothesis strategies for the classes of OCPI 2.1.1 Commands.

What they draw is valid. A keyword replaces the strategy of that field; the other optional fields are absent half of
the time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocpi211.models.commands import (
    CommandResponse,
    CommandResponseType,
    CommandType,
    ReserveNow,
    StartSession,
    StopSession,
    UnlockConnector,
)
from ocpi211.strategies.tokens import tokens
from ocpi211_runtime import drawing
from ocpi211_runtime.recipes import Recipe

if TYPE_CHECKING:
    from datetime import datetime

    from hypothesis.strategies import SearchStrategy

    from ocpi211.models.tokens import Token

__all__ = [
    "command_response_types",
    "command_responses",
    "command_types",
    "reserve_nows",
    "start_sessions",
    "stop_sessions",
    "unlock_connectors",
]


_command_responses = Recipe(
    CommandResponse,
    required=lambda: {
        "result": command_response_types(),
    },
)


def command_responses(*, result: SearchStrategy[CommandResponseType] | None = None) -> SearchStrategy[CommandResponse]:
    """Valid objects of the class CommandResponse.

    Section: mod_commands.md#31-commandresponse-object
    """
    return _command_responses.strategy(result=result)


_reserve_nows = Recipe(
    ReserveNow,
    required=lambda: {
        "response_url": drawing.urls(max_length=255),
        "token": tokens(),
        "expiry_date": drawing.date_times(),
        "reservation_id": drawing.integers(),
        "location_id": drawing.identifiers(max_length=39),
    },
    optional=lambda: {
        "evse_uid": drawing.identifiers(max_length=39),
    },
)


def reserve_nows(
    *,
    response_url: SearchStrategy[str] | None = None,
    token: SearchStrategy[Token] | None = None,
    expiry_date: SearchStrategy[datetime] | None = None,
    reservation_id: SearchStrategy[int] | None = None,
    location_id: SearchStrategy[str] | None = None,
    evse_uid: SearchStrategy[str | None] | None = None,
) -> SearchStrategy[ReserveNow]:
    """Valid objects of the class ReserveNow.

    Section: mod_commands.md#32-reservenow-object
    """
    return _reserve_nows.strategy(
        response_url=response_url,
        token=token,
        expiry_date=expiry_date,
        reservation_id=reservation_id,
        location_id=location_id,
        evse_uid=evse_uid,
    )


_start_sessions = Recipe(
    StartSession,
    required=lambda: {
        "response_url": drawing.urls(max_length=255),
        "token": tokens(),
        "location_id": drawing.identifiers(max_length=39),
    },
    optional=lambda: {
        "evse_uid": drawing.identifiers(max_length=39),
        "authorization_id": drawing.identifiers(min_length=1, max_length=36),
    },
)


def start_sessions(
    *,
    response_url: SearchStrategy[str] | None = None,
    token: SearchStrategy[Token] | None = None,
    location_id: SearchStrategy[str] | None = None,
    evse_uid: SearchStrategy[str | None] | None = None,
    authorization_id: SearchStrategy[str | None] | None = None,
) -> SearchStrategy[StartSession]:
    """Valid objects of the class StartSession.

    Section: mod_commands.md#33-startsession-object
    """
    return _start_sessions.strategy(
        response_url=response_url,
        token=token,
        location_id=location_id,
        evse_uid=evse_uid,
        authorization_id=authorization_id,
    )


_stop_sessions = Recipe(
    StopSession,
    required=lambda: {
        "response_url": drawing.urls(max_length=255),
        "session_id": drawing.identifiers(max_length=36),
    },
    optional=lambda: {
        "authorization_id": drawing.identifiers(min_length=1, max_length=36),
    },
)


def stop_sessions(
    *,
    response_url: SearchStrategy[str] | None = None,
    session_id: SearchStrategy[str] | None = None,
    authorization_id: SearchStrategy[str | None] | None = None,
) -> SearchStrategy[StopSession]:
    """Valid objects of the class StopSession.

    Section: mod_commands.md#34-stopsession-object
    """
    return _stop_sessions.strategy(response_url=response_url, session_id=session_id, authorization_id=authorization_id)


_unlock_connectors = Recipe(
    UnlockConnector,
    required=lambda: {
        "response_url": drawing.urls(max_length=255),
        "location_id": drawing.identifiers(max_length=39),
        "evse_uid": drawing.identifiers(max_length=39),
        "connector_id": drawing.identifiers(max_length=36),
    },
)


def unlock_connectors(
    *,
    response_url: SearchStrategy[str] | None = None,
    location_id: SearchStrategy[str] | None = None,
    evse_uid: SearchStrategy[str] | None = None,
    connector_id: SearchStrategy[str] | None = None,
) -> SearchStrategy[UnlockConnector]:
    """Valid objects of the class UnlockConnector.

    Section: mod_commands.md#35-unlockconnector-object
    """
    return _unlock_connectors.strategy(
        response_url=response_url, location_id=location_id, evse_uid=evse_uid, connector_id=connector_id
    )


def command_response_types(*, unknown: bool = False) -> SearchStrategy[CommandResponseType]:
    """Members of CommandResponseType; with `unknown`, values as well that it does not list.

    Section: mod_commands.md#41-commandresponsetype-enum
    """
    return drawing.enum_members(CommandResponseType, unknown=unknown)


def command_types(*, unknown: bool = False) -> SearchStrategy[CommandType]:
    """Members of CommandType; with `unknown`, values as well that it does not list.

    Section: mod_commands.md#42-commandtype-enum
    """
    return drawing.enum_members(CommandType, unknown=unknown)
