"""The editions of the tables, and how a database of an earlier one is brought up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from ocpi211_server.database.counting import COUNTED
from ocpi211_server.database.schema import FIRST
from ocpi211_server.database.transactions import DatabaseError, Work, sql

__all__ = ["EDITIONS", "migrate"]

_TYPES: Final[Mapping[str, Mapping[str, str]]] = {
    "sqlite": {"SERIAL": "INTEGER PRIMARY KEY AUTOINCREMENT", "BYTES": "BLOB", "JSON": "TEXT"},
    "postgresql": {"SERIAL": "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY", "BYTES": "BYTEA", "JSON": "JSON"},
}

# Messages are found by the moment without it: their numbers rise with the time.
_NEEDLESS: Final = ("DROP INDEX message_made",)

EDITIONS: Sequence[Mapping[str, Sequence[str]]] = (
    {name: [statement.format_map(types) for statement in FIRST] for name, types in _TYPES.items()},
    {name: [*COUNTED[name], *_NEEDLESS] for name in _TYPES},
)
"""Edition by edition, what makes it out of the one before, for each database. A released edition is never changed."""


def migrate(name: str) -> Work[None]:
    """Bring this database to the latest edition; of several workers that start at once, one does it."""
    yield sql("CREATE TABLE IF NOT EXISTS edition (number BIGINT PRIMARY KEY)")
    if name == "postgresql":
        yield sql("LOCK TABLE edition IN EXCLUSIVE MODE")
    rows = yield sql("SELECT COALESCE(MAX(number), 0) FROM edition")
    if rows[0][0] > len(EDITIONS):
        raise DatabaseError("the database is of a later edition of this server")
    for number, edition in enumerate(EDITIONS, 1):
        if number > rows[0][0]:
            for statement in edition[name]:
                yield sql(statement)
            yield sql("INSERT INTO edition (number) VALUES ($1)", number)
