"""The test that carries the project: for every row of the contract, the generated client meets the generated routes.

Arguments drawn and hostile go in at the client and come out at the handler, equal; results and refusals go back,
equal. In process, over ASGI, with the paths as they stand on the wire.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ocpi211 import client, routes
from ocpi211.client import PeerNotFound, PeerRefusal, PeerUnauthorized
from ocpi211.operations import OPERATIONS
from ocpi211.routes import PageResult
from ocpi211_runtime import drawing
from ocpi211_runtime.errors import InvalidParameters, NotEnoughInformation, NotFound, Refusal, UnknownLocation
from ocpi211_runtime.operation import Operation
from tests.generated.drawn import HOSTILE, arguments_of, drawn_once, results_of
from tests.generated.recorded import TOKEN, Recording, call, call_async

ROWS = pytest.mark.parametrize("row", [pytest.param(row, id=name) for name, row in OPERATIONS.items()])


@ROWS
@given(data=st.data())
@pytest.mark.requirement("ST-5XX-01")
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
    changed = dict.fromkeys(dict(row.key).values(), "another")
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
