"""The one door out: connections are kept, counted and closed, and nothing is sent twice that must not be."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from ocpi211_runtime.errors import Unreachable
from ocpi211_runtime.exchange import Request
from ocpi211_server.delivery import DeliverySettings
from ocpi211_server.egress import Egress, Limits
from tests.server.stub_peer import Answer, StubPeer, reply, says, says_nothing
from tests.server.through_egress import get, meet, send


def test_connections_are_kept() -> None:
    async def scenario(peer: StubPeer, egress: Egress) -> None:
        for _ in range(3):
            await send(egress.towards([peer.url]), get(peer))
        assert peer.connections == 1

    meet(scenario)


def test_no_more_connections_are_made_than_allowed() -> None:
    async def scenario(peer: StubPeer, egress: Egress) -> None:
        await asyncio.gather(*(send(egress, get(peer)) for _ in range(20)))
        assert peer.connections <= 2

    assert len(meet(scenario, limits=Limits(connections_per_origin=2))) == 20


def test_deliveries_leave_connections_to_whoever_waits_for_an_answer() -> None:
    limits, deliveries = Limits(), DeliverySettings()
    assert limits.connections >= 2 * deliveries.most_at_once
    assert limits.connections_per_origin >= 2 * deliveries.most_a_partner


def leaves_after_one(answers: bytes) -> Answer:
    """Answers once a connection, and leaves the next request there unanswered: a connection closed while idle."""

    async def answer(peer: StubPeer, writer: asyncio.StreamWriter) -> None:
        if [one.connection for one in peer.seen].count(peer.seen[-1].connection) == 1:
            writer.write(answers)
            await writer.drain()
        else:
            writer.close()

    return answer


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_connection_that_was_just_closed_fails_no_idempotent_call(method: str) -> None:
    async def scenario(peer: StubPeer, egress: Egress) -> None:
        await send(egress, get(peer))
        body = b"x" * 1_500_000 if method == "PUT" else None
        assert (await send(egress, Request(method, f"{peer.url}/again", {}, body))).status == 200
        assert peer.seen[-1].body == (body or b"")

    assert [one.path for one in meet(scenario, leaves_after_one(reply()))] == ["/", "/again", "/again"]


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_what_is_not_idempotent_is_never_sent_twice(method: str) -> None:
    async def scenario(peer: StubPeer, egress: Egress) -> None:
        await send(egress, get(peer))
        with pytest.raises(Unreachable):
            await send(egress, Request(method, f"{peer.url}/once", {}, b"{}"))

    assert [one.path for one in meet(scenario, leaves_after_one(reply()))] == ["/", "/once"]


def test_a_connection_closed_while_idle_is_not_used_again() -> None:
    async def scenario(peer: StubPeer, egress: Egress) -> None:
        await send(egress, get(peer))
        for _ in range(5):
            await asyncio.sleep(0)
        assert (await send(egress, Request("POST", peer.url, {}, b"{}"))).status == 200

    assert [one.connection for one in meet(scenario, says(reply(), then_close=True))] == [1, 2]


def test_after_closing_nothing_is_sent() -> None:
    async def scenario(peer: StubPeer, egress: Egress) -> None:
        await send(egress, get(peer))
        await egress.aclose()
        with pytest.raises(Unreachable, match="stopping"):
            await send(egress, get(peer))

    assert len(meet(scenario)) == 1


def test_closing_ends_the_calls_under_way() -> None:
    async def scenario(peer: StubPeer, egress: Egress) -> None:
        call = asyncio.create_task(send(egress, get(peer)))
        await peer.asked.wait()
        await egress.aclose()
        with pytest.raises(Unreachable):
            await call

    meet(scenario, says_nothing)


@pytest.mark.parametrize("wrong", [{"dns_ttl": 61}, {"dns_ttl": -1}, {"connections": 0}, {"keep_alive": 0}])
def test_limits_that_are_none_are_told_at_once(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Limits(**wrong)
