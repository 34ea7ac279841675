"""Durable writes: 32 that come at once share a commit, against one commit a write.

SQLite with synchronous=FULL, which waits for the disk at every commit; each write is a row of its own in one small
transaction, through the server's own database module. Writes a second, in turn.
"""

from __future__ import annotations

import asyncio
import time

from benchmarks.databases import databases
from benchmarks.filled import tokens
from benchmarks.report import Row, section, table
from benchmarks.wire import run
from ocpi211_server.database import Database, Work, open_database, sql

__all__ = ["TITLE", "report"]

TITLE = "Durable writes"
AT_ONCE, ROUNDS = 32, 5
_TEXT = "INSERT INTO object (module, owner, id, last_updated, changed, body) VALUES ($1, $2, $3, $4, $5, $6)"


def _kept(module: str, owner: str, name: str, changed: int, body: bytes) -> Work[None]:
    yield sql(_TEXT, module, owner, name, changed, changed, body)


async def _write(database: Database, first: int, count: int) -> None:
    for module, owner, name, _, _, changed, _, body, *_ in tokens(range(first, first + count)):
        await database.write(_kept, module, owner, name, changed, body)


async def _measure(url: str) -> tuple[list[float], list[float]]:
    """By round: how many times as many writes a second, and writes a second of one after the other."""
    database = await open_database(url, synchronous="FULL")
    ratios, alone, first = [], [], 0
    try:
        for _ in range(ROUNDS):
            began = time.perf_counter()
            await _write(database, first, 200)
            one = 200 / (time.perf_counter() - began)
            began, first = time.perf_counter(), first + 200
            await asyncio.gather(*(_write(database, first + index * 50, 50) for index in range(AT_ONCE)))
            many = AT_ONCE * 50 / (time.perf_counter() - began)
            first += AT_ONCE * 50
            ratios.append(many / one)
            alone.append(one)
    finally:
        await database.close()
    return ratios, alone


def report() -> str:
    """The ratio, and for context what this disk does."""
    with databases() as make:
        ratios, alone = run(_measure(make("sqlite")))
    rows = [Row(f"{AT_ONCE} at once, SQLite, FULL", ratios, 5, at_least=True)]
    context = f"For context, one after the other this disk took {Row('', alone).median:,.0f} a second."
    return section(__doc__, table("writes a second", "of one commit a write", rows), context)
