"""Answers as they are taken: successes, refusals, and what is neither."""

import gc
from contextlib import suppress

import pytest

from ocpi211_runtime.errors import (
    MalformedAnswer,
    PeerMethodNotAllowed,
    PeerNotFound,
    PeerRefusal,
    PeerUnauthorized,
    Problem,
)
from ocpi211_runtime.exchange import Receipt, Request, Response
from ocpi211_runtime.reading import read_answer, read_page, read_receipt
from tests.runtime.rows import GET, HOST, LIST, REGISTER, TOKEN, Token, answered

REQUEST = Request("GET", f"{HOST}/ocpi/cdrs", {"Authorization": f"Token {TOKEN}"}, None, "cpo.tokens.get_token")
GOOD = '{"uid":"1","valid":true}'


def plain(body: str | bytes, status: int = 200, media_type: str = "") -> Response:
    content = body if isinstance(body, bytes) else body.encode()
    return Response(status, [("content-type", media_type)] if media_type else [], content)


@pytest.mark.parametrize("status", [200, 201, 202])
@pytest.mark.parametrize("code", [1000, 1001, 1999, "1001"], ids=repr)
@pytest.mark.requirement("ST-CODE-02", "GIR-HTTP-01")
def test_a_success_gives_its_data(status: int, code: int | str) -> None:
    assert read_answer(GET, REQUEST, answered(GOOD, code, status=status)) == Token(uid="1", valid=True)


@pytest.mark.requirement("TF-EXT-01")
def test_unknown_fields_of_the_data_are_kept_and_of_the_envelope_ignored() -> None:
    found = read_answer(GET, REQUEST, plain('{"data":{"uid":"1","valid":true,"acme":7},"status_code":1000,"x":1}'))
    assert found.model_extra == {"acme": 7}


@pytest.mark.parametrize("status", [200, 201, 400, 401, 403, 404, 405, 409, 500, 503])
@pytest.mark.parametrize("code", [2000, 2001, 2999, 3000, 3002, 4711, 0])
@pytest.mark.requirement("ST-2XXX-02", "ST-CODE-02")
def test_a_code_outside_1xxx_is_a_refusal_whatever_the_http_status(status: int, code: int) -> None:
    with pytest.raises(PeerRefusal) as caught:
        read_answer(GET, REQUEST, answered("null", code, status=status))
    assert (caught.value.http_status, caught.value.status_code) == (status, code)
    assert caught.value.status_message == "said so"
    assert (caught.value.operation, caught.value.url) == (REQUEST.operation, REQUEST.url)


@pytest.mark.parametrize("code", [1000, 2001])
@pytest.mark.parametrize(
    ("status", "kind"), [(401, PeerUnauthorized), (404, PeerNotFound), (405, PeerMethodNotAllowed), (500, PeerRefusal)]
)
def test_an_http_error_is_a_refusal_whatever_the_code(status: int, kind: type[PeerRefusal], code: int) -> None:
    with pytest.raises(kind) as caught:
        read_answer(GET, REQUEST, answered(GOOD, code, status=status))
    assert (type(caught.value), caught.value.status_code) == (kind, code)


@pytest.mark.parametrize("body", ["", "<html>Bad Gateway</html>", "[]", '{"error":"x"}', "\x00"])
@pytest.mark.parametrize(
    ("status", "kind"), [(401, PeerUnauthorized), (404, PeerNotFound), (405, PeerMethodNotAllowed), (502, PeerRefusal)]
)
def test_an_http_error_needs_no_envelope(status: int, kind: type[PeerRefusal], body: str) -> None:
    with pytest.raises(kind) as caught:
        read_answer(GET, REQUEST, plain(body, status))
    assert (type(caught.value), caught.value.status_code) == (kind, None)
    assert caught.value.body == body


@pytest.mark.requirement("ST-2001-03", "TF-ENV-09")
def test_a_refusal_gives_its_data_and_its_problems() -> None:
    data = '{"problems":[{"pointer":"/uid","rule":"missing","reason":"Field required","received":""}]}'
    with pytest.raises(PeerRefusal) as caught:
        read_answer(GET, REQUEST, answered(data, 2001))
    assert caught.value.problems == (Problem("/uid", "missing", "Field required"),)
    with pytest.raises(PeerRefusal) as caught:
        read_answer(GET, REQUEST, answered('"uid is missing"', 2001))
    assert (caught.value.data, caught.value.problems) == ("uid is missing", ())
    assert caught.value.body == ""


@pytest.mark.requirement("TF-AUTH-08")
def test_the_problems_that_a_peer_tells_do_not_show_the_token() -> None:
    told = f'{{"problems":[{{"pointer":"/{TOKEN}","rule":"r","reason":"who is {TOKEN}?","received":"{TOKEN}"}}]}}'
    with pytest.raises(PeerRefusal) as caught:
        read_answer(GET, REQUEST, answered(told, 2001))
    assert caught.value.problems == (Problem("/***", "r", "who is ***?", "***"),)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("code", [1000, 2001])
@pytest.mark.requirement("TF-HTTP-03")
def test_a_redirect_is_no_answer(status: int, code: int) -> None:
    with pytest.raises(MalformedAnswer, match="redirects are not followed") as caught:
        read_answer(GET, REQUEST, answered(GOOD, code, status=status, headers={"Location": "https://evil.example/"}))
    assert caught.value.http_status == status


@pytest.mark.parametrize(
    ("body", "reason", "first"),
    [
        ("", "not JSON", ""),
        ("<html>hello</html>", "not JSON", ""),
        (GOOD[:-1], "not JSON", ""),
        (b'{"data":"\xff"}', "not JSON", ""),
        ("[]", "no valid envelope", ""),
        ('"OK"', "no valid envelope", ""),
        (GOOD, "no valid envelope", "/data"),
        ('{"data":{},"status_code":null}', "no valid envelope", "/data/uid"),
        ('{"status_code":1000}', "breaks the schema", "/data"),
        ('{"data":null,"status_code":1000}', "breaks the schema", "/data"),
        (f'{{"data":[{GOOD}],"status_code":1000}}', "breaks the schema", "/data"),
        ('{"data":{"uid":7,"valid":true},"status_code":1000}', "breaks the schema", "/data/uid"),
    ],
)
@pytest.mark.requirement("TF-ENV-05", "TF-ENV-10")
def test_what_is_no_answer_says_what_is_wrong(body: str | bytes, reason: str, first: str) -> None:
    with pytest.raises(MalformedAnswer, match=reason) as caught:
        read_answer(GET, REQUEST, plain(body))
    assert caught.value.problems[0].pointer == first
    assert caught.value.body == (body.decode("utf-8", "replace") if isinstance(body, bytes) else body)
    assert (caught.value.operation, caught.value.http_status) == (REQUEST.operation, 200)


def test_a_broken_answer_is_shown_in_part() -> None:
    with pytest.raises(MalformedAnswer) as caught:
        read_answer(GET, REQUEST, plain("x" * 10_000))
    assert caught.value.body == "x" * 1000
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize("body", [f'{{"data":{GOOD},"status_code":1000}}', answered(GOOD, "1000").body.decode()])
@pytest.mark.requirement("TY-MODE-01")
def test_the_strict_reading_wants_the_envelope_of_the_text(body: str) -> None:
    response = plain(body, media_type="application/json; charset=UTF-8")
    assert read_answer(GET, REQUEST, response).uid == "1"
    with pytest.raises(MalformedAnswer):
        read_answer(GET, REQUEST, response, strict=True)


@pytest.mark.requirement("TF-HTTP-05")
def test_the_strict_reading_wants_json_by_name_with_or_without_charset() -> None:
    body = answered(GOOD).body
    for media_type in ["application/json", "Application/JSON; charset=UTF-8"]:
        assert read_answer(GET, REQUEST, plain(body, media_type=media_type), strict=True).uid == "1"
    for media_type in ["", "text/html"]:
        with pytest.raises(MalformedAnswer, match="Content-Type"):
            read_answer(GET, REQUEST, plain(body, media_type=media_type), strict=True)


def test_the_strict_reading_judges_the_data() -> None:
    response = answered('{"uid":"1","valid":true,"last_updated":"2024-05-01T12:00:00+02:00"}')
    assert read_answer(GET, REQUEST, response).last_updated is not None
    with pytest.raises(MalformedAnswer) as caught:
        read_answer(GET, REQUEST, response, strict=True)
    assert caught.value.problems[0].pointer == "/data/last_updated"


@pytest.mark.parametrize("data", ["{}", "null", None, "[]", '"done"'])
@pytest.mark.requirement("TF-ENV-09", "GIR-CDR-08")
def test_a_write_gives_a_receipt_whatever_its_data(data: str | None) -> None:
    assert read_receipt(REQUEST, answered(data)) == Receipt(200, created=False)


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        (f"{HOST}/cdrs/7", f"{HOST}/cdrs/7"),
        ("/ocpi/emsp/2.1.1/cdrs/7", f"{HOST}/ocpi/emsp/2.1.1/cdrs/7"),
        ("https://elsewhere.example/7", "https://elsewhere.example/7"),
        ("http://[bad", "http://[bad"),
        ("", None),
    ],
)
@pytest.mark.requirement("CDR-URL-01", "GIR-HTTP-01")
def test_a_receipt_tells_where_the_object_is(location: str, expected: str | None) -> None:
    response = answered(status=201, headers={"Location": location})
    assert read_receipt(REQUEST, response) == Receipt(201, created=True, location=expected)


def test_a_write_can_be_refused() -> None:
    with pytest.raises(PeerRefusal):
        read_receipt(REQUEST, answered(code=2001))
    with pytest.raises(MalformedAnswer):
        read_receipt(REQUEST, plain("OK"))


@pytest.mark.requirement("TF-AUTH-08")
@pytest.mark.parametrize(
    "response",
    [
        answered("{}", 2001, status=401),
        plain(f'{{"status_code":2001,"status_message":"who is {TOKEN}?"}}'),
        plain(f"who is {TOKEN}?"),
        answered(f'{{"token":"{TOKEN}","url":7}}'),
        answered('{"token":"other-hush","url":7}'),
        answered('{"token":"%s","url":"x"}' % ("hush" * 30)),
        plain('{"data":{"token":"other-hush","url":"https'),
    ],
)
def test_no_error_shows_a_token(response: Response) -> None:
    with pytest.raises((PeerRefusal, MalformedAnswer)) as caught:
        read_answer(REGISTER, REQUEST, response)
    shown = f"{caught.value} {caught.value!r} {vars(caught.value) if isinstance(caught.value, MalformedAnswer) else ''}"
    assert TOKEN not in shown
    assert "hush" not in shown
    assert caught.value.__context__ is None


def test_a_page_has_objects_numbers_and_the_next_url() -> None:
    headers = {"link": "</ocpi/cdrs?offset=1>;rel=next", "X-Total-Count": "7", "x-limit": "1"}
    found = read_page(LIST, REQUEST, answered(f"[{GOOD}]", headers=headers))
    assert ([one.uid for one in found.items], found.total, found.limit) == (["1"], 7, 1)
    assert (found.url, found.next_url) == (REQUEST.url, f"{HOST}/ocpi/cdrs?offset=1")


def test_a_page_without_headers_is_a_page() -> None:
    found = read_page(LIST, REQUEST, answered("[]"))
    assert (list(found.items), found.total, found.limit, found.next_url) == ([], None, None, None)


@pytest.mark.parametrize("data", ["{}", "null", None, GOOD, '"x"'])
@pytest.mark.requirement("TF-ENV-10")
def test_a_list_is_a_list(data: str | None) -> None:
    with pytest.raises(MalformedAnswer) as caught:
        read_page(LIST, REQUEST, answered(data))
    assert caught.value.problems[0].pointer == "/data"


@pytest.mark.parametrize("link", ["next", "<https://x@y/>; rel=next", "<https://cpo.example/a b>; rel=next"])
def test_a_link_that_leads_nowhere_is_told(link: str) -> None:
    with pytest.raises(MalformedAnswer, match="Link"):
        read_page(LIST, REQUEST, answered("[]", headers={"Link": link}))


@pytest.mark.requirement("TF-GET-01")
def test_a_page_keeps_the_good_objects() -> None:
    found = read_page(LIST, REQUEST, answered(f'[{GOOD},{{"uid":"2"}}]'))
    assert [one.uid for one in found.items] == ["1"]
    assert [one.pointer for one in found.rejected] == ["/data/1/valid"]


def test_a_list_can_be_refused() -> None:
    with pytest.raises(PeerRefusal) as caught:
        read_page(LIST, REQUEST, answered("[]", 2001))
    assert caught.value.status_code == 2001


@pytest.mark.parametrize("running", ["on", "off"])
@pytest.mark.parametrize(
    "body", [f'{{"data":[{GOOD}],"status_code":1000}}', '{"data":[],"status_code":2001}', "<html>"]
)
def test_reading_a_page_leaves_the_collector_as_it_was(running: str, body: str) -> None:
    before = gc.isenabled()
    (gc.enable if running == "on" else gc.disable)()
    try:
        with suppress(PeerRefusal, MalformedAnswer):
            read_page(LIST, REQUEST, plain(body))
        assert gc.isenabled() is (running == "on")
    finally:
        (gc.enable if before else gc.disable)()
