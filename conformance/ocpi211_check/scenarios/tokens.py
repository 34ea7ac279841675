"""Tokens of an eMSP, and whether they may charge (mod_tokens.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from pydantic_core import to_json

from ocpi211.models import AuthorizationInfo
from ocpi211_check.bench import Inconclusive
from ocpi211_check.samples import evse, location
from ocpi211_check.scenario import scenario
from ocpi211_check.scenarios.kinds import pushed_and_kept

if TYPE_CHECKING:
    from ocpi211_check.bench import Bench
    from ocpi211_check.evidence import Exchange

__all__ = ["at_a_location", "one_by_uid", "some_token", "tokens_are_unique", "whether_one_may_charge"]

_ALLOWED = "ALLOWED"


def _info(answer: Exchange) -> dict[str, Any] | None:
    """An AuthorizationInfo that is valid, None for anything else."""
    if not answer.ok or not isinstance(answer.data, dict):
        return None
    try:
        AuthorizationInfo.model_validate_json(to_json(answer.data))
    except ValidationError:
        return None
    return answer.data


def some_token(bench: Bench, *, valid: bool = True) -> dict[str, Any] | None:
    """An RFID Token of the target's list."""
    found = [entry for entry in bench.lists.get("tokens", []) if entry.get("type") == "RFID"]
    return next((entry for entry in found if entry.get("valid") is valid), None)


@scenario("no two Tokens are the same", "TOK-OBJ-01", roles=("emsp",), module="tokens")
async def tokens_are_unique(bench: Bench) -> None:
    """Uid and type together."""
    listed = bench.lists.get("tokens", [])
    if not listed:
        raise Inconclusive("the list of tokens is empty")
    names = [(entry.get("uid"), entry.get("type")) for entry in listed]
    bench.that(len(set(names)) == len(names), "TOK-OBJ-01", f"{len(names) - len(set(names))} come twice")


@scenario(
    "whether one may charge",
    "TOK-AUTH-01",
    "TOK-AUTH-02",
    "TOK-AUTH-03",
    "TOK-AUTH-04",
    "TOK-AUTH-05",
    "TOK-AUTH-06",
    "TOK-AUTH-07",
    "TOK-AUTH-08",
    "GIR-AUTH-02",
    roles=("emsp",),
    module="tokens",
)
async def whether_one_may_charge(bench: Bench) -> None:
    """A Token of the list asked for without a place, an unknown one, one that is not valid."""
    unknown = await bench.call("tokens.authorize_token", bench.own("unknown-uid"), query={"type": "RFID"}, odd=True)
    info = _info(unknown)
    never = unknown.refused or (info is not None and info["allowed"] != _ALLOWED)
    bench.that(never, "TOK-AUTH-04", f"an unknown uid: {unknown.told}, {info}", unknown)
    invalid = some_token(bench, valid=False)
    if invalid is not None:
        answer = await bench.call("tokens.authorize_token", str(invalid["uid"]))
        told = _info(answer)
        right = answer.status == 200 and told is not None and told["allowed"] != _ALLOWED
        right = right or answer.code == 2002
        bench.that(right, "TOK-AUTH-08", f"a Token that is not valid: {answer.told}, {told}", answer)
    chosen = some_token(bench)
    if chosen is None:
        raise Inconclusive("the list of tokens holds no valid RFID Token")
    await _asked(bench, str(chosen["uid"]))


async def _asked(bench: Bench, uid: str) -> None:
    plain = await bench.call("tokens.authorize_token", uid)
    asked_about = [entry for entry in bench.lists.get("tokens", []) if entry.get("whitelist") != "ALWAYS"]
    if asked_about:
        bench.that(plain.status not in {404, 405}, "TOK-AUTH-06", f"authorize is answered {plain.told}", plain)
    info = _info(plain)
    fits = info is not None or plain.code == 2002
    bench.that(fits, "TOK-AUTH-02", f"without LocationReferences: {plain.told}", plain)
    if plain.ok:
        bench.that(info is not None, "TOK-AUTH-01", f"no AuthorizationInfo: {plain.data!r}", plain)
    if info is not None:
        bench.that(not info.get("location"), "TOK-AUTH-03", "a location that was not asked for", plain)
        _identified(bench, plain, info)
    typed = await bench.call("tokens.authorize_token", uid, query={"type": "RFID"})
    bench.that(_same(plain, typed), "TOK-AUTH-05", f"without type {plain.told}, with RFID {typed.told}", plain, typed)
    one, other = [
        await bench.call("tokens.authorize_token", uid, query={name: "OTHER"}, odd=True)
        for name in ("type", "token_type")
    ]
    both = f"type=OTHER {one.told}, token_type=OTHER {other.told}"
    bench.that(_same(one, other), "TOK-AUTH-07", both, one, other)


def _same(one: Exchange, other: Exchange) -> bool:
    first, second = _info(one), _info(other)
    decisions = [None if info is None else info["allowed"] for info in (first, second)]
    return (one.status, one.code, decisions[0]) == (other.status, other.code, decisions[1])


def _identified(bench: Bench, answer: Exchange, info: dict[str, Any]) -> None:
    if info["allowed"] == _ALLOWED:
        text = "ALLOWED without an authorization_id: nobody will know which CDR belongs to it"
        bench.that(bool(info.get("authorization_id")), "GIR-AUTH-02", text, answer)


@scenario(
    "whether one may charge here",
    "TOK-AUTH-01",
    "TOK-AUTH-03",
    "GIR-AUTH-02",
    roles=("emsp",),
    safety="own",
    module="tokens",
)
async def at_a_location(bench: Bench) -> None:
    """The same, at an EVSE of the test party that the target was told of before."""
    chosen = some_token(bench)
    if chosen is None or not bench.offers("locations"):
        raise Inconclusive("needs a valid RFID Token in the list, and the module locations")
    pushed_and_kept(bench, "locations")
    at, id_ = (bench.settings.country_code, bench.settings.party_id), bench.own("asked")
    place = location(id_, bench.clock.tick(), bench.settings.party)
    place["evses"] = [evse(f"{id_}-E1", place["last_updated"], bench.settings.party, "AVAILABLE")]
    bench.need(await bench.call("locations.put_location", *at, id_, body=place), "the Location of the test party")
    uid = str(place["evses"][0]["uid"])
    asked = {"location_id": id_, "evse_uids": [uid]}
    answer = await bench.call("tokens.authorize_token", str(chosen["uid"]), query={"type": "RFID"}, body=asked)
    info = _info(answer)
    bench.that(info is not None, "TOK-AUTH-01", f"authorize at an EVSE: {answer.told}", answer)
    if info is not None:
        given = info.get("location") or asked
        within = given.get("location_id") == id_ and set(given.get("evse_uids") or []) <= {uid}
        bench.that(within, "TOK-AUTH-03", f"asked for {asked}, told of {given}", answer)
        _identified(bench, answer, info)


@scenario("one Token by its uid", "GIR-TOK-05", roles=("emsp",), module="tokens", gireve=True)
async def one_by_uid(bench: Bench) -> None:
    """An addition of the hub's; a partner need not offer it."""
    chosen = some_token(bench)
    if chosen is None:
        raise Inconclusive("the list of tokens holds no valid RFID Token")
    answer = await bench.call("tokens.get_token", str(chosen["uid"]), odd=True)
    if answer.status in {404, 405}:
        raise Inconclusive(f"not offered ({answer.told}): the hub has it, a partner need not")
    right = answer.ok and answer.data.get("uid") == chosen["uid"]
    bench.that(right, "GIR-TOK-05", f"GET of {chosen['uid']}: {answer.told}", answer)
    unknown = await bench.call("tokens.get_token", bench.own("unknown-uid"), odd=True)
    bench.that(unknown.code == 2000, "GIR-TOK-05", f"an unknown uid: {unknown.told}", unknown)
