"""Locations, EVSEs and Connectors: what holds between their fields (mod_locations.md)."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from functools import cache
from typing import Any

from ocpi211_check.rules.reading import moment, number, objects
from ocpi211_check.rules.tally import Tally, shown

__all__ = ["EMI3", "judge_evse", "judge_location"]

EMI3 = re.compile(r"[A-Z]{2}\*?[A-Z0-9]{3}\*?E[A-Z0-9*]{1,30}", re.IGNORECASE)
"""An EVSE id as eMI3 defines it, with and without its separators."""

_LATITUDE = re.compile(r"-?[0-9]{1,2}\.[0-9]{6}")
_LONGITUDE = re.compile(r"-?[0-9]{1,3}\.[0-9]{6}")
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_COUNTRY = re.compile(r"[A-Z]{3}")
_LOGOS = {"NETWORK", "OPERATOR", "OWNER"}
_LOGO, _PHOTO = (512, 512), (600, 800)
"""The shorter and the longer side, in pixels."""

Object = Mapping[str, Any]


@cache
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def judge_location(tally: Tally, location: Object, where: str = "") -> None:
    """A Location with everything in it."""
    country = location.get("country")
    if country is not None:
        ok = isinstance(country, str) and bool(_COUNTRY.fullmatch(country))
        tally.check("LOC-OBJ-01", ok, f"{where}/country", f"{shown(country)} is no code of three letters")
    _coordinates(tally, location.get("coordinates"), f"{where}/coordinates")
    zone = location.get("time_zone")
    if zone and _zones():
        tally.check("LOC-OBJ-11", zone in _zones(), f"{where}/time_zone", f"{shown(zone)} is not in the IANA database")
    _hours(tally, location.get("opening_times"), f"{where}/opening_times")
    _energy(tally, location.get("energy_mix"), f"{where}/energy_mix")
    _images(tally, location.get("images"), f"{where}/images")
    _logos(tally, location, where)
    for index, evse in objects(location.get("evses")):
        judge_evse(tally, evse, f"{where}/evses/{index}")
    _ages(tally, location, where)


def judge_evse(tally: Tally, evse: Object, where: str = "") -> None:
    """An EVSE with its Connectors."""
    connectors = [connector for _, connector in objects(evse.get("connectors"))]
    tally.check("LOC-OBJ-03", bool(connectors), f"{where}/connectors", "an EVSE without a Connector")
    ids = [connector.get("id") for connector in connectors]
    tally.check("LOC-OBJ-07", len(set(map(str, ids))) == len(ids), f"{where}/connectors", f"ids repeat: {shown(ids)}")
    name = evse.get("evse_id")
    if name:
        ok = isinstance(name, str) and bool(EMI3.fullmatch(name))
        tally.check("LOC-OBJ-10", ok, f"{where}/evse_id", f"{shown(name)} is not of eMI3's form")
        tally.check("TY-ID-01", ok, f"{where}/evse_id", f"{shown(name)} is not of eMI3's form")
    if evse.get("coordinates"):
        _coordinates(tally, evse["coordinates"], f"{where}/coordinates")
    _images(tally, evse.get("images"), f"{where}/images")


def _coordinates(tally: Tally, point: object, where: str) -> None:
    if not isinstance(point, Mapping):
        return
    latitude, longitude = point.get("latitude"), point.get("longitude")
    written = (
        isinstance(latitude, str)
        and isinstance(longitude, str)
        and bool(_LATITUDE.fullmatch(latitude))
        and bool(_LONGITUDE.fullmatch(longitude))
    )
    tally.check("LOC-OBJ-02", written, where, f"{shown(latitude)}, {shown(longitude)} are not strings of six decimals")
    with suppress(ValueError):
        north, east = float(str(latitude)), float(str(longitude))
        tally.check("LOC-OBJ-06", abs(north) <= 90 and abs(east) <= 180, where, f"{north}, {east} is not on the globe")


def _hours(tally: Tally, hours: object, where: str) -> None:
    if not isinstance(hours, Mapping):
        return
    always, regular = hours.get("twentyfourseven"), list(objects(hours.get("regular_hours")))
    tally.check("LOC-HOURS-01", not (always is True and regular), where, "twentyfourseven with regular_hours")
    for index, entry in regular:
        begin, end = str(entry.get("period_begin")), str(entry.get("period_end"))
        place = f"{where}/regular_hours/{index}"
        day = entry.get("weekday")
        ok = isinstance(day, int) and 1 <= day <= 7 and bool(_TIME.fullmatch(begin)) and bool(_TIME.fullmatch(end))
        tally.check("LOC-OBJ-05", ok, place, f"weekday {shown(day)} from {begin} to {end}")
        tally.check("LOC-OBJ-08", begin < end, place, f"ends at {end}, not after it begins at {begin}")
    openings = list(_periods(hours.get("exceptional_openings")))
    closings = list(_periods(hours.get("exceptional_closings")))
    if openings and closings:
        overlap = any(a < d and c < b for a, b in openings for c, d in closings)
        tally.check("LOC-OBJ-13", not overlap, where, "an exceptional closing overlaps an exceptional opening")


def _periods(value: object) -> Iterator[tuple[datetime, datetime]]:
    for _, entry in objects(value):
        begin, end = moment(entry.get("period_begin")), moment(entry.get("period_end"))
        if begin and end:
            yield begin, end


def _energy(tally: Tally, mix: object, where: str) -> None:
    sources = list(objects(mix.get("energy_sources"))) if isinstance(mix, Mapping) else []
    parts = [number(source.get("percentage")) for _, source in sources]
    if parts and None not in parts:
        total = sum(part for part in parts if part is not None)
        tally.check("LOC-OBJ-04", abs(total - 100) <= 0.5, f"{where}/energy_sources", f"percentages add up to {total}")


def _images(tally: Tally, images: object, where: str) -> None:
    for index, image in objects(images):
        sizes = [image.get(side) for side in ("width", "height") if image.get(side) is not None]
        ok = all(isinstance(size, int) and 0 <= size <= 99999 for size in sizes)
        ok = (
            ok and bool(image.get("url")) and bool(image.get("category")) and 0 < len(str(image.get("type") or "")) <= 4
        )
        tally.check("LOC-IMG-01", ok, f"{where}/{index}", f"url, category, type (4), sizes (5 digits): {shown(image)}")
        _large_enough(tally, image, f"{where}/{index}")


def _large_enough(tally: Tally, image: Object, where: str) -> None:
    """Where both sizes are told; 0 is how some say that they are not."""
    sides = [number(image.get("width")), number(image.get("height"))]
    least = _LOGO if image.get("category") in _LOGOS else _PHOTO
    known = sorted(side for side in sides if side)
    if len(known) == 2:
        ok = known[0] >= least[0] and known[1] >= least[1]
        tally.check("LOC-IMG-02", ok, where, f"{known[1]:g} by {known[0]:g} pixels, at least {least[1]} by {least[0]}")


def _logos(tally: Tally, location: Object, where: str) -> None:
    for whose in ("operator", "suboperator", "owner"):
        business = location.get(whose)
        logo = business.get("logo") if isinstance(business, Mapping) else None
        if isinstance(logo, Mapping):
            _large_enough(tally, logo, f"{where}/{whose}/logo")


def _ages(tally: Tally, location: Object, where: str) -> None:
    """None is older than a part of it."""
    whole = moment(location.get("last_updated"))
    for index, evse in objects(location.get("evses")):
        part = moment(evse.get("last_updated"))
        place = f"{where}/evses/{index}"
        if whole and part:
            tally.check("LOC-CPO-03", part <= whole, place, "last updated after its Location")
        for number_, connector in objects(evse.get("connectors")):
            smallest = moment(connector.get("last_updated"))
            if part and smallest:
                within = f"{place}/connectors/{number_}"
                tally.check("LOC-CPO-03", smallest <= part, within, "last updated after its EVSE")
