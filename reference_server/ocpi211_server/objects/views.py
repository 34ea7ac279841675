"""How others are shown what is stored: as it came, but in the wire form, or as a hub shows it to its other leg.

transport_and_format.md and types.md for the form: no null, DateTimes in UTC with a Z, numbers as numbers. A CDR is an
invoice, and leaves as it came.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Protocol

from pydantic_core import to_json

from ocpi211_server.database import Work, sql
from ocpi211_server.findings import missing
from ocpi211_server.objects.json_text import Step, edited, items, joined, members, text_of
from ocpi211_server.objects.store import Thing
from ocpi211_server.profiles import Profile

__all__ = ["HubView", "PlainView", "View", "shown_as"]

_log = logging.getLogger(__name__)

_LONGEST_REMARK = 255
_MOST_REPORTED = 10


class View(Protocol):
    """What others see of an object."""

    def seen(self, thing: Thing, wire: bytes) -> Work[Thing]:
        """The object with what others are shown of it; `wire` is its wire form."""
        ...

    def way(self, owner: str, way: Sequence[Step]) -> Work[tuple[Step, ...]]:
        """The way to a part of a Location, as others walk it."""
        ...

    def part(self, owner: str, way: Sequence[Step], wire: bytes) -> Work[bytes]:
        """A part of a Location as others are shown it."""
        ...


class PlainView:
    """A CPO or eMSP shows what it has."""

    def seen(self, thing: Thing, wire: bytes) -> Work[Thing]:
        """The object, in its wire form."""
        yield from ()
        return thing._replace(shown=None if thing.module == "cdrs" or wire == thing.body else wire)

    def way(self, owner: str, way: Sequence[Step]) -> Work[tuple[Step, ...]]:  # noqa: ARG002  (as any view)
        """The same way."""
        yield from ()
        return tuple(way)

    def part(self, owner: str, way: Sequence[Step], wire: bytes) -> Work[bytes]:  # noqa: ARG002  (as any view)
        """The part itself."""
        yield from ()
        return wire


class HubView:
    """A hub shows ids and names of its own where its profile says so, to keep ids unique among its partners."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile

    def seen(self, thing: Thing, wire: bytes) -> Work[Thing]:
        """The object as the other leg sees it."""
        self._report(thing, wire)
        match thing.module:
            case "locations":
                wire = yield from self._location(thing.owner, wire)
            case "sessions":
                wire = yield from self._session(thing, wire)
            case "cdrs":
                wire = yield from self._cdr(thing, thing.body)
            case "tokens" if self._profile.name_by_party:
                wire = edited(wire, {"issuer": to_json(thing.owner)})
            case "tariffs" if self._profile.name_by_party:
                country_code, _, party_id = thing.owner.partition("*")
                wire = edited(wire, {"country_code": to_json(country_code), "party_id": to_json(party_id)})
            case _:
                pass
        shown_id = text_of(members(wire).get("id")) if thing.module in ("locations", "sessions") else thing.id
        return thing._replace(shown_id=shown_id, shown=None if wire == thing.body else wire)

    def _report(self, thing: Thing, wire: bytes) -> None:
        """Tell the log what the hub's guide demands and the object lacks."""
        if lacking := [*missing(self._profile.mandatory, thing.module, thing.owner, wire)]:
            where = ", ".join(lacking[:_MOST_REPORTED]) + (", …" if len(lacking) > _MOST_REPORTED else "")
            _log.warning("finding: %s %s of %s lacks %s", thing.module, thing.id, thing.owner, where)

    def way(self, owner: str, way: Sequence[Step]) -> Work[tuple[Step, ...]]:
        """The way, in the hub's ids."""
        if not self._profile.translate_locations:
            return tuple(way)
        steps: list[Step] = []
        for index, step in enumerate(way):
            kind = "connector" if index else "evse"
            original = f"{way[0].value}/{step.value}" if index else step.value
            shown = yield from shown_as(kind, owner, original)
            steps.append(step._replace(value=shown))
        return tuple(steps)

    def part(self, owner: str, way: Sequence[Step], wire: bytes) -> Work[bytes]:
        """An EVSE or Connector in the hub's ids."""
        if not self._profile.translate_locations:
            return wire
        if len(way) == 1:
            return (yield from self._evse(owner, wire))
        return (yield from self._connector(owner, way[0].value, wire))

    def _location(self, owner: str, wire: bytes, *, named: bool = True) -> Work[bytes]:
        given = members(wire)
        changes: dict[str, bytes | None] = {}
        if self._profile.translate_locations:
            if "evses" in given:
                changes["evses"] = yield from _each(items(given["evses"]), partial(self._evse, owner))
            changes["id"] = to_json((yield from shown_as("location", owner, text_of(given.get("id")))))
        if named and self._profile.name_by_party:
            operator = given.get("operator", b"null")
            changes["operator"] = edited(b"{}" if operator == b"null" else operator, {"name": to_json(owner)})
        return edited(wire, changes)

    def _evse(self, owner: str, wire: bytes) -> Work[bytes]:
        given = members(wire)
        uid = text_of(given.get("uid"))
        changes: dict[str, bytes | None] = {"uid": to_json((yield from shown_as("evse", owner, uid)))}
        if "connectors" in given:
            changes["connectors"] = yield from _each(items(given["connectors"]), partial(self._connector, owner, uid))
        return edited(wire, changes)

    def _connector(self, owner: str, evse_uid: str, wire: bytes) -> Work[bytes]:
        original = f"{evse_uid}/{text_of(members(wire).get('id'))}"
        return edited(wire, {"id": to_json((yield from shown_as("connector", owner, original)))})

    def _session(self, thing: Thing, wire: bytes) -> Work[bytes]:
        given = members(wire)
        # GIREVE's guide shows the operator of a Session by its own name.
        location = yield from self._location(thing.owner, given["location"], named=False)
        changes = {"location": location, **(yield from self._authorization(thing))}
        if self._profile.translate_sessions:
            changes["id"] = to_json((yield from shown_as("session", thing.owner, thing.id)))
        return edited(wire, changes)

    def _authorization(self, thing: Thing) -> Work[dict[str, bytes | None]]:
        """An eMSP is told the `authorization_id` that it gave, never one that the hub made in its place."""
        if not (self._profile.make_authorization_id and thing.authorization_id):
            return {}
        made = "SELECT 1 FROM authorization_given WHERE emsp = $1 AND authorization_id = $2 AND ours = 1"
        rows = yield sql(made, thing.recipient or "", thing.authorization_id)
        return {"authorization_id": None} if rows else {}

    def _cdr(self, thing: Thing, body: bytes) -> Work[bytes]:
        given = members(body)
        changes = yield from self._authorization(thing)
        if self._profile.translate_locations or self._profile.name_by_party:
            changes["location"] = yield from self._location(thing.owner, given["location"])
        if not self._profile.signed_data and "signed_data" in given:
            changes["signed_data"] = None
        if self._profile.remark_prefixes:
            changes |= yield from self._priced(thing, given)
        return edited(body, changes)

    def _priced(self, thing: Thing, given: dict[str, bytes]) -> Work[dict[str, bytes | None]]:
        """Cost and remark: a cost of nothing for something is worked out from the agreement, or said to be void."""
        cost, energy, time = (_number(given.get(name)) for name in ("total_cost", "total_energy", "total_time"))
        if cost or not (energy or time):
            return {}
        rows = yield sql("SELECT price FROM agreement WHERE cpo = $1 AND emsp = $2", thing.owner, thing.recipient or "")
        price = rows[0][0] if rows else None
        prefix = "[?]" if price is None else "[*]"
        remark = f"{prefix} {text_of(given.get('remark'))}".rstrip()[:_LONGEST_REMARK]
        changes: dict[str, bytes | None] = {"remark": to_json(remark)}
        if price is not None:
            changes["total_cost"] = f"{energy * Decimal(price):.4f}".encode()
        return changes


def _each(parts: Sequence[bytes], view: Callable[[bytes], Work[bytes]]) -> Work[bytes]:
    """The list of these parts, each as it is shown."""
    shown: list[bytes] = []
    for part in parts:
        shown.append((yield from view(part)))  # noqa: PERF401  (no comprehension can yield)
    return joined(shown)


def _number(raw: bytes | None) -> Decimal:
    try:
        return Decimal((raw or b"0").strip(b'"').decode("ascii"))
    except (InvalidOperation, UnicodeDecodeError):
        return Decimal(0)


def shown_as(kind: str, owner: str, original: str) -> Work[str]:
    """What a hub calls this id of a CPO towards eMSPs: made once, and the same for ever."""
    known = "SELECT shown FROM translation WHERE kind = $1 AND owner = $2 AND original = $3"
    rows = yield sql(known, kind, owner, original)
    if rows:
        return str(rows[0][0])
    rows = yield sql(
        "INSERT INTO translation (kind, owner, original, shown) VALUES ($1, $2, $3, $4) RETURNING seq",
        kind,
        owner,
        original,
        f"{owner} {original}",  # unlike any that is given out
    )
    number = rows[0][0]
    shown = f"{owner[:2]}S{number:07d}" if kind == "location" else str(number)
    yield sql("UPDATE translation SET shown = $1 WHERE seq = $2", shown, number)
    return shown
