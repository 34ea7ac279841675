"""`spec/examples`, read by the models and by the JSON schema, which share nothing but the spec."""

from __future__ import annotations

import re

import pytest
from pydantic import ValidationError
from pydantic_core import to_json

from ocpi211_runtime.problems import problems_of
from tests.generated.described import MODELS, Example, examples, parsed, schema_problems, validator

VALID = examples("valid")
INVALID = examples("invalid")
STRICT = [example for example in VALID if not example.lenient]
REFUSED = [example for example in INVALID if not example.strict_only]


def refusals(example: Example, *, strict: bool = False) -> set[str]:
    """The pointers of what the model refuses."""
    try:
        MODELS[example.schema].model_validate_json(to_json(example.value), strict=strict or None)
    except ValidationError as error:
        return {problem.pointer for problem in problems_of(error)}
    return set()


def names(chosen: list[Example]) -> list[str]:
    return [example.name for example in chosen]


def test_every_class_that_travels_alone_has_a_valid_and_an_invalid_one() -> None:
    travels = {"Version", "VersionDetails", "Credentials", "Location", "EVSE", "Connector", "Session", "CDR", "Tariff"}
    travels |= {"Token", "AuthorizationInfo", "LocationReferences", "CommandResponse", "ReserveNow", "StartSession"}
    travels |= {"StopSession", "UnlockConnector", "LocationPatch", "SessionPatch", "TariffPatch", "TokenPatch"}
    assert travels <= {example.schema for example in VALID}
    assert travels <= {example.schema for example in INVALID}


@pytest.mark.parametrize("example", VALID, ids=names(VALID))
class TestValid:
    def test_is_read_and_given_back(self, example: Example) -> None:
        read = MODELS[example.schema].model_validate_json(to_json(example.value))
        again = MODELS[example.schema].model_validate_json(to_json(parsed(read)))
        assert parsed(again) == parsed(read)


@pytest.mark.requirement("TY-MODE-01")
@pytest.mark.parametrize("example", STRICT, ids=names(STRICT))
class TestToTheLetter:
    def test_is_valid_by_the_json_schema(self, example: Example) -> None:
        assert schema_problems(validator(example.schema), example.value) == set()

    def test_is_read_strictly(self, example: Example) -> None:
        assert refusals(example, strict=True) == set()

    def test_nothing_is_lost_or_rewritten(self, example: Example) -> None:
        read = MODELS[example.schema].model_validate_json(to_json(example.value))
        assert parsed(read) == as_we_write(example.value)


def as_we_write(value: object) -> object:
    """The same with each DateTime in whole seconds with Z, and without null: all that may differ."""
    match value:
        case str() if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z?", value):
            return f"{value[:19]}Z"
        case dict():
            return {key: as_we_write(item) for key, item in value.items() if item is not None}
        case list():
            return [as_we_write(item) for item in value]
        case _:
            return value


@pytest.mark.parametrize("example", INVALID, ids=names(INVALID))
class TestInvalid:
    def test_the_json_schema_refuses_what_the_example_names_and_nothing_else(self, example: Example) -> None:
        found = schema_problems(validator(example.schema), example.value)
        assert (example.pointer, example.rule) in found
        assert {pointer for pointer, _ in found} == {example.pointer}

    def test_strict_refuses_what_the_example_names_and_nothing_else(self, example: Example) -> None:
        assert refusals(example, strict=True) == {example.pointer}


@pytest.mark.parametrize("example", REFUSED, ids=names(REFUSED))
def test_lenient_refuses_what_no_reading_can_save(example: Example) -> None:
    assert refusals(example) == {example.pointer}


@pytest.mark.requirement("TY-MODE-01", "TY-ENUM-01")
@pytest.mark.parametrize(
    "example",
    [example for example in INVALID if example.strict_only],
    ids=names([example for example in INVALID if example.strict_only]),
)
def test_lenient_reads_what_only_strict_refuses(example: Example) -> None:
    assert refusals(example) == set()
