"""What generated strategies are made of: Hypothesis strategies for OCPI's scalars, lists and enums.

Everything drawn is valid OCPI 2.1.1. Two things keep it fast: a scalar costs one or two of Hypothesis's choices
whatever its length, because most of it is a fixed form around a small integer; and nothing is drawn to be thrown away.

Hypothesis draws integers above 256 from a bell over their length in digits, not evenly. Where values should spread,
two small integers are drawn in place of a large one.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, TypeVar

from hypothesis import strategies as st

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

__all__ = [
    "booleans",
    "ci_strings",
    "countries",
    "country_codes",
    "currencies",
    "date_times",
    "dates",
    "enum_members",
    "identifiers",
    "integers",
    "languages",
    "latitudes",
    "lists",
    "longitudes",
    "numbers",
    "optional",
    "secrets",
    "texts",
    "time_zones",
    "times",
    "urls",
]

T = TypeVar("T")
E = TypeVar("E", bound=Enum)

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2099, 12, 31, 23, 59, 59, tzinfo=UTC)
_FIRST_DAY = date(2000, 1, 1)
_DAY = 86_400

_PRINTABLE = "".join(map(chr, range(0x20, 0x7F)))
# The longest string of random characters: a longer one finds nothing more and eats Hypothesis's buffer.
_RANDOM_LENGTH = 16
_NUMBERED = ("{}", "LOC{}", "FR*ABC*E{}*1", "DE8ACC{}", "04A3F2{}C80", "5a3f9c1e-7d2b-4c6a-9e10-{:0>12}")
_CODES = ("FR", "DE", "1", "ABC", "TNM", "0A", "T2", "E1")
_HOSTILE = ("a/b", "100%", "%2F", "%ff", "*", "?x", "#1", ".", "..", "a b", "a+b", "a&b=c", ";", "\\", '"', "/", "%")
_WORDS = (
    "Gent Zuid",
    "3 rue de l'\u00c9glise",
    "Stra\u00dfe 1",
    "7",
    "Bele\u0301m",
    "\u5145\u96fb\u7ad9",
    "\U0001f50c",
    "<b>&amp;",
)
_SITES = ("https://example.com/ocpi/{}", "https://cpo.example:8443/{}", "https://example.org/a?id={}&x=%2F")
_ODD_URLS = (
    "https://example.com",
    "https://[2001:db8::1]/a",
    "https://example.com/#b",
    "https://example.com/".ljust(255, "a"),
)
# One character class with a count: drawn from its characters, a hundred times faster than from_regex is.
_ONE_CLASS = re.compile(r"\^(\[(?:[^\]\\]|\\.)+\])(?:([*+])|\{(\d+)(,)?(\d*)\})\$")


def identifiers(min_length: int = 0, max_length: int | None = None, pattern: str | None = None) -> SearchStrategy[str]:
    """Printable ASCII that identifies something: mostly what systems send, sometimes `a/b`, `100%` or `.`.

    Never empty unless `max_length` is 0: an empty identifier names nothing. `types.md#15-string-type`
    """
    longest = 255 if max_length is None else max_length
    shortest = min(max(min_length, 1), longest)
    if pattern is not None:
        return _matching(pattern, shortest, longest)
    constants = dict.fromkeys((*_CODES, *_HOSTILE, "Z" * shortest, "9" * longest))
    odd = st.sampled_from([value for value in constants if shortest <= len(value) <= longest])
    random = _random(_PRINTABLE, shortest, longest)
    forms = [form for form in _NUMBERED if shortest <= len(form.format(0)) and len(form.format(9999)) <= longest]
    if not forms:
        return odd | random

    def write(number: int) -> str:
        return forms[number % len(forms)].format(number * 39)

    # Twice, because one_of chooses evenly.
    return st.one_of(st.integers(0, 255).map(write), st.integers(0, 255).map(write), odd, random)


def ci_strings(min_length: int = 0, max_length: int | None = None, pattern: str | None = None) -> SearchStrategy[str]:
    """Identifiers that are compared without regard to case (`types.md#11-cistring-type`)."""
    return identifiers(min_length, max_length, pattern)


def secrets(min_length: int = 1, max_length: int | None = 64, pattern: str | None = None) -> SearchStrategy[str]:
    """Tokens: printable ASCII without white space (`transport_and_format.md#request-format`)."""
    return _matching(pattern or "^[!-~]*$", max(min_length, 1), 255 if max_length is None else max_length)


def texts(min_length: int = 0, max_length: int | None = None, pattern: str | None = None) -> SearchStrategy[str]:
    """What a person reads: any script, neither control characters nor lone surrogates, never empty."""
    longest = 255 if max_length is None else max_length
    shortest = min(max(min_length, 1), longest)
    if pattern is not None:
        return _matching(pattern, shortest, longest)
    constants = dict.fromkeys((*_WORDS, "\u00e9" * longest))
    known = st.sampled_from([value for value in constants if shortest <= len(value) <= longest])
    return known | _random(st.characters(exclude_categories=("Cc", "Cs")), shortest, longest)


def urls(min_length: int = 0, max_length: int | None = 255, pattern: str | None = None) -> SearchStrategy[str]:
    """Absolute https URLs of at most 255 characters, on hosts that exist nowhere (`types.md#16-url-type`)."""
    longest = 255 if max_length is None else max_length
    if pattern is not None:
        return _matching(pattern, min_length, longest)
    plain = st.integers(0, 255).map(lambda number: _SITES[number % len(_SITES)].format(number))
    return plain | st.sampled_from([url for url in _ODD_URLS if min_length <= len(url) <= longest])


def date_times(earliest: datetime = EARLIEST, latest: datetime = LATEST) -> SearchStrategy[datetime]:
    """Moments: aware, UTC, whole seconds, both ends included (`types.md#12-datetime-type`)."""
    days, seconds = divmod(int((latest - earliest).total_seconds()), _DAY)

    def moment(drawn: tuple[int, int]) -> datetime:
        return min(earliest + timedelta(days=drawn[0], seconds=drawn[1]), latest)

    return st.tuples(st.integers(0, days), st.integers(0, _DAY - 1 if days else seconds)).map(moment)


def dates() -> SearchStrategy[str]:
    """`YYYY-MM-DD`, as strings, of the years 2000 to 2099."""
    days = (LATEST.date() - _FIRST_DAY).days
    return st.integers(0, days).map(lambda number: (_FIRST_DAY + timedelta(days=number)).isoformat())


def times() -> SearchStrategy[str]:
    """`HH:MM`, as strings, from 00:00 to 23:59."""
    return st.integers(0, 24 * 60 - 1).map(lambda minutes: f"{minutes // 60:02}:{minutes % 60:02}")


def numbers(minimum: int | None = 0, maximum: int | None = 1_000_000) -> SearchStrategy[Decimal]:
    """Numbers of at most four decimals that a JSON number carries exactly (`types.md#14-number-type`)."""
    lowest = -1_000_000 if minimum is None else minimum
    highest = max(lowest, 0) + 1_000_000 if maximum is None else maximum
    return st.integers(lowest * 10_000, highest * 10_000).map(lambda number: Decimal(number) / 10_000)


def integers(minimum: int | None = 0, maximum: int | None = None) -> SearchStrategy[int]:
    """Integers within bounds; where the text has none, those of 32 bits that are not negative."""
    lowest = 0 if minimum is None else minimum
    return st.integers(lowest, max(lowest, 2**31 - 1) if maximum is None else maximum)


def booleans() -> SearchStrategy[bool]:
    """True and false."""
    return st.booleans()


def latitudes() -> SearchStrategy[str]:
    """Degrees with six decimals, as strings, within 90 degrees (`mod_locations.md#412-geolocation-class`)."""
    return _degrees(90)


def longitudes() -> SearchStrategy[str]:
    """Degrees with six decimals, as strings, from -180.000000 to 180.000000."""
    return _degrees(180)


def countries() -> SearchStrategy[str]:
    """ISO 3166-1 alpha-3."""
    return st.sampled_from(("FRA", "DEU", "BEL", "NLD", "CHE"))


def country_codes() -> SearchStrategy[str]:
    """ISO 3166-1 alpha-2."""
    return st.sampled_from(("FR", "DE", "BE", "NL", "CH"))


def currencies() -> SearchStrategy[str]:
    """ISO 4217."""
    return st.sampled_from(("EUR", "CHF", "GBP", "SEK"))


def languages() -> SearchStrategy[str]:
    """ISO 639-1."""
    return st.sampled_from(("en", "fr", "de", "nl"))


def time_zones() -> SearchStrategy[str]:
    """Names of the IANA time zone database."""
    return st.sampled_from(("Europe/Paris", "Europe/Berlin", "Atlantic/Canary", "America/Argentina/Buenos_Aires"))


def enum_members(enum: type[E], *, unknown: bool = False) -> SearchStrategy[E]:
    """Members of `enum`; with `unknown`, values as well that no version of it lists but a peer may send."""
    known = st.sampled_from(tuple(enum))
    return known | st.sampled_from(("X_VENDOR", "other", "9")).map(enum) if unknown else known


def optional(strategy: SearchStrategy[T]) -> SearchStrategy[T | None]:
    """None half of the time: what a model has for an absent field."""
    return st.none() | strategy


def lists(
    items: SearchStrategy[T], *, min_size: int = 0, max_size: int = 3, unique_by: str | None = None
) -> SearchStrategy[list[T]]:
    """Short lists. With `unique_by`, no two items have that attribute equal: later ones are left out."""
    drawn = st.lists(items, min_size=min_size, max_size=max(min_size, max_size))
    if unique_by is None:
        return drawn
    attribute = unique_by

    def first_of_each(found: list[T]) -> list[T]:
        return list({getattr(item, attribute): item for item in reversed(found)}.values())[::-1]

    return drawn.map(first_of_each)


def _degrees(limit: int) -> SearchStrategy[str]:
    micro = 1_000_000

    def write(drawn: tuple[int, int]) -> str:
        degrees = min(drawn[0] * micro + drawn[1], limit * micro)
        return f"{'-' if degrees < 0 else ''}{abs(degrees) // micro}.{abs(degrees) % micro:06}"

    return st.tuples(st.integers(-limit, limit), st.integers(0, micro - 1)).map(write)


def _random(alphabet: str | SearchStrategy[str], shortest: int, longest: int) -> SearchStrategy[str]:
    return st.text(alphabet, min_size=shortest, max_size=max(shortest, min(longest, _RANDOM_LENGTH)))


def _matching(pattern: str, shortest: int, longest: int) -> SearchStrategy[str]:
    """Printable ASCII that matches a pattern of the spec."""
    if not (match := _ONE_CLASS.fullmatch(pattern)):
        found = st.from_regex(pattern.removesuffix("$") + r"\Z", alphabet=_PRINTABLE)
        return found.filter(lambda value: shortest <= len(value) <= longest)
    characters, _, least, comma, most = match.groups()
    alphabet = "".join(character for character in _PRINTABLE if re.fullmatch(characters, character))
    if least:
        shortest = max(shortest, int(least))
        longest = min(longest, int(most) if most else longest if comma else int(least))
    return st.text(alphabet, min_size=shortest, max_size=max(shortest, min(longest, _RANDOM_LENGTH)))
