"""What is noted of each exchange: it is counted for the metrics, told in a line of the log, kept in the message log.

Notes are gathered and worked off some at a time, after a quarter of a second at most: what takes 3 µs in the course of
a request takes 1 in a loop over them, and a dozen lines are one write. What failed is worked off at once,
and so is what is gathered before any other line is written, so that lines stand in the order of events, and before
counts are read.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from typing import Literal

import msgspec

from ocpi211_server.moments import MICROSECONDS
from ocpi211_server.operating.lines import ExchangeLines, Level, Line
from ocpi211_server.operating.logs import before_other_lines, timestamp
from ocpi211_server.operating.messages import Keeping, Message, MessageLog
from ocpi211_server.operating.metrics import Metrics
from ocpi211_server.operating.redaction import HIDDEN, SHORTEST_SECRET, mask_body, mask_credentials, mask_text
from ocpi211_server.operating.subjects import Subject, authorization_of, object_of

__all__ = ["Exchange", "Notes"]

_log = logging.getLogger(__name__)

_SECONDS_GATHERED = 0.25
# Together they take the loop a third of a millisecond. One by one an exchange takes 28 µs more; a hundred at once, 4 µs
# less, but of a hundred authorisations through a hub the dearest is then 4.2 times the median, and with these 2.8.
_MOST_GATHERED = 16
_MOST_BYTES_GATHERED = 8 * 1024 * 1024
_LONGEST_URL = 2048

_Known = tuple[object, ...]


class Exchange(msgspec.Struct, gc=False):
    """One exchange that is over, as it was on the wire. A Struct: a third of what a NamedTuple takes to be made."""

    direction: Literal["in", "out"]
    made: int
    microseconds: int
    party: str
    subject: Subject
    verb: str
    url: str
    request_id: str
    correlation_id: str
    status: int
    status_code: int
    request: bytes
    answer: bytes
    failure: str
    """Why there was no answer, in a word."""
    secret: str
    """The token that it was made with."""


class Notes:
    """Where exchanges are noted, from one event loop. To be made after `logs.configure`; `flush` it at the end."""

    def __init__(self, messages: MessageLog, metrics: Metrics) -> None:
        self.messages = messages
        self.metrics = metrics
        metrics.settle = self.work_off
        self._lines = ExchangeLines()
        self._gathered: list[tuple[Callable[..., Exchange], _Known, tuple[int, int]]] = []
        self._bytes = 0
        self._due: asyncio.TimerHandle | None = None
        self._thread = 0

    def note(
        self, tell: Callable[..., Exchange], known: _Known, lasted: tuple[int, int], *, size: int, failed: bool
    ) -> None:
        """One is over; `tell(made, microseconds, *known)` will tell it. It lasted from, to in `perf_counter_ns`.

        `size` is that of its bodies.
        """
        gathered = self._gathered
        gathered.append((tell, known, lasted))
        self._bytes += size
        if failed or len(gathered) >= _MOST_GATHERED or self._bytes > _MOST_BYTES_GATHERED:
            self.work_off()
        elif len(gathered) == 1:
            self._due = asyncio.get_running_loop().call_later(_SECONDS_GATHERED, self.work_off)
            self._thread = threading.get_ident()
            before_other_lines.add(self._before_another_line)

    def work_off(self) -> None:
        """Count, tell and record what is gathered."""
        gathered, self._gathered, self._bytes = self._gathered, [], 0
        before_other_lines.discard(self._before_another_line)
        if self._due is not None:
            self._due.cancel()
            self._due = None
        lines: list[Line] = []
        since = time.time_ns() - time.perf_counter_ns()
        for tell, known, (began, ended) in gathered:
            try:
                self._work_off(tell((since + began) // 1000, (ended - began) // 1000, *known), lines)
            except Exception:  # noqa: BLE001  (it was answered, and that is what counts)
                _log.exception("an exchange was not noted")
        try:
            self._lines.write(lines)
        except Exception:  # noqa: BLE001  (as above: a disk may be full)
            _log.exception("%d lines were not written", len(lines))

    async def flush(self) -> None:
        """Have everything written that is gathered, here and in the message log."""
        self.work_off()
        await self.messages.flush()

    def _before_another_line(self) -> None:
        # A line of another thread does not wait: what is gathered belongs to the loop.
        if threading.get_ident() == self._thread:
            self.work_off()

    def _work_off(self, over: Exchange, lines: list[Line]) -> None:
        status, failure = over.status, over.failure
        outcome = failure or str(status)
        seconds = over.microseconds / MICROSECONDS
        self.metrics.count(over.direction, over.subject.operation, outcome, over.status_code, seconds, over.party)
        level: Level = "warning" if failure or status >= 500 else "info"
        told, wanted = self._lines.told[level], self.messages.wants(over.verb)
        if told or wanted:
            url = _masked_url(over.url, over.secret)
            if told:
                lines.append(_line(over, url, outcome, level))
            if wanted:
                self.messages.record(_message(over, url, self.messages.keeping))


def _line(over: Exchange, url: str, outcome: str, level: Level) -> Line:
    return Line(
        over.subject.operation,
        over.verb,
        url,
        outcome,
        over.status_code,
        (over.microseconds + 50) // 100 / 10,  # `round` takes 0.5 µs
        over.party,
        over.request_id,
        over.correlation_id,
        "answered" if over.direction == "in" else "called",
        level,
        timestamp(over.made + over.microseconds),  # when it was over
    )


def _message(over: Exchange, url: str, keeping: Keeping) -> Message:
    operation, module, object_id = over.subject
    request, answer, secret = over.request, over.answer, over.secret
    succeeded = over.status // 100 == 2 and over.status_code // 1000 == 1
    longest = keeping.longest_read if succeeded and over.verb == "GET" else keeping.longest_body
    mask = mask_credentials if module in ("credentials", "") and not over.failure else mask_body
    return Message(
        over.made,
        over.direction,
        over.party,
        module,
        operation,
        over.verb,
        url,
        object_id or object_of(operation, request),
        authorization_of(operation, request, answer),
        over.request_id,
        over.correlation_id,
        over.status,
        over.status_code,
        over.microseconds,
        mask(request, secret, keeping.longest_body) if request else b"",
        mask(answer, secret, longest) if answer else b"",
    )


def _masked_url(url: str, secret: str) -> str:
    """No URL of ours holds a token; one that a partner asks for may."""
    masked = mask_text(url[:_LONGEST_URL])
    return masked.replace(secret, HIDDEN) if len(secret) >= SHORTEST_SECRET else masked
