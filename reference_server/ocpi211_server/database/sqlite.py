"""SQLite: one file, reads on the event loop, one writer thread that commits many transactions at once.

A commit waits for the disk, so transactions that wait for their turn share one: 32 writers at once get several times
the durable writes of a commit each. Each has a savepoint of its own, so that one that fails costs no other.
"""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

from ocpi211_server.database.schema import MIGRATIONS, TYPES, migrate
from ocpi211_server.database.transactions import DatabaseError, Rows, Work, sqlite_text

__all__ = ["SqliteDatabase"]

P = ParamSpec("P")
T = TypeVar("T")

_MOST_AT_ONCE = 128
_BUSY_SECONDS = 30  # another process, such as the command line, may be writing


@dataclass(slots=True)
class _Job:
    work: Callable[[], object]
    future: asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop
    result: object = None
    error: BaseException | None = None

    def resolve(self) -> None:
        if self.future.done():  # whoever asked has gone; what was written stays written
            return
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)


class SqliteDatabase:
    """The database in one file. Several processes may open it; several event loops of one process may use it."""

    name = "sqlite"

    def __init__(self, path: str, *, synchronous: str = "FULL") -> None:
        self._connect = partial(_connect, path, synchronous)
        self._reader = self._connect()
        try:
            self._writer = self._connect()
        except BaseException:
            self._reader.close()
            raise
        self._patient = ThreadPoolExecutor(1, "sqlite-reader")
        self._aside: sqlite3.Connection | None = None
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._closed = False
        self._door = threading.Lock()  # nobody comes in behind the one who closes it
        self._thread = threading.Thread(target=self._run, name="sqlite-writer", daemon=True)
        self._thread.start()

    @classmethod
    async def open(cls, path: str, *, synchronous: str = "FULL") -> SqliteDatabase:
        """The database at this path, its tables made or brought up to date. DatabaseError if that fails."""
        if synchronous not in ("FULL", "NORMAL"):
            raise DatabaseError("synchronous is FULL or NORMAL")
        _check(path)
        try:
            database = cls(path, synchronous=synchronous)
        except sqlite3.Error as error:
            raise DatabaseError(f"{path} cannot be opened: {error}") from None
        try:
            await database.write(migrate, MIGRATIONS, TYPES["sqlite"])
        except BaseException as error:
            await database.close()
            if isinstance(error, sqlite3.Error):
                raise DatabaseError(f"{path} is no database of this server: {error}") from None
            raise
        return database

    # On the loop: an indexed read is over before a thread would have been woken for it.
    async def read(self, text: str, *values: object) -> Rows:
        """The rows of one statement that changes nothing."""
        return cast("Rows", self._reader.execute(sqlite_text(text), values).fetchall())

    # Counting a million Tokens takes 64 ms. One at a time: more of them would take the cores from the loop.
    async def read_much(self, text: str, *values: object) -> Rows:
        """As `read`, in a thread and on a connection of its own: meanwhile the loop serves others."""
        return await asyncio.get_running_loop().run_in_executor(self._patient, self._read_aside, text, values)

    def _read_aside(self, text: str, values: Sequence[Any]) -> Rows:
        self._aside = self._aside or self._connect()
        return cast("Rows", self._aside.execute(sqlite_text(text), values).fetchall())

    async def write(self, work: Callable[P, Work[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a transaction to its end, whole or not at all."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        # In the context of whoever asked: what is logged and passed on bears the ids of that request.
        context = copy_context()
        job = _Job(lambda: context.run(self._drive, work(*args, **kwargs)), future, loop)
        with self._door:
            if self._closed:
                raise DatabaseError("the database is closed")
            self._jobs.put(job)
        return await future

    async def close(self) -> None:
        """Finish what is being written, and close the file."""
        with self._door:
            closed, self._closed = self._closed, True
        if not closed:
            self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)
        await asyncio.to_thread(self._patient.shutdown)
        if self._aside is not None:
            self._aside.close()
        self._reader.close()
        self._writer.close()

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            jobs, ended = [job], False
            while len(jobs) < _MOST_AT_ONCE:
                try:
                    more = self._jobs.get_nowait()
                except queue.Empty:
                    break
                if more is None:
                    ended = True
                    break
                jobs.append(more)
            self._commit(jobs)
            for loop in {job.loop for job in jobs}:
                mine = [job for job in jobs if job.loop is loop]
                with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                    loop.call_soon_threadsafe(_resolve, mine)
            if ended:
                return

    def _commit(self, jobs: Sequence[_Job]) -> None:
        """Run all in one transaction. Those that fail are undone each by itself."""
        execute = self._writer.execute
        several = len(jobs) > 1  # one alone needs no savepoint: that saves it two statements
        try:
            execute("BEGIN IMMEDIATE")
            for job in jobs:
                if several:
                    execute("SAVEPOINT job")
                try:
                    job.result = job.work()
                except BaseException as error:  # noqa: BLE001  (it goes to whoever asked, whatever it is)
                    job.error = error
                    execute("ROLLBACK TO job" if several else "ROLLBACK")
                    if not several:
                        return
                if several:
                    execute("RELEASE job")
            execute("COMMIT")
        except sqlite3.Error as error:
            with suppress(sqlite3.Error):
                execute("ROLLBACK")
            for job in jobs:
                job.error = job.error or error

    def _drive(self, work: Work[T]) -> T:
        execute = self._writer.execute
        try:
            statement = next(work)
            while True:
                rows = execute(sqlite_text(statement.text), statement.values).fetchall()
                statement = work.send(cast("Rows", rows))
        except StopIteration as finished:
            return cast("T", finished.value)


def _resolve(jobs: Sequence[_Job]) -> None:
    for job in jobs:
        job.resolve()


def _check(path: str) -> None:
    if not path or path == ":memory:":
        raise DatabaseError("SQLite needs a file: sqlite:///ocpi211.db")
    if not Path(path).absolute().parent.is_dir():
        raise DatabaseError(f"there is no folder for {path}")


def _connect(path: str, synchronous: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=256
    )
    connection.row_factory = sqlite3.Row
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA temp_store = MEMORY")
        # In kB. A page of 1,000 Tokens takes 1.7 ms and not 2.3 where the table is in memory.
        connection.execute("PRAGMA cache_size = -32768")
    except BaseException:
        connection.close()
        raise
    return connection
