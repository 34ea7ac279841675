"""What callgrind counts, each thing some times: requests to the server without a network, reading and writing objects.

    python -m benchmarks.counted requests|objects FOLDER

To be run under callgrind, as `costs` does. The two are counted in a process each: a server has threads, and what one of
them still does would be told as the cost of an object. Prints as JSON what the stretches were, in their order: name,
whether it is a unit, times. The server is as it is delivered, on SQLite, but for the work beside its answers. What it
gathers it writes at the end of each stretch, which so pays for it.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

import orjson
import uvloop
from pydantic import BaseModel

from benchmarks import payloads, serving
from benchmarks.asked import Asked
from benchmarks.callgrind import begin, mark
from benchmarks.served import AS_DELIVERED, application, introduce, settings_of
from ocpi211.models import CDR, Location, to_wire
from ocpi211.operations import EMSP_TOKENS_LIST_TOKENS
from ocpi211_runtime.exchange import Request, Response
from ocpi211_runtime.reading import read_page
from ocpi211_server.app import Server, open_server
from ocpi211_server.operating.logs import configure

__all__ = ["Stretch"]

_TIMES: Final = 20
_REQUEST: Final = Request("GET", "https://emsp.example/ocpi/emsp/2.1.1/tokens")


class Stretch(NamedTuple):
    """Something done so many times. A unit is what those behind it are told in."""

    name: str
    unit: bool
    times: int
    do: Callable[[], Awaitable[object]]


async def _requests(stack: AsyncExitStack, folder: str) -> list[Stretch]:
    """What either role is asked."""
    cpo, emsp = await _opened(stack, "cpo", folder), await _opened(stack, "emsp", folder)
    first = Asked(*emsp.asked, [serving.FIRST_PAGE.request(0)])
    await first()
    cases = [(serving.EMPTY, cpo), *((case, cpo if case.role == "cpo" else emsp) for case in serving.CASES)]
    cases.append((serving.followed(first.header(b"link")), emsp))
    return [await _asking(case, opened) for case, opened in cases]


class _Opened(NamedTuple):
    server: Server
    token: str

    @property
    def asked(self) -> tuple[object, str]:
        return application(self.server), self.token


async def _opened(stack: AsyncExitStack, role: str, folder: str) -> _Opened:
    url = f"sqlite:///{folder}/{role}.db"
    settings = settings_of({"role": role, "database": url, "synchronous": "NORMAL"} | AS_DELIVERED, 8000)
    lines = stack.enter_context((Path(folder) / f"{role}.log").open("w", encoding="utf-8"))
    configure(settings.log_format, settings.log_level, lines)
    server = await stack.enter_async_context(open_server(settings))
    (token,) = await introduce(server)
    serving.store(url, role)
    return _Opened(server, token)


async def _asking(case: serving.Case, opened: _Opened) -> Stretch:
    """It was asked before, with others of its kind."""
    requests = [case.request(number) for number in range(serving.WARM + _TIMES)]
    before, ask = (Asked(*opened.asked, part) for part in (requests[: serving.WARM], requests[serving.WARM :]))

    async def do(asked: Asked = ask) -> None:
        await asked()
        await opened.server.notes.flush()

    await do(before)
    return Stretch(case.name, case is serving.EMPTY, _TIMES, do)


def _objects() -> list[Stretch]:
    """Objects read and written, no two of a kind alike, each beside orjson on the same bytes."""
    many = range(3 * _TIMES)
    found = _both("Location, 10 EVSEs", [payloads.location(10, 2, 10 * each) for each in many], _read(Location))
    found += _both("CDR, 30 periods", [payloads.cdr(30, each) for each in many], _read(CDR))
    numbers = [range(1000 * page, 1000 * page + 1000) for page in range(3)]
    pages = [payloads.page([payloads.token(number) for number in page]) for page in numbers]
    return found + _both("page of 1,000 Tokens", pages, _read_page)


def _both(name: str, objects: Sequence[dict[str, Any]], read: Callable[[bytes], Any]) -> list[Stretch]:
    bodies = [payloads.encoded(each) for each in objects]
    # Of a page a server writes what it holds, and splices the envelope around it.
    plain = [each.get("data", each) for each in objects]
    models = [read(body) for body in bodies]
    for model in models[:2]:
        to_wire(model)
    return [
        _calls("orjson.loads", orjson.loads, bodies, unit=True),
        _calls(f"bytes → {name}", read, bodies),
        _calls("orjson.dumps", orjson.dumps, plain, unit=True),
        _calls(f"{name} → bytes", to_wire, models),
    ]


def _read(model: type[BaseModel]) -> Callable[[bytes], Any]:
    return model.model_validate_json


def _read_page(body: bytes) -> Sequence[Any]:
    return read_page(EMSP_TOKENS_LIST_TOKENS, _REQUEST, Response(200, [], body)).items


def _calls(name: str, function: Callable[[Any], object], values: Sequence[Any], *, unit: bool = False) -> Stretch:
    async def do() -> None:
        for value in values:
            function(value)

    return Stretch(name, unit, len(values), do)


async def _count(part: str, folder: Path) -> None:
    async with AsyncExitStack() as stack:
        databases = stack.enter_context(TemporaryDirectory(prefix="ocpi211-costs-", ignore_cleanup_errors=True))
        stretches = await _requests(stack, databases) if part == "requests" else _objects()
        gc.collect()
        gc.disable()
        begin(folder)
        for stretch in stretches:
            await stretch.do()
            mark()
    sys.stdout.write(json.dumps([each[:3] for each in stretches]))


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_count(sys.argv[1], Path(sys.argv[2])))
