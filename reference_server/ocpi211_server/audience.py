"""Who may see an object, and who is told of a change: one rule for both.

A CPO's Locations and Tariffs are for all its eMSPs, an eMSP's Tokens for all its CPOs; behind a hub, for those with an
agreement. A Session and a CDR are for one eMSP alone, and never broadcast.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final, NamedTuple

from ocpi211_server.database import Work, sql
from ocpi211_server.profiles import Role
from ocpi211_server.store import Thing, Visible, fits

__all__ = ["PRIVATE", "Audience", "Reader", "recipient_of"]

PRIVATE: Final = frozenset({"sessions", "cdrs"})
"""Modules whose objects concern one eMSP."""
_OF_EMSPS: Final = frozenset({"tokens"})


class Reader(NamedTuple):
    """A partner that is told of a change."""

    id: int
    role: str
    modules: frozenset[str]
    """What it offers an endpoint for."""


class Audience:
    """The rule, as the role of the server and its agreements make it."""

    def __init__(self, role: Role, own_party: str, *, everybody: bool = False) -> None:
        """`everybody`: a hub at which all roam with all."""
        self._role = role
        self._own = own_party
        self._everybody = everybody

    def visible(self, module: str, party: str) -> Visible:
        """What this party may see of a module that we publish."""
        if module in PRIVATE:
            addressed = fits("recipient", party)
            return addressed if self._role == "hub" else addressed & fits("owner", self._own)
        if self._role != "hub":
            return fits("owner", self._own)
        if self._everybody:
            return Visible()
        owner, reader = ("emsp", "cpo") if module in _OF_EMSPS else ("cpo", "emsp")
        return Visible(f"owner IN (SELECT {owner} FROM agreement WHERE {reader} = {{0}})", (party,))  # noqa: S608

    def told(self, thing: Thing) -> Work[Sequence[Reader]]:
        """The partners that a change of this object concerns, the one it came from excepted."""
        role = "cpo" if thing.module in _OF_EMSPS else "emsp"
        if self._role == role:  # what we were given ourselves
            return ()
        text = (
            "SELECT id, role, endpoints FROM partner AS p WHERE role = $1 AND state IN ('registered', 'suspended')"
            " AND id <> COALESCE(CAST($2 AS BIGINT), 0)"
        )
        values: list[object] = [role, thing.partner]
        if thing.module in PRIVATE:
            text += " AND country_code || '*' || party_id = $3"
            values.append(thing.recipient or "")
        elif self._role == "hub" and not self._everybody:
            owner, reader = ("emsp", "cpo") if thing.module in _OF_EMSPS else ("cpo", "emsp")
            text += (
                f" AND EXISTS (SELECT 1 FROM agreement WHERE {owner} = $3"  # noqa: S608
                f" AND {reader} = p.country_code || '*' || p.party_id)"
            )
            values.append(thing.owner)
        rows = yield sql(text, *values)
        return [Reader(row[0], row[1], frozenset(json.loads(row[2]))) for row in rows]

    def roams(self, cpo: str, emsp: str) -> Work[bool]:
        """Whether these two have an agreement."""
        if self._role != "hub" or self._everybody:
            return True
        return bool((yield sql("SELECT 1 FROM agreement WHERE cpo = $1 AND emsp = $2", cpo, emsp)))


def recipient_of(role: Role, authorization_id: str | None, contract: str | None) -> Work[str | None]:
    """The party whom a Session or CDR is for: by its authorisation, else by its Token, else by its contract.

    None if none of them is known: then it stays here, and nobody sees it.
    """
    if authorization_id:
        rows = yield sql(
            "SELECT emsp FROM authorization_given WHERE authorization_id = $1 ORDER BY made DESC", authorization_id
        )
        if rows:
            return str(rows[0][0])
    if contract:
        # A CPO that is given Tokens by a hub has the hub for a partner, not the eMSP behind it.
        party = "o.owner" if role == "hub" else "COALESCE(p.country_code || '*' || p.party_id, o.owner)"
        rows = yield sql(
            f"SELECT {party} FROM object AS o LEFT JOIN partner AS p ON p.id = o.partner"  # noqa: S608
            " WHERE o.module = 'tokens' AND o.contract = $1 ORDER BY o.seq DESC LIMIT 1",
            contract,
        )
        if rows:
            return str(rows[0][0])
        plain = contract.replace("*", "").replace("-", "").upper()
        rows = yield sql(
            "SELECT country_code || '*' || party_id FROM partner"
            " WHERE role = 'emsp' AND country_code = $1 AND party_id = $2",
            plain[:2],
            plain[2:5],
        )
        if rows:
            return str(rows[0][0])
    return None
