"""The one door out: what ends a call that does not end by itself, and what is no answer."""

from __future__ import annotations

import asyncio
import gzip
import json
import tracemalloc
import zlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ocpi211_runtime.errors import MalformedAnswer, PeerError, Timeout, Unreachable
from ocpi211_server.egress import Egress, Limits
from ocpi211_server.egress.answer_body import AnswerBody, UnusableBody
from tests.server.stub_peer import Answer, StubPeer, drips, reply, says, says_nothing, stub_peer
from tests.server.through_egress import ask, get, meet, opened, send

EMPTY_BLOCK = b"\0\0\0\xff\xff"  # of deflate, and not the last one


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (says_nothing, "no answer"),
        (drips(b"HTTP/1.1 200 OK\r\nX: ", b"x"), "no answer"),
        (drips(b"", b"HTTP/1.1 102 Processing\r\n\r\n"), "no answer"),
        (drips(b"HTTP/1.1 200 OK\r\n\r\n", b"x"), "not complete"),
        (drips(b"HTTP/1.1 200 OK\r\nContent-Length: 900000\r\n\r\n", b"x"), "not complete"),
        (drips(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"), "not complete"),
        (drips(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"0"), "not complete"),
    ],
    ids=["silence", "header", "informational", "body", "length", "chunks", "chunk size"],
)
@pytest.mark.requirement("TF-HTTP-07")
def test_a_slow_peer_is_a_timeout(answer: Answer, reason: str) -> None:
    with pytest.raises(Timeout, match=reason) as caught:
        ask(answer, seconds=0.15)
    assert (caught.value.operation, caught.value.url[:17]) == ("op", "http://127.0.0.1:")


@pytest.mark.requirement("TF-HTTP-07")
def test_waiting_for_a_connection_counts_as_well() -> None:
    async def scenario(peer: StubPeer, egress: Egress) -> None:
        first = asyncio.create_task(send(egress, get(peer, "/first")))
        await peer.asked.wait()
        with pytest.raises(Timeout):
            await send(egress, get(peer, "/second"), seconds=0.1)
        peer.over.set()
        assert (await first).body == b"hello"

    async def patient(peer: StubPeer, writer: asyncio.StreamWriter) -> None:
        await peer.over.wait()
        writer.write(reply())

    assert [one.path for one in meet(scenario, patient, limits=Limits(connections_per_origin=1))] == ["/first"]


@pytest.mark.parametrize(
    "answer",
    [
        says(reply(b"x" * 200_000)),
        says(reply(gzip.compress(b"x" * 200_000), 200, "Content-Encoding: gzip")),
        says(reply(gzip.compress(b"\0" * 50_000_000), 200, "Content-Encoding: x-gzip")),
        drips(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 100_000),
        drips(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"ffff\r\n" + b"x" * 0xFFFF + b"\r\n"),
        drips(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"")[:10], EMPTY_BLOCK * 9999),
    ],
    ids=["plain", "packed", "bomb", "endless", "endless chunks", "endless nothing, packed"],
)
@pytest.mark.requirement("TF-HTTP-07", "TF-PAGE-18")
def test_a_long_answer_is_given_up(answer: Answer) -> None:
    with pytest.raises(MalformedAnswer, match="longer than 199999 bytes") as caught:
        ask(answer, max_bytes=199_999)
    assert caught.value.operation == "op"
    assert caught.value.http_status == 200


def test_a_bomb_is_not_unpacked_first() -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    body = AnswerBody("gzip", 100_000)
    tracemalloc.start()
    try:
        with pytest.raises(UnusableBody, match="longer"):
            body.add(bomb)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("packed", [False, True])
def test_an_answer_that_just_fits_is_read(*, packed: bool) -> None:
    body = bytes(range(256)) * 800
    said = reply(gzip.compress(body), 200, "Content-Encoding: gzip") if packed else reply(body)
    assert ask(says(said), max_bytes=len(body)).body == body


@pytest.mark.parametrize("count", [200, 10_000])
def test_headers_without_end_are_no_answer(count: int) -> None:
    many = "".join(f"X-{number}: {'x' * 100}\r\n" for number in range(count)).encode()
    with pytest.raises(Unreachable) as caught:
        ask(says(b"HTTP/1.1 200 OK\r\n" + many + b"\r\n"))
    assert not isinstance(caught.value, Timeout)


@pytest.mark.parametrize(
    ("encoding", "body", "reason"),
    [
        ("gzip", b"no gzip", "content encoding is broken"),
        ("gzip", gzip.compress(b"x" * 5000, mtime=0)[:-9], "end is missing"),
        ("gzip", gzip.compress(b"x", mtime=0) + b"more", "follows the end"),
        ("deflate", zlib.compress(b"x"), "none that we asked for"),
        ("br", b"x", "none that we asked for"),
        ("gzip, gzip", b"x", "none that we asked for"),
    ],
)
def test_a_packing_that_cannot_be_undone_is_a_malformed_answer(encoding: str, body: bytes, reason: str) -> None:
    with pytest.raises(MalformedAnswer, match=reason):
        ask(says(reply(body, 200, f"Content-Encoding: {encoding}")))


def test_a_packed_answer_without_content_has_none() -> None:
    assert ask(says(reply(b"", 200, "Content-Encoding: gzip"))).body == b""


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"no http\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nX",
        b"\x16\x03\x01",
    ],
)
def test_no_http_is_unreachable(answer: bytes) -> None:
    with pytest.raises(Unreachable) as caught:
        ask(says(answer, then_close=True), method="POST")
    assert not isinstance(caught.value, Timeout)


def test_nobody_there_is_unreachable() -> None:
    async def play() -> None:
        async with stub_peer() as peer:
            pass
        async with opened() as egress:
            with pytest.raises(Unreachable, match="ClientConnectorError") as caught:
                await send(egress, get(peer))
        assert (caught.value.operation, caught.value.url) == ("op", f"{peer.url}/")
        assert not isinstance(caught.value, Timeout)

    asyncio.run(play())


HEADS = [b"HTTP/1.1 200 OK\r\n", b"HTTP/1.0 404 \r\n", b"HTTP/1.1 204 N\r\n", b"HTTP/1.1 101 S\r\n", b""]
FIELDS = [
    b"Content-Length: 3",
    b"Content-Length: -1",
    b"Content-Length: 3, 4",
    b"Transfer-Encoding: chunked",
    b"Content-Encoding: gzip",
    b"Connection: upgrade",
    b"Connection: close",
    b"Upgrade: x",
    b"Set-Cookie: \xff=;;",
    b"Content-Type: ;;\xff",
    b"\xff: \xfe",
    b"A: \0",
    b" folded",
    b": ",
]
fields = st.lists(st.sampled_from(FIELDS), max_size=4).map(lambda lines: b"".join(line + b"\r\n" for line in lines))
bodies = st.sampled_from([b"abc", b"3\r\nabc\r\n0\r\n\r\n", b"zz\r\n", b"3;x=\xff\r\nabc"]) | st.binary(max_size=40)


@given(st.builds(lambda *parts: b"".join(parts), st.sampled_from(HEADS), fields, st.just(b"\r\n"), bodies))
@example(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nabc")
def test_whatever_comes_is_an_answer_or_an_error_of_the_peer(sent: bytes) -> None:
    try:
        response = ask(says(sent, then_close=True))
    except PeerError:
        return
    assert json.dumps(response.headers).encode()  # what the message log does with them
