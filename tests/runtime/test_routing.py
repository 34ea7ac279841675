from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, NoMatchFound, Route
from starlette.types import ASGIApp, Message

from ocpi211_runtime.answers import Caller, PageResult
from ocpi211_runtime.handlers import Handler
from ocpi211_runtime.operation import Operation
from ocpi211_runtime.routing import app, routes
from ocpi211_runtime.serving import ANSWERED, ASKED, ECHOED
from tests.runtime.contract import CpoTokens, EmspTokens, Token, row
from tests.runtime.served import PUBLIC_URL, authenticate, call, request, serve

UID = "04%2FAB"


class Reads(CpoTokens):
    async def get_token(self, caller: Caller, country_code: str, party_id: str, token_uid: str) -> Token | bytes:
        return Token(uid=token_uid, valid=caller.may_write_for(country_code, party_id))


class Lists(EmspTokens):
    max_limit = 2

    async def list_tokens(self, caller: Caller, *, limit: int | None = None, **_: object) -> PageResult[Token]:
        return PageResult([Token(uid=caller.party_id, valid=True)] * (limit or 0), total=5)


class CpoVersions(Handler):
    """The skeleton of versions, as far as these tests need it."""

    role = "cpo"
    module = "versions"
    operations = {  # noqa: RUF012
        "list_versions": row("cpo.versions.list_versions", "GET", "/cpo/versions", result=Operation),
    }

    async def list_versions(self, caller: Caller) -> bytes:
        raise NotImplementedError


class OwnVersions(CpoVersions):
    async def list_versions(self, caller: Caller) -> bytes:
        return b'[{"version":"2.1.1","url":"https://%b.example.com/"}]' % caller.party_id.encode()


async def health(_: Request) -> PlainTextResponse:
    return PlainTextResponse("well")


@pytest.fixture
def mounted() -> ASGIApp:
    """OCPI among other things."""
    ours = routes(Reads(), Lists(), authenticate=authenticate, public_url=PUBLIC_URL)
    return Starlette(routes=[Mount("/ocpi", routes=[*ours, Route("/health", health)]), Route("/health", health)])


@pytest.fixture
def whole() -> ASGIApp:
    """OCPI alone, mounted."""
    return Starlette(routes=[Mount("/ocpi", app=serve(Reads(), Lists()))])


@pytest.mark.requirement("TF-URL-01")
@pytest.mark.parametrize("served", ["mounted", "whole"])
def test_routes_work_below_a_mount(served: str, request: pytest.FixtureRequest) -> None:
    answer = call(request.getfixturevalue(served), "GET", f"/ocpi/cpo/2.1.1/tokens/FR/ABC/{UID}")
    assert (answer.codes, answer.envelope["data"]) == ((200, 1000), {"uid": "04/AB", "valid": True})


@pytest.mark.parametrize("prefix", ["", "/proxy"])
def test_an_application_works_by_itself_and_behind_a_root_path(prefix: str) -> None:
    answer = call(serve(Reads()), "GET", f"{prefix}/cpo/2.1.1/tokens/FR/ABC/{UID}", root_path=prefix)
    assert answer.envelope["data"]["uid"] == "04/AB"


@pytest.mark.parametrize(
    "public_url", ["https://a.example/ocpi", "https://a.example/x/h%C3%B4te", "https://a.example/cpo"]
)
def test_a_path_is_taken_with_or_without_that_of_the_public_url(public_url: str) -> None:
    served = serve(Reads(), public_url=public_url)
    for prefix in ("", public_url.removeprefix("https://a.example")):
        answer = call(served, "GET", f"{prefix}/cpo/versions")
        assert answer.envelope["data"][0]["url"] == f"{public_url}/cpo/2.1.1"
    assert call(served, "GET", "/elsewhere/cpo/versions").status == 404


def test_a_server_without_raw_paths_serves_what_it_can() -> None:
    answer = call(serve(Reads()), "GET", "/cpo/2.1.1/tokens/FR/ABC/a%3F%25%2A", raw_path=None)
    assert answer.envelope["data"]["uid"] == "a?%*"


@pytest.mark.requirement("TF-ENV-01", "TF-HTTP-02")
@pytest.mark.parametrize(
    "path", ["/ocpi/cpo", "/ocpi/cpo/", "/ocpi/cpo/nothing", "/ocpi/emsp/2.1.1//tokens", "/ocpi/cpo/%ff"]
)
def test_everything_below_a_role_is_answered_in_an_envelope(mounted: ASGIApp, whole: ASGIApp, path: str) -> None:
    assert call(mounted, "GET", path).codes == (404, 2000)
    assert call(whole, "GET", path).codes == (404, 2000)


@pytest.mark.requirement("TF-ENV-01")
@pytest.mark.parametrize("path", ["/ocpi/", "/ocpi/nothing", "/ocpi/%ff", "/ocpi//"])
def test_an_application_answers_every_path_in_an_envelope(whole: ASGIApp, path: str) -> None:
    assert call(whole, "GET", path).codes == (404, 2000)


@pytest.mark.parametrize("path", ["/health", "/ocpi/health"])
def test_routes_leave_the_rest_to_the_application(mounted: ASGIApp, path: str) -> None:
    answer = asyncio.run(request(mounted, "GET", path).run())
    assert answer is not None
    assert answer.body == b"well"


@pytest.mark.requirement("VER-LIST-01", "VER-DET-03", "VER-DET-04", "VER-URL-01", "VER-URL-03", "VER-URL-04")
@pytest.mark.parametrize("role", ["cpo", "emsp"])
@pytest.mark.parametrize("slash", ["", "/"])
def test_what_is_advertised_is_served(mounted: ASGIApp, role: str, slash: str) -> None:
    versions = call(mounted, "GET", f"/ocpi/{role}/versions{slash}").envelope["data"]
    assert versions == [{"version": "2.1.1", "url": f"{PUBLIC_URL}/{role}/2.1.1"}]
    path = versions[0]["url"].removeprefix("https://ocpi.example.com")
    details = call(mounted, "GET", path + slash).envelope["data"]
    assert details == {
        "version": "2.1.1",
        "endpoints": [{"identifier": "tokens", "url": f"{PUBLIC_URL}/{role}/2.1.1/tokens"}],
    }
    endpoint = details["endpoints"][0]["url"].removeprefix("https://ocpi.example.com")
    assert call(mounted, "GET", endpoint + slash).status != 404


@pytest.mark.requirement("VER-DET-04")
def test_what_nobody_overrides_is_neither_served_nor_advertised() -> None:
    served = serve(Reads(), EmspTokens())
    assert call(served, "GET", "/emsp/versions").status == 404
    assert call(served, "GET", "/emsp/2.1.1/tokens").status == 404
    assert call(served, "GET", "/cpo/versions").status == 200


def test_own_versions_replace_those_that_are_made() -> None:
    served = serve(Reads(), OwnVersions())
    assert call(served, "GET", "/cpo/versions").envelope["data"][0]["url"] == "https://ABC.example.com/"
    assert call(served, "GET", "/cpo/2.1.1").envelope["data"]["endpoints"][0]["identifier"] == "tokens"


@pytest.mark.requirement("TF-PAGE-11", "TF-PAGE-16")
def test_pages_are_cut_and_linked_by_the_public_url(mounted: ASGIApp) -> None:
    answer = call(mounted, "GET", "/ocpi/emsp/2.1.1/tokens/?limit=100", headers=[("host", "evil.example")])
    assert len(answer.envelope["data"]) == 2
    assert answer.headers["x-limit"] == "2"
    assert answer.headers["x-total-count"] == "5"
    assert answer.headers["link"] == f'<{PUBLIC_URL}/emsp/2.1.1/tokens?offset=2&limit=2>; rel="next"'


@pytest.mark.parametrize(("verb", "status_code"), [("GET", 1000), ("DELETE", 2000)])
def test_what_is_around_the_routes_sees_what_was_asked_and_answered(verb: str, status_code: int) -> None:
    exchange = request(serve(Reads()), verb, f"/cpo/2.1.1/tokens/FR/ABC/{UID}")
    answer = asyncio.run(exchange.run())
    assert answer is not None
    assert exchange.scope[ASKED].path[-1] == "04/AB"
    reply = exchange.scope[ANSWERED]
    assert (reply.status, reply.body) == (answer.status, answer.body)
    assert reply.status_code == answer.envelope["status_code"] == status_code


def test_what_is_around_the_routes_says_what_is_repeated() -> None:
    path = f"/cpo/2.1.1/tokens/FR/ABC/{UID}"
    exchange = request(serve(Reads()), "GET", path, headers=[("x-request-id", "theirs"), ("x-correlation-id", "c")])
    exchange.scope[ECHOED] = [(b"x-request-id", b"ours")]
    answer = asyncio.run(exchange.run())
    assert answer is not None
    assert answer.headers["x-request-id"] == "ours"
    assert "x-correlation-id" not in answer.headers


def test_the_same_operation_twice_is_refused() -> None:
    with pytest.raises(ValueError, match=r"cpo\.tokens\.get_token"):
        serve(Reads(), Reads())


@pytest.mark.parametrize(
    "url",
    [
        *("", "/ocpi", "ocpi.example.com", "ftp://a.example"),
        *("https://", "https://a/?b", "https://a/#b", "https://a b"),
        *("https://a/<b>", 'https://a/"', "https://a/h\u00f4te", "https://a/\x7f"),  # nothing for a Link header
    ],
)
def test_a_public_url_is_absolute(url: str) -> None:
    with pytest.raises(ValueError, match="public_url"):
        serve(Reads(), public_url=url)


@pytest.mark.parametrize("url", [PUBLIC_URL, f"{PUBLIC_URL}/"])
def test_a_public_url_may_end_in_a_slash(url: str) -> None:
    versions = call(serve(Reads(), public_url=url), "GET", "/cpo/versions").envelope["data"]
    assert versions[0]["url"] == "https://ocpi.example.com/ocpi/cpo/2.1.1"


def test_the_routes_have_no_names() -> None:
    (route,) = routes(Reads(), authenticate=authenticate, public_url=PUBLIC_URL)
    with pytest.raises(NoMatchFound):
        route.url_path_for("tokens")


def run_with(served: ASGIApp, kind: str, *messages: Message) -> list[str]:
    """The types of what an application sends on a scope that is not HTTP."""
    waiting, sent = list(messages), list[str]()

    async def receive() -> Message:
        return waiting.pop(0)

    async def send(message: Message) -> None:
        sent.append(message["type"])

    scope = {"type": kind, "path": "/cpo/versions", "raw_path": b"/cpo/versions", "headers": [], "state": {}}

    async def run() -> None:
        await served(scope, receive, send)

    asyncio.run(run())
    return sent


def test_a_websocket_is_closed(mounted: ASGIApp) -> None:
    assert run_with(serve(Reads()), "websocket", {"type": "websocket.connect"}) == ["websocket.close"]
    assert run_with(mounted, "websocket", {"type": "websocket.connect"}) == ["websocket.close"]


def test_an_application_starts_and_stops_what_it_needs() -> None:
    happened: list[str] = []

    @contextlib.asynccontextmanager
    async def lifespan(_: object) -> AsyncIterator[None]:
        happened.append("started")
        yield
        happened.append("stopped")

    served = app(Reads(), authenticate=authenticate, public_url=PUBLIC_URL, lifespan=lifespan)
    messages: list[Message] = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    assert run_with(served, "lifespan", *messages) == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert happened == ["started", "stopped"]
    assert run_with(serve(Reads()), "lifespan", *messages)[0] == "lifespan.startup.complete"
