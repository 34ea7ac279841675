"""Right targets that give the occasions which our own server gives none for: what they do is told as passed.

A check that found fault with every such target would go unseen with the clean targets: they leave these requirements
open, and a fault is found all the same.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from ocpi211.models import CDR, Token
from ocpi211_check import samples
from ocpi211_check.bench import Bench
from ocpi211_check.catalogue import PROFILES, Profile, Role
from ocpi211_check.report import Report
from ocpi211_check.runner import Run
from ocpi211_check.scenarios import SCENARIOS
from ocpi211_check.verdicts import Finding, Verdict
from ocpi211_faults.fault import Fault, Faulty, Forward, Spoil, answer
from ocpi211_faults.making import members, sent, to
from ocpi211_faults.switch import Switch
from ocpi211_runtime.exchange import Request, Response
from ocpi211_server.backoffice import BackOffice
from tests.check.matrix import automated
from tests.check.played import NOW
from tests.check.targets import BASE, PARTY, Target, bench_for, target
from tests.check.test_clean import ROLES, quiet_of

PULLED: dict[Role, str] = {"cpo": "tokens", "emsp": "locations"}
OTHER: dict[Role, Role] = {"cpo": "emsp", "emsp": "cpo"}
CARD = {"type": "RFID", "valid": True}
AT_A_HUB = {"GIR-TOK-03"}
"""What `test_hub` shows as passed."""


async def as_it_is(request: Request, forward: Forward) -> Response:
    return await forward(request)


@dataclass(frozen=True)
class Occasion:
    """What is other at a target than at ours, and as right."""

    name: str
    shown: str
    answers: Spoil = as_it_is
    calls: Spoil = as_it_is
    role: Role = "cpo"
    profile: Profile = "plain-2.1.1"
    pulls: bool = True
    """While the check listens."""
    last: str = ""
    """The verb of the call that ends its business; the push of something of its own, if not said."""
    breaks: frozenset[str] = frozenset()
    """What it cannot help breaking."""


def endpoints(change: Callable[[list[Any]], Any]) -> Spoil:
    return members(to("GET", about="versions.get_version_details"), lambda found: change(found["data"]["endpoints"]))


def without(module: str) -> Spoil:
    """Its partners push nothing of this module."""
    return endpoints(lambda listed: listed.remove(next(e for e in listed if e["identifier"] == module)))


def for_one_party(module: str) -> Spoil:
    """A pull of what belongs to one party behind the hub."""
    chosen = {"ocpi-to-country-code": "FR", "ocpi-to-party-id": "OTH"}
    return sent(to("GET", ending=f"/{module}"), lambda r: replace(r, headers={**r.headers, **chosen}))


async def reading_back(request: Request, forward: Forward) -> Response:
    """A CDR is read at the URL that came with the answer to its POST."""
    came = await forward(request)
    if to("POST", ending="/cdrs")(request) and (given := came.header("location")):
        await forward(replace(request, method="GET", url=given, body=None))
    return came


async def pulling_at_once(request: Request, forward: Forward) -> Response:
    """The Tokens are pulled when it has read what its partner offers."""
    came = await forward(request)
    if request.url.endswith("/2.1.1"):
        await forward(replace(request, url=request.url.removesuffix("2.1.1") + "tokens"))
    return came


async def one_page_fails(request: Request, forward: Forward) -> Response:
    """One page of a list cannot be had, and nothing is told of why."""
    if to("GET", about="locations.list_locations")(request) and "offset=10&" in request.url:
        return answer({}, 500, 3000)
    return await forward(request)


OCCASIONS = (
    Occasion("fails as it should", "ST-5XX-02", answers=one_page_fails, breaks=frozenset({"ST-5XX-01"})),
    Occasion(
        "lists a custom module of its own",
        "VER-CUST-02",
        answers=endpoints(lambda e: e.append({"identifier": "frcpo_heat", "url": f"{BASE}/cpo/2.1.1/heat"})),
    ),
    Occasion("reads its CDR where it was told", "CDR-URL-01", calls=reading_back, last="GET"),
    *(
        Occasion(f"pulls {module}, which it takes no push of", "TF-PULL-03", answers=without(module), role=role)
        for role, module in PULLED.items()
    ),
    Occasion(
        "has pulled tokens before anybody listened",
        "TF-PULL-03",
        answers=without("tokens"),
        calls=pulling_at_once,
        pulls=False,
    ),
    *(
        Occasion(
            f"pulls the {module} of one party",
            "GIR-HDR-02",
            calls=for_one_party(module),
            role=role,
            profile="gireve-1.2.2",
        )
        for role, module in PULLED.items()
    ),
)


async def go_about(bench: Bench, found: Target, occasion: Occasion) -> None:
    """It pulls what its partner has, and pushes two of its own: the first push of a kind is answered 503."""
    assert bench.counterpart is not None
    site, other = found.server.site, OTHER[found.role]
    await bench.begun.wait()
    try:
        partner = await site.partners.by_party(other, PARTY)
        assert partner is not None
        if occasion.pulls:
            await found.server.pulls.pull(partner, PULLED[found.role], full=True)
        office = BackOffice(site)
        for uid in ("04A1B2C3", "04A1B2C4"):
            if found.role == "cpo":
                await office.publish("cdrs", [CDR.model_validate(samples.cdr(uid, NOW, PARTY))])
            else:
                await office.publish("tokens", [Token.model_validate({**samples.token(uid, NOW, "FR*EMP"), **CARD})])
        module, verb = ("cdrs", "POST") if found.role == "cpo" else ("tokens", "PUT")
        ends = (module, occasion.last or verb)
        assert await bench.counterpart.wait_for(
            lambda call, path: (path[0], call.method) == ends and call.status < 300, 8
        )
    finally:
        bench.over.set()


async def checked(occasion: Occasion, database: str) -> Report:
    """As far as the occasion goes."""
    names = {"registered", "versions and details", "the pages of locations", "the target by itself"}
    right: dict[str, Any] = {"name": occasion.name, "breaks": ()}
    other = "" if occasion.profile == "plain-2.1.1" else "FR*OTH"
    async with target(occasion.role, occasion.profile, database) as found:
        Switch([Fault(**right, spoil=occasion.calls, side="calls")]).behind(found.server.site.egress)
        in_front = Fault(**right, spoil=occasion.answers)
        async with bench_for(found, wrap=lambda t: Faulty(t, in_front), rehearse=15.0, speaks_for=other) as bench:
            going = asyncio.create_task(go_about(bench, found, occasion))
            report = await Run(bench, scenarios=[s for s in SCENARIOS if s.name in names]).go()
            await asyncio.wait_for(going, 10)  # the run may have ended before the check listened
            return report


@pytest.mark.parametrize("occasion", OCCASIONS, ids=lambda occasion: occasion.name)
def test_what_a_target_does_rightly_is_passed(occasion: Occasion, sqlite_url: str) -> None:
    report = asyncio.run(checked(occasion, sqlite_url))
    assert report.errors == ()
    found: dict[str, Finding] = {finding.row.id: finding for finding in report.findings}
    assert found[occasion.shown].verdict is Verdict.PASS, found[occasion.shown]
    assert found[occasion.shown].exercised > 0
    assert {id_ for id_, finding in found.items() if finding.breaches} == occasion.breaks


def test_every_automated_requirement_is_passed_by_some_target() -> None:
    runs: list[tuple[Role, Profile]] = [(role, profile) for role in ROLES for profile in PROFILES]
    told = {id_ for run in runs for id_ in automated(*run)}
    passed = {id_ for run in runs for id_ in automated(*run) - quiet_of(*run).keys()}
    assert told - passed == AT_A_HUB | {occasion.shown for occasion in OCCASIONS}
