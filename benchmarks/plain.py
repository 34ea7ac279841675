"""The same fields on pydantic's own types: no bounds, no patterns, closed to nothing. What pydantic costs by itself."""

from __future__ import annotations

import types
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, create_model

from ocpi211_runtime.enums import OpenEnum


def plain(model: type[BaseModel]) -> type[BaseModel]:
    """A model of the same shape whose fields are `str`, `datetime`, `Decimal`, `int`, `bool` and such models."""
    return _Plain().model(model)


class _Plain:
    def __init__(self) -> None:
        self.made: dict[type[BaseModel], type[BaseModel]] = {}

    def model(self, model: type[BaseModel]) -> type[BaseModel]:
        if model not in self.made:
            fields: dict[str, Any] = {
                name: (self.annotation(field.annotation), ... if field.is_required() else None)
                for name, field in model.model_fields.items()
            }
            config = ConfigDict(extra="allow")
            self.made[model] = create_model(f"Plain{model.__name__}", __config__=config, **fields)
        return self.made[model]

    def annotation(self, one: Any) -> Any:  # noqa: ANN401 - any annotation
        if get_origin(one) is Annotated:
            return self.annotation(get_args(one)[0])
        if get_origin(one) in (types.UnionType, Union):
            return Union[tuple(self.annotation(part) for part in get_args(one))]  # noqa: UP007 - of computed types
        if get_origin(one) is list:
            return list[self.annotation(get_args(one)[0])]  # type: ignore[misc]
        if isinstance(one, type) and issubclass(one, OpenEnum):
            return str
        return self.model(one) if isinstance(one, type) and issubclass(one, BaseModel) else one
