"""The transports over HTTP, against a server on the loopback interface."""

from __future__ import annotations

import asyncio
import gzip
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx2
import pytest

from ocpi211_runtime.errors import MalformedAnswer, Timeout, Unreachable
from ocpi211_runtime.exchange import Request, Response
from ocpi211_runtime.operation import decode_segment, encode_segment
from ocpi211_runtime.transport import AsyncHttpTransport, HttpTransport

Answer = Callable[[BaseHTTPRequestHandler], None]
Sender = Callable[..., Response]


class Server:
    """Answers every request with `answer`, and keeps what it was sent."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str, dict[str, list[str]], bytes]] = []
        self.over = threading.Event()
        self.answer: Answer = lambda handler: reply(handler, b"hello")
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = {name.lower(): self.headers.get_all(name, []) for name in self.headers}
                outer.seen.append((self.command, self.path, headers, body))
                outer.answer(self)

            do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = handle_any  # noqa: N815

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Not to the terminal."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        self.thread = threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def stop(self) -> None:
        self.over.set()
        self.http.shutdown()
        self.thread.join()
        self.http.server_close()


def reply(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200, **headers: str) -> None:
    handler.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture
def server() -> Iterator[Server]:
    started = Server()
    yield started
    started.stop()


def send_sync(request: Request, *, timeout: float = 5, max_bytes: int = 1_000_000) -> Response:
    transport = HttpTransport()
    try:
        return transport.send(request, timeout=timeout, max_bytes=max_bytes)
    finally:
        transport.close()


def send_async(request: Request, *, timeout: float = 5, max_bytes: int = 1_000_000) -> Response:
    async def call() -> Response:
        transport = AsyncHttpTransport()
        try:
            return await transport.send(request, timeout=timeout, max_bytes=max_bytes)
        finally:
            await transport.aclose()

    return asyncio.run(call())


@pytest.fixture(params=[send_sync, send_async], ids=["sync", "async"])
def send(request: pytest.FixtureRequest) -> Sender:
    found: Sender = request.param
    return found


def test_a_request_arrives_and_its_answer_comes_back(server: Server, send: Sender) -> None:
    server.answer = lambda handler: reply(handler, b'{"status_code":1000}', 201, X_Limit="5")
    headers = {"Authorization": "Token x", "Content-Type": "application/json", "X-Request-ID": "7"}
    response = send(Request("PUT", f"{server.url}/a?b=c", headers, b'{"uid":"1"}'))
    assert (response.status, response.body, response.header("x-limit")) == (201, b'{"status_code":1000}', "5")
    ((method, path, sent, body),) = server.seen
    assert (method, path, body) == ("PUT", "/a?b=c", b'{"uid":"1"}')
    assert {name: sent[name.lower()] for name in headers} == {name: [value] for name, value in headers.items()}


@pytest.mark.requirement("TF-AUTH-02", "TF-AUTH-04", "CRED-GET-02")
def test_a_get_has_one_authorization_and_no_content(server: Server, send: Sender) -> None:
    send(Request("GET", server.url, {"Authorization": "Token IpbJ/x+k="}))
    ((_, _, headers, body),) = server.seen
    assert headers["authorization"] == ["Token IpbJ/x+k="]
    assert body == b""
    assert {"content-type", "content-length", "transfer-encoding"}.isdisjoint(headers)


@pytest.mark.parametrize("identity", ["a/b", "%2F", "..", ".", "FR*A23", "?", "#", " ", "é€", "~", "a+b", "'\"|^`{}<>"])
@pytest.mark.requirement("TF-URL-02")
def test_the_path_arrives_as_it_was_encoded(server: Server, send: Sender, identity: str) -> None:
    encoded = encode_segment(identity)
    send(Request("GET", f"{server.url}/tokens/{encoded}/x?date_from=2024-05-01T12:00:00Z&y=%2F%3A"))
    path, _, query = server.seen[0][1].partition("?")
    assert path == f"/tokens/{encoded}/x"
    assert decode_segment(path.split("/")[2]) == identity
    assert query == "date_from=2024-05-01T12:00:00Z&y=%2F%3A"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.requirement("TF-HTTP-03")
def test_a_redirect_is_not_followed(server: Server, send: Sender, status: int) -> None:
    server.answer = lambda handler: reply(handler, b"", status, Location=f"{server.url}/elsewhere")
    assert send(Request("GET", server.url, {"Authorization": "Token x"})).status == status
    assert len(server.seen) == 1


@pytest.mark.parametrize("status", [400, 401, 404, 500, 503])
@pytest.mark.requirement("TF-OFF-03")
def test_an_error_of_http_is_an_answer_and_nothing_is_repeated(server: Server, send: Sender, status: int) -> None:
    server.answer = lambda handler: reply(handler, b"no", status, Retry_After="0")
    assert send(Request("POST", server.url, {}, b"{}")).status == status
    assert len(server.seen) == 1


def test_the_environment_names_no_proxy(server: Server, send: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"]:
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    assert send(Request("GET", server.url)).body == b"hello"


def test_a_compressed_answer_is_unpacked(server: Server, send: Sender) -> None:
    server.answer = lambda handler: reply(handler, gzip.compress(b"x" * 5000), Content_Encoding="gzip")
    assert send(Request("GET", server.url)).body == b"x" * 5000


def test_a_broken_compression_is_a_malformed_answer(server: Server, send: Sender) -> None:
    server.answer = lambda handler: reply(handler, b"no gzip", Content_Encoding="gzip")
    with pytest.raises(MalformedAnswer, match="content encoding"):
        send(Request("GET", server.url, operation="cpo.tokens.get_token"))


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.requirement("TF-HTTP-07", "TF-PAGE-18")
def test_a_large_answer_is_given_up(server: Server, send: Sender, *, compressed: bool) -> None:
    body = b"x" * 200_000
    if compressed:
        server.answer = lambda handler: reply(handler, gzip.compress(body), Content_Encoding="gzip")
    else:
        server.answer = lambda handler: reply(handler, body)
    with pytest.raises(MalformedAnswer, match="longer than 199999 bytes") as caught:
        send(Request("GET", f"{server.url}/big", operation="op"), max_bytes=199_999)
    assert (caught.value.operation, caught.value.url) == ("op", f"{server.url}/big")
    assert len(send(Request("GET", server.url), max_bytes=200_000).body) == 200_000


@pytest.mark.requirement("TF-HTTP-07")
def test_an_answer_that_does_not_come_is_a_timeout(server: Server, send: Sender) -> None:
    def wait(_: BaseHTTPRequestHandler) -> None:
        server.over.wait()

    server.answer = wait
    with pytest.raises(Timeout) as caught:
        send(Request("GET", f"{server.url}/slow", operation="op"), timeout=0.2)
    assert (caught.value.operation, caught.value.url) == ("op", f"{server.url}/slow")


@pytest.mark.requirement("TF-HTTP-07")
def test_an_answer_that_drips_is_a_timeout(server: Server, send: Sender) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        handler.send_response(200)
        handler.end_headers()
        try:
            while not server.over.wait(0.02):
                handler.wfile.write(b"x")
        except OSError:
            return

    server.answer = drip
    with pytest.raises(Timeout, match="not complete"):
        send(Request("GET", server.url), timeout=0.3)


@pytest.mark.requirement("TF-HTTP-07")
@pytest.mark.parametrize("drop", [b"x", b"HTTP/1.1 102 Processing\r\n\r\n"], ids=["header", "informational"])
def test_an_async_call_is_bounded_as_a_whole(server: Server, drop: bytes) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        try:
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: " if drop == b"x" else b"")
            while not server.over.wait(0.02):
                handler.wfile.write(drop)
        except OSError:
            return

    server.answer = drip
    with pytest.raises(Timeout):
        send_async(Request("GET", server.url), timeout=0.3)


def test_nobody_there_is_unreachable(server: Server, send: Sender) -> None:
    server.stop()
    with pytest.raises(Unreachable) as caught:
        send(Request("GET", server.url, {"Authorization": "Token hush"}, operation="op"))
    assert (caught.value.operation, caught.value.url) == ("op", server.url)
    assert not isinstance(caught.value, Timeout)
    assert "hush" not in f"{caught.value} {caught.value!r}"


@pytest.mark.parametrize("answer", [b"", b"no http\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort"])
def test_no_http_is_unreachable(server: Server, send: Sender, answer: bytes) -> None:
    def raw(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        handler.wfile.write(answer)

    server.answer = raw
    with pytest.raises(Unreachable):
        send(Request("GET", server.url))


def test_no_tls_is_unreachable(server: Server, send: Sender) -> None:
    with pytest.raises(Unreachable):
        send(Request("GET", server.url.replace("http:", "https:")))


def test_a_client_of_ones_own_is_used_as_it_is_and_stays_open(server: Server) -> None:
    server.answer = lambda handler: reply(handler, b"", 302, Location="/elsewhere")
    own = httpx2.Client(follow_redirects=True, auth=("user", "password"), headers={"User-Agent": "acme"})
    with own:
        transport = HttpTransport(own)
        response = transport.send(Request("GET", server.url, {"Authorization": "Token x"}), timeout=5, max_bytes=10)
        transport.close()
        assert not own.is_closed
    ((_, _, headers, _),) = server.seen
    assert response.status == 302
    assert headers["authorization"] == ["Token x"]
    assert headers["user-agent"] == ["acme"]


def test_an_async_client_of_ones_own_is_used_as_it_is_and_stays_open(server: Server) -> None:
    async def call() -> Response:
        async with httpx2.AsyncClient(auth=("user", "password")) as own:
            transport = AsyncHttpTransport(own)
            response = await transport.send(
                Request("GET", server.url, {"Authorization": "Token x"}), timeout=5, max_bytes=10
            )
            await transport.aclose()
            assert not own.is_closed
            return response

    assert asyncio.run(call()).body == b"hello"
    assert server.seen[0][2]["authorization"] == ["Token x"]


def test_a_connection_is_used_again(server: Server) -> None:
    ports: set[int] = set()

    def note(handler: BaseHTTPRequestHandler) -> None:
        ports.add(handler.client_address[1])
        reply(handler, b"hello")

    server.answer = note
    transport = HttpTransport()
    for _ in range(3):
        transport.send(Request("GET", server.url), timeout=5, max_bytes=10)
    transport.close()
    assert len(ports) == 1
