"""`ocpi211_runtime.drawing` and `recipes`: what is drawn is valid, varied and cheap."""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, ClassVar, TypeVar
from urllib.parse import urlsplit

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from ocpi211_runtime import drawing
from ocpi211_runtime.enums import OpenEnum
from ocpi211_runtime.model import ExclusiveModel, OcpiModel
from ocpi211_runtime.recipes import Recipe, wire
from ocpi211_runtime.scalars import Boolean, DateTime, Identifier, Number

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

T = TypeVar("T")

HOSTILE = ("a/b", "100%", "*", "?x", "#1", ".")


def sample(strategy: SearchStrategy[T]) -> list[T]:
    """A thousand draws, the same in every run."""
    drawn: list[T] = []

    @settings(max_examples=1000, database=None, derandomize=True)
    @given(strategy)
    def draw(value: T) -> None:
        drawn.append(value)

    draw()
    return drawn


class TestIdentifiers:
    @given(st.data(), st.integers(0, 3), st.sampled_from([1, 2, 3, 4, 5, 10, 36, 39, 48, 255, 5000]))
    def test_are_printable_ascii_within_their_length(self, data: st.DataObject, least: int, most: int) -> None:
        drawn = data.draw(drawing.identifiers(min(least, most), most))
        assert re.fullmatch(r"[ -~]+", drawn)
        assert least <= len(drawn) <= most or least > most

    def test_include_what_breaks_urls(self) -> None:
        assert set(HOSTILE) <= set(sample(drawing.identifiers(1, 36)))

    def test_are_drawn_up_to_the_last_character(self) -> None:
        assert max(map(len, sample(drawing.identifiers(max_length=39)))) == 39

    def test_shrink_to_the_plainest(self) -> None:
        assert find(drawing.identifiers(max_length=39), lambda _: True) == "0"

    @given(drawing.identifiers(max_length=64, pattern="^[!-~]{1,64}$"))
    def test_of_one_character_class(self, drawn: str) -> None:
        assert re.fullmatch("[!-~]{1,64}", drawn)

    @given(drawing.identifiers(max_length=9, pattern=r"^(ab|c[0-9]{2})-x+$"))
    def test_of_any_other_pattern(self, drawn: str) -> None:
        assert re.fullmatch(r"(ab|c[0-9]{2})-x+", drawn)
        assert len(drawn) <= 9

    @pytest.mark.parametrize(
        ("pattern", "shortest", "longest"),
        [
            ("^[A-Z]{2}$", 2, 2),
            ("^[A-Z]{2,}$", 2, 16),
            ("^[A-Z]{1,3}$", 1, 3),
            ("^[A-Z]+$", 1, 16),
            ("^[A-Z]*$", 1, 16),
        ],
    )
    def test_a_class_counts_as_the_pattern_says(self, pattern: str, shortest: int, longest: int) -> None:
        lengths = {len(drawn) for drawn in sample(drawing.identifiers(max_length=99, pattern=pattern))}
        assert (min(lengths), max(lengths)) == (shortest, longest)

    @given(drawing.ci_strings(1, 36), drawing.secrets(1, 64))
    def test_ci_strings_and_secrets(self, ci_string: str, secret: str) -> None:
        assert re.fullmatch(r"[ -~]{1,36}", ci_string)
        assert re.fullmatch(r"[!-~]{1,64}", secret)


class TestTexts:
    @given(st.data(), st.sampled_from([1, 2, 4, 45, 255]))
    def test_hold_neither_control_characters_nor_surrogates(self, data: st.DataObject, most: int) -> None:
        drawn = data.draw(drawing.texts(max_length=most))
        assert 1 <= len(drawn) <= most
        assert not {unicodedata.category(character) for character in drawn} & {"Cc", "Cs"}
        assert drawn.encode().decode() == drawn

    def test_leave_ascii(self) -> None:
        assert any(not drawn.isascii() and len(drawn) == 45 for drawn in sample(drawing.texts(max_length=45)))


class TestUrls:
    @given(drawing.urls())
    def test_are_absolute_https_within_255_characters(self, drawn: str) -> None:
        parts = urlsplit(drawn)
        assert parts.scheme == "https"
        assert parts.hostname
        assert re.fullmatch(r"[!-~]{1,255}", drawn)

    def test_reach_the_last_character(self) -> None:
        assert max(map(len, sample(drawing.urls()))) == 255


class TestTimes:
    @given(drawing.date_times())
    def test_moments_are_in_utc_of_whole_seconds(self, drawn: datetime) -> None:
        assert drawn.tzinfo is UTC
        assert drawn.microsecond == 0
        assert 2000 <= drawn.year <= 2099

    @given(st.data(), drawing.date_times(), st.integers(0, 10**6))
    def test_moments_within_bounds(self, data: st.DataObject, earliest: datetime, seconds: int) -> None:
        latest = earliest + timedelta(seconds=seconds)
        assert earliest <= data.draw(drawing.date_times(earliest, latest)) <= latest

    def test_moments_spread_over_the_century(self) -> None:
        assert any(drawn.year > 2030 and drawn.hour > 1 for drawn in sample(drawing.date_times()))

    @given(drawing.times(), drawing.dates())
    def test_times_and_dates_are_strings_of_fixed_form(self, time: str, date: str) -> None:
        assert datetime.strptime(f"{date} {time}", "%Y-%m-%d %H:%M").strftime("%Y-%m-%d %H:%M") == f"{date} {time}"  # noqa: DTZ007


class TestNumbers:
    @given(drawing.numbers())
    def test_leave_exactly_as_json_numbers(self, drawn: Decimal) -> None:
        assert Decimal(repr(float(drawn))) == drawn
        assert drawn == round(drawn, 4)
        assert drawn.is_finite()

    @given(drawing.numbers(0, 100), drawing.numbers(None, -5), drawing.numbers(5, None))
    def test_keep_their_bounds(self, percentage: Decimal, low: Decimal, high: Decimal) -> None:
        assert 0 <= percentage <= 100
        assert low <= -5
        assert high >= 5

    @given(drawing.integers(), drawing.integers(1, 7), drawing.integers(None, None), drawing.integers(-9, -3))
    def test_integers_keep_their_bounds(self, free: int, weekday: int, unbound: int, negative: int) -> None:
        assert 0 <= free < 2**31
        assert 1 <= weekday <= 7
        assert 0 <= unbound < 2**31
        assert -9 <= negative <= -3


class TestDegrees:
    @given(drawing.latitudes(), drawing.longitudes())
    def test_have_six_decimals_within_the_globe(self, latitude: str, longitude: str) -> None:
        assert re.fullmatch(r"-?[0-9]{1,2}\.[0-9]{6}", latitude)
        assert re.fullmatch(r"-?[0-9]{1,3}\.[0-9]{6}", longitude)
        assert abs(Decimal(latitude)) <= 90
        assert abs(Decimal(longitude)) <= 180

    def test_reach_the_ends(self) -> None:
        assert {"-180.000000", "180.000000"} <= set(sample(drawing.longitudes()))


class TestCodes:
    @given(
        drawing.countries(), drawing.country_codes(), drawing.currencies(), drawing.languages(), drawing.time_zones()
    )
    def test_are_of_their_length(self, country: str, code: str, currency: str, language: str, zone: str) -> None:
        assert [len(one) for one in (country, code, currency, language)] == [3, 2, 3, 2]
        assert len(zone) <= 32


class Colour(OpenEnum):
    RED = "RED"
    BLUE = "BLUE"


class Period(OcpiModel):
    begin: Annotated[datetime, DateTime()]
    end: Annotated[datetime, DateTime()] | None = None


class Slot(OcpiModel):
    begin: Annotated[str, Identifier(max_length=10)]
    end: Annotated[str, Identifier(max_length=10)]


class Choice(ExclusiveModel):
    exclusive: ClassVar[tuple[tuple[str, str], ...]] = (("always", "slots"),)

    always: Annotated[bool, Boolean()] | None = None
    slots: list[Slot] | None = None
    price: Annotated[Decimal, Number()] | None = None


PERIODS = Recipe(
    Period,
    required=lambda: {"begin": drawing.date_times()},
    optional=lambda: {"end": drawing.date_times()},
    ordered=(("begin", "end"),),
)
SLOTS = Recipe(Slot, required=lambda: {"begin": drawing.times(), "end": drawing.times()}, ordered=(("begin", "end"),))
DAYS = Recipe(Slot, required=lambda: {"begin": drawing.dates(), "end": drawing.dates()}, ordered=(("begin", "end"),))
CHOICES = Recipe(
    Choice,
    optional=lambda: {
        "always": drawing.booleans(),
        "slots": drawing.lists(SLOTS.strategy(), unique_by="begin"),
        "price": drawing.numbers(),
    },
    exclusive=(("always", "slots"),),
)


class TestListsAndEnums:
    @given(drawing.lists(st.integers(0, 9), min_size=1))
    def test_lists_are_short(self, drawn: list[int]) -> None:
        assert 1 <= len(drawn) <= 3

    @given(drawing.lists(SLOTS.strategy(begin=st.sampled_from(["01:00", "02:00"])), min_size=1, unique_by="begin"))
    def test_lists_have_no_key_twice(self, drawn: list[Slot]) -> None:
        assert len({slot.begin for slot in drawn}) == len(drawn) >= 1

    @given(drawing.enum_members(Colour))
    def test_enum_members_are_known_ones(self, drawn: Colour) -> None:
        assert drawn.known

    def test_enum_members_include_unknown_ones_on_demand(self) -> None:
        assert {drawn.known for drawn in sample(drawing.enum_members(Colour, unknown=True))} == {True, False}

    def test_optional_is_absent_and_present(self) -> None:
        assert set(sample(drawing.optional(drawing.booleans()))) == {None, True, False}


class TestRecipes:
    def test_every_combination_of_optional_fields_is_drawn(self) -> None:
        assert len({frozenset(choice.model_fields_set) for choice in sample(CHOICES.strategy())}) == 8

    @given(CHOICES.strategy(price=st.just(Decimal("1.5"))))
    def test_a_field_given_is_always_there(self, choice: Choice) -> None:
        assert choice.price == Decimal("1.5")

    @given(CHOICES.strategy())
    def test_fields_that_exclude_each_other_are_never_both_set(self, choice: Choice) -> None:
        assert not (choice.always and choice.slots)

    @given(CHOICES.strategy(always=st.just(True)), CHOICES.strategy(slots=drawing.lists(SLOTS.strategy(), min_size=1)))  # noqa: FBT003
    def test_what_the_user_gave_wins_over_what_it_excludes(self, open_always: Choice, by_slots: Choice) -> None:
        assert open_always.always
        assert not open_always.slots
        assert by_slots.slots
        assert not by_slots.always

    def test_either_of_two_that_exclude_each_other_is_drawn(self) -> None:
        drawn = sample(CHOICES.strategy())
        assert any(choice.always for choice in drawn)
        assert any(choice.slots for choice in drawn)

    @given(PERIODS.strategy(), SLOTS.strategy(), DAYS.strategy())
    def test_what_ends_lies_after_what_begins(self, period: Period, slot: Slot, days: Slot) -> None:
        assert period.end is None or period.begin < period.end
        assert slot.begin < slot.end
        assert days.begin < days.end

    @given(
        SLOTS.strategy(begin=st.just("22:10")),
        SLOTS.strategy(end=st.just("00:01")),
        SLOTS.strategy(begin=st.just("23:59")),
    )
    def test_order_leaves_what_the_user_gave(self, late: Slot, early: Slot, last: Slot) -> None:
        assert late.begin == "22:10" < late.end
        assert early.begin == "00:00"
        assert early.end == "00:01"
        assert last.begin == "23:59"

    def test_what_is_invalid_shows(self) -> None:
        with pytest.raises(ValidationError):
            find(CHOICES.strategy(price=st.just("dear")), lambda _: True)

    @given(wire(PERIODS.strategy()))
    def test_wire_gives_parsed_json(self, drawn: dict[str, object]) -> None:
        assert "end" not in drawn or drawn["end"]
        assert str(drawn["begin"]).endswith("Z")
        assert json.dumps(drawn)
