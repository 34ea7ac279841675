"""The report in a terminal, and the bar that moves while a run goes on."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Self

from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from ocpi211_check.verdicts import Verdict

if TYPE_CHECKING:
    from rich.console import Console

    from ocpi211_check.report import Report
    from ocpi211_check.verdicts import Finding

__all__ = ["Bar", "print_report"]

_STYLES = {
    Verdict.FAIL: "bold red",
    Verdict.WARN: "yellow",
    Verdict.INFO: "blue",
    Verdict.PASS: "green",
    Verdict.INCONCLUSIVE: "magenta",
    Verdict.SKIPPED: "dim",
}
_TOLD = (Verdict.FAIL, Verdict.WARN, Verdict.INFO, Verdict.INCONCLUSIVE)


class Bar:
    """A `Progress` of a run, for people."""

    def __init__(self, console: Console) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._progress = Progress(*columns, console=console, transient=True)
        self._task = self._progress.add_task("discovery", total=None)
        self._begun = False

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def begin(self, steps: int) -> None:
        """So many steps are to come."""
        self._progress.update(self._task, total=steps)

    def step(self, name: str) -> None:
        """This one begins."""
        self._progress.update(self._task, advance=int(self._begun), description=escape(name))
        self._begun = True


def print_report(report: Report, console: Console, *, everything: bool = False) -> None:
    """What failed, then what was noted; with `everything` also what passed and what was skipped."""
    table = Table(title=f"OCPI 2.1.1 {report.role}, {report.profile}: {escape(report.target)}", expand=True)
    table.add_column("verdict", no_wrap=True)
    table.add_column("requirement", no_wrap=True)
    table.add_column("what was seen", ratio=1, overflow="fold")
    table.add_column("times", justify="right", no_wrap=True)
    shown = [finding for finding in report.findings if everything or finding.verdict in _TOLD]
    for finding in sorted(shown, key=lambda finding: list(Verdict).index(finding.verdict)):
        style = _STYLES[finding.verdict]
        verdict = f"[{style}]{finding.verdict}[/]"
        level = f"{finding.row.id}\n[dim]{finding.row.level}[/]"
        table.add_row(verdict, level, _seen(finding, report), str(finding.exercised))
    console.print(table)
    told = ", ".join(f"[{_STYLES[verdict]}]{count} {verdict}[/]" for verdict, count in report.counts.items())
    console.print(f"{told} of {len(report.findings)} requirements; {report.requests} requests, {report.seconds} s")
    console.print(f"[dim]seed {report.seed}; allowed: {', '.join(report.allowed)}[/]")
    for error in report.errors:
        console.print(f"[magenta]not all could be done:[/] {escape(error)}")


def _seen(finding: Finding, report: Report) -> str:
    lines = [f"[dim]{escape(finding.row.sentence)}[/]"]
    if finding.reason:
        lines.append(escape(finding.reason))
    for breach in finding.breaches[:2]:
        lines.append(escape(breach.detail))
        evidence = [report.evidence[number] for number in breach.exchanges if number in report.evidence]
        lines += [f"[dim]{escape(_short(entry.curl))}[/]" for entry in evidence[:1] if entry.curl]
    return "\n".join(lines)


def _short(text: str) -> str:
    return text if len(text) <= 300 else text[:299] + "…"
