"""The Python names that come of the specification: of classes, attributes and members of enums."""

from __future__ import annotations

import keyword
import re
from typing import Final

from ocpi_codegen.errors import Problems
from ocpi_codegen.grammar import VERBS
from ocpi_codegen.load import Mapping, key_position, position
from ocpi_codegen.references import name_of

_class: Final = re.compile(r"[A-Z][A-Za-z0-9]*")
_module: Final = re.compile(r"[a-z][a-z0-9_]*")
# What generated modules import or define beside the classes of the specification.
_taken_classes: Final = {
    "Annotated",
    "Any",
    "AsyncModuleClient",
    "AsyncPager",
    "Decimal",
    "Final",
    "Literal",
    "Mapping",
    "MappingProxyType",
    "ModuleClient",
    "OcpiModel",
    "Parameter",
    "OpenEnum",
    "Operation",
    "Page",
    "Pager",
    "Receipt",
    "CallOptions",
    "Caller",
    "Created",
    "MISSING",
    "None",
    "True",
    "False",
}
_taken_properties: Final = {
    # attributes of pydantic's BaseModel, the `model_` ones aside
    "construct",
    "copy",
    "dict",
    "from_orm",
    "json",
    "parse_file",
    "parse_obj",
    "parse_raw",
    "schema",
    "schema_json",
    "update_forward_refs",
    "validate",
    # names that annotations in the body of a class need
    "bool",
    "datetime",
    "float",
    "int",
    "list",
    "str",
}


def check_names(document: Mapping, problems: Problems) -> None:
    """Note every name that Python, pydantic or another name of the specification does not allow."""
    _Check(document, problems).everything()


class _Check:
    def __init__(self, document: Mapping, problems: Problems) -> None:
        self.document = document
        self.problems = problems
        self.schemas: Mapping = document["components"].get("schemas", Mapping(document.at))

    def everything(self) -> None:
        modules = self.document["x-ocpi-modules"]
        for name in modules:
            if not _module.fullmatch(name) or keyword.iskeyword(name) or name == "scalars":
                self.problems.add(key_position(modules, name), "SPEC010", f"{name!r} makes no name of a module")
        seen: dict[str, str] = {name.lower(): "one that the generator adds" for name in self._derived()}
        scalars = "|".join(re.escape(name) for name, one in self.schemas.items() if "x-ocpi-scalar" in one)
        alias = re.compile(rf"({scalars})[0-9]+(To[0-9]+)?" if scalars else r"(?!)")
        for name, schema in self.schemas.items():
            at = key_position(self.schemas, name)
            if not _class.fullmatch(name) or name in _taken_classes:
                self.problems.add(at, "SPEC050", f"schema {name!r} makes no name of a class")
            elif alias.fullmatch(name):
                self.problems.add(at, "SPEC050", f"schema {name!r} has the name of a bounded scalar")
            elif name.lower() in seen:
                self.problems.add(at, "SPEC050", f"class {name} clashes with {seen[name.lower()]}")
            seen.setdefault(name.lower(), name)
            for key in schema.get("properties", ()):
                self._property(name, schema["properties"], key)
            self._members(name, schema)

    def _derived(self) -> list[str]:
        """Classes the generator adds: partial objects of PATCH, and a client and a route class a module and role."""
        names = [
            f"{prefix}{role}{noun.title().replace('_', '')}"
            for prefix in ("", "Async")
            for role in ("Cpo", "Emsp")
            for noun in (*self.document["x-ocpi-modules"], "client")
        ]
        for item in self.document["paths"].values():
            for verb in VERBS:
                body = item.get(verb, {}).get("requestBody", {})
                if "x-ocpi-merge-patch" in body:
                    names.append(f"{name_of(body['content']['application/json']['schema']['$ref'])}Patch")
        return names

    def _property(self, owner: str, properties: Mapping, key: str) -> None:
        at = key_position(properties, key)
        if not key.isidentifier() or not key.isascii() or keyword.iskeyword(key) or key.startswith("_"):
            self.problems.add(at, "SPEC051", f"property {key!r} of {owner} makes no name of an attribute")
        elif key in _taken_properties or key.startswith("model_") or key in self.schemas:
            self.problems.add(at, "SPEC051", f"property {key!r} of {owner} hides another name")

    def _members(self, name: str, schema: Mapping) -> None:
        """Note values of an enum that differ, but not in the names of their members."""
        seen: dict[str, str] = {}
        values = schema.get("enum", ())
        for index, value in enumerate(values):
            member = re.sub(r"\W", "_", value).upper()
            if seen.setdefault(member, value) != value:
                text = f"enum {name}: {value!r} and {seen[member]!r} make the same member"
                self.problems.add(position(values, index), "SPEC041", text)
