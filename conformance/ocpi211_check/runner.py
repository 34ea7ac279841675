"""One run, from the first request to the report: discovery, scenarios in their order, then drawn requests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from ocpi211_check.bench import Bench, Inconclusive
from ocpi211_check.catalogue import catalogue
from ocpi211_check.discovery import discover
from ocpi211_check.passive import Watcher
from ocpi211_check.report import Report
from ocpi211_check.scenarios import PASSIVE, SCENARIOS
from ocpi211_check.settings import CannotRun
from ocpi211_check.wire import BudgetSpent

if TYPE_CHECKING:
    from ocpi211_check.scenario import Scenario

__all__ = ["Progress", "Run", "Silent"]


class Progress(Protocol):
    """Told how far a run is."""

    def begin(self, steps: int) -> None:
        """So many steps are to come."""
        ...

    def step(self, name: str) -> None:
        """This one begins."""
        ...


class Silent:
    """Nobody watches."""

    def begin(self, steps: int) -> None:
        """Nothing to tell."""

    def step(self, name: str) -> None:
        """Nothing to tell."""


@dataclass
class Run:
    """A run over one target."""

    bench: Bench
    progress: Progress = field(default_factory=Silent)
    fuzz: Callable[[Bench], None] | None = None
    """Draws requests, after the scenarios."""
    scenarios: Sequence[Scenario] = SCENARIOS
    errors: list[str] = field(default_factory=list[str])
    """Where the check itself failed: nothing is concluded from that."""

    async def go(self) -> Report:
        """Everything the settings allow. CannotRun where there is nothing to judge."""
        bench, started = self.bench, datetime.now(UTC)
        bench.wire.observers.append(Watcher(bench))
        chosen = [scenario for scenario in self.scenarios if self._fits(scenario)]
        self.progress.begin(len(chosen) + 1 + bool(self.fuzz))
        self.progress.step("discovery")
        await discover(bench)
        spent = False
        for scenario in chosen:
            self.progress.step(scenario.name)
            if spent:
                self._leave(scenario, "the time budget was spent before")
                continue
            spent = not await self._play(scenario)
        if self.fuzz is not None and not spent:
            self.progress.step("drawn requests")
            self.fuzz(bench)
        return self._report(started)

    def _fits(self, scenario: Scenario) -> bool:
        """Whether it is to be played; if not, the ledger is told why."""
        settings = self.bench.settings
        if settings.role not in scenario.roles or (scenario.gireve and not settings.gireve):
            return False
        if scenario.safety not in settings.allowed:
            options = {"own": "--write", "handshake": "--handshake", "command": "--commands"}
            self._leave(scenario, f"needs {options[scenario.safety]}", skip=True)
            return False
        return True

    async def _play(self, scenario: Scenario) -> bool:
        """Whether there is time for the next one."""
        bench = self.bench
        if scenario.module and not bench.offers(scenario.module):
            self._leave(scenario, f"the target offers no {scenario.module}", skip=True)
            return True
        try:
            await scenario.play(bench)
        except Inconclusive as reason:
            self._leave(scenario, str(reason))
        except BudgetSpent:
            self._leave(scenario, "the time budget was spent")
            return False
        except CannotRun:
            raise
        except Exception as error:  # noqa: BLE001  (a fault of the check must not look like one of the target)
            text = bench.wire.secrets.hide(f"{scenario.name}: {type(error).__name__}: {error}")
            self.errors.append(text)
            self._leave(scenario, f"the check itself failed: {text}")
        else:
            self._leave(scenario, "the answers gave no occasion to tell")
        return True

    def _leave(self, scenario: Scenario, why: str, *, skip: bool = False) -> None:
        observed = self.bench.ledger.observed()
        note = self.bench.ledger.skip if skip else self.bench.ledger.open
        for id_ in scenario.covers:
            if id_ not in observed:
                note(id_, why)

    def _report(self, started: datetime) -> Report:
        settings = self.bench.settings
        ledger = self.bench.ledger
        rows = catalogue().concerning(settings.role, settings.profile)
        for row in rows:
            if row.id in PASSIVE and not ledger.seen(row.id):
                ledger.skip(row.id, "no answer gave an occasion to tell")
        return Report.of(self.bench, [ledger.finding(row) for row in rows], self.errors, started)
