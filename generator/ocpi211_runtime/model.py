"""What every generated model is: a pydantic model that keeps what it does not know."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self, cast

from pydantic import AfterValidator, BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticCustomError

from ocpi211_runtime.printable import json_reader

__all__ = ["ExclusiveModel", "OcpiModel", "OcpiPatch"]


def _finite(value: object) -> object:
    """What is unknown is kept, but 1e400 cannot be: it would leave as null, and a null in a PATCH unsets."""
    found: object = value
    match found:
        case float() if not math.isfinite(found):
            raise PydanticCustomError("number", "Input should be a finite number")
        case dict():
            for member in cast("dict[object, object]", found).values():
                _finite(member)
        case list():
            for item in cast("list[object]", found):
                _finite(item)
        case _:
            pass
    return value


class OcpiModel(BaseModel):
    """An object of OCPI.

    Unknown fields are kept and given back (`model_extra`): partners extend OCPI, and a hub must not lose what it
    relays. Assignments are validated. Read from the wire with `model_validate_json`, lenient by default, the text to
    the letter with `strict=True` (never `strict=False`: to pydantic that means laxer than these types are by
    themselves); write with `ocpi211_runtime.envelope.to_wire`.
    """

    model_config = ConfigDict(
        extra="allow",
        validate_assignment=True,
        # 35 objects and their validators: an application pays for those it uses, when it first uses them.
        defer_build=True,
        protected_namespaces=(),
        # Of values few come twice: a place in the cache for a string that is never met again costs as much as three.
        cache_strings="keys",
    )
    if not TYPE_CHECKING:  # a checker would take it for an argument of __init__
        # Without a value: that would hide the slot, and what is unknown would lie among the fields.
        __pydantic_extra__: dict[str, Annotated[Any, AfterValidator(_finite)]]

    @classmethod
    def model_validate_json(
        cls,
        json_data: str | bytes | bytearray,
        *,
        strict: bool | None = None,
        **others: Any,  # noqa: ANN401  (pydantic's own, passed on)
    ) -> Self:
        """An object from JSON; ValidationError says what is wrong."""
        if others:
            return super().model_validate_json(json_data, strict=strict, **others)
        read: Self = json_reader(cls).validate_json(json_data, strict=strict)
        return read


class OcpiPatch(OcpiModel):
    """Part of an object, the body of a PATCH: an absent field is `MISSING`, a null unsets an optional field."""


class ExclusiveModel(OcpiModel):
    """An object with pairs of fields of which only one may be set (true, or a list with something in it)."""

    exclusive: ClassVar[tuple[tuple[str, str], ...]]

    @model_validator(mode="after")
    def _one_of_each_pair(self) -> Self:
        for one, other in self.exclusive:
            if getattr(self, one) and getattr(self, other):
                raise PydanticCustomError(
                    "exclusive", "Only one of {one} and {other} may be set", {"one": one, "other": other}
                )
        return self
