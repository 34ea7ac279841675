"""The one door out: who is told of what went through it, and what nobody is told."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from ocpi211_runtime.errors import ForeignUrl, MalformedAnswer, PeerError, Timeout, Unreachable
from ocpi211_runtime.exchange import Request, Response
from ocpi211_server.egress import Egress
from tests.server.stub_peer import Answer, StubPeer, certificate, reply, says, says_nothing
from tests.server.through_egress import NAME, TOKEN, Diary, Zone, get, meet, meet_by_name, send


def test_an_observer_is_told_of_every_exchange() -> None:
    diary = Diary()

    async def scenario(peer: StubPeer, egress: Egress) -> None:
        response = await send(egress, get(peer))
        with pytest.raises(ForeignUrl) as foreign:
            await send(egress, Request("GET", "https://10.0.0.1/"))
        peer.answer = says_nothing
        with pytest.raises(Timeout) as late:
            await send(egress, get(peer), seconds=0.05)
        assert [outcome for _, outcome, _ in diary.entries] == [response, foreign.value, late.value]
        assert [request.headers["X-Request-ID"] for request, _, _ in (diary.entries[0], diary.entries[2])] == [
            one.headers["x-request-id"][0] for one in peer.seen
        ]
        assert all(seconds >= 0 for _, _, seconds in diary.entries)

    meet(scenario, observe=[diary])


def test_a_call_that_is_given_up_is_told_as_well() -> None:
    diary = Diary()

    async def scenario(peer: StubPeer, egress: Egress) -> None:
        call = asyncio.create_task(send(egress, get(peer)))
        await peer.asked.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call

    meet(scenario, says_nothing, observe=[diary])
    ((_, outcome, _),) = diary.entries
    assert isinstance(outcome, Unreachable)


def test_an_observer_that_fails_costs_no_answer(caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        def exchanged(self, request: Request, outcome: Response | PeerError, seconds: float) -> None:
            raise RuntimeError("the disk is full")

    diary = Diary()

    async def scenario(peer: StubPeer, egress: Egress) -> None:
        assert (await send(egress, get(peer))).status == 200

    with caplog.at_level(logging.ERROR):
        meet(scenario, observe=[Broken(), diary])
    assert "the disk is full" in caplog.text
    assert len(diary.entries) == 1


def everything_of(error: BaseException) -> Iterator[str]:
    """What anybody could print of an error, of what it comes from, and of what it holds."""
    seen: set[int] = set()
    todo: list[BaseException | None] = [error]
    while todo:
        one = todo.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield f"{one} {one!r} {one.args!r} {vars(one)!r}"
        todo += [one.__cause__, one.__context__]


@pytest.mark.parametrize(
    "answer",
    [
        says(f"HTTP/1.1 {TOKEN}\r\n\r\n".encode(), then_close=True),
        says(f"{TOKEN} {TOKEN}\r\n\r\n".encode(), then_close=True),
        says(f"HTTP/1.1 200 OK\r\n{TOKEN}\r\n\r\n".encode(), then_close=True),
        says(f"HTTP/1.1 200 OK\r\nContent-Length: {TOKEN}\r\n\r\n".encode(), then_close=True),
        says(f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{TOKEN}\r\n".encode(), then_close=True),
        says(reply(TOKEN.encode(), 200, "Content-Encoding: gzip")),
        says(reply(b"", 200, f"Content-Encoding: {TOKEN}")),
        says(reply(TOKEN.encode() * 500_000)),
        says(b"", then_close=True),
        says_nothing,
    ],
)
@pytest.mark.requirement("TF-AUTH-08")
def test_no_token_shows_up_in_an_error(answer: Answer) -> None:
    body = json.dumps({"token": f"{TOKEN}-in-the-body"}).encode()

    async def scenario(peer: StubPeer, egress: Egress) -> None:
        request = Request("POST", peer.url, {"Authorization": f"Token {TOKEN}"}, body, operation="op")
        with pytest.raises(PeerError) as caught:
            await send(egress, request, seconds=0.5)
        assert isinstance(caught.value, Unreachable | MalformedAnswer)
        assert TOKEN not in " ".join(everything_of(caught.value))

    meet(scenario, answer)


@pytest.mark.requirement("TF-AUTH-08")
def test_no_token_shows_up_where_nobody_is_or_may_be(tmp_path: Path) -> None:
    headers = {"Authorization": f"Token {TOKEN}"}

    async def scenario(peer: StubPeer, egress: Egress) -> None:
        for url in (f"https://other.example.com:{peer.port}/", "https://127.0.0.1:1/", "https://10.0.0.1/"):
            with pytest.raises(PeerError) as caught:
                await send(egress, Request("GET", url, headers))
            assert TOKEN not in " ".join(everything_of(caught.value))
        assert TOKEN not in repr(egress)

    meet_by_name(scenario, certificate(NAME, tmp_path), Zone(["127.0.0.1"]))
