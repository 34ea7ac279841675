"""OpenAPI Overlay 1.1 on the bundled document, additive only.

What was valid before an overlay is valid after it: it may add optional properties, enum values, optional parameters
and headers, operations and schemas. It may not remove, replace or require anything. More than the Overlay
specification asks: a target that matches nothing is an error, since it is a name misspelt.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Final

import jsonpath_rfc9535 as jsonpath

from ocpi_codegen.errors import Position, Problems
from ocpi_codegen.grammar import KINDS, REFERABLE, VERBS, Field, a
from ocpi_codegen.load import Mapping, Sequence, Value, clone, key_position, load, position
from ocpi_codegen.references import resolve, rewrite
from ocpi_codegen.walk import check, places

_stamped: Final = ("schema", "parameter", "header", "response", "operation")


def load_overlays(paths: Iterable[Path], problems: Problems) -> list[Mapping]:
    """The overlays in the order given. Positions name them with their folder: several may be called overlay.yaml."""
    loaded: dict[str, Mapping | None] = {}
    seen: set[Path] = set()
    for path in map(Path.resolve, paths):
        names = ("/".join(path.parts[-length:]) for length in range(2, len(path.parts) + 1))
        name = next(name for name in names if name not in loaded or path in seen)
        if path in seen:
            problems.add(Position(name, 1, 1), "SPEC020", "the same overlay is given twice")
        else:
            loaded[name] = load(path, name, problems)
        seen.add(path)
    return [overlay for overlay in loaded.values() if overlay is not None]


def check_overlay(overlay: Mapping, files: Collection[str], problems: Problems) -> None:
    """Note what is wrong with an overlay before it meets the document, and make its `$ref`s local to the bundle."""
    check(overlay, "overlay", problems)
    actions = overlay.get("actions")
    if not isinstance(actions, Sequence):
        return
    if not actions:
        problems.add(position(overlay, "actions"), "SPEC020", "an overlay without actions")
    for action in actions:
        if isinstance(action, Mapping):
            _check_action(action, problems)
            _localise(action.get("update"), files, problems)


def _check_action(action: Mapping, problems: Problems) -> None:
    if action.get("remove"):
        problems.add(key_position(action, "remove"), "SPEC023", "narrowing overlay: remove")
    elif "copy" in action:
        problems.add(key_position(action, "copy"), "SPEC025", "copy is not supported: write the addition out in update")
    elif action.get("update") in (None, {}, []):
        problems.add(action.at, "SPEC025", "an action without update does nothing")
    try:
        jsonpath.compile(str(action.get("target", "$")))
    except jsonpath.JSONPathError as error:
        problems.add(position(action, "target"), "SPEC021", f"bad JSONPath {action['target']!r}: {error}")


def _localise(value: Value, files: Collection[str], problems: Problems) -> None:
    if isinstance(value, Sequence):
        for item in value:
            _localise(item, files, problems)
    elif isinstance(value, Mapping):
        for key in ("x-ocpi-origin", "x-ocpi-value-origins"):
            if key in value:
                problems.add(key_position(value, key), "SPEC031", f"{key} is written by the generator")
        if "$ref" in value:
            rewrite(value, files, problems)
        for child in value.values():
            _localise(child, files, problems)


def apply(document: Mapping, overlay: Mapping, problems: Problems) -> None:
    """Change the document as the overlay says, noting what would narrow it, and mark what was added."""
    for action in overlay["actions"]:
        target_at = position(action, "target")
        found = jsonpath.find(action["target"], document)
        if not found:
            problems.add(target_at, "SPEC022", f"target {action['target']!r} matches nothing")
        for node in found:
            update = clone(action["update"])
            _Merge(document, overlay.at.file, problems).into(node.location, update, position(action, "update"))
    _Stamping(document, overlay["x-ocpi-origin"], overlay.at.file).everything()


class _Merge:
    def __init__(self, document: Mapping, file: str, problems: Problems) -> None:
        self.document = document
        self.file = file
        self.problems = problems

    def into(self, location: tuple[str | int, ...], update: Value, at: Position) -> None:
        node: Value = self.document
        field: Field | None = Field("document")
        for key in location:
            node, field = node[key], field and field.child(key)
        self._merge(node, field, update, at, str(location[-1]) if location else "$")

    def _merge(self, node: Value, field: Field | None, update: Value, at: Position, key: str) -> None:
        if isinstance(node, Mapping) and isinstance(update, Mapping):
            for name, value in update.items():
                child = field and field.child(name)
                if name in node:
                    self._merge(node[name], child, value, position(update, name), name)
                else:
                    self._add(node, field, key, (name, value), update.marks[name])
        elif isinstance(node, Sequence):
            self._extend(node, field, update, at, key)
        elif isinstance(node, Mapping) or isinstance(update, Mapping | Sequence):
            self.problems.add(at, "SPEC026", f"the update of {key} is of another shape than what is there")
        elif node != update or type(node) is not type(update):
            self._narrows(at, f"replaces {key} {node!r} by {update!r}")

    def _add(
        self,
        node: Mapping,
        field: Field | None,
        key: str,
        entry: tuple[str, Value],
        marks: tuple[Position, Position],
    ) -> None:
        name, value = entry
        if self._is_base(node) and field:
            child = field.child(name)
            grows = field.grows if field.form == "map" else child is None or child.grows
            if not grows:
                holder = key if field.form == "map" else f"{a(field.kind)} that exists"
                return self._narrows(marks[0], f"adds {name} to {holder}")
            if child and not self._holds_components(node):
                self._check_required(value, child, name, marks[0])
        return node.put(name, value, *marks)

    def _extend(self, node: Sequence, field: Field | None, update: Value, at: Position, key: str) -> None:
        added = list(zip(update, update.marks, strict=True)) if isinstance(update, Sequence) else [(update, at)]
        for item, item_at in added:
            if self._is_base(node) and field:
                if not field.grows:
                    self._narrows(item_at, f"adds {item!r} to {key}")
                self._check_required(item, field.member, key, item_at)
            node.put(item, item_at)

    def _check_required(self, value: Value, field: Field, name: str, at: Position) -> None:
        """Note a parameter, header or request body that what was valid so far lacks."""
        if field.form == "list" and isinstance(value, Sequence):
            for item, item_at in zip(value, value.marks, strict=True):
                self._check_required(item, field.member, name, item_at)
        elif field.form == "map" and isinstance(value, Mapping):
            for key, member in value.items():
                self._check_required(member, field.member, key, key_position(value, key))
        elif field.kind in ("parameter", "header", "request body"):
            found = resolve(self.document, value)
            if isinstance(found, Mapping) and found.get("required") is True:
                self._narrows(at, f"adds the required {field.kind} {found.get('name', name)}")

    def _holds_components(self, node: Mapping) -> bool:
        # What is only kept ready under components binds nobody yet.
        components = self.document["components"]
        return node is components or any(node is members for members in components.values())

    def _is_base(self, node: Mapping | Sequence) -> bool:
        # What this very overlay added may be completed by its later actions.
        return node.at.file != self.file

    def _narrows(self, at: Position, what: str) -> None:
        self.problems.add(at, "SPEC024", f"narrowing overlay: {what}")


class _Stamping:
    """Writes into what came from the file of an overlay who added it."""

    def __init__(self, document: Mapping, origin: str, file: str) -> None:
        self.document = document
        self.origin = origin
        self.file = file

    def everything(self) -> None:
        self._node(self.document, Field("document"))
        for path, item in self.document["paths"].items():
            if isinstance(item, Mapping) and "x-ocpi-module" not in item:
                segments = path.split("/")
                item.put("x-ocpi-module", segments[3] if len(segments) > 3 else "versions")
        for place in places(self.document, "document"):
            values = place.node.get("enum")
            if place.kind == "schema" and not self._is_new(place.node) and isinstance(values, Sequence):
                self._values(place.node, values)

    def _is_new(self, node: Mapping) -> bool:
        return node.at.file == self.file

    def _node(self, node: Value, field: Field) -> None:
        """Stamp the topmost nodes added: what is inside them needs no stamp of its own."""
        if isinstance(node, Mapping):
            if field.form == "one" and field.kind in _stamped and self._is_new(node):
                self._stamp(node, field)
                return
            is_new_path = field == Field("path item") and self._is_new(node)
            for key, value in node.items():
                child = field.child(key)
                if child and (child.form != "one" or child.kind in KINDS) and (not is_new_path or key in VERBS):
                    self._node(value, child)
        elif isinstance(node, Sequence):
            for item in node:
                self._node(item, field.member)

    def _stamp(self, node: Mapping, field: Field) -> None:
        if field.kind in REFERABLE and "$ref" in node:
            # A reference has no room for a stamp, and what it leads to is not new: the node becomes a copy of that.
            found = clone(resolve(self.document, node))
            if not isinstance(found, Mapping):
                return  # a $ref that leads nowhere is reported with the others
            del node["$ref"]
            for key, value in found.items():
                if key != "x-ocpi-module":
                    node.put(key, value, *found.marks[key])
        node.put("x-ocpi-origin", self.origin)

    def _values(self, schema: Mapping, values: Sequence) -> None:
        for value, at in zip(values, values.marks, strict=True):
            if at.file == self.file and isinstance(value, str):
                if "x-ocpi-value-origins" not in schema:
                    schema.put("x-ocpi-value-origins", Mapping(schema.at))
                schema["x-ocpi-value-origins"].put(value, self.origin, at)
