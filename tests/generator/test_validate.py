"""What passes: the real specification, and every form the checks must not take for a mistake."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from openapi_spec_validator import OpenAPIV31SpecValidator

from ocpi_codegen.errors import SpecErrors
from ocpi_codegen.read import read_spec
from tests.generator.samples import COMMON, TOKENS, write_spec

SPEC = Path(__file__).parents[2] / "spec"
DOCUMENTS = sorted((SPEC / "ocpi-2.1.1").glob("*.yaml"))
GIREVE = SPEC / "gireve" / "overlay.yaml"

Tree = Any
# What stands in for a value in the sweep over every value of the sample.
ODDITIES: tuple[Any, ...] = (
    *(None, 5, -1, True, "x", [], {}, [1], ["uid", "uid"]),
    *({"$ref": 5}, {"$ref": "#/components/schemas/Token"}, {"allOf": []}),
)


def test_the_specification_reads_clean() -> None:
    bundle = read_spec(SPEC / "ocpi-2.1.1")

    assert bundle.module_order == (
        "common",
        "versions",
        "credentials",
        "locations",
        "sessions",
        "cdrs",
        "tariffs",
        "tokens",
        "commands",
    )


def test_the_specification_reads_clean_with_the_overlay_of_gireve() -> None:
    base, extended = read_spec(SPEC / "ocpi-2.1.1"), read_spec(SPEC / "ocpi-2.1.1", [GIREVE])

    assert extended.overlays == ("GIREVE",)
    assert base.document["components"]["schemas"].keys() < extended.document["components"]["schemas"].keys()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_each_document_alone_is_openapi(path: Path) -> None:
    document = yaml.safe_load(path.read_text("utf-8"))

    OpenAPIV31SpecValidator(document, base_uri=path.as_uri()).validate()


def test_the_bundle_is_openapi() -> None:
    document = json.loads(json.dumps(read_spec(SPEC / "ocpi-2.1.1", [GIREVE]).document))

    OpenAPIV31SpecValidator(document).validate()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("maxLength: 36\n", "maxLength: 36\n          pattern: ^[a-z]+$\n          minLength: 1\n"),
        (
            "    TokenType:\n",
            "    Uid: {$ref: common.yaml#/components/schemas/String, description: U.}\n    TokenType:\n",
        ),
        ("[[valid, groups]]", "[[valid, groups]]\n      not: {required: [groups, valid], properties: {}}"),
        ("summary: All Tokens.", "summary: All Tokens.\n      description: In detail."),
    ],
)
def test_supported_forms_are_no_mistakes(tmp_path: Path, old: str, new: str) -> None:
    assert old in TOKENS

    read_spec(write_spec(tmp_path, tokens=TOKENS.replace(old, new, 1)))


def test_query_parameters_may_have_other_spellings(tmp_path: Path) -> None:
    common = COMMON.replace("{name: limit, in: query,", "{name: limit, in: query, x-ocpi-aliases: [max, Limit],")
    bundle = read_spec(write_spec(tmp_path, common=common))

    assert bundle.document["components"]["parameters"]["limit"]["x-ocpi-aliases"] == ["max", "Limit"]


def places(value: Tree) -> Iterator[tuple[Any, ...]]:
    """The path of every value below."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield (key,)
        yield from ((key, *path) for path in places(child))


def changed(document: Tree, path: tuple[Any, ...], value: Tree) -> str:
    """The document as JSON, which is YAML, with another value at a path."""
    document = copy.deepcopy(document)
    node = document
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value
    return json.dumps(document)


@pytest.mark.parametrize("name", ["common", "tokens"])
def test_no_value_in_any_place_makes_reading_stumble(tmp_path: Path, name: str) -> None:
    sample = yaml.safe_load({"common": COMMON, "tokens": TOKENS}[name])
    spec = write_spec(tmp_path)

    for index, path in enumerate(places(sample)):
        (spec / f"{name}.yaml").write_text(changed(sample, path, ODDITIES[index % len(ODDITIES)]), encoding="utf-8")
        try:
            read_spec(spec)
        except SpecErrors as errors:
            assert str(errors)  # noqa: PT017 - either it reads or it explains itself
