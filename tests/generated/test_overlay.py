"""GIREVE only adds: what is valid without it is valid with it. Shown on examples, on draws, and on the documents.

One thing cannot be promised: an object that already carries an unknown field of the name that an overlay adds.
"""

from __future__ import annotations

import json
from copy import deepcopy
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocpi_codegen.openapi import role_documents
from ocpi_codegen.openapi_reading import read_examples
from ocpi_codegen.read import read_spec
from tests.generated.described import (
    DOCUMENT,
    MODELS,
    SPEC,
    Json,
    drawing,
    examples,
    parsed,
    schema_problems,
    validator,
    validators,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCUMENTS = role_documents(read_spec(SPEC / "ocpi-2.1.1"), read_examples(SPEC / "examples"))
BASE: Json = json.loads(DOCUMENTS["openapi/hub.json"])
CLASSES = [name for name in BASE["components"]["schemas"] if name in MODELS]
UNDER_BASE = validators(BASE)

# Where a document may be longer than the one it extends: each is optional to whoever speaks OCPI without the overlay.
MAPPINGS = {"schemas", "properties", "paths", "responses", "headers", "parameters", "x-ocpi-values"}
VERBS = {"get", "put", "post", "patch", "delete"}


def additions(base: Json, extended: Json, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where `extended` has more than `base`; an assertion fails where it has less, or something else."""
    if isinstance(base, dict):
        assert isinstance(extended, dict), path
        assert list(base) == [key for key in extended if key in base], path
        for key, value in extended.items():
            if key in base:
                yield from additions(base[key], value, (*path, key))
            else:
                yield (*path, key)
    elif isinstance(base, list):
        assert extended[: len(base)] == base, path
        yield from ((*path, index) for index in range(len(base), len(extended)))
    elif path[-1] == "description":
        assert extended.startswith(base), path  # that of an enum lists its values
    else:
        assert extended == base, path


def at(document: Json, path: tuple[str | int, ...]) -> Json:
    for key in path:
        document = document[key]
    return document


def is_harmless(path: tuple[str | int, ...]) -> bool:
    """Whether nothing that was valid becomes invalid by this addition."""
    *_, parent, last = ("", *path)
    if isinstance(last, str) and last.startswith("x-ocpi-"):
        return True  # says something, demands nothing
    if parent == "enum":
        return True
    if parent == "parameters" and isinstance(last, int):
        return not at(DOCUMENT, path).get("required", False)
    if parent == "properties":
        return last not in at(DOCUMENT, path[:-2]).get("required", ())
    return parent in MAPPINGS or (len(path) == 3 and path[0] == "paths" and last in VERBS)


class TestDocuments:
    @pytest.mark.requirement("GIR-OVER-01")
    def test_every_difference_is_an_addition_that_demands_nothing(self) -> None:
        added = list(additions(BASE, DOCUMENT))
        assert len(added) > 20
        assert [path for path in added if not is_harmless(path)] == []

    def test_every_addition_says_whose_it_is(self) -> None:
        added = [path for path in additions(BASE, DOCUMENT) if not str(path[-1]).startswith("x-ocpi-")]
        unnamed = [
            path for path in added if isinstance(at(DOCUMENT, path), dict) and not says_gireve(at(DOCUMENT, path))
        ]
        assert unnamed == []

    @pytest.mark.parametrize(
        ("where", "change"),
        [
            (("components", "schemas", "Token", "required"), ["uid"]),
            (("components", "schemas", "Token", "properties", "uid", "maxLength"), 35),
            (("components", "schemas", "Token", "properties", "uid", "pattern"), "^x$"),
            (("components", "schemas", "Token", "not"), {"required": ["uid"]}),
            (("components", "schemas", "TokenType", "enum"), ["RFID"]),
            (("components", "schemas", "Token", "additionalProperties"), False),
        ],
    )
    def test_a_narrowing_difference_would_be_seen(self, where: tuple[str, ...], change: Json) -> None:
        narrowed = deepcopy(BASE)
        at(narrowed, where[:-1])[where[-1]] = change
        try:
            harmless = all(is_harmless(path) for path in additions(BASE, narrowed))
        except AssertionError:
            harmless = False
        assert not harmless


def says_gireve(node: Json) -> bool:
    if node.get("x-ocpi-origin") == "GIREVE":
        return True
    # The items of a path say it one by one, and `XPatch` repeats X.
    operations = [item for verb, item in node.items() if verb in VERBS]
    return bool(operations) and all(says_gireve(operation) for operation in operations)


def without_additions(value: Json, schema: Json) -> Json:
    """A drawn value without what the base does not know."""
    while "$ref" in schema or "anyOf" in schema:
        schema = (
            BASE["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]] if "$ref" in schema else schema["anyOf"][0]
        )
    if isinstance(value, dict):
        known = schema["properties"]
        return {key: without_additions(item, known[key]) for key, item in value.items() if key in known}
    if isinstance(value, list):
        return [without_additions(item, schema["items"]) for item in value]
    return schema["enum"][0] if value not in schema.get("enum", [value]) else value


@pytest.mark.requirement("GIR-OVER-01")
class TestValues:
    @pytest.mark.parametrize("name", CLASSES)
    @given(data=st.data())
    def test_what_is_drawn_for_the_base_is_valid_with_gireve(self, data: st.DataObject, name: str) -> None:
        value = without_additions(parsed(data.draw(drawing(name))), BASE["components"]["schemas"][name])
        assert schema_problems(UNDER_BASE[name], value) == set()
        assert schema_problems(validator(name), value) == set()

    @pytest.mark.parametrize("name", CLASSES)
    @given(data=st.data())
    def test_of_what_is_changed_in_one_place_gireve_refuses_no_more(self, data: st.DataObject, name: str) -> None:
        value = without_additions(parsed(data.draw(drawing(name))), BASE["components"]["schemas"][name])
        key = data.draw(st.sampled_from(sorted(BASE["components"]["schemas"][name]["properties"])))
        value[key] = data.draw(st.sampled_from([None, "", "x", 1, [], {}, True]))
        assert schema_problems(validator(name), value) <= schema_problems(UNDER_BASE[name], value)

    def test_every_example_that_is_valid_under_the_base_is_valid_with_gireve(self) -> None:
        everything = [one for one in (*examples("valid"), *examples("invalid")) if one.schema in UNDER_BASE]
        valid = [one for one in everything if not schema_problems(UNDER_BASE[one.schema], one.value)]
        assert len(valid) > 60
        refused = {one.name for one in valid if schema_problems(validator(one.schema), one.value)}
        # These carry a field of GIREVE's name already, and break it.
        assert all("gireve" in name for name in refused)
