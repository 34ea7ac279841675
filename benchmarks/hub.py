"""A hub: what becomes of one PUT of a Location that 1, 10, 50 or 200 eMSPs read, and what it adds to an authorisation.

One hub on SQLite with four CPOs that roam with so many eMSPs each; all eMSPs are one stub that answers at once. How
long the CPO waits is compared with the CPO that has one reader. The hub's CPU per delivery is counted from the PUT to
the last delivery, and what is written down of them; only then comes the next PUT. Authorisations come one after the
other; between any fifty of them the stub is asked without the hub, which gives the hub's own share. By the clock the
tail is that of the machine as well, which the tail of the stub alone tells of; by CPU it is the hub's.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import pairwise

from benchmarks import payloads, serving
from benchmarks.databases import databases
from benchmarks.filled import fill, tokens
from benchmarks.plot import plot
from benchmarks.report import RESULTS, Row, section, table
from benchmarks.served import AS_DELIVERED, CPOS, served
from benchmarks.serving import stamp
from benchmarks.stub import stub
from benchmarks.turns import Cost, in_turn
from benchmarks.wire import CPU, EMPTY, Target, encode, run

__all__ = ["TITLE", "report"]

TITLE = "Hub"
ROUNDS, PUTS, TAILS, AUTHORIZATIONS = 12, 3, 5, 300
SETTLED = 20  # ms without anything to do: the last answers are written down
READERS, GOAL = max(CPOS), 50
_SOME = 50


def _put(target: Target, cpo: str, number: int) -> bytes:
    body = payloads.location(2, 2) | {"id": f"L{number % PUTS}", "last_updated": stamp(number)}
    path = f"/ocpi/emsp/2.1.1/locations/FR/{cpo}/L{number % PUTS}"
    return encode(target.token, "PUT", path, payloads.encoded(body))


async def _arrived(peer: Target, count: int) -> None:
    """Until so many requests have come to the stub."""
    deadline = time.monotonic() + 60
    while True:
        (answer,) = await peer.ask([b"GET /count HTTP/1.1\r\n\r\n"])
        if json.loads(answer.body)[0] >= count:
            return
        if time.monotonic() > deadline:
            raise RuntimeError(f"{answer.body!r} deliveries in place of {count}")
        await asyncio.sleep(0.005)


async def _spread(targets: Mapping[int, Target], peer: Target) -> Mapping[int, Sequence[Cost]]:
    """By readers: CPU of the hub per delivery, and how long the CPO waited, in empty requests."""
    sent = number = 0

    async def put(count: int) -> Cost:
        nonlocal sent, number
        target, waited = targets[count], list[float]()
        before = await target.settled(SETTLED)
        for _ in range(PUTS):
            number, sent = number + 1, sent + count
            # A new connection makes its first request slower.
            _, answer = await target.ask([EMPTY, _put(target, CPOS[count], number)])
            waited.append(answer.seconds)
            await _arrived(peer, sent)
            await target.settled(SETTLED)
        return Cost((await target.cpu() - before) / PUTS / count, statistics.median(waited))

    empty = await serving.EMPTY.slice(targets[1], 1)
    slices = {str(count): partial(put, count) for count in targets}
    for each in slices.values():
        await each()
    return {int(name): costs for name, costs in (await in_turn(empty, slices, ROUNDS)).items()}


async def _authorize(target: Target, peer: Target) -> tuple[list[float], list[float], list[float], list[float]]:
    """Round by round the 99th of a hundred against the median: by the clock, by CPU, of the stub; the median itself."""
    tail, spent, stubs, share = [], [], [], []
    asked = [
        encode(target.token, "POST", f"/ocpi/emsp/2.1.1/tokens/{number:014X}/authorize")
        for number in range(AUTHORIZATIONS)
    ]
    await target.ask(asked)
    for _ in range(TAILS):
        own, others = list[float](), list[float]()
        for first in range(0, AUTHORIZATIONS, _SOME):
            others += (bare := await _took(peer, b"POST /000/tokens/1/authorize HTTP/1.1\r\n\r\n"))
            alone, empty = statistics.median(bare), statistics.median(await _took(target, EMPTY))
            took = (await target.ask([EMPTY, *asked[first : first + _SOME]]))[1:]
            own += [answer.seconds - alone for answer in took]
            share.append((statistics.median(answer.seconds for answer in took) - alone) / empty)
        tail.append(_tail(own))
        stubs.append(_tail(others))
        told = await target.ask([part for request in asked for part in (request, CPU)])
        counted = [int(json.loads(answer.body)) for answer in told[1::2]]
        spent.append(_tail([later - earlier for earlier, later in pairwise(counted)]))
    return tail, spent, stubs, share


def _tail(values: Sequence[float]) -> float:
    return sorted(values)[int(len(values) * 0.99)] / statistics.median(values)


async def _took(target: Target, request: bytes) -> list[float]:
    return [answer.seconds for answer in await target.ask([request] * _SOME)]


def report() -> str:
    """Spreading, then authorising."""
    with databases() as make, stub() as port:
        url, peer = make("sqlite"), Target(port, "")
        settings = {"role": "hub", "database": url, "synchronous": "NORMAL"} | AS_DELIVERED
        with served(settings, READERS, f"http://127.0.0.1:{port}") as found:
            # Tokens of the eMSP that all CPOs roam with; its partner has the number behind those of the CPOs.
            fill(url, tokens(range(AUTHORIZATIONS), "FR*000", partner=len(CPOS) + 1))
            targets = dict(zip(CPOS, found, strict=True))
            spread = run(_spread(targets, peer))
            tail, used, stubs, share = run(_authorize(targets[1], peer))
    waited = {count: [cost.clock for cost in costs] for count, costs in spread.items()}
    spent = {count: [cost.cpu for cost in costs] for count, costs in spread.items()}
    rows = _spreading(waited, spent)
    rows += [
        Row("authorize, the hub's own share: 99th percentile, as multiple of its median", tail, 3),
        Row("authorize, the stub without a hub: 99th percentile, as multiple of its median", stubs),
        Row("authorize, CPU of the hub: 99th percentile, as multiple of its median", used, 3),
        Row("authorize, the hub's own share by the clock, empty requests", share),
    ]
    one = Row("", waited[1]).median
    curves = {
        "CPU per delivery, empty requests": [(count, Row("", each).median) for count, each in spent.items()],
        "the CPO's wait, of that with 1": [(count, Row("", each).median / one) for count, each in waited.items()],
    }
    plot(RESULTS.parent / "plots" / "fanout.svg", "One PUT of a Location at a hub", ("eMSPs that read", ""), curves)
    note = "“Not later than with 1” is read as: at most 1.2 times as late."
    return section(__doc__, table("what", "", rows), note, "![fan-out](plots/fanout.svg)")


def _spreading(waited: Mapping[int, Sequence[float]], spent: Mapping[int, Sequence[float]]) -> list[Row]:
    rows = [
        Row(
            f"the CPO waits, {count} readers, as multiple of 1",
            [many / one for many, one in zip(each, waited[1], strict=True)],
            1.2 if count == GOAL else None,
        )
        for count, each in waited.items()
        if count > 1
    ]
    return rows + [
        Row(f"CPU of the hub per delivery, {count} readers, empty requests", each, 12 if count == GOAL else None)
        for count, each in spent.items()
    ]
