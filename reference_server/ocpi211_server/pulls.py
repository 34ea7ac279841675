"""Pulls of what partners publish: daily or on demand, all or what has changed, page by page (transport_and_format.md).

A page and the place where the pull goes on are stored in one transaction, so a pull that breaks off goes on where it
stopped. One worker does it at a time.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import zip_longest
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from pydantic import BaseModel

from ocpi211 import operations
from ocpi211.models import CDR
from ocpi211_runtime.ahead import under_way
from ocpi211_runtime.envelope import to_wire
from ocpi211_runtime.errors import PeerError, Unreachable
from ocpi211_runtime.operation import Operation
from ocpi211_runtime.pages import MAX_PAGES, Page, read_count
from ocpi211_server.database import Work, sql
from ocpi211_server.moments import MICROSECONDS, moment, now
from ocpi211_server.objects.cdr_intake import taking_cdr
from ocpi211_server.objects.described import key_of, same_but_status, with_left_out
from ocpi211_server.objects.json_text import items, members
from ocpi211_server.objects.keeping import Objects
from ocpi211_server.objects.ownership import owner_of
from ocpi211_server.objects.parts import LocationObjects
from ocpi211_server.objects.store import lock
from ocpi211_server.registration.partners import Partner
from ocpi211_server.site import Site
from ocpi211_server.unaddressed import readdress

__all__ = ["Pulled", "Pulls"]

_log = logging.getLogger(__name__)

_LISTS: Final[Mapping[tuple[str, str], Operation[Any]]] = {
    ("cpo", "locations"): operations.CPO_LOCATIONS_LIST_LOCATIONS,
    ("cpo", "tariffs"): operations.CPO_TARIFFS_LIST_TARIFFS,
    ("cpo", "sessions"): operations.CPO_SESSIONS_LIST_SESSIONS,
    ("cpo", "cdrs"): operations.CPO_CDRS_LIST_CDRS,
    ("emsp", "tokens"): operations.EMSP_TOKENS_LIST_TOKENS,
}
_REGULAR: Final = frozenset({"locations", "tariffs", "tokens"})
"""Pulled by the clock; Sessions and CDRs are pushed, and pulled when somebody wants to."""
# Partners that cannot be called now are left out, as is what a living worker is at.
_DUE: Final = """
SELECT u.partner, u.module FROM pull AS u JOIN partner AS p ON p.id = u.partner
WHERE u.due <= $1 AND u.every > 0 AND p.state = 'registered'
  AND (u.claimed_by IS NULL OR u.claimed_by NOT IN (SELECT name FROM worker WHERE seen > $2))
ORDER BY u.due LIMIT 10
"""
_RETRY: Final = 60 * MICROSECONDS
_OVERLAP: Final = 60
"""Seconds that a delta begins before the pull it goes on from: for what was being stored just then, and for clocks."""


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a pull brought."""

    outcome: str
    """`done`, or why not."""
    objects: int = 0
    rejected: int = 0
    """Objects that break the schema; they are told in the log."""


class Pulls:
    """Pulls from all partners."""

    def __init__(self, site: Site, worker: str) -> None:
        self._site = site
        self._worker = worker

    async def run(self) -> None:
        """Pull whatever is due, until cancelled."""
        looked = 0
        while True:
            try:
                await self._site.database.write(_planned, self._regular(), self._every(), now())
                for row in await self._site.database.read(_DUE, now(), self._stale()):
                    partner = await self._site.partners.by_id(row[0])
                    if partner is not None:
                        await self.pull(partner, row[1])
                if now() >= looked + _RETRY:
                    looked = now()
                    await readdress(self._site)
            except Exception:  # noqa: BLE001  (the next round may go better)
                _log.exception("pulling failed")
            await asyncio.sleep(1)

    async def pull(self, partner: Partner, module: str, *, full: bool = False) -> Pulled:
        """Pull a module of a partner; `full`: everything, else what has changed since the last pull."""
        if (partner.role, module) not in _LISTS or module not in self._site.profile.modules:
            raise ValueError(f"no {module} are pulled from a partner that is {partner.role}")
        begun = await self._site.database.write(
            _claimed, partner.id, module, self._worker, self._stale(), now(), int(full)
        )
        if begun is None:
            return Pulled("another worker is at it")
        since, url = begun
        try:
            outcome = await self._crawl(partner, module, since, url)
        except PeerError as error:
            # Who answers, but not with the page, may have it no longer: then the next pull begins anew.
            outcome = await self._ended(partner, module, str(error), forget=not isinstance(error, Unreachable))
        except BaseException:
            await asyncio.shield(self._ended(partner, module, "interrupted", forget=False))
            raise
        _log.info("pulled %s of %s: %s", module, partner.party, outcome)
        return outcome

    async def _crawl(self, partner: Partner, module: str, since: int | None, url: str | None) -> Pulled:
        operation = _LISTS[partner.role, module]
        values: dict[str, object] = {"limit": self._site.profile.max_limit[module]}
        if since is not None or module == "sessions":
            values["date_from"] = moment(since or 0)
        ask = partial(self._site.calls.page, partner, operation, values)
        arrived, pages, total = await ask(url=url), 0, 0
        seen, stepped = set[str](), set[tuple[str, int | None]]()
        while True:
            seen.add(arrived.url)
            pages += 1
            ahead = None if arrived.next_url in seen or pages >= MAX_PAGES else arrived.next_url
            # The next page is on its way while this one is read and stored.
            async with under_way(None if ahead is None else ask(url=ahead)) as coming:
                page = arrived.read()
                if self._site.profile.paginated_only and page.total is None:
                    why = "ignored: the list is not paginated"
                    return await self._ended(partner, module, why, forget=True, wait=self._every())
                for rejected in page.rejected:
                    why = rejected.problems[0].reason
                    _log.warning("%s of %s: %s %s", module, partner.party, rejected.pointer, why)
                url = page.next_url
                # Once each: who counts what is left, or counts differently each time, would be asked for ever.
                if (back := _back(page, total)) and (back, page.total) not in stepped:
                    url = back
                    stepped.add((back, page.total))
                    seen.clear()
                total = page.total or 0
                received = _received(arrived.body, page) if module == "cdrs" else ()
                await self._site.database.write_much(self._storing, partner, module, page, received, url, now())
                self._site.deliveries.wake()
                if url is None:
                    return await self._ended(partner, module, "done", forget=True, wait=self._every())
                if url in seen or pages >= MAX_PAGES:
                    return await self._ended(partner, module, "broken off: the pages do not end", forget=True)
                arrived = await (ask(url=url) if coming is None or url != ahead else coming)

    def _storing(
        self, partner: Partner, module: str, page: Page[Any], received: Sequence[bytes], url: str | None, at: int
    ) -> Work[None]:
        quiet = module == "locations" and not self._site.profile.status_in_delta
        objects = LocationObjects(self._site) if quiet else Objects(self._site, module)
        for model, body in zip_longest(page.items, received):
            yield from self._taking(objects, partner, model, body, at)
        yield sql(
            "UPDATE pull SET next_url = $3, pulled = pulled + $4, rejected = rejected + $5"
            " WHERE partner = $1 AND module = $2",
            partner.id,
            module,
            url,
            len(page.items),
            len(page.rejected),
        )

    def _taking(
        self, objects: Objects, partner: Partner, model: BaseModel, received: bytes | None, at: int
    ) -> Work[None]:
        key: Any = model
        id_ = key.uid if objects.module == "tokens" else key.id
        whole = body = to_wire(model)
        owner = yield from owner_of(objects.module, partner, model, id_)
        stored = yield from lock(objects.module, owner, key_of(objects.module, id_))
        if objects.module == "cdrs":
            # Posted and listed it may be written in two ways: they are compared in the form that both have once read.
            if stored is None or to_wire(CDR.model_validate_json(stored.body)) != body:
                yield from taking_cdr(objects, key, received or body, partner, at)
            return
        if stored is not None and objects.module == "locations" and self._site.profile.left_out_is_removed:
            whole = with_left_out(body, stored.body, moment(at // MICROSECONDS))
        if stored is None or stored.body != whole:
            if isinstance(objects, LocationObjects) and stored is not None and same_but_status(stored.body, whole):
                yield from objects.statuses(owner, id_, (), whole, at)
            else:
                # What was pushed since the page was asked for is newer than the page, if it says so.
                yield from objects.taking(owner, id_, model, body, partner.id, at, as_of=at // MICROSECONDS - _OVERLAP)

    async def _ended(self, partner: Partner, module: str, outcome: str, *, forget: bool, wait: int = _RETRY) -> Pulled:
        rows = await self._site.database.write(_ended, partner.id, module, outcome, int(forget), now() + wait)
        return Pulled(outcome, rows[0], rows[1])

    def _stale(self) -> int:
        """A worker that was not seen since this moment is dead."""
        return now() - int(self._site.settings.worker_stale * MICROSECONDS)

    def _every(self) -> int:
        return int(self._site.settings.pull_every * MICROSECONDS)

    def _regular(self) -> Sequence[tuple[str, str]]:
        """(role of the partner, module) of what is pulled by the clock."""
        offered = self._site.profile.modules & _REGULAR
        return [(role, module) for role, module in _LISTS if module in offered and self._site.role != role]


def _back(page: Page[Any], before: int) -> str | None:
    """Where the crawl has to step back to: the list has become shorter, so something slid to where it was not seen."""
    parts = urlsplit(page.url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    offset = read_count(query.get("offset")) or 0
    if page.total is None or page.total >= before or not offset:
        return None
    query["offset"] = str(max(offset - (before - page.total), 0))
    return parts._replace(query=urlencode(query, safe=":")).geturl()


def _planned(lists: Sequence[tuple[str, str]], every: int, at: int) -> Work[None]:
    """An entry for whatever a registered partner offers and nobody has planned yet."""
    for role, module in lists:
        yield sql(
            "INSERT INTO pull (partner, module, due, every)"
            " SELECT id, $2, CAST($3 AS BIGINT), CAST($4 AS BIGINT) FROM partner"
            " WHERE role = $1 AND state = 'registered' AND endpoints LIKE $5"
            " ON CONFLICT (partner, module) DO UPDATE SET every = excluded.every WHERE pull.every <> excluded.every",
            role,
            module,
            at,
            every,
            f'%"{module}"%',
        )


def _claimed(
    partner: int, module: str, worker: str, stale: int, at: int, full: int
) -> Work[tuple[int | None, str | None] | None]:
    """The pull for this worker: (since, where it goes on); None if a living worker has it."""
    yield sql(
        "INSERT INTO pull (partner, module, due, every) VALUES ($1, $2, $3, 0) ON CONFLICT DO NOTHING",
        partner,
        module,
        at,
    )
    rows = yield sql(
        "SELECT since, next_url, started FROM pull WHERE partner = $1 AND module = $2 AND (claimed_by IS NULL"
        " OR claimed_by = $3 OR claimed_by NOT IN (SELECT name FROM worker WHERE seen > $4)) FOR UPDATE",
        partner,
        module,
        worker,
        stale,
    )
    if not rows:
        return None
    since, url, started = rows[0][0], rows[0][1], rows[0][2]
    if full or url is None:
        since, url, started = None if full else since, None, at
    yield sql(
        "UPDATE pull SET claimed_by = $3, since = $4, next_url = $5, started = $6, pulled = 0, rejected = 0"
        " WHERE partner = $1 AND module = $2",
        partner,
        module,
        worker,
        since,
        url,
        started,
    )
    return since, url


def _ended(partner: int, module: str, outcome: str, forget: int, due: int) -> Work[tuple[int, int]]:
    rows = yield sql(
        "UPDATE pull SET claimed_by = NULL, outcome = $3, due = $4,"
        " since = CASE WHEN CAST($5 AS BIGINT) = 1 THEN started / 1000000 - $7 ELSE since END,"
        " next_url = CASE WHEN CAST($6 AS BIGINT) = 1 THEN NULL ELSE next_url END"
        " WHERE partner = $1 AND module = $2 RETURNING pulled, rejected",
        partner,
        module,
        outcome[:1000],
        due,
        int(outcome == "done"),
        forget,
        _OVERLAP,
    )
    return rows[0][0], rows[0][1]


def _received(body: bytes, page: Page[Any]) -> Sequence[bytes]:
    """The objects of a page as they came, but for those that were rejected; none where a NaN stands on the page."""
    broken = {rejected.index for rejected in page.rejected}
    with suppress(ValueError):  # the models read on, this reader does not
        return [item for index, item in enumerate(items(members(body)["data"])) if index not in broken]
    return ()
