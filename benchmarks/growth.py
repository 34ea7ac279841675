"""What grows with the number of objects stored: nothing should.

One eMSP, whose database is filled while it runs: of the objects, nine in ten are its own Tokens, one in ten is a
Location that a CPO put, of one EVSE. At each size the requests take their turns with the empty route. CPU is that of
the worker; what PostgreSQL needs itself shows in the time by the clock, over one connection.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from functools import partial

from benchmarks import payloads
from benchmarks.databases import databases
from benchmarks.filled import fill, locations, tokens
from benchmarks.plot import plot
from benchmarks.report import RESULTS, Row, section, table
from benchmarks.served import AS_DELIVERED, served
from benchmarks.serving import EMPTY, Case, stamp
from benchmarks.wire import Target, run

__all__ = ["TITLE", "report"]

TITLE = "Growth with the objects stored"
SIZES = (1_000, 10_000, 100_000, 1_000_000)
ROUNDS = 3
_KINDS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
_chosen = random.Random(1)  # noqa: S311  (which objects are asked for is no secret)


def _cases(size: int) -> list[Case]:
    known, kept = size * 9 // 10, size // 10

    def put(number: int) -> tuple[str, str, bytes]:
        name = f"L{_chosen.randrange(kept)}"
        body = payloads.encoded(payloads.location(1, 2) | {"id": name, "last_updated": stamp(number)})
        return "PUT", f"/ocpi/emsp/2.1.1/locations/FR/CPO/{name}", body

    def get(_: int) -> tuple[str, str, bytes]:
        return "GET", f"/ocpi/emsp/2.1.1/locations/FR/CPO/L{_chosen.randrange(kept)}", b""

    def authorize(_: int) -> tuple[str, str, bytes]:
        return "POST", f"/ocpi/emsp/2.1.1/tokens/{_chosen.randrange(known):014X}/authorize", b""

    return [
        Case("authorize", "emsp", authorize, 3 if size == SIZES[-1] else None, 200),
        Case("PUT Location, 1 EVSE", "emsp", put, None, 100),
        Case("GET Location, 1 EVSE", "emsp", get, None, 200),
    ]


async def _measure(target: Target, cases: Sequence[Case]) -> dict[str, tuple[list[float], list[float]]]:
    """By case: CPU, then time by the clock over one connection, in empty requests."""
    found: dict[str, tuple[list[float], list[float]]] = {case.name: ([], []) for case in cases}
    for number in range(ROUNDS + 1):
        empty = await target.cost(EMPTY.encoded(target.token)[:500], 1)
        for case in cases:
            cost = await target.cost(case.encoded(target.token), 1)
            for part in (0, 1):
                if number:  # the first round warms up
                    found[case.name][part].append(cost[part] / empty[part])
    return found


def report() -> str:
    """Both databases, all sizes."""
    rows: list[Row] = []
    curves: dict[str, list[tuple[float, float]]] = {}
    clocks: dict[str, list[tuple[float, float]]] = {}
    with databases() as make:
        for kind, shown in _KINDS.items():
            url = make(kind)
            with served({"role": "emsp", "database": url, "synchronous": "NORMAL"} | AS_DELIVERED) as (target,):
                before = 0
                for size in SIZES:
                    _grow(partial(fill, url), before, size)
                    before = size
                    cases = _cases(size)
                    for name, (cpu, clock) in run(_measure(target, cases)).items():
                        goal = next(case.goal for case in cases if case.name == name)
                        row = Row(f"{name}; {shown}, {size:,} objects", cpu, goal)
                        rows.append(row)
                        curves.setdefault(f"{name}; {shown}", []).append((size, row.median))
                        clocks.setdefault(f"{name}; {shown}", []).append((size, Row("", clock).median))
    plots = RESULTS.parent / "plots"
    plot(plots / "growth_cpu.svg", "CPU of the worker", ("objects stored", "empty requests"), curves)
    plot(plots / "growth_clock.svg", "Time by the clock", ("objects stored", "empty requests"), clocks)
    pictures = "![CPU](plots/growth_cpu.svg)\n\n![Time](plots/growth_clock.svg)"
    return section(__doc__, table("CPU of a request", "empty requests", rows), pictures)


def _grow(into: Callable[..., None], before: int, size: int) -> None:
    into(tokens(range(before * 9 // 10, size * 9 // 10)))
    into(locations(range(before // 10, size // 10), 1, partner=1))
