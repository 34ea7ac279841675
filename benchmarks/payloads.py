"""The bytes that are measured: made up, shaped like what a hub sends, no two values alike where real ones differ."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

EXAMPLES = Path(__file__).parents[1] / "spec" / "examples"


def _moment(index: int) -> str:
    return f"2026-03-01T09:{index // 60 % 60:02}:{index % 60:02}Z"


def connector(index: int) -> dict[str, Any]:
    """One Connector with all it usually has."""
    return {
        "id": str(index + 1),
        "standard": "IEC_62196_T2",
        "format": "SOCKET",
        "power_type": "AC_3_PHASE",
        "voltage": 230,
        "amperage": 32,
        "tariff_id": f"EXA-{index}",
        "last_updated": _moment(index),
    }


def evse(index: int, connectors: int) -> dict[str, Any]:
    """One EVSE with so many Connectors."""
    return {
        "uid": f"FR*EXA*E{index:06}",
        "evse_id": f"FR*EXA*E{index:06}",
        "status": "AVAILABLE",
        "capabilities": ["RFID_READER", "REMOTE_START_STOP_CAPABLE"],
        "connectors": [connector(number) for number in range(connectors)],
        "floor_level": "-1",
        "coordinates": {"latitude": f"48.8{index:05}", "longitude": f"2.3{index:05}"},
        "physical_reference": str(index),
        "last_updated": _moment(index),
    }


def location(evses: int, connectors: int, first: int = 0) -> dict[str, Any]:
    """One Location with so many EVSEs of so many Connectors, numbered from the first one on."""
    return {
        "id": f"EXA-{first + 1:04}",
        "type": "PARKING_GARAGE",
        "name": "Gare centrale, niveau -1",
        "address": "Rue du Marché 12",
        "city": "Besançon",
        "postal_code": "25000",
        "country": "FRA",
        "coordinates": {"latitude": "47.237829", "longitude": "6.024054"},
        "evses": [evse(first + number, connectors) for number in range(evses)],
        "operator": {"name": "Example Charging", "website": "https://charging.example"},
        "time_zone": "Europe/Paris",
        "last_updated": _moment(1),
    }


def cdr(periods: int, first: int = 0) -> dict[str, Any]:
    """One CDR with so many charging periods, each with its energy and its time; `first` tells CDRs apart."""
    return {
        "id": f"EXA-CDR-{first + 1:06}",
        "start_date_time": "2026-03-01T09:00:00Z",
        "stop_date_time": "2026-03-01T16:30:00Z",
        "auth_id": "FR-EMP-C00000001-4",
        "authorization_id": "6f1a5d0e-53a1-4bb5-9b0e-1d9b7a2f1c11",
        "auth_method": "AUTH_REQUEST",
        "location": location(1, 1, first),
        "meter_id": "METER-0815",
        "currency": "EUR",
        "tariffs": [
            {
                "id": "EXA-0",
                "currency": "EUR",
                "elements": [{"price_components": [{"type": "ENERGY", "price": 0.35, "step_size": 1}]}],
                "last_updated": _moment(2),
            }
        ],
        "charging_periods": [
            {
                "start_date_time": f"2026-03-01T{9 + number // 4:02}:{number % 4 * 15:02}:00Z",
                "dimensions": [
                    {"type": "ENERGY", "volume": round(2.5 + (first + number) * 0.0137, 4)},
                    {"type": "TIME", "volume": 0.25},
                ],
            }
            for number in range(periods)
        ],
        "total_cost": 27.4536,
        "total_energy": 81.3412,
        "total_time": 7.5,
        "remark": "Ended by the driver",
        "last_updated": _moment(3),
    }


def full_cdr(periods: int, first: int = 0) -> dict[str, Any]:
    """The same periods in a CDR, and at a Location, that leave no field out; from the examples of the spec."""
    whole = _example("cdrs/valid/cdr_full.json")
    place = _example("locations/valid/location_full.json")
    place["evses"] = [place["evses"][0] | {"connectors": place["evses"][0]["connectors"][:1]}]
    return whole | {"location": place, "charging_periods": cdr(periods, first)["charging_periods"]}


def _example(name: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads((EXAMPLES / name).read_text(encoding="utf-8"))["value"]
    return value


def token(index: int) -> dict[str, Any]:
    """One Token."""
    return {
        "uid": f"{index:014X}",
        "type": "RFID",
        "auth_id": f"FR-EMP-C{index:08}-4",
        "visual_number": f"EMP {index:08}",
        "issuer": "Example Mobility",
        "valid": True,
        "whitelist": "ALLOWED",
        "language": "fr",
        "last_updated": _moment(index),
    }


def page(items: list[dict[str, Any]]) -> dict[str, Any]:
    """A page as it stands in an answer."""
    return {"data": items, "status_code": 1000, "status_message": "Success", "timestamp": _moment(0)}


def encoded(value: object) -> bytes:
    """Compact JSON in UTF-8."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
