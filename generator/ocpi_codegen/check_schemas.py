"""Schemas: what each may be, and that what it says does not contradict itself."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from pydantic_core import SchemaError, SchemaValidator, core_schema

from ocpi_codegen.errors import Position, Problems
from ocpi_codegen.grammar import KINDS, a
from ocpi_codegen.load import Mapping, Sequence, Value, key_position, position
from ocpi_codegen.references import component
from ocpi_codegen.walk import Place, places

# Keywords beside the common ones, by what a schema is: a definition under components, or a use of it elsewhere.
_always: Final = {"description", "x-ocpi-origin"}
_definitions: Final = {
    "object": {"type", "required", "properties", "not", "x-ocpi-section", "x-ocpi-exclusive", "x-ocpi-module"},
    "enum": {"type", "enum", "x-ocpi-section", "x-ocpi-values", "x-ocpi-value-origins", "x-ocpi-module"},
    "scalar": {"type", "pattern", "minLength", "maxLength", "x-ocpi-section", "x-ocpi-scalar", "x-ocpi-module"},
    "named scalar": {"$ref", "pattern", "minLength", "maxLength", "x-ocpi-section", "x-ocpi-module"},
}
_uses: Final = {
    "integer": {"type", "minimum", "maximum", "default"},
    "boolean": {"type", "default"},
    "array": {"type", "items", "minItems"},
    "string of a header": {"type", "minLength", "maxLength", "pattern"},
}
_beside_reference: Final = {
    "object": {"$ref"},
    "enum": {"$ref", "default"},
    "scalar": {"$ref", "default", "pattern", "minLength", "maxLength"},
}
_floors: Final = ("minLength", "minimum", "minItems")
_bounds: Final = (("minLength", "maxLength"), ("minimum", "maximum"))


def check_schemas(document: Mapping, problems: Problems) -> None:
    """Note every schema that is of no supported form, or contradicts itself."""
    _Check(document, problems).everything()


class _Check:
    def __init__(self, document: Mapping, problems: Problems) -> None:
        self.document = document
        self.problems = problems
        self.modules: Mapping = document["x-ocpi-modules"]

    def everything(self) -> None:
        for name, schema in self.document["components"].get("schemas", {}).items():
            self._definition(name, schema, key_position(self.document["components"]["schemas"], name))
        for place in places(self.document, "document"):
            if place.kind == "schema" and place.holder is not self.document["components"].get("schemas"):
                self._use(place)
            if place.kind == "schema":
                self._pattern(place.node)
                self._bounds(place.node)

    # Definitions

    def _definition(self, name: str, schema: Mapping, at: Position) -> None:
        kind = self._kind(schema)
        if kind == "unsupported":
            if schema.keys() - KINDS["schema"].keys():
                return None  # of an unknown keyword the walk has spoken
            text = "a schema is an object, an enum, a scalar of common.yaml or a $ref to such a scalar"
            return self.problems.add(at, "SPEC034", f"{name}: {text}")
        self._allow(schema, _definitions[kind], f"{kind} {name}")
        wanted = ["description"] if kind == "named scalar" else ["description", "x-ocpi-section"]
        self._want(schema, [*wanted, "x-ocpi-module"], f"{kind} {name}", at)
        module = schema.get("x-ocpi-module", "common")
        if module not in self.modules:
            at = position(schema, "x-ocpi-module")
            self.problems.add(at, "SPEC031", f"x-ocpi-module {module!r} of {name}: there is no such module")
        if kind == "object":
            self._object(name, schema)
        elif kind == "enum":
            self._enum(name, schema)
        elif kind == "scalar" and module != "common":
            at = key_position(schema, "x-ocpi-scalar")
            self.problems.add(at, "SPEC031", f"x-ocpi-scalar of {name}: scalars belong to common.yaml")
        return None

    def _kind(self, schema: Mapping) -> str:
        """object, enum, scalar, named scalar or unsupported."""
        if "$ref" in schema:
            target = self._kind(component(self.document, schema["$ref"]))
            return "named scalar" if target in ("scalar", "named scalar") else "unsupported"
        if "x-ocpi-scalar" in schema:
            return "scalar" if schema.get("type") in ("string", "number") else "unsupported"
        if "enum" in schema:
            return "enum" if schema.get("type") == "string" else "unsupported"
        return "object" if schema.get("type") == "object" and "properties" in schema else "unsupported"

    def _object(self, name: str, schema: Mapping) -> None:
        properties = schema["properties"]
        for key, one in properties.items():
            self._want(one, ["description"], f"property {key} of {name}", key_position(properties, key))
        required: Sequence = schema.get("required", Sequence(schema.at))
        for index, key in enumerate(required):
            at = position(required, index)
            if key not in properties:
                self.problems.add(at, "SPEC040", f"required names {key!r}, which is no property of {name}")
            elif key in required[:index]:
                self.problems.add(at, "SPEC040", f"required names {key!r} twice")
        self._exclusive(name, schema)

    def _exclusive(self, name: str, schema: Mapping) -> None:
        pairs = schema.get("x-ocpi-exclusive", [])
        for index, pair in enumerate(pairs):
            for key in pair:
                if key not in schema["properties"]:
                    text = f"x-ocpi-exclusive names {key!r}, which is no property of {name}"
                    self.problems.add(position(pairs, index), "SPEC045", text)
        if "not" in schema:
            said = [sorted(pair) for pair in pairs]
            excluded = schema["not"]
            if said != [sorted(excluded["required"])] or not set(excluded["properties"]) <= set(excluded["required"]):
                text = f"not of {name} says something else than its x-ocpi-exclusive"
                self.problems.add(key_position(schema, "not"), "SPEC045", text)

    def _enum(self, name: str, schema: Mapping) -> None:
        values: Sequence = schema["enum"]
        meanings: Mapping = schema.get("x-ocpi-values", Mapping(schema.at))
        if not values:
            self.problems.add(position(schema, "enum"), "SPEC041", f"enum {name} is empty")
        for index, value in enumerate(values):
            if value in values[:index]:
                self.problems.add(position(values, index), "SPEC041", f"enum {name} has {value!r} twice")
            elif value not in meanings:
                text = f"enum {name}: x-ocpi-values does not say what {value!r} means"
                self.problems.add(position(values, index), "SPEC041", text)
        for value in meanings:
            if value not in values:
                at = key_position(meanings, value)
                self.problems.add(at, "SPEC041", f"x-ocpi-values has {value!r}, which is not in enum {name}")

    # Uses

    def _use(self, place: Place) -> None:
        schema = place.node
        if "$ref" in schema:
            kind = self._kind(component(self.document, schema["$ref"]))
            kind = kind.removeprefix("named ")
            allowed, what = _beside_reference.get(kind, {"$ref"}), f"a $ref to {a(kind)}"
        else:
            kind = self._inline_kind(place)
            if kind not in _uses:
                return None if schema.keys() - KINDS["schema"].keys() else self.problems.add(place.at, "SPEC034", kind)
            allowed, what = _uses[kind], f"a schema of type {kind}"
        self._allow(schema, allowed, what)
        if kind == "array" and "items" not in schema:
            self.problems.add(place.at, "SPEC033", "an array without items")
        if "default" in schema:
            self._default(schema)
        return None

    def _inline_kind(self, place: Place) -> str:
        """The key of `_uses`, or why the schema is not supported."""
        kind = place.node.get("type")
        if kind in ("integer", "boolean", "array"):
            return str(kind)
        if kind == "object" or "properties" in place.node:
            return "an object in place is not supported: name it under components and use a $ref"
        if "enum" in place.node:
            return "an enum in place is not supported: name it under components and use a $ref"
        if (
            kind == "string"
            and isinstance(place.holder, Mapping)
            and place.key == "schema"
            and "in" not in place.holder
        ):
            return "string of a header"
        if kind in ("string", "number"):
            return f"a bare {kind} is not supported: use a $ref to a scalar of common.yaml"
        return "a schema needs a type or a $ref"

    def _default(self, schema: Mapping) -> None:
        value, at = schema["default"], position(schema, "default")
        if reason := _violation(value, effective(self.document, schema)):
            self.problems.add(at, "SPEC044", f"default {value!r} {reason}")

    # Keywords of both

    def _allow(self, schema: Mapping, allowed: Iterable[str], what: str) -> None:
        for key in schema:
            if key in KINDS["schema"] and key not in allowed and key not in _always:
                code = "SPEC031" if key.startswith("x-ocpi-") else "SPEC034"
                self.problems.add(key_position(schema, key), code, f"{key} does not belong to {what}")

    def _want(self, schema: Mapping, wanted: Iterable[str], what: str, at: Position) -> None:
        for key in wanted:
            if key not in schema:
                self.problems.add(at, "SPEC033", f"{what} without {key}")

    def _pattern(self, schema: Mapping) -> None:
        if "pattern" in schema and (reason := _pattern_error(schema["pattern"])):
            self.problems.add(position(schema, "pattern"), "SPEC042", f"pattern {schema['pattern']!r}: {reason}")

    def _bounds(self, schema: Mapping) -> None:
        for key in ("minLength", "maxLength", "minItems"):
            if schema.get(key, 0) < 0:
                return self.problems.add(position(schema, key), "SPEC043", f"{key} {schema[key]} is negative")
        for low, high in _bounds:
            if low not in schema and high not in schema:
                continue
            whole = effective(self.document, schema)
            if low in whole and high in whole and whole[low] > whole[high]:
                at = position(schema, high if high in schema else low)
                self.problems.add(at, "SPEC043", f"{low} {whole[low]} is more than {high} {whole[high]}")
        return None


def effective(document: Mapping, schema: Mapping) -> dict[str, Value]:
    """A schema with what it refers to; of two bounds the tighter one holds, of patterns all do."""
    own = {key: value for key, value in schema.items() if key not in ("$ref", "pattern")}
    patterns = [schema["pattern"]] if "pattern" in schema else []
    if "$ref" not in schema:
        return own | {"patterns": patterns}
    whole = effective(document, component(document, schema["$ref"]))
    for key, value in own.items():
        if key.startswith(("min", "max")) and key in whole:
            whole[key] = max(value, whole[key]) if key in _floors else min(value, whole[key])
        else:
            whole[key] = value
    return whole | {"patterns": whole["patterns"] + patterns}


def _violation(value: Value, schema: dict[str, Value]) -> str:
    """How a default violates its schema, empty if it does not."""
    if "enum" in schema:
        return "" if value in schema["enum"] else "is not in the enum"
    kinds: dict[str, tuple[type, ...]] = {
        "string": (str,),
        "integer": (int,),
        "boolean": (bool,),
        "number": (int, float),
    }
    wanted = kinds[schema["type"]]
    if not isinstance(value, wanted) or (isinstance(value, bool) and bool not in wanted):
        return f"is no {schema['type']}"
    size, low, high = (
        (len(value), "minLength", "maxLength") if isinstance(value, str) else (value, "minimum", "maximum")
    )
    if size < schema.get(low, size):
        return f"is below {low} {schema[low]}"
    if size > schema.get(high, size):
        return f"is above {high} {schema[high]}"
    if isinstance(value, str) and not all(re.search(pattern, value) for pattern in schema["patterns"]):
        return "does not match the pattern"
    return ""


def _pattern_error(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        return str(error)
    try:
        SchemaValidator(core_schema.str_schema(pattern=pattern))
    except SchemaError as error:
        # The Rust regex engine explains itself over several lines, of which the last one says what is wrong.
        return str(error).strip().splitlines()[-1].strip().removeprefix("error: ")
    return ""
