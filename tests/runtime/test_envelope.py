"""The envelope: spliced as bytes, read in one pass, lenient and strict."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ocpi211_runtime.envelope import (
    envelope_adapter,
    read_problems,
    read_status,
    to_wire,
    write_envelope,
    write_refusal,
)
from ocpi211_runtime.errors import InvalidParameters, NotFound, Problem
from ocpi211_runtime.scalars import read_date_time
from tests.runtime.rows import NOW, Contact, Token, TokenPatch

WHEN = datetime(2024, 5, 1, 12, 0, 0, 5, tzinfo=UTC)


@pytest.mark.requirement("TF-ENV-02", "TF-ENV-03", "TF-ENV-07")
def test_an_answer_has_data_code_message_and_time() -> None:
    body = write_envelope(b'{"uid":"1"}', now=WHEN)
    assert json.loads(body) == {
        "data": {"uid": "1"},
        "status_code": 1000,
        "status_message": "Success",
        "timestamp": NOW,
    }


@pytest.mark.requirement("TF-ENV-08")
def test_a_write_that_answers_nothing_carries_an_empty_object() -> None:
    assert json.loads(write_envelope(now=WHEN))["data"] == {}


def test_the_time_is_now_unless_said_otherwise() -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    written = read_date_time(json.loads(write_envelope())["timestamp"])
    assert before <= written <= datetime.now(UTC)


def test_data_may_be_left_out() -> None:
    assert "data" not in json.loads(write_envelope(None))


@given(st.text(st.characters(codec="utf-8")), st.integers(1000, 9999))
def test_any_message_is_read_as_it_was_written(message: str, code: int) -> None:
    assert read_status(write_envelope(b"[1]", code, message)) == (code, message, [1])


@pytest.mark.requirement("ST-2001-03")
def test_a_refusal_names_the_fields_at_fault_and_is_read_back() -> None:
    problems = (Problem("/uid", "missing", "Field required"), Problem("/a~1b", "x", "y", "'z'"))
    code, message, data = read_status(write_refusal(InvalidParameters("look", problems=problems)))
    assert (code, message, read_problems(data)) == (2001, "look", problems)


def test_a_refusal_without_problems_carries_an_empty_object() -> None:
    assert read_status(write_refusal(NotFound())) == (2000, "There is no such object.", {})


@pytest.mark.parametrize("data", [None, [], "x", 7, {}, {"problems": "x"}, {"problems": [1, None, "x"]}])
@pytest.mark.requirement("TF-ENV-09")
def test_whatever_a_refusal_carries_is_no_reason_to_fail(data: object) -> None:
    assert read_problems(data) == ()


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"null", b"{}", b'{"status_code": null}', b'{"status_code": true}', b"\xff"]
)
def test_what_is_no_envelope_has_no_status_code(body: bytes) -> None:
    assert read_status(body)[0] is None


@pytest.mark.parametrize("text", ["12", "10000", "abcd", "-100", "²000"])
def test_a_status_code_in_a_string_has_four_digits(text: str) -> None:
    assert read_status(json.dumps({"status_code": text}).encode())[0] is None


LENIENT = [
    '{"data":{"uid":"1","valid":true},"status_code":1000}',
    '{"data":{"uid":"1","valid":true},"status_code":"1000","timestamp":"2024-05-01T12:00:00Z"}',
    '{"data":{"uid":"1","valid":true},"status_code":1000,"timestamp":"yesterday"}',
    '{"data":{"uid":"1","valid":true},"status_code":1000,"timestamp":17,"status_message":["x"]}',
]


@pytest.mark.parametrize("body", LENIENT)
def test_the_lenient_reading_cares_for_code_and_data_alone(body: str) -> None:
    assert envelope_adapter(Token).validate_json(body).data == Token(uid="1", valid=True)


@pytest.mark.parametrize("body", LENIENT[1:])
def test_the_strict_reading_judges_every_member(body: str) -> None:
    with pytest.raises(ValidationError):
        envelope_adapter(Token).validate_json(body, strict=True)


@pytest.mark.parametrize("code", [999, 2000, 2001, 3000, 0, -1000])
def test_only_1xxx_is_a_success(code: int) -> None:
    with pytest.raises(ValidationError):
        envelope_adapter(Token).validate_json(f'{{"data":{{"uid":"1","valid":true}},"status_code":{code}}}')


@pytest.mark.parametrize("data", ['"data":{},', '"data":null,', "", '"data":[1],'])
@pytest.mark.requirement("TF-ENV-09")
def test_the_data_of_a_write_is_not_looked_at(data: str) -> None:
    assert envelope_adapter(None).validate_json(f'{{{data}"status_code":1000}}').status_code == 1000


@pytest.mark.requirement("TY-OUT-01")
def test_absent_optional_fields_are_left_out() -> None:
    token = Token(uid="1", valid=True, contact=Contact(name="x"))
    assert json.loads(to_wire(token)) == {"uid": "1", "valid": True, "contact": {"name": "x"}}
    assert to_wire([Contact(name="a"), b'{"raw":1}']) == b'[{"name":"a"},{"raw":1}]'
    assert to_wire([]) == b"[]"


@pytest.mark.requirement("TF-PATCH-09")
def test_a_patch_keeps_null_at_its_top_and_leaves_out_what_is_missing() -> None:
    patch = TokenPatch(note=None, contact=Contact(name="x", website=None))
    assert json.loads(to_wire(patch, keep_null=True)) == {"note": None, "contact": {"name": "x"}}
    assert to_wire(TokenPatch(), keep_null=True) == b"{}"
    assert to_wire(TokenPatch(contact=None), keep_null=True) == b'{"contact":null}'


def test_a_patch_keeps_null_in_fields_nobody_knows() -> None:
    patch = TokenPatch.model_validate({"valid": False, "acme": None})
    assert to_wire(patch, keep_null=True) == b'{"valid":false,"acme":null}'


def test_bytes_pass_as_they_are() -> None:
    assert to_wire(b' {"a" : 1.10}') == b' {"a" : 1.10}'
