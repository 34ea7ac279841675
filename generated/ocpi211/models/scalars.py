# Written by ocpi_codegen from the spec (OCPI 2.1.1, GIREVE). Change the spec, not this file; then: nox -s generate

"""The scalar types of OCPI 2.1.1 with the bounds their fields have; `ocpi211_runtime.scalars` says how to read them."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from ocpi211_runtime import scalars

Boolean = Annotated[bool, scalars.Boolean()]
CiString1To36 = Annotated[str, scalars.CiString(min_length=1, max_length=36)]
CiString32 = Annotated[str, scalars.CiString(max_length=32)]
CiString36 = Annotated[str, scalars.CiString(max_length=36)]
DateTime = Annotated[datetime, scalars.DateTime()]
Integer = Annotated[int, scalars.Integer()]
Integer0To99999 = Annotated[int, scalars.Integer(minimum=0, maximum=99999)]
Integer1To7 = Annotated[int, scalars.Integer(minimum=1, maximum=7)]
IntegerFrom0 = Annotated[int, scalars.Integer(minimum=0)]
IntegerFrom1 = Annotated[int, scalars.Integer(minimum=1)]
Latitude = Annotated[str, scalars.Degrees(max_length=10, pattern="^-?[0-9]{1,2}\\.[0-9]{6}$")]
Longitude = Annotated[str, scalars.Degrees(max_length=11, pattern="^-?[0-9]{1,3}\\.[0-9]{6}$")]
Number = Annotated[Decimal, scalars.Number()]
OptionalEndDate = Annotated[str, scalars.Identifier(max_length=10, pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$", blank=True)]
OptionalEndTime = Annotated[
    str, scalars.Identifier(max_length=5, pattern="^([0-1][0-9]|2[0-3]):[0-5][0-9]$", blank=True)
]
OptionalEndTime2 = Annotated[
    str, scalars.Identifier(max_length=5, pattern="^([0-1][0-9]|2[0-3]):[0-5][0-9]$", blank=True)
]
OptionalStartDate = Annotated[
    str, scalars.Identifier(max_length=10, pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$", blank=True)
]
OptionalStartTime = Annotated[
    str, scalars.Identifier(max_length=5, pattern="^([0-1][0-9]|2[0-3]):[0-5][0-9]$", blank=True)
]
OptionalStartTime2 = Annotated[
    str, scalars.Identifier(max_length=5, pattern="^([0-1][0-9]|2[0-3]):[0-5][0-9]$", blank=True)
]
OptionalString1To36 = Annotated[str, scalars.Identifier(min_length=1, max_length=36, blank=True)]
OptionalURL = Annotated[str, scalars.URL(max_length=255, blank=True)]
PeriodBegin = Annotated[str, scalars.Identifier(max_length=5, pattern="^([0-1][0-9]|2[0-3]):[0-5][0-9]$")]
PeriodEnd = Annotated[str, scalars.Identifier(max_length=5, pattern="^([0-1][0-9]|2[0-3]):[0-5][0-9]$")]
Secret1To64 = Annotated[str, Field(repr=False), scalars.Secret(min_length=1, max_length=64)]
String10 = Annotated[str, scalars.Identifier(max_length=10)]
String1To2 = Annotated[str, scalars.Identifier(min_length=1, max_length=2)]
String1To255 = Annotated[str, scalars.Identifier(min_length=1, max_length=255)]
String1To3 = Annotated[str, scalars.Identifier(min_length=1, max_length=3)]
String1To36 = Annotated[str, scalars.Identifier(min_length=1, max_length=36)]
String1To39 = Annotated[str, scalars.Identifier(min_length=1, max_length=39)]
String2 = Annotated[str, scalars.Identifier(max_length=2)]
String255 = Annotated[str, scalars.Identifier(max_length=255)]
String3 = Annotated[str, scalars.Identifier(max_length=3)]
String36 = Annotated[str, scalars.Identifier(max_length=36)]
String39 = Annotated[str, scalars.Identifier(max_length=39)]
String4 = Annotated[str, scalars.Identifier(max_length=4)]
String48 = Annotated[str, scalars.Identifier(max_length=48)]
String5000 = Annotated[str, scalars.Identifier(max_length=5000)]
String512 = Annotated[str, scalars.Identifier(max_length=512)]
Text100 = Annotated[str, scalars.Text(max_length=100)]
Text16 = Annotated[str, scalars.Text(max_length=16)]
Text255 = Annotated[str, scalars.Text(max_length=255)]
Text4 = Annotated[str, scalars.Text(max_length=4)]
Text45 = Annotated[str, scalars.Text(max_length=45)]
Text512 = Annotated[str, scalars.Text(max_length=512)]
Text64 = Annotated[str, scalars.Text(max_length=64)]
URL = Annotated[str, scalars.URL(max_length=255)]

__all__ = [
    "URL",
    "Boolean",
    "CiString1To36",
    "CiString32",
    "CiString36",
    "DateTime",
    "Integer",
    "Integer0To99999",
    "Integer1To7",
    "IntegerFrom0",
    "IntegerFrom1",
    "Latitude",
    "Longitude",
    "Number",
    "OptionalEndDate",
    "OptionalEndTime",
    "OptionalEndTime2",
    "OptionalStartDate",
    "OptionalStartTime",
    "OptionalStartTime2",
    "OptionalString1To36",
    "OptionalURL",
    "PeriodBegin",
    "PeriodEnd",
    "Secret1To64",
    "String1To2",
    "String1To3",
    "String1To36",
    "String1To39",
    "String1To255",
    "String2",
    "String3",
    "String4",
    "String10",
    "String36",
    "String39",
    "String48",
    "String255",
    "String512",
    "String5000",
    "Text4",
    "Text16",
    "Text45",
    "Text64",
    "Text100",
    "Text255",
    "Text512",
]
