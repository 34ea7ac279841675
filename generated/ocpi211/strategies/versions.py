# Written by ocpi_codegen from the spec (OCPI 2.1.1, GIREVE). Change the spec, not this file; then: nox -s generate

"""Hypothesis strategies for the classes of OCPI 2.1.1 Versions.

What they draw is valid. A keyword replaces the strategy of that field; the other optional fields are absent half of
the time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocpi211.models.versions import Endpoint, ModuleID, Version, VersionDetails, VersionNumber
from ocpi211_runtime import drawing
from ocpi211_runtime.recipes import Recipe

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


__all__ = [
    "endpoints",
    "module_ids",
    "version_details",
    "version_numbers",
    "versions",
]


_versions = Recipe(
    Version,
    required=lambda: {
        "version": version_numbers(),
        "url": drawing.urls(max_length=255),
    },
)


def versions(
    *, version: SearchStrategy[VersionNumber] | None = None, url: SearchStrategy[str] | None = None
) -> SearchStrategy[Version]:
    """Valid objects of the class Version.

    Section: version_information_endpoint.md#version-class
    """
    return _versions.strategy(version=version, url=url)


_version_details = Recipe(
    VersionDetails,
    required=lambda: {
        "version": version_numbers(),
        "endpoints": drawing.lists(endpoints(), min_size=1, unique_by="identifier"),
    },
)


def version_details(
    *, version: SearchStrategy[VersionNumber] | None = None, endpoints: SearchStrategy[list[Endpoint]] | None = None
) -> SearchStrategy[VersionDetails]:
    """Valid objects of the class VersionDetails.

    Section: version_information_endpoint.md#data-1
    """
    return _version_details.strategy(version=version, endpoints=endpoints)


_endpoints = Recipe(
    Endpoint,
    required=lambda: {
        "identifier": module_ids(),
        "url": drawing.urls(max_length=255),
    },
)


def endpoints(
    *, identifier: SearchStrategy[ModuleID] | None = None, url: SearchStrategy[str] | None = None
) -> SearchStrategy[Endpoint]:
    """Valid objects of the class Endpoint.

    Section: version_information_endpoint.md#endpoint-class
    """
    return _endpoints.strategy(identifier=identifier, url=url)


def module_ids(*, unknown: bool = False) -> SearchStrategy[ModuleID]:
    """Members of ModuleID; with `unknown`, values as well that it does not list.

    Section: version_information_endpoint.md#moduleid-enum
    """
    return drawing.enum_members(ModuleID, unknown=unknown)


def version_numbers(*, unknown: bool = False) -> SearchStrategy[VersionNumber]:
    """Members of VersionNumber; with `unknown`, values as well that it does not list.

    Section: version_information_endpoint.md#versionnumber-enum
    """
    return drawing.enum_members(VersionNumber, unknown=unknown)
