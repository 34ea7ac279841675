"""What a server's own party does: publish, change, start, stop; a running server sends what follows from it."""

from decimal import Decimal
from typing import Any

import pytest
from aiohttp import web

from ocpi211.models import CDR, Location, Session, SessionPatch, Status, Tariff, TariffPatch, Token
from ocpi211.routes import NotFound
from ocpi211_runtime.errors import PeerRefusal
from ocpi211_server.backoffice import BackOfficeError
from tests.server.far_side import World, enveloped, played
from tests.server.samples import cdr, location, session, stamp, tariff, token

MADE: dict[str, Any] = {
    "locations": Location.model_validate(location()),
    "sessions": Session.model_validate(session()),
    "cdrs": CDR.model_validate(cdr()),
    "tariffs": Tariff.model_validate(tariff()),
    "tokens": Token.model_validate(token()),
}


@pytest.mark.parametrize(
    ("plays", "own"), [("cpo", {"locations", "sessions", "cdrs", "tariffs"}), ("emsp", {"tokens"}), ("hub", set())]
)
def test_each_role_has_objects_of_its_own(new_database: Any, plays: str, own: set[str]) -> None:
    @played(plays=plays, profile="plain-2.1.1")
    async def story(world: World) -> None:
        for module, model in MADE.items():
            if module in own:
                assert await world.own.office.publish(module, [model]) == 1
            else:
                with pytest.raises(BackOfficeError, match=f"{plays} has no {module}"):
                    await world.own.office.publish(module, [model])
            assert await world.own.count(module) == int(module in own)

    story(new_database)


@played("FR*EMP", "DE*EM2", plays="cpo", profile="plain-2.1.1")
async def test_a_cpo_tells_all_of_places_and_one_of_a_charge(world: World) -> None:
    emsp, other = world["FR*EMP"], world["DE*EM2"]
    await emsp.put("tokens", token())
    for module in ("locations", "tariffs", "sessions", "cdrs"):
        await world.own.office.publish(module, [MADE[module]])
    await world.quiet()
    shared = ["PUT /locations/FR/CPO/LOC1", "PUT /tariffs/FR/CPO/T1"]
    assert sorted(emsp.briefs()) == sorted([*shared, "PUT /sessions/FR/CPO/S1", "POST /cdrs"])
    assert sorted(other.briefs()) == shared
    for far, count in ((emsp, 1), (other, 0)):
        assert len(await far.did("GET", "/cdrs")) == count
        assert len(await far.did("GET", "/sessions?date_from=2020-01-01T00:00:00Z")) == count


@pytest.mark.requirement("GIR-LOC-05")
@played("FR*EMP", plays="cpo", profile="plain-2.1.1")
async def test_changes_are_pushed_as_what_they_are(world: World) -> None:
    office, emsp = world.own.office, world["FR*EMP"]
    await office.publish("locations", [MADE["locations"]])
    await office.publish("tariffs", [MADE["tariffs"]])
    await world.quiet()
    emsp.heard.clear()
    await office.set_status("LOC1", "E1", Status.CHARGING)
    await office.amend("tariffs", "T1", TariffPatch(currency="CHF"))
    await world.quiet()
    heard = {item.brief: item.body for item in emsp.heard}
    assert heard["PATCH /locations/FR/CPO/LOC1/E1"]["status"] == "CHARGING"
    assert heard["PATCH /tariffs/FR/CPO/T1"]["currency"] == "CHF"
    (seen,) = await emsp.did("GET", "/locations")
    assert seen["last_updated"] == seen["evses"][0]["last_updated"] > location()["last_updated"]
    with pytest.raises(NotFound):
        await office.set_status("LOC1", "E9", Status.CHARGING)
    with pytest.raises(NotFound):
        await office.amend("tariffs", "T9", TariffPatch(currency="CHF"))


@played(plays="cpo", profile="plain-2.1.1")
async def test_publishing_tells_how_many_changed(world: World) -> None:
    office = world.own.office
    older = Location.model_validate(location(last_updated=stamp(-3600)))
    assert await office.publish("locations", [MADE["locations"], older]) == 1
    assert await office.publish("cdrs", [MADE["cdrs"], MADE["cdrs"]]) == 1
    with pytest.raises(BackOfficeError, match="another CDR S1"):
        await office.publish("cdrs", [CDR.model_validate(cdr(total_cost=5))])


@played("FR*107", plays="cpo", profile="gireve-1.1.4")
async def test_a_cpo_sends_a_charge_to_its_hub_whoever_the_contract_names(world: World) -> None:
    hub = world["FR*107"]
    await world.own.office.publish("sessions", [Session.model_validate(session(auth_id="ES-AAA-C1"))])
    await world.own.office.publish("cdrs", [CDR.model_validate(cdr(auth_id="whoever"))])
    await world.quiet()
    assert sorted(hub.briefs()) == ["POST /cdrs", "PUT /sessions/FR/CPO/S1"]


@pytest.mark.requirement("GIR-SAF-01", "GIR-SAF-02", "GIR-SAF-03", "GIR-SAF-04", "GIR-SAF-05")
@played("FR*107", plays="cpo", profile="gireve-1.2.2")
async def test_what_the_hub_did_not_take_is_kept_and_sent_in_order(world: World) -> None:
    hub, office = world["FR*107"], world.own.office
    failures = [(500, 3000), (200, 2001), (404, 2000), (400, 2000)]

    async def refuse(heard: Any) -> Any:
        status, code = failures.pop(0)
        if not failures:
            hub.answers.clear()
        hub.heard.remove(heard)
        return web.Response(status=status, body=enveloped(code=code), content_type="application/json")

    hub.does(".*", refuse)
    await office.publish("locations", [MADE["locations"]])
    for status in (Status.CHARGING, Status.BLOCKED, Status.AVAILABLE):
        await office.set_status("LOC1", "E1", status)
    for kwh in (1, 2, 3):
        await office.publish("sessions", [Session.model_validate(session(kwh=kwh, last_updated=stamp(kwh)))])
    await office.publish("cdrs", [MADE["cdrs"], CDR.model_validate(cdr("S2"))])
    await office.publish("tariffs", [MADE["tariffs"]])
    await world.quiet()
    assert hub.briefs("tariffs") == ["PUT /tariffs/FR/CPO/T1"]
    assert [item.body["kwh"] for item in hub.of("PUT", "sessions")] == [1, 2, 3]
    assert [item.body["id"] for item in hub.of("POST", "cdrs")] == ["S1", "S2"]
    assert hub.briefs("locations") == ["PUT /locations/FR/CPO/LOC1", *["PATCH /locations/FR/CPO/LOC1/E1"] * 3]
    statuses = [item.body["status"] for item in hub.of("PATCH", "locations")]
    assert statuses == ["CHARGING", "BLOCKED", "AVAILABLE"]
    assert failures == []


@pytest.mark.requirement("GIR-AUTH-03", "GIR-CDR-02")
@played("FR*107", plays="cpo", profile="gireve-1.1.4")
async def test_a_cpo_names_the_authorisation_in_every_message(world: World) -> None:
    hub, office = world["FR*107"], world.own.office
    named = {"authorization_id": "A-1"}
    await office.publish("sessions", [Session.model_validate(session(**named))])
    await world.quiet()
    await office.amend("sessions", "S1", SessionPatch(kwh=Decimal(3)))
    await office.publish("cdrs", [CDR.model_validate(cdr(**named))])
    await world.quiet()
    assert [item.body["authorization_id"] for item in hub.heard] == ["A-1"] * 3
    assert [item.path.rsplit("/", 1)[1] for item in hub.heard if item.verb != "POST"] == ["S1", "S1"]


@played("FR*CPO", "DE*CP2", plays="emsp", profile="plain-2.1.1")
async def test_an_emsp_starts_and_stops_at_whoever_has_the_place(world: World) -> None:
    office = world.own.office
    await office.publish("tokens", [MADE["tokens"]])
    await world["DE*CP2"].put("locations", location(party="DE*CP2"))
    await world["DE*CP2"].put("sessions", session(party="DE*CP2"))
    world["DE*CP2"].says("POST /commands/.*", {"result": "REJECTED"})
    answer, _ = await office.start("04A1B2C3", "LOC1", "E1")
    assert (answer, await office.stop("S1")) == ("REJECTED", "REJECTED")
    start, stop = world["DE*CP2"].of("POST", "commands")
    assert (start.path, stop.path) == ("/commands/START_SESSION", "/commands/STOP_SESSION")
    assert stop.body["session_id"] == "S1"
    assert world["FR*CPO"].of("POST", "commands") == []
    for wrong in (office.start("nobody", "LOC1", "E1"), office.start("04A1B2C3", "LOC9", "E1"), office.stop("S9")):
        with pytest.raises(BackOfficeError):
            await wrong
    world["DE*CP2"].says("POST /commands/.*", code=2003)
    with pytest.raises(PeerRefusal):
        await office.start("04A1B2C3", "LOC1", "E1")


@played("FR*CPO", "DE*CP2", plays="emsp", profile="plain-2.1.1")
async def test_where_two_cpos_use_the_same_id_nothing_is_started_at_the_wrong_one(world: World) -> None:
    await world.own.office.publish("tokens", [MADE["tokens"]])
    for party in ("FR*CPO", "DE*CP2"):
        await world[party].put("locations", location(party=party))
    with pytest.raises(BackOfficeError, match="2 partners gave us LOC1"):
        await world.own.office.start("04A1B2C3", "LOC1", "E1")


@played("FR*CPO", plays="emsp", profile="plain-2.1.1")
async def test_an_emsp_pushes_its_tokens(world: World) -> None:
    await world.own.office.publish("tokens", [MADE["tokens"]])
    await world.quiet()
    assert world["FR*CPO"].briefs() == ["PUT /tokens/FR/EMP/04A1B2C3"]


@played("FR*EMP", plays="cpo", profile="plain-2.1.1")
async def test_by_the_text_alone_what_failed_is_not_sent_again(world: World) -> None:
    emsp = world["FR*EMP"]
    emsp.says(".*", code=3000, status=500)
    await world.own.office.publish("locations", [MADE["locations"]])
    await world.quiet()
    assert emsp.briefs() == ["PUT /locations/FR/CPO/LOC1"]
    assert len(await emsp.did("GET", "/locations")) == 1
