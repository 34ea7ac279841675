"""All documents as one: what is merged, how it is stamped, and what does not go together."""

import json
from pathlib import Path

import pytest

from ocpi_codegen.errors import Position, SpecErrors
from ocpi_codegen.read import Bundle, read_spec
from tests.generator.samples import COMMON, TOKENS, write_overlay, write_spec

CARDS = """\
openapi: 3.1.0
info: {title: Cards, version: "1", description: Cards.}
x-ocpi-module: cards
paths: {}
components:
  schemas:
    Card:
      type: object
      description: A card.
      x-ocpi-section: t.md#c
      properties:
        token: {$ref: tokens.yaml#/components/schemas/Token, description: Its Token.}
"""


@pytest.fixture
def bundle(tmp_path: Path) -> Bundle:
    return read_spec(write_spec(tmp_path, cards=CARDS))


def complaint(folder: Path, **documents: str) -> str:
    with pytest.raises(SpecErrors) as raised:
        read_spec(write_spec(folder, **documents))
    return str(raised.value)


def test_known_modules_come_first_and_others_by_name(tmp_path: Path) -> None:
    other = CARDS.replace("cards", "a").replace("Card:", "A:")
    spec = write_spec(tmp_path, cards=CARDS, a=other)

    assert read_spec(spec).module_order == ("common", "tokens", "a", "cards")


def test_every_ref_is_local_to_the_document(bundle: Bundle) -> None:
    text = json.dumps(bundle.document)

    assert ".yaml#" not in text
    card = bundle.document["components"]["schemas"]["Card"]
    assert card["properties"]["token"]["$ref"] == "#/components/schemas/Token"
    assert bundle.resolve(card["properties"]["token"]) is bundle.document["components"]["schemas"]["Token"]


def test_schemas_and_paths_know_their_module(bundle: Bundle) -> None:
    schemas = bundle.document["components"]["schemas"]
    modules = {name: schema["x-ocpi-module"] for name, schema in schemas.items()}

    assert modules == {
        "String": "common",
        "Envelope": "common",
        "Token": "tokens",
        "TokenType": "tokens",
        "Card": "cards",
    }
    assert {item["x-ocpi-module"] for item in bundle.document["paths"].values()} == {"tokens"}


def test_titles_codes_and_security_of_the_documents_are_kept(bundle: Bundle) -> None:
    document = bundle.document

    assert document["info"]["title"] == "Shared"
    assert document["x-ocpi-modules"]["cards"] == {"title": "Cards", "description": "Cards."}
    assert document["x-ocpi-status-codes"] == {"1000": "Success.", "2001": "Invalid."}
    assert document["paths"]["/emsp/2.1.1/tokens"]["get"]["security"] == [{"Token": []}]


def test_a_component_that_only_imports_another_one_is_that_one(bundle: Bundle) -> None:
    assert bundle.document["components"]["securitySchemes"] == {"Token": {"type": "http", "scheme": "Token"}}


def test_a_pointer_leads_to_the_place_in_the_source(bundle: Bundle) -> None:
    assert bundle.position("/components/schemas/Card/properties/token") == Position("cards.yaml", 12, 9)
    assert str(bundle.position("/paths/~1emsp~12.1.1~1tokens/get/parameters/1")) == "tokens.yaml:30:11"


def test_reading_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    spec = write_spec(tmp_path)

    assert json.dumps(read_spec(spec).document) == json.dumps(read_spec(spec).document)


def test_modules_that_need_each_other_are_refused_with_the_circle(tmp_path: Path) -> None:
    tokens = TOKENS.replace(
        "        valid:\n",
        "        card: {$ref: cards.yaml#/components/schemas/Card, description: Its card.}\n        valid:\n",
    ).replace("Token, description", "TokenType, description")
    cards = CARDS.replace("schemas/Token,", "schemas/TokenType,")

    assert complaint(tmp_path, tokens=tokens, cards=cards) == (
        "cards.yaml:12:23: SPEC017 modules need each other: tokens → cards → tokens"
    )


def test_an_import_of_what_only_imports_is_refused(tmp_path: Path) -> None:
    common = COMMON.replace("  schemas:\n", "  schemas:\n    Card: {$ref: cards.yaml#/components/schemas/Card}\n")
    cards = CARDS[: CARDS.index("    Card:")] + "    Card: {$ref: common.yaml#/components/schemas/Card}\n"

    assert complaint(tmp_path, common=common, cards=cards) == (
        "cards.yaml:7:18: SPEC013 no document defines the schema Card\n"
        "common.yaml:9:18: SPEC013 no document defines the schema Card"
    )


@pytest.mark.parametrize("name", ["class", "scalars", "Cards"])
def test_a_document_is_named_as_a_python_module_can_be(tmp_path: Path, name: str) -> None:
    text = CARDS.replace("x-ocpi-module: cards", f"x-ocpi-module: {name}")

    assert complaint(tmp_path, **{name: text}) == f"{name}.yaml:1:1: SPEC010 {name!r} makes no name of a module"


def test_a_folder_without_documents_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SpecErrors, match=r"nothing:1:1: SPEC001 there is no folder of that name, or no \*.yaml in it"):
        read_spec(tmp_path / "nothing")


def test_mistakes_of_all_files_are_reported_before_any_file_is_used(tmp_path: Path) -> None:
    spec = write_spec(tmp_path, common="a: b: c", tokens="a: 1\na: 2\n")
    overlay = write_overlay(tmp_path, "", head="\t")

    with pytest.raises(SpecErrors) as raised:
        read_spec(spec, [overlay])

    assert [error.file for error in raised.value.errors] == ["acme/overlay.yaml", "common.yaml", "tokens.yaml"]
