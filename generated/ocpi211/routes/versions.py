# Written by ocpi_codegen from the spec (OCPI 2.1.1, GIREVE). Change the spec, not this file; then: nox -s generate

# ruff: noqa: ARG002 -- a skeleton has the arguments that OCPI gives it
"""OCPI 2.1.1 Versions: what a server answers.

A skeleton a role; only what a subclass overrides is served and advertised.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ocpi211 import operations
from ocpi211_runtime.handlers import Handler, NotOverridden

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ocpi211.models.versions import Version, VersionDetails
    from ocpi211_runtime.answers import Caller, Role
    from ocpi211_runtime.operation import Operation

__all__ = [
    "CpoVersions",
    "EmspVersions",
]


class CpoVersions(Handler):
    """OCPI 2.1.1 Versions, as the CPO serves them: override what you offer.

    Which versions of OCPI a party speaks, and where the modules of this version are found.
    """

    role: ClassVar[Role] = "cpo"
    module: ClassVar[str] = "versions"
    operations: ClassVar[Mapping[str, Operation[Any]]] = {
        "list_versions": operations.CPO_VERSIONS_LIST_VERSIONS,
        "get_version_details": operations.CPO_VERSIONS_GET_VERSION_DETAILS,
    }

    async def list_versions(
        self,
        caller: Caller,
    ) -> list[Version] | bytes:
        """The versions the CPO speaks, each with the URL of its details.

        `GET /cpo/versions`. Section: version_information_endpoint.md#get

        Args:
            caller: Who asks; `caller.request` is the request.

        Returns:
            The list[Version], or its JSON.
        """
        raise NotOverridden

    async def get_version_details(
        self,
        caller: Caller,
    ) -> VersionDetails | bytes:
        """The modules the CPO offers in this version, each with its URL.

        `GET /cpo/2.1.1`. Section: version_information_endpoint.md#get-1

        Args:
            caller: Who asks; `caller.request` is the request.

        Returns:
            The VersionDetails, or its JSON.
        """
        raise NotOverridden


class EmspVersions(Handler):
    """OCPI 2.1.1 Versions, as the eMSP serves them: override what you offer.

    Which versions of OCPI a party speaks, and where the modules of this version are found.
    """

    role: ClassVar[Role] = "emsp"
    module: ClassVar[str] = "versions"
    operations: ClassVar[Mapping[str, Operation[Any]]] = {
        "list_versions": operations.EMSP_VERSIONS_LIST_VERSIONS,
        "get_version_details": operations.EMSP_VERSIONS_GET_VERSION_DETAILS,
    }

    async def list_versions(
        self,
        caller: Caller,
    ) -> list[Version] | bytes:
        """The versions the eMSP speaks, each with the URL of its details.

        `GET /emsp/versions`. Section: version_information_endpoint.md#get

        Args:
            caller: Who asks; `caller.request` is the request.

        Returns:
            The list[Version], or its JSON.
        """
        raise NotOverridden

    async def get_version_details(
        self,
        caller: Caller,
    ) -> VersionDetails | bytes:
        """The modules the eMSP offers in this version, each with its URL.

        `GET /emsp/2.1.1`. Section: version_information_endpoint.md#get-1

        Args:
            caller: Who asks; `caller.request` is the request.

        Returns:
            The VersionDetails, or its JSON.
        """
        raise NotOverridden
