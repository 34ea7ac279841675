"""Paging headers, a page with broken objects, and the crawl."""

import asyncio
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ocpi211_runtime.errors import MalformedAnswer
from ocpi211_runtime.pages import (
    Arrived,
    AsyncPager,
    Page,
    Pager,
    Rejected,
    page_adapter,
    parse_next,
    read_count,
    sort_out,
    write_link,
)
from tests.runtime.chained import arrived, chain
from tests.runtime.rows import Credentials, Token

urls = st.builds(
    "https://{}/{}".format,
    st.sampled_from(["cpo.example", "localhost:8080", "[::1]"]),
    st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters="<>")),
)


@given(urls)
@example('https://x/?a=1,2;b=3&c="q"')
@pytest.mark.requirement("TF-PAGE-10")
def test_a_link_is_read_as_it_was_written(url: str) -> None:
    assert parse_next([write_link(url)]) == url
    assert write_link(url) == f'<{url}>; rel="next"'


@pytest.mark.parametrize("url", ["https://x/>; rel=x", "https://x/\r\nX: y", "https://x/ y", "https://x/\x7f"])
def test_a_url_that_would_break_out_of_the_header_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="not a URL"):
        write_link(url)


@pytest.mark.requirement("TF-PAGE-17")
@pytest.mark.parametrize(
    "header",
    [
        '<https://x/2>; rel="next"',
        '<https://x/2>;rel="next"',
        "<https://x/2>;rel=next",
        "  <https://x/2> ; REL = next",
        '<https://x/2>; title="a, b; c"; rel="next"',
        '<https://x/1>; rel="prev", <https://x/2>; rel="next"',
        '<https://x/2>; rel="next", <https://x/1>; rel="first"',
        '<https://x/1>;rel=first,<https://x/2>;rel="last next"',
        '<https://x/2>; rel="next";',
        '<https://x/2>; crossorigin; rel="next"',
        '<https://x/2>; rel="NEXT"',
    ],
)
def test_the_next_link_is_found_however_it_is_written(header: str) -> None:
    assert parse_next([header]) == "https://x/2"


def test_the_next_link_may_stand_in_a_header_of_its_own() -> None:
    assert parse_next(['<https://x/1>; rel="prev"', '<https://x/2>; rel="next"']) == "https://x/2"


@pytest.mark.parametrize("headers", [[], [""], ["  "], ['<https://x/1>; rel="prev"'], ["<https://x/1>"]])
def test_without_a_next_link_this_is_the_last_page(headers: list[str]) -> None:
    assert parse_next(headers) is None


@pytest.mark.parametrize("header", ['https://x/2; rel="next"', "<https://x/2", "<https://x/2> rel=next", "next"])
def test_an_unreadable_link_is_not_taken_for_the_last_page(header: str) -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        parse_next([header])


@given(st.text())
def test_no_link_header_breaks_the_reader(header: str) -> None:
    try:
        parse_next([header])
    except ValueError as error:
        assert "cannot be read" in str(error)  # noqa: PT017  (the point is that nothing else is raised)


@pytest.mark.parametrize(
    ("text", "count"),
    [("0", 0), (" 42 ", 42), (None, None), ("", None), ("-1", None), ("1,000", None), ("²", None), ("9" * 30, None)],
)
def test_a_count_is_a_count_or_nothing(text: str | None, count: int | None) -> None:
    assert read_count(text) == count


def read(data: str, *, strict: bool = False) -> tuple[list[Token], list[Rejected]]:
    body = f'{{"data":{data},"status_code":1000,"timestamp":"2024-05-01T12:00:00Z"}}'
    found = page_adapter(Token).validate_json(body, strict=strict or None)
    items, rejected = sort_out(found.data, Token, strict=strict)
    return list(items), rejected


@pytest.mark.requirement("TF-GET-01", "TF-GET-02")
def test_a_broken_object_costs_nothing_but_itself() -> None:
    broken = {"uid": "x" * 40, "valid": "perhaps", "extra": [1, {"a": None}]}
    data = [{"uid": "1", "valid": True}, broken, {"uid": "2", "valid": False}, None]
    items, rejected = read(json.dumps(data))
    assert [item.uid for item in items] == ["1", "2"]
    first, second = rejected
    assert (first.index, first.pointer, first.raw) == (1, "/data/1/uid", broken)
    assert [problem.pointer for problem in first.problems] == ["/data/1/uid", "/data/1/valid"]
    assert first.problems[1].received == "'perhaps'"
    assert (second.index, second.pointer, second.raw) == (3, "/data/3", None)


@given(st.lists(st.booleans(), max_size=12))
def test_good_and_broken_objects_are_told_apart_wherever_they_stand(good: list[bool]) -> None:
    data = [{"uid": str(index), "valid": True} if ok else {"uid": index} for index, ok in enumerate(good)]
    items, rejected = read(json.dumps(data))
    assert [int(item.uid) for item in items] == [index for index, ok in enumerate(good) if ok]
    assert [one.index for one in rejected] == [index for index, ok in enumerate(good) if not ok]
    assert all(one.problems and one.raw == data[one.index] for one in rejected)


def test_the_strict_reading_rejects_more() -> None:
    data = '[{"uid":"1","valid":true,"last_updated":"2024-05-01T12:00:00+02:00"}]'
    assert len(read(data)[0]) == 1
    (found,) = read(data, strict=True)[1]
    assert found.pointer == "/data/0/last_updated"


def test_infinity_is_reported_and_does_not_break_the_report() -> None:
    items, (found,) = read('[{"uid":Infinity,"valid":true}]')
    assert not items
    assert found.pointer == "/data/0/uid"


@pytest.mark.requirement("TF-AUTH-08")
def test_the_report_hides_a_token() -> None:
    body = b'{"data":[{"token":"%b","url":7}],"status_code":1000}' % (b"hush" * 20)
    _, (found,) = sort_out(page_adapter(Credentials).validate_json(body).data, Credentials)
    assert "hush" not in repr(found.problems)


@pytest.mark.requirement("TF-PAGE-12", "GIR-PAGE-01")
def test_a_pager_gives_the_objects_of_all_pages() -> None:
    fetch, asked = chain(3)
    pager = Pager(fetch)
    assert asked == []
    assert list(pager) == [0, 1, 2, 3, 4, 5]
    assert asked == [None, "1", "2"]
    assert len(pager.rejected) == 3
    assert list(pager) == [0, 1, 2, 3, 4, 5]
    assert len(pager.rejected) == 3


def test_a_pager_asks_for_a_page_when_it_is_needed() -> None:
    fetch, asked = chain(3)
    objects = iter(Pager(fetch))
    assert [next(objects), next(objects)] == [0, 1]
    assert asked == [None]


def test_what_is_rejected_is_that_of_the_latest_iteration() -> None:
    fetch, _ = chain(3)
    pager = Pager(fetch)
    earlier = iter(pager)
    next(earlier)
    next(iter(pager))
    list(earlier)
    assert len(pager.rejected) == 1


def test_pages_come_with_their_numbers() -> None:
    fetch, _ = chain(2)
    assert [(page.total, page.limit, list(page.items)) for page in Pager(fetch).pages()] == [
        (4, 2, [0, 1]),
        (4, 2, [2, 3]),
    ]


@pytest.mark.requirement("TF-PAGE-18")
@pytest.mark.parametrize("pages", [1, 2, 5])
def test_no_url_is_fetched_twice(pages: int) -> None:
    fetch, asked = chain(pages, loop=True)
    seen: list[int] = []
    with pytest.raises(MalformedAnswer, match="read already") as caught:
        seen.extend(Pager(fetch, operation="cpo.cdrs.list_cdrs"))
    assert (caught.value.operation, caught.value.url) == ("cpo.cdrs.list_cdrs", "0")
    assert len(asked) == pages


def test_what_stood_before_the_loop_was_given() -> None:
    fetch, _ = chain(2, loop=True)
    objects = iter(Pager(fetch))
    assert [next(objects) for _ in range(4)] == [0, 1, 2, 3]


@pytest.mark.requirement("TF-PAGE-18")
def test_a_crawl_ends_at_the_bound_of_pages() -> None:
    fetch, asked = chain(10)
    with pytest.raises(MalformedAnswer, match="more than 4 pages"):
        list(Pager(fetch, max_pages=4))
    assert len(asked) == 4


@pytest.mark.requirement("TF-PAGE-19")
def test_a_total_that_rises_does_not_restart_the_crawl() -> None:
    pages = {None: Page([1], total=2, url="0", next_url="1"), "1": Page([2], total=3, url="1")}
    assert list(Pager(lambda url: pages[url])) == [1, 2]


def test_an_async_pager_does_the_same() -> None:
    fetch, asked = chain(3, loop=True)

    async def fetch_later(url: str | None) -> Arrived[int]:
        return arrived(fetch(url))

    found: list[int] = []

    async def crawl() -> None:
        async for number in pager:
            found.append(number)  # noqa: PERF401  (what came before the error counts)

    pager = AsyncPager(fetch_later)
    with pytest.raises(MalformedAnswer, match="read already"):
        asyncio.run(crawl())
    assert found == [0, 1, 2, 3, 4, 5]
    assert asked == [None, "1", "2"]
    assert len(pager.rejected) == 3
