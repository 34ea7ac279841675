"""The hub asks the eMSP whether a Token may charge, in bounded time, or says what the whitelist says (GIREVE)."""

from typing import Any

import pytest
from aiohttp import web

from ocpi211_server.database import Work, sql
from tests.server.far_side import Far, Heard, World, enveloped, played
from tests.server.samples import cdr, evse, location, session, stamp, token

HERE = {"location_id": "LOC1", "evse_uids": ["E1"]}
ASKED = "POST /tokens/04A1B2C3/authorize"


async def ready(world: World, **changes: Any) -> tuple[Far, Far]:
    """A Location is known, and a Token."""
    await world.locate(location(evses=[evse("E1"), evse("E2", evse_id="E1")]))
    await world["FR*EMP"].put("tokens", token(**changes))
    return world["FR*CPO"], world["FR*EMP"]


async def ask(cpo: Far, body: Any = HERE, uid: str = "04A1B2C3", **parameters: str) -> dict[str, Any]:
    query = "?" + "&".join(f"{name}={value}" for name, value in parameters.items()) if parameters else ""
    info: dict[str, Any] = await cpo.did("POST", f"/tokens/{uid}/authorize{query}", body)
    return info


@played("FR*CPO", "FR*EMP")
async def test_the_emsp_is_asked_about_the_place_in_the_ids_it_knows(world: World) -> None:
    cpo, emsp = await ready(world)
    emsp.says(ASKED, {"allowed": "ALLOWED", "authorization_id": "A-1", "info": {"language": "fr", "text": "bonjour"}})
    info = await ask(cpo, {**HERE, "connector_ids": ["1"]})
    (heard,) = emsp.of("POST", "tokens")
    (seen,) = await emsp.did("GET", "/locations")
    shown = seen["evses"][0]
    assert heard.query == {"type": "RFID"}
    assert heard.body == {
        "location_id": seen["id"],
        "evse_uids": [shown["uid"]],
        "connector_ids": [shown["connectors"][0]["id"]],
    }
    assert info == {
        "allowed": "ALLOWED",
        "authorization_id": "A-1",
        "info": {"language": "fr", "text": "bonjour"},
        "location": {**HERE, "connector_ids": ["1"]},
    }


@pytest.mark.requirement("GIR-TOK-03")
@played("FR*CPO", "FR*EMP")
async def test_exactly_one_known_evse_has_to_be_named(world: World) -> None:
    cpo, emsp = await ready(world)
    for body, code in (
        (None, 2002),
        ({"location_id": "LOC1"}, 2002),
        ({"location_id": "LOC1", "evse_uids": []}, 2002),
        ({"location_id": "LOC1", "evse_uids": ["E1", "E2"]}, 2001),
        ({"location_id": "elsewhere", "evse_uids": ["E1"]}, 2003),
        ({"location_id": "LOC1", "evse_uids": ["E9"]}, 2003),
    ):
        reply = await cpo.call("POST", "/tokens/04A1B2C3/authorize", body)
        assert (reply.status, reply.code, emsp.of("POST", "tokens")) == (200, code, [])


@pytest.mark.requirement("GIR-TOK-03")
@played("FR*CPO", "FR*EMP")
async def test_an_evse_is_found_by_uid_before_evse_id(world: World) -> None:
    cpo, emsp = await ready(world)
    emsp.says(ASKED, {"allowed": "ALLOWED"})
    (seen,) = await emsp.did("GET", "/locations")
    for name, index in (("E1", 0), ("FR*CPO*EE1", 0), ("E2", 1)):
        info = await ask(cpo, {"location_id": "LOC1", "evse_uids": [name]})
        assert emsp.of("POST", "tokens")[-1].body["evse_uids"] == [seen["evses"][index]["uid"]]
        assert info["location"]["evse_uids"] == [name]


@played("FR*CPO", "FR*EMP", profile="plain-2.1.1")
async def test_a_plain_hub_asks_as_it_is_asked(world: World) -> None:
    cpo, emsp = world["FR*CPO"], world["FR*EMP"]
    await emsp.put("tokens", token())
    await cpo.put("locations", location(evses=[evse("E1"), evse("E2")]))
    emsp.says(ASKED, {"allowed": "ALLOWED", "location": {"location_id": "LOC1", "evse_uids": ["E2"]}})
    for body in (None, {"location_id": "LOC1"}, {"location_id": "LOC1", "evse_uids": ["E1", "E2"]}):
        info = await ask(cpo, body)
        assert emsp.of("POST", "tokens")[-1].body == body
        # The eMSP may allow less than it was asked about.
        assert info["location"]["evse_uids"] == ["E2"]
        assert "authorization_id" not in info


@pytest.mark.parametrize(("profile_changes", "code", "status"), [({}, 2000, 200), ({"unknown_token": 404}, 2000, 404)])
def test_an_unknown_token_is_told_alike_whether_it_is_there_or_without_an_agreement(
    new_database: object, profile_changes: dict[str, object], code: int, status: int
) -> None:
    @played("FR*CPO", "FR*EMP", "DE*EM2", roam=[("FR*CPO", "FR*EMP")], profile_changes=profile_changes)
    async def story(world: World) -> None:
        cpo, _ = await ready(world)
        await world["DE*EM2"].put("tokens", token("02", "DE*EM2"))
        for path in ("/tokens/nobody", "/tokens/02", "/tokens/04A1B2C3"):
            suffix = "?type=OTHER" if path.endswith("C3") else ""
            reply = await cpo.call("POST", f"{path}/authorize{suffix}", HERE)
            assert (reply.status, reply.code, reply.envelope["status_message"]) == (
                status,
                code,
                "The Token is unknown.",
            )
        assert world["DE*EM2"].of("POST", "tokens") == []

    story(new_database)


@played("FR*CPO", "FR*EMP")
async def test_the_type_of_the_token_is_passed_on(world: World) -> None:
    cpo, emsp = await ready(world, type="OTHER")
    emsp.says(ASKED, {"allowed": "NO_CREDIT"})
    for parameter in ("type", "token_type"):
        assert (await ask(cpo, **{parameter: "OTHER"}))["allowed"] == "NO_CREDIT"
        assert emsp.of("POST", "tokens")[-1].query == {"type": "OTHER"}


@pytest.mark.parametrize(("valid", "allowed"), [(True, "ALLOWED"), (False, "BLOCKED")])
@played("FR*CPO", "FR*EMP")
async def test_a_token_that_is_always_on_the_whitelist_is_not_asked_for(
    world: World, *, valid: bool, allowed: str
) -> None:
    cpo, emsp = await ready(world, whitelist="ALWAYS", valid=valid)
    info = await ask(cpo)
    assert (info["allowed"], emsp.of("POST", "tokens")) == (allowed, [])
    # The CPO is given something to name in its CDR, which the eMSP never sees.
    assert ("authorization_id" in info) == valid


@pytest.mark.parametrize("whitelist", ["ALLOWED", "ALLOWED_OFFLINE", "NEVER"])
@played("FR*CPO", "FR*EMP")
async def test_other_tokens_are_asked_for(world: World, whitelist: str) -> None:
    cpo, emsp = await ready(world, whitelist=whitelist)
    emsp.says(ASKED, {"allowed": "EXPIRED"})
    assert (await ask(cpo))["allowed"] == "EXPIRED"
    assert len(emsp.of("POST", "tokens")) == 1


@pytest.mark.parametrize("away", ["slow", "broken", "babbling"])
@played("FR*CPO", "FR*EMP", authorize_timeout=0.5)
async def test_while_the_emsp_is_away_the_whitelist_decides(world: World, away: str) -> None:
    cpo, emsp = await ready(world)
    match away:
        case "slow":
            emsp.says("POST /tokens/.*", {"allowed": "ALLOWED"}, wait=2)
        case "broken":
            emsp.says("POST /tokens/.*", code=3000, status=503)
        case _:
            emsp.says("POST /tokens/.*", {"allowed": "PERHAPS", "authorization_id": "x" * 37})
    for number, (whitelist, valid, allowed) in enumerate(
        [
            ("NEVER", True, "NOT_ALLOWED"),
            ("ALLOWED_OFFLINE", True, "ALLOWED"),
            ("ALLOWED", True, "ALLOWED"),
            ("ALLOWED_OFFLINE", False, "BLOCKED"),
        ]
    ):
        await emsp.put("tokens", token(str(number), whitelist=whitelist, valid=valid))
        info = await ask(cpo, uid=str(number))
        assert (whitelist, info["allowed"]) == (whitelist, allowed)


@played("FR*CPO", "FR*EMP")
async def test_an_emsp_that_refuses_to_answer_does_not_allow(world: World) -> None:
    cpo, emsp = await ready(world, whitelist="ALLOWED_OFFLINE")
    for status, code in ((200, 2001), (404, 2000), (401, 2000), (400, 2001)):
        emsp.says(ASKED, code=code, status=status)
        assert (await ask(cpo))["allowed"] == "NOT_ALLOWED"


@played("FR*CPO", "FR*EMP")
async def test_an_emsp_that_left_is_not_asked(world: World) -> None:
    cpo, emsp = await ready(world, whitelist="ALLOWED_OFFLINE")
    await world.hub.server.site.database.write(_leave)
    assert (await ask(cpo))["allowed"] == "NOT_ALLOWED"
    assert emsp.of("POST", "tokens") == []


def _leave() -> Work[None]:
    yield sql("UPDATE partner SET state = 'unregistered', updated = updated + 1 WHERE role = 'emsp'")


@pytest.mark.requirement("GIR-AUTH-03")
@pytest.mark.parametrize("given", ["A-1", "", None])
@played("FR*CPO", "FR*EMP")
async def test_the_cpo_always_has_an_id_to_name_and_the_emsp_only_sees_its_own(world: World, given: str | None) -> None:
    cpo, emsp = await ready(world)
    emsp.says(ASKED, {"allowed": "ALLOWED", "authorization_id": given})
    info = await ask(cpo)
    named = {"authorization_id": info["authorization_id"], "auth_id": "some other contract"}
    assert (info["authorization_id"] == given) == bool(given)
    await cpo.put("sessions", session(**named))
    await world.quiet()
    await cpo.did("PATCH", f"/sessions/{cpo.path}/S1", {"kwh": 2, "last_updated": stamp()})
    await cpo.did("PATCH", f"/sessions/{cpo.path}/S1", {**named, "kwh": 3, "last_updated": stamp()})
    await cpo.did("POST", "/cdrs", cdr(**named))
    await world.quiet()
    heard = [*emsp.of("PUT", "sessions"), *emsp.of("PATCH", "sessions"), *emsp.of("POST", "cdrs")]
    assert len(heard) >= 3
    assert {message.body.get("authorization_id") for message in heard} == {given or None}
    (listed,) = await emsp.did("GET", "/cdrs")
    assert listed.get("authorization_id") == (given or None)


@played("FR*CPO", "FR*EMP")
async def test_the_same_answer_twice_is_one_authorisation(world: World) -> None:
    cpo, emsp = await ready(world)
    emsp.says(ASKED, {"allowed": "ALLOWED", "authorization_id": "A-1"})
    await ask(cpo)
    await ask(cpo)
    rows = await world.sql("SELECT emsp, authorization_id, token_uid, location_id, evse_uid FROM authorization_given")
    assert rows == [("FR*EMP", "A-1", "04A1B2C3", "LOC1", "E1")]


@played("FR*CPO", "FR*EMP")
async def test_an_emsp_that_answers_late_is_not_waited_for_by_others(world: World) -> None:
    cpo, emsp = await ready(world)
    await emsp.put("tokens", token("ALWAYS", whitelist="ALWAYS"))

    async def meanwhile(_: Heard) -> Any:
        assert (await ask(cpo, uid="ALWAYS"))["allowed"] == "ALLOWED"
        return web.Response(body=enveloped({"allowed": "ALLOWED"}), content_type="application/json")

    emsp.does(ASKED, meanwhile)
    assert (await ask(cpo))["allowed"] == "ALLOWED"
