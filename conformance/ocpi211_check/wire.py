"""Sends the requests of a run: within the rate, within the time budget, each one numbered and kept as evidence."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from ocpi211_check.evidence import Exchange
from ocpi211_runtime.errors import PeerError
from ocpi211_runtime.exchange import Request

if TYPE_CHECKING:
    from ocpi211_check.evidence import Secrets
    from ocpi211_check.settings import Settings
    from ocpi211_runtime.exchange import AsyncTransport

__all__ = ["BudgetSpent", "Wire"]

_MAX_BYTES = 64 * 1024 * 1024


class BudgetSpent(Exception):
    """The time budget of the run is spent: nothing more is sent."""


class Wire:
    """The way out to the target, and the log of everything that was said in either direction."""

    def __init__(self, transport: AsyncTransport, settings: Settings, secrets: Secrets) -> None:
        self._transport = transport
        self._timeout = settings.timeout
        self._interval = 1 / settings.rate if settings.rate else 0.0
        self._next = 0.0
        self._deadline = time.monotonic() + settings.budget
        self.secrets = secrets
        self.log: list[Exchange] = []
        self.observers: list[Callable[[Exchange], None]] = []
        """Told of every answer."""

    @property
    def left(self) -> float:
        """Seconds of the budget that are left."""
        return max(0.0, self._deadline - time.monotonic())

    def extend(self, seconds: float) -> None:
        """At least so many seconds more, to put things back."""
        self._deadline = max(self._deadline, time.monotonic() + seconds)

    def stop(self) -> None:
        """Time is up from now on."""
        self._deadline = 0.0

    def keep(self, make: Callable[[int], Exchange]) -> Exchange:
        """Numbers an exchange and keeps it."""
        exchange = make(len(self.log) + 1)
        self.log.append(exchange)
        return exchange

    async def send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None, about: str = ""
    ) -> Exchange:
        """One request; an answer that never came is an exchange with status 0. BudgetSpent when time is up."""
        await self._pace()
        request = Request(method, url, headers, body, about)
        started = time.monotonic()
        answer: Sequence[tuple[str, str]] = ()
        status, content, trouble = 0, b"", ""
        try:
            response = await self._transport.send(request, timeout=self._timeout, max_bytes=_MAX_BYTES)
            status, answer, content = response.status, response.headers, response.body
        except PeerError as error:
            trouble = self.secrets.hide(error.message)
        exchange = self.keep(
            lambda number: Exchange(
                number,
                "sent",
                method,
                url,
                tuple(headers.items()),
                body,
                status,
                tuple(answer),
                content,
                time.monotonic() - started,
                about,
                trouble,
            )
        )
        for observer in self.observers:
            observer(exchange)
        return exchange

    async def _pace(self) -> None:
        now = time.monotonic()
        if now >= self._deadline:
            raise BudgetSpent
        if self._interval:
            wait = self._next - now
            self._next = max(now, self._next) + self._interval
            if wait > 0:
                await asyncio.sleep(wait)
