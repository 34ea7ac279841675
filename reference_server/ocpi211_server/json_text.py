"""JSON changed where it stands: what is not touched keeps its bytes, unknown fields and digits of numbers included.

A Location is a text that holds EVSEs which hold Connectors; `Step`s lead from one to the other (mod_locations.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, cast

import msgspec
from msgspec import Raw
from msgspec.json import Decoder, Encoder

from ocpi211_runtime.scalars import read_date_time

__all__ = ["Step", "edited", "found", "items", "joined", "members", "merged", "placed", "steps", "text_of"]

_members = Decoder(dict[str, Raw])
_items = Decoder(list[Raw])
_encode = Encoder().encode
_NOTHING = b"null"


class _Uid(msgspec.Struct):
    uid: str = ""


class _Id(msgspec.Struct):
    id: str = ""


_keys: Mapping[str, Decoder[Any]] = {"uid": Decoder(_Uid), "id": Decoder(_Id)}


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
    """The object with some members replaced, added or (None) left out."""
    found = _members.decode(text)
    for name, value in changes.items():
        if value is None:
            found.pop(name, None)
        else:
            found[name] = Raw(value)
    return _encode(found)


def merged(text: bytes, patch: bytes) -> bytes:
    """The object as a PATCH leaves it (transport_and_format.md, PATCH): null unsets, lists and objects are replaced."""
    changes = {name: None if raw == _NOTHING else raw for name, raw in members(patch).items()}
    return edited(text, changes)


def items(text: bytes | None) -> list[bytes]:
    """The items of a list, each as it stands; of null and of nothing none."""
    return [] if text is None or text == _NOTHING else [bytes(raw) for raw in _items.decode(text)]


def joined(parts: Sequence[bytes]) -> bytes:
    """A list of these items."""
    return b"[" + b",".join(parts) + b"]"


def text_of(value: bytes | None) -> str:
    """A string member, read; empty where there is none."""
    return "" if value is None or value == _NOTHING else str(msgspec.json.decode(value))


def found(text: bytes, way: Sequence[Step]) -> bytes | None:
    """The part that the steps lead to; None where one leads nowhere."""
    part: bytes | None = text
    for step in way:
        if part is None:
            return None
        listed = items(members(part).get(step.list))
        index = _index(listed, step)
        part = None if index is None else listed[index]
    return part


def placed(text: bytes, way: Sequence[Step], part: bytes) -> bytes:
    """The object with this part in place of the one that the steps lead to, or behind the last of its list.

    A change of a part is a change of what holds it, so `last_updated` rises on the way up. KeyError where a step but
    the last one leads nowhere.
    """
    stamp = members(part).get("last_updated")
    return _placed(text, way, part, stamp)


def _placed(text: bytes, way: Sequence[Step], part: bytes, stamp: bytes | None) -> bytes:
    if not way:
        return part
    step, rest = way[0], way[1:]
    holder = members(text)
    listed = items(holder.get(step.list))
    index = _index(listed, step)
    if index is None:
        if rest:
            raise KeyError(step.value)
        listed.append(part)
    else:
        listed[index] = _placed(listed[index], rest, part, stamp)
    changes: dict[str, bytes | None] = {step.list: joined(listed)}
    if stamp is not None:
        changes["last_updated"] = _later(holder.get("last_updated"), stamp)
    return edited(text, changes)


def _index(listed: Sequence[bytes], step: Step) -> int | None:
    decode = _keys[step.key].decode
    for index, item in enumerate(listed):
        if getattr(decode(item), step.key) == step.value:
            return index
    return None


def _later(one: bytes | None, other: bytes) -> bytes:
    if one is None:
        return other
    return max(one, other, key=lambda raw: read_date_time(text_of(raw)))
