"""How many objects there are, kept by the database itself: a list says so, and counting takes 64 ms a million.

Triggers do it, so nothing that stores an object can forget to. A list without dates is filtered by the columns of
`object_count` alone, and its length is a sum over few rows there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

__all__ = ["COUNTED"]

_TABLE: Final = """
CREATE TABLE object_count (
    module    TEXT NOT NULL,
    recipient TEXT NOT NULL,                  -- '' where an object has none
    owner     TEXT NOT NULL,
    gone      SMALLINT NOT NULL,
    n         BIGINT NOT NULL{end}
"""
_FILLED: Final = """
INSERT INTO object_count (module, recipient, owner, gone, n)
SELECT module, COALESCE(recipient, ''), owner, gone, COUNT(*) FROM object GROUP BY 1, 2, 3, 4
"""
# An update that names none of these columns costs nothing.
_KEY: Final = "module, recipient, owner, gone"

# One writes at a time: a row is enough for all objects that are counted together.
_MORE: Final = """
INSERT INTO object_count (module, recipient, owner, gone, n)
VALUES (NEW.module, COALESCE(NEW.recipient, ''), NEW.owner, NEW.gone, 1)
ON CONFLICT (module, recipient, owner, gone) DO UPDATE SET n = n + 1;
"""
_LESS: Final = """
UPDATE object_count SET n = n - 1
WHERE module = OLD.module AND recipient = COALESCE(OLD.recipient, '') AND owner = OLD.owner AND gone = OLD.gone;
"""
_SQLITE: Final = (
    _TABLE.format(end=f",\n    PRIMARY KEY ({_KEY})\n) WITHOUT ROWID"),
    f"CREATE TRIGGER object_made AFTER INSERT ON object BEGIN {_MORE} END",
    f"CREATE TRIGGER object_deleted AFTER DELETE ON object BEGIN {_LESS} END",
    f"CREATE TRIGGER object_moved AFTER UPDATE OF {_KEY} ON object BEGIN {_LESS} {_MORE} END",
    _FILLED,
)

# A row that several transactions change is one that they wait for, and in the wrong order a deadlock. So each writes
# rows of its own, and now and then one adds up those that nobody else is adding up.
_CHANGED: Final = """
CREATE FUNCTION count_objects() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO object_count (module, recipient, owner, gone, n)
    SELECT module, COALESCE(recipient, ''), owner, gone, CASE TG_OP WHEN 'INSERT' THEN COUNT(*) ELSE -COUNT(*) END
    FROM touched GROUP BY 1, 2, 3, 4;
    RETURN NULL;
END $$
"""
_MOVED: Final = """
CREATE FUNCTION recount_object() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO object_count (module, recipient, owner, gone, n)
    VALUES (OLD.module, COALESCE(OLD.recipient, ''), OLD.owner, OLD.gone, -1),
           (NEW.module, COALESCE(NEW.recipient, ''), NEW.owner, NEW.gone, 1);
    RETURN NULL;
END $$
"""
_ADDED_UP: Final = """
CREATE FUNCTION add_up_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH parts AS (
        DELETE FROM object_count WHERE ctid = ANY (ARRAY (
            SELECT ctid FROM object_count
            WHERE module = NEW.module AND recipient = NEW.recipient AND owner = NEW.owner AND gone = NEW.gone
            FOR UPDATE SKIP LOCKED
        )) RETURNING n
    )
    INSERT INTO object_count (module, recipient, owner, gone, n)
    SELECT NEW.module, NEW.recipient, NEW.owner, NEW.gone, SUM(n) FROM parts HAVING SUM(n) <> 0;
    RETURN NULL;
END $$
"""
_ONCE: Final = "FOR EACH STATEMENT EXECUTE FUNCTION count_objects()"
_SOMETIMES: Final = "FOR EACH ROW WHEN (random() < 0.06) EXECUTE FUNCTION add_up_counts()"
_POSTGRES: Final = (
    _TABLE.format(end="\n)"),
    f"CREATE INDEX object_count_key ON object_count ({_KEY})",
    # Its rows have no key to be known by: without this nothing could be deleted where a publication holds all tables.
    "ALTER TABLE object_count REPLICA IDENTITY FULL",
    _CHANGED,
    _MOVED,
    _ADDED_UP,
    f"CREATE TRIGGER object_made AFTER INSERT ON object REFERENCING NEW TABLE AS touched {_ONCE}",
    f"CREATE TRIGGER object_deleted AFTER DELETE ON object REFERENCING OLD TABLE AS touched {_ONCE}",
    f"CREATE TRIGGER object_moved AFTER UPDATE OF {_KEY} ON object FOR EACH ROW EXECUTE FUNCTION recount_object()",
    f"CREATE TRIGGER object_count_made AFTER INSERT ON object_count {_SOMETIMES}",
    _FILLED,
)

COUNTED: Final[Mapping[str, Sequence[str]]] = {"sqlite": _SQLITE, "postgresql": _POSTGRES}
"""What makes it, for each database. Filled last: from then on nothing is stored that a trigger does not see."""
