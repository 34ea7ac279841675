"""Pulls of what partners list: in pages, what has changed, and on from where one broke off (GIREVE: the hub pulls)."""

import asyncio
import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import web

from ocpi211_server.database import Work, sql
from ocpi211_server.moments import MICROSECONDS, now
from ocpi211_server.pulls import Pulls
from tests.server.far_side import Far, Heard, World, enveloped, far_side, hub_between, played
from tests.server.samples import cdr, evse, location, session, stamp, tariff, token
from tests.server.stage import actor, until


def places(count: int) -> list[dict[str, Any]]:
    return [location(f"LOC{number:02}", evses=[evse(f"E{number}")]) for number in range(count)]


def asked(far: Far, module: str = "locations") -> list[tuple[str | None, str | None]]:
    """(offset, date_from) of what was asked for."""
    return [(heard.query.get("offset"), heard.query.get("date_from")) for heard in far.of("GET", module)]


def answer(things: list[Any], **headers: str) -> web.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return web.Response(body=enveloped(things), headers=named, content_type="application/json")


@pytest.mark.requirement("GIR-PAGE-01")
@played("FR*CPO", "FR*EMP", profile="gireve-1.2.2")
async def test_every_list_is_pulled_page_by_page(world: World) -> None:
    cpo, emsp = world["FR*CPO"], world["FR*EMP"]
    cpo.lists("locations", *places(5), page=2)
    cpo.lists("tariffs", tariff("T1"), tariff("T2"), page=1)
    cpo.lists("sessions", session("S1"), session("S2"), page=1)
    cpo.lists("cdrs", cdr("S1"), cdr("S2"), page=1)
    emsp.lists("tokens", token("01"), token("02"), page=1)
    for far, module, most in (
        (cpo, "locations", 20),
        (cpo, "tariffs", 100),
        (cpo, "sessions", 20),
        (cpo, "cdrs", 20),
        (emsp, "tokens", 1000),
    ):
        pulled = await world.hub.server.pulls.pull(await far.partner(), module)
        count = 5 if module == "locations" else 2
        assert (pulled.outcome, pulled.objects, pulled.rejected) == ("done", count, 0)
        assert await world.hub.count(module) == count
        # The first request names the most that we take; GET sessions wants a date (mod_sessions.md).
        first = far.of("GET", module)[0].query
        assert first["limit"] == str(most)
        assert ("date_from" in first) == (module == "sessions")
        again = await world.hub.server.pulls.pull(await far.partner(), module, full=True)
        assert (again.outcome, await world.hub.count(module)) == ("done", count)


@played("FR*CPO", "FR*EMP")
async def test_what_a_pull_brings_is_passed_on_once(world: World) -> None:
    cpo, emsp = world["FR*CPO"], world["FR*EMP"]
    cpo.lists("locations", *places(2))
    cpo.lists("cdrs", cdr("S1"))
    for full in (True, True, False):
        for module in ("locations", "cdrs"):
            await world.pull("FR*CPO", module, full=full)
        await world.quiet()
    assert (len(emsp.briefs("locations")), len(emsp.briefs("cdrs"))) == (2, 1)


@played("FR*CPO")
async def test_the_next_pull_asks_for_what_has_changed_since(world: World) -> None:
    cpo = world["FR*CPO"]
    before = stamp(-75)
    await world.locate(*places(1))
    await world.locate(*places(1))
    await world.pull("FR*CPO", "locations", full=True)
    (_, first), (_, second), (_, third) = asked(cpo)
    assert (first, third) == (None, None)
    # A little is asked for twice: what the CPO was storing at that moment, and what its clock is late.
    assert second is not None
    assert before <= second <= stamp(-55)


@played("FR*CPO")
async def test_a_pull_that_failed_changes_nothing_of_since_when(world: World) -> None:
    cpo = world["FR*CPO"]
    await world.locate(*places(1))
    cpo.says("GET /locations", code=3000, status=500)
    assert "refused" in await world.pull("FR*CPO", "locations")
    await world.locate(*places(1))
    (_, _), (_, second), (_, third) = asked(cpo)
    assert second == third


@played("FR*CPO")
async def test_a_list_without_paging_headers_is_ignored(world: World) -> None:
    cpo = world["FR*CPO"]
    cpo.says("GET /locations", places(1))
    assert await world.pull("FR*CPO", "locations") == "ignored: the list is not paginated"
    assert await world.hub.count("locations") == 0


@played("FR*CPO", profile="plain-2.1.1")
async def test_a_plain_hub_takes_a_list_without_paging_headers(world: World) -> None:
    world["FR*CPO"].says("GET /locations", places(1))
    assert await world.pull("FR*CPO", "locations") == "done"
    assert await world.hub.count("locations") == 1


@played("FR*CPO")
async def test_a_broken_object_costs_no_other_and_is_told(world: World, caplog: pytest.LogCaptureFixture) -> None:
    broken = [{**location("BAD"), "coordinates": {"latitude": "north"}}, 7, None]
    world["FR*CPO"].lists("locations", *places(1), *broken, location("LAST"))  # type: ignore[arg-type]
    with caplog.at_level(logging.WARNING):
        pulled = await world.hub.server.pulls.pull(await world["FR*CPO"].partner(), "locations")
    assert (pulled.outcome, pulled.objects, pulled.rejected) == ("done", 2, 3)
    told = [record.getMessage() for record in caplog.records if "locations of FR*CPO" in record.getMessage()]
    assert [message.split()[3] for message in told] == ["/data/1/coordinates/latitude", "/data/2", "/data/3"]


@pytest.mark.parametrize("loop", ["itself", "back", "for ever"])
@played("FR*CPO")
async def test_pages_without_an_end_are_broken_off(world: World, loop: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ocpi211_server.pulls.MAX_PAGES", 5)
    cpo = world["FR*CPO"]
    count = 0

    async def endless(_: Heard) -> web.Response:
        nonlocal count
        count += 1
        offset = {"itself": 1, "back": count % 2, "for ever": count}[loop]
        link = f'<{cpo.url}/cpo/2.1.1/locations?offset={offset}>;rel="next"'
        return answer(places(1), X_Total_Count="1000", X_Limit="1", Link=link)

    cpo.does("GET /locations", endless)
    assert await world.pull("FR*CPO", "locations") == "broken off: the pages do not end"
    assert (count <= 5, await world.hub.count("locations")) == (True, 1)


@pytest.mark.parametrize(
    "link", ["https://elsewhere.example/locations?offset=1", "http://127.0.0.1:9/locations", "<>;"]
)
@played("FR*CPO")
async def test_a_link_to_elsewhere_is_not_followed_and_not_tried_again(world: World, link: str) -> None:
    cpo = world["FR*CPO"]

    async def astray(_: Heard) -> web.Response:
        return answer(places(1), X_Total_Count="2", X_Limit="1", Link=f'<{link}>;rel="next"')

    cpo.does("GET /locations", astray)
    assert await world.pull("FR*CPO", "locations") != "done"
    await world.locate(*places(2))
    assert asked(cpo)[-1] == (None, None)


def test_a_pull_that_breaks_off_goes_on_where_it_stopped(new_database: Callable[[], str]) -> None:
    class Killed(BaseException):
        """As if the process were gone."""

    async def play() -> None:
        database = new_database()
        async with hub_between(new_database, "FR*CPO", database=database, call_timeout=1) as world:
            cpo = world["FR*CPO"]
            cpo.lists("locations", *places(6), page=2)
            listed = cpo.answers[0][1]

            async def silent(heard: Heard) -> Any:
                if heard.query.get("offset") == "2":
                    heard.query["hung"] = "yes"
                    await asyncio.sleep(3)
                return await listed(heard)

            cpo.does("GET /locations", silent)
            partner = await cpo.partner()
            assert "in time" in await world.pull("FR*CPO", "locations")
            assert await world.hub.count("locations") == 2
            cpo.answers.pop(0)
            # A worker that dies between two pages leaves its claim, and the next one goes on when that is stale.
            pulls = Pulls(world.hub.server.site, "a worker that dies")
            storing, count = pulls._storing, 0  # noqa: SLF001  (to be killed in the middle)

            def dying(*arguments: Any) -> Any:
                nonlocal count
                count += 1
                if count == 2:
                    raise Killed
                return storing(*arguments)

            pulls._storing = dying  # type: ignore[method-assign,assignment]  # noqa: SLF001
            pulls._ended = None  # type: ignore[method-assign,assignment]  # noqa: SLF001  (nor does it tidy up)
            with pytest.raises((Killed, TypeError)):
                await pulls.pull(partner, "locations")
            assert await world.hub.count("locations") == 4
            await world.hub.server.site.database.write(_alive, "a worker that dies")
            assert await world.pull("FR*CPO", "locations") == "another worker is at it"
            await world.hub.server.site.database.write(_dead, "a worker that dies")
            assert await world.pull("FR*CPO", "locations") == "done"
            assert await world.hub.count("locations") == 6
            assert [offset for offset, _ in asked(cpo)] == [None, "2", "2", "4", "4"]
            # The next delta begins with the start of the pull that broke off.
            ((since,),) = await world.sql("SELECT since FROM pull")
            assert since is not None

    asyncio.run(play())


def _alive(name: str) -> Work[None]:
    yield sql("INSERT INTO worker (name, seen) VALUES ($1, $2)", name, now())


def _dead(name: str) -> Work[None]:
    yield sql("UPDATE worker SET seen = $2 WHERE name = $1", name, now() - 3600 * MICROSECONDS)


@played("FR*CPO", "DE*CP2", "FR*EMP", pull_every=3600)
async def test_what_partners_offer_is_pulled_by_the_clock(world: World) -> None:
    for cpo in ("FR*CPO", "DE*CP2"):
        world[cpo].lists("locations", location(party=cpo))
    world["FR*EMP"].lists("tokens", token())

    async def pulled() -> bool:
        return (await world.hub.count("locations"), await world.hub.count("tokens")) == (2, 1)

    await until(pulled, "the first pull")
    await until(lambda: _is_due(world), "the next one to be planned")
    assert world["FR*CPO"].briefs() == ["GET /locations"]


async def _is_due(world: World) -> bool:
    rows = await world.sql("SELECT module, outcome FROM pull WHERE due > $1", now() + 3000 * MICROSECONDS)
    return sorted(rows) == [("locations", "done"), ("locations", "done"), ("tokens", "done")]


@played("FR*CPO", "FR*EMP")
async def test_only_what_there_is_to_pull_is_pulled(world: World) -> None:
    for party, module in (("FR*CPO", "tokens"), ("FR*EMP", "locations"), ("FR*CPO", "tariffs")):
        with pytest.raises(ValueError, match=f"no {module} are pulled"):
            await world.pull(party, module)


@pytest.mark.parametrize(
    ("module", "things", "owners"),
    [
        (
            "locations",
            [
                location("1", operator={"name": "FR*CPO"}, evses=[evse(party="XX*YYY")]),
                location("2", "DE*CP2", operator={"name": "Total"}),
                location("3", operator={"name": " es*aaa "}),
                location("4", operator={"name": "Exemple"}, evses=[evse(evse_id="FRABCE1*1")]),
                location("5", operator=None, evses=[evse(evse_id=None), evse("E2", evse_id="de-cp3-e7")]),
                location("6", operator=None, evses=[]),
                location("7", operator={"name": "Shell"}, evses=[evse(evse_id="no eMI3 id")]),
            ],
            ["FR*CPO", "DE*CP2", "ES*AAA", "FR*ABC", "DE*CP3", "FR*107", "FR*107"],
        ),
        (
            "sessions",
            [session("1", "DE*CP2"), session("2", location=location(operator={"name": "FR*CP9"}))],
            ["DE*CP2", "FR*CP9"],
        ),
        (
            "cdrs",
            [cdr("1", location=location(operator={"name": "FR*CP9"})), cdr("2", "DE*CP2")],
            ["FR*CP9", "DE*CP2"],
        ),
        (
            "tariffs",
            [tariff("1", country_code="DE", party_id="CP2"), tariff("2")],
            ["DE*CP2", "FR*107"],
        ),
    ],
)
def test_behind_a_hub_the_object_tells_whose_it_is(
    new_database: Callable[[], str], module: str, things: list[dict[str, Any]], owners: list[str]
) -> None:
    async def play() -> None:
        async with actor(new_database(), "emsp") as emsp, far_side(emsp, "cpo", "FR*107", hub=True) as hub:
            hub.lists(module, *things)
            for _ in range(2):
                pulled = await emsp.server.pulls.pull(await hub.partner(), module, full=True)
                assert (pulled.outcome, pulled.rejected) == ("done", 0)
            rows = await emsp.server.site.database.read("SELECT owner FROM object ORDER BY seq")
            assert [row[0] for row in rows] == owners

    asyncio.run(play())


def test_behind_a_hub_what_was_pushed_stays_its_owners(new_database: Callable[[], str]) -> None:
    async def play() -> None:
        async with actor(new_database(), "emsp") as emsp, far_side(emsp, "cpo", "FR*107", hub=True) as hub:
            unnamed = location("1", operator=None, evses=[evse(evse_id="of nobody")])
            await hub.did("PUT", "/locations/ES/AAA/1", unnamed)
            hub.lists("locations", {**unnamed, "name": "renamed", "last_updated": stamp()})
            await emsp.server.pulls.pull(await hub.partner(), "locations")
            rows = await emsp.server.site.database.read("SELECT owner, body FROM object")
            assert [(row[0], json.loads(row[1])["name"]) for row in rows] == [("ES*AAA", "renamed")]

    asyncio.run(play())


@pytest.mark.requirement("GIR-TOK-01")
def test_a_cpo_pulls_the_tokens_of_a_hub_and_owners_are_the_issuers(new_database: Callable[[], str]) -> None:
    async def play() -> None:
        async with actor(new_database(), "cpo") as cpo, far_side(cpo, "emsp", "FR*107", hub=True) as hub:
            same = [token("01", issuer="FR*EMP"), token("01", issuer="DE*EM2"), token("02", issuer="Exemple")]
            hub.lists("tokens", *same, page=2)
            pulled = await cpo.server.pulls.pull(await hub.partner(), "tokens")
            assert (pulled.outcome, pulled.objects) == ("done", 3)
            rows = await cpo.server.site.database.read("SELECT owner, id FROM object ORDER BY seq")
            assert [tuple(row) for row in rows] == [("FR*EMP", "01"), ("DE*EM2", "01"), ("FR*107", "02")]
            for full in (False, True):
                await cpo.server.pulls.pull(await hub.partner(), "tokens", full=full)
            dates = [date for offset, date in asked(hub, "tokens") if offset is None]
            assert [date is not None for date in dates] == [False, True, False]

    asyncio.run(play())
