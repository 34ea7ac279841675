"""The scalar types of OCPI 2.1.1 (`types.md`), as markers for `Annotated`.

`Annotated[str, Identifier(max_length=36)]` is a string(36) of the text. Each marker builds its own pydantic-core
schema, so that a valid value from the wire never leaves Rust: the fast path holds what peers send day in day out, and
only what misses it reaches Python.

Two readings, chosen by pydantic's own `strict` flag on JSON bytes:

* lenient, the default: numbers as numeric strings, DateTimes with fractions, offsets or without a zone, display text
  in UTF-8, `""` for an optional string;
* strict: what the text allows, to the letter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from ocpi211_runtime.choice import first_of
from ocpi211_runtime.numbers import Boolean, Integer, Number, read_number
from ocpi211_runtime.printable import NO_CONTROL, PRINTABLE_ASCII

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue

__all__ = [
    "URL",
    "Boolean",
    "CiString",
    "DateTime",
    "Degrees",
    "Identifier",
    "Integer",
    "Number",
    "Secret",
    "Text",
    "read_date_time",
    "read_number",
    "write_date_time",
]

ABSOLUTE_URL = r"^[A-Za-z][A-Za-z0-9+.\-]*:[!-~]+$"
# A web site with an accent in its path is no reason to lose a Location; a blank or a missing scheme is.
ABSOLUTE_IRI = r"^[A-Za-z][A-Za-z0-9+.\-]*:[^\s\p{Cc}]+$"


@dataclass(frozen=True, slots=True)
class _String:
    """string(N): length in characters, and a pattern."""

    min_length: int = 0
    max_length: int | None = None
    pattern: str | None = None
    blank: bool = False
    """The lenient reading also takes `""`: peers send it for an optional string they have no value for."""

    lenient: ClassVar[str] = PRINTABLE_ASCII
    strict: ClassVar[str] = PRINTABLE_ASCII

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        strict = self._schema(self.pattern or self.strict)
        lenient = self._lenient()
        if self.blank:  # the second branch costs nothing until the first one fails
            empty = core_schema.str_schema(max_length=0, strict=True)
            lenient = first_of([lenient, empty], "string", f"Input should be empty or {self._demand()}")
        return strict if lenient == strict else core_schema.lax_or_strict_schema(lenient, strict)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        given = {"minLength": self.min_length or None, "maxLength": self.max_length, "pattern": self.pattern}
        return {"type": "string", **{name: value for name, value in given.items() if value is not None}}

    def _lenient(self) -> CoreSchema:
        return self._schema(self.pattern or self.lenient)

    def _schema(self, pattern: str) -> CoreSchema:
        return core_schema.str_schema(
            min_length=self.min_length or None, max_length=self.max_length, pattern=pattern, strict=True
        )

    def _demand(self) -> str:
        length = f" of {self.min_length} to {self.max_length} characters" if self.max_length else ""
        return f"a string{length} that matches {self.pattern or self.lenient}"


class Identifier(_String):
    """A string of printable ASCII that identifies something, or a code."""

    __slots__ = ()


class CiString(_String):
    """A string of printable ASCII compared without regard to case: compare with `str.casefold()`."""

    __slots__ = ()


class Text(_String):
    """A string a person reads: UTF-8 without control characters; strict: printable ASCII, as the text has it."""

    __slots__ = ()
    lenient: ClassVar[str] = NO_CONTROL


class Degrees(_String):
    """Latitude or longitude as a string. Strict: six decimals; lenient: any number of them, kept as received.

    The text asks for six, and a Location is too dear to lose over a rounded coordinate.
    """

    __slots__ = ()
    lenient: ClassVar[str] = r"^-?[0-9]{1,3}(\.[0-9]{1,20})?$"

    def _lenient(self) -> CoreSchema:
        return core_schema.str_schema(pattern=self.lenient, strict=True)


class URL(_String):
    """An absolute URL. Kept as the string received: what is fetched is checked where it is fetched."""

    __slots__ = ()
    lenient: ClassVar[str] = ABSOLUTE_IRI
    strict: ClassVar[str] = ABSOLUTE_URL


class Secret(_String):
    """A token: printable ASCII without white space. The model that holds it leaves it out of its `repr`."""

    __slots__ = ()
    lenient: ClassVar[str] = r"^[!-~]*$"
    strict: ClassVar[str] = r"^[!-~]*$"


# Seconds may not be left out: without them "2015-06-29T20:39" would be taken for a full moment.
_STRICT_DATE_TIME = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,4})?Z?$"
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d([.,]\d+)?([Zz]|[+-]\d\d(:?\d\d)?)?", re.ASCII)


def read_date_time(value: object) -> datetime:
    """An aware datetime in UTC, in whole seconds, from a string of OCPI or a `datetime`.

    No zone means UTC. A fraction is cut off, because OCPI 2.1.1 gives a DateTime 25 characters and GIREVE none to
    spare for fractions: what is read must be what can be written again.
    """
    if isinstance(value, str) and _DATE_TIME.fullmatch(value):
        try:
            value = datetime.fromisoformat(value.upper().replace(",", "."))
        except ValueError as error:
            raise _date_time_error(str(error)) from None
    if not isinstance(value, datetime):
        raise _date_time_error("expected YYYY-MM-DDTHH:MM:SSZ")
    if value.tzinfo is None:
        value = value.replace(tzinfo=UTC)
    try:
        return value.astimezone(UTC).replace(microsecond=0)
    except OverflowError:
        raise _date_time_error("out of range") from None


def write_date_time(value: datetime) -> str:
    """`YYYY-MM-DDTHH:MM:SSZ`."""
    return read_date_time(value).replace(tzinfo=None).isoformat() + "Z"


def _date_time_error(reason: str) -> PydanticCustomError:
    return PydanticCustomError("date_time", "Input should be a DateTime in UTC: {reason}", {"reason": reason})


@dataclass(frozen=True, slots=True)
class DateTime:
    """A moment: an aware `datetime` in UTC of whole seconds, written `YYYY-MM-DDTHH:MM:SSZ`."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        fallback = core_schema.no_info_plain_validator_function(read_date_time)
        # Twenty characters with a T that are a UTC datetime can only be YYYY-MM-DDTHH:MM:SSZ. This keeps pydantic's
        # other readings out (a numeric string is a timestamp to it), for 45 ns less than the whole pattern.
        fast = core_schema.chain_schema(
            [
                core_schema.str_schema(min_length=20, max_length=20, pattern="T", strict=True),
                core_schema.datetime_schema(tz_constraint=0, strict=False),
            ]
        )
        from_wire = first_of([fast, fallback], "date_time", "Input should be a DateTime in UTC, YYYY-MM-DDTHH:MM:SSZ")
        strict = core_schema.chain_schema(
            [core_schema.str_schema(max_length=25, pattern=_STRICT_DATE_TIME, strict=True), fallback]
        )
        return core_schema.json_or_python_schema(
            json_schema=core_schema.lax_or_strict_schema(from_wire, strict),
            python_schema=fallback,
            serialization=core_schema.simple_ser_schema("datetime"),
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "format": "date-time", "maxLength": 25}
