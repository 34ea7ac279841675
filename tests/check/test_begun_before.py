"""What is begun has to be ended, and what others began is left alone: Sessions, registrations, what came before."""

import asyncio
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ocpi211_check import samples
from ocpi211_check.bench import Bench
from ocpi211_check.catalogue import catalogue
from ocpi211_check.counterpart import Counterpart
from ocpi211_check.evidence import Exchange, Secrets
from ocpi211_check.journal import Journal, read_tokens
from ocpi211_check.pretence import Pretence
from ocpi211_check.runner import Run
from ocpi211_check.scenarios import SCENARIOS
from ocpi211_check.scenarios.crawls import crawls_of, judge_crawls
from ocpi211_check.scenarios.rehearsed import Call, Played
from ocpi211_check.settings import Settings
from ocpi211_check.verdicts import Ledger, Verdict
from ocpi211_check.wire import Wire
from ocpi211_faults.fault import answer
from ocpi211_runtime.asgi import AsgiTransport
from ocpi211_runtime.exchange import AsyncTransport, Request, Response
from ocpi211_server.decisions import Decisions
from tests.check.matrix import database
from tests.check.targets import PARTY, Charging, bench_for, target

NOW = "2026-01-02T03:04:05Z"
SETTINGS = Settings(
    versions_url="https://target.example/cpo/versions", token="x" * 20, role="cpo", profile="gireve-1.2.2", party=PARTY
)


def bench_of(settings: Settings = SETTINGS) -> Bench:
    return Bench(settings, Wire(Pretence(settings), settings, Secrets()), Ledger())


def verdict(bench: Bench, id_: str) -> Verdict:
    return bench.ledger.finding(catalogue()[id_]).verdict


def called(number: int, verb: str, path: str, body: object = None, status: int = 200) -> Call:
    content = json.dumps(body).encode()
    url = f"https://check.example/secret/{path}"
    return Call(Exchange(number, "received", verb, url, (), content, status), tuple(path.split("/")))


def session(name: str, auth_id: str) -> dict[str, Any]:
    return {**samples.session(name, NOW, PARTY), "auth_id": auth_id}


async def _started(
    folder: Path, monkeypatch: pytest.MonkeyPatch, begun: Callable[[Bench], dict[str, Any]]
) -> tuple[Bench, list[str]]:
    """Starts at a target whose Charge Points say nothing, where this Session comes with the result."""
    monkeypatch.setattr(Charging, "outcome", Decisions.outcome)
    names = {"registered", "the pages of locations", "start and stop"}
    async with (
        target("cpo", "gireve-1.2.2", database(folder)) as found,
        bench_for(found, call_back=0.4) as bench,
    ):
        counterpart = bench.counterpart
        assert counterpart is not None

        def watch(call: Exchange, path: tuple[str, ...] | None) -> None:
            if path is not None and path[0] == "results" and call.number:
                made = begun(bench)
                pushed = called(0, "PUT", f"sessions/FR/CPO/{made['id']}", made)
                counterpart.received.append((pushed.exchange, pushed.path))

        counterpart.observers.append(watch)
        await Run(bench, scenarios=[each for each in SCENARIOS if each.name in names]).go()
        sent = [json.loads(e.request_body or b"{}") for e in bench.wire.log if e.url.endswith("/STOP_SESSION")]
        return bench, [str(body["session_id"]) for body in sent]


def test_a_session_of_somebody_else_is_never_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench, stopped = asyncio.run(_started(tmp_path, monkeypatch, lambda _: session("THEIRS", "DE*XYZ*C1")))
    assert stopped == []
    assert verdict(bench, "GIR-CMD-01") is Verdict.INCONCLUSIVE


def test_a_session_of_our_authorisation_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def begun(bench: Bench) -> dict[str, Any]:
        return {**session("OURS", "of the roaming platform"), "authorization_id": bench.own("remote")}

    _, stopped = asyncio.run(_started(tmp_path, monkeypatch, begun))
    assert stopped == ["OURS"]


class Clinging:
    """Ends the first registration, and no other."""

    def __init__(self, transport: AsyncTransport) -> None:
        self.transport, self.ended = transport, 0

    async def send(self, request: Request, *, timeout: float, max_bytes: int) -> Response:  # noqa: ASYNC109
        if request.method == "DELETE" and request.operation.endswith(".delete_credentials"):
            self.ended += 1
        if self.ended > 1:
            return answer({}, 500, 3000)
        return await self.transport.send(request, timeout=timeout, max_bytes=max_bytes)

    async def aclose(self) -> None:
        await self.transport.aclose()


def test_a_second_registration_that_cannot_be_ended_stays_in_the_journal(tmp_path: Path) -> None:
    path = tmp_path / "kept.journal"

    async def go() -> tuple[bool, str]:
        async with (
            target("cpo", "gireve-1.2.2", database(tmp_path)) as found,
            bench_for(found, journal=path, wrap=Clinging) as bench,
        ):
            chosen = [each for each in SCENARIOS if each.name in {"registered", "unregistered"}]
            await Run(bench, scenarios=chosen).go()
            return bench.registered, bench.token

    registered, token = asyncio.run(go())
    assert registered
    assert read_tokens(path)[1][0] == token


def test_a_journal_that_was_closed_begins_anew_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "kept.journal"
    journal = Journal(path, "https://target.example/versions")
    for token in ("one", "two"):
        journal.note("issued", token=token)
        journal.close(done=token == "one")  # noqa: S105  (made up)
    assert read_tokens(path) == ("https://target.example/versions", ["two"])
    assert path.stat().st_mode & 0o077 == 0


def test_what_a_command_began_may_end_while_the_check_listens() -> None:
    bench = bench_of()
    remote = {**session("REMOTE", "x"), "auth_method": "AUTH_REQUEST", "authorization_id": bench.own("remote")}
    earlier = [called(1, "PUT", "sessions/FR/CPO/REMOTE", remote)]
    calls = [
        called(2, "POST", "tokens/T1/authorize", {"location_id": "L", "evse_uids": ["E"]}),
        called(3, "PUT", "sessions/FR/CPO/REMOTE", {**remote, "status": "COMPLETED"}),
        called(4, "POST", "cdrs", {**samples.cdr("REMOTE", NOW, PARTY), "authorization_id": bench.own("remote")}),
    ]
    Played(bench, calls, "authorised", "odd", time.monotonic(), earlier).judge()
    told = {id_: verdict(bench, id_) for id_ in ("SES-OBJ-04", "GIR-AUTH-03", "GIR-CDR-02")}
    assert told == dict.fromkeys(told, Verdict.PASS)
    Played(bench, calls, "authorised", "odd", time.monotonic()).judge()
    assert verdict(bench, "SES-OBJ-04") is Verdict.WARN


def test_a_cdr_is_read_back_where_a_hub_keeps_it() -> None:
    async def go() -> int:
        counterpart = Counterpart("https://check.example", bench_of().wire, terse=True)
        transport, url = AsgiTransport(counterpart), f"https://check.example/{counterpart.secret}/cdrs"
        body = json.dumps(samples.cdr("C 1", NOW, PARTY)).encode()
        posted = await transport.send(Request("POST", url, {}, body), timeout=5, max_bytes=9999)
        assert "location" not in dict(posted.headers)
        return (await transport.send(Request("GET", f"{url}/C%201", {}), timeout=5, max_bytes=9999)).status

    assert asyncio.run(go()) == 200


def test_a_crawl_that_is_under_way_has_not_stopped() -> None:
    bench = bench_of()
    bench.counterpart = Counterpart("https://check.example", bench.wire)
    link = (("Link", '<https://check.example/tokens?offset=1&limit=1>; rel="next"'), ("X-Total-Count", "2"))
    page = Exchange(5, "received", "GET", "https://check.example/tokens", status=200, headers=link)
    bench.counterpart.arrived[5] = time.monotonic() + 60
    judge_crawls(bench, "tokens", crawls_of([page]))
    assert verdict(bench, "TF-PAGE-12") is Verdict.SKIPPED
    bench.counterpart.arrived[5] = time.monotonic() - 60
    judge_crawls(bench, "tokens", crawls_of([page]))
    assert verdict(bench, "TF-PAGE-12") is Verdict.FAIL
