"""How pulls of the tool's lists are judged: what a client may do meanwhile, and what loses objects."""

from collections.abc import Sequence
from typing import Any

import pytest

from ocpi211_check.bench import Bench
from ocpi211_check.catalogue import catalogue
from ocpi211_check.evidence import Exchange, Secrets
from ocpi211_check.offered import OfferedList
from ocpi211_check.pretence import Pretence
from ocpi211_check.scenarios.crawls import crawls_of, judge_crawls
from ocpi211_check.settings import Settings
from ocpi211_check.verdicts import Ledger, Verdict
from ocpi211_check.wire import Wire

URL = "https://check.example/tokens"
OLD = "2024-05-06T07:08:09Z"


def offered(count: int, **more: Any) -> OfferedList:
    return OfferedList([{"uid": f"T{number}", "last_updated": OLD} for number in range(count)], **more)


def fetched(listed: OfferedList, *queries: str) -> list[Exchange]:
    """What a client got for these queries, in this order."""
    replies = [(query, listed.page(query, URL)) for query in queries]
    return [
        Exchange(number, "received", "GET", f"{URL}?{query}", status=200, headers=reply.headers, body=reply.body)
        for number, (query, reply) in enumerate(replies)
    ]


def verdicts(calls: Sequence[Exchange], *ids: str) -> list[Verdict]:
    settings = Settings(versions_url="https://target.example/versions", token="x" * 20, role="cpo")
    bench = Bench(settings, Wire(Pretence(settings), settings, Secrets()), Ledger())
    judge_crawls(bench, "tokens", crawls_of(calls))
    return [bench.ledger.finding(catalogue()[id_]).verdict for id_ in ids]


def uids(calls: Sequence[Exchange]) -> list[str]:
    return [item["uid"] for call in calls for item in call.data]


def test_one_object_a_page_until_there_is_no_link() -> None:
    calls = fetched(offered(3), "limit=50", "offset=1", "offset=2")
    assert uids(calls) == ["T0", "T1", "T2"]
    assert [call.header("link") is not None for call in calls] == [True, True, False]
    assert verdicts(calls, "TF-PAGE-12", "TF-PAGE-18") == [Verdict.PASS, Verdict.PASS]


def test_who_stops_at_a_link_of_the_text_has_not_read_the_list() -> None:
    assert verdicts(fetched(offered(3), "", "offset=1"), "TF-PAGE-12") == [Verdict.FAIL]


def test_who_stops_at_another_form_of_link_is_not_failed_for_the_pages() -> None:
    calls = fetched(offered(3, odd=(1,)), "", "offset=1")
    assert verdicts(calls, "TF-PAGE-12", "TF-PAGE-17") == [Verdict.PASS, Verdict.INFO]


def test_a_crawl_that_is_begun_anew_because_the_list_grows_loses_nothing() -> None:
    listed = offered(3, added={"uid": "LATE", "last_updated": OLD})
    calls = fetched(listed, "", "offset=1", "offset=2", "offset=0", "offset=1", "offset=2", "offset=3")
    assert uids(calls)[-1] == "LATE"
    assert verdicts(calls, "TF-PAGE-12", "TF-PAGE-18", "TF-PAGE-19") == [Verdict.PASS, Verdict.PASS, Verdict.INFO]


@pytest.mark.parametrize(
    ("then", "seen", "verdict"),
    [
        ((), False, Verdict.WARN),
        (("offset=2", "offset=3"), True, Verdict.PASS),
        (("offset=0", "offset=1", "offset=2", "offset=3"), True, Verdict.PASS),
    ],
)
def test_an_object_that_slides_back_is_seen_by_who_steps_back(
    then: tuple[str, ...], *, seen: bool, verdict: Verdict
) -> None:
    calls = fetched(offered(5, gone=2), "", "offset=1", "offset=2", "offset=3", *then)
    assert ("T3" in uids(calls)) == seen
    assert verdicts(calls, "TF-PAGE-20", "TF-PAGE-18") == [verdict, Verdict.PASS]


def test_what_is_pulled_again_is_what_has_changed() -> None:
    listed = offered(2)
    listed.changed = lambda: listed.items[1].update(last_updated="2024-06-01T00:00:00Z")
    calls = fetched(listed, "", "offset=1", "date_from=2024-05-31T00:00:00Z")
    assert uids(calls) == ["T0", "T1", "T1"]
    assert verdicts(calls, "TF-OFF-02") == [Verdict.PASS]
    assert verdicts(fetched(offered(2), "", "offset=1", "offset=0", "offset=1"), "TF-OFF-02") == [Verdict.WARN]
    assert verdicts(fetched(offered(2), "", "offset=1"), "TF-OFF-02") == [Verdict.SKIPPED]


def test_a_page_twice_is_told() -> None:
    assert verdicts(fetched(offered(2), "", "offset=1", "offset=1"), "TF-PAGE-18") == [Verdict.INFO]
