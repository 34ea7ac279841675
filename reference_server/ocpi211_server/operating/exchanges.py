"""Every exchange is noted: requests that come in, by a middleware, calls that go out, as an observer of the egress.

The ids of transport_and_format.md are taken over or made here, so that the routes echo them and all that a request
causes carries them. A plain ASGI middleware that wraps neither `receive` nor `send`: the routes leave what was asked
and answered in the scope, and find there what to repeat. The answer has left before anything is noted.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from ocpi211_runtime.answers import Incoming
from ocpi211_runtime.errors import ForeignUrl, MalformedAnswer, NotOffered, PeerError, Timeout
from ocpi211_runtime.exchange import Request, Response
from ocpi211_runtime.replies import Reply
from ocpi211_runtime.serving import ANSWERED, ASKED, ECHOED
from ocpi211_server.correlation import Matter, called_party, fresh_id, matter, taken_over
from ocpi211_server.operating.notes import Exchange, Notes
from ocpi211_server.operating.redaction import mask_text
from ocpi211_server.operating.subjects import asked, called, peers_status

__all__ = ["Calls", "Exchanges"]

Scope = MutableMapping[str, Any]
Event = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Event]]
Send = Callable[[Event], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]


class Exchanges:
    """The routes, with ids and notes. Whoever authenticates says so to `correlation.note_caller`."""

    def __init__(self, app: App, notes: Notes) -> None:
        self._app = app
        self._notes = notes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Have one request answered."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter_ns()
        at_hand = _matter(scope["headers"])
        scope[ECHOED] = (
            (b"x-request-id", at_hand.request_id.encode("ascii")),
            (b"x-correlation-id", at_hand.correlation_id.encode("ascii")),
        )
        # Put back afterwards: in tests, and where one application calls another, the context goes on.
        before = matter.set(at_hand)
        try:
            await self._app(scope, receive, send)
        finally:
            matter.reset(before)
            told: Incoming | None = scope.get(ASKED)
            reply: Reply | None = scope.get(ANSWERED)
            self._notes.note(
                _answered,
                (scope, at_hand),
                (began, time.perf_counter_ns()),
                size=(len(told.body) if told else 0) + (len(reply.body) if reply else 0),
                failed=reply is None or reply.status >= 500,
            )


def _matter(received: Headers) -> Matter:
    """What begins with a request that has these headers, of which each name counts once."""
    own = at_hand = b""
    # The server has lowered the names.
    for name, value in received:
        if name == b"x-request-id":
            own = own or value
        elif name == b"x-correlation-id":
            at_hand = at_hand or value
    own_id = taken_over(own.decode("latin-1")) if own else fresh_id()
    # Nobody has begun a matter: this request does, and gives it its name.
    return Matter(taken_over(at_hand.decode("latin-1")) if at_hand else own_id, own_id)


def _answered(made: int, microseconds: int, scope: Scope, at_hand: Matter) -> Exchange:
    """A request that came in, from what the routes have left in its scope."""
    told: Incoming | None = scope.get(ASKED)
    reply: Reply | None = scope.get(ANSWERED)
    path, query = scope.get("raw_path") or scope["path"].encode(), scope.get("query_string")
    status, status_code, answer = (reply.status, reply.status_code, reply.body) if reply else (0, 0, b"")
    return Exchange(
        "in",
        made,
        microseconds,
        at_hand.party,
        asked(scope),
        scope["method"],
        (path + b"?" + query if query else path).decode("latin-1"),
        at_hand.request_id,
        at_hand.correlation_id,
        status,
        status_code,
        told.body if told else b"",
        answer,
        "" if reply else "gone",
        _secret(scope["headers"]),
    )


def _secret(headers: Headers) -> str:
    for name, value in headers:
        if name == b"authorization":
            return value.rpartition(b" ")[2].decode("latin-1")
    return ""


class Calls:
    """An observer of the egress. Whoever calls sets `correlation.called_party`."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes

    def exchanged(self, request: Request, outcome: Response | PeerError, seconds: float) -> None:
        """Note a call, whatever came of it."""
        ended = time.perf_counter_ns()
        answer = outcome if isinstance(outcome, Response) else None
        self._notes.note(
            _called,
            (request, outcome, called_party.get()),
            (ended - int(seconds * 1_000_000_000), ended),
            size=len(request.body or b"") + (len(answer.body) if answer else 0),
            failed=answer is None or answer.status >= 500,
        )


def _called(made: int, microseconds: int, request: Request, outcome: Response | PeerError, party: str) -> Exchange:
    """A call that went out."""
    if isinstance(outcome, Response):
        status, status_code, answer, failure = outcome.status, peers_status(outcome.body), outcome.body, ""
    else:
        status, status_code, answer = 0, 0, mask_text(str(outcome)).encode("utf-8", "replace")
        failure = _failure(outcome)
    ids = {name.lower(): value for name, value in request.headers.items()}
    return Exchange(
        "out",
        made,
        microseconds,
        party,
        called(request.operation, request.url),
        request.method,
        request.url,
        ids.get("x-request-id", ""),
        ids.get("x-correlation-id", ""),
        status,
        status_code,
        request.body or b"",
        answer,
        failure,
        request.secret,
    )


def _failure(error: PeerError) -> str:
    match error:
        case Timeout():
            return "timeout"
        case MalformedAnswer():
            return "malformed"
        case ForeignUrl() | NotOffered():
            return "not sent"
        case _:
            return "unreachable"
