"""How much dearer a validated model is than the bare dict.

Each case takes its turn with orjson on the same bytes, in slices of a few milliseconds, CPU time of one process; the
ratio of a slice is that to the two slices of orjson beside it, and the median counts. No two bodies of a case are
alike, and they have more strings than a cache of strings holds: a partner does not send the same object again and
again. What is alive after the imports is frozen first (`gc.freeze`), as a service does after its start: otherwise the
collector walks through all of pydantic again and again, which is no property of a model. Beside it what pydantic needs
with the same fields of its own types, unchecked, and both by instructions, where valgrind is there to count them:
these repeat from run to run, but know nothing of what a processor waits for, so the goals are held against the time.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import time
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
from pydantic import BaseModel, create_model

from benchmarks import payloads
from benchmarks.callgrind import begin, command, counts, mark, missing
from benchmarks.plain import plain
from benchmarks.report import Row, section, table
from ocpi211.models import CDR, Location, Token, to_wire
from ocpi211.operations import EMSP_TOKENS_LIST_TOKENS
from ocpi211_runtime.exchange import Request, Response
from ocpi211_runtime.reading import read_page as read_page_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

__all__ = ["CASES", "TITLE", "Case", "read_page", "report"]

TITLE = "Models"
ROUNDS, SLICE = 200, 0.003
WARM = 50
OBJECTS, PAGES = 500, 20

Call = tuple["Callable[[Any], object]", "Sequence[object]"]

REQUEST = Request("GET", "https://emsp.example/ocpi/emsp/2.1.1/tokens")


class Case(NamedTuple):
    """What is measured, and how far from orjson it may be."""

    bodies: Sequence[bytes]
    read: Callable[[bytes], object]
    plain: Callable[[bytes], object]
    goal_read: float
    goal_write: float
    counted: int = 20
    """By how many of the bodies instructions are counted."""


def read_page(body: bytes) -> object:
    """As a client reads it: the envelope, the good Tokens, and a report of the broken ones."""
    return read_page_of(EMSP_TOKENS_LIST_TOKENS, REQUEST, Response(200, [], body)).items


def plain_page() -> type[BaseModel]:
    """The least pydantic can do for a page: it is lost with its first broken Token."""
    return create_model("PlainPage", data=(list[plain(Token)], ...), status_code=(int, ...))  # type: ignore[misc, arg-type]


CASES = {
    "Location, 10 EVSEs with 2 Connectors": Case(
        [payloads.encoded(payloads.location(10, 2, 10 * number)) for number in range(OBJECTS)],
        Location.model_validate_json,
        plain(Location).model_validate_json,
        goal_read=4,
        goal_write=8.5,
    ),
    "page of 1,000 Tokens": Case(
        [
            payloads.encoded(payloads.page([payloads.token(1000 * number + index) for index in range(1000)]))
            for number in range(PAGES)
        ],
        read_page,
        plain_page().model_validate_json,
        goal_read=4,
        goal_write=9.5,
        counted=2,
    ),
    "CDR, 30 periods with 2 dimensions": Case(
        [payloads.encoded(payloads.cdr(30, number)) for number in range(OBJECTS)],
        CDR.model_validate_json,
        plain(CDR).model_validate_json,
        goal_read=5,
        goal_write=8.0,
    ),
    "the same periods in a CDR that leaves no field out": Case(
        [payloads.encoded(payloads.full_cdr(30, number)) for number in range(OBJECTS)],
        CDR.model_validate_json,
        plain(CDR).model_validate_json,
        goal_read=5,
        goal_write=8.0,
    ),
}


def report() -> str:
    """Reading and writing of every case."""
    counted = _counted() if not missing() else {}
    gc.collect()
    gc.freeze()
    read: list[Row] = []
    written: list[Row] = []
    for name, case in CASES.items():
        loads, ours, plain_, dumps, write = _calls(case, case.bodies[:1]).values()
        by_time = _ratios(*((function, case.bodies) for function, _ in (loads, ours, plain_)))
        read.append(Row(name, by_time[0], case.goal_read, note=_note(counted.get(name, {}), Row("", by_time[1]))))
        written.append(Row(name, _ratios(dumps, write)[0], case.goal_write, note=_note(counted.get(name, {}))))
    return section(
        __doc__,
        table("bytes → model", "of orjson.loads", read),
        table("model → bytes", "of orjson.dumps", written),
    )


def _note(counted: Mapping[str, float], plain_: Row | None = None) -> str:
    told = []
    if counted:
        told.append(f"by instructions {counted['read' if plain_ else 'write']:.1f}")
    if plain_:
        told.append(f"plain pydantic {plain_.median:.1f}" + (f", {counted['plain']:.1f}" if counted else ""))
    return "; ".join(told)


def _calls(case: Case, bodies: Sequence[bytes]) -> dict[str, Call]:
    """What is compared, each with what it is given; a unit stands before what is told in it."""
    models: list[Any] = [case.read(body) for body in bodies]
    parsed: list[Any] = [orjson.loads(body) for body in bodies]
    if isinstance(models[0], list):
        parsed = [page["data"] for page in parsed]  # a server splices the envelope around the data
    return {
        "loads": (orjson.loads, bodies),
        "read": (case.read, bodies),
        "plain": (case.plain, bodies),
        "dumps": (orjson.dumps, parsed),
        "write": (to_wire, models),
    }


def _ratios(base: Call, *others: Call) -> list[list[float]]:
    """How many times as long as the first the others take, slice by slice."""
    unit, *rest = (_slices(*call) for call in (base, *others))
    found: list[list[float]] = [[] for _ in rest]
    before = next(unit)
    for _ in range(ROUNDS):
        for other, ratios in zip(rest, found, strict=True):
            took, after = next(other), next(unit)
            ratios.append(2 * took / (before + after))
            before = after
    return found


def _slices(function: Callable[[Any], object], given: Sequence[object]) -> Iterator[float]:
    """Seconds a call, each over a slice of some milliseconds."""
    bodies = cycle(given)
    _took(function, bodies, WARM)
    times = max(1, int(SLICE / _took(function, bodies, WARM)))
    while True:
        yield _took(function, bodies, times)


def _took(function: Callable[[Any], object], given: cycle[object], times: int) -> float:
    began = time.process_time()
    for one in islice(given, times):
        function(one)
    return (time.process_time() - began) / times


def _counted() -> dict[str, dict[str, float]]:
    """By case and call: instructions, in those of orjson."""
    with TemporaryDirectory(prefix="ocpi211-callgrind-") as name:
        ran = subprocess.run(
            command(Path(name), ["-m", "benchmarks.models", name]),
            # Sets of strings in one order, so that the same is counted each time.
            env=os.environ | {"PYTHONHASHSEED": "0", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            capture_output=True,
            text=True,
            check=True,
        )
        found: dict[str, dict[str, float]] = {}
        unit = 1
        for (case, call), instructions in zip(json.loads(ran.stdout), counts(Path(name)), strict=True):
            if call in {"loads", "dumps"}:
                unit = instructions
            found.setdefault(case, {})[call] = instructions / unit
    return found


def _child(folder: Path) -> None:
    """To be run under callgrind: each call of each case is a stretch, once it has been made before."""
    stretches: list[tuple[str, str, Call]] = []
    for name, case in CASES.items():
        calls = _calls(case, case.bodies[: case.counted])
        stretches += [(name, told, call) for told, call in calls.items()]
    for _, _, (function, given) in stretches:
        function(given[0])
    gc.collect()
    gc.freeze()
    begin(folder)
    for _, _, (function, given) in stretches:
        for one in given:
            function(one)
        mark()
    sys.stdout.write(json.dumps([(name, told) for name, told, _ in stretches]))


if __name__ == "__main__":
    _child(Path(sys.argv[1]))
