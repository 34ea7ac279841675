"""Any sequence of writes to a Location and its parts, against a plain dictionary (mod_locations.md)."""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ocpi211.models import Location
from ocpi211_server.moments import now
from ocpi211_server.objects.parts import LocationObjects
from tests.server.live import GUEST, Live, live
from tests.server.made_up import EARLY, LATE, NOON, connector, evse, fresh, kept_at, location, same

ONE_PM = "2024-05-02T13:00:00Z"


@pytest.fixture(scope="module", params=["emsp", "hub"])
def server(request: pytest.FixtureRequest, lasting_database: Callable[[], str]) -> Iterator[Live]:
    with live(lasting_database, request.param, agreements="all") as one:
        yield one


class Shadow:
    """The same in memory: what a Location is after some writes."""

    def __init__(self, id_: str) -> None:
        self.id = id_
        self.location: dict[str, Any] | None = None

    def part(self, way: tuple[str, ...]) -> dict[str, Any] | None:
        found = self.location
        for list_, key, wanted in zip(("evses", "connectors"), ("uid", "id"), way, strict=False):
            listed = (found or {}).get(list_) or []
            found = next((one for one in listed if one[key] == wanted), None)
        return found

    def put(self, way: tuple[str, ...], body: dict[str, Any]) -> int:
        """The HTTP status."""
        known, holder = self.part(way), self.part(way[:-1])
        if way and holder is None:
            return 404
        if known is not None and known["last_updated"] > body["last_updated"]:
            return 200
        if not way:
            self.location = deepcopy(body)
        elif known is not None:
            known.clear()
            known.update(deepcopy(body))
        elif holder is not None:
            name = ("evses", "connectors")[len(way) - 1]
            holder[name] = [*(holder.get(name) or []), deepcopy(body)]
        self._raise(way, body["last_updated"])
        return 201 if known is None else 200

    def patch(self, way: tuple[str, ...], fields: dict[str, Any]) -> int:
        known = self.part(way)
        if known is None:
            return 404
        known.update(deepcopy(fields))
        self._raise(way, known["last_updated"])
        return 200

    def _raise(self, way: tuple[str, ...], moment: str) -> None:
        for depth in reversed(range(len(way))):
            holder = self.part(way[:depth])
            if holder is not None:  # which is then none older than any part on the way
                moment = holder["last_updated"] = max(holder["last_updated"], moment)


stamps = st.sampled_from([EARLY, NOON, ONE_PM, LATE])
uids = st.sampled_from(["A", "B/2", "*"])
names = st.sampled_from(["1", "2"])
connectors = st.builds(
    lambda id_, stamp, tariff: connector(id_, last_updated=stamp, tariff_id=tariff), names, stamps, st.none() | names
)
evses = st.builds(
    lambda uid, stamp, listed, odd: evse(uid, last_updated=stamp, connectors=listed, odd=odd),
    uids,
    stamps,
    st.lists(connectors, min_size=1, max_size=2, unique_by=lambda one: str(one["id"])),
    st.none() | st.just([]) | st.integers(0, 9),
)
locations = st.builds(
    lambda stamp, listed, name: location("L", last_updated=stamp, evses=listed, name=name),
    stamps,
    st.none() | st.lists(evses, max_size=2, unique_by=lambda one: str(one["uid"])),
    st.none() | st.sampled_from(["", "Été"]),
)
changes = st.fixed_dictionaries({"last_updated": stamps}, optional={"odd": st.none() | st.integers(0, 9)})
statuses = st.fixed_dictionaries({"last_updated": stamps, "status": st.sampled_from(["CHARGING", "REMOVED"])})


def _connector_put(uid: str, body: dict[str, Any]) -> tuple[str, tuple[str, ...], dict[str, Any]]:
    return "PUT", (uid, body["id"]), body


writes = st.one_of(
    locations.map(lambda body: ("PUT", (), body)),
    evses.map(lambda body: ("PUT", (body["uid"],), body)),
    st.builds(_connector_put, uids, connectors),
    st.tuples(st.just("PATCH"), st.just(()), changes | locations.map(lambda one: {**one, "type": "OTHER"})),
    st.tuples(st.just("PATCH"), st.tuples(uids), changes | statuses),
    st.tuples(st.just("PATCH"), st.tuples(uids, names), changes | st.just({"tariff_id": None, "last_updated": NOON})),
)


@settings(max_examples=12)
@example(
    first=location("L", evses=[evse("A", last_updated=NOON)]),
    then=[("PATCH", ("A", "1"), {"tariff_id": "T", "last_updated": EARLY})],
)
@given(first=locations, then=st.lists(writes, max_size=8))
def test_any_sequence_of_writes_leaves_what_a_plain_dictionary_would_hold(
    server: Live, first: dict[str, Any], then: list[tuple[str, tuple[str, ...], dict[str, Any]]]
) -> None:
    shadow = Shadow(fresh("L"))
    for verb, way, given_body in [("PUT", (), first), *then]:
        body = given_body if way or "id" not in given_body else {**given_body, "id": shadow.id}
        expected = shadow.put(way, body) if verb == "PUT" else shadow.patch(way, body)
        answer = server.send(verb, kept_at("locations", shadow.id, *way), json.dumps(body).encode())
        assert (answer.status, answer.data) == (expected, {}), (verb, way, body)
        for part in {(), way}:
            got = server.send("GET", kept_at("locations", shadow.id, *part))
            wanted = shadow.part(part)
            assert got.status == (404 if wanted is None else 200)
            assert wanted is None or same(got.data, wanted), f"{part} {got.data} {wanted}"


def test_of_a_push_that_is_older_no_status_is_taken(lasting_database: Callable[[], str]) -> None:
    """A hub that stores no more than status and Tariff of what is pushed."""
    with live(lasting_database, "hub", profile_changes={"static_by_push": False}) as server:
        body = location("L", evses=[evse("A"), evse("B")], last_updated=NOON)
        text = json.dumps(body).encode()
        objects = LocationObjects(server.actor.server.site)
        model = Location.model_validate_json(text)
        server.do(objects.site.database.write(objects.taking, "*".join(GUEST), "L", model, text, None, now()))

        def push(verb: str, sent: dict[str, Any], *way: str) -> list[str]:
            path = kept_at("locations", "L", *way)
            assert server.send(verb, path, json.dumps(sent).encode()).code == 1000
            return [one["status"] for one in server.send("GET", kept_at("locations", "L")).data["evses"]]

        assert push("PATCH", {"status": "CHARGING", "last_updated": NOON}, "A") == ["CHARGING", "AVAILABLE"]
        assert push("PUT", evse("A", status="BLOCKED", last_updated=EARLY), "A") == ["CHARGING", "AVAILABLE"]
        older = location("L", name="Other", evses=[evse("A"), evse("B", status="RESERVED")], last_updated=LATE)
        assert push("PUT", older) == ["CHARGING", "RESERVED"]
        assert server.send("GET", kept_at("locations", "L")).data.get("name") is None
        assert push("PUT", evse("A", status="BLOCKED", last_updated=ONE_PM), "A") == ["BLOCKED", "RESERVED"]
        assert server.send("PATCH", kept_at("locations", "L", "X"), b'{"floor_level":"1"}').status == 404


def test_where_nobody_lists_locations_a_change_leaves_alone_what_lists_are_filtered_by(server: Live) -> None:
    site, id_ = server.actor.server.site, fresh("L")

    def columns() -> list[bool]:
        text = "SELECT changed, gone FROM object WHERE id = $1"
        return [column > 0 for column in server.do(site.database.read(text, id_))[0]]

    body = json.dumps(location(id_, evses=[evse("A"), evse("B")], last_updated=NOON)).encode()
    assert server.send("PUT", kept_at("locations", id_), body).status == 201
    assert columns() == [site.role == "hub", False]
    assert server.send("PATCH", kept_at("locations", id_, "A"), b'{"status":"REMOVED"}').status == 200
    assert columns() == [site.role == "hub"] * 2
