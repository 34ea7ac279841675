"""From the request to the answer, over raw ASGI: who is let in, what is read, what is refused."""

from __future__ import annotations

import asyncio
import json
import logging
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ocpi211_runtime import errors
from ocpi211_runtime.answers import Caller, Created, Incoming
from ocpi211_runtime.operation import encode_segment
from ocpi211_runtime.scalars import read_date_time
from ocpi211_runtime.serving import RouteSettings
from tests.runtime.contract import (
    CDR,
    AuthorizationInfo,
    CommandResponse,
    CpoTokens,
    EmspCdrs,
    EmspCommands,
    EmspTokens,
    LocationReferences,
    Token,
    TokenPatch,
    TokenType,
)
from tests.runtime.served import TOKEN, authenticate, call, request, serve

PATH = "/cpo/2.1.1/tokens/FR/ABC/04AB"
BODY = b'{"uid": "04AB", "valid": true}'


class Recording(CpoTokens):
    """Remembers what it was called with, and answers what it is told to."""

    def __init__(self, answer: object = None) -> None:
        self.answer = answer
        self.calls: list[tuple[Any, ...]] = []

    async def get_token(self, caller: Caller, country_code: str, party_id: str, token_uid: str) -> Token | bytes:
        self.calls.append((caller, country_code, party_id, token_uid))
        if isinstance(self.answer, BaseException):
            raise self.answer
        return Token(uid="1", valid=True)

    async def put_token(
        self, caller: Caller, country_code: str, party_id: str, token_uid: str, token: Token
    ) -> Created | None:
        self.calls.append((caller, country_code, party_id, token_uid, token))
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer  # type: ignore[return-value]

    async def patch_token(self, *given: Any, **_: Any) -> None:
        await super().patch_token(*given)


class Authorizing(EmspTokens):
    """Says what it was asked."""

    async def authorize_token(
        self,
        caller: Caller,
        token_uid: str,
        location_references: LocationReferences | None = None,
        *,
        type: TokenType = TokenType.RFID,  # noqa: A002 - the text's name
    ) -> AuthorizationInfo:
        where = location_references.location_id if location_references else "-"
        return AuthorizationInfo(allowed=f"{caller.party_id} {token_uid} {type} {where}")


class Taking(EmspCdrs, EmspCommands):
    """Keeps the bytes of CDRs, and the paths of results."""

    def __init__(self) -> None:
        self.kept: list[object] = []

    async def post_cdr(self, caller: Caller, cdr: CDR) -> Created:
        self.kept.append(caller.request.body)
        return Created(f"/cdrs/{cdr.id}")

    async def post_result(self, caller: Caller, command: str, uid: str, command_response: CommandResponse) -> None:
        self.kept.append((caller.country_code, command, uid, command_response.result))


@pytest.mark.requirement("TF-ENV-03", "TF-ENV-07", "ST-1XXX-01")
def test_a_success_is_an_envelope() -> None:
    answer = call(serve(Recording()), "GET", PATH)
    assert answer.codes == (200, 1000)
    assert answer.envelope["status_message"] == "Success"
    assert read_date_time(answer.envelope["timestamp"]) <= datetime.now(UTC)


def test_a_method_is_called_with_what_was_sent() -> None:
    handler = Recording()
    call(serve(handler), "PUT", PATH, body=BODY)
    ((caller, *given),) = handler.calls
    assert (caller.role, caller.country_code, caller.party_id) == ("emsp", "FR", "ABC")
    assert given == ["FR", "ABC", "04AB", Token(uid="04AB", valid=True)]
    assert caller.request.operation is CpoTokens.operations["put_token"]
    assert caller.request.path == ("cpo", "2.1.1", "tokens", "FR", "ABC", "04AB")
    assert caller.request.client == "192.0.2.7"


@pytest.mark.requirement("TOK-AUTH-01")
def test_optional_bodies_and_query_parameters_reach_the_method() -> None:
    app = serve(Authorizing())
    path = "/emsp/2.1.1/tokens/1/authorize"
    assert call(app, "POST", path).envelope["data"] == {"allowed": "ABC 1 RFID -"}
    answer = call(app, "POST", f"{path}?token_type=OTHER", body=b'{"location_id": "LOC1"}')
    assert answer.envelope["data"] == {"allowed": "ABC 1 OTHER LOC1"}


def test_the_bytes_of_a_body_can_be_kept() -> None:
    handler = Taking()
    body = b'{ "id":"1", "total_cost": 1.10 }'
    answer = call(serve(handler), "POST", "/emsp/2.1.1/cdrs", body=(body[:5], body[5:20], body[20:]))
    assert (answer.codes, answer.headers["location"]) == ((201, 1000), "/cdrs/1")
    assert handler.kept == [body]


@pytest.mark.requirement("TF-URL-01", "TF-HTTP-02")
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1), st.sampled_from(["", "/"]))
@example("/", "")
@example("..", "/")
@example("%2F%ff*?#.+", "")
@example("versions/é", "/")
def test_any_id_reaches_its_method(uid: str, slash: str) -> None:
    handler = Taking()
    path = f"/emsp/2.1.1/commands/START_SESSION/{encode_segment(uid)}{slash}"
    assert call(serve(handler), "POST", path, body=b'{"result": "ACCEPTED"}').codes == (200, 1000)
    assert handler.kept == [("FR", "START_SESSION", uid, "ACCEPTED")]


def test_the_body_of_a_stranger_is_not_read() -> None:
    exchange = request(serve(Recording()), "PUT", PATH, authorization=(), body=(BODY,))
    answer = asyncio.run(exchange.run())
    assert answer is not None
    assert (answer.status, exchange.read) == (401, 0)


def test_who_authenticates_sees_what_is_asked_for() -> None:
    seen: list[str] = []

    async def remember(token: str, incoming: Incoming) -> Caller | None:
        seen.append(incoming.operation.id)
        return await authenticate(token, incoming)

    app = serve(Recording(), authenticate=remember)
    for path in (PATH, "/cpo/versions", "/cpo/2.1.1", "/cpo/2.1.1/tokens"):
        call(app, "GET", path)
    assert seen == [
        "cpo.tokens.get_token",
        "cpo.versions.list_versions",
        "cpo.versions.get_version_details",
        "cpo.tokens",
    ]


def test_a_caller_that_is_kept_has_the_request_of_now() -> None:
    kept = Caller("emsp", "FR", "ABC")

    async def known(_: str, __: Incoming) -> Caller:
        return kept

    handler = Recording()
    app = serve(handler, authenticate=known)
    call(app, "PUT", PATH, body=BODY)
    call(app, "GET", PATH)
    assert [caller.request.body for caller, *_ in handler.calls] == [BODY, b""]


@pytest.mark.requirement("TF-HTTP-06")
@pytest.mark.parametrize(
    ("headers", "chunks", "read"),
    [
        ([("content-length", "101")], [b"x" * 101], 0),
        ([("content-length", "9" * 30)], [b"x" * 101], 0),
        ([], [b"x" * 60, b"x" * 41, b"x"], 2),
        ([("content-length", "5")], [b"x" * 101], 1),
        ([("content-length", "²")], [b"x" * 101], 1),
    ],
)
def test_a_large_body_is_refused_before_it_is_read(
    headers: list[tuple[str, str]], chunks: list[bytes], read: int
) -> None:
    app = serve(Recording(), settings=RouteSettings(max_body=100))
    exchange = request(app, "PUT", PATH, headers=headers, body=chunks)
    answer = asyncio.run(exchange.run())
    assert answer is not None
    assert (answer.codes, exchange.read) == ((413, 2000), read)


@pytest.mark.parametrize(
    ("values", "codes"),
    [([1] * 8, (413, 2000)), ([1] * 7, (200, 2001)), ([[[{"": [{}]}]]], (413, 2000)), ([[[{"": []}]]], (200, 2001))],
)
def test_a_body_of_very_many_values_is_refused_before_it_is_validated(values: object, codes: tuple[int, int]) -> None:
    app = serve(Recording(), settings=RouteSettings(max_values=6))
    body = json.dumps({"x": values}).encode()
    answer = asyncio.run(request(app, "PUT", PATH, body=[body]).run())
    assert answer is not None
    assert answer.codes == codes


def test_settings_that_make_no_sense_are_refused_at_once() -> None:
    with pytest.raises(ValueError, match="created_status must be 200 or 201"):
        RouteSettings(created_status=204)
    for names in ("ocpi-to-party-id", ["OCPI-to-party-id"]):
        with pytest.raises(ValueError, match="ignored_headers must be names in lower case"):
            RouteSettings(ignored_headers=names)
    with pytest.raises(ValueError, match="max_limit must be at least 1"):
        serve(Taking(), settings=RouteSettings(max_limit=0))


def test_nobody_is_answered_who_left_while_sending() -> None:
    handler = Recording()
    assert asyncio.run(request(serve(handler), "PUT", PATH, body=(b"{", None)).run()) is None
    assert not handler.calls


def test_a_client_that_left_before_the_answer_costs_nothing() -> None:
    exchange = request(serve(Recording()), "GET", PATH)

    async def send(_: object) -> None:
        raise OSError

    asyncio.run(exchange.served(exchange.scope, exchange.receive, send))


def test_a_cancelled_request_stays_cancelled() -> None:
    exchange = request(serve(Recording(asyncio.CancelledError())), "GET", PATH)
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(exchange.run())
    assert exchange.sent == []


def test_ids_of_requests_are_given_back() -> None:
    ids = [("x-request-id", "1-2"), ("x-correlation-id", "a b"), ("x-other", "3")]
    answer = call(serve(Recording()), "GET", PATH, headers=ids)
    assert {name: answer.headers.get(name) for name, _ in ids} == {**dict(ids), "x-other": None}
    assert call(serve(Recording()), "GET", "/nowhere", headers=ids).headers["x-request-id"] == "1-2"
    for bad in ("x" * 129, "a\x7fb", ""):
        assert "x-request-id" not in call(serve(Recording()), "GET", PATH, headers=[("x-request-id", bad)]).headers


@pytest.mark.requirement("ST-5XX-02")
def test_a_fault_of_ours_is_logged_and_not_told(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "ocpi211.routing"):
        answer = call(serve(Recording(RuntimeError("password=hunter2"))), "GET", PATH)
    assert answer.codes == (500, 3000)
    assert b"hunter2" not in answer.body
    (record,) = caplog.records
    assert record.message == "cpo.tokens.get_token failed"
    assert record.exc_info is not None
    assert TOKEN not in caplog.text


@pytest.mark.parametrize("what", ["result", "authenticate"])
def test_other_faults_of_ours_are_answered_too(what: str, caplog: pytest.LogCaptureFixture) -> None:
    async def fail(_: str, __: Incoming) -> Caller:
        raise KeyError

    app = serve(Recording({1: object()})) if what == "result" else serve(Recording(), authenticate=fail)
    assert call(app, "PUT", PATH, body=BODY).codes == (500, 3000)
    assert caplog.records


@pytest.mark.requirement("TF-OWN-02")
def test_not_yours_looks_like_not_there() -> None:
    stranger = call(serve(Recording()), "GET", "/cpo/2.1.1/tokens/FR/XYZ/04AB")
    missing = call(serve(Recording(errors.NotFound())), "GET", PATH)
    assert {**stranger.envelope, "timestamp": None} == {**missing.envelope, "timestamp": None}
    assert (stranger.status, stranger.headers) == (missing.status, missing.headers) == (404, missing.headers)


def test_a_patch_model_reaches_the_method() -> None:
    seen: list[object] = []

    class Patching(CpoTokens):
        async def patch_token(
            self, caller: Caller, country_code: str, party_id: str, token_uid: str, patch: TokenPatch
        ) -> None:
            seen.append((caller.party_id, country_code, party_id, token_uid, patch))

    answer = call(serve(Patching()), "PATCH", PATH, body=b'{"visual_number": null}')
    assert (answer.codes, answer.envelope["data"]) == ((200, 1000), {})
    assert seen == [("ABC", "FR", "ABC", "04AB", TokenPatch(visual_number=None))]
