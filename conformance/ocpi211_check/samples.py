"""Objects of the test party: named so that nobody takes them for real ones, and valid to the letter of the text.

Each has every kind of field a rule asks about: optional ones, a list, a nested object, a number, an enum.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from ocpi211_runtime.scalars import write_date_time

__all__ = ["Clock", "cdr", "connector", "evse", "location", "session", "tariff", "token"]

Object = dict[str, Any]
_SITE: Final = "https://example.com/ocpi-check"
_START: Final = datetime(2024, 5, 6, 7, 0, tzinfo=UTC)


class Clock:
    """Moments for `last_updated`: never before now, and each later than the one before."""

    def __init__(self) -> None:
        self._last = datetime.now(UTC)

    def tick(self) -> str:
        """The next moment, in whole seconds."""
        self._last = max(datetime.now(UTC), self._last + timedelta(seconds=1))
        return write_date_time(self._last)


def connector(id_: str, now: str) -> Object:
    """A Connector."""
    return {
        "id": id_,
        "standard": "IEC_62196_T2",
        "format": "SOCKET",
        "power_type": "AC_3_PHASE",
        "voltage": 230,
        "amperage": 32,
        "tariff_id": "OCPI-CHECK-TARIFF",
        "terms_and_conditions": f"{_SITE}/terms",
        "last_updated": now,
    }


def evse(uid: str, now: str, party: str, status: str = "OUTOFORDER") -> Object:
    """An EVSE that nobody will drive to: it is out of order."""
    number = "".join(char for char in uid if char.isalnum())
    return {
        "uid": uid,
        "evse_id": f"{party}*E{number}"[:48],
        "status": status,
        "capabilities": ["RFID_READER", "REMOTE_START_STOP_CAPABLE"],
        "connectors": [connector("1", now), connector("2", now)],
        "physical_reference": "OCPI-CHECK",
        "floor_level": "-1",
        "last_updated": now,
    }


def location(id_: str, now: str, party: str) -> Object:
    """A Location with two EVSEs, in the middle of an ocean."""
    return {
        "id": id_,
        "type": "ON_STREET",
        "name": "OCPI-CHECK test location",
        "address": "Null Island 1",
        "city": "Null Island",
        "postal_code": "00000",
        "country": "FRA",
        "coordinates": {"latitude": "0.000000", "longitude": "-0.100000"},
        "evses": [evse(f"{id_[:36]}-E1", now, party), evse(f"{id_[:36]}-E2", now, party)],
        "operator": {"name": "OCPI-CHECK"},
        "owner": {"name": "OCPI-CHECK"},
        "facilities": ["HOTEL", "CAFE"],
        "time_zone": "Europe/Paris",
        "opening_times": {"twentyfourseven": True},
        "last_updated": now,
    }


def _charged(now: str, party: str) -> Object:
    """The Location of a charge: the one EVSE with the one Connector."""
    place = location("OCPI-CHECK-LOC", now, party)
    used = place["evses"][0]
    return {**place, "evses": [{**used, "connectors": used["connectors"][:1]}]}


def session(id_: str, now: str, party: str) -> Object:
    """A Session, over."""
    return {
        "id": id_,
        "start_datetime": write_date_time(_START),
        "end_datetime": write_date_time(_START + timedelta(hours=1)),
        "kwh": 7.5,
        "auth_id": f"{party}*OCPICHECK",
        "auth_method": "WHITELIST",
        "location": _charged(now, party),
        "meter_id": "OCPI-CHECK",
        "currency": "EUR",
        "charging_periods": [_period()],
        "total_cost": 3.75,
        "status": "ACTIVE",
        "last_updated": now,
    }


def _period() -> Object:
    return {"start_date_time": write_date_time(_START), "dimensions": [{"type": "ENERGY", "volume": 7.5}]}


def cdr(id_: str, now: str, party: str) -> Object:
    """A CDR of that Session."""
    return {
        "id": id_,
        "start_date_time": write_date_time(_START),
        "stop_date_time": write_date_time(_START + timedelta(hours=1)),
        "auth_id": f"{party}*OCPICHECK",
        "auth_method": "WHITELIST",
        "location": _charged(now, party),
        "currency": "EUR",
        "charging_periods": [_period()],
        "total_cost": 0,
        "total_energy": 7.5,
        "total_time": 1.0,
        "remark": "OCPI-CHECK: a test, not to be paid",
        "last_updated": now,
    }


def tariff(id_: str, now: str) -> Object:
    """A Tariff that is free."""
    return {
        "id": id_,
        "currency": "EUR",
        "tariff_alt_text": [{"language": "en", "text": "OCPI-CHECK: a test"}],
        "tariff_alt_url": f"{_SITE}/tariff",
        "elements": [{"price_components": [{"type": "FLAT", "price": 0, "step_size": 1}]}],
        "energy_mix": {"is_green_energy": True},
        "last_updated": now,
    }


def token(uid: str, now: str, party: str) -> Object:
    """A Token that opens nothing."""
    return {
        "uid": uid,
        "type": "OTHER",
        "auth_id": f"{party}*OCPICHECK",
        "visual_number": "OCPI-CHECK",
        "issuer": "OCPI-CHECK",
        "valid": False,
        "whitelist": "NEVER",
        "language": "en",
        "last_updated": now,
    }
