"""PostgreSQL, through asyncpg: what several workers on several machines share."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from random import random
from typing import Any, ParamSpec, TypeVar, cast

import asyncpg

from ocpi211_server.database.schema import MIGRATIONS, TYPES, migrate
from ocpi211_server.database.transactions import DatabaseError, Rows, Work

__all__ = ["PostgresDatabase"]

P = ParamSpec("P")
T = TypeVar("T")

# Every statement has its index. A plan made while a table was small is kept, and must not read all of it when it has
# grown: with 20,000 deliveries waiting, finding a few by their ids took 3 ms, and takes 0.4.
_BY_INDEX = {"enable_seqscan": "off", "enable_hashjoin": "off", "enable_mergejoin": "off"}
_MOST_TRIES = 10
_PATIENCE = 0.005
_LOST_RACES = (
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.UniqueViolationError,  # two inserted the same new row: the second try finds it there
)


class PostgresDatabase:
    """The database behind a pool of connections. One event loop uses it."""

    name = "postgresql"

    def __init__(self, pool: Any) -> None:  # noqa: ANN401  (asyncpg's pool has no useful type of its own)
        self._pool = pool
        self._patient = asyncio.Semaphore(max(pool.get_max_size() // 2, 1))

    @classmethod
    async def open(cls, url: str, *, connections: int = 10) -> PostgresDatabase:
        """The database at this URL, its tables made or brought up to date. DatabaseError if that fails."""
        try:
            # Nothing of a session outlives a transaction here, so a connection needs no reset when it is given back.
            pool = await asyncpg.create_pool(
                url, min_size=1, max_size=connections, reset=_keep, server_settings=_BY_INDEX
            )
        except (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise DatabaseError(f"PostgreSQL cannot be reached: {error}") from None
        database = cls(pool)
        try:
            await database.write(migrate, MIGRATIONS, TYPES["postgresql"])
        except BaseException as error:
            await database.close()
            if isinstance(error, asyncpg.PostgresError):
                raise DatabaseError(f"PostgreSQL does not let the tables be made: {error}") from None
            raise
        return database

    async def read(self, text: str, *values: object) -> Rows:
        """The rows of one statement that changes nothing."""
        async with self._pool.acquire() as connection:
            return cast("Rows", await connection.fetch(text, *values))

    async def read_much(self, text: str, *values: object) -> Rows:
        """As `read`, on half of the connections at most: the others stay for what is over at once."""
        async with self._patient:
            return await self.read(text, *values)

    async def write(self, work: Callable[P, Work[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a transaction to its end, whole or not at all, once more where it lost a race."""
        for lost in range(_MOST_TRIES - 1):
            try:
                return await self._once(work(*args, **kwargs))
            except _LOST_RACES:
                await asyncio.sleep(random() * _PATIENCE * 2**lost)  # noqa: S311  (those who met part, no secret)
        return await self._once(work(*args, **kwargs))

    async def close(self) -> None:
        """Close all connections, when what is under way has ended."""
        await self._pool.close()

    async def _once(self, work: Work[T]) -> T:
        async with self._pool.acquire() as connection, connection.transaction():
            try:
                statement = next(work)
                while True:
                    rows = await connection.fetch(statement.text, *statement.values)
                    statement = work.send(cast("Rows", rows))
            except StopIteration as finished:
                return cast("T", finished.value)


async def _keep(_: Any) -> None:  # noqa: ANN401  (a connection)
    """Nothing to undo."""
