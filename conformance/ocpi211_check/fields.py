"""An object of OCPI taken apart: every value in it, and what its model says it should be.

The models are made from the specification, so nothing about the objects of OCPI is written down here once more.
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Annotated, Any, Union, cast, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from ocpi211_runtime.problems import pointer

__all__ = ["Field", "Value", "field_of", "fields_of", "values_in"]


@dataclass(frozen=True, slots=True)
class Field:
    """What a model says of one field."""

    name: str
    required: bool
    many: bool
    """A list."""
    at_least_one: bool
    form: Any
    """A model, an enum, or the marker of a scalar such as `Number()`; None where it is none of them."""


@dataclass(frozen=True, slots=True)
class Value:
    """One value of an object, or one that is missing."""

    path: tuple[str | int, ...]
    field: Field | None
    """None for a field the model does not know."""
    value: object
    present: bool = True

    def __str__(self) -> str:
        return pointer(self.path)


@cache
def fields_of(model: type[BaseModel]) -> dict[str, Field]:
    """The fields of a model, by their name on the wire."""
    return {info.alias or name: _field(info.alias or name, info) for name, info in model.model_fields.items()}


def field_of(model: type[BaseModel], name: str) -> Field:
    """One field of a model. KeyError if it has none of this name."""
    return fields_of(model)[name]


def values_in(value: object, model: type[BaseModel], path: tuple[str | int, ...] = ()) -> Iterator[Value]:
    """Every value of the object, of the objects in it too, and every required field that is missing."""
    if not isinstance(value, dict):
        return
    members = cast("dict[str, object]", value)
    known = fields_of(model)
    for name, member in members.items():
        yield from _member(member, known.get(name), (*path, name))
    for name, field in known.items():
        if field.required and name not in members:
            yield Value((*path, name), field, None, present=False)


def _member(member: object, field: Field | None, path: tuple[str | int, ...]) -> Iterator[Value]:
    yield Value(path, field, member)
    if field is None or member is None:
        return
    is_model = isinstance(field.form, type) and issubclass(field.form, BaseModel)
    if not field.many:
        if is_model:
            yield from values_in(member, field.form, path)
        return
    inner = Field(field.name, required=True, many=False, at_least_one=False, form=field.form)
    for index, item in enumerate(cast("list[object]", member) if isinstance(member, list) else ()):
        yield from _member(item, inner, (*path, index))


def _field(name: str, info: FieldInfo) -> Field:
    annotation: Any = info.annotation
    metadata = [*info.metadata]
    least = any(getattr(marker, "min_length", None) for marker in metadata) and _is_list(annotation)
    many, form = _form(annotation, metadata)
    return Field(name, required=info.is_required(), many=many, at_least_one=bool(least), form=form)


def _is_list(annotation: Any) -> bool:  # noqa: ANN401  (an annotation is whatever typing makes of it)
    return get_origin(annotation) is list or any(get_origin(part) is list for part in get_args(annotation))


def _form(annotation: Any, metadata: list[Any]) -> tuple[bool, Any]:  # noqa: ANN401  (as `_is_list`)
    """(a list, what it or its items are)."""
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *markers = get_args(annotation)
        return _form(inner, [*markers, *metadata])
    if origin in {Union, types.UnionType}:
        found = [_form(part, metadata) for part in get_args(annotation) if part is not type(None)]
        return next((form for form in found if form[1] is not None), (False, None))
    if origin is list:
        return True, _form(get_args(annotation)[0], [])[1]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel | Enum):
        return False, annotation
    markers = [marker for marker in metadata if type(marker).__module__.startswith("ocpi211_runtime.")]
    return False, markers[0] if markers else None
