"""The registration ended in good order, or changed (credentials.md, PUT and DELETE methods)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocpi211_check.bench import Inconclusive
from ocpi211_check.scenario import scenario
from ocpi211_check.scenarios.handshaking import counterpart_of, issued, judge_call_backs, offer, post, put

if TYPE_CHECKING:
    from ocpi211_check.bench import Bench

__all__ = ["rotated", "unregistered"]


@scenario(
    "the token changed",
    "CRED-PUT-01",
    "CRED-PUT-02",
    "CRED-PUT-04",
    "CRED-POST-05",
    safety="handshake",
    module="credentials",
    last=True,
)
async def rotated(bench: Bench) -> None:
    """PUT with other URLs and another token; the old one is void once the new one was used."""
    counterpart = counterpart_of(bench)
    if not bench.registered:
        raise Inconclusive("the tool is not registered")
    counterpart.mode = "bare"
    bare = await put(bench, offer(bench), odd=True)
    counterpart.mode = "well"
    if bare.ok:
        bench.open("CRED-POST-05", "the target needs no module of its partner")
    else:
        bench.that(bare.code == 3003, "CRED-POST-05", f"without modules: {bare.told}, 3003 expected", bare)
    old = bench.token
    counterpart.move()
    offered, before = offer(bench), len(counterpart.received)
    answer = bench.need(await put(bench, offered), "PUT of the Credentials")
    judge_call_backs(bench, before, offered, "CRED-PUT-02", answer)
    works = await bench.call("credentials.get_credentials")
    void = await bench.call("versions.list_versions", token=old, odd=True)
    text = f"new token {works.told}, old one {void.told}"
    bench.that(works.ok and void.status == 401, "CRED-PUT-04", text, works, void)


@scenario(
    "unregistered",
    "CRED-DEL-02",
    "GIR-REG-02",
    safety="handshake",
    module="credentials",
    last=True,
)
async def unregistered(bench: Bench) -> None:
    """DELETE: the token is void, and nothing more comes; the hub's way to update is a new POST after it."""
    counterpart = counterpart_of(bench)
    if not bench.registered:
        raise Inconclusive("the tool is not registered")
    gone = await bench.call("credentials.delete_credentials")
    before = len(counterpart.received)
    module = "locations" if bench.target == "cpo" else "tokens"
    void = await bench.call(f"{module}.list_{module}", odd=True) if bench.offers(module) else gone
    await counterpart.wait_for(lambda *_: len(counterpart.received) > before, bench.settings.quiet)
    calls = [call for call, _ in counterpart.received[before:]]
    over = gone.ok and void.status == 401 and not calls
    bench.that(over, "CRED-DEL-02", f"DELETE {gone.told}, then {void.told}, {len(calls)} calls", gone, void, *calls[:2])
    bench.registered = not gone.ok
    if bench.settings.gireve and gone.ok:
        again = await post(bench, offer(bench))
        bench.that(again.ok, "GIR-REG-02", f"POST after DELETE: {again.told}", gone, again)
        if again.ok:
            bench.token, bench.registered = issued(bench, again) or bench.token, True
            bench.registered = not (await bench.call("credentials.delete_credentials")).ok
    bench.journal.close(done=not bench.registered)
