"""The next page is asked for while this one is read, and given up by whoever does not want it any more."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing

import pytest

from ocpi211_runtime.errors import MalformedAnswer
from ocpi211_runtime.pages import Arrived, AsyncPager, Page
from tests.runtime.chained import Peer


async def gather(pager: AsyncPager[int], found: list[int]) -> None:
    async for number in pager:
        await asyncio.sleep(0)
        found.append(number)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110  (what is waited for tells nobody)
            await asyncio.sleep(0)


def test_the_next_page_is_asked_for_before_this_one_is_read() -> None:
    async def crawl() -> None:
        peer = Peer(3)
        seen: list[tuple[list[int], int]] = []

        async def fetch(url: str | None) -> Arrived[int]:
            came = await peer.fetch(url)

            def read() -> Page[int]:
                page = came.read()
                seen.append((list(page.items), len(peer.asked)))
                return page

            return Arrived(read, came.url, came.next_url)

        peer.open()
        assert [number async for number in AsyncPager(fetch)] == [0, 1, 2, 3, 4, 5]
        assert seen == [([0, 1], 2), ([2, 3], 3), ([4, 5], 3)]

    asyncio.run(crawl())


def test_what_is_wrong_with_the_next_page_is_told_behind_this_one() -> None:
    async def crawl() -> None:
        peer = Peer(3, broken=1)
        peer.open()
        found: list[int] = []
        with pytest.raises(MalformedAnswer, match="not JSON"):
            await gather(AsyncPager(peer.fetch), found)
        assert found == [0, 1]

    asyncio.run(crawl())


@pytest.mark.parametrize("opened", [False, True])
def test_a_crawl_that_is_broken_off_leaves_nothing_behind(opened: bool) -> None:  # noqa: FBT001  (both are tried)
    async def crawl() -> None:
        peer = Peer(3, broken=1)
        peer.doors[0].set()
        if opened:
            peer.open()
        async for page in AsyncPager(peer.fetch).pages():
            assert list(page.items) == [0, 1]
            break
        await until(lambda: len(asyncio.all_tasks()) == 1)
        assert peer.asked == [None, "1"]
        assert peer.given_up == (0 if opened else 1)

    asyncio.run(crawl())


def test_a_crawl_that_is_closed_has_given_up_the_next_page() -> None:
    async def crawl() -> None:
        peer = Peer(3)
        peer.doors[0].set()
        async with aclosing(AsyncPager(peer.fetch).pages()) as pages:
            await anext(pages)
        assert peer.given_up == 1
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(crawl())


def test_a_crawl_that_is_cancelled_takes_the_next_page_with_it() -> None:
    async def crawl() -> None:
        peer = Peer(3)
        peer.doors[0].set()

        async def all_of_them() -> list[int]:
            return [number async for number in AsyncPager(peer.fetch)]

        crawling = asyncio.create_task(all_of_them())
        await until(lambda: len(peer.asked) == 2)
        crawling.cancel()
        with pytest.raises(asyncio.CancelledError):
            await crawling
        assert peer.given_up == 1
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(crawl())


def test_an_unreadable_page_is_told_though_the_next_one_was_asked_for() -> None:
    async def crawl() -> None:
        peer = Peer(2)

        async def fetch(url: str | None) -> Arrived[int]:
            def read() -> Page[int]:
                raise MalformedAnswer("it is not JSON")

            came = await peer.fetch(url)
            return Arrived(read, came.url, came.next_url)

        peer.doors[0].set()
        with pytest.raises(MalformedAnswer, match="not JSON"):
            await anext(AsyncPager(fetch).pages())
        assert peer.given_up == 1

    asyncio.run(crawl())


@pytest.mark.requirement("TF-PAGE-18")
def test_no_page_beyond_the_bound_is_asked_for_ahead() -> None:
    async def crawl() -> None:
        peer = Peer(10)
        peer.open()
        found: list[int] = []
        with pytest.raises(MalformedAnswer, match="more than 4 pages"):
            await gather(AsyncPager(peer.fetch, max_pages=4), found)
        assert len(found) == 8
        assert peer.asked == [None, "1", "2", "3"]

    asyncio.run(crawl())
