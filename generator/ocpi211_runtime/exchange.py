"""Requests made, without any input or output: what sync and async clients share (transport_and_format.md).

A transport carries a `Request` and brings a `Response`; what either means is decided outside of it, once: the request
here, the answer in `reading`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote

from ocpi211_runtime.envelope import to_wire
from ocpi211_runtime.peer import checked_timeout

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ocpi211_runtime.operation import Operation
    from ocpi211_runtime.peer import Peer

__all__ = [
    "AsyncTransport",
    "Call",
    "CallOptions",
    "Receipt",
    "Request",
    "Response",
    "Transport",
    "build_call",
    "page_calls",
]


@dataclass(frozen=True, slots=True)
class Request:
    """What a transport sends, as it stands: nothing is added to the URL, no redirect is followed."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    body: bytes | None = field(default=None, repr=False)
    operation: str = ""
    """For logs and errors, as `cpo.tokens.put_token`."""

    @property
    def secret(self) -> str:
        """The token, so that errors can keep it out of their text."""
        return self.headers.get("Authorization", "").removeprefix("Token ")


@dataclass(frozen=True, slots=True)
class Response:
    """What a transport brings back. Header names are compared without regard to case."""

    status: int
    headers: Sequence[tuple[str, str]] = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)

    def all(self, name: str) -> list[str]:
        """Every value of a header."""
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def header(self, name: str) -> str | None:
        """The first value of a header."""
        return next(iter(self.all(name)), None)


class Transport(Protocol):
    """Carries one request. Raises `Timeout`, `Unreachable`, or `MalformedAnswer` for a body above `max_bytes`."""

    def send(self, request: Request, *, timeout: float, max_bytes: int) -> Response:
        """Send the request and read the whole answer, whatever its status."""
        ...

    def close(self) -> None:
        """Let go of all connections."""
        ...


class AsyncTransport(Protocol):
    """As `Transport`, to be awaited."""

    async def send(self, request: Request, *, timeout: float, max_bytes: int) -> Response:  # noqa: ASYNC109
        """Send the request and read the whole answer, whatever its status."""
        ...

    async def aclose(self) -> None:
        """Let go of all connections."""
        ...


@dataclass(frozen=True, slots=True)
class CallOptions:
    """What differs in one call: left out, the client's own setting holds."""

    timeout: float | None = None
    strict: bool | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    """Sent besides the client's, for example `X-Request-ID`; `Authorization` is not yours to set."""
    url: str | None = None
    """Call this URL, as it stands, in place of the one made from the endpoint and the arguments."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The peer accepted a write that has no result."""

    http_status: int
    created: bool
    """The object is new to the peer. Many peers never say so."""
    location: str | None = None
    """Where the peer keeps the object, absolute, if it says so."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request, and how to carry it and judge the answer."""

    request: Request
    timeout: float
    max_bytes: int
    strict: bool


def build_call(
    peer: Peer,
    operation: Operation,
    values: Mapping[str, object],
    body: object = None,
    *,
    url: str | None = None,
    options: CallOptions | None = None,
) -> Call:
    """The call of an operation. `values` by Python name, None left out; `url` where the peer handed one out.

    ValueError for an argument that breaks its type, TypeError for a body of another type, NotOffered without an
    endpoint, ForeignUrl as in `Peer.locate`.
    """
    options = options or CallOptions()
    given = options.url or url
    if given:
        target = peer.locate(given, base=peer.published(operation), operation=operation.id)
    else:
        target = peer.place(operation, values, _write_query(operation, values))
    content = _write_body(operation, body)
    request = Request(
        operation.verb, target, _headers(peer, operation, values, content, options), content, operation.id
    )
    return Call(
        request,
        peer.timeout if options.timeout is None else checked_timeout(options.timeout),
        peer.max_bytes,
        peer.strict if options.strict is None else options.strict,
    )


def _write_body(operation: Operation, body: object) -> bytes | None:
    """Bytes go out as they are. A dict would go out unchecked, and a whole object as a PATCH would unset fields."""
    name, form = operation.body_name or "body", operation.body
    if body is None:
        if operation.body_required:
            raise ValueError(f"{name}: required")
        return None
    if not isinstance(body, bytes) and (form is None or not isinstance(body, form)):
        raise TypeError(f"{name}: expected {form.__name__ if form else 'none'}, not {type(body).__name__}")
    return to_wire(body, keep_null=operation.merge_patch)


def _write_query(operation: Operation, values: Mapping[str, object]) -> str:
    given = [(item, values.get(item.python)) for item in operation.query_parameters]
    return "&".join(
        # A colon may stand in a query, and some peers read a DateTime only with its colons.
        f"{quote(item.name, safe='')}={quote(item.write(value), safe=':')}"
        for item, value in given
        if value is not None
    )


def page_calls(
    peer: Peer, operation: Operation, values: Mapping[str, object], options: CallOptions | None
) -> Callable[[str | None], Call]:
    """What makes the call for each page of a list: None for the first, else the URL of Link."""
    first = build_call(peer, operation, values, options=options)  # wrong arguments are told here and now
    base = peer.published(operation)

    def call(url: str | None) -> Call:
        if url is None:
            return first
        target = peer.locate(url, base=base, operation=operation.id)
        return replace(first, request=replace(first.request, url=target))

    return call


_field_name = re.compile(r"[!#$%&'*+.^`|~\w-]+", re.ASCII)
_field_value = re.compile(r"(?:[!-~](?:[\t -~]*[!-~])?)?")
_not_yours = {"authorization", "content-length", "transfer-encoding"}


def _headers(
    peer: Peer, operation: Operation, values: Mapping[str, object], content: bytes | None, options: CallOptions
) -> dict[str, str]:
    pairs = [("Accept", "application/json")]
    if content is not None:
        pairs.append(("Content-Type", "application/json"))
    given = [(item, values.get(item.python)) for item in operation.header_parameters]
    pairs += [(item.name, item.write(value)) for item, value in given if value is not None]
    pairs += [*peer.headers.items(), *options.headers.items()]
    headers = {name.lower(): (name, value) for name, value in pairs}
    if taken := _not_yours.intersection(headers):
        raise ValueError(f"the client itself sets {', '.join(sorted(name.title() for name in taken))}")
    for name, value in pairs:
        if not _field_name.fullmatch(name) or not _field_value.fullmatch(value):
            raise ValueError(f"{name[:100]!r} is no header, or its value is none")
    return {"Authorization": f"Token {peer.token}", **dict(headers.values())}
