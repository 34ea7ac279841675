"""Tariffs: kept by an eMSP and a hub until they are deleted, shown by a CPO and a hub (mod_tariffs.md)."""

import json
from collections.abc import Callable, Iterator

import pytest

from tests.server.live import Live, live
from tests.server.made_up import fresh, kept_at, published, tariff


@pytest.fixture(scope="module", params=["emsp", "hub"])
def server(request: pytest.FixtureRequest, lasting_database: Callable[[], str]) -> Iterator[Live]:
    with live(lasting_database, request.param, agreements="all") as one:
        yield one


@pytest.mark.requirement("TAR-EMSP-02")
def test_a_deleted_one_is_gone_and_can_come_again(server: Live) -> None:
    id_ = fresh("T/")
    path = kept_at("tariffs", id_)
    assert server.send("DELETE", path).status == 404
    assert server.send("PUT", path, json.dumps(tariff(id_)).encode()).status == 201
    answer = server.send("DELETE", path)
    assert (answer.status, answer.code, answer.data) == (200, 1000, {})
    for verb in ("GET", "DELETE", "PATCH"):
        assert server.send(verb, path, b"{}" if verb == "PATCH" else None).status == 404
    assert server.send("PUT", path, json.dumps(tariff(id_)).encode()).status == 201
    assert server.send("GET", path).data == tariff(id_)


def test_nobody_deletes_what_is_anothers(server: Live) -> None:
    id_ = fresh("T")
    foreign = {"Authorization": f"Token {server.do(server.actor.guest('cpo', 'DE', 'TWO'))}"}
    server.send("PUT", kept_at("tariffs", id_), json.dumps(tariff(id_)).encode())
    assert server.send("DELETE", kept_at("tariffs", id_), headers=foreign).status == 404
    assert server.send("GET", kept_at("tariffs", id_)).status == 200


def test_a_hub_shows_what_is_left(lasting_database: Callable[[], str]) -> None:
    with live(lasting_database, "hub", agreements="all") as server:
        for number in range(3):
            id_ = f"T{number}"
            server.send("PUT", kept_at("tariffs", id_), json.dumps(tariff(id_)).encode())
        server.send("DELETE", kept_at("tariffs", "T1"))
        answer = server.send("GET", published("tariffs"))
        assert answer.data == [tariff("T0"), tariff("T2")]
        assert answer.headers["x-total-count"] == "2"
