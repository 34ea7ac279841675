"""What a request costs the server, as a multiple of what an empty Starlette route costs on the same server.

    nox -s bench

CPU time of the server's process, all its threads, over rounds in which every case has its turn; the median counts.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE, Popen

from benchmarks import payloads

ROUNDS = 7
CONNECTIONS = 8


@dataclass(frozen=True)
class Case:
    """A request, and how many empty ones it may cost."""

    name: str
    role: str
    request: Callable[[int], tuple[str, str, bytes]]
    """From a running number: verb, path and body."""
    goal: float
    requests: int = 600


def _put(number: int) -> tuple[str, str, bytes]:
    body = payloads.location(2, 2) | {"id": f"P{number % 50}", "last_updated": _stamp(number)}
    return "PUT", f"/ocpi/emsp/2.1.1/locations/FR/CPO/P{number % 50}", payloads.encoded(body)


def _patch(number: int) -> tuple[str, str, bytes]:
    status = ("AVAILABLE", "CHARGING")[number % 2]
    path = f"/ocpi/emsp/2.1.1/locations/FR/CPO/P{number % 50}/FR*EXA*E000001"
    return "PATCH", path, b'{"status":"%b","last_updated":"%b"}' % (status.encode(), _stamp(number).encode())


def _authorize(number: int) -> tuple[str, str, bytes]:
    return "POST", f"/ocpi/emsp/2.1.1/tokens/{number * 7919 % 10_000:014X}/authorize", b""


def _stamp(number: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(1_900_000_000 + number))


CASES = (
    Case("GET one Location", "cpo", lambda n: ("GET", f"/ocpi/cpo/2.1.1/locations/L{n % 1000}", b""), 2),
    Case("page of 50 Locations", "cpo", lambda _: ("GET", "/ocpi/cpo/2.1.1/locations?limit=50", b""), 8, 200),
    Case("page of 1,000 Tokens", "emsp", lambda _: ("GET", "/ocpi/emsp/2.1.1/tokens?limit=1000", b""), 12, 60),
    Case("PUT Location", "emsp", _put, 7, 300),
    Case("PATCH of an EVSE's status", "emsp", _patch, 5, 300),
    Case("authorize", "emsp", _authorize, 3, 600),
)
EMPTY = Case("empty route", "", lambda _: ("GET", "/empty", b""), 1, 2000)


class Target:
    """A server that is measured."""

    def __init__(self, port: int, token: str) -> None:
        self.port = port
        self.token = token
        self.sent = 0

    def encode(self, case: Case) -> list[bytes]:
        """The requests of a round, as bytes."""
        encoded: list[bytes] = []
        for number in range(self.sent, self.sent + case.requests):
            verb, path, body = case.request(number)
            head = f"{verb} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Token {self.token}\r\n"
            length = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n" if body else ""
            encoded.append(f"{head}{length}\r\n".encode() + body)
        self.sent += case.requests
        return encoded

    async def cost(self, case: Case) -> tuple[float, float]:
        """CPU and wall-clock seconds a request."""
        requests = self.encode(case)
        before, began = await self._cpu(), time.perf_counter()
        shares = [requests[index::CONNECTIONS] for index in range(CONNECTIONS)]
        await asyncio.gather(*(self._send(share) for share in shares))
        lasted = time.perf_counter() - began
        return (await self._cpu() - before) / 1e9 / len(requests), lasted / len(requests)

    async def _cpu(self) -> int:
        return int(json.loads((await self._send([b"GET /cpu HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"]))[0]))

    async def _send(self, requests: list[bytes]) -> list[bytes]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 24)
        answers: list[bytes] = []
        for request in requests:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            if not head.startswith((b"HTTP/1.1 200", b"HTTP/1.1 201")):
                raise RuntimeError(f"{request[:200]!r} was answered {head!r}")
            length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
            answers.append(await reader.readexactly(length))
            if b'"status_code":1000' not in answers[-1] and answers[-1][:1] == b"{" and len(answers[-1]) > 2:
                raise RuntimeError(f"{request[:200]!r} was answered {answers[-1][:300]!r}")
        writer.close()
        return answers


@contextmanager
def served(role: str, database: str, count: int, synchronous: str = "NORMAL") -> Iterator[Target]:
    """A server of a role in a process of its own."""
    arguments = [sys.executable, "-m", "benchmarks.served", role, database, str(count), synchronous]
    with Popen(arguments, stdin=PIPE, stdout=PIPE, text=True) as process:
        assert process.stdout is not None  # noqa: S101  (it was asked for)
        port, token = process.stdout.readline().split()
        try:
            yield Target(int(port), token)
        finally:
            process.communicate("")


async def measure(target: Target, cases: list[Case]) -> dict[str, list[tuple[float, float]]]:
    """Costs by case, one a round; the empty route comes first."""
    costs: dict[str, list[tuple[float, float]]] = {case.name: [] for case in (EMPTY, *cases)}
    for _ in range(ROUNDS + 1):
        for case in (EMPTY, *cases):
            costs[case.name].append(await target.cost(case))
    return {name: each[1:] for name, each in costs.items()}  # the first round warms up


def ratios(costs: dict[str, list[tuple[float, float]]], name: str, part: int) -> list[float]:
    """How many empty requests it cost, round by round."""
    return [cost[part] / empty[part] for cost, empty in zip(costs[name], costs[EMPTY.name], strict=True)]


def main() -> None:
    """Measure, and print the table."""
    lines = ["| request | CPU, empty requests | goal | spread | requests a second, of the empty route's |"]
    lines += ["|---|---|---|---|---|"]
    with tempfile.TemporaryDirectory() as folder:
        for role, count in (("cpo", 1_000), ("emsp", 10_000)):
            with served(role, f"sqlite:///{Path(folder, role)}.db", count) as target:
                cases = [case for case in CASES if case.role == role]
                costs = asyncio.run(measure(target, cases))
            for case in cases:
                cpu, wall = ratios(costs, case.name, 0), ratios(costs, case.name, 1)
                lines.append(
                    f"| {case.name} | {statistics.median(cpu):.1f} | {case.goal} | {min(cpu):.1f} to {max(cpu):.1f} "
                    f"| {100 / statistics.median(wall):.0f} % |"
                )
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
