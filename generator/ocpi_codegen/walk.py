"""The walk along a document with `grammar` in hand: what stands where, and what does not belong there."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import NamedTuple

from ocpi_codegen.errors import Position, Problems
from ocpi_codegen.grammar import GENERATED, KINDS, LEAVES, REFERABLE, UNSUPPORTED, Field, a
from ocpi_codegen.load import Mapping, Sequence, Value, key_position, position


class Place(NamedTuple):
    """A mapping of the document, the kind it is of, and where it hangs."""

    kind: str
    node: Mapping
    holder: Mapping | Sequence
    key: str | int

    @property
    def at(self) -> Position:
        """The place of its key, or of the item."""
        return key_position(self.holder, self.key)


def places(root: Mapping, kind: str) -> Iterator[Place]:
    """Every mapping below `root` that the table knows, in the order of the file; misfits are passed over."""
    for key, value in root.items():
        if field := KINDS[kind].get(key):
            yield from _places(value, field, root, key)


def _places(value: Value, field: Field, holder: Mapping | Sequence, key: str | int) -> Iterator[Place]:
    if field.form == "one":
        if field.kind in KINDS and isinstance(value, Mapping):
            yield Place(field.kind, value, holder, key)
            yield from places(value, field.kind)
    elif field.kind in KINDS:
        if isinstance(value, Mapping) and field.form == "map":
            for name, member in value.items():
                yield from _places(member, field.member, value, name)
        elif isinstance(value, Sequence) and field.form == "list":
            for index, member in enumerate(value):
                yield from _places(member, field.member, value, index)


def check(root: Mapping, kind: str, problems: Problems, *, deep: bool = True) -> None:
    """Note every unknown keyword, missing one and value of the wrong shape, at `root` alone unless `deep`."""
    _Check(problems, deep=deep).node(root, kind, root.at)


class _Check:
    def __init__(self, problems: Problems, *, deep: bool) -> None:
        self.problems = problems
        self.deep = deep

    def node(self, node: Mapping, kind: str, at: Position) -> None:
        named = a(kind)
        if kind in REFERABLE and "$ref" in node:
            kind, named = "reference", f"a reference to {named}"
        fields = KINDS[kind]
        for key, value in node.items():
            if key in fields:
                self.value(value, fields[key], key, position(node, key), key_position(node, key))
            else:
                self._unknown(key, kind, named, key_position(node, key))
        for key, field in fields.items():
            if field.required and key not in node:
                self.problems.add(at, "SPEC033", f"{named} without {key}")

    def value(self, value: Value, field: Field, key: str, at: Position, named_at: Position) -> None:
        if field.form == "list":
            if not isinstance(value, Sequence):
                self.problems.add(at, "SPEC032", f"{key} must be a list")
            elif self.deep:
                for index, item in enumerate(value):
                    self._one(item, field.kind, f"{key}[{index}]", position(value, index), position(value, index))
        elif field.form == "map":
            if not isinstance(value, Mapping):
                self.problems.add(at, "SPEC032", f"{key} must be a mapping")
            elif self.deep:
                for name, member in value.items():
                    place = f"{key}.{name}"
                    self._one(member, field.kind, place, position(value, name), key_position(value, name))
        else:
            self._one(value, field.kind, key, at, named_at)

    def _one(self, value: Value, kind: str, key: str, at: Position, named_at: Position) -> None:
        if kind in LEAVES:
            fits, wanted = LEAVES[kind]
            if not fits(value):
                self.problems.add(at, "SPEC032", f"{key} must be {wanted}")
        elif not isinstance(value, Mapping):
            self.problems.add(at, "SPEC032", f"{key} must be a mapping")
        elif self.deep:
            self.node(value, kind, named_at)

    def _unknown(self, key: str, kind: str, named: str, at: Position) -> None:
        if key.startswith("x-ocpi-"):
            homes = [home for home, fields in KINDS.items() if key in fields and key not in GENERATED]
            hint = f"; it belongs to: {', '.join(homes)}" if homes else ""
            self.problems.add(at, "SPEC031", f"{key} in {named}{hint}")
        elif kind == "schema" and key in UNSUPPORTED:
            self.problems.add(at, "SPEC034", f"{key} is not supported: {UNSUPPORTED[key]}")
        else:
            close = difflib.get_close_matches(key, KINDS[kind], 1)
            hint = f", did you mean {close[0]!r}?" if close else ""
            self.problems.add(at, "SPEC030", f"unknown keyword {key!r} in {named}{hint}")
