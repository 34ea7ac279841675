"""Hubs: partners that speak for others, and what only a hub has to do (transport_and_format.md; GIREVE's guide)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocpi211_check.bench import Inconclusive
from ocpi211_check.sameness import differences
from ocpi211_check.scenario import scenario
from ocpi211_check.scenarios.kinds import KINDS, Stand
from ocpi211_check.scenarios.tokens import some_token

if TYPE_CHECKING:
    from ocpi211_check.bench import Bench

__all__ = ["for_another_party", "one_evse_at_the_hub"]


@scenario("written for another party", "TF-OWN-05", "GIR-OWN-01", safety="own")
async def for_another_party(bench: Bench) -> None:
    """An object of another test party, at its own path: let in, given back, and not found at ours."""
    if not bench.settings.speaks_for:
        for id_ in ("TF-OWN-05", "GIR-OWN-01"):
            bench.skip(id_, "needs the token of a hub, and --speaks-for with another test party")
        return
    kinds = [kind for kind in KINDS if kind.role == bench.target and bench.offers(kind.module)]
    if not kinds:
        raise Inconclusive("there is no module to write to")
    stand, owner = Stand(bench, kinds[-1]), (bench.settings.speaks_for[:2], bench.settings.speaks_for[3:])
    id_ = stand.name("theirs")
    sent = stand.make(id_)
    answer, came = await stand.put(id_, sent, owner=owner), await stand.get(id_, owner=owner)
    ours = await stand.get(id_, odd=True)
    other = differences(sent, came.data)[:3] if came.ok else [came.told]
    text = (
        f"PUT for {bench.settings.speaks_for}: {answer.told}, GET: {other or came.told}, at our own path: {ours.told}"
    )
    for row in ("TF-OWN-05", "GIR-OWN-01"):
        bench.that(answer.ok and not other and not ours.ok, row, text, answer, came, ours)


@scenario("one EVSE at the hub", "GIR-TOK-03", roles=("emsp",), module="tokens", gireve=True)
async def one_evse_at_the_hub(bench: Bench) -> None:
    """A Token asked about without an EVSE, and with two."""
    if not bench.settings.hub:
        bench.skip("GIR-TOK-03", "it is for the hub: --hub says that the target is one")
        return
    card = some_token(bench)
    uid = str(card["uid"]) if card else bench.own("unknown-uid")
    place = bench.own("nowhere")
    for evses, code in (([], 2002), ([f"{place}-1", f"{place}-2"], 2001)):
        body = {"location_id": place, **({"evse_uids": evses} if evses else {})}
        answer = await bench.call("tokens.authorize_token", uid, body=body, odd=True)
        text = f"{len(evses)} EVSEs are answered {answer.told}, {code} expected"
        bench.that(answer.code == code, "GIR-TOK-03", text, answer)
