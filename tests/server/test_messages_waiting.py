"""The message log: what happens when there is no room or no database, and what is logged at all."""

import asyncio
import logging
from typing import Any

import pytest

from ocpi211_server.database import Database, DatabaseError
from ocpi211_server.operating.messages import Keeping, Message, MessageLog
from tests.server.made_messages import FIRST, of


class Broken(Database):
    """A database that cannot be written for a while."""

    name, apart = "broken", False

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

    write_each = write_much = write

    def changes(self) -> None:
        raise NotImplementedError

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


@pytest.mark.parametrize("turns", range(4))
def test_a_log_that_is_full_when_it_is_stopped_stops_as_well(turns: int) -> None:
    async def run() -> None:
        database = Broken(failures=0)
        database.go_on.set()
        log = MessageLog(database)
        running = asyncio.create_task(log.run())
        messages = [of(number) for number in range(100)]
        log.record(messages[0])
        await asyncio.sleep(0.01)  # it gathers
        for message in messages[1:]:
            log.record(message)
        for _ in range(turns):
            await asyncio.sleep(0)
        running.cancel()
        async with asyncio.timeout(10):
            await asyncio.gather(running, return_exceptions=True)
        assert database.written == messages

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
