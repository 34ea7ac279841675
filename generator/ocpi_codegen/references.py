"""`$ref`s: local to the folder of the specification, to a component of the right kind, and never in a circle."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterable
from pathlib import PurePosixPath
from typing import Final

from ocpi_codegen.errors import Position, Problems
from ocpi_codegen.grammar import REFERABLE, REFERRED
from ocpi_codegen.load import Mapping, Value, position
from ocpi_codegen.walk import Place, places

_form: Final = re.compile(r"#/components/([\w-]+)/([\w.-]+)")


def component(document: Mapping, reference: object) -> Value:
    """What a `$ref` within `document` leads to, `None` if nothing is there."""
    found = _form.fullmatch(reference) if isinstance(reference, str) else None
    if not found:
        return None
    node: Value = document
    for key in ("components", *found.groups()):
        node = node.get(key) if isinstance(node, Mapping) else None
    return node


def dangles(document: Mapping, reference: object) -> bool:
    """Whether a well-formed `$ref` leads to no component of `document`."""
    is_one = isinstance(reference, str) and _form.fullmatch(reference) is not None
    return is_one and component(document, reference) is None


def resolve(document: Mapping, node: Value) -> Value:
    """The component a reference leads to, over as many steps as it takes; any other node as it is."""
    while isinstance(node, Mapping) and "$ref" in node:
        node = component(document, node["$ref"])
    return node


def name_of(reference: str) -> str:
    """The last part of a `$ref`."""
    return reference.rsplit("/", 1)[1]


def rewrite(place: Mapping, files: Collection[str], problems: Problems) -> str | None:
    """Turn `<file>#/components/…` into `#/components/…` and give back the file; `None` with the problem noted."""
    reference, at = place["$ref"], position(place, "$ref")
    if not isinstance(reference, str) or "#" not in reference:
        problems.add(at, "SPEC014", f"$ref {reference!r} is not of the form <file>#/components/<kind>/<name>")
        return None
    file, fragment = reference.split("#", 1)
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//", file) or len(PurePosixPath(file).parts) > 1:
        problems.add(at, "SPEC012", f"$ref {reference!r} leaves the folder of the documents")
        return None
    file = file.removeprefix("./")
    if file and file not in files:
        problems.add(at, "SPEC013", f"unresolved $ref {reference!r}: there is no {file}")
        return None
    place["$ref"] = f"#{fragment}"
    return file


def check_references(document: Mapping, problems: Problems) -> None:
    """Note every `$ref` of the bundled document that leads nowhere, or to the wrong kind of component."""
    for place in places(document, "document"):
        if "$ref" in place.node and place.kind in REFERRED and not problems.known_at(position(place.node, "$ref")):
            _check(document, place, problems)


def _check(document: Mapping, place: Place, problems: Problems) -> None:
    reference, at = place.node["$ref"], position(place.node, "$ref")
    wanted, target = REFERRED[place.kind], component(document, reference)
    found = _form.fullmatch(reference) if isinstance(reference, str) else None
    if not found:
        problems.add(at, "SPEC014", f"$ref {reference!r} is not of the form #/components/<kind>/<name>")
    elif found[1] != wanted:
        problems.add(at, "SPEC014", f"$ref {reference!r} leads to {found[1]}, but {wanted} belong here")
    elif target is None:
        problems.add(at, "SPEC013", f"unresolved $ref {reference!r}")
    elif place.kind in REFERABLE and isinstance(target, Mapping) and "$ref" in target:
        problems.add(at, "SPEC014", f"$ref {reference!r} leads to another $ref")


def check_cycles(document: Mapping, problems: Problems) -> None:
    """Note schemas that contain each other, and modules whose models would have to import each other."""
    schemas = {key: one for key, one in document["components"].get("schemas", {}).items() if isinstance(one, Mapping)}
    uses: dict[str, dict[str, Position]] = {}
    imports: dict[str, dict[str, Position]] = {}
    for name, schema in schemas.items():
        home = schema.get("x-ocpi-module", "")
        for node in _with_references(schema):
            other, at = name_of(node["$ref"]), position(node, "$ref")
            uses.setdefault(name, {}).setdefault(other, at)
            away = schemas[other].get("x-ocpi-module", "") if other in schemas else home
            if away != home:
                imports.setdefault(home, {}).setdefault(away, at)
    for cycle, at in _cycles(uses):
        problems.add(at, "SPEC018", f"schemas contain each other: {' → '.join(cycle)}")
    for cycle, at in _cycles(imports):
        problems.add(at, "SPEC017", f"modules need each other: {' → '.join(cycle)}")


def _with_references(schema: Mapping) -> Iterable[Mapping]:
    if "$ref" in schema:
        yield schema
    for place in places(schema, "schema"):
        if place.kind == "schema" and "$ref" in place.node:
            yield place.node


def _cycles(graph: dict[str, dict[str, Position]]) -> list[tuple[list[str], Position]]:
    """One cycle for each edge that closes one, as the names it passes, and where that edge is written."""
    found: list[tuple[list[str], Position]] = []
    done: set[str] = set()
    path: list[str] = []

    def visit(name: str) -> None:
        path.append(name)
        for other, at in graph.get(name, {}).items():
            if other in path:
                cycle = [*path[path.index(other) :], other]
                edges = [graph[one][next_one] for one, next_one in itertools.pairwise(cycle)]
                # The base has no circle of its own: if an overlay takes part, its $ref is the one to change.
                found.append((cycle, next((edge for edge in edges if "/" in edge.file), at)))
            elif other not in done:
                visit(other)
        path.pop()
        done.add(name)

    for name in graph:
        if name not in done:
            visit(name)
    return found
