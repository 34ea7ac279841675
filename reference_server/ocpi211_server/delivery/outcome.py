"""What came of attempts, written down.

It counts only while the lane is still the worker's own and what it sends the same: the worker may have been taken for
dead, and another have gone on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ocpi211_runtime.errors import PeerRefusal
from ocpi211_server.database import Work, sql
from ocpi211_server.delivery.policy import ANSWERS, Answer, DeliverySettings, Policy, Verdict, answer_of, reason_of
from ocpi211_server.delivery.queue import numbers

__all__ = ["Delivery", "Outcome", "judge", "remove_empty", "settle"]


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a worker is about to send."""

    seq: int
    partner: int
    operation: str
    """Of `ocpi211.operations`."""
    arguments: Mapping[str, str]
    """Path parameters by Python name."""
    body: bytes = field(repr=False)
    policy: Policy
    lane: str
    about: str
    attempts: int
    """That failed before."""
    unanswered: int
    """Those of them that found nobody."""
    made: int
    """When it was enqueued."""
    url: str | None = None
    """Where the partner handed one out."""
    correlation_id: str | None = None
    has_whole: bool = False
    """It is a PATCH, and the whole object could be sent in its place."""
    lane_id: int = 0
    outages: int = 0
    """How many attempts in a row found nobody at this partner."""


_WAITS = (Verdict.AGAIN, Verdict.PAUSE)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an attempt."""

    delivery: Delivery
    answer: Answer
    verdict: Verdict
    reason: str = ""
    """Why it failed."""
    started: int = 0
    chance: float = 0.0
    """0 to 1, to spread what would come at once."""
    asked: float | None = None
    """Seconds that the partner asked us to wait."""

    @property
    def waits(self) -> bool:
        """Whether the lane is left alone for a while."""
        return self.verdict in _WAITS


def judge(
    delivery: Delivery, error: BaseException | None, settings: DeliverySettings, *, started: int, chance: float
) -> Outcome:
    """What to make of an attempt that raised this, or nothing."""
    answer = answer_of(error, has_whole=delivery.has_whole)
    verdict = ANSWERS[answer][delivery.policy]
    unanswered = delivery.unanswered + (answer is Answer.NOBODY)
    if verdict in _WAITS and settings.worn_out(delivery.attempts + 1, unanswered):
        verdict = Verdict.PARK
    return Outcome(
        delivery,
        answer,
        verdict,
        reason="" if error is None else reason_of(error),
        started=started,
        chance=chance,
        asked=error.retry_after if isinstance(error, PeerRefusal) else None,
    )


_OURS = """
SELECT l.id FROM json_each($1) r
JOIN delivery_lane l ON l.id = CAST(r.key AS BIGINT) AND l.sending = CAST(CAST(r.value AS TEXT) AS BIGINT)
WHERE l.claimed_by = $2 ORDER BY l.id FOR UPDATE OF l
"""
_DONE = """
DELETE FROM delivery WHERE seq IN (SELECT CAST(key AS BIGINT) FROM json_each($1)) RETURNING letter
"""
# What failed because its partner has just been suspended waits for it to come back.
_FAILED = """
UPDATE delivery SET reason = $3,
  state = CASE WHEN policy = 'once' OR partner IN (SELECT id FROM partner WHERE state = 'registered')
    THEN CAST($2 AS TEXT) ELSE 'waiting' END,
  whole = CASE WHEN $4 = 1 THEN 1 ELSE whole END, attempts = attempts + $5, unanswered = unanswered + $6
WHERE seq = $1
"""
_LET_GO = """
UPDATE delivery_lane SET claimed_by = '', sending = NULL, not_before = $2
WHERE id IN (SELECT CAST(key AS BIGINT) FROM json_each($1))
"""
# Not by NOT EXISTS, which PostgreSQL likes to answer by reading all deliveries.
_REMOVE_EMPTY = """
DELETE FROM delivery_lane
WHERE id IN (SELECT CAST(key AS BIGINT) FROM json_each($1)) AND (
  SELECT MIN(d.seq) FROM delivery d
  WHERE d.partner = delivery_lane.partner AND d.lane = delivery_lane.lane AND d.state = 'waiting'
) IS NULL
"""


def settle(worker: str, outcomes: Sequence[Outcome], now: int, settings: DeliverySettings) -> Work[set[int]]:
    """Write down what came of attempts. Gives the letters some delivery of which is gone."""
    if not outcomes:
        return set()
    rows = yield sql(_OURS, numbers({outcome.delivery.lane_id: outcome.delivery.seq for outcome in outcomes}), worker)
    ours = {row[0] for row in rows}
    outcomes = [outcome for outcome in outcomes if outcome.delivery.lane_id in ours]
    done = [outcome.delivery for outcome in outcomes if outcome.verdict is Verdict.DONE]
    emptied: set[int] = set()
    if done:
        gone = yield sql(_DONE, numbers(delivery.seq for delivery in done))
        emptied = {row[0] for row in gone}
    for outcome in outcomes:
        if outcome.verdict is not Verdict.DONE:
            emptied |= yield from _fail(outcome)
    at_once = [outcome.delivery.lane_id for outcome in outcomes if not outcome.waits]
    if at_once:
        yield sql(_LET_GO, numbers(at_once), now)
        yield from remove_empty(at_once)
    for outcome in outcomes:
        if outcome.waits:
            delay = settings.delay(outcome.delivery.attempts + 1, outcome.chance, outcome.asked)
            yield sql(_LET_GO, numbers([outcome.delivery.lane_id]), now + delay)
    yield from _pauses(outcomes, now, settings)
    return emptied


def remove_empty(lanes: Iterable[int]) -> Work[None]:
    """Delete those of these lanes, which the transaction has locked, in which nothing waits."""
    yield sql(_REMOVE_EMPTY, numbers(lanes))


_NEWER = """
SELECT d.seq, l.whole_operation FROM delivery d JOIN letter l ON l.id = d.letter
WHERE d.partner = $1 AND d.lane = $2 AND d.state = 'waiting' AND d.seq > $3 AND d.policy = 'latest'
  AND l.replaces = 1 AND (d.about = $4 OR l.covers = 1)
ORDER BY d.seq LIMIT 1
"""
_WHOLE = "UPDATE delivery SET whole = 1 WHERE seq = $1"


def _fail(outcome: Outcome) -> Work[set[int]]:
    delivery, verdict = outcome.delivery, outcome.verdict
    if verdict is Verdict.PARK and delivery.policy == "latest":
        # There is newer news, which now has to say what this was to say. Parked, it could only come back too late.
        newer = yield sql(_NEWER, delivery.partner, delivery.lane, delivery.seq, delivery.about)
        if newer:
            if newer[0]["whole_operation"]:
                yield sql(_WHOLE, newer[0]["seq"])
            gone = yield sql(_DONE, numbers([delivery.seq]))
            return {row[0] for row in gone}
    yield sql(
        _FAILED,
        delivery.seq,
        "parked" if verdict is Verdict.PARK else "waiting",
        outcome.reason,
        int(verdict is Verdict.WHOLE),
        int(verdict is not Verdict.WHOLE),
        int(outcome.answer is Answer.NOBODY),
    )
    return set()


_PAUSED = "SELECT outages, paused_until FROM delivery_pause WHERE partner = $1 FOR UPDATE"
_PAUSE = """
INSERT INTO delivery_pause (partner, outages, paused_until) VALUES ($1, $2, $3)
ON CONFLICT (partner) DO UPDATE SET outages = excluded.outages, paused_until = excluded.paused_until
"""
_ANSWERING = "DELETE FROM delivery_pause WHERE partner IN (SELECT CAST(key AS BIGINT) FROM json_each($1))"


def _pauses(outcomes: Iterable[Outcome], now: int, settings: DeliverySettings) -> Work[None]:
    """Leave alone who does not answer, and no longer who does."""
    outages = {outcome.delivery.partner: outcome for outcome in outcomes if outcome.verdict is Verdict.PAUSE}
    for partner, outcome in sorted(outages.items()):
        rows = yield sql(_PAUSED, partner)
        count, until = (rows[0]["outages"], rows[0]["paused_until"]) if rows else (0, 0)
        if until <= outcome.started:  # not one of those that were under way when the first of them failed
            count += 1
            until = now + settings.delay(count, outcome.chance)
        asked = settings.delay(1, 0.0, outcome.asked) if outcome.asked else 0
        yield sql(_PAUSE, partner, count, max(until, now + asked))
    answering = {
        outcome.delivery.partner
        for outcome in outcomes
        if outcome.delivery.outages and outcome.answer not in (Answer.NOBODY, Answer.IMPOSSIBLE)
    }
    if answering - outages.keys():
        yield sql(_ANSWERING, numbers(sorted(answering - outages.keys())))
