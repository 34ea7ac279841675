"""Open enums: a value the text does not list is kept, because peers and later editions add values.

A Location with a new `Capability` is still a Location. `Status("SLEEPING")` gives a member that compares, hashes and
serialises like any other, is not listed by `list(Status)`, and says so by `known`.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Self

from pydantic_core import CoreSchema, core_schema

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue

__all__ = ["OpenEnum"]

_LONGEST_UNKNOWN = 255
_PRINTABLE = re.compile(r"[!-~]+")


class OpenEnum(StrEnum):
    """An enum of the text. Unknown values (printable ASCII, at most 255 characters) are kept; strict refuses them."""

    @property
    def known(self) -> bool:
        """Whether the text, or the overlay this was generated with, lists the value."""
        return self._value_ in type(self)._value2member_map_

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str) or len(value) > _LONGEST_UNKNOWN or not _PRINTABLE.fullmatch(value):
            return None
        # Not registered with the class: a peer that sends ever new values must not fill the memory.
        member = str.__new__(cls, value)
        member._name_ = value
        member._value_ = value
        return member

    def __deepcopy__(self, memo: object) -> Self:
        return self

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        members = list(cls)
        # enum_schema asks _missing_ by itself, in strict mode too: the literal keeps unknown values out there.
        listed = core_schema.literal_schema([member.value for member in members])
        lenient = core_schema.enum_schema(cls, members, sub_type="str")
        strict = core_schema.chain_schema([listed, core_schema.no_info_plain_validator_function(cls)])
        return core_schema.lax_or_strict_schema(lenient, strict, serialization=core_schema.simple_ser_schema("str"))

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "enum": [member.value for member in cls], "title": cls.__name__}
