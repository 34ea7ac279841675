"""What generated clients stand on, sync and async: the same calls, the same results."""

from __future__ import annotations

import asyncio
import json
import sys

import pytest

from ocpi211_runtime.async_client import AsyncPeerClient
from ocpi211_runtime.client import PeerClient
from ocpi211_runtime.errors import (
    ForeignUrl,
    MalformedAnswer,
    NotOffered,
    PeerNotFound,
    PeerRefusal,
    PeerUnauthorized,
)
from ocpi211_runtime.exchange import CallOptions, Receipt, Request, Response
from tests.runtime.rows import ENDPOINTS, HOST, TOKEN, AsyncMemory, Memory, Token, answered, peer
from tests.runtime.sides import Async, AsyncTokens, Side, Sync, Tokens

GOOD = '{"uid":"012345","valid":true}'
TOKENS = ENDPOINTS["tokens"]


both = pytest.mark.parametrize("kind", [Sync, Async], ids=["sync", "async"])


@both
def test_a_call_gives_the_object(kind: type[Side]) -> None:
    side = kind(answered(GOOD))
    assert side.get() == Token(uid="012345", valid=True)
    (request,) = side.memory.requests
    assert (request.method, request.url) == ("GET", f"{TOKENS}/FR/ABC/012345")


@both
@pytest.mark.requirement("TF-OWN-06", "TF-OFF-03")
def test_a_write_gives_a_receipt_and_is_sent_once(kind: type[Side]) -> None:
    side = kind(answered(status=201))
    assert side.put(Token(uid="012345", valid=True)) == Receipt(201, created=True)
    (request,) = side.memory.requests
    assert json.loads(request.body or b"") == {"uid": "012345", "valid": True}


@both
@pytest.mark.requirement("TF-OFF-03")
def test_a_failed_write_is_not_repeated(kind: type[Side]) -> None:
    side = kind(answered(code=3000, status=503))
    with pytest.raises(PeerRefusal, match="HTTP 503"):
        side.put(Token(uid="012345", valid=True))
    assert len(side.memory.requests) == 1


@both
def test_options_hold_for_their_call(kind: type[Side]) -> None:
    side = kind(answered('{"uid":"1","valid":true,"last_updated":"2024-05-01T12:00:00+02:00"}'), timeout=3.0)
    side.get(CallOptions(headers={"X-Request-ID": "7"}, timeout=1.0))
    side.get()
    assert side.memory.timeouts == [1.0, 3.0]
    assert [request.headers.get("X-Request-ID") for request in side.memory.requests] == ["7", None]
    with pytest.raises(MalformedAnswer):
        side.get(CallOptions(strict=True))


@both
def test_errors_name_the_call(kind: type[Side]) -> None:
    side = kind(answered("{}", 2000, status=404))
    with pytest.raises(PeerNotFound, match=r"cpo\.tokens\.get_token https://cpo\.example/ocpi/tokens/FR/ABC/012345"):
        side.get()


@both
def test_a_module_that_is_not_published_is_not_called(kind: type[Side]) -> None:
    side = kind(answered(GOOD), endpoints={})
    with pytest.raises(NotOffered):
        side.get()
    assert side.memory.requests == []


def pages(total: int) -> dict[str, Response]:
    """A list of one object a page."""
    known: dict[str, Response] = {}
    for number in range(total):
        link = {} if number == total - 1 else {"Link": f'<{TOKENS}?offset={number + 1}&limit=1>;rel="next"'}
        data = f'[{{"uid":"{number}","valid":true}}]'
        known[f"{TOKENS}?offset={number}&limit=1"] = answered(data, headers={"X-Total-Count": str(total), **link})
    return known


@both
@pytest.mark.requirement("TF-PAGE-12", "GIR-PAGE-01")
def test_a_list_is_crawled_page_by_page(kind: type[Side]) -> None:
    side = kind(pages(3))
    found: list[str] = []
    side.crawl(found, offset=0, limit=1, ocpi_to_party_id="ABC")
    assert found == ["0", "1", "2"]
    assert [request.headers["ocpi-to-party-id"] for request in side.memory.requests] == ["ABC"] * 3


@both
def test_an_argument_that_breaks_its_type_is_told_when_the_list_is_asked_for(kind: type[Side]) -> None:
    with pytest.raises(ValueError, match="limit"):
        kind(pages(1)).tokens.list_tokens({"limit": -1})


@both
@pytest.mark.requirement("TF-URL-05")
def test_a_link_elsewhere_is_not_followed_and_costs_no_object(kind: type[Side]) -> None:
    foreign = {"Link": '<https://evil.example/?offset=1>; rel="next"'}
    side = kind(answered(f"[{GOOD}]", headers=foreign))
    found: list[str] = []
    with pytest.raises(ForeignUrl) as caught:
        side.crawl(found)
    assert found == ["012345"]
    assert caught.value.url == "https://evil.example/?offset=1"
    assert len(side.memory.requests) == 1


@both
def test_a_link_to_an_approved_origin_is_followed(kind: type[Side]) -> None:
    other = "https://pages.example/2"
    known = {TOKENS: answered("[]", headers={"Link": f"<{other}>; rel=next"}), other: answered(f"[{GOOD}]")}
    side = kind(known, approved_origins=["https://pages.example"])
    found: list[str] = []
    side.crawl(found)
    assert found == ["012345"]


@both
@pytest.mark.requirement("TF-PAGE-18")
def test_a_crawl_is_bounded(kind: type[Side]) -> None:
    def endless(request: Request) -> Response:
        return answered(f"[{GOOD}]", headers={"Link": f"<{request.url}x>; rel=next"})

    side = kind(endless, max_pages=5)
    with pytest.raises(MalformedAnswer, match="more than 5 pages"):
        side.crawl([])
    assert len(side.memory.requests) == 5


@both
@pytest.mark.requirement("CDR-URL-01")
def test_an_object_is_read_where_the_receipt_says(kind: type[Side]) -> None:
    known = {
        f"{TOKENS}/FR/ABC/012345": answered(status=201, headers={"Location": "/ocpi/elsewhere/7"}),
        f"{HOST}/ocpi/elsewhere/7": answered(GOOD),
    }
    side = kind(known)
    receipt = side.put(Token(uid="012345", valid=True))
    assert side.get_cdr(receipt.location or "").uid == "012345"
    assert side.tokens.get_cdr_url("a/b") == f"{HOST}/ocpi/cdrs/a%2Fb"


@both
@pytest.mark.requirement("TF-AUTH-08")
def test_no_repr_shows_the_token(kind: type[Side]) -> None:
    side = kind(answered(GOOD))
    assert TOKEN not in repr(side.client) + repr(side.client.peer) + repr(side.tokens)
    assert repr(side.client).endswith("https://cpo.example/ocpi/versions: tokens, cdrs, credentials>")


@both
def test_a_transport_that_was_given_stays_open(kind: type[Side]) -> None:
    side = kind(answered(GOOD))
    side.close()
    assert not side.memory.closed


def test_a_transport_of_our_own_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    own, own_async = Memory(answered(GOOD)), AsyncMemory(answered(GOOD))
    monkeypatch.setattr("ocpi211_runtime.transport.HttpTransport", lambda: own)
    monkeypatch.setattr("ocpi211_runtime.transport.AsyncHttpTransport", lambda: own_async)

    async def use() -> None:
        async with AsyncPeerClient(token=TOKEN, endpoints=ENDPOINTS) as client:
            await AsyncTokens(client).get()

    with PeerClient(token=TOKEN, endpoints=ENDPOINTS) as client:
        Tokens(client).get()
        assert not own.closed
    asyncio.run(use())
    assert own.closed
    assert own_async.memory.closed


def test_a_failed_discovery_closes_what_it_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    own, own_async = Memory(answered("{}", status=401)), AsyncMemory(answered("{}", status=401))
    monkeypatch.setattr("ocpi211_runtime.transport.HttpTransport", lambda: own)
    monkeypatch.setattr("ocpi211_runtime.transport.AsyncHttpTransport", lambda: own_async)

    async def discover() -> None:
        async with AsyncPeerClient.discover(f"{HOST}/versions", TOKEN):
            pytest.fail("this is not reached")

    with pytest.raises(PeerUnauthorized):
        PeerClient.discover(f"{HOST}/versions", TOKEN)
    with pytest.raises(PeerUnauthorized):
        asyncio.run(discover())
    assert own.closed
    assert own_async.memory.closed


def test_async_discovery_is_a_context_or_awaited() -> None:
    listed = json.dumps([{"version": "2.1.1", "url": "/2.1.1"}])
    published = json.dumps({"endpoints": [{"identifier": "tokens", "url": "/tokens"}]})
    known = {f"{HOST}/versions": answered(listed), f"{HOST}/2.1.1": answered(published)}

    async def discover() -> None:
        transport = AsyncMemory(known)
        async with AsyncPeerClient.discover(f"{HOST}/versions", TOKEN, transport=transport) as client:
            assert client.endpoints == {"tokens": f"{HOST}/tokens"}
        client = await AsyncPeerClient.discover(f"{HOST}/versions", TOKEN, transport=transport)
        assert client.endpoints == {"tokens": f"{HOST}/tokens"}
        assert not transport.memory.closed

    asyncio.run(discover())


def test_without_the_http_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "httpx2", None)
    monkeypatch.delitem(sys.modules, "ocpi211_runtime.transport", raising=False)
    with pytest.raises(ImportError, match=r"ocpi211\[client\]"):
        PeerClient(token=TOKEN, endpoints=ENDPOINTS)
    with pytest.raises(ImportError, match=r"ocpi211\[client\]"):
        AsyncPeerClient(token=TOKEN, endpoints=ENDPOINTS)
    PeerClient(token=TOKEN, endpoints=ENDPOINTS, transport=Memory(answered())).close()


def test_the_settings_are_those_of_the_peer() -> None:
    client = PeerClient(token=TOKEN, endpoints=ENDPOINTS, transport=Memory(answered()), strict=True, timeout=2.5)
    assert (client.peer.strict, client.peer.timeout) == (True, 2.5)
    assert client.peer == peer(versions_url="", strict=True, timeout=2.5)
