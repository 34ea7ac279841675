"""From the versions URL to the published endpoints (version_information_endpoint.md).

A generator of requests that is sent the responses: sync and async clients drive the same one.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, StringConstraints

from ocpi211_runtime.envelope import envelope_adapter
from ocpi211_runtime.errors import MalformedAnswer, NotOffered
from ocpi211_runtime.exchange import Call, Request, Response, build_call
from ocpi211_runtime.operation import Operation
from ocpi211_runtime.reading import read_envelope, read_page

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ocpi211_runtime.peer import Peer

__all__ = ["VERSION", "discover"]

VERSION = "2.1.1"

Filled = Annotated[str, StringConstraints(min_length=1)]


# Not the generated models: what a peer offers besides this version and these modules is its own affair, and one entry
# that breaks a rule of no concern to us must not cost the connection.
class _Version(BaseModel):
    version: Filled
    url: Filled


class _Endpoint(BaseModel):
    identifier: Filled
    url: Filled


class _Details(BaseModel):
    endpoints: list[_Endpoint]


_versions = Operation(
    "versions", "cpo", "versions", "versions", "list_versions", "GET", "/versions", result=_Version, paginated=True
)
_details = Operation(
    "version_details", "cpo", "versions", "version_details", "get_version_details", "GET", "/2.1.1", result=_Details
)


def discover(peer: Peer, version: str = VERSION) -> Generator[Call, Response, Peer]:
    """The peer with its endpoints, from one that has a `versions_url` and a token.

    Raises NotOffered without this version, ForeignUrl for a URL outside the approved origins, MalformedAnswer for
    one name with two URLs, and what any call raises.
    """
    call = build_call(peer, _versions, {})
    response = yield call
    peer = replace(peer, details_url=_details_url(peer, version, call, response))

    call = build_call(peer, _details, {})
    response = yield call
    details = read_envelope(envelope_adapter(_Details), call.request, response, strict=call.strict).data
    published = ((entry.identifier, entry.url) for entry in details.endpoints)
    return replace(peer, endpoints=_located(peer, published, call.request))


def _details_url(peer: Peer, version: str, call: Call, response: Response) -> str:
    page = read_page(_versions, call.request, response, strict=call.strict)
    offered = [(entry.version, entry.url) for entry in page.items]
    found = _located(peer, (entry for entry in offered if entry[0] == version), call.request)
    if version in found:
        return found[version]
    if page.rejected:  # it may be among those that cannot be read
        problems = [problem for entry in page.rejected for problem in entry.problems]
        raise MalformedAnswer(
            f"no readable entry for version {version}",
            problems=problems,
            http_status=response.status,
            operation=call.request.operation,
            url=call.request.url,
        )
    names = sorted({name for name, _ in offered})
    raise NotOffered(
        f"the peer does not offer version {version}, but {', '.join(names) or 'none'}",
        wanted=version,
        offered=names,
        operation=call.request.operation,
        url=call.request.url,
    )


def _located(peer: Peer, published: Iterable[tuple[str, str]], request: Request) -> dict[str, str]:
    """Name → URL, each checked. A name that comes twice must lead to one place."""
    found: dict[str, str] = {}
    for name, url in published:
        absolute = peer.locate(url, base=request.url, operation=request.operation)
        if found.setdefault(name, absolute) != absolute:
            raise MalformedAnswer(
                f"{name!r} has two URLs: {found[name]} and {absolute}", operation=request.operation, url=request.url
            )
    return found
