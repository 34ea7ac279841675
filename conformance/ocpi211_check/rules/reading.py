"""Values of parsed JSON, read as leniently as can be: also of a broken object one wants to know what else is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, cast

from pydantic_core import PydanticCustomError

from ocpi211_runtime.scalars import read_date_time

__all__ = ["moment", "number", "objects"]


def objects(value: object) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """(index, object) of a list; nothing of anything else."""
    for index, item in enumerate(cast("list[object]", value) if isinstance(value, list) else ()):
        if isinstance(item, dict):
            yield index, cast("dict[str, Any]", item)


def moment(value: object) -> datetime | None:
    """A DateTime, None where it is none."""
    try:
        return read_date_time(value) if isinstance(value, str) else None
    except PydanticCustomError:
        return None


def number(value: object) -> float | None:
    """A number or a numeric string, None where it is neither."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except ValueError:
        return None
