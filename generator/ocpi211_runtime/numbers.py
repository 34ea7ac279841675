"""Numbers and booleans of OCPI 2.1.1 (`types.md`, number type), as markers for `Annotated`; see `scalars`."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from decimal import MAX_PREC, MIN_EMIN, ROUND_HALF_EVEN, Context, Decimal
from typing import TYPE_CHECKING

from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from ocpi211_runtime.choice import first_of

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue

__all__ = ["Boolean", "Integer", "Number", "read_number"]

_INTEGER = re.compile(r"-?\d{1,18}", re.ASCII)
_NUMERIC = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
_FOUR_DECIMALS = Decimal("0.0001")
_JSON_DIGITS = 15
_LARGEST = Decimal(repr(sys.float_info.max))
"""What is larger would leave as null."""
_EXACT = Context(prec=MAX_PREC, Emin=MIN_EMIN, Emax=_LARGEST.adjusted() - 1, traps=[])
"""Keeps all digits. What is no number is NaN to it, and what may be too large is infinite."""


def read_number(value: object) -> Decimal:
    """A finite `Decimal` of at most four decimals, from a number or a numeric string.

    Refused when it has more digits than a JSON number carries: it would leave as another number.
    """
    match value:
        case bool():  # an int to Python, no number to OCPI
            pass
        case float():
            value = Decimal(repr(value))
        case int():
            value = Decimal(value)
        case str() if _NUMERIC.fullmatch(value):
            value = Decimal(value)
        case _:
            pass
    if not isinstance(value, Decimal) or not value.is_finite():
        raise PydanticCustomError("number", "Input should be a finite number")
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < _FOUR_DECIMALS.adjusted() and value.adjusted() < _JSON_DIGITS:
        value = value.quantize(_FOUR_DECIMALS, ROUND_HALF_EVEN)
    if Decimal(repr(float(value))) != value:
        raise PydanticCustomError("number_digits", "Input should have no more digits than a JSON number carries")
    return value


@dataclass(frozen=True, slots=True)
class Number:
    """A `Decimal` that leaves as a JSON number.

    Read from a peer it is what was sent, as far as a JSON number carries digits (about 15). Given in Python it is
    rounded half-even to the four decimals of the text, and refused when it has more digits than that.
    """

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        from_python = core_schema.no_info_plain_validator_function(read_number)
        # Strict: pydantic's own strict Decimal takes a numeric string as well, the text does not.
        json_number = first_of(
            [core_schema.int_schema(strict=True), core_schema.float_schema(strict=True, allow_inf_nan=False)],
            "number",
            "Input should be a finite JSON number",
        )
        strict = core_schema.chain_schema([json_number, from_python])
        # Written out by Rust and read by C: a bound of pydantic's own, compared in Python, costs 120 ns a number more.
        text = core_schema.str_schema(coerce_numbers_to_str=True, strict=False)
        number = core_schema.no_info_after_validator_function(_EXACT.create_decimal, text)
        finite = core_schema.chain_schema([number, core_schema.decimal_schema(strict=True, allow_inf_nan=False)])
        bounded = core_schema.decimal_schema(strict=False, le=_LARGEST, ge=-_LARGEST)
        lenient = first_of([finite, bounded], "number", "Input should be a finite number")
        return core_schema.json_or_python_schema(
            json_schema=core_schema.lax_or_strict_schema(lenient, strict),
            python_schema=from_python,
            # A function written in C: as fast as pydantic's float serializer, which warns about a Decimal.
            serialization=core_schema.plain_serializer_function_ser_schema(
                float, return_schema=core_schema.float_schema(), when_used="json"
            ),
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "number"}


def _read_integer(value: object) -> int:
    if isinstance(value, str) and _INTEGER.fullmatch(value):
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    raise PydanticCustomError("integer", "Input should be an integer")


@dataclass(frozen=True, slots=True)
class Integer:
    """A whole number within bounds. Lenient: `230.0` and `"230"` too; never a boolean."""

    minimum: int | None = None
    maximum: int | None = None

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        strict = core_schema.int_schema(ge=self.minimum, le=self.maximum, strict=True)
        converted = core_schema.chain_schema([core_schema.no_info_plain_validator_function(_read_integer), strict])
        limits = {"at least": self.minimum, "at most": self.maximum}
        bounds = " and".join(f" of {words} {limit}" for words, limit in limits.items() if limit is not None)
        lenient = first_of([strict, converted], "integer", f"Input should be an integer{bounds}")
        return core_schema.lax_or_strict_schema(lenient, strict)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        bounds = {"minimum": self.minimum, "maximum": self.maximum}
        return {"type": "integer", **{name: bound for name, bound in bounds.items() if bound is not None}}


@dataclass(frozen=True, slots=True)
class Boolean:
    """`true` or `false`; pydantic by itself would also take `"yes"` and `1`."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.bool_schema(strict=True)
