"""Exchanges of the message log, looked up by party, module, object, authorisation or correlation.

The indexes begin with the thousand of a row's number: what is stored together is on a few pages of each, where ids
alone are all over it, and a row costs 20 µs of CPU and not 60 with 300,000 of them. Who looks for an id asks thousand
by thousand: 2 to 20 ms for a million rows.
"""

from __future__ import annotations

from collections.abc import Sequence

from ocpi211_server.database import Database, Row
from ocpi211_server.moments import MICROSECONDS
from ocpi211_server.operating.messages import Message

__all__ = ["find", "show"]

_Wanted = Sequence[tuple[str, Sequence[object]]]
"""Conditions, and the values for the gaps in each."""

_SOME = 50
_WHOLE = Message._fields[:-1]
_LISTED = _WHOLE[:-2]
# No exchange takes longer, and no clock is so wrong, that one which began later has a row so much earlier.
_LATEST = 3600 * MICROSECONDS


async def find(
    database: Database,
    *,
    party: str | None = None,
    module: str | None = None,
    object_id: str | None = None,
    authorization_id: str | None = None,
    correlation_id: str | None = None,
    since: int | None = None,
    related: bool = False,
    limit: int = 100,
) -> list[Message]:
    """The latest exchanges that match everything given, in the order they began, without their bodies.

    `since` is in microseconds since 1970. `related` adds to those of an `authorization_id` what has the same
    correlation: the result of a START_SESSION does not name the authorisation it belongs to.
    """
    carrying = "authorization_id = {} AND authorization_id <> ''"
    given = {
        "party = {}": party,
        "module = {}": module,
        "object_id = {} AND object_id <> ''": object_id,
        carrying: authorization_id,
        "correlation_id = {}": correlation_id,
        "made >= {}": since,
    }
    wanted: _Wanted = [(condition, [value]) for condition, value in given.items() if value is not None]
    first, last = await _first_and_last(database)
    begin = first if since is None else await _first_since(database, since - _LATEST, first, last)
    found = await _latest(database, wanted, begin, last, limit)
    if related and authorization_id is not None:
        others = [(condition, values) for condition, values in wanted if condition != carrying]
        of_it = await _latest(database, [(carrying, [authorization_id])], first, last, last)
        matters = sorted({message.correlation_id for message in of_it})
        for some in (matters[start : start + _SOME] for start in range(0, len(matters), _SOME)):
            same = f"correlation_id IN ({', '.join('{}' for _ in some)})"
            found += await _latest(database, [*others, (same, some)], begin, last, limit)
        found = sorted(set(found), key=lambda message: message.seq, reverse=True)[:limit]
    return sorted(found, key=lambda message: (message.made, message.seq))


# + 0: what is cast has a type, and SQLite looks up no expression of an index by that.
_thousands = (
    "WITH RECURSIVE thousand(number) AS (SELECT CAST($1 AS BIGINT) + 0"
    " UNION ALL SELECT number - 1 FROM thousand WHERE number > $2)"
)
# Not by seq itself: PostgreSQL would read the whole table backwards, hoping for the limit.
_from_thousands = "FROM thousand CROSS JOIN message WHERE seq / 1000 = number{} ORDER BY seq + 0 DESC LIMIT $3"


async def _latest(database: Database, wanted: _Wanted, first: int, last: int, limit: int) -> list[Message]:
    values = [value for _, each in wanted for value in each]
    conditions = "".join(f" AND {condition}" for condition, _ in wanted)
    conditions = conditions.format(*(f"${place}" for place, _ in enumerate(values, 4)))
    text = f"{_thousands} SELECT seq, {', '.join(_LISTED)} {_from_thousands.format(conditions)}"
    rows: list[Row] = []
    start, end, many = first // 1000, last // 1000, 1
    while start <= end and len(rows) < limit:
        rows += await database.read(text, end, max(start, end - many + 1), limit - len(rows), *values)
        end, many = end - many, many * 2  # most look for what is new
    return [_message(row, _LISTED) for row in rows]


async def _first_and_last(database: Database) -> tuple[int, int]:
    text = "SELECT (SELECT COALESCE(MIN(seq), 0) FROM message), (SELECT COALESCE(MAX(seq), -1) FROM message)"
    ((first, last),) = await database.read(text)
    return first, last


async def _first_since(database: Database, moment: int, first: int, last: int) -> int:
    """The number of about the first row since a moment, found by halving."""
    end = last + 1
    while first < end:
        middle = (first + end) // 2
        (row,) = await database.read("SELECT seq, made FROM message WHERE seq >= $1 ORDER BY seq LIMIT 1", middle)
        first, end = (row["seq"] + 1, end) if row["made"] < moment else (first, middle)
    return first


async def show(database: Database, seq: int) -> Message | None:
    """One exchange with its bodies, None if it is not there, or not any more."""
    rows = await database.read(f"SELECT seq, {', '.join(_WHOLE)} FROM message WHERE seq = $1", seq)  # noqa: S608  (names of our own)
    return _message(rows[0], _WHOLE) if rows else None


def _message(row: Row, columns: Sequence[str]) -> Message:
    return Message(**{name: row[name] for name in columns}, seq=row["seq"])
