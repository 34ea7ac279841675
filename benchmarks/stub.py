"""A peer that costs next to nothing: pages of Tokens, and a yes to whatever else is asked.

    python -m benchmarks.stub PAGES LATENCY

A list of so many pages of 1,000 Tokens, each answered after so many seconds. Prints its port, then serves until
standard input ends; `/count` tells how many requests came.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvloop

from benchmarks import payloads

__all__ = ["BODIES", "ON_PAGE", "stub"]

ON_PAGE = 1000
BODIES = [
    payloads.encoded(payloads.page([payloads.token(first * ON_PAGE + number) for number in range(ON_PAGE)]))
    for first in range(10)
]
"""In turn, so that not every page is the same."""
_YES = b'{"data":%b,"status_code":1000,"timestamp":"2026-03-01T09:00:00Z"}'
_ALLOWED = _YES % b'{"allowed":"ALLOWED"}'
_TAKEN = _YES.replace(b'"data":%b,', b"")
_END = b"\r\n\r\n"


class _Peer(asyncio.Protocol):
    pages = 0
    latency = 0.0
    count = 0
    arrived = 0.0
    """When the latest request came, by the clock that all processes share."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport
        self._buffer = b""

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (at := self._buffer.find(_END)) >= 0:
            head = self._buffer[:at].lower()
            length = head.partition(b"content-length: ")[2].partition(b"\r\n")[0]
            end = at + len(_END) + int(length or 0)
            if len(self._buffer) < end:
                return
            path = self._buffer[:at].split(b" ", 2)[1]
            self._buffer = self._buffer[end:]
            answer = self._answer(path)
            if self.latency:
                asyncio.get_running_loop().call_later(self.latency, self._say, answer)
            else:
                self._say(answer)

    def _say(self, answer: list[bytes]) -> None:
        if not self._transport.is_closing():
            self._transport.writelines(answer)

    def _answer(self, path: bytes) -> list[bytes]:
        if path == b"/count":
            return _written(b"[%d,%.6f]" % (_Peer.count, _Peer.arrived))
        _Peer.count += 1
        _Peer.arrived = time.monotonic()
        if path.partition(b"?")[0].endswith(b"/authorize"):
            return _written(_ALLOWED)
        if not path.partition(b"?")[0].endswith(b"/tokens"):
            return _written(_TAKEN)
        number = int(path.partition(b"page=")[2] or 0)
        link = b'Link: </tokens?page=%d>; rel="next"\r\n' % (number + 1) if number + 1 < self.pages else b""
        return _written(BODIES[number % len(BODIES)], link + b"X-Total-Count: %d\r\n" % (self.pages * ON_PAGE))


def _written(body: bytes, headers: bytes = b"") -> list[bytes]:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n%b\r\n"
    return [head % (len(body), headers), body]


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(_Peer, "127.0.0.1", 0, backlog=1024)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)
    server.close()


@contextmanager
def stub(pages: int = 1, latency: float = 0) -> Iterator[int]:
    """Such a peer in a process of its own; its port."""
    arguments = [sys.executable, "-m", "benchmarks.stub", str(pages), str(latency)]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None  # noqa: S101  (it was asked for)
        try:
            yield int(process.stdout.readline())
        finally:
            process.communicate("")


if __name__ == "__main__":
    _Peer.pages, _Peer.latency = int(sys.argv[1]), float(sys.argv[2])
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve())
