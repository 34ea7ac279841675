"""All documents of the specification as one: paths and components merged, every `$ref` local to the result."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from pathlib import Path
from typing import Final

from ocpi_codegen import grammar
from ocpi_codegen.errors import Position, Problems
from ocpi_codegen.load import Mapping, Value, key_position, load, position
from ocpi_codegen.references import dangles, rewrite
from ocpi_codegen.walk import check, places

_modules: Final = (
    "common",
    "versions",
    "credentials",
    "locations",
    "sessions",
    "cdrs",
    "tariffs",
    "tokens",
    "commands",
)
_stamped: Final = ("schemas", "parameters", "headers", "responses")


def load_documents(folder: Path, problems: Problems) -> dict[str, Mapping]:
    """The documents of a folder by file name: the known modules first, then others by name."""
    names = sorted((path.name for path in folder.glob("*.yaml")), key=_rank)
    if not names:
        problems.add(Position(folder.name, 1, 1), "SPEC001", "there is no folder of that name, or no *.yaml in it")
    loaded = {name: load(folder / name, name, problems) for name in names}
    return {name: document for name, document in loaded.items() if document is not None}


def _rank(name: str) -> tuple[int, str]:
    stem = name.removesuffix(".yaml")
    return (_modules.index(stem) if stem in _modules else len(_modules), name)


def check_heads(documents: AnyMapping[str, Mapping], problems: Problems) -> None:
    """Note what is wrong at the top of each document: everything below is merged unseen."""
    for name, document in documents.items():
        check(document, "source document", problems, deep=False)
        for key in ("info", "components"):
            if isinstance(document.get(key), Mapping):
                check(document[key], key, problems, deep=False)
        module, stem = document.get("x-ocpi-module"), name.removesuffix(".yaml")
        if isinstance(module, str) and module != stem:
            at = position(document, "x-ocpi-module")
            problems.add(at, "SPEC010", f"x-ocpi-module {module!r} in {name}: a document is named after its module")
        if "x-ocpi-status-codes" in document and stem != "common":
            at = key_position(document, "x-ocpi-status-codes")
            problems.add(at, "SPEC031", "x-ocpi-status-codes belongs to common.yaml")


def bundle(documents: AnyMapping[str, Mapping], problems: Problems) -> Mapping:
    """One document of all. Takes the trees over: their `$ref`s are rewritten in place."""
    for document in documents.values():
        _localise(document, documents, problems)
    return _Bundling(documents, problems).result


def _localise(document: Mapping, documents: AnyMapping[str, Mapping], problems: Problems) -> None:
    """Rewrite the `$ref`s of one document, each of which its own document must be able to resolve."""
    for place in places(document, "source document"):
        for key in grammar.GENERATED:
            if key in place.node:
                problems.add(key_position(place.node, key), "SPEC031", f"{key} is written by the generator")
        if "$ref" in place.node:
            reference = place.node["$ref"]
            file = rewrite(place.node, documents, problems)
            home = documents[file] if file else document
            # A wrong form or kind is noted later, together with those of overlays.
            if file is not None and dangles(home, place.node["$ref"]):
                problems.add(position(place.node, "$ref"), "SPEC013", f"unresolved $ref {reference!r}")


class _Bundling:
    def __init__(self, documents: AnyMapping[str, Mapping], problems: Problems) -> None:
        self.problems = problems
        first = next(iter(documents.values()))
        self.result = Mapping(first.at)
        self._take(first, "openapi", "info")
        self.modules = self._new(self.result, "x-ocpi-modules")
        if "x-ocpi-status-codes" in first:
            self._take(first, "x-ocpi-status-codes")
        self.paths = self._new(self.result, "paths")
        self.components = self._new(self.result, "components")
        self.imports: list[tuple[str, str, Mapping]] = []
        for document in documents.values():
            self._add(document)
        for kind, name, member in self.imports:
            if name not in self.components.get(kind, {}):
                problems.add(
                    position(member, "$ref"), "SPEC013", f"no document defines the {kind.removesuffix('s')} {name}"
                )

    def _take(self, document: Mapping, *keys: str) -> None:
        for key in keys:
            self.result.put(key, document[key], *document.marks[key])

    def _new(self, holder: Mapping, key: str) -> Mapping:
        made = Mapping(holder.at)
        holder.put(key, made)
        return made

    def _add(self, document: Mapping) -> None:
        module = document["x-ocpi-module"]
        self._add_module(module, document)
        for path, item in document["paths"].items():
            self._move(document["paths"], path, self.paths, "SPEC016", f"path {path}")
            if isinstance(item, Mapping):
                item.put("x-ocpi-module", module)
                _spread_security(document, item)
        for kind, members in document.get("components", {}).items():
            target = self.components[kind] if kind in self.components else self._new(self.components, kind)
            for name, member in members.items():
                if _is_import(member, kind, name):
                    self.imports.append((kind, name, member))
                    continue
                self._move(members, name, target, "SPEC015", f"{kind.removesuffix('s')} {name}")
                if isinstance(member, Mapping) and kind in _stamped:
                    member.put("x-ocpi-module", module)

    def _add_module(self, module: str, document: Mapping) -> None:
        about = Mapping(document.at)
        info: Value = document["info"]
        for key in ("title", "description"):
            if key in info:
                about.put(key, info[key], *info.marks[key])
        self.modules.put(module, about, document.at)

    def _move(self, source: Mapping, key: str, target: Mapping, code: str, what: str) -> None:
        if key in target:
            first = target.marks[key][0]
            self.problems.add(key_position(source, key), code, f"{what} is already defined at {first}")
        else:
            target.put(key, source[key], *source.marks[key])


def _is_import(member: Value, kind: str, name: str) -> bool:
    """Whether a component only makes that of another document known under the same name."""
    return isinstance(member, Mapping) and len(member) == 1 and member.get("$ref") == f"#/components/{kind}/{name}"


def _spread_security(document: Mapping, item: Mapping) -> None:
    """Write the security of a document into its operations: another document may have another one."""
    if "security" in document:
        for verb in grammar.VERBS:
            operation = item.get(verb)
            if isinstance(operation, Mapping) and "security" not in operation:
                operation.put("security", document["security"], *document.marks["security"])
