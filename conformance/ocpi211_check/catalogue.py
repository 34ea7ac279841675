"""The catalogue of requirements as a run reads it (spec/requirements/README.md): rows, and what breaking one means.

The files travel inside the wheel; in a checkout, or an editable install of one, they are read where they are written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, Literal, cast

import yaml

from ocpi211_check.verdicts import Verdict

__all__ = ["PROFILES", "Catalogue", "Profile", "Role", "Row", "Safety", "catalogue", "read_catalogue"]

Role = Literal["cpo", "emsp"]
Safety = Literal["read", "own", "handshake", "command"]
Profile = Literal["plain-2.1.1", "gireve-1.1.4", "gireve-1.2.2"]

PROFILES: Final[tuple[Profile, ...]] = ("plain-2.1.1", "gireve-1.1.4", "gireve-1.2.2")
"""From the plain text to the latest edition of the hub's guide; each holds what the one before demands."""

_OFFICIAL = "https://github.com/ocpi/ocpi/blob/release-2.1.1-bugfixes/"
_GUIDE = "https://github.com/CNX-GIREVE/GIREVE_Tech_OCPI_V2.1.1/blob/main/"

# What a breach means by level; the basis may soften it, see `Row.breach`.
_BREACH: Mapping[str, Verdict] = {
    "MUST": Verdict.FAIL,
    "GIREVE": Verdict.FAIL,
    "SHOULD": Verdict.WARN,
    "MAY": Verdict.INFO,
}


@dataclass(frozen=True, slots=True)
class Row:
    """One requirement."""

    id: str
    level: str
    basis: str
    role: str
    direction: str
    safety: Safety
    module: str
    section: str
    sentence: str
    how: tuple[str, ...]
    profile: str = ""
    """The first edition of the hub's guide that demands it, empty for all."""

    @property
    def breach(self) -> Verdict:
        """What it means to break it.

        Nobody fails over a text that contradicts itself, and nobody is wrong who decides otherwise where it is open.
        """
        if self.basis == "decision":
            return Verdict.INFO
        if self.basis in {"conflict", "advisory"} and self.level == "GIREVE":
            return Verdict.WARN
        return _BREACH[self.level]

    @property
    def link(self) -> str:
        """Where the original sentence stands."""
        if self.section.startswith("gireve:"):
            return _GUIDE + self.section.removeprefix("gireve:")
        return _OFFICIAL + self.section

    def concerns(self, role: Role, profile: Profile) -> bool:
        """Whether a party of this role, under this profile, is obliged."""
        if self.role not in {role, "both"}:
            return False
        if self.level != "GIREVE":
            return True
        first = self.profile or "gireve-1.1.4"
        return PROFILES.index(profile) >= PROFILES.index(cast("Profile", first))


class Catalogue(Mapping[str, Row]):
    """All rows, by id, in the order of their files."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = {row.id: row for row in rows}

    def __getitem__(self, id_: str) -> Row:
        return self._rows[id_]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def concerning(self, role: Role, profile: Profile) -> list[Row]:
        """The rows that oblige a party of this role, under this profile."""
        return [row for row in self._rows.values() if row.concerns(role, profile)]


def _folder() -> Any:  # noqa: ANN401  (a Path or what a zip file has for one)
    packaged = files("ocpi211_check") / "requirements"
    if packaged.is_dir():
        return packaged
    return Path(__file__).parents[2] / "spec" / "requirements"


def _row(fields: Mapping[str, Any]) -> Row:
    known = {name: str(fields[name]) for name in Row.__slots__ if name in fields and name not in {"how", "safety"}}
    return Row(how=tuple(fields["how"]), safety=fields["safety"], **known)


def read_catalogue(folder: Any) -> Catalogue:  # noqa: ANN401  (as `_folder`)
    """The catalogue of a folder of YAML files."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast, where PyYAML was built with it
    rows: list[Row] = []
    for path in sorted(folder.iterdir(), key=lambda found: found.name):
        if path.name.endswith(".yaml"):
            content = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506  (both are safe loaders)
            rows += map(_row, content["requirements"])
    return Catalogue(rows)


@cache
def catalogue() -> Catalogue:
    """The catalogue this check was installed with."""
    return read_catalogue(_folder())
