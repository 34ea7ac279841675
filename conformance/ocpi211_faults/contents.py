"""Faults of what lists hold: spelling, cardinality, and what does not go together."""

from collections.abc import Callable
from typing import Any, Final

from ocpi211_check.catalogue import Role
from ocpi211_faults.fault import Fault, Json, Spoil
from ocpi211_faults.making import objects, to

__all__ = ["CONTENTS"]

GIREVE: Final = "gireve-1.2.2"


def each(module: str, change: Callable[[Json], Any]) -> Spoil:
    """Something else in every object of a list, and of one object read by itself."""
    return objects(to("GET", about=f"list_{module}"), change)


def evses(change: Callable[[Json], Any]) -> Spoil:
    """In the first EVSE of every Location."""
    return each("locations", lambda location: change(location["evses"][0]))


def plugs(change: Callable[[Json], Any]) -> Spoil:
    """In its first Connector."""
    return evses(lambda evse: change(evse["connectors"][0]))


def put(**fields: object) -> Callable[[Json], Any]:
    """These fields in place of what is there."""
    return lambda found: found.update(fields)


def _image(**fields: object) -> Json:
    return {"url": "https://example.com/a.png", "category": "LOCATION", "type": "png", **fields}


def _period(begin: str, end: str) -> Json:
    return {"weekday": 1, "period_begin": begin, "period_end": end}


def _exception() -> list[Json]:
    return [{"period_begin": "2024-05-06T00:00:00Z", "period_end": "2024-05-07T00:00:00Z"}]


def _element(**limits: object) -> Json:
    return {"price_components": [{"type": "ENERGY", "price": 1, "step_size": 1}], "restrictions": limits}


def _component(**fields: object) -> list[Json]:
    return [{"price_components": [{"type": "ENERGY", "price": 1, "step_size": 1, **fields}]}]


_LOCATIONS: dict[str, tuple[tuple[str, ...], Spoil]] = {
    "an offset": (("TY-DT-01",), each("locations", put(last_updated="2024-05-06T07:00:00+02:00"))),
    "+00:00": (("TY-DT-02",), each("locations", put(last_updated="2024-05-06T07:00:00+00:00"))),
    "microseconds": (("TY-DT-04", "TY-DT-05"), each("locations", put(last_updated="2024-05-06T07:00:00.123456Z"))),
    "an int as a string": (("TY-NUM-05",), plugs(put(voltage="230"))),
    "a uid that is not ASCII": (("TY-STR-02",), evses(put(uid="\u00e9"))),
    "a relative URL of terms": (("TY-STR-03",), plugs(put(terms_and_conditions="terms.html"))),
    "a control character": (("TY-STR-04",), each("locations", put(name="a\x07b"))),
    "a long name": (("TY-STR-06",), each("locations", put(city="x" * 46))),
    "a long language": (("TY-DISP-01",), each("locations", put(directions=[{"language": "eng", "text": "left"}]))),
    "markup": (("TY-DISP-02",), each("locations", put(directions=[{"language": "en", "text": "<b>left</b>"}]))),
    "an unknown value": (("TY-ENUM-02",), each("locations", put(type="SOMEWHERE"))),
    "a missing field": (("TY-CARD-03", "LOC-CPO-01", "TY-SHAPE-01"), each("locations", lambda o: o.pop("postal_code"))),
    "no Connectors": (("TY-CARD-04", "LOC-OBJ-03"), evses(put(connectors=[]))),
    "null": (("TY-OUT-01",), each("locations", put(images=None))),
    "camelCase": (("TY-NAME-01",), each("locations", put(postalCode="1"))),
    "a part younger than the whole": (("LOC-CPO-03",), plugs(put(last_updated="2030-01-01T00:00:00Z"))),
    "two letters": (("LOC-OBJ-01",), each("locations", put(country="FR"))),
    "five decimals": (
        ("LOC-OBJ-02",),
        each("locations", put(coordinates={"latitude": "1.00000", "longitude": "2.000000"})),
    ),
    "a place beyond the pole": (
        ("LOC-OBJ-06",),
        each("locations", put(coordinates={"latitude": "95.000000", "longitude": "2.000000"})),
    ),
    "percentages": (
        ("LOC-OBJ-04",),
        each(
            "locations",
            put(energy_mix={"is_green_energy": True, "energy_sources": [{"source": "WIND", "percentage": 50}]}),
        ),
    ),
    "the 25th hour": (
        ("LOC-OBJ-05",),
        each("locations", put(opening_times={"regular_hours": [_period("07:00", "25:00")]})),
    ),
    "hours that end first": (
        ("LOC-OBJ-08",),
        each("locations", put(opening_times={"regular_hours": [_period("18:00", "07:00")]})),
    ),
    "always and by weekday": (
        ("LOC-HOURS-01",),
        each("locations", put(opening_times={"twentyfourseven": True, "regular_hours": [_period("07:00", "18:00")]})),
    ),
    "open and closed": (
        ("LOC-OBJ-13",),
        each(
            "locations",
            put(opening_times={"exceptional_openings": _exception(), "exceptional_closings": _exception()}),
        ),
    ),
    "two Connectors of one id": (
        ("LOC-OBJ-07",),
        evses(lambda e: e["connectors"][1].update(id=e["connectors"][0]["id"])),
    ),
    "another EVSE id": (("LOC-OBJ-10", "TY-ID-01"), evses(put(evse_id="pole 7"))),
    "a time zone of nowhere": (("LOC-OBJ-11",), each("locations", put(time_zone="Mars/Olympus"))),
    "an image without a type": (("LOC-IMG-01",), each("locations", put(images=[_image(type="")]))),
}

_CHARGES: dict[str, tuple[tuple[str, ...], Spoil]] = {
    "no number": (("TY-NUM-01",), each("cdrs", put(total_cost="1.5"))),
    "a cost of five decimals": (("TY-NUM-02",), each("cdrs", put(total_cost=1.00001))),
    "an id that is not ASCII": (("TY-CI-01",), each("cdrs", put(id="\u00e9"))),
    "a currency of nowhere": (("TY-CUR-01",), each("cdrs", put(currency="euro"))),
    "no stop": (("CDR-CPO-01",), each("cdrs", lambda o: o.pop("stop_date_time"))),
    "a long time": (("CDR-OBJ-01",), each("cdrs", put(total_time=9))),
    "more energy": (("CDR-OBJ-02",), each("cdrs", put(total_energy=99))),
    "two EVSEs": (("CDR-OBJ-03",), each("cdrs", lambda o: o["location"].update(evses=o["location"]["evses"] * 2))),
    "no period": (("CDR-OBJ-04",), each("cdrs", put(charging_periods=[]))),
    "a Session without its kwh": (("SES-CPO-02",), each("sessions", lambda o: o.pop("kwh"))),
    "a Session with two EVSEs": (
        ("SES-OBJ-01",),
        each("sessions", lambda o: o["location"].update(evses=o["location"]["evses"] * 2)),
    ),
    "over without an end": (("SES-OBJ-02",), each("sessions", lambda o: o.pop("end_datetime", None))),
    "a Tariff without elements": (("TAR-CPO-01",), each("tariffs", put(elements=[]))),
    "the last element is limited": (("TAR-OBJ-01",), each("tariffs", put(elements=[_element(min_kwh=1)]))),
    "a step of none": (("TAR-OBJ-03",), each("tariffs", put(elements=_component(step_size=0)))),
    "at half past": (("TAR-OBJ-04",), each("tariffs", put(elements=[_element(start_time="7:30"), *_component()]))),
}

_HUB: dict[str, tuple[tuple[str, ...], Spoil]] = {
    "no evse_id": (("GIR-LOC-01",), evses(lambda e: e.pop("evse_id"))),
    "another operator's evse_id": (("GIR-LOC-02",), evses(put(evse_id="DE*XYZ*E1"))),
    "no owner": (("GIR-LOC-03",), each("locations", lambda o: o.pop("owner"))),
    "no capabilities": (("GIR-LOC-04",), evses(put(capabilities=[]))),
    "a long authorization_id": (("GIR-AUTH-01",), each("cdrs", put(authorization_id="x" * 37))),
    "signed by nobody": (("GIR-CDR-07",), each("cdrs", put(signed_data={"encoding_method": ""}))),
}


def _faults(table: dict[str, tuple[tuple[str, ...], Spoil]], role: Role = "cpo", **more: Any) -> tuple[Fault, ...]:
    return tuple(Fault(name, breaks, spoil, roles=(role,), **more) for name, (breaks, spoil) in table.items())


CONTENTS = (
    *_faults(_LOCATIONS),
    *_faults(_CHARGES),
    *_faults(_HUB, profile=GIREVE),
    Fault("a Token without an issuer", ("TOK-EMSP-01",), each("tokens", lambda o: o.pop("issuer")), roles=("emsp",)),
    Fault(
        "a uid that is not RFID's", ("GIR-TOK-04",), each("tokens", put(uid="card")), roles=("emsp",), profile=GIREVE
    ),
)
