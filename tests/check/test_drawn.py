"""Drawn requests: the same for the same seed, kept to the test party, and judged by what OCPI means."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from ocpi211_check import samples
from ocpi211_check.bench import OPERATIONS
from ocpi211_check.drawn import Judge, own_id, synchronised
from ocpi211_check.evidence import Exchange
from ocpi211_check.fuzz_documents import document, strict_document
from ocpi211_check.fuzzing import fuzz
from ocpi211_check.oracle import Oracle
from ocpi211_check.runner import Run
from ocpi211_check.scenarios import SCENARIOS
from tests.check.matrix import database
from tests.check.targets import bench_for, served

NOW = "2024-05-06T07:08:09Z"
PARTY = ("FR", "TST")
PUT_TOKEN = "cpo.tokens.put_token"  # noqa: S105  (an operation)
ENDPOINTS = {module: f"https://t.example/x/{module}" for module in ("tokens", "locations", "credentials", "commands")}


async def _drawn(folder: Path, seed: int, examples: int = 2) -> Sequence[Exchange]:
    async with served("cpo", "plain-2.1.1", database(folder)) as found, bench_for(found, seed=seed) as bench:
        await Run(bench, scenarios=[s for s in SCENARIOS if s.name == "registered"]).go()
        before = len(bench.wire.log)
        await fuzz(bench, examples=examples)
        bench.registered = False
        return bench.wire.log[before:]


def _asked(exchanges: Sequence[Exchange]) -> list[tuple[str, str, bytes | None]]:
    return [(found.method, found.url.partition("/ocpi/")[2], found.request_body) for found in exchanges]


def test_the_same_seed_draws_the_same_requests_and_keeps_to_the_test_party(tmp_path: Path) -> None:
    (tmp_path / "again").mkdir()
    first = asyncio.run(_drawn(tmp_path, 11))
    again = asyncio.run(_drawn(tmp_path / "again", 11))
    assert len(first) > 20
    assert _asked(first) == _asked(again)
    writing = [found for found in first if found.method != "GET"]
    assert writing
    assert all("/tokens/FR/TST/OCPI-CHECK-" in found.url for found in writing)


@pytest.mark.parametrize("write", [True, False])
@pytest.mark.parametrize("role", ["cpo", "emsp"])
def test_nothing_is_drawn_for_registrations_and_commands(role: Any, write: bool) -> None:  # noqa: FBT001  (parametrised)
    _, found = document(role, ENDPOINTS, PARTY, write=write)
    ids = [given["operationId"] for item in found["paths"].values() for verb, given in item.items() if verb in _VERBS]
    assert ids
    assert not [id_ for id_ in ids if ".credentials." in id_ or ".commands." in id_]
    assert write or all(OPERATIONS[id_].verb == "GET" for id_ in ids)


_VERBS = {"get", "put", "post", "patch", "delete"}


def test_paths_are_those_of_the_deployment() -> None:
    base, found = document("cpo", {"tokens": "https://t.example/a/b/tokens/"}, PARTY, write=True)
    assert base == "https://t.example"
    assert [*found["paths"]] == ["/a/b/tokens/{country_code}/{party_id}/{token_uid}"]


def test_every_list_of_a_strict_document_is_bounded() -> None:
    def unbounded(node: Any) -> bool:
        if isinstance(node, dict):
            return (node.get("type") == "array" and "maxItems" not in node) or any(map(unbounded, node.values()))
        return isinstance(node, list) and any(map(unbounded, node))

    assert not unbounded(strict_document("emsp")["components"]["schemas"])


def test_the_id_in_the_body_becomes_that_of_the_url_whatever_was_drawn() -> None:
    path = {"country_code": "DE", "party_id": "XYZ", "token_uid": "a%2Fb"}
    renamed, body = synchronised(OPERATIONS[PUT_TOKEN], path, {"uid": "c", "x": 1}, PARTY, lambda drawn: f"<{drawn}>")
    assert renamed == {"country_code": "FR", "party_id": "TST", "token_uid": "<a/b>"}
    assert body == {"uid": "<a/b>", "x": 1}


def test_a_body_that_is_wrong_stays_wrong() -> None:
    path = {"country_code": "FR", "party_id": "TST", "token_uid": "a"}
    wrongs: tuple[object, ...] = ({"uid": 7}, [], None, "text", {})
    for wrong in wrongs:
        assert synchronised(OPERATIONS[PUT_TOKEN], path, wrong, PARTY, str)[1] == wrong


def test_names_are_few_so_that_they_meet() -> None:
    assert len({own_id("M", str(number)) for number in range(200)}) <= 6


class _Noting:
    """A bench that keeps what was concluded."""

    def __init__(self) -> None:
        self.said: list[tuple[str, bool]] = []

    def that(self, holds: bool, id_: str, *_: object) -> bool:  # noqa: FBT001  (as the bench)
        self.said.append((id_, holds))
        return holds


def _judged(body: object, status: int, code: int, operation: str = PUT_TOKEN) -> list[tuple[str, bool]]:
    bench: Any = _Noting()
    answer = json.dumps({"status_code": code, "data": {}}).encode()
    url = "https://t.example/tokens/FR/TST/T1"
    exchange = Exchange(1, "sent", OPERATIONS[operation].verb, url, (), json.dumps(body).encode(), status, (), answer)
    Judge(bench).judge(exchange, operation)
    said: list[tuple[str, bool]] = bench.said
    return said


def test_a_valid_object_that_is_refused_behind_http_200_is_a_breach() -> None:
    good = samples.token("T1", NOW, "FR*TST")
    assert ("ST-1XXX-01", False) in _judged(good, 200, 2001)
    assert ("ST-1XXX-01", True) in _judged(good, 201, 1000)


def test_an_object_no_reader_can_read_and_that_is_accepted_is_a_breach() -> None:
    wrong = {**samples.token("T1", NOW, "FR*TST"), "valid": "maybe"}
    assert ("ST-2XXX-01", False) in _judged(wrong, 200, 1000)
    assert ("ST-2XXX-01", True) in _judged(wrong, 200, 2001)


def test_an_object_a_kind_reader_takes_may_go_either_way() -> None:
    odd = {**samples.token("T1", NOW, "FR*TST"), "last_updated": "2024-05-06T07:08:09.123456Z"}
    for code in (1000, 2001):
        assert not {id_ for id_, _ in _judged(odd, 200, code)} & {"ST-1XXX-01", "ST-2XXX-01"}


def test_a_patch_of_what_is_not_there_must_not_succeed() -> None:
    assert ("TF-PATCH-02", True) in _judged({"valid": False}, 404, 2000, "cpo.tokens.patch_token")


def test_the_oracle_takes_null_absence_and_an_empty_list_for_the_same() -> None:
    oracle = Oracle()
    oracle.wrote("PUT", "u", {"id": "1", "list": [], "last_updated": NOW})
    assert oracle.compare("u", {"id": "1", "last_updated": "2024-05-06T07:08:09", "list": None}) == []
    oracle.wrote("PATCH", "u", {"name": "x"})
    assert oracle.compare("u", {"id": "1", "name": "x", "last_updated": NOW}) == []
    assert oracle.compare("u", {"id": "1", "last_updated": NOW}) != []


def test_the_oracle_takes_an_older_put_for_applied_or_not() -> None:
    oracle = Oracle()
    new, old = {"v": 1, "last_updated": NOW}, {"v": 2, "last_updated": "2020-01-01T00:00:00Z"}
    oracle.wrote("PUT", "u", new)
    oracle.wrote("PUT", "u", old)
    assert oracle.compare("u", new) == oracle.compare("u", old) == []
    assert oracle.compare("u", {"v": 3, "last_updated": NOW}) != []


def test_a_patch_without_a_date_is_dated_by_the_target_so_a_later_put_may_be_older() -> None:
    oracle = Oracle()
    oracle.wrote("PUT", "u", {"v": 1, "last_updated": "2020-01-01T00:00:00Z"})
    oracle.wrote("PATCH", "u", {"v": 2})
    oracle.wrote("PUT", "u", {"v": 3, "last_updated": NOW})
    assert oracle.compare("u", {"v": 2, "last_updated": "2026-01-01T00:00:00Z"}) == []
    assert oracle.compare("u", {"v": 3, "last_updated": NOW}) == []
    assert oracle.compare("u", {"v": 1, "last_updated": NOW}) != []


def test_what_another_run_has_left_behind_is_newer_once_and_then_known() -> None:
    left = {"v": 9, "last_updated": "2030-01-01T00:00:00Z"}
    oracle = Oracle()
    oracle.wrote("PUT", "u", {"v": 1, "last_updated": NOW})
    assert oracle.compare("u", left) == []
    oracle.wrote("PUT", "u", {"v": 2, "last_updated": "2031-01-01T00:00:00Z"})
    assert oracle.compare("u", left) != []
    oracle.wrote("PUT", "w", {"v": 1, "last_updated": NOW})
    assert oracle.compare("w", {**left, "last_updated": "2020-01-01T00:00:00Z"}) != []


def test_the_oracle_lets_a_session_that_is_over_stay_as_it_was() -> None:
    oracle = Oracle()
    over = {"kwh": 1, "status": "COMPLETED", "last_updated": NOW}
    oracle.wrote("PUT", "u", over)
    oracle.wrote("PATCH", "u", {"kwh": 2})
    assert oracle.compare("u", over) == oracle.compare("u", {**over, "kwh": 2}) == []


def test_what_was_deleted_is_not_expected() -> None:
    oracle = Oracle()
    oracle.wrote("PUT", "u", {"v": 1})
    oracle.wrote("DELETE", "u", None)
    assert "u" not in oracle
