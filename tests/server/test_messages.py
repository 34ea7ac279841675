"""The message log: what is stored, found, removed, and what happens when there is no room or no database."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import pytest

from ocpi211_server.database import Database, DatabaseError, open_database
from ocpi211_server.moments import MICROSECONDS, now
from ocpi211_server.operating.messages import Keeping, Message, MessageLog, find, show

FIRST = Message(
    made=1_714_644_000_123_000,
    direction="in",
    party="FR*CPO",
    module="sessions",
    operation="emsp.sessions.put_session",
    verb="PUT",
    url="/ocpi/emsp/2.1.1/sessions/FR/CPO/S1",
    object_id="S1",
    authorization_id="A1",
    request_id="r1",
    correlation_id="c1",
    http_status=200,
    status_code=1000,
    microseconds=1500,
    request=b'{"id":"S1"}',
    answer=b"\x00\xff",
)


def of(number: int, **changes: object) -> Message:
    """One more, a second later than the one before."""
    changes = {"made": FIRST.made + number * MICROSECONDS, **changes}
    return FIRST._replace(**changes)  # type: ignore[arg-type]  # names are those of the class


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


def test_an_empty_log_can_be_pruned(database_url: str) -> None:
    async def scenario(database: Database) -> None:
        await MessageLog(database).prune()

    on(database_url, scenario)


def test_the_running_log_stores_by_itself_and_what_is_left_when_it_is_stopped(database_url: str) -> None:
    async def scenario(database: Database) -> None:
        log = MessageLog(database)
        running = asyncio.create_task(log.run())
        log.record(FIRST)
        async with asyncio.timeout(30):
            while not await find(database):  # noqa: ASYNC110  (a database tells nobody)
                await asyncio.sleep(0.01)
        log.record(of(1))
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert len(await find(database)) == 2

    on(database_url, scenario)


class Broken(Database):
    """A database that cannot be written for a while."""

    name = "broken"

    def __init__(self, failures: int) -> None:
        self.failures = failures
        self.written: list[Message] = []
        self.tried = asyncio.Event()
        self.go_on = asyncio.Event()

    async def write(self, work: Any, *args: Any, **_: Any) -> Any:
        if work.__name__ != "_store":
            return 0
        self.tried.set()
        await self.go_on.wait()
        if self.failures:
            self.failures -= 1
            raise DatabaseError("the disk is full")
        self.written += args[0]
        return None

    async def read(self, text: str, *values: object) -> Any:
        raise NotImplementedError

    read_much = read

    async def close(self) -> None:
        raise NotImplementedError


def test_what_could_not_be_stored_is_stored_later_in_order(caplog: pytest.LogCaptureFixture) -> None:
    async def run() -> None:
        database = Broken(failures=2)
        database.go_on.set()
        log = MessageLog(database)
        log.record(FIRST)
        assert not await log.flush()
        log.record(of(1))
        assert not await log.flush()
        assert await log.flush()
        assert database.written == [FIRST, of(1)]

    with caplog.at_level(logging.WARNING):
        asyncio.run(run())
    assert [record.message for record in caplog.records] == [
        "the message log cannot be written: DatabaseError: the disk is full"
    ]


def test_what_can_never_be_stored_makes_room_in_the_end_and_is_counted() -> None:
    async def run() -> None:
        dropped: list[int] = []
        database = Broken(failures=60)
        database.go_on.set()
        log = MessageLog(database, on_drop=dropped.append)
        log.record(FIRST)
        for _ in range(60):
            assert not await log.flush()
        log.record(of(1))
        assert await log.flush()
        assert (database.written, dropped) == ([of(1)], [1])

    asyncio.run(run())


def test_what_is_being_stored_while_the_log_is_stopped_is_stored_once() -> None:
    async def run() -> None:
        database = Broken(failures=0)
        log = MessageLog(database)
        running = asyncio.create_task(log.run())
        log.record(FIRST)
        await database.tried.wait()
        running.cancel()
        await asyncio.sleep(0)
        database.go_on.set()
        await asyncio.gather(running, return_exceptions=True)
        assert database.written == [FIRST]

    asyncio.run(run())


@pytest.mark.parametrize(
    ("keeping", "kept"),
    [(Keeping(rows_gathered=3), 3), (Keeping(bytes_gathered=2 * len(FIRST.request + FIRST.answer) + 1), 2)],
)
def test_what_there_is_no_room_for_is_dropped_and_counted(keeping: Keeping, kept: int) -> None:
    async def run() -> None:
        dropped: list[int] = []
        database = Broken(failures=0)
        database.go_on.set()
        log = MessageLog(database, keeping, on_drop=dropped.append)
        for number in range(5):
            log.record(of(number))
        assert await log.flush()
        assert database.written == [of(number) for number in range(kept)]
        assert sum(dropped) == 5 - kept
        log.record(of(9))
        assert await log.flush()
        assert database.written[-1] == of(9)

    asyncio.run(run())


@pytest.mark.parametrize(
    ("mode", "wanted"), [("all", {"GET", "PUT", "POST"}), ("writes", {"PUT", "POST"}), ("off", set[str]())]
)
def test_a_mode_says_what_is_logged(mode: Any, wanted: set[str]) -> None:
    log = MessageLog(Broken(0), Keeping(mode=mode))
    assert {verb for verb in ("GET", "PUT", "POST") if log.wants(verb)} == wanted


@pytest.mark.parametrize("limits", [{"rows": 0}, {"seconds": 0}, {"longest_body": -1}, {"rows_gathered": 0}])
def test_a_limit_that_is_none_is_refused(limits: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="positive"):
        Keeping(**limits)  # type: ignore[arg-type]
