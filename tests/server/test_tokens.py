"""Tokens: kept by a CPO and a hub, shown by an eMSP and a hub (mod_tokens.md)."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ocpi211.models import Token
from tests.server.live import Live, live
from tests.server.made_up import LATE, NOON, fresh, kept_at, published, token


@pytest.fixture(scope="module", params=["cpo", "hub"])
def server(request: pytest.FixtureRequest, lasting_database: Callable[[], str]) -> Iterator[Live]:
    with live(lasting_database, request.param, agreements="all") as one:
        yield one


def put(server: Live, body: dict[str, Any]) -> Any:
    return server.send("PUT", kept_at("tokens", body["uid"]), json.dumps(body).encode())


def test_a_token_is_withdrawn_and_nothing_else_about_it_changes(server: Live) -> None:
    body = token(fresh("04"), language="fr")
    assert put(server, body).status == 201
    path = kept_at("tokens", body["uid"])
    assert server.send("PATCH", path, json.dumps({"valid": False, "last_updated": NOON}).encode()).code == 1000
    assert server.send("GET", path).data == body | {"valid": False, "last_updated": NOON}
    assert server.send("DELETE", path).status == 405


@pytest.mark.requirement("TOK-CPO-04")
def test_of_two_types_under_one_uid_the_later_put_is_kept(server: Live) -> None:
    uid = fresh("04")
    put(server, token(uid))
    assert put(server, token(uid, type="OTHER", last_updated=NOON)).status == 200
    assert server.send("GET", kept_at("tokens", uid)).data["type"] == "OTHER"


class TestByUid:
    """`GET tokens/{uid}`, as GIREVE's hub and its eMSPs have it."""

    @pytest.fixture(scope="class", params=["emsp", "hub"])
    @classmethod
    def shown(cls, request: pytest.FixtureRequest, lasting_database: Callable[[], str]) -> Iterator[Live]:
        changes = {"token_by_uid": True}
        with live(lasting_database, request.param, agreements="all", profile_changes=changes) as one:
            yield one

    def give(self, shown: Live, body: dict[str, Any]) -> None:
        if shown.actor.server.settings.role == "emsp":
            shown.do(shown.actor.office.publish("tokens", [Token.model_validate(body)]))
        else:
            assert put(shown, body).code == 1000

    @pytest.mark.parametrize("odd", ["", "/%2F", " *"])
    def test_one_is_given_as_the_list_has_it(self, shown: Live, odd: str) -> None:
        body = token(fresh("04") + odd, last_updated=LATE, visual_number=None)
        self.give(shown, body)
        answer = shown.send("GET", published("tokens", body["uid"]))
        assert (answer.status, answer.code) == (200, 1000)
        assert answer.data == {name: value for name, value in body.items() if value is not None}
        assert answer.data in shown.send("GET", published("tokens", limit="1000")).data

    def test_one_of_another_type_or_unknown_is_not(self, shown: Live) -> None:
        body = token(fresh("04"), type="OTHER")
        self.give(shown, body)
        assert shown.send("GET", published("tokens", body["uid"], type="OTHER")).data == body
        for path in (published("tokens", body["uid"]), published("tokens", fresh("05"))):
            answer = shown.send("GET", path)
            assert (answer.status, answer.code) == (200, 2000)


def test_without_the_profile_there_is_no_token_by_uid(lasting_database: Callable[[], str]) -> None:
    with live(lasting_database, "emsp") as server:
        server.do(server.actor.office.publish("tokens", [Token.model_validate(token("04"))]))
        assert server.send("GET", published("tokens", "04")).status in (404, 405)
        assert [one["uid"] for one in server.send("GET", published("tokens")).data] == ["04"]


def test_an_emsps_tokens_are_seen_by_all_its_cpos_and_a_hubs_by_those_with_an_agreement(
    lasting_database: Callable[[], str],
) -> None:
    with live(lasting_database, "hub") as server:
        put(server, token("04"))
        answer = server.send("GET", published("tokens"))
        assert (answer.data, answer.headers["x-total-count"]) == ([], "0")
