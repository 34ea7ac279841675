"""The report in its forms: each tells the same, and none tells a token."""

import asyncio
import io
import json
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from rich.console import Console

from ocpi211_check.badge import write_badge
from ocpi211_check.report import Report
from ocpi211_check.report_html import write_html
from ocpi211_check.report_json import write_json
from ocpi211_check.report_junit import write_junit
from ocpi211_check.runner import Run
from ocpi211_check.table import print_report
from ocpi211_check.verdicts import Verdict
from ocpi211_faults import FAULTS, Faulty
from tests.check.targets import bench_for, target

BROKEN = next(fault for fault in FAULTS if fault.name == "403 for 401")


async def _run(folder: Path) -> tuple[Report, list[str]]:
    async with (
        target("cpo", "plain-2.1.1", f"sqlite:///{folder / 'target.db'}") as found,
        bench_for(found, wrap=lambda transport: Faulty(transport, BROKEN), commands=False) as bench,
    ):
        report = await Run(bench).go()
        return report, [bench.token, bench.settings.token]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, list[str]]:
    """A run that found something, and its tokens."""
    return asyncio.run(_run(tmp_path_factory.mktemp("run")))


def _printed(report: Report, *, everything: bool = True) -> str:
    console = Console(file=io.StringIO(), width=160)
    print_report(report, console, everything=everything)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize("write", [write_json, write_junit, write_html, write_badge, _printed])
def test_no_token_is_in_any_form(ran: tuple[Report, list[str]], write: Callable[[Report], str]) -> None:
    report, tokens = ran
    text = write(report)
    assert not any(token in text for token in tokens)


def test_the_run_found_the_fault_and_its_evidence(ran: tuple[Report, list[str]]) -> None:
    report, _ = ran
    failed = [finding for finding in report.findings if finding.verdict is Verdict.FAIL]
    assert "TF-AUTH-01" in {finding.row.id for finding in failed}
    assert report.exit_code == 1
    for finding in failed:
        assert all(number in report.evidence for breach in finding.breaches for number in breach.exchanges)


def test_a_run_that_was_not_done_whole_is_never_a_success(ran: tuple[Report, list[str]]) -> None:
    report, _ = ran
    passed = tuple(finding for finding in report.findings if finding.verdict is Verdict.PASS)
    assert replace(report, findings=passed, errors=()).exit_code == 0
    assert replace(report, findings=passed, errors=("the rest was left out",)).exit_code == 2
    assert replace(report, errors=("the rest was left out",)).exit_code == 1


def test_json_tells_every_requirement_of_the_role_once(ran: tuple[Report, list[str]]) -> None:
    report, _ = ran
    found = json.loads(write_json(report))
    ids = [finding["id"] for finding in found["findings"]]
    assert len(set(ids)) == len(ids) == sum(found["counts"].values()) == len(report.findings)
    broken = next(finding for finding in found["findings"] if finding["id"] == "TF-AUTH-01")
    number = broken["breaches"][0]["exchanges"][0]
    assert found["evidence"][str(number)]["curl"].startswith("curl ")


def test_junit_counts_what_was_not_exercised_as_skipped(ran: tuple[Report, list[str]]) -> None:
    report, _ = ran
    root = ET.fromstring(write_junit(report))  # noqa: S314  (our own)
    cases = list(root.iter("testcase"))
    assert len(cases) == len(report.findings)
    counts = report.counts
    assert sum(case.find("failure") is not None for case in cases) == counts[Verdict.FAIL]
    assert (
        sum(case.find("skipped") is not None for case in cases)
        == counts[Verdict.SKIPPED] + counts[Verdict.INCONCLUSIVE]
    )


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))


def test_the_page_needs_nothing_from_elsewhere(ran: tuple[Report, list[str]]) -> None:
    page = _Page()
    page.feed(write_html(ran[0]))
    assert not [tag for tag, _ in page.elements if tag in {"link", "img", "iframe"}]
    assert not [attributes for tag, attributes in page.elements if tag == "script" and attributes]


def test_the_page_can_be_filtered_by_verdict_level_and_module(ran: tuple[Report, list[str]]) -> None:
    report, _ = ran
    page = _Page()
    page.feed(write_html(report))
    found = [attributes for tag, attributes in page.elements if tag == "details"]
    assert len(found) == len(report.findings)
    assert all({"data-module", "data-level", "data-verdict"} <= attributes.keys() for attributes in found)
    names = {attributes.get("name") for tag, attributes in page.elements if tag == "select"}
    assert names == {"verdict", "level", "module"}
    assert ("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}) in page.elements


def test_the_page_shows_markup_of_the_target_as_text(ran: tuple[Report, list[str]]) -> None:
    assert "<!--" not in write_html(ran[0])


def test_the_badge_tells_how_many_failed(ran: tuple[Report, list[str]]) -> None:
    report, _ = ran
    badge = write_badge(report)
    assert ET.fromstring(badge).tag.endswith("svg")  # noqa: S314  (our own)
    assert f"{report.counts[Verdict.FAIL]} failed of" in badge


def test_the_table_shows_what_failed_first(ran: tuple[Report, list[str]]) -> None:
    report, _ = ran
    told = _printed(report, everything=False)
    assert "TF-AUTH-01" in told
    assert "TF-ENV-01" not in told.partition("requirements;")[0]
