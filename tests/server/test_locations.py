"""Locations, their EVSEs and Connectors, each written by itself, at an eMSP and at a hub; and published by a CPO."""

import asyncio
import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest

from ocpi211.models import EVSEPatch, Location, Status
from ocpi211_server.objects.json_text import steps
from tests.server.live import GUEST, Live, live
from tests.server.made_up import EARLY, LATE, NOON, connector, evse, fresh, kept_at, location, published
from tests.server.stage import Actor, actor

ONE_PM = "2024-05-02T13:00:00Z"


@pytest.fixture(scope="module", params=["emsp", "hub"])
def server(request: pytest.FixtureRequest, lasting_database: Callable[[], str]) -> Iterator[Live]:
    with live(lasting_database, request.param, agreements="all") as one:
        yield one


def put(server: Live, body: Any, *ids: str) -> Any:
    return server.send("PUT", kept_at("locations", *ids), json.dumps(body).encode())


def patch(server: Live, body: Any, *ids: str) -> Any:
    return server.send("PATCH", kept_at("locations", *ids), json.dumps(body).encode())


def read(server: Live, *ids: str) -> Any:
    answer = server.send("GET", kept_at("locations", *ids))
    assert (answer.status, answer.code) == (200, 1000)
    return answer.data


def stored(server: Live, **changes: Any) -> str:
    """A Location with the EVSEs A (Connectors 1 and 2) and B (Connector 1), all of the early morning."""
    id_ = fresh("L")
    evses = [evse("A", connectors=[connector("1"), connector("2")]), evse("B")]
    assert put(server, location(id_, evses=evses, **changes), id_).status == 201
    return id_


def moments(server: Live, id_: str) -> dict[str, str]:
    """`last_updated` of the Location and of all that it holds."""
    whole = read(server, id_)
    found = {"": whole["last_updated"]}
    for one in whole["evses"]:
        found[one["uid"]] = one["last_updated"]
        found |= {f"{one['uid']}/{each['id']}": each["last_updated"] for each in one["connectors"]}
    return found


class TestParts:
    def test_each_level_is_read_by_itself(self, server: Live) -> None:
        id_ = stored(server)
        whole = read(server, id_)
        assert read(server, id_, "A") == whole["evses"][0]
        assert read(server, id_, "A", "2") == whole["evses"][0]["connectors"][1]

    @pytest.mark.parametrize("way", [("X",), ("X", "1"), ("A", "9"), ("B", "2")])
    def test_a_part_that_is_not_there_is_not_found(self, server: Live, way: tuple[str, ...]) -> None:
        id_ = stored(server)
        before = read(server, id_)
        assert server.send("GET", kept_at("locations", id_, *way)).status == 404
        assert patch(server, {"last_updated": LATE}, id_, *way).status == 404
        assert read(server, id_) == before

    def test_nothing_is_added_to_a_location_that_is_not_there(self, server: Live) -> None:
        id_ = fresh("L")
        assert put(server, evse("A"), id_, "A").status == 404
        assert put(server, connector("1"), id_, "A", "1").status == 404
        assert patch(server, {"status": "CHARGING"}, id_, "A").status == 404
        assert put(server, connector("1"), stored(server), "X", "1").status == 404
        assert server.send("GET", kept_at("locations", id_)).status == 404

    @pytest.mark.requirement("LOC-EMSP-02")
    def test_a_new_evse_is_added_behind_the_others(self, server: Live) -> None:
        id_ = stored(server)
        before = read(server, id_)
        answer = put(server, evse("C", last_updated=NOON), id_, "C")
        assert (answer.status, answer.code, answer.data) == (201, 1000, {})
        added = [*before["evses"], evse("C", last_updated=NOON)]
        assert read(server, id_) == before | {"evses": added, "last_updated": NOON}

    def test_a_location_without_evses_gets_its_first(self, server: Live) -> None:
        empty: list[dict[str, Any]] = [{}, {"evses": None}, {"evses": []}]
        for changes in empty:
            id_ = fresh("L")
            assert put(server, location(id_, **changes), id_).status == 201
            assert put(server, evse("A"), id_, "A").status == 201
            assert read(server, id_)["evses"] == [evse("A")]

    def test_a_known_part_is_replaced_where_it_stands(self, server: Live) -> None:
        id_ = stored(server)
        before = read(server, id_)
        changed = evse("A", last_updated=NOON, floor_level="-1")
        assert put(server, changed, id_, "A").status == 200
        assert read(server, id_) == before | {"evses": [changed, before["evses"][1]], "last_updated": NOON}
        new = connector("2", last_updated=LATE, amperage=16)
        assert put(server, new, id_, "A", "2").status == 201
        assert read(server, id_, "A")["connectors"] == [connector("1"), new]

    def test_a_part_whose_fields_do_not_go_together_with_it_is_refused(self, server: Live) -> None:
        id_ = stored(server)
        before = read(server, id_)
        assert put(server, evse("A", connectors=[]), id_, "A").code == 2001
        assert put(server, {**connector("1"), "voltage": "many"}, id_, "A", "1").code == 2001
        assert patch(server, {"opening_times": {"twentyfourseven": True, "regular_hours": [HOURS]}}, id_).code == 2001
        assert read(server, id_) == before

    @pytest.mark.requirement("LOC-EMSP-04", "LOC-EMSP-06")
    def test_a_patch_of_an_evse_changes_that_evse_alone(self, server: Live) -> None:
        id_ = stored(server)
        before = read(server, id_)
        assert patch(server, {"status": "REMOVED", "last_updated": NOON}, id_, "B").code == 1000
        changed = before["evses"][1] | {"status": "REMOVED", "last_updated": NOON}
        assert read(server, id_) == before | {"evses": [before["evses"][0], changed], "last_updated": NOON}

    @pytest.mark.requirement("LOC-EMSP-05")
    def test_a_patch_of_a_connector_changes_that_connector_alone(self, server: Live) -> None:
        id_ = stored(server)
        before = read(server, id_)
        fields = {"tariff_id": "T1", "last_updated": NOON}
        assert patch(server, fields, id_, "A", "2").code == 1000
        expected = deepcopy(before)
        expected["evses"][0]["connectors"][1] |= fields
        expected["evses"][0]["last_updated"] = expected["last_updated"] = NOON
        assert read(server, id_) == expected
        assert patch(server, {"tariff_id": None, "last_updated": NOON}, id_, "A", "2").code == 1000
        assert "tariff_id" not in read(server, id_, "A", "2")

    @pytest.mark.parametrize("name", ["amperage", "voltage"])
    def test_a_patch_of_a_part_is_checked(self, server: Live, name: str) -> None:
        id_ = stored(server)
        before = read(server, id_)
        for wrong in ({name: None}, {name: "x"}, {"id": "9"}, {"last_updated": None}, {"last_updated": "x"}):
            assert patch(server, {"tariff_id": "T", **wrong}, id_, "A", "1").code == 2001
        assert patch(server, {"status": None}, id_, "A").code == 2001
        assert patch(server, {"connectors": []}, id_, "A").code == 2001
        assert read(server, id_) == before

    def test_odd_names_of_parts(self, server: Live) -> None:
        id_, uid, name = fresh("L/"), "FR*A/B%2F ?", ".."
        body = location(id_, evses=[evse(uid, connectors=[connector(name)])])
        assert put(server, body, id_).status == 201
        assert patch(server, {"status": "CHARGING", "last_updated": EARLY}, id_, uid).code == 1000
        assert put(server, connector(name, amperage=16), id_, uid, name).status == 200
        assert read(server, id_, uid)["status"] == "CHARGING"
        assert read(server, id_, uid, name)["amperage"] == 16

    def test_a_field_that_nobody_knows_stays_with_its_part(self, server: Live) -> None:
        id_ = fresh("L")
        body = location(id_, evses=[evse("A", odd={"x": [1]}, connectors=[connector("1", odd="y")])])
        assert put(server, body, id_).status == 201
        assert patch(server, {"status": "CHARGING", "last_updated": EARLY}, id_, "A").code == 1000
        assert patch(server, {"odd": "z", "last_updated": EARLY}, id_, "A", "1").code == 1000
        body["evses"][0]["status"] = "CHARGING"
        body["evses"][0]["connectors"][0]["odd"] = "z"
        assert read(server, id_) == body


HOURS = {"weekday": 1, "period_begin": "08:00", "period_end": "20:00"}


class TestMoments:
    """What holds a part is never older than it."""

    @pytest.mark.parametrize("verb", ["PUT", "PATCH"])
    def test_a_change_raises_all_that_holds_it_and_nothing_beside_it(self, server: Live, verb: str) -> None:
        id_ = stored(server)
        body = connector("2", last_updated=NOON) if verb == "PUT" else {"last_updated": NOON}
        answer = server.send(verb, kept_at("locations", id_, "A", "2"), json.dumps(body).encode())
        assert answer.code == 1000
        assert moments(server, id_) == {"": NOON, "A": NOON, "A/1": EARLY, "A/2": NOON, "B": EARLY, "B/1": EARLY}

    @pytest.mark.parametrize("verb", ["PUT", "PATCH"])
    def test_an_earlier_change_lowers_nothing(self, server: Live, verb: str) -> None:
        id_ = stored(server)
        assert patch(server, {"last_updated": LATE}, id_, "B").code == 1000
        body = connector("2", last_updated=NOON) if verb == "PUT" else {"last_updated": NOON}
        answer = server.send(verb, kept_at("locations", id_, "A", "2"), json.dumps(body).encode())
        assert answer.code == 1000
        assert moments(server, id_) == {"": LATE, "A": NOON, "A/1": EARLY, "A/2": NOON, "B": LATE, "B/1": EARLY}

    def test_a_change_without_a_moment_is_one_of_now(self, server: Live) -> None:
        id_ = stored(server)
        assert patch(server, {"tariff_id": "T"}, id_, "A", "1").code == 1000
        found = moments(server, id_)
        assert found[""] == found["A"] == found["A/1"] > LATE
        assert found["A/2"] == found["B"] == EARLY

    @pytest.mark.parametrize("way", [("A",), ("A", "1"), ()])
    def test_an_older_part_is_accepted_and_not_applied(self, server: Live, way: tuple[str, ...]) -> None:
        id_ = stored(server)
        assert patch(server, {"last_updated": NOON}, id_, *way).code == 1000
        before = read(server, id_)
        older = {0: location(id_, name="Old"), 1: evse("A", floor_level="0"), 2: connector("1", amperage=1)}[len(way)]
        answer = put(server, older, id_, *way)
        assert (answer.status, answer.code, answer.data) == (200, 1000, {})
        assert read(server, id_) == before


def test_changes_of_different_evses_at_once_lose_nothing(new_database: Callable[[], str]) -> None:
    async def play() -> None:
        async with actor(new_database(), "emsp") as one:
            token = await one.guest("cpo", *GUEST)
            uids = [f"E{number}" for number in range(12)]
            body = location("L", evses=[evse(uid) for uid in uids])
            assert (await one.call("PUT", kept_at("locations", "L"), body, token=token)).status == 201

            async def change(uid: str, number: int) -> None:
                stamp = f"2024-05-02T12:00:{number:02}Z"
                path = kept_at("locations", "L", uid)
                if number % 3 == 2:
                    path = kept_at("locations", "L", uid, "1")
                    sent: Any = connector("1", amperage=number, last_updated=stamp)
                    answer = await one.call("PUT", path, sent, token=token)
                else:
                    sent = {"floor_level": str(number), "last_updated": stamp}
                    sent |= {"status": "CHARGING"} if number % 3 else {}
                    answer = await one.call("PATCH", path, sent, token=token)
                assert answer.code == 1000

            await asyncio.gather(*(change(uid, number) for number in range(9) for uid in uids))
            whole = (await one.call("GET", kept_at("locations", "L"), token=token)).data
            assert whole["last_updated"] == "2024-05-02T12:00:08Z"
            assert [one["uid"] for one in whole["evses"]] == uids
            for each in whole["evses"]:
                assert each["status"] == "CHARGING"
                assert each["floor_level"] in "0134679"
                assert each["connectors"][0]["amperage"] == 8  # none that came later is older

    asyncio.run(play())


def test_locations_made_at_once_are_made_once_each(new_database: Callable[[], str]) -> None:
    async def play() -> None:
        async with actor(new_database(), "emsp") as one:
            token = await one.guest("cpo", *GUEST)
            calls = [
                one.call("PUT", kept_at("locations", f"L{number % 5}"), location(f"L{number % 5}"), token=token)
                for number in range(40)
            ]
            answers = await asyncio.gather(*calls)
            assert sorted(answer.status for answer in answers) == [200] * 35 + [201] * 5
            assert await one.count("locations") == 5

    asyncio.run(play())


class TestPublished:
    """What a CPO shows to its eMSPs."""

    @pytest.mark.requirement("LOC-CPO-03", "LOC-CPO-04")
    def test_every_level_as_it_was_published(self, new_database: Callable[[], str]) -> None:
        asyncio.run(_play_published(new_database()))


async def _play_published(database: str) -> None:
    async with actor(database, "cpo") as one:
        token = await one.guest("emsp", *GUEST)
        body = location("L/1", evses=[evse("A"), evse("B")])
        await one.office.publish("locations", [Location.model_validate(body)])
        assert (await _get(one, token, "L/1")).data == body
        assert (await _get(one, token, "L/1", "A")).data == body["evses"][0]
        assert (await _get(one, token, "L/1", "A", "1")).data == body["evses"][0]["connectors"][0]
        for ids in (("X",), ("L/1", "X"), ("L/1", "A", "X"), ("L", "1")):
            assert (await _get(one, token, *ids)).status == 404
        await one.office.amend("locations", "L/1", EVSEPatch(status=Status.CHARGING), steps("A"))
        listed = (await _get(one, token)).data
        assert listed == [(await _get(one, token, "L/1")).data]
        assert [each["status"] for each in listed[0]["evses"]] == ["CHARGING", "AVAILABLE"]
        assert listed[0]["last_updated"] == listed[0]["evses"][0]["last_updated"] > LATE
        assert listed[0]["evses"][1]["last_updated"] == EARLY


async def _get(one: Actor, token: str, *ids: str) -> Any:
    return await one.call("GET", published("locations", *ids), token=token)
