# Written by ocpi_codegen from the spec (OCPI 2.1.1, GIREVE). Change the spec, not this file; then: nox -s generate

"""What a CPO and an eMSP serve: skeletons to derive from, and what makes routes of the handlers.

Override the methods you offer, `class MyTokens(CpoTokens)`, and run `app(MyTokens(), authenticate=…, public_url=…)`,
or mount `routes(...)` in an application of your own. Versions and version details answer for themselves.
"""

from __future__ import annotations

from ocpi211.routes.cdrs import CpoCdrs, EmspCdrs
from ocpi211.routes.commands import CpoCommands, EmspCommands
from ocpi211.routes.credentials import CpoCredentials, EmspCredentials
from ocpi211.routes.locations import CpoLocations, EmspLocations
from ocpi211.routes.sessions import CpoSessions, EmspSessions
from ocpi211.routes.tariffs import CpoTariffs, EmspTariffs
from ocpi211.routes.tokens import CpoTokens, EmspTokens
from ocpi211.routes.versions import CpoVersions, EmspVersions
from ocpi211_runtime.answers import Authenticate, Caller, Created, Incoming, PageResult, Role
from ocpi211_runtime.errors import (
    BadRequest,
    CannotUseClientApi,
    InvalidParameters,
    MethodNotAllowed,
    MissingEndpoints,
    NotEnoughInformation,
    NotFound,
    PayloadTooLarge,
    Refusal,
    ServerFailure,
    Unauthorized,
    UnknownLocation,
    UnsupportedVersion,
)
from ocpi211_runtime.handlers import Handler
from ocpi211_runtime.problems import Problem
from ocpi211_runtime.routing import app, routes
from ocpi211_runtime.serving import RouteSettings

__all__ = [
    "Authenticate",
    "BadRequest",
    "Caller",
    "CannotUseClientApi",
    "CpoCdrs",
    "CpoCommands",
    "CpoCredentials",
    "CpoLocations",
    "CpoSessions",
    "CpoTariffs",
    "CpoTokens",
    "CpoVersions",
    "Created",
    "EmspCdrs",
    "EmspCommands",
    "EmspCredentials",
    "EmspLocations",
    "EmspSessions",
    "EmspTariffs",
    "EmspTokens",
    "EmspVersions",
    "Handler",
    "Incoming",
    "InvalidParameters",
    "MethodNotAllowed",
    "MissingEndpoints",
    "NotEnoughInformation",
    "NotFound",
    "PageResult",
    "PayloadTooLarge",
    "Problem",
    "Refusal",
    "Role",
    "RouteSettings",
    "ServerFailure",
    "Unauthorized",
    "UnknownLocation",
    "UnsupportedVersion",
    "app",
    "routes",
]
