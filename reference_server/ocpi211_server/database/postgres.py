"""PostgreSQL, through asyncpg: what several workers on several machines share."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from random import random
from time import monotonic
from typing import Any, ParamSpec, TypeVar, cast

import asyncpg

from ocpi211_server.database.editions import migrate
from ocpi211_server.database.transactions import DatabaseError, LostRace, Rows, Work, without_locks

__all__ = ["PostgresDatabase"]

P = ParamSpec("P")
T = TypeVar("T")

# Every statement has its index. A plan made while a table was small is kept, and must not read all of it when it has
# grown: with 20,000 deliveries waiting, finding a few by their ids took 3 ms, and takes 0.4.
_BY_INDEX = {"enable_seqscan": "off", "enable_hashjoin": "off", "enable_mergejoin": "off"}
_MOST_TRIES = 10
_PATIENCE = 0.005
# A firewall may forget a connection that is not used, and tell nobody: who used it next would wait for minutes.
_LONGEST_IDLE = 300.0
_SECONDS_TO_END = 5.0
_LOST_RACES = (
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.UniqueViolationError,  # two inserted the same new row: the second try finds it there
)


class PostgresDatabase:
    """The database behind a few connections. One event loop uses it."""

    name = "postgresql"
    apart = True

    def __init__(self, url: str, most: int) -> None:
        self._url = url
        self._most = most
        # The one given back last is taken first. asyncpg's own pool costs 60 µs a statement, more than the statement.
        self._idle: list[tuple[Any, float]] = []
        self._slots = asyncio.Semaphore(most)
        self._patient = asyncio.Semaphore(max(most // 2, 1))
        self._closed = False

    @classmethod
    async def open(cls, url: str, *, connections: int = 10) -> PostgresDatabase:
        """The database at this URL, its tables made or brought up to date. DatabaseError if that fails."""
        database = cls(url, connections)
        try:
            database._give_back(await database._connect())
        except (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise DatabaseError(f"PostgreSQL cannot be reached: {error}") from None
        try:
            await database.write(migrate, cls.name)
        except BaseException as error:
            await database.close()
            if isinstance(error, asyncpg.PostgresError):
                raise DatabaseError(f"PostgreSQL does not let the tables be made: {error}") from None
            raise
        return database

    async def _connect(self) -> Any:  # noqa: ANN401  (asyncpg's connection has no useful type of its own)
        return await asyncpg.connect(self._url, server_settings=_BY_INDEX, statement_cache_size=256)

    async def _on_connection(self, use: Callable[[Any], Awaitable[T]]) -> T:
        """Use a connection, and give it back as it was, or end it."""
        if self._closed:
            raise DatabaseError("the database is closed")
        async with self._slots:
            connection = self._taken() or await self._connect()
            try:
                result = await use(connection)
            except BaseException as error:
                if isinstance(error, Exception) and not connection.is_in_transaction():
                    self._give_back(connection)
                else:
                    # Who is cancelled leaves a statement behind, which goes on until PostgreSQL is told to end it.
                    await asyncio.shield(_end(connection))
                raise
            self._give_back(connection)
            return result

    def _taken(self) -> Any:  # noqa: ANN401  (as above)
        while self._idle:
            connection, since = self._idle.pop()
            if monotonic() - since < _LONGEST_IDLE and not connection.is_closed():
                return connection
            connection.terminate()  # those below it have not been used for longer
        return None

    def _give_back(self, connection: Any) -> None:  # noqa: ANN401  (as above)
        self._idle.append((connection, monotonic()))

    def changes(self) -> None:
        """To ask for it would take as long as to ask for anything."""

    async def read(self, text: str, *values: object) -> Rows:
        """The rows of one statement that changes nothing."""
        return cast("Rows", await self._on_connection(lambda connection: connection.fetch(text, *values)))

    async def read_much(self, text: str, *values: object) -> Rows:
        """As `read`, on half of the connections at most: the others stay for what is over at once."""
        async with self._patient:
            return await self.read(text, *values)

    async def write(self, work: Callable[P, Work[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a transaction to its end, whole or not at all, once more where it lost a race."""
        return await _again(lambda: self._on_connection(partial(_transaction, work(*args, **kwargs))))

    async def write_each(self, work: Callable[P, Work[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """As `write`, each statement by itself. One takes 40 µs, and 150 between BEGIN and COMMIT."""
        try:
            return await self._on_connection(partial(_drive, work(*args, **kwargs), without_locks))
        except (*_LOST_RACES, LostRace):  # it locks now, and so waits for the others
            return await self.write(work, *args, **kwargs)

    async def write_much(self, work: Callable[P, Work[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """As `write`: no request asks for it, and deliveries are not to wait for those who read much."""
        return await self.write(work, *args, **kwargs)

    async def close(self) -> None:
        """Close all connections, when what is under way has ended."""
        if self._closed:
            return
        self._closed = True
        for _ in range(self._most):
            await self._slots.acquire()
        for connection, _ in self._idle:
            await _end(connection)


async def _end(connection: Any) -> None:  # noqa: ANN401  (as above)
    with suppress(Exception):  # it is broken, and is closed all the same
        await connection.close(timeout=_SECONDS_TO_END)


async def _again(attempt: Callable[[], Awaitable[T]]) -> T:
    for lost in range(_MOST_TRIES - 1):
        try:
            return await attempt()
        except _LOST_RACES:
            await asyncio.sleep(random() * _PATIENCE * 2**lost)  # noqa: S311  (those who met part, no secret)
    return await attempt()


async def _transaction(work: Work[T], connection: Any) -> T:  # noqa: ANN401  (as above)
    await connection.execute("BEGIN")
    try:
        result = await _drive(work, str, connection)
        await connection.execute("COMMIT")
    except Exception:
        with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):  # with the connection it is undone too
            await connection.execute("ROLLBACK")
        raise
    return result


async def _drive(work: Work[T], told: Callable[[str], str], connection: Any) -> T:  # noqa: ANN401  (as above)
    try:
        statement = next(work)
        while True:
            rows = await connection.fetch(told(statement.text), *statement.values)
            statement = work.send(cast("Rows", rows))
    except StopIteration as finished:
        return cast("T", finished.value)
