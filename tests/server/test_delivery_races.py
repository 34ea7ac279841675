"""Workers and authors at the very same moment: nothing is claimed twice, doubled, or overtaken."""

import asyncio
from collections import Counter, defaultdict

from ocpi211_server.delivery import Delivery
from ocpi211_server.delivery.queue import spread
from tests.server.by_hand import ByHand, evse, session, tell

WORKERS = ("one", "two", "three")


def test_workers_that_look_at_once_share_what_there_is(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        partners = [await hand.partner(f"E{number:02}") for number in range(6)]
        for number in range(10):
            await hand.keep(*(session((partner,), str(number)) for partner in partners))
            await asyncio.gather(*(hand.database.write(spread, 100, hand.now) for _ in WORKERS))
            assert await hand.count("delivery") == len(partners)
            shares = await asyncio.gather(*(hand.claim(worker) for worker in WORKERS))
            claimed = [delivery for share in shares for delivery in share]
            assert sorted(delivery.partner for delivery in claimed) == partners
            for worker, share in zip(WORKERS, shares, strict=True):
                for delivery in share:
                    await hand.end(delivery, worker=worker)

    tell(database_url, story)


def test_each_author_is_heard_in_the_order_in_which_it_spoke(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        partners = tuple([await hand.partner(name) for name in ("ONE", "TWO")])
        heard: dict[int, list[Delivery]] = defaultdict(list)
        speaking = len(WORKERS)

        async def speak(author: str) -> None:
            nonlocal speaking
            for number in range(15):
                await hand.keep(session(partners, f"{author} {number}"))
            speaking -= 1

        async def listen(worker: str) -> None:
            while speaking or await hand.count("letter"):
                for delivery in await hand.claim(worker):
                    heard[delivery.partner].append(delivery)
                    await hand.end(delivery, worker=worker)

        await asyncio.gather(*map(speak, "abc"), *map(listen, WORKERS))
        for partner in partners:
            names = [delivery.arguments["session_id"].split() for delivery in heard[partner]]
            assert Counter(author for author, _ in names) == {"a": 15, "b": 15, "c": 15}
            for author in "abc":
                assert [int(number) for name, number in names if name == author] == [*range(15)]

    tell(database_url, story)


def test_news_that_come_while_older_ones_are_claimed_replace_them_or_go_behind(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        partner = await hand.partner()
        for number in range(20):
            await hand.keep(evse(partner, b"old"))
            await hand.entries()
            news = evse(partner, b"%d" % number)
            _, claimed, _ = await asyncio.gather(
                hand.keep(news), hand.claim(), hand.database.write(spread, 9, hand.now)
            )
            sent: list[bytes] = []
            claimed = claimed or await hand.claim()  # a lane that another holds just then is passed over
            while claimed:
                for delivery in claimed:
                    sent.append(delivery.body)
                    await hand.end(delivery)
                claimed = await hand.claim()
            assert sent in ([b"old", news.body], [news.body])
            assert await hand.count("delivery") == 0

    tell(database_url, story)


def test_what_comes_just_when_its_lane_has_become_empty_is_sent(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        partners = tuple([await hand.partner(f"E{number:02}") for number in range(10)])
        await hand.keep(session(partners, "0"))
        for number in range(1, 15):
            claimed = await hand.claim()
            assert {delivery.arguments["session_id"] for delivery in claimed} == {str(number - 1)}
            await hand.keep(session(partners, str(number)))
            await asyncio.gather(
                hand.database.write(spread, 9, hand.now), *(hand.end(delivery) for delivery in claimed)
            )
            assert await hand.count("delivery") == await hand.count("delivery_lane") == len(partners)

    tell(database_url, story)
