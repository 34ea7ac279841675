"""Whatever happens in whatever order, the tables agree with plain lists, and partners end up knowing what is true."""

import asyncio
import json
from collections import Counter, defaultdict
from collections.abc import Awaitable
from typing import Any, TypeVar

from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from ocpi211_runtime.errors import PeerNotFound, PeerRefusal, Unreachable
from ocpi211_server.database import Work, open_database, sql
from ocpi211_server.delivery import Delivery, DeliverySettings, Order, retry_all
from ocpi211_server.delivery.outcome import Outcome, judge, settle
from ocpi211_server.delivery.queue import spread, sweep
from tests.server.by_hand import STALE, ByHand, cdr, evse, location, result, session, set_state
from tests.server.delivery_model import Line, Model

T = TypeVar("T")

TABLES = ["delivery", "delivery_lane", "delivery_pause", "letter", "worker"]
WORKERS = st.sampled_from(["one", "two"])
# What comes of an attempt, and whether the partner acted on it.
RESULTS = st.sampled_from(
    [
        (None, True),
        (None, True),
        (Unreachable("no answer"), True),
        (Unreachable("no answer"), False),
        (PeerRefusal(http_status=500), False),
        (PeerRefusal(http_status=200, status_code=2001), False),
        (PeerNotFound(http_status=404), False),
        (ValueError("broken"), False),
    ]
)
_ROWS = """
SELECT d.partner, d.lane, l.body, d.whole, d.state, d.attempts, d.unanswered FROM delivery d
JOIN letter l ON l.id = d.letter ORDER BY d.seq
"""
_LANES = "SELECT partner, lane, not_before, claimed_by FROM delivery_lane"


def _empty() -> Work[None]:
    for table in TABLES:
        yield sql(f"DELETE FROM {table}")  # noqa: S608  (of the tables above)


class Deliveries(RuleBasedStateMachine):
    """Two workers, two partners, two Locations of two EVSEs, and everything that can go wrong."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        database = self.run(open_database(url, synchronous="NORMAL"))
        settings = DeliverySettings(most_attempts=3, most_unanswered=5, longest_delay=20)
        self.hand = ByHand(database, settings)
        self.run(database.write(_empty))
        self.partners = [self.run(self.hand.partner(name)) for name in ("ONE", "TWO")]
        for partner in self.partners:
            self.run(database.write(set_state, partner, "registered"))
        self.model = Model(settings)
        self.number = 0
        self.sending: dict[str, list[tuple[Delivery, Line, int]]] = defaultdict(list)
        self.seen: dict[str, int] = {}
        self.truth: dict[str, dict[str, int]] = defaultdict(dict)
        self.known: dict[tuple[int, str], dict[str, int]] = defaultdict(dict)
        self.first: dict[tuple[int, str], list[bytes]] = defaultdict(list)
        self.expected: dict[tuple[int, str], list[bytes]] = defaultdict(list)
        self.doubtful: set[tuple[int, str]] = set()

    def run(self, what: Awaitable[T]) -> T:
        async def wait() -> T:
            return await what

        return self.runner.run(wait())

    def teardown(self) -> None:
        try:
            self.end_well()
        finally:
            self.run(self.hand.database.close())
            self.runner.close()

    @rule(
        kinds=st.lists(st.sampled_from(["session", "cdr", "result", "put", "patch", "all"]), min_size=1, max_size=3),
        to=st.sampled_from([(0,), (1,), (0, 1)]),
        name=st.sampled_from(["L1", "L2"]),
        uid=st.sampled_from(["E1", "E2"]),
        member=st.sampled_from("ab"),
    )
    def keep(self, kinds: list[str], to: tuple[int, ...], name: str, uid: str, member: str) -> None:
        orders = [self._order(kind, to, name, uid, member) for kind in kinds]
        self.run(self.hand.keep(*orders))
        self.model.kept += orders

    def _order(self, kind: str, to: tuple[int, ...], name: str, uid: str, member: str) -> Order:
        self.number += 1
        partners = tuple(self.partners[index] for index in to)
        make: Any = {"session": session, "cdr": cdr, "result": lambda _, uid: result(self.partners[to[0]], uid)}
        if kind in make:
            order: Order = make[kind](partners, str(self.number))
            if order.policy == "fifo":
                for partner in partners:
                    self.expected[partner, order.lane].append(order.body)
            return order
        partners = tuple(self.partners)  # news of an object are for all
        self.truth[f"{name}/{uid}"][member] = self.number
        evses = {each: self.truth[f"{name}/{each}"] for each in ("E1", "E2")}
        whole = json.dumps({"n": self.number, "evses": {uid: evses[uid]}}).encode()
        if kind == "all":
            return location(partners, json.dumps({"n": self.number, "evses": evses}).encode(), name=name)
        if kind == "put":
            return evse(partners, whole, uid=uid, name=name)
        patch = json.dumps({"n": self.number, "evses": {uid: {member: self.number}}}).encode()
        return evse(partners, patch, uid=uid, name=name, whole=whole)

    @rule(
        worker=WORKERS, results=st.lists(RESULTS, max_size=6), free=st.sampled_from([1, 2, 100]), chance=st.floats(0, 1)
    )
    def turn(self, worker: str, results: list[tuple[Exception | None, bool]], free: int, chance: float) -> None:
        hand, database = self.hand, self.hand.database
        _, emptied = self.run(database.write(spread, 100, hand.now))
        self.model.spread(hand.now)
        ended = [
            (line, self._attempt(delivery, error, chance, started, acted=acted))
            for (delivery, line, started), (error, acted) in zip(self.sending[worker], results, strict=False)
        ]
        del self.sending[worker][: len(ended)]
        outcomes = [outcome for _, outcome in ended]
        emptied |= self.run(database.write(settle, worker, outcomes, hand.now, hand.settings))
        self.run(database.write(sweep, emptied))
        for line, outcome in sorted(ended, key=lambda one: one[1].verdict != "pause"):
            self.model.settle(worker, line, outcome, hand.now)
        self._claim(worker, free)

    def _attempt(
        self, delivery: Delivery, error: Exception | None, chance: float, started: int, *, acted: bool
    ) -> Outcome:
        if acted:
            self._act(delivery)
        return judge(delivery, error, self.hand.settings, started=started, chance=chance)

    def _act(self, delivery: Delivery) -> None:
        """What a partner does that takes a request."""
        lane = delivery.partner, delivery.lane
        if delivery.policy == "fifo":
            if delivery.body not in self.first[lane]:
                self.first[lane].append(delivery.body)
            return
        for uid, members in json.loads(delivery.body).get("evses", {}).items():
            key = delivery.partner, f"{delivery.lane.removeprefix('locations/')}/{uid}"
            known = self.known[key] if "patch" in delivery.operation else {}
            self.known[key] = {**known, **members}

    def _claim(self, worker: str, free: int) -> None:
        hand = self.hand
        sending = [delivery for delivery, _, _ in self.sending[worker]]
        probing = {delivery.partner for delivery in sending if delivery.outages}
        claimable = self.model.claimable(hand.now, probing)
        claimed = self.run(hand.claim(worker, free=free, probing=probing))
        for delivery in claimed:
            expected = claimable[delivery.partner, delivery.lane]
            assert (delivery.operation, delivery.body) == expected.sent
            assert (delivery.attempts, delivery.unanswered) == (expected.attempts, expected.unanswered)
            self.sending[worker].append((delivery, self.model.claim(worker, delivery), hand.now))
        # Nothing is left that could be sent: of a partner that was away one has to do, of another eight.
        left = {lane for lane in claimable if lane not in self.model.sending}
        probed = {delivery.partner for delivery in claimed if delivery.outages}
        counts = Counter(delivery.partner for delivery in claimed)
        assert len(claimed) == free or all(lane[0] in probed or counts[lane[0]] == 8 for lane in left)

    @rule(seconds=st.sampled_from([0.5, 2, 8, 20]))
    def pass_by(self, seconds: float) -> None:
        self.hand.pass_by(seconds)

    @rule(worker=WORKERS, acted=st.booleans())
    def crash(self, worker: str, *, acted: bool) -> None:
        for delivery, _, _ in self.sending.pop(worker, []):
            if acted:
                self._act(delivery)

    @rule(worker=WORKERS)
    def take_over(self, worker: str) -> None:
        now = self.hand.now
        self.seen[worker] = now
        self.run(self.hand.house(worker))
        dead = {other for other in ("one", "two") if now - self.seen.get(other, 0) > STALE}
        self.model.bury(dead)
        for other in dead:
            self.sending.pop(other, None)

    @rule(index=st.sampled_from([0, 1]))
    def suspend_or_resume(self, index: int) -> None:
        partner = self.partners[index]
        self.model.away ^= {partner}
        state = "suspended" if partner in self.model.away else "registered"
        self.run(self.hand.database.write(set_state, partner, state))

    @precondition(lambda self: self.model.lines)
    @rule(index=st.sampled_from([0, 1]))
    def retry(self, index: int) -> None:
        hand, partner = self.hand, self.partners[index]
        self.model.spread(hand.now)
        # What was refused for good and is sent once more comes later than what it is older than.
        self.doubtful |= {line.lane for line in self.model.lines if line.state == "parked"}
        self.run(hand.database.write(retry_all, partner, hand.now))
        self.model.retry_all(partner, hand.now)

    @invariant()
    def the_tables_agree_with_the_lists(self) -> None:
        database, model = self.hand.database, self.model
        rows = [tuple(row) for row in self.run(database.read(_ROWS))]
        by_lane = lambda row: (row[0], row[1])  # noqa: E731  (order matters within a lane alone)
        assert sorted(((r[0], r[1], bytes(r[2]), *r[3:]) for r in rows), key=by_lane) == sorted(
            (
                (*line.lane, line.order.body, int(line.whole), line.state, line.attempts, line.unanswered)
                for line in model.lines
            ),
            key=by_lane,
        )
        lanes = {(row[0], row[1]): (row[2], row[3]) for row in self.run(database.read(_LANES))}
        waiting = {line.lane for line in model.lines if line.state == "waiting"}
        assert lanes.keys() == waiting
        for lane, (not_before, claimed_by) in lanes.items():
            assert claimed_by == (model.sending[lane][0] if lane in model.sending else "")
            assert claimed_by or not_before == model.due[lane]

    def end_well(self) -> None:
        """Everybody answers from now on: everything arrives, in order, and everybody knows what is true."""
        parked = {line.lane for line in self.model.lines if line.state == "parked"}
        for partner in [*self.model.away]:
            self.suspend_or_resume(self.partners.index(partner))
        self.sending.clear()
        self.hand.now += STALE + 1
        self.take_over("three")
        while self.model.kept or any(line.state == "waiting" for line in self.model.lines):
            self.hand.pass_by(20)
            self.turn("three", [(None, True)] * 100, 100, 0.0)
        parked |= {line.lane for line in self.model.lines}
        for lane, bodies in self.expected.items():
            if lane not in parked | self.doubtful:
                assert self.first[lane] == bodies
        for key, members in self.truth.items():
            for partner in self.partners:
                if (partner, f"locations/{key[:2]}") not in parked | self.doubtful:
                    assert self.known[partner, key] == members
        assert self.run(self.hand.count("letter")) == len({id(line.order) for line in self.model.lines})


def test_the_tables_agree_with_plain_lists_whatever_happens(database_url: str) -> None:
    few = hypothesis_settings(max_examples=40 if database_url.startswith("sqlite") else 8, stateful_step_count=40)
    run_state_machine_as_test(lambda: Deliveries(database_url), settings=few)  # type: ignore[arg-type]  # any factory
