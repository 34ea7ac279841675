"""The bundled OpenAPI documents: tools take them, people find their way in them, and they tell what the routes do."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
import yaml
from jsonschema_rs import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from ocpi211.operations import OPERATIONS
from ocpi211_runtime import errors
from ocpi211_runtime.envelope import write_envelope, write_refusal
from tests.generated.described import SPEC, Json
from tests.generated.drawn import drawn_once

if TYPE_CHECKING:
    from collections.abc import Iterator

ROLES = {"cpo": {"cpo"}, "emsp": {"emsp"}, "hub": {"cpo", "emsp"}}
DOCUMENTS: dict[str, Json] = {
    role: json.loads(files("ocpi211").joinpath(f"openapi/{role}.json").read_text(encoding="utf-8")) for role in ROLES
}
SECTIONS: Json = yaml.safe_load((SPEC / "sections.yaml").read_text(encoding="utf-8"))
EVERY_DOCUMENT = pytest.mark.parametrize("role", ROLES)
EVERY_OPERATION = pytest.mark.parametrize("row", OPERATIONS)


def operations(document: Json) -> Iterator[Json]:
    """All operations of a document."""
    for item in document["paths"].values():
        yield from (operation for operation in item.values() if isinstance(operation, dict))


def operation(identity: str) -> Json:
    """An operation of the largest document."""
    return next(one for one in operations(DOCUMENTS["hub"]) if one["operationId"] == identity)


def accepts(identity: str, status: str, body: bytes) -> bool:
    """Whether the document of both roles has this as an answer to the operation."""
    response = operation(identity)["responses"][status]
    for key in response.get("$ref", "").split("/")[1:]:
        response = DOCUMENTS["hub"] if key == "components" else response
        response = response[key]
    schema = response["content"]["application/json"]["schema"]
    return Draft202012Validator(schema | {"components": DOCUMENTS["hub"]["components"]}).is_valid(json.loads(body))


@EVERY_DOCUMENT
def test_a_document_is_openapi(role: str) -> None:
    OpenAPIV31SpecValidator(DOCUMENTS[role]).validate()


@EVERY_DOCUMENT
def test_schemathesis_makes_a_case_of_every_operation(role: str) -> None:
    loaded: Any = schemathesis.openapi.from_dict(DOCUMENTS[role])
    made = [found.ok() for found in loaded.get_all_operations()]
    assert sorted(one.definition.raw["operationId"] for one in made) == sorted(
        name for name, row in OPERATIONS.items() if row.role in ROLES[role]
    )
    for one in made:
        case = drawn_once(one.as_strategy())
        assert (case.method, case.path) == (one.method.upper(), one.path)


@EVERY_DOCUMENT
def test_every_operation_is_listed_under_its_module(role: str) -> None:
    document = DOCUMENTS[role]
    for one in operations(document):
        assert one["tags"] == [one["operationId"].split(".")[1]]
    tags = [tag["name"] for tag in document["tags"]]
    assert tags == [name for name in document["x-ocpi-modules"] if name != "common"]
    assert all(tag["description"] for tag in document["tags"])


@EVERY_DOCUMENT
def test_every_operation_asks_for_the_token(role: str) -> None:
    # As a header, which Swagger UI lets one fill in; it knows no HTTP scheme but Basic and Bearer.
    document = DOCUMENTS[role]
    ((name, scheme),) = document["components"]["securitySchemes"].items()
    assert (scheme["type"], scheme["in"], scheme["name"]) == ("apiKey", "header", "Authorization")
    assert document["security"] == [{name: []}]
    assert all(one.get("security", document["security"]) == [{name: []}] for one in operations(document))


@EVERY_DOCUMENT
def test_links_lead_to_a_section_of_the_text(role: str) -> None:
    document = DOCUMENTS[role]
    schemas = [one for one in document["components"]["schemas"].values() if "x-ocpi-section" in one]
    for one in (*operations(document), *schemas):
        file, anchor = one["x-ocpi-section"].split("#")
        assert anchor in SECTIONS[file]
        assert one["externalDocs"]["url"].endswith(f"/{file.removeprefix('gireve:')}#{anchor}")
        assert ("GIREVE" in one["externalDocs"]["url"]) == file.startswith("gireve:")


def test_the_head_says_what_the_codes_mean_and_where_it_is_served() -> None:
    for document in DOCUMENTS.values():
        for code, meaning in document["x-ocpi-status-codes"].items():
            assert f"| {code} | {meaning} |" in document["info"]["description"]
        (server,) = document["servers"]
        assert re.findall(r"{(\w+)}", server["url"]) == list(server["variables"])
    assert len({document["info"]["title"] for document in DOCUMENTS.values()}) == len(ROLES)


def test_the_values_of_an_enum_are_explained_where_people_read() -> None:
    for schema in DOCUMENTS["hub"]["components"]["schemas"].values():
        for value, meaning in schema.get("x-ocpi-values", {}).items():
            origin = schema.get("x-ocpi-value-origins", {}).get(value)
            assert f"- `{value}`: {f'{origin}: ' if origin else ''}{meaning}" in schema["description"]


def test_what_an_overlay_added_says_so_where_people_read() -> None:
    schemas = DOCUMENTS["hub"]["components"]["schemas"]
    assert schemas["Session"]["properties"]["authorization_id"]["description"].startswith("GIREVE: ")
    assert operation("emsp.tokens.get_token")["summary"].startswith("GIREVE: ")
    assert not operation("cpo.tokens.get_token")["summary"].startswith("GIREVE: ")


def test_every_object_that_is_sent_has_an_example_and_it_is_valid() -> None:
    components = DOCUMENTS["hub"]["components"]
    sent = {row.body.__name__ for row in OPERATIONS.values() if row.body and not row.merge_patch}
    shown = {name for name, schema in components["schemas"].items() if schema.get("examples")}
    assert sent <= shown
    for name in shown:
        validator = Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": components})
        for example in components["schemas"][name]["examples"]:
            validator.validate(example)


@EVERY_OPERATION
def test_a_refusal_with_http_200_is_an_answer_too(row: str) -> None:
    assert accepts(row, "200", write_refusal(errors.InvalidParameters()))
    assert accepts(row, "200", write_refusal(errors.UnknownLocation("", problems=[errors.Problem("/a", "b", "c")])))


@EVERY_OPERATION
def test_what_is_answered_with_an_error_is_a_refusal(row: str) -> None:
    answered = [status for status in operation(row)["responses"] if not status.startswith("2")]
    assert "401" in answered
    for status in answered:
        assert accepts(row, status, write_refusal(errors.Unauthorized()))
        assert not accepts(row, status, write_envelope())


@EVERY_OPERATION
def test_a_success_holds_what_was_asked_for(row: str) -> None:
    assert accepts(row, "200", write_envelope()) == (OPERATIONS[row].result is None)
    assert not accepts(row, "200", write_envelope(b'"else"')) or OPERATIONS[row].result is None
    assert accepts(row, "200", write_envelope(None)) == (OPERATIONS[row].result is None)
