"""Deliveries as plain lists: what the tables and statements of the server have to agree with."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ocpi211_server.delivery import Delivery, DeliverySettings, Order, Verdict
from ocpi211_server.delivery.outcome import Outcome

__all__ = ["Lane", "Line", "Model"]

Lane = tuple[int, str]


@dataclass
class Line:
    """One delivery."""

    order: Order
    partner: int
    whole: bool = False
    state: str = "waiting"
    attempts: int = 0
    unanswered: int = 0

    @property
    def sent(self) -> tuple[str, bytes]:
        return self.order.whole if self.whole and self.order.whole else (self.order.operation, self.order.body)

    @property
    def lane(self) -> Lane:
        return self.partner, self.order.lane

    def replaced_by(self, order: Order) -> bool:
        same = self.order.about == order.about or order.covers
        return self.order.policy == order.policy == "latest" and order.replaces and same


@dataclass
class Model:
    """What waits, who sends what, and when the next is due."""

    settings: DeliverySettings
    away: set[int] = field(default_factory=set)
    kept: list[Order] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    """In the order in which each lane is sent."""
    due: dict[Lane, int] = field(default_factory=dict)
    sending: dict[Lane, tuple[str, Line]] = field(default_factory=dict)
    pauses: dict[int, tuple[int, int]] = field(default_factory=dict)
    """Partner → outages, and until when."""

    def waiting(self, lane: Lane) -> list[Line]:
        return [line for line in self.lines if line.lane == lane and line.state == "waiting"]

    def spread(self, now: int) -> None:
        for order in self.kept:
            partners = order.partner if isinstance(order.partner, tuple) else (order.partner,)
            for partner in sorted(partners):
                self._add(Line(order, partner), now)
        self.kept.clear()

    def _add(self, line: Line, now: int) -> None:
        if not self.waiting(line.lane):
            self.due[line.lane] = now
        under_way = [other for _, other in self.sending.values()]
        replaced = [
            other
            for other in self.lines
            if other.lane == line.lane and other.replaced_by(line.order) and not any(other is one for one in under_way)
        ]
        self._remove(replaced)
        line.whole = bool(replaced) and line.order.whole is not None
        failing = [other for other in replaced if other.state == "waiting" and other.attempts]
        if failing:
            worst = max(failing, key=lambda other: other.attempts)
            line.attempts, line.unanswered = worst.attempts, worst.unanswered
        self.lines.append(line)

    def _remove(self, lines: Iterable[Line]) -> None:
        gone = [*lines]
        self.lines = [line for line in self.lines if not any(line is one for one in gone)]

    def claimable(self, now: int, probing: Iterable[int]) -> Mapping[Lane, Line]:
        """What a worker with room for everything may claim; of a partner that was away any one of it."""
        return {
            lane: self.waiting(lane)[0]
            for lane in {line.lane for line in self.lines if line.state == "waiting"}
            if lane not in self.sending and lane[0] not in self.away and self.due[lane] <= now
            if self._urgent(lane) or self._answers(lane[0], now, probing)
        }

    def _urgent(self, lane: Lane) -> bool:
        return any(line.order.policy == "once" for line in self.lines if line.lane == lane)

    def _answers(self, partner: int, now: int, probing: Iterable[int]) -> bool:
        return self.pauses.get(partner, (0, 0))[1] <= now and partner not in probing

    def claim(self, worker: str, delivery: Delivery) -> Line:
        lane = delivery.partner, delivery.lane
        line = self.waiting(lane)[0]
        self.sending[lane] = worker, line
        return line

    def settle(self, worker: str, line: Line, outcome: Outcome, now: int) -> None:
        if self.sending.get(line.lane) != (worker, line):
            return
        del self.sending[line.lane]
        verdict = outcome.verdict
        delay = self.settings.delay(line.attempts + 1, outcome.chance) if outcome.waits else 0
        if verdict is Verdict.DONE:
            self._remove([line])
        elif verdict is Verdict.WHOLE:
            line.whole = True
        elif not (verdict is Verdict.PARK and self._gives_way(line)):
            line.attempts += 1
            line.unanswered += outcome.answer == "nobody"
            if verdict is Verdict.PARK and (line.partner not in self.away or line.order.policy == "once"):
                line.state = "parked"
        if self.waiting(line.lane):
            self.due[line.lane] = now + delay
        self._pause(line.partner, outcome, now)

    def _gives_way(self, line: Line) -> bool:
        behind = self.lines[next(index for index, one in enumerate(self.lines) if one is line) + 1 :]
        for newer in behind:
            if newer.lane == line.lane and newer.state == "waiting" and line.replaced_by(newer.order):
                newer.whole = newer.order.whole is not None
                self._remove([line])
                return True
        return False

    def _pause(self, partner: int, outcome: Outcome, now: int) -> None:
        outages, until = self.pauses.get(partner, (0, 0))
        if outcome.verdict is Verdict.PAUSE:
            if until <= outcome.started:
                self.pauses[partner] = outages + 1, now + self.settings.delay(outages + 1, outcome.chance)
        elif outcome.delivery.outages and outcome.answer not in ("nobody", "impossible"):
            self.pauses.pop(partner, None)

    def bury(self, workers: Iterable[str]) -> None:
        """What these workers were sending is free again."""
        for lane, (worker, line) in [*self.sending.items()]:
            if worker in workers:
                del self.sending[lane]
                if line.order.policy == "once":
                    line.state = "parked"
                    line.attempts += 1

    def retry_all(self, partner: int, now: int) -> None:
        for line in self.lines:
            if line.partner == partner:
                line.state, line.attempts, line.unanswered = "waiting", 0, 0
                self.due[line.lane] = now
        self.pauses.pop(partner, None)
