"""Kill -9 at any moment: nothing that was kept is lost, nothing of a lane is overtaken, no CDR is rewritten."""

import asyncio
import json
import os
import random
import signal
import sys
from asyncio.subprocess import PIPE, Process, create_subprocess_exec
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from ocpi211_server.database import Database, open_database
from ocpi211_server.delivery import Order, backlog, enqueue, list_deliveries, recipient
from ocpi211_server.moments import now
from tests.server.by_hand import cdr, evse, location, session
from tests.server.receiver import Receiver

ROOT = Path(__file__).parents[2]
KILLS = 30
LONGEST = 120  # seconds, on a machine that does other things as well
PARTNERS = 3


class Workers:
    """Worker processes, of which one or more are alive."""

    def __init__(self, program: Process, chance: random.Random) -> None:
        self._program = program
        self._chance = chance
        self._alive: dict[str, int] = {}
        self._count = 0
        self.killed = 0

    async def start(self, name: str = "") -> None:
        self._count += 1
        name = name or f"worker-{self._count}"
        assert self._program.stdin is not None
        assert self._program.stdout is not None
        self._program.stdin.write(f"start {name}\n".encode())
        self._alive[name] = int(await self._program.stdout.readline())

    async def replace_one(self) -> None:
        """Kill one; in its place comes one of its name, as a service is restarted, or of another."""
        name = self._chance.choice(sorted(self._alive))
        os.kill(self._alive.pop(name), signal.SIGKILL)
        self.killed += 1
        await self.start(name if self._chance.random() < 0.5 else "")


@asynccontextmanager
async def workers(database_url: str, receiver: str, chance: random.Random) -> AsyncIterator[Workers]:
    path = os.pathsep.join(str(ROOT / room) for room in ("generated", "generator", "reference_server"))
    program = await create_subprocess_exec(
        sys.executable,
        str(Path(__file__).with_name("delivery_worker.py")),
        database_url,
        receiver,
        stdin=PIPE,
        stdout=PIPE,
        env={**os.environ, "PYTHONPATH": path},
    )
    try:
        yield Workers(program, chance)
    finally:
        assert program.stdin is not None
        program.stdin.close()
        await program.wait()


class Author:
    """Enqueues, and remembers what was acknowledged."""

    def __init__(self, database: Database, partners: list[int], chance: random.Random) -> None:
        self._database = database
        self._partners = partners
        self._chance = chance
        self._number = 0
        self.in_order: dict[tuple[int, str], list[bytes]] = defaultdict(list)
        """Partner and module → what has to arrive, all of it and in this order."""
        self.latest: dict[tuple[int, str], int] = {}
        """Partner and object → what has to be known in the end."""

    async def write(self) -> None:
        """A few orders in one transaction, as a request makes them."""
        orders = [order for _ in range(self._chance.randint(1, 4)) for order in self._orders()]
        await self._database.write(enqueue, orders, now())
        for order in orders:
            assert isinstance(order.partner, int)
            module = order.operation.split(".")[1]
            if order.policy == "fifo":
                self.in_order[order.partner, module].append(order.body)
            elif order.covers:
                for uid in ("E1", "E2"):
                    self.latest[order.partner, f"{order.arguments['location_id']}/{uid}"] = self._value(order)
            else:
                key = f"{order.arguments['location_id']}/{order.arguments['evse_uid']}"
                self.latest[order.partner, key] = self._value(order)

    @staticmethod
    def _value(order: Order) -> int:
        value: int = json.loads(order.body)["value"]
        return value

    def _orders(self) -> list[Order]:
        self._number += 1
        number, name = self._number, f"L{self._chance.randint(1, 4)}"
        body = json.dumps({"value": number}).encode()
        kind = self._chance.choice(["cdr", "session", "status", "location"])
        if kind == "cdr":
            return [cdr(self._chance.choice(self._partners), f"C{number}")]
        if kind == "session":
            return [session(self._chance.choice(self._partners), f"S{number}")]
        to, uid = tuple(self._partners), f"E{self._chance.randint(1, 2)}"
        many = evse(to, body, uid=uid, name=name, whole=body) if kind == "status" else location(to, body, name=name)
        return [replace(many, partner=partner) for partner in to]


async def hunt(database_url: str, seed: int, alive: int) -> None:
    chance = random.Random(seed)  # noqa: S311  (it has to be repeatable)
    database = await open_database(database_url)
    partners = [await database.write(recipient, "emsp", "FR", f"E{number:02}", now()) for number in range(PARTNERS)]
    author = Author(database, partners, chance)
    async with (
        Receiver(seed, failing=0.1).serving() as receiver,
        workers(database_url, receiver.url, chance) as processes,
    ):
        for _ in range(alive):
            await processes.start()
        while processes.killed < KILLS:
            await author.write()
            if chance.random() < 0.3:
                # Some wait until work is under way, some for nothing at all.
                if chance.random() < 0.8:
                    await receiver.more(chance.randint(1, 12))
                await asyncio.sleep(chance.uniform(0, 0.02))
                await processes.replace_one()
        while any(waiting for _, waiting, _, _ in await backlog(database, now())):
            await receiver.more(1, within=0.1)
    assert await list_deliveries(database, now()) == []
    await database.close()
    assert receiver.failed > 0
    assert receiver.acted_in_order == author.in_order
    assert receiver.latest == author.latest
    for partner in partners:
        ids = [bill["id"] for bill in receiver.cdrs[partner]]
        assert len(ids) == len(set(ids)) == len(author.in_order[partner, "cdrs"])


def test_kill_9_loses_nothing_on_sqlite(sqlite_url: str) -> None:
    asyncio.run(asyncio.wait_for(hunt(sqlite_url, seed=1, alive=1), LONGEST))


def test_kill_9_of_one_of_two_workers_loses_nothing_on_postgresql(postgres_url: str) -> None:
    pytest.importorskip("asyncpg")
    asyncio.run(asyncio.wait_for(hunt(postgres_url, seed=2, alive=2), LONGEST))
