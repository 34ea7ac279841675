"""Counts and durations of exchanges for Prometheus, of one process or of all workers of a machine.

A worker counts in plain dicts, which costs a request a microsecond or two, and publishes them to a file of its own
once a second; whoever answers `/metrics` adds the files up. The file of a worker that has ended stays, so that no
count ever falls. What waits to be delivered is asked of the database when Prometheus asks.
"""

from __future__ import annotations

import asyncio
import json
import logging
from bisect import bisect_left
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from itertools import accumulate
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

__all__ = ["CONTENT_TYPE", "Backlog", "Metrics", "read_published", "scrape"]

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

Backlog = Callable[[], Awaitable[Iterable[tuple[str, int, int, float]]]]
"""A row a party: `FR*ABC`, deliveries that wait, that are parked, and the age of the oldest that waits in seconds."""

_log = logging.getLogger(__name__)

_BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_LONGEST_SCRAPE = 5.0
_SIDES = {"in": "requests", "out": "calls"}


def _nothing() -> None:
    """Nothing is gathered."""


class Metrics:
    """What one process counts."""

    def __init__(self) -> None:
        self.answers: dict[tuple[str, str, str, int], int] = {}
        self.failures: dict[tuple[str, str, str], int] = {}
        self.durations: dict[tuple[str, str], list[float]] = {}
        self.dropped = 0
        """Messages that the message log had no room for."""
        self.settle: Callable[[], None] = _nothing
        """Called before anything is read: what is to be counted may have been gathered."""

    def count(
        self, direction: str, operation: str, outcome: str, status_code: int, seconds: float, party: str = ""
    ) -> None:
        """An exchange is over. `outcome` is the HTTP status, or why there was none."""
        answer = (direction, operation, outcome, status_code)
        self.answers[answer] = self.answers.get(answer, 0) + 1
        if status_code // 1000 != 1 or outcome[0] != "2":
            failure = (direction, party, outcome)
            self.failures[failure] = self.failures.get(failure, 0) + 1
        lasted = self.durations.get((direction, operation))
        if lasted is None:
            lasted = self.durations[direction, operation] = [0.0] * (len(_BOUNDS) + 2)
        lasted[bisect_left(_BOUNDS, seconds)] += 1
        lasted[-1] += seconds  # behind the buckets: the sum

    def drop(self, messages: int) -> None:
        """The message log had no room for some."""
        self.dropped += messages

    def add(self, other: Metrics) -> None:
        """Add what another process counted."""
        for answer, count in other.answers.items():
            self.answers[answer] = self.answers.get(answer, 0) + count
        for failure, count in other.failures.items():
            self.failures[failure] = self.failures.get(failure, 0) + count
        for key, lasted in other.durations.items():
            known = self.durations.get(key)
            self.durations[key] = lasted if known is None else [a + b for a, b in zip(known, lasted, strict=True)]
        self.dropped += other.dropped

    def write(self) -> str:
        """As JSON, for another process to `read`."""
        self.settle()
        return json.dumps(
            {
                "answers": [[*key, count] for key, count in self.answers.items()],
                "failures": [[*key, count] for key, count in self.failures.items()],
                "durations": [[*key, lasted] for key, lasted in self.durations.items()],
                "dropped": self.dropped,
            }
        )

    @classmethod
    def read(cls, text: str) -> Metrics:
        """What `write` wrote. ValueError for anything else."""
        found = json.loads(text)
        metrics = cls()
        try:
            metrics.answers = {(a, b, c, d): count for a, b, c, d, count in found["answers"]}
            metrics.failures = {(a, b, c): count for a, b, c, count in found["failures"]}
            metrics.durations = {(a, b): lasted for a, b, lasted in found["durations"]}
            metrics.dropped = found["dropped"]
        except (KeyError, TypeError) as error:
            raise ValueError(f"no published metrics: {error}") from None
        return metrics

    async def publish(self, folder: Path, worker: str, every: float = 1.0) -> None:
        """Keep a file in this folder up to date, until cancelled, and once more then."""
        written = Metrics().write()  # a worker that has counted nothing leaves no file
        try:
            while True:
                written = self._publish(folder / f"{worker}.json", written)
                await asyncio.sleep(every)
        finally:
            self._publish(folder / f"{worker}.json", written)

    def _publish(self, file: Path, written: str) -> str:
        text = self.write()
        if text != written:
            try:
                draft = file.with_suffix(".draft")
                draft.write_text(text, "utf-8")
                draft.replace(file)
            except OSError as error:
                _log.warning("the metrics cannot be published: %s", error)
                return written
        return text


def read_published(folder: Path) -> Metrics:
    """What all workers that publish to this folder have counted."""
    total = Metrics()
    for file in folder.glob("*.json"):
        try:
            total.add(Metrics.read(file.read_text("utf-8")))
        except (OSError, ValueError) as error:
            _log.warning("%s cannot be read: %s", file.name, error)
    return total


async def scrape(counted: Metrics, backlog: Backlog | None, build: Mapping[str, str]) -> bytes:
    """The page for Prometheus. If the database does not answer, it says so, and the rest is there all the same."""
    rows: Iterable[tuple[str, int, int, float]] = ()
    failed = False
    if backlog is not None:
        try:
            async with asyncio.timeout(_LONGEST_SCRAPE):
                rows = [*await backlog()]
        except Exception:  # noqa: BLE001  (whatever a driver raises)
            _log.exception("the deliveries could not be counted")
            failed = True
    registry = CollectorRegistry()
    registry.register(_Page([*_counted(counted), *_deliveries(rows, failed=failed), _build(build)]))
    return generate_latest(registry)


class _Page(Collector):
    def __init__(self, families: list[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        return self._families


def _counted(metrics: Metrics) -> Iterator[Metric]:
    metrics.settle()
    for direction, noun in _SIDES.items():
        answers = CounterMetricFamily(
            f"ocpi211_{noun}",
            f"{noun.title()}, by HTTP status (or why there was none) and OCPI status code (0: no envelope).",
            labels=["operation", "status", "status_code"],
        )
        for (side, operation, outcome, status_code), count in sorted(metrics.answers.items()):
            if side == direction:
                answers.add_metric([operation, outcome, str(status_code)], count)
        yield answers
        failures = CounterMetricFamily(
            f"ocpi211_{noun}_failed", f"{noun.title()} without success, by partner.", labels=["party", "status"]
        )
        for (side, party, outcome), count in sorted(metrics.failures.items()):
            if side == direction:
                failures.add_metric([party, outcome], count)
        yield failures
        durations = HistogramMetricFamily(
            f"ocpi211_{noun}_duration_seconds", f"How long {noun} took.", labels=["operation"]
        )
        for (side, operation), lasted in sorted(metrics.durations.items()):
            if side == direction:
                names = [*map(str, _BOUNDS), "+Inf"]
                buckets: list[Any] = [*zip(names, accumulate(lasted[:-1]), strict=True)]
                durations.add_metric([operation], buckets, lasted[-1])
        yield durations
    dropped = CounterMetricFamily("ocpi211_messages_dropped", "Exchanges that the message log did not store.")
    dropped.add_metric([], metrics.dropped)
    yield dropped


def _deliveries(rows: Iterable[tuple[str, int, int, float]], *, failed: bool) -> Iterator[Metric]:
    waiting = GaugeMetricFamily("ocpi211_deliveries_waiting", "Deliveries that wait, by partner.", labels=["party"])
    parked = GaugeMetricFamily(
        "ocpi211_deliveries_parked", "Deliveries that nobody tries any more, by partner.", labels=["party"]
    )
    oldest = GaugeMetricFamily(
        "ocpi211_oldest_undelivered_age_seconds", "Age of the oldest delivery that waits, by partner.", labels=["party"]
    )
    for party, waits, is_parked, age in rows:
        waiting.add_metric([party], waits)
        parked.add_metric([party], is_parked)
        oldest.add_metric([party], age)
    unknown = GaugeMetricFamily("ocpi211_deliveries_unknown", "1 if the database did not tell what waits.")
    unknown.add_metric([], int(failed))
    yield from (waiting, parked, oldest, unknown)


def _build(build: Mapping[str, str]) -> Metric:
    family = GaugeMetricFamily("ocpi211_build_info", "What runs here.", labels=list(build))
    family.add_metric(list(build.values()), 1)
    return family
