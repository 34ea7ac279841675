"""What GIREVE's hub demands of objects beyond the text (gireve:cpo_locations.md, integration_guidelines.md)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ocpi211_check.rules.reading import objects
from ocpi211_check.rules.tally import Tally, shown

__all__ = ["judge_charge_for_hub", "judge_location_for_hub", "judge_tariff_for_hub", "judge_token_for_hub"]

_RFID = re.compile(r"[0-9A-Fa-f]{8}|[0-9A-Fa-f]{14}")
_TIME = re.compile(r"([0-1][0-9]|2[0-3]):[0-5][0-9]")
_GRANULARITY = {"UNIT", "TENTH", "HUNDRETH", "THOUSANDTH"}
_ROUNDING = {"ROUND_UP", "ROUND_DOWN", "ROUND_NEAR"}

Object = Mapping[str, Any]


def judge_location_for_hub(tally: Tally, location: Object, operator: str = "") -> None:
    """A Location; `operator` is the operator id its EVSE ids have to begin with, as `FR*ABC`, if known."""
    for whose in ("owner", "operator"):
        found = location.get(whose)
        ok = isinstance(found, Mapping) and bool(found.get("name"))
        tally.check("GIR-LOC-03", ok, f"/{whose}", f"no name of the {whose}")
    for index, evse in objects(location.get("evses")):
        if evse.get("status") == "REMOVED":
            continue
        where = f"/evses/{index}"
        name = evse.get("evse_id")
        tally.check("GIR-LOC-01", bool(name), f"{where}/evse_id", "missing")
        if name and operator:
            country, party = operator.split("*")
            wanted = re.compile(rf"{re.escape(country)}\*?{re.escape(party)}\*?E", re.IGNORECASE)
            ok = bool(wanted.match(str(name)))
            tally.check("GIR-LOC-02", ok, f"{where}/evse_id", f"{shown(name)} does not begin with {operator}*E")
        tally.check("GIR-LOC-04", bool(evse.get("capabilities")), f"{where}/capabilities", "missing")
        for position, connector in objects(evse.get("connectors")):
            place = f"{where}/connectors/{position}/tariff_id"
            tally.check("GIR-LOC-04", bool(connector.get("tariff_id")), place, "missing")


def judge_token_for_hub(tally: Tally, token: Object) -> None:
    """A Token."""
    if token.get("type") == "RFID":
        ok = bool(_RFID.fullmatch(str(token.get("uid"))))
        tally.check("GIR-TOK-04", ok, "/uid", f"{shown(token.get('uid'))} is not 8 or 14 hexadecimal digits")


def judge_charge_for_hub(tally: Tally, charge: Object) -> None:
    """A Session, a CDR or an AuthorizationInfo: the form of the authorization_id, and of signed_data."""
    given = charge.get("authorization_id")
    if given:
        ok = isinstance(given, str) and len(given) <= 36
        tally.check("GIR-AUTH-01", ok, "/authorization_id", f"{shown(given)} is longer than 36 characters")
    signed = charge.get("signed_data")
    if isinstance(signed, Mapping):
        ok = bool(signed.get("encoding_method")) and bool(list(objects(signed.get("signed_values"))))
        tally.check("GIR-CDR-07", ok, "/signed_data", "no encoding_method, or no signed_values")


def judge_tariff_for_hub(tally: Tally, tariff: Object) -> None:
    """A Tariff with what the hub adds to it."""
    limits = tariff.get("restriction") or tariff.get("restrictions")
    if isinstance(limits, Mapping):
        names = ("start_time", "end_time", "start_time_2", "end_time_2")
        ok = all(_TIME.fullmatch(str(limits[name])) for name in names if limits.get(name))
        tally.check("GIR-TAR-02", ok, "/restriction", f"{shown(dict(limits))} has a time that is not HH:MM")
    for index, element in objects(tariff.get("elements")):
        for position, component in objects(element.get("price_components")):
            rounds = [component[name] for name in ("price_round", "step_round") if component.get(name)]
            if rounds:
                ok = all(_rounds(entry) for entry in rounds)
                where = f"/elements/{index}/price_components/{position}"
                tally.check("GIR-TAR-03", ok, where, f"{shown(rounds)} is no rounding")


def _rounds(entry: object) -> bool:
    return (
        isinstance(entry, Mapping)
        and entry.get("round_granularity") in _GRANULARITY
        and entry.get("round_rule") in _ROUNDING
    )
