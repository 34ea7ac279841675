"""What was measured, as it is told: medians beside their spread and their goal, and whether the goal was met."""

from __future__ import annotations

import platform
import re
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

__all__ = ["RESULTS", "Row", "section", "table", "write"]

RESULTS = Path(__file__).parent / "RESULTS.md"
_VERSIONS = ("pydantic", "orjson", "starlette", "uvicorn", "uvloop", "httptools", "aiohttp", "asyncpg", "httpx2")
_FEW = 8
_HEAD = """# Results

Written by `nox -s bench`; every figure is a ratio of two things measured in one run, in turn, and a median. Behind it
between what the middle half of the ratios lies, or all of them, where there are fewer than eight. A goal that is missed
says so. Each part tells how busy the machine was before it began: the ratios need idle cores, since what is small stays
in the cache beside other load and what is large does not.
"""


@dataclass(frozen=True)
class Row:
    """A figure, measured several times."""

    name: str
    values: Sequence[float]
    goal: float | None = None
    at_least: bool = False
    """Whether the goal is a lower bound."""
    note: str = ""

    @property
    def median(self) -> float:
        """What counts."""
        return statistics.median(self.values)

    @property
    def spread(self) -> tuple[float, float]:
        """The quartiles; of few values the smallest and the largest."""
        if len(self.values) < _FEW:
            return min(self.values), max(self.values)
        first, _, third = statistics.quantiles(self.values, method="inclusive")
        return first, third

    @property
    def verdict(self) -> str:
        """Whether the goal was met, as it is printed."""
        if self.goal is None:
            return ""
        # As it is shown: nobody misses a goal by what is not printed.
        shown = float(_number(self.median))
        return "met" if (shown >= self.goal if self.at_least else shown <= self.goal) else "**missed**"


def _number(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.2g}" if abs(value) < 0.1 else f"{value:.1f}"


def table(what: str, unit: str, rows: Iterable[Row]) -> str:
    """The rows as Markdown."""
    lines = [f"| {what} | {unit} | spread | goal | | |", "|---|---|---|---|---|---|"]
    for row in rows:
        goal = "" if row.goal is None else f"{'≥' if row.at_least else '≤'} {row.goal:g}"
        spread = " to ".join(map(_number, row.spread))
        lines.append(f"| {row.name} | {_number(row.median)} | {spread} | {goal} | {row.verdict} | {row.note} |")
    return "\n".join(lines)


def section(doc: str | None, *parts: str) -> str:
    """What a module's docstring says of its measurement, and what was measured."""
    return "\n\n".join([(doc or "").partition("\n\n")[2].strip(), *parts])


def write(title: str, text: str, order: Sequence[str]) -> None:
    """Put a section into RESULTS.md, in place of what it said before."""
    before = RESULTS.read_text("utf-8") if RESULTS.exists() else ""
    sections = dict(re.findall(r"^## (.+?)\n\n(.*?)(?=^## |\Z)", before, re.MULTILINE | re.DOTALL))
    sections[title] = text
    told = [f"## {name}\n\n{sections[name].strip()}\n" for name in order if name in sections]
    RESULTS.write_text("\n".join([_HEAD, f"{_versions()}\n", *told]), "utf-8")


def _versions() -> str:
    installed = ", ".join(f"{name} {version(name)}" for name in _VERSIONS)
    return f"{platform.python_implementation()} {platform.python_version()}, {installed}."
