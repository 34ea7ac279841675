"""Calling an application in this process."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import pytest

from ocpi211_runtime.asgi import AsgiTransport, BlockingAsgiTransport
from ocpi211_runtime.errors import MalformedAnswer, Timeout
from ocpi211_runtime.exchange import Request, Response

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class Application:
    """Keeps what it is asked and answers in two pieces."""

    def __init__(self) -> None:
        self.scope: Message = {}
        self.body = b""

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        self.scope = scope
        self.body = (await receive())["body"]
        await send({"type": "http.response.start", "status": 201, "headers": [(b"x-limit", b"5"), (b"link", b"a")]})
        await send({"type": "http.response.body", "body": b"hel", "more_body": True})
        await send({"type": "http.response.body", "body": b"lo"})
        assert (await receive())["type"] == "http.disconnect"


def call(app: Any, request: Request, *, timeout: float = 5, max_bytes: int = 1000, **options: Any) -> Response:
    return asyncio.run(AsgiTransport(app, **options).send(request, timeout=timeout, max_bytes=max_bytes))


URL = "https://cpo.example:8443/ocpi/tokens/FR%2F1/%2e%2E/%C3%A9/*?date_from=2024-05-01T12:00:00Z&x=%2F"


def test_the_application_sees_the_path_as_it_was_encoded() -> None:
    app = Application()
    call(app, Request("GET", URL))
    assert app.scope["raw_path"] == b"/ocpi/tokens/FR%2F1/%2e%2E/%C3%A9/*"
    assert app.scope["path"] == "/ocpi/tokens/FR/1/../é/*"
    assert app.scope["query_string"] == b"date_from=2024-05-01T12:00:00Z&x=%2F"
    assert (app.scope["method"], app.scope["scheme"]) == ("GET", "https")
    assert app.scope["server"] == ("cpo.example", 8443)


def test_the_application_gets_headers_and_body() -> None:
    app = Application()
    call(app, Request("PUT", "http://cpo.example", {"Authorization": "Token x", "X-Request-ID": "7"}, b"{}"))
    assert dict(app.scope["headers"]) == {
        b"host": b"cpo.example",
        b"authorization": b"Token x",
        b"x-request-id": b"7",
        b"content-length": b"2",
    }
    assert (app.body, app.scope["raw_path"], app.scope["server"]) == (b"{}", b"/", ("cpo.example", 80))


def test_the_answer_comes_back_whole() -> None:
    response = call(Application(), Request("GET", URL))
    assert response == Response(201, [("x-limit", "5"), ("link", "a")], b"hello")


def test_a_blocking_transport_does_the_same_on_one_loop() -> None:
    app = Application()
    transport = BlockingAsgiTransport(app)
    try:
        for _ in range(2):
            assert transport.send(Request("GET", URL), timeout=5, max_bytes=1000).body == b"hello"
    finally:
        transport.close()


@pytest.mark.requirement("TF-HTTP-07")
def test_time_and_size_are_bounded() -> None:
    async def silent(_scope: Message, _receive: Receive, _send: Send) -> None:
        await asyncio.Event().wait()

    with pytest.raises(Timeout):
        call(silent, Request("GET", URL), timeout=0.01)
    with pytest.raises(MalformedAnswer, match="longer than 4 bytes"):
        call(Application(), Request("GET", URL), max_bytes=4)


def test_an_application_that_breaks_is_heard_unless_told_otherwise() -> None:
    async def broken(_scope: Message, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 500, "headers": []})
        await send({"type": "http.response.body", "body": b"sorry"})
        raise RuntimeError("bug")

    with pytest.raises(RuntimeError, match="bug"):
        call(broken, Request("GET", URL))
    assert call(broken, Request("GET", URL), raise_exceptions=False).status == 500


def test_the_application_s_own_timeout_is_a_failure_of_its_own() -> None:
    async def slow(_scope: Message, _receive: Receive, _send: Send) -> None:
        raise TimeoutError("database")

    with pytest.raises(TimeoutError, match="database"):
        call(slow, Request("GET", URL))


def test_an_application_without_an_answer_is_no_peer() -> None:
    async def mute(_scope: Message, _receive: Receive, _send: Send) -> None:
        return

    with pytest.raises(MalformedAnswer):
        call(mute, Request("GET", URL))
