"""Every field of every class: what the JSON schema bounds, the models bound in the same place, and nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import ValidationError
from pydantic_core import to_json

from ocpi211_runtime.problems import problems_of
from tests.generated.described import (
    MODELS,
    SCHEMAS,
    Json,
    parsed,
    schema_problems,
    smallest,
    validator,
)


@dataclass(frozen=True)
class Site:
    """A property, or the items of one, with all that its schema says once references are followed."""

    owner: str
    field: str
    schema: dict[str, Any]
    scalars: tuple[str, ...]
    in_list: bool = False

    def __str__(self) -> str:
        return f"{self.owner}.{self.field}{'[]' if self.in_list else ''}"

    def holding(self, value: object) -> Json:
        """An object that is valid but for this value."""
        return smallest(self.owner) | {self.field: [value] if self.in_list else value}

    @property
    def pointer(self) -> str:
        return f"/{self.field}/0" if self.in_list else f"/{self.field}"


def resolved(schema: Json) -> tuple[dict[str, Any], tuple[str, ...]]:
    """All keywords of a schema, and the components they came from; "or null" is put aside."""
    if "anyOf" in schema:
        return resolved(schema["anyOf"][0])
    if "$ref" not in schema:
        return schema, ()
    name = schema["$ref"].rsplit("/", 1)[1]
    inherited, names = resolved(SCHEMAS[name])
    return {**inherited, **schema}, (name, *names)


def sites_of(owner: str) -> list[Site]:
    found: list[Site] = []
    for field, schema in SCHEMAS[owner]["properties"].items():
        found.append(site := Site(owner, field, *resolved(schema)))
        if site.schema["type"] == "array":
            found.append(Site(owner, field, *resolved(site.schema["items"]), in_list=True))
    return found


SITES = [site for owner in MODELS for site in sites_of(owner)]
BOUNDED = [site for site in SITES if "maxLength" in site.schema and "DateTime" not in site.scalars]
ASCII = [site for site in SITES if {"String", "CiString", "Secret"} & set(site.scalars)]
ENUMERATED = [site for site in SITES if "enum" in site.schema]
AT_LEAST_ONE = [site for site in SITES if site.schema.get("minItems") == 1]
REQUIRED = [site for site in SITES if site.field in SCHEMAS[site.owner].get("required", ()) and not site.in_list]


def refusals(owner: str, value: Json, *, strict: bool = False) -> list[str]:
    """The pointers of what the model refuses."""
    try:
        MODELS[owner].model_validate_json(to_json(value), strict=strict or None)
    except ValidationError as error:
        return [problem.pointer for problem in problems_of(error)]
    return []


def assert_refused(site: Site, value: Json, rule: str) -> None:
    assert refusals(site.owner, value) == [site.pointer]
    assert refusals(site.owner, value, strict=True) == [site.pointer]
    assert schema_problems(validator(site.owner), value) == {(site.pointer, rule)}


def test_there_are_fields_of_every_kind() -> None:
    assert len(SITES) > 250
    assert all(len(some) >= 6 for some in (BOUNDED, ASCII, ENUMERATED, AT_LEAST_ONE, REQUIRED))


@pytest.mark.parametrize("name", MODELS)
class TestClasses:
    def test_model_and_schema_have_the_same_fields(self, name: str) -> None:
        assert list(MODELS[name].model_fields) == list(SCHEMAS[name]["properties"])

    def test_model_and_schema_require_the_same_ones(self, name: str) -> None:
        required = [field for field, about in MODELS[name].model_fields.items() if about.is_required()]
        assert sorted(required) == sorted(SCHEMAS[name].get("required", ()))


@pytest.mark.requirement("TY-CARD-03", "TF-PUT-03")
@pytest.mark.parametrize("site", REQUIRED, ids=str)
class TestRequired:
    def test_cannot_be_absent(self, site: Site) -> None:
        value = {key: item for key, item in smallest(site.owner).items() if key != site.field}
        assert_refused(site, value, "required")

    def test_cannot_be_null(self, site: Site) -> None:
        value = site.holding(None)
        assert refusals(site.owner, value) == refusals(site.owner, value, strict=True) == [site.pointer]
        assert {pointer for pointer, _ in schema_problems(validator(site.owner), value)} == {site.pointer}


@pytest.mark.requirement("TY-CARD-04")
@pytest.mark.parametrize("site", AT_LEAST_ONE, ids=str)
def test_a_list_of_at_least_one_cannot_be_empty(site: Site) -> None:
    assert_refused(site, site.holding([]), "minItems")


@pytest.mark.requirement("TY-STR-06")
@pytest.mark.parametrize("site", BOUNDED, ids=str)
class TestLength:
    def test_is_bounded(self, site: Site) -> None:
        value = site.holding(longest_of(site) + "9")
        assert refusals(site.owner, value) == refusals(site.owner, value, strict=True) == [site.pointer]
        assert (site.pointer, "maxLength") in schema_problems(validator(site.owner), value)

    def test_is_used_to_the_last_character(self, site: Site) -> None:
        if re.search(site.schema["pattern"], longest := longest_of(site)):
            for strict in (False, True):
                assert refusals(site.owner, site.holding(longest), strict=strict) == []
            assert schema_problems(validator(site.owner), site.holding(longest)) == set()
        else:
            assert site.schema["maxLength"] in {5, 10, 11}, "a time, a date or a coordinate"


def longest_of(site: Site) -> str:
    return ("https://a/" if "URL" in site.scalars else "").ljust(site.schema["maxLength"], "9")


@pytest.mark.requirement("TY-STR-02", "TY-CI-01", "TY-STR-04")
@pytest.mark.parametrize("site", ASCII, ids=str)
def test_an_identifier_is_printable_ascii(site: Site) -> None:
    for character in ("\u00e9", "\x00", "\n", "\x7f"):
        assert_refused(site, site.holding(character), "pattern")


@pytest.mark.requirement("TY-ENUM-01", "TY-ENUM-02")
@pytest.mark.parametrize("site", ENUMERATED, ids=str)
class TestEnumerated:
    def test_unlisted_values_are_kept_by_lenient_alone(self, site: Site) -> None:
        value = site.holding("X_VENDOR")
        assert refusals(site.owner, value, strict=True) == [site.pointer]
        assert schema_problems(validator(site.owner), value) == {(site.pointer, "enum")}
        assert parsed(MODELS[site.owner].model_validate_json(to_json(value))) == value

    def test_every_listed_value_is_taken(self, site: Site) -> None:
        for listed in site.schema["enum"]:
            assert refusals(site.owner, site.holding(listed), strict=True) == []
