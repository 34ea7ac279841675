"""What a hub makes of what a pull brings: what came, what is true by now, what is gone, and when a list ends."""

import json
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from ocpi211_server.objects.described import with_left_out
from tests.server.far_side import Heard, World, enveloped, played
from tests.server.samples import cdr, evse, location, stamp
from tests.server.test_hub_locations import delta, grow_old, said
from tests.server.test_pulls import answer, asked, places


@played("FR*CPO", "FR*EMP")
async def test_an_evse_that_is_left_out_of_a_later_list_is_told_as_removed_until_it_is_back(world: World) -> None:
    emsp, first, second = world["FR*EMP"], evse("E1"), evse("E2")

    async def listed(*evses: dict[str, Any], **changes: Any) -> list[tuple[str, str, Any]]:
        await world.quiet()
        await grow_old(world)
        emsp.heard.clear()
        await world.locate(location(evses=[*evses], **changes))
        await world.quiet()
        return said(emsp)

    await listed(first, second)
    assert await listed(first) == [("PUT", "evse", "REMOVED")]
    assert [each["status"] for each in (await delta(emsp))[0]["evses"]] == ["AVAILABLE", "REMOVED"]
    assert len((await emsp.did("GET", "/locations"))[0]["evses"]) == 1
    assert await listed(first) == []
    assert await delta(emsp) == []
    assert ("PUT", "evse", "REMOVED") in await listed(first, name="renamed")
    assert await listed(first, second, name="renamed") == [("PUT", "evse", "AVAILABLE")] * 2
    assert len((await emsp.did("GET", "/locations"))[0]["evses"]) == 2


def test_an_evse_whose_uid_is_written_in_another_way_is_not_left_out() -> None:
    stored = json.dumps(location(evses=[evse("E/1")])).encode()
    given = stored.replace(b'"E/1"', rb'"E\/1"')
    assert with_left_out(given, stored, datetime.now(UTC)) is given


@played("FR*CPO", "FR*EMP")
async def test_what_its_cpo_lists_is_applied_though_it_looks_older_than_what_we_were_pushed(world: World) -> None:
    """A PATCH without a moment has ours, and the CPO's clock may be behind; but a list may be older than a push."""
    cpo, emsp = world["FR*CPO"], world["FR*EMP"]
    await world.locate(location(last_updated=stamp(-3600)))
    await cpo.did("PATCH", f"/locations/{cpo.path}/LOC1/E1", {"status": "CHARGING"})
    renamed = location(name="renamed", last_updated=stamp(-30))
    await world.locate(renamed)
    assert (await emsp.did("GET", "/locations"))[0]["name"] == "A place"
    await grow_old(world)
    await world.locate(renamed)
    assert (await emsp.did("GET", "/locations"))[0]["name"] == "renamed"


@played("FR*CPO", "FR*EMP", profile="plain-2.1.1")
async def test_a_cdr_that_is_pulled_is_stored_byte_by_byte(world: World) -> None:
    cpo = world["FR*CPO"]
    listed = [json.dumps(cdr(id_)).encode()[:-1] + b' ,"x" : 1.00 }' for id_ in ("S1", "S2")]
    page = enveloped(["@@"]).replace(b'"@@"', b'7, %b ,\n{"id": "S3"}, %b' % (*listed,))
    cpo.says("GET /cdrs", page)
    assert await world.pull("FR*CPO", "cdrs", full=True) == "done"
    assert await world.sql("SELECT body FROM object WHERE module = 'cdrs' ORDER BY seq") == [(one,) for one in listed]
    assert (await cpo.call("POST", "/cdrs", listed[0])).code == 1000
    assert await world.sql("SELECT id FROM kept_aside") == []


@played("FR*CPO", "FR*EMP", profile="plain-2.1.1")
async def test_a_nan_in_one_cdr_costs_no_other_on_its_page(world: World) -> None:
    world["FR*CPO"].says("GET /cdrs", enveloped([cdr("S1"), cdr("S2") | {"x": float("nan")}]))
    assert await world.pull("FR*CPO", "cdrs", full=True) == "done"
    assert await world.sql("SELECT id FROM object WHERE module = 'cdrs'") == [("s1",)]


@played("FR*CPO")
async def test_who_counts_what_is_left_of_a_list_is_not_asked_for_ever(world: World) -> None:
    cpo, held = world["FR*CPO"], places(4)

    async def counting_down(heard: Heard) -> web.Response:
        offset = int(heard.query.get("offset", 0))
        headers = {"X_Total_Count": str(len(held) - offset), "X_Limit": "1"}
        if offset + 1 < len(held):
            headers["Link"] = f'<{cpo.url}/cpo/2.1.1/locations?offset={offset + 1}&limit=1>; rel="next"'
        return answer(held[offset : offset + 1], **headers)

    cpo.does("GET /locations", counting_down)
    assert await world.pull("FR*CPO", "locations") == "done"
    assert await world.hub.count("locations") == 4
    assert len(asked(cpo)) <= 3 * len(held)
