"""What a worker sends next, and what becomes of it if the worker dies.

A worker claims a lane, never a delivery: `sending` is the first one waiting in it, and stays it until what came of it
is written down. So nothing of a lane is overtaken, and nothing under way is changed by others.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, zip_longest

from ocpi211_server.database import Row, Statement, Work, sql
from ocpi211_server.delivery.outcome import Delivery, remove_empty
from ocpi211_server.delivery.queue import numbers

__all__ = ["Claimed", "Room", "claim", "let_go_of", "looks", "park_revoked", "take_over"]


@dataclass(frozen=True, slots=True)
class Room:
    """How much a worker can take on."""

    free: int
    most_a_partner: int
    sending: Mapping[int, int] = field(default_factory=dict[int, int])
    """Partner → deliveries under way."""
    probing: Collection[int] = ()
    """Partners that are being asked whether they answer again."""
    after: int = 0
    """The partner whose turn was the last, 0 if all had one."""

    @property
    def full(self) -> set[int]:
        """Partners that get no more for now."""
        return {partner for partner, count in self.sending.items() if count >= self.most_a_partner}


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a worker got."""

    deliveries: Sequence[Delivery]
    after: int
    """The partner whose turn was the last, 0 if all had one."""
    more: bool
    """There is more that it could have got."""


# A lane or two a partner, so that whoever has many of them waits no less than whoever has one. Partners are found one
# after the other in the index, however many lanes each has.
_DUE = """
WITH RECURSIVE due (partner) AS (
  SELECT MIN(partner) FROM delivery_lane WHERE claimed_by = '' AND urgent = 0 AND partner > $1
  UNION ALL
  SELECT (
    SELECT MIN(l.partner) FROM delivery_lane l WHERE l.claimed_by = '' AND l.urgent = 0 AND l.partner > due.partner
  ) FROM due WHERE due.partner IS NOT NULL
)
SELECT urgent, partner, lane, other, outages FROM (
  SELECT 1 AS urgent, l.partner AS partner, l.id AS lane, CAST(NULL AS BIGINT) AS other, 0 AS outages
  FROM delivery_lane l JOIN partner ON partner.id = l.partner AND partner.state = 'registered'
  WHERE l.urgent = 1 AND l.claimed_by = '' AND l.not_before <= $2
    AND l.partner NOT IN (SELECT CAST(key AS BIGINT) FROM json_each($5))
  ORDER BY l.not_before LIMIT $3
) of_one
UNION ALL
SELECT urgent, partner, lane, other, outages FROM (
  SELECT 0 AS urgent, due.partner AS partner, (
    SELECT l.id FROM delivery_lane l
    WHERE l.claimed_by = '' AND l.urgent = 0 AND l.partner = due.partner AND l.not_before <= $2
    ORDER BY l.not_before LIMIT 1
  ) AS lane, (
    SELECT l.id FROM delivery_lane l
    WHERE l.claimed_by = '' AND l.urgent = 0 AND l.partner = due.partner AND l.not_before <= $2
    ORDER BY l.not_before LIMIT 1 OFFSET 1
  ) AS other, COALESCE(pause.outages, 0) AS outages
  FROM due
  JOIN partner ON partner.id = due.partner AND partner.state = 'registered'
  LEFT JOIN delivery_pause pause ON pause.partner = due.partner
  WHERE COALESCE(pause.paused_until, 0) <= $2
    AND due.partner NOT IN (SELECT CAST(key AS BIGINT) FROM json_each($4))
) of_all
WHERE lane IS NOT NULL LIMIT $6
"""
_MORE = """
SELECT id AS lane, partner, 0 AS outages FROM delivery_lane
WHERE claimed_by = '' AND urgent = 0 AND partner = $1 AND not_before <= $2 ORDER BY not_before LIMIT $3
"""
_FEW_PARTNERS = 8  # that have more lanes than two; with more of them, two each fill a turn
_NEW = "SELECT 1 FROM letter WHERE recipients IS NOT NULL LIMIT 1"


def _due(room: Room, now: int, most: int, *, after: int) -> Statement:
    full, busy = numbers(room.full), numbers(room.full.union(room.probing))
    # A LIMIT behind UNION ALL is for both: the urgent come first.
    return sql(_DUE, after, now, most, busy, full, 2 * most)


def looks(room: Room, now: int) -> Iterator[Statement]:
    """Reads, any row of which says that there is something to do."""
    yield sql(_NEW)
    if room.free > 0:
        yield _due(room, now, 1, after=0)


def claim(worker: str, room: Room, now: int) -> Work[Claimed]:
    """Claim what is to be sent next."""
    if room.free <= 0:
        return Claimed((), room.after, more=False)
    due = list((yield _due(room, now, room.free, after=room.after)))
    if room.after and len(due) < room.free:
        due += yield _due(room, now, room.free, after=0)
    candidates = [(row["lane"], row["partner"], row["outages"]) for row in due]
    crowded = {row["partner"]: row["other"] for row in due if row["other"] is not None and not row["outages"]}
    candidates += [(lane, partner, 0) for partner, lane in crowded.items()]
    if len(crowded) <= _FEW_PARTNERS:
        rows = []
        for partner in crowded:
            found = yield sql(_MORE, partner, now, room.most_a_partner)
            rows.append([(row["lane"], partner, 0) for row in found])
        candidates += filter(None, chain.from_iterable(zip_longest(*rows)))
    chosen, after = _choose(room, candidates)
    deliveries = (yield from _claim(worker, chosen, now)) if chosen else ()
    return Claimed(deliveries, after, more=len(crowded) > _FEW_PARTNERS)


def _choose(room: Room, candidates: Iterable[tuple[int, int, int]]) -> tuple[dict[int, int], int]:
    """Lane → outages of its partner, as far as there is room; and where to begin the next time."""
    chosen: dict[int, int] = {}
    sending = Counter(room.sending)
    for lane, partner, outages in candidates:
        if lane not in chosen and sending[partner] < room.most_a_partner:
            chosen[lane] = outages
            sending[partner] += 1
            if len(chosen) == room.free:
                return chosen, partner
    return chosen, 0


# By id alone: given more to choose from, PostgreSQL likes to read all lanes that are free.
_LOCK = """
SELECT id, claimed_by, not_before FROM delivery_lane
WHERE id IN (SELECT CAST(key AS BIGINT) FROM json_each($1)) ORDER BY id FOR UPDATE SKIP LOCKED
"""
# Not in one statement with the lock: it would look for the first delivery as of before it had the lock.
_CLAIM = """
UPDATE delivery_lane SET claimed_by = $2, sending = (
  SELECT MIN(d.seq) FROM delivery d
  WHERE d.partner = delivery_lane.partner AND d.lane = delivery_lane.lane AND d.state = 'waiting'
)
WHERE id IN (SELECT CAST(key AS BIGINT) FROM json_each($1)) RETURNING id, sending
"""
_DELIVERIES = """
SELECT seq, partner, letter, policy, lane, about, whole, attempts, unanswered, made FROM delivery
WHERE seq IN (SELECT CAST(key AS BIGINT) FROM json_each($1)) ORDER BY seq
"""
_LETTERS = """
SELECT id, operation, arguments, url, body, whole_operation, whole, correlation_id FROM letter
WHERE id IN (SELECT CAST(key AS BIGINT) FROM json_each($1))
"""


def _claim(worker: str, chosen: Mapping[int, int], now: int) -> Work[Sequence[Delivery]]:
    locked = yield sql(_LOCK, numbers(chosen))
    free = [row["id"] for row in locked if not row["claimed_by"] and row["not_before"] <= now]
    if not free:
        return ()
    claimed = yield sql(_CLAIM, numbers(free), worker)
    lanes = {row["sending"]: row["id"] for row in claimed if row["sending"] is not None}
    if len(lanes) < len(claimed):  # nothing waits there: a delivery that was to be tried again has just been dropped
        yield from _let_go([row["id"] for row in claimed if row["sending"] is None])
    rows = yield sql(_DELIVERIES, numbers(lanes))
    found = yield sql(_LETTERS, numbers({row["letter"] for row in rows}))
    letters = {letter["id"]: letter for letter in found}
    return [_delivery(row, letters[row["letter"]], lanes[row["seq"]], chosen) for row in rows]


def _delivery(row: Row, letter: Row, lane: int, outages: Mapping[int, int]) -> Delivery:
    whole = row["whole"] == 1
    return Delivery(
        seq=row["seq"],
        partner=row["partner"],
        operation=letter["whole_operation"] if whole else letter["operation"],
        arguments=json.loads(letter["arguments"]),
        body=letter["whole"] if whole else letter["body"],
        policy=row["policy"],
        lane=row["lane"],
        about=row["about"],
        attempts=row["attempts"],
        unanswered=row["unanswered"],
        made=row["made"],
        url=letter["url"],
        correlation_id=letter["correlation_id"],
        has_whole=letter["whole"] is not None and not whole,
        lane_id=lane,
        outages=outages[lane],
    )


_LET_GO = """
UPDATE delivery_lane SET claimed_by = '', sending = NULL
WHERE id IN (SELECT CAST(key AS BIGINT) FROM json_each($1))
"""


def _let_go(lanes: Collection[int]) -> Work[None]:
    if lanes:
        yield sql(_LET_GO, numbers(lanes))
        yield from remove_empty(lanes)


_MINE = """
SELECT id, sending FROM delivery_lane
WHERE claimed_by = $1 AND sending NOT IN (SELECT CAST(key AS BIGINT) FROM json_each($2)) ORDER BY id FOR UPDATE
"""
_DEAD = """
SELECT id, sending FROM delivery_lane
WHERE claimed_by > '' AND claimed_by NOT IN (SELECT name FROM worker WHERE seen >= $1)
ORDER BY id FOR UPDATE SKIP LOCKED
"""
_UNCERTAIN = """
UPDATE delivery SET state = 'parked', reason = 'it may have been sent when its worker stopped', attempts = attempts + 1
WHERE policy = 'once' AND seq IN (SELECT CAST(key AS BIGINT) FROM json_each($1))
"""


def let_go_of(worker: str, but: Iterable[int] = (), *, begun: bool = True) -> Work[None]:
    """Free what a worker has claimed, but these deliveries. `begun`: what is sent once may have been sent already."""
    rows = yield sql(_MINE, worker, numbers(but))
    yield from _free(rows, begun=begun)


_BEAT = """
INSERT INTO worker (name, seen) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET seen = excluded.seen
"""
_FORGET = "DELETE FROM worker WHERE seen < $1"
_FORGOTTEN_AFTER = 100  # times as long as it takes to be dead


def take_over(worker: str, now: int, stale: int) -> Work[None]:
    """Give a sign of life, and free what those have claimed who gave none for so many microseconds."""
    yield sql(_BEAT, worker, now)
    rows = yield sql(_DEAD, now - stale)
    yield from _free(rows, begun=True)
    yield sql(_FORGET, now - _FORGOTTEN_AFTER * stale)


def _free(rows: Sequence[Row], *, begun: bool) -> Work[None]:
    if not rows:
        return
    if begun:
        yield sql(_UNCERTAIN, numbers(row["sending"] for row in rows if row["sending"] is not None))
    yield from _let_go([row["id"] for row in rows])


_REVOKED = """
SELECT l.id, l.partner, l.lane FROM delivery_lane l JOIN partner ON partner.id = l.partner
WHERE partner.state = 'revoked' AND l.claimed_by = '' ORDER BY l.id FOR UPDATE OF l
"""
_PARK = """
UPDATE delivery SET state = 'parked', reason = 'the partner was revoked'
WHERE partner = $1 AND lane = $2 AND state = 'waiting'
"""


def park_revoked() -> Work[None]:
    """Park what waits for partners that will not come back; what waits for others that are away goes on waiting."""
    rows = yield sql(_REVOKED)
    for row in rows:
        yield sql(_PARK, row["partner"], row["lane"])
    if rows:
        yield from remove_empty([row["id"] for row in rows])
