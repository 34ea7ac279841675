"""How values are written: DateTimes, numbers, strings, enums, cardinality, names (types.md, terminology.md)."""

from __future__ import annotations

import re
from decimal import Decimal
from enum import Enum
from typing import cast

from pydantic import BaseModel

from ocpi211.models.common import DisplayText
from ocpi211.models.locations import EnvironmentalImpactCategory, LocationType
from ocpi211.models.versions import ModuleID, VersionNumber
from ocpi211_check.fields import Value, values_in
from ocpi211_check.rules.tally import Tally, shown
from ocpi211_runtime.scalars import URL, CiString, DateTime, Degrees, Identifier, Integer, Number, Secret, Text

__all__ = ["judge_date_time", "judge_types"]

_OFFSET = re.compile(r"[+-]\d\d:?\d\d$")
_PLAIN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_PRINTABLE = re.compile(r"[ -~]*")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:\S+")
_MARKUP = re.compile(r"</?[A-Za-z][^<>]*>|&[a-z]{2,8};")
_CURRENCY = re.compile(r"[A-Z]{3}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_GROWS = (ModuleID, VersionNumber)  # custom modules and later versions may stand there
_SHAPE = {"postal_code", "stop_date_time"}
_SHAPE_FORMS = (LocationType, EnvironmentalImpactCategory)  # `type` of a Location, `source` of an impact
_DECIMALS = 4


def judge_types(tally: Tally, value: object, model: type[BaseModel]) -> None:
    """Every value of an object of this model."""
    for found in values_in(value, model):
        if isinstance(found.path[-1], str) and found.present:
            name = found.path[-1]
            tally.check("TY-NAME-01", bool(_NAME.fullmatch(name)), found.pointer, "not lower case with underscores")
        _cardinality(tally, found)
        if found.field is None or found.value is None or found.field.many:
            continue
        _shape(tally, found)
        match found.field.form:
            case DateTime():
                judge_date_time(tally, found.value, found.pointer)
            case Number() | Integer():
                _number(tally, found)
            case Identifier() | CiString() | Text() | URL() | Secret() | Degrees():
                _string(tally, found)
            case type() as form if issubclass(form, Enum) and form not in _GROWS:
                known = found.value in {member.value for member in form}
                tally.check("TY-ENUM-02", known, found.pointer, f"{shown(found.value)} is no {form.__name__}")
            case type() as form if form is DisplayText:
                _display(tally, found)
            case _:
                pass


def judge_date_time(tally: Tally, value: object, where: str) -> None:
    """One DateTime as it is written."""
    text = value if isinstance(value, str) else ""
    quoted = shown(value)
    zero = text.endswith(("+00:00", "+0000"))
    tally.check("TY-DT-01", zero or not _OFFSET.search(text[10:]), where, f"{quoted} has an offset")
    tally.check("TY-DT-02", not zero, where, f"{quoted} says +00:00 in place of Z")
    tally.check("TY-DT-04", len(text) <= 25, where, f"{quoted} is longer than 25 characters")
    tally.check("TY-DT-05", bool(_PLAIN.fullmatch(text)), where, f"{quoted} is not in whole seconds with Z")


def _cardinality(tally: Tally, found: Value) -> None:
    field = found.field
    if field is None or isinstance(found.path[-1], int):
        return
    if field.required:
        tally.check("TY-CARD-03", found.present and found.value is not None, found.pointer, "required, and missing")
        if found.path[-1] in _SHAPE or field.form in _SHAPE_FORMS:
            tally.check("TY-SHAPE-01", found.present, found.pointer, "required in 2.1.1, and missing")
    else:
        tally.check("TY-OUT-01", found.value is not None, found.pointer, "null, where it could be left out")
    if field.at_least_one and found.present:
        tally.check("TY-CARD-04", bool(found.value), found.pointer, "a list that may not be empty, and is")


def _shape(tally: Tally, found: Value) -> None:
    if found.path[-1] == "currency":
        ok = isinstance(found.value, str) and bool(_CURRENCY.fullmatch(found.value))
        tally.check("TY-CUR-01", ok, found.pointer, f"{shown(found.value)} is no code of ISO 4217")


def _number(tally: Tally, found: Value) -> None:
    value, where = found.value, found.pointer
    a_number = isinstance(value, int | float) and not isinstance(value, bool)
    if found.field is not None and isinstance(found.field.form, Integer):
        whole = isinstance(value, int) and not isinstance(value, bool)
        tally.check("TY-NUM-05", whole, where, f"{shown(value)} is no JSON integer")
        return
    tally.check("TY-NUM-01", a_number, where, f"{shown(value)} is no JSON number")
    if a_number:
        exponent = Decimal(repr(value)).normalize().as_tuple().exponent
        few = isinstance(exponent, int) and exponent >= -_DECIMALS
        tally.check("TY-NUM-02", few, where, f"{shown(value)} has more than four decimals")


def _string(tally: Tally, found: Value) -> None:
    form, where = cast("Identifier", found.field.form if found.field else None), found.pointer
    if not isinstance(found.value, str):
        return
    text, quoted = found.value, shown(found.value)
    tally.check("TY-STR-04", not _CONTROL.search(text), where, f"{quoted} holds a control character")
    if isinstance(form, URL):
        ok = len(text) <= 255 and bool(_ABSOLUTE.fullmatch(text))
        tally.check("TY-STR-03", ok or not text, where, f"{quoted} is no absolute URL of at most 255 characters")
        return
    if isinstance(form, CiString):
        ok = bool(_PRINTABLE.fullmatch(text)) and len(text) <= (form.max_length or len(text))
        tally.check("TY-CI-01", ok, where, f"{quoted} is no CiString({form.max_length})")
        return
    if form.max_length and not isinstance(form, Degrees):
        fits = len(text) <= form.max_length
        tally.check("TY-STR-06", fits, where, f"{len(text)} characters, where {form.max_length} are allowed")
    if isinstance(form, Identifier):
        tally.check("TY-STR-02", bool(_PRINTABLE.fullmatch(text)), where, f"{quoted} is not printable ASCII")


def _display(tally: Tally, found: Value) -> None:
    if not isinstance(found.value, dict):
        return
    members = cast("dict[str, object]", found.value)
    language, text = str(members.get("language") or ""), str(members.get("text") or "")
    ok = len(language) <= 2 and len(text) <= 512
    tally.check("TY-DISP-01", ok, found.pointer, "language has at most 2, text at most 512 characters")
    tally.check("TY-DISP-02", not _MARKUP.search(text), found.pointer, f"{shown(text)} holds markup")
