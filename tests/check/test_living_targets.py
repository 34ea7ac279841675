"""Targets that live: lists that grow and change while they are read, long ones, and a registration that fails."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from ocpi211_check import samples
from ocpi211_check.bench import Bench
from ocpi211_check.catalogue import catalogue
from ocpi211_check.counterpart import Counterpart
from ocpi211_check.evidence import Secrets
from ocpi211_check.pretence import Pretence
from ocpi211_check.runner import Run
from ocpi211_check.scenarios import SCENARIOS
from ocpi211_check.settings import Settings
from ocpi211_check.verdicts import Finding, Ledger, Verdict
from ocpi211_check.wire import Wire
from ocpi211_faults.fault import answer
from ocpi211_runtime.errors import Timeout
from ocpi211_runtime.exchange import Request, Response
from ocpi211_runtime.scalars import write_date_time

START = datetime(2024, 5, 6, 7, 0, tzinfo=UTC)
PLAYED = {"the pages of locations", "the dates of locations"}
SETTINGS = Settings(
    versions_url="https://target.example/cpo/versions", token="x" * 20, role="cpo", profile="gireve-1.2.2"
)


def at(minutes: int) -> str:
    return write_date_time(START + timedelta(minutes=minutes))


def places(count: int) -> list[dict[str, Any]]:
    return [samples.location(f"LOC{number}", at(number), "FR*CPO") for number in range(count)]


class Living(Pretence):
    """A CPO whose list of Locations is filtered and paged as the text says, and changes as it likes."""

    def __init__(
        self, items: list[dict[str, Any]], most: int = 1000, happens: Callable[[int], None] | None = None
    ) -> None:
        super().__init__(SETTINGS)
        self.items, self.most, self.happens, self.asked = items, most, happens, 0

    async def send(self, request: Request, *, timeout: float, max_bytes: int) -> Response:  # noqa: ASYNC109
        if not urlsplit(request.url).path.endswith("/locations"):
            return await super().send(request, timeout=timeout, max_bytes=max_bytes)
        self.asked += 1
        if self.happens:
            self.happens(self.asked)
        query = {name: values[0] for name, values in parse_qs(urlsplit(request.url).query).items()}
        if query.get("limit") == "0" or not all(query.get(name, "1").isdigit() for name in ("offset", "limit")):
            return answer({}, 200, 2001)
        since, until = query.get("date_from", ""), query.get("date_to", "9999")
        shown = [item for item in self.items if since <= item["last_updated"] < until]
        offset, limit = int(query.get("offset", 0)), min(int(query.get("limit", self.most)), self.most)
        headers = {"x-total-count": str(len(shown)), "x-limit": str(limit)}
        if offset + limit < len(shown):
            kept = "".join(f"&{name}={query[name]}" for name in ("date_from", "date_to") if name in query)
            base = request.url.partition("?")[0]
            headers["link"] = f'<{base}?offset={offset + limit}&limit={limit}{kept}>; rel="next"'
        return answer(shown[offset : offset + limit], headers=headers)


def findings(transport: Living) -> dict[str, Finding]:
    bench = Bench(SETTINGS, Wire(transport, SETTINGS, Secrets("x" * 20)), Ledger(), None, "x" * 20)
    chosen = [found for found in SCENARIOS if found.name in PLAYED]
    report = asyncio.run(Run(bench, scenarios=chosen).go())
    assert report.errors == ()
    return {finding.row.id: finding for finding in report.findings}


def test_an_object_that_changes_while_a_list_is_read_is_not_missed() -> None:
    items = places(9)

    def touched(asked: int) -> None:
        if asked > 8:  # after the list was read, before its filters are tried
            items[2]["last_updated"] = at(60 + asked)

    found = findings(Living(items, happens=touched))
    assert found["LOC-CPO-02"].breaches == ()
    assert found["LOC-CPO-02"].verdict is Verdict.PASS


def test_a_list_that_grows_while_it_is_read_counts_no_worse() -> None:
    items = places(9)

    def grown(asked: int) -> None:
        items.append(samples.location(f"NEW{asked}", at(100 + asked), "FR*CPO"))

    found = findings(Living(items, happens=grown))
    assert {id_ for id_ in found if id_.startswith("TF-PAGE") and found[id_].breaches} == set()
    assert found["TF-PAGE-07"].verdict is Verdict.INCONCLUSIVE


def test_a_list_longer_than_the_check_reads_is_left_open() -> None:
    found = findings(Living(places(300), most=2))
    assert found["LOC-CPO-02"].verdict is Verdict.INCONCLUSIVE
    assert "longer than the check reads" in found["LOC-CPO-02"].reason
    assert found["TF-PAGE-03"].verdict is Verdict.INCONCLUSIVE


def test_an_empty_list_shows_no_pages_and_fails_nothing() -> None:
    found = findings(Living([]))
    assert found["GIR-PAGE-03"].breaches == () or "locations" not in found["GIR-PAGE-03"].breaches[0].detail
    assert found["LOC-CPO-02"].verdict is Verdict.INCONCLUSIVE


def test_an_answer_that_does_not_come_in_time_is_no_wrong_answer() -> None:
    class Slow(Living):
        async def send(self, request: Request, *, timeout: float, max_bytes: int) -> Response:  # noqa: ASYNC109
            if "limit=1000000" in request.url:
                raise Timeout("no answer in time", operation=request.operation, url=request.url)
            return await super().send(request, timeout=timeout, max_bytes=max_bytes)

    found = findings(Slow(places(9)))["TF-PAGE-11"]
    assert found.verdict is Verdict.INCONCLUSIVE
    assert "no answer in time" in found.reason


def test_the_token_does_not_follow_a_link_to_another_origin() -> None:
    asked: list[str] = []

    class Astray(Living):
        async def send(self, request: Request, *, timeout: float, max_bytes: int) -> Response:  # noqa: ASYNC109
            asked.append(request.url)
            came = await super().send(request, timeout=timeout, max_bytes=max_bytes)
            headers = [(name, value.replace("https://", "http://")) for name, value in came.headers]
            return replace(came, headers=headers)

    found = findings(Astray(places(9)))["TF-PAGE-03"]
    assert found.verdict is Verdict.INCONCLUSIVE
    assert "another origin" in found.reason
    assert not [url for url in asked if url.startswith("http://")]


@pytest.mark.parametrize("lost", [0, 3])
def test_a_filter_that_loses_objects_is_still_found(lost: int) -> None:
    class Losing(Living):
        async def send(self, request: Request, *, timeout: float, max_bytes: int) -> Response:  # noqa: ASYNC109
            came = await super().send(request, timeout=timeout, max_bytes=max_bytes)
            if "date_to=" not in request.url or "/locations" not in request.url:
                return came
            found = json.loads(came.body)
            kept = [item for item in found["data"] if item["id"] != f"LOC{lost}"]
            return replace(came, body=json.dumps({**found, "data": kept}).encode())

    assert findings(Losing(places(9)))["LOC-CPO-02"].verdict is Verdict.FAIL


def test_where_the_registration_fails_the_rest_is_left_out() -> None:
    class Refusing(Pretence):
        async def send(self, request: Request, *, timeout: float, max_bytes: int) -> Response:  # noqa: ASYNC109
            came = await super().send(request, timeout=timeout, max_bytes=max_bytes)
            path = urlsplit(request.url).path
            if request.method in {"POST", "PUT"} and path.endswith("/credentials"):
                return answer({}, 200, 3001)
            return came if path.endswith(("/versions", "/2.1.1", "/credentials")) else answer({}, 401, 2000)

    given = replace(SETTINGS, party="FR*TST", handshake=True, write=True, listen_url="https://check.example")
    bench = Bench(given, Wire(Refusing(given), given, Secrets("x" * 20)), Ledger(), None, "x" * 20)

    bench.counterpart = Counterpart(given.listen_url, bench.wire)
    chosen = [found for found in SCENARIOS if found.name in {"registered", "the pages of locations", "token put"}]
    report = asyncio.run(Run(bench, scenarios=chosen).go())
    refused = "HTTP 200 with 3001, refused"
    assert report.errors == (f"the registration did not come about ({refused}): the rest was left out",)
    assert bench.ledger.finding(catalogue()["TF-PAGE-13"]).verdict is Verdict.INCONCLUSIVE
    assert bench.ledger.finding(catalogue()["TOK-CPO-01"]).verdict is Verdict.INCONCLUSIVE
