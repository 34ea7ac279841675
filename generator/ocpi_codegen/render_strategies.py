"""Prints `strategies`: for every class a Hypothesis strategy of valid objects, with a keyword a field.

What a field is drawn from follows from its type alone, with three additions that make objects worth reading: a code
such as `country` or `currency` is drawn from real ones, a field that ends a period lies after the one that begins it,
and no two EVSEs of a Location have the same `uid`.
"""

from __future__ import annotations

import builtins
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocpi_codegen.render import PythonTypes, by_module

if TYPE_CHECKING:
    from jinja2 import Environment

    from ocpi_codegen.ir import EnumClass, Field, Module, ObjectClass, Scalar, Spec, Type

BUILDERS = {
    "Boolean": "booleans",
    "CiString": "ci_strings",
    "DateTime": "date_times",
    "Degrees": "identifiers",
    "Identifier": "identifiers",
    "Integer": "integers",
    "Number": "numbers",
    "Secret": "secrets",
    "Text": "texts",
    "URL": "urls",
}

# A pattern that takes all of these and none of UNFIT is drawn by this builder, however it is spelt.
FORMS = {
    "longitudes": ("-126.104965", "180.000000", "0.000001"),
    "latitudes": ("-50.770774", "90.000000", "0.000001"),
    "times": ("00:00", "09:30", "23:59"),
    "dates": ("2000-01-01", "2015-12-24", "2099-10-31"),
}
UNFIT = ("", "0", "x")

# Name of the property → what it is drawn from, and how long that is.
CODES = {
    "country": ("countries", 3),
    "country_code": ("country_codes", 2),
    "currency": ("currencies", 3),
    "language": ("languages", 2),
    "time_zone": ("time_zones", 32),
}

# Not `start_time` and `end_time`: a tariff for the night ends before it starts.
ORDERED = (
    ("period_begin", "period_end"),
    ("start_date_time", "stop_date_time"),
    ("start_datetime", "end_datetime"),
    ("start_date", "end_date"),
    ("min_kwh", "max_kwh"),
    ("min_power", "max_power"),
    ("min_duration", "max_duration"),
)

KEYS = ("uid", "id", "identifier")
PLURALS = ("allowed", "data")
PERCENT = "drawing.numbers(0, 100)"


@dataclass(frozen=True, slots=True)
class Row:
    """One field as the strategy of its class names it."""

    name: str
    annotation: str  # of what its strategy draws
    strategy: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """One class, and the function that draws its objects."""

    function: str
    name: str
    section: str
    origin: str
    required: tuple[Row, ...]
    optional: tuple[Row, ...]
    ordered: tuple[tuple[str, str], ...]
    exclusive: tuple[tuple[str, str], ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        """All fields, in the order of the signature."""
        return self.required + self.optional


@dataclass(frozen=True, slots=True)
class Room:
    """One module of `strategies`."""

    name: str
    title: str
    objects: tuple[Drawn, ...]
    enums: tuple[Drawn, ...]
    functions: tuple[tuple[str, tuple[str, ...]], ...]  # noun → functions of its strategies
    annotated: tuple[tuple[str, tuple[str, ...]], ...]  # noun → classes that only annotations name

    @property
    def shadows(self) -> bool:
        """Whether a keyword is named like a built-in of Python."""
        return any(hasattr(builtins, row.name) for one in self.objects for row in one.rows)

    @property
    def classes(self) -> tuple[str, ...]:
        """What it draws."""
        return tuple(sorted(one.name for one in (*self.objects, *self.enums)))

    @property
    def names(self) -> tuple[str, ...]:
        """What the module offers."""
        return tuple(sorted(one.function for one in (*self.objects, *self.enums)))


def render(spec: Spec, environment: Environment) -> dict[str, str]:
    """Path → text of `strategies/<noun>.py` and `strategies/__init__.py`."""
    printer = _Printer(spec)
    rooms = [printer.room(module) for module in spec.modules if module.objects or module.enums]
    module, package = (environment.get_template(f"strategies_{part}.py.jinja") for part in ("module", "package"))
    texts = {f"strategies/{room.name}.py": module.render(spec=spec, room=room) for room in rooms}
    return texts | {"strategies/__init__.py": package.render(spec=spec, rooms=rooms)}


def function_name(name: str) -> str:
    """What draws objects of a class: `GeoLocation` → `geo_locations`, `EVSEPatch` → `evse_patches`."""
    return plural(snake_case(name))


def snake_case(name: str) -> str:
    """A word begins at an upper-case letter; of a run of them only the last one does, if a lower-case one follows."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def plural(name: str) -> str:
    """`evse` → `evses`, `status` → `statuses`, `business_details` as it is, `day_of_week` → `days_of_week`."""
    if of := re.fullmatch(r"(.+?)(_of_.+)", name):
        return plural(of[1]) + of[2]
    if re.search(r"[^su]s$", name) or name.endswith(PLURALS):
        return name
    if re.search(r"(s|x|z|ch|sh)$", name):
        return f"{name}es"
    return re.sub(r"(?<=[^aeiou])y$", "ie", name) + "s"


class _Printer:
    def __init__(self, spec: Spec) -> None:
        self.python = PythonTypes(spec)
        self.scalars = {scalar.name: scalar for scalar in spec.scalars}
        self.objects = {one.name: one for module in spec.modules for one in module.objects}
        self.functions: dict[str, str] = {}
        for module in spec.modules:
            for name in (*(one.name for one in module.objects), *(one.name for one in module.enums)):
                function = function_name(name)
                # `Hour` beside `Hours`, say, in somebody's overlay.
                taken = function in self.functions.values()
                self.functions[name] = f"{snake_case(name)}_objects" if taken else function

    def room(self, module: Module) -> Room:
        needed = (name for one in module.objects for field in one.fields for name in field.type.names)
        foreign = [(owner, name) for owner, name in needed if owner not in {"scalars", module.name}]
        return Room(
            module.name,
            module.title,
            tuple(self._object(one) for one in module.objects),
            tuple(self._enum(one) for one in module.enums),
            tuple(by_module((owner, self.functions[name]) for owner, name in foreign)),
            tuple(by_module(foreign)),
        )

    def _object(self, one: ObjectClass) -> Drawn:
        required = () if one.patch_of else tuple(self._row(field) for field in one.fields if field.required)
        given = {row.name for row in required}
        optional = tuple(self._row(field, patch=bool(one.patch_of)) for field in one.fields if field.name not in given)
        strategies = {row.name: row.strategy for row in required + optional}
        ordered = tuple(pair for pair in ORDERED if len({strategies.get(name, name) for name in pair}) == 1)
        return Drawn(
            self.functions[one.name],
            one.name,
            one.section,
            one.origin,
            required,
            optional,
            ordered,
            one.exclusive,
        )

    def _enum(self, one: EnumClass) -> Drawn:
        function = self.functions[one.name]
        return Drawn(function, one.name, one.section, one.origin, (), (), (), ())

    def _row(self, field: Field, *, patch: bool = False) -> Row:
        strategy = self._strategy(field.type, field.name)
        if patch and not field.required:
            strategy = f"drawing.optional({strategy})"
        annotation = self.python(field.type)
        return Row(field.name, annotation if field.required else f"{annotation} | None", strategy)

    def _strategy(self, made: Type, name: str) -> str:
        if made.item:
            options = (
                self._strategy(made.item, ""),
                f"min_size={made.min_items}" if made.min_items else "",
                f'unique_by="{key}"' if (key := self._key(made.item)) else "",
            )
            return f"drawing.lists({', '.join(filter(None, options))})"
        if made.kind in {"class", "enum"}:
            return f"{self.functions[made.name]}()"
        return PERCENT if name == "percentage" else _scalar(self.scalars[made.name], made, name)

    def _key(self, item: Type) -> str:
        """The attribute by which the items of a list differ."""
        if item.kind == "enum":
            return "value"
        fields = self.objects[item.name].fields if item.kind == "class" else ()
        names = {field.name for field in fields if field.required}
        return next((key for key in KEYS if key in names), "")


def _scalar(scalar: Scalar, made: Type, name: str) -> str:
    if scalar.runtime in ("Identifier", "Degrees"):
        longest = scalar.max_length or 255
        builder, length = CODES.get(name, ("", 0))
        if builder and not scalar.pattern and scalar.min_length <= length <= longest:
            return f"drawing.{builder}()"
        if form := _form(scalar.pattern, longest):
            return f"drawing.{form}()"
    limits = {
        "min_length": scalar.min_length or None,
        "max_length": scalar.max_length,
        "pattern": scalar.pattern,
        "minimum": made.minimum,
        "maximum": made.maximum,
    }
    options = ", ".join(f"{key}={value!r}" for key, value in limits.items() if value is not None)
    return f"drawing.{BUILDERS[scalar.runtime]}({options})"


def _form(pattern: str | None, longest: int) -> str:
    if pattern is None or any(re.search(pattern, sample) for sample in UNFIT):
        return ""
    fitting = (
        form
        for form, samples in FORMS.items()
        if all(len(sample) <= longest and re.search(pattern, sample) for sample in samples)
    )
    return next(fitting, "")
