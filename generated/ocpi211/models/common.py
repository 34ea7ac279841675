# Written by ocpi_codegen from the spec (OCPI 2.1.1, GIREVE). Change the spec, not this file; then: nox -s generate

"""OCPI 2.1.1, shared types: its objects, classes and enums.

The scalars, the envelope, the paging parameters and the refusals that all modules share.
"""

from ocpi211.models.scalars import (
    String2,
    Text512,
)
from ocpi211_runtime.model import OcpiModel


class DisplayText(OcpiModel):
    """A text in one language, to be shown to a person.

    Section: types.md#13-displaytext-class
    """

    language: String2
    """Language of the text, ISO 639-1."""
    text: Text512
    """The text itself, plain, without markup."""


__all__ = [
    "DisplayText",
]
