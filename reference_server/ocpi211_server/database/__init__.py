"""One SQL text for SQLite and PostgreSQL: the tables, the two drivers, and how a transaction is written."""

from ocpi211_server.database.transactions import (
    Database,
    DatabaseError,
    LostRace,
    Row,
    Rows,
    Statement,
    Work,
    open_database,
    sql,
)

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
]
