"""A peer whose list has some pages, one behind the other."""

import asyncio
from collections.abc import Callable

from ocpi211_runtime.errors import MalformedAnswer
from ocpi211_runtime.pages import Arrived, Page, Rejected


def chain(pages: int, *, loop: bool = False) -> tuple[Callable[[str | None], Page[int]], list[str | None]]:
    """Pages 0, 1, …, each with two numbers; in a loop the last leads to the first."""
    asked: list[str | None] = []

    def fetch(url: str | None) -> Page[int]:
        asked.append(url)
        number = int(url or 0)
        last = number == pages - 1
        following = (None if not loop else "0") if last else str(number + 1)
        rejected = [Rejected(2, "/data/2", (), None)]
        return Page([2 * number, 2 * number + 1], rejected, 2 * pages, 2, str(number), following)

    return fetch, asked


def arrived(page: Page[int]) -> Arrived[int]:
    return Arrived(lambda: page, page.url, page.next_url)


class Peer:
    """Pages that come one after the other, each when it is let through."""

    def __init__(self, pages: int, *, loop: bool = False, broken: int | None = None) -> None:
        self._fetch, self.asked = chain(pages, loop=loop)
        self._broken = broken
        self.doors = [asyncio.Event() for _ in range(pages)]
        self.given_up = 0

    async def fetch(self, url: str | None) -> Arrived[int]:
        page = self._fetch(url)
        try:
            await self.doors[int(url or 0)].wait()
        except asyncio.CancelledError:
            self.given_up += 1
            raise
        if self._broken == int(url or 0):
            raise MalformedAnswer("it is not JSON")
        return arrived(page)

    def open(self) -> None:
        for door in self.doors:
            door.set()
