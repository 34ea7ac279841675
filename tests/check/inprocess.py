"""Calls an ASGI application in this process, headers as they are given: also two of the same name."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import unquote, urlsplit

from ocpi211_runtime.errors import Timeout
from ocpi211_runtime.exchange import Request, Response

Message = MutableMapping[str, Any]
App = Callable[[Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]]


class InProcess:
    """An `AsyncTransport`."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def send(self, request: Request, *, timeout: float, max_bytes: int) -> Response:  # noqa: ASYNC109
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
        pass


def _scope(request: Request) -> Message:
    parts = urlsplit(request.url)
    names = {name.lower() for name in request.headers}
    pairs = [*request.headers.items(), *([] if "host" in names else [("host", parts.netloc)])]
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
