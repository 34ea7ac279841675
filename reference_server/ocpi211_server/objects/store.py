"""Objects and pages of them, as transactions and reads on both databases.

An object is stored as received, beside the columns it is found by; what others are shown is stored with it where that
differs, so that a page is cut from bytes and nothing is parsed or written anew for a reader.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final, NamedTuple

from ocpi211_server.database import Database, Rows, Work, sql

__all__ = ["Filters", "Outcome", "Slice", "Thing", "Visible", "delete", "find", "fits", "lock", "page", "save", "shown"]


class Thing(NamedTuple):
    """An object, and the columns it is found by."""

    module: str
    owner: str
    id: str
    body: bytes
    """As received."""
    last_updated: int
    """Seconds since 1970."""
    changed: int
    """What `date_from` and `date_to` look at, seconds since 1970."""
    shown_id: str
    shown: bytes | None = None
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

    def __repr__(self) -> str:
        return f"Thing({self.module} {self.owner} {self.id})"


class Outcome(Enum):
    """What became of a write."""

    CREATED = "created"
    UPDATED = "updated"
    STALE = "stale"
    """Older than what is stored, and so not applied."""


_COLUMNS = ", ".join(Thing._fields)
_INSERT = f"INSERT INTO object ({_COLUMNS}) VALUES ({', '.join(f'${at}' for at, _ in enumerate(Thing._fields, 1))})"  # noqa: S608
_OF_KEY = "module = $1 AND owner = $2 AND id = $3"


def lock(module: str, owner: str, id: str) -> Work[Thing | None]:
    """The object, to be changed in this transaction."""
    rows = yield sql(f"SELECT {_COLUMNS} FROM object WHERE {_OF_KEY} FOR UPDATE", module, owner, id)  # noqa: S608
    return Thing._make(rows[0]) if rows else None


def save(thing: Thing, stored: Thing | None = None) -> Work[None]:
    """Store the object, as a new one or in place of what `lock` gave.

    Two transactions that both found nothing cannot both make it new: one of them begins again, and finds it there.
    """
    if stored is None:
        yield sql(_INSERT, *thing)
        return
    # A column that is named is written to its indexes as well: a change of status changes few of them.
    changed = {
        name: new for name, new, old in zip(Thing._fields, thing, stored, strict=True) if new is not old and new != old
    }
    if changed:
        text = ", ".join(f"{name} = ${number}" for number, name in enumerate(changed, 4))
        yield sql(
            f"UPDATE object SET {text} WHERE {_OF_KEY}",  # noqa: S608
            thing.module,
            thing.owner,
            thing.id,
            *changed.values(),
        )


def delete(thing: Thing) -> Work[None]:
    """Forget the object."""
    yield sql(f"DELETE FROM object WHERE {_OF_KEY}", thing.module, thing.owner, thing.id)  # noqa: S608


class Visible(NamedTuple):
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

    bodies: bytes
    """What others are shown of its objects, with commas in between."""
    held: int
    """How many these are."""
    last: int | None
    """The `seq` of the last one."""
    gone: bool
    """Whether there are Locations among them some EVSE of which is REMOVED."""
    total: int
    more: bool
    """Whether there are objects behind this page."""


_FEW = 1000
"""So many can be sorted for each page. Of more, those behind a `seq` are taken in the order they are stored in."""
_BRIEF = 10_000
"""So many are counted or passed by at once, which takes as long as a page of a thousand."""
_JOINED: Final[Mapping[str, str]] = {
    "sqlite": "CAST(group_concat(COALESCE(shown, body), ',') AS BLOB)",
    "postgresql": "string_agg(COALESCE(shown, body), ',' ORDER BY object.seq)",
}
# What is passed by, and sorted, are entries of an index, not objects. One row comes back, whatever the page holds: with
# a row an object a page of 1,000 Tokens takes two and a half times the instructions.
_PAGE: Final = """
SELECT bodies, held, last, gone, EXISTS (SELECT 1 FROM object WHERE {narrowed} AND {order} > last) FROM (
  SELECT {joined} AS bodies, COUNT(*) AS held, MAX(object.seq) AS last, MAX(object.gone) AS gone FROM (
    SELECT seq FROM object WHERE {chosen} ORDER BY {order} LIMIT {limit} OFFSET {skipped}
  ) AS chosen CROSS JOIN object WHERE object.seq = chosen.seq
) AS page
"""


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
    total = await _count(database, dated) if filters.total is None else filters.total
    order, narrowed = ("seq + 0", dated) if total <= _FEW else ("seq", narrowed & _dates("changed + 0", filters))
    chosen, skipped = narrowed, filters.offset
    if filters.after is not None:
        chosen, skipped = narrowed & Visible(f"{order} > {{0}}", (filters.after,)), 0
    text = _PAGE.format(
        joined=_JOINED[database.name],
        narrowed=narrowed.condition,
        chosen=chosen.condition,
        order=order,
        limit=filters.limit,
        skipped=f"{{{len(chosen.values)}}}",
    )
    values = (*chosen.values, skipped)
    read = database.read if skipped <= _BRIEF else database.read_much
    ((bodies, held, last, gone, more),) = await read(_numbered(text, len(values)), *values)
    return Slice(bodies or b"", held, last, bool(gone), total, bool(more))


async def _count(database: Database, visible: Visible) -> int:
    """How many there are; where that are many, others are served meanwhile."""
    values = visible.values
    some = f"SELECT 1 FROM object WHERE {visible.condition} LIMIT {_BRIEF + 1}"  # noqa: S608
    ((count,),) = await database.read(_numbered(f"SELECT COUNT(*) FROM ({some}) AS counted", len(values)), *values)  # noqa: S608
    if count > _BRIEF:
        all_ = f"SELECT COUNT(*) FROM object WHERE {visible.condition}"  # noqa: S608
        ((count,),) = await database.read_much(_numbered(all_, len(values)), *values)
    return int(count)


def _dates(column: str, filters: Filters) -> Visible:
    visible = Visible()
    if filters.date_from is not None:
        visible &= Visible(f"{column} >= {{0}}", (filters.date_from,))
    if filters.date_to is not None:
        visible &= Visible(f"{column} < {{0}}", (filters.date_to,))
    return visible


async def find(database: Database, module: str, visible: Visible) -> list[Thing]:
    """The objects of a module that match, newest first; meant for conditions that few match."""
    return [Thing._make(row) for row in await _newest(database, _COLUMNS, module, visible)]


async def shown(database: Database, module: str, visible: Visible) -> bytes | None:
    """What others are shown of the newest object that matches; None if there is none."""
    rows = await _newest(database, "COALESCE(shown, body)", module, visible)
    return rows[0][0] if rows else None


async def _newest(database: Database, columns: str, module: str, visible: Visible) -> Rows:
    narrowed = fits("module", module) & visible
    text = f"SELECT {columns} FROM object WHERE {narrowed.condition} ORDER BY seq DESC LIMIT 100"  # noqa: S608
    return await database.read(_numbered(text, len(narrowed.values)), *narrowed.values)


@lru_cache(maxsize=256)
def _numbered(text: str, count: int) -> str:
    """The statement with `$1`, `$2`, … for its values."""
    return text.format(*(f"${number}" for number in range(1, count + 1)))
