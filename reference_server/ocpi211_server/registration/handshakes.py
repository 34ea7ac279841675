"""What registration writes, each step one transaction (credentials.md, Use cases).

Nobody is locked out, wherever a process dies or an answer is lost, because of three rules:

* A token we issued stays good until one that was issued after it is used: only then is it certain that the partner
  has the later one. So the oldest token that works is always the one the partner may be left with.
* The token we send and the endpoints it goes with are replaced together, when the partner's documents have been read.
* Of two handshakes that overlap, the one that ends first stands, and the other changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from ocpi211_runtime.answers import Role
from ocpi211_runtime.peer import Peer
from ocpi211_server.database import Row, Work, sql
from ocpi211_server.moments import MICROSECONDS
from ocpi211_server.registration.partners import Kind

__all__ = [
    "Overtaken",
    "Terms",
    "TokenInUse",
    "accept",
    "approve",
    "complete",
    "confirm",
    "end",
    "forget",
    "introduce",
    "invite",
    "locate",
    "offer",
    "resume",
    "suspend",
    "withdraw",
]

MOST_UNUSED = 8
"""Tokens that a partner asked for and never used; who loses more answers than this has to use the latest."""


class Overtaken(Exception):
    """Another handshake with this partner has ended meanwhile, or an operator has ended all of them."""


class TokenInUse(Exception):
    """The token that the partner offers is one that we issued."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a handshake that succeeded is about."""

    partner: int
    before: bytes | None = field(repr=False)
    """The sealed token that stood when it began: the mark by which another handshake is noticed."""
    name: str
    origins: Sequence[str]
    found: Peer
    """The partner as its documents describe it."""
    sealed: bytes = field(repr=False)
    """The token that we send from now on."""


def introduce(role: Role, country_code: str, party_id: str, *, hub: bool | None, now: int) -> Work[int]:
    """The partner's number; it is made known if it was not. `hub` None leaves it what it is."""
    rows = yield sql(
        "INSERT INTO partner (role, country_code, party_id, hub, state, updated)"
        " VALUES ($1, $2, $3, COALESCE(CAST($4 AS SMALLINT), 0), 'unregistered', $5)"
        " ON CONFLICT (role, country_code, party_id)"
        " DO UPDATE SET hub = COALESCE(CAST($4 AS SMALLINT), partner.hub), updated = partner.updated"
        " + CASE WHEN CAST($4 AS SMALLINT) <> partner.hub THEN 1 ELSE 0 END RETURNING id",
        role,
        country_code,
        party_id,
        None if hub is None else int(hub),
        now,
    )
    return int(rows[0]["id"])


def invite(
    partner: int, token: bytes, origins: Sequence[str], *, trust_first: bool, expires: int, now: int
) -> Work[None]:
    """A new invitation in place of an earlier one. A partner that is registered stays so until it uses it."""
    row = yield from _locked(partner)
    known = _merged(row["origins"], origins)
    yield sql(
        "UPDATE partner SET state = CASE state WHEN 'registered' THEN state ELSE 'invited' END, origins = $2,"
        " trust_first = $3, updated = $4 WHERE id = $1",
        partner,
        known,
        int(trust_first),
        _later(row, now),
    )
    yield sql("DELETE FROM credential WHERE partner = $1 AND kind = 'invitation'", partner)
    yield from _issue(partner, token, "invitation", now, expires)


def accept(terms: Terms, *, shown: int, offered: bytes, issued: bytes, now: int) -> Work[None]:
    """The partner's POST or PUT succeeded: its token and endpoints are taken over, and a token is issued to it.

    `shown` is the token it asked with; that one stays good until the new one is used. Raises Overtaken, TokenInUse.
    """
    row = yield from _locked(terms.partner)
    alive = yield sql("SELECT kind FROM credential WHERE seq = $1", shown)
    if not alive or row["secret"] != terms.before or row["state"] in ("suspended", "revoked"):
        raise Overtaken
    if (yield sql("SELECT seq FROM credential WHERE digest = $1", offered)):
        raise TokenInUse
    yield from _registered(row, terms, now)
    yield from _issue(terms.partner, issued, "active", now)
    yield sql(
        "DELETE FROM credential WHERE partner = $1 AND seq > $2 AND seq NOT IN"
        " (SELECT seq FROM credential WHERE partner = $1 ORDER BY seq DESC LIMIT $3)",
        terms.partner,
        shown,
        MOST_UNUSED,
    )


def offer(partner: int, token: bytes, now: int) -> Work[None]:
    """A token of ours is about to be sent: it must be good before the partner calls back with it."""
    yield from _locked(partner)
    yield from _issue(partner, token, "offered", now)


def complete(terms: Terms, *, offered: bytes, now: int) -> Work[None]:
    """The partner accepted our POST or PUT, and with it the token we offered. Raises Overtaken."""
    row = yield from _locked(terms.partner)
    kept = yield sql(
        "UPDATE credential SET kind = 'active' WHERE partner = $1 AND digest = $2 RETURNING seq", terms.partner, offered
    )
    if not kept or row["secret"] != terms.before:
        raise Overtaken
    yield from _registered(row, terms, now)


def withdraw(partner: int, token: bytes) -> Work[None]:
    """The partner refused what we offered, so it has not kept the token."""
    yield sql("DELETE FROM credential WHERE partner = $1 AND digest = $2 AND kind = 'offered'", partner, token)


def confirm(partner: int, seq: int) -> Work[bool]:
    """The partner has this token for sure: those before it are void. False if it is void itself by now."""
    yield from _locked(partner)
    if not (yield sql("UPDATE credential SET kind = 'active' WHERE seq = $1 RETURNING seq", seq)):
        return False
    yield sql("DELETE FROM credential WHERE partner = $1 AND seq < $2", partner, seq)
    return True


def end(partner: int, *, shown: int, window: int, now: int) -> Work[bool]:
    """The partner unregisters. The token it asked with may register again for `window` seconds.

    False if that token is void by now.
    """
    row = yield from _locked(partner)
    if not (yield sql("SELECT seq FROM credential WHERE seq = $1", shown)):
        return False
    yield from _unregistered(row, "unregistered", now, but=shown if window else None)
    if window:
        expires = now + window * MICROSECONDS
        yield sql("UPDATE credential SET kind = 'leaving', expires = $2 WHERE seq = $1", shown, expires)
    return True


def forget(partner: int, state: str, *, before: bytes | None, now: int) -> Work[bool]:
    """We unregister from the partner, or have done with it. Not if it has another token than `before`: False."""
    row = yield from _locked(partner)
    if row["secret"] != before:
        return False
    yield from _unregistered(row, state, now)
    return True


def locate(terms: Terms, *, now: int) -> Work[bool]:
    """The partner's endpoints, read anew. False if another handshake has ended meanwhile."""
    row = yield from _locked(terms.partner)
    if row["secret"] != terms.before:
        return False
    yield sql(
        "UPDATE partner SET details_url = $2, endpoints = $3, updated = $4 WHERE id = $1",
        terms.partner,
        terms.found.details_url,
        json.dumps(dict(terms.found.endpoints)),
        _later(row, now),
    )
    return True


def approve(partner: int, origin: str, now: int) -> Work[None]:
    """The partner's URLs may lead to one more origin."""
    row = yield from _locked(partner)
    yield sql(
        "UPDATE partner SET origins = $2, updated = $3 WHERE id = $1",
        partner,
        _merged(row["origins"], [origin]),
        _later(row, now),
    )


def suspend(partner: int, now: int) -> Work[None]:
    """The partner is not to be heard or called; its tokens stay."""
    row = yield from _locked(partner)
    yield sql(
        "UPDATE partner SET state = 'suspended', updated = $2 WHERE id = $1 AND state <> 'revoked'",
        partner,
        _later(row, now),
    )


def resume(partner: int, now: int) -> Work[None]:
    """A suspended partner is again what its tokens say."""
    row = yield from _locked(partner)
    yield sql(
        "UPDATE partner SET state = CASE WHEN secret IS NOT NULL THEN 'registered' WHEN EXISTS"
        " (SELECT 1 FROM credential AS c WHERE c.partner = partner.id AND c.kind = 'invitation') THEN 'invited'"
        " ELSE 'unregistered' END, updated = $2 WHERE id = $1 AND state = 'suspended'",
        partner,
        _later(row, now),
    )


def _locked(partner: int) -> Work[Row]:
    """The partner, for this transaction alone: all that is done about its tokens is done one after the other."""
    rows = yield sql("SELECT id, state, origins, secret, updated FROM partner WHERE id = $1 FOR UPDATE", partner)
    return rows[0]


def _registered(row: Row, terms: Terms, now: int) -> Work[None]:
    yield sql(
        "UPDATE partner SET state = CASE state WHEN 'suspended' THEN state ELSE 'registered' END, name = $2,"
        " origins = $3, versions_url = $4, details_url = $5, endpoints = $6, secret = $7, updated = $8 WHERE id = $1",
        terms.partner,
        terms.name,
        _merged(row["origins"], terms.origins),
        terms.found.versions_url,
        terms.found.details_url,
        json.dumps(dict(terms.found.endpoints)),
        terms.sealed,
        _later(row, now),
    )


def _unregistered(row: Row, state: str, now: int, *, but: int | None = None) -> Work[None]:
    yield sql("DELETE FROM credential WHERE partner = $1 AND seq <> COALESCE(CAST($2 AS BIGINT), 0)", row["id"], but)
    yield sql(
        "UPDATE partner SET state = $2, details_url = '', endpoints = '{}', secret = NULL, updated = $3 WHERE id = $1",
        row["id"],
        state,
        _later(row, now),
    )


def _issue(partner: int, token: bytes, kind: Kind, now: int, expires: int | None = None) -> Work[None]:
    yield sql(
        "INSERT INTO credential (digest, partner, kind, made, expires) VALUES ($1, $2, $3, $4, $5)",
        token,
        partner,
        kind,
        now,
        expires,
    )


def _merged(known: str, more: Sequence[str]) -> str:
    return json.dumps(list(dict.fromkeys([*json.loads(known), *more])))


def _later(row: Row, now: int) -> int:
    """A moment of change that differs from the one before, whatever the clock does."""
    return max(now, int(row["updated"]) + 1)
