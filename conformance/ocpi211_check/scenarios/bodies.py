"""Bodies that are wrong, and bodies that are only spelt otherwise (status_codes.md, types.md, terminology.md)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ocpi211_check.bench import Raw
from ocpi211_check.fields import fields_of
from ocpi211_check.sameness import differences, without
from ocpi211_check.scenario import Scenario, scenario
from ocpi211_check.scenarios.kinds import KINDS, Kind, Stand
from ocpi211_check.scenarios.objects import bound

if TYPE_CHECKING:
    from ocpi211_check.evidence import Exchange

__all__ = ["body_scenarios"]

_TEXT = "Stra\u00dfe \u00e0 c\u00f4t\u00e9 \u5145\u96fb"
_WRONG = (
    "ST-400-01",
    "ST-400-02",
    "ST-200-01",
    "ST-2001-01",
    "ST-2001-03",
    "ST-2XXX-01",
    "TF-PUT-03",
    "TY-CARD-03",
    "TY-CARD-04",
    "TY-DT-07",
    "TY-STR-01",
    "TY-STR-04",
    "TY-STR-06",
)
_OTHERWISE = (
    "TY-CARD-01",
    "TY-CARD-02",
    "TY-DT-03",
    "TY-DT-06",
    "TY-NUM-03",
    "TY-STR-05",
    "TY-STR-07",
    "GIR-NULL-01",
)


async def _wrong(stand: Stand) -> None:
    """No JSON, no body, a required field missing, a value that cannot be."""
    bench, kind, id_ = stand.bench, stand.kind, stand.name("wrong")
    good = stand.make(id_)
    text = json.dumps(good).encode()
    for what, content in {
        "a body cut short": text[:-7],
        "a body that is not UTF-8": text[:-1] + b',"x":"\xff"}',
        "NaN": text[:-1] + b',"x":NaN}',
    }.items():
        answer = await stand.put(id_, Raw(content), odd=True)
        bench.that(answer.status == 400, "ST-400-01", f"{what}: {answer.told}", answer)
    answer = await stand.put(id_, Raw(b""), odd=True)
    bench.that(answer.refused, "ST-400-02", f"a PUT without a body: {answer.told}", answer)
    missing = await stand.put(id_, without(good, kind.required), odd=True)
    told = f"without {kind.required}: {missing.told}"
    bench.that(missing.refused, "TF-PUT-03", told, missing)
    bench.that(not missing.ok, "ST-2XXX-01", told, missing)
    bench.that(missing.code == 2001, "ST-2001-01", told, missing)
    bench.that(missing.status == 200 and missing.refused, "ST-200-01", told, missing)
    named = kind.required in json.dumps(missing.data)
    bench.that(named, "ST-2001-03", f"the refusal does not name {kind.required}", missing)
    for id_row, name, value in _impossible(stand):
        answer = await stand.put(id_, {**good, name: value}, odd=True)
        shown = json.dumps(value)[:40]
        bench.that(answer.refused, id_row, f"{name}: {shown} is answered {answer.told}", answer)
        if id_row in {"TY-CARD-03", "TY-DT-07"}:
            bench.that(not answer.ok, "ST-2XXX-01", f"{name}: {shown} is answered {answer.told}", answer)
    if kind.enum:
        await _another_case(stand, stand.name("case"))
    came = await stand.get(id_, odd=True)
    bench.that(not came.ok, "ST-2XXX-01", f"something of what was refused is stored: {came.told}", came)


async def _another_case(stand: Stand, id_: str) -> None:
    """A value of an enum in lower case: refused, or kept as it is, but not taken for the value."""
    good = stand.make(id_)
    lower = str(good[stand.kind.enum]).lower()
    answer, came = await stand.put(id_, {**good, stand.kind.enum: lower}, odd=True), await stand.get(id_, odd=True)
    kept = came.data.get(stand.kind.enum) if came.ok else None
    right = answer.refused or kept == lower
    text = f"{stand.kind.enum}: {lower!r} is answered {answer.told} and kept as {kept!r}"
    stand.bench.that(right, "TY-STR-01", text, answer, came)


def _impossible(stand: Stand) -> list[tuple[str, str, object]]:
    """(requirement, field, a value that it cannot have)."""
    kind = stand.kind
    found: list[tuple[str, str, object]] = [
        ("TY-CARD-03", kind.required, None),
        ("TY-DT-07", "last_updated", "2024-13-01T00:00:00Z"),
        ("TY-DT-07", "last_updated", "2024-05-06"),
        ("ST-2XXX-01", kind.required, {"not": "a string"}),
    ]
    if kind.text:
        found += [("TY-STR-04", kind.text, "a\x00b"), ("TY-STR-06", kind.text, "x" * 300)]
    if kind.at_least_one:
        found.append(("TY-CARD-04", kind.at_least_one, []))
    return found


async def _otherwise(stand: Stand) -> None:
    """Null and [] for what could be left out; other spellings of moments and numbers; names that are not ASCII."""
    bench, kind, id_ = stand.bench, stand.kind, stand.name("otherwise")
    optional = [field for field in fields_of(kind.model).values() if not field.required]
    bare = without(stand.make(id_), *(field.name for field in optional))
    nulls = {field.name: None for field in optional}
    answer, came = await _stored(stand, id_, {**bare, **nulls})
    other = differences(bare, came.data, frozenset({"last_updated"})) if came.ok else [came.told]
    bench.that(answer.ok and not other, "TY-CARD-01", f"null in every optional field: {answer.told}", answer, came)
    nothing: tuple[object, object] = (None, [])
    for value in nothing:
        empty = {field.name: value for field in optional if field.many}
        if empty:
            answer, came = await _stored(stand, id_, {**bare, **empty})
            left = [name for name in empty if came.ok and came.data.get(name)]
            told = f"{value!r} for the lists: {answer.told}, {left}"
            bench.that(answer.ok and came.ok and not left, "TY-CARD-02", told, answer, came)
    await _spelt(stand, id_, bare)
    blank = {field.name: "" for field in optional if getattr(field.form, "blank", False)}
    if blank:
        answer, _ = await _stored(stand, id_, {**bare, **blank})
        bench.that(answer.ok, "TY-STR-07", f"empty strings for {list(blank)}: {answer.told}", answer)
    hub = {**bare, **nulls, **{field.name: [] for field in optional if field.many}, **blank}
    if kind.noun == "location":
        logo = {"url": "https://example.com/l.png", "category": "OPERATOR", "type": "png", "width": 0, "height": 0}
        hub["operator"] = {"name": "OCPI-CHECK", "logo": logo}
    answer, _ = await _stored(stand, id_, hub)
    bench.that(answer.ok, "GIR-NULL-01", f"null, [] and '' as the hub sends them: {answer.told}", answer)


async def _spelt(stand: Stand, id_: str, bare: dict[str, Any]) -> None:
    bench, kind = stand.bench, stand.kind
    local = bench.clock.tick().removesuffix("Z")
    answer, came = await _stored(stand, id_, bare, local)
    same = answer.ok and came.ok and not differences(f"{local}Z", came.data.get("last_updated"))
    bench.that(same, "TY-DT-03", f"a DateTime without a zone: {answer.told}", answer, came)
    spelt = bench.clock.tick().removesuffix("Z") + ".123456+00:00"
    answer, _ = await _stored(stand, id_, bare, spelt)
    bench.that(answer.ok, "TY-DT-06", f"a DateTime with a fraction and an offset: {answer.told}", answer)
    if kind.number:
        answer, _ = await _stored(stand, id_, {**bare, kind.number: "7.5"})
        bench.that(answer.ok, "TY-NUM-03", f"a number as a string: {answer.told}", answer)
    if kind.text and kind.text != "meter_id":
        answer, came = await _stored(stand, id_, {**bare, kind.text: _TEXT})
        same = answer.ok and came.ok and came.data.get(kind.text) == _TEXT
        bench.that(same, "TY-STR-05", f"text that is not ASCII: {answer.told}", answer, came)


async def _stored(stand: Stand, id_: str, body: dict[str, Any], dated: str = "") -> tuple[Exchange, Exchange]:
    answer = await stand.put(id_, {**body, "last_updated": dated or stand.bench.clock.tick()})
    return answer, await stand.get(id_)


def _lacking(kind: Kind) -> set[str]:
    """What cannot be told of this kind: it has no such field."""
    has = {
        "TY-STR-01": kind.enum,
        "TY-STR-04": kind.text,
        "TY-STR-05": kind.text and kind.text != "meter_id",
        "TY-STR-06": kind.text,
        "TY-CARD-02": any(field.many for field in fields_of(kind.model).values()),
        "TY-CARD-04": kind.at_least_one,
        "TY-NUM-03": kind.number,
        "TY-STR-07": any(getattr(field.form, "blank", False) for field in fields_of(kind.model).values()),
    }
    return {id_ for id_, found in has.items() if not found}


def body_scenarios() -> list[Scenario]:
    """Two for each kind of object."""
    made: list[Scenario] = []
    for kind in KINDS:
        lacking = _lacking(kind)
        for what, play, covers in (("is wrong", _wrong, _WRONG), ("is spelt otherwise", _otherwise, _OTHERWISE)):
            told = [id_ for id_ in covers if id_ not in lacking]
            decorate = scenario(f"{kind.noun} {what}", *told, roles=(kind.role,), safety="own", module=kind.module)
            made.append(decorate(bound(play, kind)))
    return made
