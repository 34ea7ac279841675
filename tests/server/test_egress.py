"""The one door out: a request goes through it as it was given, with two ids, and nothing is done besides."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocpi211_runtime.exchange import Request
from ocpi211_runtime.operation import decode_segment, encode_segment
from ocpi211_server.correlation import Matter, fresh_id, matter, taken_over
from ocpi211_server.egress import Egress
from tests.server.stub_peer import StubPeer, reply, says
from tests.server.through_egress import get, meet, send


def test_a_request_arrives_and_its_answer_comes_back() -> None:
    headers = {"Authorization": "Token x", "Content-Type": "application/json", "X-Request-ID": "7"}

    async def scenario(peer: StubPeer, egress: Egress) -> None:
        response = await send(egress, Request("PUT", f"{peer.url}/a?b=c", headers, b'{"uid":"1"}'))
        assert (response.status, response.body, response.header("x-limit")) == (201, b'{"a":1}', "5")
        assert response.all("Set-Cookie") == ["a=1", "b=2"]

    answer = reply(b'{"a":1}', 201, "X-Limit: 5", "Set-Cookie: a=1", "Set-Cookie: b=2")
    (seen,) = meet(scenario, says(answer))
    assert (seen.line, seen.body) == ("PUT /a?b=c HTTP/1.1", b'{"uid":"1"}')
    assert {name: seen.headers[name.lower()] for name in headers} == {name: [text] for name, text in headers.items()}


@pytest.mark.requirement("TF-AUTH-02", "TF-AUTH-04")
def test_nothing_is_added_but_what_http_needs_and_the_two_ids() -> None:
    async def scenario(peer: StubPeer, egress: Egress) -> None:
        await send(egress, Request("GET", peer.url, {"Authorization": "Token IpbJ/x+k="}))

    (seen,) = meet(scenario)
    assert seen.headers.keys() == {
        "host",
        "authorization",
        "user-agent",
        "accept-encoding",
        "x-request-id",
        "x-correlation-id",
    }
    assert seen.headers["authorization"] == ["Token IpbJ/x+k="]
    assert seen.headers["user-agent"] == ["ocpi211-server"]
    assert seen.headers["accept-encoding"] == ["gzip"]


@pytest.mark.parametrize(
    "identity", ["a/b", "%2F", "%25", "..", ".", "FR*A23", "?", "#", " ", "é€", "~", "a+b", "'|^`{}<>"]
)
@pytest.mark.requirement("TF-URL-02")
def test_the_path_arrives_as_it_was_encoded(identity: str) -> None:
    path = f"/tokens/{encode_segment(identity)}/x?date_from=2024-05-01T12:00:00Z&y=%2F%3A%25"

    async def scenario(peer: StubPeer, egress: Egress) -> None:
        await send(egress, get(peer, path))

    (seen,) = meet(scenario)
    assert seen.path == path
    assert decode_segment(seen.path.split("/")[2]) == identity


@pytest.mark.parametrize(
    "path", ["/%2f%2F/%c3%A9", "/a/../b/./c//d/", "/*(',;:@&=+$!~)", "/%", "/?a=b?c=/%20+%2B", '/<>^`{|}"', "/%2e%2E/x"]
)
def test_a_url_of_the_peer_is_called_byte_for_byte(path: str) -> None:
    async def scenario(peer: StubPeer, egress: Egress) -> None:
        await send(egress, get(peer, path))

    assert meet(scenario)[0].path == path


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="\\#?"), max_size=40))
def test_any_path_arrives_byte_for_byte(path: str) -> None:
    async def scenario(peer: StubPeer, egress: Egress) -> None:
        await send(egress, get(peer, f"/{path}"))

    assert meet(scenario)[0].path == f"/{path}"


def test_a_large_body_arrives_whole() -> None:
    body = bytes(range(256)) * 12_000

    async def scenario(peer: StubPeer, egress: Egress) -> None:
        await send(egress, Request("PUT", peer.url, {"Content-Type": "application/json"}, body))

    assert meet(scenario)[0].body == body


def test_every_message_has_a_request_id_of_its_own_and_the_matter_one_correlation_id() -> None:
    async def scenario(peer: StubPeer, egress: Egress) -> None:
        before = matter.set(Matter("matter-7"))
        await send(egress, get(peer))
        await send(egress, get(peer))
        matter.reset(before)
        await send(egress, get(peer))

    seen = meet(scenario)
    ids = [one.headers["x-request-id"][0] for one in seen]
    assert len(set(ids)) == 3
    assert all(re.fullmatch("[0-9a-f]{32}", each) for each in ids)
    assert [one.headers["x-correlation-id"] for one in seen[:2]] == [["matter-7"], ["matter-7"]]
    assert re.fullmatch("[0-9a-f]{32}", seen[2].headers["x-correlation-id"][0])


def test_ids_that_are_given_stay() -> None:
    async def scenario(peer: StubPeer, egress: Egress) -> None:
        await send(egress, Request("GET", peer.url, {"x-request-id": "1", "X-CORRELATION-ID": "2"}))

    (seen,) = meet(scenario)
    assert (seen.headers["x-request-id"], seen.headers["x-correlation-id"]) == (["1"], ["2"])


@pytest.mark.parametrize("received", [None, "", "a b", "a\r\nX: y", "é", "x" * 256])
def test_an_id_that_fits_no_header_is_not_taken_over(received: str | None) -> None:
    assert re.fullmatch("[0-9a-f]{32}", taken_over(received))


def test_an_id_of_the_peer_is_taken_over() -> None:
    assert taken_over("a-1") == "a-1"
    assert fresh_id() != fresh_id()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.requirement("TF-HTTP-03")
def test_a_redirect_is_not_followed(status: int) -> None:
    async def scenario(peer: StubPeer, egress: Egress) -> None:
        peer.answer = says(reply(b"", status, f"Location: {peer.url}/elsewhere"))
        assert (await send(egress, get(peer))).status == status
        assert (await send(egress, Request("POST", peer.url, {}, b"{}"))).status == status

    assert [one.path for one in meet(scenario)] == ["/", "/"]


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500, 503])
@pytest.mark.requirement("TF-OFF-03")
def test_an_error_of_http_is_an_answer_and_nothing_is_repeated(status: int) -> None:
    async def scenario(peer: StubPeer, egress: Egress) -> None:
        assert (await send(egress, Request("POST", peer.url, {}, b"{}"))).status == status

    assert len(meet(scenario, says(reply(b"no", status, "Retry-After: 0")))) == 1


def test_the_environment_names_no_proxy_and_no_password(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"]:
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    for name in ["NO_PROXY", "no_proxy"]:
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password word")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))

    async def scenario(peer: StubPeer, egress: Egress) -> None:
        assert (await send(egress, Request("GET", peer.url))).body == b"hello"

    assert "authorization" not in meet(scenario)[0].headers


def test_a_cookie_is_not_kept(caplog: pytest.LogCaptureFixture) -> None:
    async def scenario(peer: StubPeer, egress: Egress) -> None:
        for _ in range(2):
            await send(egress, Request("GET", f"http://localhost:{peer.port}/"))

    seen = meet(scenario, says(reply(b"", 200, "Set-Cookie: a=b; Path=/", "Set-Cookie: {}=[")))
    assert "cookie" not in seen[1].headers
    assert caplog.text == ""
