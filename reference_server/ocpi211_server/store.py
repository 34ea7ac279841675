"""Objects and pages of them, as transactions and reads on both databases.

An object is stored as received, beside the columns it is found by; what others are shown is stored with it where that
differs, so that a page is cut from bytes and nothing is parsed or written anew for a reader.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple

from ocpi211_server.database import Database, Row, Work, sql

__all__ = ["Filters", "Found", "Outcome", "Slice", "Thing", "Visible", "find", "fits", "lock", "page", "put", "save"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """An object, and the columns it is found by."""

    module: str
    owner: str
    id: str
    body: bytes = field(repr=False)
    """As received."""
    last_updated: int
    """Seconds since 1970."""
    changed: int
    """What `date_from` and `date_to` look at, seconds since 1970."""
    shown_id: str
    shown: bytes | None = field(default=None, repr=False)
    """As others are shown it; None: as received."""
    partner: int | None = None
    recipient: str | None = None
    authorization_id: str | None = None
    contract: str | None = None
    gone: int = 0
    """Of a Location: 1 if an EVSE is REMOVED, 2 if all are."""

    @property
    def visible(self) -> bytes:
        """What others are shown."""
        return self.body if self.shown is None else self.shown


class Outcome(Enum):
    """What became of a write."""

    CREATED = "created"
    UPDATED = "updated"
    STALE = "stale"
    """Older than what is stored, and so not applied."""


_COLUMNS = (
    "module, owner, id, body, last_updated, changed, shown_id, shown, partner, recipient, authorization_id, contract,"
    " gone"
)


def _thing(row: Row) -> Thing:
    return Thing(
        module=row[0],
        owner=row[1],
        id=row[2],
        body=row[3],
        last_updated=row[4],
        changed=row[5],
        shown_id=row[6],
        shown=row[7],
        partner=row[8],
        recipient=row[9],
        authorization_id=row[10],
        contract=row[11],
        gone=row[12],
    )


def lock(module: str, owner: str, id: str) -> Work[Thing | None]:
    """The object, to be changed in this transaction."""
    rows = yield sql(
        f"SELECT {_COLUMNS} FROM object WHERE module = $1 AND owner = $2 AND id = $3 FOR UPDATE",  # noqa: S608
        module,
        owner,
        id,
    )
    return _thing(rows[0]) if rows else None


def save(thing: Thing) -> Work[None]:
    """Store the object, new or in place of the one that is there."""
    yield sql(
        f"INSERT INTO object ({_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"  # noqa: S608
        " ON CONFLICT (module, owner, id) DO UPDATE SET body = excluded.body, last_updated = excluded.last_updated,"
        " changed = excluded.changed, shown_id = excluded.shown_id, shown = excluded.shown, partner = excluded.partner,"
        " recipient = excluded.recipient, authorization_id = excluded.authorization_id, contract = excluded.contract,"
        " gone = excluded.gone",
        thing.module,
        thing.owner,
        thing.id,
        thing.body,
        thing.last_updated,
        thing.changed,
        thing.shown_id,
        thing.shown,
        thing.partner,
        thing.recipient,
        thing.authorization_id,
        thing.contract,
        thing.gone,
    )


def put(thing: Thing, *, allow_downgrades: bool = False) -> Work[Outcome]:
    """Store the object, unless what is stored is newer."""
    rows = yield sql(
        "SELECT last_updated FROM object WHERE module = $1 AND owner = $2 AND id = $3 FOR UPDATE",
        thing.module,
        thing.owner,
        thing.id,
    )
    if rows and rows[0][0] > thing.last_updated and not allow_downgrades:
        return Outcome.STALE
    yield from save(thing)
    return Outcome.UPDATED if rows else Outcome.CREATED


@dataclass(frozen=True, slots=True)
class Visible:
    """Which objects a caller may see: a condition, and the values in it."""

    condition: str = "TRUE"
    """SQL in which `{0}`, `{1}`, … stand for the values."""
    values: tuple[object, ...] = ()

    def __and__(self, other: Visible) -> Visible:
        shifted = other.condition.format(*(f"{{{index + len(self.values)}}}" for index in range(len(other.values))))
        return Visible(f"({self.condition}) AND ({shifted})", (*self.values, *other.values))


def fits(column: str, value: object) -> Visible:
    """Those whose column has this value."""
    return Visible(f"{column} = {{0}}", (value,))


@dataclass(frozen=True, slots=True)
class Filters:
    """Which part of a list is asked for."""

    date_from: int | None = None
    date_to: int | None = None
    offset: int = 0
    limit: int = 100
    after: int | None = None
    """Go on behind the object with this `seq`; `offset` is then how many came before."""
    total: int | None = None
    """How many there are, where it was counted before."""
    without_gone: bool = False


class Found(NamedTuple):
    """An object of a page, as others are shown it."""

    seq: int
    body: bytes
    gone: int


class Slice(NamedTuple):
    """A page, and how many objects match the filters."""

    found: Sequence[Found]
    total: int


async def page(database: Database, module: str, visible: Visible, filters: Filters) -> Slice:
    """A page of a list, oldest first.

    The cost does not grow with the offset where the page goes on behind a `seq`: counting and skipping happen for
    callers who come with an offset of their own, and on the first page.
    """
    narrowed = fits("module", module) & visible
    if filters.date_from is not None:
        narrowed &= Visible("changed >= {0}", (filters.date_from,))
    if filters.date_to is not None:
        narrowed &= Visible("changed < {0}", (filters.date_to,))
    if filters.without_gone:
        narrowed &= Visible("gone < 2")
    total = filters.total
    if total is None:
        total = (await _select(database, "COUNT(*)", narrowed))[0][0]
    if filters.after is not None:
        narrowed &= Visible("seq > {0}", (filters.after,))
        skipped = 0
    else:
        skipped = filters.offset
    rows = await _select(
        database,
        "seq, COALESCE(shown, body), gone",
        narrowed,
        f" ORDER BY seq LIMIT {filters.limit:d}" + (f" OFFSET {skipped:d}" if skipped else ""),
    )
    return Slice([Found(row[0], row[1], row[2]) for row in rows], total)


async def find(database: Database, module: str, visible: Visible) -> list[Thing]:
    """The objects of a module that match, newest first; meant for conditions that few match."""
    narrowed = fits("module", module) & visible
    return [_thing(row) for row in await _select(database, _COLUMNS, narrowed, " ORDER BY seq DESC LIMIT 100")]


async def _select(database: Database, columns: str, visible: Visible, tail: str = "") -> Sequence[Any]:
    condition = visible.condition.format(*(f"${index}" for index in range(1, len(visible.values) + 1)))
    return await database.read(f"SELECT {columns} FROM object WHERE {condition}{tail}", *visible.values)  # noqa: S608
