"""Every class of the package, and what else is known of it: its strategy, its JSON schema, the examples of the spec."""

from __future__ import annotations

import inspect
import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import Phase, find, settings
from jsonschema_rs import Draft202012Validator, ValidationError
from pydantic_core import from_json

from ocpi211 import models, strategies
from ocpi211_runtime.enums import OpenEnum
from ocpi211_runtime.envelope import to_wire
from ocpi211_runtime.model import OcpiModel, OcpiPatch
from ocpi211_runtime.problems import pointer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hypothesis.strategies import SearchStrategy

Json = Any
SPEC = Path(__file__).parents[2] / "spec"
DOCUMENT: Json = json.loads(files("ocpi211").joinpath("openapi/hub.json").read_text(encoding="utf-8"))
SCHEMAS: Json = DOCUMENT["components"]["schemas"]

_classes = {name: value for name in models.__all__ if inspect.isclass(value := getattr(models, name))}
MODELS: dict[str, type[OcpiModel]] = {name: one for name, one in _classes.items() if issubclass(one, OcpiModel)}
PATCHES = {name: one for name, one in MODELS.items() if issubclass(one, OcpiPatch)}
OBJECTS = {name: one for name, one in MODELS.items() if name not in PATCHES}
ENUMS: dict[str, type[OpenEnum]] = {name: one for name, one in _classes.items() if issubclass(one, OpenEnum)}


def drawn_by(function: str) -> str:
    """Name of the class whose objects a strategy draws, as it is declared."""
    returned = str(inspect.signature(getattr(strategies, function)).return_annotation)
    return re.sub(r"SearchStrategy\[(\w+)\]", r"\1", returned)


FUNCTIONS = {drawn_by(function): function for function in strategies.__all__}


def drawing(name: str) -> SearchStrategy[OcpiModel]:
    """The strategy of a class."""
    made: SearchStrategy[OcpiModel] = getattr(strategies, FUNCTIONS[name])()
    return made


def parsed(value: OcpiModel) -> Json:
    """An object as the peer parses it."""
    return from_json(to_wire(value, keep_null=isinstance(value, OcpiPatch)))


def smallest(name: str) -> Json:
    """The smallest object of a class as JSON, which the caller may change."""
    return from_json(_smallest(name))


@cache
def _smallest(name: str) -> bytes:
    # What Hypothesis tries first is the smallest; shrinking would only confirm it.
    first = settings(max_examples=1, phases=[Phase.generate], derandomize=True, database=None)
    return to_wire(find(drawing(name), lambda _: True, settings=first))


def base_of(patch: str) -> str:
    """`TokenPatch` → `Token`."""
    return patch.removesuffix("Patch")


def in_ascii(value: Json) -> Json:
    """The same with a question mark for every character that the text does not allow in a string."""
    match value:
        case str():
            return value.encode("ascii", "replace").decode()
        case list():
            return [in_ascii(item) for item in value]
        case dict():
            return {key: in_ascii(item) for key, item in value.items()}
        case _:
            return value


def validators(document: Json) -> Mapping[str, Draft202012Validator]:
    """The JSON schemas of all classes in a bundled document."""
    components = document["components"]
    return {
        name: Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": components})
        for name in components["schemas"]
    }


_validators = validators(DOCUMENT)


def validator(name: str) -> Draft202012Validator:
    """The JSON schema of a class."""
    return _validators[name]


def schema_problems(schema: Draft202012Validator, value: Json) -> set[tuple[str, str]]:
    """(pointer, keyword) of everything a JSON schema refuses, but for "it is not null" of an optional field."""
    return {found for error in schema.iter_errors(value) for found in _leaves(error)}


def _leaves(error: ValidationError) -> Iterator[tuple[str, str]]:
    kind = error.kind.as_dict()
    path = list(error.instance_path)
    if "context" in kind:
        for inner in (inner for branch in kind["context"] for inner in branch):
            if inner.kind.as_dict().get("types") != ["null"]:
                yield from _leaves(inner)
    elif error.kind.name == "required":
        yield pointer([*path, kind["property"]]), "required"
    else:
        yield pointer(path), "exclusive" if error.kind.name == "not" else error.kind.name


@dataclass(frozen=True)
class Example:
    """One file of `spec/examples`."""

    name: str
    schema: str
    value: Json
    lenient: bool
    strict_only: bool
    pointer: str
    rule: str


def examples(kind: str) -> list[Example]:
    """The valid or the invalid ones."""
    found: list[Example] = []
    for path in sorted((SPEC / "examples").glob(f"*/{kind}/*.json")):
        read = json.loads(path.read_text(encoding="utf-8"))
        breaks = read.get("breaks", {"pointer": "", "rule": ""})
        lenient, strict_only = bool(read.get("lenient")), bool(read.get("strict_only"))
        found.append(
            Example(path.stem, read["schema"], read["value"], lenient, strict_only, breaks["pointer"], breaks["rule"])
        )
    return found
