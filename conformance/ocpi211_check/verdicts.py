"""From single observations to one verdict a requirement.

A requirement that was not exercised is never shown as passed: it is skipped or inconclusive, and says why.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ocpi211_check.catalogue import Row

__all__ = ["Breach", "Finding", "Ledger", "Verdict"]

_MOST_BREACHES = 5
"""Of one requirement with their evidence; the others are counted."""


class Verdict(StrEnum):
    """What a run says about one requirement."""

    FAIL = "fail"
    WARN = "warn"
    INFO = "info"
    PASS = "pass"  # noqa: S105  (no password)
    INCONCLUSIVE = "inconclusive"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Breach:
    """One time that a requirement was broken: what was seen, and the numbers of the exchanges that show it."""

    detail: str
    exchanges: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict about one requirement."""

    row: Row
    verdict: Verdict
    exercised: int
    """How many times it was put to the test, held or broken."""
    broken: int = 0
    breaches: tuple[Breach, ...] = ()
    reason: str = ""
    """Why it is skipped or inconclusive."""


@dataclass(slots=True)
class _Entry:
    held: int = 0
    broken: int = 0
    breaches: list[Breach] = field(default_factory=list["Breach"])
    opens: list[str] = field(default_factory=list[str])
    skips: list[str] = field(default_factory=list[str])


class Ledger:
    """Everything a run has observed, by requirement."""

    def __init__(self) -> None:
        self._entries: dict[str, _Entry] = {}

    def held(self, id_: str) -> None:
        """It was put to the test, and held."""
        self._entry(id_).held += 1

    def broken(self, id_: str, detail: str, exchanges: Iterable[int] = ()) -> None:
        """It was put to the test, and broken."""
        entry = self._entry(id_)
        entry.broken += 1
        if len(entry.breaches) < _MOST_BREACHES and detail not in {breach.detail for breach in entry.breaches}:
            entry.breaches.append(Breach(detail, tuple(exchanges)))

    def open(self, id_: str, why: str) -> None:
        """It was tried, and could not be told."""
        self._note(self._entry(id_).opens, why)

    def skip(self, id_: str, why: str) -> None:
        """It was not tried."""
        self._note(self._entry(id_).skips, why)

    def seen(self, id_: str) -> bool:
        """Whether anything at all is known of it."""
        return id_ in self._entries

    def observed(self) -> set[str]:
        """What was held, broken or left open so far."""
        return {id_ for id_, entry in self._entries.items() if entry.held or entry.broken or entry.opens}

    def finding(self, row: Row) -> Finding:
        """The verdict about a requirement."""
        entry = self._entries.get(row.id, _Entry())
        exercised = entry.held + entry.broken
        if entry.broken:
            return Finding(row, row.breach, exercised, entry.broken, tuple(entry.breaches))
        if entry.held:
            return Finding(row, Verdict.PASS, exercised)
        if entry.opens:
            return Finding(row, Verdict.INCONCLUSIVE, 0, reason="; ".join(entry.opens))
        return Finding(row, Verdict.SKIPPED, 0, reason="; ".join(entry.skips) or _unautomated(row))

    def _entry(self, id_: str) -> _Entry:
        entry = self._entries.get(id_)
        if entry is None:
            entry = self._entries[id_] = _Entry()
        return entry

    @staticmethod
    def _note(notes: list[str], why: str) -> None:
        if why not in notes and len(notes) < _MOST_BREACHES:
            notes.append(why)


def _unautomated(row: Row) -> str:
    """Why no scenario speaks of this row."""
    if "operator" in row.how:
        return "a person has to bring it about and look"
    if row.level == "MAY":
        return "a permission, or a choice: nothing to be wrong about"
    return "at this role nothing shows it"
