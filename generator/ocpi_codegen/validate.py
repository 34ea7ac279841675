"""What the bundled document must be for the rest of the generator to rely on it: every mistake, at once.

First the shape of everything (`walk.check`); then, on a document whose values are what they should be, what the
values mean: schemas, operations, and the Python names that come of them.
"""

from __future__ import annotations

from ocpi_codegen.check_names import check_names
from ocpi_codegen.check_operations import check_operations
from ocpi_codegen.check_schemas import check_schemas
from ocpi_codegen.errors import Problems
from ocpi_codegen.load import Mapping
from ocpi_codegen.walk import check


def validate(document: Mapping, problems: Problems) -> None:
    """Note everything that is wrong with the bundled document, overlays included."""
    check(document, "document", problems)
    if problems.any_of("SPEC032", "SPEC033"):
        return  # values of the wrong shape, or missing: the checks of meaning would stumble
    check_schemas(document, problems)
    check_operations(document, problems)
    check_names(document, problems)
