"""Every exchange is noted: requests that come in, by a middleware, calls that go out, as an observer of the egress.

The ids of transport_and_format.md are taken over or made here, so that the routes echo them and all that a request
causes carries them. A plain ASGI middleware: it costs a fraction of an empty request, and the answer has left before
anything is noted.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any, Literal

from ocpi211_runtime.errors import ForeignUrl, MalformedAnswer, NotOffered, PeerError, Timeout
from ocpi211_runtime.exchange import Request, Response
from ocpi211_server.correlation import called_party, caller_party, correlation_id, request_id, taken_over
from ocpi211_server.moments import MICROSECONDS, now
from ocpi211_server.operating.logs import LeanLines
from ocpi211_server.operating.messages import Message, MessageLog
from ocpi211_server.operating.metrics import Metrics
from ocpi211_server.operating.redaction import HIDDEN, SHORTEST_SECRET, mask_body, mask_credentials, mask_text
from ocpi211_server.operating.subjects import (
    Subject,
    asked,
    authorization_of,
    called,
    object_of,
    our_status,
    peers_status,
)

__all__ = ["Calls", "Exchanges"]

Scope = MutableMapping[str, Any]
Event = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Event]]
Send = Callable[[Event], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_LONGEST_URL = 2048

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Exchange:
    """One exchange that is over, as it was on the wire."""

    direction: Literal["in", "out"]
    made: int
    microseconds: int
    party: str
    subject: Subject
    verb: str
    url: str
    request_id: str
    correlation_id: str
    status: int
    status_code: int
    request: bytes
    answer: bytes
    failure: str
    """Why there was no answer, in a word."""
    secret: str
    """The token that it was made with."""


class _Notes:
    """Where exchanges are noted: the metrics, a line of the log, the message log. Make it after `logs.configure`."""

    def __init__(self, messages: MessageLog, metrics: Metrics) -> None:
        self._messages = messages
        self._metrics = metrics
        self._lines = LeanLines()

    def note(self, over: _Exchange) -> None:
        seconds = over.microseconds / MICROSECONDS
        operation = over.subject.operation
        outcome = over.failure or str(over.status)
        self._metrics.count(over.direction, operation, outcome, over.status_code, seconds, over.party)
        url = _masked_url(over.url, over.secret)
        say = self._lines.warning if over.failure or over.status >= 500 else self._lines.info
        say(
            "answered" if over.direction == "in" else "called",
            operation=operation,
            verb=over.verb,
            url=url,
            outcome=outcome,
            status_code=over.status_code,
            milliseconds=round(seconds * 1000, 1),
            party=over.party,
            request_id=over.request_id,
            correlation_id=over.correlation_id,
        )
        if self._messages.wants(over.verb):
            self._messages.record(self._message(over, url))

    def _message(self, over: _Exchange, url: str) -> Message:
        keeping = self._messages.keeping
        operation, module, object_id = over.subject
        longest = keeping.longest_list if over.verb == "GET" and not object_id else keeping.longest_body
        mask = mask_credentials if module in ("credentials", "") and not over.failure else mask_body
        return Message(
            over.made,
            over.direction,
            over.party,
            module,
            operation,
            over.verb,
            url,
            object_id or object_of(operation, over.request),
            authorization_of(operation, over.request, over.answer),
            over.request_id,
            over.correlation_id,
            over.status,
            over.status_code,
            over.microseconds,
            mask(over.request, over.secret, keeping.longest_body) if over.request else b"",
            mask(over.answer, over.secret, longest) if over.answer else b"",
        )


class Exchanges:
    """The application, with ids and notes. Whoever authenticates sets `correlation.caller_party`."""

    def __init__(self, app: App, *, messages: MessageLog, metrics: Metrics) -> None:
        self._app = app
        self._notes = _Notes(messages, metrics)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Have one request answered."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = _Incoming(scope, receive, send)
        # Put back afterwards: in tests, and where one application calls another, the context goes on.
        before = (
            request_id.set(exchange.request_id),
            correlation_id.set(exchange.correlation_id),
            caller_party.set(""),
        )
        try:
            await self._app(exchange.scope, exchange.receive, exchange.send)
        finally:
            party = caller_party.get()
            request_id.reset(before[0])
            correlation_id.reset(before[1])
            caller_party.reset(before[2])
            try:
                self._notes.note(exchange.over(party))
            except Exception:  # noqa: BLE001  (it was answered, and that is what counts)
                _log.exception("an exchange was not noted")


class _Incoming:
    """One request on its way through, and the answer to it."""

    __slots__ = (
        "_began",
        "_made",
        "_receive",
        "_send",
        "answer",
        "authorization",
        "correlation_id",
        "request",
        "request_id",
        "scope",
        "status",
    )

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._began = time.perf_counter()
        self._made = now()
        self._receive = receive
        self._send = send
        self.status = 0
        self.request: list[bytes] = []
        self.answer: list[bytes] = []
        self.authorization = b""
        ids: dict[bytes, bytes] = {}
        for name, value in scope["headers"]:
            # The server has lowered the names.
            if name == b"authorization":
                self.authorization = value
            elif name in (b"x-request-id", b"x-correlation-id"):
                ids.setdefault(name, value)
        self.request_id = _id(ids.get(b"x-request-id"))
        matter = ids.get(b"x-correlation-id")
        # Nobody has begun a matter: this request does, and gives it its name.
        self.correlation_id = self.request_id if matter is None else _id(matter)
        self.scope = self._with_ids(scope, ids)

    def _with_ids(self, scope: Scope, received: dict[bytes, bytes]) -> Scope:
        headers = scope["headers"]
        if received:
            headers = [pair for pair in headers if pair[0] not in received]
        ids = (
            (b"x-request-id", self.request_id.encode("ascii")),
            (b"x-correlation-id", self.correlation_id.encode("ascii")),
        )
        return {**scope, "headers": [*headers, *ids]}

    async def receive(self) -> Event:
        event = await self._receive()
        if event["type"] == "http.request" and (chunk := event.get("body")):
            self.request.append(chunk)
        return event

    async def send(self, event: Event) -> None:
        if event["type"] == "http.response.start":
            self.status = event["status"]
        elif chunk := event.get("body"):
            self.answer.append(chunk)
        await self._send(event)

    def over(self, party: str) -> _Exchange:
        """The exchange, now that it is over."""
        scope = self.scope
        path, query = scope.get("raw_path") or scope["path"].encode(), scope.get("query_string")
        answer = b"".join(self.answer)
        return _Exchange(
            direction="in",
            made=self._made,
            microseconds=int((time.perf_counter() - self._began) * MICROSECONDS),
            party=party,
            subject=asked(scope),
            verb=scope["method"],
            url=(path + b"?" + query if query else path).decode("latin-1"),
            request_id=self.request_id,
            correlation_id=self.correlation_id,
            status=self.status,
            status_code=our_status(answer),
            request=b"".join(self.request),
            answer=answer,
            failure="" if self.status else "gone",
            secret=self.authorization.rpartition(b" ")[2].decode("latin-1"),
        )


class Calls:
    """An observer of the egress. Whoever calls sets `correlation.called_party`."""

    def __init__(self, *, messages: MessageLog, metrics: Metrics) -> None:
        self._notes = _Notes(messages, metrics)

    def exchanged(self, request: Request, outcome: Response | PeerError, seconds: float) -> None:
        """Note a call, whatever came of it."""
        if isinstance(outcome, Response):
            status, status_code, answer, failure = outcome.status, peers_status(outcome.body), outcome.body, ""
        else:
            status, status_code, answer = 0, 0, mask_text(str(outcome)).encode("utf-8", "replace")
            failure = _failure(outcome)
        ids = {name.lower(): value for name, value in request.headers.items()}
        microseconds = int(seconds * MICROSECONDS)
        over = _Exchange(
            direction="out",
            made=now() - microseconds,
            microseconds=microseconds,
            party=called_party.get(),
            subject=called(request.operation, request.url),
            verb=request.method,
            url=request.url,
            request_id=ids.get("x-request-id", ""),
            correlation_id=ids.get("x-correlation-id", ""),
            status=status,
            status_code=status_code,
            request=request.body or b"",
            answer=answer,
            failure=failure,
            secret=request.secret,
        )
        self._notes.note(over)


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


def _id(received: bytes | None) -> str:
    return taken_over(None if received is None else received.decode("latin-1"))


def _masked_url(url: str, secret: str) -> str:
    """No URL of ours holds a token; one that a partner asks for may."""
    masked = mask_text(url[:_LONGEST_URL])
    return masked.replace(secret, HIDDEN) if len(secret) >= SHORTEST_SECRET else masked
