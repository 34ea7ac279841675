"""The handshake, with the tool as the other party: begun first (credentials.md).

The run's token is an invitation here. Every token is written into the journal before anything is sent with it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ocpi211_check.bench import Inconclusive
from ocpi211_check.discovery import discover
from ocpi211_check.scenario import scenario
from ocpi211_check.scenarios.handshaking import counterpart_of, issued, judge_call_backs, offer, post
from ocpi211_check.settings import CannotRun

if TYPE_CHECKING:
    from ocpi211_check.bench import Bench
    from ocpi211_check.evidence import Exchange

__all__ = ["before_the_registration", "registered"]

_TOKEN = re.compile(r"[!-~]{1,64}")


@scenario(
    "before the registration",
    "CRED-PUT-03",
    "CRED-DEL-01",
    "CRED-IF-01",
    "CRED-IF-02",
    "CRED-NEG-01",
    "CRED-TOK-02",
    safety="handshake",
    module="credentials",
)
async def before_the_registration(bench: Bench) -> None:
    """PUT, DELETE and PATCH of nobody, invalid Credentials, and what an invitation does not open."""
    counterpart, offered = counterpart_of(bench), offer(bench)
    put = await post(bench, offered, "put", odd=True)
    if put.ok:
        issued(bench, put)
        raise Inconclusive("the token is that of a registered party: a handshake needs an invitation")
    bench.that(put.status == 405, "CRED-PUT-03", f"PUT before POST: {put.told}", put)
    gone = await bench.call("credentials.delete_credentials", odd=True)
    bench.that(gone.status == 405, "CRED-DEL-01", f"DELETE before POST: {gone.told}", gone)
    patch = await bench.call("credentials.put_credentials", verb="PATCH", body={}, odd=True)
    bench.that(patch.refused, "CRED-IF-02", f"PATCH: {patch.told}", patch)
    listed = set(re.findall(r"[A-Z]+", patch.header("allow") or ""))
    if listed:
        missing = {"GET", "POST", "PUT", "DELETE"} - listed
        bench.that(not missing, "CRED-IF-01", f"not among the methods allowed: {sorted(missing)}", patch)
    before = len(counterpart.received)
    for name in ("token", "url"):
        odd = await post(bench, {key: value for key, value in offered.items() if key != name}, odd=True)
        bench.that(odd.refused, "CRED-NEG-01", f"POST without {name}: {odd.told}", odd)
    still = await bench.call("credentials.get_credentials")
    quiet = len(counterpart.received) == before and still.ok
    bench.that(quiet, "CRED-NEG-01", f"after invalid Credentials: a call-back, or {still.told}", still)
    for module in ("locations", "tokens"):
        name = f"{module}.list_{module}"
        if bench.offers(module) and (bench.target == "cpo") == (module == "locations"):
            answer = await bench.call(name, query={"limit": "1"}, odd=True)
            bench.that(answer.status == 401, "CRED-TOK-02", f"{module} with the invitation: {answer.told}", answer)


@scenario(
    "registered",
    "CRED-POST-01",
    "CRED-POST-02",
    "CRED-POST-03",
    "CRED-POST-07",
    "CRED-POST-08",
    "CRED-POST-10",
    "TF-AUTH-03",
    "VER-LIST-05",
    "VER-PICK-01",
    "VER-CUST-03",
    "GIR-REG-01",
    safety="handshake",
    module="credentials",
)
async def registered(bench: Bench) -> None:
    """POST with call-backs, once more as if the answer was lost, then the new token in place of the invitation."""
    if bench.registered:
        raise Inconclusive("the target had registered the tool already, where it should have refused to")
    counterpart, invitation = counterpart_of(bench), bench.token
    offered, before = offer(bench), len(counterpart.received)
    answer = await post(bench, offered)
    trapped = [call for call, path in counterpart.received[before:] if path == ("trap",)]
    looked = any(path == ("versions",) for _, path in counterpart.received[before:])
    for id_ in ("VER-LIST-05", "VER-PICK-01", "VER-CUST-03"):
        if not looked and not trapped:
            bench.open(id_, "it did not fetch the versions it was offered")
            continue
        bench.that(not trapped, id_, "the client went to a version it cannot know", *trapped)
    bench.that(answer.ok, "GIR-REG-01", f"a registration that the partner begins: {answer.told}", answer)
    bench.need(answer, "POST of the Credentials")
    token = _judge_issued(bench, answer, offered)
    judge_call_backs(bench, before, offered, "CRED-POST-02", answer)
    again = await post(bench, offer(bench))
    bench.that(again.ok, "CRED-POST-10", f"POST again before the new token was used: {again.told}", answer, again)
    token = issued(bench, again) if again.ok else token
    if not again.ok:
        counterpart.credentials = offered
    bench.token, bench.registered = token, True
    try:
        await discover(bench)
    except CannotRun as error:
        raise Inconclusive(f"with the new token {error}") from None
    works = await bench.call("credentials.get_credentials")
    old = await bench.call("versions.list_versions", token=invitation, odd=True)
    told = f"new token {works.told}, invitation {old.told}"
    bench.that(works.ok and old.status == 401, "CRED-POST-07", told, works, old)
    second = await post(bench, counterpart.credentials, odd=True)
    bench.that(second.status == 405, "CRED-POST-03", f"POST of a registered party: {second.told}", second)


def _judge_issued(bench: Bench, answer: Exchange, offered: dict[str, Any]) -> str:
    """The token of an answer to POST or PUT."""
    used = bench.token
    token = issued(bench, answer)
    data = answer.data if isinstance(answer.data, dict) else {}
    whole = {"token", "url", "business_details", "party_id", "country_code"} <= data.keys()
    bench.that(whole, "CRED-POST-08", f"the answer holds {sorted(data)}", answer)
    bench.that(bool(_TOKEN.fullmatch(token)), "TF-AUTH-03", "the token is not 1 to 64 printable characters", answer)
    bench.that(token not in {"", used, offered["token"]}, "CRED-POST-01", "the token issued is not a new one", answer)
    if not token:
        raise Inconclusive("the answer holds no token to go on with")
    return token
