"""An eMSP that is asked whether a Token may charge, and a CPO that asks (mod_tokens.md, 2.2.2)."""

from typing import Any

import pytest

from ocpi211.models import Location, Token
from ocpi211_server.backoffice import BackOfficeError
from tests.server.far_side import Far, World, played
from tests.server.samples import location, token

HERE = {"location_id": "LOC1", "evse_uids": ["E1"]}


async def asked(world: World, path: str = "04A1B2C3/authorize", body: Any = None) -> dict[str, Any]:
    info: dict[str, Any] = await world["FR*CPO"].did("POST", f"/tokens/{path}", body)
    return info


async def publish(world: World, *tokens: dict[str, Any]) -> Far:
    await world.own.office.publish("tokens", [Token.model_validate(each) for each in tokens or (token(),)])
    return world["FR*CPO"]


@pytest.mark.requirement("GIR-AUTH-02")
@pytest.mark.parametrize(("valid", "allowed"), [(True, "ALLOWED"), (False, "BLOCKED")])
@played("FR*CPO", plays="emsp", profile="plain-2.1.1")
async def test_a_valid_token_is_allowed_and_every_answer_has_an_id_of_its_own(
    world: World, *, valid: bool, allowed: str
) -> None:
    await publish(world, token(valid=valid))
    first, second = await asked(world), await asked(world, body=HERE)
    assert (first["allowed"], second["allowed"], "location" in first, second["location"]) == (
        allowed,
        allowed,
        False,
        HERE,
    )
    assert first["authorization_id"] != second["authorization_id"]
    rows = await world.sql("SELECT authorization_id, allowed, location_id, evse_uid FROM authorization_given")
    assert sorted(rows, key=lambda row: row[2] or "") == [
        (first["authorization_id"], allowed, None, None),
        (second["authorization_id"], allowed, "LOC1", "E1"),
    ]


@played("FR*CPO", plays="emsp", profile="plain-2.1.1")
async def test_no_authorization_id_can_be_foretold(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever knows one can bill what it allowed; ids of requests tell what Python's plain `random` says next."""
    monkeypatch.setattr("random.getrandbits", lambda _: 4711)
    await publish(world)
    first, second = [(await asked(world))["authorization_id"][-12:] for _ in range(2)]
    assert first != second


@played("FR*CPO", plays="emsp", profile="plain-2.1.1")
async def test_the_type_decides_among_tokens_of_the_same_uid(world: World) -> None:
    cpo = await publish(world, token())
    assert (await asked(world, "04A1B2C3/authorize?type=RFID"))["allowed"] == "ALLOWED"
    reply = await cpo.call("POST", "/tokens/04A1B2C3/authorize?type=OTHER")
    assert (reply.status, reply.code) == (404, 2000)


@played("FR*CPO", plays="emsp", profile="plain-2.1.1")
async def test_a_place_the_emsp_does_not_know_is_no_reason_to_refuse_but_a_known_one_without_the_evse_is(
    world: World,
) -> None:
    cpo = await publish(world)
    await cpo.put("locations", location())
    assert (await asked(world, body={"location_id": "LOC9", "evse_uids": ["E9"]}))["allowed"] == "ALLOWED"
    assert (await asked(world, body=HERE))["allowed"] == "ALLOWED"
    reply = await cpo.call("POST", "/tokens/04A1B2C3/authorize", {**HERE, "evse_uids": ["E9"]})
    assert (reply.status, reply.code) == (200, 2003)


@pytest.mark.parametrize("body", [b"[]", b'"LOC1"', b'{"location_id":1.5}', b'{"evse_uids":["E1"]}'])
@played("FR*CPO", plays="emsp", profile="plain-2.1.1")
async def test_a_body_that_is_no_location_references_is_refused(world: World, body: bytes) -> None:
    cpo = await publish(world)
    reply = await cpo.call("POST", "/tokens/04A1B2C3/authorize", body)
    assert (reply.status, reply.code) == (200, 2001)


# The other side: a CPO that asks.


@pytest.mark.requirement("GIR-TOK-02", "GIR-AUTH-03")
@played("FR*EMP", plays="cpo", profile="plain-2.1.1")
async def test_a_cpo_names_one_evse_and_keeps_the_id_it_was_given(world: World) -> None:
    emsp = world["FR*EMP"]
    await world.own.office.publish("locations", [Location.model_validate(location())])
    await emsp.put("tokens", token())
    emsp.says("POST /tokens/.*", {"allowed": "ALLOWED", "authorization_id": "A-1"})
    info = await world.own.office.ask("04A1B2C3", "LOC1", "E1")
    (heard,) = emsp.of("POST", "tokens")
    assert (info.allowed, heard.body, heard.query) == ("ALLOWED", HERE, {"type": "RFID"})
    rows = await world.sql("SELECT emsp, authorization_id, token_uid, contract FROM authorization_given")
    assert rows == [("FR*EMP", "A-1", "04A1B2C3", "FR-EMP-C00000001")]


@played("FR*EMP", "DE*EM2", plays="cpo", profile="plain-2.1.1")
async def test_a_cpo_asks_whoever_gave_it_the_token(world: World) -> None:
    for party, uid in (("FR*EMP", "01"), ("DE*EM2", "02")):
        await world[party].put("tokens", token(uid, party))
        world[party].says("POST /tokens/.*", {"allowed": "NOT_ALLOWED"})
    await world.own.office.ask("02", "LOC1", "E1")
    assert (len(world["FR*EMP"].of("POST", "tokens")), len(world["DE*EM2"].of("POST", "tokens"))) == (0, 1)
    with pytest.raises(BackOfficeError, match="2 partners are emsp"):
        await world.own.office.ask("03", "LOC1", "E1")
