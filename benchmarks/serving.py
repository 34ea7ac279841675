"""What a request costs the server, as a multiple of what an empty Starlette route costs on the same server.

CPU time of the server's process, all its threads, in slices of some 50 ms: between any two slices of the requests of a
row stands one of the empty route, and a ratio is that of a slice to the two beside it, since a machine that others
share changes its speed within seconds. The server gathers lines and messages and writes many at a time: before the
clock is read behind a slice all that it gathered is written, and it has nothing left to do, so that the slice pays for
what it caused and for nothing else. A slice is shorter than the server gathers, so this makes no batch larger.

Of PostgreSQL the database's own CPU is not in it, only what the worker spends on asking. The goals are held against a
server as it is delivered, which keeps every message and writes a line about every request, and in the last rows against
one that does neither: the empty route does neither as well. Beside CPU stand, of SQLite, the instructions, which repeat
where times do not: without what the kernel does, and without what waiting for memory takes, so they are another figure,
and not a goal's.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from benchmarks import payloads
from benchmarks.databases import databases
from benchmarks.filled import fill, locations, tokens
from benchmarks.instructions import instructions
from benchmarks.report import Row, section, table
from benchmarks.served import AS_DELIVERED, served
from benchmarks.turns import SLICE, Cost, Slice, in_turn
from benchmarks.wire import Target, encode, run

__all__ = [
    "CASES",
    "EMPTY",
    "FIRST_PAGE",
    "TITLE",
    "WARM",
    "Case",
    "Costs",
    "authorize",
    "followed",
    "measure",
    "patch",
    "put",
    "ratios",
    "report",
    "stamp",
    "stamp_of",
    "store",
]

TITLE = "Server, one worker"
ROUNDS = 30

WARM = 64
"""So many requests first: more than the Locations that are put, so that afterwards all are there."""
_numbers = count()


@dataclass(frozen=True)
class Case:
    """A request, and how many empty ones it may cost."""

    name: str
    role: str
    request: Callable[[int], tuple[str, str, bytes]]
    """From a running number: verb, path and body."""
    goal: float | None = None
    requests: int = 1000
    """At most, in a slice."""

    @property
    def writes(self) -> bool:
        """Whether something is stored."""
        return not self.name.startswith(("GET", "page"))

    def encoded(self, token: str, count: int) -> list[bytes]:
        """So many of these requests."""
        return [encode(token, *self.request(next(_numbers))) for _ in range(count)]

    async def slice(self, target: Target, connections: int = 8) -> Slice:
        """As many of them as a slice takes; it is warm."""
        count = min(WARM, self.requests)
        for _ in range(2):  # it is only warm behind the first
            cost = await target.cost(self.encoded(target.token, count), connections)
            count = min(self.requests, max(connections, round(SLICE / cost.clock)))

        async def run_() -> Cost:
            return await target.cost(self.encoded(target.token, count), connections)

        return run_


Costs = Mapping[str, Sequence[Cost]]
"""By case, slice by slice: in empty requests."""


def stamp(number: int) -> str:
    """A moment that rises with the number, later than all that was filled in."""
    return stamp_of(1_900_000_000 + number)


def stamp_of(second: int) -> str:
    """A moment, seconds since 1970, as OCPI writes it."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(second))


def put(evses: int) -> Callable[[int], tuple[str, str, bytes]]:
    """A PUT of one of fifty Locations of this size."""
    location = payloads.location(evses, 2)

    def request(number: int) -> tuple[str, str, bytes]:
        name = f"P{evses}-{number % 50}"
        body = payloads.encoded(location | {"id": name, "last_updated": stamp(number)})
        return "PUT", f"/ocpi/emsp/2.1.1/locations/FR/CPO/{name}", body

    return request


def patch(evses: int) -> Callable[[int], tuple[str, str, bytes]]:
    """A change of status of an EVSE of one of them."""

    def request(number: int) -> tuple[str, str, bytes]:
        status = ("AVAILABLE", "CHARGING")[number // 50 % 2]
        path = f"/ocpi/emsp/2.1.1/locations/FR/CPO/P{evses}-{number % 50}/FR*EXA*E000001"
        return "PATCH", path, b'{"status":"%b","last_updated":"%b"}' % (status.encode(), stamp(number).encode())

    return request


def authorize(among: int) -> Callable[[int], tuple[str, str, bytes]]:
    """Whether one of so many Tokens may charge."""
    return lambda number: ("POST", f"/ocpi/emsp/2.1.1/tokens/{number * 7919 % among:014X}/authorize", b"")


def _get(prefix: str) -> Callable[[int], tuple[str, str, bytes]]:
    return lambda number: ("GET", f"/ocpi/cpo/2.1.1/locations/{prefix}{number % 1000}", b"")


EMPTY = Case("empty route", "", lambda _: ("GET", "/empty", b""))
FIRST_PAGE = Case("page of 1,000 Tokens, the first", "emsp", lambda _: _page("emsp", "tokens", 1000), 12)
CASES = (
    Case("GET one Location, 10 EVSEs", "cpo", _get("L"), 2),
    Case("GET one Location, 2 EVSEs", "cpo", _get("S"), 2),
    Case("page of 50 Locations, 2 EVSEs each", "cpo", lambda _: _page("cpo", "locations", 50), 8),
    FIRST_PAGE,
    Case("PUT Location, 10 EVSEs", "emsp", put(10), 7),
    Case("PUT Location, 2 EVSEs", "emsp", put(2), 7),
    Case("PATCH of an EVSE's status, one of 10", "emsp", patch(10), 5),
    Case("PATCH of an EVSE's status, one of 2", "emsp", patch(2), 5),
    Case("authorize", "emsp", authorize(10_000), 3),
)
NORMAL = "SQLite, NORMAL"
WHERE: Mapping[str, tuple[str, dict[str, str]]] = {
    NORMAL: ("sqlite", {"synchronous": "NORMAL"} | AS_DELIVERED),
    "SQLite, FULL": ("sqlite", {"synchronous": "FULL"} | AS_DELIVERED),
    "PostgreSQL": ("postgresql", AS_DELIVERED),
    "SQLite, NORMAL, no messages, no lines": ("sqlite", {"synchronous": "NORMAL"}),
}


def _page(role: str, module: str, limit: int) -> tuple[str, str, bytes]:
    return "GET", f"/ocpi/{role}/2.1.1/{module}?limit={limit}", b""


async def measure(target: Target, cases: Sequence[Case], rounds: int = ROUNDS, connections: int = 8) -> Costs:
    """Costs of the cases, in turn, between empty requests."""
    empty = await EMPTY.slice(target, connections)
    slices = {case.name: await case.slice(target, connections) for case in cases}
    return await in_turn(empty, slices, rounds)


def ratios(costs: Costs, name: str) -> list[float]:
    """How many empty requests it cost, slice by slice, by CPU."""
    return [cost.cpu for cost in costs[name]]


def report() -> str:
    """Every request on every database."""
    cpu: list[Row] = []
    rate: list[Row] = []
    with databases() as make:
        for where, (kind, settings) in WHERE.items():
            for role in ("cpo", "emsp"):
                given = settings | {"role": role}
                beside = instructions(given | {"database": make(kind)}, EMPTY, prepared) if where == NORMAL else {}
                for case, found in _measured(given | {"database": make(kind)}):
                    name = f"{case.name}; {where}"
                    note = f"instructions: {beside[case.name]:.1f}" if case.name in beside else ""
                    cpu.append(Row(name, [cost.cpu for cost in found], case.goal, note=note))
                    if case.name.startswith("GET") and NORMAL in where:
                        speed = [100 / cost.clock for cost in found]
                        rate.append(Row(name, speed, 55, at_least=True))
    return section(
        __doc__,
        table("CPU of a request", "empty requests", cpu),
        "Eight connections keep the worker busy; what it answers in a second, of what the empty route does:",
        table("requests a second, SQLite", "% of the empty route's", rate),
    )


def _measured(settings: dict[str, str]) -> Iterator[tuple[Case, Sequence[Cost]]]:
    """How SQLite waits for the disk is nothing to those who only read."""
    waits = settings.get("synchronous") == "FULL"
    if waits and settings["role"] == "cpo":
        return
    with served(settings) as (target,):
        cases = [case for case in prepared(settings, target) if case.writes or not waits]
        costs = run(measure(target, cases))
    for case in cases:
        yield case, costs[case.name]


def prepared(settings: Mapping[str, str], target: Target) -> list[Case]:
    """The cases of the role, and all that they ask for."""
    store(settings["database"], settings["role"])
    cases = [case for case in CASES if case.role == settings["role"]]
    if settings["role"] == "emsp":
        (first,) = run(target.ask(FIRST_PAGE.encoded(target.token, 1)))
        cases.append(followed(first.header(b"link")))
    return cases


def store(database: str, role: str) -> None:
    """What the cases of the role ask for."""
    if role == "cpo":
        fill(database, locations(range(1000), 2, "S"))
        fill(database, locations(range(1000), 10))
    else:
        fill(database, tokens(range(10_000)))


def followed(link: bytes) -> Case:
    """The second page, where the first one says that it is."""
    path = link[link.index(b"/ocpi/") : link.index(b">")].decode()
    return Case("page of 1,000 Tokens, where Link leads", "emsp", lambda _: ("GET", path, b""), 12)
