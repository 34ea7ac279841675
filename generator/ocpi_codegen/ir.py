"""The frozen form between parse and print: what templates and the model writer see, and nothing of OpenAPI.

`lower` makes it, the printers read it. A template holds no look-up: what it prints is an attribute here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Type:
    """One type as a field, a parameter, a body or a result has it.

    `name` is the Python name: a class, an enum, or a scalar alias such as `String39` or `Integer1To7`; empty for a
    list, whose `item` says what it holds. `module` is the noun whose models define it (`scalars` for scalar aliases).
    The bounds are those of the schema.
    """

    kind: Literal["scalar", "class", "enum", "integer", "boolean", "list"]
    name: str = ""
    module: str = ""
    item: Type | None = None
    min_items: int = 0
    minimum: int | None = None
    maximum: int | None = None

    @property
    def annotation(self) -> str:
        """The type as Python writes it, with unqualified names."""
        return f"list[{self.item.annotation}]" if self.item else self.name

    @property
    def names(self) -> tuple[tuple[str, str], ...]:
        """(module, name) of everything the annotation needs imported."""
        if self.item:
            return self.item.names
        return ((self.module, self.name),) if self.module else ()


@dataclass(frozen=True, slots=True)
class Scalar:
    """A named scalar alias: `name = Annotated[python, runtime(arguments)]`."""

    name: str  # String39, DateTime, Number, …
    runtime: str  # class or marker in ocpi211_runtime.scalars: Identifier, Text, CiString, DateTime, URL, Number
    python: str  # str, datetime, Decimal, int, bool
    min_length: int = 0
    max_length: int | None = None
    pattern: str | None = None  # beyond the scalar's own
    minimum: int | None = None
    maximum: int | None = None
    blank: bool = False  # the lenient form also takes "" (an optional field)
    description: str = ""
    section: str = ""

    @property
    def arguments(self) -> str:
        """The arguments of the runtime marker, as Python writes them."""
        given = {
            "min_length": self.min_length or None,
            "max_length": self.max_length,
            "pattern": self.pattern,
            "minimum": self.minimum,
            "maximum": self.maximum,
            "blank": self.blank or None,
        }
        return ", ".join(f"{name}={value!r}" for name, value in given.items() if value is not None)


@dataclass(frozen=True, slots=True)
class Field:
    """A property of an object. Not `required` means absent or null, as the text's `?` and `*` do."""

    name: str
    type: Type
    required: bool
    description: str
    default: str | bool | int | None = None  # what absence means, where the text says so
    origin: str = ""  # "GIREVE" for what an overlay added


@dataclass(frozen=True, slots=True)
class ObjectClass:
    """An object or class of the text."""

    name: str
    module: str
    description: str
    section: str
    fields: tuple[Field, ...]
    exclusive: tuple[tuple[str, str], ...] = ()
    patch_of: str = ""  # the class this one is the partial form of
    origin: str = ""


@dataclass(frozen=True, slots=True)
class EnumClass:
    """An enum of the text: open, that is unknown values are kept."""

    name: str
    module: str
    description: str
    section: str
    values: tuple[tuple[str, str], ...]  # (value, meaning)
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A path segment, query parameter or header of an operation."""

    name: str  # on the wire
    python: str  # in signatures
    place: Literal["path", "query", "header"]
    type: Type
    required: bool
    description: str
    default: str | int | None = None
    aliases: tuple[str, ...] = ()  # other spellings a server accepts
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one interface: a row of the contract table."""

    id: str  # cpo.tokens.put_token
    role: Literal["cpo", "emsp"]  # who serves it
    module: str
    name: str  # put_token
    verb: str  # PUT
    path: str  # the whole path of the spec: /cpo/2.1.1/tokens/{country_code}/{party_id}/{token_uid}
    suffix: tuple[str, ...]  # what stands behind the module: ("{country_code}", "{party_id}", "{token_uid}")
    summary: str
    section: str
    parameters: tuple[Parameter, ...]
    body: Type | None = None
    body_name: str = ""  # name of the argument: token, location, evse, command, result, patch, …
    body_required: bool = False
    merge_patch: bool = False
    result: Type | None = None  # of `data`; a list's item type where paginated
    paginated: bool = False
    created: bool = False  # a write may answer 201
    opaque_url: bool = False
    owner: tuple[str, ...] = ()
    key: tuple[tuple[str, str], ...] = ()  # (path parameter, body property)
    refusals: tuple[int, ...] = ()
    response_headers: tuple[str, ...] = ()
    origin: str = ""

    @property
    def constant(self) -> str:
        """The name of its row in `operations.py`."""
        return self.id.replace(".", "_").upper()


@dataclass(frozen=True, slots=True)
class Module:
    """One noun: its classes, and its operations of both roles."""

    name: str
    title: str
    description: str
    objects: tuple[ObjectClass, ...]
    enums: tuple[EnumClass, ...]
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class Spec:
    """Everything, in the order of the source files."""

    package: str
    modules: tuple[Module, ...]
    scalars: tuple[Scalar, ...]
    status_codes: tuple[tuple[int, str], ...]
    overlays: tuple[str, ...]
