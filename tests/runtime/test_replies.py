from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocpi211_runtime.answers import Created, Incoming, PageResult
from ocpi211_runtime.dispatch import read_query
from ocpi211_runtime.errors import MethodNotAllowed, Refusal, Unauthorized
from ocpi211_runtime.pages import parse_next
from ocpi211_runtime.replies import Reply, refusal_reply, result_reply
from tests.runtime.contract import CDR, CpoTokens, EmspCdrs, EmspTokens, Token

LIST = EmspTokens.operations["list_tokens"]
GET = CpoTokens.operations["get_token"]
PUT = CpoTokens.operations["put_token"]
PATCH = CpoTokens.operations["patch_token"]
POST_CDR = EmspCdrs.operations["post_cdr"]
texts = st.text(st.characters(exclude_categories=["Cs"]))
URL = "https://ocpi.example.com/ocpi"


def reply(operation: Any, result: object, query: str = "", **how: Any) -> Reply:
    """The reply to a request whose parameters are those of the query."""
    path = tuple(operation.path.strip("/").split("/"))
    request = Incoming(path=path, query_string=query.encode(), operation=operation)
    numbers = {name: int(value) for name, value in parse_qsl(query) if name in {"offset", "limit"}}
    return result_reply(result, request, numbers, public_url=URL, **how)


def data(sent: Reply) -> object:
    content: object = json.loads(sent.body)["data"]
    return content


def headers(sent: Reply) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in sent.headers}


def link(sent: Reply) -> dict[str, str] | None:
    """The query of the next page."""
    target = parse_next(value.decode() for name, value in sent.headers if name == b"link")
    if target is None:
        return None
    assert target.startswith(f"{URL}/emsp/2.1.1/tokens?")
    return dict(read_query(urlsplit(target).query.encode()))


def page(count: int, total: int, **rest: Any) -> PageResult[Token]:
    return PageResult([Token(uid=str(number), valid=True) for number in range(count)], total, **rest)


@pytest.mark.requirement("TF-ENV-04", "TF-ENV-05", "TY-OUT-01")
def test_a_model_is_written_bare_and_without_nulls() -> None:
    sent = reply(GET, Token(uid="1", valid=True))
    assert (sent.status, data(sent)) == (200, {"uid": "1", "valid": True})


def test_bytes_are_passed_on_as_they_are() -> None:
    assert b'"data":{"uid" :"1"},' in reply(GET, b'{"uid" :"1"}').body
    assert b'"data":[{"uid" :"1"},{"uid":"2"}],' in reply(LIST, PageResult([b'{"uid" :"1"}', b'{"uid":"2"}'], 2)).body
    whole = reply(LIST, PageResult(b'[{"uid" :"1"}]', 2, 1, {"after": "1"}), "limit=7")
    assert b'"data":[{"uid" :"1"}],' in whole.body
    assert (headers(whole)["x-limit"], link(whole)) == ("1", {"after": "1", "limit": "1"})


@pytest.mark.requirement("TF-ENV-08", "ST-201-02")
def test_a_write_that_answers_nothing_answers_an_empty_object() -> None:
    sent = reply(PATCH, None)
    assert (sent.status, sent.headers, data(sent)) == (200, [], {})


@pytest.mark.requirement("ST-201-01", "CDR-EMSP-01")
def test_something_new_is_answered_201_with_its_place() -> None:
    sent = reply(POST_CDR, Created("/ocpi/emsp/2.1.1/cdrs/1"))
    assert (sent.status, headers(sent), data(sent)) == (201, {"location": "/ocpi/emsp/2.1.1/cdrs/1"}, {})
    assert reply(PUT, Created()).headers == []
    assert data(reply(PUT, Created(data=CDR(id="1")))) == {"id": "1"}


@pytest.mark.requirement("GIR-HTTP-02")
def test_a_profile_may_answer_200_to_everything() -> None:
    assert reply(PUT, Created(), created_status=200).status == 200


@pytest.mark.parametrize(
    ("operation", "result"),
    [
        (GET, None),
        (GET, page(1, 1)),
        (GET, Created()),
        (PATCH, Created()),
        (LIST, None),
        (LIST, [b"{}"]),
        (LIST, b"[]"),
        (LIST, PageResult(b"[]", 0)),
        (LIST, PageResult(b"[]", 0, limit=1)),
        (LIST, PageResult(b"[]", 0, next={})),
    ],
)
def test_what_an_operation_cannot_answer_is_the_handlers_fault(operation: Any, result: object) -> None:
    with pytest.raises(TypeError, match=operation.id):
        reply(operation, result)


@pytest.mark.requirement("TF-PAGE-01", "TF-PAGE-14", "GIR-PAGE-02")
@pytest.mark.parametrize(
    ("result", "query", "limit"),
    [
        (page(0, 0), "", "1"),
        (page(3, 3), "", "3"),
        (page(3, 9), "limit=3", "3"),
        (page(3, 9, limit=100), "limit=500", "100"),
        (page(0, 9), "limit=3&offset=9", "3"),
    ],
)
def test_every_page_tells_the_total_and_its_limit(result: PageResult[Token], query: str, limit: str) -> None:
    sent = headers(reply(LIST, result, query))
    assert (sent["x-total-count"], sent["x-limit"]) == (str(result.total), limit)


@pytest.mark.requirement("TF-PAGE-05", "TF-PAGE-06", "TF-PAGE-10", "TF-PAGE-11", "TF-PAGE-16")
@pytest.mark.parametrize(
    ("result", "query", "following"),
    [
        (page(3, 9), "limit=3", {"offset": "3", "limit": "3"}),
        (page(3, 9), "", {"offset": "3"}),
        (page(3, 9), "offset=5&limit=3", {"offset": "8", "limit": "3"}),
        (page(3, 9), "offset=6&limit=3", None),
        (page(2, 9), "limit=3", {"offset": "2", "limit": "3"}),
        (page(0, 9), "limit=3", None),
        (page(0, 0), "", None),
        (page(3, 9, limit=100), "limit=500", {"offset": "3", "limit": "100"}),
        (page(3, 9, next={"cursor": "a/b"}), "limit=3&offset=4", {"cursor": "a/b", "limit": "3"}),
        (page(3, 9, next={"offset": "7", "limit": "2"}), "limit=3", {"offset": "7", "limit": "2"}),
        (page(3, 9, next={}), "limit=3", None),
    ],
)
def test_the_link_leads_to_the_next_page(
    result: PageResult[Token], query: str, following: dict[str, str] | None
) -> None:
    assert link(reply(LIST, result, query)) == following


@pytest.mark.requirement("TF-PAGE-06")
@given(st.dictionaries(texts.filter(bool), texts))
def test_the_link_keeps_every_filter(filters: dict[str, str]) -> None:
    request = Incoming(path=("emsp", "2.1.1", "tokens"), operation=LIST)
    request.query = tuple(filters.items())
    sent = result_reply(page(1, 2), request, {}, public_url=URL)
    assert link(sent) == {
        **{name: value for name, value in filters.items() if name not in {"offset", "limit"}},
        "offset": "1",
    }


def test_a_date_in_a_link_can_be_read() -> None:
    sent = reply(LIST, page(1, 2), "date_from=2024-05-02T10%3A00%3A00Z")
    assert headers(sent)["link"] == f'<{URL}/emsp/2.1.1/tokens?date_from=2024-05-02T10:00:00Z&offset=1>; rel="next"'


@pytest.mark.requirement("TF-PAGE-03")
@given(st.integers(0, 30), st.integers(1, 12))
def test_links_lead_through_the_whole_list_once(total: int, limit: int) -> None:
    seen: list[object] = []
    query: dict[str, str] | None = {"limit": str(limit)}
    while query is not None:
        offset = int(query.get("offset", "0"))
        items = [b"%d" % number for number in range(offset, min(offset + limit, total))]
        text = "&".join(f"{name}={value}" for name, value in query.items())
        sent = reply(LIST, PageResult[Token](items, total), text)
        content = data(sent)
        assert isinstance(content, list)
        seen += content
        query = link(sent)
    assert seen == list(range(total))


def test_a_refusal_has_its_headers() -> None:
    assert headers(refusal_reply(MethodNotAllowed(allow=("GET", "PUT")))) == {"allow": "GET, PUT"}
    assert headers(refusal_reply(Unauthorized())) == {"www-authenticate": "Token"}
    assert headers(refusal_reply(Refusal(headers={"Retry-After": "1\r\nX: 2", "X-Name": "\u20ac"}))) == {
        "retry-after": "1  X: 2",
        "x-name": "?",
    }


@pytest.mark.parametrize(
    "name", ["X: 1\r\nY", "", "x y", "\u20ac", "Content-Length", "content-type", "Transfer-Encoding"]
)
def test_a_header_that_would_break_the_answer_is_the_handlers_fault(name: str) -> None:
    with pytest.raises(ValueError, match="is no header of a refusal"):
        refusal_reply(Refusal(headers={name: "1"}))


def test_a_page_may_hold_objects_and_json_at_once() -> None:
    mixed = PageResult([Token(uid="1", valid=True), b'{"uid" :"2"}'], 2)
    assert b'"data":[{"uid":"1","valid":true},{"uid" :"2"}],' in reply(LIST, mixed).body
    assert data(reply(LIST, PageResult((Token(uid="1", valid=True),), 1))) == [{"uid": "1", "valid": True}]
