"""Transactions on both databases: whole or not at all, none lost, none that costs another."""

import asyncio
import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextvars import ContextVar
from pathlib import Path

import asyncpg
import pytest

from ocpi211_server.database import Database, DatabaseError, LostRace, Rows, Work, open_database, sql
from ocpi211_server.database.editions import EDITIONS
from tests.server.counted import Broken, count, counted, on

ROOT = Path(__file__).parents[2]


def breaking(name: str) -> Work[None]:
    yield from counted(name)
    raise Broken


def impossible(name: str) -> Work[None]:
    yield from counted(name)
    yield sql("SELECT nothing FROM nowhere")


def unwritable(name: str) -> Work[None]:
    """A text that is no Unicode, which neither database takes."""
    yield from counted(name)
    yield sql("INSERT INTO worker (name, seen) VALUES ($1, 1)", "\ud800")


def two(first: str, second: str) -> Work[None]:
    yield from counted(first)
    yield from counted(second)


def test_what_was_written_is_there_to_be_read(database_url: str) -> None:
    async def story(database: Database) -> None:
        assert await database.write(counted, "a") == 1
        assert await count(database, "a") == 1

    on(database_url, story)

    async def later(database: Database) -> None:
        assert await count(database, "a") == 1

    on(database_url, later)


def test_what_takes_long_to_read_holds_nobody_up(database_url: str) -> None:
    endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) SELECT COUNT(*) FROM n"

    async def story(database: Database) -> None:
        counting = asyncio.create_task(database.read_much(endless))
        await asyncio.sleep(0)
        assert not counting.done()
        assert await database.write(counted, "a") == 1
        assert await count(database, "a") == 1
        assert [tuple(row) for row in await counting] == [(300_000,)]
        assert [tuple(row) for row in await database.read_much("SELECT seen FROM worker")] == [(1,)]

    on(database_url, story)


@pytest.mark.parametrize("work", [breaking, impossible, unwritable])
def test_a_transaction_that_fails_leaves_nothing_and_costs_no_other(
    database_url: str, work: Callable[[str], Work[None]]
) -> None:
    async def story(database: Database) -> None:
        names = [f"w{number}" for number in range(40)]
        outcomes = await asyncio.gather(
            *(database.write(work if number % 4 == 1 else counted, name) for number, name in enumerate(names)),
            return_exceptions=True,
        )
        for number, (name, outcome) in enumerate(zip(names, outcomes, strict=True)):
            assert isinstance(outcome, Exception) == (number % 4 == 1), outcome
            assert await count(database, name) == (0 if number % 4 == 1 else 1)
        assert await database.write(counted, "afterwards") == 1

    on(database_url, story)


def test_the_error_is_the_one_that_was_raised(database_url: str) -> None:
    async def story(database: Database) -> None:
        with pytest.raises(Broken):
            await database.write(breaking, "a")

    on(database_url, story)


def test_no_increment_is_lost(database_url: str) -> None:
    async def story(database: Database) -> None:
        results = await asyncio.gather(*(database.write(counted, "a") for _ in range(60)))
        assert sorted(results) == list(range(1, 61))

    on(database_url, story)


def test_rows_locked_in_opposite_order_end_in_no_deadlock(database_url: str) -> None:
    async def story(database: Database) -> None:
        await database.write(two, "a", "b")
        await asyncio.gather(*(database.write(two, *(("a", "b") if n % 2 else ("b", "a"))) for n in range(8)))
        assert [await count(database, name) for name in "ab"] == [9, 9]

    on(database_url, story)


def test_who_asked_and_went_away_has_written_all_the_same_or_nothing(database_url: str) -> None:
    async def story(database: Database) -> None:
        task = asyncio.create_task(database.write(two, "a", "b"))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await database.write(counted, "c")  # behind it, so that its end is certain
        assert await count(database, "a") == await count(database, "b")

    on(database_url, story)


COUNTING = """
import asyncio, sys
from ocpi211_server.database import open_database
from tests.server.test_database import counted
async def run():
    database = await open_database(sys.argv[1], synchronous="NORMAL")
    for _ in range(10):
        await asyncio.gather(*(database.write(counted, "shared") for _ in range(5)))
    await database.close()
asyncio.run(run())
"""


def test_processes_that_share_a_database_lose_nothing_of_each_other(database_url: str) -> None:
    """They begin at once, so that each finds it without tables."""
    paths = [ROOT, *(ROOT / name for name in ("generated", "generator", "reference_server"))]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths))}
    given = [sys.executable, "-c", COUNTING, database_url]
    running = [subprocess.Popen(given, env=environment, cwd=ROOT) for _ in range(3)]
    assert [process.wait(120) for process in running] == [0, 0, 0]

    async def story(database: Database) -> None:
        assert await count(database, "shared") == 150

    on(database_url, story)


def test_workers_that_start_at_once_make_the_tables_once(database_url: str) -> None:
    async def play() -> None:
        opened = await asyncio.gather(*(open_database(database_url) for _ in range(4)))
        rows = await opened[0].read("SELECT number FROM edition")
        assert [row[0] for row in rows] == list(range(1, len(EDITIONS) + 1))
        for database in opened:
            await database.close()

    asyncio.run(play())


def test_a_database_of_a_later_edition_is_left_alone(database_url: str) -> None:
    def later() -> Work[None]:
        yield sql("INSERT INTO edition (number) VALUES (999)")

    async def play() -> None:
        database = await open_database(database_url)
        await database.write(later)
        await database.close()
        with pytest.raises(DatabaseError, match="later edition"):
            await open_database(database_url)

    asyncio.run(play())


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("mysql://host/name", "begins with sqlite:/// or postgresql://"),
        ("", "begins with sqlite:/// or postgresql://"),
        ("sqlite:///", "needs a file"),
        ("sqlite:///:memory:", "needs a file"),
        ("sqlite:////nowhere/at/all/file.db", "no folder"),
        ("postgresql://127.0.0.1:9/nothing", "cannot be reached"),
        ("postgresql://[", "cannot be reached"),
    ],
)
def test_what_cannot_be_opened_says_why(url: str, reason: str) -> None:
    with pytest.raises(DatabaseError, match=re.escape(reason)):
        asyncio.run(open_database(url))


def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear reader, " * 100)
    with pytest.raises(DatabaseError, match="cannot be opened"):
        asyncio.run(open_database(f"sqlite:///{path}"))
    assert path.read_text().startswith("Dear reader")


def test_a_file_of_sqlite_with_other_tables_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'other.db'}"

    async def play() -> None:
        database = await open_database(url)
        await database.write(_forget_edition)
        await database.close()
        with pytest.raises(DatabaseError, match="no database of this server"):
            await open_database(url)

    asyncio.run(play())


def _forget_edition() -> Work[None]:
    yield sql("DELETE FROM edition")


def test_each_transaction_runs_in_the_context_of_who_asked(database_url: str) -> None:
    asker = ContextVar("asker", default="nobody")

    def named() -> Work[str]:
        yield from counted("a")
        return asker.get()

    async def ask(database: Database, number: int) -> str:
        asker.set(f"asker {number}")
        return await (database.write_much if number % 3 == 0 else database.write)(named)

    async def story(database: Database) -> None:
        answers = await asyncio.gather(*(asyncio.create_task(ask(database, number)) for number in range(9)))
        assert answers == [f"asker {number}" for number in range(9)]

    on(database_url, story)


def test_each_statement_may_be_a_transaction(database_url: str) -> None:
    def kept() -> Work[Rows]:
        return (yield sql("INSERT INTO worker (name, seen) VALUES ($1, 1) RETURNING seen", "a"))

    async def story(database: Database) -> None:
        assert [tuple(row) for row in await database.write_each(kept)] == [(1,)]
        with pytest.raises((sqlite3.IntegrityError, asyncpg.UniqueViolationError)):
            await database.write_each(kept)
        assert await count(database, "a") == 1

    on(database_url, story)


def test_who_changes_what_it_has_read_loses_no_change_of_another(database_url: str) -> None:
    def raised() -> Work[None]:
        ((seen,),) = yield sql("SELECT seen FROM worker WHERE name = 'a' FOR UPDATE")
        if not (yield sql("UPDATE worker SET seen = $1 WHERE name = 'a' AND seen = $2 RETURNING 1", seen + 1, seen)):
            raise LostRace

    async def story(database: Database) -> None:
        await database.write(counted, "a")
        before = await count(database, "a")
        await asyncio.gather(*(database.write_each(raised) for _ in range(20)))
        assert await count(database, "a") == before + 20

    on(database_url, story)


def test_json_of_any_depth_comes_back(database_url: str) -> None:
    body = json.dumps({"x": "\0é" * 1000, "y": [[[]]]}).encode()

    def keep() -> Work[None]:
        yield sql(
            "INSERT INTO kept_aside (module, owner, id, received, body) VALUES ('cdrs', 'FR*ABC', '1', 0, $1)", body
        )

    async def story(database: Database) -> None:
        await database.write(keep)
        assert (await database.read("SELECT body FROM kept_aside"))[0]["body"] == body

    on(database_url, story)
