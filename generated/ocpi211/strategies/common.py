# Written by ocpi_codegen from the spec (OCPI 2.1.1, GIREVE). Change the spec, not this file; then: nox -s generate

"""Hypothesis strategies for the classes of OCPI 2.1.1, shared types.

What they draw is valid. A keyword replaces the strategy of that field; the other optional fields are absent half of
the time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocpi211.models.common import DisplayText
from ocpi211_runtime import drawing
from ocpi211_runtime.recipes import Recipe

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


__all__ = [
    "display_texts",
]


_display_texts = Recipe(
    DisplayText,
    required=lambda: {
        "language": drawing.languages(),
        "text": drawing.texts(max_length=512),
    },
)


def display_texts(
    *, language: SearchStrategy[str] | None = None, text: SearchStrategy[str] | None = None
) -> SearchStrategy[DisplayText]:
    """Valid objects of the class DisplayText.

    Section: types.md#13-displaytext-class
    """
    return _display_texts.strategy(language=language, text=text)
