"""Arguments and results of any operation, drawn: by the type of a parameter, by the class of a body."""

from __future__ import annotations

from typing import Any, get_args
from urllib.parse import urljoin

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from ocpi211 import strategies
from ocpi211.client import Receipt
from ocpi211.routes import Created, PageResult
from ocpi211_runtime import drawing, scalars
from ocpi211_runtime.enums import OpenEnum
from ocpi211_runtime.operation import Operation, Parameter
from tests.generated import described
from tests.generated.recorded import OWNER, PUBLIC_URL

HOSTILE = [
    "/",
    "%",
    "*",
    "?",
    "#",
    ".",
    "..",
    "a/b",
    "100%",
    "%2F",
    "a b",
    "+",
    "&x=y",
    ";",
    "~",
    '"',
    "\\",
    "//",
    "FR*EXA*E1*2",
]


def of_parameter(one: Parameter) -> st.SearchStrategy[Any]:
    """Values of a parameter, by the marker of its type."""
    if isinstance(one.type, type) and issubclass(one.type, OpenEnum):
        return drawing.enum_members(one.type)
    marker = next(found for found in get_args(one.type)[1:] if hasattr(found, "__get_pydantic_core_schema__"))
    match marker:
        case scalars.DateTime():
            return drawing.date_times()
        case scalars.Integer():
            return drawing.integers(marker.minimum, marker.maximum)
        case _:
            fitting = [value for value in HOSTILE if len(value) <= (marker.max_length or 255)]
            drawn = st.sampled_from(fitting) | drawing.identifiers(marker.min_length, marker.max_length)
            # Blanks around the value of a header are not part of it.
            return drawn.filter(lambda value: value == value.strip()) if one.place == "header" else drawn


@st.composite
def arguments_of(draw: st.DrawFn, row: Operation[Any]) -> dict[str, Any]:
    """Arguments of one call, by their names in Python: optional ones left out now and then."""
    drawn: dict[str, Any] = {}
    for one in row.parameters:
        if one.name in row.owner:
            drawn[one.python] = OWNER[row.owner.index(one.name)]
        elif one.required or (one.python not in {"offset", "limit"} and draw(st.booleans())):
            drawn[one.python] = draw(of_parameter(one))
    if row.body is not None and (row.body_required or draw(st.booleans())):
        drawn[row.body_name] = draw(_body(row, drawn))
    return drawn


def _body(row: Operation[Any], drawn: dict[str, Any]) -> st.SearchStrategy[Any]:
    name = row.body.__name__ if row.body else ""
    pinned = {prop: st.just(drawn[parameter]) for parameter, prop in dict(row.key).items()}
    made: st.SearchStrategy[Any] = getattr(strategies, described.FUNCTIONS[name])(**pinned)
    return made


@st.composite
def results_of(draw: st.DrawFn, row: Operation[Any]) -> Any:
    """(what the handler answers, what the caller gets)."""
    if row.result is None:
        location = draw(st.sampled_from([None, "/ocpi/emsp/2.1.1/cdrs/1", f"{PUBLIC_URL}/emsp/2.1.1/cdrs/a%2Fb"]))
        created = row.created and draw(st.booleans())
        # A peer may answer with a path alone, as the text's example does; the client says where that is.
        absolute = urljoin(PUBLIC_URL, location) if created and location else None
        return Created(location=location) if created else None, Receipt(
            201 if created else 200, created=created, location=absolute
        )
    listed = bool(get_args(row.result))
    name = (get_args(row.result)[0] if listed else row.result).__name__
    one = described.drawing(name)
    if row.paginated:
        items = draw(st.lists(one, max_size=3))
        return PageResult(items, total=len(items), limit=50), items
    answer = draw(st.lists(one, min_size=1, max_size=2) if listed else one)
    return answer, answer


def drawn_once(strategy: st.SearchStrategy[Any]) -> Any:
    """One example, always the same."""
    found: list[Any] = []

    @given(strategy)
    @settings(max_examples=1, derandomize=True, database=None, phases=[Phase.generate])
    def draw(value: object) -> None:
        found.append(value)

    draw()
    return found[0]
