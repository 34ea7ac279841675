"""Commands of an eMSP reach the CPO through the hub, and their results come back the same way (GIREVE)."""

from typing import Any
from urllib.parse import urlsplit

import pytest

from ocpi211_server.commanding import Commanding
from tests.server.far_side import Far, Heard, World, played
from tests.server.samples import cdr, evse, location, session, stamp, token
from tests.server.stage import until

ACCEPTED = {"result": "ACCEPTED"}


async def ready(world: World) -> tuple[Far, Far, dict[str, Any]]:
    """A Location is known, and a Token; gives START_SESSION for them."""
    cpo, emsp = world["FR*CPO"], world["FR*EMP"]
    cpo.lists("locations", location(evses=[evse("E1"), evse("E2")]))
    if world.hub.server.settings.profile.static_by_push:
        await cpo.put("locations", location(evses=[evse("E1"), evse("E2")]))
    else:
        await world.pull("FR*CPO", "locations")
    await emsp.put("tokens", token())
    await world.quiet()
    (seen,) = await emsp.did("GET", "/locations")
    cpo.says("POST /commands/.*", ACCEPTED)
    order = {
        "response_url": f"{emsp.url}/results/1",
        "token": token(),
        "location_id": seen["id"],
        "evse_uid": seen["evses"][1]["uid"],
    }
    return cpo, emsp, order


async def result(cpo: Far, order: Heard, word: str = "ACCEPTED") -> int:
    """The CPO posts a result where it was told to; gives the HTTP status."""
    url = urlsplit(order.body["response_url"])
    reply = await cpo.call("POST", url.geturl(), {"result": word})
    return reply.status


def results(emsp: Far) -> list[tuple[str, str]]:
    """What the eMSP was told of its commands."""
    return [(heard.path, heard.body["result"]) for heard in emsp.heard if heard.path.startswith("/results")]


@pytest.mark.requirement("CMD-CPO-02", "CMD-EMSP-02", "GIR-CMD-01")
@played("FR*CPO", "FR*EMP")
async def test_start_session_goes_there_and_its_result_comes_back(world: World) -> None:
    cpo, emsp, order = await ready(world)
    assert await emsp.did("POST", "/commands/START_SESSION", {**order, "authorization_id": "A-1"}) == ACCEPTED
    (heard,) = cpo.of("POST", "commands")
    assert heard.path == "/commands/START_SESSION"
    own = heard.body.pop("response_url")
    assert own.startswith(f"{world.hub.url}/emsp/2.1.1/commands/START_SESSION/")
    assert len(own.rsplit("/", 1)[1]) >= 22
    sent = {"token": order["token"], "location_id": "LOC1", "evse_uid": "E2", "authorization_id": "A-1"}
    assert heard.body == sent
    assert results(emsp) == []
    heard.body["response_url"] = own
    assert await result(cpo, heard, "REJECTED") == 200
    await until(lambda: _told(emsp, 1), "the result")
    # The first result counts; whatever comes later is taken note of, and changes nothing.
    assert await result(cpo, heard, "ACCEPTED") == 200
    await world.quiet()
    assert results(emsp) == [("/results/1", "REJECTED")]


async def _told(emsp: Far, count: int) -> bool:
    return len(results(emsp)) == count


@played("FR*CPO", "FR*EMP")
async def test_what_the_cpo_says_at_once_is_passed_on_and_no_result_follows(world: World) -> None:
    cpo, emsp, order = await ready(world)
    for answer in ("REJECTED", "NOT_SUPPORTED", "TIMEOUT", "UNKNOWN_SESSION"):
        cpo.says("POST /commands/.*", {"result": answer})
        assert await emsp.did("POST", "/commands/START_SESSION", order) == {"result": answer}
        assert await result(cpo, cpo.of("POST", "commands")[-1]) == 200
    await world.quiet()
    assert results(emsp) == []


@pytest.mark.parametrize(
    ("trouble", "answer"),
    [("refuses", "REJECTED"), ("breaks", "REJECTED"), ("babbles", "TIMEOUT"), ("slow", "TIMEOUT")],
)
@played("FR*CPO", "FR*EMP", call_timeout=1)
async def test_a_cpo_that_cannot_be_reached_is_told_as_such(world: World, trouble: str, answer: str) -> None:
    cpo, emsp, order = await ready(world)
    match trouble:
        case "refuses":
            cpo.says("POST /commands/.*", code=2003)
        case "breaks":
            cpo.says("POST /commands/.*", code=3000, status=500)
        case "babbles":
            cpo.says("POST /commands/.*", b"<html>")
        case _:
            cpo.says("POST /commands/.*", ACCEPTED, wait=3)
    assert await emsp.did("POST", "/commands/START_SESSION", order) == {"result": answer}


@played("FR*CPO", "FR*EMP")
async def test_a_result_that_is_faster_than_the_answer_is_told_after_it(world: World) -> None:
    cpo, emsp, order = await ready(world)
    early = list[Any]()

    async def at_once(heard: Heard) -> Any:
        assert await result(cpo, heard, "ACCEPTED") == 200
        early.extend(results(emsp))
        cpo.answers.pop(0)
        return await cpo.answers[0][1](heard)

    cpo.does("POST /commands/.*", at_once)
    assert await emsp.did("POST", "/commands/START_SESSION", order) == ACCEPTED
    await world.quiet()
    assert (early, results(emsp)) == ([], [("/results/1", "ACCEPTED")])


@pytest.mark.requirement("CMD-CPO-10")
@played("FR*CPO", "FR*EMP", command_timeout=0.2)
async def test_without_a_result_it_ends_in_timeout_and_a_late_one_is_not_sent(world: World) -> None:
    cpo, emsp, order = await ready(world)
    assert await emsp.did("POST", "/commands/START_SESSION", order) == ACCEPTED
    await until(lambda: _told(emsp, 1), "the time-out")
    assert await result(cpo, cpo.of("POST", "commands")[0]) == 200
    await world.quiet()
    assert results(emsp) == [("/results/1", "TIMEOUT")]


@pytest.mark.requirement("CMD-EMSP-03")
@played("FR*CPO", "DE*CP2", "FR*EMP")
async def test_a_call_back_url_is_good_for_the_partner_it_was_given_to(world: World) -> None:
    cpo, emsp, order = await ready(world)
    await emsp.did("POST", "/commands/START_SESSION", order)
    (heard,) = cpo.of("POST", "commands")
    assert await result(world["DE*CP2"], heard) == 404
    for wrong in (heard.body["response_url"][:-1], heard.body["response_url"].replace("START", "STOP")):
        assert await result(cpo, Heard("POST", "", {}, {}, {"response_url": wrong})) == 404
    assert (await emsp.call("POST", heard.body["response_url"], ACCEPTED)).status == 401
    assert results(emsp) == []
    assert await result(cpo, heard) == 200


@played("FR*CPO", "FR*EMP")
async def test_a_response_url_leads_to_where_the_partner_is(world: World) -> None:
    cpo, emsp, order = await ready(world)
    for url in (
        "http://127.0.0.1:1/elsewhere",
        f"{cpo.url}/results",
        "http://example.com/insecure",
        "https://10.0.0.1/private",
        "ftp://127.0.0.1/",
        f"{emsp.url.replace('http://', 'http://user:pw@')}/results",
    ):
        reply = await emsp.call("POST", "/commands/START_SESSION", {**order, "response_url": url})
        assert (reply.status, reply.code) == (200, 2001), url
    assert cpo.of("POST", "commands") == []


@pytest.mark.requirement("GIR-CMD-03", "CMD-CPO-09")
@played("FR*CPO", "FR*EMP")
async def test_girves_hub_does_neither_reserve_nor_unlock(world: World) -> None:
    cpo, emsp, order = await ready(world)
    reservation = {**order, "expiry_date": stamp(900), "reservation_id": 7}
    unlock = {**order, "connector_id": "1"}
    for kind, body in (("RESERVE_NOW", reservation), ("UNLOCK_CONNECTOR", unlock)):
        assert await emsp.did("POST", f"/commands/{kind}", body) == {"result": "NOT_SUPPORTED"}
    assert cpo.of("POST", "commands") == []


@pytest.mark.parametrize("translated", [True, False])
def test_a_plain_hub_passes_on_all_four(new_database: object, *, translated: bool) -> None:
    @played("FR*CPO", "FR*EMP", profile="plain-2.1.1", profile_changes={"translate_locations": translated})
    async def story(world: World) -> None:
        cpo, emsp, order = await ready(world)
        (seen,) = await emsp.did("GET", "/locations")
        connector = seen["evses"][1]["connectors"][0]["id"]
        assert (connector == "1") != translated
        unlock = {name: order[name] for name in ("response_url", "location_id", "evse_uid")}
        for kind, body in (
            ("RESERVE_NOW", {**order, "expiry_date": stamp(900), "reservation_id": 7}),
            ("UNLOCK_CONNECTOR", {**unlock, "connector_id": connector}),
        ):
            assert await emsp.did("POST", f"/commands/{kind}", body) == ACCEPTED
        reserved, unlocked = (heard.body for heard in cpo.of("POST", "commands"))
        assert (reserved["location_id"], reserved["evse_uid"], reserved["reservation_id"]) == ("LOC1", "E2", 7)
        assert unlocked.pop("response_url").startswith(world.hub.url)
        assert unlocked == {"location_id": "LOC1", "evse_uid": "E2", "connector_id": "1"}
        reply = await emsp.call("POST", "/commands/UNLOCK_CONNECTOR", {**unlock, "connector_id": "9"})
        assert (reply.status, reply.code) == (200, 2003)

    story(new_database)


@pytest.mark.requirement("CMD-CPO-04")
@played("FR*CPO", "FR*EMP", "DE*EM2", roam=[("FR*CPO", "FR*EMP")])
async def test_no_command_to_a_place_that_is_unknown_or_without_an_agreement(world: World) -> None:
    cpo, emsp, order = await ready(world)
    await world["DE*EM2"].put("tokens", token("02", "DE*EM2"))
    foreign = {**order, "token": token("02", "DE*EM2"), "response_url": f"{world['DE*EM2'].url}/r"}
    for far, body in (
        (world["DE*EM2"], foreign),
        (emsp, {**order, "location_id": "LOC1"}),
        (emsp, {**order, "evse_uid": "E2"}),
    ):
        reply = await far.call("POST", "/commands/START_SESSION", body)
        assert (reply.status, reply.code) == (200, 2003)
    assert cpo.of("POST", "commands") == []


@played("FR*CPO", "FR*EMP", "DE*EM2")
async def test_nobody_starts_with_the_token_of_another(world: World) -> None:
    cpo, _, order = await ready(world)
    thief = world["DE*EM2"]
    for stolen in (token(), token("unheard-of")):
        body = {**order, "token": stolen, "response_url": f"{thief.url}/r"}
        reply = await thief.call("POST", "/commands/START_SESSION", body)
        assert (reply.status, reply.code) == (200, 2001)
    assert cpo.of("POST", "commands") == []


@pytest.mark.parametrize(("profile", "code"), [("gireve-1.1.4", 1000), ("gireve-1.2.2", 2001)])
@pytest.mark.requirement("CMD-CPO-12", "GIR-CMD-02")
def test_the_latest_edition_wants_the_evse_named(new_database: object, profile: str, code: int) -> None:
    @played("FR*CPO", "FR*EMP", profile=profile)
    async def story(world: World) -> None:
        cpo, emsp, order = await ready(world)
        del order["evse_uid"]
        reply = await emsp.call("POST", "/commands/START_SESSION", order)
        assert (reply.status, reply.code, len(cpo.of("POST", "commands"))) == (200, code, int(code == 1000))

    story(new_database)


@pytest.mark.parametrize("given", ["A-1", None])
@played("FR*CPO", "FR*EMP")
async def test_a_remote_start_is_an_authorisation_whose_session_finds_the_emsp(world: World, given: str | None) -> None:
    cpo, emsp, order = await ready(world)
    await emsp.did("POST", "/commands/START_SESSION", {**order, "authorization_id": given})
    named = cpo.of("POST", "commands")[0].body["authorization_id"]
    assert (named == given) == (given is not None)
    await cpo.put("sessions", session(authorization_id=named, auth_id="unknown to all"))
    await cpo.did("POST", "/cdrs", cdr(authorization_id=named, auth_id="unknown to all"))
    await world.quiet()
    bodies = [*emsp.of("PUT", "sessions"), *emsp.of("POST", "cdrs")]
    assert [heard.body.get("authorization_id") for heard in bodies] == [given, given]


@pytest.mark.requirement("CMD-CPO-05")
@played("FR*CPO", "FR*EMP", "DE*EM2")
async def test_stop_session_is_for_the_emsp_of_the_session(world: World) -> None:
    cpo, emsp, _ = await ready(world)
    await cpo.put("sessions", session())
    await world.quiet()
    (seen,) = await emsp.did("GET", "/sessions?date_from=2020-01-01T00:00:00Z")
    unknown = {"result": "UNKNOWN_SESSION"}
    for far, id_ in ((world["DE*EM2"], seen["id"]), (emsp, "S1"), (emsp, "nothing")):
        body = {"response_url": f"{far.url}/r", "session_id": id_}
        assert await far.did("POST", "/commands/STOP_SESSION", body) == unknown
    assert cpo.of("POST", "commands") == []
    body = {"response_url": f"{emsp.url}/results/2", "session_id": seen["id"], "authorization_id": "A-1"}
    assert await emsp.did("POST", "/commands/STOP_SESSION", body) == ACCEPTED
    (heard,) = cpo.of("POST", "commands")
    assert (heard.body["session_id"], heard.body["authorization_id"]) == ("S1", "A-1")
    assert await result(cpo, heard) == 200
    await until(lambda: _told(emsp, 1), "the result")
    assert results(emsp) == [("/results/2", "ACCEPTED")]


@played("FR*CPO", "FR*CP2", "FR*EMP", profile="plain-2.1.1")
async def test_where_two_cpos_use_the_same_id_nothing_is_started_at_the_wrong_one(world: World) -> None:
    _, emsp, order = await ready(world)
    await world["FR*CP2"].put("locations", location(party="FR*CP2"))
    reply = await emsp.call("POST", "/commands/START_SESSION", {**order, "evse_uid": "E1"})
    assert (reply.status, reply.code) == (200, 2003)


@played("FR*CPO", "FR*EMP")
async def test_a_cpo_that_left_is_sent_nothing(world: World) -> None:
    cpo, emsp, order = await ready(world)
    token_of_cpo = await cpo.call("DELETE", "/credentials")
    assert token_of_cpo.code == 1000
    assert await emsp.did("POST", "/commands/START_SESSION", order) == {"result": "REJECTED"}


@played("FR*CPO", "FR*EMP")
async def test_the_tokens_of_commands_are_not_stored(world: World) -> None:
    _, emsp, order = await ready(world)
    await emsp.did("POST", "/commands/START_SESSION", order)
    (row,) = await world.sql("SELECT about FROM command")
    assert "04A1B2C3" not in row[0]
    assert await Commanding(world.hub.server.site).expire() == 0
