"""The part of OpenAPI 3.1 and Overlay 1.1 that the generator understands, as a table.

A kind of node lists its keywords. What stands under one is written `kind`, `[kind]` for a list or `{kind}` for a
mapping with names of one's own; `!` marks what is required, `+` what an overlay may add to a node of the base.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, Literal, NamedTuple

from ocpi_codegen.load import Mapping, Sequence

VERBS: Final = ("get", "put", "post", "patch", "delete")

_table: Final[dict[str, dict[str, str]]] = {
    "document": {
        "openapi": "openapi version !",
        "info": "info !",
        "x-ocpi-modules": "{module} ! +",
        "x-ocpi-status-codes": "{text} ! +",
        "paths": "{path item} ! +",
        "components": "components ! +",
    },
    "source document": {
        "openapi": "openapi version !",
        "info": "info !",
        "x-ocpi-module": "text !",
        "x-ocpi-status-codes": "{text}",
        "security": "[security requirement]",
        "paths": "{path item} !",
        "components": "components",
    },
    "info": {"title": "text !", "version": "text !", "description": "text !"},
    "module": {"title": "text !", "description": "text !"},
    "components": {
        "securitySchemes": "{security scheme} +",
        "schemas": "{schema} +",
        "parameters": "{parameter} +",
        "headers": "{header} +",
        "responses": "{response} +",
    },
    "security scheme": {"type": "text !", "scheme": "text", "description": "text +"},
    "path item": {
        "x-ocpi-module": "text",
        "parameters": "[parameter] +",
        **dict.fromkeys(VERBS, "operation +"),
    },
    "operation": {
        "operationId": "text !",
        "summary": "text !",
        "description": "text +",
        "security": "[security requirement]",
        "parameters": "[parameter] +",
        "requestBody": "request body +",
        "responses": "{response} ! +",
        "x-ocpi-section": "section !",
        "x-ocpi-paginated": "true",
        "x-ocpi-opaque-url": "true",
        "x-ocpi-owner": "[text]",
        "x-ocpi-key": "{text}",
        "x-ocpi-refusals": "[status code] +",
        "x-ocpi-origin": "text",
    },
    "parameter": {
        "name": "text !",
        "in": "place !",
        "required": "boolean",
        "description": "text !",
        "schema": "schema !",
        "x-ocpi-aliases": "[text] +",
        "x-ocpi-module": "text",
        "x-ocpi-origin": "text",
    },
    "header": {
        "description": "text !",
        "required": "boolean",
        "schema": "schema !",
        "x-ocpi-module": "text",
        "x-ocpi-origin": "text",
    },
    "response": {
        "description": "text !",
        "headers": "{header} +",
        "content": "answer content !",
        "x-ocpi-module": "text",
        "x-ocpi-origin": "text",
    },
    "answer content": {"application/json": "answer media !"},
    "answer media": {"schema": "answer !"},
    "answer": {"$ref": "text", "allOf": "[answer part]"},
    "answer part": {"$ref": "text", "properties": "answer properties"},
    "answer properties": {"data": "schema !"},
    "request body": {
        "required": "boolean",
        "description": "text +",
        "content": "body content !",
        "x-ocpi-merge-patch": "true",
    },
    "body content": {"application/json": "body media !"},
    "body media": {"schema": "body schema !"},
    "body schema": {"$ref": "text !"},
    "schema": {
        "$ref": "text",
        "type": "type",
        "description": "text +",
        "required": "[text]",
        "properties": "{schema} +",
        "items": "schema",
        "enum": "[text] +",
        "pattern": "text",
        "minLength": "integer",
        "maxLength": "integer",
        "minimum": "integer",
        "maximum": "integer",
        "minItems": "integer",
        "default": "primitive",
        "not": "exclusion",
        "x-ocpi-section": "section",
        "x-ocpi-values": "{text} +",
        "x-ocpi-value-origins": "{text} +",
        "x-ocpi-scalar": "scalar",
        "x-ocpi-exclusive": "[pair]",
        "x-ocpi-module": "text",
        "x-ocpi-origin": "text",
    },
    "exclusion": {"type": "type", "required": "[text] !", "properties": "{exclusion property} !"},
    "exclusion property": {"type": "type", "const": "true", "minItems": "integer"},
    "reference": {"$ref": "text !"},
    "overlay": {
        "overlay": "overlay version !",
        "info": "overlay info !",
        "x-ocpi-origin": "text !",
        "extends": "text",
        "actions": "[action] !",
    },
    "overlay info": {"title": "text !", "version": "text !", "description": "text"},
    "action": {"target": "text !", "description": "text", "update": "anything", "copy": "text", "remove": "boolean"},
}


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _matches(pattern: str) -> Callable[[object], bool]:
    compiled = re.compile(pattern)
    return lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None


def _is_pair(value: object) -> bool:
    return isinstance(value, Sequence) and len(value) == 2 and all(map(_is_text, value)) and value[0] != value[1]


def _is_requirement(value: object) -> bool:
    return isinstance(value, Mapping) and all(scopes == [] for scopes in value.values())


TYPES: Final = ("string", "integer", "number", "boolean", "object", "array")
PLACES: Final = ("path", "query", "header")
SCALARS: Final = ("Identifier", "Text", "CiString", "DateTime", "URL", "Secret", "Degrees", "Number")

LEAVES: Final[dict[str, tuple[Callable[[object], bool], str]]] = {
    "text": (_is_text, "a text that is not blank"),
    "boolean": (lambda value: isinstance(value, bool), "true or false"),
    "true": (lambda value: value is True, "true"),
    "integer": (lambda value: type(value) is int, "a whole number"),
    "primitive": (
        lambda value: value is not None and not isinstance(value, Mapping | Sequence),
        "a text, number or boolean",
    ),
    "anything": (lambda value: value is not None, "something other than null"),
    "type": (lambda value: value in TYPES, f"one of {', '.join(TYPES)}"),
    "place": (lambda value: value in PLACES, f"one of {', '.join(PLACES)}"),
    "scalar": (lambda value: value in SCALARS, f"one of {', '.join(SCALARS)}"),
    "status code": (lambda value: type(value) is int and value in range(1000, 10000), "a number of four digits"),
    "section": (_matches(r"(gireve:)?[\w&.-]+\.md#[\w-]+"), "<file>.md#<anchor>"),
    "pair": (_is_pair, "a pair of different properties"),
    "security requirement": (_is_requirement, "a security scheme with an empty list"),
    "openapi version": (_matches(r"3\.1\.\d+"), "3.1.x"),
    "overlay version": (_matches(r"1\.[01]\.\d+"), "1.0.x or 1.1.x"),
}

# Kinds that may be replaced by a bare reference, and the kind of component each keyword `$ref` leads to.
REFERABLE: Final = {
    "parameter": "parameters",
    "header": "headers",
    "response": "responses",
    "security scheme": "securitySchemes",
}
REFERRED: Final = REFERABLE | {
    "schema": "schemas",
    "answer": "schemas",
    "answer part": "schemas",
    "body schema": "schemas",
}
UNSUPPORTED: Final = {
    "oneOf": "a class of its own says more",
    "anyOf": "a class of its own says more",
    "allOf": "only the envelope of an answer is put together with it",
    "additionalProperties": "unknown properties are allowed everywhere",
    "nullable": "what is not in `required` may be null",
    "const": "an enum of one value says the same",
    "format": "the scalars of common.yaml take its place",
    "exclusiveMinimum": "use minimum",
    "exclusiveMaximum": "use maximum",
}
GENERATED: Final = ("x-ocpi-origin", "x-ocpi-value-origins", "x-ocpi-module")


def a(kind: str) -> str:
    """The kind with its article."""
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


class Field(NamedTuple):
    """What stands under a keyword, or what a node is."""

    kind: str
    form: Literal["one", "list", "map"] = "one"
    required: bool = False
    grows: bool = False

    @property
    def member(self) -> Field:
        """What an item or entry of a list or mapping is."""
        return Field(self.kind)

    def child(self, key: str | int) -> Field | None:
        """What stands under a key of such a node, `None` for an unknown one."""
        if self.form != "one":
            return self.member
        return KINDS.get(self.kind, {}).get(str(key))


def _field(text: str) -> Field:
    kind = text.rstrip(" !+")
    marks = text[len(kind) :]
    form: Literal["one", "list", "map"] = "list" if kind[0] == "[" else "map" if kind[0] == "{" else "one"
    return Field(kind.strip("[]{}"), form, "!" in marks, "+" in marks)


KINDS: Final = {kind: {key: _field(text) for key, text in fields.items()} for kind, fields in _table.items()}
