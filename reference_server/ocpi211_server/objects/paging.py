"""Pages of objects, cut by the databases (transport_and_format.md, Pagination).

A page is one row, made of bytes as they are stored; `Link` says behind which object the next one begins.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from ocpi211_runtime.errors import InvalidParameters, Problem
from ocpi211_server.database import Database
from ocpi211_server.objects.store import Visible, text_about

__all__ = ["Filters", "Slice", "cursor", "page"]


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
    text = text_about(
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
    ((held,),) = await database.read(text_about(_SUM, visible.condition), module, *visible.values)
    return int(held)


async def _counted(database: Database, module: str, visible: Visible) -> int:
    """How many there are; where that are many, others are served meanwhile."""
    some = text_about(_COUNT_SOME, visible.condition, most=_BRIEF + 1)
    ((held,),) = await database.read(some, module, *visible.values)
    if held > _BRIEF:
        ((held,),) = await database.read_much(text_about(_COUNT, visible.condition), module, *visible.values)
    return int(held)


def _between(visible: Visible, column: str, filters: Filters) -> Visible:
    if filters.date_from is not None:
        visible &= Visible(f"{column} >= ?", (filters.date_from,))
    if filters.date_to is not None:
        visible &= Visible(f"{column} < ?", (filters.date_to,))
    return visible


_CURSOR = re.compile(r"([0-9]{1,18})\.([0-9]{1,18})\.([0-9]{1,18})")


def cursor(query: Sequence[tuple[str, str]], offset: int) -> tuple[int | None, int | None]:
    """Where an earlier page of ours says that this one begins, and how many objects there were.

    An offset other than the one it came with was put there by hand, and is what is meant.
    """
    given = next((value for name, value in query if name == "after"), None)
    if given is None:
        return None, None
    found = _CURSOR.fullmatch(given)
    if found is None:
        problem = Problem("query/after", "cursor", "is not one that was given out", given[:100])
        raise InvalidParameters(problems=(problem,))
    after, total, end = map(int, found.groups())
    return (after, total) if end == offset else (None, None)
