"""How values are written: DateTimes, numbers, strings, enums, cardinality, names (types.md, terminology.md)."""

from __future__ import annotations

import re
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import cast

from pydantic import BaseModel

from ocpi211.models.common import DisplayText
from ocpi211.models.locations import EnvironmentalImpactCategory, LocationType
from ocpi211.models.versions import ModuleID, VersionNumber
from ocpi211_check.fields import Value, values_in
from ocpi211_check.rules.tally import Tally
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
            tally.check("TY-NAME-01", bool(_NAME.fullmatch(name)), found, "not lower case with underscores")
        _cardinality(tally, found)
        if found.field is None or found.value is None or found.field.many:
            continue
        _shape(tally, found)
        match found.field.form:
            case DateTime():
                judge_date_time(tally, found.value, found)
            case Number() | Integer():
                _number(tally, found)
            case Identifier() | CiString() | Text() | URL() | Secret() | Degrees():
                _string(tally, found)
            case type() as form if issubclass(form, Enum) and form not in _GROWS:
                known = isinstance(found.value, str) and found.value in _values(form)
                tally.check("TY-ENUM-02", known, found, f"{{}} is no {form.__name__}", found.value)
            case type() as form if form is DisplayText:
                _display(tally, found)
            case _:
                pass


@cache
def _values(form: type[Enum]) -> frozenset[object]:
    return frozenset(member.value for member in form)


def judge_date_time(tally: Tally, value: object, where: object) -> None:
    """One DateTime as it is written."""
    text = value if isinstance(value, str) else ""
    zero = text.endswith(("+00:00", "+0000"))
    tally.check("TY-DT-01", zero or not _OFFSET.search(text[10:]), where, "{} has an offset", value)
    tally.check("TY-DT-02", not zero, where, "{} says +00:00 in place of Z", value)
    tally.check("TY-DT-04", len(text) <= 25, where, "{} is longer than 25 characters", value)
    tally.check("TY-DT-05", bool(_PLAIN.fullmatch(text)), where, "{} is not in whole seconds with Z", value)


def _cardinality(tally: Tally, found: Value) -> None:
    field = found.field
    if field is None or isinstance(found.path[-1], int):
        return
    if field.required:
        tally.check("TY-CARD-03", found.present and found.value is not None, found, "required, and missing")
        if found.path[-1] in _SHAPE or field.form in _SHAPE_FORMS:
            tally.check("TY-SHAPE-01", found.present, found, "required in 2.1.1, and missing")
    else:
        tally.check("TY-OUT-01", found.value is not None, found, "null, where it could be left out")
    if field.at_least_one and found.present:
        tally.check("TY-CARD-04", bool(found.value), found, "a list that may not be empty, and is")


def _shape(tally: Tally, found: Value) -> None:
    if found.path[-1] == "currency":
        ok = isinstance(found.value, str) and bool(_CURRENCY.fullmatch(found.value))
        tally.check("TY-CUR-01", ok, found, "{} is no code of ISO 4217", found.value)


def _number(tally: Tally, found: Value) -> None:
    value = found.value
    a_number = isinstance(value, int | float) and not isinstance(value, bool)
    if found.field is not None and isinstance(found.field.form, Integer):
        whole = isinstance(value, int) and not isinstance(value, bool)
        tally.check("TY-NUM-05", whole, found, "{} is no JSON integer", value)
        return
    tally.check("TY-NUM-01", a_number, found, "{} is no JSON number", value)
    if a_number:
        exponent = Decimal(repr(value)).normalize().as_tuple().exponent
        few = isinstance(exponent, int) and exponent >= -_DECIMALS
        tally.check("TY-NUM-02", few, found, "{} has more than four decimals", value)


def _string(tally: Tally, found: Value) -> None:
    form = cast("Identifier", found.field.form if found.field else None)
    if not isinstance(found.value, str):
        return
    text = found.value
    tally.check("TY-STR-04", not _CONTROL.search(text), found, "{} holds a control character", text)
    if isinstance(form, URL):
        ok = len(text) <= 255 and bool(_ABSOLUTE.fullmatch(text))
        tally.check("TY-STR-03", ok or not text, found, "{} is no absolute URL of at most 255 characters", text)
        return
    if isinstance(form, CiString):
        ok = bool(_PRINTABLE.fullmatch(text)) and len(text) <= (form.max_length or len(text))
        tally.check("TY-CI-01", ok, found, f"{{}} is no CiString({form.max_length})", text)
        return
    if form.max_length and not isinstance(form, Degrees):
        fits = len(text) <= form.max_length
        tally.check("TY-STR-06", fits, found, f"{len(text)} characters, where {form.max_length} are allowed")
    if isinstance(form, Identifier):
        tally.check("TY-STR-02", bool(_PRINTABLE.fullmatch(text)), found, "{} is not printable ASCII", text)


def _display(tally: Tally, found: Value) -> None:
    if not isinstance(found.value, dict):
        return
    members = cast("dict[str, object]", found.value)
    language, text = str(members.get("language") or ""), str(members.get("text") or "")
    ok = len(language) <= 2 and len(text) <= 512
    tally.check("TY-DISP-01", ok, found, "language has at most 2, text at most 512 characters")
    tally.check("TY-DISP-02", not _MARKUP.search(text), found, "{} holds markup", text)
