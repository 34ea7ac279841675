"""Requests carried to an ASGI application in this process, and requests to one carried on, header by header."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any
from urllib.parse import unquote, urlsplit

from ocpi211_runtime.errors import Timeout
from ocpi211_runtime.exchange import AsyncTransport, Request, Response

__all__ = ["App", "InProcess", "Message", "Through"]

Message = MutableMapping[str, Any]
App = Callable[[Message, Callable[[], Awaitable[Any]], Callable[[Any], Awaitable[None]]], Awaitable[None]]

_SECONDS = 60.0
_MOST_BYTES = 1 << 30


class InProcess:
    """An `AsyncTransport` to an application. Headers stay as they are given: also two of the same name."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def send(self, request: Request, *, timeout: float, max_bytes: int) -> Response:  # noqa: ARG002, ASYNC109  (a transport)
        """Send the request and read the whole answer."""
        status, headers, body = 0, list[tuple[str, str]](), bytearray()

        async def receive() -> Message:
            return {"type": "http.request", "body": request.body or b"", "more_body": False}

        async def send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers.extend((name.decode("latin-1"), value.decode("latin-1")) for name, value in message["headers"])
            else:
                body.extend(message.get("body", b""))

        try:
            async with asyncio.timeout(timeout):
                await self._app(_scope(request), receive, send)
        except TimeoutError:
            raise Timeout("no answer in time", operation=request.operation, url=request.url) from None
        return Response(status, headers, bytes(body))

    async def aclose(self) -> None:
        """Nothing is open."""


class Through:
    """An application whose requests go through a transport; `origin` is what stands in front of their paths."""

    def __init__(self, transport: AsyncTransport, origin: str = "") -> None:
        self._transport = transport
        self._origin = origin

    async def __call__(
        self, scope: Message, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
    ) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            return
        headers = _mapping((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
        target = scope["raw_path"].decode("latin-1")
        if scope["query_string"]:
            target += f"?{scope['query_string'].decode('latin-1')}"
        origin = self._origin or f"{scope['scheme']}://{headers.get('Host', '')}"
        request = Request(scope["method"], origin + target, headers, await _body(receive))
        came = await self._transport.send(request, timeout=_SECONDS, max_bytes=_MOST_BYTES)
        pairs = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in came.headers]
        await send({"type": "http.response.start", "status": came.status, "headers": pairs})
        await send({"type": "http.response.body", "body": came.body})


def _mapping(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Headers by name, as clients write it; the second of a name in small letters, so that neither is lost."""
    found: dict[str, str] = {}
    for name, value in pairs:
        written = "-".join(part.capitalize() for part in name.split("-"))
        found[name.lower() if written in found else written] = value
    return found


async def _body(receive: Callable[[], Awaitable[Any]]) -> bytes | None:
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return bytes(body) or None


def _scope(request: Request) -> Message:
    parts = urlsplit(request.url)
    names = {name.lower() for name in request.headers}
    pairs = [*request.headers.items(), *([] if "host" in names else [("host", parts.netloc)])]
    pairs = [(name, value) for name, value in pairs if name.lower() != "content-length"]
    if request.body is not None:
        pairs.append(("content-length", str(len(request.body))))
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": parts.scheme,
        "path": unquote(parts.path or "/"),
        "raw_path": (parts.path or "/").encode("ascii"),
        "query_string": parts.query.encode("ascii"),
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in pairs],
        "client": ("127.0.0.1", 50000),
        "server": (parts.hostname or "", parts.port or 443),
    }
