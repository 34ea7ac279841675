from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import MISSING

from ocpi211_runtime.answers import Caller, Incoming
from ocpi211_runtime.arguments import Arguments, Reader
from ocpi211_runtime.errors import BadRequest, InvalidParameters, NotFound
from tests.runtime.contract import CDR, CpoTokens, EmspCdrs, EmspTokens, TokenPatch, TokenType

LIST = EmspTokens.operations["list_tokens"]
AUTHORIZE = EmspTokens.operations["authorize_token"]
PUT = CpoTokens.operations["put_token"]
PATCH = CpoTokens.operations["patch_token"]
PUT_CDR = EmspCdrs.operations["put_cdr"]
PATH = Arguments(("FR", "ABC", "04AB"), {})


def named(query: str, *, headers: dict[str, str] | None = None, **how: Any) -> dict[str, Any]:
    """The arguments of a list call."""
    raw = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
    return dict(Reader(LIST, **how).arguments((), Incoming(query_string=query.encode(), raw_headers=raw)).named)


def wrong(query: str, **how: Any) -> list[tuple[str, str]]:
    """Where a list call is wrong, and which rule it breaks."""
    with pytest.raises(InvalidParameters) as refused:
        named(query, **how)
    return [(problem.pointer, problem.rule) for problem in refused.value.problems]


@pytest.mark.requirement("TF-PAGE-13")
def test_parameters_left_out_have_their_defaults() -> None:
    assert named("") == {"date_from": None, "offset": 0, "limit": None, "ocpi_to_party_id": None}


def test_parameters_are_validated() -> None:
    assert named("limit=5&offset=10&date_from=2024-05-02T10:00:00Z&unknown=1", headers={"OCPI-to-party-id": "ABC"}) == {
        "date_from": datetime(2024, 5, 2, 10, tzinfo=UTC),
        "offset": 10,
        "limit": 5,
        "ocpi_to_party_id": "ABC",
    }


def test_a_header_that_means_nothing_here_is_taken_for_absent() -> None:
    for value in ("ABC", "far too long"):
        read = named("", headers={"OCPI-to-party-id": value}, ignored_headers={"ocpi-to-party-id"})
        assert read["ocpi_to_party_id"] is None


@pytest.mark.requirement("TY-DT-03", "TY-DT-06")
@pytest.mark.parametrize(
    "text",
    ["2024-05-02T10:00:00", "2024-05-02T12:00:00+02:00", "2024-05-02T12:00:00%2B02:00", "2024-05-02T10%3A00%3A00.5Z"],
)
def test_a_lenient_reader_takes_what_peers_write_for_a_moment(text: str) -> None:
    assert named(f"date_from={text}")["date_from"] == datetime(2024, 5, 2, 10, tzinfo=UTC)


@pytest.mark.requirement("TF-PAGE-15", "TF-DATE-02", "ST-2001-02")
@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("limit=0", "query/limit"),
        ("limit=-1", "query/limit"),
        ("limit=ten", "query/limit"),
        ("limit=1.5", "query/limit"),
        ("limit=1_000", "query/limit"),
        ("limit=" + "9" * 30, "query/limit"),
        ("offset=-1", "query/offset"),
        ("offset=x", "query/offset"),
        ("date_from=yesterday", "query/date_from"),
        ("date_from=1714644000", "query/date_from"),
        ("limit=1&limit=2", "query/limit"),
        ("limit=%zz", "query"),
    ],
)
def test_a_wrong_parameter_is_named(query: str, place: str, *, strict: bool) -> None:
    assert [where for where, _ in wrong(query, strict=strict)] == [place]


def test_all_wrong_parameters_are_told_at_once() -> None:
    assert [place for place, _ in wrong("limit=0&offset=-1&date_from=x")] == [
        "query/date_from",
        "query/offset",
        "query/limit",
    ]


def test_an_empty_parameter_is_an_absent_one_unless_strict() -> None:
    assert named("limit=&date_from=") == named("")
    assert len(wrong("limit=&date_from=", strict=True)) == 2


def test_the_same_value_twice_is_one_value() -> None:
    assert named("limit=2&limit=2")["limit"] == 2


@pytest.mark.requirement("TF-PAGE-11")
@pytest.mark.parametrize(("query", "limit"), [("", 50), ("limit=7", 7), ("limit=50", 50), ("limit=1000000", 50)])
def test_a_limit_is_cut_down_to_the_maximum(query: str, limit: int) -> None:
    assert named(query, max_limit=50)["limit"] == limit


@pytest.mark.requirement("TOK-AUTH-05", "TOK-AUTH-07")
@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("", TokenType.RFID),
        ("type=OTHER", TokenType.OTHER),
        ("token_type=OTHER", TokenType.OTHER),
        ("token_type=OTHER&type=OTHER", TokenType.OTHER),
        ("type=APP_USER", TokenType("APP_USER")),
    ],
)
def test_an_alias_is_read_like_the_parameter(query: str, kind: TokenType) -> None:
    read = Reader(AUTHORIZE).arguments(("1",), Incoming(query_string=query.encode()))
    assert read == Arguments(("1",), {"type": kind})
    assert isinstance(read.named["type"], TokenType)


def test_an_alias_that_says_otherwise_is_a_conflict() -> None:
    with pytest.raises(InvalidParameters) as refused:
        Reader(AUTHORIZE).arguments(("1",), Incoming(query_string=b"type=RFID&token_type=OTHER"))
    assert [(found.pointer, found.rule) for found in refused.value.problems] == [("query/type", "conflict")]


def test_a_wrong_path_parameter_is_named() -> None:
    with pytest.raises(InvalidParameters) as refused:
        Reader(PUT).arguments(("FRA", "ABC", "1"), Incoming())
    assert [found.pointer for found in refused.value.problems] == ["path/country_code"]


@pytest.mark.parametrize("strict", [False, True])
def test_all_wrong_path_parameters_are_told_at_once(*, strict: bool) -> None:
    with pytest.raises(InvalidParameters) as refused:
        Reader(PUT, strict=strict).arguments(("FRA", "ABC", ""), Incoming())
    assert [found.pointer for found in refused.value.problems] == ["path/country_code", "path/token_uid"]


@pytest.mark.requirement("TF-OWN-02")
def test_an_owner_that_the_caller_is_not_is_not_found() -> None:
    Reader(PUT).check_owner(Caller("emsp", "FR", "ABC"), PATH)
    for stranger in (Caller("emsp", "FR", "XYZ"), Caller("emsp", "DE", "ABC")):
        with pytest.raises(NotFound):
            Reader(PUT).check_owner(stranger, PATH)


@pytest.mark.requirement("TOK-AUTH-02")
@pytest.mark.parametrize("raw", [b"", b" \r\n", b"null"])
def test_an_optional_body_may_be_left_out(raw: bytes) -> None:
    assert Reader(AUTHORIZE).body(raw, PATH) is None


def test_a_null_is_no_body_to_a_strict_reader() -> None:
    with pytest.raises(InvalidParameters):
        Reader(AUTHORIZE, strict=True).body(b"null", PATH)


@pytest.mark.requirement("ST-400-01")
@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b'{"uid": "1", "valid": true',
        b"{'uid': '1'}",
        b'{"uid": "\xff"}',
        b'{"uid": "\\ud800", "valid": true}',
        b'{"uid": "04AB", "valid": true, "x": NaN}',
        b'{"uid": "04AB", "valid": true, "x": [-Infinity]}',
        b'{"uid": "04AB", "valid": true} {}',
        b"[" * 100_000,
        b"\xef\xbb\xbf{}",
        b"uid=1",
    ],
)
def test_a_body_that_is_no_json_is_a_bad_request(raw: bytes) -> None:
    with pytest.raises(BadRequest) as refused:
        Reader(PUT).body(raw, PATH)
    assert refused.value.problems[0].pointer == ""


def test_the_words_nan_and_infinity_may_stand_in_a_string() -> None:
    body = Reader(PUT).body(b'{"uid": "04AB", "valid": true, "visual_number": "NaN Infinity"}', PATH)
    assert body is not None


@pytest.mark.requirement("ST-2XXX-01", "ST-2001-01", "ST-2001-03", "TF-PATCH-10")
@pytest.mark.parametrize(
    ("operation", "raw", "places"),
    [
        (PUT, b"", [""]),
        (PUT, b"null", [""]),
        (PUT, b"[]", [""]),
        (PUT, b"{}", ["/uid", "/valid"]),
        (PUT, b'{"uid": "04AB", "valid": 1, "visual_number": 5}', ["/valid", "/visual_number"]),
        (PATCH, b'{"valid": 1}', ["/valid"]),
    ],
)
def test_what_is_wrong_in_a_body_is_pointed_at(operation: Any, raw: bytes, places: list[str]) -> None:
    with pytest.raises(InvalidParameters) as refused:
        Reader(operation, strict=True).body(raw, PATH)
    assert [found.pointer for found in refused.value.problems] == places


@pytest.mark.requirement("TF-OWN-03", "TF-PATCH-07", "TY-STR-01")
@pytest.mark.parametrize(("operation", "uid"), [(PUT, "04ab"), (PUT, "05"), (PATCH, "05")])
def test_another_id_than_that_of_the_url_is_refused(operation: Any, uid: str) -> None:
    with pytest.raises(InvalidParameters) as refused:
        Reader(operation).body(b'{"uid": "%b", "valid": true}' % uid.encode(), PATH)
    assert [(found.pointer, found.rule, found.received) for found in refused.value.problems] == [
        ("/uid", "key", f'"{uid}"')
    ]


@pytest.mark.requirement("TF-PATCH-07")
@pytest.mark.parametrize("raw", [b'{"valid": false}', b'{"uid": "04AB", "valid": false}'])
def test_a_patch_need_not_repeat_the_id(raw: bytes) -> None:
    patch = Reader(PATCH).body(raw, PATH)
    assert isinstance(patch, TokenPatch)
    assert patch.visual_number is MISSING


@pytest.mark.requirement("TF-PATCH-06")
def test_a_patch_may_not_take_the_id_away() -> None:
    with pytest.raises(InvalidParameters):
        Reader(PATCH).body(b'{"uid": null}', PATH)


@pytest.mark.requirement("TY-CI-03")
def test_ids_without_case_are_compared_without_case_and_kept_as_they_came() -> None:
    cdr = Reader(PUT_CDR).body(b'{"id": "abc"}', Arguments(("ABC",), {}))
    assert isinstance(cdr, CDR)
    assert cdr.id == "abc"
    with pytest.raises(InvalidParameters):
        Reader(PUT_CDR).body(b'{"id": "abd"}', Arguments(("ABC",), {}))
