"""The message log: what is stored, found, removed."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import cast

import pytest

from ocpi211_server.database import Database, Rows, Work, open_database, sql
from ocpi211_server.moments import MICROSECONDS, now
from ocpi211_server.operating.message_search import find, show
from ocpi211_server.operating.messages import Keeping, Message, MessageLog
from tests.server.made_messages import FIRST, of


def on(url: str, scenario: Callable[[Database], Awaitable[None]]) -> None:
    async def run() -> None:
        database = await open_database(url)
        try:
            await scenario(database)
        finally:
            await database.close()

    asyncio.run(run())


async def stored(database: Database, messages: Iterable[Message], keeping: Keeping | None = None) -> MessageLog:
    log = MessageLog(database, keeping)
    for message in messages:
        log.record(message)
    assert await log.flush()
    return log


@pytest.mark.parametrize("count", [1, 9, 10, 11, 100, 123])
def test_what_is_recorded_is_found_in_order(database_url: str, count: int) -> None:
    async def scenario(database: Database) -> None:
        messages = [of(number, request_id=f"r{number}") for number in range(count)]
        await stored(database, messages)
        found = await find(database, limit=1000)
        assert [each._replace(seq=0) for each in found] == [each._replace(request=b"", answer=b"") for each in messages]

    on(database_url, scenario)


def test_one_is_shown_with_its_bodies(database_url: str) -> None:
    async def scenario(database: Database) -> None:
        await stored(database, [FIRST])
        (found,) = await find(database)
        assert await show(database, found.seq) == FIRST._replace(seq=found.seq)
        assert await show(database, found.seq + 1) is None

    on(database_url, scenario)


def test_each_filter_finds_its_own(database_url: str) -> None:
    others = {"party": "FR*OTH", "module": "cdrs", "object_id": "S2", "authorization_id": "A2", "correlation_id": "c2"}

    async def scenario(database: Database) -> None:
        messages = [FIRST, *(of(1, **{name: value}) for name, value in others.items())]
        await stored(database, messages)
        for name, value in others.items():
            assert [getattr(each, name) for each in await find(database, **{name: value})] == [value]  # type: ignore[arg-type]
        assert len(await find(database, party="FR*CPO", module="sessions", authorization_id="A1")) == 3
        assert len(await find(database, since=FIRST.made + 1)) == len(others)
        assert await find(database, party="FR*NON") == []

    on(database_url, scenario)


def test_nothing_is_not_an_object_to_look_for(database_url: str) -> None:
    async def scenario(database: Database) -> None:
        await stored(database, [of(1, object_id="", authorization_id="")])
        assert await find(database, object_id="") == []
        assert await find(database, authorization_id="") == []

    on(database_url, scenario)


def test_what_the_same_event_caused_is_found_with_its_authorization(database_url: str) -> None:
    async def scenario(database: Database) -> None:
        result = of(2, module="commands", authorization_id="", correlation_id="c1")
        stranger = of(3, authorization_id="", correlation_id="c9")
        await stored(database, [FIRST, result, stranger])
        assert [each.module for each in await find(database, authorization_id="A1")] == ["sessions"]
        assert [each.module for each in await find(database, authorization_id="A1", related=True)] == [
            "sessions",
            "commands",
        ]

    on(database_url, scenario)


def test_a_limit_keeps_the_latest(database_url: str) -> None:
    async def scenario(database: Database) -> None:
        await stored(database, [of(number, request_id=f"r{number}") for number in range(5)])
        assert [each.request_id for each in await find(database, limit=2)] == ["r3", "r4"]

    on(database_url, scenario)


def test_what_began_since_a_moment_is_found_among_rows_that_are_not_quite_in_order(database_url: str) -> None:
    async def scenario(database: Database) -> None:
        # One in three was over, and so stored, 50 minutes after it began.
        minutes = sorted(range(0, 600, 3), key=lambda minute: minute + 50 * (minute % 9 == 0))
        await stored(database, [of(60 * minute) for minute in minutes])
        await database.write(_every_second_row_is_gone)
        for since in (0, 7, 200, 300, 597, 598):
            moment = FIRST.made + 60 * since * MICROSECONDS
            found = [each.made for each in await find(database, since=moment, limit=1000)]
            every = [each.made for each in await find(database, limit=1000)]
            assert found == [made for made in every if made >= moment]

    on(database_url, scenario)


def _every_second_row_is_gone() -> Work[None]:
    yield sql("DELETE FROM message WHERE seq % 2 = 0")


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("party", "message_party"),
        ("object_id", "message_object"),
        ("authorization_id", "message_authorization"),
        ("correlation_id", "message_correlation"),
    ],
)
def test_an_id_is_looked_up_in_its_index_thousand_by_thousand(sqlite_url: str, name: str, index: str) -> None:
    async def scenario(database: Database) -> None:
        await stored(database, [FIRST])
        asked = []

        class Listening:
            async def read(self, text: str, *values: object) -> Rows:
                asked.append((text, values))
                return await database.read(text, *values)

        await find(cast("Database", Listening()), **{name: "X"})  # type: ignore[arg-type]
        text, values = asked[-1]
        plan = await database.read(f"EXPLAIN QUERY PLAN {text}", *values)
        assert [row["detail"] for row in plan if f"USING INDEX {index} (<expr>=? AND {name}=?)" in row["detail"]]

    on(sqlite_url, scenario)


def test_what_is_spread_over_many_thousands_is_found_latest_first(database_url: str) -> None:
    async def scenario(database: Database) -> None:
        await stored(database, [of(number) for number in range(9)])
        await database.write(_spread, database.name)  # as if there had been many in between
        assert [each.seq for each in await find(database, object_id="S1", limit=3)] == [34300, 44800, 56700]
        assert len(await find(database, party="FR*CPO")) == 9
        assert len(await find(database, since=FIRST.made + 5 * MICROSECONDS)) == 4

    on(database_url, scenario)


def _spread(database: str) -> Work[None]:
    if database == "postgresql":
        yield sql("ALTER TABLE message ALTER seq SET GENERATED BY DEFAULT")
    yield sql("UPDATE message SET seq = 700 * seq * seq")


def test_what_began_first_is_told_first(database_url: str) -> None:
    """The request that caused a call is over, and so stored, after the call."""

    async def scenario(database: Database) -> None:
        await stored(database, [of(2, direction="out"), of(1)])
        assert [each.direction for each in await find(database)] == ["in", "out"]

    on(database_url, scenario)


def test_rows_older_than_allowed_are_removed(database_url: str) -> None:
    async def scenario(database: Database) -> None:
        moment = now()
        old = [FIRST._replace(made=moment - 61 * MICROSECONDS) for _ in range(1203)]
        log = await stored(database, [*old, FIRST._replace(made=moment)], Keeping(seconds=60, rows_gathered=2000))
        await log.prune()
        assert [each.made for each in await find(database, limit=2000)] == [moment]

    on(database_url, scenario)


def test_rows_beyond_the_number_allowed_are_removed_oldest_first(database_url: str) -> None:
    async def scenario(database: Database) -> None:
        moment = now()
        log = await stored(database, [FIRST._replace(made=moment + i) for i in range(1300)], Keeping(rows=5))
        await log.prune()
        assert [each.made for each in await find(database)] == [moment + i for i in range(1295, 1300)]

    on(database_url, scenario)


def test_a_row_of_a_wrong_clock_keeps_no_older_one(database_url: str) -> None:
    async def scenario(database: Database) -> None:
        moment = now()
        rows = [FIRST._replace(made=moment + 10**15), FIRST._replace(made=moment - 61 * MICROSECONDS)]
        log = await stored(database, rows, Keeping(seconds=60))
        await log.prune()
        assert [each.made for each in await find(database)] == [moment + 10**15]

    on(database_url, scenario)


def test_an_empty_log_can_be_pruned(database_url: str) -> None:
    async def scenario(database: Database) -> None:
        await MessageLog(database).prune()

    on(database_url, scenario)


def test_the_running_log_stores_by_itself_and_what_is_left_when_it_is_stopped(database_url: str) -> None:
    async def scenario(database: Database) -> None:
        log = MessageLog(database)
        running = asyncio.create_task(log.run())
        log.record(FIRST._replace(made=now()))  # an old one would be removed again
        async with asyncio.timeout(30):
            while not await find(database):  # noqa: ASYNC110  (a database tells nobody)
                await asyncio.sleep(0.01)
        log.record(FIRST._replace(made=now()))
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert len(await find(database)) == 2

    on(database_url, scenario)
