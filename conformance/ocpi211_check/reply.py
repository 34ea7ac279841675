"""An answer of the tool's own server, and one that does not end."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, replace
from typing import Any, Final

from ocpi211_runtime.envelope import write_envelope

__all__ = ["POURED", "Reply", "pour"]

Message = MutableMapping[str, Any]

POURED: Final = 32 * 1024 * 1024
"""Bytes after which an answer without an end has ended all the same: whoever took all of them has no bound."""
_CHUNK: Final = b" " * (256 * 1024)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of the counterpart."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    endless: bool = False
    """Blanks follow the body until the client has had enough."""

    @classmethod
    def envelope(cls, data: object, status: int = 200, code: int = 1000, message: str = "Success") -> Reply:
        """An answer in OCPI's form."""
        return cls(status, write_envelope(json.dumps(data).encode(), code, message))

    def having(self, *headers: tuple[str, str]) -> Reply:
        """The answer with more headers."""
        return replace(self, headers=(*self.headers, *headers))

    @property
    def start(self) -> Message:
        """The first message of ASGI."""
        pairs = [(b"content-type", b"application/json")]
        if not self.endless:
            pairs.append((b"content-length", b"%d" % len(self.body)))
        pairs += [(name.lower().encode(), value.encode()) for name, value in self.headers]
        return {"type": "http.response.start", "status": self.status, "headers": pairs}


async def pour(receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]) -> int:
    """Send blanks until the client has gone or there were enough of them; gives how many."""
    gone = asyncio.ensure_future(receive())
    sent = 0
    try:
        while sent < POURED and not (gone.done() and gone.result()["type"] == "http.disconnect"):
            await send({"type": "http.response.body", "body": _CHUNK, "more_body": True})
            sent += len(_CHUNK)
            await asyncio.sleep(0)
    finally:
        gone.cancel()
    await send({"type": "http.response.body", "body": b""})
    return sent
