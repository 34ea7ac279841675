"""PATCH, as OCPI 2.1.1 means it (`transport_and_format.md`, PATCH).

Fields given replace, fields absent stay. Nested objects and lists are replaced whole. `null` unsets an optional
field; the patch models refuse it for a required one. In a patch model an absent field is `MISSING`, so that absent
and null stay apart: `TokenPatch(visual_number=None)` unsets, `TokenPatch()` changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pydantic import MISSING, BaseModel

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

__all__ = ["MISSING", "apply_patch", "changes", "merge"]

Model = TypeVar("Model", bound=BaseModel)


def apply_patch(stored: Model, patch: BaseModel, *, now: datetime | None = None) -> Model:
    """A copy of `stored` with the changes of `patch`; neither argument is changed.

    `now` becomes `last_updated` when the patch does not give one (the receiver's clock; leave it out to keep the
    stored value). Identity, idempotence and "the last one wins" hold; patches of disjoint fields commute.
    """
    update = changes(patch)
    if now is not None and "last_updated" in type(stored).model_fields:
        update.setdefault("last_updated", now)
    return stored.model_copy(update=update)


def changes(patch: BaseModel) -> dict[str, object]:
    """The fields the patch gives, unknown ones included, by name; a null is None."""
    given: dict[str, object] = {
        name: value for name in type(patch).model_fields if (value := getattr(patch, name)) is not MISSING
    }
    return given | (patch.model_extra or {})


def merge(stored: Mapping[str, object], patch: Mapping[str, object]) -> dict[str, object]:
    """The same rule on parsed JSON objects, for stores that keep what they received: a null removes the key."""
    merged = {**stored, **patch}
    return {name: value for name, value in merged.items() if name not in patch or value is not None}
