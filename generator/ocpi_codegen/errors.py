"""What can be wrong with a specification: one located error a mistake, all of them at once.

    SpecErrors          raised with every SpecError found, in the order of file, line and column
     └ SpecError        printed as `tariffs.yaml:208:13: SPEC013 unresolved $ref '#/components/schemas/Tarif'`

The code is stable and names the kind of mistake, see `CODES`; the words after it may change.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

CODES: Final = {
    # reading a file
    "SPEC001": "the file cannot be read, or is not UTF-8",
    "SPEC002": "the file is not YAML",
    "SPEC003": "a key stands twice in one mapping",
    "SPEC004": "a key is neither a string nor a whole number",
    "SPEC005": "anchors, aliases and merge keys are not allowed",
    "SPEC006": "a file is exactly one document, and that is a mapping",
    "SPEC007": "tags, and values that JSON lacks, are not allowed",
    # making one document of all
    "SPEC010": "the name of the module does not fit its file, or Python",
    "SPEC012": "a $ref leaves the folder of the specification",
    "SPEC013": "a $ref leads nowhere",
    "SPEC014": "a $ref leads to another kind of component than this place takes, or to no component",
    "SPEC015": "two documents define the same component",
    "SPEC016": "two documents define the same path",
    "SPEC017": "the models of modules need each other in a circle",
    "SPEC018": "schemas contain each other in a circle",
    # overlays
    "SPEC020": "the head of the overlay is wrong",
    "SPEC021": "the target is no JSONPath of RFC 9535",
    "SPEC022": "the target matches nothing",
    "SPEC023": "overlays only add: nothing is removed",
    "SPEC024": "overlays only add: nothing that was valid may become invalid, nothing is replaced",
    "SPEC025": "the action is not supported, or does nothing",
    "SPEC026": "the update does not fit what the target selects",
    # the shape of a document
    "SPEC030": "the keyword is unknown here",
    "SPEC031": "the x-ocpi-* key is unknown, or in the wrong place",
    "SPEC032": "the value has the wrong shape",
    "SPEC033": "something that is required here is missing",
    "SPEC034": "the construct is valid OpenAPI, but the generator does not support it",
    # schemas
    "SPEC040": "`required` names what does not exist, or twice",
    "SPEC041": "the enum is empty, has a value twice, or differs from x-ocpi-values",
    "SPEC042": "the pattern is no regular expression for both Python and Rust",
    "SPEC043": "the bounds contradict each other, or the type",
    "SPEC044": "the default violates its own schema",
    "SPEC045": "x-ocpi-exclusive or its `not` is wrong",
    # names
    "SPEC050": "the name of the schema makes no class, or clashes with another class",
    "SPEC051": "the name of the property makes no attribute, or hides one",
    "SPEC052": "the name of the parameter makes no argument, or clashes with another one",
    # operations
    "SPEC060": "the path does not fit its module, or clashes with another one",
    "SPEC061": "path and path parameters differ",
    "SPEC062": "the operationId is malformed, wrong here or not unique",
    "SPEC063": "the answer is not OCPI's: 200 and the envelope",
    "SPEC064": "a list without what pages need",
    "SPEC065": "the request body is wrong, or merge-patch is where it does not belong",
    "SPEC066": "security, x-ocpi-owner, x-ocpi-key or x-ocpi-refusals name what does not exist; an alias is taken",
}


class Position(NamedTuple):
    """A place in a source file; line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, order=True)
class SpecError:
    """One mistake. Sorts by file, line and column."""

    file: str
    line: int
    column: int
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.code} {self.message}"


class SpecErrors(Exception):
    """Every mistake found, one a line."""

    def __init__(self, errors: Iterable[SpecError]) -> None:
        self.errors = tuple(sorted(set(errors)))
        super().__init__("\n".join(map(str, self.errors)))


class Problems:
    """Collects mistakes until a stage ends."""

    def __init__(self) -> None:
        self._found: list[SpecError] = []

    def add(self, at: Position, code: str, message: str) -> None:
        """Note a mistake; the same one twice counts once."""
        if code not in CODES:
            raise KeyError(code)
        self._found.append(SpecError(*at, code, message))

    def known_at(self, at: Position) -> bool:
        """Whether a mistake was found at this very place."""
        return any((error.file, error.line, error.column) == at for error in self._found)

    def any_of(self, *codes: str) -> bool:
        """Whether a mistake of these kinds was found."""
        return any(error.code in codes for error in self._found)

    def stop(self) -> None:
        """Raise what was found, if anything was: what follows relies on it."""
        if self._found:
            raise SpecErrors(self._found)
