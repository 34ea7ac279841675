"""What the hub shows the other leg in place of what came: ids, names, remarks of CDRs, `signed_data` (GIREVE)."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from ocpi211_server.database import Work, sql
from tests.server.far_side import Far, World, hub_between, played
from tests.server.samples import cdr, evse, location, session, stamp, tariff, token

SIGNED = {"encoding_method": "OCMF", "signed_values": [{"nature": "Start", "plain_data": "p", "signed_data": "s"}]}


def ids_of(seen: dict[str, Any]) -> tuple[str, list[tuple[str, list[str]]]]:
    """The ids in a Location."""
    evses = [(each["uid"], [connector["id"] for connector in each["connectors"]]) for each in seen["evses"]]
    return seen["id"], evses


async def seen_by(emsp: Far) -> list[dict[str, Any]]:
    seen: list[dict[str, Any]] = await emsp.did("GET", "/locations")
    return seen


@played("FR*CPO", "DE*CP2", "FR*EMP")
async def test_ids_are_unique_though_two_cpos_use_the_same(world: World) -> None:
    for cpo in ("FR*CPO", "DE*CP2"):
        await world.locate(location(party=cpo, evses=[evse("1", cpo), evse("2", cpo)]), cpo=cpo)
    one, other = map(ids_of, await seen_by(world["FR*EMP"]))
    assert one[0] != other[0]
    uids = [uid for _, evses in (one, other) for uid, _ in evses]
    connectors = [id_ for _, evses in (one, other) for _, ids in evses for id_ in ids]
    assert (len(set(uids)), len(set(connectors))) == (4, 4)
    assert "LOC1" not in (one[0], other[0])
    assert [seen["evses"][0]["evse_id"] for seen in await seen_by(world["FR*EMP"])] == ["FR*CPO*E1", "DE*CP2*E1"]


@played("FR*CPO", "FR*EMP", profile_changes={"static_by_push": True})
async def test_ids_stay_whatever_is_written(world: World) -> None:
    cpo, emsp = world["FR*CPO"], world["FR*EMP"]
    await cpo.put("locations", location())
    first = ids_of((await seen_by(emsp))[0])
    await cpo.put("locations", location(name="renamed", evses=[evse("E2"), evse("E1")], last_updated=stamp()))
    await cpo.did("PATCH", f"/locations/{cpo.path}/LOC1", {"name": "again"})
    await cpo.did("PATCH", f"/locations/{cpo.path}/LOC1/E1", {"status": "CHARGING"})
    await cpo.did("PATCH", f"/locations/{cpo.path}/LOC1/E1/1", {"tariff_id": "T2"})
    await cpo.did("PUT", f"/locations/{cpo.path}/LOC1/E1", evse(last_updated=stamp(1)))
    again = ids_of((await seen_by(emsp))[0])
    assert (again[0], again[1][1]) == (first[0], first[1][0])
    assert again[1][0] not in first[1]


def test_ids_outlast_a_restart(new_database: Callable[[], str]) -> None:
    async def play() -> None:
        database, seen = new_database(), list[dict[str, Any]]()
        for _ in range(2):
            async with hub_between(new_database, "FR*CPO", "FR*EMP", database=database, roam=[]) as world:
                await world.sql("SELECT 1")
                if not seen:
                    await world.agree("FR*CPO", "FR*EMP")
                await world.locate(location(name=f"pulled {len(seen)} times"))
                seen += await seen_by(world["FR*EMP"])
        assert seen[0]["name"] != seen[1]["name"]
        assert ids_of(seen[0]) == ids_of(seen[1])

    asyncio.run(play())


@played("FR*CPO", "FR*EMP")
async def test_what_an_emsp_was_shown_it_can_ask_for(world: World) -> None:
    emsp = world["FR*EMP"]
    await world.locate(location(evses=[evse("FR*CPO*E1")]))
    (seen,) = await seen_by(emsp)
    (shown_evse,) = seen["evses"]
    (connector,) = shown_evse["connectors"]
    path = f"/locations/{seen['id']}"
    assert await emsp.did("GET", path) == seen
    assert await emsp.did("GET", f"{path}/{shown_evse['uid']}") == shown_evse
    assert await emsp.did("GET", f"{path}/{shown_evse['uid']}/{connector['id']}") == connector
    for unknown in ("/locations/LOC1", f"{path}/FR*CPO*E1", f"{path}/{shown_evse['uid']}/1"):
        assert (await emsp.call("GET", unknown)).status == 404
    # Its CPO goes on with its own.
    cpo = world["FR*CPO"]
    assert (await cpo.did("GET", f"/locations/{cpo.path}/LOC1/FR%2ACPO%2AE1"))["uid"] == "FR*CPO*E1"
    assert (await cpo.did("GET", f"/locations/{cpo.path}/LOC1/FR*CPO*E1/1"))["id"] == "1"
    assert (await cpo.call("GET", f"/locations/{cpo.path}/{seen['id']}")).status == 404


@played("FR*CPO", "FR*EMP")
async def test_a_session_and_its_place_have_the_ids_that_the_location_has(world: World) -> None:
    cpo, emsp = world["FR*CPO"], world["FR*EMP"]
    await emsp.put("tokens", token())
    await world.locate(location())
    await cpo.put("sessions", session())
    await world.quiet()
    (heard,) = emsp.of("PUT", "sessions")
    assert heard.body["id"] == heard.path.rsplit("/", 1)[1] != "S1"
    assert ids_of(heard.body["location"]) == ids_of((await seen_by(emsp))[0])
    await cpo.did("PATCH", f"/sessions/{cpo.path}/S1", {"kwh": 7, "last_updated": stamp()})
    await world.quiet()
    (patch,) = emsp.of("PATCH", "sessions")
    assert (patch.path, patch.body["kwh"]) == (heard.path, 7)
    assert (await emsp.did("GET", "/sessions?date_from=2020-01-01T00:00:00Z"))[0]["id"] == heard.body["id"]
    assert (await cpo.did("GET", f"/sessions/{cpo.path}/S1"))["id"] == "S1"


@played("FR*CPO", "FR*EMP", profile="gireve-1.2.2")
async def test_ids_of_cdrs_and_tariffs_stay_the_owners(world: World) -> None:
    cpo, emsp = world["FR*CPO"], world["FR*EMP"]
    await world.locate(location())
    await cpo.did("POST", "/cdrs", cdr("Cdr-1"))
    await cpo.put("tariffs", tariff("T1", country_code="DE", party_id="XXX"))
    await world.quiet()
    (heard,) = emsp.of("POST", "cdrs")
    assert heard.body["id"] == "Cdr-1"
    assert ids_of(heard.body["location"]) == ids_of((await seen_by(emsp))[0])
    (shown,) = await emsp.did("GET", "/tariffs")
    assert (shown["id"], shown["country_code"], shown["party_id"]) == ("T1", "FR", "CPO")


@pytest.mark.parametrize("operator", [{"name": "Exemple", "website": "https://x.example/"}, {"name": "E"}, None])
@played("FR*CPO", "FR*EMP")
async def test_operators_and_issuers_are_named_by_their_parties(world: World, operator: dict[str, Any] | None) -> None:
    cpo, emsp = world["FR*CPO"], world["FR*EMP"]
    await emsp.put("tokens", token(issuer=" Exemple "))
    await world.locate(location(operator=operator))
    await cpo.did("POST", "/cdrs", cdr(location=location(operator=operator, suboperator=None)))
    await cpo.put("sessions", session(location=location(operator=operator)))
    await world.quiet()
    shown = {**(operator or {}), "name": "FR*CPO"}
    assert (await seen_by(emsp))[0]["operator"] == shown
    assert emsp.of("POST", "cdrs")[0].body["location"]["operator"] == shown
    # The guide's Session keeps what the CPO wrote.
    assert emsp.of("PUT", "sessions")[0].body["location"].get("operator") == operator
    assert (await cpo.did("GET", "/tokens"))[0]["issuer"] == "FR*EMP"
    assert (await emsp.did("GET", f"/tokens/{emsp.path}/04A1B2C3"))["issuer"] == " Exemple "


@played("FR*CPO", "FR*EMP", profile="plain-2.1.1")
async def test_a_plain_hub_shows_what_came(world: World) -> None:
    cpo, emsp = world["FR*CPO"], world["FR*EMP"]
    await emsp.put("tokens", token())
    place = location()
    await cpo.put("locations", place)
    await cpo.put("sessions", session(location=place))
    await cpo.put("tariffs", tariff())
    free = cdr(total_cost=0, signed_data=SIGNED, location=place)
    await cpo.did("POST", "/cdrs", free)
    await world.quiet()
    assert await seen_by(emsp) == [place]
    for module, thing in (("sessions", "S1"), ("tariffs", "T1")):
        assert emsp.of("PUT", module)[0].path == f"/{module}/FR/CPO/{thing}"
    assert emsp.of("POST", "cdrs")[0].body == free
    assert (await cpo.did("GET", "/tokens"))[0]["issuer"] == "Exemple Mobilité"


# What the CPO sends, the price of the agreement; the remark and the cost that the eMSP is sent.
REMARKS: list[tuple[dict[str, Any], str | None, str | None, object]] = [
    ({"total_cost": 0}, None, "[?]", 0),
    ({"total_cost": 0, "remark": "as agreed"}, None, "[?] as agreed", 0),
    ({"total_cost": "0.00", "remark": None}, None, "[?]", "0.00"),
    ({"total_cost": 0, "remark": "as agreed"}, "0.45678", "[*] as agreed", 5.253),
    ({"total_cost": 0, "total_energy": 1000000}, "10", "[*]", 10000000),
    ({"total_cost": 4.4, "remark": "as agreed"}, "0.35", "as agreed", 4.4),
    ({"total_cost": 4.4}, None, None, 4.4),
    ({"total_cost": 0, "total_energy": 0, "total_time": 0}, None, None, 0),
    ({"total_cost": 0, "remark": "x" * 255}, None, "[?] " + "x" * 251, 0),
    ({"total_cost": 0, "remark": "é" * 255}, "1", "[*] " + "é" * 251, 11.5),
]


def _priced(price: str | None) -> Work[None]:
    yield sql("UPDATE agreement SET price = $1", price)


@pytest.mark.requirement("GIR-CDR-06")
@played("FR*CPO", "FR*EMP")
async def test_a_remark_tells_what_the_cost_is_worth(world: World) -> None:
    for number, (changes, price, remark, cost) in enumerate(REMARKS):
        await world.hub.server.site.database.write(_priced, price)
        sent = cdr(f"S{number}", **changes)
        await world["FR*CPO"].did("POST", "/cdrs", sent)
        await world.quiet()
        heard = world["FR*EMP"].of("POST", "cdrs")[-1]
        assert (heard.body.get("remark"), heard.body["total_cost"]) == (remark, cost)
        # The CPO is shown what it sent.
        assert await world["FR*CPO"].did("GET", f"/cdrs/S{number}") == sent


@pytest.mark.parametrize("profile", ["gireve-1.1.4", "gireve-1.2.2"])
def test_signed_data_is_for_the_latest_edition(new_database: Callable[[], str], profile: str) -> None:
    async def play() -> None:
        async with hub_between(new_database, "FR*CPO", "FR*EMP", profile=profile) as world:
            await world["FR*CPO"].did("POST", "/cdrs", cdr(signed_data=SIGNED))
            await world.quiet()
            (heard,) = world["FR*EMP"].of("POST", "cdrs")
            assert heard.body.get("signed_data") == (SIGNED if profile == "gireve-1.2.2" else None)

    asyncio.run(play())
