"""Locations through the hub: what it stores of a push, what eMSPs list, and what they are pushed (GIREVE's guide)."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from ocpi211_server.database import Work, sql
from tests.server.far_side import Far, World, hub_between, played
from tests.server.samples import cdr, evse, location, session, stamp, tariff, token

PUSHED_WHOLE = {"static_by_push": True}


async def delta(emsp: Far) -> list[dict[str, Any]]:
    """What has changed for an eMSP since everything was made to look old."""
    listed: list[dict[str, Any]] = await emsp.did("GET", f"/locations?date_from={stamp(-60)}")
    return listed


async def grow_old(world: World) -> None:
    """As if all had happened an hour ago."""
    await world.hub.server.site.database.write(_older)


def _older() -> Work[None]:
    yield sql("UPDATE object SET changed = changed - 3600")


def said(emsp: Far) -> list[tuple[str, str, Any]]:
    """What an eMSP was pushed, and forget it: verb, which part, status."""
    heard = [
        (
            item.verb,
            ("location", "evse", "connector")[item.path.count("/") - 4],
            item.body.get("status"),
        )
        for item in emsp.heard
        if item.path.startswith("/locations")
    ]
    emsp.heard.clear()
    return heard


@played("FR*CPO", "FR*EMP")
async def test_of_a_push_only_status_and_tariff_are_stored_the_rest_comes_by_pull(world: World) -> None:
    cpo, emsp = world["FR*CPO"], world["FR*EMP"]
    path = f"/locations/{cpo.path}/LOC1"
    assert (await cpo.call("PUT", path, location())).code == 1000
    assert await emsp.did("GET", "/locations") == []
    await world.locate(location())
    changed = evse(status="BLOCKED", floor_level="-1", last_updated=stamp())
    changed["connectors"][0] |= {"tariff_id": "T9", "amperage": 63}
    for put in (location(name="pushed", evses=[changed]), location(name="again", last_updated=stamp())):
        await cpo.put("locations", put)
        await cpo.did("PATCH", path, {"name": "patched", "last_updated": stamp()})
    (seen,) = await emsp.did("GET", "/locations")
    assert seen["name"] == "A place"
    await cpo.did("PUT", f"{path}/E1", changed)
    await cpo.did("PATCH", f"{path}/E1", {"status": "CHARGING", "floor_level": "2", "last_updated": stamp()})
    await cpo.did("PATCH", f"{path}/E1/1", {"tariff_id": "T10", "voltage": 1, "last_updated": stamp()})
    (seen,) = (await emsp.did("GET", "/locations"))[0]["evses"]
    connector = seen["connectors"][0]
    assert (seen["status"], seen.get("floor_level")) == ("CHARGING", None)
    assert (connector["tariff_id"], connector["amperage"], connector["voltage"]) == ("T10", 32, 230)
    assert (await cpo.call("PATCH", f"{path}/E9", {"status": "CHARGING"})).status == 404
    assert (await cpo.call("PATCH", f"/locations/{cpo.path}/nowhere", {"name": "x"})).status == 404


@pytest.mark.requirement("GIR-LOC-09")
@played("FR*CPO", "FR*EMP")
async def test_a_status_does_not_show_in_a_delta_and_what_is_gone_does(world: World) -> None:
    cpo, emsp = world["FR*CPO"], world["FR*EMP"]
    path = f"/locations/{cpo.path}/LOC1"
    await world.locate(location(evses=[evse("E1"), evse("E2")]))
    await grow_old(world)
    await cpo.did("PATCH", f"{path}/E1", {"status": "CHARGING", "last_updated": stamp()})
    assert await delta(emsp) == []
    await cpo.did("PATCH", f"{path}/E1", {"status": "REMOVED", "last_updated": stamp()})
    assert [each["status"] for each in (await delta(emsp))[0]["evses"]] == ["REMOVED", "AVAILABLE"]
    (full,) = await emsp.did("GET", "/locations")
    assert [each["evse_id"] for each in full["evses"]] == ["FR*CPO*EE2"]
    await cpo.did("PATCH", f"{path}/E2", {"status": "REMOVED", "last_updated": stamp()})
    reply = await emsp.call("GET", "/locations")
    assert (reply.data, reply.headers["X-Total-Count"]) == ([], "0")
    assert [each["status"] for each in (await delta(emsp))[0]["evses"]] == ["REMOVED", "REMOVED"]


@played("FR*CPO", "FR*EMP")
async def test_a_location_beside_one_that_lost_an_evse_is_listed_as_it_is(world: World) -> None:
    bare = location("LOC2", name="REMOVED")
    del bare["evses"]
    await world.locate(location("LOC1", evses=[evse("E1"), evse("E2", status="REMOVED")]), bare)
    one, other = await world["FR*EMP"].did("GET", "/locations")
    assert [each["evse_id"] for each in one["evses"]] == ["FR*CPO*EE1"]
    assert (other["name"], "evses" in other) == ("REMOVED", False)


@played("FR*CPO", "FR*EMP")
async def test_a_pull_that_brings_a_status_alone_does_not_show_in_a_delta(world: World) -> None:
    emsp = world["FR*EMP"]
    first = location(evses=[evse("E1"), evse("E2")])
    await world.locate(first)
    await world.quiet()
    await grow_old(world)
    emsp.heard.clear()
    busy = evse("E1", status="CHARGING", last_updated=stamp())
    second = location(evses=[busy, evse("E2")], last_updated=stamp())
    second["evses"][1] = first["evses"][1]
    second["evses"][0]["connectors"] = first["evses"][0]["connectors"]
    await world.locate(second)
    await world.quiet()
    assert await delta(emsp) == []
    assert said(emsp) == [("PATCH", "evse", "CHARGING")]
    await world.locate({**second, "name": "renamed", "last_updated": stamp(1)})
    assert [seen["name"] for seen in await delta(emsp)] == ["renamed"]


@played("FR*CPO", "FR*EMP", profile="plain-2.1.1")
async def test_a_plain_hub_lists_everything_that_changed(world: World) -> None:
    cpo, emsp = world["FR*CPO"], world["FR*EMP"]
    await cpo.put("locations", location())
    await grow_old(world)
    await cpo.did("PATCH", f"/locations/{cpo.path}/LOC1/E1", {"status": "REMOVED", "last_updated": stamp()})
    assert len(await delta(emsp)) == 1
    assert [each["status"] for each in (await emsp.did("GET", "/locations"))[0]["evses"]] == ["REMOVED"]


@pytest.mark.requirement("GIR-DATE-01")
@played("FR*CPO", "FR*EMP")
async def test_what_arrives_late_is_in_the_delta_of_its_arrival(world: World) -> None:
    await world.locate(location(last_updated="2020-01-01T00:00:00Z"))
    assert len(await delta(world["FR*EMP"])) == 1


@played("FR*CPO", "FR*EMP", profile_changes=PUSHED_WHOLE)
async def test_pushes_to_an_emsp_are_those_of_the_guide(world: World) -> None:
    cpo, emsp = world["FR*CPO"], world["FR*EMP"]
    path = f"/locations/{cpo.path}/LOC1"

    async def pushed(verb: str, way: str, body: dict[str, Any]) -> list[tuple[str, str, Any]]:
        await cpo.did(verb, f"{path}{way}", {**body, "last_updated": stamp(1)})
        await world.quiet()
        return said(emsp)

    both = location(evses=[evse("E1"), evse("E2")])
    assert await pushed("PUT", "", both) == [("PUT", "location", None)]
    each = [("PUT", "evse", "AVAILABLE"), ("PUT", "evse", "AVAILABLE")]
    assert await pushed("PUT", "", {**both, "name": "renamed"}) == each
    assert await pushed("PATCH", "", {"name": "again"}) == each
    assert await pushed("PUT", "/E3", evse("E3", status="PLANNED")) == [("PUT", "evse", "PLANNED")]
    assert await pushed("PATCH", "/E3", {"status": "AVAILABLE"}) == [("PATCH", "evse", "AVAILABLE")]
    assert await pushed("PATCH", "/E3", {"floor_level": "1"}) == [("PUT", "evse", "AVAILABLE")]
    assert await pushed("PATCH", "/E3/1", {"tariff_id": "T2"}) == [("PUT", "evse", "AVAILABLE")]
    assert await pushed("PUT", "/E3/2", {**evse()["connectors"][0], "id": "2"}) == [("PUT", "evse", "AVAILABLE")]
    assert await pushed("PATCH", "/E3", {"status": "REMOVED"}) == [("PUT", "evse", "REMOVED")]
    gone = [evse("E1", status="REMOVED"), evse("E2", status="REMOVED")]
    assert await pushed("PUT", "", {**both, "evses": gone}) == [("PUT", "evse", "REMOVED")] * 3  # E3 still is


@played("FR*CPO", "FR*EMP", profile="plain-2.1.1")
async def test_a_plain_hub_pushes_as_it_was_pushed_to(world: World) -> None:
    cpo, emsp = world["FR*CPO"], world["FR*EMP"]
    path = f"/locations/{cpo.path}/LOC1"
    await cpo.put("locations", location())
    for verb, way, body in (
        ("PUT", "", {**location(), "name": "renamed"}),
        ("PATCH", "", {"name": "again"}),
        ("PATCH", "/E1", {"status": "CHARGING"}),
        ("PUT", "/E1", evse()),
        ("PATCH", "/E1/1", {"tariff_id": "T2"}),
    ):
        await world.quiet()
        emsp.heard.clear()
        sent = {**body, "last_updated": stamp(1)}
        await cpo.did(verb, f"{path}{way}", sent)
        await world.quiet()
        assert [(heard.verb, heard.path, heard.body) for heard in emsp.heard] == [(verb, f"{path}{way}", sent)]


@played("FR*CPO", "FR*EMP")
async def test_an_emsp_that_does_not_know_the_evse_is_sent_all_of_it(world: World) -> None:
    cpo, emsp = world["FR*CPO"], world["FR*EMP"]
    await world.locate(location())
    await world.quiet()
    emsp.heard.clear()
    emsp.says("PATCH /locations/.*", status=404, code=2003)
    await cpo.did("PATCH", f"/locations/{cpo.path}/LOC1/E1", {"status": "CHARGING", "last_updated": stamp()})
    await world.quiet()
    assert said(emsp) == [("PATCH", "evse", "CHARGING"), ("PUT", "evse", "CHARGING")]


@played("FR*CPO", "FR*EMP")
async def test_an_emsp_that_was_away_is_told_what_is_true_by_now(world: World) -> None:
    cpo, emsp = world["FR*CPO"], world["FR*EMP"]
    await emsp.put("tokens", token())
    await world.locate(location(evses=[evse("E1"), evse("E2")]))
    await world.quiet()
    emsp.says(".*", status=503, code=3000)
    await cpo.put("sessions", session())
    for kwh in (2, 3):
        await cpo.did("PATCH", f"/sessions/{cpo.path}/S1", {"kwh": kwh, "last_updated": stamp(kwh)})
    await cpo.did("POST", "/cdrs", cdr())
    for status in ("CHARGING", "BLOCKED"):
        await cpo.did("PATCH", f"/locations/{cpo.path}/LOC1/E1", {"status": status, "last_updated": stamp()})
    emsp.answers.pop(0)
    emsp.heard.clear()
    await world.quiet()
    sent = {heard.path: heard for heard in emsp.heard}
    told = [heard.body["kwh"] for heard in emsp.heard if heard.path.startswith("/sessions")]
    assert (told[-1], len(told) <= 2) == (3, True)  # one of them may have been on its way
    assert len(emsp.of("POST", "cdrs")) == 1
    assert [heard.body["status"] for path, heard in sent.items() if path.startswith("/locations")] == ["BLOCKED"]


@pytest.mark.parametrize("profile", ["gireve-1.1.4", "gireve-1.2.2", "plain-2.1.1"])
def test_tariffs_and_tokens_are_pushed_by_a_plain_hub_alone(new_database: Callable[[], str], profile: str) -> None:
    async def play() -> None:
        async with hub_between(new_database, "FR*CPO", "FR*EMP", profile=profile) as world:
            cpo, emsp = world["FR*CPO"], world["FR*EMP"]
            await emsp.put("tokens", token())
            if profile != "gireve-1.1.4":
                await cpo.put("tariffs", tariff())
                await cpo.put("tariffs", tariff(currency="CHF", last_updated=stamp()))
            if profile == "plain-2.1.1":
                await cpo.did("DELETE", f"/tariffs/{cpo.path}/T1")
            await world.quiet()
            pushes = profile == "plain-2.1.1"
            assert cpo.briefs("tokens") == ["PUT /tokens/FR/EMP/04A1B2C3"] * pushes
            assert bool(emsp.briefs("tariffs")) == pushes
            assert not pushes or emsp.briefs("tariffs")[-1] == "DELETE /tariffs/FR/CPO/T1"

    asyncio.run(play())


@played("FR*CPO", "FR*EMP", profile="gireve-1.2.2")
async def test_a_page_holds_no_more_than_the_guide_says(world: World) -> None:
    caps = {"locations": 20, "sessions": 20, "cdrs": 20, "tariffs": 100, "tokens": 1000}
    for module, most in caps.items():
        far = world["FR*CPO" if module == "tokens" else "FR*EMP"]
        for limit, effective in (("", most), ("&limit=5", 5), (f"&limit={most * 3}", most)):
            reply = await far.call("GET", f"/{module}?date_from=2020-01-01T00:00:00Z{limit}")
            assert (reply.code, reply.headers["X-Limit"]) == (1000, str(effective))


@played("FR*CPO", "FR*EMP")
async def test_locations_come_in_pages_though_nobody_asked_for_pages(world: World) -> None:
    emsp = world["FR*EMP"]
    await world.locate(*(location(f"LOC{number}", evses=[evse(f"E{number}")]) for number in range(23)))
    reply = await emsp.call("GET", "/locations")
    assert (len(reply.data), reply.headers["X-Total-Count"]) == (20, "23")
    link = reply.headers["Link"]
    target = link[1 : link.index(">")]
    assert target.startswith(world.hub.url)
    rest = await emsp.call("GET", target)
    assert (len(rest.data), "Link" in rest.headers) == (3, False)


@pytest.mark.requirement("GIR-LOC-07")
@played("FR*107", plays="emsp", profile="gireve-1.1.4", profile_changes=PUSHED_WHOLE)
async def test_an_emsp_answers_404_to_the_status_of_an_evse_it_does_not_know(world: World) -> None:
    """As GIREVE's hub sees it, which then sends all of the EVSE."""
    hub = world["FR*107"]
    await hub.did("PUT", "/locations/FR/CPO/LOC1", location())
    for path, status in (("LOC1/E1", 200), ("LOC1/E9", 404), ("LOC9/E1", 404)):
        reply = await hub.call("PATCH", f"/locations/FR/CPO/{path}", {"status": "CHARGING"})
        assert (path, reply.status) == (path, status)
