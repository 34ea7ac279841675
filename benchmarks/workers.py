"""One, two and four workers on PostgreSQL, as `ocpi211-server run --workers` starts them.

PATCHes of the status of EVSEs, 32 at once, and authorisations; requests a second, as multiples of one worker. The three
servers run beside each other on one database and are asked in turn, in slices. With as many connections as EVSEs of one
Location, each changing its own, no change may be lost: the Location is read back.
The requests, PostgreSQL and the workers share the cores of this machine, so two cores are no more than busy with one
worker, and what is left to gain is little; what must not happen is that it becomes less, or that an update is lost.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

from benchmarks import payloads
from benchmarks.databases import databases
from benchmarks.filled import fill, tokens
from benchmarks.report import Row, section, table
from benchmarks.served import introduce, settings_of
from benchmarks.serving import WARM, Case, authorize, patch, put, stamp
from benchmarks.turns import Cost, in_turn
from benchmarks.wire import Target, encode, run
from ocpi211_server.app import open_server
from ocpi211_server.operating.logs import configure
from ocpi211_server.serving.listening import listen
from ocpi211_server.settings import write_settings

__all__ = ["TITLE", "report"]

TITLE = "Workers on PostgreSQL"
COUNTS, ROUNDS, AT_ONCE, REQUESTS = (1, 2, 4), 12, 32, 256
TRIES = 3
_RUN = (
    "import asyncio, sys, uvloop;"
    "from ocpi211_server.settings import Settings; from ocpi211_server.serving.serve import run;"
    "from ocpi211_server.operating.logs import configure; configure(level='WARNING');"
    "uvloop.run(run(Settings.model_validate_json(sys.stdin.readline())))"
)


async def _introduced(given: dict[str, Any]) -> str:
    async with open_server(settings_of(given, 8211)) as server:
        return (await introduce(server))[0]


@contextmanager
def _workers(given: dict[str, Any], count: int, token: str) -> Iterator[Target]:
    with listen("127.0.0.1", 0) as free:
        port = free.getsockname()[1]
    settings = settings_of(given | {"workers": count}, port)
    with subprocess.Popen([sys.executable, "-c", _RUN], stdin=subprocess.PIPE) as process:
        assert process.stdin is not None  # noqa: S101  (it was asked for)
        process.stdin.write(write_settings(settings) + b"\n")
        process.stdin.flush()
        try:
            target = Target(port, token)
            run(_answers(target))
            yield target
        finally:
            os.kill(process.pid, signal.SIGTERM)
            process.wait(60)


async def _answers(target: Target) -> None:
    """Until it does."""
    deadline = time.monotonic() + 60
    while True:
        try:
            await target.ask([encode(target.token, "GET", "/ocpi/emsp/versions")])
        except ConnectionError:
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.1)
        else:
            return


async def _rates(targets: Mapping[int, Target], case: Case) -> Mapping[int, Sequence[float]]:
    """By workers: requests a second, as multiples of those of one."""

    async def asked(target: Target) -> Cost:
        requests = case.encoded(target.token, REQUESTS)
        began = time.perf_counter()
        await target.ask(requests, AT_ONCE)
        return Cost(1, time.perf_counter() - began)

    one, *more = [partial(asked, targets[count]) for count in COUNTS]
    # Each worker makes its validators and plans with what it is first asked.
    for each in (one, *more) * 2:
        await each()
    found = await in_turn(one, {str(count): each for count, each in zip(COUNTS[1:], more, strict=True)}, ROUNDS)
    return {int(name): [1 / cost.clock for cost in costs] for name, costs in found.items()}


async def _lost(target: Target, number: int) -> int:
    """How many of the changes that were accepted are not there any more."""
    name = f"W{number}"
    whole: dict[str, Any] = payloads.location(AT_ONCE, 2) | {"id": name, "last_updated": stamp(number)}
    path = f"/ocpi/emsp/2.1.1/locations/FR/CPO/{name}"
    await target.ask([encode(target.token, "PUT", path, payloads.encoded(whole))])
    uids = [evse["uid"] for evse in whole["evses"]]
    changes = [
        encode(target.token, "PATCH", f"{path}/{uid}", b'{"status":"%b","last_updated":"%b"}' % (status, at))
        for step, status in enumerate((b"CHARGING", b"AVAILABLE", b"BLOCKED"))
        for at in [stamp(number + step + 1).encode()]
        for uid in uids
    ]
    await target.ask(changes, AT_ONCE)
    (answer,) = await target.ask([encode(target.token, "GET", path)])
    return sum(evse["status"] != "BLOCKED" for evse in json.loads(answer.body)["data"]["evses"])


def report() -> str:
    """All counts, beside each other."""
    configure(level="WARNING")
    rows: list[Row] = []
    lost = 0
    cases = (Case("PATCH of a status", "emsp", patch(2)), Case("authorize", "emsp", authorize(10_000)))
    with databases() as make, ExitStack() as stack:
        given = {"role": "emsp", "database": make("postgresql")}
        token = run(_introduced(given))
        fill(given["database"], tokens(range(10_000)))
        targets = {count: stack.enter_context(_workers(given, count, token)) for count in COUNTS}
        run(targets[1].ask(Case("", "emsp", put(2)).encoded(token, WARM)))
        for case in cases:
            rates = run(_rates(targets, case))
            rows += [Row(f"{case.name}, {count} workers", each) for count, each in rates.items()]
        for number, target in enumerate([*targets.values()] * TRIES):
            lost += run(_lost(target, number * 10))
    sent = TRIES * len(COUNTS) * AT_ONCE * 3
    told = f"Of {sent} changes to EVSEs of one Location at the same time, **{lost}** were lost; none met a deadlock."
    cores = f"This machine has {os.cpu_count()} cores."
    return section(__doc__, table("requests a second", "of one worker", rows), f"{told} {cores}")
