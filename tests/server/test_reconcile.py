"""Two authorisations, three CDRs: which of them to pay? (GIREVE: authorization_id in CDRs)"""

from decimal import Decimal
from typing import Any

import pytest

from ocpi211.models import Token
from ocpi211_server.reconciling import Charge, counted, reconcile
from tests.server.far_side import World, played
from tests.server.samples import cdr, location, session, stamp, token


async def allowed(world: World, uid: str = "04A1B2C3") -> str:
    """An authorisation that the CPO asked for."""
    info = await world["FR*CPO"].did("POST", f"/tokens/{uid}/authorize")
    id_: str = info["authorization_id"]
    return id_


async def charges(world: World) -> dict[str, Charge]:
    found = await reconcile(world.own.server.site.database, "FR*EMP")
    return {charge.authorization_id or charge.cdrs[0]: charge for charge in found}


async def billed(world: World, id_: str, **changes: Any) -> int:
    reply = await world["FR*CPO"].call("POST", "/cdrs", cdr(id_, **changes))
    return reply.code


@pytest.mark.requirement("GIR-CDR-05", "GIR-SES-02")
@played("FR*CPO", plays="emsp", profile="plain-2.1.1")
async def test_of_two_authorisations_and_three_cdrs_one_of_each_is_paid(world: World) -> None:
    cpo, office = world["FR*CPO"], world.own.office
    await office.publish("tokens", [Token.model_validate(token(uid)) for uid in ("04A1B2C3", "02")])
    one, two = await allowed(world), await allowed(world, "02")
    await cpo.put("sessions", session("S1", authorization_id=one))
    assert [
        await billed(world, id_, authorization_id=named) for id_, named in (("S1", one), ("S2", two), ("S3", two))
    ] == [1000] * 3
    found = await charges(world)
    assert [charge.verdict for charge in found.values()] == ["billed", "duplicate"]
    assert (found[one].sessions, found[one].cdrs, found[two].cdrs) == (["S1"], ["S1"], ["S2", "S3"])
    assert (found[one].energy, found[one].cost, found[one].currency) == (Decimal("11.5"), Decimal("4.4"), "EUR")
    assert found[two].cost == Decimal("8.8")
    assert counted(found.values()) == [("billed", 1), ("duplicate", 1)]


@played("FR*CPO", plays="emsp", profile="plain-2.1.1")
async def test_the_state_of_each_charge(world: World) -> None:
    cpo, office = world["FR*CPO"], world.own.office
    await office.publish("tokens", [Token.model_validate(token()), Token.model_validate(token("no", valid=False))])
    given, charging, refused, paid_for_refused = (
        await allowed(world),
        await allowed(world),
        await allowed(world, "no"),
        await allowed(world, "no"),
    )
    await cpo.put("sessions", session("S1", authorization_id=charging))
    await billed(world, "S2", authorization_id=paid_for_refused)
    await billed(world, "S3", authorization_id="invented")
    await billed(world, "S4")
    # The same once more is no second one; with another price it is kept aside, and told.
    await billed(world, "S5", authorization_id="disputed", stop_date_time=stamp())
    changed = cdr("S5", authorization_id="disputed", total_cost=99)
    assert [(await cpo.call("POST", "/cdrs", changed)).code for _ in range(2)] == [2000, 2000]
    await cpo.put("sessions", session("S6", auth_id="no authorisation"))
    found = await reconcile(world.own.server.site.database, "FR*EMP")
    verdicts = {charge.authorization_id: charge.verdict for charge in found if charge.authorization_id}
    assert verdicts == {
        given: "given",
        charging: "charging",
        refused: "refused",
        paid_for_refused: "disputed",
        "invented": "unmatched",
        "disputed": "disputed",
    }
    loose = [(charge.sessions, charge.cdrs, charge.verdict) for charge in found if not charge.authorization_id]
    assert loose == [(["S6"], [], "unmatched"), ([], ["S4"], "unmatched")]
    assert next(charge for charge in found if charge.authorization_id == "disputed").kept_aside == ["S5"]
    assert [charge.authorization_id for charge in found][:2] == [given, charging]


@played("FR*CPO", plays="emsp", profile="plain-2.1.1")
async def test_a_remote_start_is_told_from_a_card(world: World) -> None:
    office = world.own.office
    await office.publish("tokens", [Token.model_validate(token())])
    await world["FR*CPO"].put("locations", location())
    world["FR*CPO"].says("POST /commands/.*", {"result": "ACCEPTED"})
    _, remote = await office.start("04A1B2C3", "LOC1", "E1")
    local = await allowed(world)
    found = await charges(world)
    assert (found[remote].remote, found[local].remote, found[remote].token) == (True, False, "04A1B2C3")


@played(plays="emsp", profile="plain-2.1.1")
async def test_an_emsp_without_charges_has_none(world: World) -> None:
    found = await reconcile(world.own.server.site.database, "FR*EMP")
    assert (found, counted(found)) == ([], [])
