"""From an object of OCPI to the columns it is found by."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from ocpi211.models import EVSE, Status
from ocpi211_runtime.scalars import write_date_time
from ocpi211_server.moments import seconds
from ocpi211_server.objects.audience import PRIVATE
from ocpi211_server.objects.json_text import edited, items, joined, members, text_of
from ocpi211_server.objects.store import Thing

__all__ = ["described", "gone", "key_of", "same_but_status", "with_left_out", "without_removed"]

_REMOVED = b'"REMOVED"'
_OF_A_CONTRACT = PRIVATE | {"tokens"}
"""Modules whose objects tell the driver's contract, `auth_id`."""


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
    earliest: int | None,
) -> Thing:
    """The object with its columns, shown to others as it came.

    To date filters it is no older than `earliest` (seconds). None: nobody lists it. What only lists look at stays the
    same then, and no index has to be written for a change: of SQLite's work on it that is two thirds.
    """
    given: Any = model
    key, updated = key_of(module, id), seconds(given.last_updated)
    return Thing(
        module=module,
        owner=owner,
        id=key,
        body=body,
        last_updated=updated,
        changed=0 if earliest is None else max(updated, earliest),
        shown_id=key,
        partner=partner,
        authorization_id=given.authorization_id or None if module in PRIVATE else None,
        contract=given.auth_id if module in _OF_A_CONTRACT else None,
        gone=0 if earliest is None or module != "locations" else _removed(given.evses),
    )


def gone(location: bytes) -> int:
    """1 if an EVSE of the Location is REMOVED, 2 if all are."""
    evses = items(members(location).get("evses"))
    return _share(sum(members(evse).get("status") == _REMOVED for evse in evses), len(evses))


def _removed(evses: list[EVSE] | None) -> int:
    statuses = [evse.status for evse in evses or ()]
    return _share(statuses.count(Status.REMOVED), len(statuses))


def _share(count: int, of: int) -> int:
    return 0 if not count else 2 if count == of else 1


def same_but_status(stored: bytes, given: bytes) -> bool:
    """Whether a Location has at most other statuses than the stored one. An EVSE that is back is more than that."""
    return _static(stored) == _static(given) and _of_removed(stored) <= _of_removed(given)


def _static(location: bytes) -> bytes:
    evses = [edited(evse, {"status": None, "last_updated": None}) for evse in items(members(location).get("evses"))]
    return edited(location, {"evses": joined(evses), "last_updated": None})


def _of_removed(location: bytes) -> set[bytes | None]:
    evses = map(members, items(members(location).get("evses")))
    return {evse.get("uid") for evse in evses if evse.get("status") == _REMOVED}


def with_left_out(location: bytes, stored: bytes, moment: datetime) -> bytes:
    """The Location with the EVSEs that it no longer names, as REMOVED since this moment or as they were before."""
    evses = items(members(location).get("evses"))
    named = {text_of(members(evse).get("uid")) for evse in evses}
    gone = {"status": _REMOVED, "last_updated": b'"%b"' % write_date_time(moment).encode()}
    left_out = [
        evse if fields.get("status") == _REMOVED else edited(evse, gone)
        for evse in items(members(stored).get("evses"))
        if text_of((fields := members(evse)).get("uid")) not in named
    ]
    return edited(location, {"evses": joined([*evses, *left_out])}) if left_out else location


def without_removed(location: bytes) -> bytes:
    """The Location without the EVSEs that are REMOVED; as it stands if there are none."""
    evses = items(members(location).get("evses")) if _REMOVED in location else []
    left = [evse for evse in evses if members(evse).get("status") != _REMOVED]
    return location if len(left) == len(evses) else edited(location, {"evses": joined(left)})
