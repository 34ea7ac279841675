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
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import parse_qs, quote, urlsplit

from ocpi211_check.evidence import Exchange
from ocpi211_runtime.dispatch import read_segments
from ocpi211_runtime.envelope import write_envelope
from ocpi211_runtime.pages import write_link

if TYPE_CHECKING:
    from ocpi211_check.wire import Wire

__all__ = ["Counterpart", "Mode", "Reply"]

Message = MutableMapping[str, Any]
Mode = Literal["well", "down", "refusing", "garbage", "old", "bare", "redirecting", "foreign"]
"""How versions and details are answered: well; 503; 401; no JSON; without 2.1.1; without modules; 302; elsewhere."""

MODULES: Final = ("credentials", "locations", "sessions", "cdrs", "tariffs", "tokens", "commands")
FAMILY: Final = "OCPICHK_custom"
"""An identifier that nobody knows: a client passes over it."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of the counterpart."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()

    @classmethod
    def envelope(cls, data: object, status: int = 200, code: int = 1000, message: str = "Success") -> Reply:
        """An answer in OCPI's form."""
        return cls(status, write_envelope(json.dumps(data).encode(), code, message))


@dataclass
class Counterpart:
    """An ASGI application, and the memory of what came."""

    base_url: str
    wire: Wire
    credentials: dict[str, Any] = field(default_factory=dict[str, Any])
    """The Credentials the tool offers, token included."""
    agreed: str = ""
    """The token of the last Credentials that the target accepted: good until it has taken newer ones."""
    mode: Mode = "well"
    elsewhere: str = ""
    """Another origin that leads here too, for the mode `foreign`."""
    failing: Callable[[Exchange], bool] = field(default=lambda _: False)
    """Which pushes are answered 503."""
    command: str = "REJECTED"
    """What a command of the target is answered."""
    authorize: Callable[[str], dict[str, Any]] = field(default=lambda _: {"allowed": "NOT_ALLOWED"})
    lists: dict[str, list[Any]] = field(default_factory=dict[str, list[Any]])
    """Module → what the target may pull, one object a page."""
    objects: dict[tuple[str, ...], Any] = field(default_factory=dict[tuple[str, ...], Any])
    """Path behind the endpoint → what the target pushed."""
    observers: list[Callable[[Exchange, tuple[str, ...] | None], None]] = field(
        default_factory=list[Callable[[Exchange, "tuple[str, ...] | None"], None]]
    )
    """Told of every request, with its segments behind the secret, None where the secret is not in its path."""

    def __post_init__(self) -> None:
        self.base_url = self.base_url.rstrip("/")
        self.received: list[tuple[Exchange, tuple[str, ...]]] = []
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
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(reply.body))]
        headers += [(name.lower().encode(), value.encode()) for name, value in reply.headers]
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        await send({"type": "http.response.body", "body": reply.body})
        if segments is not None:
            async with self._came:
                self.received.append((exchange, segments))
                self._came.notify_all()

    def _segments(self, scope: Message) -> tuple[str, ...] | None:
        raw = scope.get("raw_path") or quote(scope["path"]).encode()
        prefix = urlsplit(self.base_url).path.encode()
        found = read_segments({"path": scope["path"], "raw_path": raw.removeprefix(prefix)}) or ()
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
        if self.mode != "well" and segments in {("versions",), ("2.1.1",)}:
            return self._badly(head)
        fixed: dict[str, Callable[[], Reply]] = {
            "versions": lambda: Reply.envelope(self._versions(self.base_url)),
            "2.1.1": self._details,
            "credentials": lambda: Reply.envelope(self.credentials),
            "results": lambda: Reply.envelope({}),
        }
        if head in fixed:
            return fixed[head]()
        if head == "tokens" and rest[1:] == ("authorize",):
            return Reply.envelope(self.authorize(rest[0]))
        if request.method == "GET" and not rest and head in self.lists:
            return self._page(head, request)
        return self._push(request, segments)

    def _versions(self, origin: str) -> list[dict[str, str]]:
        here = f"{origin}/{self.secret}"
        # A client knows neither, or should not choose it: the second one leads nowhere.
        odd = [{"version": "9.9.9", "url": f"{here}/trap"}, {"version": "2.1", "url": f"{here}/trap"}]
        return [*odd, {"version": "2.1.1", "url": f"{here}/2.1.1"}]

    def _details(self, modules: tuple[str, ...] = (*MODULES, FAMILY)) -> Reply:
        here = f"{self.base_url}/{self.secret}"
        # One with a slash at its end: a client must neither lose a segment nor make an empty one.
        urls = {module: f"{here}/{module}" + ("/" if module == "tokens" else "") for module in modules}
        endpoints = [{"identifier": module, "url": url} for module, url in urls.items()]
        return Reply.envelope({"version": "2.1.1", "endpoints": endpoints})

    def _badly(self, what: str) -> Reply:
        here = f"{self.base_url}/{self.secret}"
        by_mode = {
            "down": Reply.envelope({}, 503, 3000, "down for the test"),
            "refusing": Reply.envelope({}, 401, 2000, "refused for the test"),
            "garbage": Reply(200, b"<html>this is a test</html>"),
            "redirecting": Reply(302, b"", (("Location", f"{here}/trap"),)),
        }
        by_document = {
            ("old", "versions"): Reply.envelope([{"version": "2.0", "url": f"{here}/trap"}]),
            ("bare", "2.1.1"): self._details(("credentials",)),
            ("foreign", "versions"): Reply.envelope(self._versions(self.elsewhere)),
        }
        well = Reply.envelope(self._versions(self.base_url)) if what == "versions" else self._details()
        return by_mode.get(self.mode) or by_document.get((self.mode, what)) or well

    def _page(self, module: str, request: Exchange) -> Reply:
        """One object, and a Link to the next: a client that knows nothing of pages stops here."""
        items = self.lists[module]
        query = parse_qs(urlsplit(request.url).query)
        offset = int(query.get("offset", ["0"])[0])
        headers = [("X-Total-Count", str(len(items))), ("X-Limit", "1")]
        if offset + 1 < len(items):
            url = f"{self.base_url}/{self.secret}/{module}?offset={offset + 1}&limit=1"
            headers.append(("Link", write_link(url)))
        reply = Reply.envelope(items[offset : offset + 1])
        return Reply(reply.status, reply.body, tuple(headers))

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
        if request.method == "POST":
            segments = (*segments, str(content.get("id", "")))
            location = f"{self.base_url}/{self.secret}/{'/'.join(segments)}"
            self.objects[segments] = content
            reply = Reply.envelope({}, 201)
            return Reply(reply.status, reply.body, (("Location", location),))
        known = self.objects.get(segments)
        if request.method == "PATCH":
            if known is None:
                return Reply.envelope({}, 404, 2000, "unknown")
            content = {**known, **content}
        self.objects[segments] = content
        return Reply.envelope({}, 200 if known else 201)
