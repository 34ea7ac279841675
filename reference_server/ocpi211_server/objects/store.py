"""Objects and pages of them, as transactions and reads on both databases.

An object is stored as received, beside the columns it is found by; what others are shown is stored with it where that
differs, so that a page is cut from bytes and nothing is parsed or written anew for a reader.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import count
from typing import Final, NamedTuple

from ocpi211_server.database import Database, Work, sql

__all__ = [
    "Filters",
    "Outcome",
    "Slice",
    "Thing",
    "Visible",
    "delete",
    "find",
    "fits",
    "kept",
    "lock",
    "page",
    "save",
    "shown",
]


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
# A column costs as much as finding the row, so what is known is not asked for.
_LOCKED = f"SELECT {', '.join(Thing._fields[3:])} FROM object WHERE {_OF_KEY} FOR UPDATE"  # noqa: S608
_BODY = f"SELECT body FROM object WHERE {_OF_KEY}"  # noqa: S608


def lock(module: str, owner: str, id: str) -> Work[Thing | None]:
    """The object, to be changed in this transaction."""
    rows = yield sql(_LOCKED, module, owner, id)
    return Thing(module, owner, id, *rows[0]) if rows else None


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


# A NamedTuple takes three times as long to make, and every read makes some.
@dataclass(slots=True)
class Visible:
    """Which objects a caller may see: a condition, and the values in it."""

    condition: str = "TRUE"
    """SQL in which `?` stands for each of the values."""
    values: tuple[object, ...] = ()

    def __and__(self, other: Visible) -> Visible:
        return Visible(f"({self.condition}) AND ({other.condition})", (*self.values, *other.values))

    def having(self, column: str, value: object) -> Visible:
        """Those of them whose column has this value."""
        return Visible(f"({self.condition}) AND {column} = ?", (*self.values, value))


def fits(column: str, value: object) -> Visible:
    """Those whose column has this value."""
    return Visible(f"{column} = ?", (value,))


@dataclass(slots=True)
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
# a row an object a page of 1,000 Tokens takes a quarter more instructions.
_PAGE: Final = """
SELECT bodies, held, last, gone, EXISTS (SELECT 1 FROM object WHERE {where} AND {order} > last) FROM (
  SELECT {joined} AS bodies, COUNT(*) AS held, MAX(object.seq) AS last, MAX(object.gone) AS gone FROM (
    SELECT seq FROM object WHERE {where}{behind} ORDER BY {order} LIMIT {limit} OFFSET {skipped}
  ) AS chosen CROSS JOIN object WHERE object.seq = chosen.seq
) AS page
"""
_SUM: Final = "SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM object_count WHERE {where}"
_COUNT: Final = "SELECT COUNT(*) FROM object WHERE {where}"
_COUNT_SOME: Final = "SELECT COUNT(*) FROM (SELECT 1 FROM object WHERE {where} LIMIT {most}) AS counted"


async def page(database: Database, module: str, visible: Visible, filters: Filters) -> Slice:
    """A page of a list, oldest first; what is visible is told by owner and recipient.

    The cost does not grow with the offset where the page goes on behind a `seq`: skipping happens for callers who come
    with an offset of their own, counting on the first page, and only between dates. Neither database can know
    beforehand which index serves a page better; the count can, and `+ 0` keeps a column from being looked up in an
    index.
    """
    if filters.without_gone:
        visible &= Visible("gone < 2")
    dated = _between(visible, "changed", filters)
    total = filters.total
    if total is None:
        total = await (_summed if dated is visible else _counted)(database, module, dated)
    # Of a module that is mostly visible little is passed by: sorting a thousand takes as long as six pages of 50.
    sorts = total <= _FEW and (total <= filters.limit or 2 * total < await _summed(database, module, Visible()))
    order, narrowed = ("seq + 0", dated) if sorts else ("seq", _between(visible, "changed + 0", filters))
    start = f"${len(narrowed.values) + 2}"
    if filters.after is None:
        begin, behind, skipped = filters.offset, "", start
    else:
        begin, behind, skipped = filters.after, f" AND {order} > {start}", "0"
    text = _text(
        _PAGE,
        narrowed.condition,
        joined=_JOINED[database.name],
        order=order,
        behind=behind,
        limit=filters.limit,
        skipped=skipped,
    )
    read = database.read_much if filters.after is None and begin > _BRIEF else database.read
    ((bodies, held, last, gone, more),) = await read(text, module, *narrowed.values, begin)
    return Slice(bodies or b"", held, last, bool(gone), total, bool(more))


async def _summed(database: Database, module: str, visible: Visible) -> int:
    """How many there are, by what the database keeps of that."""
    ((held,),) = await database.read(_text(_SUM, visible.condition), module, *visible.values)
    return int(held)


async def _counted(database: Database, module: str, visible: Visible) -> int:
    """How many there are; where that are many, others are served meanwhile."""
    some = _text(_COUNT_SOME, visible.condition, most=_BRIEF + 1)
    ((held,),) = await database.read(some, module, *visible.values)
    if held > _BRIEF:
        ((held,),) = await database.read_much(_text(_COUNT, visible.condition), module, *visible.values)
    return int(held)


def _between(visible: Visible, column: str, filters: Filters) -> Visible:
    if filters.date_from is not None:
        visible &= Visible(f"{column} >= ?", (filters.date_from,))
    if filters.date_to is not None:
        visible &= Visible(f"{column} < ?", (filters.date_to,))
    return visible


_FOUND: Final = f"SELECT {', '.join(Thing._fields[1:])} FROM object WHERE {{where}} ORDER BY seq DESC LIMIT 100"  # noqa: S608
_SHOWN: Final = "SELECT COALESCE(shown, body) FROM object WHERE {where} ORDER BY seq DESC LIMIT 1"


async def find(database: Database, module: str, visible: Visible) -> list[Thing]:
    """The objects of a module that match, newest first; meant for conditions that few match."""
    rows = await database.read(_text(_FOUND, visible.condition), module, *visible.values)
    return [Thing(module, *row) for row in rows]


async def shown(database: Database, module: str, visible: Visible) -> bytes | None:
    """What others are shown of the newest object that matches; None if there is none."""
    rows = await database.read(_text(_SHOWN, visible.condition), module, *visible.values)
    return rows[0][0] if rows else None


async def kept(database: Database, module: str, owner: str, id: str) -> bytes | None:
    """The object as received; None if there is none."""
    rows = await database.read(_BODY, module, owner, id)
    return rows[0][0] if rows else None


@lru_cache(maxsize=256)
def _text(form: str, condition: str, **filled: str | int) -> str:
    """The statement about objects of a module, which is `$1`, that match the condition; its values follow."""
    number = count(2)
    matching = re.sub(r"\?", lambda _: f"${next(number)}", condition)
    return form.format(where=f"module = $1 AND ({matching})", **filled)
