"""From an object of OCPI to the columns it is found by."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from ocpi211.models import EVSE, Location, Status
from ocpi211_server.moments import seconds
from ocpi211_server.objects.json_text import edited, items, joined, members
from ocpi211_server.objects.store import Thing

__all__ = ["described", "gone", "key_of", "without_removed"]

_REMOVED = b'"REMOVED"'


def key_of(module: str, id: str) -> str:
    """An id as it is compared: that of a CDR, a CiString, without regard to case (mod_cdrs.md)."""
    return id.casefold() if module == "cdrs" else id


def described(
    module: str,
    owner: str,
    id: str,
    model: BaseModel,
    body: bytes,
    partner: int | None,
    changed: int,
) -> Thing:
    """The object with its columns, shown to others as it came."""
    given: Any = model
    return Thing(
        module=module,
        owner=owner,
        id=key_of(module, id),
        body=body,
        last_updated=seconds(given.last_updated),
        changed=changed,
        shown_id=key_of(module, id),
        partner=partner,
        authorization_id=getattr(given, "authorization_id", None) or None,
        contract=getattr(given, "auth_id", None),
        gone=_removed(model.evses) if isinstance(model, Location) else 0,
    )


def gone(location: bytes) -> int:
    """1 if an EVSE of the Location is REMOVED, 2 if all are."""
    evses = items(members(location).get("evses"))
    return _share(sum(members(evse).get("status") == _REMOVED for evse in evses), len(evses))


def _removed(evses: list[EVSE] | None) -> int:
    return _share(sum(evse.status == Status.REMOVED for evse in evses or ()), len(evses or ()))


def _share(count: int, of: int) -> int:
    return 0 if not count else 2 if count == of else 1


def without_removed(location: bytes) -> bytes:
    """The Location without the EVSEs that are REMOVED."""
    left = [evse for evse in items(members(location).get("evses")) if members(evse).get("status") != _REMOVED]
    return edited(location, {"evses": joined(left)})
