"""Transports that call an ASGI application in this process: for tests, of routes against clients above all.

The path arrives in `raw_path` as the client encoded it, which servers such as uvicorn do as well. No lifespan is run.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import unquote, urlsplit

from ocpi211_runtime.errors import MalformedAnswer, Timeout
from ocpi211_runtime.exchange import Request, Response

__all__ = ["AsgiTransport", "BlockingAsgiTransport"]

Message = MutableMapping[str, Any]
App = Callable[[Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]]


class AsgiTransport:
    """An `AsyncTransport` that calls the application, on asyncio.

    An exception that the application lets out comes out of the call, unless `raise_exceptions` is False.
    """

    def __init__(self, app: App, *, raise_exceptions: bool = True) -> None:
        self._app = app
        self._raise_exceptions = raise_exceptions

    async def send(self, request: Request, *, timeout: float, max_bytes: int) -> Response:  # noqa: ASYNC109
        """Call the application and gather its answer."""
        exchange = _Exchange(request)
        limit = asyncio.timeout(timeout)
        try:
            async with limit:
                await self._app(exchange.scope, exchange.receive, exchange.send)
        except Exception as error:
            if isinstance(error, TimeoutError) and limit.expired():  # and not one of the application's own
                raise Timeout("no answer in time", operation=request.operation, url=request.url) from None
            if self._raise_exceptions or exchange.status is None:
                raise
        if exchange.status is None:
            raise MalformedAnswer("there is none", operation=request.operation, url=request.url)
        if len(exchange.body) > max_bytes:
            reason = f"it is longer than {max_bytes} bytes"
            raise MalformedAnswer(reason, operation=request.operation, url=request.url)
        return Response(exchange.status, exchange.headers, bytes(exchange.body))

    async def aclose(self) -> None:
        """Nothing to let go of."""


class BlockingAsgiTransport:
    """A `Transport` that calls the application, on an event loop of its own; not from within another loop."""

    def __init__(self, app: App, *, raise_exceptions: bool = True) -> None:
        self._transport = AsgiTransport(app, raise_exceptions=raise_exceptions)
        self._runner = asyncio.Runner()

    def send(self, request: Request, *, timeout: float, max_bytes: int) -> Response:
        """Call the application and gather its answer."""
        return self._runner.run(self._transport.send(request, timeout=timeout, max_bytes=max_bytes))

    def close(self) -> None:
        """Close the event loop."""
        self._runner.close()


class _Exchange:
    """One request as the application sees it, and what it answers."""

    def __init__(self, request: Request) -> None:
        self._body = request.body or b""
        self._received = False
        self._over = asyncio.Event()
        self.scope = _scope(request)
        self.status: int | None = None
        self.headers: list[tuple[str, str]] = []
        self.body = bytearray()

    async def receive(self) -> Message:
        if not self._received:
            self._received = True
            return {"type": "http.request", "body": self._body, "more_body": False}
        await self._over.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = [
                (name.decode("latin-1"), value.decode("latin-1")) for name, value in message.get("headers", ())
            ]
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")
            if not message.get("more_body", False):
                self._over.set()


def _scope(request: Request) -> Message:
    parts = urlsplit(request.url)
    raw_path = parts.path or "/"
    # Two of one name, in different case, stay two: a server has to see that.
    pairs = [(name.lower(), value) for name, value in request.headers.items()]
    if "host" not in dict(pairs):
        pairs.append(("host", parts.netloc))
    if request.body is not None:
        pairs = [(name, value) for name, value in pairs if name != "content-length"]
        pairs.append(("content-length", str(len(request.body))))
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": parts.scheme,
        "path": unquote(raw_path),
        "raw_path": raw_path.encode("ascii"),
        "query_string": parts.query.encode("ascii"),
        "root_path": "",
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in pairs],
        "client": ("127.0.0.1", 50000),
        "server": (parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)),
    }
