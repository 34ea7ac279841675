"""What both ends of a handshake need: Credentials to offer, tokens that are issued, call-backs (credentials.md)."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING, Any

from ocpi211_check.bench import Inconclusive

if TYPE_CHECKING:
    from ocpi211_check.bench import Bench
    from ocpi211_check.counterpart import Counterpart
    from ocpi211_check.evidence import Exchange

__all__ = ["counterpart_of", "issued", "judge_call_backs", "offer", "post", "put"]


def counterpart_of(bench: Bench) -> Counterpart:
    """The tool's own server. Inconclusive without."""
    if bench.counterpart is None:
        raise Inconclusive("needs the tool's own server")
    return bench.counterpart


def offer(bench: Bench) -> dict[str, Any]:
    """Credentials with a token that nobody has seen yet."""
    token = secrets.token_urlsafe(48)[:64]
    bench.wire.secrets.add(token)
    counterpart = counterpart_of(bench)
    counterpart.credentials = {
        "token": token,
        "url": counterpart.versions_url,
        "business_details": {"name": "OCPI-CHECK"},
        "party_id": bench.settings.party_id,
        "country_code": bench.settings.country_code,
    }
    return counterpart.credentials


def issued(bench: Bench, answer: Exchange) -> str:
    """The token in the answer, empty if there is none; written down at once."""
    data = answer.data if isinstance(answer.data, dict) else {}
    token = data.get("token")
    if not isinstance(token, str):
        return ""
    bench.wire.secrets.add(token)
    bench.journal.note("issued", token=token)
    return token


async def post(bench: Bench, body: dict[str, Any], verb: str = "post", **more: Any) -> Exchange:  # noqa: ANN401  (as `Bench.call`)
    """POST or PUT of Credentials, written into the journal first."""
    bench.journal.note(verb, token=bench.token)
    answer = await bench.call(f"credentials.{verb}_credentials", body=body, **more)
    if answer.ok:
        counterpart = counterpart_of(bench)
        counterpart.former[counterpart.agreed] = time.monotonic()
        counterpart.agreed = str(body.get("token", ""))
    return answer


async def put(bench: Bench, body: dict[str, Any], **more: Any) -> Exchange:  # noqa: ANN401  (as `Bench.call`)
    """PUT of Credentials by a registered party: it goes on with the token it is given, or as before where refused."""
    counterpart, old = counterpart_of(bench), bench.token
    before = {**counterpart.credentials, "token": counterpart.agreed}
    answer = await post(bench, body, "put", **more)
    if not answer.ok:
        counterpart.credentials = before
        return answer
    token = issued(bench, answer)
    bench.that(token not in {"", old, body.get("token")}, "CRED-PUT-01", "PUT gave no new token", answer)
    bench.token = token or old
    return answer


def judge_call_backs(bench: Bench, before: int, offered: dict[str, Any], id_: str, answer: Exchange) -> None:
    """Versions, then details, with the token offered, before the answer came."""
    counterpart = counterpart_of(bench)
    calls = [(call, path) for call, path in counterpart.received[before:] if call.number < answer.number]
    calls = [(call, path) for call, path in calls if path[0] in {"versions", "2.1.1"}]
    paths = [path[0] for _, path in calls]
    with_it = all(call.asked("authorization") == f"Token {offered['token']}" for call, _ in calls)
    in_order = "versions" in paths and "2.1.1" in paths[paths.index("versions") :]
    text = f"called back were {paths}, with the token offered: {with_it}"
    bench.that(in_order and with_it, id_, text, *(call for call, _ in calls[:3]), answer)
