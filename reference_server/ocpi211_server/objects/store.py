"""Objects, as transactions and reads on both databases.

An object is stored as received, beside the columns it is found by; what others are shown is stored with it where that
differs, so that a page is cut from bytes and nothing is parsed or written anew for a reader.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import count
from typing import Final, NamedTuple

from ocpi211_server.database import Database, LostRace, Work, sql

__all__ = [
    "Outcome",
    "Thing",
    "Visible",
    "delete",
    "find",
    "fits",
    "kept",
    "lock",
    "replace",
    "save",
    "shown",
    "text_about",
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


# What a PUT may change of an object that is shown to nobody else. A column that an UPDATE names is written to its
# indexes as well: what stays the same is not named, here and in `save`.
_REPLACED = f"UPDATE object SET body = $4, last_updated = $5, partner = $6{{}} WHERE {_OF_KEY}{{}} RETURNING 1"  # noqa: S608
_OF_THE_SAME = " AND COALESCE(authorization_id, '') = $7 AND COALESCE(contract, '') = $8"
_OF_OTHERS = ", authorization_id = $7, contract = $8"
_NOT_NEWER = " AND last_updated <= $5"


def lock(module: str, owner: str, id: str) -> Work[Thing | None]:
    """The object, to be changed in this transaction."""
    rows = yield sql(_LOCKED, module, owner, id)
    return Thing(module, owner, id, *rows[0]) if rows else None


def save(thing: Thing, stored: Thing | None = None, *, locked: bool = True) -> Work[None]:
    """Store the object, as a new one or in place of what `lock` gave; LostRace if that was not `locked` and is gone.

    Two transactions that both found nothing cannot both make it new: one of them begins again, and finds it there.
    """
    if stored is None:
        yield sql(_INSERT, *thing)
        return
    changed = {
        name: new for name, new, old in zip(Thing._fields, thing, stored, strict=True) if new is not old and new != old
    }
    if changed:
        named = ", ".join(f"{name} = ${number}" for number, name in enumerate(changed, 4))
        text, values = f"UPDATE object SET {named} WHERE {_OF_KEY}", (*thing[:3], *changed.values())  # noqa: S608
        if locked:
            yield sql(text, *values)
        elif not (yield sql(f"{text} AND body = ${len(values) + 1} RETURNING 1", *values, stored.body)):
            raise LostRace


def replace(thing: Thing, *, downgrade: bool) -> Work[Outcome]:
    """Store an object that is shown to nobody but its owner, in place of what is there unless that is newer.

    What is there is not read: on PostgreSQL that halves what a PUT costs. Each statement may be a transaction by
    itself.
    """
    older = "" if downgrade else _NOT_NEWER
    given, told = (*thing[:3], thing.body, thing.last_updated, thing.partner), (thing.authorization_id, thing.contract)
    if (yield sql(_REPLACED.format("", _OF_THE_SAME + older), *given, *[each or "" for each in told])):
        return Outcome.UPDATED
    update = sql(_REPLACED.format(_OF_OTHERS, older), *given, *told)
    if (yield update):
        return Outcome.UPDATED
    if (yield sql(f"{_INSERT} ON CONFLICT DO NOTHING RETURNING 1", *thing)):
        return Outcome.CREATED
    # It is newer, or somebody has made it since.
    return Outcome.UPDATED if (yield update) else Outcome.STALE


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


_FOUND: Final = f"SELECT {', '.join(Thing._fields[1:])} FROM object WHERE {{where}} ORDER BY seq DESC LIMIT 100"  # noqa: S608
_SHOWN: Final = "SELECT COALESCE(shown, body) FROM object WHERE {where} ORDER BY seq DESC LIMIT 1"


async def find(database: Database, module: str, visible: Visible) -> list[Thing]:
    """The objects of a module that match, newest first; meant for conditions that few match."""
    rows = await database.read(text_about(_FOUND, visible.condition), module, *visible.values)
    return [Thing(module, *row) for row in rows]


async def shown(database: Database, module: str, visible: Visible) -> bytes | None:
    """What others are shown of the newest object that matches; None if there is none."""
    rows = await database.read(text_about(_SHOWN, visible.condition), module, *visible.values)
    return rows[0][0] if rows else None


async def kept(database: Database, module: str, owner: str, id: str) -> bytes | None:
    """The object as received; None if there is none."""
    rows = await database.read(_BODY, module, owner, id)
    return rows[0][0] if rows else None


@lru_cache(maxsize=256)
def text_about(form: str, condition: str, **filled: str | int) -> str:
    """The statement about the objects of a module, which is `$1`, that match the condition; its values follow."""
    number = count(2)
    matching = re.sub(r"\?", lambda _: f"${next(number)}", condition)
    return form.format(where=f"module = $1 AND ({matching})", **filled)
