"""Several forms of one value on the wire: the first that fits, and one clear error instead of one a form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic_core import core_schema

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic_core import CoreSchema

__all__ = ["first_of"]


def first_of(choices: Sequence[CoreSchema], kind: str, message: str) -> CoreSchema:
    """A schema that tries the choices in their order: put first what peers send day in day out."""
    return core_schema.union_schema(
        list(choices), mode="left_to_right", custom_error_type=kind, custom_error_message=message
    )
