"""Metrics: what is counted, how workers are added up, and what Prometheus reads."""

import asyncio
import logging
from collections.abc import Iterable
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from ocpi211_server.operating.metrics import Backlog, Metrics, read_published, scrape

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def page(metrics: Metrics, backlog: Backlog | None = None) -> Samples:
    """What Prometheus reads: name and labels to value."""
    text = asyncio.run(scrape(metrics, backlog, {"version": "1", "role": "hub"})).decode()
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def value(samples: Samples, name: str, **labels: str) -> float | None:
    return samples.get((name, frozenset(labels.items())))


def some() -> Metrics:
    metrics = Metrics()
    metrics.count("in", "emsp.sessions.put_session", "200", 1000, 0.004, "FR*CPO")
    metrics.count("in", "emsp.sessions.put_session", "200", 2001, 0.004, "FR*CPO")
    metrics.count("in", "emsp.sessions.put_session", "201", 1000, 40, "FR*CPO")
    metrics.count("out", "cpo.commands.start_session", "timeout", 0, 10, "FR*CPO")
    metrics.count("out", "cpo.commands.start_session", "500", 0, 0.2, "FR*CPO")
    metrics.drop(3)
    return metrics


def test_answers_are_counted_by_operation_and_both_statuses() -> None:
    samples = page(some())
    put = {"operation": "emsp.sessions.put_session"}
    assert value(samples, "ocpi211_requests_total", status="200", status_code="1000", **put) == 1
    assert value(samples, "ocpi211_requests_total", status="200", status_code="2001", **put) == 1
    start = {"operation": "cpo.commands.start_session"}
    assert value(samples, "ocpi211_calls_total", status="timeout", status_code="0", **start) == 1
    assert value(samples, "ocpi211_messages_dropped_total") == 3
    assert value(samples, "ocpi211_build_info", version="1", role="hub") == 1


def test_what_had_no_success_is_counted_by_partner() -> None:
    samples = page(some())
    assert value(samples, "ocpi211_requests_failed_total", party="FR*CPO", status="200") == 1
    assert value(samples, "ocpi211_requests_failed_total", party="FR*CPO", status="201") is None
    assert value(samples, "ocpi211_calls_failed_total", party="FR*CPO", status="timeout") == 1
    assert value(samples, "ocpi211_calls_failed_total", party="FR*CPO", status="500") == 1


def test_durations_fall_into_buckets_that_add_up() -> None:
    samples = page(some())
    name, put = "ocpi211_requests_duration_seconds", {"operation": "emsp.sessions.put_session"}
    assert value(samples, f"{name}_bucket", le="0.0025", **put) == 0
    assert value(samples, f"{name}_bucket", le="0.005", **put) == 2
    assert value(samples, f"{name}_bucket", le="30.0", **put) == 2
    assert value(samples, f"{name}_bucket", le="+Inf", **put) == 3
    assert value(samples, f"{name}_count", **put) == 3
    assert value(samples, f"{name}_sum", **put) == pytest.approx(40.008)


def test_a_duration_on_a_bound_is_within_it() -> None:
    metrics = Metrics()
    metrics.count("in", "x", "200", 1000, 0.005)
    assert value(page(metrics), "ocpi211_requests_duration_seconds_bucket", operation="x", le="0.005") == 1


def test_what_waits_is_asked_when_the_page_is_read() -> None:
    async def backlog() -> Iterable[tuple[str, int, int, float]]:
        return [("FR*EMP", 4, 1, 12.5), ("DE*EMP", 0, 2, 0.0)]

    samples = page(Metrics(), backlog)
    assert value(samples, "ocpi211_deliveries_waiting", party="FR*EMP") == 4
    assert value(samples, "ocpi211_deliveries_parked", party="DE*EMP") == 2
    assert value(samples, "ocpi211_oldest_undelivered_age_seconds", party="FR*EMP") == 12.5
    assert value(samples, "ocpi211_deliveries_unknown") == 0


def test_a_database_that_fails_costs_the_rest_nothing(caplog: pytest.LogCaptureFixture) -> None:
    async def backlog() -> Iterable[tuple[str, int, int, float]]:
        raise OSError("no route to host")

    with caplog.at_level(logging.ERROR):
        samples = page(some(), backlog)
    assert value(samples, "ocpi211_deliveries_unknown") == 1
    assert value(samples, "ocpi211_messages_dropped_total") == 3
    assert "no route to host" in caplog.text


def test_what_was_written_is_read_again() -> None:
    assert vars(Metrics.read(some().write())) == vars(some())


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"answers": [1]}', '{"answers": [[1]], "failures": [[]]}'])
def test_what_is_no_published_metrics_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Metrics.read(text)


def test_workers_are_added_up_also_those_that_have_ended(tmp_path: Path) -> None:
    async def worker(name: str) -> None:
        metrics = some()
        publishing = asyncio.create_task(metrics.publish(tmp_path, name, every=0.001))
        await asyncio.sleep(0)
        metrics.drop(1)
        publishing.cancel()
        await asyncio.gather(publishing, return_exceptions=True)

    for name in ("one", "two"):
        asyncio.run(worker(name))
    twice = some()
    twice.add(some())
    twice.drop(2)
    assert vars(read_published(tmp_path)) == vars(twice)


def test_a_worker_that_counted_nothing_leaves_no_file(tmp_path: Path) -> None:
    async def worker() -> None:
        publishing = asyncio.create_task(Metrics().publish(tmp_path, "idle"))
        await asyncio.sleep(0)
        publishing.cancel()
        await asyncio.gather(publishing, return_exceptions=True)

    asyncio.run(worker())
    assert list(tmp_path.iterdir()) == []


def test_a_broken_file_costs_its_own_counts_alone(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "one.json").write_text(some().write(), "utf-8")
    (tmp_path / "two.json").write_text('{"answers"', "utf-8")
    with caplog.at_level(logging.WARNING):
        assert vars(read_published(tmp_path)) == vars(some())
    assert "two.json" in caplog.text


def test_a_folder_that_is_gone_stops_no_worker(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def worker() -> None:
        publishing = asyncio.create_task(some().publish(tmp_path / "gone", "one", every=0.001))
        await asyncio.sleep(0)
        assert not publishing.done()
        publishing.cancel()
        await asyncio.gather(publishing, return_exceptions=True)

    with caplog.at_level(logging.WARNING):
        asyncio.run(worker())
    assert "cannot be published" in caplog.text
