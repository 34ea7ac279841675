"""What a hub's guide demands beyond the text (GIREVE: cpo_locations.md, integration_guidelines.md).

Whoever lacks it is served all the same: its absence is told in the log.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet

from ocpi211_server.objects.json_text import items, members, text_of

__all__ = ["DEMANDS", "missing"]

DEMANDS = frozenset({"evse_id", "owner.name", "operator.name", "tariff_id", "capabilities", "authorization_id", "uid"})
"""What can be demanded: `evse_id` of the operator's own, `uid` of RFID's form, the rest to be there at all."""

_RFID = re.compile("[0-9A-Fa-f]{8}|[0-9A-Fa-f]{14}")


def missing(demanded: AbstractSet[str], module: str, owner: str, body: bytes) -> Iterator[str]:
    """Where an object of this party lacks what is demanded, as JSON pointers."""
    given = members(body) if demanded else {}
    if module == "locations":
        yield from _location(demanded, owner, given)
    if module in ("sessions", "cdrs") and "authorization_id" in demanded and not text_of(given.get("authorization_id")):
        yield "/authorization_id"
    is_card = module == "tokens" and text_of(given.get("type")) == "RFID"
    if is_card and "uid" in demanded and not _RFID.fullmatch(text_of(given.get("uid"))):
        yield "/uid"


def _location(demanded: AbstractSet[str], owner: str, given: dict[str, bytes]) -> Iterator[str]:
    for name in ("owner", "operator"):
        business = given.get(name, b"null")
        if f"{name}.name" in demanded and (business == b"null" or not text_of(members(business).get("name"))):
            yield f"/{name}/name"
    for index, raw in enumerate(items(given.get("evses"))):
        evse = members(raw)
        if text_of(evse.get("status")) != "REMOVED":
            yield from (f"/evses/{index}{pointer}" for pointer in _evse(demanded, _is_of(owner), evse))


def _evse(demanded: AbstractSet[str], is_own: Callable[[str], object], evse: dict[str, bytes]) -> Iterator[str]:
    if "evse_id" in demanded and not is_own(text_of(evse.get("evse_id"))):
        yield "/evse_id"
    if "capabilities" in demanded and not items(evse.get("capabilities")):
        yield "/capabilities"
    for index, connector in enumerate(items(evse.get("connectors"))):
        if "tariff_id" in demanded and not text_of(members(connector).get("tariff_id")):
            yield f"/connectors/{index}/tariff_id"


def _is_of(owner: str) -> Callable[[str], object]:
    """Whether an `evse_id` begins with the operator's id and E; separators may be left out (eMI3)."""
    country_code, _, party_id = owner.partition("*")
    return re.compile(rf"{country_code}[*-]?{party_id}[*-]?E.", re.IGNORECASE).match
