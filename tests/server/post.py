"""A worker at work, and partners in this process who answer as they are told."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from ocpi211_server.database import Database, open_database
from ocpi211_server.delivery import Deliveries, Delivery, DeliverySettings, Outcome, Verdict
from ocpi211_server.moments import now
from tests.server.by_hand import ByHand

__all__ = ["NEVER", "QUICK", "Post", "nothing_is_left", "tell_now", "working"]

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


def tell_now(url: str, story: Callable[[ByHand], Awaitable[None]]) -> None:
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
