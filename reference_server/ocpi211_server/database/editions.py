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

# Messages are found by the moment without an index: their numbers rise with the time. And what is stored together
# stands together in the others, which begin with the thousand of the number.
_BY_THOUSAND: Final = (
    "DROP INDEX message_made",
    "DROP INDEX message_party",
    "DROP INDEX message_correlation",
    "DROP INDEX message_object",
    "DROP INDEX message_authorization",
    "CREATE INDEX message_party ON message ((seq / 1000), party)",
    "CREATE INDEX message_correlation ON message ((seq / 1000), correlation_id)",
    "CREATE INDEX message_object ON message ((seq / 1000), object_id) WHERE object_id <> ''",
    "CREATE INDEX message_authorization ON message ((seq / 1000), authorization_id) WHERE authorization_id <> ''",
)

# One tree and not three: an authorisation, which is little more than this row, costs 72 µs of CPU and then 43.
_BY_ID: Final[Mapping[str, Sequence[str]]] = {
    "sqlite": (
        "ALTER TABLE authorization_given RENAME TO authorization_before",
        """
        CREATE TABLE authorization_given (
            authorization_id TEXT NOT NULL,
            emsp             TEXT NOT NULL,
            partner          BIGINT,
            ours             SMALLINT NOT NULL,
            token_uid        TEXT NOT NULL,
            contract         TEXT NOT NULL,
            location_id      TEXT,
            evse_uid         TEXT,
            allowed          TEXT NOT NULL,
            remote           SMALLINT NOT NULL,
            made             BIGINT NOT NULL,
            PRIMARY KEY (authorization_id, emsp)
        ) WITHOUT ROWID
        """,
        """
        INSERT INTO authorization_given (authorization_id, emsp, partner, ours, token_uid, contract, location_id,
            evse_uid, allowed, remote, made)
        SELECT authorization_id, emsp, partner, ours, token_uid, contract, location_id,
            evse_uid, allowed, remote, made
        FROM authorization_before
        """,
        "DROP TABLE authorization_before",
    ),
    "postgresql": (
        "ALTER TABLE authorization_given DROP CONSTRAINT authorization_given_pkey",
        "ALTER TABLE authorization_given ADD PRIMARY KEY (authorization_id, emsp)",
        "DROP INDEX authorization_by_id",
    ),
}

EDITIONS: Sequence[Mapping[str, Sequence[str]]] = (
    {name: [statement.format_map(types) for statement in FIRST] for name, types in _TYPES.items()},
    {name: [*COUNTED[name], *_BY_THOUSAND, *_BY_ID[name]] for name in _TYPES},
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
