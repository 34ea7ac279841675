"""How generated strategies draw an object of one class: its fields, which of them are present, and in what order.

An object is built by validation, so that a strategy that draws something invalid shows at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

from hypothesis import strategies as st
from pydantic import BaseModel
from pydantic_core import from_json

from ocpi211_runtime.envelope import to_wire

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hypothesis.strategies import DrawFn, SearchStrategy

__all__ = ["Recipe", "wire"]

M = TypeVar("M", bound=BaseModel)

Fields: TypeAlias = "Mapping[str, SearchStrategy[object]]"
Pairs: TypeAlias = "tuple[tuple[str, str], ...]"

_PRESENT = st.booleans()


@dataclass(frozen=True)
class Recipe(Generic[M]):
    """How objects of one class are drawn.

    The fields are given as functions, called when the first object is drawn: recipes may then name each other in any
    order. `ordered` are pairs of fields of which the first comes before the second, `exclusive` are pairs of which
    only one may be set.
    """

    model: type[M]
    required: Callable[[], Fields] = dict
    optional: Callable[[], Fields] = dict
    ordered: Pairs = ()
    exclusive: Pairs = ()

    def __repr__(self) -> str:
        return f"Recipe({self.model.__name__})"

    def strategy(self, **given: SearchStrategy[object] | None) -> SearchStrategy[M]:
        """Objects with the fields of `given` drawn from there; the other optional ones are absent half of the time."""
        return _objects(self, {name: strategy for name, strategy in given.items() if strategy is not None})

    @cached_property
    def fields(self) -> tuple[tuple[str, SearchStrategy[object], bool], ...]:
        """(name, strategy, whether it is required)."""
        optional = ((name, strategy, False) for name, strategy in self.optional().items())
        return (*((name, strategy, True) for name, strategy in self.required().items()), *optional)

    def values(self, draw: DrawFn, given: Fields) -> dict[str, object]:
        """The fields of one object, as `model_validate` takes them."""
        values = {
            # Whether it is there is drawn right before it, so that shrinking removes the two together.
            name: draw(given.get(name, strategy))
            for name, strategy, required in self.fields
            if required or name in given or draw(_PRESENT)
        }
        for pair in self.exclusive:
            _keep_one(values, pair, given)
        for first, second in self.ordered:
            if values.get(first) is not None and values.get(second) is not None:
                _put_in_order(values, first, second, given)
        return values


def wire(objects: SearchStrategy[BaseModel]) -> SearchStrategy[dict[str, object]]:
    """The same objects as parsed JSON, as a peer would send them."""
    return objects.map(lambda drawn: from_json(to_wire(drawn)))


@st.composite
def _objects(draw: DrawFn, recipe: Recipe[M], given: Fields) -> M:
    return recipe.model.model_validate(recipe.values(draw, given))


def _keep_one(values: dict[str, object], pair: tuple[str, str], given: Fields) -> None:
    """Unset one of two fields that exclude each other, unless the user gave both."""
    if all(values.get(name) for name in pair) and (free := [name for name in reversed(pair) if name not in given]):
        # False where that says it: opening hours with `twentyfourseven: false` are the text's own example.
        flag = next((name for name in free if values[name] is True), None)
        if flag is not None:
            values[flag] = False
        else:
            del values[free[0]]


def _put_in_order(values: dict[str, object], first: str, second: str, given: Fields) -> None:
    """Have `first` before `second`, without touching what the user gave."""
    low, high = values[first], values[second]
    if first not in given and second not in given and _after(low, high):
        low, high = high, low
    if not _after(high, low):
        if second not in given:
            high = _moved(low, 1)
        if first not in given and not _after(high, low):
            low = _moved(high, -1)
    values[first], values[second] = low, high


def _after(one: object, other: object) -> bool:
    # The generator pairs fields of one type only.
    if isinstance(one, datetime) and isinstance(other, datetime):
        return one > other
    if isinstance(one, str) and isinstance(other, str):
        return one > other
    return isinstance(one, int | Decimal) and isinstance(other, int | Decimal) and one > other


def _moved(value: object, direction: int) -> object:
    """A value after `value` (or before, if `direction` is -1), as far as its form has one."""
    if isinstance(value, datetime):
        return value + timedelta(hours=direction)
    if isinstance(value, int | Decimal):
        return value + direction
    if isinstance(value, str) and re.fullmatch(r"\d\d:\d\d", value):
        return "23:59" if direction > 0 else "00:00"
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return (date.fromisoformat(value) + timedelta(days=direction)).isoformat()
    return value
