"""Deliveries as an operator sees them: what waits, what is parked and why, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ocpi211_server.database import Database, Row, Work, sql
from ocpi211_server.delivery.outcome import remove_empty
from ocpi211_server.delivery.queue import spread, sweep
from ocpi211_server.moments import MICROSECONDS

__all__ = [
    "Entry",
    "backlog",
    "drop",
    "drop_parked",
    "forget_failed",
    "list_deliveries",
    "recipient",
    "retry",
    "retry_all",
]

_ALL_AT_ONCE = 1_000_000


@dataclass(frozen=True, slots=True)
class Entry:
    """A delivery that was not delivered yet."""

    seq: int
    partner: int
    party: str
    """`FR*ABC`."""
    role: str
    """Of the partner: cpo or emsp."""
    lane: str
    policy: str
    operation: str
    about: str
    state: str
    """waiting, sending or parked."""
    reason: str
    """Of the latest failure."""
    attempts: int
    made: int
    """When it was enqueued; microseconds since 1970, as the others."""
    not_before: int
    """When its lane goes on; of what is parked 0."""


_LIST = """
SELECT d.seq, d.partner, p.country_code, p.party_id, p.role, d.lane, d.policy, d.about, d.state, d.reason, d.attempts,
  d.made, CASE WHEN d.whole = 1 THEN w.whole_operation ELSE w.operation END AS operation, l.sending,
  CASE WHEN d.state = 'waiting' THEN l.not_before END AS lane_due, s.paused_until
FROM delivery d
JOIN partner p ON p.id = d.partner
JOIN letter w ON w.id = d.letter
LEFT JOIN delivery_lane l ON l.partner = d.partner AND l.lane = d.lane
LEFT JOIN delivery_pause s ON s.partner = d.partner
WHERE (CAST($1 AS BIGINT) IS NULL OR d.partner = $1) AND (CAST($2 AS TEXT) IS NULL OR d.state = $2) AND d.seq > $3
ORDER BY d.seq LIMIT $4
"""


async def list_deliveries(
    database: Database,
    now: int,
    *,
    partner: int | None = None,
    state: str | None = None,
    after: int = 0,
    most: int = 100,
) -> Sequence[Entry]:
    """What was not delivered yet, oldest first, behind the number `after`. `state`: waiting or parked."""
    _, emptied = await database.write_much(spread, _ALL_AT_ONCE, now)
    await database.write_much(sweep, emptied)
    return [_entry(row) for row in await database.read(_LIST, partner, state, after, most)]


def _entry(row: Row) -> Entry:
    return Entry(
        seq=row["seq"],
        partner=row["partner"],
        party=f"{row['country_code']}*{row['party_id']}",
        role=row["role"],
        lane=row["lane"],
        policy=row["policy"],
        operation=row["operation"],
        about=row["about"],
        state="sending" if row["sending"] == row["seq"] else row["state"],
        reason=row["reason"] or "",
        attempts=row["attempts"],
        made=row["made"],
        not_before=0 if row["lane_due"] is None else max(row["lane_due"], row["paused_until"] or 0),
    )


_ONE = "SELECT partner, lane, policy FROM delivery WHERE seq = $1"
_LANES = """
INSERT INTO delivery_lane (partner, lane, urgent, not_before)
SELECT partner, lane, MAX(CASE WHEN policy = 'once' THEN 1 ELSE 0 END), CAST($2 AS BIGINT) FROM delivery
WHERE partner = $1 AND (CAST($3 AS BIGINT) IS NULL OR seq = $3)
GROUP BY partner, lane ORDER BY partner, lane
ON CONFLICT (partner, lane) DO UPDATE SET not_before = excluded.not_before
"""
_WAITING = """
UPDATE delivery SET state = 'waiting', attempts = 0, unanswered = 0
WHERE partner = $1 AND (CAST($2 AS BIGINT) IS NULL OR seq = $2) RETURNING seq
"""
_NO_PAUSE = "DELETE FROM delivery_pause WHERE partner = $1"


def retry(seq: int, now: int) -> Work[bool]:
    """Try this delivery at once, as if it had never failed, in its old place. False if there is none."""
    found = yield sql(_ONE, seq)
    if not found:
        return False
    retried = yield from _retry(found[0]["partner"], seq, now)
    return retried == 1


def retry_all(partner: int, now: int) -> Work[int]:
    """Try everything for this partner at once, in its old order; gives how much that is."""
    _, emptied = yield from spread(_ALL_AT_ONCE, now)
    retried = yield from _retry(partner, None, now)
    yield from sweep(emptied)
    return retried


def _retry(partner: int, seq: int | None, now: int) -> Work[int]:
    yield sql(_LANES, partner, now, seq)
    rows = yield sql(_WAITING, partner, seq)
    yield sql(_NO_PAUSE, partner)
    return len(rows)


_LANE = "SELECT id FROM delivery_lane WHERE partner = $1 AND lane = $2 FOR UPDATE"
_DROP = """
DELETE FROM delivery
WHERE seq = $1 AND NOT EXISTS (
  SELECT 1 FROM delivery_lane l
  WHERE l.partner = delivery.partner AND l.lane = delivery.lane AND l.sending = delivery.seq
)
RETURNING letter
"""
_DROP_PARKED = "DELETE FROM delivery WHERE partner = $1 AND state = 'parked' RETURNING letter"


def drop(seq: int) -> Work[bool]:
    """Give a delivery up. False if there is none, or if it is being sent."""
    found = yield sql(_ONE, seq)
    if not found:
        return False
    lanes = yield sql(_LANE, found[0]["partner"], found[0]["lane"])
    dropped = yield sql(_DROP, seq)
    yield from remove_empty([row[0] for row in lanes])
    yield from sweep(row[0] for row in dropped)
    return bool(dropped)


def drop_parked(partner: int) -> Work[int]:
    """Give up all that is parked for a partner; gives how much that is."""
    dropped = yield sql(_DROP_PARKED, partner)
    yield from sweep(row[0] for row in dropped)
    return len(dropped)


_FORGET = "DELETE FROM delivery WHERE policy = 'once' AND state = 'parked' AND made < $1 RETURNING letter"


def forget_failed(before: int) -> Work[None]:
    """Forget what was sent once and failed: of no use any more, it is kept for a while to be looked at."""
    yield from sweep(row[0] for row in (yield sql(_FORGET, before)))


_BACKLOG = """
SELECT p.country_code, p.party_id, SUM(x.waiting) AS waiting, SUM(x.parked) AS parked, MIN(x.oldest) AS oldest
FROM (
  SELECT partner, SUM(CASE WHEN state = 'waiting' THEN 1 ELSE 0 END) AS waiting,
    SUM(CASE WHEN state = 'parked' THEN 1 ELSE 0 END) AS parked,
    MIN(CASE WHEN state = 'waiting' THEN made END) AS oldest
  FROM delivery GROUP BY partner
  UNION ALL
  SELECT CAST(r.key AS BIGINT), COUNT(*), 0, MIN(l.made) FROM letter l, json_each(l.recipients) r
  WHERE l.recipients IS NOT NULL GROUP BY 1
) x JOIN partner p ON p.id = x.partner
GROUP BY p.country_code, p.party_id ORDER BY p.country_code, p.party_id
"""


async def backlog(database: Database, now: int) -> Sequence[tuple[str, int, int, float]]:
    """A row a party that something waits or is parked for: `FR*ABC`, how much of each, seconds since the oldest."""
    return [
        (
            f"{row['country_code']}*{row['party_id']}",
            int(row["waiting"]),
            int(row["parked"]),
            max(now - row["oldest"], 0) / MICROSECONDS if row["oldest"] is not None else 0.0,
        )
        for row in await database.read(_BACKLOG)
    ]


_RECIPIENT = """
INSERT INTO partner (role, country_code, party_id, state, updated) VALUES ($1, $2, $3, 'registered', $4)
ON CONFLICT (role, country_code, party_id) DO UPDATE SET updated = partner.updated
RETURNING id
"""


def recipient(role: str, country_code: str, party_id: str, now: int) -> Work[int]:
    """The number of a partner that was not registered by this server: for deliveries used by themselves."""
    rows = yield sql(_RECIPIENT, role, country_code, party_id, now)
    number: int = rows[0][0]
    return number
