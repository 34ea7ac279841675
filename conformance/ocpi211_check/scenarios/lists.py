"""Lists: pages, headers, filters (transport_and_format.md, Pagination). Every list of the target is asked the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import parse_qs, urlsplit

from ocpi211_check.bench import Inconclusive
from ocpi211_check.rules.reading import moment
from ocpi211_check.scenario import Scenario, scenario
from ocpi211_runtime.pages import parse_next, read_count
from ocpi211_runtime.scalars import write_date_time
from ocpi211_runtime.urls import origin

if TYPE_CHECKING:
    from ocpi211_check.bench import Bench
    from ocpi211_check.catalogue import Role
    from ocpi211_check.evidence import Exchange

__all__ = ["LISTS", "Listing", "crawl", "list_scenarios", "next_url"]

_EARLY: Final = "2000-01-01T00:00:00Z"
_LATE: Final = "2099-12-31T00:00:00Z"
_MOST_PAGES: Final = 40
_SECOND: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Listing:
    """One list of a role."""

    role: Role
    module: str
    filtered: str
    """The requirement that says that its date filters filter."""
    least: int
    """How many objects the hub wants to see, to see pages."""
    needs_date: bool = False

    @property
    def operation(self) -> str:
        """What reads it."""
        return f"{self.module}.list_{self.module}"

    def key(self, item: object) -> str:
        """What tells one object of the list from the others."""
        found = cast("Mapping[str, Any]", item) if isinstance(item, dict) else {}
        return f"{found.get('uid')} {found.get('type')}" if self.module == "tokens" else str(found.get("id"))

    def query(self, **more: str) -> dict[str, str]:
        """A query with what the list cannot do without."""
        return {**({"date_from": _EARLY} if self.needs_date else {}), **more}


LISTS: Final = (
    Listing("cpo", "locations", "LOC-CPO-02", 21),
    Listing("cpo", "sessions", "SES-CPO-01", 0, needs_date=True),
    Listing("cpo", "cdrs", "CDR-CPO-05", 21),
    Listing("cpo", "tariffs", "TAR-CPO-03", 101),
    Listing("emsp", "tokens", "TOK-EMSP-02", 0),
)


def next_url(exchange: Exchange) -> str | None:
    """The target of Link next; None without one, or where it cannot be read."""
    try:
        return parse_next([value for name, value in exchange.headers if name.lower() == "link"])
    except ValueError:
        return None


def _items(exchange: Exchange) -> list[Any]:
    return exchange.data if isinstance(exchange.data, list) else []


def _total(exchange: Exchange) -> int:
    return read_count(exchange.header("x-total-count")) or 0


def _cut(pages: list[Exchange]) -> bool:
    """Whether there is more than the check reads."""
    return len(pages) >= _MOST_PAGES and next_url(pages[-1]) is not None


def _leads_away(page: Exchange, url: str) -> bool:
    """Whether the token must not follow: to another origin, or to plain HTTP."""
    try:
        return origin(url) != origin(page.url)
    except ValueError:
        return True


async def crawl(bench: Bench, listing: Listing, query: Mapping[str, str]) -> tuple[list[Any], list[Exchange]]:
    """The objects of a list and the pages they came on, as far as the check goes."""
    page = bench.need(await bench.call(listing.operation, query=query), f"the list of {listing.module}")
    pages, items, seen = [page], _items(page), {page.url}
    while (url := next_url(page)) and len(pages) < _MOST_PAGES:
        if url in seen or _leads_away(page, url):
            break
        seen.add(url)
        page = await bench.call(listing.operation, url=url)
        pages.append(page)
        if not page.ok:
            break
        items = [*items, *_items(page)]
    return items, pages


async def _pages(bench: Bench, listing: Listing) -> None:
    first = await bench.call(listing.operation, query=listing.query())
    bench.that(first.ok, "TF-PAGE-13", f"without offset and limit: {first.told}", first)
    bench.need(first, f"the list of {listing.module}")
    total, data = _total(first), _items(first)
    headed = first.header("x-total-count") is not None and first.header("x-limit") is not None
    complete = len(data) == total or next_url(first) is not None
    bench.that(headed and complete, "TF-PAGE-14", f"{len(data)} of {total} objects, no way to the others", first)
    bench.that(headed, "GIR-PAGE-02", "no paging headers: the hub ignores such an answer", first)
    step = max(1, -(-total // 6))
    items, pages = await crawl(bench, listing, listing.query(offset="0", limit=str(step)))
    bench.lists[listing.module] = [item for item in items if isinstance(item, dict)]
    if _cut(pages):
        bench.cut.add(listing.module)
    _paged(bench, listing, pages, total)
    await _counted(bench, listing, items, pages)
    if listing.least and total < 2:
        bench.open("GIR-PAGE-03", f"{total} {listing.module}: too few to show pages, the hub wants {listing.least}")
    elif listing.least:
        several = total >= listing.least or len(pages) > 1
        bench.that(several, "GIR-PAGE-03", f"{total} {listing.module}, on one page", *pages[:1])
    big = await bench.call(listing.operation, query=listing.query(limit="1000000"))
    bench.that(big.ok, "TF-PAGE-11", f"limit=1000000 is answered {big.told}", big)
    for name, value in (("limit", "0"), ("offset", "-1"), ("limit", "ten")):
        odd = await bench.call(listing.operation, query=listing.query(**{name: value}), odd=True)
        bench.that(odd.code == 2001, "TF-PAGE-15", f"{name}={value} is answered {odd.told}", odd)


def _paged(bench: Bench, listing: Listing, pages: list[Exchange], total: int) -> None:
    """What the crawl as a whole shows."""
    ids = [listing.key(item) for page in pages for item in _items(page)]
    if len({_total(page) for page in pages}) > 1:
        bench.open("TF-PAGE-03", "the list changed while it was read")
    elif _cut(pages):
        bench.open("TF-PAGE-03", f"{listing.module}: longer than the check reads")
    elif (url := next_url(pages[-1])) and _leads_away(pages[-1], url):
        bench.open("TF-PAGE-03", f"Link leads to another origin, where the token does not go: {url}")
    else:
        text = f"{len(ids)} {listing.module} on {len(pages)} pages, X-Total-Count {total}"
        bench.that(len(set(ids)) == total, "TF-PAGE-03", text, *pages[:3])
        bench.that(len(set(ids)) == len(ids), "TF-PAGE-04", f"ids come twice: {text}", *pages[:3])


async def _counted(bench: Bench, listing: Listing, items: list[Any], pages: list[Exchange]) -> None:
    """The same list, cut in other ways."""
    total = _total(pages[0])
    if total < 2:
        for id_ in ("TF-PAGE-06", "TF-PAGE-07", "TF-PAGE-08", "TF-PAGE-16"):
            bench.open(id_, f"{listing.module}: fewer than two objects")
        return
    again = await bench.call(listing.operation, url=pages[0].url)
    same = [listing.key(item) for item in _items(again)] == [listing.key(item) for item in _items(pages[0])]
    if same or _total(again) == total:
        bench.that(same, "TF-PAGE-04", "the same URL gave other objects", pages[0], again)
    part = await bench.call(listing.operation, query=listing.query(offset="1", limit="1"))
    if _total(part) != _total(again) and _total(await bench.call(listing.operation, url=pages[0].url)) != _total(again):
        bench.open("TF-PAGE-07", f"{listing.module}: the list changed while it was read")
    else:
        same = _total(part) == _total(again)
        bench.that(same, "TF-PAGE-07", f"X-Total-Count {_total(part)} and {_total(again)}", again, part)
    cut = [listing.key(item) for item in _items(part)]
    wanted = [listing.key(item) for item in items[1:2]]
    bench.that(cut == wanted, "TF-PAGE-08", f"offset=1&limit=1 gives {cut}, the list has {wanted} there", part)
    await _link_keeps(bench, listing)


async def _link_keeps(bench: Bench, listing: Listing) -> None:
    page = await bench.call(listing.operation, query={"date_from": _EARLY, "date_to": _LATE, "limit": "1"})
    url = next_url(page)
    if url is None:
        bench.open("TF-PAGE-06", f"{listing.module}: no Link to look at")
        return
    query = parse_qs(urlsplit(url).query)
    kept = "date_from" in query and "date_to" in query
    bench.that(kept, "TF-PAGE-06", f"Link is {url}", page)
    elsewhere = await bench.call(
        listing.operation, query=listing.query(limit="1"), headers={"Host": "ocpi-check.example"}
    )
    if elsewhere.ok and (link := next_url(elsewhere)):
        there = urlsplit(link).hostname == "ocpi-check.example"
        bench.that(not there, "TF-PAGE-16", "Link repeats the Host of the request", elsewhere)


async def _filters(bench: Bench, listing: Listing) -> None:
    items = bench.lists.get(listing.module, [])
    dated = {listing.key(item): at for item in items if (at := moment(item.get("last_updated")))}
    for name in ("date_from", "date_to"):
        odd = await bench.call(listing.operation, query=listing.query(**{name: "yesterday"}), odd=True)
        bench.that(odd.code == 2001, "TF-DATE-02", f"{name}=yesterday is answered {odd.told}", odd)
        bench.that(odd.code == 2001, "ST-2001-02", f"{name}=yesterday is answered {odd.told}", odd)
    if not dated:
        raise Inconclusive(f"the list of {listing.module} is empty")
    if not listing.needs_date:
        alone = await bench.call(listing.operation, query={"date_to": _EARLY})
        bench.that(alone.ok, "LOC-CPO-08", f"date_to alone is answered {alone.told}", alone)
    middle = sorted(dated.values())[len(dated) // 2]
    await _bounds(bench, listing, dated, middle)
    bare = write_date_time(middle).removesuffix("Z")
    whole, local = [
        await bench.call(listing.operation, query={"date_from": text, "limit": "1"}) for text in (bare + "Z", bare)
    ]
    same = local.ok and _total(local) == _total(whole)
    bench.that(same, "TY-DT-03", f"date_from={bare} is answered {local.told}, {_total(local)} objects", whole, local)


async def _bounds(bench: Bench, listing: Listing, dated: Mapping[str, datetime], middle: datetime) -> None:
    """One side of a moment, then the other; then the moment itself, which the text leaves open."""
    after = middle + _SECOND
    later, pages = await _between(bench, listing, date_from=after)
    earlier, others = await _between(bench, listing, date_to=middle)
    if _cut(pages) or _cut(others):
        raise Inconclusive(f"the list of {listing.module} is longer than the check reads")
    wrong = {
        "date_from": {key for key, at in dated.items() if key not in later if at > after}
        | {key for key, at in dated.items() if key in later if at <= middle},
        "date_to": {key for key, at in dated.items() if at != middle and (key in earlier) != (at < middle)},
    }
    if bench.settings.hub:  # it may go by the time of receipt, which is later and nowhere told
        wrong = {"date_from": wrong["date_from"] - later.keys(), "date_to": wrong["date_to"] & earlier.keys()}
    known = await _unchanged(bench, listing, dated) if any(wrong.values()) else {}
    for name, at, shown in (("date_from", after, pages), ("date_to", middle, others)):
        odd = wrong[name] & known.keys()
        told = f"{name}={write_date_time(at)}: missing, or too many, are {sorted(odd)[:3]}"
        bench.that(not odd, listing.filtered, told, *shown[:2])
    edge = {key for key, at in dated.items() if at == middle}
    begins, first = await _between(bench, listing, date_from=middle)
    inside, outside = edge <= begins.keys(), not edge & earlier.keys()
    text = f"date_from is {'in' if inside else 'out'}, date_to is {'out' if outside else 'in'}"
    bench.that(inside and outside, "TF-DATE-01", text, *first[:1], *others[:1])
    if listing.module == "tokens":
        bench.that(inside, "TOK-EMSP-03", "date_from itself is left out: overlap pulls by a second", *first[:1])


async def _between(bench: Bench, listing: Listing, **query: datetime) -> tuple[dict[str, Any], list[Exchange]]:
    asked = {name: write_date_time(value) for name, value in query.items()}
    found, pages = await crawl(bench, listing, listing.query(**asked))
    return {listing.key(item): item for item in found}, pages


async def _unchanged(bench: Bench, listing: Listing, dated: Mapping[str, datetime]) -> dict[str, datetime]:
    """What has the date it had before: an object that changed meanwhile stands elsewhere, and rightly so."""
    found, _ = await crawl(bench, listing, listing.query())
    now = {listing.key(item): moment(item.get("last_updated")) for item in found if isinstance(item, dict)}
    return {key: at for key, at in dated.items() if now.get(key) == at}


def _scenarios(listing: Listing) -> tuple[Scenario, Scenario]:
    async def pages(bench: Bench) -> None:
        await _pages(bench, listing)

    async def filters(bench: Bench) -> None:
        await _filters(bench, listing)

    numbers = ("03", "04", "06", "07", "08", "11", "13", "14", "15", "16")
    hub = ("GIR-PAGE-02", *(["GIR-PAGE-03"] if listing.least else []))
    dates = ("TF-DATE-01", "TF-DATE-02", "ST-2001-02", "TY-DT-03", listing.filtered)
    more = {"locations": ("LOC-CPO-08",), "tokens": ("TOK-EMSP-03",)}.get(listing.module, ())
    return (
        scenario(
            f"the pages of {listing.module}",
            *(f"TF-PAGE-{number}" for number in numbers),
            *hub,
            roles=(listing.role,),
            module=listing.module,
        )(pages),
        scenario(f"the dates of {listing.module}", *dates, *more, roles=(listing.role,), module=listing.module)(
            filters
        ),
    )


def list_scenarios() -> list[Scenario]:
    """Two for each list."""
    return [made for listing in LISTS for made in _scenarios(listing)]
