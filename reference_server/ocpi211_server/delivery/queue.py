"""What is to be sent, kept before it is sent: letters, and what becomes of them when they are spread.

A letter is written in the transaction of whoever has something to say, one row however many are to get it, so that an
answer is not later with fifty partners than with one. A worker spreads it: each recipient gets a delivery, in a lane.

Letters are spread in the order of their ids. Who changes an object and then writes its letter, in one transaction, so
has all letters about the object in the order of the changes.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from ocpi211.operations import OPERATIONS
from ocpi211_server.database import Row, Work, sql
from ocpi211_server.delivery.policy import POLICIES, Policy

__all__ = ["Order", "enqueue", "numbers", "spread", "sweep"]


@dataclass(frozen=True, slots=True)
class Order:
    """Something to be sent to a partner. ValueError for what can never be sent."""

    partner: int | tuple[int, ...]
    """Or several, that get the same."""
    operation: str
    """`emsp.sessions.put_session`."""
    arguments: Mapping[str, str]
    """Path parameters by Python name."""
    body: bytes = field(repr=False)
    policy: Policy
    lane: str
    """Within a lane of a partner one is sent after the other: `sessions`, or `locations/LOC1` if only that counts."""
    about: str
    """For people, and with `latest` the object, so that newer news of it replaces older: `sessions FR*ABC 4711`."""
    whole: tuple[str, bytes] | None = field(default=None, repr=False)
    """Of a PATCH: the operation and body of the PUT that says the same and more."""
    covers: bool = False
    """With `latest`: says all that whatever waits in the lane says, which it replaces."""
    url: str | None = None
    """Where the partner handed one out."""
    correlation_id: str | None = None

    def __post_init__(self) -> None:
        for operation in (self.operation, *(self.whole or ())[:1]):
            if operation not in OPERATIONS:
                raise ValueError(f"there is no operation {operation!r}")
        if self.policy not in POLICIES:
            raise ValueError(f"a policy is one of {', '.join(POLICIES)}, not {self.policy!r}")
        if self.covers and not (self.policy == "latest" and self.replaces):
            raise ValueError("only what is `latest` and whole can cover its lane")

    @property
    def replaces(self) -> bool:
        """Whether it says all there is to say about its object."""
        return self.whole is not None or not OPERATIONS[self.operation].merge_patch


def numbers(of: Iterable[int] | Mapping[int, int]) -> str:
    """Integers as one parameter of a statement, which reads it by `json_each`: both databases have it."""
    return json.dumps(of if isinstance(of, Mapping) else dict.fromkeys(of, 0))


_LETTER = """
INSERT INTO letter (recipients, lane, policy, about, operation, arguments, url, body, whole_operation, whole,
                    replaces, covers, correlation_id, made)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
"""


def enqueue(orders: Iterable[Order], now: int) -> Work[None]:
    """Keep what is to be sent, in this order. Once the transaction is committed, it is not lost any more."""
    for order, partners in _letters(orders):
        whole_operation, whole = order.whole or (None, None)
        yield sql(
            _LETTER,
            numbers(partners),
            order.lane,
            order.policy,
            order.about,
            order.operation,
            json.dumps(dict(order.arguments)),
            order.url,
            order.body,
            whole_operation,
            whole,
            int(order.replaces),
            int(order.covers),
            order.correlation_id,
            now,
        )


def _letters(orders: Iterable[Order]) -> Iterator[tuple[Order, Collection[int]]]:
    """Orders that differ by nothing but the partner are one letter, if they follow one another."""
    for _, same in groupby(orders, _content):
        first, partners = None, set[int]()
        for order in same:
            more = {order.partner} if isinstance(order.partner, int) else {*order.partner}
            if first is None or partners & more:  # said twice is sent twice
                if first is not None and partners:
                    yield first, partners
                first, partners = order, set()
            partners |= more
        if first is not None and partners:
            yield first, partners


def _content(order: Order) -> tuple[object, ...]:
    return (
        order.operation,
        order.arguments,
        order.body,
        order.policy,
        order.lane,
        order.about,
        order.whole,
        order.covers,
        order.url,
        order.correlation_id,
    )


# Whoever spreads waits for whoever spreads already: of two letters to a lane the older comes first.
_NEW = """
SELECT id, policy, lane, about, whole_operation, replaces, covers, recipients FROM letter
WHERE recipients IS NOT NULL ORDER BY id LIMIT $1 FOR UPDATE
"""
# All lanes first, in one order: they are locked until the end, so nothing can be claimed or added in between.
_LANES = """
INSERT INTO delivery_lane (partner, lane, urgent, not_before)
SELECT CAST(r.key AS BIGINT), l.lane, MAX(CASE WHEN l.policy = 'once' THEN 1 ELSE 0 END), CAST($2 AS BIGINT)
FROM letter l, json_each(l.recipients) r
WHERE l.id IN (SELECT CAST(key AS BIGINT) FROM json_each($1))
GROUP BY 1, 2 ORDER BY 1, 2
ON CONFLICT (partner, lane) DO UPDATE SET urgent = delivery_lane.urgent
"""
_DELIVERIES = """
INSERT INTO delivery (partner, lane, letter, policy, about, whole, state, made)
SELECT CAST(r.key AS BIGINT), l.lane, l.id, l.policy, l.about, 0, 'waiting', l.made
FROM letter l, json_each(l.recipients) r
WHERE l.id IN (SELECT CAST(key AS BIGINT) FROM json_each($1))
ORDER BY l.id
"""
_REPLACED = """
DELETE FROM delivery
WHERE policy = 'latest' AND lane = $2 AND (about = $3 OR $4 = 1)
  AND partner IN (SELECT CAST(key AS BIGINT) FROM json_each($1))
  AND seq NOT IN (
    SELECT sending FROM delivery_lane
    WHERE sending IS NOT NULL AND lane = $2 AND partner IN (SELECT CAST(key AS BIGINT) FROM json_each($1))
  )
RETURNING partner, letter, state, attempts, unanswered
"""
_WHOLE = """
UPDATE delivery SET whole = 1
WHERE letter = $1 AND partner IN (SELECT CAST(key AS BIGINT) FROM json_each($2))
"""
_STILL_FAILING = "UPDATE delivery SET attempts = $3, unanswered = $4 WHERE letter = $1 AND partner = $2"
_SPREAD = "UPDATE letter SET recipients = NULL WHERE id IN (SELECT CAST(key AS BIGINT) FROM json_each($1))"


def spread(most: int, now: int) -> Work[tuple[int, set[int]]]:
    """Make deliveries of new letters. Gives how many letters, and the letters some delivery of which was replaced."""
    new = yield sql(_NEW, most)
    emptied: set[int] = set()
    if new:
        ids = numbers(row["id"] for row in new)
        yield sql(_LANES, ids, now)
        for alone, rows in groupby(new, lambda row: row["policy"] == "latest"):
            if not alone:
                yield sql(_DELIVERIES, numbers(row["id"] for row in rows))
                continue
            for row in rows:
                emptied |= yield from _spread_latest(row)
        yield sql(_SPREAD, ids)
    return len(new), emptied


def _spread_latest(letter: Row) -> Work[set[int]]:
    """The deliveries of a letter that says what is true by now; gives the letters of those it replaces."""
    replaced: Sequence[Row] = ()
    if letter["replaces"]:
        replaced = yield sql(_REPLACED, letter["recipients"], letter["lane"], letter["about"], letter["covers"])
    yield sql(_DELIVERIES, numbers([letter["id"]]))
    if replaced and letter["whole_operation"]:
        yield sql(_WHOLE, letter["id"], numbers(row["partner"] for row in replaced))
    # What kept failing goes on where it was: news of the object are no reason to try at once and often.
    failing = [row for row in replaced if row["state"] == "waiting" and row["attempts"]]
    for row in sorted(failing, key=lambda row: row["attempts"]):
        yield sql(_STILL_FAILING, letter["id"], row["partner"], row["attempts"], row["unanswered"])
    return {row["letter"] for row in replaced}


_SWEEP = """
DELETE FROM letter
WHERE id IN (SELECT CAST(key AS BIGINT) FROM json_each($1)) AND recipients IS NULL
  AND (SELECT COUNT(*) FROM delivery d WHERE d.letter = letter.id) = 0
"""
_SWEEP_ALL = """
DELETE FROM letter
WHERE recipients IS NULL AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.letter = letter.id)
"""


def sweep(letters: Iterable[int] | None) -> Work[None]:
    """Delete those of these letters (None: of all) that have no delivery left.

    Not in the transaction that ends a delivery: another that ends at the same moment could not be seen.
    """
    if letters is None:
        yield sql(_SWEEP_ALL)
    elif asked := set(letters):
        yield sql(_SWEEP, numbers(asked))
