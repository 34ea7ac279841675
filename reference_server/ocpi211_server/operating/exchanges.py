"""Every exchange is noted: requests that come in, by a middleware, calls that go out, as an observer of the egress.

The ids of transport_and_format.md are taken over or made here, so that the routes echo them and all that a request
causes carries them. A plain ASGI middleware that wraps neither `receive` nor `send`: the routes leave what was asked
and answered in the scope. The answer has left before anything is noted.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from ocpi211_runtime.answers import Incoming
from ocpi211_runtime.errors import ForeignUrl, MalformedAnswer, NotOffered, PeerError, Timeout
from ocpi211_runtime.exchange import Request, Response
from ocpi211_runtime.replies import Reply
from ocpi211_runtime.serving import ANSWERED, ASKED
from ocpi211_server.correlation import called_party, caller_party, correlation_id, fresh_id, request_id, taken_over
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
    """The routes, with ids and notes. Whoever authenticates sets `correlation.caller_party`."""

    def __init__(self, app: App, notes: Notes) -> None:
        self._app = app
        self._notes = notes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Have one request answered."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter_ns()
        headers, own_id, matter = _with_ids(scope["headers"])
        scope = {**scope, "headers": headers}
        # Put back afterwards: in tests, and where one application calls another, the context goes on.
        before = request_id.set(own_id), correlation_id.set(matter), caller_party.set("")
        try:
            await self._app(scope, receive, send)
        finally:
            party = caller_party.get()
            request_id.reset(before[0])
            correlation_id.reset(before[1])
            caller_party.reset(before[2])
            told: Incoming | None = scope.get(ASKED)
            reply: Reply | None = scope.get(ANSWERED)
            self._notes.note(
                _answered,
                (scope, party, own_id, matter),
                (began, time.perf_counter_ns()),
                size=(len(told.body) if told else 0) + (len(reply.body) if reply else 0),
                failed=reply is None or reply.status >= 500,
            )


def _with_ids(received: Headers) -> tuple[Headers, str, str]:
    """The headers with an id of the request and one of its matter, each once, and the two."""
    headers: Headers = []
    own = matter = b""
    # The server has lowered the names.
    for header in received:
        if header[0] == b"x-request-id":
            own = own or header[1]
        elif header[0] == b"x-correlation-id":
            matter = matter or header[1]
        else:
            headers.append(header)
    own_id = taken_over(own.decode("latin-1")) if own else fresh_id()
    # Nobody has begun a matter: this request does, and gives it its name.
    matter_id = taken_over(matter.decode("latin-1")) if matter else own_id
    headers.append((b"x-request-id", own_id.encode("ascii")))
    headers.append((b"x-correlation-id", matter_id.encode("ascii")))
    return headers, own_id, matter_id


def _answered(made: int, microseconds: int, scope: Scope, party: str, own_id: str, matter: str) -> Exchange:
    """A request that came in, from what the routes have left in its scope."""
    told: Incoming | None = scope.get(ASKED)
    reply: Reply | None = scope.get(ANSWERED)
    path, query = scope.get("raw_path") or scope["path"].encode(), scope.get("query_string")
    status, status_code, answer = (reply.status, reply.status_code, reply.body) if reply else (0, 0, b"")
    return Exchange(
        "in",
        made,
        microseconds,
        party,
        asked(scope),
        scope["method"],
        (path + b"?" + query if query else path).decode("latin-1"),
        own_id,
        matter,
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
