"""Collects what rules say about one object: which were put to the test, and what was wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator

__all__ = ["Tally", "shown"]

_LONGEST = 60


def shown(value: object) -> str:
    """A value as a report quotes it, cut if long."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


class Tally:
    """Id of a requirement → what was wrong, an empty list where it held."""

    def __init__(self) -> None:
        self._faults: dict[str, list[str]] = {}

    def check(self, id_: str, holds: bool, where: object, why: str, *quoted: object) -> None:  # noqa: FBT001  (as an assertion reads)
        """The rule was put to the test at this place; `{}` in the reason stands for what is quoted."""
        faults = self._faults.setdefault(id_, [])
        if not holds:
            reason = why.format(*map(shown, quoted)) if quoted else why
            faults.append(f"{str(where) or '/'}: {reason}")

    def __iter__(self) -> Iterator[tuple[str, list[str]]]:
        return iter(self._faults.items())
