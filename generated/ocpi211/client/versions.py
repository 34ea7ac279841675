# Written by ocpi_codegen from the spec (OCPI 2.1.1, GIREVE). Change the spec, not this file; then: nox -s generate

"""OCPI 2.1.1 Versions: what a client calls, sync and async."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocpi211 import operations as _operations
from ocpi211_runtime.async_client import AsyncModuleClient
from ocpi211_runtime.client import ModuleClient

if TYPE_CHECKING:
    from ocpi211.models.versions import Version, VersionDetails
    from ocpi211_runtime.exchange import CallOptions

__all__ = [
    "AsyncCpoVersions",
    "AsyncEmspVersions",
    "CpoVersions",
    "EmspVersions",
]


class CpoVersions(ModuleClient):
    """OCPI 2.1.1 Versions, as the CPO serves them.

    Which versions of OCPI a party speaks, and where the modules of this version are found.
    """

    def list_versions(
        self,
        *,
        options: CallOptions | None = None,
    ) -> list[Version]:
        """The versions the CPO speaks, each with the URL of its details.

        `GET /cpo/versions`. Section: version_information_endpoint.md#get

        Args:
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no versions.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._fetch(
            _operations.CPO_VERSIONS_LIST_VERSIONS,
            {},
            options=options,
        )

    def get_version_details(
        self,
        *,
        options: CallOptions | None = None,
    ) -> VersionDetails:
        """The modules the CPO offers in this version, each with its URL.

        `GET /cpo/2.1.1`. Section: version_information_endpoint.md#get-1

        Args:
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no version_details.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._fetch(
            _operations.CPO_VERSIONS_GET_VERSION_DETAILS,
            {},
            options=options,
        )


class AsyncCpoVersions(AsyncModuleClient):
    """OCPI 2.1.1 Versions, as the CPO serves them.

    Which versions of OCPI a party speaks, and where the modules of this version are found.
    """

    async def list_versions(
        self,
        *,
        options: CallOptions | None = None,
    ) -> list[Version]:
        """The versions the CPO speaks, each with the URL of its details.

        `GET /cpo/versions`. Section: version_information_endpoint.md#get

        Args:
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no versions.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return await self._fetch(
            _operations.CPO_VERSIONS_LIST_VERSIONS,
            {},
            options=options,
        )

    async def get_version_details(
        self,
        *,
        options: CallOptions | None = None,
    ) -> VersionDetails:
        """The modules the CPO offers in this version, each with its URL.

        `GET /cpo/2.1.1`. Section: version_information_endpoint.md#get-1

        Args:
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no version_details.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return await self._fetch(
            _operations.CPO_VERSIONS_GET_VERSION_DETAILS,
            {},
            options=options,
        )


class EmspVersions(ModuleClient):
    """OCPI 2.1.1 Versions, as the eMSP serves them.

    Which versions of OCPI a party speaks, and where the modules of this version are found.
    """

    def list_versions(
        self,
        *,
        options: CallOptions | None = None,
    ) -> list[Version]:
        """The versions the eMSP speaks, each with the URL of its details.

        `GET /emsp/versions`. Section: version_information_endpoint.md#get

        Args:
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no versions.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._fetch(
            _operations.EMSP_VERSIONS_LIST_VERSIONS,
            {},
            options=options,
        )

    def get_version_details(
        self,
        *,
        options: CallOptions | None = None,
    ) -> VersionDetails:
        """The modules the eMSP offers in this version, each with its URL.

        `GET /emsp/2.1.1`. Section: version_information_endpoint.md#get-1

        Args:
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no version_details.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._fetch(
            _operations.EMSP_VERSIONS_GET_VERSION_DETAILS,
            {},
            options=options,
        )


class AsyncEmspVersions(AsyncModuleClient):
    """OCPI 2.1.1 Versions, as the eMSP serves them.

    Which versions of OCPI a party speaks, and where the modules of this version are found.
    """

    async def list_versions(
        self,
        *,
        options: CallOptions | None = None,
    ) -> list[Version]:
        """The versions the eMSP speaks, each with the URL of its details.

        `GET /emsp/versions`. Section: version_information_endpoint.md#get

        Args:
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no versions.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return await self._fetch(
            _operations.EMSP_VERSIONS_LIST_VERSIONS,
            {},
            options=options,
        )

    async def get_version_details(
        self,
        *,
        options: CallOptions | None = None,
    ) -> VersionDetails:
        """The modules the eMSP offers in this version, each with its URL.

        `GET /emsp/2.1.1`. Section: version_information_endpoint.md#get-1

        Args:
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no version_details.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return await self._fetch(
            _operations.EMSP_VERSIONS_GET_VERSION_DETAILS,
            {},
            options=options,
        )
