"""Recorded payloads judged without a network: JSON, JSON Lines, HAR (HTTP Archive 1.2).

What an object is, is told by the module in a recorded URL, else by what the object holds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlsplit

from pydantic import BaseModel
from pydantic_core import from_json
from rich.markup import escape

from ocpi211.models import CDR, EVSE, AuthorizationInfo, Connector, Credentials, Location, Session, Tariff, Token
from ocpi211_check.catalogue import Profile, Role, Row, catalogue
from ocpi211_check.rules import judge
from ocpi211_check.rules.judging import validity_faults
from ocpi211_check.settings import CannotRun
from ocpi211_check.verdicts import Verdict

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["Fault", "Found", "Linted", "judge_objects", "lint_files", "objects_in", "print_faults"]

# The first class whose telling fields are all there.
_TELLING: Final[tuple[tuple[type[BaseModel], frozenset[str]], ...]] = (
    (Credentials, frozenset({"token", "url", "business_details"})),
    (CDR, frozenset({"total_cost", "total_energy"})),
    (CDR, frozenset({"charging_periods", "total_time"})),
    (Session, frozenset({"start_datetime"})),
    (Session, frozenset({"kwh", "auth_id"})),
    (Location, frozenset({"address", "coordinates"})),
    (Location, frozenset({"evses", "id"})),
    (EVSE, frozenset({"uid", "connectors"})),
    (Connector, frozenset({"standard", "power_type"})),
    (Tariff, frozenset({"elements", "currency"})),
    (Token, frozenset({"uid", "auth_id"})),
    (Token, frozenset({"uid", "whitelist"})),
    (AuthorizationInfo, frozenset({"allowed"})),
)
_MODULES: Final[Mapping[str, type[BaseModel]]] = {
    "locations": Location,
    "sessions": Session,
    "cdrs": CDR,
    "tariffs": Tariff,
    "tokens": Token,
    "credentials": Credentials,
}


@dataclass(frozen=True, slots=True)
class Found:
    """An object of OCPI in a recording."""

    where: str
    value: Mapping[str, Any]
    model: type[BaseModel]


@dataclass(frozen=True, slots=True)
class Fault:
    """A requirement broken in a recording."""

    where: str
    row: Row
    detail: str

    @property
    def verdict(self) -> Verdict:
        """What that means."""
        return self.row.breach


@dataclass(frozen=True, slots=True)
class Linted:
    """What was found in the recordings."""

    objects: int
    faults: tuple[Fault, ...]
    unknown: tuple[str, ...] = ()
    """Where something stood that is no object of OCPI 2.1.1."""


def lint_files(paths: Sequence[Path], role: Role, profile: Profile) -> Linted:
    """Every object in these files. CannotRun for a file that cannot be read."""
    found: list[Found] = []
    unknown: list[str] = []
    for path in paths:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CannotRun(f"{path}: {error.strerror}") from None
        for entry in objects_in(content, path.name):
            if isinstance(entry, Found):
                found.append(entry)
            else:
                unknown.append(entry)
    return judge_objects(found, role, profile, unknown=unknown)


def judge_objects(
    found: Sequence[Found], role: Role, profile: Profile, operator: str = "", unknown: Sequence[str] = ()
) -> Linted:
    """The rules of this role and profile about each object."""
    rows = {row.id: row for row in catalogue().concerning(role, profile)}
    faults: list[Fault] = []
    for entry in found:
        results = judge(entry.value, entry.model, profile, operator)
        told = {id_ for id_, _ in results}
        if entry.model not in _MODULES.values():  # an EVSE or Connector by itself: its Location's rule speaks for it
            results = [*results, ("LOC-CPO-01", validity_faults(entry.value, entry.model))]
        for id_, wrong in results:
            if id_ in rows:
                faults += [Fault(entry.where, rows[id_], detail) for detail in wrong]
            elif wrong and not told & rows.keys():
                faults += [Fault(entry.where, catalogue()[id_], detail) for detail in wrong]
    return Linted(len(found), tuple(faults), tuple(unknown))


def objects_in(content: bytes, name: str) -> Iterator[Found | str]:
    """The objects of a recording; in place of one that is none, where it stands. CannotRun if it is no recording."""
    try:
        whole = from_json(content, allow_inf_nan=False)
    except ValueError:
        yield from _lines(content, name)
        return
    if isinstance(whole, dict) and isinstance(whole.get("log"), dict):
        yield from _archive(cast("dict[str, Any]", whole["log"]), name)
    else:
        yield from _values(whole, name, None)


def _lines(content: bytes, name: str) -> Iterator[Found | str]:
    for number, line in enumerate(content.splitlines(), 1):
        if not line.strip():
            continue
        try:
            value = from_json(line, allow_inf_nan=False)
        except ValueError as error:
            raise CannotRun(f"{name}:{number}: neither JSON nor JSON Lines: {error}") from None
        yield from _values(value, f"{name}:{number}", None)


def _archive(log: Mapping[str, Any], name: str) -> Iterator[Found | str]:
    """Bodies of requests and answers; what is not JSON is no business of ours."""
    for number, entry in enumerate(log.get("entries") or ()):
        request, answer = entry.get("request") or {}, entry.get("response") or {}
        where = f"{name}#{number} {request.get('method')} {urlsplit(str(request.get('url'))).path}"
        bodies = {
            "request": (request.get("postData") or {}).get("text"),
            "answer": (answer.get("content") or {}).get("text"),
        }
        model = _by_url(str(request.get("url")))
        for side, text in bodies.items():
            try:
                value = json.loads(text) if text else None
            except ValueError:
                continue
            if value is not None:
                yield from _values(value, f"{where} {side}", model if request.get("method") != "PATCH" else None)


def _by_url(url: str) -> type[BaseModel] | None:
    """The class of a module's objects, where the URL leads to one of them or to their list."""
    segments = [segment for segment in urlsplit(url).path.split("/") if segment]
    for module, model in _MODULES.items():
        if module in segments:
            depth = len(segments) - 1 - segments.index(module)
            return model if depth <= (3 if model is Location else 4) and "authorize" not in segments else None
    return None


def _values(value: object, where: str, model: type[BaseModel] | None) -> Iterator[Found | str]:
    if isinstance(value, list):
        for index, item in enumerate(cast("list[object]", value)):
            yield from _values(item, f"{where}/{index}", model)
        return
    if not isinstance(value, dict):
        yield where
        return
    members = cast("dict[str, Any]", value)
    if "status_code" in members:
        if members.get("data") not in (None, {}, []) and 1000 <= int(members["status_code"] or 0) < 2000:
            yield from _values(members["data"], f"{where}/data", model)
        return
    told = next((form for form, names in _TELLING if names <= members.keys()), model)
    yield where if told is None else Found(where, members, told)


def print_faults(linted: Linted, console: Console) -> int:
    """Tells what is wrong, the gravest first; gives the exit code."""
    order = list(Verdict)
    for fault in sorted(linted.faults, key=lambda fault: order.index(fault.verdict)):
        console.print(
            f"{fault.verdict} [bold]{fault.row.id}[/] {escape(fault.where)}{escape(fault.detail)}", highlight=False
        )
    for where in linted.unknown:
        console.print(f"[dim]{escape(where)}: no object of OCPI 2.1.1, not judged[/]", highlight=False)
    failed = sum(fault.verdict is Verdict.FAIL for fault in linted.faults)
    console.print(f"{linted.objects} objects, {failed} failures, {len(linted.faults) - failed} warnings and notes")
    if not linted.objects:
        return 2
    return int(failed > 0)
