"""Raw ASGI calls to handlers, as servers make them, and what comes back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from starlette.types import ASGIApp, Message

from ocpi211_runtime.answers import Caller, Incoming, Role
from ocpi211_runtime.handlers import Handler
from ocpi211_runtime.routing import app
from ocpi211_runtime.serving import RouteSettings

PUBLIC_URL = "https://ocpi.example.com/ocpi"
TOKEN = "s3cr3t-of-the-caller"  # noqa: S105 - opens nothing


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def envelope(self) -> dict[str, Any]:
        """The body, which must be one."""
        content: dict[str, Any] = json.loads(self.body)
        return content

    @property
    def codes(self) -> tuple[int, int]:
        """HTTP and OCPI status."""
        return self.status, self.envelope["status_code"]

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Where, and which rule."""
        return [(problem["pointer"], problem["rule"]) for problem in self.envelope["data"]["problems"]]


async def authenticate(token: str, request: Incoming) -> Caller | None:
    """The one party that is known: the CPO or eMSP FR ABC."""
    role: Role = "emsp" if request.operation.role == "cpo" else "cpo"
    return Caller(role, "FR", "ABC") if token == TOKEN else None


def serve(*handlers: Handler, settings: RouteSettings | None = None, **changed: Any) -> ASGIApp:
    """An application over the handlers."""
    options: dict[str, Any] = {"authenticate": authenticate, "public_url": PUBLIC_URL, "settings": settings}
    return app(*handlers, **(options | changed))


@dataclass
class Exchange:
    """One request to an application, byte for byte, and everything that application sends."""

    served: Callable[..., Any]
    scope: dict[str, Any]
    chunks: Sequence[bytes | None]
    """Of the body; None is a client that goes away."""
    read: int = 0
    sent: list[Message] = field(default_factory=list[Message])

    async def receive(self) -> Message:
        chunk = self.chunks[self.read] if self.read < len(self.chunks) else None
        self.read += 1
        if chunk is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": chunk, "more_body": self.read < len(self.chunks)}

    async def send(self, message: Message) -> None:
        self.sent.append(message)

    async def run(self) -> Answer | None:
        """The answer; None if nothing was sent."""
        await self.served(self.scope, self.receive, self.send)
        if not self.sent:
            return None
        start, *rest = self.sent
        headers = {name.decode(): value.decode() for name, value in start["headers"]}
        return Answer(start["status"], headers, b"".join(part["body"] for part in rest))


def request(
    served: ASGIApp,
    method: str,
    target: str,
    *,
    body: bytes | Sequence[bytes | None] = b"",
    headers: Iterable[tuple[str, str]] = (),
    authorization: Sequence[str] = (f"Token {TOKEN}",),
    root_path: str = "",
    **changed: Any,
) -> Exchange:
    """A request as a server hands it over; `target` is the raw path and query."""
    path, _, query = target.partition("?")
    fields = [*headers, *(("authorization", value) for value in authorization)]
    scope: dict[str, Any] = {
        "type": "http",
        "method": method,
        "path": decoded(path),
        "raw_path": path.encode("latin-1"),
        "root_path": root_path,
        "query_string": query.encode("latin-1"),
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in fields],
        "client": ("192.0.2.7", 4711),
    }
    return Exchange(served, {**scope, **changed}, (body,) if isinstance(body, bytes) else body)


def decoded(path: str) -> str:
    """The path as ASGI servers decode it: at once, and whatever it holds."""
    return unquote(path)


def call(served: ASGIApp, method: str, target: str, **options: Any) -> Answer:
    """The answer to a request; there must be one."""
    answer = asyncio.run(request(served, method, target, **options).run())
    assert answer is not None
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["content-length"] == str(len(answer.body))
    return answer
