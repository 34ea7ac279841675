"""CDRs taken in, each once (mod_cdrs.md): the same again is no second one, another under its id is kept aside."""

from __future__ import annotations

import json
from enum import Enum

from ocpi211.models import CDR
from ocpi211_server.database import Work, sql
from ocpi211_server.moments import now
from ocpi211_server.objects.described import described, key_of
from ocpi211_server.objects.keeping import Objects
from ocpi211_server.objects.ownership import owner_of
from ocpi211_server.objects.store import lock
from ocpi211_server.registration.partners import Partner

__all__ = ["Verdict", "take_cdr", "taking_cdr"]


class Verdict(Enum):
    """What became of a CDR."""

    NEW = "new"
    KNOWN = "known"
    CONTRADICTS = "contradicts"
    """Its id is taken by another: kept aside."""


async def take_cdr(objects: Objects, cdr: CDR, body: bytes, partner: Partner | None) -> Verdict:
    """Store a CDR of a partner, or of our own, and make the delivery to the eMSP that it is for."""
    verdict = await objects.site.database.write(taking_cdr, objects, cdr, body, partner, now())
    objects.wake()
    return verdict


def taking_cdr(objects: Objects, cdr: CDR, body: bytes, partner: Partner | None, moment: int) -> Work[Verdict]:
    """As `take_cdr`, within a transaction."""
    # Its URL names no owner: pushed or pulled, a CDR that a hub brings is found by the same CPO.
    owner = objects.site.party if partner is None else (yield from owner_of("cdrs", partner, cdr, cdr.id))
    sender = None if partner is None else partner.id
    stored = yield from lock("cdrs", owner, key_of("cdrs", cdr.id))
    if stored is not None:
        if _same(stored.body, body):
            return Verdict.KNOWN
        yield sql(  # once, however often it comes
            "INSERT INTO kept_aside (module, owner, id, partner, received, body)"
            " SELECT 'cdrs', $1, $2, CAST($3 AS BIGINT), CAST($4 AS BIGINT), $5 WHERE NOT EXISTS"
            " (SELECT 1 FROM kept_aside WHERE module = 'cdrs' AND owner = $1 AND id = $2 AND body = $5)",
            owner,
            stored.id,
            sender,
            moment,
            body,
        )
        return Verdict.CONTRADICTS
    thing = described("cdrs", owner, cdr.id, cdr, body, sender, objects.earliest(moment))
    yield from objects.storing(thing, None, moment, body)
    return Verdict.NEW


def _same(one: bytes, other: bytes) -> bool:
    """Whether two texts say the same; digits count, spaces and the order of members do not."""
    return one == other or _told(one) == _told(other)


def _told(text: bytes) -> object:
    return json.loads(text, parse_float=str, parse_int=str)
