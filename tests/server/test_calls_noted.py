"""What is noted of calls that go out, whatever becomes of them."""

import json

import pytest

from ocpi211_runtime.errors import ForeignUrl, MalformedAnswer, PeerError, Timeout, Unreachable
from ocpi211_runtime.exchange import Request, Response
from tests.server.noted import CREDENTIALS, OTHER, PUSH, TOKEN, call


def test_a_call_is_noted_like_a_request() -> None:
    noted = call(PUSH, Response(200, body=b'{"status_code": "1000", "data": {}}'))
    assert (noted.message.direction, noted.message.party, noted.message.module) == ("out", "DE*EMP", "sessions")
    assert (noted.message.object_id, noted.message.authorization_id) == ("S/1", "A1")
    assert (noted.message.request_id, noted.message.correlation_id) == ("r-1", "c-1")
    assert (noted.message.http_status, noted.message.status_code, noted.message.microseconds) == (200, 1000, 250_000)
    assert noted.message.url == PUSH.url
    assert noted.message.request == PUSH.body
    assert noted.metrics.answers == {("out", "emsp.sessions.put_session", "200", 1000): 1}


@pytest.mark.parametrize(
    ("body", "status_code"),
    [
        (b"", 0),
        (b"<html>", 0),
        (b'{"status_code": 2001}', 2001),
        (b'{"data": {"status_code": 1000}}', 0),
        (b'{"data": [{"status_code": 1000}], "status_code": 3000}', 3000),
        (b'{"status_code": true}', 0),
        (b'{"status_code": "10000"}', 0),
        (b'{"status_code": 99999999999999999999}', 0),
        (b"[" * 100_000, 0),
    ],
)
def test_the_status_of_a_peer_is_read_whatever_it_sends(body: bytes, status_code: int) -> None:
    noted = call(PUSH, Response(200, body=body))
    assert noted.message.status_code == status_code


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (Timeout("no answer in time"), "timeout"),
        (Unreachable(f"no answer: Token {TOKEN}"), "unreachable"),
        (MalformedAnswer("too long"), "malformed"),
        (ForeignUrl("not approved"), "not sent"),
    ],
)
def test_a_call_without_an_answer_says_why(error: PeerError, outcome: str) -> None:
    noted = call(PUSH, error)
    assert (noted.message.http_status, noted.message.status_code) == (0, 0)
    assert error.message[:8] in noted.message.answer.decode()
    assert noted.metrics.failures == {("out", "DE*EMP", outcome): 1}
    assert [(line["event"], line["outcome"], line["log_level"]) for line in noted.lines] == [
        ("called", outcome, "warning")
    ]
    assert TOKEN not in repr(noted.message)


def test_a_call_that_offers_a_token_is_noted_without_it() -> None:
    body = json.dumps(CREDENTIALS).encode()
    headers = {"Authorization": f"Token {TOKEN}"}
    request = Request("POST", "https://cpo.example.com/c", headers, body, "cpo.credentials.post_credentials")
    answer = Response(200, body=json.dumps({"data": CREDENTIALS, "status_code": 1000}).encode())
    noted = call(request, answer)
    assert OTHER not in repr(noted.message)
    assert b"cpo.example.com" in noted.message.request
    refused = call(request, Response(401, body=f"unknown: {TOKEN}".encode()))
    assert TOKEN not in repr(refused.message)


def test_an_answer_that_echoes_our_token_is_noted_without_it() -> None:
    noted = call(PUSH, Response(401, body=f"Token {TOKEN} is unknown".encode()))
    assert noted.message.answer == b"Token *** is unknown"


@pytest.mark.parametrize("url", ["https://x", "https://x/", "https://x/%zz", "https://x?y", ""])
def test_a_url_that_names_nothing_is_noted(url: str) -> None:
    noted = call(Request("PUT", url, operation="emsp.sessions.put_session"), Response(200))
    assert noted.message.operation == "emsp.sessions.put_session"


def test_a_call_of_no_known_operation_is_noted() -> None:
    noted = call(Request("GET", "https://x/", operation="acme.widgets.get"), Response(200))
    assert (noted.message.operation, noted.message.module) == ("acme.widgets.get", "")
