"""A client follows `Link` through 1,000,000 Tokens, and the last page costs what the first did.

Pages of 1,000, over one connection, by the clock, so that what the database spends is in it. Slices of the first pages
and of the last ones are then asked for in turn. The very first, which has no cursor yet, tells how many there are, and
between dates has to count them: it stands apart, with how long others wait at most while it is made. Beside it the page
in the middle for a caller who puts an offset of its own there, which has to be skipped to.
"""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Sequence
from functools import partial

from benchmarks.databases import databases
from benchmarks.filled import LAST_UPDATED, fill, tokens
from benchmarks.plot import plot
from benchmarks.report import RESULTS, Row, section, table
from benchmarks.served import served
from benchmarks.serving import stamp_of
from benchmarks.turns import Slice, in_turn
from benchmarks.wire import EMPTY, Target, encode, run

__all__ = ["TITLE", "report"]

TITLE = "Following Link to the end"
TOKENS, ON_PAGE, AGAIN, ROUNDS, FEW = 1_000_000, 1_000, 5, 20, 5
_LIST = "/ocpi/emsp/2.1.1/tokens?limit=1000"


async def _crawl(target: Target, path: str) -> tuple[list[str], list[float]]:
    """The pages there are, and what each took."""
    paths, took = [], []
    while path:
        (answer,) = await target.ask([encode(target.token, "GET", path)])
        paths.append(path)
        took.append(answer.seconds)
        link = answer.header(b"link").decode()
        path = link[link.index("/ocpi/") : link.index(">")] if link else ""
    return paths, took


async def _compare(target: Target, paths: Sequence[str], middle: str) -> dict[str, list[float]]:
    """In first pages: the last, the very first, one with an offset. And a first one in empty requests."""

    def pages(*paths: str) -> Slice:
        requests = [encode(target.token, "GET", path) for path in paths]
        return partial(target.cost, requests, 1)

    first, last = [*paths[1 : 1 + AGAIN]] * 4, [*paths[-AGAIN:]] * 4
    near = await in_turn(pages(*first), {"last": pages(*last), "empty": partial(target.cost, [EMPTY] * 200, 1)}, ROUNDS)
    far = await in_turn(pages(*first), {"very first": pages(paths[0]), "offset": pages(middle)}, FEW)
    found = {name: [cost.clock for cost in costs] for name, costs in (near | far).items()}
    found["empty"] = [1 / cost for cost in found["empty"]]
    found["waiting"] = [await _beside(target, paths[0]) * 100 for _ in range(FEW)]
    return found


async def _beside(target: Target, path: str) -> float:
    """The longest wait of an empty request while the page is made, as a share of what that takes."""
    counting = asyncio.create_task(target.ask([encode(target.token, "GET", path)]))
    waited = [0.0]
    while not counting.done():
        waited += [answer.seconds for answer in await target.ask([EMPTY] * 5)]
    return max(waited) / (await counting)[0].seconds


def report() -> str:
    """Both databases, without date_from and with it."""
    rows: list[Row] = []
    curves: dict[str, list[tuple[float, float]]] = {}
    with databases() as make:
        for kind, shown in (("sqlite", "SQLite"), ("postgresql", "PostgreSQL")):
            url = make(kind)
            with served({"role": "emsp", "database": url, "synchronous": "NORMAL"}) as (target,):
                fill(url, tokens(range(TOKENS)))
                # All but the oldest thousandth: a filter that the database has to look at on every page.
                dated = f"{_LIST}&date_from={stamp_of(LAST_UPDATED + TOKENS // 1000)}"
                for how, path in (("", _LIST), (", date_from", dated)):
                    paths, took = run(_crawl(target, path))
                    name = f"{shown}{how}, {len(paths):,} pages"
                    found = run(_compare(target, paths, f"{path}&offset={TOKENS // 2}"))
                    rows += [
                        Row(f"last pages; {name}", found["last"], 1.5),
                        Row(f"the very first page; {name}", found["very first"]),
                        Row(f"others wait for it at most, % of its time; {name}", found["waiting"]),
                        Row(f"the page behind offset={TOKENS // 2:,}, put there by hand; {name}", found["offset"]),
                        Row(f"a first page in empty requests; {name}", found["empty"]),
                    ]
                    curves[f"{shown}{how}"] = _curve(took)
    plot(RESULTS.parent / "plots" / "crawl.svg", "A page against its offset", ("offset", "of the second page"), curves)
    text = table("a page of 1,000 Tokens, by the clock", "of the pages behind the first", rows)
    return section(__doc__, text, "![pages](plots/crawl.svg)")


def _curve(took: Sequence[float]) -> list[tuple[float, float]]:
    """Medians of neighbouring pages, as multiples of the first of them."""
    ends = [1, 3, 10, 30, 100, 300, len(took) - 10]
    found = [(end * ON_PAGE, statistics.median(took[end : end + 9])) for end in ends if end < len(took)]
    return [(offset, seconds / found[0][1]) for offset, seconds in found]
