"""Made-up Locations, Tokens, Sessions and CDRs for the demonstration."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from ocpi211.models import CDR, Location, Session, Token

__all__ = ["cdr", "locations", "session", "tokens"]


def _stamp(minutes: float = 0) -> str:
    return (datetime.now(UTC) + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")


def locations(count: int) -> list[Location]:
    """Locations of FR*CPO with two EVSEs each."""
    return [Location.model_validate(_location(number)) for number in range(1, count + 1)]


def _location(number: int, evses: tuple[int, ...] = (1, 2)) -> dict[str, Any]:
    return {
        "id": f"LOC{number:03}",
        "type": "ON_STREET",
        "name": f"Place de la Démonstration {number}",
        "address": f"{number} rue de l'Exemple",
        "city": "Grenoble",
        "postal_code": "38000",
        "country": "FRA",
        "coordinates": {"latitude": f"45.{180000 + number:06}", "longitude": f"5.{720000 + number:06}"},
        "operator": {"name": "Exemple Recharge"},
        "owner": {"name": "Exemple Recharge"},
        "time_zone": "Europe/Paris",
        "last_updated": _stamp(),
        "evses": [_evse(number, evse) for evse in evses],
    }


def _evse(number: int, evse: int) -> dict[str, Any]:
    return {
        "uid": f"EVSE{number:03}-{evse}",
        "evse_id": f"FR*CPO*E{number:03}*{evse}",
        "status": "AVAILABLE",
        "capabilities": ["RFID_READER", "REMOTE_START_STOP_CAPABLE"],
        "last_updated": _stamp(),
        "connectors": [
            {
                "id": "1",
                "standard": "IEC_62196_T2",
                "format": "SOCKET",
                "power_type": "AC_3_PHASE",
                "voltage": 400,
                "amperage": 32,
                "tariff_id": "T1",
                "last_updated": _stamp(),
            }
        ],
    }


def tokens() -> list[Token]:
    """Tokens of FR*EMP: two cards that the provider wants to be asked about, and one for its app."""
    given = [("04A1B2C3", "RFID", "NEVER"), ("04D4E5F60718AA", "RFID", "NEVER"), ("APP-0001", "OTHER", "ALLOWED")]
    return [
        Token.model_validate(
            {
                "uid": uid,
                "type": kind,
                "auth_id": f"FR-EMP-C{number:08}",
                "visual_number": f"EMP {number:04}",
                "issuer": "Exemple Mobilité",
                "valid": True,
                "whitelist": whitelist,
                "last_updated": _stamp(),
            }
        )
        for number, (uid, kind, whitelist) in enumerate(given, 1)
    ]


def session(number: int, contract: str, authorization_id: str | None, *, place: int = 1) -> Session:
    """A Session that waits for the cable to be plugged."""
    return Session.model_validate(
        {
            "id": f"S{number:04}",
            "authorization_id": authorization_id,
            "start_datetime": _stamp(),
            "kwh": 0,
            "auth_id": contract,
            "auth_method": "AUTH_REQUEST",
            "location": _location(place, (1,)),
            "currency": "EUR",
            "charging_periods": [],
            "total_cost": 0,
            "status": "PENDING",
            "last_updated": _stamp(),
        }
    )


def cdr(number: str, contract: str, authorization_id: str | None, kwh: str, cost: str, *, place: int = 1) -> CDR:
    """The invoice of a charge of half an hour."""
    return CDR.model_validate(
        {
            "id": number,
            "authorization_id": authorization_id,
            "start_date_time": _stamp(-30),
            "stop_date_time": _stamp(),
            "auth_id": contract,
            "auth_method": "AUTH_REQUEST",
            "location": _location(place, (1,)),
            "currency": "EUR",
            "charging_periods": [
                {"start_date_time": _stamp(-30), "dimensions": [{"type": "ENERGY", "volume": Decimal(kwh)}]}
            ],
            "total_cost": Decimal(cost),
            "total_energy": Decimal(kwh),
            "total_time": Decimal("0.5"),
            "last_updated": _stamp(),
        }
    )
