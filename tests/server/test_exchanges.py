"""What is noted of requests that come in: ids, statuses, bodies without tokens; and what that must not disturb."""

import asyncio
import json
import logging
import re
from typing import Any

import pytest

from ocpi211_runtime.asgi import AsgiTransport
from ocpi211_runtime.exchange import Request
from ocpi211_server.correlation import matter
from ocpi211_server.operating.exchanges import Exchanges
from ocpi211_server.operating.messages import Keeping, Message
from ocpi211_server.operating.metrics import Metrics
from ocpi211_server.operating.notes import Notes
from tests.server.noted import (
    CREDENTIALS,
    OTHER,
    ROUTES,
    SESSION,
    START,
    START_SESSION,
    TOKEN,
    URL,
    Gathered,
    ask,
    noted,
)


def test_ids_are_made_noted_and_echoed() -> None:
    found = ask("GET", "/emsp/2.1.1/sessions/FR/CPO/S1")
    assert re.fullmatch("[0-9a-f]{32}", found.message.request_id)
    assert found.answer.all("x-request-id") == [found.message.request_id]
    assert found.answer.all("x-correlation-id") == [found.message.correlation_id]


def test_ids_of_the_partner_are_taken_over() -> None:
    found = ask("GET", "/emsp/2.1.1/sessions/FR/CPO/S1", headers={"X-Request-ID": "r-1", "X-Correlation-ID": "c-1"})
    assert (found.message.request_id, found.message.correlation_id) == ("r-1", "c-1")
    assert (found.answer.all("x-request-id"), found.answer.all("x-correlation-id")) == (["r-1"], ["c-1"])


@pytest.mark.parametrize("odd", ["", "a b", "x" * 129, "é"])
def test_an_id_that_cannot_be_used_is_made_anew(odd: str) -> None:
    found = ask("GET", "/emsp/2.1.1/sessions/FR/CPO/S1", headers={"X-Request-ID": odd, "X-Correlation-ID": "c-1"})
    assert found.message.request_id not in {odd, ""}
    assert found.answer.all("x-request-id") == [found.message.request_id]


def test_what_a_request_causes_knows_its_ids_and_nothing_afterwards_does() -> None:
    seen: list[tuple[str, str]] = []

    async def application(_: Any, __: Any, send: Any) -> None:
        seen.append((matter.get().request_id, matter.get().correlation_id))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def run() -> None:
        network = AsgiTransport(Exchanges(application, Notes(Gathered(), Metrics())))
        headers = {"X-Request-ID": "r-1", "X-Correlation-ID": "c-1"}
        await network.send(Request("GET", URL, headers), timeout=30, max_bytes=100)
        seen.append((matter.get().request_id, matter.get().correlation_id))

    asyncio.run(run())
    assert seen == [("r-1", "c-1"), ("", "")]


def test_a_message_says_who_asked_and_what_became_of_it() -> None:
    message = noted("PUT", "/emsp/2.1.1/sessions/FR/CPO/S1?x=1", SESSION)
    assert (message.direction, message.party, message.module, message.verb) == ("in", "FR*CPO", "sessions", "PUT")
    assert (message.http_status, message.status_code) == (200, 1000)
    assert message.url == "/ocpi/emsp/2.1.1/sessions/FR/CPO/S1?x=1"
    assert json.loads(message.request) == SESSION
    assert json.loads(message.answer)["status_code"] == 1000
    assert message.microseconds >= 0


@pytest.mark.parametrize(
    ("asked", "statuses"),
    [
        (("PUT", "/emsp/2.1.1/sessions/FR/CPO/S1", {**SESSION, "kwh": 2000}), (500, 3000)),
        (("PUT", "/emsp/2.1.1/sessions/FR/CPO/OTHER", SESSION), (200, 2001)),
        (("PUT", "/emsp/2.1.1/sessions/FR/CPO/S1", b"{"), (400, 2001)),
        (("GET", "/nowhere"), (404, 2000)),
        (("DELETE", "/emsp/2.1.1/sessions/FR/CPO/S1"), (405, 2000)),
    ],
)
def test_refusals_are_noted_with_both_statuses(asked: tuple[Any, ...], statuses: tuple[int, int]) -> None:
    found = ask(*asked)
    assert (found.message.http_status, found.message.status_code) == statuses
    assert sum(found.metrics.failures.values()) == 1


def test_a_stranger_is_noted_without_a_name_and_without_a_body() -> None:
    found = ask("PUT", "/emsp/2.1.1/sessions/FR/CPO/S1", SESSION, {"Authorization": f"Token {OTHER}"})
    assert (found.message.party, found.message.http_status, found.message.request) == ("", 401, b"")


def test_no_token_is_noted() -> None:
    found = ask("POST", "/emsp/2.1.1/credentials", CREDENTIALS)
    assert json.loads(found.answer.body)["data"]["token"] == OTHER
    assert json.loads(found.message.request) == {**CREDENTIALS, "token": "***"}
    assert json.loads(found.message.answer)["data"] == {**CREDENTIALS, "token": "***"}
    told = noted(
        "PATCH", f"/emsp/2.1.1/sessions/FR/CPO/S1?token={TOKEN}&y={TOKEN}", {"seen": [TOKEN, {"token": OTHER}]}
    )
    for text in (repr(found.message), repr(told), repr(found.lines)):
        assert TOKEN not in text
        assert OTHER not in text


def test_the_token_of_a_command_is_kept() -> None:
    assert json.loads(noted(*START_SESSION).request) == START


def test_long_bodies_and_what_was_read_are_cut() -> None:
    keeping = Keeping(longest_body=2000, longest_read=50)
    listed = noted("GET", "/cpo/2.1.1/sessions?date_from=2024-01-01T00:00:00Z", keeping=keeping)
    assert (len(listed.answer), listed.status_code) == (50, 1000)
    read = noted("GET", "/emsp/2.1.1/sessions/FR/CPO/S1", keeping=keeping)
    assert (len(read.answer), read.authorization_id) == (50, "A1")
    refused = noted("GET", "/emsp/2.1.1/sessions/FR/CPO/S1?limit=x", keeping=keeping, headers={"Authorization": "x"})
    assert json.loads(refused.answer)["status_code"] == 2000
    pushed = noted("PUT", "/emsp/2.1.1/sessions/FR/CPO/S1", {"long": "x" * 5000, **SESSION}, keeping=keeping)
    assert (len(pushed.request), pushed.authorization_id, pushed.status_code) == (2000, "A1", 1000)


@pytest.mark.parametrize(
    ("rest", "status"), [({"type": "http.disconnect"}, 0), ({"type": "http.request", "body": b" " * 2**20}, 413)]
)
def test_what_came_of_a_body_that_was_not_read_to_its_end_is_kept(rest: dict[str, Any], status: int) -> None:
    log = Gathered()
    events = iter([{"type": "http.request", "body": b'{"id":"S1",', "more_body": True}, rest])
    headers = [(b"authorization", f"Token {TOKEN}".encode())]
    scope = {"type": "http", "method": "PUT", "path": "/emsp/2.1.1/sessions/FR/CPO/S1", "headers": headers}

    async def receive() -> dict[str, Any]:
        return next(events)

    async def send(_: Any) -> None:
        pass

    notes = Notes(log, Metrics())
    asyncio.run(Exchanges(ROUTES, notes)(scope, receive, send))
    notes.work_off()
    (message,) = log.messages
    assert (message.http_status, message.request[:11]) == (status, b'{"id":"S1",')


def test_what_the_mode_leaves_out_is_counted_and_told_all_the_same() -> None:
    found = ask("GET", "/emsp/2.1.1/sessions/FR/CPO/S1", keeping=Keeping(mode="writes"))
    assert found.messages == []
    assert found.metrics.answers == {("in", "emsp.sessions.get_session", "200", 1000): 1}
    assert [(line["event"], line["operation"], line["party"]) for line in found.lines] == [
        ("answered", "emsp.sessions.get_session", "FR*CPO")
    ]


def test_a_message_that_cannot_be_kept_costs_neither_the_answer_nor_the_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Broken(Gathered):
        def record(self, message: Message) -> None:
            if message.object_id == "S2":
                raise RuntimeError("the disk is full")
            super().record(message)

    async def run() -> None:
        notes = Notes(log, metrics)
        network = AsgiTransport(Exchanges(ROUTES, notes))
        for name in ("S1", "S2", "S3"):
            request = Request("GET", f"{URL}/emsp/2.1.1/sessions/FR/CPO/{name}", {"Authorization": f"Token {TOKEN}"})
            assert (await network.send(request, timeout=30, max_bytes=10_000)).status == 200
        notes.work_off()

    log, metrics = Broken(), Metrics()
    with caplog.at_level(logging.ERROR):
        asyncio.run(run())
    assert "the disk is full" in caplog.text
    assert [message.object_id for message in log.messages] == ["S1", "S3"]
    assert metrics.answers == {("in", "emsp.sessions.get_session", "200", 1000): 3}


def test_a_request_that_is_given_up_is_noted_at_once() -> None:
    log, metrics = Gathered(), Metrics()
    asked = asyncio.Event()

    async def application(*_: Any) -> None:
        asked.set()
        await asyncio.Event().wait()

    async def run() -> None:
        network = AsgiTransport(Exchanges(application, Notes(log, metrics)))
        call = asyncio.create_task(network.send(Request("GET", URL), timeout=30, max_bytes=100))
        await asked.wait()
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)

    asyncio.run(run())
    assert [message.http_status for message in log.messages] == [0]
    assert metrics.answers == {("in", "unknown", "gone", 0): 1}


def test_other_than_requests_pass() -> None:
    passed: list[str] = []

    async def application(scope: Any, *_: Any) -> None:
        passed.append(scope["type"])

    log = Gathered()
    wrapped = Exchanges(application, Notes(log, Metrics()))
    asyncio.run(wrapped({"type": "lifespan"}, application, application))  # type: ignore[arg-type]  # never called
    assert (passed, log.messages) == (["lifespan"], [])
