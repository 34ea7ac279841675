"""From the versions URL to the endpoints, sync and async."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from ocpi211_runtime.async_client import AsyncPeerClient
from ocpi211_runtime.client import PeerClient
from ocpi211_runtime.errors import ForeignUrl, MalformedAnswer, NotOffered, PeerUnauthorized
from ocpi211_runtime.exchange import Response
from tests.runtime.rows import HOST, TOKEN, AsyncMemory, Memory, answered

VERSIONS = f"{HOST}/ocpi/versions"
DETAILS = f"{HOST}/ocpi/2.1.1"

Discover = Callable[..., tuple[PeerClient | AsyncPeerClient, Memory]]


def answers(versions: object, details: object = None) -> dict[str, Response]:
    return {VERSIONS: answered(json.dumps(versions)), DETAILS: answered(json.dumps(details))}


def versions(*numbers: str, url: str = DETAILS) -> list[dict[str, str]]:
    return [{"version": number, "url": url} for number in numbers]


def details(**urls: str) -> dict[str, object]:
    return {"version": "2.1.1", "endpoints": [{"identifier": name, "url": url} for name, url in urls.items()]}


def discover_sync(known: dict[str, Response], **settings: Any) -> tuple[PeerClient, Memory]:
    memory = Memory(known)
    return PeerClient.discover(VERSIONS, TOKEN, transport=memory, **settings), memory


def discover_async(known: dict[str, Response], **settings: Any) -> tuple[AsyncPeerClient, Memory]:
    transport = AsyncMemory(known)

    async def discover() -> AsyncPeerClient:
        return await AsyncPeerClient.discover(VERSIONS, TOKEN, transport=transport, **settings)

    return asyncio.run(discover()), transport.memory


@pytest.fixture(params=[discover_sync, discover_async], ids=["sync", "async"])
def discover(request: pytest.FixtureRequest) -> Discover:
    found: Discover = request.param
    return found


@pytest.mark.requirement("VER-LIST-05", "VER-CUST-03", "VER-URL-02", "VER-PICK-01")
def test_the_endpoints_are_those_that_the_peer_publishes(discover: Discover) -> None:
    published = details(tokens=f"{HOST}/a/tokens", credentials=f"{HOST}/b", acme_x=f"{HOST}/c")
    client, memory = discover(answers([*versions("2.0", "2.1", url=f"{HOST}/old"), *versions("2.1.1")], published))
    assert client.endpoints == {"tokens": f"{HOST}/a/tokens", "credentials": f"{HOST}/b", "acme_x": f"{HOST}/c"}
    assert (client.versions_url, client.details_url) == (VERSIONS, DETAILS)
    assert [request.url for request in memory.requests] == [VERSIONS, DETAILS]
    assert {request.headers["Authorization"] for request in memory.requests} == {f"Token {TOKEN}"}


def test_urls_may_be_relative(discover: Discover) -> None:
    known = answers(versions("2.1.1", url="2.1.1"), details(tokens="/ocpi/2.1.1/tokens"))
    assert discover(known)[0].endpoints == {"tokens": f"{HOST}/ocpi/2.1.1/tokens"}


@pytest.mark.requirement("VER-PICK-01")
def test_a_version_that_is_lacking_is_told_with_those_on_offer(discover: Discover) -> None:
    with pytest.raises(NotOffered, match=r"2\.0, 2\.2\.1") as caught:
        discover(answers(versions("2.2.1", "2.0", "2.2.1")))
    assert (caught.value.wanted, caught.value.offered) == ("2.1.1", ("2.0", "2.2.1"))
    with pytest.raises(NotOffered, match="none"):
        discover(answers([]))


def test_another_version_may_be_asked_for(discover: Discover) -> None:
    known = answers(versions("2.2.1"), details(tokens=f"{HOST}/t"))
    assert discover(known, version="2.2.1")[0].endpoints == {"tokens": f"{HOST}/t"}


@pytest.mark.requirement("TF-URL-05")
def test_details_elsewhere_are_not_fetched(discover: Discover) -> None:
    known = answers(versions("2.1.1", url="https://other.example/2.1.1"))
    with pytest.raises(ForeignUrl, match=r"https://other\.example is not"):
        discover(known)
    known["https://other.example/2.1.1"] = answered(json.dumps(details(tokens="https://other.example/t")))
    client, _ = discover(known, approved_origins=["https://other.example"])
    assert client.endpoints == {"tokens": "https://other.example/t"}


@pytest.mark.requirement("TF-URL-05")
def test_an_endpoint_elsewhere_is_refused_unless_approved(discover: Discover) -> None:
    known = answers(versions("2.1.1"), details(tokens=f"{HOST}/t", cdrs="http://cpo.example/cdrs"))
    with pytest.raises(ForeignUrl, match=r"http://cpo\.example is not"):
        discover(known)
    client, _ = discover(known, approved_origins=["http://cpo.example"])
    assert client.endpoints["cdrs"] == "http://cpo.example/cdrs"


def test_one_name_with_two_urls_is_refused(discover: Discover) -> None:
    twice = details(tokens=f"{HOST}/t")
    twice["endpoints"] = [*versions_of("tokens", f"{HOST}/t", f"{HOST}/t")]
    assert discover(answers([*versions("2.1.1"), *versions("2.1.1")], twice))[0].endpoints == {"tokens": f"{HOST}/t"}
    twice["endpoints"] = [*versions_of("tokens", f"{HOST}/t", f"{HOST}/u")]
    with pytest.raises(MalformedAnswer, match="two URLs"):
        discover(answers(versions("2.1.1"), twice))
    with pytest.raises(MalformedAnswer, match="two URLs"):
        discover(answers([*versions("2.1.1"), *versions("2.1.1", url=f"{HOST}/other")], twice))


def versions_of(name: str, *urls: str) -> list[dict[str, str]]:
    return [{"identifier": name, "url": url} for url in urls]


def test_a_broken_entry_that_concerns_another_version_is_passed_over(discover: Discover) -> None:
    listed = [{"version": "3.0"}, None, *versions("2.1.1")]
    assert discover(answers(listed, details(tokens=f"{HOST}/t")))[0].endpoints


def test_a_broken_entry_that_may_be_the_version_is_told(discover: Discover) -> None:
    with pytest.raises(MalformedAnswer, match=r"no readable entry for version 2\.1\.1") as caught:
        discover(answers([{"version": "2.1.1", "url": 7}]))
    assert caught.value.problems[0].pointer == "/data/0/url"


@pytest.mark.parametrize("published", [{}, {"endpoints": None}, {"endpoints": [{"identifier": "tokens"}]}, [], None])
def test_details_that_cannot_be_read_are_told(discover: Discover, published: object) -> None:
    with pytest.raises(MalformedAnswer):
        discover(answers(versions("2.1.1"), published))


def test_a_url_that_is_none_is_told(discover: Discover) -> None:
    with pytest.raises(MalformedAnswer):
        discover(answers(versions("2.1.1"), details(tokens="ftp://cpo.example/")))


def test_a_refusal_comes_through(discover: Discover) -> None:
    with pytest.raises(PeerUnauthorized):
        discover({VERSIONS: answered("null", 2001, status=401)})


def test_the_strict_reading_holds_for_discovery_too(discover: Discover) -> None:
    known = {VERSIONS: Response(200, [], answered(json.dumps(versions("2.1.1"))).body)}
    with pytest.raises(MalformedAnswer, match="Content-Type"):
        discover(known, strict=True)
