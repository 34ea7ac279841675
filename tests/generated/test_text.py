"""Field by field, value by value: the package is what the tables of the official text and of GIREVE's guide say."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

import pytest
from pydantic import ValidationError
from pydantic_core import from_json, to_json

from ocpi211.models import GeoLocation, Hours
from ocpi211_runtime.problems import problems_of
from tests.generated.described import (
    DOCUMENT,
    ENUMS,
    MODELS,
    OBJECTS,
    SCHEMAS,
    Json,
    parsed,
    schema_problems,
    smallest,
    validator,
)
from tests.generated.text_tables import CLASSES, GIREVE, GIREVE_ENUMS
from tests.generated.text_tables import ENUMS as ENUMS_OF_THE_TEXT

if TYPE_CHECKING:
    from collections.abc import Mapping

SCALARS = {"DateTime": {"DateTime"}, "URL": {"URL"}, "number": {"Number"}, "boolean": set[str](), "int": set[str]()}
STRINGS = {"string": {"String", "Text", "Secret", "Degrees"}, "CiString": {"CiString"}}
# The text bounds an int by its digits, a weekday by its meaning.
BOUNDS = {"Image.width": (0, 99999), "Image.height": (0, 99999), "RegularHours.weekday": (1, 7)}


def tables() -> dict[str, list[str]]:
    merged: defaultdict[str, list[str]] = defaultdict(list)
    for some in (CLASSES, GIREVE):
        for name, row in some.items():
            merged[name] += row.split()
    return merged


FIELDS = [f"{name}.{row}" for name, rows in tables().items() for row in rows]


def facts(field: str) -> tuple[str, str, str, str]:
    """`Token.uid:string(36):1` → Token, uid, string(36), 1."""
    name, row = field.split(".", 1)
    return name, *row.split(":")  # type: ignore[return-value]


def type_of(schema: Json) -> str:
    """What the text would call the type of a schema."""
    name = str(schema.get("$ref", "")).rsplit("/", 1)[-1]
    if name in ENUMS or name in OBJECTS:
        return name
    if not name:
        return "int" if schema["type"] == "integer" else str(schema["type"])
    written = next((kind for kind, names in (STRINGS | SCALARS).items() if name in names), name)
    return f"{written}({schema['maxLength']})" if written in STRINGS else written


def told(name: str, field: str) -> tuple[str, str]:
    """(type, cardinality) of a property, as the text would tell it."""
    schema = SCHEMAS[name]["properties"][field]
    required = field in SCHEMAS[name].get("required", ())
    assert ("anyOf" in schema) is not required
    bare = schema if required else schema["anyOf"][0]
    if bare.get("type") != "array":
        return type_of(bare), "1" if required else "?"
    assert (bare.get("minItems") == 1) is required
    return type_of(bare["items"]), "+" if required else "*"


@pytest.mark.requirement("TY-SHAPE-01", "TY-DISP-01", "TY-STR-06", "CRED-OBJ-01", "LOC-OBJ-03", "LOC-IMG-01")
@pytest.mark.requirement("CDR-OBJ-04", "CDR-CPO-01", "LOC-CPO-01", "SES-CPO-02", "TAR-CPO-01", "TOK-EMSP-01")
@pytest.mark.requirement("VER-LIST-03", "VER-DET-01", "GIR-AUTH-01", "GIR-CDR-07", "GIR-TAR-02", "GIR-TAR-03")
class TestFields:
    def test_there_are_no_others(self) -> None:
        assert {name: list(SCHEMAS[name]["properties"]) for name in OBJECTS} == {
            name: [row.split(":")[0] for row in rows] for name, rows in tables().items()
        }

    @pytest.mark.parametrize("field", FIELDS)
    def test_has_the_type_and_cardinality_of_the_text(self, field: str) -> None:
        name, key, kind, cardinality = facts(field)
        # A choice of two in the text, so neither can be required.
        cardinality = "?" if field.startswith("Hours.twentyfourseven:") else cardinality
        assert told(name, key) == (re.sub(r"int\(\d\)", "int", kind), cardinality)

    @pytest.mark.parametrize("field", FIELDS)
    def test_gireve_is_named_where_it_adds(self, field: str) -> None:
        name, key, kind, cardinality = facts(field)
        added = f"{key}:{kind}:{cardinality}" in GIREVE.get(name, "").split()
        origins = {SCHEMAS[name].get("x-ocpi-origin"), SCHEMAS[name]["properties"][key].get("x-ocpi-origin")}
        assert ("GIREVE" in origins) is added

    @pytest.mark.parametrize(("field", "bounds"), BOUNDS.items())
    def test_an_int_has_the_bounds_of_the_text(self, field: str, bounds: tuple[int, int]) -> None:
        name, key = field.split(".")
        schema = SCHEMAS[name]["properties"][key]
        bare = schema.get("anyOf", [schema])[0]
        assert (bare["minimum"], bare["maximum"]) == bounds


@pytest.mark.requirement("TY-ENUM-02", "GIR-TAR-03")
@pytest.mark.parametrize("name", ENUMS)
class TestEnums:
    def test_has_the_values_of_the_text(self, name: str) -> None:
        values = [*ENUMS_OF_THE_TEXT.get(name, "").split(), *GIREVE_ENUMS.get(name, "").split()]
        assert values == [member.value for member in ENUMS[name]]
        assert values == SCHEMAS[name]["enum"]


def refuses(name: str, changes: Mapping[str, object]) -> set[str]:
    """The pointers that all three refuse: both readings and the JSON schema."""
    value = smallest(name) | dict(changes)
    found: list[set[str]] = [{pointer for pointer, _ in schema_problems(validator(name), value)}]
    for strict in (True, None):
        try:
            MODELS[name].model_validate_json(to_json(value), strict=strict)
        except ValidationError as error:
            found.append({problem.pointer for problem in problems_of(error)})
        else:
            found.append(set())
    assert found[0] == found[1] == found[2]
    return found[0]


class TestForms:
    @pytest.mark.requirement("LOC-OBJ-02")
    @pytest.mark.parametrize("name", ["GeoLocation", "AdditionalGeoLocation"])
    def test_degrees_have_a_point_and_six_decimals(self, name: str) -> None:
        for value in ("50.770774", "-0.000001", "90.000000", "5.729944"):
            assert refuses(name, {"latitude": value, "longitude": f"-1{value.removeprefix('-')[-9:]}"}) == set()
        malformed: list[object] = ["50,770774", "+50.770774", "50.", ".770774", "1500.770774", 50.770774, "x", ""]
        for wrong in malformed:
            assert refuses(name, {"latitude": wrong}) == {"/latitude"}
        assert refuses(name, {"longitude": "-126.104965"}) == set()

    @pytest.mark.requirement("LOC-OBJ-02", "LOC-OBJ-14")
    @pytest.mark.parametrize("value", ["50.77077", "50.7707745", "50", "150.770774", "50.77077400000001"])
    def test_a_coordinate_with_other_decimals_costs_no_location(self, value: str) -> None:
        written = to_json({"latitude": value, "longitude": "5.729944"})
        assert GeoLocation.model_validate_json(written).latitude == value
        assert schema_problems(validator("GeoLocation"), from_json(written)) == {("/latitude", "pattern")} | (
            {("/latitude", "maxLength")} if len(value) > 10 else set()
        )
        with pytest.raises(ValidationError):
            GeoLocation.model_validate_json(written, strict=True)

    @pytest.mark.requirement("LOC-OBJ-05")
    def test_regular_hours_are_a_weekday_and_two_times(self) -> None:
        for weekday in (0, 8):
            assert refuses("RegularHours", {"weekday": weekday}) == {"/weekday"}
        for time in ("00:00", "09:30", "19:59", "23:59"):
            assert refuses("RegularHours", {"period_begin": time, "period_end": time, "weekday": 7}) == set()
        for time in ("24:00", "9:30", "09:60", "0930", "09:30:00", ""):
            assert refuses("RegularHours", {"period_begin": time}) == {"/period_begin"}

    @pytest.mark.requirement("TAR-OBJ-04", "GIR-TAR-02")
    @pytest.mark.parametrize(
        "field",
        [
            "TariffRestrictions.start_time",
            "TariffRestrictions.end_time",
            *(f"TariffTimeRestriction.{key}" for key in ("start_time", "end_time", "start_time_2", "end_time_2")),
        ],
    )
    def test_times_of_tariffs_are_hours_and_minutes(self, field: str) -> None:
        name, key = field.split(".")
        assert [time for time in ("00:00", "23:59") if refuses(name, {key: time})] == []
        assert [time for time in ("24:00", "7:00", "07:60", "7pm") if not refuses(name, {key: time})] == []

    @pytest.mark.requirement("TAR-OBJ-04")
    @pytest.mark.parametrize("key", ["start_date", "end_date"])
    def test_dates_of_tariffs_are_year_month_day(self, key: str) -> None:
        assert refuses("TariffRestrictions", {key: "2015-12-24"}) == set()
        for date in ("24-12-2015", "2015/12/24", "2015-12-4", "2015-12-24T00:00:00Z"):
            assert refuses("TariffRestrictions", {key: date}) == {f"/{key}"}

    @pytest.mark.requirement("TF-AUTH-03")
    def test_a_token_is_printable_without_white_space(self) -> None:
        every = "".join(map(chr, range(0x21, 0x7F)))
        for token in ("t", every[:64], every[-64:]):
            assert refuses("Credentials", {"token": token}) == set()
        for token in ("", "a b", " a", "a\t", "\u00e9", "x" * 65):
            assert refuses("Credentials", {"token": token}) == {"/token"}

    @pytest.mark.requirement("VER-LIST-02")
    def test_a_version_is_a_string(self) -> None:
        assert refuses("Version", {"version": "2.1.1"}) == set()
        assert refuses("Version", {"version": 2.1}) == {"/version"}

    @pytest.mark.requirement("VER-LIST-03", "VER-DET-01", "TY-STR-03")
    @pytest.mark.parametrize("name", ["Version", "Endpoint"])
    def test_urls_are_absolute(self, name: str) -> None:
        for url in ("/ocpi/2.1.1", "cpo.example/ocpi", "https://cpo.example/a b", ""):
            assert refuses(name, {"url": url}) == {"/url"}

    @pytest.mark.requirement("CMD-CPO-12")
    @pytest.mark.parametrize("name", ["StartSession", "ReserveNow"])
    def test_a_command_may_leave_the_evse_open(self, name: str) -> None:
        assert "evse_uid" not in smallest(name)
        assert refuses(name, {}) == refuses(name, {"evse_uid": None}) == set()

    @pytest.mark.requirement("TAR-OBJ-03")
    def test_a_free_tariff_is_flat_and_costs_nothing(self) -> None:
        free = {"type": "FLAT", "price": 0, "step_size": 0}
        assert refuses("Tariff", {"elements": [{"price_components": [free]}]}) == set()

    @pytest.mark.requirement("TAR-CPO-01", "CDR-OBJ-04", "LOC-OBJ-03")
    def test_lists_of_at_least_one_are_so_at_any_depth(self) -> None:
        period = {"start_date_time": "2026-01-01T00:00:00Z", "dimensions": []}
        assert refuses("Tariff", {"elements": [{"price_components": []}]}) == {"/elements/0/price_components"}
        assert refuses("CDR", {"charging_periods": [period]}) == {"/charging_periods/0/dimensions"}
        assert refuses("Location", {"evses": [smallest("EVSE") | {"connectors": []}]}) == {"/evses/0/connectors"}


@pytest.mark.requirement("LOC-HOURS-01")
class TestHours:
    WEEKLY = ({"weekday": 1, "period_begin": "08:00", "period_end": "20:00"},)

    def test_always_open_excludes_regular_hours(self) -> None:
        assert refuses("Hours", {"twentyfourseven": True, "regular_hours": list(self.WEEKLY)}) == {""}

    def test_false_beside_hours_or_either_alone_is_accepted(self) -> None:
        for given in (
            {"twentyfourseven": False, "regular_hours": list(self.WEEKLY)},
            {"regular_hours": list(self.WEEKLY)},
            {"twentyfourseven": True},
            {"twentyfourseven": True, "regular_hours": []},
            {},
        ):
            assert refuses("Hours", given) == set()
            assert parsed(Hours.model_validate(given)) == given


class TestInterfaces:
    @pytest.mark.requirement("CRED-IF-01")
    @pytest.mark.parametrize("role", ["cpo", "emsp"])
    def test_credentials_are_got_posted_put_and_deleted(self, role: str) -> None:
        item = DOCUMENT["paths"][f"/{role}/2.1.1/credentials"]
        assert {"get", "post", "put", "delete"} == set(item) & {"get", "post", "put", "patch", "delete"}

    @pytest.mark.requirement("GIR-HDR-02")
    def test_two_lists_take_the_party_they_are_asked_of(self) -> None:
        named: dict[str, set[str]] = {}
        for path, item in DOCUMENT["paths"].items():
            for parameter in (one for one in item.get("get", {}).get("parameters", ()) if one.get("in") == "header"):
                assert not parameter.get("required")
                named.setdefault(path, set()).add(parameter["name"])
        both = {"ocpi-to-country-code", "ocpi-to-party-id"}
        assert named == {"/emsp/2.1.1/tokens": both, "/cpo/2.1.1/locations": both}
