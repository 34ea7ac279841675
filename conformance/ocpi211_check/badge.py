"""A badge: two words and a number, as SVG without any font or picture from elsewhere."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from ocpi211_check.verdicts import Verdict

if TYPE_CHECKING:
    from ocpi211_check.report import Report

__all__ = ["write_badge"]

_WIDTH = 7  # of a character, about


def write_badge(report: Report) -> str:
    """The badge of a run."""
    counts = report.counts
    exercised = sum(counts[verdict] for verdict in Verdict if verdict not in {Verdict.SKIPPED, Verdict.INCONCLUSIVE})
    failed = counts[Verdict.FAIL]
    left = f"OCPI 2.1.1 {report.role}, {report.profile}"
    right = f"{failed} failed of {exercised}" if failed else f"{counts[Verdict.PASS]} of {exercised} passed"
    colour = "#b3261e" if failed else "#8a6d00" if counts[Verdict.WARN] else "#1b6e3c"
    return _draw(left, right, colour)


def _draw(left: str, right: str, colour: str) -> str:
    first, second = len(left) * _WIDTH + 12, len(right) * _WIDTH + 12
    text = escape(f"{left}: {right}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{first + second}" height="20" role="img" aria-label="{text}">'
        f"<title>{text}</title>"
        f'<rect width="{first}" height="20" fill="#444"/>'
        f'<rect x="{first}" width="{second}" height="20" fill="{colour}"/>'
        '<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">'
        f'<text x="{first / 2}" y="14">{escape(left)}</text>'
        f'<text x="{first + second / 2}" y="14">{escape(right)}</text>'
        "</g></svg>\n"
    )
