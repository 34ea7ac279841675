"""What is done differently for each database: who waits for whom, the log and the disk, lost connections."""

import asyncio
import gc
import sqlite3
import threading
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from ocpi211_server.database import Database, DatabaseError, Work, open_database
from ocpi211_server.database.sqlite import SqliteDatabase
from tests.server.counted import count, counted, on


def test_closing_waits_for_what_is_being_written(sqlite_url: str) -> None:
    async def play() -> None:
        database = await open_database(sqlite_url)
        writing = [asyncio.create_task(database.write(counted, f"w{number}")) for number in range(300)]
        await asyncio.sleep(0)  # all have asked
        await asyncio.gather(database.close(), database.close())
        assert await asyncio.gather(*writing) == [1] * 300
        with pytest.raises(DatabaseError, match="closed"):
            await database.write(counted, "late")

    asyncio.run(play())


def test_several_loops_may_write_to_one_file(sqlite_url: str) -> None:
    async def play() -> None:
        database = await open_database(sqlite_url)

        def elsewhere() -> list[int]:
            async def write() -> list[int]:
                return await asyncio.gather(*(database.write(counted, "shared") for _ in range(20)))

            return asyncio.run(write())

        results = await asyncio.gather(*(asyncio.to_thread(elsewhere) for _ in range(3)))
        assert sorted(number for each in results for number in each) == list(range(1, 61))
        await database.close()

    asyncio.run(play())


def test_a_long_transaction_holds_up_no_reader_and_loses_no_writer(database_url: str) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def long() -> Work[None]:
        yield from counted("a")
        begun.set()
        if threading.current_thread() is not threading.main_thread():  # on PostgreSQL it waits for nobody
            go_on.wait()
        yield from counted("b")

    async def story(database: Database) -> None:
        writing = asyncio.create_task(database.write_much(long))
        assert await asyncio.to_thread(begun.wait, 30)
        short = [asyncio.create_task(database.write(counted, name)) for name in ("c", "d", "c")]
        assert await count(database, "nothing of it") == 0
        go_on.set()
        await writing
        assert sorted(await asyncio.gather(*short)) == [1, 1, 2]
        assert [await count(database, name) for name in "abcd"] == [1, 1, 2, 1]

    on(database_url, story)


def test_who_writes_waits_for_another_process_and_holds_up_nobody_here(sqlite_url: str) -> None:
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)

    async def story(database: Database) -> None:
        other.execute("BEGIN IMMEDIATE")
        writing = [asyncio.create_task(database.write(counted, name)) for name in ("a", "a", "b")]
        for _ in range(5):
            assert await count(database, "a") == 0
            await asyncio.sleep(0)
        assert not any(task.done() for task in writing)
        other.execute("COMMIT")
        assert sorted(await asyncio.gather(*writing)) == [1, 1, 2]

    try:
        on(sqlite_url, story)
    finally:
        other.close()


def test_the_log_of_sqlite_does_not_grow_without_end(sqlite_url: str) -> None:
    log = Path(sqlite_url.removeprefix("sqlite:///") + "-wal")

    def size() -> int:
        return log.stat().st_size

    async def story(database: Database) -> None:
        await asyncio.gather(*(database.write(counted, f"w{number}") for number in range(600)))
        early = size()
        for _ in range(6):
            await asyncio.gather(*(database.write(counted, f"w{number}") for number in range(600)))
        assert size() < 4 * early

    on(sqlite_url, story, synchronous="NORMAL")


def test_who_writes_is_told_that_the_disk_may_have_lost_it(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: int) -> None:
        raise OSError("the disk is gone")

    async def story(database: Database) -> None:
        monkeypatch.setattr("ocpi211_server.database.syncing._synchronise", broken)
        with pytest.raises(OSError, match="the disk is gone"):
            await database.write(counted, "a")
        monkeypatch.undo()
        with pytest.raises(OSError, match="the disk is gone"):  # what follows stands behind it in the log
            await database.write(counted, "b")

    async def later(database: Database) -> None:
        assert await database.write(counted, "c") == 1

    on(sqlite_url, story)
    on(sqlite_url, later)


def test_connections_that_the_server_has_ended_are_replaced(postgres_url: str) -> None:
    ended = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )

    async def story(database: Database) -> None:
        await asyncio.gather(*(database.write(counted, "a") for _ in range(5)))
        connection = await asyncpg.connect(postgres_url)
        await connection.execute(ended)
        await connection.close()
        outcomes = await asyncio.gather(*(database.write(counted, "a") for _ in range(10)), return_exceptions=True)
        failed = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
        assert len(failed) <= 5
        assert await database.write(counted, "a") >= 6
        assert await count(database, "a") == 16 - len(failed)

    on(postgres_url, story, connections=5)


def test_connections_that_were_long_unused_are_replaced(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def process(database: Database) -> int:
        return int((await database.read("SELECT pg_backend_pid()"))[0][0])

    async def story(database: Database) -> None:
        first = await process(database)
        assert await process(database) == first
        monkeypatch.setattr("ocpi211_server.database.postgres._LONGEST_IDLE", 0)
        assert await process(database) != first

    on(postgres_url, story)


def test_the_path_of_sqlite_may_be_a_link(sqlite_url: str, tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(sqlite_url.removeprefix("sqlite:///"))

    async def story(database: Database) -> None:
        assert await database.write(counted, "a") == 1

    async def later(database: Database) -> None:
        assert await count(database, "a") == 1

    on(f"sqlite:///{link}", story)
    on(sqlite_url, later)


def test_long_reads_hold_up_no_delivery(postgres_url: str) -> None:
    """Deliveries, their sign of life and the message log write many rows at a time."""

    async def story(database: Database) -> None:
        other = await asyncpg.connect(postgres_url)
        await other.execute("SELECT pg_advisory_lock(4711)")
        reading = asyncio.create_task(database.read_much("SELECT pg_advisory_xact_lock(4711)"))
        try:
            assert await asyncio.wait_for(database.write_much(counted, "a"), 10) == 1
            assert not reading.done()
        finally:
            await other.close()
            await reading

    on(postgres_url, story, connections=2)


def test_who_is_cancelled_leaves_nothing_behind(postgres_url: str) -> None:
    """Neither a statement that goes on nor a connection that nobody closes, which pytest would tell as a warning."""
    asleep = "SELECT COUNT(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active'"

    async def sleepers(database: Database) -> int:
        return int((await database.read(asleep))[0][0])

    async def story(database: Database) -> None:
        waiting = asyncio.create_task(database.read("SELECT pg_sleep(60)"))
        async with asyncio.timeout(10):
            while not await sleepers(database):  # noqa: ASYNC110  (nobody tells)
                await asyncio.sleep(0.01)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert not await sleepers(database)

    on(postgres_url, story)
    gc.collect()


def test_changes_are_told_whoever_made_them(sqlite_url: str) -> None:
    async def play() -> None:
        one, other = await open_database(sqlite_url), await open_database(sqlite_url)
        before = one.changes()
        for change in (one.write, one.write_each, one.write_much, other.write, other.write_much):
            assert one.changes() == before
            await asyncio.sleep(0)  # a turn later
            assert one.changes() == before
            await change(counted, "a")
            after = one.changes()
            assert after != before
            before = after
        assert await count(one, "a") == 5
        assert await asyncio.to_thread(lambda: asyncio.run(elsewhere(one))) is None
        await one.close()
        await other.close()

    async def elsewhere(database: Database) -> int | None:
        return database.changes()

    asyncio.run(play())


class Busy:
    """A connection that cannot be asked for a while."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.failures = 1

    def __getattr__(self, name: str) -> object:
        return getattr(self._connection, name)

    def execute(self, text: str, *values: Any) -> sqlite3.Cursor:
        if text == "PRAGMA data_version" and self.failures:
            self.failures -= 1
            busy = sqlite3.OperationalError("database is locked")
            busy.sqlite_errorcode = sqlite3.SQLITE_BUSY
            raise busy
        return self._connection.execute(text, *values)


def test_whether_anything_has_changed_may_not_be_known_for_a_while(sqlite_url: str) -> None:
    async def play() -> None:
        database = await SqliteDatabase.open(sqlite_url.removeprefix("sqlite:///"))
        before = database.changes()
        await asyncio.sleep(0)
        vars(database)["_here"] = Busy(vars(database)["_here"])
        assert database.changes() is None
        assert database.changes() == before
        await database.write(counted, "a")
        assert database.changes() != before  # in the same turn, without a look
        await database.close()

    asyncio.run(play())
