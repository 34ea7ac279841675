"""Sessions, CDRs and Tariffs: what holds between their fields (mod_sessions.md, mod_cdrs.md, mod_tariffs.md)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ocpi211_check.rules.reading import moment, number, objects
from ocpi211_check.rules.tally import Tally, shown

__all__ = ["judge_cdr", "judge_session", "judge_tariff"]

_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LEEWAY = 0.05  # hours: systems round
_NO_COST = "[?]"  # how GIREVE's hub says that total_cost means nothing
_DIMENSIONS: Mapping[str, tuple[str, str]] = {
    "ENERGY": ("ENERGY", "total_energy"),
    "TIME": ("TIME", "total_time"),
    "PARKING_TIME": ("PARKING_TIME", "total_parking_time"),
}
"""What has a price → the dimension that shows how much of it was used, and the total that says that some was."""

Object = Mapping[str, Any]


def judge_session(tally: Tally, session: Object) -> None:
    """A Session."""
    _one_connector(tally, "SES-OBJ-01", session)
    if session.get("status") == "COMPLETED":
        tally.check("SES-OBJ-02", bool(session.get("end_datetime")), "/end_datetime", "COMPLETED without an end")


def judge_cdr(tally: Tally, cdr: Object) -> None:
    """A CDR."""
    _one_connector(tally, "CDR-OBJ-03", cdr)
    _times(tally, cdr)
    periods = [period for _, period in objects(cdr.get("charging_periods"))]
    full = bool(periods) and all(list(objects(period.get("dimensions"))) for period in periods)
    tally.check("CDR-OBJ-04", full, "/charging_periods", "no period, or one without dimensions")
    volumes = [
        number(dimension.get("volume"))
        for period in periods
        for _, dimension in objects(period.get("dimensions"))
        if dimension.get("type") == "ENERGY"
    ]
    total = number(cdr.get("total_energy"))
    if volumes and total is not None and None not in volumes:
        given = sum(volume for volume in volumes if volume is not None)
        tally.check(
            "CDR-OBJ-02",
            abs(given - total) <= max(0.01 * total, 0.001),
            "/total_energy",
            f"{total}, but the ENERGY volumes add up to {given:g}",
        )
    for index, tariff in objects(cdr.get("tariffs")):
        judge_tariff(tally, tariff, f"/tariffs/{index}")
    _priced(tally, cdr, periods)


def _priced(tally: Tally, cdr: Object, periods: list[Object]) -> None:
    """What the Tariffs of a CDR and its cost, its dimensions say of each other."""
    tariffs = [tariff for _, tariff in objects(cdr.get("tariffs"))]
    prices = [
        [(component.get("type"), number(component.get("price"))) for _, component in objects(part)]
        for tariff in tariffs
        for _, element in objects(tariff.get("elements"))
        for part in [element.get("price_components")]
    ]
    if not prices:
        return
    if number(cdr.get("total_cost")) == 0 and not str(cdr.get("remark") or "").startswith(_NO_COST):
        free = any(element and all(price == 0 for _, price in element) for element in prices)
        tally.check("CDR-OBJ-06", free, "/tariffs", "total_cost is 0, and no Tariff is free")
    given = {dimension.get("type") for period in periods for _, dimension in objects(period.get("dimensions"))}
    for priced, (dimension, total) in _DIMENSIONS.items():
        asked = any(kind == priced and price for element in prices for kind, price in element)
        used = number(cdr.get(total)) or 0
        if priced == "TIME":  # that of charging alone
            used -= number(cdr.get("total_parking_time")) or 0
        if asked and used > 0:
            text = f"{priced} has a price, and no dimension"
            tally.check("CDR-PUSH-02", dimension in given, "/charging_periods", text)


def _times(tally: Tally, cdr: Object) -> None:
    start, stop = moment(cdr.get("start_date_time")), moment(cdr.get("stop_date_time"))
    hours, parking = number(cdr.get("total_time")), number(cdr.get("total_parking_time"))
    if not start or not stop:
        return
    lasted = (stop - start).total_seconds() / 3600
    begun = [moment(period.get("start_date_time")) for _, period in objects(cdr.get("charging_periods"))]
    known = [begin for begin in begun if begin]
    faults = [
        (
            hours is not None and abs(hours - lasted) > _LEEWAY,
            f"total_time is {hours}, stop minus start {lasted:.4g} h",
        ),
        (
            parking is not None and hours is not None and parking > hours + _LEEWAY,
            "total_parking_time above total_time",
        ),
        (known != sorted(known), "the periods do not ascend"),
        (any(not start <= begin <= stop for begin in known), "a period begins outside of start and stop"),
    ]
    wrong = [text for broken, text in faults if broken]
    tally.check("CDR-OBJ-01", not wrong, "/", "; ".join(wrong))


def _one_connector(tally: Tally, id_: str, charged: Object) -> None:
    location = charged.get("location")
    if not isinstance(location, Mapping):
        return
    evses = [evse for _, evse in objects(location.get("evses"))]
    connectors = [connector for evse in evses for connector in objects(evse.get("connectors"))]
    found = f"{len(evses)} EVSEs with {len(connectors)} Connectors"
    tally.check(id_, len(evses) == 1 and len(connectors) == 1, "/location/evses", f"{found}, not the one that was used")


def judge_tariff(tally: Tally, tariff: Object, where: str = "") -> None:
    """A Tariff."""
    elements = [element for _, element in objects(tariff.get("elements"))]
    if elements:
        last = elements[-1].get("restrictions")
        bare = not last or not any(value not in (None, [], "") for value in last.values())
        tally.check("TAR-OBJ-01", bare, f"{where}/elements", "the last element has restrictions: no price for the rest")
    for index, element in enumerate(elements):
        place = f"{where}/elements/{index}"
        for position, component in objects(element.get("price_components")):
            free = component.get("type") == "FLAT" and number(component.get("price")) == 0
            size = component.get("step_size")
            if free or size == 0:
                ok = isinstance(size, int) and (size >= 0 if free else size > 0)
                why = f"step_size {shown(size)} of a component that is not free"
                tally.check("TAR-OBJ-03", ok, f"{place}/price_components/{position}", why)
        limits = element.get("restrictions")
        if isinstance(limits, Mapping):
            _restrictions(tally, limits, f"{place}/restrictions")


def _restrictions(tally: Tally, limits: Object, where: str) -> None:
    for name, form in (("start_time", _TIME), ("end_time", _TIME), ("start_date", _DATE), ("end_date", _DATE)):
        value = limits.get(name)
        if value:
            ok = isinstance(value, str) and bool(form.fullmatch(value))
            tally.check("TAR-OBJ-04", ok, f"{where}/{name}", f"{shown(value)} is not of its form")
