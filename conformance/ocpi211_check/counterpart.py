"""The tool's own server: what the target calls while it registers, pushes, pulls, or tells the result of a command.

Every path holds a secret, so that who finds it was told it. It plays its part well or, when a scenario asks for it,
badly: down, without the version, without modules, redirecting, or leading to another origin.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from ocpi211_check.evidence import Exchange
from ocpi211_check.manners import Mode, documents
from ocpi211_check.reply import Reply, pour
from ocpi211_runtime.dispatch import read_segments

if TYPE_CHECKING:
    from ocpi211_check.offered import OfferedList
    from ocpi211_check.wire import Wire

__all__ = ["Counterpart", "Mode", "Reply"]

Message = MutableMapping[str, Any]


@dataclass
class Counterpart:
    """An ASGI application, and the memory of what came."""

    base_url: str
    wire: Wire
    credentials: dict[str, Any] = field(default_factory=dict[str, Any])
    """The Credentials the tool offers, token included."""
    agreed: str = ""
    """The token of the last Credentials that the target accepted: good until it has taken newer ones."""
    former: dict[str, float] = field(default_factory=dict[str, float])
    """Token that newer Credentials have replaced → when: a call with it may have been under way then."""
    mode: Mode = "well"
    elsewhere: str = ""
    """Another origin that leads here too, for the mode `foreign`."""
    failing: Callable[[Exchange], bool] = field(default=lambda _: False)
    """Which pushes are answered 503."""
    command: str = "REJECTED"
    """What a command of the target is answered."""
    authorize: Callable[[str], dict[str, Any]] = field(default=lambda _: {"allowed": "NOT_ALLOWED"})
    lists: dict[str, OfferedList] = field(default_factory=dict[str, "OfferedList"])
    """Module → what the target may pull."""
    terse: bool = False
    """Whether writes are answered as a hub does: 200 for what is new as well, a CDR without Location; and no data."""
    objects: dict[tuple[str, ...], Any] = field(default_factory=dict[tuple[str, ...], Any])
    """Path behind the endpoint → what the target pushed."""
    registering: Callable[[Exchange], Reply] | None = None
    """Answers a POST of Credentials; while there is one, the versions stand at a URL that can be told by mouth too."""
    observers: list[Callable[[Exchange, tuple[str, ...] | None], None]] = field(
        default_factory=list[Callable[[Exchange, "tuple[str, ...] | None"], None]]
    )
    """Told of every request, with its segments behind the secret, None where the secret is not in its path."""

    def __post_init__(self) -> None:
        self.base_url = self.base_url.rstrip("/")
        self.received: list[tuple[Exchange, tuple[str, ...]]] = []
        self.arrived: dict[int, float] = {}
        """Number of an exchange → when it came, by a clock that only runs forward."""
        self.poured: list[int] = []
        """How many bytes were taken of each answer without an end."""
        self.secret = ""
        self.old_secrets: list[str] = []
        self._came = asyncio.Condition()
        self.move()

    def move(self) -> None:
        """New paths for everything; the old ones are remembered."""
        if self.secret:
            self.old_secrets.append(self.secret)
        self.secret = secrets.token_urlsafe(16)

    @property
    def versions_url(self) -> str:
        """Where the tool lists its versions."""
        return f"{self.base_url}/{self.secret}/versions"

    def result_url(self, command: str) -> str:
        """A `response_url` that nobody guesses."""
        return f"{self.base_url}/{self.secret}/results/{command}/{secrets.token_urlsafe(16)}"

    async def wait_for(self, test: Callable[[Exchange, tuple[str, ...]], bool], seconds: float) -> Exchange | None:
        """The first request that passes the test, now or within so many seconds."""
        deadline = time.monotonic() + seconds
        seen = 0
        async with self._came:
            while True:
                for exchange, segments in self.received[seen:]:
                    if test(exchange, segments):
                        return exchange
                seen = len(self.received)
                left = deadline - time.monotonic()
                if left <= 0:
                    return None
                try:
                    await asyncio.wait_for(self._came.wait(), left)
                except TimeoutError:
                    return None

    async def __call__(
        self,
        scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            return
        body = b""
        more = True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        segments = self._segments(scope)
        request = self._exchange(scope, body)
        reply = Reply(404) if segments is None else self._reply(request, segments)
        exchange = self.wire.keep(lambda number: self._exchange(scope, body, number, reply))
        for observer in self.observers:
            observer(exchange, segments)
        self.arrived[exchange.number] = time.monotonic()
        await send(reply.start)
        await send({"type": "http.response.body", "body": reply.body, "more_body": reply.endless})
        if reply.endless:
            self.poured.append(await pour(receive, send))
        if segments is not None:
            async with self._came:
                self.received.append((exchange, segments))
                self._came.notify_all()

    def _segments(self, scope: Message) -> tuple[str, ...] | None:
        raw = scope.get("raw_path") or quote(scope["path"]).encode()
        prefix = urlsplit(self.base_url).path.encode()
        found = read_segments({"path": scope["path"], "raw_path": raw.removeprefix(prefix)}) or ()
        if self.registering is not None and found == ("versions",):
            return found
        return found[1:] if found[:1] in {(self.secret,), *((old,) for old in self.old_secrets)} else None

    def _exchange(self, scope: Message, body: bytes, number: int = 0, reply: Reply | None = None) -> Exchange:
        headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
        raw = (scope.get("raw_path") or scope["path"].encode()).partition(b"?")[0].decode("latin-1")
        query = scope.get("query_string", b"").decode("latin-1")
        parts = urlsplit(self.base_url)
        host = next((value for name, value in headers if name == "host"), parts.netloc)
        url = f"{parts.scheme}://{host}{raw}" + (f"?{query}" if query else "")
        answer = reply or Reply()
        return Exchange(
            number,
            "received",
            scope["method"],
            url,
            headers,
            body or None,
            answer.status,
            answer.headers,
            answer.body,
            about="call of the target",
        )

    def _reply(self, request: Exchange, segments: tuple[str, ...]) -> Reply:
        head, rest = segments[0], segments[1:]
        here = f"{self.base_url}/{self.secret}"
        if segments in {("versions",), ("2.1.1",)}:
            return documents(self.mode, here, f"{self.elsewhere}/{self.secret}")[head]
        if segments == ("credentials",) and request.method == "POST" and self.registering is not None:
            return self.registering(request)
        if head in {"credentials", "results"}:
            return Reply.envelope(self.credentials if head == "credentials" else {})
        if head == "tokens" and rest[1:] == ("authorize",):
            return Reply.envelope(self.authorize(rest[0]))
        if request.method == "GET" and not rest and head in self.lists:
            return self.lists[head].page(urlsplit(request.url).query, f"{here}/{head}")
        return self._push(request, segments)

    def _push(self, request: Exchange, segments: tuple[str, ...]) -> Reply:
        if request.method != "GET" and self.failing(request):
            return Reply.envelope({}, 503, 3000, "down for the test")
        match request.method:
            case "GET":
                known = segments in self.objects
                return Reply.envelope(self.objects[segments]) if known else Reply.envelope({}, 404, 2000, "unknown")
            case "PUT" | "POST" | "PATCH":
                return self._store(request, segments)
            case "DELETE":
                self.objects.pop(segments, None)
                return Reply.envelope({})
            case _:
                return Reply.envelope({}, 405, 2000, "not offered")

    def _store(self, request: Exchange, segments: tuple[str, ...]) -> Reply:
        try:
            content = json.loads(request.request_body or b"")
        except ValueError:
            return Reply.envelope({}, 400, 2001, "no JSON")
        if segments[0] == "commands":
            return Reply.envelope({"result": self.command})
        status = 200 if self.terse else 201
        if request.method == "POST":
            # Nobody guesses where it can be read: who does read it was told. A hub tells nobody: there it is the id.
            name = content.get("id") if self.terse and isinstance(content, dict) else None
            segments = (*segments, str(name or secrets.token_urlsafe(8)))
            self.objects[segments] = content
            reply = Reply.envelope({}, status)
            url = f"{self.base_url}/{self.secret}/{'/'.join(segments)}"
            return reply if self.terse else reply.having(("Location", url))
        known = self.objects.get(segments)
        if request.method == "PATCH":
            if known is None:
                return Reply.envelope({}, 404, 2000, "unknown")
            content = {**known, **content}
        self.objects[segments] = content
        done = Reply.envelope({}, 200 if known else status)
        return _without_data(done) if self.terse and segments[0] in _WITHOUT_DATA else done


_WITHOUT_DATA = {"locations", "tariffs"}


def _without_data(reply: Reply) -> Reply:
    """The answer to a write with no data at all."""
    members = json.loads(reply.body)
    del members["data"]
    return replace(reply, body=json.dumps(members).encode())
