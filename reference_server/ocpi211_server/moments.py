"""The clock, and moments as the database holds them."""

from __future__ import annotations

import time
from datetime import UTC, datetime

__all__ = ["MICROSECONDS", "moment", "now", "seconds"]

MICROSECONDS = 1_000_000


def now() -> int:
    """This moment, in microseconds since 1970."""
    return time.time_ns() // 1000


def seconds(value: datetime) -> int:
    """A DateTime of OCPI in seconds since 1970."""
    return int(value.timestamp())


def moment(value: int) -> datetime:
    """A DateTime of OCPI from seconds since 1970."""
    return datetime.fromtimestamp(value, UTC)
