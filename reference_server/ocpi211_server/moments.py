"""The clock, and moments as the database holds them."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from ocpi211_runtime.scalars import read_date_time

__all__ = ["MICROSECONDS", "moment", "now", "seconds", "seconds_of"]

MICROSECONDS = 1_000_000
_USUAL = len("2015-06-29T20:39:09Z")


def now() -> int:
    """This moment, in microseconds since 1970."""
    return time.time_ns() // 1000


def seconds(value: datetime) -> int:
    """A DateTime of OCPI in seconds since 1970."""
    return int(value.timestamp())


def seconds_of(text: str) -> int:
    """A DateTime of an object that is stored, as it stands there, in seconds since 1970."""
    # It was valid when it came, and of this length with a Z it has one form alone: 1 µs, and 3 for any form.
    usual = len(text) == _USUAL and text[-1] == "Z"
    return seconds(datetime.fromisoformat(text) if usual else read_date_time(text))


def moment(value: int) -> datetime:
    """A DateTime of OCPI from seconds since 1970."""
    return datetime.fromtimestamp(value, UTC)
