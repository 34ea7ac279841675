"""Whatever goes wrong, the answer is an envelope: every way out of the routes but success, in one table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from ocpi211_runtime import errors
from ocpi211_runtime.answers import Caller, PageResult
from ocpi211_runtime.scalars import read_date_time
from ocpi211_runtime.serving import RouteSettings
from tests.runtime.contract import AuthorizationInfo, CpoTokens, EmspTokens, LocationReferences, Token, TokenPatch
from tests.runtime.served import TOKEN, call, serve

PATH = "/cpo/2.1.1/tokens/FR/ABC/04AB"
LIST = "/emsp/2.1.1/tokens"
BODY = b'{"uid": "04AB", "valid": true}'


class Tokens(CpoTokens):
    """Reads what it is told to read, and leaves PUT to the skeleton."""

    def __init__(self, answer: BaseException | None = None) -> None:
        self.answer = answer

    async def get_token(self, caller: Caller, country_code: str, party_id: str, token_uid: str) -> Token | bytes:
        if self.answer is not None:
            raise self.answer
        return await super().get_token(caller, country_code, party_id, token_uid)

    async def patch_token(
        self, caller: Caller, country_code: str, party_id: str, token_uid: str, patch: TokenPatch
    ) -> None:
        """Takes any."""


class Lists(EmspTokens):
    """Takes anything."""

    async def list_tokens(self, caller: Caller, **_: object) -> PageResult[Token]:
        return PageResult([], 0)

    async def authorize_token(
        self, caller: Caller, token_uid: str, location_references: LocationReferences | None = None, **_: object
    ) -> AuthorizationInfo:
        raise errors.NotEnoughInformation


@dataclass
class Case:
    """A request, and how it is refused."""

    codes: tuple[int, int]
    method: str = "GET"
    target: str = PATH
    raised: BaseException | None = None
    body: bytes = b""
    options: Mapping[str, Any] = field(default_factory=dict[str, Any])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    pointer: str | None = None


UNDECODABLE = "/cpo/2.1.1/tokens/FR/ABC/%ff"
CASES = {
    "unknown path": Case((404, 2000), target="/nowhere"),
    "the mount itself": Case((404, 2000), target="/"),
    "unknown role": Case((404, 2000), target="/hub/versions"),
    "unknown version": Case((404, 2000), target="/cpo/2.2.1"),
    "unknown module": Case((404, 2000), target="/cpo/2.1.1/tariffs"),
    "an operation of nobody": Case((404, 2000), target="/emsp/2.1.1/tokens/04AB"),
    "one segment too many": Case((404, 2000), target=f"{PATH}/more"),
    "an empty segment": Case((404, 2000), target="/cpo/2.1.1/tokens/FR//04AB"),
    "no UTF-8": Case((404, 2000), target=UNDECODABLE),
    "a broken escape": Case((404, 2000), target="/cpo/2.1.1/tokens/FR/ABC/%4"),
    "no token": Case((401, 2000), options={"authorization": ()}, headers={"www-authenticate": "Token"}),
    "no token, no such verb": Case((401, 2000), "DELETE", options={"authorization": ()}),
    "no such verb": Case((405, 2000), "DELETE", headers={"allow": "GET, PATCH"}),
    "a verb that is not overridden": Case((405, 2000), "PUT", body=BODY, headers={"allow": "GET, PATCH"}),
    "POST of what the caller owns": Case((405, 2000), "POST", body=BODY, headers={"allow": "GET, PATCH"}),
    "HEAD": Case((405, 2000), "HEAD", headers={"allow": "GET, PATCH"}),
    "OPTIONS": Case((405, 2000), "OPTIONS", LIST, headers={"allow": "GET"}),
    "TRACE": Case((405, 2000), "TRACE", "/emsp/versions", headers={"allow": "GET"}),
    "an endpoint with nothing at its own URL": Case((405, 2000), target="/cpo/2.1.1/tokens", headers={"allow": ""}),
    "left to the skeleton": Case((405, 2000), headers={"allow": "PATCH"}),
    "not now": Case((405, 2000), raised=errors.MethodNotAllowed(), headers={"allow": "PATCH"}),
    "not now, says the handler": Case(
        (405, 2000), raised=errors.MethodNotAllowed(allow=("PUT",)), headers={"allow": "PUT"}
    ),
    "not the caller's": Case((404, 2000), "PATCH", "/cpo/2.1.1/tokens/DE/ABC/04AB", body=b"{}"),
    "not the caller's, and not JSON": Case((404, 2000), "PATCH", "/cpo/2.1.1/tokens/DE/ABC/04AB", body=b"{"),
    "not now, and why": Case(
        (405, 2004),
        raised=errors.Refusal("Later.", http_status=405, status_code=2004, headers={"Retry-After": "9"}),
        headers={"allow": "PATCH", "retry-after": "9"},
    ),
    "with a header that is none": Case((500, 3000), raised=errors.Refusal(headers={"X: 1\r\nY": "2"})),
    "not there": Case((404, 2000), raised=errors.NotFound()),
    "too large": Case((413, 2000), "PATCH", body=b'{"visual_number": "%b"}' % (b"x" * 1000)),
    "not JSON": Case((400, 2001), "PATCH", body=b"{", pointer=""),
    "no body": Case((200, 2001), "PATCH", pointer=""),
    "not a Token": Case((200, 2001), "PATCH", body=b'{"valid": []}', pointer="/valid"),
    "another id": Case((200, 2001), "PATCH", body=b'{"uid": "1"}', pointer="/uid"),
    "a bad path parameter": Case((200, 2001), target="/cpo/2.1.1/tokens/FRA/ABC/1", pointer="path/country_code"),
    "a bad query parameter": Case((200, 2001), target=f"{LIST}?limit=0", pointer="query/limit"),
    "a bad query": Case((200, 2001), target=f"{LIST}?limit=%", pointer="query"),
    "a bad header": Case(
        (200, 2001),
        target=LIST,
        options={"headers": [("ocpi-to-party-id", "ABCD")]},
        pointer="header/ocpi-to-party-id",
    ),
    "too little information": Case((200, 2002), "POST", f"{LIST}/04AB/authorize"),
    "unknown location": Case((200, 2003), raised=errors.UnknownLocation()),
    "any refusal": Case((200, 2000), raised=errors.Refusal("No.", headers={"X-Why": "No"}), headers={"x-why": "No"}),
    "client unusable": Case((200, 3001), raised=errors.CannotUseClientApi()),
    "unsupported version": Case((200, 3002), raised=errors.UnsupportedVersion()),
    "missing endpoints": Case((200, 3003), raised=errors.MissingEndpoints()),
    "says it failed": Case((500, 3000), raised=errors.ServerFailure()),
    "failed": Case((500, 3000), raised=ZeroDivisionError("division by zero")),
    "failed with several": Case((500, 3000), raised=ExceptionGroup("two", [ValueError("1"), KeyError("2")])),
    "failed as a client": Case((500, 3000), raised=errors.PeerUnauthorized(http_status=401)),
}


@pytest.mark.requirement(
    "TF-ENV-01", "TF-ENV-02", "TF-ENV-03", "TF-ENV-06", "TF-METH-01", "TF-OWN-04", "TF-URL-03", "ST-400-01", "ST-400-02"
)
@pytest.mark.requirement("ST-200-01", "ST-404-01", "ST-2001-01", "ST-2001-02", "ST-2001-03", "ST-CODE-01", "ST-5XX-02")
@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_refusal_is_an_envelope(case: Case) -> None:
    app = serve(Tokens(case.raised), Lists(), settings=RouteSettings(max_body=1000))
    answer = call(app, case.method, case.target, body=case.body, **case.options)
    assert answer.codes == case.codes
    assert set(answer.envelope) == {"data", "status_code", "status_message", "timestamp"}
    assert isinstance(answer.envelope["status_message"], str)
    assert read_date_time(answer.envelope["timestamp"]) <= datetime.now(UTC)
    assert {name: answer.headers.get(name) for name in case.headers} == case.headers
    if case.pointer is None:
        assert answer.envelope["data"] == {}
    else:
        assert [place for place, _ in answer.problems] == [case.pointer]
        assert set(answer.envelope["data"]["problems"][0]) == {"pointer", "rule", "reason", "received"}


@pytest.mark.requirement("TF-AUTH-08")
def test_what_was_received_is_cut_and_holds_no_token() -> None:
    body = json.dumps({"uid": "04AB", "valid": {"token": "hunter2"}, "visual_number": ["x" * 5000]}).encode()
    answer = call(serve(Tokens()), "PATCH", PATH, body=body)
    assert answer.codes == (200, 2001)
    assert b"hunter2" not in answer.body
    assert len(answer.body) < 1000


@pytest.mark.requirement("TF-AUTH-01", "TF-AUTH-05", "TF-AUTH-06")
@pytest.mark.parametrize("path", [PATH, "/cpo/versions", "/cpo/2.1.1", "/cpo/2.1.1/tokens"])
@pytest.mark.parametrize(
    "authorization",
    [
        (),
        ("",),
        ("Token",),
        ("Token ",),
        ("Token unknown",),
        ("Token czNjcjN0LW9mLXRoZS1jYWxsZXI=",),
        (f"Basic {TOKEN}",),
        (f"Bearer {TOKEN}",),
        (TOKEN,),
        (f"Token {TOKEN} ",),
        (f"Token  {TOKEN}",),
        (f"Token {TOKEN}, Token {TOKEN}",),
        ("Token " + "x" * 65,),
        ("Token caf\xe9",),
        ("Token a\x00b",),
        (f"Token {TOKEN}", f"Token {TOKEN}"),
        (f"Token {TOKEN}", "Token other"),
    ],
)
def test_whoever_has_no_token_of_ours_is_refused(path: str, authorization: tuple[str, ...]) -> None:
    answer = call(serve(Tokens(ZeroDivisionError())), "GET", path, authorization=authorization)
    assert answer.codes == (401, 2000)
    assert answer.headers["www-authenticate"] == "Token"


@pytest.mark.parametrize("scheme", ["Token", "token", "TOKEN"])
def test_the_scheme_has_no_case(scheme: str) -> None:
    assert call(serve(Tokens(errors.NotFound())), "GET", PATH, authorization=(f"{scheme} {TOKEN}",)).status == 404
