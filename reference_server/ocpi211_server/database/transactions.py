"""One SQL text for SQLite and PostgreSQL, and one way to write.

Statements are written as PostgreSQL reads them. A transaction is a generator that yields statements and is sent their
rows, so that the same code runs on SQLite, in the event loop or in a thread, and on asyncpg, and can be run again
where it lost a race.

Drivers are called directly: an indexed read takes 0.015 ms of CPU through sqlite3 and 0.07 through asyncpg, against
0.45 and more through an abstraction that would hide which of them it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple, ParamSpec, Protocol, TypeVar

__all__ = [
    "Database",
    "DatabaseError",
    "LostRace",
    "Row",
    "Rows",
    "Statement",
    "Work",
    "open_database",
    "sql",
    "without_locks",
]

P = ParamSpec("P")
T = TypeVar("T")


class Row(Protocol):
    """A row, by name or by position of its columns."""

    def __getitem__(self, key: Any, /) -> Any: ...  # noqa: ANN401  (a column is what the database holds)
    def __iter__(self) -> Iterator[Any]: ...


Rows = Sequence[Row]


class Statement(NamedTuple):
    """SQL with `$1`, `$2`, … and the values for them."""

    text: str
    values: tuple[object, ...]


def sql(text: str, *values: object) -> Statement:
    """A statement to be yielded within a transaction."""
    return Statement(text, values)


Work = Generator[Statement, Rows, T]
"""A transaction: it yields statements, is sent their rows, and returns what it came for."""


class LostRace(Exception):
    """Raised within `write_each`: somebody has changed what was read before."""


class DatabaseError(Exception):
    """The database cannot be opened, or cannot be used any more."""


class Database(Protocol):
    """What the server asks of a database. `write` is durable when it returns."""

    name: str
    apart: bool
    """Whether `write_each` runs each statement by itself."""

    def changes(self) -> int | None:
        """A number that is another one when anything may have changed.

        None where that cannot be told for less than a look at the thing itself.
        """
        ...

    async def read(self, text: str, *values: object) -> Rows:
        """The rows of one statement that changes nothing."""
        ...

    async def read_much(self, text: str, *values: object) -> Rows:
        """As `read`, for a statement that may take long: meanwhile others are served."""
        ...

    async def write(self, work: Callable[P, Work[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a transaction to its end, whole or not at all; an exception that leaves it undoes it.

        `work` may be called more than once, so it changes nothing but the database.
        """
        ...

    async def write_each(self, work: Callable[P, Work[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """As `write`, where each statement may be a transaction by itself: PostgreSQL is asked twice less.

        Nothing is locked in between. What depends on what was read before says so, and raises LostRace if that is gone;
        then all is run as `write` does.
        """
        ...

    async def write_much(self, work: Callable[P, Work[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """As `write`, for a transaction of many rows: meanwhile others are served."""
        ...

    async def close(self) -> None:
        """Let go of all connections; what was being written is finished."""
        ...


async def open_database(url: str, *, synchronous: str = "FULL", connections: int = 10) -> Database:
    """The database at `sqlite:///file.db`, or at `postgresql://user@host/name`, with its tables made or brought up.

    DatabaseError says what is wrong with the URL, or why the database cannot be reached.
    """
    match url.partition(":")[0]:
        case "sqlite":
            from ocpi211_server.database.sqlite import SqliteDatabase  # noqa: PLC0415  (each pays for its own driver)

            return await SqliteDatabase.open(url.removeprefix("sqlite:///"), synchronous=synchronous)
        case "postgresql" | "postgres":
            try:
                from ocpi211_server.database.postgres import PostgresDatabase  # noqa: PLC0415
            except ImportError as missing:
                raise DatabaseError("PostgreSQL needs asyncpg: install 'ocpi211[reference,postgres]'") from missing
            return await PostgresDatabase.open(url, connections=connections)
        case other:
            raise DatabaseError(f"a database URL begins with sqlite:/// or postgresql://, not {other!r}")


_placeholder = re.compile(r"\$(\d+)")
# SQLite has one writer at a time and so no rows to lock.
_row_locks = re.compile(r"\s+FOR UPDATE(?: OF \w+)?(?: SKIP LOCKED)?")


@cache
def without_locks(text: str) -> str:
    """The statement, which locks no row."""
    return _row_locks.sub("", text)


@cache
def sqlite_text(text: str) -> str:
    """The statement as SQLite reads it."""
    return _placeholder.sub(r"?\1", without_locks(text))
