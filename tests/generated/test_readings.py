"""Two readings of one text: strict refuses what the text refuses, lenient takes what peers are known to send.

What a field takes is written three ways: `taken` by both readings, `tolerated` by the lenient one, `refused` by both.
The JSON schema is asked as well: it says what the strict reading says.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from pydantic import ValidationError
from pydantic_core import to_json

from ocpi211.models import Location
from tests.generated.described import ENUMS, MODELS, parsed, schema_problems, smallest, validator

if TYPE_CHECKING:
    from collections.abc import Sequence

MOMENT = datetime(2015, 6, 29, 20, 39, 9, tzinfo=UTC)
NO = object()
SAME = object()


@dataclass(frozen=True)
class Case:
    """A value of `Class.field`, and what each reading makes of it; `NO` is a refusal."""

    field: str
    value: object
    lenient: object
    strict: object
    schema: bool = True
    """Whether the JSON schema says what the strict reading says."""

    def __str__(self) -> str:
        value = json.dumps(self.value)
        return f"{self.field}={value}" if len(value) < 50 else f"{self.field}={value[:20]}… of {len(value)}"


def taken(field: str, values: Sequence[object], read_as: object = SAME) -> list[Case]:
    return [Case(field, one, wanted := one if read_as is SAME else read_as, wanted) for one in values]


def tolerated(field: str, values: Sequence[object], read_as: object = SAME, *, schema: bool = True) -> list[Case]:
    return [Case(field, one, one if read_as is SAME else read_as, NO, schema) for one in values]


def refused(field: str, values: Sequence[object], *, schema: bool = True) -> list[Case]:
    return [Case(field, one, NO, NO, schema) for one in values]


def each(*cases: list[Case]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", [one for some in cases for one in some], ids=str)


def read(case: Case, *, strict: bool) -> object:
    name, field = case.field.split(".")
    sent = to_json(smallest(name) | {field: case.value})
    try:
        # Not strict=False: that would have pydantic convert what it likes, where None leaves it to the scalars.
        return getattr(MODELS[name].model_validate_json(sent, strict=strict or None), field)
    except ValidationError as error:
        blamed = {found["loc"][0] for found in error.errors()}
    return NO if blamed == {field} else blamed


def judge(case: Case) -> None:
    name, field = case.field.split(".")
    for found, expected in ((read(case, strict=False), case.lenient), (read(case, strict=True), case.strict)):
        assert found == expected
        assert type(found) is type(expected)
    problems = schema_problems(validator(name), smallest(name) | {field: case.value})
    assert bool(problems) == (case.strict is NO) or not case.schema


class TestDateTime:
    @each(
        taken("Token.last_updated", ["2015-06-29T20:39:09Z", "2015-06-29T20:39:09.5Z"], read_as=MOMENT),
    )
    def test_with_z(self, case: Case) -> None:
        judge(case)

    @pytest.mark.requirement("TY-DT-03")
    @each(taken("Token.last_updated", ["2015-06-29T20:39:09", "2015-06-29T20:39:09.1234"], read_as=MOMENT))
    def test_without_zone_is_utc(self, case: Case) -> None:
        judge(case)

    @pytest.mark.requirement("TY-DT-01", "TY-DT-02", "TY-DT-06")
    @each(
        tolerated(
            "Token.last_updated",
            [
                "2015-06-29T20:39:09+00:00",
                "2015-06-29T22:39:09+02:00",
                "2015-06-29T17:39:09-0300",
                "2015-06-29 20:39:09Z",
            ],
            read_as=MOMENT,
        )
    )
    def test_an_offset_is_converted_by_lenient_alone(self, case: Case) -> None:
        judge(case)

    @pytest.mark.requirement("TY-DT-04", "TY-DT-06")
    @each(
        taken("Token.last_updated", ["2015-06-29T20:39:09.1234Z"], read_as=MOMENT),
        tolerated(
            "Token.last_updated", ["2015-06-29T20:39:09.12345Z", "2015-06-29T20:39:09.123456789Z"], read_as=MOMENT
        ),
    )
    def test_has_at_most_25_characters(self, case: Case) -> None:
        judge(case)

    @pytest.mark.requirement("TY-DT-07")
    @each(
        refused("Token.last_updated", ["2015-06-29", "2015-06-29T20:39Z", "29/06/2015 20:39:09", "now", ""]),
        refused("Token.last_updated", ["1435610349", 1435610349, 1.5, True, None, []]),
        # No pattern knows the calendar.
        refused("Token.last_updated", ["2015-13-29T20:39:09Z", "2015-06-31T20:39:09Z"], schema=False),
        refused("Token.last_updated", ["2015-02-29T20:39:09", "2015-06-29T25:00:00Z"], schema=False),
    )
    def test_what_is_no_moment_is_refused(self, case: Case) -> None:
        judge(case)


class TestNumber:
    @pytest.mark.requirement("TY-NUM-01")
    @each(
        taken("CdrDimension.volume", [4.1234], read_as=Decimal("4.1234")),
        taken("CdrDimension.volume", [-1.5], read_as=Decimal("-1.5")),
        taken("CdrDimension.volume", [0], read_as=Decimal(0)),
        refused("CdrDimension.volume", ["", "a", "1,5", "0x1F", "NaN", "Infinity", True, None, [1], {"value": 1}]),
    )
    def test_is_a_json_number(self, case: Case) -> None:
        judge(case)

    @pytest.mark.requirement("TY-NUM-03")
    @each(
        tolerated("CdrDimension.volume", ["4.12"], read_as=Decimal("4.12")),
        tolerated("CdrDimension.volume", ["-4"], read_as=Decimal(-4)),
    )
    def test_in_a_string_is_read_by_lenient_alone(self, case: Case) -> None:
        judge(case)

    @each(
        tolerated("CdrDimension.volume", ["1.7e308"], read_as=Decimal("1.7e308")),
        refused("CdrDimension.volume", ["1e400", "-1e400"]),
        refused("CdrDimension.volume", [10**400, -(10**400)], schema=False),
    )
    def test_beyond_what_json_readers_take_is_refused_since_it_would_leave_as_null(self, case: Case) -> None:
        judge(case)

    @pytest.mark.parametrize("value", [b"1e400", b"-1e400", b'[{"y":1e400}]'])
    def test_beyond_them_is_refused_in_an_unknown_field_too(self, value: bytes) -> None:
        """In a PATCH its null would unset the field."""
        with pytest.raises(ValidationError, match="finite number"):
            MODELS["SessionPatch"].model_validate_json(b'{"acme":' + value + b"}")

    @pytest.mark.requirement("TY-NUM-05")
    @each(
        taken("Connector.voltage", [230]),
        tolerated("Connector.voltage", ["230"], read_as=230),
        refused("Connector.voltage", [230.5, "230.5", "", "x", True, None, [230]]),
        taken("RegularHours.weekday", [1, 7]),
        refused("RegularHours.weekday", [0, 8, "8"]),
        taken("Image.width", [0, 99999]),
        refused("Image.width", [-1, 100000]),
    )
    def test_an_int_has_no_fraction_and_keeps_its_bounds(self, case: Case) -> None:
        judge(case)


class TestBoolean:
    @each(taken("Token.valid", [True, False]), refused("Token.valid", ["true", "yes", "", 1, 0, None]))
    def test_is_true_or_false(self, case: Case) -> None:
        judge(case)


class TestEnum:
    @pytest.mark.requirement("TY-ENUM-01", "TY-ENUM-02", "TY-STR-01")
    @each(
        taken("EVSE.status", ["CHARGING"], read_as=ENUMS["Status"]("CHARGING")),
        tolerated("EVSE.status", ["charging"], read_as=ENUMS["Status"]("charging")),
        tolerated("EVSE.status", ["SLEEPING"], read_as=ENUMS["Status"]("SLEEPING")),
        refused("EVSE.status", ["", "SCHL\u00c4FT", "A\nB", "x" * 256, 1, None, ["CHARGING"]]),
    )
    def test_unknown_values_are_kept_by_lenient_alone(self, case: Case) -> None:
        judge(case)


class TestString:
    @pytest.mark.requirement("TY-STR-02", "TY-STR-04", "TY-STR-06")
    @each(
        taken("Token.uid", ["a b/c%", "x" * 36]),
        refused("Token.uid", ["\u00e9", "\t", "\x7f", "\x00", "", "x" * 37, 12, None]),
    )
    def test_an_identifier_is_printable_ascii(self, case: Case) -> None:
        judge(case)

    @pytest.mark.requirement("TY-CI-01")
    @each(taken("CDR.id", ["AbC", "x" * 36]), refused("CDR.id", ["\u00e9", "\n", "", "x" * 37, 12, None]))
    def test_a_ci_string_is_printable_ascii(self, case: Case) -> None:
        judge(case)

    @pytest.mark.requirement("TY-STR-05")
    @each(
        taken("Location.city", ["Lyon", ""]),
        # The schema takes any script: what we accept is what we describe.
        tolerated("Location.city", ["Besan\u00e7on", "\u4eac\u90fd", "\U0001f50c" * 45], schema=False),
    )
    def test_text_for_people_is_unicode_in_lenient(self, case: Case) -> None:
        judge(case)

    @pytest.mark.requirement("TY-STR-04", "TY-STR-06")
    @each(refused("Location.city", ["Ly\x00on", "Ly\non", "Ly\u0085on", "x" * 46, "\U0001f50c" * 46, 69, None]))
    def test_text_for_people_has_no_control_characters(self, case: Case) -> None:
        judge(case)

    @pytest.mark.requirement("TY-STR-03")
    @each(
        taken("Image.url", ["https://example.com/a?b=c", "https://example.com/".ljust(255, "a")]),
        tolerated("Image.url", ["https://example.com/\u00e9"]),
        refused("Image.url", ["", "/a", "example.com", "https://a b", "https://example.com/".ljust(256, "a"), 1]),
    )
    def test_a_url_is_absolute(self, case: Case) -> None:
        judge(case)

    @pytest.mark.requirement("TY-STR-07", "GIR-NULL-01")
    @each(
        taken("Token.visual_number", ["", None]),
        taken("Location.time_zone", ["", None]),
        tolerated("BusinessDetails.website", [""]),
        tolerated("TariffRestrictions.start_time", [""]),
        tolerated("Session.authorization_id", [""]),
    )
    def test_an_optional_one_may_be_empty(self, case: Case) -> None:
        judge(case)

    @pytest.mark.requirement("TY-STR-04")
    @pytest.mark.parametrize("field", ["Location.city", "Token.uid", "CDR.id", "Image.url", "Credentials.token"])
    def test_lone_surrogates_are_refused(self, field: str) -> None:
        name, key = field.split(".")
        sent = json.dumps(smallest(name) | {key: "https://a/\ud800"}).encode()
        for strict in (True, None):
            with pytest.raises(ValidationError):
                MODELS[name].model_validate_json(sent, strict=strict)


class TestCardinality:
    @pytest.mark.requirement("TY-CARD-01", "TY-CARD-02", "GIR-NULL-01")
    @each(
        taken("Location.evses", [None, []]),
        taken("Location.name", [None]),
        taken("EVSE.coordinates", [None]),
        refused("Location.evses", ["", {}, [None], [[]]]),
    )
    def test_what_is_optional_may_be_null_or_an_empty_list(self, case: Case) -> None:
        judge(case)

    @pytest.mark.requirement("TY-CARD-03", "TY-CARD-04")
    @each(
        refused("EVSE.connectors", [None, [], {}]),
        refused("Location.coordinates", [None, "", [], ["45.764000", "4.835700"], "45.764000"]),
    )
    def test_what_is_required_is_neither(self, case: Case) -> None:
        judge(case)

    @pytest.mark.requirement("TY-CARD-02")
    def test_absent_null_and_empty_lists_mean_the_same(self) -> None:
        bare = smallest("Location")
        absent, null, empty = map(Location.model_validate, (bare, bare | {"evses": None}, bare | {"evses": []}))
        assert absent == null
        assert not any(location.evses for location in (absent, null, empty))
        assert "evses" not in parsed(null)

    @pytest.mark.requirement("GIR-NULL-01")
    def test_a_logo_of_size_0_is_accepted(self) -> None:
        logo = smallest("Image") | {"width": 0, "height": 0}
        sent = to_json({"name": "Acme", "website": "", "logo": logo})
        assert parsed(MODELS["BusinessDetails"].model_validate_json(sent))["logo"] == logo


@pytest.mark.requirement("TY-MODE-01")
def test_lenient_takes_all_that_strict_takes() -> None:
    tests = (vars(one) for one in (TestDateTime, TestNumber, TestBoolean, TestEnum, TestString, TestCardinality))
    marks = (mark for one in tests for test in one.values() for mark in getattr(test, "pytestmark", ()))
    cases = [case for mark in marks if mark.name == "parametrize" for case in mark.args[1] if isinstance(case, Case)]
    assert len(cases) > 100
    assert all(case.strict is NO or case.strict == case.lenient for case in cases)
