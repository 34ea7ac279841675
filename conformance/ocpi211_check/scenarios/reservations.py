"""RESERVE_NOW: replaced by its id, and NOT_SUPPORTED where nothing can be reserved (mod_commands.md)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from ocpi211_check.bench import Inconclusive
from ocpi211_check.rules.reading import objects
from ocpi211_check.samples import token
from ocpi211_check.scenario import scenario
from ocpi211_check.scenarios.commands import result_of, told_by
from ocpi211_runtime.scalars import write_date_time

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ocpi211_check.bench import Bench
    from ocpi211_check.evidence import Exchange

__all__ = ["replaced", "where_nothing_can_be_reserved"]

_MINUTES = 5
"""That an EVSE stays reserved, should the target do it: there is no way to take it back."""

Place = tuple[str, str]


def _places(bench: Bench, *, reservable: bool) -> Place:
    """(Location, EVSE) that says it can be reserved and is free, or that says it cannot."""
    for place in bench.lists.get("locations", []):
        for _, evse in objects(place.get("evses")):
            able = evse.get("capabilities") or []
            if able and ("RESERVABLE" in able) == reservable and evse.get("status") == "AVAILABLE":
                return str(place.get("id")), str(evse.get("uid"))
    raise Inconclusive(f"no EVSE is AVAILABLE and says it can{'' if reservable else 'not'} be reserved")


async def _reserve(bench: Bench, place: Place, number: int, minutes: int) -> tuple[Exchange, object]:
    """The answer, and the result: the one that comes later where the answer is ACCEPTED."""
    counterpart = bench.counterpart
    if counterpart is None:
        raise Inconclusive("needs the tool's own server")
    url = counterpart.result_url("RESERVE_NOW")
    body: Mapping[str, Any] = {
        "response_url": url,
        "token": {**token(bench.own("card"), bench.clock.tick(), bench.settings.party), "valid": True},
        "expiry_date": write_date_time(datetime.now(UTC) + timedelta(minutes=minutes)),
        "reservation_id": number,
        "location_id": place[0],
        "evse_uid": place[1],
    }
    answer = await bench.call("commands.reserve_now", body=body)
    if result_of(answer) != "ACCEPTED":
        return answer, result_of(answer)
    called = await counterpart.wait_for(lambda call, _: call.url == url, bench.settings.call_back)
    return answer, "no result" if called is None else told_by(called)


@scenario("nothing can be reserved here", "CMD-CPO-09", roles=("cpo",), safety="command", module="commands")
async def where_nothing_can_be_reserved(bench: Bench) -> None:
    """RESERVE_NOW at an EVSE whose capabilities leave reservations out."""
    place = _places(bench, reservable=False)
    answer, result = await _reserve(bench, place, bench.settings.seed % 100_000 + 1, _MINUTES)
    if result is None:
        raise Inconclusive(f"RESERVE_NOW is answered {answer.told}")
    text = f"RESERVE_NOW at {'/'.join(place)}, which is not RESERVABLE: {result}"
    bench.that(result == "NOT_SUPPORTED", "CMD-CPO-09", text, answer)


@scenario("a reservation replaced", "CMD-CPO-11", roles=("cpo",), safety="command", module="commands")
async def replaced(bench: Bench) -> None:
    """RESERVE_NOW twice with one reservation_id: the second takes the place of the first, and is not in its way."""
    place, number = _places(bench, reservable=True), bench.settings.seed % 100_000 + 2
    first, result = await _reserve(bench, place, number, _MINUTES)
    if result != "ACCEPTED":
        raise Inconclusive(f"the first RESERVE_NOW: {first.told}, {result}")
    again, result = await _reserve(bench, place, number, _MINUTES + 1)
    text = f"RESERVE_NOW again, with the reservation_id of the first: {again.told}, {result}"
    bench.that(result == "ACCEPTED", "CMD-CPO-11", text, first, again)
