"""Objects and pages of them, as transactions and reads on both databases.

An object is stored as received, beside the columns it is found by; what others are shown is stored with it where that
differs, so that a page is cut from bytes and nothing is parsed or written anew for a reader.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from ocpi211_server.database import Database, Row, Rows, Work, sql

__all__ = ["Filters", "Outcome", "Slice", "Thing", "Visible", "delete", "find", "fits", "lock", "page", "save"]


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


_NAMES = tuple(item.name for item in fields(Thing))
_COLUMNS = ", ".join(_NAMES)
_OF_KEY = "module = $1 AND owner = $2 AND id = $3"


def _thing(row: Row) -> Thing:
    return Thing(**dict(zip(_NAMES, row, strict=True)))


def lock(module: str, owner: str, id: str) -> Work[Thing | None]:
    """The object, to be changed in this transaction."""
    rows = yield sql(f"SELECT {_COLUMNS} FROM object WHERE {_OF_KEY} FOR UPDATE", module, owner, id)  # noqa: S608
    return _thing(rows[0]) if rows else None


def save(thing: Thing, stored: Thing | None = None) -> Work[None]:
    """Store the object, as a new one or in place of what `lock` gave.

    Two transactions that both found nothing cannot both make it new: one of them begins again, and finds it there.
    """
    if stored is None:
        values = ", ".join(f"${number}" for number in range(1, len(_NAMES) + 1))
        yield sql(f"INSERT INTO object ({_COLUMNS}) VALUES ({values})", *(getattr(thing, name) for name in _NAMES))  # noqa: S608
        return
    # A column that is named is written to its indexes as well: a change of status changes few of them.
    changed = [name for name in _NAMES if getattr(thing, name) != getattr(stored, name)]
    if changed:
        text = ", ".join(f"{name} = ${number}" for number, name in enumerate(changed, 4))
        values_ = (getattr(thing, name) for name in changed)
        yield sql(f"UPDATE object SET {text} WHERE {_OF_KEY}", thing.module, thing.owner, thing.id, *values_)  # noqa: S608


def delete(thing: Thing) -> Work[None]:
    """Forget the object."""
    yield sql(f"DELETE FROM object WHERE {_OF_KEY}", thing.module, thing.owner, thing.id)  # noqa: S608


@dataclass(frozen=True, slots=True)
class Visible:
    """Which objects a caller may see: a condition, and the values in it."""

    condition: str = "TRUE"
    """SQL in which `{0}`, `{1}`, … stand for the values."""
    values: tuple[object, ...] = ()

    def __and__(self, other: Visible) -> Visible:
        condition = _both(self.condition, len(self.values), other.condition, len(other.values))
        return Visible(condition, (*self.values, *other.values))


@lru_cache(maxsize=256)
def _both(one: str, first: int, other: str, second: int) -> str:
    """The two conditions as one, in which the numbers of the other's values follow on those of the first's."""
    return f"({one}) AND ({other.format(*(f'{{{first + index}}}' for index in range(second)))})"


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


class Slice(NamedTuple):
    """A page, and how many objects match the filters."""

    rows: Rows
    """Of each object its `seq`, what others are shown of it, and `gone`."""
    total: int
    more: bool
    """Whether there are objects behind this page."""


_FEW = 1000
"""So many can be sorted for each page. Of more, those behind a `seq` are taken in the order they are stored in."""


async def page(database: Database, module: str, visible: Visible, filters: Filters) -> Slice:
    """A page of a list, oldest first.

    The cost does not grow with the offset where the page goes on behind a `seq`: counting and skipping happen for
    callers who come with an offset of their own, and on the first page. Neither database can know beforehand which
    index serves a page better; the count can, and `+ 0` keeps a column from being looked up in an index.
    """
    narrowed = fits("module", module) & visible
    if filters.without_gone:
        narrowed &= Visible("gone < 2")
    dated = narrowed & _dates("changed", filters)
    total = filters.total
    if total is None:
        total = (await _select(database, "COUNT(*)", dated))[0][0]
    order, narrowed = ("seq + 0", dated) if total <= _FEW else ("seq", narrowed & _dates("changed + 0", filters))
    skipped = filters.offset
    if filters.after is not None:
        narrowed, skipped = narrowed & Visible(f"{order} > {{0}}", (filters.after,)), 0
    # One more than the page holds tells whether it is the last.
    chosen = f"{narrowed.condition} ORDER BY {order} LIMIT {filters.limit + 1:d} OFFSET {{{len(narrowed.values)}}}"
    # What is passed by, and sorted, are entries of an index, not objects.
    page = Visible(f"seq IN (SELECT seq FROM object WHERE {chosen}) ORDER BY seq", (*narrowed.values, skipped))  # noqa: S608
    rows = await _select(database, "seq, COALESCE(shown, body), gone", page)
    return Slice(rows[: filters.limit], total, len(rows) > filters.limit)


def _dates(column: str, filters: Filters) -> Visible:
    visible = Visible()
    if filters.date_from is not None:
        visible &= Visible(f"{column} >= {{0}}", (filters.date_from,))
    if filters.date_to is not None:
        visible &= Visible(f"{column} < {{0}}", (filters.date_to,))
    return visible


async def find(database: Database, module: str, visible: Visible) -> list[Thing]:
    """The objects of a module that match, newest first; meant for conditions that few match."""
    narrowed = fits("module", module) & visible
    newest = Visible(f"{narrowed.condition} ORDER BY seq DESC LIMIT 100", narrowed.values)
    return [_thing(row) for row in await _select(database, _COLUMNS, newest)]


async def _select(database: Database, columns: str, visible: Visible) -> Rows:
    return await database.read(_text(columns, visible.condition, len(visible.values)), *visible.values)


@lru_cache(maxsize=256)
def _text(columns: str, condition: str, count: int) -> str:
    numbers = [f"${number}" for number in range(1, count + 1)]
    return f"SELECT {columns} FROM object WHERE {condition.format(*numbers)}"  # noqa: S608
