"""How much dearer a validated model is than the bare dict: ratios to orjson on the same bytes, in one run.

    python benchmarks/models.py            # a few minutes; add --fast for a look
    python benchmarks/models.py --gc-off   # as `timeit` measures: without the garbage collector

pyperf runs each case in processes of its own and takes the median; the ratio of two medians of one run is what counts.
"""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

import orjson
import pyperf

from benchmarks import payloads
from ocpi211.models import CDR, Location, Token, to_wire
from ocpi211_runtime.pages import page_adapter, sort_out

if TYPE_CHECKING:
    from collections.abc import Callable

# Case → (goal of reading, goal of writing), as multiples of orjson.
GOALS = {"location": (4.5, 8.5), "page of 1,000 tokens": (4.5, 9.5), "cdr": (6.0, 8.0)}


def read_page(body: bytes) -> object:
    """As a client reads it: the envelope, the good Tokens, and a report of the broken ones."""
    return sort_out(page_adapter(Token).validate_json(body).data, Token)[0]


def cases() -> dict[str, tuple[bytes, Callable[[bytes], object]]]:
    """Name → (bytes, reader)."""
    page = payloads.encoded(payloads.page([payloads.token(index) for index in range(1000)]))
    return {
        "location": (payloads.encoded(payloads.location(10, 2)), Location.model_validate_json),
        "page of 1,000 tokens": (page, read_page),
        "cdr": (payloads.encoded(payloads.cdr(30)), CDR.model_validate_json),
    }


def main() -> None:
    """Measures every case, then prints the table."""
    runner = pyperf.Runner(processes=6, add_cmdline_args=_pass_on)
    runner.argparser.add_argument("--gc-off", action="store_true", help="collect no garbage while measuring")
    options = runner.parse_args()
    if options.gc_off:
        gc.disable()
    measured: dict[str, list[pyperf.Benchmark]] = {}
    for name, (body, read) in cases().items():
        plain, model = orjson.loads(body), read(body)
        plain = plain["data"] if name.startswith("page") else plain  # a server splices the envelope around the data
        measured[name] = [
            runner.bench_func(f"{name}: orjson.loads", orjson.loads, body),
            runner.bench_func(f"{name}: bytes to models", read, body),
            runner.bench_func(f"{name}: orjson.dumps", orjson.dumps, plain),
            runner.bench_func(f"{name}: models to bytes", to_wire, model),
        ]
    if not options.worker and all(bench for benches in measured.values() for bench in benches):
        sys.stdout.write(f"{table(measured)}\n")


def _pass_on(command: list[str], options: object) -> None:
    if getattr(options, "gc_off", False):
        command.append("--gc-off")


def table(measured: dict[str, list[pyperf.Benchmark]]) -> str:
    """The ratios of the medians, beside their goals."""
    lines = ["| case | bytes → model | goal | model → bytes | goal |", "|---|---|---|---|---|"]
    for name, benches in measured.items():
        loads, read, dumps, written = (bench.median() for bench in benches)
        goal_read, goal_write = GOALS[name]
        lines.append(
            f"| {name} | {read / loads:.2f} x loads | ≤ {goal_read} | {written / dumps:.2f} x dumps | ≤ {goal_write} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
