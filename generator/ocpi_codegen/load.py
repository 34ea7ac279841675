"""YAML files as plain trees that know their places.

The YAML 1.2 core schema, and of it only what JSON has: `NO`, `on` and `2.1.1` are strings. Parser events are read
directly, since composed nodes no longer tell where an alias stood.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Protocol

import yaml

from ocpi_codegen.errors import Position, Problems

Value = Any  # what YAML can hold: a Mapping, a Sequence, a string, number, boolean or None

_deepest: Final = 64
_constants: Final = {"": None, "~": None, "null": None, "Null": None, "NULL": None} | {
    word: word.lower() == "true" for word in ("true", "True", "TRUE", "false", "False", "FALSE")
}
_integer: Final = re.compile(r"[-+]?[0-9]{1,300}|0o[0-7]+|0x[0-9a-fA-F]+")
_float: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?")
_not_json: Final = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")


class Mapping(dict[str, Value]):
    """A mapping with its own place and that of each key and value."""

    __slots__ = ("at", "marks")

    def __init__(self, at: Position) -> None:
        super().__init__()
        self.at = at
        self.marks: dict[str, tuple[Position, Position]] = {}

    def put(self, key: str, value: Value, key_at: Position | None = None, value_at: Position | None = None) -> None:
        """Set a key together with its place; that of the mapping if none is given."""
        self[key] = value
        self.marks[key] = (key_at or self.at, value_at or key_at or self.at)


class Sequence(list[Value]):
    """A list with its own place and that of each item."""

    __slots__ = ("at", "marks")

    def __init__(self, at: Position) -> None:
        super().__init__()
        self.at = at
        self.marks: list[Position] = []

    def put(self, value: Value, at: Position) -> None:
        """Append an item together with its place."""
        self.append(value)
        self.marks.append(at)


def position(node: Mapping | Sequence, key: str | int | None = None) -> Position:
    """The place of a node, or of the value under `key`. A key that is missing has the place of its mapping."""
    if isinstance(node, Mapping):
        return node.marks[key][1] if isinstance(key, str) and key in node.marks else node.at
    return node.marks[key] if isinstance(key, int) else node.at


def key_position(node: Mapping | Sequence, key: str | int) -> Position:
    """The place of a key; of a list, that of the item."""
    if isinstance(node, Mapping) and isinstance(key, str) and key in node.marks:
        return node.marks[key][0]
    return position(node, key)


def clone(value: Value) -> Value:
    """A deep copy that keeps its places."""
    if isinstance(value, Mapping):
        mapping = Mapping(value.at)
        for key, child in value.items():
            mapping.put(key, clone(child), *value.marks[key])
        return mapping
    if isinstance(value, Sequence):
        sequence = Sequence(value.at)
        for child, at in zip(value, value.marks, strict=True):
            sequence.put(clone(child), at)
        return sequence
    return value


def load(path: Path, name: str, problems: Problems) -> Mapping | None:
    """The tree of one file, or `None` with problems noted. `name` is what positions call the file."""
    try:
        data = path.read_bytes()
    except OSError as error:
        problems.add(Position(name, 1, 1), "SPEC001", f"cannot be read: {error.strerror}")
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        column = error.start - (before.rfind(b"\n") + 1)
        at = Position(name, before.count(b"\n") + 1, column + 1)
        problems.add(at, "SPEC001", f"byte 0x{data[error.start]:02x} is not UTF-8")
        return None
    return _Builder(name, text, problems).document()


class _Mark(Protocol):
    """A place as libyaml counts it, from 0."""

    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...


class _Abort(Exception):
    """The rest of the file cannot be read; the problem is noted."""


class _Builder:
    """Builds the tree of one file from parser events, noting every problem that does not end the parsing."""

    def __init__(self, name: str, text: str, problems: Problems) -> None:
        self.name = name
        self.problems = problems
        self.events = self._parse(text)
        self.complete = True

    def document(self) -> Mapping | None:
        try:
            return self._document()
        except _Abort:
            return None

    def _parse(self, text: str) -> Iterator[yaml.Event]:
        try:
            yield from yaml.parse(text, Loader=yaml.CSafeLoader)
        except yaml.MarkedYAMLError as error:
            reason = ", ".join(part for part in (error.context, error.problem) if part)
            self._fail(self._at(error.problem_mark or error.context_mark), "SPEC002", reason)
        except yaml.reader.ReaderError as error:
            before = text.encode()[: error.position].decode(errors="ignore")  # libyaml counts bytes
            at = Position(self.name, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)
            self._fail(at, "SPEC002", f"the character U+{int(error.character):04X} is not allowed")

    def _fail(self, at: Position, code: str, message: str) -> None:
        self.problems.add(at, code, message)
        raise _Abort

    def _note(self, at: Position, code: str, message: str) -> None:
        self.problems.add(at, code, message)
        self.complete = False

    def _at(self, mark: _Mark | None) -> Position:
        return Position(self.name, mark.line + 1, mark.column + 1) if mark else Position(self.name, 1, 1)

    def _document(self) -> Mapping | None:
        root: Value = None
        documents = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._fail(self._at(event.start_mark), "SPEC006", "a second document begins here")
                first = next(self.events)
                root = self._node(first, 0)
                if self.complete and not isinstance(root, Mapping):
                    self._note(self._at(first.start_mark), "SPEC006", "the document is no mapping")
        if not documents:
            self._note(Position(self.name, 1, 1), "SPEC006", "the file is empty")
        return root if self.complete else None

    def _node(self, event: yaml.Event, depth: int) -> Value:
        at = self._at(event.start_mark)
        if depth > _deepest:
            self._fail(at, "SPEC002", f"nested deeper than {_deepest} levels")
        if isinstance(event, yaml.AliasEvent):
            self._note(at, "SPEC005", f"alias *{event.anchor}: write it out, or use a $ref")
            return None
        if isinstance(event, yaml.NodeEvent) and event.anchor:
            self._note(at, "SPEC005", f"anchor &{event.anchor}: write it out, or use a $ref")
        if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and event.tag:
            self._note(at, "SPEC007", f"tag {event.tag}")
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(at, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(at, depth)
        return self._scalar(event, at) if isinstance(event, yaml.ScalarEvent) else None

    def _mapping(self, at: Position, depth: int) -> Mapping:
        mapping = Mapping(at)
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key_at = self._at(event.start_mark)
            key = self._key(event, depth)
            value_event = next(self.events)
            value = self._node(value_event, depth + 1)
            if key is None:
                continue
            if key in mapping:
                first = mapping.marks[key][0]
                self._note(key_at, "SPEC003", f"duplicate key {key!r}, first on line {first.line}")
            mapping.put(key, value, key_at, self._at(value_event.start_mark))
        return mapping

    def _key(self, event: yaml.Event, depth: int) -> str | None:
        at = self._at(event.start_mark)
        value = self._node(event, depth + 1)
        if not isinstance(event, yaml.ScalarEvent):
            if not isinstance(event, yaml.AliasEvent):
                self._note(at, "SPEC004", "a key must be a string")
            return None
        if event.value == "<<" and event.implicit[0]:
            self._note(at, "SPEC005", "merge key <<: write it out, or use a $ref")
            return None
        if isinstance(value, str) or type(value) is int:
            return event.value
        self._note(at, "SPEC004", f"a key must be a string: quote {event.value!r}")
        return None

    def _sequence(self, at: Position, depth: int) -> Sequence:
        sequence = Sequence(at)
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            sequence.put(self._node(event, depth + 1), self._at(event.start_mark))
        return sequence

    def _scalar(self, event: yaml.ScalarEvent, at: Position) -> Value:
        text: str = event.value
        if not event.implicit[0]:
            return text
        if text in _constants:
            return _constants[text]
        if text[0] not in "-+.0123456789":
            return text
        if _integer.fullmatch(text):
            return int(text, 0) if text[:2] in ("0x", "0o") else int(text)
        number = float(text) if _float.fullmatch(text) else None
        if _not_json.fullmatch(text) or number in (math.inf, -math.inf):
            self._note(at, "SPEC007", f"{text} is no JSON number")
        return text if number is None else number
