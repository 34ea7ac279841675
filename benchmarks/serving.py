"""What a request costs the server, as a multiple of what an empty Starlette route costs on the same server.

CPU time of the server's process, all its threads, over rounds in which every case has its turn. Of PostgreSQL the
database's own CPU is not in it, only what the worker spends on asking. The goals are held against a server as it is
delivered: it keeps every message and writes a line about every request. What that costs shows in the last rows.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from benchmarks import payloads
from benchmarks.databases import databases
from benchmarks.filled import fill, locations, tokens
from benchmarks.report import Row, section, table
from benchmarks.served import AS_DELIVERED, served
from benchmarks.wire import Target, encode, run

__all__ = ["EMPTY", "TITLE", "Case", "Costs", "measure", "patch", "put", "ratios", "report", "stamp", "stamp_of"]

TITLE = "Server, one worker"
ROUNDS = 5

_numbers = count()


@dataclass(frozen=True)
class Case:
    """A request, and how many empty ones it may cost."""

    name: str
    role: str
    request: Callable[[int], tuple[str, str, bytes]]
    """From a running number: verb, path and body."""
    goal: float | None = None
    requests: int = 300

    def encoded(self, token: str) -> list[bytes]:
        """The requests of a round."""
        return [encode(token, *self.request(next(_numbers))) for _ in range(self.requests)]


Costs = Mapping[str, Sequence[tuple[float, float]]]
"""By case and round: CPU and wall-clock seconds a request."""


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


EMPTY = Case("empty route", "", lambda _: ("GET", "/empty", b""), requests=1000)
PUT = Case("PUT Location, 10 EVSEs", "emsp", put(10), 7, 100)
PATCH = Case("PATCH of an EVSE's status, one of 10", "emsp", patch(10), 5, 150)
AUTHORIZE = Case("authorize", "emsp", authorize(10_000), 3)
CASES = (
    Case("GET one Location, 10 EVSEs", "cpo", _get("L"), 2),
    Case("GET one Location, 2 EVSEs", "cpo", _get("S"), 2),
    Case("page of 50 Locations, 2 EVSEs each", "cpo", lambda _: _page("cpo", "locations", 50), 8, 40),
    Case("page of 1,000 Tokens, the first, which counts them", "emsp", lambda _: _page("emsp", "tokens", 1000), 12, 20),
    PUT,
    Case("PUT Location, 2 EVSEs", "emsp", put(2), 7, 100),
    PATCH,
    Case("PATCH of an EVSE's status, one of 2", "emsp", patch(2), 5, 150),
    AUTHORIZE,
)
WHERE: Mapping[str, tuple[str, dict[str, str]]] = {
    "SQLite, NORMAL": ("sqlite", {"synchronous": "NORMAL"} | AS_DELIVERED),
    "SQLite, FULL": ("sqlite", {"synchronous": "FULL"} | AS_DELIVERED),
    "PostgreSQL": ("postgresql", AS_DELIVERED),
    "SQLite, NORMAL, no messages, no lines": ("sqlite", {"synchronous": "NORMAL"}),
}


def _page(role: str, module: str, limit: int) -> tuple[str, str, bytes]:
    return "GET", f"/ocpi/{role}/2.1.1/{module}?limit={limit}", b""


async def measure(target: Target, cases: Sequence[Case], rounds: int = ROUNDS) -> Costs:
    """Costs of the empty route and the cases, in turn; the first round warms up."""
    costs: dict[str, list[tuple[float, float]]] = {case.name: [] for case in (EMPTY, *cases)}
    for _ in range(rounds + 1):
        for case in (EMPTY, *cases):
            costs[case.name].append(await target.cost(case.encoded(target.token)))
    return {name: each[1:] for name, each in costs.items()}


def ratios(costs: Costs, name: str, part: int = 0) -> list[float]:
    """How many empty requests it cost, round by round: CPU, or with 1 time by the clock."""
    return [cost[part] / empty[part] for cost, empty in zip(costs[name], costs[EMPTY.name], strict=True)]


def report() -> str:
    """Every request on every database."""
    cpu: list[Row] = []
    rate: list[Row] = []
    with databases() as make:
        for where, (kind, settings) in WHERE.items():
            for role in ("cpo", "emsp"):
                cases, costs = _costs(make(kind), settings | {"role": role})
                for case in cases:
                    quiet = "no lines" in where
                    cpu.append(Row(f"{case.name}; {where}", ratios(costs, case.name), None if quiet else case.goal))
                    if case.name.startswith("GET") and "NORMAL" in where:
                        speed = [100 / ratio for ratio in ratios(costs, case.name, 1)]
                        rate.append(Row(f"{case.name}; {where}", speed, None if quiet else 55, at_least=True))
    return section(
        __doc__,
        table("CPU of a request", "empty requests", cpu),
        "Eight connections keep the worker busy; what it answers in a second, of what the empty route does:",
        table("requests a second, SQLite", "% of the empty route's", rate),
    )


def _costs(database: str, settings: dict[str, str]) -> tuple[list[Case], Costs]:
    cases = [case for case in CASES if case.role == settings["role"]]
    with served(settings | {"database": database}) as (target,):
        if settings["role"] == "cpo":
            fill(database, locations(range(1000), 2, "S"))
            fill(database, locations(range(1000), 10))
        else:
            fill(database, tokens(range(10_000)))
            cases.append(_followed(target))
        return cases, run(measure(target, cases))


def _followed(target: Target) -> Case:
    """The second page, where the first one says that it is."""
    (first,) = run(target.ask([encode(target.token, *_page("emsp", "tokens", 1000))]))
    link = first.header(b"link").decode()
    path = link[link.index("/ocpi/") : link.index(">")]
    return Case("page of 1,000 Tokens, where Link leads", "emsp", lambda _: ("GET", path, b""), 12, 20)
