"""The specification, read: one bundled, validated OpenAPI document, or every mistake at once.

`load` reads the files, `bundle` makes one document of them, `overlay` adds to it, `validate` checks the whole. A stage
begins when the one before found nothing: it relies on that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ocpi_codegen import overlay as overlays_of
from ocpi_codegen.bundle import bundle, check_heads, load_documents
from ocpi_codegen.errors import Position, Problems
from ocpi_codegen.load import Mapping, Sequence, Value, key_position
from ocpi_codegen.references import check_cycles, check_references, resolve
from ocpi_codegen.validate import validate


@dataclass(frozen=True, slots=True)
class Bundle:
    """The specification as one OpenAPI document. Nobody changes it."""

    document: Mapping
    overlays: tuple[str, ...]

    @property
    def module_order(self) -> tuple[str, ...]:
        """The nouns, `common` first."""
        return tuple(self.document["x-ocpi-modules"])

    def position(self, pointer: str) -> Position:
        """Where a node of the document is written. `pointer` is a JSON pointer (RFC 6901)."""
        node: Value = self.document
        at = self.document.at
        for token in pointer.split("/")[1:]:
            key: Value = token.replace("~1", "/").replace("~0", "~")
            if isinstance(node, Sequence):
                key = int(key)
            at, node = key_position(node, key), node[key]
        return at

    def resolve(self, node: Value) -> Value:
        """The component a `$ref` leads to; any other node as it is."""
        return resolve(self.document, node)


def read_spec(folder: Path, overlays: Iterable[Path] = ()) -> Bundle:
    """Read the documents of a folder and put the overlays on them, in this order.

    Raises SpecErrors with everything that is wrong.
    """
    problems = Problems()
    documents = load_documents(folder, problems)
    additions = overlays_of.load_overlays(overlays, problems)
    problems.stop()

    check_heads(documents, problems)
    for addition in additions:
        overlays_of.check_overlay(addition, documents, problems)
    problems.stop()

    document = bundle(documents, problems)
    check_references(document, problems)
    problems.stop()

    for addition in additions:
        overlays_of.apply(document, addition, problems)
    check_references(document, problems)
    problems.stop()

    check_cycles(document, problems)
    problems.stop()

    validate(document, problems)
    problems.stop()
    return Bundle(document, tuple(addition["x-ocpi-origin"] for addition in additions))
