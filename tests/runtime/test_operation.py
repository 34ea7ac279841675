"""A row of the contract: parameters written, segments encoded and decoded."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Annotated
from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ocpi211_runtime import scalars
from ocpi211_runtime.operation import Operation, Parameter, decode_segment, encode_segment, type_adapter
from tests.runtime.rows import GET, LIST, OWNER, PAGING, WHO, Kind, String36, Token

HOSTILE = ["a/b", "%2F", "%", "..", ".", "...", "FR*A23*E45", "?a=b", "#x", "a b", "é€", "+", "~", "a;b", ":@", "\\"]
texts = st.text(st.characters(codec="utf-8"))


@given(texts)
@example("..")
@example(".")
@pytest.mark.requirement("TF-URL-02")
def test_a_segment_is_decoded_to_what_was_encoded(text: str) -> None:
    encoded = encode_segment(text)
    assert decode_segment(encoded) == decode_segment(encoded.encode()) == text


@given(texts)
@example("..")
def test_an_encoded_segment_is_one_segment_and_never_a_step_in_the_path(text: str) -> None:
    encoded = encode_segment(text)
    assert encoded not in {".", ".."}
    assert encoded.isascii()
    assert not set(encoded) & set("/?#\\ *")


@given(st.binary())
@example(b"%")
@example(b"%2")
@example(b"%zz")
@example(b"%ff")
@example(b"\xc3\xa9")
@example(b"a/b")
@pytest.mark.requirement("TF-URL-03")
def test_bytes_decode_strictly_or_not_at_all(raw: bytes) -> None:
    try:
        text = decode_segment(raw)
    except ValueError:
        return
    assert unquote(raw.decode("ascii"), errors="strict") == text


@pytest.mark.parametrize("raw", [b"%", b"%2", b"%zz", b"%ff", b"%c3", b"\xc3\xa9", b" ", b"\x00", "é", "%ED%A0%80"])
@pytest.mark.requirement("TF-URL-03")
def test_a_broken_segment_is_refused(raw: bytes | str) -> None:
    with pytest.raises(ValueError, match=r"percent-encoded|utf-8"):
        decode_segment(raw)


@pytest.mark.parametrize("identity", HOSTILE)
@pytest.mark.requirement("TF-URL-02")
def test_a_hostile_id_stays_in_its_segment(identity: str) -> None:
    suffix = GET.write_suffix({**WHO, "token_uid": identity})
    _, country, party, uid = suffix.split("/")
    assert (country, party, decode_segment(uid)) == ("FR", "ABC", identity)


def test_literal_segments_stand_where_the_row_has_them() -> None:
    row = Operation("a.b.c", "emsp", "b", "b", "c", "POST", "/x", ("{token_uid}", "authorize"), OWNER[2:], result=Token)
    assert row.write_suffix({"token_uid": "A/1"}) == "/A%2F1/authorize"
    assert LIST.write_suffix({}) == ""


def test_an_empty_id_is_refused_because_it_names_another_resource() -> None:
    row = Operation("a.b.c", "cpo", "b", "b", "c", "GET", "/x", ("{x}",), (Parameter("x", "x", "path", str),))
    with pytest.raises(ValueError, match="empty"):
        row.write_suffix({"x": ""})


def test_an_argument_that_breaks_its_type_is_named() -> None:
    with pytest.raises(ValueError, match="country_code: String should have at most 36"):
        GET.write_suffix({**WHO, "country_code": "x" * 37})


@pytest.mark.requirement("TY-DT-05")
@pytest.mark.parametrize(
    "moment",
    [
        datetime(2024, 5, 1, 12, 0, 0, 999, tzinfo=UTC),
        datetime(2024, 5, 1, 14, tzinfo=timezone(timedelta(hours=2))),
        datetime(2024, 5, 1, 12),  # noqa: DTZ001  (UTC, as without zone on the wire)
    ],
)
def test_a_datetime_is_written_in_utc_in_whole_seconds(moment: datetime) -> None:
    assert PAGING[0].write(moment) == "2024-05-01T12:00:00Z"


def test_numbers_enums_and_booleans_are_written_as_json_has_them() -> None:
    assert PAGING[1].write(50) == "50"
    assert PAGING[3].write(Kind.RFID) == "RFID"
    assert [PAGING[4].write(value) for value in (True, False)] == ["true", "false"]


def test_parameters_are_told_apart_by_their_place() -> None:
    assert [one.name for one in LIST.query_parameters] == ["date_from", "offset", "limit", "type", "valid"]
    assert [one.name for one in LIST.header_parameters] == ["ocpi-to-party-id"]
    assert GET.path_parameters == OWNER


def test_equal_types_share_a_validator() -> None:
    other = Annotated[str, scalars.Identifier(min_length=1, max_length=36)]
    assert type_adapter(String36) is type_adapter(other)
    assert OWNER[0].adapter is OWNER[1].adapter
    assert GET.result_adapter is LIST.result_adapter
