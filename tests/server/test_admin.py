"""The operators' port: alive, ready or why not, and the page for Prometheus."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping

import pytest
from starlette.requests import Request as StarletteRequest
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from ocpi211_runtime.asgi import AsgiTransport
from ocpi211_runtime.exchange import Request, Response
from ocpi211_server.operating.admin import admin_app
from ocpi211_server.operating.metrics import Metrics, scrape


def get(app: ASGIApp, path: str) -> Response:
    request = Request("GET", f"http://127.0.0.1{path}")
    return asyncio.run(AsgiTransport(app).send(request, timeout=30, max_bytes=100_000))


def app_of(ready: Callable[[], Awaitable[Mapping[str, str]]]) -> ASGIApp:
    return admin_app(ready, lambda: scrape(Metrics(), None, {"version": "1"}), seconds=0.05)


async def well() -> Mapping[str, str]:
    return {"database": "", "workers": ""}


async def unwell() -> Mapping[str, str]:
    return {"database": "no connection", "workers": ""}


async def broken() -> Mapping[str, str]:
    raise RuntimeError("postgresql://user:secret@host is down")


async def stuck() -> Mapping[str, str]:
    await asyncio.Event().wait()
    return {}


def test_a_process_that_answers_is_alive_ready_or_not() -> None:
    assert get(app_of(unwell), "/healthz").status == 200


def test_ready_if_nothing_is_wrong() -> None:
    answer = get(app_of(well), "/readyz")
    assert answer.status == 200
    assert json.loads(answer.body) == {"ready": True, "checks": {"database": "ok", "workers": "ok"}}


def test_not_ready_and_why() -> None:
    answer = get(app_of(unwell), "/readyz")
    assert answer.status == 503
    assert json.loads(answer.body) == {"ready": False, "checks": {"database": "no connection", "workers": "ok"}}


def test_a_check_that_fails_is_a_reason_without_its_details(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        answer = get(app_of(broken), "/readyz")
    assert answer.status == 503
    assert json.loads(answer.body)["checks"] == {"checks": "RuntimeError, see the log"}
    assert caplog.records


def test_a_check_that_never_ends_is_a_reason() -> None:
    answer = get(app_of(stuck), "/readyz")
    assert answer.status == 503
    assert json.loads(answer.body)["checks"] == {"checks": "no answer within 0.05 s"}


def test_prometheus_finds_its_page() -> None:
    answer = get(app_of(well), "/metrics")
    assert answer.status == 200
    assert answer.header("content-type") == "text/plain; version=0.0.4; charset=utf-8"
    assert b'ocpi211_build_info{version="1"} 1.0' in answer.body


def test_more_can_be_mounted() -> None:
    async def more(_: StarletteRequest) -> PlainTextResponse:
        return PlainTextResponse("more")

    async def page() -> bytes:
        return b""

    app = admin_app(well, page, routes=[Route("/more", more)])
    assert get(app, "/more").body == b"more"
    assert get(app, "/less").status == 404
