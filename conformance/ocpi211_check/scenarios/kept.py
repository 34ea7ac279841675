"""Whether what a target is given is kept as it came: numbers, absence, bytes, two Tokens with one uid.

types.md; terminology.md, Cardinality; mod_cdrs.md, CDR object; mod_tokens.md, Token object.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ocpi211_check.bench import Inconclusive, Raw
from ocpi211_check.samples import cdr, location, session, token
from ocpi211_check.scenario import scenario
from ocpi211_check.scenarios.cdrs import readable
from ocpi211_check.scenarios.kinds import KINDS, Kind, Stand, pushed_and_kept

if TYPE_CHECKING:
    from ocpi211_check.bench import Bench
    from ocpi211_check.evidence import Exchange

__all__ = ["a_cdr_to_the_byte", "defaults", "numbers_and_absence", "one_mode", "two_tokens_of_one_uid"]

_FIFTEEN = Decimal("12345678901.2345")
"""As many digits as JSON readers share, four of them decimals."""


@scenario("numbers kept", "TY-NUM-04", "SES-OBJ-03", roles=("emsp",), safety="own", module="sessions")
async def numbers_and_absence(bench: Bench) -> None:
    """A total_cost of fifteen digits, one of 0, and none."""
    at, id_ = (bench.settings.country_code, bench.settings.party_id), bench.own("number")
    sent = session(id_, bench.clock.tick(), bench.settings.party)
    text = json.dumps({**sent, "total_cost": 0.0001}).replace("0.0001", str(_FIFTEEN))
    answer = await bench.call("sessions.put_session", *at, id_, body=Raw(text.encode()), odd=True)
    came = await bench.call("sessions.get_session", *at, id_, odd=True)
    if answer.ok and came.ok:
        kept = _decimal(came, "total_cost")
        bench.that(kept == _FIFTEEN, "TY-NUM-04", f"total_cost {_FIFTEEN} came back as {kept}", answer, came)
    else:
        bench.open("TY-NUM-04", f"total_cost {_FIFTEEN}: {answer.told}")
    for cost in (None, 0):
        id_ = bench.own(f"cost-{cost}")
        sent = session(id_, bench.clock.tick(), bench.settings.party)
        sent = {name: value for name, value in {**sent, "total_cost": cost}.items() if value is not None}
        answer = bench.need(await bench.call("sessions.put_session", *at, id_, body=sent), "the Session of the party")
        came = bench.need(await bench.call("sessions.get_session", *at, id_), "GET of the Session")
        kept = came.data.get("total_cost")
        text = f"total_cost {'left out' if cost is None else cost} came back as {kept!r}"
        bench.that(kept == cost and kept is not False, "SES-OBJ-03", text, answer, came)


def _decimal(came: Exchange, name: str) -> Decimal | None:
    found = json.loads(came.body, parse_float=Decimal, parse_int=Decimal)["data"].get(name)
    return found if isinstance(found, Decimal) else None


@scenario("what is left out", "TY-CARD-05", roles=("emsp",), safety="own", module="locations")
async def defaults(bench: Bench) -> None:
    """charging_when_closed is left out: it is still left out, or true."""
    pushed_and_kept(bench, "locations")
    at, id_ = (bench.settings.country_code, bench.settings.party_id), bench.own("default")
    sent = location(id_, bench.clock.tick(), bench.settings.party)
    answer = await bench.call("locations.put_location", *at, id_, body=sent)
    came = bench.need(await bench.call("locations.get_location", *at, id_), "GET of the Location of the test party")
    kept = came.data.get("charging_when_closed")
    bench.that(kept is None or kept is True, "TY-CARD-05", f"charging_when_closed left out is {kept!r}", answer, came)


@scenario("a CDR to the byte", "CDR-EMSP-06", roles=("emsp",), safety="own", module="cdrs")
async def a_cdr_to_the_byte(bench: Bench) -> None:
    """Spelt as no writer of JSON would spell it by itself, with a field that nobody knows."""
    made = cdr(bench.own("bytes"), bench.clock.tick(), bench.settings.party)
    text = json.dumps({**made, "total_energy": 0.0001, "ocpi_check_extra": "kept"}).replace("0.0001", "7.50")
    posted = bench.need(await bench.call("cdrs.post_cdr", body=Raw(text.encode())), "POST of the CDR of the test party")
    came = await bench.call("cdrs.get_cdr", url=readable(bench, posted, str(made["id"])))
    bench.need(came, "GET of the CDR")
    bench.that(text.encode() in came.body, "CDR-EMSP-06", "the CDR came back spelt otherwise", posted, came)


@scenario("two Tokens of one uid", "TOK-CPO-04", roles=("cpo",), safety="own", module="tokens")
async def two_tokens_of_one_uid(bench: Bench) -> None:
    """Of two types: the later one is there."""
    at, uid = (bench.settings.country_code, bench.settings.party_id), bench.own("twin")
    first = token(uid, bench.clock.tick(), bench.settings.party)
    bench.need(await bench.call("tokens.put_token", *at, uid, body=first), "the Token of the test party")
    later = {**first, "type": "RFID", "last_updated": bench.clock.tick()}
    answer = await bench.call("tokens.put_token", *at, uid, body=later)
    came = await bench.call("tokens.get_token", *at, uid)
    kept = came.data.get("type") if came.ok else came.told
    text = f"a Token of type RFID with the uid of one of type OTHER: {answer.told}, kept is {kept}"
    bench.that(answer.ok and kept == "RFID", "TOK-CPO-04", text, answer, came)


@scenario("strict or lenient", "TY-MODE-01", safety="own")
async def one_mode(bench: Bench) -> None:
    """What the text allows is taken; of what it does not, all that readers are known to take, or nothing."""
    kinds = [kind for kind in KINDS if kind.role == bench.target and kind.enum and bench.offers(kind.module)]
    if not kinds:
        raise Inconclusive("there is no module to write to")
    kind = next((kind for kind in kinds if kind.number), kinds[0])
    stand = Stand(bench, kind)
    id_ = stand.name("mode")
    plain = await stand.put(id_, stand.make(id_))
    taken: dict[str, bool] = {}
    answers: list[Exchange] = [plain]
    for what, fields in _deviations(kind, bench.clock.tick()).items():
        answer = await stand.put(id_, {**stand.make(id_), **fields}, odd=True)
        answers.append(answer)
        taken[what] = answer.ok
    told = ", ".join(f"{what} {'taken' if ok else 'refused'}" for what, ok in taken.items())
    one = plain.ok and len(set(taken.values())) == 1
    bench.that(one, "TY-MODE-01", f"a valid {kind.noun}: {plain.told}; {told}: neither strict nor lenient", *answers)


def _deviations(kind: Kind, now: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {
        "an offset": {"last_updated": now.removesuffix("Z") + ".123456+00:00"},
        f"an unknown {kind.enum}": {kind.enum: "OCPI_CHECK"},
    }
    return {**found, "a number as a string": {kind.number: "7.5"}} if kind.number else found
