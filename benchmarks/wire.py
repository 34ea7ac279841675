"""Requests as bytes over few connections: a client that costs less than what it measures."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import uvloop

from benchmarks.turns import Cost

__all__ = ["CPU", "EMPTY", "Answer", "Target", "encode", "run"]

EMPTY = b"GET /empty HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
CPU = b"GET /cpu HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"

T = TypeVar("T")

_END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came, and how long it took."""

    head: bytes
    body: bytes
    seconds: float

    def header(self, name: bytes) -> bytes:
        """A header, by its name in lower case; empty if there is none."""
        for line in self.head.split(b"\r\n"):
            key, _, value = line.partition(b": ")
            if key.lower() == name:
                return value
        return b""


class _Connection(asyncio.Protocol):
    """One request after the other."""

    def __init__(self) -> None:
        self._buffer = b""
        self._waiting: asyncio.Future[tuple[bytes, bytes]] | None = None
        self._needed = 0
        self.transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer = self._buffer + data if self._buffer else data
        if not self._needed:
            at = self._buffer.find(_END)
            if at < 0:
                return
            length = self._buffer[:at].lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
            self._needed = at + len(_END) + int(length or 0)
        if len(self._buffer) >= self._needed and self._waiting is not None:
            head, _, body = self._buffer.partition(_END)
            self._buffer, self._needed = b"", 0
            self._waiting.set_result((head, body))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(exc or ConnectionError("the server hung up"))

    async def ask(self, request: bytes) -> Answer:
        self._waiting = asyncio.get_running_loop().create_future()
        began = time.perf_counter()
        self.transport.write(request)
        head, body = await self._waiting
        return Answer(head, body, time.perf_counter() - began)


class Target:
    """A server that is measured."""

    def __init__(self, port: int, token: str, *, settles: bool = False) -> None:
        self.port = port
        self.token = token
        self._settles = settles

    async def ask(self, requests: Sequence[bytes], connections: int = 1) -> list[Answer]:
        """The answers, in the order of the requests; RuntimeError unless all are successes."""
        async with self._connected(connections) as connected:
            return await _ask(connected, requests)

    async def cpu(self) -> float:
        """Seconds of CPU that the process has spent, all its threads."""
        (answer,) = await self.ask([CPU])
        return _seconds(answer)

    async def settled(self, quiet: int) -> float:
        """The same, once all that was begun is done: it had nothing to do for so many ms."""
        (answer,) = await self.ask([_settled(quiet)])
        return _seconds(answer)

    async def mark(self) -> None:
        """End a stretch of what is counted, and begin the next."""
        await self.ask([b"GET /mark HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"])

    async def cost(self, requests: Sequence[bytes], connections: int = 8, *, quiet: int = 2) -> Cost:
        """Seconds a request, until all that came of them is done: for so many ms the server had nothing to do.

        What a server that settles has gathered, to store it later, it stores before the clock is read.
        """
        settled = _settled(quiet) if self._settles else CPU
        async with self._connected(connections) as connected:
            # A connection costs as much as some requests: it is there, on both sides, before the first one.
            await _ask(connected, [EMPTY] * connections)
            before, began = _seconds(await connected[0].ask(settled)), time.perf_counter()
            await _ask(connected, requests)
            asked = time.perf_counter()
            after = await connected[0].ask(settled)
            lasted = asked - began + max(0, after.seconds - quiet / 1000) * self._settles
            return Cost((_seconds(after) - before) / len(requests), lasted / len(requests))

    @asynccontextmanager
    async def _connected(self, count: int) -> AsyncIterator[Sequence[_Connection]]:
        loop, made = asyncio.get_running_loop(), list[_Connection]()
        try:
            for _ in range(count):
                made.append((await loop.create_connection(_Connection, "127.0.0.1", self.port))[1])
            yield made
        finally:
            for connection in made:
                connection.transport.close()


async def _ask(connections: Sequence[_Connection], requests: Sequence[bytes]) -> list[Answer]:
    """Each connection asks its share, one request after the other."""
    answers: dict[int, Answer] = {}

    async def share(first: int) -> None:
        for number in range(first, len(requests), len(connections)):
            answers[number] = await connections[first].ask(requests[number])

    await asyncio.gather(*(share(first) for first in range(len(connections))))
    for number, answer in answers.items():
        _check(requests[number], answer)
    return [answers[number] for number in range(len(requests))]


def _settled(quiet: int) -> bytes:
    return b"GET /settled?ms=%d HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" % quiet


def _seconds(answer: Answer) -> float:
    return int(json.loads(answer.body)) / 1e9


def encode(token: str, verb: str, path: str, body: bytes = b"") -> bytes:
    """A request as it goes over the wire."""
    head = f"{verb} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Token {token}\r\n"
    length = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n" if body else ""
    return f"{head}{length}\r\n".encode() + body


def _check(request: bytes, answer: Answer) -> None:
    good = answer.head.startswith((b"HTTP/1.1 200", b"HTTP/1.1 201"))
    if not good or (len(answer.body) > 40 and b'"status_code":1000' not in answer.body):
        raise RuntimeError(f"{request[:200]!r} was answered {answer.head!r} {answer.body[:300]!r}")


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a measurement on the loop that costs least."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)
