"""Paths and operations: names, parameters, bodies, answers, and what their x-ocpi-* keys refer to."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from ocpi_codegen.errors import Position, Problems
from ocpi_codegen.grammar import VERBS, a
from ocpi_codegen.load import Mapping, Sequence, key_position, position
from ocpi_codegen.references import name_of, resolve

_operation_id: Final = re.compile(r"(cpo|emsp)\.(\w+)\.([A-Za-z]\w*)", re.ASCII)
_path: Final = re.compile(r"/(?P<role>cpo|emsp)/(versions|2\.1\.1(/(?P<module>[a-z_]\w*)(?P<rest>/.*)?)?)", re.ASCII)
_segment: Final = re.compile(r"[\w.~-]+|\{[^{}]+\}", re.ASCII)
_page_headers: Final = ("Link", "X-Total-Count", "X-Limit")
_page_parameters: Final = ("offset", "limit")
_reserved: Final = {"self", "caller", "options", "url"}


class _Declared(NamedTuple):
    """A parameter of an operation, and where the operation says so."""

    node: Mapping
    at: Position


def check_operations(document: Mapping, problems: Problems) -> None:
    """Note every path, operationId, parameter, body and answer that is not what OCPI or the generator needs."""
    check = _Check(document, problems)
    seen: dict[str, Position] = {}
    for path, item in document["paths"].items():
        check.path(path, item)
        for verb in VERBS:
            if verb in item:
                _Operation(document, problems, path, verb, item).check(seen)


class _Check:
    def __init__(self, document: Mapping, problems: Problems) -> None:
        self.document = document
        self.problems = problems
        self.shapes: dict[str, str] = {}

    def path(self, path: str, item: Mapping) -> None:
        at = key_position(self.document["paths"], path)
        found = _path.fullmatch(path)
        module = found and (found["module"] or "versions")
        if not found or not all(map(_segment.fullmatch, path.split("/")[1:])):
            text = f"path {path} is not of the form /{{cpo|emsp}}/2.1.1/<module>/…, or that of versions"
            self.problems.add(at, "SPEC060", text)
        elif module not in self.document["x-ocpi-modules"]:
            self.problems.add(at, "SPEC060", f"path {path}: there is no module {module!r}")
        elif module != item["x-ocpi-module"]:
            self.problems.add(at, "SPEC060", f"path {path} in the document of {item['x-ocpi-module']}")
        shape = re.sub(r"\{[^}]*\}", "{}", path)
        if shape in self.shapes:
            self.problems.add(at, "SPEC060", f"path {path} is the same to a server as {self.shapes[shape]}")
        self.shapes.setdefault(shape, path)
        if not any(verb in item for verb in VERBS):
            self.problems.add(at, "SPEC060", f"path {path} has no operation")


class _Operation:
    """The checks of one operation, which read best side by side."""

    def __init__(self, document: Mapping, problems: Problems, path: str, verb: str, item: Mapping) -> None:
        self.document = document
        self.problems = problems
        self.path = path
        self.verb = verb
        self.item = item
        self.node: Mapping = item[verb]
        self.at = key_position(item, verb)
        self.id: str = self.node["operationId"]
        self.declared = [*self._parameters(item), *self._parameters(self.node)]

    def _parameters(self, holder: Mapping) -> Iterator[_Declared]:
        listed = holder.get("parameters", ())
        for index, node in enumerate(listed):
            yield _Declared(resolve(self.document, node), position(listed, index))

    def _names(self, place: str) -> list[str]:
        return [one.node["name"] for one in self.declared if one.node["in"] == place]

    def _note(self, at: Position, code: str, message: str) -> None:
        self.problems.add(at, code, f"{self.id}: {message}")

    def check(self, seen: dict[str, Position]) -> None:
        self._operation_id(seen)
        self._path_parameters()
        self._argument_names()
        body = self._body()
        self._owner_and_key(body)
        self._refusals()
        self._security()
        answers = self._answers()
        if "x-ocpi-paginated" in self.node and answers:
            self._pages(answers)

    def _operation_id(self, seen: dict[str, Position]) -> None:
        at = position(self.node, "operationId")
        found = _operation_id.fullmatch(self.id)
        if self.id in seen:
            self.problems.add(at, "SPEC062", f"operationId {self.id!r} is already used at {seen[self.id]}")
        seen.setdefault(self.id, at)
        if not found or keyword.iskeyword(found[3]):
            self.problems.add(at, "SPEC062", f"operationId {self.id!r} is not of the form <role>.<module>.<method>")
            return
        role, module = self.path.split("/")[1], self.item["x-ocpi-module"]
        if found[1] != role:
            self.problems.add(at, "SPEC062", f"operationId {self.id!r} on a path of the role {role!r}")
        if found[2] != module:
            self.problems.add(at, "SPEC062", f"operationId {self.id!r} in the module {module!r}")

    def _path_parameters(self) -> None:
        template = re.findall(r"\{([^{}]+)\}", self.path)
        for name in template:
            if template.count(name) > 1:
                self._note(self.at, "SPEC061", f"{{{name}}} stands twice in the path")
            if name not in self._names("path"):
                self._note(self.at, "SPEC061", f"{{{name}}} of the path is not declared")
        for node, at in self.declared:
            if node["in"] != "path":
                continue
            if node["name"] not in template:
                self._note(at, "SPEC061", f"path parameter {node['name']!r} is not in the path {self.path}")
            if node.get("required") is not True:
                self._note(at, "SPEC061", f"path parameter {node['name']!r} must be required")

    def _argument_names(self) -> None:
        seen: set[str] = set()
        for node, at in self.declared:
            name = node["name"]
            python = name.replace("-", "_").lower() if node["in"] == "header" else name
            if not python.isidentifier() or keyword.iskeyword(python) or python.startswith("_") or python in _reserved:
                self._note(at, "SPEC052", f"parameter {name!r} makes no name of an argument")
            if python.lower() in seen:
                self._note(at, "SPEC052", f"parameter {name!r} clashes with another one")
            seen.add(python.lower())
            self._aliases(node, at)
            target = resolve(self.document, node["schema"])
            if target.get("type") in ("object", "array"):
                self._note(at, "SPEC034", f"parameter {name!r} is {a(target['type'])}, which has no one text form")

    def _aliases(self, node: Mapping, at: Position) -> None:
        if "x-ocpi-aliases" not in node:
            return
        if node["in"] != "query":
            self._note(key_position(node, "x-ocpi-aliases"), "SPEC031", "x-ocpi-aliases belongs to query parameters")
        others: list[str] = [name for name in self._names("query") if name != node["name"]]
        for alias in node["x-ocpi-aliases"]:
            if alias == node["name"] or alias in others or node["x-ocpi-aliases"].count(alias) > 1:
                self._note(at, "SPEC066", f"x-ocpi-aliases of {node['name']!r}: {alias!r} is taken")

    def _body(self) -> Mapping | None:
        """The schema of the body, if there is one that is an object."""
        if "requestBody" not in self.node:
            if self.verb == "patch":
                self._note(self.at, "SPEC065", "PATCH without a body")
            return None
        body: Mapping = self.node["requestBody"]
        at = key_position(self.node, "requestBody")
        merge = "x-ocpi-merge-patch" in body
        if merge != (self.verb == "patch"):
            text = "x-ocpi-merge-patch belongs to PATCH" if merge else "PATCH without x-ocpi-merge-patch"
            self._note(key_position(body, "x-ocpi-merge-patch") if merge else at, "SPEC065", text)
        if self.verb in ("get", "delete"):
            self._note(at, "SPEC065", f"{self.verb.upper()} with a body")
        media = body["content"]["application/json"]
        schema = resolve(self.document, media["schema"])
        if "properties" not in schema:
            self._note(position(media["schema"], "$ref"), "SPEC065", "a body must be an object")
            return None
        return schema if isinstance(schema, Mapping) else None

    def _owner_and_key(self, body: Mapping | None) -> None:
        places = self._names("path")
        owner = self.node.get("x-ocpi-owner", Sequence(self.at))
        for index, name in enumerate(owner):
            if name not in places:
                at = position(owner, index)
                self._note(at, "SPEC066", f"x-ocpi-owner names {name!r}, which is no path parameter")
            elif name in owner[:index]:
                self._note(position(owner, index), "SPEC066", f"x-ocpi-owner names {name!r} twice")
        key: Mapping = self.node.get("x-ocpi-key", Mapping(self.at))
        if key and "requestBody" not in self.node:
            self._note(key_position(self.node, "x-ocpi-key"), "SPEC066", "x-ocpi-key without a body")
        for name, target in key.items():
            if name not in places:
                at = key_position(key, name)
                self._note(at, "SPEC066", f"x-ocpi-key names {name!r}, which is no path parameter")
            if body is not None and target not in body["properties"]:
                at = position(key, name)
                self._note(at, "SPEC066", f"x-ocpi-key names {target!r}, which is no property of the body")

    def _security(self) -> None:
        schemes = self.document["components"].get("securitySchemes", {})
        for requirement in self.node.get("security", ()):
            for name in requirement.keys() - schemes.keys():
                # Without the id: the security of a document is that of all its operations.
                at = key_position(requirement, name)
                self.problems.add(at, "SPEC066", f"security names {name!r}, which is no security scheme")

    def _refusals(self) -> None:
        refusals = self.node.get("x-ocpi-refusals", Sequence(self.at))
        for index, code in enumerate(refusals):
            if str(code) not in self.document["x-ocpi-status-codes"]:
                self._note(
                    position(refusals, index), "SPEC066", f"x-ocpi-refusals names {code}, an unknown status code"
                )
            elif code in refusals[:index]:
                self._note(position(refusals, index), "SPEC066", f"x-ocpi-refusals names {code} twice")

    def _answers(self) -> list[Mapping]:
        """The answers of a success."""
        responses: Mapping = self.node["responses"]
        if "200" not in responses:
            self._note(key_position(self.node, "responses"), "SPEC063", "no answer 200")
        found: list[Mapping] = []
        for code, node in responses.items():
            at = key_position(responses, code)
            if not re.fullmatch(r"[1-5][0-9][0-9]", code):
                self._note(at, "SPEC063", f"{code!r} is no HTTP status")
                continue
            response = resolve(self.document, node)
            success = code.startswith("2")
            if success and code not in ("200", "201"):
                self._note(at, "SPEC063", f"a success is answered with 200 or 201, not {code}")
            if reason := self._envelope(response["content"]["application/json"]["schema"], success=success):
                self._note(at, "SPEC063", f"answer {code} {reason}")
            if success:
                found.append(response)
        if len({_data(one) is None for one in found}) > 1:
            self._note(key_position(self.node, "responses"), "SPEC063", "200 and 201 differ in their data")
        return found

    def _envelope(self, schema: Mapping, *, success: bool) -> str:
        """What is wrong with the schema of an answer, empty if it is the envelope, with data or without."""
        parts: Any = schema.get("allOf") or [schema]
        if "$ref" not in parts[0] or name_of(parts[0]["$ref"]) != "Envelope":
            return "is not in the envelope"
        if "allOf" not in schema:
            return ""
        if not success:
            return "of a refusal has no data"
        if len(schema) > 1 or len(parts) != 2 or set(parts[1]) != {"properties"}:
            return "must be allOf of the envelope and its data"
        data = parts[1]["properties"]["data"]
        target = data["items"] if data.get("type") == "array" and "items" in data else data
        return "" if "$ref" in target else "has data that are neither a $ref nor a list of one"

    def _pages(self, answers: list[Mapping]) -> None:
        at = key_position(self.node, "x-ocpi-paginated")
        if self.verb != "get":
            self._note(at, "SPEC064", "x-ocpi-paginated belongs to GET")
        for name in _page_parameters:
            if name not in self._names("query"):
                self._note(at, "SPEC064", f"paginated without the query parameter {name!r}")
        for response in answers:
            for name in _page_headers:
                if name not in response.get("headers", {}):
                    self._note(at, "SPEC064", f"paginated without the header {name!r}")
            data = _data(response)
            if data is None or data.get("type") != "array":
                self._note(at, "SPEC064", "paginated, but its data is no array")


def _data(response: Mapping) -> Mapping | None:
    """The schema of the data of an answer, `None` for the bare envelope."""
    parts = response["content"]["application/json"]["schema"].get("allOf", ())
    data = parts[-1].get("properties", {}).get("data") if parts else None
    return data if isinstance(data, Mapping) else None
