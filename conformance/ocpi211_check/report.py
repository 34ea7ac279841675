"""What a run found: the verdicts, their evidence, and how it went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ocpi211_check.verdicts import Finding, Verdict
from ocpi211_runtime.scalars import write_date_time

if TYPE_CHECKING:
    from ocpi211_check.bench import Bench
    from ocpi211_check.evidence import Shown

__all__ = ["Report", "counts"]


def counts(findings: Sequence[Finding]) -> dict[Verdict, int]:
    """How many requirements got each verdict, all verdicts named."""
    found = Counter(finding.verdict for finding in findings)
    return {verdict: found[verdict] for verdict in Verdict}


@dataclass(frozen=True, slots=True)
class Report:
    """One run. No token is in it."""

    target: str
    role: str
    profile: str
    party: str
    seed: int
    started: str
    seconds: float
    requests: int
    findings: tuple[Finding, ...]
    evidence: Mapping[int, Shown]
    """The exchanges that fails, warnings and notes point to."""
    errors: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    """How far the run could go: read, own, handshake, command."""

    @classmethod
    def of(cls, bench: Bench, findings: Sequence[Finding], errors: Sequence[str], started: datetime) -> Report:
        """The report of a run that is over."""
        settings, wire = bench.settings, bench.wire
        wanted = {number for finding in findings for breach in finding.breaches for number in breach.exchanges}
        return cls(
            target=wire.secrets.hide(settings.versions_url),
            role=settings.role,
            profile=settings.profile,
            party=settings.party,
            seed=settings.seed,
            started=write_date_time(started),
            seconds=round((datetime.now(UTC) - started).total_seconds(), 2),
            requests=sum(exchange.direction == "sent" for exchange in wire.log),
            findings=tuple(_hidden(finding, bench) for finding in findings),
            evidence={entry.number: wire.secrets.show(entry) for entry in wire.log if entry.number in wanted},
            errors=tuple(errors),
            allowed=tuple(sorted(settings.allowed)),
        )

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many requirements got each verdict."""
        return counts(self.findings)

    @property
    def exit_code(self) -> int:
        """1 if a requirement failed; 2 if nothing did but part of the run could not be done; else 0."""
        if self.counts[Verdict.FAIL]:
            return 1
        return 2 if self.errors else 0


def _hidden(finding: Finding, bench: Bench) -> Finding:
    """Details quote what came, and what came may hold a token."""
    hide = bench.wire.secrets.hide
    breaches = tuple(type(breach)(hide(breach.detail), breach.exchanges) for breach in finding.breaches)
    return Finding(finding.row, finding.verdict, finding.exercised, finding.broken, breaches, hide(finding.reason))
