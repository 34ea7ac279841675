"""Requests as they leave: URL, headers, body."""

import json
from datetime import UTC, datetime

import pytest

from ocpi211_runtime.errors import ForeignUrl
from ocpi211_runtime.exchange import CallOptions, Request, Response, build_call, page_calls
from ocpi211_runtime.operation import Operation
from tests.runtime.rows import (
    AUTHORIZE,
    GET,
    GET_CDR,
    HOST,
    LIST,
    PATCH,
    PUT,
    TOKEN,
    WHO,
    Contact,
    Kind,
    Token,
    TokenPatch,
    peer,
)


def request(
    operation: Operation, values: object = WHO, body: object = None, *, url: str | None = None, **options: object
) -> Request:
    known = CallOptions(**options)  # type: ignore[arg-type]
    return build_call(peer(), operation, dict(values), body, url=url, options=known).request  # type: ignore[call-overload]


@pytest.mark.requirement("TF-AUTH-02", "TF-AUTH-04", "CRED-GET-02")
def test_a_get_has_a_token_and_no_body() -> None:
    made = request(GET)
    assert made == Request(
        "GET",
        f"{HOST}/ocpi/tokens/FR/ABC/012345",
        {"Authorization": f"Token {TOKEN}", "Accept": "application/json"},
        None,
        "cpo.tokens.get_token",
    )


@pytest.mark.requirement("TF-HTTP-04", "TY-OUT-01", "TF-OWN-06")
def test_a_put_has_the_whole_object_as_json() -> None:
    made = request(PUT, WHO, Token(uid="012345", valid=True))
    assert made.method == "PUT"
    assert made.headers["Content-Type"] == "application/json"
    assert json.loads(made.body or b"") == {"uid": "012345", "valid": True}


@pytest.mark.requirement("TF-PATCH-09")
def test_a_patch_has_the_fields_given_and_null_to_unset() -> None:
    made = request(PATCH, WHO, TokenPatch(valid=False, note=None))
    assert json.loads(made.body or b"") == {"valid": False, "note": None}


def test_a_body_that_may_be_absent_leaves_no_content_type() -> None:
    made = request(AUTHORIZE)
    assert (made.url, made.body) == (f"{HOST}/ocpi/tokens/012345/authorize", None)
    assert "Content-Type" not in made.headers
    assert request(AUTHORIZE, WHO, Contact(name="x")).body == b'{"name":"x"}'


def test_a_body_that_is_needed_is_asked_for() -> None:
    with pytest.raises(ValueError, match="token: required"):
        request(PUT)


@pytest.mark.parametrize(
    ("operation", "body"),
    [
        (PUT, {"uid": "1", "valid": True}),
        (PATCH, Token(uid="1", valid=True)),
        (PUT, TokenPatch()),
        (GET, Contact(name="x")),
    ],
)
def test_a_body_of_another_type_is_not_sent(operation: Operation, body: object) -> None:
    with pytest.raises(TypeError, match="expected"):
        request(operation, WHO, body)


def test_bytes_are_sent_as_they_are() -> None:
    assert request(PUT, WHO, b'{"uid" : "1"}').body == b'{"uid" : "1"}'


@pytest.mark.requirement("TY-DT-05")
def test_a_query_has_what_is_given_with_colons_as_they_are() -> None:
    moment = datetime(2024, 5, 1, 12, tzinfo=UTC)
    made = request(LIST, {"date_from": moment, "offset": 0, "limit": None, "type": Kind.OTHER, "valid": False})
    assert made.url == f"{HOST}/ocpi/tokens?date_from=2024-05-01T12:00:00Z&offset=0&type=OTHER&valid=false"


def test_a_header_parameter_is_a_header() -> None:
    made = request(LIST, {"ocpi_to_party_id": "ABC"})
    assert made.headers["ocpi-to-party-id"] == "ABC"
    assert "?" not in made.url


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"limit": -1}, "limit: Input should be an integer of at least 0$"),
        ({"offset": "x"}, "offset: Input should be an integer of at least 0$"),
        ({"date_from": "yesterday"}, "date_from: Input should be a DateTime"),
    ],
)
def test_an_argument_that_breaks_its_type_is_not_sent(values: dict[str, object], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        request(LIST, values)


def test_headers_of_the_call_pass_over_those_of_the_client() -> None:
    known = peer(headers={"x-request-id": "client", "User-Agent": "acme"})
    options = CallOptions(headers={"X-Request-ID": "call", "X-Correlation-ID": "c", "accept": "*/*"})
    headers = build_call(known, GET, WHO, options=options).request.headers
    assert headers == {
        "Authorization": f"Token {TOKEN}",
        "accept": "*/*",
        "X-Request-ID": "call",
        "User-Agent": "acme",
        "X-Correlation-ID": "c",
    }


@pytest.mark.parametrize("name", ["Authorization", "authorization", "AUTHORIZATION"])
@pytest.mark.requirement("TF-AUTH-02")
def test_authorization_is_not_the_callers_to_set(name: str) -> None:
    with pytest.raises(ValueError, match="Authorization"):
        request(GET, headers={name: "Token other"})


@pytest.mark.parametrize("name", ["Content-Length", "transfer-encoding"])
def test_where_the_body_ends_is_not_the_callers_to_say(name: str) -> None:
    with pytest.raises(ValueError, match="the client itself sets"):
        request(PUT, WHO, Token(uid="1", valid=True), headers={name: "5"})


@pytest.mark.parametrize(
    "header",
    [{"X-A": "1\r\nX-B: 2"}, {"X A": "1"}, {"": "1"}, {"X-A": "é"}, {"X\n": "1"}, {"X-A": " 1"}, {"X-A": "1\t"}],
)
def test_a_header_that_would_become_two_is_refused(header: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="no header"):
        request(GET, headers=header)


@pytest.mark.requirement("CDR-URL-01")
@pytest.mark.parametrize("url", [f"{HOST}/their/own/path?x=%2F", "/their/own/path?x=%2F"])
def test_an_opaque_url_is_called_as_it_was_given(url: str) -> None:
    assert request(GET_CDR, {}, url=url).url == f"{HOST}/their/own/path?x=%2F"


@pytest.mark.requirement("TF-URL-05")
@pytest.mark.parametrize("url", ["https://evil.example/cdr", "//evil.example/cdr"])
def test_an_opaque_url_elsewhere_is_not_called(url: str) -> None:
    with pytest.raises(ForeignUrl):
        request(GET_CDR, {}, url=url)
    with pytest.raises(ForeignUrl):
        request(GET, url=url)


def test_an_option_replaces_the_url_with_its_query() -> None:
    options = CallOptions(url=f"{HOST}/page/7")
    assert build_call(peer(), LIST, {"limit": 5}, options=options).request.url == f"{HOST}/page/7"


def test_options_hold_for_one_call() -> None:
    known = peer(timeout=7.0, strict=True, max_bytes=99)
    call = build_call(known, GET, WHO)
    assert (call.timeout, call.strict, call.max_bytes) == (7.0, True, 99)
    call = build_call(known, GET, WHO, options=CallOptions(timeout=1.5, strict=False))
    assert (call.timeout, call.strict, call.max_bytes) == (1.5, False, 99)


@pytest.mark.parametrize("timeout", [0, -1.0, float("nan"), float("inf"), 1e12])
def test_a_timeout_that_makes_no_sense_is_told(timeout: float) -> None:
    with pytest.raises(ValueError, match="timeout"):
        request(GET, timeout=timeout)


def test_the_calls_of_a_crawl_keep_headers_and_leave_the_query_to_link() -> None:
    calls = page_calls(
        peer(), LIST, {"limit": 5, "ocpi_to_party_id": "ABC"}, CallOptions(headers={"X-Request-ID": "1"})
    )
    assert calls(None).request.url == f"{HOST}/ocpi/tokens?limit=5"
    following = calls(f"{HOST}/ocpi/tokens?offset=5&limit=2").request
    assert following.url == f"{HOST}/ocpi/tokens?offset=5&limit=2"
    assert following.headers == calls(None).request.headers


@pytest.mark.requirement("TF-AUTH-08")
def test_the_token_is_in_no_repr() -> None:
    made = request(PUT, WHO, Token(uid="1", valid=True))
    assert TOKEN not in repr(made)
    assert TOKEN not in repr(build_call(peer(), GET, WHO))
    assert "hush" not in repr(CallOptions(headers={"X-Api-Key": "hush"}))
    assert made.secret == TOKEN


def test_header_names_are_compared_without_case() -> None:
    response = Response(200, [("Link", "a"), ("LINK", "b")], b"hush")
    assert response.all("link") == ["a", "b"]
    assert (response.header("lInK"), response.header("x-limit")) == ("a", None)
    assert "hush" not in repr(response)
