"""Requests as bytes, and the answers to them one by one: what no HTTP client would send."""

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass, field

from tests.server.live import looked_at
from tests.server.stage import Reply

__all__ = ["Conversation", "converse"]

_PATIENCE = 5.0


@dataclass
class Conversation:
    """What came back over one connection."""

    answers: list[Reply] = field(default_factory=list[Reply])
    """In OCPI's envelope, each."""
    refused: int = 0
    """HTTP status of an answer of the HTTP server itself, which is given in plain text before it hangs up."""
    continued: int = 0
    closed: bool = False


async def converse(port: int, sent: bytes, answers: int = 1, *, hang_up: bool = False) -> Conversation:
    """Send the bytes; read so many answers, or until the server hangs up. `hang_up`: read nothing."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    told = Conversation()
    try:
        writer.write(sent)
        with suppress(ConnectionError):  # it may have hung up before it read all
            await writer.drain()
        while not hang_up and len(told.answers) < answers and not told.closed:
            async with asyncio.timeout(_PATIENCE):
                await _answer(reader, told)
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
    return told


async def _answer(reader: asyncio.StreamReader, told: Conversation) -> None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except (asyncio.IncompleteReadError, ConnectionError):
        told.closed = True
        return
    line, *fields = head.removesuffix("\r\n\r\n").split("\r\n")
    status = int(line.split(" ")[1])
    if status == 100:
        told.continued += 1
        return
    headers = dict(each.split(": ", 1) for each in fields)
    body = await reader.readexactly(int(headers["content-length"]))
    if headers["content-type"].startswith("text/plain"):
        told.refused = status
        assert headers["connection"] == "close"
        assert body == b"Invalid HTTP request received."
    else:
        json.loads(body)
        told.answers.append(looked_at(status, headers, body))
