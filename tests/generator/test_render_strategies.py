"""Strategies, printed from a hand-made `ir` and drawn from: what becomes of classes that some overlay brings."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import find
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ocpi_codegen.emit import TEMPLATES
from ocpi_codegen.ir import EnumClass, Field, Module, ObjectClass, Scalar, Spec, Type
from ocpi_codegen.render_strategies import function_name, render

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType

MODELS = """
from decimal import Decimal
from typing import Annotated

from ocpi211_runtime import scalars
from ocpi211_runtime.enums import OpenEnum
from ocpi211_runtime.model import OcpiModel


class Colour(OpenEnum):
    RED = "RED"


class Hour(OcpiModel):
    id: Annotated[str, scalars.Identifier(max_length=3)]
    price: Annotated[Decimal, scalars.Number()] | None = None
    code: Annotated[str, scalars.Identifier(pattern="^(AB|C-)[0-9]{2}$")] | None = None
    at: Annotated[str, scalars.Identifier(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$")] | None = None


class Hours(OcpiModel):
    hours: list[Hour]
    colours: list[Colour] | None = None
    language: Annotated[str, scalars.Identifier(max_length=1)] | None = None
"""
SCALARS = (
    Scalar("Id", "Identifier", "str", max_length=3),
    Scalar("Number", "Number", "Decimal"),
    Scalar("Code", "Identifier", "str", pattern="^(AB|C-)[0-9]{2}$"),
    Scalar("At", "Identifier", "str", pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$"),
    Scalar("One", "Identifier", "str", max_length=1),
)


def scalar(name: str) -> Type:
    return Type("scalar", name, "scalars")


def field(name: str, made: Type, *, required: bool = False) -> Field:
    return Field(name, made, required, "What it is.")


HOUR = ObjectClass(
    "Hour",
    "shapes",
    "One.",
    "mod_x.md#y",
    (
        field("id", scalar("Id"), required=True),
        field("price", scalar("Number")),
        field("code", scalar("Code")),
        field("at", scalar("At")),
    ),
)
HOURS = ObjectClass(
    "Hours",
    "shapes",
    "Many.",
    "mod_x.md#z",
    (
        field("hours", Type("list", item=Type("class", "Hour", "shapes"), min_items=1), required=True),
        field("colours", Type("list", item=Type("enum", "Colour", "shapes"))),
        field("language", scalar("One")),
    ),
)
COLOUR = EnumClass("Colour", "shapes", "A colour.", "mod_x.md#c", (("RED", "Red."),))
SPEC = Spec(
    package="shapes_ocpi",
    modules=(Module("shapes", "Shapes", "Shapes.", (HOUR, HOURS), (COLOUR,), ()),),
    scalars=SCALARS,
    status_codes=(),
    overlays=(),
)


@pytest.fixture
def strategies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    environment = Environment(  # noqa: S701  (Python, not HTML)
        loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    texts = {"__init__.py": "", "models/__init__.py": "", "models/shapes.py": MODELS} | render(SPEC, environment)
    for name, text in texts.items():
        path = tmp_path / SPEC.package / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield importlib.import_module(f"{SPEC.package}.strategies")
    for name in [name for name in sys.modules if name.split(".")[0] == SPEC.package]:
        del sys.modules[name]


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("EVSE", "evses"),
        ("CDR", "cdrs"),
        ("CdrDimension", "cdr_dimensions"),
        ("CDRDimension", "cdr_dimensions"),
        ("EVSEPatch", "evse_patches"),
        ("ModuleID", "module_ids"),
        ("EnergyMix", "energy_mixes"),
        ("Facility", "facilities"),
        ("Relay", "relays"),
        ("Status", "statuses"),
        ("Address", "addresses"),
        ("Hours", "hours"),
        ("BusinessDetails", "business_details"),
        ("SignedData", "signed_data"),
        ("DayOfWeek", "days_of_week"),
        ("Allowed", "allowed"),
    ],
)
def test_a_function_is_named_in_the_plural(name: str, function: str) -> None:
    assert function_name(name) == function


def test_two_classes_of_one_plural_have_two_functions(strategies: ModuleType) -> None:
    assert strategies.__all__ == ["colours", "hours", "hours_objects"]
    assert type(find(strategies.hours(), lambda _: True)).__name__ == "Hour"
    assert type(find(strategies.hours_objects(), lambda _: True)).__name__ == "Hours"


def test_a_keyword_named_as_a_strategy_hides_nothing(strategies: ModuleType) -> None:
    drawn = find(strategies.hours_objects(colours=strategies.colours().map(lambda colour: [colour])), lambda _: True)
    assert len(drawn.hours) == 1
    assert drawn.colours == ["RED"]


def test_a_pattern_of_no_known_form_is_drawn_from_itself(strategies: ModuleType) -> None:
    assert find(strategies.hours(), lambda hour: bool(hour.code)).code == "AB00"


def test_a_known_form_is_known_however_its_pattern_is_written(strategies: ModuleType) -> None:
    assert find(strategies.hours(), lambda hour: bool(hour.at)).at == "00:00"


def test_a_code_too_long_for_its_field_is_not_drawn(strategies: ModuleType) -> None:
    assert len(find(strategies.hours_objects(), lambda hours: bool(hours.language)).language) == 1
