"""How many objects there are, as both databases keep it, against counting them."""

import asyncio
from collections.abc import Sequence
from random import Random
from typing import Any

import pytest

from ocpi211_server.database import Database, Work, editions, sql
from ocpi211_server.objects.paging import Filters, page
from ocpi211_server.objects.store import Thing, Visible, delete, lock, save
from tests.server.counted import Broken, on

OWNERS = ("FR*AAA", "FR*BBB")
COUNTED = "SELECT module, recipient, owner, gone, SUM(n) AS n FROM object_count GROUP BY 1, 2, 3, 4 HAVING SUM(n) <> 0"
STORED = (
    "SELECT module, COALESCE(recipient, '') AS recipient, owner, gone, COUNT(*) AS n FROM object GROUP BY 1, 2, 3, 4"
)
INSERT = """
INSERT INTO object (module, owner, id, last_updated, changed, body, gone) VALUES ('tokens', 'FR*AAA', $1, 0, 0, '{}', 0)
"""


def thing(draw: Random) -> Thing:
    module = draw.choice(("locations", "sessions", "tokens"))
    return Thing(
        module,
        draw.choice(OWNERS),
        f"X{draw.randrange(12)}",
        b"{}",
        0,
        draw.randrange(100),
        "shown",
        recipient=draw.choice((None, "FR*EMP", "FR*XYZ")) if module == "sessions" else None,
        gone=draw.randrange(3) if module == "locations" else 0,
    )


def some(things: Sequence[Thing], *, breaks: bool) -> Work[None]:
    """Stores what is not there, changes what is, and forgets what would not change."""
    for one in things:
        stored = yield from lock(one.module, one.owner, one.id)
        if stored is not None and stored[:-1] == one[:-1]:
            yield from delete(one)
        else:
            yield from save(one, stored)
    if breaks:
        raise Broken


async def check(database: Database) -> None:
    counted, stored = [{tuple(row) for row in await database.read(text)} for text in (COUNTED, STORED)]
    assert counted == stored


def test_what_is_counted_is_what_is_stored_whatever_happened(database_url: str) -> None:
    draw = Random(4711)  # noqa: S311  (no secret)

    async def story(database: Database) -> None:
        for _ in range(12):
            writes = [[thing(draw) for _ in range(draw.randrange(1, 6))] for _ in range(8)]
            ended = await asyncio.gather(
                *(database.write(some, things, breaks=number % 4 == 0) for number, things in enumerate(writes)),
                return_exceptions=True,
            )
            assert [isinstance(end, Broken) for end in ended] == [number % 4 == 0 for number in range(8)]
            await check(database)

    on(database_url, story, synchronous="NORMAL")


def test_a_statement_that_stores_many_counts_each(database_url: str) -> None:
    many = """
WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 500)
INSERT INTO object (module, owner, id, last_updated, changed, body, gone)
SELECT 'locations', CASE WHEN n < 9 THEN 'FR*AAA' ELSE 'FR*BBB' END, CAST(n AS TEXT), 0, 0, $1, n % 3 FROM number
"""

    async def story(database: Database) -> None:
        await database.write(one, many, b"{}")
        await check(database)
        assert (await page(database, "locations", Visible(), Filters(limit=1))).total == 500
        await database.write(one, "UPDATE object SET gone = 2, owner = 'FR*CCC' WHERE gone = 1")
        await check(database)
        await database.write(one, "DELETE FROM object WHERE gone = 2")
        await check(database)

    on(database_url, story, synchronous="NORMAL")


def one(text: str, *values: object) -> Work[None]:
    yield sql(text, *values)


def test_what_was_stored_before_there_were_counts_is_counted(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = Random(7)  # noqa: S311  (no secret)

    def write(database: Database) -> Any:
        return database.write(some, [thing(draw) for _ in range(40)], breaks=False)

    with monkeypatch.context() as earlier:
        earlier.setattr(editions, "EDITIONS", editions.EDITIONS[:1])
        on(database_url, write, synchronous="NORMAL")

    async def story(database: Database) -> None:
        await check(database)
        assert await database.read("SELECT 1 FROM object")
        await write(database)
        await check(database)

    on(database_url, story, synchronous="NORMAL")
    on(database_url, check, synchronous="NORMAL")


def test_counts_stay_few_and_what_changes_none_of_them_writes_none(database_url: str) -> None:
    async def counts(database: Database) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in await database.read("SELECT * FROM object_count")]

    async def story(database: Database) -> None:
        for number in range(400):
            await database.write(one, INSERT, str(number))
        before = await counts(database)
        assert len(before) < 250  # added up one time in seventeen, where each writes a row of its own
        assert sum(row[-1] for row in before) == 400
        await database.write(one, "UPDATE object SET body = $1, changed = 5", b"{ }")
        assert await counts(database) == before

    on(database_url, story, synchronous="NORMAL")


def test_one_who_stores_an_object_waits_for_no_other_of_the_same_owner(postgres_url: str) -> None:
    import asyncpg  # noqa: PLC0415  (only where PostgreSQL is used)

    async def story(database: Database) -> None:
        first, second = [await asyncpg.connect(postgres_url) for _ in range(2)]
        try:
            for number in range(20):
                await first.execute(INSERT.replace("$1", f"'{number}'"))
            async with first.transaction(), second.transaction():
                await second.execute("SET LOCAL lock_timeout = '5s'")
                for number in range(20, 120):
                    await (first, second)[number % 2].execute(INSERT.replace("$1", f"'{number}'"))
        finally:
            await first.close()
            await second.close()
        await check(database)

    on(postgres_url, story, synchronous="NORMAL")


def test_the_tables_may_be_published_to_a_replica(postgres_url: str) -> None:
    """A publication of all tables refuses what it could not tell a subscriber."""

    async def story(database: Database) -> None:
        await database.write(one, "CREATE PUBLICATION everything FOR ALL TABLES")
        try:
            for number in range(150):  # counts are added up one time in seventeen
                await database.write(one, INSERT, str(number))
        finally:
            await database.write(one, "DROP PUBLICATION everything")
        await check(database)

    on(postgres_url, story, synchronous="NORMAL")
