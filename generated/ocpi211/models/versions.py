# Written by ocpi_codegen from the spec (OCPI 2.1.1, GIREVE). Change the spec, not this file; then: nox -s generate

"""OCPI 2.1.1 Versions: its objects, classes and enums.

Which versions of OCPI a party speaks, and where the modules of this version are found.
"""

from typing import Annotated

from pydantic import Field

from ocpi211.models.scalars import (
    URL,
)
from ocpi211_runtime.enums import OpenEnum
from ocpi211_runtime.model import OcpiModel


class ModuleID(OpenEnum):
    """Name of a module. Two parties may agree on modules of their own, best named with a prefix of country code and
    party id: such a name is legal, but not listed.

    Section: version_information_endpoint.md#moduleid-enum
    """

    cdrs = "cdrs"
    """CDRs."""
    commands = "commands"
    """Commands to a Charge Point."""
    credentials = "credentials"
    """Credentials and registration; every party offers it."""
    locations = "locations"
    """Locations, EVSEs and Connectors."""
    sessions = "sessions"
    """Sessions."""
    tariffs = "tariffs"
    """Tariffs."""
    tokens = "tokens"
    """Tokens and authorisation."""


class Endpoint(OcpiModel):
    """A module on offer and where it is found.

    Section: version_information_endpoint.md#endpoint-class
    """

    identifier: ModuleID
    """The module."""
    url: URL
    """Where the module is found. Whatever path follows in the text is appended to it."""


class VersionNumber(OpenEnum):
    """Number of a version of OCPI.

    Section: version_information_endpoint.md#versionnumber-enum
    """

    V2_0 = "2.0"
    """OCPI 2.0."""
    V2_1 = "2.1"
    """OCPI 2.1, withdrawn in favour of 2.1.1."""
    V2_1_1 = "2.1.1"
    """OCPI 2.1.1, the version described here."""


class Version(OcpiModel):
    """One version of OCPI a party speaks.

    Section: version_information_endpoint.md#version-class
    """

    version: VersionNumber
    """Number of the version."""
    url: URL
    """Where the details of this version are found."""


class VersionDetails(OcpiModel):
    """What a party offers in one version of OCPI.

    Section: version_information_endpoint.md#data-1
    """

    version: VersionNumber
    """Number of the version."""
    endpoints: Annotated[list[Endpoint], Field(min_length=1)]
    """The modules on offer, `credentials` always among them."""


__all__ = [
    "Endpoint",
    "ModuleID",
    "Version",
    "VersionDetails",
    "VersionNumber",
]
