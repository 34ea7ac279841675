"""Recordings judged without a network, and the gate for Locations."""

import json
from pathlib import Path

import pytest

from ocpi211_check import samples
from ocpi211_check.catalogue import Profile, Role
from ocpi211_check.gate import judge_locations
from ocpi211_check.lint import Linted, lint_files
from ocpi211_check.settings import CannotRun
from ocpi211_check.verdicts import Verdict

NOW = "2024-05-06T07:08:09Z"
EXAMPLES = Path(__file__).parents[2] / "spec" / "examples"


def _lint(path: Path, role: Role = "cpo", profile: Profile = "plain-2.1.1") -> Linted:
    return lint_files([path], role, profile)


def _ids(linted: Linted) -> set[str]:
    return {fault.row.id for fault in linted.faults}


def _failed(linted: Linted) -> set[str]:
    return {fault.row.id for fault in linted.faults if fault.verdict is Verdict.FAIL}


def _file(folder: Path, content: object, name: str = "recorded.json") -> Path:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def test_a_good_location_has_no_fault(tmp_path: Path) -> None:
    linted = _lint(_file(tmp_path, samples.location("LOC1", NOW, "FR*ABC")))
    assert (linted.objects, linted.faults) == (1, ())


@pytest.mark.parametrize("noun", ["location", "session", "cdr"])
def test_every_object_is_known_by_what_it_holds(noun: str, tmp_path: Path) -> None:
    made = getattr(samples, noun)("X1", NOW, "FR*ABC")
    linted = _lint(_file(tmp_path, {**made, "last_updated": "yesterday"}))
    assert linted.objects == 1
    assert _failed(linted)


def test_an_envelope_is_opened_and_a_list_is_walked(tmp_path: Path) -> None:
    good = samples.token("T1", NOW, "FR*ABC")
    listed = {"status_code": 1000, "data": [good, {**good, "valid": "yes"}], "timestamp": NOW}
    linted = _lint(_file(tmp_path, listed), "emsp")
    assert linted.objects == 2
    assert {fault.where for fault in linted.faults} == {"recorded.json/data/1"}


def test_lines_are_told_by_their_number(tmp_path: Path) -> None:
    lines = [json.dumps(samples.cdr(f"C{number}", NOW, "FR*ABC")) for number in range(2)]
    broken = json.dumps({**samples.cdr("C3", NOW, "FR*ABC"), "total_energy": 99})
    linted = _lint(_file(tmp_path, "\n".join([*lines, "", broken]), "recorded.jsonl"))
    assert linted.objects == 3
    assert [(fault.where, fault.row.id) for fault in linted.faults] == [("recorded.jsonl:4", "CDR-OBJ-02")]


def test_a_recorded_conversation_is_judged_on_both_sides(tmp_path: Path) -> None:
    session = {**samples.session("S1", NOW, "FR*ABC"), "kwh": "7.5"}
    entry = {
        "request": {
            "method": "PUT",
            "url": "https://x.example/emsp/2.1.1/sessions/FR/ABC/S1",
            "postData": {"text": json.dumps(session)},
        },
        "response": {"content": {"text": json.dumps({"status_code": 1000, "data": {}})}},
    }
    picture = {
        "request": {"method": "GET", "url": "https://x.example/logo"},
        "response": {"content": {"text": "<svg/>"}},
    }
    linted = _lint(_file(tmp_path, {"log": {"entries": [entry, picture]}}, "recorded.har"))
    assert linted.objects == 1
    assert _failed(linted) == {"TY-NUM-01"}
    assert "PUT /emsp/2.1.1/sessions/FR/ABC/S1 request" in linted.faults[0].where


def test_what_is_no_object_is_told_and_not_passed(tmp_path: Path) -> None:
    linted = _lint(_file(tmp_path, {"hello": "world"}))
    assert (linted.objects, linted.unknown) == (0, ("recorded.json",))


def test_a_file_that_is_no_recording_is_told(tmp_path: Path) -> None:
    with pytest.raises(CannotRun, match="neither JSON nor JSON Lines"):
        _lint(_file(tmp_path, "hello"))
    with pytest.raises(CannotRun, match="nowhere"):
        _lint(tmp_path / "nowhere.json")


def test_the_hubs_rules_hold_in_its_profiles_only(tmp_path: Path) -> None:
    bare = samples.location("LOC1", NOW, "FR*ABC")
    del bare["owner"]
    path = _file(tmp_path, bare)
    assert _ids(_lint(path)) == set()
    assert _ids(_lint(path, profile="gireve-1.2.2")) == {"GIR-LOC-03"}


def standing_alone() -> list[Path]:
    """Examples of objects that a recording shows by themselves."""
    found = sorted(EXAMPLES.glob("*/valid/*.json"))
    return [p for p in found if p.parents[1].name not in {"versions", "commands"} and "patch" not in p.stem]


@pytest.mark.parametrize("path", standing_alone(), ids=lambda path: path.stem)
def test_what_the_specification_calls_valid_is_not_called_invalid(path: Path) -> None:
    validity = {"LOC-CPO-01", "SES-CPO-02", "CDR-CPO-01", "TAR-CPO-01", "TOK-EMSP-01", "CRED-OBJ-01"}
    assert not _ids(_lint(path)) & validity


def test_the_gate_lets_good_locations_through(tmp_path: Path) -> None:
    listed = [samples.location(f"LOC{number}", NOW, "FR*ABC") for number in range(3)]
    linted = judge_locations(str(_file(tmp_path, listed)), "gireve-1.2.2", "FR*ABC")
    assert (linted.objects, linted.faults) == (3, ())


def test_the_gate_stops_another_operators_evse_and_an_id_that_comes_twice(tmp_path: Path) -> None:
    listed = [samples.location("LOC1", NOW, "DE*XYZ"), samples.location("LOC1", NOW, "DE*XYZ")]
    linted = judge_locations(str(_file(tmp_path, listed)), "gireve-1.2.2", "FR*ABC")
    assert {"GIR-LOC-02", "TF-PAGE-04"} <= _ids(linted)


def test_the_gate_needs_a_location(tmp_path: Path) -> None:
    with pytest.raises(CannotRun, match="no Location"):
        judge_locations(str(_file(tmp_path, [])), "plain-2.1.1")
