"""What schemathesis sends: the objects of one party, under the ids that their URLs name.

As drawn, nearly half of all valid objects are refused because the URL has another id or another owner than the body;
they would prove nothing. Negative cases stay as wrong as they are.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from ocpi211.operations import OPERATIONS
from ocpi211_runtime.operation import Operation
from tests.server.offered import GUEST

__all__ = ["Drawing", "operation_of"]

Json = Any


def operation_of(case: Any) -> Operation[Any]:
    """Our row of what a case asks for."""
    return OPERATIONS[case.operation.definition.raw["operationId"]]


@dataclass
class Drawing:
    """The hooks of a run. The coverage phase makes thousands of cases of a Location: a part of them is sent."""

    first: int = 25
    """So many of each operation,"""
    then_one_of: int = 50
    """and of those behind them a share."""
    made: Counter[str] = field(default_factory=Counter[str])

    def filter_case(self, context: Any, case: Any) -> bool:
        """Whether the case is sent."""
        if case.meta is None or case.meta.phase.name.value != "coverage":
            return True
        name = operation_of(case).id
        self.made[name] += 1
        return self.made[name] <= self.first or self.made[name] % self.then_one_of == 0

    def map_case(self, context: Any, case: Any) -> Any:
        """A CDR that comes once."""
        if operation_of(case).id == "emsp.cdrs.post_cdr" and _is_meant_well(case) and isinstance(case.body, dict):
            self.made["id"] += 1
            case.body = {**case.body, "id": f"DRAWN-{self.made['id']}"}
        return case

    def before_call(self, context: Any, case: Any, kwargs: dict[str, Any]) -> None:
        """Put the case right where it is not meant to be wrong."""
        kwargs["allow_redirects"] = False
        row, path = operation_of(case), dict(case.path_parameters or {})
        path |= {name: party for name, party in zip(row.owner, GUEST, strict=False) if name in path}
        if row.owner and len(row.path_parameters) > 3:  # an EVSE and a Connector are parts of something
            path["location_id"] = "LOC001"
            path |= {"evse_uid": "EVSE001-1"} if "connector_id" in path else {}
        if path:
            case.path_parameters = path
        if _is_meant_well(case) and isinstance(case.body, dict):
            keys = {member: path[name] for name, member in row.key if member in case.body}
            case.body = {**_since_the_first_year(case.body), **keys}


def _is_meant_well(case: Any) -> bool:
    return case.meta is not None and case.meta.generation.mode.is_positive


def _since_the_first_year(value: Json) -> Json:
    """The pattern of a DateTime lets a year 0 through, which no calendar of ours has."""
    match value:
        case dict():
            return {name: _since_the_first_year(each) for name, each in value.items()}
        case list():
            return [_since_the_first_year(each) for each in value]
        case str() if value.startswith("0000-"):
            return "2024-" + value[5:]
        case _:
            return value
