"""Which requirements the rules about objects can tell of."""

from __future__ import annotations

from typing import Final

from ocpi211_check.rules.judging import VALIDITY

__all__ = ["BY_OBJECT"]

BY_OBJECT: Final[tuple[str, ...]] = (
    *VALIDITY.values(),
    *("TY-DT-01", "TY-DT-02", "TY-DT-04", "TY-DT-05"),
    *("TY-NUM-01", "TY-NUM-02", "TY-NUM-05"),
    *("TY-STR-02", "TY-STR-03", "TY-STR-04", "TY-STR-06", "TY-CI-01"),
    *("TY-DISP-01", "TY-DISP-02", "TY-ID-01", "TY-CUR-01", "TY-ENUM-02"),
    *("TY-CARD-03", "TY-CARD-04", "TY-OUT-01", "TY-NAME-01", "TY-SHAPE-01"),
    "LOC-CPO-03",
    *(f"LOC-OBJ-{number:02}" for number in (1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 13)),
    *("LOC-HOURS-01", "LOC-IMG-01", "LOC-IMG-02"),
    *("SES-OBJ-01", "SES-OBJ-02"),
    *("CDR-OBJ-01", "CDR-OBJ-02", "CDR-OBJ-03", "CDR-OBJ-04", "CDR-OBJ-06", "CDR-PUSH-02"),
    *("TAR-OBJ-01", "TAR-OBJ-03", "TAR-OBJ-04"),
    *("GIR-LOC-01", "GIR-LOC-02", "GIR-LOC-03", "GIR-LOC-04", "GIR-TOK-04"),
    *("GIR-AUTH-01", "GIR-CDR-07"),
)
"""By looking at one object."""
