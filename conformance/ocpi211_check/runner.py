"""One run, from the first request to the report: discovery, scenarios in their order, then drawn requests."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from ocpi211_check.bench import OPERATIONS, Bench, Inconclusive
from ocpi211_check.catalogue import catalogue
from ocpi211_check.discovery import discover, refuse_an_invitation
from ocpi211_check.passive import Watcher
from ocpi211_check.report import Report
from ocpi211_check.scenarios import PASSIVE, SCENARIOS
from ocpi211_check.scenarios.registration import registered
from ocpi211_check.settings import CannotRun
from ocpi211_check.wire import BudgetSpent

if TYPE_CHECKING:
    from ocpi211_check.scenario import Scenario

__all__ = ["Progress", "Run", "Silent"]

_MOST_SECONDS = 2
_LARGE = 1 << 20  # bytes


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
    fuzz: Callable[[Bench], Awaitable[None]] | None = None
    """Draws requests, after the scenarios."""
    scenarios: Sequence[Scenario] = SCENARIOS
    errors: list[str] = field(default_factory=list[str])
    """Where the check itself failed: nothing is concluded from that."""
    _spent: bool = False

    async def go(self) -> Report:
        """Everything the settings allow. CannotRun where there is nothing to judge."""
        bench, started = self.bench, datetime.now(UTC)
        bench.wire.observers.append(Watcher(bench))
        chosen = [scenario for scenario in self.scenarios if self._fits(scenario)]
        self.progress.begin(len(chosen) + 1 + bool(self.fuzz))
        self.progress.step("discovery")
        await discover(bench)
        if not bench.settings.handshake:
            await refuse_an_invitation(bench)
        await self._all(scenario for scenario in chosen if not scenario.last)
        if self.fuzz is not None and not self._spent:
            self.progress.step("drawn requests")
            await self._draw(self.fuzz)
        await self._all(scenario for scenario in chosen if scenario.last)
        return self._report(started)

    async def _all(self, scenarios: Iterable[Scenario]) -> None:
        for scenario in scenarios:
            self.progress.step(scenario.name)
            if self._spent:
                self._leave(scenario, "the run ended before: out of time, or the token was lost")
                continue
            self._spent = not (await self._play(scenario) and await self._let_in(scenario))

    async def _draw(self, fuzz: Callable[[Bench], Awaitable[None]]) -> None:
        try:
            await fuzz(self.bench)
        except Exception as error:  # noqa: BLE001  (as in `_play`)
            text = self.bench.wire.secrets.hide(f"drawn requests: {type(error).__name__}: {error}")
            self.errors.append(text)

    def _fits(self, scenario: Scenario) -> bool:
        """Whether it is to be played; if not, the ledger is told why."""
        settings = self.bench.settings
        if settings.role not in scenario.roles or (scenario.gireve and not settings.gireve):
            return False
        if scenario.listens and not settings.rehearse:
            self._leave(scenario, "needs --rehearse", skip=True)
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
        said = len(bench.wire.log)
        try:
            await scenario.play(bench)
        except Inconclusive as reason:
            self._leave(scenario, str(reason))
        except BudgetSpent:
            self.errors.append("the time budget was spent: the rest was left out")
            self._leave(scenario, "the time budget was spent")
            return False
        except CannotRun:
            raise
        except Exception as error:  # noqa: BLE001  (a fault of the check must not look like one of the target)
            text = bench.wire.secrets.hide(f"{scenario.name}: {type(error).__name__}: {error}")
            self.errors.append(text)
            self._leave(scenario, f"the check itself failed: {text}")
        else:
            self._leave(scenario, "the answers gave no occasion to tell", played=True)
        return await self._still_in(scenario, said)

    async def _still_in(self, scenario: Scenario, said: int) -> bool:
        """Whether the token still opens the target: one that stopped to would turn the rest into failures."""
        suspect = any(entry.status == 401 and entry.about in OPERATIONS for entry in self.bench.wire.log[said:])
        if scenario.last or not suspect or (await self.bench.call("versions.list_versions", odd=True)).status != 401:
            return True
        self.errors.append(f"after '{scenario.name}' the token no longer opens the target: the rest was left out")
        return False

    async def _let_in(self, scenario: Scenario) -> bool:
        """Whether a registration that was tried came about: an invitation opens nothing, all the rest would fail."""
        if scenario is not registered or self.bench.registered:
            return True
        try:
            await refuse_an_invitation(self.bench)
        except CannotRun:
            self.errors.append(f"the registration did not come about{self._refusal()}: the rest was left out")
            return False
        return True

    def _refusal(self) -> str:
        """How the Credentials were refused, in the words of the target."""
        about = f"{self.bench.target}.credentials.post_credentials"
        posts = [entry for entry in self.bench.wire.log if entry.about == about and not entry.ok]
        if not posts:
            return ""
        why = posts[-1].envelope.get("status_message")
        text = f" ({posts[-1].told}" + (f", {why}" if isinstance(why, str) and why else "") + ")"
        return self.bench.wire.secrets.hide(text)

    def _leave(self, scenario: Scenario, why: str, *, skip: bool = False, played: bool = False) -> None:
        observed = self.bench.ledger.observed()
        note = self.bench.ledger.skip if skip else self.bench.ledger.open
        for id_ in scenario.covers:
            if id_ not in observed and not (played and self.bench.ledger.seen(id_)):
                note(id_, why)

    def _timed(self) -> None:
        """How long answers took, on average over the run; one that never came, as long as it was waited for."""
        took = [
            exchange.seconds
            for exchange in self.bench.wire.log
            if exchange.direction == "sent"
            and (exchange.status or exchange.seconds > _MOST_SECONDS)
            and len(exchange.request_body or b"") < _LARGE  # which takes its time on the way
        ]
        if took:
            mean = sum(took) / len(took)
            self.bench.that(mean < _MOST_SECONDS, "GIR-TIME-01", f"answers took {mean:.2f} s on average")

    def _report(self, started: datetime) -> Report:
        settings = self.bench.settings
        ledger = self.bench.ledger
        self._timed()
        rows = catalogue().concerning(settings.role, settings.profile)
        for row in rows:
            if row.id in PASSIVE and not ledger.seen(row.id):
                ledger.skip(row.id, "no answer gave an occasion to tell")
        return Report.of(self.bench, [ledger.finding(row) for row in rows], self.errors, started)
