"""The worker when something ends: it is stopped, another died, the database is away, `send` breaks."""

import asyncio
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from typing import Any, ParamSpec, TypeVar

import pytest

from ocpi211_server.database import Database, Work
from ocpi211_server.delivery import Deliveries, Delivery, Outcome
from ocpi211_server.delivery import deliveries as module
from ocpi211_server.moments import MICROSECONDS
from tests.server.by_hand import ByHand, cdr, result, session
from tests.server.post import NEVER, QUICK, Post, nothing_is_left, tell_now, working
from tests.server.stage import until

P = ParamSpec("P")
T = TypeVar("T")


def test_a_worker_that_is_stopped_ends_what_it_has_begun(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        gate = asyncio.Event()

        async def wait(_: Delivery) -> None:
            asyncio.get_running_loop().call_soon(gate.set)
            await gate.wait()

        post, partner = Post(wait), await hand.partner()
        await hand.keep(session(partner, "1"), session(partner, "2"))
        async with working(hand.database, post):
            await post.until(lambda: len(post.sent) == 1)
        assert len(post.sent) == len(post.results) == 1
        (entry,) = await hand.entries()
        assert (entry.about[-1], entry.state) == ("2", "waiting")

    tell_now(database_url, story)


def test_what_does_not_end_in_time_is_let_go_of(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        async def hang(_: Delivery) -> None:
            await asyncio.sleep(NEVER)

        post, partner = Post(hang), await hand.partner()
        await hand.keep(session(partner), result(partner))
        async with working(hand.database, post, grace=0.01):
            await post.until(lambda: len(post.sent) == 2)
        assert {entry.policy: entry.state for entry in await hand.entries()} == {"fifo": "waiting", "once": "parked"}
        after = Post()
        async with working(hand.database, after, worker_stale=NEVER):
            await after.delivered(1)

    tell_now(database_url, story)


def test_who_is_told_twice_to_stop_does_not_wait(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        async def hang(_: Delivery) -> None:
            await asyncio.sleep(NEVER)

        post = Post(hang)
        await hand.keep(session(await hand.partner()))
        deliveries = Deliveries(hand.database, post.send, settings=replace(QUICK, grace=NEVER))
        task = asyncio.create_task(deliveries.run())
        await post.until(lambda: len(post.sent) == 1)
        task.cancel()
        await asyncio.wait([task], timeout=0.01)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert [entry.state for entry in await hand.entries()] == ["waiting"]

    tell_now(database_url, story)


def test_a_worker_goes_on_with_what_one_of_its_name_had_begun(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        await hand.keep(session(await hand.partner()))
        await hand.house("one")
        await hand.only("one")
        post = Post()
        async with working(hand.database, post, name="one", worker_stale=NEVER):
            await post.delivered(1)

    tell_now(database_url, story)


def test_a_worker_takes_over_from_one_that_has_been_silent(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        await hand.keep(session(await hand.partner()))
        await hand.house("dead")
        await hand.only("dead")
        post = Post()
        async with working(hand.database, post, name="living", worker_stale=0.2):
            await post.delivered(1)
        assert post.results[0].started - hand.now >= 0.2 * MICROSECONDS

    tell_now(database_url, story)


class Unsteady:
    """A database that fails now and then: before it has written, or after."""

    def __init__(self, database: Database) -> None:
        self.name, self.apart, self.changes = database.name, database.apart, database.changes
        self.read = self.read_much = database.read
        self.write_each, self.close = database.write_each, database.close
        self._database = database
        self.failures = ["before", "after", "", "before", "after"]

    async def write(self, work: Any, *args: Any, **kwargs: Any) -> Any:
        return await self.write_much(work, *args, **kwargs)

    async def write_much(self, work: Any, *args: Any, **kwargs: Any) -> Any:
        failure = self.failures.pop() if self.failures and work.__name__ == "_turn" else ""
        if failure == "before":
            raise sqlite3.OperationalError("disk I/O error")
        written = await self._database.write(work, *args, **kwargs)
        if failure == "after":
            raise ConnectionResetError("the connection was lost")
        return written


def test_a_database_that_is_away_for_a_while_costs_no_delivery(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ocpi211_server.delivery.deliveries._DATABASE_AWAY", 0.001)

    async def story(hand: ByHand) -> None:
        post, partner = Post(), await hand.partner()
        await hand.keep(*(session(partner, str(name)) for name in range(4)), cdr(partner), result(partner))
        unsteady = Unsteady(hand.database)
        async with working(unsteady, post):
            await post.delivered(6)
        assert unsteady.failures == []
        assert len(post.sent) == 6
        await nothing_is_left(hand)

    tell_now(database_url, story)


def test_what_ends_while_a_turn_is_written_is_not_forgotten(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        gate = asyncio.Event()

        async def wait(delivery: Delivery) -> None:
            if delivery.lane == "cdrs":
                await gate.wait()

        class Slow(Unsteady):
            async def write_much(self, work: Any, *args: Any, **kwargs: Any) -> Any:
                if len(post.results) == 1:
                    gate.set()
                    await post.until(lambda: len(post.results) == 2)
                return await hand.database.write(work, *args, **kwargs)

        post, partner = Post(wait), await hand.partner()
        await hand.keep(session(partner), cdr(partner, "1"), cdr(partner, "2"))
        async with working(Slow(hand.database), post):
            await post.delivered(3)
        await nothing_is_left(hand)

    tell_now(database_url, story)


def test_whatever_send_raises_the_worker_lives(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        errors = [asyncio.CancelledError(), ZeroDivisionError("open-sesame"), KeyError("x"), OSError("gone")]

        async def fail(_: Delivery) -> None:
            if errors:
                raise errors.pop()

        post = Post(fail)
        await hand.keep(session(await hand.partner()))
        async with working(hand.database, post):
            await post.delivered(1)
        assert len(post.results) == 5
        assert not any("sesame" in one.reason for one in post.results)

    tell_now(database_url, story)


def test_who_listens_to_results_cannot_break_them(sqlite_url: str) -> None:
    async def story(hand: ByHand) -> None:
        post = Post()

        def note(delivery: Delivery, outcome: Outcome) -> None:
            post.note(delivery, outcome)
            raise ZeroDivisionError

        partner = await hand.partner()
        await hand.keep(session(partner, "1"), session(partner, "2"))
        task = asyncio.create_task(Deliveries(hand.database, post.send, settings=QUICK, on_result=note).run())
        await post.delivered(2)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await nothing_is_left(hand)

    tell_now(sqlite_url, story)


def test_who_is_taken_for_dead_and_lives_writes_down_what_ends_first(database_url: str) -> None:
    """Another has freed its lane: it claims it once more, while it is still sending."""

    async def story(hand: ByHand) -> None:
        gate = asyncio.Event()

        async def wait(_: Delivery) -> None:
            await gate.wait()

        post = Post(wait)
        await hand.keep(session(await hand.partner()))
        async with working(hand.database, post, name="one", worker_stale=NEVER):
            await post.until(lambda: len(post.sent) == 1)
            await hand.let_go("one")
            await post.until(lambda: len(post.sent) == 2)
            gate.set()
            await post.until(lambda: len(post.results) == 2)
        await nothing_is_left(hand)

    tell_now(database_url, story)


class Late:
    """A database at which everybody waits so long for a turn, by a clock of its own."""

    def __init__(self, database: Database, clock: int, wait: int) -> None:
        self.name, self.apart, self.changes = database.name, database.apart, database.changes
        self.read, self.read_much = database.read, database.read_much
        self.write_each, self.close = database.write_each, database.close
        self.clock, self._database, self._wait = clock, database, wait

    async def write(self, work: Callable[P, Work[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        self.clock += self._wait
        return await self._database.write(work, *args, **kwargs)

    async def write_much(self, work: Callable[P, Work[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        return await self.write(work, *args, **kwargs)


def test_nobody_is_taken_for_dead_for_waiting_as_long_as_everybody(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(hand: ByHand) -> None:
        await hand.keep(session(await hand.partner()))
        await hand.house("other")
        delivery = await hand.only("other")
        late = Late(hand.database, hand.now + 4 * MICROSECONDS, 100 * MICROSECONDS)
        monkeypatch.setattr(module, "now", lambda: late.clock)
        post = Post()
        async with working(late, post, name="late", worker_stale=5):

            async def begun() -> bool:
                return bool(await hand.database.read("SELECT name FROM worker WHERE name = 'late'"))

            await until(begun, "the worker is there")
            seen = "SELECT (seen - $1) / 1000000 FROM worker WHERE name = 'late'"
            assert (await hand.database.read(seen, hand.now))[0][0] == 104
            assert await hand.claim("third") == []
        await hand.end(delivery, worker="other")
        assert post.sent == []

    tell_now(database_url, story)
