"""How much dearer a validated model is than the bare dict: ratios to orjson on the same bytes, in one run.

    python -m benchmarks.models --fast    # a look
    python -m benchmarks.models --gc-off  # as `timeit` measures: without the garbage collector

pyperf runs each case in processes of its own and takes the median; the ratio of two medians of one run is what counts.
What is alive after the imports is frozen first (`gc.freeze`), as a service does after its start: otherwise the
collector walks through all of pydantic again and again, which is no property of a model.
"""

from __future__ import annotations

import gc
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

import orjson
import pyperf
from pydantic import BaseModel, create_model

from benchmarks import payloads
from benchmarks.plain import plain
from ocpi211.models import CDR, Location, Token, to_wire
from ocpi211.operations import EMSP_TOKENS_LIST_TOKENS
from ocpi211_runtime.exchange import Request, Response
from ocpi211_runtime.reading import read_page as read_page_of

if TYPE_CHECKING:
    from collections.abc import Callable


TITLE = "Models"

REQUEST = Request("GET", "https://emsp.example/ocpi/emsp/2.1.1/tokens")


class Case(NamedTuple):
    """What is measured, and how far from orjson it may be."""

    body: bytes
    read: Callable[[bytes], object]
    plain: Callable[[bytes], object]
    goal_read: float
    goal_write: float


def read_page(body: bytes) -> object:
    """As a client reads it: the envelope, the good Tokens, and a report of the broken ones."""
    return read_page_of(EMSP_TOKENS_LIST_TOKENS, REQUEST, Response(200, [], body)).items


def plain_page() -> type[BaseModel]:
    """The least pydantic can do for a page: it is lost with its first broken Token."""
    return create_model("PlainPage", data=(list[plain(Token)], ...), status_code=(int, ...))  # type: ignore[misc, arg-type]


CASES = {
    "Location, 10 EVSEs with 2 Connectors": Case(
        payloads.encoded(payloads.location(10, 2)),
        Location.model_validate_json,
        plain(Location).model_validate_json,
        goal_read=4,
        goal_write=8.5,
    ),
    "page of 1,000 Tokens": Case(
        payloads.encoded(payloads.page([payloads.token(index) for index in range(1000)])),
        read_page,
        plain_page().model_validate_json,
        goal_read=4,
        goal_write=9.5,
    ),
    "CDR, 30 periods with 2 dimensions": Case(
        payloads.encoded(payloads.cdr(30)),
        CDR.model_validate_json,
        plain(CDR).model_validate_json,
        goal_read=5,
        goal_write=8.0,
    ),
    "the same periods in a CDR that leaves no field out": Case(
        payloads.encoded(payloads.full_cdr(30)),
        CDR.model_validate_json,
        plain(CDR).model_validate_json,
        goal_read=5,
        goal_write=8.0,
    ),
}


def main() -> None:
    """Measures every case, then prints the table."""
    runner = pyperf.Runner(processes=6, values=3, add_cmdline_args=_pass_on, program_args=("-m", "benchmarks.models"))
    runner.argparser.add_argument("--gc-off", action="store_true", help="collect no garbage while measuring")
    options = runner.parse_args()
    gc.freeze()
    if options.gc_off:
        gc.disable()
    measured = {name: _measure(runner, name, case) for name, case in CASES.items()}
    if not options.worker:
        sys.stdout.write(f"{table(measured)}\n")


def _measure(runner: pyperf.Runner, name: str, case: Case) -> list[pyperf.Benchmark | None]:
    parsed, model = orjson.loads(case.body), case.read(case.body)
    if isinstance(model, list):
        parsed = parsed["data"]  # a server splices the envelope around the data
    return [
        runner.bench_func(f"{name}: orjson.loads", orjson.loads, case.body),
        runner.bench_func(f"{name}: bytes to models", case.read, case.body),
        runner.bench_func(f"{name}: bytes to plain pydantic", case.plain, case.body),
        runner.bench_func(f"{name}: orjson.dumps", orjson.dumps, parsed),
        runner.bench_func(f"{name}: models to bytes", to_wire, model),
    ]


def _pass_on(command: list[str], options: object) -> None:
    if getattr(options, "gc_off", False):
        command.append("--gc-off")


def table(measured: dict[str, list[pyperf.Benchmark | None]]) -> str:
    """The ratios of the medians, beside their goals and beside what bare pydantic needs."""
    lines = [
        "| multiples of orjson | bytes → model | goal | plain pydantic | model → bytes | goal |",
        "|---|---|---|---|---|---|",
    ]
    for name, benches in measured.items():
        # None only in the processes that measure; this one gathers.
        loads, read, bare, dumps, written = (bench.median() for bench in benches if bench)
        case = CASES[name]
        lines.append(
            f"| {name} | {_judged(read / loads, case.goal_read)} | ≤ {case.goal_read:g} | {bare / loads:.2f} "
            f"| {_judged(written / dumps, case.goal_write)} | ≤ {case.goal_write:g} |"
        )
    return "\n".join(lines)


def _judged(ratio: float, goal: float) -> str:
    return f"{ratio:.2f}" if ratio <= goal else f"**{ratio:.2f}, missed**"


def report() -> str:
    """The table, measured in processes of their own."""
    command = [sys.executable, "-m", "benchmarks.models", "--processes", "3"]
    ran = subprocess.run(command, check=True, capture_output=True, text=True)
    return "\n".join([(__doc__ or "").rpartition("\n\n")[2].strip(), "", ran.stdout[ran.stdout.index("| multiples") :]])


if __name__ == "__main__":
    main()
