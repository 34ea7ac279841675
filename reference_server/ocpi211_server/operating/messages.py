"""The message log: every exchange with a partner, both ways, as it is stored and removed again.

Rows are stored a hundred at a time, or what has come in a quarter of a second, and no request waits for its own to be
stored. What waits is bounded: what does not fit, or cannot be stored for a minute, is dropped and
counted. The log is for people; nothing the server promises depends on it.

Rows are stored when their exchanges are over, so nearly in the order they began: what is old is looked for along their
numbers, and needs no index of moments.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, islice
from typing import Literal, NamedTuple

from ocpi211_server.database import Database, Work, sql
from ocpi211_server.moments import MICROSECONDS, now

__all__ = ["Keeping", "Message", "MessageLog", "Mode"]

_log = logging.getLogger(__name__)

Mode = Literal["all", "writes", "off"]
"""What is logged: every exchange, all but GET, nothing."""

_SECONDS_GATHERED = 0.25
_MANY = 100
_SECONDS_BETWEEN_TRIES = 1.0
_MOST_TRIES = 60
_SECONDS_BETWEEN_PRUNINGS = 60.0
_ROWS_PRUNED = 500


class Message(NamedTuple):
    """One exchange: a request and what became of it. Holds no token."""

    made: int
    """When it began, microseconds since 1970."""
    direction: Literal["in", "out"]
    party: str
    """The other side, `FR*ABC`; empty where it was never known."""
    module: str
    operation: str
    verb: str
    url: str
    """Path and query of what came in, the whole URL of what went out."""
    object_id: str
    """Of the Location even where the path goes on to EVSE and Connector; empty for a list."""
    authorization_id: str
    request_id: str
    correlation_id: str
    http_status: int
    """0: there was no answer."""
    status_code: int
    """Of the envelope; 0: there was none."""
    microseconds: int
    request: bytes = b""
    answer: bytes = b""
    """The body; where there was no answer, why."""
    seq: int = 0
    """Given when it is stored."""


_columns = Message._fields[:-1]
_insert = f"INSERT INTO message ({', '.join(_columns)}) VALUES "  # noqa: S608  (names of our own)
# A few lengths, not any: the databases keep a plan for each.
_lengths = (_MANY, 10, 1)


@dataclass(frozen=True, slots=True)
class Keeping:
    """What is logged, how much of it, and for how long. ValueError for a limit that is none."""

    mode: Mode = "all"
    longest_body: int = 64 * 1024
    """Bytes of each body that are kept."""
    longest_read: int = 1024
    """Bytes that are kept of the answer to a successful GET: its objects are stored anyhow.

    A row costs 56 µs of CPU with the 9.5 kB of a Location, 29 with 4 kB, 15 with 0.5.
    """
    seconds: float = 30 * 24 * 3600
    """Older ones are removed."""
    rows: int = 1_000_000
    """About as many are kept, the latest."""
    rows_gathered: int = 10_000
    bytes_gathered: int = 32 * 1024 * 1024

    def __post_init__(self) -> None:
        if min(self.longest_body, self.longest_read) < 0 or min(self.seconds, self.rows, self.rows_gathered) <= 0:
            raise ValueError("the limits of the message log are positive numbers")


class MessageLog:
    """Takes messages from one event loop; `run` stores them, and removes old ones, until it is cancelled."""

    def __init__(
        self, database: Database, keeping: Keeping | None = None, *, on_drop: Callable[[int], None] = lambda _: None
    ) -> None:
        self.keeping = keeping or Keeping()
        self._database = database
        self._on_drop = on_drop
        self._waiting: list[Message] = []
        self._bytes = 0
        self._tries = 0
        self._some, self._enough = asyncio.Event(), asyncio.Event()
        self._many = min(_MANY, self.keeping.rows_gathered)

    def wants(self, verb: str) -> bool:
        """Whether an exchange with this verb is logged."""
        mode = self.keeping.mode
        return mode == "all" or (mode == "writes" and verb != "GET")

    def record(self, message: Message) -> None:
        """Have it stored soon. Never waits and never raises: what there is no room for is dropped."""
        size = len(message.request) + len(message.answer)
        waiting = self._waiting
        if len(waiting) >= self.keeping.rows_gathered or self._bytes + size > self.keeping.bytes_gathered:
            self._on_drop(1)
            return
        waiting.append(message)
        self._bytes += size
        self._wake()

    def _wake(self) -> None:
        self._some.set()
        if len(self._waiting) >= self._many:
            self._enough.set()

    async def run(self) -> None:
        """Store and prune, until cancelled; what is gathered then is stored before this ends."""
        pruning = asyncio.create_task(self._prune_again_and_again())
        try:
            while True:
                await self._some.wait()
                with suppress(TimeoutError):
                    async with asyncio.timeout(_SECONDS_GATHERED):
                        await self._enough.wait()
                if not await self.flush():
                    await asyncio.sleep(_SECONDS_BETWEEN_TRIES)
        finally:
            pruning.cancel()
            await asyncio.gather(pruning, return_exceptions=True)
            await self.flush()

    async def flush(self) -> bool:
        """Store what is gathered. False if that failed: it is kept and tried again, for a minute."""
        rows = self._waiting
        self._waiting, self._bytes = [], 0
        self._some.clear()
        self._enough.clear()
        if not rows:
            return True
        writing = asyncio.create_task(self._write(rows))
        try:
            return await asyncio.shield(writing)
        except asyncio.CancelledError:
            await writing
            raise

    async def _write(self, rows: list[Message]) -> bool:
        try:
            await self._database.write_much(_store, rows)
        except Exception as error:  # noqa: BLE001  (whatever a driver raises: the requests go on)
            self._put_back(rows, error)
            return False
        self._tries = 0
        return True

    def _put_back(self, rows: list[Message], error: Exception) -> None:
        self._tries += 1
        if self._tries == 1:
            _log.warning("the message log cannot be written: %s: %s", type(error).__name__, error)
        if self._tries >= _MOST_TRIES:  # or one that no database takes would keep all others out
            _log.error("%d messages were not logged", len(rows))
            self._on_drop(len(rows))
            self._tries = 0
            return
        self._waiting = rows + self._waiting
        self._bytes = sum(len(message.request) + len(message.answer) for message in self._waiting)
        self._wake()

    async def _prune_again_and_again(self) -> None:
        while True:
            try:
                await self.prune()
            except Exception:  # noqa: BLE001  (the next time may be a better one)
                _log.exception("old messages could not be removed")
            await asyncio.sleep(_SECONDS_BETWEEN_PRUNINGS)

    async def prune(self) -> None:
        """Remove what is too old or too much, a few rows at a time so that nobody waits long."""
        oldest = now() - int(self.keeping.seconds * MICROSECONDS)
        while True:
            if await self._database.write_much(_prune, oldest, self.keeping.rows) < _ROWS_PRUNED:
                return
            await asyncio.sleep(0)


def _store(messages: Sequence[Message]) -> Work[None]:
    left = iter(messages)
    for length in _lengths:
        while len(rows := [*islice(left, length)]) == length:
            yield sql(_inserting[length], *chain.from_iterable([row[:-1] for row in rows]))
        left = iter([*rows, *left])


def _insert_text(rows: int) -> str:
    width = len(_columns)
    numbers: Iterator[list[str]] = ([f"${row * width + i + 1}" for i in range(width)] for row in range(rows))
    return _insert + ", ".join(f"({', '.join(row)})" for row in numbers)


_inserting = {length: _insert_text(length) for length in _lengths}


def _prune(oldest: int, most: int) -> Work[int]:
    # The first rows are the oldest. One whose clock was wrong waits behind its neighbours; if it is for years, the
    # number of rows puts an end to it.
    early = "seq < (SELECT MIN(seq) FROM message) + 5000 AND made < $1"
    old = yield sql(_delete.format(early), oldest, _ROWS_PRUNED)
    more = "seq <= (SELECT MAX(seq) FROM message) - CAST($1 AS BIGINT)"
    many = yield sql(_delete.format(more), most, _ROWS_PRUNED)
    return max(len(old), len(many))


_delete = (
    "DELETE FROM message WHERE seq IN (SELECT seq FROM message WHERE {} ORDER BY seq LIMIT $2 FOR UPDATE SKIP LOCKED)"
    " RETURNING seq"
)
