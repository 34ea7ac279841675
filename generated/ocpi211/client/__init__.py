# Written by ocpi_codegen from the spec (OCPI 2.1.1, GIREVE). Change the spec, not this file; then: nox -s generate

"""Clients of a CPO and of an eMSP, sync and async, named after the peer they call.

`CpoClient.discover(versions_url, token)` finds the endpoints; `cpo.locations.list_locations()` is a pager.
"""

from __future__ import annotations

from functools import cached_property

from ocpi211.client.cdrs import AsyncCpoCdrs, AsyncEmspCdrs, CpoCdrs, EmspCdrs
from ocpi211.client.commands import AsyncCpoCommands, AsyncEmspCommands, CpoCommands, EmspCommands
from ocpi211.client.credentials import AsyncCpoCredentials, AsyncEmspCredentials, CpoCredentials, EmspCredentials
from ocpi211.client.locations import AsyncCpoLocations, AsyncEmspLocations, CpoLocations, EmspLocations
from ocpi211.client.sessions import AsyncCpoSessions, AsyncEmspSessions, CpoSessions, EmspSessions
from ocpi211.client.tariffs import AsyncCpoTariffs, AsyncEmspTariffs, CpoTariffs, EmspTariffs
from ocpi211.client.tokens import AsyncCpoTokens, AsyncEmspTokens, CpoTokens, EmspTokens
from ocpi211.client.versions import AsyncCpoVersions, AsyncEmspVersions, CpoVersions, EmspVersions
from ocpi211_runtime.async_client import AsyncPeerClient
from ocpi211_runtime.client import PeerClient
from ocpi211_runtime.errors import (
    ForeignUrl,
    MalformedAnswer,
    NotOffered,
    OcpiError,
    PeerError,
    PeerMethodNotAllowed,
    PeerNotFound,
    PeerRefusal,
    PeerUnauthorized,
    Timeout,
    Unreachable,
)
from ocpi211_runtime.exchange import AsyncTransport, CallOptions, Receipt, Request, Response, Transport
from ocpi211_runtime.pages import AsyncPager, Page, Pager, Rejected
from ocpi211_runtime.problems import Problem

__all__ = [
    "AsyncCpoCdrs",
    "AsyncCpoClient",
    "AsyncCpoCommands",
    "AsyncCpoCredentials",
    "AsyncCpoLocations",
    "AsyncCpoSessions",
    "AsyncCpoTariffs",
    "AsyncCpoTokens",
    "AsyncCpoVersions",
    "AsyncEmspCdrs",
    "AsyncEmspClient",
    "AsyncEmspCommands",
    "AsyncEmspCredentials",
    "AsyncEmspLocations",
    "AsyncEmspSessions",
    "AsyncEmspTariffs",
    "AsyncEmspTokens",
    "AsyncEmspVersions",
    "AsyncPager",
    "AsyncTransport",
    "CallOptions",
    "CpoCdrs",
    "CpoClient",
    "CpoCommands",
    "CpoCredentials",
    "CpoLocations",
    "CpoSessions",
    "CpoTariffs",
    "CpoTokens",
    "CpoVersions",
    "EmspCdrs",
    "EmspClient",
    "EmspCommands",
    "EmspCredentials",
    "EmspLocations",
    "EmspSessions",
    "EmspTariffs",
    "EmspTokens",
    "EmspVersions",
    "ForeignUrl",
    "MalformedAnswer",
    "NotOffered",
    "OcpiError",
    "Page",
    "Pager",
    "PeerError",
    "PeerMethodNotAllowed",
    "PeerNotFound",
    "PeerRefusal",
    "PeerUnauthorized",
    "Problem",
    "Receipt",
    "Rejected",
    "Request",
    "Response",
    "Timeout",
    "Transport",
    "Unreachable",
]


class CpoClient(PeerClient):
    """Calls to a CPO: an attribute a module."""

    @cached_property
    def versions(self) -> CpoVersions:
        """OCPI 2.1.1 Versions, as the CPO serves them."""
        return CpoVersions(self)

    @cached_property
    def credentials(self) -> CpoCredentials:
        """OCPI 2.1.1 Credentials, as the CPO serves them."""
        return CpoCredentials(self)

    @cached_property
    def locations(self) -> CpoLocations:
        """OCPI 2.1.1 Locations, as the CPO serves them."""
        return CpoLocations(self)

    @cached_property
    def sessions(self) -> CpoSessions:
        """OCPI 2.1.1 Sessions, as the CPO serves them."""
        return CpoSessions(self)

    @cached_property
    def cdrs(self) -> CpoCdrs:
        """OCPI 2.1.1 CDRs, as the CPO serves them."""
        return CpoCdrs(self)

    @cached_property
    def tariffs(self) -> CpoTariffs:
        """OCPI 2.1.1 Tariffs, as the CPO serves them."""
        return CpoTariffs(self)

    @cached_property
    def tokens(self) -> CpoTokens:
        """OCPI 2.1.1 Tokens, as the CPO serves them."""
        return CpoTokens(self)

    @cached_property
    def commands(self) -> CpoCommands:
        """OCPI 2.1.1 Commands, as the CPO serves them."""
        return CpoCommands(self)


class AsyncCpoClient(AsyncPeerClient):
    """Asynchronous calls to a CPO: an attribute a module."""

    @cached_property
    def versions(self) -> AsyncCpoVersions:
        """OCPI 2.1.1 Versions, as the CPO serves them."""
        return AsyncCpoVersions(self)

    @cached_property
    def credentials(self) -> AsyncCpoCredentials:
        """OCPI 2.1.1 Credentials, as the CPO serves them."""
        return AsyncCpoCredentials(self)

    @cached_property
    def locations(self) -> AsyncCpoLocations:
        """OCPI 2.1.1 Locations, as the CPO serves them."""
        return AsyncCpoLocations(self)

    @cached_property
    def sessions(self) -> AsyncCpoSessions:
        """OCPI 2.1.1 Sessions, as the CPO serves them."""
        return AsyncCpoSessions(self)

    @cached_property
    def cdrs(self) -> AsyncCpoCdrs:
        """OCPI 2.1.1 CDRs, as the CPO serves them."""
        return AsyncCpoCdrs(self)

    @cached_property
    def tariffs(self) -> AsyncCpoTariffs:
        """OCPI 2.1.1 Tariffs, as the CPO serves them."""
        return AsyncCpoTariffs(self)

    @cached_property
    def tokens(self) -> AsyncCpoTokens:
        """OCPI 2.1.1 Tokens, as the CPO serves them."""
        return AsyncCpoTokens(self)

    @cached_property
    def commands(self) -> AsyncCpoCommands:
        """OCPI 2.1.1 Commands, as the CPO serves them."""
        return AsyncCpoCommands(self)


class EmspClient(PeerClient):
    """Calls to an eMSP: an attribute a module."""

    @cached_property
    def versions(self) -> EmspVersions:
        """OCPI 2.1.1 Versions, as the eMSP serves them."""
        return EmspVersions(self)

    @cached_property
    def credentials(self) -> EmspCredentials:
        """OCPI 2.1.1 Credentials, as the eMSP serves them."""
        return EmspCredentials(self)

    @cached_property
    def locations(self) -> EmspLocations:
        """OCPI 2.1.1 Locations, as the eMSP serves them."""
        return EmspLocations(self)

    @cached_property
    def sessions(self) -> EmspSessions:
        """OCPI 2.1.1 Sessions, as the eMSP serves them."""
        return EmspSessions(self)

    @cached_property
    def cdrs(self) -> EmspCdrs:
        """OCPI 2.1.1 CDRs, as the eMSP serves them."""
        return EmspCdrs(self)

    @cached_property
    def tariffs(self) -> EmspTariffs:
        """OCPI 2.1.1 Tariffs, as the eMSP serves them."""
        return EmspTariffs(self)

    @cached_property
    def tokens(self) -> EmspTokens:
        """OCPI 2.1.1 Tokens, as the eMSP serves them."""
        return EmspTokens(self)

    @cached_property
    def commands(self) -> EmspCommands:
        """OCPI 2.1.1 Commands, as the eMSP serves them."""
        return EmspCommands(self)


class AsyncEmspClient(AsyncPeerClient):
    """Asynchronous calls to an eMSP: an attribute a module."""

    @cached_property
    def versions(self) -> AsyncEmspVersions:
        """OCPI 2.1.1 Versions, as the eMSP serves them."""
        return AsyncEmspVersions(self)

    @cached_property
    def credentials(self) -> AsyncEmspCredentials:
        """OCPI 2.1.1 Credentials, as the eMSP serves them."""
        return AsyncEmspCredentials(self)

    @cached_property
    def locations(self) -> AsyncEmspLocations:
        """OCPI 2.1.1 Locations, as the eMSP serves them."""
        return AsyncEmspLocations(self)

    @cached_property
    def sessions(self) -> AsyncEmspSessions:
        """OCPI 2.1.1 Sessions, as the eMSP serves them."""
        return AsyncEmspSessions(self)

    @cached_property
    def cdrs(self) -> AsyncEmspCdrs:
        """OCPI 2.1.1 CDRs, as the eMSP serves them."""
        return AsyncEmspCdrs(self)

    @cached_property
    def tariffs(self) -> AsyncEmspTariffs:
        """OCPI 2.1.1 Tariffs, as the eMSP serves them."""
        return AsyncEmspTariffs(self)

    @cached_property
    def tokens(self) -> AsyncEmspTokens:
        """OCPI 2.1.1 Tokens, as the eMSP serves them."""
        return AsyncEmspTokens(self)

    @cached_property
    def commands(self) -> AsyncEmspCommands:
        """OCPI 2.1.1 Commands, as the eMSP serves them."""
        return AsyncEmspCommands(self)
