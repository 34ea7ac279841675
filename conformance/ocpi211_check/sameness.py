"""Whether what came back is what was sent, but for spelling.

null, absence and [] mean the same (terminology.md, Cardinality); so do two spellings of a moment or of a number.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from ocpi211_check.rules.reading import moment
from ocpi211_runtime.problems import pointer

__all__ = ["differences", "merged", "without"]

Path = tuple[str | int, ...]


def differences(sent: object, came: object, ignore: frozenset[str] = frozenset(), path: Path = ()) -> list[str]:
    """Where the two differ; fields named in `ignore` may. What came may have more fields than what was sent."""
    if isinstance(sent, Mapping) and isinstance(came, Mapping):
        return _members(cast("Mapping[str, Any]", sent), cast("Mapping[str, Any]", came), ignore, path)
    if isinstance(sent, list) and isinstance(came, list):
        left, right = cast("list[object]", sent), cast("list[object]", came)
        if len(left) != len(right):
            return [f"{pointer(path) or '/'}: {len(right)} entries in place of {len(left)}"]
        pairs = enumerate(zip(left, right, strict=True))
        return [text for index, (a, b) in pairs for text in differences(a, b, ignore, (*path, index))]
    if _nothing(sent) and _nothing(came):
        return []
    return [] if _equal(sent, came) else [f"{pointer(path) or '/'}: {came!r} in place of {sent!r}"]


def _members(sent: Mapping[str, Any], came: Mapping[str, Any], ignore: frozenset[str], path: Path) -> list[str]:
    found: list[str] = []
    for name in sent:
        if name not in ignore:
            found += differences(sent[name], came.get(name), ignore, (*path, name))
    return found


def _nothing(value: object) -> bool:
    return value is None or value == []


def _equal(one: object, other: object) -> bool:
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, str) and isinstance(other, str):
        first: datetime | None = moment(one)
        return one == other or (first is not None and first == moment(other))
    return one == other


def merged(whole: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """The object after a PATCH: fields given replace, null unsets, nested objects and lists are replaced whole."""
    result = {**whole, **patch}
    return {name: value for name, value in result.items() if value is not None}


def without(whole: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """The object without these fields."""
    return {name: value for name, value in whole.items() if name not in names}
