"""Reads the catalogue of requirements and the claims of the tests, and tells what is wrong with either.

Claims are read from the source of the tests, not by running them: a selection of tests then judges no row wrongly.
"""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml

NOT_HERE = "not here: "
LEAST_ROWS = 120
_SHORTEST_REASON = 10

PREFIXES = {
    "transport": "TF",
    "status": "ST",
    "types": "TY",
    "versions": "VER",
    "credentials": "CRED",
    "locations": "LOC",
    "sessions": "SES",
    "cdrs": "CDR",
    "tariffs": "TAR",
    "tokens": "TOK",
    "commands": "CMD",
    "gireve": "GIR",
}
"""File of the catalogue → how the ids in it begin."""

VALUES = {
    "level": ("MUST", "SHOULD", "MAY", "GIREVE"),
    "basis": ("explicit", "advisory", "derived", "conflict", "decision"),
    "role": ("cpo", "emsp", "both"),
    "direction": ("in", "out"),
    "safety": ("read", "own", "handshake", "command"),
    "module": tuple(noun for noun in PREFIXES if noun != "gireve"),
    "profile": ("gireve-1.1.4", "gireve-1.2.2"),
    "how": ("passive", "script", "fuzz", "callback", "operator"),
}
FIELDS = ("id", *VALUES, "section", "sentence", "checked")
_OPTIONAL = "profile"
_id = re.compile(r"[A-Z]+-[A-Z0-9]+-[0-9]{2}")

Claims = Mapping[str, Sequence[str]]
"""Id of a requirement → the places of the tests that claim to prove it."""
Sections = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Row:
    """One requirement as its file has it, right or wrong."""

    file: str
    fields: Mapping[str, Any]

    @property
    def id(self) -> str:
        """Its id, or where to look for it."""
        return str(self.fields.get("id", f"a row of {self.file}.yaml without id"))

    @property
    def checked(self) -> str:
        """How this repository checks it."""
        return str(self.fields.get("checked", ""))

    @property
    def is_proven_here(self) -> bool:
        """Whether a test has to claim it."""
        return self.checked in {"test", "schema"}


def read_rows(folder: Path) -> list[Row]:
    """All rows of all files."""
    return [
        Row(path.stem, fields)
        for path in sorted(folder.glob("*.yaml"))
        for fields in yaml.safe_load(path.read_text(encoding="utf-8"))["requirements"]
    ]


def read_sections(path: Path) -> Sections:
    """File of the official text or the guide → its anchors → their headings."""
    return cast("Sections", yaml.safe_load(path.read_text(encoding="utf-8")))


def read_claims(folder: Path) -> Claims:
    """What the tests below a folder claim. ValueError for a claim that no test runs or no reader can tell."""
    claims: defaultdict[str, list[str]] = defaultdict(list)
    for path in sorted(folder.rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
        counted = [mark for place in _places(tree) for mark in _marks(place)]
        for mark in _marks(tree):
            where = f"{path.relative_to(folder)}:{mark.lineno}"
            if mark not in counted:
                raise ValueError(f"{where} is a claim of no test: mark a test, a class of tests, or use pytestmark")
            for argument in mark.args:
                claims[_literal(argument, where)].append(where)
    return claims


def _places(tree: ast.Module) -> Iterator[ast.AST]:
    """Where pytest looks for marks: on tests and their classes, in `pytestmark`, in parameters."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) if name.startswith("test"):
                yield from node.decorator_list
            case ast.ClassDef(name=name) if name.startswith("Test"):
                yield from node.decorator_list
            case ast.Assign(targets=[ast.Name(id="pytestmark")], value=value):
                yield value
            case ast.keyword(arg="marks", value=value):
                yield value
            case _:
                pass


def _marks(tree: ast.AST) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"pytest.mark.requirement", "mark.requirement"}
    ]


def _literal(argument: ast.expr, where: str) -> str:
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return argument.value
    raise ValueError(f"{where}: the id has to stand there as a string")


def complaints(rows: Sequence[Row], claims: Claims, sections: Sections, least: int = LEAST_ROWS) -> list[str]:
    """Everything that is wrong with the catalogue, and between it and the tests."""
    return [*faults(rows, sections, least), *disagreements(rows, claims)]


def faults(rows: Sequence[Row], sections: Sections, least: int = LEAST_ROWS) -> Iterator[str]:
    """What is wrong with the catalogue by itself."""
    if len(rows) < least:
        yield f"the catalogue has {len(rows)} rows, fewer than {least}"
    for id_, count in Counter(row.id for row in rows).items():
        if count > 1:
            yield f"{id_} stands {count} times"
    for row in rows:
        for fault in (*_wrong_fields(row), *_wrong_values(row), *_wrong_together(row), *_wrong_texts(row, sections)):
            yield f"{row.id}: {fault}"


def disagreements(rows: Iterable[Row], claims: Claims) -> Iterator[str]:
    """Rows that nobody proves though they say so, and claims that no row supports."""
    known = {row.id: row for row in rows}
    for row in known.values():
        if row.is_proven_here and row.id not in claims:
            yield f"{row.id}: checked is {row.checked}, but no test claims it"
        if row.checked.startswith(NOT_HERE) and row.id in claims:
            yield f"{row.id}: says it is not checked here, but {claims[row.id][0]} claims it"
    for id_, places in claims.items():
        if id_ not in known:
            yield f"{places[0]} claims {id_}, which does not exist"


def _wrong_fields(row: Row) -> Iterator[str]:
    for name in row.fields:
        if name not in FIELDS:
            yield f"unknown field {name}"
    for name in FIELDS:
        if name not in row.fields and name != _OPTIONAL:
            yield f"{name} is missing"


def _wrong_values(row: Row) -> Iterator[str]:
    for name in VALUES.keys() & row.fields.keys():
        given = row.fields[name]
        for value in cast("list[object]", given) if name == "how" and isinstance(given, list) else [given]:
            if value not in VALUES[name]:
                yield f"unknown {name} {value}"
    if row.fields.get("how") == []:
        yield "how is empty"


def _wrong_together(row: Row) -> Iterator[str]:
    """Rules about two fields, or about a field and the file."""
    level, basis, module = (row.fields.get(name) for name in ("level", "basis", "module"))
    hub = row.file == "gireve"
    if not _id.fullmatch(row.id) or row.id.split("-")[0] != PREFIXES.get(row.file):
        yield f"the id has to be {PREFIXES.get(row.file)}-TOPIC-NN in {row.file}.yaml"
    if module != row.file and not hub:
        yield f"module {module} stands in {row.file}.yaml"
    if (level == "GIREVE") != hub or str(row.fields.get("section")).startswith("gireve:") != hub:
        yield "level GIREVE, sections of the guide and gireve.yaml go together"
    if "profile" in row.fields and not hub:
        yield "only a row of gireve.yaml has a profile"
    if level == "MUST" and basis not in {"explicit", "derived"}:
        yield f"what stands on basis {basis} is no MUST"


def _wrong_texts(row: Row, sections: Sections) -> Iterator[str]:
    file, _, anchor = str(row.fields.get("section")).partition("#")
    if anchor not in sections.get(file, {}):
        yield f"section {file}#{anchor} does not exist"
    if not str(row.fields.get("sentence", "")).strip().endswith((".", ".)")):
        yield "sentence is no sentence"
    if row.checked.startswith(NOT_HERE.rstrip(": ")):
        if len(row.checked.removeprefix(NOT_HERE)) < _SHORTEST_REASON or not row.checked.startswith(NOT_HERE):
            yield "checked says 'not here' without a reason"
    elif not row.is_proven_here:
        yield f"checked has to be test, schema or '{NOT_HERE}why'"
