"""Control characters, looked for once a body and not once a string (types.md, string type).

A JSON text can hold one as an escape, as DEL, or as one of the C1 controls in UTF-8, and nowhere else. Three searches
for a byte find most bodies free of all three; these are read by a second validator, made from the first one by leaving
out the patterns that ask for nothing else. A body that may hold one, the strict reading, and whatever the second
validator refuses take the first one: it alone says what is valid and what is wrong.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from pydantic import TypeAdapter, ValidationError
from pydantic_core import CoreConfig, CoreSchema, SchemaValidator

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

__all__ = ["NO_CONTROL", "PRINTABLE_ASCII", "JsonReader", "has_no_control", "json_reader"]

T = TypeVar("T")

PRINTABLE_ASCII = r"^[ -~]*$"
NO_CONTROL = r"^\P{Cc}*$"

_DEL, _BACKSLASH, _BEFORE_C1 = 0x7F, 0x5C, 0xC2
_escape = re.compile(rb"\\(?:[bfnrt]|u00(?:[01]|7[fF]|[89]))")
_c1 = re.compile(rb"\xc2[\x80-\x9f]")
_no_schemas = {"cls", "config", "default", "function", "metadata", "serialization"}


def has_no_control(body: bytes) -> bool:
    """Whether no string of this JSON text can hold a control character; False also where it only looks like one."""
    # A search for one byte is thirty times as fast as one for what it may begin; written as bytes it is dearer again.
    return (
        _DEL not in body
        and (_BACKSLASH not in body or not _escape.search(body))
        and (_BEFORE_C1 not in body or not _c1.search(body))
    )


def _trusting(node: Any) -> Any:  # noqa: ANN401  (any part of a schema)
    """The lenient reading of JSON alone, without the patterns."""
    match node:
        case {"config": {"strict": True}} | {"type": "lax-or-strict", "strict": True}:
            return node  # of a class derived from ours, that is never lenient
        case {"type": "lax-or-strict", "lax_schema": inner} | {"type": "json-or-python", "json_schema": inner}:
            return _trusting(inner)
        case {"type": "str", "pattern": pattern} if pattern in {PRINTABLE_ASCII, NO_CONTROL}:
            kept = {key: value for key, value in node.items() if key != "pattern"}
            return kept | {"ascii_only": pattern == PRINTABLE_ASCII}
        case dict():
            parts = cast("dict[str, Any]", node)
            return {key: value if key in _no_schemas else _trusting(value) for key, value in parts.items()}
        case list():
            return list(map(_trusting, cast("list[object]", node)))
        case _:
            return node


class JsonReader(Generic[T]):
    """The validator of JSON of one type. Built when first used."""

    def __init__(self, adapter: TypeAdapter[T]) -> None:
        self._adapter = adapter
        self._quick: Callable[[bytes], T] | None = None

    def validate_json(self, body: str | bytes | bytearray, *, strict: bool | None = None) -> T:
        """The value. ValidationError, as `TypeAdapter.validate_json` raises it."""
        if strict is None and isinstance(body, bytes) and has_no_control(body):
            try:
                return (self._quick or self._build())(body)
            except ValidationError:
                pass
        return self._adapter.validate_json(body, strict=strict)

    def _build(self) -> Callable[[bytes], T]:
        self._adapter.rebuild()  # a model's schema is there when it was used once, else now
        schema = cast("CoreSchema", _trusting(self._adapter.core_schema))
        # The validators that the models have by now would be taken over, patterns and all.
        self._quick = SchemaValidator(schema, CoreConfig(cache_strings="keys"), _use_prebuilt=False).validate_json
        return self._quick


@cache
def json_reader(form: Hashable) -> JsonReader[Any]:
    """The reader of a type, one for all equal annotations."""
    annotation: Any = form
    return JsonReader(TypeAdapter(annotation))
