"""How much dearer a validated model is than the bare dict.

Each case takes its turn with orjson on the same bytes, round by round, CPU time of one process; the ratio is that of a
round, and its median over the rounds counts. No two bodies of a case are alike, and they have more strings than a cache
of strings holds: a partner does not send the same object again and again. What is alive after the imports is frozen
first (`gc.freeze`), as a service does after its start: otherwise the collector walks through all of pydantic again and
again, which is no property of a model. Beside it what pydantic needs with the same fields of its own types, unchecked.
"""

from __future__ import annotations

import gc
import time
from itertools import cycle, islice
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
from pydantic import BaseModel, create_model

from benchmarks import payloads
from benchmarks.plain import plain
from benchmarks.report import Row, section, table
from ocpi211.models import CDR, Location, Token, to_wire
from ocpi211.operations import EMSP_TOKENS_LIST_TOKENS
from ocpi211_runtime.exchange import Request, Response
from ocpi211_runtime.reading import read_page as read_page_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


TITLE = "Models"
ROUNDS, SECONDS = 25, 0.02
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
    gc.collect()
    gc.freeze()
    read: list[Row] = []
    written: list[Row] = []
    for name, case in CASES.items():
        parsed: Any = orjson.loads(case.bodies[0])
        model = case.read(case.bodies[0])
        if isinstance(model, list):
            parsed = parsed["data"]  # a server splices the envelope around the data
        ours, plain_ = _ratios(*((function, case.bodies) for function in (orjson.loads, case.read, case.plain)))
        (dumped,) = _ratios((orjson.dumps, [parsed]), (to_wire, [model]))
        read.append(Row(name, ours, case.goal_read, note=f"plain pydantic: {Row('', plain_).median:.1f}"))
        written.append(Row(name, dumped, case.goal_write))
    return section(
        __doc__,
        table("bytes → model", "of orjson.loads", read),
        table("model → bytes", "of orjson.dumps", written),
    )


def _ratios(base: Call, *others: Call) -> list[list[float]]:
    """How many times as long as the first the others take, round by round."""
    first, *rest = ((function, cycle(given)) for function, given in (base, *others))
    times = max(1, int(SECONDS / _took(*first, 10)))
    found: list[list[float]] = [[] for _ in rest]
    for number in range(ROUNDS + 1):
        unit = _took(*first, times)
        for other, ratios in zip(rest, found, strict=True):
            ratio = _took(*other, max(1, times // 5)) / unit
            if number:  # the first round warms up
                ratios.append(ratio)
    return found


def _took(function: Callable[[Any], object], given: cycle[object], times: int) -> float:
    began = time.process_time()
    for one in islice(given, times):
        function(one)
    return (time.process_time() - began) / times
