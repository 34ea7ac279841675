"""Deliveries turned by hand: one step at a time, by a clock that stands still in between."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ocpi211_server.database import Database, Row, Work, open_database, sql
from ocpi211_server.delivery import (
    Delivery,
    DeliverySettings,
    Entry,
    Order,
    Policy,
    enqueue,
    list_deliveries,
    recipient,
)
from ocpi211_server.delivery.claim import Claimed, Room, claim, let_go_of, park_revoked, take_over
from ocpi211_server.delivery.outcome import judge, settle
from ocpi211_server.delivery.queue import spread, sweep
from ocpi211_server.moments import MICROSECONDS

__all__ = ["STALE", "ByHand", "cdr", "evse", "location", "result", "session", "set_state", "tell"]

STALE = 10 * MICROSECONDS
ARGUMENTS = {"country_code": "FR", "party_id": "ABC"}


@dataclass
class ByHand:
    """Several workers of one database, and what each is sending."""

    database: Database
    settings: DeliverySettings = field(default_factory=DeliverySettings)
    now: int = 1_000 * MICROSECONDS
    after: int = 0

    def pass_by(self, seconds: float) -> None:
        self.now += round(seconds * MICROSECONDS)

    async def partner(self, party_id: str = "EMP", role: str = "emsp") -> int:
        return await self.database.write(recipient, role, "FR", party_id, self.now)

    async def keep(self, *orders: Order) -> None:
        await self.database.write(enqueue, orders, self.now)

    async def claim(self, worker: str = "one", **room: Any) -> list[Delivery]:
        """What a turn of a worker that has nothing to write down would send."""
        _, emptied = await self.database.write(spread, 100, self.now)
        await self.database.write(sweep, emptied)
        claimed: Claimed = await self.database.write(
            claim, worker, Room(**{"free": 100, "most_a_partner": 8, **room}), self.now
        )
        self.after = claimed.after
        return [*claimed.deliveries]

    async def only(self, worker: str = "one", **room: Any) -> Delivery:
        (delivery,) = await self.claim(worker, **room)
        return delivery

    async def end(
        self,
        delivery: Delivery,
        error: BaseException | None = None,
        *,
        worker: str = "one",
        started: int | None = None,
        chance: float = 1.0,
    ) -> None:
        """Write down what came of an attempt; it waits as long as it may."""
        began = self.now if started is None else started
        outcome = judge(delivery, error, self.settings, started=began, chance=chance)
        await self.database.write(sweep, await self.database.write(settle, worker, [outcome], self.now, self.settings))

    async def house(self, worker: str = "one") -> None:
        await self.database.write(_house, worker, self.now)

    async def let_go(self, worker: str = "one", but: Iterable[int] = (), *, begun: bool = True) -> None:
        await self.database.write(let_go_of, worker, but, begun=begun)

    async def entries(self, **filters: Any) -> Sequence[Entry]:
        return await list_deliveries(self.database, self.now, **filters)

    async def count(self, table: str) -> int:
        rows: Sequence[Row] = await self.database.read(f"SELECT COUNT(*) FROM {table}")  # noqa: S608  (one of ours)
        number: int = rows[0][0]
        return number


def tell(url: str, story: Callable[[ByHand], Awaitable[None]], **settings: Any) -> None:
    """Run a story on the database at this URL."""

    async def run() -> None:
        database = await open_database(url, synchronous="NORMAL")  # nothing here outlives the test
        try:
            await story(ByHand(database, DeliverySettings(**settings)))
        finally:
            await database.close()

    asyncio.run(run())


def _house(worker: str, now: int) -> Work[None]:
    yield from take_over(worker, now, STALE)
    yield from park_revoked()


def set_state(partner: int, state: str) -> Work[None]:
    yield sql("UPDATE partner SET state = $2 WHERE id = $1", partner, state)


def session(
    partner: int | tuple[int, ...], name: str = "4711", policy: Policy = "fifo", lane: str = "sessions"
) -> Order:
    return Order(
        partner,
        "emsp.sessions.put_session",
        {**ARGUMENTS, "session_id": name},
        json.dumps({"id": name}).encode(),
        policy,
        lane,
        f"sessions FR*ABC {name}",
    )


def cdr(partner: int | tuple[int, ...], name: str = "C1") -> Order:
    body = json.dumps({"id": name}).encode()
    return Order(partner, "emsp.cdrs.post_cdr", {}, body, "fifo", "cdrs", f"cdrs FR*ABC {name}")


def location(partner: int | tuple[int, ...], body: bytes, *, name: str = "L1") -> Order:
    arguments = {**ARGUMENTS, "location_id": name}
    about = f"locations FR*ABC {name}"
    return Order(
        partner, "emsp.locations.put_location", arguments, body, "latest", f"locations/{name}", about, covers=True
    )


def evse(
    partner: int | tuple[int, ...], body: bytes, *, uid: str = "E1", whole: bytes | None = None, name: str = "L1"
) -> Order:
    """A PATCH that can become the PUT of `whole`; without `whole` the PUT itself."""
    return Order(
        partner,
        "emsp.locations.put_evse" if whole is None else "emsp.locations.patch_evse",
        {**ARGUMENTS, "location_id": name, "evse_uid": uid},
        body,
        "latest",
        f"locations/{name}",
        f"locations FR*ABC {name}/{uid}",
        whole=None if whole is None else ("emsp.locations.put_evse", whole),
    )


def result(partner: int, uid: str = "U1") -> Order:
    """The result of a command, of use only now."""
    url = f"https://emsp.example.com/results/{uid}"
    body = b'{"result":"ACCEPTED"}'
    lane = f"commands/{uid}"
    return Order(partner, "emsp.commands.post_result", {"uid": uid}, body, "once", lane, f"commands {uid}", url=url)
