"""What the target does by itself while the check listens: pushes, pulls, authorisations, commands, store-and-forward.

Under the hub's profiles this is the rehearsal of its certification. A person plays the use cases at the target, or
its test system does; what did not happen stays open, and is never a pass. The check answers the first push of each
module with 503: plain OCPI forgets it, the hub's partners keep it and send it again, in order.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ocpi211_check.offered import OfferedList
from ocpi211_check.rules.reading import objects
from ocpi211_check.samples import evse, location, session, token
from ocpi211_check.scenario import scenario
from ocpi211_check.scenarios.crawls import crawls_of
from ocpi211_check.scenarios.handshaking import counterpart_of, offer, put
from ocpi211_check.scenarios.rehearsed import COVERED, Call, Played
from ocpi211_check.settings import is_loopback

if TYPE_CHECKING:
    from ocpi211_check.bench import Bench
    from ocpi211_check.counterpart import Counterpart
    from ocpi211_check.evidence import Exchange

__all__ = ["odd_uid", "rehearsed"]

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
    counterpart = counterpart_of(bench)
    moved = await _moved(bench, counterpart)
    counterpart.failing = _FirstFails()
    counterpart.terse = bench.settings.gireve
    authorised = bench.own("authorised")
    offered = _prepare(bench, counterpart, authorised)
    before = len(counterpart.received)
    bench.begun.set()
    with suppress(TimeoutError):
        await asyncio.wait_for(bench.over.wait(), bench.settings.rehearse)
    everything = [Call(exchange, path) for exchange, path in counterpart.received]
    calls = everything[before:]
    counterpart.failing, counterpart.terse = (lambda _: False), False
    played = Played(bench, calls, authorised, odd_uid(bench), time.monotonic(), everything[:before])
    played.judge()
    if moved:
        _judge_moved(bench, counterpart, calls)
    await _results(bench, played.commands)
    await _known_tokens(bench, played.commands)
    await _read_back(bench, offered, played)


async def _moved(bench: Bench, counterpart: Counterpart) -> bool:
    """New URLs for everything, told by PUT: whatever comes from now on has to come there."""
    if not bench.registered:
        return False
    counterpart.move()
    answer = await put(bench, offer(bench))
    if not answer.ok:
        bench.open("CRED-PUT-05", f"PUT of the Credentials: {answer.told}")
    return answer.ok


def _judge_moved(bench: Bench, counterpart: Counterpart, calls: Sequence[Call]) -> None:
    for call in calls:
        # A call with the token from before was under way: that is for TF-AUTH-02.
        late = call.exchange.asked("authorization") != f"Token {counterpart.agreed}"
        if call.module != "results" and not late:
            there = f"/{counterpart.secret}/" in call.exchange.url
            text = f"after a PUT of the Credentials, {call.exchange.url} is none of the URLs fetched with it"
            bench.that(there, "CRED-PUT-05", text, call.exchange)


def odd_uid(bench: Bench) -> str:
    """The uid of a Token that has to be percent-encoded in a path."""
    return bench.own("odd") + "/../a %2F+1"


_STRANGE: Final = "OCPI_CHECK"
"""A value of no enum."""


@dataclass(frozen=True, slots=True)
class _Offered:
    """What the target can pull, and what it is asked about when it has."""

    module: str
    noun: str
    key: str
    beside: Sequence[dict[str, Any]]
    """Objects on pages next to a broken one."""
    strange: dict[str, Any]
    """One with an enum value that nobody knows, in the field `field`."""
    field: str
    changing: dict[str, Any]
    """One that changes when it has been pulled."""


def _prepare(bench: Bench, counterpart: Counterpart, authorised: str) -> _Offered:
    """What the target may pull, and how its questions and commands are answered."""
    own, now, party = bench.own, bench.clock.tick(), bench.settings.party
    names = [own(f"pulled-{name}") for name in ("first", 0, 1, 2, "strange", "slid", "odd", "changing", "late")]
    if bench.target == "cpo":
        names[6] = odd_uid(bench)
        items = [token(name, now, party) for name in names]
        items[4]["type"] = _STRANGE
        counterpart.lists = {"tokens": _crawled(items, lambda: _change(bench, items[7]))}
        offered = _Offered("tokens", "token", "uid", (items[1], items[3]), items[4], "type", items[7])
    else:
        items = [location(name, now, party) for name in names]
        for place in items:
            place["evses"] = [evse(f"{place['id']}-E1", now, party, "AVAILABLE")]
        items[4]["type"] = _STRANGE
        counterpart.lists = {
            "locations": _crawled(items, lambda: _change(bench, items[7])),
            "sessions": OfferedList([session(own("pulled"), now, party)]),
            "cdrs": OfferedList([]),
            "tariffs": OfferedList([]),
        }
        offered = _Offered("locations", "location", "id", (items[1], items[3]), items[4], "type", items[7])
    items[2]["last_updated"] = 7
    counterpart.command = "ACCEPTED"
    counterpart.authorize = lambda _: {"allowed": "ALLOWED", "authorization_id": authorised}
    return offered


def _crawled(items: Sequence[dict[str, Any]], changed: Callable[[], None]) -> OfferedList:
    """The last one comes late; the first one is gone before the sixth page, so one slides to where it is missed."""
    return OfferedList(list(items[:-1]), added=items[-1], gone=4, changed=changed, odd=(5, 6))


def _change(bench: Bench, item: dict[str, Any]) -> None:
    item["issuer" if "uid" in item else "name"] = "OCPI-CHECK changed"
    item["last_updated"] = bench.clock.tick()


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


async def _known_tokens(bench: Bench, commands: Sequence[Call]) -> None:
    """A session is started with a Token that the target lists, and a result comes by https."""
    starts = [call for call in commands if call.path[1:] == ("START_SESSION",)]
    if not starts or not bench.settings.gireve:
        return
    listed = bench.lists.get("tokens") or (await bench.call("tokens.list_tokens", query={"limit": "1000"})).data
    uids = {str(item.get("uid")) for _, item in objects(listed)}
    for call in starts:
        url, card = str(call.body.get("response_url")), call.body.get("token")
        uid = str(card.get("uid")) if isinstance(card, dict) else ""
        secure = url.startswith("https://") or is_loopback(url)
        text = f"response_url {url}, Token {uid!r}: the URL has to be https, the Token one of its list"
        bench.that(secure and uid in uids, "GIR-CMD-04", text, call.exchange)


async def _read_back(bench: Bench, offered: _Offered, played: Played) -> None:
    """What was pulled is there: beside a broken object, with a value nobody knows, and as it is by now."""
    if offered.module not in played.pulled:
        return

    async def get(item: dict[str, Any]) -> Exchange:
        at = (bench.settings.country_code, bench.settings.party_id, str(item[offered.key]))
        return await bench.call(f"{offered.module}.get_{offered.noun}", *at, odd=True)

    for good in offered.beside:
        answer = await get(good)
        text = f"{good[offered.key]} stood beside a broken object in the list of {offered.module}: {answer.told}"
        bench.that(answer.ok, "TF-GET-01", text, answer)
    answer = await get(offered.strange)
    came = answer.data.get(offered.field) if answer.ok and isinstance(answer.data, dict) else answer.told
    text = f"{offered.field} {_STRANGE!r}, which is no value of the enum, came back as {came!r}"
    bench.that(came == _STRANGE, "TY-ENUM-01", text, answer)
    crawls = crawls_of([call.exchange for call in played.pulled[offered.module]])
    whole = [number for number, crawl in enumerate(crawls) if crawl.whole]
    if offered.module == "tokens" and whole and whole[0] + 1 < len(crawls):
        answer = await get(offered.changing)
        came = answer.data.get("issuer") if answer.ok and isinstance(answer.data, dict) else answer.told
        right = came == offered.changing["issuer"]
        bench.that(right, "TOK-PULL-01", f"a Token that had changed was pulled again: its issuer is {came!r}", answer)
