"""What store-and-forward costs by itself: deliveries a second, and CPU a delivery, with a `send` that only waits.

The CPU is that of this process: with SQLite all of it, with PostgreSQL without that of the server. Times are absolute,
there being no peer to compare with: context, not a goal.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Sequence
from statistics import median

from benchmarks.databases import databases
from ocpi211_server.database import Database, open_database
from ocpi211_server.delivery import Deliveries, Delivery, Order, enqueue, recipient
from ocpi211_server.moments import now

__all__ = ["TITLE", "report"]

TITLE = "Store-and-forward by itself"

_BODY = b'{"uid":"E1","status":"CHARGING"}'.ljust(1500)
# What it is, partners, orders, seconds that a partner takes.
_CASES = (
    ("one lane, `fifo`", 1, 500, 0.0),
    ("many lanes, `latest`", 1, 1000, 0.0),
    ("many lanes, `latest`", 50, 60, 0.02),
    ("many lanes, `latest`", 200, 20, 0.02),
)


def report() -> str:
    """A table in Markdown."""
    lines = [
        "| | Database | Partners | a second | CPU each, µs | Enqueued in, ms |",
        "|---|---|---|---|---|---|",
    ]
    with databases() as make:
        for kind in ("sqlite", "postgresql"):
            for name, partners, orders, latency in _CASES:
                found = asyncio.run(_measure(make(kind), partners, orders, latency, fifo="fifo" in name))
                lines.append(f"| {name} | {kind} | {partners} | {found[0]:.0f} | {found[1]:.0f} | {found[2]:.2f} |")
    return "\n".join(lines)


async def _measure(url: str, partners: int, orders: int, latency: float, *, fifo: bool) -> tuple[float, float, float]:
    database = await open_database(url)
    to = tuple([await database.write(recipient, "emsp", "FR", f"{each:03}", now()) for each in range(partners)])
    waited = [await _enqueue(database, _order(to, number, fifo=fifo)) for number in range(orders)]
    missing, done = orders * partners, asyncio.Event()

    async def send(_: Delivery) -> None:
        await asyncio.sleep(latency)

    def note(*_: object) -> None:
        nonlocal missing
        missing -= 1
        if not missing:
            done.set()

    worker = Deliveries(database, send, on_result=note)
    began, spent = time.perf_counter(), time.process_time()
    task = asyncio.create_task(worker.run())
    await done.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    lasted, spent = time.perf_counter() - began, time.process_time() - spent
    await database.close()
    count = orders * partners
    return count / lasted, spent / count * 1e6, median(waited) * 1e3


async def _enqueue(database: Database, orders: Sequence[Order]) -> float:
    began = time.perf_counter()
    await database.write(enqueue, orders, now())
    return time.perf_counter() - began


def _order(to: tuple[int, ...], number: int, *, fifo: bool) -> Sequence[Order]:
    name = f"L{number}"
    arguments = {"country_code": "FR", "party_id": "ABC", "location_id": name, "evse_uid": "E1"}
    lane = "locations" if fifo else f"locations/{name}"
    about = f"locations FR*ABC {name}/E1"
    return [
        Order(to, "emsp.locations.put_evse", arguments, _BODY, "fifo" if fifo else "latest", lane, about),
    ]


if __name__ == "__main__":
    sys.stdout.write(report() + "\n")
