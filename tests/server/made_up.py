"""Objects of a made-up party as a partner writes them, each as short as it is valid, and how to ask for them."""

import itertools
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from ocpi211.operations import OPERATIONS
from ocpi211_runtime.operation import encode_segment
from tests.server.live import GUEST, Live
from tests.server.stage import Reply

__all__ = [
    "EARLY",
    "LATE",
    "LISTS",
    "NOON",
    "PAIRS",
    "WRITTEN",
    "body_of",
    "cdr",
    "connector",
    "evse",
    "fresh",
    "kept_at",
    "location",
    "patch",
    "published",
    "put",
    "raw",
    "read",
    "same",
    "session",
    "tariff",
    "token",
]

EARLY, NOON, LATE = "2024-05-02T08:00:00Z", "2024-05-02T12:00:00Z", "2024-05-02T18:00:00Z"
WRITTEN = {"locations": "emsp", "sessions": "emsp", "tariffs": "emsp", "tokens": "cpo"}
"""Module → the interface at which its objects are put."""
_numbers = itertools.count(1)


def fresh(name: str = "X") -> str:
    """An id that no other test has."""
    return f"{name}{next(_numbers)}"


def connector(id_: str = "1", **changes: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "standard": "IEC_62196_T2",
        "format": "SOCKET",
        "power_type": "AC_3_PHASE",
        "voltage": 230,
        "amperage": 32,
        "last_updated": EARLY,
        **changes,
    }


def evse(uid: str, **changes: Any) -> dict[str, Any]:
    return {"uid": uid, "status": "AVAILABLE", "connectors": [connector()], "last_updated": EARLY, **changes}


def location(id_: str, **changes: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "type": "ON_STREET",
        "address": "1 rue de l'Été",
        "city": "Gand",
        "postal_code": "9000",
        "country": "BEL",
        "coordinates": {"latitude": "51.047599", "longitude": "3.729944"},
        "last_updated": EARLY,
        **changes,
    }


def session(id_: str, **changes: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "start_datetime": EARLY,
        "kwh": 1.5,
        "auth_id": "FR-EMP-C00000001",
        "auth_method": "WHITELIST",
        "location": location("L", evses=[evse("E")]),
        "currency": "EUR",
        "status": "ACTIVE",
        "last_updated": EARLY,
        **changes,
    }


def cdr(id_: str, **changes: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "start_date_time": EARLY,
        "stop_date_time": NOON,
        "auth_id": "FR-EMP-C00000001",
        "auth_method": "WHITELIST",
        "location": location("L", evses=[evse("E")]),
        "currency": "EUR",
        "charging_periods": [{"start_date_time": EARLY, "dimensions": [{"type": "ENERGY", "volume": 11.5}]}],
        "total_cost": 4.5,
        "total_energy": 11.5,
        "total_time": 4,
        "last_updated": NOON,
        **changes,
    }


def tariff(id_: str, **changes: Any) -> dict[str, Any]:
    elements = [{"price_components": [{"type": "ENERGY", "price": 0.3, "step_size": 1}]}]
    return {"id": id_, "currency": "EUR", "elements": elements, "last_updated": EARLY, **changes}


def token(uid: str, **changes: Any) -> dict[str, Any]:
    return {
        "uid": uid,
        "type": "RFID",
        "auth_id": f"FR-EXA-{uid}"[:36],
        "issuer": "Exemple Mobilité",
        "valid": True,
        "whitelist": "ALLOWED",
        "last_updated": EARLY,
        **changes,
    }


def body_of(module: str, id_: str, **changes: Any) -> dict[str, Any]:
    """An object of this module."""
    return _makers[module](id_, **changes)


_makers: dict[str, Callable[..., dict[str, Any]]] = {
    "locations": location,
    "sessions": session,
    "tariffs": tariff,
    "tokens": token,
    "cdrs": cdr,
}


LISTS: dict[str, tuple[str, list[Any]]] = {
    "locations": ("evses", [evse("E")]),
    "sessions": (
        "charging_periods",
        [{"start_date_time": EARLY, "dimensions": [{"type": "TIME", "volume": 1}]}],
    ),
    "tariffs": ("tariff_alt_text", [{"language": "fr", "text": "Énergie"}]),
}
PAIRS = [
    *(("emsp", module) for module in LISTS),
    ("cpo", "tokens"),
    *(("hub", module) for module in (*LISTS, "tokens")),
]
"""Role → a module whose objects it is given."""


def kept_at(module: str, *ids: str, owner: tuple[str, str] = GUEST) -> str:
    """Where an owner puts an object, and the parts of it."""
    return "/".join((f"/{WRITTEN[module]}/2.1.1/{module}", *map(encode_segment, (*owner, *ids))))


def published(module: str, *ids: str, **query: str) -> str:
    """Where an owner's objects are read."""
    role = next(row.role for row in OPERATIONS.values() if row.module == module and row.paginated)
    asked = "&".join(f"{name}={quote(value, safe='')}" for name, value in query.items())
    return "/".join((f"/{role}/2.1.1/{module}", *map(encode_segment, ids))) + (f"?{asked}" if asked else "")


def same(one: Any, other: Any) -> bool:
    """Whether two objects say the same: null, an empty list and nothing are one (terminology.md, Cardinality)."""
    return bool(_bare(one) == _bare(other))


def _bare(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _bare(each) for name, each in value.items() if each is not None and each != []}
    return [_bare(each) for each in value] if isinstance(value, list) else value


def raw(live: Live, module: str, id_: str) -> bytes:
    """The object as it is stored."""
    rows = live.do(
        live.actor.server.site.database.read("SELECT body FROM object WHERE module = $1 AND id = $2", module, id_)
    )
    return bytes(rows[0][0])


def put(live: Live, module: str, id_: str, **changes: Any) -> dict[str, Any]:
    """Store an object of the guest; gives what was sent."""
    body = body_of(module, id_, **changes)
    assert live.send("PUT", kept_at(module, id_), json.dumps(body).encode()).status in (200, 201)
    return body


def patch(live: Live, module: str, id_: str, fields: Any) -> Reply:
    """Change an object of the guest."""
    return live.send("PATCH", kept_at(module, id_), json.dumps(fields).encode())


def read(live: Live, module: str, id_: str) -> Any:
    """An object of the guest, as the server gives it back."""
    answer = live.send("GET", kept_at(module, id_))
    assert (answer.status, answer.code) == (200, 1000)
    return answer.data
