"""Lists come in pages (transport_and_format.md, Pagination): the headers, one page, and the crawl over all of them.

One broken object never costs the others: a page has the good ones as `items` and tells of the rest in `rejected`.
"""

from __future__ import annotations

import re
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Generic, TypeVar

from pydantic import ValidationError
from pydantic_core import CoreSchema, core_schema, to_json

from ocpi211_runtime.ahead import under_way
from ocpi211_runtime.envelope import envelope_adapter
from ocpi211_runtime.errors import MalformedAnswer
from ocpi211_runtime.operation import type_adapter
from ocpi211_runtime.problems import Problem, problems_of

if TYPE_CHECKING:
    from collections.abc import (
        AsyncGenerator,
        AsyncIterator,
        Callable,
        Coroutine,
        Hashable,
        Iterable,
        Iterator,
        Sequence,
    )

    from pydantic import GetCoreSchemaHandler

    from ocpi211_runtime.printable import JsonReader

__all__ = [
    "MAX_PAGES",
    "Arrived",
    "AsyncPager",
    "Page",
    "Pager",
    "Rejected",
    "page_adapter",
    "parse_next",
    "read_count",
    "sort_out",
    "write_link",
]

T = TypeVar("T")

MAX_PAGES = 100_000


@dataclass(frozen=True, slots=True)
class Rejected:
    """An object of a page that breaks the schema. To be logged and told to the peer, says the text."""

    index: int
    pointer: str
    """Where the first problem is, as `/data/3/uid`."""
    problems: tuple[Problem, ...]
    raw: object
    """The object as parsed, untouched."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One answer to a list call. `total` and `limit` are None where the peer leaves the headers out."""

    items: Sequence[T]
    rejected: Sequence[Rejected] = ()
    total: int | None = None
    limit: int | None = None
    url: str = ""
    """Where this page was asked for."""
    next_url: str | None = None
    """Where the next one is; None on the last page."""


@dataclass(frozen=True, slots=True)
class Arrived(Generic[T]):
    """A page that has come and is not read yet: where the next one is stands in its headers."""

    read: Callable[[], Page[T]]
    url: str = ""
    next_url: str | None = None
    body: bytes = field(default=b"", repr=False)
    """As received, for who has to keep objects as they came."""


@dataclass(frozen=True, slots=True)
class _Broken:
    raw: object


@dataclass(frozen=True, slots=True)
class _EachOnItsOwn:
    """A list that takes what its items refuse as `_Broken`: good items are validated exactly once, in Rust."""

    item: Hashable

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        item = handler.generate_schema(self.item)
        broken = core_schema.no_info_plain_validator_function(_Broken)
        return core_schema.list_schema(core_schema.union_schema([item, broken], mode="left_to_right"))


@cache
def page_adapter(item: Hashable) -> JsonReader[Any]:
    """The reader of a page of this type; what it gives as data goes through `sort_out`."""
    return envelope_adapter(Annotated[list[object], _EachOnItsOwn(item)])


def sort_out(
    data: Sequence[Any], item: Hashable, *, strict: bool = False, secret: str = ""
) -> tuple[Sequence[Any], list[Rejected]]:
    """The good objects of a page, and a report of the others."""
    if _Broken not in set(map(type, data)):  # in C, for almost every page
        return data, []
    broken = [(index, found.raw) for index, found in enumerate(data) if isinstance(found, _Broken)]
    rejected = [_report(index, raw, item, strict=strict, secret=secret) for index, raw in broken]
    return [found for found in data if not isinstance(found, _Broken)], rejected


def _report(index: int, raw: object, item: Hashable, *, strict: bool, secret: str) -> Rejected:
    pointer = f"/data/{index}"
    problems: tuple[Problem, ...] = ()
    try:
        # Back to JSON: read as Python objects it would be judged by other rules.
        type_adapter(item).validate_json(to_json(raw, inf_nan_mode="constants"), strict=strict or None)
    except ValidationError as error:
        problems = problems_of(error, pointer, secret=secret)
    problems = problems or (Problem(pointer, "unreadable", "Input should be a valid object"),)
    return Rejected(index, problems[0].pointer, problems, raw)


_target = re.compile(r"\s*<([^>]*)>\s*")
_link_parameter = re.compile(r""";\s*([!#$%&*+.^`|~\w-]+)\s*(?:=\s*("(?:[^"\\]|\\.)*"|[^\s;,"]*))?\s*""")
_count = re.compile(r"\s*[0-9]{1,18}\s*")
_unsafe_in_link = re.compile(r"[<>\s\x00-\x1f\x7f]")


def parse_next(values: Iterable[str]) -> str | None:
    """The target of `rel="next"` in Link headers (RFC 8288), as it stands there; None if there is none.

    A header that cannot be read is a ValueError: taken for "no next page" it would lose the rest of the list.
    """
    for value in values:
        rest = value.strip()
        while rest:
            target, rels, rest = _first_link(rest)
            if "next" in rels:
                return target
    return None


def _first_link(text: str) -> tuple[str, list[str], str]:
    """(target, its relation types, what stands behind the comma)."""
    found = _target.match(text)
    if found is None:
        raise ValueError("the Link header cannot be read")
    target, at, rels = found[1].strip(), found.end(), list[str]()
    while parameter := _link_parameter.match(text, at):
        at = parameter.end()
        if parameter[1].lower() == "rel" and not rels:  # RFC 8288: only the first counts
            rels = (parameter[2] or "").strip('"').lower().split()
    rest = text[at:].lstrip("; \t")
    if rest and not rest.startswith(","):
        raise ValueError("the Link header cannot be read")
    return target, rels, rest.lstrip(", \t")


def write_link(url: str) -> str:
    """The Link header to the next page. ValueError for a URL that would break out of it."""
    if _unsafe_in_link.search(url):
        raise ValueError("not a URL for a Link header")
    return f'<{url}>; rel="next"'


def read_count(text: str | None) -> int | None:
    """The value of X-Total-Count or X-Limit; None where it is missing or no count."""
    return int(text) if text and _count.fullmatch(text) else None


class _Crawl:
    """The guard of one crawl: no URL twice, not more pages than allowed."""

    def __init__(self, operation: str, max_pages: int) -> None:
        self._operation = operation
        self._seen: set[str] = set()
        self._max_pages = max_pages

    def follow(self, page: Page[Any] | Arrived[Any]) -> str | None:
        """The URL of the page behind this one, None if it is the last."""
        self._seen.add(page.url)
        if page.next_url is None:
            return None
        if page.next_url in self._seen:
            raise self._stopped("the Link leads back to a page that was read already", page.next_url)
        if len(self._seen) >= self._max_pages:
            raise self._stopped(f"the list has more than {self._max_pages} pages", page.next_url)
        return page.next_url

    def _stopped(self, reason: str, url: str) -> MalformedAnswer:
        return MalformedAnswer(reason, operation=self._operation, url=url)


class Pager(Generic[T]):
    """A list of the peer: iterate over its objects, or over `pages()`. Each iteration asks anew."""

    def __init__(
        self, fetch: Callable[[str | None], Page[T]], *, operation: str = "", max_pages: int = MAX_PAGES
    ) -> None:
        self._fetch = fetch
        self._operation = operation
        self._max_pages = max_pages
        self.rejected: list[Rejected] = []
        """The broken objects that the latest iteration over objects has met so far."""

    def pages(self) -> Iterator[Page[T]]:
        """Page by page, following `Link`. Raises what any call raises; the pages before were given already."""
        crawl = _Crawl(self._operation, self._max_pages)
        page = self._fetch(None)
        yield page
        while (url := crawl.follow(page)) is not None:
            page = self._fetch(url)
            yield page

    def __iter__(self) -> Iterator[T]:
        rejected = self.rejected = list[Rejected]()  # an earlier iteration may go on, with its own
        for page in self.pages():
            rejected.extend(page.rejected)
            yield from page.items


class AsyncPager(Generic[T]):
    """A list of the peer: iterate over its objects, or over `pages()`. Each iteration asks anew.

    While a page is read and worked on, the next one is on its way already. Who breaks off has asked for one page too
    many: it is given up, at once if the iteration is closed (`contextlib.aclosing`), else when it is collected.
    """

    def __init__(
        self,
        fetch: Callable[[str | None], Coroutine[Any, Any, Arrived[T]]],
        *,
        operation: str = "",
        max_pages: int = MAX_PAGES,
    ) -> None:
        self._fetch = fetch
        self._operation = operation
        self._max_pages = max_pages
        self.rejected: list[Rejected] = []
        """The broken objects that the latest iteration over objects has met so far."""

    async def pages(self) -> AsyncGenerator[Page[T]]:
        """Page by page, following `Link`. Raises what any call raises; the pages before were given already."""
        crawl = _Crawl(self._operation, self._max_pages)
        arrived, following = await self._fetch(None), True
        while following:
            stopped: MalformedAnswer | None = None
            try:
                url = crawl.follow(arrived)
            except MalformedAnswer as error:  # in its turn: behind the page that leads there
                url, stopped = None, error
            async with under_way(None if url is None else self._fetch(url)) as coming:
                yield arrived.read()
                if stopped is not None:
                    raise stopped
                following = coming is not None
                if coming is not None:
                    arrived = await coming

    async def __aiter__(self) -> AsyncIterator[T]:
        rejected = self.rejected = list[Rejected]()  # an earlier iteration may go on, with its own
        async with aclosing(self.pages()) as pages:
            async for page in pages:
                rejected.extend(page.rejected)
                for item in page.items:
                    yield item
