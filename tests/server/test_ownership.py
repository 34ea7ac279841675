"""Behind a hub an object tells whose it is: by the names that the hub writes, or by the ids of its EVSEs (GIREVE)."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from ocpi211_server.demo import data
from tests.server.far_side import far_side
from tests.server.samples import cdr, evse, location, session, stamp, tariff, token
from tests.server.stage import actor, staged


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
            first = [heard.query for heard in hub.of("GET", "tokens") if "offset" not in heard.query]
            assert ["date_from" in query for query in first] == [False, True, False]

    asyncio.run(play())


def test_a_cdr_that_a_hub_pushed_and_is_pulled_from_it_is_one(new_database: Callable[[], str]) -> None:
    async def play() -> None:
        async with staged(new_database, "hub", "cpo", "emsp", profile="gireve-1.2.2") as stage:
            contract = data.tokens()[0].auth_id
            await stage.emsp.office.publish("tokens", data.tokens())
            await stage.hub.server.pulls.pull(await stage.hub.partner("emsp"), "tokens")
            await stage.cpo.office.publish("cdrs", [data.cdr("S0001", contract, None, "11", "4.40")])
            await stage.delivered()
            pulled = await stage.emsp.server.pulls.pull(await stage.emsp.partner("cpo"), "cdrs")
            assert (pulled.objects, await stage.emsp.count("cdrs")) == (1, 1)
            rows = await stage.emsp.server.site.database.read("SELECT owner FROM object WHERE module = 'cdrs'")
            assert [row[0] for row in rows] == ["FR*CPO"]

    asyncio.run(play())
