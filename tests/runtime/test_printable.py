"""Control characters are looked for once a body: what is read, refused and reported stays the same."""

import json
import unicodedata
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from ocpi211_runtime.model import OcpiModel
from ocpi211_runtime.printable import JsonReader, has_no_control, json_reader
from ocpi211_runtime.scalars import DateTime, Identifier, Integer, Number, Text


class Place(OcpiModel):
    """One field of each kind that the two validators treat apart."""

    id: Annotated[str, Identifier(min_length=1, max_length=6)]
    name: Annotated[str, Text(max_length=6)] | None = None
    code: Annotated[str, Identifier(min_length=1, max_length=6, blank=True)] | None = None
    price: Annotated[Decimal, Number()] | None = None
    seen: Annotated[datetime, DateTime()] | None = None
    parts: list["Place"] | None = None


class WhollyStrict(Place):
    """As an application may derive it."""

    model_config = ConfigDict(strict=True)


class PartlyStrict(Place):
    """As an application may derive it."""

    count: Annotated[int, Integer(), Field(strict=True)] | None = None


TEXTS = st.text(st.characters(codec="utf-8") | st.sampled_from("\n\x7f\x80\x9f\xa0\\"), max_size=7)
OBJECTS = st.fixed_dictionaries(
    {"id": TEXTS},
    optional={
        "name": TEXTS,
        "code": TEXTS,
        "price": st.none() | st.floats() | st.integers() | st.sampled_from(["1.50", "x", "NaN", "1e400", "1.7e308"]),
        "seen": st.sampled_from(["2015-06-29T20:39:09Z", "2015-06-29T20:39:09", "1435610349", "20150629T203909Z0000"]),
        "acme": TEXTS,
        "parts": st.lists(st.fixed_dictionaries({"id": TEXTS}), max_size=2),
    },
)


def outcome(read: Any, body: Any) -> object:
    try:
        found = read(body)
    except ValidationError as error:
        return repr(error.errors(include_url=False, include_context=False))  # NaN is not equal to itself
    return repr(found), found.model_extra


@given(value=OBJECTS, escaped=st.booleans())
@example(value={"id": "a", "price": float("inf")}, escaped=True)
def test_every_body_is_read_and_refused_as_by_the_one_validator_that_looks_at_each_string(
    *, value: object, escaped: bool
) -> None:
    body = json.dumps(value, ensure_ascii=escaped).encode()
    expected = outcome(TypeAdapter(Place).validate_json, body)
    assert outcome(json_reader(Place).validate_json, body) == expected
    assert outcome(Place.model_validate_json, body) == expected
    assert outcome(Place.model_validate_json, bytearray(body)) == expected
    assert outcome(Place.model_validate_json, body.decode()) == expected


@given(value=st.recursive(TEXTS, lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner)), escaped=st.booleans())
def test_no_control_character_is_overlooked(*, value: object, escaped: bool) -> None:
    body = json.dumps(value, ensure_ascii=escaped).encode()
    held = any(unicodedata.category(char) == "Cc" for char in texts(value))
    assert not (held and has_no_control(body))


def texts(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "".join(map(texts, [*value, *value.values()] if isinstance(value, dict) else value))


@pytest.mark.parametrize("body", [b'"Rue du March\\u00e9"', '"Marché n° 5 « été » 😀"'.encode(), b'"https:\\/\\/a"'])
def test_what_people_write_is_found_free_of_them(body: bytes) -> None:
    assert has_no_control(body)


def test_a_body_free_of_them_never_meets_the_patterns(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = JsonReader(TypeAdapter(Place))
    reader.validate_json(b'{"id":"1"}')
    monkeypatch.delattr(reader, "_adapter")
    assert reader.validate_json('{"id":"1","name":"été"}'.encode()).name == "été"


def test_strict_reads_as_before() -> None:
    assert Place.model_validate_json('{"id":"1","name":"été"}'.encode()).name == "été"
    with pytest.raises(ValidationError, match="pattern"):
        Place.model_validate_json('{"id":"1","name":"été"}'.encode(), strict=True)


@pytest.mark.parametrize(("form", "member"), [(WhollyStrict, b"price"), (PartlyStrict, b"count")])
def test_a_derived_class_that_is_strict_itself_is_never_read_leniently(form: type[Place], member: bytes) -> None:
    assert form.model_validate_json(b'{"id":"1","%b":5}' % member).id == "1"
    with pytest.raises(ValidationError, match=r"number|integer"):
        form.model_validate_json(b'{"id":"1","%b":"5"}' % member)


def test_other_options_of_pydantic_pass() -> None:
    with pytest.raises(ValidationError, match="extra_forbidden"):
        Place.model_validate_json(b'{"id":"1","acme":2}', extra="forbid")


def test_what_is_unknown_does_not_lie_among_the_fields() -> None:
    read = Place.model_validate_json(b'{"id":"1","acme":2}')
    assert (read.model_extra, "acme" in vars(read), "__pydantic_extra__" in vars(read)) == ({"acme": 2}, False, False)
