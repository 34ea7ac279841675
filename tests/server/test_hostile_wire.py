"""Oddities of HTTP over a raw socket.

What is no HTTP is answered 400 by the HTTP server itself, in plain text, and the connection is closed: no request has
come about that OCPI could answer. Everything else is answered in the envelope.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from ocpi211_runtime.envelope import to_wire
from ocpi211_server.demo.data import tokens
from tests.server.raw_wire import Conversation, converse
from tests.server.stage import Actor, actor

BODY = to_wire(tokens()[0])
PLACE = f"/ocpi/cpo/2.1.1/tokens/DE/TST/{tokens()[0].uid}"
GET = "GET /ocpi/cpo/versions HTTP/1.1"
PUT = f"PUT {PLACE} HTTP/1.1"
TOKEN = "Authorization: Token {token}"  # noqa: S105  (where the one of the test goes)
LENGTH = f"Content-Length: {len(BODY)}"
CHUNKED = "Transfer-Encoding: chunked"
SIZE = f"{len(BODY):x}"
MEGABYTE = "a" * 1_000_000


def request(line: str, *fields: str, body: bytes = b"") -> bytes:
    return "\r\n".join((line, "Host: x", *fields, "", "")).encode("latin-1") + body


NO_HTTP = {
    "no request line": b"GARBAGE\r\n\r\n",
    "a method nobody knows": request("FOO / HTTP/1.1", TOKEN),
    "a tunnel": request("CONNECT 169.254.169.254:80 HTTP/1.1", TOKEN),
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "a version of the future": request(GET.replace("1.1", "9.9"), TOKEN),
    "a URL of 100 kB": request(f"GET {PLACE}{'a' * 100_000} HTTP/1.1", TOKEN),
    "a query of 100 kB": request(f"GET /ocpi/cpo/2.1.1/locations?x={'a' * 100_000} HTTP/1.1", TOKEN),
    "no ASCII in the path": request(GET.replace("versions", "\xff\xfe"), TOKEN),
    "NUL in the path": request(GET.replace("versions", "a\0b"), TOKEN),
    "NUL in a header": request(GET, TOKEN, "X-Request-ID: a\0b"),
    "a folded header": request(GET, TOKEN, "X-Request-ID: a", " b"),
    "a blank before the colon": request(GET, TOKEN, "X-Request-ID : a"),
    "bare line feeds": request(GET, TOKEN).replace(b"\r\n", b"\n"),
    "two lengths": request(PUT, TOKEN, LENGTH, "Content-Length: 1", body=BODY),
    "a negative length": request(PUT, TOKEN, "Content-Length: -1", body=BODY),
    "a length beyond 64 bits": request(PUT, TOKEN, "Content-Length: 99999999999999999999999", body=BODY),
    "a length and chunks": request(PUT, TOKEN, CHUNKED, LENGTH, body=b"0\r\n\r\n"),
    "a chunk without a size": request(PUT, TOKEN, CHUNKED, body=b"zz\r\n" + BODY + b"\r\n0\r\n\r\n"),
}
ODD = {
    "a verb of WebDAV": (request(GET.replace("GET", "PROPFIND"), TOKEN), 405),
    "TRACE": (request(GET.replace("GET", "TRACE"), TOKEN), 405),
    "OPTIONS of everything": (request("OPTIONS * HTTP/1.1", TOKEN), 404),
    "an absolute URL": (request("GET http://169.254.169.254/ocpi/cpo/versions HTTP/1.1", TOKEN), 200),
    "HTTP/1.0": (request(GET.replace("1.1", "1.0"), TOKEN), 200),
    "no host": (request(GET, TOKEN).replace(b"Host: x\r\n", b""), 200),
    "a fragment": (request(GET.replace("versions", "versions#x"), TOKEN), 200),
    "dots": (request(GET.replace("/cpo", "/cpo/../cpo"), TOKEN), 404),
    "two slashes": (request(GET.replace("/ocpi", "//ocpi"), TOKEN), 404),
    "a body of GET": (request(GET, TOKEN, "Content-Length: 2", body=b"{}"), 200),
    "two Authorization headers": (request(GET, TOKEN, TOKEN), 401),
    "two Authorization headers, one of them wrong": (request(GET, "Authorization: Token x", TOKEN), 401),
    "a token that is no ASCII": (request(GET, "Authorization: Token \xe9"), 401),
    "an Authorization header of a megabyte": (request(GET, f"Authorization: Token {MEGABYTE}"), 401),
    "a header of a megabyte": (request(GET, TOKEN, f"X-A: {MEGABYTE}"), 200),
    "thousands of headers": (request(GET, TOKEN, *(f"X-{number}: a" for number in range(5000))), 200),
    "an id that is no ASCII": (request(GET, TOKEN, "X-Request-ID: \xff\xfe"), 200),
    "an upgrade to another HTTP": (request(GET, TOKEN, "Connection: Upgrade", "Upgrade: h2c"), 200),
    "a length of 5 GB": (request(PUT, TOKEN, "Content-Length: 5000000000", body=b"{"), 413),
    "a body of 5 MB": (request(PUT, TOKEN, "Content-Length: 5000000", body=b"a" * 5_000_000), 413),
    "5 MB in chunks": (request(PUT, TOKEN, CHUNKED, body=(b"10000\r\n" + b"a" * 65_536 + b"\r\n") * 80), 413),
    "no body": (request(PUT, TOKEN), 200),
    "chunks that are none": (request(PUT, TOKEN, "Transfer-Encoding: gzip, chunked", body=b"0\r\n\r\n"), 200),
}
"""What is sent, and the HTTP status of the answer in its envelope; nothing is stored by any of it."""


@dataclass
class Wire:
    """A server, and a token that is good there."""

    server: Actor
    token: bytes

    def filled(self, sent: bytes) -> bytes:
        return sent.replace(b"{token}", self.token)

    async def ask(self, sent: bytes, answers: int = 1, *, hang_up: bool = False) -> Conversation:
        return await converse(self.server.server.settings.port, self.filled(sent), answers, hang_up=hang_up)


def meet(database: str, scene: Callable[[Wire], Awaitable[None]]) -> None:
    """A scene with a server, which has to go on serving after it."""

    async def play() -> None:
        async with actor(database, "cpo") as server:
            wire = Wire(server, (await server.guest("emsp")).encode())
            await scene(wire)
            assert (await wire.ask(request(GET, TOKEN))).answers[0].code == 1000

    asyncio.run(play())


def test_what_is_no_http_gets_no_further_than_the_http_server(sqlite_url: str) -> None:
    async def scene(wire: Wire) -> None:
        told = {name: await wire.ask(sent) for name, sent in NO_HTTP.items()}
        assert {name: each.refused for name, each in told.items()} == dict.fromkeys(NO_HTTP, 400)
        assert all(not each.answers for each in told.values())
        assert await wire.server.count("tokens") == 0

    meet(sqlite_url, scene)


def test_what_is_http_is_answered_in_the_envelope(sqlite_url: str) -> None:
    async def scene(wire: Wire) -> None:
        told = {name: (await wire.ask(sent)).answers for name, (sent, _) in ODD.items()}
        got = {name: answers[0].status if answers else None for name, answers in told.items()}
        assert got == {name: status for name, (_, status) in ODD.items()}
        assert await wire.server.count("tokens") == 0

    meet(sqlite_url, scene)


def test_a_body_in_chunks_is_a_body(sqlite_url: str) -> None:
    async def scene(wire: Wire) -> None:
        chunks = b"".join(b"1;a=b\r\n%c\r\n" % byte for byte in BODY) + b"0\r\nX-Trailer: a\r\n\r\n"
        assert (await wire.ask(request(PUT, TOKEN, CHUNKED, "Trailer: X-Trailer", body=chunks))).answers[
            0
        ].status == 201
        assert await wire.server.count("tokens") == 1

    meet(sqlite_url, scene)


def test_a_trailer_gives_nobody_another_token(sqlite_url: str) -> None:
    """It comes behind the body, which is not read before the caller is known."""

    async def scene(wire: Wire) -> None:
        for head, tail in [(TOKEN, "x"), ("Authorization: Token x", "{token}")]:
            body = f"{SIZE}\r\n".encode() + BODY + f"\r\n0\r\nAuthorization: Token {tail}\r\n\r\n".encode()
            told = await wire.ask(request(PUT, head, CHUNKED, body=body))
            assert told.answers[0].status == 401 or head == TOKEN
        assert await wire.server.count("tokens") <= 1

    meet(sqlite_url, scene)


def test_a_body_may_wait_to_be_asked_for(sqlite_url: str) -> None:
    async def scene(wire: Wire) -> None:
        told = await wire.ask(request(PUT, TOKEN, LENGTH, "Expect: 100-continue", body=BODY))
        assert (told.continued, told.answers[0].status) == (1, 201)
        refused = await wire.ask(request(PUT, "Authorization: Token x", LENGTH, "Expect: 100-continue"))
        assert (refused.continued, refused.answers[0].status) == (0, 401)

    meet(sqlite_url, scene)


def test_requests_that_do_not_wait_are_answered_in_their_order(sqlite_url: str) -> None:
    async def scene(wire: Wire) -> None:
        put, get = request(PUT, TOKEN, LENGTH, body=BODY), request(f"GET {PLACE} HTTP/1.1", TOKEN)
        told = await wire.ask(get + put + get + request(GET, "Authorization: Token x") + get, answers=5)
        assert [each.status for each in told.answers] == [404, 201, 200, 401, 200]

    meet(sqlite_url, scene)


def test_who_hangs_up_in_the_middle_leaves_nothing_behind(sqlite_url: str) -> None:
    async def scene(wire: Wire) -> None:
        whole = request(PUT, TOKEN, LENGTH, body=BODY)
        for cut in (5, 60, len(whole) - len(BODY), len(whole) - 1):
            await wire.ask(whole[:cut], hang_up=True)
        assert await wire.server.count("tokens") == 0

    meet(sqlite_url, scene)


def test_who_sends_slowly_keeps_nobody_waiting(sqlite_url: str) -> None:
    """How long they may take is for the proxy in front to say: the HTTP server itself waits for ever."""

    async def scene(wire: Wire) -> None:
        whole = wire.filled(request(PUT, TOKEN, LENGTH, body=BODY))
        slow = [await asyncio.open_connection("127.0.0.1", wire.server.server.settings.port) for _ in range(50)]
        try:
            for number, (_, writer) in enumerate(slow):
                writer.write(whole[: 7 * number])
            for at in range(5):
                for number, (_, writer) in enumerate(slow):
                    writer.write(whole[7 * number + at : 7 * number + at + 1])
                assert (await wire.ask(request(GET, TOKEN))).answers[0].code == 1000
            assert await wire.server.count("tokens") == 0
        finally:
            for _, writer in slow:
                writer.close()

    meet(sqlite_url, scene)
