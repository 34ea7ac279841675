"""The report for programs: JSON, with every verdict, its evidence, and how often each requirement was exercised."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ocpi211_check.report import Report
    from ocpi211_check.verdicts import Finding

__all__ = ["as_data", "write_json"]


def as_data(report: Report) -> dict[str, Any]:
    """The report as plain data."""
    return {
        "target": report.target,
        "role": report.role,
        "profile": report.profile,
        "party": report.party,
        "seed": report.seed,
        "started": report.started,
        "seconds": report.seconds,
        "requests": report.requests,
        "allowed": list(report.allowed),
        "counts": {str(verdict): count for verdict, count in report.counts.items()},
        "errors": list(report.errors),
        "findings": [_finding(finding) for finding in report.findings],
        "evidence": {str(number): asdict(shown) for number, shown in report.evidence.items()},
    }


def write_json(report: Report) -> str:
    """The report as JSON."""
    return json.dumps(as_data(report), indent=2, ensure_ascii=False) + "\n"


def _finding(finding: Finding) -> dict[str, Any]:
    row = finding.row
    return {
        "id": row.id,
        "verdict": str(finding.verdict),
        "level": row.level,
        "basis": row.basis,
        "module": row.module,
        "direction": row.direction,
        "sentence": row.sentence,
        "section": row.section,
        "link": row.link,
        "exercised": finding.exercised,
        "broken": finding.broken,
        "reason": finding.reason,
        "breaches": [{"detail": each.detail, "exchanges": list(each.exchanges)} for each in finding.breaches],
    }
