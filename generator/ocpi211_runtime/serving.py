"""The way of a request through the routes, from an ASGI scope to an answer in an envelope.

Path (404) → token, caller (401) → verb (405) → parameters (2001) → owner (404) → body (413, 400, 2001) → method.
The body is not read before the caller is known. Whatever happens on the way, the answer is an envelope.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping, Sequence
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

__all__ = ["ASKED", "RouteSettings", "Service"]

ASKED = "ocpi211.request"
"""Of the ASGI scope: the `Incoming`, for what is around the routes, as soon as its path is known to them."""

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = Sequence[tuple[bytes, bytes]]

log = logging.getLogger("ocpi211.routing")

# One blank, as the text writes it. Schemes have no case (RFC 9110), so a lenient reader takes `token` too.
_authorization = re.compile(rb"(?i:token) ([!-~]{1,64})")
_public_url = re.compile(r"https?://[!$-.0-;=@-~]+(/[!$-;=@-~]*)?")  # printable, but for ? # " < >
_echoed = {b"x-request-id", b"x-correlation-id"}
_printable = re.compile(rb"[ -~]{1,128}")


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

    def __post_init__(self) -> None:
        if self.created_status not in (200, 201):
            raise ValueError("created_status must be 200 or 201")


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
        self._prefix = read_segments({"path": unquote(urlsplit(self._public_url).path)}) or ()

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
        reader = Reader(offer.operation, strict=self._settings.strict, max_limit=limit)
        return self._place(offer.path, offer).served.setdefault(offer.operation.verb, (offer, reader))[0]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        reply = await self._reply(scope, receive)
        if reply is None:
            return
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(reply.body))]
        headers += [*reply.headers, *_echo(scope["headers"])]
        try:
            await send({"type": "http.response.start", "status": reply.status, "headers": headers})
            await send({"type": "http.response.body", "body": reply.body})
        except OSError:
            # How ASGI servers since 2.4 say that the client is gone.
            log.debug("the client left before it was answered")

    async def _reply(self, scope: Scope, receive: Receive) -> Reply | None:
        what = "a request"
        try:
            place, values, request = self._find(scope)
            what = request.operation.id
            try:
                return await self._serve(place, values, request, receive)
            except (NotOverridden, Refusal) as refusal:
                return refusal_reply(_as_seen(refusal, request, place))
        except Refusal as refusal:
            return refusal_reply(refusal)
        except _Disconnected:
            log.debug("%s: the client left while its body was read", what)
            return None
        except Exception:
            log.exception("%s failed", what)
            return refusal_reply(ServerFailure())

    def _find(self, scope: Scope) -> tuple[_Place, Sequence[str], Incoming]:
        segments = read_segments(scope) or ()
        depth = len(self._prefix)
        if depth and segments[:depth] == self._prefix and segments[depth : depth + 1] and segments[depth] in self.roles:
            segments = segments[depth:]
        found = self._table.find(segments)
        if found is None:
            raise NotFound
        place, values = found
        served = place.served.get(scope["method"])
        request = Incoming(
            method=scope["method"],
            path=segments,
            query_string=scope.get("query_string", b""),
            raw_headers=scope["headers"],
            client=(scope.get("client") or ("",))[0],
            operation=served[0].operation if served else place.nothing,
        )
        scope[ASKED] = request
        return place, values, request

    async def _serve(self, place: _Place, values: Sequence[str], request: Incoming, receive: Receive) -> Reply:
        token = _read_token(request.raw_headers)
        caller = await self._authenticate(token, request) if token else None
        if caller is None:
            raise Unauthorized
        if request.method not in place.served:
            raise MethodNotAllowed(allow=place.allow())
        offer, reader = place.served[request.method]
        caller = caller.asking(request)
        arguments = reader.arguments(values, request)
        reader.check_owner(caller, arguments)
        positional = arguments.path
        if request.operation.body is not None:
            request.body = await _read_body(request, receive, self._settings.max_body)
            if _has_more_values(request.body, self._settings.max_values):
                raise PayloadTooLarge
            positional = (*positional, reader.body(request.body, arguments))
        result = await offer.method(caller, *positional, **arguments.named)
        return result_reply(
            result,
            request,
            arguments.named,
            public_url=self._public_url,
            created_status=self._settings.created_status,
        )


def _as_seen(refusal: NotOverridden | Refusal, request: Incoming, place: _Place) -> Refusal:
    """The refusal as it looks from outside: one of a verb tells which verbs are left."""
    if isinstance(refusal, NotOverridden):
        return MethodNotAllowed(allow=place.allow(request.method))
    if refusal.http_status == 405 and not refusal.headers.get("Allow"):
        return Refusal(
            refusal.message,
            http_status=405,
            status_code=refusal.status_code,
            problems=refusal.problems,
            headers={**refusal.headers, "Allow": ", ".join(place.allow(request.method))},
        )
    return refusal


def _read_token(headers: Headers) -> str | None:
    """The token of the one Authorization header; None if there is none, more than one, or it is malformed."""
    given = [value for name, value in headers if name.lower() == b"authorization"]
    found = _authorization.fullmatch(given[0]) if len(given) == 1 else None
    return found[1].decode("ascii") if found else None


async def _read_body(request: Incoming, receive: Receive, most: int) -> bytes:
    # What is no number here is the server's to refuse; the count below holds in any case.
    declared = request.header("content-length") or ""
    if declared.isascii() and declared.isdigit() and (len(declared) > 18 or int(declared) > most):
        raise PayloadTooLarge
    chunks: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _Disconnected
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        if size > most:
            raise PayloadTooLarge
        more = message.get("more_body", False)
    return b"".join(chunks)


def _has_more_values(body: bytes, most: int) -> bool:
    # Each value has a comma before it or is the first of its list or object; signs in texts are counted along.
    return len(body) > most and (body.count(b",") > most or body.count(b"[") + body.count(b"{") > most)


def _echo(headers: Headers) -> list[tuple[bytes, bytes]]:
    return [(name, value) for name, value in headers if name.lower() in _echoed and _printable.fullmatch(value)]
