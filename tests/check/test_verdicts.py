"""From observations to verdicts: nothing unexercised passes, and no contradiction of the text fails."""

from pathlib import Path

import pytest

from ocpi211_check.catalogue import catalogue, read_catalogue
from ocpi211_check.verdicts import Ledger, Verdict
from tests.spec.catalogue import read_rows

ROWS = catalogue()


def test_the_catalogue_is_that_of_the_specification() -> None:
    folder = Path(__file__).parents[2] / "spec" / "requirements"
    assert [*ROWS] == [row.id for row in read_rows(folder)]
    assert [*read_catalogue(folder)] == [*ROWS]


def test_a_requirement_nobody_looked_at_is_skipped_and_says_why() -> None:
    for row in ROWS.values():
        found = Ledger().finding(row)
        assert found.verdict is Verdict.SKIPPED
        assert found.reason
        assert found.exercised == 0


def test_one_that_could_not_be_told_is_inconclusive() -> None:
    ledger = Ledger()
    ledger.open("TF-AUTH-01", "the list is empty")
    assert ledger.finding(ROWS["TF-AUTH-01"]).verdict is Verdict.INCONCLUSIVE


def test_one_that_held_is_passed_and_counted() -> None:
    ledger = Ledger()
    ledger.held("TF-AUTH-01")
    ledger.held("TF-AUTH-01")
    ledger.open("TF-AUTH-01", "elsewhere it could not be told")
    found = ledger.finding(ROWS["TF-AUTH-01"])
    assert (found.verdict, found.exercised) == (Verdict.PASS, 2)


def test_one_breach_outweighs_all_that_held() -> None:
    ledger = Ledger()
    ledger.held("TF-AUTH-01")
    ledger.broken("TF-AUTH-01", "403", [7])
    found = ledger.finding(ROWS["TF-AUTH-01"])
    assert (found.verdict, found.exercised, found.broken) == (Verdict.FAIL, 2, 1)
    assert found.breaches[0].exchanges == (7,)


def test_where_the_text_contradicts_itself_nothing_fails() -> None:
    conflicts = [row for row in ROWS.values() if row.basis == "conflict"]
    assert conflicts
    assert {row.breach for row in conflicts} <= {Verdict.WARN, Verdict.INFO}


def test_where_the_text_is_open_a_breach_is_a_note() -> None:
    assert {row.breach for row in ROWS.values() if row.basis == "decision"} == {Verdict.INFO}


@pytest.mark.parametrize(
    ("profile", "wanted"),
    [("plain-2.1.1", set()), ("gireve-1.1.4", {"GIR-LOC-01"}), ("gireve-1.2.2", {"GIR-LOC-01", "GIR-LOC-03"})],
)
def test_a_profile_asks_for_what_its_edition_of_the_guide_demands(profile: str, wanted: set[str]) -> None:
    rows = {row.id for row in ROWS.concerning("cpo", profile)}  # type: ignore[arg-type]  # made of its own values
    assert rows & {"GIR-LOC-01", "GIR-LOC-03"} == wanted


def test_a_link_leads_to_the_section() -> None:
    assert ROWS["TF-AUTH-01"].link.endswith("release-2.1.1-bugfixes/transport_and_format.md#request-format")
