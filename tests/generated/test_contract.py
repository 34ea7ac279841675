"""The test that carries the project: for every row of the contract, the generated client meets the generated routes.

Arguments drawn and hostile go in at the client and come out at the handler, equal; results and refusals go back,
equal. In process, over ASGI, with the paths as they stand on the wire.
"""

from __future__ import annotations

import asyncio
import inspect
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, get_args
from urllib.parse import urljoin

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ocpi211 import client, routes
from ocpi211.client import (
    AsyncCpoClient,
    AsyncEmspClient,
    CpoClient,
    EmspClient,
    PeerNotFound,
    PeerRefusal,
    PeerUnauthorized,
    Receipt,
)
from ocpi211.operations import OPERATIONS
from ocpi211.routes import Caller, Created, PageResult
from ocpi211_runtime import drawing, scalars
from ocpi211_runtime.asgi import AsgiTransport, BlockingAsgiTransport
from ocpi211_runtime.enums import OpenEnum
from ocpi211_runtime.errors import InvalidParameters, NotEnoughInformation, NotFound, Refusal, UnknownLocation
from ocpi211_runtime.handlers import Handler
from ocpi211_runtime.operation import Operation, Parameter
from tests.generated import described

PUBLIC_URL = "https://ocpi.example.com/ocpi"
TOKEN = "the-token-of-the-caller"  # noqa: S105 - opens nothing
OWNER = ("FR", "EXA")
HOSTILE = ["/", "%", "*", "?", "#", ".", "..", "a/b", "100%", "%2F", "a b", "+", "&x=y", ";", "~", '"', "\\", "//", "FR*EXA*E1*2"]
ROWS = pytest.mark.parametrize("row", [pytest.param(row, id=name) for name, row in OPERATIONS.items()])


@dataclass
class Recording:
    """What the handler was given, and what it shall answer."""

    answer: object = None
    refusal: Refusal | None = None
    calls: list[dict[str, object]] = field(default_factory=list)


def handler(row: Operation[Any], recording: Recording) -> Handler:
    """The generated skeleton of the operation with just that operation overridden."""
    base = getattr(routes, f"{row.role.capitalize()}{row.module.capitalize()}")
    signature = inspect.signature(getattr(base, row.name))

    async def method(self: Handler, caller: Caller, *given: object, **named: object) -> object:
        bound = signature.bind(self, caller, *given, **named)
        bound.apply_defaults()
        arguments = dict(bound.arguments)
        del arguments["self"], arguments["caller"]
        recording.calls.append(arguments)
        if recording.refusal:
            raise recording.refusal
        return recording.answer

    made: Handler = type("Recorder", (base,), {row.name: method})()
    return made


async def authenticate(token: str, request: object) -> Caller | None:
    operation: Operation[Any] = request.operation  # type: ignore[attr-defined]
    return Caller("emsp" if operation.role == "cpo" else "cpo", *OWNER) if token == TOKEN else None


def served(row: Operation[Any], recording: Recording) -> Any:  # noqa: ANN401 - an ASGI application
    return routes.app(handler(row, recording), authenticate=authenticate, public_url=PUBLIC_URL)


def published(row: Operation[Any]) -> dict[str, Any]:
    """What discovery would find."""
    base = f"{PUBLIC_URL}/{row.role}"
    module = {row.module: f"{base}/2.1.1/{row.module}"}
    return {"endpoints": module, "versions_url": f"{base}/versions", "details_url": f"{base}/2.1.1"}


def call(row: Operation[Any], recording: Recording, arguments: dict[str, object], token: str = TOKEN) -> object:
    """Through the sync client, lists as all their pages."""
    peer = {"cpo": CpoClient, "emsp": EmspClient}[row.role]
    transport = BlockingAsgiTransport(served(row, recording))
    try:
        with peer(token=token, transport=transport, **published(row)) as made:
            answer = getattr(getattr(made, row.module), row.name)(**_called_with(row, made, arguments))
            return list(answer) if row.paginated else answer
    finally:
        transport.close()


async def call_async(row: Operation[Any], recording: Recording, arguments: dict[str, object]) -> object:
    """Through the async client, lists as all their pages."""
    peer = {"cpo": AsyncCpoClient, "emsp": AsyncEmspClient}[row.role]
    transport = AsgiTransport(served(row, recording))
    async with peer(token=TOKEN, transport=transport, **published(row)) as made:
        answer = getattr(getattr(made, row.module), row.name)(**_called_with(row, made, arguments))
        return [item async for item in answer] if row.paginated else await answer


def _called_with(row: Operation[Any], made: Any, arguments: dict[str, object]) -> dict[str, object]:  # noqa: ANN401
    """An operation whose URL the peer hands out is called with that URL, not with its parts."""
    if not row.opaque_url:
        return arguments
    in_path = {one.python: arguments[one.python] for one in row.path_parameters}
    url = getattr(getattr(made, row.module), f"{row.name}_url")(**in_path)
    return {"url": url, **{name: value for name, value in arguments.items() if name not in in_path}}


# What is drawn


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
            return st.sampled_from(fitting) | drawing.identifiers(marker.min_length, marker.max_length)


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
    made: st.SearchStrategy[Any] = getattr(described.strategies, described.FUNCTIONS[name])(**pinned)
    return made


@st.composite
def results_of(draw: st.DrawFn, row: Operation[Any]) -> Any:  # noqa: ANN401
    """(what the handler answers, what the caller gets)."""
    if row.result is None:
        location = draw(st.sampled_from([None, "/ocpi/emsp/2.1.1/cdrs/1", f"{PUBLIC_URL}/emsp/2.1.1/cdrs/a%2Fb"]))
        answer = Created(location=location) if row.created and draw(st.booleans()) else None
        created = answer is not None
        # A peer may answer with a path alone, as the text's example does; the client says where that is.
        absolute = urljoin(PUBLIC_URL, location) if created and location else None
        return answer, Receipt(201 if created else 200, created=created, location=absolute)
    listed = bool(get_args(row.result))
    name = (get_args(row.result)[0] if listed else row.result).__name__
    one = described.drawing(name)
    if row.paginated:
        items = draw(st.lists(one, max_size=3))
        return PageResult(items, total=len(items), limit=50), items
    answer = draw(st.lists(one, min_size=1, max_size=2) if listed else one)
    return answer, answer


@ROWS
@given(data=st.data())
def test_arguments_and_results_arrive_equal(row: Operation[Any], data: st.DataObject) -> None:
    arguments, (answer, expected) = data.draw(arguments_of(row)), data.draw(results_of(row))
    recording = Recording(answer)
    got = call(row, recording, arguments)
    assert got == expected
    assert len(recording.calls) == 1
    assert {name: value for name, value in recording.calls[0].items() if name in arguments} == arguments


@ROWS
@given(data=st.data())
def test_the_async_client_says_the_same(row: Operation[Any], data: st.DataObject) -> None:
    arguments, (answer, expected) = data.draw(arguments_of(row)), data.draw(results_of(row))
    recording = Recording(answer)
    assert asyncio.run(call_async(row, recording, arguments)) == expected
    assert {name: value for name, value in recording.calls[0].items() if name in arguments} == arguments


@ROWS
@given(data=st.data())
def test_what_is_left_out_arrives_as_its_default(row: Operation[Any], data: st.DataObject) -> None:
    arguments = data.draw(arguments_of(row))
    recording = Recording(data.draw(results_of(row))[0])
    call(row, recording, arguments)
    defaults = {one.python: one.default for one in row.parameters if not one.required}
    for name, value in recording.calls[0].items():
        if name not in arguments:
            assert value == defaults.get(name), name


PATHS = [row for row in OPERATIONS.values() if len(row.path_parameters) > len(row.owner)]


@pytest.mark.parametrize("row", [pytest.param(row, id=row.id) for row in PATHS])
@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_ids_reach_the_handler_as_they_are(row: Operation[Any], value: str) -> None:
    """In every place of the path at once, so that a slash cannot make one id into two."""
    first = drawn_once(arguments_of(row))
    own = [one for one in row.path_parameters if one.name not in row.owner and not isinstance(one.type, type)]
    arguments = first | {one.python: value for one in own}
    if row.body_name in arguments and row.key:
        renamed = {prop: value for _, prop in dict(row.key).items()}
        arguments[row.body_name] = arguments[row.body_name].model_copy(update=renamed)
    recording = Recording(drawn_once(results_of(row))[0])
    call(row, recording, arguments)
    assert [recording.calls[0][one.python] for one in own] == [value] * len(own)


def drawn_once(strategy: st.SearchStrategy[Any]) -> Any:  # noqa: ANN401
    """One example, always the same."""
    found: list[Any] = []

    @given(strategy)
    @described.settings(max_examples=1, derandomize=True, database=None, phases=[described.Phase.generate])
    def draw(value: object) -> None:
        found.append(value)

    draw()
    return found[0]


REFUSALS = [
    (InvalidParameters("not like this"), PeerRefusal, 200, 2001),
    (NotEnoughInformation("too little"), PeerRefusal, 200, 2002),
    (UnknownLocation("where?"), PeerRefusal, 200, 2003),
    (NotFound("no such thing"), PeerNotFound, 404, 2000),
]


@ROWS
@pytest.mark.parametrize(("refusal", "kind", "http_status", "status_code"), REFUSALS)
@pytest.mark.requirement("ST-200-01", "ST-404-01")
def test_refusals_arrive_as_they_were_said(
    row: Operation[Any], refusal: Refusal, kind: type[PeerRefusal], http_status: int, status_code: int
) -> None:
    with pytest.raises(kind) as caught:
        call(row, Recording(refusal=refusal), drawn_once(arguments_of(row)))
    assert (caught.value.http_status, caught.value.status_code) == (http_status, status_code)
    assert caught.value.status_message == refusal.message
    assert TOKEN not in f"{caught.value!r}{caught.value}"


@ROWS
@pytest.mark.requirement("TF-AUTH-01")
def test_an_unknown_token_is_refused_before_the_handler_hears_of_it(row: Operation[Any]) -> None:
    recording = Recording()
    with pytest.raises(PeerUnauthorized):
        call(row, recording, drawn_once(arguments_of(row)), token="another-token")  # noqa: S106 - opens nothing
    assert recording.calls == []


OWNED = [row for row in OPERATIONS.values() if row.owner]


@pytest.mark.parametrize("row", [pytest.param(row, id=row.id) for row in OWNED])
@pytest.mark.requirement("TF-OWN-02")
def test_objects_of_others_do_not_exist(row: Operation[Any]) -> None:
    recording = Recording()
    with pytest.raises(PeerNotFound):
        call(row, recording, drawn_once(arguments_of(row)) | {"party_id": "OTH"})
    assert recording.calls == []


KEYED = [row for row in OPERATIONS.values() if row.key]


@pytest.mark.parametrize("row", [pytest.param(row, id=row.id) for row in KEYED])
@pytest.mark.requirement("TF-OWN-03")
def test_an_id_that_differs_from_the_urls_is_refused(row: Operation[Any]) -> None:
    arguments = drawn_once(arguments_of(row))
    changed = {prop: "another" for prop in dict(row.key).values()}
    recording = Recording()
    with pytest.raises(PeerRefusal) as caught:
        call(row, recording, arguments | {row.body_name: arguments[row.body_name].model_copy(update=changed)})
    assert caught.value.status_code == 2001
    assert recording.calls == []


@given(moment=drawing.date_times())
@example(moment=datetime(2000, 1, 1, tzinfo=UTC))
def test_a_date_filter_survives_the_query_string(moment: datetime) -> None:
    row, recording = OPERATIONS["cpo.cdrs.list_cdrs"], Recording(PageResult([], total=0, limit=50))
    call(row, recording, {"date_from": moment, "date_to": moment})
    assert (recording.calls[0]["date_from"], recording.calls[0]["date_to"]) == (moment, moment)


def test_every_operation_has_its_client_and_its_route() -> None:
    for row in OPERATIONS.values():
        noun = f"{row.role.capitalize()}{row.module.capitalize()}"
        for owner in (getattr(client, noun), getattr(client, f"Async{noun}"), getattr(routes, noun)):
            assert (getattr(owner, row.name).__doc__ or "").strip(), f"{owner}.{row.name}"
