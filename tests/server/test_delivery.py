"""The worker: it sends what is kept, as much at once as it may, and holds up nobody for another."""

import asyncio
from collections import Counter

from ocpi211_runtime.errors import PeerRefusal
from ocpi211_server.database import open_database
from ocpi211_server.delivery import Delivery, Verdict, enqueue
from ocpi211_server.moments import now
from tests.server.by_hand import ByHand, location, session
from tests.server.post import NEVER, Post, nothing_is_left, tell_now, working


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

    tell_now(database_url, story)


def test_who_enqueues_can_wake_the_worker(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        post, partner = Post(), await hand.partner()
        async with working(hand.database, post, poll=NEVER) as deliveries:
            for name in ("1", "2"):
                await hand.database.write(enqueue, [session(partner, name)], now())
                deliveries.wake()
                await post.delivered(int(name))

    tell_now(database_url, story)


def test_what_another_process_enqueues_is_found(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        post, partner = Post(), await hand.partner()
        elsewhere = await open_database(database_url)
        async with working(hand.database, post):
            for name in ("1", "2"):
                await elsewhere.write(enqueue, [session(partner, name)], now())
                await post.delivered(int(name))
        await elsewhere.close()

    tell_now(database_url, story)


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

    tell_now(database_url, story)


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

    tell_now(database_url, story)


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

    tell_now(database_url, story)


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

    tell_now(database_url, story)
