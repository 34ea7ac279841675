"""Store-and-forward: what is to be sent to partners is kept until they have it (GIREVE: q&a.md, Store and Forward).

`enqueue` keeps an order, in the transaction that has something to say; `Deliveries` sends what is kept, in one worker
or in several that share a database. A delivery arrives at least once: one whose answer was lost, with the connection
or with the worker, is sent again, and the receiver must know it by its id.

Usable without the rest of this server: docs/delivery.md.
"""

from __future__ import annotations

import asyncio
import logging
import os
import random
import socket
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from uuid import uuid4

from ocpi211_runtime.errors import OcpiError
from ocpi211_server.database import Database, Work, sql
from ocpi211_server.delivery.claim import Claimed, Room, claim, let_go_of, looks, park_revoked, take_over
from ocpi211_server.delivery.desk import forget_failed
from ocpi211_server.delivery.outcome import Delivery, Outcome, judge, settle
from ocpi211_server.delivery.policy import DeliverySettings
from ocpi211_server.delivery.queue import spread, sweep
from ocpi211_server.moments import MICROSECONDS, now

__all__ = ["Deliveries"]

Send = Callable[[Delivery], Awaitable[object]]
OnResult = Callable[[Delivery, Outcome], None]

_log = logging.getLogger(__name__)

_LETTERS_A_TURN = 100
_FAILED_KEPT = 24 * 3600 * MICROSECONDS
_DATABASE_AWAY = 1.0  # seconds between two tries


class Deliveries:
    """A worker that sends what is kept.

    `send` makes one attempt: it returns when the partner has accepted, and raises what a client raises when not.
    `name` is the worker's own in all the deployment; a worker that is given the name of one that died goes on with what
    that one had begun, others wait until it has been silent for `worker_stale` seconds.
    """

    def __init__(
        self,
        database: Database,
        send: Send,
        *,
        name: str = "",
        settings: DeliverySettings | None = None,
        on_result: OnResult | None = None,
    ) -> None:
        self.name = name or f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"
        self._database = database
        self._send = send
        self._settings = settings or DeliverySettings()
        self._on_result = on_result
        self._woken = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._sending: dict[int, Delivery] = {}
        self._outcomes: list[Outcome] = []
        self._emptied: set[int] = set()
        self._after = 0
        self._unsure = False
        self._stopping = False

    def wake(self) -> None:
        """Something was enqueued: do not wait for the next look. Not from another thread."""
        self._woken.set()

    async def run(self) -> None:
        """Send until cancelled; then end what is under way, within `grace`, and let go of the rest."""
        self._stopping = False
        self._outcomes.clear()
        await self._database.write_much(_begin, self.name, now(), self._stale)
        beat = asyncio.create_task(self._beat())
        try:
            while True:
                self._woken.clear()
                if not await self._try_turn():
                    await self._wait()
        finally:
            beat.cancel()
            await asyncio.gather(beat, return_exceptions=True)
            await self._end()

    @property
    def _stale(self) -> int:
        return int(self._settings.worker_stale * MICROSECONDS)

    async def _try_turn(self) -> bool:
        """One turn, whatever happens. Whether there is more to do at once."""
        outcomes = tuple(self._outcomes)
        try:
            claimed, letters, emptied = await self._database.write_much(
                _turn, self.name, outcomes, self._room(), now(), self._settings, self._held() if self._unsure else None
            )
        except Exception:  # noqa: BLE001  (whatever it is, the deliveries go on when it is over)
            # This may or may not have been written. What came of attempts is written again.
            _log.exception("deliveries stand still: the database cannot be written")
            self._unsure = True
            await asyncio.sleep(_DATABASE_AWAY)
            return True
        self._unsure = False
        self._after = claimed.after
        self._emptied |= emptied
        del self._outcomes[: len(outcomes)]
        for delivery in claimed.deliveries:
            self._sending[delivery.seq] = delivery
            task = asyncio.create_task(self._attempt(delivery))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        room = len(self._sending) < self._settings.most_at_once
        return bool(self._outcomes) or (claimed.more and room) or letters == _LETTERS_A_TURN

    def _room(self) -> Room:
        return Room(
            free=self._settings.most_at_once - len(self._sending),
            most_a_partner=self._settings.most_a_partner,
            sending=Counter(delivery.partner for delivery in self._sending.values()),
            probing={delivery.partner for delivery in self._sending.values() if delivery.outages},
            after=self._after,
        )

    def _held(self) -> Collection[int]:
        return [*self._sending, *(outcome.delivery.seq for outcome in self._outcomes)]

    async def _wait(self) -> None:
        """Until something was enqueued or ended here, or left to be sent by another process."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._settings.poll):
                    await self._woken.wait()
                return
            try:
                for look in looks(self._room(), now()):
                    if await self._database.read(look.text, *look.values):
                        return
            except Exception:  # noqa: BLE001  (as in `_try_turn`)
                _log.exception("deliveries stand still: the database cannot be read")

    async def _attempt(self, delivery: Delivery) -> None:
        started = now()
        error: BaseException | None = None
        try:
            async with asyncio.timeout(self._settings.longest_send):
                await self._send(delivery)
        except asyncio.CancelledError as cancelled:
            if self._stopping:
                raise
            error = cancelled
        except Exception as failed:  # noqa: BLE001  (whatever it is, the delivery is not lost over it)
            error = failed
        if error is not None and not isinstance(error, OcpiError | TimeoutError):
            _log.error("%s could not be sent", delivery.about, exc_info=error)
        outcome = judge(delivery, error, self._settings, started=started, chance=random.random())  # noqa: S311  (no secret)
        # Who was taken for dead may be sending the same twice by now: the first that ends is written down.
        self._sending.pop(delivery.seq, None)
        self._outcomes.append(outcome)
        self._woken.set()
        if self._on_result is not None:
            try:
                self._on_result(delivery, outcome)
            except Exception:  # noqa: BLE001  (what others make of a result is no concern of the delivery)
                _log.exception("a result of %s could not be told", delivery.about)

    async def _beat(self) -> None:
        """Give signs of life, take over from workers that give none, and do what is to be done now and then."""
        while True:
            await asyncio.sleep(self._settings.worker_stale / 3)
            letters, self._emptied = self._emptied, set()
            try:
                await self._database.write_much(_housekeeping, self.name, now(), self._stale, letters)
            except Exception:  # noqa: BLE001  (as in `_try_turn`)
                _log.exception("a sign of life could not be written")

    async def _end(self) -> None:
        with suppress(asyncio.CancelledError):  # cancelled once more: be quick
            if self._tasks:
                await asyncio.wait(self._tasks, timeout=self._settings.grace)
        self._stopping = True
        cut_off = tuple(self._tasks)
        for task in cut_off:
            task.cancel()
        await asyncio.gather(*cut_off, return_exceptions=True)
        try:
            await self._database.write_much(
                _finish, self.name, tuple(self._outcomes), now(), self._settings, self._emptied
            )
        except Exception:  # noqa: BLE001  (as in `_try_turn`)
            _log.exception("what was under way is left to whoever takes over")


def _begin(worker: str, asked: int, stale: int) -> Work[None]:
    yield from _alive(worker, asked, stale)
    yield from let_go_of(worker)
    yield from sweep(None)


def _turn(
    worker: str,
    outcomes: Sequence[Outcome],
    room: Room,
    moment: int,
    settings: DeliverySettings,
    held: Collection[int] | None,
) -> Work[tuple[Claimed, int, set[int]]]:
    """One turn. Gives what is to be sent, how many letters came, and those some delivery of which is gone."""
    letters, emptied = yield from spread(_LETTERS_A_TURN, moment)
    if held is not None:
        yield from let_go_of(worker, held, begun=False)
    emptied |= yield from settle(worker, outcomes, moment, settings)
    claimed = yield from claim(worker, room, moment)
    return claimed, letters, emptied


def _housekeeping(worker: str, asked: int, stale: int, letters: Collection[int]) -> Work[None]:
    yield from _alive(worker, asked, stale)
    yield from park_revoked()
    yield from forget_failed(asked - _FAILED_KEPT)
    yield from sweep(letters)


def _alive(worker: str, asked: int, stale: int) -> Work[None]:
    """A database that holds up one worker holds up the others: nobody is dead for having waited as long as this one."""
    moment = now()
    yield from take_over(worker, moment, stale + max(moment - asked, 0))


def _finish(
    worker: str, outcomes: Sequence[Outcome], moment: int, settings: DeliverySettings, letters: Collection[int]
) -> Work[None]:
    emptied = yield from settle(worker, outcomes, moment, settings)
    yield from let_go_of(worker)
    yield from sweep(emptied.union(letters))
    yield sql("DELETE FROM worker WHERE name = $1", worker)
