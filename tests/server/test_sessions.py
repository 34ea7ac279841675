"""Sessions: kept by an eMSP and a hub, and shown by a CPO and a hub to the one eMSP they concern."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ocpi211.models import Session, Token
from ocpi211_server.authorizing import keep_authorization
from ocpi211_server.moments import now
from tests.server.live import Live, live
from tests.server.made_up import EARLY, LATE, NOON, fresh, kept_at, published, session, token

AGES = "2000-01-01T00:00:00Z"
OTHERS = [("FR", "EXA", "FR-EXA-C1"), ("NL", "TWO", "NL*TWO*C2"), ("DE", "TRE", "DETREC3")]
"""eMSPs, and a contract of each as eMI3 writes it."""


@pytest.fixture(scope="module", params=["emsp", "hub"])
def keeper(request: pytest.FixtureRequest, lasting_database: Callable[[], str]) -> Iterator[Live]:
    with live(lasting_database, request.param) as one:
        yield one


class Shown:
    """A CPO or hub with three eMSPs, of which each asks with a token of its own."""

    def __init__(self, server: Live) -> None:
        self.server = server
        self.tokens = {party: server.do(server.actor.guest("emsp", *party)) for party in [one[:2] for one in OTHERS]}

    def give(self, body: dict[str, Any]) -> None:
        """A Session of a CPO, however it comes here."""
        if self.server.actor.server.settings.role == "cpo":
            model = Session.model_validate(body)
            self.server.do(self.server.actor.office.publish("sessions", [model]))
        else:
            answer = self.server.send("PUT", kept_at("sessions", body["id"]), json.dumps(body).encode())
            assert answer.code == 1000

    def seen(self, party: tuple[str, str], **query: str) -> list[str]:
        asked = {"date_from": AGES, "limit": "100", **query}
        headers = {"Authorization": f"Token {self.tokens[party]}"}
        answer = self.server.send("GET", published("sessions", **asked), headers=headers)
        assert answer.code == 1000
        assert answer.headers["x-total-count"] == str(len(answer.data))
        return [one["id"] for one in answer.data]

    def readers(self, id_: str) -> list[str]:
        """Who sees this Session."""
        return [party[1] for party in self.tokens if id_ in self.seen(party)]


@pytest.fixture(scope="module", params=["cpo", "hub"])
def shown(request: pytest.FixtureRequest, lasting_database: Callable[[], str]) -> Iterator[Shown]:
    with live(lasting_database, request.param, agreements="all") as one:
        yield Shown(one)


class TestKept:
    @pytest.mark.parametrize("field", [{"kwh": 12.25}, {"total_cost": 3.5}, {"total_cost": None}])
    def test_a_patch_of_an_amount_changes_nothing_else(self, keeper: Live, field: dict[str, Any]) -> None:
        id_ = fresh("S")
        body = session(id_, total_cost=1)
        assert keeper.send("PUT", kept_at("sessions", id_), json.dumps(body).encode()).status == 201
        sent = json.dumps(field | {"last_updated": NOON}).encode()
        assert keeper.send("PATCH", kept_at("sessions", id_), sent).code == 1000
        expected = {name: value for name, value in (body | field | {"last_updated": NOON}).items() if value is not None}
        assert keeper.send("GET", kept_at("sessions", id_)).data == expected

    def test_a_cost_of_nothing_is_not_no_cost(self, keeper: Live) -> None:
        for changes in ({"total_cost": 0}, {}):
            id_ = fresh("S")
            keeper.send("PUT", kept_at("sessions", id_), json.dumps(session(id_, **changes)).encode())
            given = keeper.send("GET", kept_at("sessions", id_)).data
            assert ("total_cost" in given) == bool(changes)

    def test_an_emsp_has_no_list_and_nothing_can_be_deleted(self, keeper: Live) -> None:
        assert keeper.send("GET", "/emsp/2.1.1/sessions").status in (404, 405)
        id_ = fresh("S")
        keeper.send("PUT", kept_at("sessions", id_), json.dumps(session(id_)).encode())
        answer = keeper.send("DELETE", kept_at("sessions", id_))
        assert (answer.status, answer.headers["allow"]) == (405, "GET, PATCH, PUT")
        assert keeper.send("GET", kept_at("sessions", id_)).status == 200


class TestShown:
    def test_one_is_seen_by_the_emsp_of_its_contract_alone(self, shown: Shown) -> None:
        for country_code, party_id, contract in OTHERS:
            id_ = fresh("S")
            shown.give(session(id_, auth_id=contract))
            assert shown.readers(id_) == [party_id], country_code

    def test_one_for_nobody_that_is_known_is_seen_by_nobody(self, shown: Shown) -> None:
        id_ = fresh("S")
        shown.give(session(id_, auth_id="XX-XXX-C1"))
        assert shown.readers(id_) == []

    def test_the_authorisation_goes_before_the_contract(self, shown: Shown) -> None:
        id_, given = fresh("S"), fresh("auth-")
        database = shown.server.actor.server.site.database
        partner = shown.server.do(database.read("SELECT id FROM partner WHERE role = 'cpo'"))
        asked_by = partner[0][0] if partner else None
        one = Token.model_validate(token("T", auth_id="CARD-1"))
        place = (None, None)
        shown.server.do(
            database.write_each(keep_authorization, "NL*TWO", given, asked_by, one, place, "ALLOWED", now())
        )
        shown.give(session(id_, auth_id="FR-EXA-C1", authorization_id=given))
        assert shown.readers(id_) == ["TWO"]

    def test_whom_it_was_for_it_stays_for(self, shown: Shown) -> None:
        id_ = fresh("S")
        shown.give(session(id_, auth_id="NL*TWO*C2"))
        shown.give(session(id_, auth_id="XX-XXX-C1", last_updated=NOON))
        assert shown.readers(id_) == ["TWO"]

    def test_without_a_date_it_is_refused(self, shown: Shown) -> None:
        headers = {"Authorization": f"Token {shown.tokens['FR', 'EXA']}"}
        for query in ({}, {"date_to": LATE}, {"date_from": ""}):
            answer = shown.server.send("GET", published("sessions", **query), headers=headers)
            assert (answer.status, answer.code) == (200, 2001)

    @pytest.mark.requirement("SES-CPO-01")
    def test_dates_leave_those_that_were_updated_between_them(self, lasting_database: Callable[[], str]) -> None:
        with live(lasting_database, "cpo") as server:
            own = Shown(server)
            for name, moment in (("A", EARLY), ("B", NOON), ("C", LATE)):
                own.give(session(name, auth_id="NL*TWO*C2", last_updated=moment))
            party = ("NL", "TWO")
            assert own.seen(party, date_from=EARLY) == ["A", "B", "C"]
            assert own.seen(party, date_from=NOON) == ["B", "C"]
            assert own.seen(party, date_from=EARLY, date_to=LATE) == ["A", "B"]
            assert own.seen(party, date_from=NOON, date_to=NOON) == []
            assert own.seen(("DE", "TRE"), date_from=EARLY) == []
