"""A change becomes deliveries to those it concerns, together with what is stored."""

import json
from typing import Any

import pytest

from ocpi211_server.database import Work, sql
from ocpi211_server.moments import now
from ocpi211_server.retrying import retry_again
from tests.server.far_side import World, played
from tests.server.samples import cdr, location, session, stamp, tariff, token


async def waiting(world: World) -> list[tuple[str, str, str]]:
    """(operation, lane, policy) of what has not been handed out yet, or not been delivered."""
    rows = await world.sql("SELECT operation, lane, policy FROM letter ORDER BY id")
    return [(row[0], row[1], row[2]) for row in rows]


def _limited(party: str, modules: list[str]) -> Work[None]:
    """As if the partner offered these alone."""
    rows = yield sql("SELECT id, endpoints FROM partner WHERE country_code || '*' || party_id = $1", party)
    kept = {name: url for name, url in json.loads(rows[0][1]).items() if name in modules}
    yield sql("UPDATE partner SET endpoints = $2, updated = updated + 1 WHERE id = $1", rows[0][0], json.dumps(kept))


def _suspended(party: str, state: str) -> Work[None]:
    yield sql(
        "UPDATE partner SET state = $2, updated = updated + 1 WHERE country_code || '*' || party_id = $1", party, state
    )


@played("FR*CPO", "FR*EMP", "DE*EM2", profile="plain-2.1.1")
async def test_who_does_not_offer_a_module_is_told_nothing_of_it(world: World) -> None:
    await world.hub.server.site.database.write(_limited, "FR*EMP", ["sessions"])
    await world["FR*CPO"].put("locations", location())
    await world["FR*CPO"].put("tariffs", tariff())
    await world.quiet()
    assert (world["FR*EMP"].briefs(), len(world["DE*EM2"].briefs())) == ([], 2)


@played("FR*CPO", "FR*EMP", profile="plain-2.1.1")
async def test_who_is_suspended_is_told_later_and_who_left_is_not(world: World) -> None:
    write = world.hub.server.site.database.write
    cpo, emsp = world["FR*CPO"], world["FR*EMP"]
    await write(_suspended, "FR*EMP", "unregistered")
    await cpo.put("locations", location())
    assert await waiting(world) == []
    await write(_suspended, "FR*EMP", "suspended")
    await cpo.put("locations", location("LOC2"))
    assert len(await waiting(world)) == 1
    assert emsp.briefs() == []
    await write(_suspended, "FR*EMP", "registered")
    await world.quiet()
    assert emsp.briefs() == ["PUT /locations/FR/CPO/LOC2"]


@played("FR*CPO", "FR*EMP", profile="plain-2.1.1")
async def test_what_one_request_caused_has_its_correlation_id(world: World) -> None:
    cpo, emsp = world["FR*CPO"], world["FR*EMP"]
    await emsp.put("tokens", token())
    reply = await cpo.call("POST", "/cdrs", cdr(), X_Correlation_ID="one-matter")
    assert reply.code == 1000
    await world.quiet()
    (heard,) = emsp.of("POST", "cdrs")
    assert heard.headers["x-correlation-id"] == "one-matter"


@played("FR*CPO", "FR*EMP", profile="plain-2.1.1")
async def test_nothing_is_sent_of_what_was_not_applied(world: World) -> None:
    cpo, emsp = world["FR*CPO"], world["FR*EMP"]
    await cpo.put("locations", location())
    await world.quiet()
    emsp.heard.clear()
    await cpo.put("locations", location(name="older", last_updated=stamp(-3600)))
    for path, patch in (
        ("LOC9", {"name": "x"}),
        ("LOC1/E9", {"status": "CHARGING"}),
        ("LOC1", {"name": None, "city": None}),
    ):
        reply = await cpo.call("PATCH", f"/locations/{cpo.path}/{path}", patch)
        assert reply.code != 1000
    await world.quiet()
    assert emsp.briefs() == []


@pytest.mark.parametrize("status", [200, 201])
@played("FR*CPO", "FR*EMP")
async def test_an_emsp_may_answer_200_or_201_with_or_without_a_location(world: World, status: int) -> None:
    emsp = world["FR*EMP"]
    emsp.says(".*", None, status=status)
    await emsp.put("tokens", token())
    await world["FR*CPO"].put("sessions", session())
    await world["FR*CPO"].did("POST", "/cdrs", cdr())
    await world.quiet()
    assert sorted(heard.verb for heard in emsp.heard) == ["POST", "PUT"]


@played("FR*CPO", "FR*EMP")
async def test_the_cpo_is_answered_whatever_the_emsp_does(world: World) -> None:
    """Stored first, then relayed: the hub has to keep a CDR for those who pull."""
    cpo, emsp = world["FR*CPO"], world["FR*EMP"]
    await emsp.put("tokens", token())
    emsp.says(".*", status=500, code=3000)
    await cpo.put("sessions", session())
    await cpo.did("PATCH", f"/sessions/{cpo.path}/S1", {"kwh": 2, "last_updated": stamp()})
    await cpo.did("POST", "/cdrs", cdr())
    listed: list[Any] = await emsp.did("GET", "/cdrs")
    assert [thing["id"] for thing in listed] == ["S1"]
    emsp.answers.clear()
    emsp.heard.clear()
    await world.quiet()
    assert sorted(emsp.briefs("cdrs")) == ["POST /cdrs"]
    # What was being sent when the PATCH came is tried again as it was, and the PATCH follows; else both are one PUT.
    told = [(heard.verb, heard.body["kwh"]) for heard in emsp.heard if heard.path.startswith("/sessions")]
    assert told in ([("PUT", 2)], [("PUT", 1.5), ("PATCH", 2)])


@played("FR*CPO", "FR*EMP")
async def test_a_patch_goes_on_as_a_patch_when_nothing_waits(world: World) -> None:
    cpo, emsp = world["FR*CPO"], world["FR*EMP"]
    await emsp.put("tokens", token())
    await cpo.put("sessions", session())
    await world.quiet()
    await cpo.did("PATCH", f"/sessions/{cpo.path}/S1", {"kwh": 2, "id": "S1"})
    await world.quiet()
    (heard,) = emsp.of("PATCH", "sessions")
    assert heard.body.keys() == {"kwh", "last_updated"}


@played("FR*CPO", "FR*EMP")
async def test_the_same_cdr_again_is_sent_once(world: World) -> None:
    cpo, emsp = world["FR*CPO"], world["FR*EMP"]
    sent = cdr(auth_id="FR-EMP-C1")
    for _ in range(3):
        await cpo.did("POST", "/cdrs", sent)
    assert (await cpo.call("POST", "/cdrs", {**sent, "total_cost": 9})).code == 2000
    await world.quiet()
    assert emsp.briefs("cdrs") == ["POST /cdrs"]


def _paused(partner: int) -> Work[None]:
    yield sql("INSERT INTO delivery_pause (partner, outages, paused_until) VALUES ($1, 1, $2)", partner, 2**60)


@played("FR*CPO", "FR*EMP", "DE*EM2", profile="plain-2.1.1")
async def test_what_was_parked_and_is_tried_again_says_what_is_true_by_now(world: World) -> None:
    """Something newer has been delivered since: what was parked would undo it."""
    cpo, emsp, write = world["FR*CPO"], world["FR*EMP"], world.hub.server.site.database.write
    emsp.says("PUT /locations/.*", code=2001)
    await cpo.put("locations", location())
    await cpo.put("locations", location("LOC2"))
    await world.quiet()
    await cpo.did("PATCH", f"/locations/{cpo.path}/LOC1/E1", {"status": "CHARGING", "last_updated": stamp()})
    await world.quiet()
    parked = await world.sql("SELECT seq, about, state FROM delivery ORDER BY seq")
    assert [row[1:] for row in parked] == [(f"locations FR*CPO {id_}", "parked") for id_ in ("LOC1", "LOC2")]
    assert emsp.heard[-1].verb == "PATCH"
    for far in (emsp, world["DE*EM2"]):
        far.heard.clear()
    emsp.says("PUT /locations/.*")
    ((letter,),) = await world.sql(f"SELECT letter FROM delivery WHERE seq = {parked[0][0]}")  # noqa: S608  (a number)
    await write(_paused, (await emsp.partner()).id)
    assert await write(retry_again, world.hub.server.site, now(), seq=parked[0][0]) == 1
    assert (letter,) not in await world.sql("SELECT id FROM letter")
    assert await world.sql("SELECT partner FROM delivery_pause") == []
    await world.quiet()
    (heard,) = emsp.heard
    assert (heard.brief, heard.body["evses"][0]["status"]) == ("PUT /locations/FR/CPO/LOC1", "CHARGING")
    assert await write(retry_again, world.hub.server.site, now(), partner=(await emsp.partner()).id) == 1
    await world.quiet()
    assert emsp.briefs()[1:] == ["PUT /locations/FR/CPO/LOC2"]
    assert (await world.sql("SELECT seq FROM delivery"), world["DE*EM2"].heard) == ([], [])


@played("FR*CPO", "FR*EMP", profile="plain-2.1.1")
async def test_a_deletion_that_was_parked_is_tried_again_as_it_is_unless_the_object_is_back(world: World) -> None:
    cpo, emsp, write = world["FR*CPO"], world["FR*EMP"], world.hub.server.site.database.write
    emsp.says("DELETE .*", code=2001)
    for id_ in ("T1", "T2"):
        await cpo.put("tariffs", tariff(id_))
        await cpo.did("DELETE", f"/tariffs/{cpo.path}/{id_}")
    await world.quiet()
    await cpo.put("tariffs", tariff("T2"))
    await world.quiet()
    emsp.heard.clear()
    emsp.says("DELETE .*")
    assert await write(retry_again, world.hub.server.site, now(), partner=(await emsp.partner()).id) == 1
    await world.quiet()
    assert emsp.briefs() == ["DELETE /tariffs/FR/CPO/T1"]
