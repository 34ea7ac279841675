"""Places that an authorisation or a command names: found in a Location, in the CPO's ids and in those others know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ocpi211_server.objects.json_text import items, members, text_of
from ocpi211_server.objects.store import Thing

__all__ = ["Part", "connector_named", "connector_shown", "evse_named", "evse_shown"]


class Part(NamedTuple):
    """An EVSE or Connector."""

    came: bytes
    """As its CPO gave it."""
    seen: bytes
    """As others are shown it."""


def evse_named(location: Thing, name: str) -> Part | None:
    """The EVSE to which its CPO gave this uid, else this `evse_id`."""
    evses = [*_parts(Part(location.body, location.visible), "evses")]
    for key in ("uid", "evse_id"):
        for evse in evses:
            if text_of(members(evse.came).get(key)) == name:
                return evse
    return None


def evse_shown(location: Thing, uid: str) -> Part | None:
    """The EVSE that others know by this uid."""
    return _shown(_parts(Part(location.body, location.visible), "evses"), "uid", uid)


def connector_named(evses: Iterable[Part | None], id: str) -> Part | None:
    """The Connector to which its CPO gave this id, of the first of these EVSEs that has one."""
    connectors = (connector for evse in evses if evse is not None for connector in _parts(evse, "connectors"))
    return next((connector for connector in connectors if text_of(members(connector.came).get("id")) == id), None)


def connector_shown(evse: Part, id: str) -> Part | None:
    """The Connector of an EVSE that others know by this id."""
    return _shown(_parts(evse, "connectors"), "id", id)


def _parts(holder: Part, name: str) -> Iterator[Part]:
    came, seen = (items(members(text).get(name)) for text in holder)
    yield from map(Part, came, seen)


def _shown(parts: Iterator[Part], key: str, name: str) -> Part | None:
    return next((part for part in parts if text_of(members(part.seen).get(key)) == name), None)
