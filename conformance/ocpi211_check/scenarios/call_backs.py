"""Call-backs of the handshake that go wrong: what the target makes of versions it cannot use (credentials.md).

Here it is the client, and shows what it takes for a success, what it reads, and where it goes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocpi211_check.bench import Inconclusive
from ocpi211_check.reply import POURED
from ocpi211_check.scenario import scenario
from ocpi211_check.scenarios.handshaking import counterpart_of, issued, offer, post, put
from ocpi211_check.settings import is_loopback

if TYPE_CHECKING:
    from ocpi211_check.bench import Bench
    from ocpi211_check.counterpart import Counterpart, Mode
    from ocpi211_check.evidence import Exchange

__all__ = ["failing_call_backs", "handed_urls"]

_BADLY: dict[Mode, tuple[str, int]] = {
    "down": ("CRED-POST-04", 3001),
    "refusing": ("CRED-POST-04", 3001),
    "speechless": ("TF-ENV-09", 3001),
    "garbage": ("CRED-POST-04", 3001),
    "misshapen": ("CRED-POST-04", 3001),
    "old": ("CRED-POST-06", 3002),
}
_SAYING_WHY: tuple[Mode, ...] = ("garbage", "misshapen")
_LEADING_AWAY: dict[Mode, str] = {"redirecting": "TF-HTTP-03", "foreign": "TF-URL-05"}
_REFUSED: dict[Mode, str] = {"quiet": "ST-2XXX-02", "unlisted": "ST-CODE-02"}
"""HTTP 200, all that was asked for, and a status_code that says no."""


@scenario(
    "call-backs that fail",
    "CRED-POST-04",
    "CRED-POST-06",
    "CRED-POST-09",
    "TF-HTTP-03",
    "TF-URL-05",
    "TF-ENV-09",
    "TF-ENV-10",
    "TF-HTTP-07",
    "ST-2XXX-02",
    "ST-CODE-02",
    safety="handshake",
    module="credentials",
)
async def failing_call_backs(bench: Bench) -> None:
    """The tool's versions are down, refused, garbage, too old, endless, elsewhere, …: nothing is registered."""
    counterpart = counterpart_of(bench)
    try:
        for mode, (id_, code) in _BADLY.items():
            counterpart.mode = mode
            answer = await post(bench, offer(bench), odd=True)
            bench.that(answer.code == code, id_, f"versions {mode}: {answer.told}, {code} expected", answer)
            if mode in _SAYING_WHY:
                why = answer.refused and bool(str(answer.envelope.get("status_message") or ""))
                bench.that(why, "TF-ENV-10", f"versions {mode}: {answer.told}, without a word why", answer)
            await _nothing_happened(bench, answer)
        for mode, id_ in _LEADING_AWAY.items():
            if mode == "foreign" and not counterpart.elsewhere:
                bench.open(id_, "needs a second address of this check")
                continue
            await _led(bench, counterpart, mode, id_)
        await _bounded(bench, counterpart)
        for mode, id_ in _REFUSED.items():
            counterpart.mode = mode
            answer = await post(bench, offer(bench), odd=True)
            text = f"versions with HTTP 200 and a status_code of 2xxx: {answer.told}"
            bench.that(not answer.ok, id_, text, answer)
            await _nothing_happened(bench, answer)
    finally:
        counterpart.mode = "well"


async def _led(bench: Bench, counterpart: Counterpart, mode: Mode, id_: str) -> None:
    counterpart.mode = mode
    before = len(counterpart.received)
    answer = await post(bench, offer(bench), odd=True)
    calls = counterpart.received[before:]
    led = [call for call, path in calls if path == ("trap",) or _foreign(counterpart, call)]
    text = f"versions {mode}: {answer.told}, followed {len(led)} times"
    bench.that(answer.refused and not led, id_, text, answer, *led[:2])
    await _nothing_happened(bench, answer)


async def _bounded(bench: Bench, counterpart: Counterpart) -> None:
    """Versions without an end. A proxy in front of the check would read them all, so only on this machine."""
    if not is_loopback(counterpart.base_url):
        bench.open("TF-HTTP-07", "needs a target on this machine: a proxy in front of this check reads every answer")
        return
    counterpart.mode = "endless"
    answer = await post(bench, offer(bench), odd=True)
    await counterpart.wait_for(lambda *_: bool(counterpart.poured), bench.settings.quiet)
    if counterpart.poured:
        text = f"of an answer without an end it read {counterpart.poured[-1] // 1_000_000} MB ({answer.told})"
        bench.that(counterpart.poured[-1] < POURED, "TF-HTTP-07", text, answer)
    await _nothing_happened(bench, answer)


def _foreign(counterpart: Counterpart, call: Exchange) -> bool:
    return bool(counterpart.elsewhere) and call.url.startswith(counterpart.elsewhere)


async def _nothing_happened(bench: Bench, answer: Exchange) -> None:
    """After a call-back that failed all is as before: the invitation still invites."""
    if answer.ok:
        bench.that(False, "CRED-POST-09", "a POST whose call-back failed registers", answer)  # noqa: FBT003  (a verdict)
        await _keep(bench, answer)
        raise Inconclusive("the target has registered the tool, where it should have refused to")
    still = await bench.call("credentials.get_credentials")
    put = await bench.call("credentials.put_credentials", body={}, odd=True)
    text = f"after a call-back that failed: GET {still.told}, PUT {put.told}"
    bench.that(still.ok and not put.ok, "CRED-POST-09", text, answer, still, put)


async def _keep(bench: Bench, answer: Exchange) -> None:
    """Goes on with a registration that was not meant to come about: ended, the invitation would be used up."""
    counterpart_of(bench).mode = "well"
    bench.token, bench.registered = issued(bench, answer) or bench.token, True
    again = await post(bench, offer(bench), "put")
    bench.token = issued(bench, again) or bench.token


@scenario("URLs handed over", "TF-URL-04", "ST-CODE-02", "CRED-PUT-01", safety="handshake", module="credentials")
async def handed_urls(bench: Bench) -> None:
    """A registered partner names versions elsewhere; and answers with a success that has a code of its own."""
    counterpart = counterpart_of(bench)
    if not bench.registered:
        raise Inconclusive("the tool is not registered")
    if not counterpart.elsewhere:
        raise Inconclusive("needs a second address of this check")
    before = len(counterpart.received)
    told = await put(bench, {**offer(bench), "url": f"{counterpart.elsewhere}/{counterpart.secret}/versions"}, odd=True)
    counterpart.mode = "newer"
    try:
        answer = await put(bench, offer(bench), odd=True)
    finally:
        counterpart.mode = "well"
    if answer.status == 405:
        bench.open("ST-CODE-02", "PUT of the Credentials is not offered")
    else:
        bench.that(answer.ok, "ST-CODE-02", f"versions with status_code 1999: {answer.told}", answer)
    led = [call for call, _ in counterpart.received[before:] if _foreign(counterpart, call)]
    text = f"Credentials with the URL of another origin: {told.told}, called {len(led)} times"
    bench.that(not led, "TF-URL-04", text, told, *led[:2])
