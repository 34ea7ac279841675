"""The route skeletons: what they say, and that they serve nothing by themselves."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
from typing import Any

import pytest

from ocpi211 import client, routes
from ocpi211.models import VersionDetails
from ocpi211.operations import OPERATIONS
from ocpi211.routes import Caller, Incoming
from ocpi211_runtime.asgi import BlockingAsgiTransport
from ocpi211_runtime.handlers import Handler, NotOverridden, offers
from ocpi211_runtime.operation import Operation

ROWS = pytest.mark.parametrize("row", [pytest.param(row, id=name) for name, row in OPERATIONS.items()])
SKELETONS = [getattr(routes, name) for name in routes.__all__ if name.startswith(("Cpo", "Emsp"))]
PUBLIC_URL = "https://ocpi.example.com"


def skeleton(row: Operation[Any]) -> type[Handler]:
    """The class that has the operation."""
    found: type[Handler] = getattr(routes, f"{row.role.capitalize()}{row.module.capitalize()}")
    return found


async def authenticate(_: str, request: Incoming) -> Caller:
    """Knows everybody."""
    return Caller("emsp" if request.operation.role == "cpo" else "cpo", "FR", "ABC")


@ROWS
def test_a_method_says_what_it_serves(row: Operation[Any]) -> None:
    text = " ".join((getattr(skeleton(row), row.name).__doc__ or "").split())
    assert text.startswith(f"{row.origin}: {row.summary}" if row.origin else row.summary)
    assert f"`{row.verb} {row.path}`. Section: {row.section}" in text
    assert "Returns:" in text
    assert all(f"{one.python}: " in text for one in row.parameters)


@ROWS
def test_a_method_that_is_not_overridden_says_so(row: Operation[Any]) -> None:
    method = getattr(skeleton(row)(), row.name)
    arguments = [None for one in inspect.signature(method).parameters.values() if one.kind is not one.KEYWORD_ONLY]
    required = {one.python: None for one in row.parameters if one.place != "path" and one.required}
    with pytest.raises(NotOverridden):
        asyncio.run(method(*arguments, **required))


@pytest.mark.parametrize("row", [pytest.param(row, id=row.id) for row in OPERATIONS.values() if not row.opaque_url])
def test_a_client_and_a_handler_have_the_same_arguments(row: Operation[Any]) -> None:
    ours = inspect.signature(getattr(skeleton(row), row.name)).parameters
    theirs = inspect.signature(getattr(getattr(client, skeleton(row).__name__), row.name)).parameters
    assert [one for one in ours.values() if one.name != "caller"] == [
        one for one in theirs.values() if one.name != "options"
    ]


def test_the_skeletons_share_out_every_operation() -> None:
    listed = [operation.id for one in SKELETONS for operation in one.operations.values()]
    assert sorted(listed) == sorted(OPERATIONS)


@pytest.mark.requirement("VER-DET-04")
def test_skeletons_alone_offer_nothing() -> None:
    assert list(offers(one() for one in SKELETONS)) == []


@pytest.mark.requirement("VER-DET-04", "VER-URL-04")
@pytest.mark.parametrize("role", ["cpo", "emsp"])
def test_what_is_overridden_is_advertised_in_its_role(role: str) -> None:
    handlers = [_overriding(one) for one in SKELETONS if one.module != "versions"]
    served = routes.app(*handlers, authenticate=authenticate, public_url=PUBLIC_URL)
    peer: type[client.CpoClient | client.EmspClient] = client.CpoClient if role == "cpo" else client.EmspClient
    transport = BlockingAsgiTransport(served)
    with (
        contextlib.closing(transport),
        peer.discover(f"{PUBLIC_URL}/{role}/versions", "token", transport=transport) as found,
    ):
        details = found.versions.get_version_details()
    assert isinstance(details, VersionDetails)
    assert {str(one.identifier): one.url for one in details.endpoints} == {
        one.module: f"{PUBLIC_URL}/{role}/2.1.1/{one.module}"
        for one in SKELETONS
        if one.role == role and one.module != "versions"
    }


def _overriding(one: type[Handler]) -> Handler:
    """A handler of the module that overrides the first of its operations."""

    async def serve(*_: object) -> None:
        """Answers nothing."""

    made: Handler = type("Overriding", (one,), {next(iter(one.operations)): serve})()
    return made
