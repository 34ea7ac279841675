"""What the printers share: Python types of signatures, defaults, and docstrings of bounded width."""

from __future__ import annotations

import keyword
import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ocpi_codegen.ir import Module, Operation, Parameter, Spec, Type

LINE_LENGTH = 120
METHOD_INDENT = 8
ROLES = {"cpo": ("Cpo", "CPO"), "emsp": ("Emsp", "eMSP")}  # who serves → in names, in sentences


class PythonTypes:
    """How types stand in signatures: `str` for a String36, `datetime` for a DateTime, classes by their name."""

    def __init__(self, spec: Spec) -> None:
        self._scalars = {scalar.name: scalar.python for scalar in spec.scalars}

    def __call__(self, made: Type) -> str:
        """The type as a reader of the signature wants it."""
        if made.item:
            return f"list[{self(made.item)}]"
        return self._scalars.get(made.name, made.name)


def default(parameter: Parameter) -> str:
    """The default of an argument as Python writes it, `None` where there is none."""
    value = parameter.default
    if parameter.type.kind != "enum" or value is None:
        return repr(value)
    name = str(value)
    plain = name.isidentifier() and not keyword.iskeyword(name)
    return f"{parameter.type.name}.{name}" if plain else f"{parameter.type.name}({name!r})"


def paragraph(text: str, indent: int, *, hanging: int = 0) -> tuple[str, ...]:
    """The text as lines of a docstring that stands `indent` deep; its later lines `hanging` deeper still."""
    safe = text.replace("\\", "\\\\").replace('"""', "'''")
    width = LINE_LENGTH - indent - len('"""')
    # A URL or an anchor stays in one piece.
    lines = textwrap.wrap(safe, width, subsequent_indent=" " * hanging, break_long_words=False, break_on_hyphens=False)
    return tuple(lines)


def section(title: str, entries: Iterable[tuple[str, str]]) -> Iterator[str]:
    """A section of a method's docstring, `name: text` an entry, and the blank line behind it; nothing if empty."""
    lines = [
        f"    {line}" for name, text in entries for line in paragraph(f"{name}: {text}", METHOD_INDENT + 4, hanging=4)
    ]
    if lines:
        yield from (f"{title}:", *lines, "")


def interfaces(module: Module) -> Iterator[tuple[str, str, list[Operation]]]:
    """(role, name of the class, operations) of a module, the CPO's first: one class of clients or routes each."""
    noun = "".join(part.capitalize() for part in module.name.split("_"))
    for role, (prefix, _) in ROLES.items():
        if served := [operation for operation in module.operations if operation.role == role]:
            yield role, prefix + noun, served


def by_module(names: Iterable[tuple[str, str]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(module, names) in the order of the modules, for import statements."""
    pairs = sorted(set(names))
    for module in dict.fromkeys(module for module, _ in pairs):
        yield module, tuple(name for owner, name in pairs if owner == module)


def endpoint(operation: Operation) -> str:
    """Which published URL an operation stands behind; the versions chapter has two of its own."""
    segments = operation.path.strip("/").split("/")
    if operation.module != "versions":
        return operation.module
    return "versions" if segments[1:] == ["versions"] else "version_details"
