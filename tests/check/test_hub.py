"""A hub is checked from both its sides, one run each: nothing that a hub does rightly is told as wrong."""

import asyncio
from pathlib import Path

import pytest

from ocpi211_check.catalogue import Profile, Role
from ocpi211_check.report import Report
from ocpi211_check.runner import Run
from ocpi211_check.verdicts import Verdict
from tests.check.matrix import database
from tests.check.targets import Target, bench_for, target

SIDES: tuple[Role, ...] = ("emsp", "cpo")


async def both_sides(profile: Profile, folder: Path) -> list[Report]:
    """What a CPO sees of it, then what an eMSP sees, with the CPO's objects in its lists."""
    reports: list[Report] = []
    async with target("emsp", profile, database(folder), hub=True) as found:
        for role in SIDES:
            async with bench_for(Target(role, profile, found.server), hub=True) as bench:
                reports.append(await Run(bench).go())
    return reports


@pytest.mark.parametrize("profile", ["plain-2.1.1", "gireve-1.2.2"])
def test_a_clean_hub_fails_at_neither_side(profile: Profile, tmp_path: Path) -> None:
    reports = asyncio.run(both_sides(profile, tmp_path))
    assert [report.errors for report in reports] == [(), ()]
    assert [{finding.row.id for finding in report.findings if finding.breaches} for report in reports] == [set(), set()]
    passed = {finding.row.id for report in reports for finding in report.findings if finding.verdict is Verdict.PASS}
    assert {"TF-OWN-01", "SES-EMSP-01", "TAR-EMSP-01", "TOK-CPO-01"} <= passed
    assert ("GIR-TOK-03" in passed) == (profile != "plain-2.1.1")
