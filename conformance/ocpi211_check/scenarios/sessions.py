"""Sessions (mod_sessions.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocpi211_check.sameness import differences
from ocpi211_check.samples import session
from ocpi211_check.scenario import scenario

if TYPE_CHECKING:
    from ocpi211_check.bench import Bench

__all__ = ["a_session_as_the_hub_plays_it", "needs_a_date", "over_is_over", "the_periods_of_a_session"]


@scenario("Sessions without a date", "SES-CPO-03", roles=("cpo",), module="sessions")
async def needs_a_date(bench: Bench) -> None:
    """date_from is required here."""
    answer = await bench.call("sessions.list_sessions", odd=True)
    bench.that(answer.code == 2001, "SES-CPO-03", f"without date_from: {answer.told}", answer)


@scenario("a Session that is over", "SES-OBJ-02", roles=("cpo",), module="sessions")
async def over_is_over(bench: Bench) -> None:
    """A COMPLETED Session pulled twice."""
    over = {
        str(entry.get("id")): entry for entry in bench.lists.get("sessions", []) if entry.get("status") == "COMPLETED"
    }
    again = await bench.call("sessions.list_sessions", query={"date_from": "2000-01-01T00:00:00Z"})
    for entry in again.data if isinstance(again.data, list) else []:
        if isinstance(entry, dict) and str(entry.get("id")) in over:
            other = differences(over[str(entry["id"])], entry)
            bench.that(not other, "SES-OBJ-02", f"{entry['id']} changed: {other[:3]}", again)


@scenario("the periods of a Session", "SES-EMSP-02", roles=("emsp",), safety="own", module="sessions")
async def the_periods_of_a_session(bench: Bench) -> None:
    """PATCH of kwh and total_cost changes nothing else; charging_periods are replaced."""
    at, id_ = (bench.settings.country_code, bench.settings.party_id), bench.own("periods")
    stored = session(id_, bench.clock.tick(), bench.settings.party)
    bench.need(await bench.call("sessions.put_session", *at, id_, body=stored), "the Session of the test party")
    patch = {"kwh": 9.25, "total_cost": 4.5, "last_updated": bench.clock.tick()}
    answer = await bench.call("sessions.patch_session", *at, id_, body=patch)
    came = await bench.call("sessions.get_session", *at, id_)
    other = differences({**stored, **patch}, came.data) if answer.ok and came.ok else [answer.told, came.told]
    bench.that(not other, "SES-EMSP-02", f"PATCH of kwh and total_cost: {other[:3]}", answer, came)
    periods = [{"start_date_time": stored["start_datetime"], "dimensions": [{"type": "ENERGY", "volume": 9.25}]}]
    patch = {"charging_periods": periods, "last_updated": bench.clock.tick()}
    answer = await bench.call("sessions.patch_session", *at, id_, body=patch)
    came = await bench.call("sessions.get_session", *at, id_)
    other = differences(periods, came.data.get("charging_periods")) if answer.ok and came.ok else [answer.told]
    bench.that(not other, "SES-EMSP-02", f"PATCH of charging_periods: {other[:3]}", answer, came)


@scenario(
    "a Session as the hub plays it",
    "GIR-SES-02",
    "GIR-SES-03",
    roles=("emsp",),
    safety="own",
    module="sessions",
    gireve=True,
)
async def a_session_as_the_hub_plays_it(bench: Bench) -> None:
    """PENDING, ACTIVE, COMPLETED; one that nobody authorised; a PATCH with the id and without last_updated."""
    at, id_ = (bench.settings.country_code, bench.settings.party_id), bench.own("played")
    charged = {**session(id_, bench.clock.tick(), bench.settings.party), "authorization_id": bench.own("auth")}
    begun = {name: value for name, value in charged.items() if name != "end_datetime"}
    pending = {**begun, "status": "PENDING", "kwh": 0, "charging_periods": [], "total_cost": 0}
    answers = [await bench.call("sessions.put_session", *at, id_, body=pending)]
    active = {**begun, "status": "ACTIVE", "last_updated": bench.clock.tick()}
    answers.append(await bench.call("sessions.put_session", *at, id_, body=active))
    bare = await bench.call("sessions.patch_session", *at, id_, body={"id": id_, "kwh": 8.0})
    bench.that(bare.ok, "GIR-SES-03", f"PATCH of id and kwh alone: {bare.told}", bare)
    # Later than the target's own clock, which the PATCH without a date has set.
    over = {"status": "COMPLETED", "end_datetime": charged["end_datetime"], "last_updated": bench.clock.tick()}
    answers.append(await bench.call("sessions.patch_session", *at, id_, body=over))
    came = await bench.call("sessions.get_session", *at, id_)
    followed = all(answer.ok for answer in answers) and came.ok and came.data.get("status") == "COMPLETED"
    told = ", ".join(answer.told for answer in (*answers, came))
    bench.that(followed, "GIR-SES-02", f"PENDING, ACTIVE, COMPLETED, GET: {told}", *answers, came)
