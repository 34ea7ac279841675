"""What every generated model is: a pydantic model that keeps what it does not know."""

from __future__ import annotations

from typing import ClassVar, Self

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticCustomError

__all__ = ["ExclusiveModel", "OcpiModel", "OcpiPatch"]


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
    )


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
