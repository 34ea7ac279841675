"""What the target does by itself while the check listens: pushes, pulls, authorisations, commands, store-and-forward.

Under the hub's profiles this is the rehearsal of its certification. A person plays the use cases at the target, or
its test system does; what did not happen stays open, and is never a pass. The check answers the first push of each
module with 503: plain OCPI forgets it, the hub's partners keep it and send it again, in order.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ocpi211_check.bench import Inconclusive
from ocpi211_check.samples import evse, location, session, token
from ocpi211_check.scenario import scenario
from ocpi211_check.scenarios.rehearsed import COVERED, Call, Played

if TYPE_CHECKING:
    from ocpi211_check.bench import Bench
    from ocpi211_check.counterpart import Counterpart
    from ocpi211_check.evidence import Exchange

__all__ = ["rehearsed"]

_PUSHED = ("locations", "sessions", "cdrs", "tariffs", "tokens")


class _FirstFails:
    """503 for the first push of each module."""

    def __init__(self) -> None:
        self._failed: set[str] = set()

    def __call__(self, call: Exchange) -> bool:
        module = next((name for name in _PUSHED if f"/{name}" in call.url), "")
        if not module or module in self._failed or "/authorize" in call.url:
            return False
        self._failed.add(module)
        return True


@scenario("the target by itself", *COVERED, safety="handshake", listens=True)
async def rehearsed(bench: Bench) -> None:
    """Listens for as long as the settings say, then judges what came."""
    counterpart = bench.counterpart
    if counterpart is None:
        raise Inconclusive("needs the tool's own server")
    counterpart.failing = _FirstFails()
    authorised = _prepare(bench, counterpart)
    before = len(counterpart.received)
    bench.begun.set()
    with suppress(TimeoutError):
        await asyncio.wait_for(bench.over.wait(), bench.settings.rehearse)
    calls = [Call(exchange, path) for exchange, path in counterpart.received[before:]]
    counterpart.failing = lambda _: False
    played = Played(bench, calls, authorised)
    played.judge()
    await _results(bench, played.commands)
    await _read_back(bench, counterpart, played)


def _prepare(bench: Bench, counterpart: Counterpart) -> str:
    """What the target may pull, with one broken object in it; the authorization_id it is given."""
    authorised = bench.own("authorised")
    own, now, party = bench.own, bench.clock.tick(), bench.settings.party
    if bench.target == "cpo":
        listed = {"tokens": [token(own(f"pulled-{number}"), now, party) for number in range(3)]}
    else:
        places = [location(own(f"pulled-{number}"), now, party) for number in range(3)]
        for place in places:
            place["evses"] = [evse(f"{place['id']}-E1", now, party, "AVAILABLE")]
        listed = {"locations": places, "sessions": [session(own("pulled"), now, party)], "cdrs": [], "tariffs": []}
    first = listed["tokens" if bench.target == "cpo" else "locations"]
    first[1] = {**first[1], "last_updated": 7}
    counterpart.lists = dict(listed)
    counterpart.command = "ACCEPTED"
    counterpart.authorize = lambda _: {"allowed": "ALLOWED", "authorization_id": authorised}
    return authorised


async def _results(bench: Bench, commands: Sequence[Call]) -> None:
    """Each command of the target is told a result at the URL it gave."""
    for number, call in enumerate(commands):
        url = str(call.body.get("response_url"))
        result = "ACCEPTED" if number % 2 == 0 else "REJECTED"
        try:
            answer = await bench.call("commands.post_result", url=url, body={"result": result})
        except ValueError as error:
            bench.that(False, "CMD-EMSP-01", f"response_url {url}: {error}", call.exchange)  # noqa: FBT003  (a verdict)
            continue
        bench.that(answer.ok, "CMD-EMSP-01", f"{result} at response_url is answered {answer.told}", answer)


async def _read_back(bench: Bench, counterpart: Counterpart, played: Played) -> None:
    """Of a list with one broken object the others are there."""
    module, noun, key = ("tokens", "token", "uid") if bench.target == "cpo" else ("locations", "location", "id")
    listed: list[dict[str, Any]] = counterpart.lists[module]
    if module not in played.pulled:
        return
    at = (bench.settings.country_code, bench.settings.party_id)
    for good in (listed[0], listed[2]):
        answer = await bench.call(f"{module}.get_{noun}", *at, str(good[key]), odd=True)
        text = f"{good[key]} stood beside a broken object in the list of {module}: {answer.told}"
        bench.that(answer.ok, "TF-GET-01", text, answer)
