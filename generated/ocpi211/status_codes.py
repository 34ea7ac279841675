# Written by ocpi_codegen from the spec (OCPI 2.1.1, GIREVE). Change the spec, not this file; then: nox -s generate

"""The OCPI status codes, which every answer carries beside the HTTP status. Section: status_codes.md#status-codes."""

from __future__ import annotations

from enum import IntEnum

__all__ = ["StatusCode"]


class StatusCode(IntEnum):
    """1xxx: success. 2xxx: the client's fault. 3xxx: the server's."""

    SUCCESS = 1000
    """Success."""
    CLIENT_ERROR = 2000
    """The client did something wrong."""
    INVALID_PARAMETERS = 2001
    """Parameters are invalid or missing."""
    NOT_ENOUGH_INFORMATION = 2002
    """Too little information, for example to authorise a Token."""
    UNKNOWN_LOCATION = 2003
    """The Location is unknown, for example in a command."""
    SERVER_ERROR = 3000
    """The server failed."""
    CANNOT_USE_CLIENT_API = 3001
    """The client's own interface could not be used, for example while it registers."""
    UNSUPPORTED_VERSION = 3002
    """The version is not supported."""
    MISSING_ENDPOINTS = 3003
    """Endpoints are missing that one side expects of the other."""
