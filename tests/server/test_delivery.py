"""The worker: it sends what is kept, as much at once as it may, and ends without leaving anything behind."""

import asyncio
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from ocpi211_runtime.errors import PeerRefusal
from ocpi211_server.database import Database, open_database
from ocpi211_server.delivery import Deliveries, Delivery, DeliverySettings, Outcome, Verdict, enqueue
from ocpi211_server.moments import MICROSECONDS, now
from tests.server.by_hand import ByHand, cdr, location, result, session

QUICK = DeliverySettings(first_delay=0.001, longest_delay=0.01, poll=0.01, grace=5, worker_stale=5)
NEVER = 3600.0  # a setting that must not matter


class Post:
    """What partners got, and what is told of it."""

    def __init__(self, answer: Callable[[Delivery], Awaitable[object]] | None = None) -> None:
        self.sent: list[Delivery] = []
        self.results: list[Outcome] = []
        self._answer = answer
        self._news = asyncio.Event()

    async def send(self, delivery: Delivery) -> None:
        self.sent.append(delivery)
        self._news.set()
        if self._answer is not None:
            await self._answer(delivery)

    def note(self, delivery: Delivery, outcome: Outcome) -> None:
        assert outcome.delivery is delivery
        self.results.append(outcome)
        self._news.set()

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(30):
            while not condition():
                self._news.clear()
                await self._news.wait()

    async def delivered(self, count: int) -> None:
        await self.until(lambda: sum(one.verdict is Verdict.DONE for one in self.results) >= count)


@asynccontextmanager
async def working(
    database: Database, post: Post, *, name: str = "", settings: DeliverySettings = QUICK, **changes: Any
) -> AsyncIterator[Deliveries]:
    deliveries = Deliveries(database, post.send, name=name, settings=replace(settings, **changes), on_result=post.note)
    task = asyncio.create_task(deliveries.run())
    try:
        yield deliveries
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def tell(url: str, story: Callable[[ByHand], Awaitable[None]]) -> None:
    """A story by the clock of the world: the worker knows no other."""

    async def run() -> None:
        database = await open_database(url, synchronous="NORMAL")
        try:
            await story(ByHand(database, now=now()))
        finally:
            await database.close()

    asyncio.run(run())


async def nothing_is_left(hand: ByHand) -> None:
    assert [await hand.count(table) for table in ("delivery", "delivery_lane", "worker")] == [0, 0, 0]


def test_what_is_kept_arrives_in_order_whatever_fails(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        tries: Counter[int] = Counter()

        async def fail_twice(delivery: Delivery) -> None:
            tries[delivery.seq] += 1
            if tries[delivery.seq] < 3:
                raise PeerRefusal(http_status=503 if delivery.seq % 2 else 500)

        post = Post(fail_twice)
        partners = [await hand.partner(name) for name in ("ONE", "TWO")]
        await hand.keep(*(session(partner, str(number)) for number in range(5) for partner in partners))
        async with working(hand.database, post):
            await post.delivered(10)
        for partner in partners:
            done = [one.delivery for one in post.results if one.verdict is Verdict.DONE]
            names = [delivery.arguments["session_id"] for delivery in done if delivery.partner == partner]
            assert names == ["0", "1", "2", "3", "4"]
        assert set(tries.values()) == {3}
        await nothing_is_left(hand)

    tell(database_url, story)


def test_who_enqueues_can_wake_the_worker(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        post, partner = Post(), await hand.partner()
        async with working(hand.database, post, poll=NEVER) as deliveries:
            for name in ("1", "2"):
                await hand.database.write(enqueue, [session(partner, name)], now())
                deliveries.wake()
                await post.delivered(int(name))

    tell(database_url, story)


def test_what_another_process_enqueues_is_found(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        post, partner = Post(), await hand.partner()
        elsewhere = await open_database(database_url)
        async with working(hand.database, post):
            for name in ("1", "2"):
                await elsewhere.write(enqueue, [session(partner, name)], now())
                await post.delivered(int(name))
        await elsewhere.close()

    tell(database_url, story)


def test_so_much_is_sent_at_once_and_no_more(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        gate, most, under_way = asyncio.Event(), [0, 0], Counter[int]()

        async def wait(delivery: Delivery) -> None:
            under_way[delivery.partner] += 1
            most[:] = max(most[0], under_way.total()), max(most[1], *under_way.values())
            await gate.wait()
            under_way[delivery.partner] -= 1

        post = Post(wait)
        partners = [await hand.partner(f"E{number:02}") for number in range(4)]
        for name in range(6):
            await hand.keep(location(tuple(partners), b"{}", name=f"L{name}"))
        async with working(hand.database, post, most_at_once=10, most_a_partner=3):
            await post.until(lambda: len(post.sent) == 10)
            gate.set()
            await post.delivered(24)
        assert most == [10, 3]

    tell(database_url, story)


def test_a_partner_that_hangs_holds_up_no_other(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        hanging = await hand.partner("HAN")
        others = [await hand.partner(f"E{number:02}") for number in range(3)]

        async def hang(delivery: Delivery) -> None:
            if delivery.partner == hanging:
                await asyncio.sleep(NEVER)

        post = Post(hang)
        for name in range(10):
            await hand.keep(location((hanging, *others), b"{}", name=f"L{name}"))
        async with working(hand.database, post, most_at_once=6, most_a_partner=2, grace=0.01):
            await post.delivered(30)

    tell(database_url, story)


def test_an_attempt_that_takes_too_long_has_failed(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        async def hang(delivery: Delivery) -> None:
            if not delivery.attempts:
                await asyncio.sleep(NEVER)

        post = Post(hang)
        await hand.keep(session(await hand.partner()))
        async with working(hand.database, post, longest_send=0.05):
            await post.delivered(1)
        assert [one.reason for one in post.results] == ["no answer in time", ""]

    tell(database_url, story)


def test_two_workers_share_the_work_and_send_nothing_twice(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        post = Post()
        partners = tuple([await hand.partner(f"E{number:02}") for number in range(5)])
        for name in range(20):
            await hand.keep(session(partners, str(name)), location(partners, b"{}", name=f"L{name}"))
        elsewhere = await open_database(database_url)
        async with working(hand.database, post), working(elsewhere, post):
            await post.delivered(200)
        await elsewhere.close()
        assert max(Counter(delivery.seq for delivery in post.sent).values()) == 1
        for partner in partners:
            lane = [one for one in post.sent if (one.partner, one.lane) == (partner, "sessions")]
            assert [one.arguments["session_id"] for one in lane] == [str(name) for name in range(20)]
        await nothing_is_left(hand)

    tell(database_url, story)


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

    tell(database_url, story)


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

    tell(database_url, story)


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

    tell(database_url, story)


def test_a_worker_goes_on_with_what_one_of_its_name_had_begun(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        await hand.keep(session(await hand.partner()))
        await hand.house("one")
        await hand.only("one")
        post = Post()
        async with working(hand.database, post, name="one", worker_stale=NEVER):
            await post.delivered(1)

    tell(database_url, story)


def test_a_worker_takes_over_from_one_that_has_been_silent(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        await hand.keep(session(await hand.partner()))
        await hand.house("dead")
        await hand.only("dead")
        post = Post()
        async with working(hand.database, post, name="living", worker_stale=0.2):
            await post.delivered(1)
        assert post.results[0].started - hand.now >= 0.2 * MICROSECONDS

    tell(database_url, story)


class Unsteady:
    """A database that fails now and then: before it has written, or after."""

    def __init__(self, database: Database) -> None:
        self.name = database.name
        self.read = database.read
        self.close = database.close
        self._database = database
        self.failures = ["before", "after", "", "before", "after"]

    async def write(self, work: Any, *args: Any, **kwargs: Any) -> Any:
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
    monkeypatch.setattr("ocpi211_server.delivery._DATABASE_AWAY", 0.001)

    async def story(hand: ByHand) -> None:
        post, partner = Post(), await hand.partner()
        await hand.keep(*(session(partner, str(name)) for name in range(4)), cdr(partner), result(partner))
        unsteady = Unsteady(hand.database)
        async with working(unsteady, post):
            await post.delivered(6)
        assert unsteady.failures == []
        assert len(post.sent) == 6
        await nothing_is_left(hand)

    tell(database_url, story)


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

    tell(database_url, story)


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

    tell(sqlite_url, story)
