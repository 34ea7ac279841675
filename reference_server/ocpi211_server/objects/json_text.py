"""JSON changed where it stands: what is not touched keeps its bytes, unknown fields and digits of numbers included.

A Location is a text that holds EVSEs which hold Connectors; `Step`s lead from one to the other (mod_locations.md).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, cast

import msgspec
from msgspec import Raw
from msgspec.json import Decoder, Encoder

from ocpi211_runtime.scalars import read_date_time
from ocpi211_server.moments import seconds_of

__all__ = [
    "Step",
    "edited",
    "found",
    "items",
    "joined",
    "members",
    "merged",
    "placed",
    "rewritten",
    "steps",
    "text_of",
    "updated",
]

_members = Decoder(dict[str, Raw])
_items = Decoder(list[Raw] | None)
_encode = Encoder().encode
_NOTHING = b"null"


class _Uid(msgspec.Struct):
    uid: str = ""


class _Id(msgspec.Struct):
    id: str = ""


class _Stamp(msgspec.Struct):
    last_updated: str = ""


_keys: Mapping[str, Decoder[Any]] = {"uid": Decoder(_Uid), "id": Decoder(_Id)}
_stamp = Decoder(_Stamp).decode


class Step(NamedTuple):
    """The part in the list `list` whose `key` is `value`."""

    list: str
    key: str
    value: str


def steps(evse_uid: str | None = None, connector_id: str | None = None) -> tuple[Step, ...]:
    """The way from a Location to an EVSE of it, and on to a Connector."""
    evse = () if evse_uid is None else (Step("evses", "uid", evse_uid),)
    return evse if connector_id is None else (*evse, Step("connectors", "id", connector_id))


def members(text: bytes) -> dict[str, bytes]:
    """The members of an object, each as it stands."""
    return cast("dict[str, bytes]", {name: bytes(raw) for name, raw in _members.decode(text).items()})


def edited(text: bytes, changes: Mapping[str, bytes | None]) -> bytes:
    """The object with some members replaced, added or (None) left out; as it stands where there are none of these."""
    if not changes:
        return text
    found = _members.decode(text)
    for name, value in changes.items():
        if value is None:
            found.pop(name, None)
        else:
            found[name] = Raw(value)
    return _encode(found)


def merged(text: bytes, patch: bytes) -> bytes:
    """The object as a PATCH leaves it (transport_and_format.md, PATCH): null unsets, lists and objects are replaced."""
    changes = _members.decode(patch)
    merged = _members.decode(text) | changes
    if _NOTHING in patch:  # else nothing has to be looked for
        for name, raw in changes.items():
            if bytes(raw) == _NOTHING:
                del merged[name]
    return _encode(merged)


def items(text: bytes | None) -> list[bytes]:
    """The items of a list, each as it stands; of null and of nothing none."""
    return [] if text is None else [*map(bytes, _items.decode(text) or ())]


def joined(parts: Sequence[bytes]) -> bytes:
    """A list of these items."""
    # Not by adding: of a page that makes two copies for nothing, and large ones cost page faults, up to 70 µs each.
    return b"".join((b"[", b",".join(parts), b"]"))


def text_of(value: bytes | None) -> str:
    """A string member, read; empty where there is none."""
    return "" if value is None or value == _NOTHING else str(msgspec.json.decode(value))


def found(text: bytes, way: Sequence[Step]) -> bytes | None:
    """The part that the steps lead to; None where one leads nowhere."""
    part: bytes | Raw = text
    for step in way:
        listed = _listed(_members.decode(part), step)
        index = _index(listed, step)
        if index is None:
            return None
        part = listed[index]
    return bytes(part)


def placed(text: bytes, way: Sequence[Step], part: bytes) -> bytes:
    """The object with this part in place of the one that the steps lead to, or behind the last of its list.

    A change of a part is a change of what holds it, so `last_updated` rises on the way up. KeyError where a step but
    the last one leads nowhere.
    """
    return rewritten(text, way, lambda _: part)[0]


def rewritten(text: bytes, way: Sequence[Step], change: Callable[[bytes | None], bytes]) -> tuple[bytes, str]:
    """As `placed`, with the part that `change` makes of the one that is there, or of None where there is none.

    Tells the `last_updated` of the object as well, to look for which in a large one costs as much as to change it.
    """
    if not way:
        changed = change(text)
        return changed, _stamp(changed).last_updated
    step, rest = way[0], way[1:]
    holder = _members.decode(text)
    listed = _listed(holder, step)
    index = _index(listed, step)
    if index is None:
        if rest:
            raise KeyError(step.value)
        part = change(None)
        listed.append(Raw(part))
        stamp = _stamp(part).last_updated
    else:
        part, stamp = rewritten(bytes(listed[index]), rest, change)
        listed[index] = Raw(part)
    holder[step.list] = Raw(_encode(listed))
    given = holder.get("last_updated")
    before = text_of(None if given is None else bytes(given))
    if not stamp or _is_later(before, stamp):
        return _encode(holder), before
    holder["last_updated"] = Raw(_encode(stamp))
    return _encode(holder), stamp


def updated(text: bytes) -> datetime:
    """The `last_updated` of an object."""
    return read_date_time(_stamp(text).last_updated)


def _listed(holder: Mapping[str, Raw], step: Step) -> list[Raw]:
    raw = holder.get(step.list)
    return [] if raw is None else _items.decode(raw) or []


def _index(listed: Sequence[Raw], step: Step) -> int | None:
    decode = _keys[step.key].decode
    for index, item in enumerate(listed):
        if getattr(decode(item), step.key) == step.value:
            return index
    return None


def _is_later(one: str, other: str) -> bool:
    if one == other or not one:
        return bool(one)
    return seconds_of(one) >= seconds_of(other)
