"""A database filled as fast as it takes rows, with what a server would have stored; the server may be running."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from itertools import islice
from typing import Any

import asyncpg
import orjson

from benchmarks import payloads

__all__ = ["LAST_UPDATED", "fill", "locations", "tokens"]

LAST_UPDATED = 1_772_355_600
"""2026-03-01T09:00:00Z; the object with the number n was changed n seconds later."""

_COLUMNS = ("module", "owner", "id", "partner", "contract", "last_updated", "changed", "body", "shown_id", "gone")
_AT_ONCE = 20_000

Record = tuple[Any, ...]


def tokens(numbers: range, owner: str = "FR*EMP", partner: int | None = None) -> Iterator[Record]:
    """Tokens, of our own or of a partner."""
    for number in numbers:
        token = payloads.token(number)
        changed = LAST_UPDATED + number
        uid = token["uid"]
        yield "tokens", owner, uid, partner, token["auth_id"], changed, changed, orjson.dumps(token), uid, 0


def locations(
    numbers: range, evses: int, prefix: str = "L", owner: str = "FR*CPO", partner: int | None = None
) -> Iterator[Record]:
    """Locations with so many EVSEs of two Connectors."""
    location = payloads.location(evses, 2)
    for number in numbers:
        name, changed = f"{prefix}{number}", LAST_UPDATED + number
        body = orjson.dumps(location | {"id": name})
        yield "locations", owner, name, partner, None, changed, changed, body, name, 0


def fill(url: str, records: Iterator[Record]) -> None:
    """Store all of them."""
    if url.startswith("sqlite:///"):
        _sqlite(url.removeprefix("sqlite:///"), records)
    else:
        asyncio.run(_postgres(url, records))


def _sqlite(path: str, records: Iterator[Record]) -> None:
    connection = sqlite3.connect(path, timeout=60)
    try:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA temp_store = MEMORY")  # a statement with a trigger keeps what it may have to undo
        names, places = ", ".join(_COLUMNS), ", ".join("?" * len(_COLUMNS))
        while rows := list(islice(records, _AT_ONCE)):
            connection.executemany(f"INSERT INTO object ({names}) VALUES ({places})", rows)  # noqa: S608  (constants)
            connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()


async def _postgres(url: str, records: Iterator[Record]) -> None:
    connection = await asyncpg.connect(url)
    try:
        while rows := list(islice(records, _AT_ONCE)):
            await connection.copy_records_to_table("object", records=rows, columns=_COLUMNS)
        await connection.execute("VACUUM ANALYZE object")  # as autovacuum does by and by
        await connection.execute("CHECKPOINT")
    finally:
        await connection.close()
