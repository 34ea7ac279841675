"""Deliveries that an operator has tried again.

A hub tells what is true by now (`latest`). What was parked tells what was true then, and something newer may have been
delivered since: of such an object the partner is sent what is stored now, in place of all that was parked of it.
"""

from __future__ import annotations

from ocpi211_server.database import Work, sql
from ocpi211_server.delivery import drop, retry, retry_all
from ocpi211_server.objects.distribution import Change
from ocpi211_server.objects.store import lock
from ocpi211_server.site import Site

__all__ = ["retry_again"]

_PARKED = """
SELECT DISTINCT partner, lane FROM delivery
WHERE policy = 'latest' AND state = 'parked' AND (partner = $1 OR seq = $2) ORDER BY partner, lane
"""
_STORED = "SELECT id FROM object WHERE module = $1 AND owner = $2 AND shown_id = $3"
_RENEWED = """
SELECT seq FROM delivery WHERE policy = 'latest' AND state = 'parked' AND partner = $1 AND lane = $2
"""


def retry_again(site: Site, moment: int, *, partner: int | None = None, seq: int | None = None) -> Work[int]:
    """Try one delivery again at once, or all of a partner; gives how many."""
    renewed = 0
    for to, lane in [tuple(row) for row in (yield sql(_PARKED, partner, seq))]:
        module, owner, shown_id = lane.split("/", 2)
        stored = yield sql(_STORED, module, owner, shown_id)
        thing = (yield from lock(module, owner, stored[0][0])) if stored else None
        if thing is not None:  # else it was deleted, and that is still the latest news
            for parked in (yield sql(_RENEWED, to, lane)):
                yield from retry(parked[0], moment)  # for what else that does: the partner is paused no more
                yield from drop(parked[0])
            renewed += yield from site.distribution.spread(Change(thing, created=True), moment, only=to)
    if partner is not None:
        return (yield from retry_all(partner, moment))
    return renewed or int((yield from retry(seq or 0, moment)))
