"""What a run may do, and when it must not: safety, token, budget, rate, interruption."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ocpi211_check.bench import Bench
from ocpi211_check.catalogue import Role, catalogue
from ocpi211_check.evidence import Exchange
from ocpi211_check.journal import Journal, put_back, read_tokens
from ocpi211_check.launch import dry_run, launch, undo
from ocpi211_check.runner import Run
from ocpi211_check.scenario import Scenario, scenario
from ocpi211_check.scenarios import SCENARIOS
from ocpi211_check.settings import CannotRun, Settings, is_loopback
from ocpi211_check.verdicts import Verdict
from tests.check.matrix import database
from tests.check.targets import PARTY, bench_for, served, target
from tests.server.stub_peer import certificate, reply, says, stub_peer

REGISTERED = [found for found in SCENARIOS if found.name == "registered"]


def settings(**given: Any) -> Settings:
    fields = {"versions_url": "https://target.example/cpo/versions", "token": "x" * 20, "role": "cpo"}
    return Settings(**{**fields, **given})


def verdict(bench: Bench, id_: str) -> Verdict:
    return bench.ledger.finding(catalogue()[id_]).verdict


async def _sent(role: Role, folder: Path, **given: Any) -> list[Exchange]:
    """What a run with a registered token sends."""
    async with target(role, "plain-2.1.1", database(folder)) as found, bench_for(found) as first:
        await Run(first, scenarios=REGISTERED).go()
        first.registered = False
        async with bench_for(found, token=first.token, handshake=False, commands=False, **given) as bench:
            await Run(bench).go()
            return [exchange for exchange in bench.wire.log if exchange.direction == "sent"]


@pytest.mark.parametrize("role", ["cpo", "emsp"])
def test_without_leave_nothing_is_written(role: Role, tmp_path: Path) -> None:
    sent = asyncio.run(_sent(role, tmp_path, write=False))
    changing = [exchange for exchange in sent if exchange.method != "GET" and "/authorize" not in exchange.url]
    assert sent
    # What is sent all the same has to be refused, by the text.
    assert not [exchange for exchange in changing if exchange.ok]


@pytest.mark.parametrize("role", ["cpo", "emsp"])
def test_only_objects_of_the_test_party_are_written_and_named_so(role: Role, tmp_path: Path) -> None:
    sent = asyncio.run(_sent(role, tmp_path))
    written = [exchange for exchange in sent if exchange.ok and exchange.method in {"PUT", "PATCH", "DELETE"}]
    assert written
    assert all("/FR/TST/OCPI-CHECK-" in exchange.url for exchange in written)
    posted = [json.loads(exchange.request_body or b"") for exchange in sent if exchange.about == "emsp.cdrs.post_cdr"]
    assert all(str(cdr["id"]).upper().startswith("OCPI-CHECK-") for cdr in posted)


def test_a_used_up_token_is_no_verdict(tmp_path: Path) -> None:
    async def go() -> None:
        async with (
            target("cpo", "plain-2.1.1", database(tmp_path)) as found,
            bench_for(found, token="y" * 64, handshake=False) as bench,
        ):
            await Run(bench).go()

    with pytest.raises(CannotRun, match="used up"):
        asyncio.run(go())


def test_a_target_is_trusted_by_an_authority_of_its_own(tmp_path: Path) -> None:
    server, _ = certificate("localhost", tmp_path)

    async def told(ca: str) -> str:
        async with stub_peer(says(reply(b"{}", 200, "Content-Type: text/plain"), then_close=True), server) as peer:
            given = settings(versions_url=f"https://localhost:{peer.port}/versions", ca=ca)
            with pytest.raises(CannotRun) as raised:
                await launch(given)
            return str(raised.value)

    pem = tmp_path / "certificate.pem"
    assert "no envelope of OCPI" in asyncio.run(told(str(pem)))
    assert "gives no answer" in asyncio.run(told(""))
    assert "--ca" in asyncio.run(told(str(tmp_path / "missing.pem")))
    pem.write_text("no certificate", encoding="utf-8")
    assert "--ca" in asyncio.run(told(str(pem)))


def test_an_invitation_is_no_token_to_judge_with(tmp_path: Path) -> None:
    async def go() -> None:
        async with (
            target("cpo", "plain-2.1.1", database(tmp_path)) as found,
            bench_for(found, handshake=False) as bench,
        ):
            await Run(bench).go()

    with pytest.raises(CannotRun, match="it is an invitation"):
        asyncio.run(go())


def test_when_the_time_is_spent_the_rest_is_left_open(tmp_path: Path) -> None:
    async def go() -> Bench:
        async with target("cpo", "plain-2.1.1", database(tmp_path)) as found, bench_for(found) as bench:

            @scenario("dawdling", "TF-AUTH-01")
            async def dawdling(bench: Bench) -> None:
                bench.wire.stop()
                await bench.call("versions.list_versions")

            @scenario("too late", "TF-AUTH-06")
            async def late(bench: Bench) -> None:
                await bench.call("versions.list_versions")

            await Run(bench, scenarios=[dawdling, late]).go()
            return bench

    bench = asyncio.run(go())
    assert verdict(bench, "TF-AUTH-01") is Verdict.INCONCLUSIVE
    assert verdict(bench, "TF-AUTH-06") is Verdict.INCONCLUSIVE


def test_a_fault_of_the_check_is_not_one_of_the_target(tmp_path: Path) -> None:
    async def go() -> tuple[Bench, list[str]]:
        async with target("cpo", "plain-2.1.1", database(tmp_path)) as found, bench_for(found) as bench:

            @scenario("broken", "TF-AUTH-01")
            async def broken(_: Bench) -> None:
                raise KeyError("oops")

            run = Run(bench, scenarios=[broken])
            await run.go()
            return bench, run.errors

    bench, errors = asyncio.run(go())
    assert verdict(bench, "TF-AUTH-01") is Verdict.INCONCLUSIVE
    assert errors == ["broken: KeyError: 'oops'"]


@pytest.mark.parametrize("found", SCENARIOS, ids=lambda found: found.name)
def test_a_scenario_says_what_it_can_tell_of(found: Scenario) -> None:
    assert found.covers
    assert len(set(found.covers)) == len(found.covers)


def test_slow_answers_are_told_under_the_hubs_rules(tmp_path: Path) -> None:
    async def go() -> Bench:
        async with target("cpo", "gireve-1.2.2", database(tmp_path)) as found, bench_for(found) as bench:
            bench.wire.observers.append(lambda _: None)
            run = Run(bench, scenarios=[])
            await run.go()
            bench.wire.log[:] = [replace(exchange, seconds=30.0) for exchange in bench.wire.log]
            await run.go()
            return bench

    assert verdict(asyncio.run(go()), "GIR-TIME-01") is Verdict.FAIL


def test_an_interrupted_handshake_can_be_put_back(tmp_path: Path) -> None:
    path = tmp_path / "kept.journal"

    async def go() -> tuple[int, bool, int]:
        async with target("cpo", "plain-2.1.1", database(tmp_path)) as found:
            async with bench_for(found, journal=path) as first:
                await Run(first, scenarios=REGISTERED).go()
            _, tokens = read_tokens(path)
            async with bench_for(found, token=tokens[0], handshake=False) as bench:
                await Run(bench, scenarios=[]).go()
                before = (await bench.call("locations.list_locations")).status
                done = (await put_back(bench, tokens[0])).ok
                return before, done, (await bench.call("locations.list_locations")).status

    assert asyncio.run(go()) == (200, True, 401)
    assert path.stat().st_mode & 0o077 == 0


def test_a_journal_of_an_invitation_that_was_not_used_is_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "kept.journal"

    async def go() -> tuple[str, bool]:
        async with served("cpo", "plain-2.1.1", database(tmp_path)) as found:
            Journal(path, found.versions_url).note("post", token=await found.invite())
            told = await undo(path, "cpo")
            there = path.exists()
            Journal(path, found.versions_url).note("post", token="y" * 20)
            with pytest.raises(CannotRun, match="401"):
                await undo(path, "cpo")
            return told, there

    told, there = asyncio.run(go())
    assert (told, there, path.exists()) == ("nothing is registered: there is nothing to put back", False, True)


def test_a_handshake_that_was_refused_leaves_no_journal(tmp_path: Path) -> None:
    path = tmp_path / "kept.journal"

    async def go() -> tuple[int, tuple[str, ...]]:
        async with served("cpo", "plain-2.1.1", database(tmp_path)) as found:
            given = settings(versions_url=found.versions_url, token=await found.invite(), party="FR*TST", write=True)
            # Nobody listens there.
            report = await launch(replace(given, handshake=True, listen_url="http://127.0.0.1:9"), journal=path)
            return report.exit_code, report.errors

    code, errors = asyncio.run(go())
    assert "the registration did not come about (HTTP 200 with 3001" in errors[0]
    assert (code > 0, path.exists()) == (True, False)


def test_a_handshake_that_ended_well_leaves_no_token_behind(tmp_path: Path) -> None:
    path = tmp_path / "kept.journal"

    async def go() -> None:
        async with target("cpo", "plain-2.1.1", database(tmp_path)) as found, bench_for(found, journal=path) as bench:
            await Run(bench, scenarios=[f for f in SCENARIOS if f.safety == "handshake"]).go()

    asyncio.run(go())
    assert not path.exists()


def test_a_journal_tells_the_latest_token_first(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "kept.journal", "https://target.example/versions")
    for token in ("one", "two", "one", "three"):
        journal.note("issued", token=token)
    assert read_tokens(tmp_path / "kept.journal") == ("https://target.example/versions", ["three", "one", "two"])


def test_what_is_no_journal_is_told(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("{}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="no journal"):
        read_tokens(tmp_path / "x")


@pytest.mark.parametrize("role", ["cpo", "emsp"])
def test_a_dry_run_lists_what_would_be_sent_without_a_network(role: Role) -> None:
    lines = dry_run(settings(role=role, party=PARTY, write=True, seed=3))
    assert any("/FR/TST/OCPI-CHECK-" in line and line.startswith("PUT") for line in lines)
    assert not any("x" * 20 in line for line in lines)
    assert lines == dry_run(settings(role=role, party=PARTY, write=True, seed=3))


def test_a_dry_run_that_only_reads_puts_nothing() -> None:
    lines = dry_run(settings(role="emsp"))
    assert lines
    assert not any("/FR/TST/" in line for line in lines)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"party": "FRTST"}, "FR\\*TST"),
        ({"write": True}, "needs the party"),
        ({"handshake": True, "party": PARTY}, "a URL under which"),
        ({"versions_url": "target.example"}, "http"),
    ],
)
def test_settings_that_do_not_go_together_are_told(given: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        settings(**given)


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://127.0.0.1:80/x", True),
        ("http://[::1]/x", True),
        ("http://localhost/", True),
        ("https://a.example", False),
    ],
)
def test_only_this_machine_is_this_machine(url: str, here: object) -> None:
    assert is_loopback(url) is here
