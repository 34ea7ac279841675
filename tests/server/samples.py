"""Made-up objects as partners send them: JSON by hand, so that a test can leave out and add what it wants."""

from datetime import UTC, datetime, timedelta
from typing import Any

__all__ = ["cdr", "evse", "location", "session", "stamp", "tariff", "token"]


def stamp(seconds: float = 0) -> str:
    """So many seconds from now."""
    return (datetime.now(UTC) + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def evse(uid: str = "E1", party: str = "FR*CPO", **changes: Any) -> dict[str, Any]:
    """An EVSE with a Connector."""
    connector = {
        "id": "1",
        "standard": "IEC_62196_T2",
        "format": "SOCKET",
        "power_type": "AC_3_PHASE",
        "voltage": 230,
        "amperage": 32,
        "tariff_id": "T1",
        "last_updated": stamp(-60),
    }
    given = {
        "uid": uid,
        "evse_id": f"{party}*E{uid}",
        "status": "AVAILABLE",
        "capabilities": ["REMOTE_START_STOP_CAPABLE"],
        "connectors": [connector],
        "last_updated": stamp(-60),
    }
    return given | changes


def location(id: str = "LOC1", party: str = "FR*CPO", **changes: Any) -> dict[str, Any]:  # noqa: A002 (OCPI's word)
    """A Location with an EVSE."""
    given = {
        "id": id,
        "type": "ON_STREET",
        "name": "A place",
        "address": "1 rue de l'Exemple",
        "city": "Grenoble",
        "postal_code": "38000",
        "country": "FRA",
        "coordinates": {"latitude": "45.180001", "longitude": "5.720001"},
        "operator": {"name": "Exemple Recharge", "website": "https://recharge.example/"},
        "owner": {"name": "Exemple Recharge"},
        "evses": [evse(party=party)],
        "last_updated": stamp(-60),
    }
    return given | changes


def token(uid: str = "04A1B2C3", party: str = "FR*EMP", **changes: Any) -> dict[str, Any]:
    """A card."""
    given = {
        "uid": uid,
        "type": "RFID",
        "auth_id": f"{party.replace('*', '-')}-C00000001",
        "issuer": "Exemple Mobilité",
        "valid": True,
        "whitelist": "NEVER",
        "last_updated": stamp(-60),
    }
    return given | changes


def session(id: str = "S1", party: str = "FR*CPO", **changes: Any) -> dict[str, Any]:  # noqa: A002 (OCPI's word)
    """A charge under way, of the card above."""
    given = {
        "id": id,
        "start_datetime": stamp(-600),
        "kwh": 1.5,
        "auth_id": "FR-EMP-C00000001",
        "auth_method": "AUTH_REQUEST",
        "location": location(party=party),
        "currency": "EUR",
        "charging_periods": [],
        "total_cost": 0,
        "status": "ACTIVE",
        "last_updated": stamp(-60),
    }
    return given | changes


def cdr(id: str = "S1", party: str = "FR*CPO", **changes: Any) -> dict[str, Any]:  # noqa: A002 (OCPI's word)
    """What that charge comes to."""
    given = {
        "id": id,
        "start_date_time": stamp(-600),
        "stop_date_time": stamp(-60),
        "auth_id": "FR-EMP-C00000001",
        "auth_method": "AUTH_REQUEST",
        "location": location(party=party),
        "currency": "EUR",
        "charging_periods": [
            {"start_date_time": stamp(-600), "dimensions": [{"type": "ENERGY", "volume": 11.5}]},
        ],
        "total_cost": 4.4,
        "total_energy": 11.5,
        "total_time": 0.15,
        "last_updated": stamp(-60),
    }
    return given | changes


def tariff(id: str = "T1", **changes: Any) -> dict[str, Any]:  # noqa: A002 (OCPI's word)
    """A price."""
    components = [{"type": "ENERGY", "price": 0.4, "step_size": 1}]
    given = {"id": id, "currency": "EUR", "elements": [{"price_components": components}], "last_updated": stamp(-60)}
    return given | changes
