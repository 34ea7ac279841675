"""How many instructions a request and an object take, held against bounds: who makes one dearer is told which.

    python -m benchmarks.costs [--write]

Requests are told in empty Starlette routes, without a server around either; objects in what orjson needs for the same
bytes. `costs.toml` has what was counted, and by how much it may be passed; `--write` puts there what is counted now.
Another version of Python needs another number of instructions, and is not held to it.
"""

from __future__ import annotations

import json
import os
import platform
import sqlite3
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from operator import attrgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from benchmarks.callgrind import command, counts, missing

__all__ = ["Bounds", "Counted", "bounds", "complaints", "costs", "count", "dearer", "not_held"]

_BOUNDS: Final = Path(__file__).parent / "costs.toml"
_HEADROOM: Final = 0.05
_COUNTS: Final = 3
_VERSIONS: Final = ("pydantic", "pydantic-core", "orjson", "starlette", "uvloop", "msgspec")
_HEAD: Final = """\
# What `nox -s costs` counted, as multiples of an empty Starlette route, or of orjson on the same bytes. `nox -s tests`
# fails where one of them is passed by more than the headroom. `nox -s costs -- --write` writes this file anew: where
# something became cheaper, so that it stays so, or dearer for a good reason, which the commit then says.
"""


@dataclass(frozen=True)
class Bounds:
    """What was counted when the bounds were written, and with what."""

    headroom: float
    versions: Mapping[str, str]
    costs: Mapping[str, float]


class Counted(NamedTuple):
    """Instructions of one thing."""

    name: str
    unit: bool
    instructions: float


def count() -> list[Counted]:
    """What was counted, behind each unit what is told in it. RuntimeError if that fails; see `missing`."""
    return [*_count("requests"), *_count("objects")]


def _count(part: str) -> Iterator[Counted]:
    with TemporaryDirectory(prefix="ocpi211-callgrind-") as name:
        folder = Path(name)
        ran = subprocess.run(
            command(folder, ["-m", "benchmarks.counted", part, name]),
            # Sets of strings in one order, so that the same is counted each time.
            env=os.environ | {"PYTHONHASHSEED": "0", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            capture_output=True,
            text=True,
            check=False,
        )
        found = counts(folder)
    if ran.returncode:
        raise RuntimeError(f"nothing was counted: {ran.stderr[-2000:]}")
    for (told, unit, times), instructions in zip(json.loads(ran.stdout), found, strict=True):
        yield Counted(told, unit, instructions / times)


def costs(counted: Iterable[Counted]) -> dict[str, float]:
    """By name, in the unit."""
    found: dict[str, float] = {}
    one = 0.0
    for name, unit, instructions in counted:
        if unit:
            one = instructions
        else:
            found[name] = instructions / one
    return found


def versions() -> dict[str, str]:
    """What the number of instructions depends on beside this repository."""
    found = {"python": platform.python_version(), "sqlite": sqlite3.sqlite_version}
    return found | {name: version(name) for name in _VERSIONS}


def bounds(path: Path = _BOUNDS) -> Bounds:
    """What `costs.toml` says."""
    read = tomllib.loads(path.read_text("utf-8"))
    return Bounds(read["headroom"], read["versions"], read["costs"])


def not_held(held: Bounds) -> str:
    """Why the bounds do not hold here; empty if they do."""
    here, there = (text.rpartition(".")[0] for text in (platform.python_version(), held.versions["python"]))
    return "" if here == there else f"the bounds are those of Python {there}, this is {here}"


def complaints(counted: Mapping[str, float], held: Bounds) -> list[str]:
    """What became dearer, by name, and what has no bound."""
    found = []
    for name, cost in counted.items():
        if name not in held.costs:
            found.append(f"{name}: has no bound")
        elif (more := cost / held.costs[name] - 1) > held.headroom:
            found.append(f"{name}: {cost:.2f} in place of {held.costs[name]:.2f}, {more:.0%} more")
    found += [f"{name}: is not counted any more" for name in held.costs if name not in counted]
    if found:
        now = versions()
        found += [f"({name} was {was}, is {now.get(name)})" for name, was in held.versions.items() if now[name] != was]
    return found


def dearer(held: Bounds, counting: Callable[[], Sequence[Counted]] = count, first: Sequence[Counted] = ()) -> list[str]:
    """What is wrong by the least that each thing took: what another thread does meanwhile is counted too, and adds."""
    least = first or counting()
    for _ in range(_COUNTS - 1):
        if not complaints(costs(least), held):
            break
        least = [min(pair, key=attrgetter("instructions")) for pair in zip(least, counting(), strict=True)]
    return complaints(costs(least), held)


def _written(counted: Mapping[str, float]) -> Iterator[str]:
    yield f"{_HEAD}headroom = {_HEADROOM}\n\n[costs]\n"
    for name, cost in counted.items():
        yield f"{json.dumps(name, ensure_ascii=False)} = {cost:.3f}\n"
    yield "\n[versions]\n"
    for name, each in versions().items():
        yield f'{name} = "{each}"\n'


def main(arguments: list[str]) -> str:
    """Count, tell, and write or hold against the bounds; what is wrong, if anything is."""
    if why := missing():
        return f"instructions cannot be counted: {why}"
    first = count()
    counted = costs(first)
    before = bounds().costs if _BOUNDS.exists() else {}
    for name, cost in counted.items():
        change = f"{cost / before[name] - 1:+.1%}" if name in before else ""
        sys.stdout.write(f"{name:52} {cost:8.2f} {change:>8}\n")
    if "--write" in arguments:
        _BOUNDS.write_text("".join(_written(counted)), "utf-8")
        return ""
    held = bounds()
    if why := not_held(held):
        sys.stdout.write(f"not held against the bounds: {why}\n")
        return ""
    return "\n".join(dearer(held, first=first))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
