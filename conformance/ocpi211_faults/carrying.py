"""Requests to an ASGI application carried on, header by header."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from ocpi211_runtime.exchange import AsyncTransport, Request

__all__ = ["App", "Message", "Through"]

Message = MutableMapping[str, Any]
App = Callable[[Message, Callable[[], Awaitable[Any]], Callable[[Any], Awaitable[None]]], Awaitable[None]]

_SECONDS = 60.0
_MOST_BYTES = 1 << 30


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
