"""Partners, and the tokens by which they are known (credentials.md; transport_and_format.md, Security).

A partner is one party in one role: an operation that is both CPO and eMSP registers once for each.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from ocpi211_runtime.answers import Role
from ocpi211_runtime.errors import NotOffered
from ocpi211_runtime.peer import Peer
from ocpi211_server.database import Database, Row
from ocpi211_server.registration.vault import Vault, digest

__all__ = ["Kind", "Partner", "Partners", "Presented", "State"]

State = Literal["invited", "registered", "unregistered", "suspended", "revoked"]
Kind = Literal["invitation", "offered", "active", "leaving"]
"""What a token is good for.

* invitation: given out by an operator, to register with
* offered: sent in Credentials of ours; whether they were accepted is not known yet
* active: good for everything
* leaving: of a partner that has unregistered and may register again
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """Another party, in its own role."""

    id: int
    role: Role
    country_code: str
    party_id: str
    name: str = ""
    hub: bool = False
    """It speaks for the parties behind it."""
    state: State
    origins: tuple[str, ...] = ()
    """Where its URLs may lead."""
    trust_first: bool = False
    """Whether its first registration says so, while there are none."""
    versions_url: str = ""
    details_url: str = ""
    endpoints: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Module → URL as it publishes them, unknown modules included."""
    secret: bytes | None = field(default=None, repr=False)
    """The token we send, sealed."""
    updated: int = 0
    """Moment of the last change, in microseconds; it rises with every one."""

    @property
    def party(self) -> str:
        """As eMI3 writes it, `FR*ABC`."""
        return f"{self.country_code}*{self.party_id}"


class Presented(NamedTuple):
    """A token that a partner has shown."""

    partner: Partner
    kind: Kind
    seq: int
    """Which of the tokens we issued; later ones have higher numbers."""
    older: bool
    """Whether tokens issued before it are still good."""
    expires: int | None
    """Moment from which on it is not good any more."""


_COLUMNS: Final = (
    "p.id, p.role, p.country_code, p.party_id, p.name, p.hub, p.state, p.origins, p.trust_first, p.versions_url,"
    " p.details_url, p.endpoints, p.secret, p.updated"
)
_BY_ID: Final = f"SELECT {_COLUMNS} FROM partner AS p WHERE p.id = $1"  # noqa: S608  (a constant of this module)
_BY_PARTY: Final = f"SELECT {_COLUMNS} FROM partner AS p WHERE p.role = $1 AND p.country_code = $2 AND p.party_id = $3"  # noqa: S608  (as above)
_ALL: Final = f"SELECT {_COLUMNS} FROM partner AS p ORDER BY p.country_code, p.party_id, p.role"  # noqa: S608  (as above)
# All that may have to be done about a token, and no column more.
_SHOWN: Final = (
    "SELECT c.kind, c.seq, c.expires, EXISTS (SELECT 1 FROM credential AS o"
    " WHERE o.partner = c.partner AND o.seq < c.seq) AS older,"
    " p.id, p.updated, p.state FROM credential AS c JOIN partner AS p ON p.id = c.partner WHERE c.digest = $1"
)
# Nothing that was known of the token has changed. Asked where something else may have: 6 µs on SQLite, by digest 9.
_STANDS: Final = (
    "SELECT 1 FROM credential AS c JOIN partner AS p ON p.id = c.partner"
    " WHERE c.seq = $1 AND c.kind = $2 AND p.updated = $3 AND p.state = $4"
)
_MOST_KNOWN: Final = 10_000


class Partners:
    """The partners, as the database has them now."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self.database = database
        self.vault = vault
        # Of every partner what was made of its row last; `updated` tells whether the row is still the same.
        self._read: dict[int, Partner] = {}
        self._peers: dict[int, tuple[int, Peer]] = {}
        # By token, those about which nothing is left to be done, and behind which changes of the database that was so.
        # None before it can turn up any more: tokens of a partner are issued one after the other.
        self._settled: dict[str, tuple[Presented, int | None]] = {}

    async def by_id(self, partner: int) -> Partner | None:
        """The partner with this number."""
        return _only(await self.database.read(_BY_ID, partner))

    async def by_party(self, role: Role, party: str) -> Partner | None:
        """The partner of this role, its party as `FR*ABC`."""
        country_code, _, party_id = party.partition("*")
        return _only(await self.database.read(_BY_PARTY, role, country_code, party_id))

    async def all(self) -> list[Partner]:
        """Every partner there is or was, by party."""
        return [_partner(row) for row in await self.database.read(_ALL)]

    async def by_token(self, token: str) -> Presented | None:
        """Whose token this is, as the database says now. Whether it is good for what is asked is not looked at.

        Nothing is read while nothing is written. Else it is one indexed read, a second one of a token that is new here
        or has changed, a third of a partner that has.
        """
        changes = self.database.changes()
        known, settled = self._settled.get(token, (None, None))
        if known is not None:
            if changes is not None and changes == settled:
                return known
            partner = known.partner
            if await self.database.read(_STANDS, known.seq, known.kind, partner.updated, partner.state):
                self._settled[token] = known, changes
                return known
            self._settled.pop(token, None)
        shown = await self._shown(token)
        if shown is not None and shown.kind == "active" and not shown.older:
            if len(self._settled) >= _MOST_KNOWN:
                self._settled.clear()
            self._settled[token] = shown, changes
        return shown

    async def _shown(self, token: str) -> Presented | None:
        rows = await self.database.read(_SHOWN, digest(token))
        if not rows:
            return None
        kind, seq, expires, older, number, changed, state = rows[0]
        partner = self._read.get(number)
        if partner is None or partner.updated != changed or partner.state != state:
            partner = self._read[number] = _partner((await self.database.read(_BY_ID, number))[0])
        return Presented(partner, kind, seq, bool(older), expires)

    def peer(self, partner: Partner) -> Peer:
        """The partner as clients see it, its token in clear. NotOffered unless it is registered."""
        if partner.state != "registered" or partner.secret is None:
            raise NotOffered(f"{partner.role} {partner.party} is {partner.state}", wanted="registered")
        known = self._peers.get(partner.id)
        if known is not None and known[0] == partner.updated:
            return known[1]
        peer = Peer(
            self.vault.open(partner.secret),
            partner.endpoints,
            partner.versions_url,
            partner.details_url,
            approved_origins=partner.origins,
        )
        self._peers[partner.id] = (partner.updated, peer)
        return peer


def _only(rows: Sequence[Row]) -> Partner | None:
    return _partner(rows[0]) if rows else None


def _partner(row: Row) -> Partner:
    return Partner(
        id=row["id"],
        role=row["role"],
        country_code=row["country_code"],
        party_id=row["party_id"],
        name=row["name"],
        hub=bool(row["hub"]),
        state=row["state"],
        origins=_origins(row["origins"]),
        trust_first=bool(row["trust_first"]),
        versions_url=row["versions_url"],
        details_url=row["details_url"],
        endpoints=_endpoints(row["endpoints"]),
        secret=row["secret"],
        updated=row["updated"],
    )


@lru_cache(maxsize=1024)
def _origins(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))


@lru_cache(maxsize=1024)
def _endpoints(text: str) -> Mapping[str, str]:
    return MappingProxyType(json.loads(text))
