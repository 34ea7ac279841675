"""A CPO that is sent commands, and an eMSP that sends them (mod_commands.md)."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from ocpi211.models import Allowed, CommandResponseType, Location, Session, Token
from ocpi211_server.decisions import Command, Decisions
from tests.server.far_side import Far, World, played
from tests.server.samples import evse, location, session, stamp, token
from tests.server.stage import until

ACCEPTED = {"result": "ACCEPTED"}
CAPABLE = ["RESERVABLE", "UNLOCK_CAPABLE"]


class Charger(Decisions):
    """A Charge Point that does what a test wants."""

    def __init__(self, outcome: Callable[[], Awaitable[CommandResponseType | None]] | None = None) -> None:
        self.commands: list[Command] = []
        self._outcome = outcome

    async def begin(self, command: Command) -> CommandResponseType:
        self.commands.append(command)
        return await super().begin(command)

    async def outcome(self, command: Command) -> CommandResponseType | None:
        return await (self._outcome() if self._outcome else super().outcome(command))


def orders(emsp: Far) -> dict[str, dict[str, Any]]:
    """One of each, for the EVSE of LOC1."""
    url = {"response_url": f"{emsp.url}/results?of=me&twice=%2F"}
    place = {"location_id": "LOC1", "evse_uid": "E1"}
    return {
        "START_SESSION": {**url, **place, "token": token()},
        "RESERVE_NOW": {**url, **place, "token": token(), "expiry_date": stamp(600), "reservation_id": 7},
        "UNLOCK_CONNECTOR": {**url, **place, "connector_id": "1"},
        "STOP_SESSION": {**url, "session_id": "S1"},
    }


async def publish(world: World, **changes: Any) -> Far:
    """A Location of the CPO's own; gives its eMSP."""
    model = Location.model_validate(location(evses=[evse(**{"capabilities": CAPABLE, **changes})]))
    await world.own.office.publish("locations", [model])
    await world.quiet()
    emsp = world["FR*EMP"]
    emsp.heard.clear()
    return emsp


def results(emsp: Far) -> list[dict[str, Any]]:
    return [heard.body for heard in emsp.heard if heard.path == "/results"]


@pytest.mark.requirement("CMD-CPO-02", "CMD-CPO-03")
@pytest.mark.parametrize("kind", ["START_SESSION", "RESERVE_NOW", "UNLOCK_CONNECTOR"])
@played("FR*EMP", plays="cpo", profile="plain-2.1.1")
async def test_a_command_is_answered_at_once_and_its_result_follows(world: World, kind: str) -> None:
    emsp = await publish(world)
    assert await emsp.did("POST", f"/commands/{kind}", orders(emsp)[kind]) == ACCEPTED
    await until(lambda: _one(emsp), "the result")
    await world.quiet()
    (heard,) = emsp.heard
    assert (heard.verb, heard.body) == ("POST", ACCEPTED)
    assert heard.query == {"of": "me", "twice": "/"}
    assert heard.headers["authorization"] == "Token FR*EMP-gave-this-token"


async def _one(emsp: Far) -> bool:
    return len(results(emsp)) == 1


@pytest.mark.parametrize(
    ("kind", "changes", "result"),
    [
        ("START_SESSION", {"status": "CHARGING"}, "REJECTED"),
        ("RESERVE_NOW", {"capabilities": ["UNLOCK_CAPABLE"]}, "NOT_SUPPORTED"),
        ("UNLOCK_CONNECTOR", {"capabilities": None}, "NOT_SUPPORTED"),
    ],
)
@pytest.mark.requirement("CMD-CPO-09")
@played("FR*EMP", plays="cpo", profile="plain-2.1.1")
async def test_what_cannot_be_done_is_told_so_and_has_no_result(
    world: World, kind: str, changes: dict[str, Any], result: str
) -> None:
    emsp = await publish(world, **changes)
    assert await emsp.did("POST", f"/commands/{kind}", orders(emsp)[kind]) == {"result": result}
    await world.quiet()
    assert emsp.heard == []


@pytest.mark.requirement("CMD-CPO-09")
@played("FR*EMP", plays="cpo", profile="gireve-1.1.4")
async def test_what_is_not_offered_is_not_supported(world: World) -> None:
    emsp = await publish(world)
    for kind in ("RESERVE_NOW", "UNLOCK_CONNECTOR"):
        assert await emsp.did("POST", f"/commands/{kind}", orders(emsp)[kind]) == {"result": "NOT_SUPPORTED"}


@pytest.mark.requirement("CMD-CPO-04", "CMD-CPO-05")
@played("FR*EMP", plays="cpo", profile="plain-2.1.1")
async def test_what_is_unknown_is_never_accepted(world: World) -> None:
    emsp = await publish(world)
    given = orders(emsp)
    wrong = [(kind, {"location_id": "LOC9"}) for kind in ("START_SESSION", "RESERVE_NOW", "UNLOCK_CONNECTOR")]
    wrong += [("START_SESSION", {"evse_uid": "E9"}), ("UNLOCK_CONNECTOR", {"connector_id": "9"})]
    for kind, changes in wrong:
        reply = await emsp.call("POST", f"/commands/{kind}", {**given[kind], **changes})
        assert (reply.status, reply.code) == (200, 2003), (kind, changes)
    assert await emsp.did("POST", "/commands/STOP_SESSION", given["STOP_SESSION"]) == {"result": "UNKNOWN_SESSION"}


@pytest.mark.requirement("CMD-CPO-12")
@played("FR*EMP", plays="cpo", profile="plain-2.1.1")
async def test_without_an_evse_the_charge_point_chooses(world: World) -> None:
    emsp = await publish(world, status="CHARGING")
    for kind in ("START_SESSION", "RESERVE_NOW"):
        order = {**orders(emsp)[kind], "evse_uid": None}
        assert await emsp.did("POST", f"/commands/{kind}", order) == ACCEPTED


def test_a_session_is_stopped_by_the_emsp_it_is_for(new_database: Callable[[], str]) -> None:
    charger = Charger()

    @played("FR*EMP", "DE*EM2", plays="cpo", profile="plain-2.1.1", decisions=charger)
    async def story(world: World) -> None:
        emsp = await publish(world)
        await emsp.put("tokens", token())
        await world.own.office.publish("sessions", [Session.model_validate(session())])
        stop = {"response_url": f"{world['DE*EM2'].url}/results", "session_id": "S1"}
        assert await world["DE*EM2"].did("POST", "/commands/STOP_SESSION", stop) == {"result": "UNKNOWN_SESSION"}
        assert await emsp.did("POST", "/commands/STOP_SESSION", orders(emsp)["STOP_SESSION"]) == ACCEPTED
        (command,) = charger.commands
        assert (command.session is not None and command.session.id, command.asked_by.party) == ("S1", "FR*EMP")

    story(new_database)


def test_the_first_result_counts_and_a_time_out_is_one(new_database: Callable[[], str]) -> None:
    async def never() -> CommandResponseType | None:
        return None

    charger = Charger(never)

    @played("FR*EMP", plays="cpo", profile="plain-2.1.1", decisions=charger, command_timeout=0.2)
    async def story(world: World) -> None:
        emsp = await publish(world)
        assert await emsp.did("POST", "/commands/START_SESSION", orders(emsp)["START_SESSION"]) == ACCEPTED
        await until(lambda: _one(emsp), "the time-out")
        late = await world.own.server.commanding.resolve(charger.commands[0].uid, CommandResponseType.ACCEPTED)
        await world.quiet()
        assert (late, results(emsp)) == (False, [{"result": "TIMEOUT"}])

    story(new_database)


@pytest.mark.parametrize("trouble", ["slow", "broken"])
def test_a_charge_point_in_trouble_ends_in_timeout(new_database: Callable[[], str], trouble: str) -> None:
    async def fail() -> CommandResponseType:
        if trouble == "broken":
            raise RuntimeError("the charge point is on fire")
        await asyncio.sleep(30)
        return CommandResponseType.ACCEPTED

    @played("FR*EMP", plays="cpo", profile="plain-2.1.1", decisions=Charger(fail), command_timeout=0.2)
    async def story(world: World) -> None:
        emsp = await publish(world)
        assert await emsp.did("POST", "/commands/START_SESSION", orders(emsp)["START_SESSION"]) == ACCEPTED
        await until(lambda: _one(emsp), "the time-out")
        assert results(emsp) == [{"result": "TIMEOUT"}]

    story(new_database)


@played("FR*EMP", plays="cpo", profile="plain-2.1.1", command_timeout=0.2)
async def test_a_command_whose_worker_died_ends_in_timeout_at_another(world: World) -> None:
    emsp = await publish(world)
    emsp.says("POST /results", code=2000)
    world.own.server.commanding._await_outcome = _gone  # type: ignore[method-assign,assignment]  # noqa: SLF001
    assert await emsp.did("POST", "/commands/START_SESSION", orders(emsp)["START_SESSION"]) == ACCEPTED
    await until(lambda: _one(emsp), "the time-out")
    # At most once, whatever the eMSP says to it.
    await world.quiet()
    assert results(emsp) == [{"result": "TIMEOUT"}]


async def _gone(_: Command) -> None:
    return None


@played("FR*EMP", plays="cpo", profile="plain-2.1.1")
async def test_a_remote_start_is_kept_as_the_authorisation_it_is(world: World) -> None:
    emsp = await publish(world)
    order = {**orders(emsp)["START_SESSION"], "authorization_id": "A-1"}
    await emsp.did("POST", "/commands/START_SESSION", order)
    rows = await world.sql("SELECT emsp, authorization_id, allowed, remote, token_uid FROM authorization_given")
    assert rows == [("FR*EMP", "A-1", "ALLOWED", 1, "04A1B2C3")]


# The other side: an eMSP that sends commands.


async def knows(world: World) -> Far:
    """An eMSP with a Token, and a Location that a CPO has put."""
    await world.own.office.publish("tokens", [Token.model_validate(token())])
    cpo = world["FR*CPO"]
    await cpo.put("locations", location())
    cpo.says("POST /commands/.*", ACCEPTED)
    return cpo


@pytest.mark.requirement("CMD-EMSP-01", "CMD-EMSP-02", "CMD-EMSP-03", "GIR-AUTH-02")
@played("FR*CPO", "DE*CP2", plays="emsp", profile="plain-2.1.1")
async def test_each_command_has_a_response_url_of_its_own(world: World) -> None:
    cpo = await knows(world)
    given = [await world.own.office.start("04A1B2C3", "LOC1", "E1") for _ in range(2)]
    one, other = (heard.body for heard in cpo.of("POST", "commands"))
    assert [answer for answer, _ in given] == ["ACCEPTED", "ACCEPTED"]
    assert [one["authorization_id"], other["authorization_id"]] == [id_ for _, id_ in given]
    assert one["authorization_id"] != other["authorization_id"]
    assert one["response_url"].startswith(f"{world.own.url}/emsp/2.1.1/commands/START_SESSION/")
    assert one["response_url"] != other["response_url"]
    assert (await world["DE*CP2"].call("POST", one["response_url"], ACCEPTED)).status == 404
    assert await cpo.did("POST", one["response_url"], {"result": "REJECTED"}) == {}
    assert await cpo.did("POST", one["response_url"], ACCEPTED) == {}
    assert [row[0] for row in await world.sql("SELECT result FROM command ORDER BY made")] == ["REJECTED", None]
    rows = await world.sql("SELECT allowed, remote FROM authorization_given")
    assert rows == [(Allowed.ALLOWED, 1)] * 2


@pytest.mark.requirement("CMD-EMSP-01")
@played("FR*CPO", plays="emsp", profile="plain-2.1.1")
async def test_any_result_is_taken(world: World) -> None:
    cpo = await knows(world)
    words = ["ACCEPTED", "REJECTED", "NOT_SUPPORTED", "TIMEOUT", "UNKNOWN_SESSION"]
    for word in words:
        await world.own.office.start("04A1B2C3", "LOC1", "E1")
        await cpo.did("POST", cpo.of("POST", "commands")[-1].body["response_url"], {"result": word})
    rows = await world.sql("SELECT answer, result FROM command ORDER BY made")
    assert rows == [("ACCEPTED", word) for word in words]


@played("FR*CPO", plays="emsp", profile="plain-2.1.1", command_timeout=0.1, call_timeout=1)
async def test_a_command_of_ours_without_a_result_ends_in_timeout(world: World) -> None:
    await knows(world)
    await world.own.office.start("04A1B2C3", "LOC1", "E1")

    async def over() -> bool:
        return await world.sql("SELECT result FROM command") == [("TIMEOUT",)]

    await until(over, "the time-out")
