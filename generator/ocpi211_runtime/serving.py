"""The way of a request through the routes, from an ASGI scope to an answer in an envelope.

Path (404) → token, caller (401) → verb (405) → parameters (2001) → owner (404) → body (413, 400, 2001) → method.
The body is not read before the caller is known. Whatever happens on the way, the answer is an envelope.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Collection, Iterable, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from ocpi211_runtime.answers import Authenticate, Incoming
from ocpi211_runtime.arguments import Reader
from ocpi211_runtime.dispatch import Table, read_segments
from ocpi211_runtime.errors import MethodNotAllowed, NotFound, PayloadTooLarge, Refusal, ServerFailure, Unauthorized
from ocpi211_runtime.handlers import Handler, NotOverridden, Offer, offers, version_offers
from ocpi211_runtime.operation import Operation
from ocpi211_runtime.replies import Reply, refusal_reply, result_reply

__all__ = ["ANSWERED", "ASKED", "ECHOED", "RouteSettings", "Service"]

ASKED = "ocpi211.request"
"""Of the ASGI scope: the `Incoming`, for what is around the routes, as soon as its path is known to them."""
ANSWERED = "ocpi211.answer"
"""Of the ASGI scope: the `Reply`, for what is around the routes, as soon as there is one."""
ECHOED = "ocpi211.echoed"
"""Of the ASGI scope: the headers that the answer repeats, for who is around the routes to set; if missing, those ids
that the request came with (transport_and_format.md, Unique message IDs)."""

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

log = logging.getLogger("ocpi211.routing")

# One blank, as the text writes it. Schemes have no case (RFC 9110), so a lenient reader takes `token` too.
_authorization = re.compile(rb"(?i:token) ([!-~]{1,64})")
_public_url = re.compile(r"https?://[!$-.0-;=@-~]+(/[!$-;=@-~]*)?")  # printable, but for ? # " < >
_echoed = (b"x-request-id", b"x-correlation-id")
_printable = re.compile(rb"[ -~]{1,128}")
_json = (b"content-type", b"application/json")


class _Disconnected(Exception):
    """The client went away while its body was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteSettings:
    """What deployments and partners differ in."""

    strict: bool = False
    """Read requests as the text has it, to the letter; the default is lenient."""
    max_body: int = 1024 * 1024
    """The most bytes a body may have; more is answered 413."""
    max_values: int = 65_536
    """The most values a body may have: a thousand small ones cost far more than a text of a thousand bytes; 413 too."""
    max_limit: int | None = None
    """The most objects on a page of any module; a handler's own `max_limit` goes first."""
    created_status: int = 201
    """HTTP status for `Created`; GIREVE answers 200 to everything."""
    ignored_headers: Collection[str] = ()
    """Names, in lower case, of header parameters that are taken for absent, as an edition of a dialect may ask for."""

    def __post_init__(self) -> None:
        if self.created_status not in (200, 201):
            raise ValueError("created_status must be 200 or 201")
        names = self.ignored_headers
        if isinstance(names, str) or any(name != name.lower() for name in names):
            raise ValueError("ignored_headers must be names in lower case")


@dataclass(frozen=True, slots=True)
class _Place:
    """A path at which something is offered, or a module advertised."""

    nothing: Operation[Any]
    """What a request asks for whose verb is not offered."""
    served: dict[str, tuple[Offer, Reader]] = field(default_factory=dict[str, tuple[Offer, Reader]])

    def allow(self, *but: str) -> list[str]:
        """The verbs that are offered."""
        return sorted(self.served.keys() - but)


class Service:
    """An ASGI application for HTTP requests to everything that some handlers offer.

    `public_url` is how callers reach it, the mount included: `https://ocpi.example.com/ocpi`. A path is taken with or
    without that of the URL, as nobody or a proxy has cut it off.
    """

    def __init__(
        self, handlers: Iterable[Handler], *, authenticate: Authenticate, public_url: str, settings: RouteSettings
    ) -> None:
        if not _public_url.fullmatch(public_url):
            raise ValueError("public_url must be an absolute http(s) URL without query and fragment")
        self._public_url = public_url.rstrip("/")
        self._authenticate = authenticate
        self._settings = settings
        self._table: Table[_Place] = Table()
        offered = list(offers(handlers))
        for offer in offered:
            self._place(offer.endpoint, offer)
            if (first := self._add(offer)) is not offer:
                raise ValueError(f"{offer.operation.id} and {first.operation.id} are offered at the same path")
        for offer in version_offers(offered, self._public_url):
            self._add(offer)
        self.roles = frozenset(offer.path[0] for offer in offered)
        """The first segments of the paths that lead here."""
        prefix = read_segments({"path": unquote(urlsplit(self._public_url).path)}) or ()
        self._prefixed = {(*prefix, role) for role in self.roles}
        self._depth = len(prefix)

    def _place(self, path: tuple[str, ...], offer: Offer) -> _Place:
        about = offer.operation
        nothing = Operation[Any](
            id=f"{about.role}.{about.module}",
            role=about.role,
            module=about.module,
            endpoint=about.endpoint,
            name="",
            verb="",
            path="/" + "/".join(path),
        )
        return self._table.setdefault(path, _Place(nothing))

    def _add(self, offer: Offer) -> Offer:
        limit = self._settings.max_limit if offer.max_limit is None else offer.max_limit
        settings = self._settings
        reader = Reader(
            offer.operation, strict=settings.strict, max_limit=limit, ignored_headers=settings.ignored_headers
        )
        return self._place(offer.path, offer).served.setdefault(offer.operation.verb, (offer, reader))[0]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        client = (scope.get("client") or ("",))[0]
        request = Incoming(scope["method"], (), scope.get("query_string", b""), scope["headers"], client)
        try:
            try:
                reply = await self._serve(scope, request, receive)
            except (NotOverridden, Refusal) as refusal:
                reply = refusal_reply(self._as_seen(refusal, request))
        except _Disconnected:
            log.debug("%s: the client left while its body was read", request.operation.id)
            return
        except Exception:
            log.exception("%s failed", request.operation.id or "a request")
            reply = refusal_reply(ServerFailure())
        scope[ANSWERED] = reply
        echoed = scope[ECHOED] if ECHOED in scope else _ids(request)
        headers = [_json, (b"content-length", b"%d" % len(reply.body)), *reply.headers, *echoed]
        try:
            await send({"type": "http.response.start", "status": reply.status, "headers": headers})
            await send({"type": "http.response.body", "body": reply.body})
        except OSError:
            # How ASGI servers since 2.4 say that the client is gone.
            log.debug("the client left before it was answered")

    async def _serve(self, scope: Scope, request: Incoming, receive: Receive) -> Reply:
        place, values = self._find(scope, request)
        # More than one are joined with a blank, which no token has.
        given = _authorization.fullmatch(request.headers.get(b"authorization", b""))
        caller = await self._authenticate(given[1].decode("ascii"), request) if given else None
        if caller is None:
            raise Unauthorized
        served = place.served.get(request.method)
        if served is None:
            raise MethodNotAllowed(allow=place.allow())
        offer, reader = served
        caller = caller.asking(request)
        arguments = reader.arguments(values, request)
        reader.check_owner(caller, arguments)
        positional, named = arguments.path, arguments.named
        if request.operation.body is not None:
            await _read_body(request, receive, self._settings.max_body)
            if _has_more_values(request.body, self._settings.max_values):
                raise PayloadTooLarge
            positional = (*positional, reader.body(request.body, arguments))
        result = await offer.method(caller, *positional, **named)
        return result_reply(
            result, request, named, public_url=self._public_url, created_status=self._settings.created_status
        )

    def _find(self, scope: Scope, request: Incoming) -> tuple[_Place, tuple[str, ...]]:
        """Where the path leads, and the values of its parameters. Tells the request, and who is around the routes."""
        segments = read_segments(scope) or ()
        depth = self._depth
        if segments[: depth + 1] in self._prefixed:
            segments = segments[depth:]
        found = self._table.find(segments)
        if found is None:
            raise NotFound
        place, _ = found
        served = place.served.get(request.method)
        request.path = segments
        request.operation = place.nothing if served is None else served[0].operation
        scope[ASKED] = request
        return found

    def _as_seen(self, refusal: NotOverridden | Refusal, request: Incoming) -> Refusal:
        """The refusal as it looks from outside: one of a verb tells which verbs are left."""
        if not isinstance(refusal, NotOverridden) and (refusal.http_status != 405 or refusal.headers.get("Allow")):
            return refusal
        found = self._table.find(request.path)
        left = MethodNotAllowed(allow=found[0].allow(request.method) if found else ())
        if isinstance(refusal, NotOverridden):
            return left
        return Refusal(
            refusal.message,
            http_status=405,
            status_code=refusal.status_code,
            problems=refusal.problems,
            headers={**refusal.headers, **left.headers},
        )


def _ids(request: Incoming) -> list[tuple[bytes, bytes]]:
    found = [(name, request.headers.get(name, b"")) for name in _echoed]
    return [(name, value) for name, value in found if _printable.fullmatch(value)]


async def _read_body(request: Incoming, receive: Receive, most: int) -> None:
    """Into the request; of one that breaks off, or is too long, what has come of it."""
    # What is no number here is the server's to refuse; the count below holds in any case.
    declared = request.headers.get(b"content-length", b"")
    if declared.isdigit() and (len(declared) > 18 or int(declared) > most):
        raise PayloadTooLarge
    chunks: list[bytes] = []
    size, more = 0, True
    try:
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise _Disconnected
            chunks.append(message.get("body", b""))
            size += len(chunks[-1])
            if size > most:
                raise PayloadTooLarge
            more = message.get("more_body", False)
    finally:
        request.body = b"".join(chunks)


def _has_more_values(body: bytes, most: int) -> bool:
    # Each value has a comma before it or is the first of its list or object; signs in texts are counted along.
    return len(body) > most and (body.count(b",") > most or body.count(b"[") + body.count(b"{") > most)
