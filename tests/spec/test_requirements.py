"""The catalogue is well formed, and every row that says it is checked here is: by a test that claims it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from tests.spec.catalogue import (
    FIELDS,
    VALUES,
    complaints,
    disagreements,
    faults,
    read_claims,
    read_rows,
    read_sections,
)

ROOT = Path(__file__).parents[2]
SPEC = ROOT / "spec"

GOOD: Mapping[str, object] = {
    "id": "TF-AUTH-01",
    "level": "MUST",
    "basis": "explicit",
    "role": "both",
    "direction": "in",
    "safety": "read",
    "module": "transport",
    "section": "transport_and_format.md#get",
    "sentence": "A rule.",
    "how": ["script", "fuzz"],
    "checked": "test",
}
GIREVE = {**GOOD, "id": "GIR-AUTH-01", "level": "GIREVE", "section": "gireve:cpo_cdrs.md#contents"}
CLAIM = '@pytest.mark.requirement("TF-AUTH-01")\ndef test_it(): ...\n'


def test_every_row_is_well_formed() -> None:
    assert list(faults(read_rows(SPEC / "requirements"), read_sections(SPEC / "sections.yaml"))) == []


def test_rows_and_tests_agree() -> None:
    assert list(disagreements(read_rows(SPEC / "requirements"), read_claims(ROOT / "tests"))) == []


def test_the_readme_names_every_field_and_value() -> None:
    readme = (SPEC / "requirements" / "README.md").read_text(encoding="utf-8")
    words = {*FIELDS, *(value for values in VALUES.values() for value in values)}
    assert [word for word in sorted(words) if f"`{word}`" not in readme] == []


class Repository:
    """A small repository of its own: a catalogue, a table of sections and tests."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("requirements", "tests/deep"):
            (folder / name).mkdir(parents=True)
        self.rows(GOOD)
        self.tests(CLAIM)
        sections = {"transport_and_format.md": {"get": "GET"}, "gireve:cpo_cdrs.md": {"contents": "Contents"}}
        (folder / "sections.yaml").write_text(yaml.safe_dump(sections), encoding="utf-8")

    def rows(self, *rows: Mapping[str, object], file: str = "transport") -> None:
        text = yaml.safe_dump({"requirements": [dict(row) for row in rows]})
        (self.folder / "requirements" / f"{file}.yaml").write_text(text, encoding="utf-8")

    def tests(self, source: str) -> None:
        (self.folder / "tests" / "deep" / "test_it.py").write_text(source, encoding="utf-8")

    def complaints(self, least: int = 1) -> list[str]:
        rows = read_rows(self.folder / "requirements")
        sections = read_sections(self.folder / "sections.yaml")
        return complaints(rows, read_claims(self.folder / "tests"), sections, least)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


def test_a_claimed_row_in_order_draws_no_complaint(repository: Repository) -> None:
    assert repository.complaints() == []


def test_rows_of_the_hub_have_a_file_of_their_own(repository: Repository) -> None:
    repository.rows({**GIREVE, "module": "cdrs", "profile": "gireve-1.2.2"}, file="gireve")
    repository.tests(CLAIM.replace('01"', '01", "GIR-AUTH-01"'))
    assert repository.complaints() == []


def test_a_catalogue_that_shrank_is_noticed(repository: Repository) -> None:
    assert repository.complaints(least=120) == ["the catalogue has 1 rows, fewer than 120"]


def test_an_id_stands_once(repository: Repository) -> None:
    repository.rows(GOOD, {**GOOD, "sentence": "Another rule."})
    assert repository.complaints() == ["TF-AUTH-01 stands 2 times"]


@pytest.mark.parametrize("checked", ["test", "schema"])
def test_a_row_that_no_test_claims_is_noticed(repository: Repository, checked: str) -> None:
    repository.rows({**GOOD, "checked": checked})
    repository.tests("def test_it(): ...\n")
    assert repository.complaints() == [f"TF-AUTH-01: checked is {checked}, but no test claims it"]


def test_a_claim_of_an_unknown_row_is_noticed(repository: Repository) -> None:
    repository.tests(CLAIM.replace('01"', '01", "TF-AUTH-99"'))
    assert repository.complaints() == ["deep/test_it.py:1 claims TF-AUTH-99, which does not exist"]


def test_a_row_that_is_checked_after_all_is_noticed(repository: Repository) -> None:
    repository.rows({**GOOD, "checked": "not here: needs stored objects"})
    assert repository.complaints() == ["TF-AUTH-01: says it is not checked here, but deep/test_it.py:1 claims it"]


def test_a_row_that_says_why_needs_no_claim(repository: Repository) -> None:
    repository.rows({**GOOD, "checked": "not here: needs stored objects"})
    repository.tests("")
    assert repository.complaints() == []


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"note": "?"}, "unknown field note"),
        ({"level": "MUSTN'T"}, "unknown level MUSTN'T"),
        ({"basis": "rumour"}, "unknown basis rumour"),
        ({"role": "hub"}, "unknown role hub"),
        ({"direction": "up"}, "unknown direction up"),
        ({"safety": "none"}, "unknown safety none"),
        ({"how": ["script", "luck"]}, "unknown how luck"),
        ({"how": []}, "how is empty"),
        ({"how": "luck"}, "unknown how luck"),
        ({"module": "tokens"}, "module tokens stands in transport.yaml"),
        ({"section": "transport_and_format.md#got"}, "section transport_and_format.md#got does not exist"),
        ({"section": "transport.md#get"}, "section transport.md#get does not exist"),
        ({"sentence": " "}, "sentence is no sentence"),
        ({"level": "SHOULD", "profile": "gireve-1.2.2"}, "only a row of gireve.yaml has a profile"),
        ({"basis": "decision"}, "what stands on basis decision is no MUST"),
        ({"basis": "conflict"}, "what stands on basis conflict is no MUST"),
        ({"level": "GIREVE"}, "level GIREVE, sections of the guide and gireve.yaml go together"),
    ],
    ids=str,
)
def test_an_unknown_field_or_value_is_noticed(
    repository: Repository, change: Mapping[str, object], complaint: str
) -> None:
    repository.rows({**GOOD, **change})
    assert f"TF-AUTH-01: {complaint}" in repository.complaints()


@pytest.mark.parametrize("name", sorted(set(GOOD) - {"id"}))
def test_a_missing_field_is_noticed(repository: Repository, name: str) -> None:
    repository.rows({field: value for field, value in GOOD.items() if field != name})
    assert f"TF-AUTH-01: {name} is missing" in repository.complaints()


@pytest.mark.parametrize("id_", ["TF-1", "tf-auth-01", "TOK-AUTH-01", "TF-AUTH-1"])
def test_an_id_of_another_form_is_noticed(repository: Repository, id_: str) -> None:
    repository.rows({**GOOD, "id": id_, "checked": "not here: needs stored objects"})
    repository.tests("")
    assert repository.complaints() == [f"{id_}: the id has to be TF-TOPIC-NN in transport.yaml"]


@pytest.mark.parametrize("checked", ["not here", "not here:", "not here: ", "not here: later"])
def test_not_here_without_a_reason_is_noticed(repository: Repository, checked: str) -> None:
    repository.rows({**GOOD, "checked": checked})
    assert "TF-AUTH-01: checked says 'not here' without a reason" in repository.complaints()


@pytest.mark.parametrize("checked", ["", "yes", "tested"])
def test_another_word_for_checked_is_noticed(repository: Repository, checked: str) -> None:
    repository.rows({**GOOD, "checked": checked})
    assert repository.complaints() == ["TF-AUTH-01: checked has to be test, schema or 'not here: why'"]


@pytest.mark.parametrize(
    "source",
    [
        CLAIM,
        CLAIM.replace("def", "async def"),
        CLAIM.replace("def test_it()", "class TestIt"),
        'class TestIt:\n    @pytest.mark.requirement("TF-AUTH-01")\n    def test_it(self): ...\n',
        'pytestmark = pytest.mark.requirement("TF-AUTH-01")\n',
        'pytestmark = [pytest.mark.slow, pytest.mark.requirement("TF-AUTH-01")]\n',
        'class TestIt:\n    pytestmark = [pytest.mark.requirement("TF-AUTH-01")]\n',
        '@parametrize("x", [pytest.param(1, marks=pytest.mark.requirement("TF-AUTH-01"))])\ndef test_it(x): ...\n',
        'from pytest import mark\n@mark.requirement("TF-AUTH-01")\ndef test_it(): ...\n',
    ],
)
def test_every_place_where_pytest_takes_marks_counts(repository: Repository, source: str) -> None:
    repository.tests(source)
    assert repository.complaints() == []


@pytest.mark.parametrize(
    "source",
    [
        CLAIM.replace("test_it", "helper"),
        CLAIM.replace("def test_it()", "class Helper"),
        'claim = pytest.mark.requirement("TF-AUTH-01")\n',
    ],
)
def test_a_mark_that_no_test_has_is_refused(repository: Repository, source: str) -> None:
    repository.tests(source)
    with pytest.raises(ValueError, match=r"deep/test_it\.py:1 is a claim of no test"):
        repository.complaints()


def test_an_id_that_is_computed_is_refused(repository: Repository) -> None:
    repository.tests(CLAIM.replace('"TF-AUTH-01"', '"TF-AUTH-" + "01"'))
    with pytest.raises(ValueError, match="the id has to stand there as a string"):
        repository.complaints()
