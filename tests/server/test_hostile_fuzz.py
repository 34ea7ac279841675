"""Hostile bodies for every write operation: valid ones from the strategies, broken in structure and in bytes."""

import json
import os
from collections import Counter
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ocpi211.operations import OPERATIONS
from ocpi211_runtime.envelope import to_wire
from ocpi211_runtime.operation import Operation, encode_segment
from ocpi211_server.demo.data import cdr, locations, session, tokens
from tests.generated.described import parsed
from tests.generated.drawn import arguments_of
from tests.server.live import GUEST, Live, live
from tests.server.mutations import hostile_bodies

THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
BOUNDED = settings(
    max_examples=5000 if THOROUGH else 400,
    deadline=None,
    derandomize=not THOROUGH,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.filter_too_much,
        HealthCheck.function_scoped_fixture,
    ],
)
THERE = {
    "location_id": "LOC001",
    "evse_uid": "EVSE001-1",
    "connector_id": "1",
    "session_id": "S0001",
    "token_uid": "04A1B2C3",
    "tariff_id": "T1",
}
"""Ids of what is stored before it begins, by parameter of a path and member of a command."""
TARIFF = {
    "id": "T1",
    "currency": "EUR",
    "elements": [{"price_components": [{"type": "ENERGY", "price": 0.3, "step_size": 1}]}],
    "last_updated": "2024-05-02T10:00:00Z",
}


def writes(role: str) -> list[Operation[Any]]:
    interfaces = {"cpo", "emsp"} if role == "hub" else {role}
    return [row for row in OPERATIONS.values() if row.role in interfaces and row.body is not None]


@st.composite
def hostile_requests(draw: st.DrawFn, role: str) -> tuple[Operation[Any], str, bytes]:
    """(operation, path, body), of which one in ten is harmless."""
    row = draw(st.sampled_from(writes(role)))
    drawn = draw(arguments_of(row))
    body = parsed(drawn.pop(row.body_name)) if row.body_name in drawn else {}
    if draw(st.booleans()):  # else hardly anything would be there to be changed
        drawn |= {name: value for name, value in THERE.items() if name in drawn}
        body |= {name: value for name, value in THERE.items() if name in body}
        body |= {member: drawn[name] for name, member in row.key if member in body}
        body |= {"response_url": "http://127.0.0.1:9/results/1"} if "response_url" in body else {}
    path = row.path[: row.path.index(f"/{row.module}")] + f"/{row.module}" + row.write_suffix(drawn)
    return row, path, draw(hostile_bodies(body)) if draw(st.integers(0, 9)) else json.dumps(body).encode()


@cache
def drawn_requests(role: str) -> list[tuple[Operation[Any], str, bytes]]:
    """Before a server runs beside it: hypothesis wants to be the only one who asks for random numbers."""
    found: list[tuple[Operation[Any], str, bytes]] = []

    @BOUNDED
    @given(hostile_requests(role))
    def draw(request: tuple[Operation[Any], str, bytes]) -> None:
        found.append(request)

    draw()
    return found


@pytest.mark.parametrize("role", ["cpo", "emsp", "hub"])
def test_no_body_breaks_the_server(new_database: Callable[[], str], role: str) -> None:
    requests = drawn_requests(role)
    with live(new_database, role, agreements="all") as server:
        fill(server, role)
        answers: Counter[bool] = Counter()
        for row, path, body in requests:
            before = server.stored()
            answer = server.send(row.verb, path, body)  # which looks at it
            answers[answer.code == 1000] += 1
            # A CDR that contradicts another is refused and kept aside.
            if answer.code != 1000 and not (row.module == "cdrs" and answer.code == 2000):
                assert server.stored() == before, ("a refusal has left something behind", path, body)
        assert answers[True] > 20
        assert answers[False] > 50
        read_everything(server, role)


def fill(server: Live, role: str) -> None:
    """Store something of each kind: as its owner would, and what the server itself publishes."""
    owner = "/".join(GUEST)
    place, charge = locations(1)[0], session(1, "FR-EXA-C1", None)
    if role != "cpo":
        assert server.send("PUT", f"/emsp/2.1.1/locations/{owner}/LOC001", to_wire(place)).code == 1000
        assert server.send("PUT", f"/emsp/2.1.1/sessions/{owner}/S0001", to_wire(charge)).code == 1000
        assert server.send("PUT", f"/emsp/2.1.1/tariffs/{owner}/T1", json.dumps(TARIFF).encode()).code == 1000
        assert server.send("POST", "/emsp/2.1.1/cdrs", to_wire(cdr("C1", "FR-EXA-C1", None, "11", "4.40"))).code == 1000
    if role != "emsp":
        token = tokens()[0]
        assert server.send("PUT", f"/cpo/2.1.1/tokens/{owner}/{token.uid}", to_wire(token)).code == 1000
    if role == "cpo":
        assert server.do(server.actor.office.publish("locations", [place])) == 1
        assert server.do(server.actor.office.publish("sessions", [charge])) == 1
    if role == "emsp":
        assert server.do(server.actor.office.publish("tokens", tokens())) == 3


def read_everything(server: Live, role: str) -> None:
    """What was kept is given back, one by one and in lists, and is what its schema says."""
    rows = server.do(server.actor.server.site.database.read("SELECT module, owner, id FROM object"))
    forms = {row.path: row for row in OPERATIONS.values() if row.verb == "GET"}
    for module, owner, id_ in rows:
        place = f"/{'cpo' if module == 'tokens' else 'emsp'}/2.1.1/{module}"
        if owner != "*".join(GUEST):
            continue
        if module == "cdrs":
            path, form = f"{place}/{encode_segment(id_)}", forms[f"{place}/{{cdr_id}}"]
        else:
            path = "/".join((place, *GUEST, encode_segment(id_)))
            name = "token_uid" if module == "tokens" else f"{module[:-1]}_id"
            form = forms[f"{place}/{{country_code}}/{{party_id}}/{{{name}}}"]
        answer = server.send("GET", path)
        assert answer.code == 1000, path
        form.result_adapter.validate_python(answer.data)
    for row in OPERATIONS.values():
        if row.paginated and row.role in (role, "cpo" if role == "hub" else role, "emsp" if role == "hub" else role):
            answer = server.send("GET", f"{row.path}?date_from=1970-01-01T00:00:00Z&limit=1000")
            for item in answer.data:
                row.result_adapter.validate_python(item)
