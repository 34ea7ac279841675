"""What grows with the number of objects stored: nothing should.

One eMSP, whose database is filled while it runs: of the objects, nine in ten are its own Tokens, one in ten is a
Location that a CPO put, of one EVSE. At each size the requests take their turns with the empty route, over one
connection, as above. CPU is that of the worker; what PostgreSQL needs itself shows in the time by the clock.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial

from benchmarks import payloads
from benchmarks.databases import databases
from benchmarks.filled import fill, locations, tokens
from benchmarks.plot import plot
from benchmarks.report import RESULTS, Row, section, table
from benchmarks.served import AS_DELIVERED, served
from benchmarks.serving import Case, measure, ratios, stamp
from benchmarks.wire import run

__all__ = ["TITLE", "report"]

TITLE = "Growth with the objects stored"
SIZES = (1_000, 10_000, 100_000, 1_000_000)
ROUNDS = 15
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
        Case("authorize", "emsp", authorize, 3 if size == SIZES[-1] else None),
        Case("PUT Location, 1 EVSE", "emsp", put),
        Case("GET Location, 1 EVSE", "emsp", get),
    ]


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
                    costs = run(measure(target, cases, ROUNDS, connections=1))
                    for case in cases:
                        row = Row(f"{case.name}; {shown}, {size:,} objects", ratios(costs, case.name), case.goal)
                        clock = Row("", [cost.clock for cost in costs[case.name]])
                        rows.append(row)
                        curves.setdefault(f"{case.name}; {shown}", []).append((size, row.median))
                        clocks.setdefault(f"{case.name}; {shown}", []).append((size, clock.median))
    plots = RESULTS.parent / "plots"
    plot(plots / "growth_cpu.svg", "CPU of the worker", ("objects stored", "empty requests"), curves)
    plot(plots / "growth_clock.svg", "Time by the clock", ("objects stored", "empty requests"), clocks)
    pictures = "![CPU](plots/growth_cpu.svg)\n\n![Time](plots/growth_clock.svg)"
    return section(__doc__, table("CPU of a request", "empty requests", rows), pictures)


def _grow(into: Callable[..., None], before: int, size: int) -> None:
    into(tokens(range(before * 9 // 10, size * 9 // 10)))
    into(locations(range(before // 10, size // 10), 1, partner=1))
