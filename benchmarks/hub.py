"""A hub: what becomes of one PUT of a Location that 1, 10, 50 or 200 eMSPs read, and what it adds to an authorisation.

One hub on SQLite with four CPOs that roam with so many eMSPs each; all eMSPs are one stub that answers at once. How
long the CPO waits is compared with the CPO that has one reader. The hub's CPU per delivery is counted from the PUT to
the last delivery, and what is written down of them; only then comes the next PUT. Authorisations come one after the
other: what the hub itself takes is all but nothing of the stub's. By the clock the tail is that of the machine as well,
by CPU it is the hub's alone.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from itertools import pairwise

from benchmarks import payloads
from benchmarks.databases import databases
from benchmarks.filled import fill, tokens
from benchmarks.plot import plot
from benchmarks.report import RESULTS, Row, section, table
from benchmarks.served import CPOS, served
from benchmarks.serving import EMPTY, stamp
from benchmarks.stub import stub
from benchmarks.wire import Answer, Target, encode, run

__all__ = ["TITLE", "report"]

TITLE = "Hub"
ROUNDS, PUTS, AUTHORIZATIONS = 5, 4, 300
SETTLED = 0.1  # seconds in which the last answers are written down
_CPU = b"GET /cpu HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
READERS = max(CPOS)


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
        await asyncio.sleep(0.02)


async def _spread(targets: dict[int, Target], peer: Target) -> tuple[dict[int, list[float]], dict[int, list[float]]]:
    """By readers, round by round: how long the CPO waited, and CPU per delivery in empty requests."""
    waited: dict[int, list[float]] = {count: [] for count in targets}
    spent: dict[int, list[float]] = {count: [] for count in targets}
    sent = number = 0
    for round_ in range(ROUNDS + 1):
        for count, target in targets.items():
            empty = (await target.cost(EMPTY.encoded(target.token)[:500]))[0]
            before, answers = await target.cpu(), list[Answer]()
            for _ in range(PUTS):
                number += 1
                answers += await target.ask([_put(target, CPOS[count], number)])
                sent += count
                await _arrived(peer, sent)
                await asyncio.sleep(SETTLED)
            used = await target.cpu() - before
            if round_:
                waited[count].append(statistics.median(answer.seconds for answer in answers))
                spent[count].append(used / PUTS / count / empty)
    return waited, spent


async def _authorize(target: Target, peer: Target) -> tuple[list[float], list[float], list[float]]:
    """Round by round: the 99th of a hundred against the median, by the clock and by CPU; the median in requests."""
    tail, spent, share = [], [], []
    for round_ in range(ROUNDS + 1):
        asked = [
            encode(target.token, "POST", f"/ocpi/emsp/2.1.1/tokens/{number:014X}/authorize")
            for number in range(AUTHORIZATIONS)
        ]
        took = sorted(answer.seconds for answer in await target.ask(asked))
        alone = await peer.ask([b"POST /000/tokens/1/authorize HTTP/1.1\r\n\r\n"] * AUTHORIZATIONS)
        own = statistics.median(took) - statistics.median(answer.seconds for answer in alone)
        slow = took[int(len(took) * 0.99)] - statistics.median(answer.seconds for answer in alone)
        told = await target.ask([part for request in asked for part in (request, _CPU)])
        counted = [int(json.loads(answer.body)) for answer in told[1::2]]
        used = sorted(later - earlier for earlier, later in pairwise(counted))
        if round_:
            tail.append(slow / own)
            spent.append(used[int(len(used) * 0.99)] / statistics.median(used))
            share.append(own / statistics.median(a.seconds for a in await target.ask(EMPTY.encoded("")[:200])))
    return tail, spent, share


def report() -> str:
    """Spreading, then authorising."""
    with databases() as make, stub() as port:
        url, peer = make("sqlite"), Target(port, "")
        settings = {"role": "hub", "database": url, "synchronous": "NORMAL"}
        with served(settings, READERS, f"http://127.0.0.1:{port}") as found:
            # Tokens of the eMSP that all CPOs roam with; its partner has the number behind those of the CPOs.
            fill(url, tokens(range(AUTHORIZATIONS), "FR*000", partner=len(CPOS) + 1))
            targets = dict(zip(CPOS, found, strict=True))
            waited, spent = run(_spread(targets, peer))
            tail, used, share = run(_authorize(targets[1], peer))
    one = waited[1]
    rows = [
        Row(
            f"the CPO waits, {count} readers, as multiple of 1",
            [a / b for a, b in zip(each, one, strict=True)],
            1.2 if count == 50 else None,
        )
        for count, each in waited.items()
        if count > 1
    ]
    rows += [
        Row(f"CPU of the hub per delivery, {count} readers, empty requests", each, 12 if count == 50 else None)
        for count, each in spent.items()
    ]
    rows += [
        Row("authorize, the hub's own share: 99th percentile, as multiple of its median", tail, 3),
        Row("authorize, CPU of the hub: 99th percentile, as multiple of its median", used, 3),
        Row("authorize, the hub's own share by the clock, empty requests", share),
    ]
    curves = {
        "CPU per delivery, empty requests": [(count, Row("", each).median) for count, each in spent.items()],
        "the CPO's wait, of that with 1": [(c, Row("", w).median / Row("", one).median) for c, w in waited.items()],
    }
    plot(RESULTS.parent / "plots" / "fanout.svg", "One PUT of a Location at a hub", ("eMSPs that read", ""), curves)
    note = "“Not later than with 1” is read as: at most 1.2 times as late."
    return section(__doc__, table("what", "", rows), note, "![fan-out](plots/fanout.svg)")
