"""Sessions and CDRs that were for nobody when they came, because their Token or agreement was not known yet.

They wait here, seen by nobody. Once a minute it is tried again whom they are for; an eMSP that is found then is sent
them as if they had just come.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ocpi211.models import Session
from ocpi211_runtime.envelope import to_wire
from ocpi211_server.database import Row, Work
from ocpi211_server.moments import MICROSECONDS, now
from ocpi211_server.objects.distribution import Change
from ocpi211_server.objects.store import lock, save
from ocpi211_server.site import Site

__all__ = ["readdress"]

_OLDEST: Final = 31 * 24 * 3600
"""Seconds after which nobody can be expected to come for them any more."""
_AT_ONCE: Final = 100


async def readdress(site: Site) -> int:
    """Try again whom those are for that are for nobody yet; gives for how many that is known now."""
    if site.role == "emsp":
        return 0
    found = after = 0
    youngest = now() // MICROSECONDS - _OLDEST
    while rows := await site.database.read(
        "SELECT seq, module, owner, id FROM object WHERE module IN ('sessions', 'cdrs') AND recipient IS NULL"
        " AND seq > $1 AND changed >= $2 ORDER BY seq LIMIT $3",
        after,
        youngest,
        _AT_ONCE,
    ):
        found += await site.database.write_much(_addressing, site, rows, now())
        after = rows[-1]["seq"]
    if found:
        site.deliveries.wake()
    return found


def _addressing(site: Site, rows: Sequence[Row], moment: int) -> Work[int]:
    found = 0
    for row in rows:
        stored = yield from lock(row["module"], row["owner"], row["id"])
        if stored is None or stored.recipient is not None:
            continue
        recipient = yield from site.audience.recipient_of(stored)
        if recipient is None:
            continue
        wire = stored.body if stored.module == "cdrs" else to_wire(Session.model_validate_json(stored.body))
        changed = max(stored.changed, moment // MICROSECONDS)
        thing = yield from site.view.seen(stored._replace(recipient=recipient, changed=changed), wire)
        yield from save(thing, stored)
        yield from site.distribution.spread(Change(thing, created=True), moment)
        found += 1
    return found
