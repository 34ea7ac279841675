"""Two authorisations, three CDRs: which of them to pay? What `authorization_id` was invented for, as a table.

Every authorisation of an eMSP with the Sessions and CDRs that name it; and those that name none, or one nobody gave.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from ocpi211_server.database import Database

__all__ = ["Charge", "Verdict", "counted", "reconcile"]

Verdict = Literal["billed", "charging", "given", "refused", "duplicate", "unmatched", "disputed"]
"""What is to be said of an authorisation, or of a Session or CDR without one.

* billed: one CDR, to be paid
* charging: a Session, and no CDR yet
* given: allowed, and nothing came of it
* refused: not allowed, and nothing came of it
* duplicate: more than one CDR; at most one of them is to be paid
* unmatched: a Session or CDR on no authorisation of ours
* disputed: a CDR on an authorisation that was refused, or one that contradicts another
"""


@dataclass(slots=True)
class Charge:
    """An authorisation, and what names it."""

    authorization_id: str
    """Empty for a Session or CDR that names none."""
    remote: bool | None = None
    """START_SESSION, or asked by a CPO; None where nobody gave it."""
    allowed: str = ""
    token: str = ""
    sessions: list[str] = field(default_factory=list[str])
    cdrs: list[str] = field(default_factory=list[str])
    kept_aside: list[str] = field(default_factory=list[str])
    energy: Decimal = Decimal(0)
    """kWh, of all CDRs."""
    cost: Decimal = Decimal(0)
    """Of all CDRs, in `currency`."""
    currency: str = ""

    @property
    def verdict(self) -> Verdict:
        """Whether to pay."""
        if self.kept_aside or (self.allowed not in ("", "ALLOWED") and self.cdrs):
            return "disputed"
        if len(self.cdrs) > 1:
            return "duplicate"
        if not self.allowed:
            return "unmatched"
        if self.cdrs:
            return "billed"
        if self.allowed != "ALLOWED":
            return "refused"
        return "charging" if self.sessions else "given"


async def reconcile(database: Database, emsp: str) -> list[Charge]:
    """All charges of this eMSP, in the order of their authorisations; unmatched ones last."""
    charges: dict[str, Charge] = {}
    for row in await database.read(
        "SELECT authorization_id, remote, allowed, token_uid FROM authorization_given WHERE emsp = $1 ORDER BY made",
        emsp,
    ):
        charges[row[0]] = Charge(row[0], bool(row[1]), row[2], row[3])
    loose: list[Charge] = []
    for module, key in (("sessions", "sessions"), ("cdrs", "cdrs")):
        for row in await database.read(
            "SELECT id, authorization_id, body FROM object WHERE module = $1 ORDER BY seq", module
        ):
            charge = _charge(charges, loose, row[1])
            body = json.loads(row[2], parse_float=Decimal)
            getattr(charge, key).append(body["id"])  # as it came: the column has that of a CDR in lower case
            if module == "cdrs":
                _add(charge, body)
    for row in await database.read("SELECT id, body FROM kept_aside WHERE module = 'cdrs' ORDER BY seq"):
        body = json.loads(row[1])
        _charge(charges, loose, body.get("authorization_id")).kept_aside.append(body["id"])
    return [*charges.values(), *loose]


def _charge(charges: dict[str, Charge], loose: list[Charge], authorization_id: str | None) -> Charge:
    if authorization_id:
        return charges.setdefault(authorization_id, Charge(authorization_id))
    loose.append(Charge(""))
    return loose[-1]


def _add(charge: Charge, cdr: dict[str, Any]) -> None:
    charge.energy += _number(cdr.get("total_energy"))
    charge.cost += _number(cdr.get("total_cost"))
    charge.currency = cdr.get("currency") or charge.currency


def _number(value: object) -> Decimal:
    try:
        return Decimal(str(value or 0))
    except InvalidOperation:
        return Decimal(0)


def counted(charges: Iterable[Charge]) -> Sequence[tuple[Verdict, int]]:
    """How many of each kind, the kinds that do not occur left out."""
    counts: dict[Verdict, int] = {}
    for charge in charges:
        counts[charge.verdict] = counts.get(charge.verdict, 0) + 1
    return sorted(counts.items())
