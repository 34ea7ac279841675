"""Pulls of what partners list: in pages, what has changed, and on from where one broke off (GIREVE: the hub pulls)."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import web

from ocpi211_server.database import Work, sql
from ocpi211_server.moments import MICROSECONDS, now
from ocpi211_server.pulls import Pulls
from tests.server.far_side import Far, Heard, World, enveloped, hub_between, played
from tests.server.samples import cdr, evse, location, session, stamp, tariff, token
from tests.server.stage import until


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


@played("FR*CPO", "FR*EMP")
async def test_a_cdr_that_was_posted_in_another_form_is_no_other(world: World) -> None:
    cpo = world["FR*CPO"]
    posted = cdr("S1", remark=None, total_cost="4.40", start_date_time="2026-01-01T10:00:00")
    await cpo.did("POST", "/cdrs", posted)
    cpo.lists("cdrs", {**posted, "start_date_time": "2026-01-01T10:00:00Z"}, cdr("S2"))
    for _ in range(2):
        assert await world.pull("FR*CPO", "cdrs", full=True) == "done"
    assert await world.sql("SELECT id FROM kept_aside") == []
    cpo.lists("cdrs", {**posted, "total_cost": 5})
    for _ in range(2):
        await world.pull("FR*CPO", "cdrs", full=True)
    assert len(await world.sql("SELECT id FROM kept_aside")) == 1
    assert await cpo.did("GET", "/cdrs/S1") == posted


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


@played("FR*CPO")
async def test_one_page_is_on_its_way_while_another_is_stored(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    cpo, database = world["FR*CPO"], world.hub.server.site.database
    cpo.lists("locations", *places(4), page=1)
    write, when_stored = database.write_much, list[int]()

    async def late(work: Any, *args: Any, **kwargs: Any) -> Any:
        if work.__name__ == "_storing":
            expected = min(len(when_stored) + 2, 4)

            async def seen() -> bool:
                return len(asked(cpo)) >= expected

            await until(seen, "the page behind the one that is stored")
            when_stored.append(len(asked(cpo)))
        return await write(work, *args, **kwargs)

    monkeypatch.setattr(database, "write_much", late)
    assert await world.pull("FR*CPO", "locations") == "done"
    assert when_stored == [2, 3, 4, 4]


@pytest.mark.requirement("TF-PAGE-20")
@played("FR*CPO")
async def test_what_slides_back_in_a_list_that_shrinks_is_not_lost(world: World) -> None:
    cpo, held = world["FR*CPO"], places(4)

    async def shrinking(heard: Heard) -> web.Response:
        offset, count = int(heard.query.get("offset", 0)), len(held)
        headers = {"X_Total_Count": str(count), "X_Limit": "1"}
        if offset + 1 < count:
            headers["Link"] = f'<{cpo.url}/cpo/2.1.1/locations?offset={offset + 1}&limit=1>; rel="next"'
        said = answer(held[offset : offset + 1], **headers)
        if offset == 1 and count == 4:
            del held[0]
        return said

    cpo.does("GET /locations", shrinking)
    assert await world.pull("FR*CPO", "locations") == "done"
    assert [offset for offset, _ in asked(cpo)] == [None, "1", "2", "1", "2"]
    assert await world.hub.count("locations") == 4


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
