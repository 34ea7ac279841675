"""The report for people: one HTML file with nothing from elsewhere, to read on a phone and to print for a dossier."""

from __future__ import annotations

from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING

from ocpi211_check.badge import write_badge
from ocpi211_check.verdicts import Verdict

if TYPE_CHECKING:
    from ocpi211_check.report import Report
    from ocpi211_check.verdicts import Finding

__all__ = ["write_html"]

_WORDS = {
    Verdict.FAIL: "failed",
    Verdict.WARN: "warnings",
    Verdict.INFO: "notes",
    Verdict.PASS: "passed",
    Verdict.INCONCLUSIVE: "inconclusive",
    Verdict.SKIPPED: "skipped",
}


def write_html(report: Report) -> str:
    """The report as one page."""
    page = (files("ocpi211_check") / "report.html").read_text(encoding="utf-8")
    modules = dict.fromkeys(finding.row.module for finding in report.findings)
    levels = dict.fromkeys(finding.row.level for finding in report.findings)
    parts = {
        "TITLE": escape(f"OCPI 2.1.1 conformance of a {report.role.upper()}, {report.profile}"),
        "BADGE": write_badge(report),
        "FACTS": _facts(report),
        "COUNTS": "".join(
            f'<li><button type="button" class="{verdict}" value="{verdict}">'
            f"<b>{count}</b> {_WORDS[verdict]}</button></li>"
            for verdict, count in report.counts.items()
        ),
        "MODULES": _options(modules),
        "LEVELS": _options(levels),
        "VERDICTS": "".join(f'<option value="{verdict}">{_WORDS[verdict]}</option>' for verdict in Verdict),
        "FINDINGS": "\n".join(_finding(finding, report) for finding in _sorted(report)),
    }
    for name, content in parts.items():
        page = page.replace(f"<!--{name}-->", content)
    return page


def _sorted(report: Report) -> list[Finding]:
    order = list(Verdict)
    return sorted(report.findings, key=lambda finding: order.index(finding.verdict))


def _options(values: dict[str, None]) -> str:
    return "".join(f'<option value="{escape(value)}">{escape(value)}</option>' for value in values)


def _facts(report: Report) -> str:
    facts = {
        "Target": report.target,
        "Role": report.role,
        "Profile": report.profile,
        "Test party": report.party or "none: nothing was written",
        "Allowed": ", ".join(report.allowed),
        "Begun": report.started,
        "Took": f"{report.seconds} s, {report.requests} requests",
        "Seed": str(report.seed),
    }
    if report.errors:
        facts["Not all could be done"] = "; ".join(report.errors)
    return "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts.items())


def _finding(finding: Finding, report: Report) -> str:
    row = finding.row
    opened = " open" if finding.verdict in {Verdict.FAIL, Verdict.WARN} else ""
    told = f"exercised {_times(finding.exercised)}" if finding.exercised else "not exercised"
    told += f", broken {_times(finding.broken)}" if finding.broken else ""
    told += f": {finding.reason}" if finding.reason else ""
    data = f'data-module="{row.module}" data-level="{row.level}" data-verdict="{finding.verdict}"'
    data += ' data-evidence="yes"' if finding.breaches else ""
    parts = [
        f'<details class="finding {finding.verdict}" {data}{opened}>',
        f"<summary><span>{finding.verdict}</span> <b>{row.id}</b> <i>{row.level}</i> {escape(row.sentence)}",
        f"<small>{escape(told)}</small></summary>",
        f'<p><a href="{escape(row.link)}">{escape(row.section)}</a> · {row.basis}</p>',
    ]
    for breach in finding.breaches:
        parts.append(f"<h4>{escape(breach.detail)}</h4>")
        parts += [_evidence(number, report) for number in breach.exchanges]
    return "".join([*parts, "</details>"])


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _evidence(number: int, report: Report) -> str:
    shown = report.evidence.get(number)
    if shown is None:
        return ""
    curl = f"<p>Repeat it:</p><pre>{escape(shown.curl)}</pre>" if shown.curl else ""
    return (
        f'<div class="exchange"><p>Exchange {number}, {escape(shown.direction)}, {shown.seconds} s</p>'
        f"<pre>{escape(shown.request)}</pre><pre>{escape(shown.answer)}</pre>{curl}</div>"
    )
