"""SQLite: one file, small transactions on the event loop, long ones in a thread.

An indexed read or a small write is over before a thread would have been woken for it. What takes long stays in a
thread, and so does the waiting for the disk. The loop reads and writes on one connection: what another one writes
empties its cache.

What is written in one turn of the loop, or while the disk was waited for, is one transaction: 32 writers at once get
several times the durable writes of a commit each.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from functools import partial
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

from ocpi211_server.database.batches import Job, is_busy, resolve, run
from ocpi211_server.database.editions import migrate
from ocpi211_server.database.syncing import Disk
from ocpi211_server.database.transactions import DatabaseError, Rows, Work, sqlite_text

__all__ = ["SqliteDatabase"]

P = ParamSpec("P")
T = TypeVar("T")

_MOST_AT_ONCE = 32
_BUSY_SECONDS = 30  # another process, such as the command line, may be writing
_WRITES_BETWEEN_CHECKPOINTS = 512


class SqliteDatabase:
    """The database in one file. Several processes may open it; several event loops of one process may use it.

    The loop it was opened in is the one it is quick in, and the one it is closed in.
    """

    name = "sqlite"
    apart = False

    def __init__(self, path: str, *, synchronous: str = "FULL") -> None:
        self._loop = asyncio.get_running_loop()
        self._connect = partial(_connect, path)
        with ExitStack() as undone:
            # It waits for no other writer, leaves checkpoints to the thread, and waits for the disk only where the log
            # begins anew, once in a thousand writes: without that a power cut could spoil the file.
            self._here = undone.enter_context(closing(self._connect("NORMAL")))
            self._here.execute("PRAGMA busy_timeout = 0")
            self._here.execute("PRAGMA wal_autocheckpoint = 0")
            self._there = undone.enter_context(closing(self._connect(synchronous)))
            # SQLite's own name for it: of a link to the database the log stands beside what it leads to.
            ((_, _, file),) = self._here.execute("PRAGMA database_list")
            self._disk = Disk(f"{file}-wal", self._loop) if synchronous == "FULL" else None
            undone.pop_all()
        self._aside: sqlite3.Connection | None = None
        self._reader = ThreadPoolExecutor(1, "sqlite-reader")
        self._writer = ThreadPoolExecutor(1, "sqlite-writer")
        self._waiting: list[Job] = []
        self._writing = False
        self._changes = 0
        self._others = -1  # what SQLite said last of the changes of others
        self._known = False  # in this turn of the loop
        self._fresh = False
        self._writes = 0
        self._closed = False

    @classmethod
    async def open(cls, path: str, *, synchronous: str = "FULL") -> SqliteDatabase:
        """The database at this path, its tables made or brought up to date. DatabaseError if that fails."""
        if synchronous not in ("FULL", "NORMAL"):
            raise DatabaseError("synchronous is FULL or NORMAL")
        _check(path)
        try:
            database = cls(path, synchronous=synchronous)
        except (sqlite3.Error, OSError) as error:
            raise DatabaseError(f"{path} cannot be opened: {error}") from None
        try:
            await database.write_much(migrate, cls.name)
        except BaseException as error:
            await database.close()
            if isinstance(error, sqlite3.Error):
                raise DatabaseError(f"{path} is no database of this server: {error}") from None
            raise
        return database

    def changes(self) -> int | None:
        """A number that is another one when anything may have changed. 4 µs, once a turn; a look-up takes 6."""
        if asyncio.get_running_loop() is not self._loop:
            return None
        if self._fresh:  # nobody has been told this number yet, and so nobody takes it for an old one
            self._fresh = False
        elif not self._known:
            try:
                ((others,),) = self._here.execute("PRAGMA data_version")  # of all connections but this one
            except sqlite3.OperationalError as error:
                if not is_busy(error):
                    raise
                return None
            if others != self._others:
                self._others = others
                self._changes += 1
            self._known = True
            # Whoever hears of a change does so in a later turn, and behind this.
            self._loop.call_soon(self._forget)
        return self._changes

    def _forget(self) -> None:
        self._known = False

    async def read(self, text: str, *values: object) -> Rows:
        """The rows of one statement that changes nothing."""
        if asyncio.get_running_loop() is self._loop:
            try:
                return cast("Rows", self._here.execute(sqlite_text(text), values).fetchall())
            except sqlite3.OperationalError as error:
                if not is_busy(error):  # another process mends the log of one that was killed
                    raise
        return await self.read_much(text, *values)

    # Counting a million Tokens takes 64 ms. One at a time: more of them would take the cores from the loop.
    async def read_much(self, text: str, *values: object) -> Rows:
        """As `read`, in a thread and on a connection of its own: meanwhile the loop serves others."""
        return await asyncio.get_running_loop().run_in_executor(self._reader, self._read_aside, text, values)

    def _read_aside(self, text: str, values: Sequence[Any]) -> Rows:
        self._aside = self._aside or self._connect("NORMAL")
        return cast("Rows", self._aside.execute(sqlite_text(text), values).fetchall())

    async def write(self, work: Callable[P, Work[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a transaction to its end, whole or not at all."""
        if asyncio.get_running_loop() is not self._loop:
            return await self.write_much(work, *args, **kwargs)
        if self._closed:
            raise DatabaseError("the database is closed")
        return cast("T", await self._soon(partial(work, *args, **kwargs)))

    async def write_each(self, work: Callable[P, Work[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """As `write`: one file has one writer, and all together are one turn of it."""
        return await self.write(work, *args, **kwargs)

    async def write_much(self, work: Callable[P, Work[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """As `write`, in a thread and on a connection of its own: meanwhile the loop serves others."""
        if self._closed:
            raise DatabaseError("the database is closed")
        job = Job(partial(work, *args, **kwargs), asyncio.get_running_loop())
        self._writer.submit(self._write_patiently, [job], resolve)
        return cast("T", await job.future)

    def _soon(self, work: Callable[[], Work[Any]]) -> asyncio.Future[Any]:
        job = Job(work, self._loop)
        self._waiting.append(job)
        if not self._writing:
            self._writing = True
            self._loop.call_soon(self._write)
        return job.future

    def _write(self) -> None:
        self._changes += 1
        self._fresh = True
        jobs, self._waiting = self._waiting[:_MOST_AT_ONCE], self._waiting[_MOST_AT_ONCE:]
        try:
            run(self._here, jobs)
        except sqlite3.Error as error:
            if is_busy(error):  # another process is writing, or a thread of this one
                self._writer.submit(self._write_patiently, jobs, self._written)
            else:
                self._written(jobs, error)
            return
        self._writes += len(jobs)
        if self._writes >= _WRITES_BETWEEN_CHECKPOINTS:
            self._writes = 0
            self._writer.submit(self._checkpoint)
        if self._disk is None:
            self._written(jobs)
        else:
            self._disk.sync(partial(self._written, jobs))

    def _written(self, jobs: Sequence[Job], error: Exception | None = None) -> None:
        resolve(jobs, error)
        if self._waiting:
            # Behind those who have just been told: what they write next comes along.
            self._loop.call_soon(self._write)
        else:
            self._writing = False

    def _write_patiently(self, jobs: Sequence[Job], told: Callable[[Sequence[Job], Exception | None], None]) -> None:
        error = None
        try:
            run(self._there, jobs)
        except sqlite3.Error as failed:
            error = failed
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            jobs[0].future.get_loop().call_soon_threadsafe(told, jobs, error)

    def _checkpoint(self) -> None:
        """Bring the log into the database, so that it can begin anew and does not grow."""
        execute = self._there.execute
        with suppress(sqlite3.Error):  # the next time may be a better one
            execute("PRAGMA wal_checkpoint(PASSIVE)")  # most of it, beside the writers
            # What they have added, without them. Not if a reader has to be waited for: they would wait as well.
            execute("PRAGMA busy_timeout = 0")
            execute("PRAGMA wal_checkpoint(FULL)")
        execute(f"PRAGMA busy_timeout = {_BUSY_SECONDS * 1000}")

    async def close(self) -> None:
        """Finish what is being written, and close the file."""
        if not self._closed:
            self._closed = True
            self._closing = asyncio.create_task(self._close())
        await asyncio.shield(self._closing)

    async def _close(self) -> None:
        if asyncio.get_running_loop() is self._loop:
            with suppress(sqlite3.Error, OSError):  # told to those who wrote
                await self._soon(_nothing)  # behind all others
        await asyncio.to_thread(self._writer.shutdown)
        await asyncio.to_thread(self._reader.shutdown)
        if self._disk is not None:
            await asyncio.to_thread(self._disk.close)
        for connection in (self._aside, self._there, self._here):
            if connection is not None:
                connection.close()


def _nothing() -> Work[None]:
    yield from ()


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
