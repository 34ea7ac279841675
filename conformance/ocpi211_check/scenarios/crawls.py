"""Judges how a target pulled the tool's lists: page after page, whatever happened to them meanwhile.

transport_and_format.md, Pagination and Offline behaviour.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from ocpi211_check.offered import is_plain
from ocpi211_check.rules.reading import moment
from ocpi211_runtime.pages import parse_next, read_count

if TYPE_CHECKING:
    from ocpi211_check.bench import Bench
    from ocpi211_check.evidence import Exchange

__all__ = ["Crawl", "crawls_of", "judge_crawls", "query_of"]

_CLOCKS_APART = timedelta(seconds=120)


def query_of(url: str) -> Mapping[str, str]:
    """The parameters of a URL."""
    return {name: values[-1] for name, values in parse_qs(urlsplit(url).query).items()}


def _offset(call: Exchange) -> int:
    return read_count(query_of(call.url).get("offset")) or 0


def _next(call: Exchange) -> int | None:
    """The offset that the page's Link leads to."""
    link = call.header("link")
    found = parse_next([link]) if link else None
    return None if found is None else read_count(query_of(found).get("offset"))


def _total(call: Exchange) -> int:
    return read_count(call.header("x-total-count")) or 0


@dataclass
class Crawl:
    """The pages of a list from the first on, in the order in which they were fetched."""

    pages: list[Exchange] = field(default_factory=list["Exchange"])

    @property
    def whole(self) -> bool:
        """Whether it came to the end of the list."""
        return any(_next(page) is None for page in self.pages)

    @property
    def since(self) -> str:
        """The `date_from` it began with."""
        return query_of(self.pages[0].url).get("date_from", "")

    def pairs(self) -> Iterator[tuple[Exchange, Exchange]]:
        """Each page with the one fetched next."""
        return zip(self.pages, self.pages[1:], strict=False)

    def fell(self) -> int | None:
        """Which page told of fewer objects than the one before."""
        pairs = enumerate(self.pairs(), 1)
        return next((at for at, (before, page) in pairs if _total(page) < _total(before)), None)


def crawls_of(calls: Sequence[Exchange]) -> list[Crawl]:
    """The pages of one list, parted where it is begun anew."""
    found: list[Crawl] = []
    for call in calls:
        if not found or not _offset(call):
            found.append(Crawl())
        found[-1].pages.append(call)
    return found


def judge_crawls(bench: Bench, module: str, crawls: Sequence[Crawl]) -> None:
    """All that can be told of the pulls of one list."""
    for number, crawl in enumerate(crawls):
        # Begun anew, a crawl may go where the one before did not.
        same = [other for other in crawls[number:] if other.since == crawl.since]
        _followed(bench, module, crawl.pages, {_offset(page) for other in same for page in other.pages})
        _once(bench, module, crawl)
        _risen(bench, crawl)
        _fallen(bench, crawl, crawls)
    _again(bench, module, crawls)


def _followed(bench: Bench, module: str, pages: Sequence[Exchange], asked: set[int]) -> None:
    for page in pages:
        link, following = page.header("link") or "", _next(page)
        if following is None:
            continue
        went = following in asked
        if not went and _under_way(bench, page):
            continue
        if not is_plain(link):
            bench.that(went, "TF-PAGE-17", f"of {module} it did not follow the Link {link}", page)
            continue
        text = f"of {_total(page)} pages of {module} it asked for {len(asked)}, and not for offset {following}"
        bench.that(went, "TF-PAGE-12", text, page)
        bench.that(went, "GIR-PAGE-01", text, page)


def _under_way(bench: Bench, page: Exchange) -> bool:
    """Whether it came just now: the next one may be on its way."""
    arrived = bench.counterpart.arrived.get(page.number) if bench.counterpart else None
    return arrived is not None and time.monotonic() - arrived < bench.settings.quiet


def _once(bench: Bench, module: str, crawl: Crawl) -> None:
    if len(crawl.pages) < 2:
        return
    fell = crawl.fell()
    urls = [page.url for page in crawl.pages[:fell]]
    text = f"of {module} it fetched a page twice"
    bench.that(len(set(urls)) == len(urls), "TF-PAGE-18", text, *crawl.pages[:3])


def _risen(bench: Bench, crawl: Crawl) -> None:
    for before, page in crawl.pairs():
        if _total(page) > _total(before) and _next(page) is not None:
            went = any(_offset(later) == _next(page) for later in crawl.pages)
            bench.that(went, "TF-PAGE-19", f"X-Total-Count rose to {_total(page)}: the crawl did not go on", page)


def _fallen(bench: Bench, crawl: Crawl, crawls: Sequence[Crawl]) -> None:
    fell = crawl.fell()
    if fell is None:
        return
    page = crawl.pages[fell]
    back = any(_offset(later) == _offset(page) - 1 for later in crawl.pages[fell + 1 :])
    anew = any(not other.since for other in crawls[crawls.index(crawl) + 1 :])
    text = (
        f"X-Total-Count fell to {_total(page)}: offset {_offset(page) - 1} was not asked for again, one object is lost"
    )
    bench.that(back or anew, "TF-PAGE-20", text, crawl.pages[fell - 1], page)


def _again(bench: Bench, module: str, crawls: Sequence[Crawl]) -> None:
    """What was pulled before is pulled again as far as it has changed."""
    first = next((at for at, crawl in enumerate(crawls) if crawl.whole), None)
    later = [] if first is None else crawls[first + 1 :]
    if module == "sessions" or not later:  # of Sessions, date_from is never left out
        return
    since = next((crawl.since for crawl in later if crawl.since), "")
    page = later[0].pages[0]
    known = moment(since)
    soon = known is not None and known <= datetime.now(UTC) + _CLOCKS_APART
    bench.that(soon, "TF-OFF-02", f"{module} are pulled again with date_from {since!r}", page)
