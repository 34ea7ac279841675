"""Whose object it is that a partner's list holds.

2.1.1 does not say it in the object. What a hub lists tells by what GIREVE's hub writes into names (emsp_locations.md,
cpo_tokens.md), else by what was stored of it before, else by the ids of its EVSEs.
"""

from __future__ import annotations

import re
from typing import Any

from pydantic import BaseModel

from ocpi211_server.database import Work, sql
from ocpi211_server.objects.described import key_of
from ocpi211_server.registration.partners import Partner

__all__ = ["owner_of"]

_PARTY = re.compile(r"\s*([A-Za-z]{2})[*-]([A-Za-z0-9]{3})\s*")
_EVSE_ID = re.compile(r"([A-Za-z]{2})[*-]?([A-Za-z0-9]{3})[*-]?[Ee].+")


def owner_of(module: str, partner: Partner, model: BaseModel, id_: str) -> Work[str]:
    """The owner: the partner itself, or one of those behind it."""
    if not partner.hub:
        return partner.party
    if named := _named(module, model):
        return named
    rows = yield sql(
        "SELECT owner FROM object WHERE module = $1 AND id = $2 AND partner = $3",
        module,
        key_of(module, id_),
        partner.id,
    )
    if len(rows) == 1:
        return str(rows[0][0])
    location = getattr(model, "location", model)
    ids = [_EVSE_ID.fullmatch(evse.evse_id or "") for evse in getattr(location, "evses", None) or ()]
    return next((f"{found[1]}*{found[2]}".upper() for found in ids if found), partner.party)


def _named(module: str, model: Any) -> str | None:  # noqa: ANN401  (an object of any module)
    """The party's id where GIREVE's hub writes it: into the names of operators and issuers, and beside a Tariff."""
    match module:
        case "tokens":
            name = model.issuer
        case "tariffs":
            name = f"{getattr(model, 'country_code', None)}*{getattr(model, 'party_id', None)}"
        case _:
            operator = getattr(model, "location", model).operator
            name = operator.name if operator else ""
    found = _PARTY.fullmatch(name)
    return f"{found[1]}*{found[2]}".upper() if found else None
