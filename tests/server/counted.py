"""Transactions that count, for the tests of the databases."""

import asyncio
from collections.abc import Callable
from typing import Any

from ocpi211_server.database import Database, Work, open_database, sql


class Broken(Exception):
    """Something goes wrong in the middle of a transaction."""


def counted(name: str) -> Work[int]:
    """One more."""
    rows = yield sql("SELECT seen FROM worker WHERE name = $1 FOR UPDATE", name)
    if not rows:
        yield sql("INSERT INTO worker (name, seen) VALUES ($1, 1)", name)
        return 1
    yield sql("UPDATE worker SET seen = $2 WHERE name = $1", name, rows[0][0] + 1)
    return int(rows[0][0]) + 1


async def count(database: Database, name: str) -> int:
    rows = await database.read("SELECT seen FROM worker WHERE name = $1", name)
    return int(rows[0]["seen"]) if rows else 0


def on(url: str, story: Callable[[Database], Any], **options: Any) -> None:
    """Play a story on a database that is closed afterwards."""

    async def play() -> None:
        database = await open_database(url, **options)
        try:
            await story(database)
        finally:
            await database.close()

    asyncio.run(play())
