"""A clean target passes every automated requirement: both roles, all profiles, both databases."""

import asyncio

import pytest

from ocpi211_check.catalogue import PROFILES, Profile, Role
from ocpi211_check.report import Report
from ocpi211_check.runner import Run
from ocpi211_check.verdicts import Verdict
from tests.check.matrix import automated
from tests.check.played import play
from tests.check.targets import bench_for, target

# What a clean target of a role gives no occasion to tell, and why.
QUIET = {
    "ST-5XX-02": "it does not fail",
    "VER-CUST-02": "it has no custom module",
    "TF-PULL-03": "it takes pushes of every module",
    "GIR-HDR-02": "it filters by no party",
}
QUIET_CPO = {
    "TF-PATCH-04": "a Token has no nested object",
    "GIR-TOK-04": "it has no Tokens of its own",
    "CDR-URL-01": "it reads no CDR back",
}
QUIET_EMSP = {
    "GIR-TOK-03": "it is no hub",
    "GIR-CDR-07": "it has no CDRs of its own",
    "GIR-SAF-05": "what an eMSP pushes is not queued",
    **dict.fromkeys(
        ("TY-NUM-01", "TY-NUM-02", "TY-NUM-05", "TY-CI-01", "TY-DISP-01", "TY-DISP-02", "TY-ID-01", "TY-SHAPE-01"),
        "no object of its own has such a field",
    ),
}
OF_HUBS = {
    **dict.fromkeys(("ST-201-01", "TF-OFF-01", "TF-OFF-03"), "the hub's rules say otherwise"),
    **dict.fromkeys(("CDR-CPO-04", "TF-GET-03"), "a hub is given those of all its eMSPs"),
    "CMD-CPO-11": "the hub's partners reserve nothing",
}
OF_PROFILE = {
    "plain-2.1.1": {"TF-OWN-05": "its partner is no hub"},
    "gireve-1.1.4": {
        **OF_HUBS,
        **dict.fromkeys(("TAR-PUSH-01", "LOC-DEP-01", "TAR-CPO-02"), "this edition has no tariffs"),
        **dict.fromkeys(("TAR-CPO-01", "TAR-CPO-03", "TAR-LINK-01", "TAR-OBJ-04", "GIR-SAF-04"), "as above"),
        **dict.fromkeys(("TAR-EMSP-01", "TAR-EMSP-02", "TAR-EMSP-03"), "as above"),
    },
    "gireve-1.2.2": {
        **OF_HUBS,
        "CMD-CPO-12": "the hub always names the EVSE",
    },
}


ROLES: tuple[Role, ...] = ("cpo", "emsp")


def quiet_of(role: Role, profile: Profile) -> dict[str, str]:
    """What a clean target of this role and profile does not pass, and why."""
    found = {**QUIET, **(QUIET_CPO if role == "cpo" else QUIET_EMSP), **OF_PROFILE[profile]}
    if role == "emsp" and profile != "plain-2.1.1":
        found["TF-PATCH-08"] = "it pushes no Token that was not sent again"
    return found


async def checked(role: Role, profile: Profile, database: str) -> Report:
    """A whole run, with the target playing its part. Under a hub's profiles the check is the hub."""
    other = "" if profile == "plain-2.1.1" else "FR*OTH"
    async with (
        target(role, profile, database) as found,
        bench_for(found, rehearse=15.0, speaks_for=other, invitation="an-invitation-made-up-for-a-test") as bench,
    ):
        playing = asyncio.create_task(play(bench, found))
        try:
            return await Run(bench).go()
        finally:
            playing.cancel()
            await asyncio.gather(playing, return_exceptions=True)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("role", ROLES)
def test_a_clean_target_passes_all_that_is_automated(role: Role, profile: Profile, database_url: str) -> None:
    report = asyncio.run(checked(role, profile, database_url))
    assert report.errors == ()
    bad = {finding.row.id: finding for finding in report.findings if finding.breaches}
    assert bad == {}
    quiet = quiet_of(role, profile)
    passed = {finding.row.id for finding in report.findings if finding.verdict is Verdict.PASS}
    assert automated(role, profile) - passed - quiet.keys() == set()
    assert passed & quiet.keys() == set()


def test_what_was_not_exercised_is_not_passed(sqlite_url: str) -> None:
    report = asyncio.run(checked("cpo", "plain-2.1.1", sqlite_url))
    for finding in report.findings:
        exercised = finding.verdict not in {Verdict.SKIPPED, Verdict.INCONCLUSIVE}
        assert exercised == (finding.exercised > 0), finding
        assert exercised or finding.reason, finding
