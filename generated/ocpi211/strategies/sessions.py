# Written by ocpi_codegen from the spec (OCPI 2.1.1, GIREVE). Change the spec, not this file; then: nox -s generate

# ruff: noqa: A002 -- a keyword is named as the field of OCPI is
"""Hypothesis strategies for the classes of OCPI 2.1.1 Sessions.

What they draw is valid. A keyword replaces the strategy of that field; the other optional fields are absent half of
the time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocpi211.models.sessions import Session, SessionPatch, SessionStatus
from ocpi211.strategies.cdrs import auth_methods, charging_periods
from ocpi211.strategies.locations import locations
from ocpi211_runtime import drawing
from ocpi211_runtime.recipes import Recipe

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from hypothesis.strategies import SearchStrategy

    from ocpi211.models.cdrs import AuthMethod, ChargingPeriod
    from ocpi211.models.locations import Location

__all__ = [
    "session_patches",
    "session_statuses",
    "sessions",
]


_sessions = Recipe(
    Session,
    required=lambda: {
        "id": drawing.identifiers(min_length=1, max_length=36),
        "start_datetime": drawing.date_times(),
        "kwh": drawing.numbers(),
        "auth_id": drawing.identifiers(max_length=36),
        "auth_method": auth_methods(),
        "location": locations(),
        "currency": drawing.currencies(),
        "status": session_statuses(),
        "last_updated": drawing.date_times(),
    },
    optional=lambda: {
        "end_datetime": drawing.date_times(),
        "meter_id": drawing.identifiers(max_length=255),
        "charging_periods": drawing.lists(charging_periods()),
        "total_cost": drawing.numbers(),
        "authorization_id": drawing.identifiers(min_length=1, max_length=36),
    },
    ordered=(("start_datetime", "end_datetime"),),
)


def sessions(
    *,
    id: SearchStrategy[str] | None = None,
    start_datetime: SearchStrategy[datetime] | None = None,
    kwh: SearchStrategy[Decimal] | None = None,
    auth_id: SearchStrategy[str] | None = None,
    auth_method: SearchStrategy[AuthMethod] | None = None,
    location: SearchStrategy[Location] | None = None,
    currency: SearchStrategy[str] | None = None,
    status: SearchStrategy[SessionStatus] | None = None,
    last_updated: SearchStrategy[datetime] | None = None,
    end_datetime: SearchStrategy[datetime | None] | None = None,
    meter_id: SearchStrategy[str | None] | None = None,
    charging_periods: SearchStrategy[list[ChargingPeriod] | None] | None = None,
    total_cost: SearchStrategy[Decimal | None] | None = None,
    authorization_id: SearchStrategy[str | None] | None = None,
) -> SearchStrategy[Session]:
    """Valid objects of the class Session.

    Section: mod_sessions.md#31-session-object
    """
    return _sessions.strategy(
        id=id,
        start_datetime=start_datetime,
        kwh=kwh,
        auth_id=auth_id,
        auth_method=auth_method,
        location=location,
        currency=currency,
        status=status,
        last_updated=last_updated,
        end_datetime=end_datetime,
        meter_id=meter_id,
        charging_periods=charging_periods,
        total_cost=total_cost,
        authorization_id=authorization_id,
    )


_session_patches = Recipe(
    SessionPatch,
    optional=lambda: {
        "id": drawing.identifiers(min_length=1, max_length=36),
        "start_datetime": drawing.date_times(),
        "end_datetime": drawing.optional(drawing.date_times()),
        "kwh": drawing.numbers(),
        "auth_id": drawing.identifiers(max_length=36),
        "auth_method": auth_methods(),
        "location": locations(),
        "meter_id": drawing.optional(drawing.identifiers(max_length=255)),
        "currency": drawing.currencies(),
        "charging_periods": drawing.optional(drawing.lists(charging_periods())),
        "total_cost": drawing.optional(drawing.numbers()),
        "status": session_statuses(),
        "last_updated": drawing.date_times(),
        "authorization_id": drawing.optional(drawing.identifiers(min_length=1, max_length=36)),
    },
)


def session_patches(
    *,
    id: SearchStrategy[str] | None = None,
    start_datetime: SearchStrategy[datetime] | None = None,
    end_datetime: SearchStrategy[datetime | None] | None = None,
    kwh: SearchStrategy[Decimal] | None = None,
    auth_id: SearchStrategy[str] | None = None,
    auth_method: SearchStrategy[AuthMethod] | None = None,
    location: SearchStrategy[Location] | None = None,
    meter_id: SearchStrategy[str | None] | None = None,
    currency: SearchStrategy[str] | None = None,
    charging_periods: SearchStrategy[list[ChargingPeriod] | None] | None = None,
    total_cost: SearchStrategy[Decimal | None] | None = None,
    status: SearchStrategy[SessionStatus] | None = None,
    last_updated: SearchStrategy[datetime] | None = None,
    authorization_id: SearchStrategy[str | None] | None = None,
) -> SearchStrategy[SessionPatch]:
    """Valid objects of the class SessionPatch.

    Section: mod_sessions.md#31-session-object
    """
    return _session_patches.strategy(
        id=id,
        start_datetime=start_datetime,
        end_datetime=end_datetime,
        kwh=kwh,
        auth_id=auth_id,
        auth_method=auth_method,
        location=location,
        meter_id=meter_id,
        currency=currency,
        charging_periods=charging_periods,
        total_cost=total_cost,
        status=status,
        last_updated=last_updated,
        authorization_id=authorization_id,
    )


def session_statuses(*, unknown: bool = False) -> SearchStrategy[SessionStatus]:
    """Members of SessionStatus; with `unknown`, values as well that it does not list.

    Section: mod_sessions.md#41-sessionstatus-enum
    """
    return drawing.enum_members(SessionStatus, unknown=unknown)
