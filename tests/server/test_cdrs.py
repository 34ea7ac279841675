"""CDRs: each once, byte by byte, for the one who pays it (mod_cdrs.md)."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from ocpi211.models import CDR
from tests.server.live import Live, live
from tests.server.made_up import EARLY, LATE, NOON, cdr, fresh, published

POST = "/emsp/2.1.1/cdrs"


@pytest.fixture(scope="module", params=["emsp", "hub"])
def server(request: pytest.FixtureRequest, lasting_database: Callable[[], str]) -> Iterator[Live]:
    with live(lasting_database, request.param, agreements="all") as one:
        yield one


def post(server: Live, body: Any, headers: dict[str, str] | None = None) -> Any:
    return server.send("POST", POST, body if isinstance(body, bytes) else json.dumps(body).encode(), headers)


def place(server: Live, answer: Any) -> str:
    url: str = answer.headers["location"]
    assert url.startswith(server.actor.url + POST)
    return POST + urlsplit(url).path.partition(POST)[2]


def aside(server: Live, id_: str) -> list[bytes]:
    text = "SELECT body FROM kept_aside WHERE id = $1 ORDER BY seq"
    return [bytes(row[0]) for row in server.do(server.actor.server.site.database.read(text, id_.lower()))]


@pytest.mark.requirement("CDR-EMSP-02", "CDR-EMSP-06")
@pytest.mark.parametrize("odd", ["", "/1", " %2F?#", "*", ".."])
def test_a_cdr_is_given_back_where_the_answer_says_byte_by_byte(server: Live, odd: str) -> None:
    id_ = fresh("C") + odd
    sent = (
        b" " + json.dumps(cdr(id_, remark=None, odd=[])).encode()[:-1] + b', "x": 1.50000000000000000001, "y":null}\r\n'
    )
    answer = post(server, sent)
    assert (answer.status, answer.code, answer.data) == (201, 1000, {})
    came = server.send("GET", place(server, answer))
    assert came.status == 200
    assert sent.strip() in came.body


@pytest.mark.requirement("CDR-EMSP-04")
def test_the_same_again_is_accepted_and_stored_once(server: Live) -> None:
    id_ = fresh("C")
    body = cdr(id_)
    first = post(server, body)
    before = server.stored()
    for again in (json.dumps(body), json.dumps(dict(reversed(body.items())), indent=1)):
        answer = post(server, again.encode())
        assert answer.code == 1000
        assert answer.headers["location"] == first.headers["location"]
    assert server.stored() == before
    assert aside(server, id_) == []


@pytest.mark.requirement("CDR-EMSP-05")
def test_another_of_the_same_id_is_kept_aside_once_and_refused(server: Live) -> None:
    id_ = fresh("C")
    first = post(server, cdr(id_))
    other = json.dumps(cdr(id_, total_cost=99)).encode()
    for _ in range(3):
        answer = post(server, other)
        assert (answer.status, answer.code) == (200, 2000)
        assert id_ in answer.envelope["status_message"]
    third = json.dumps(cdr(id_, total_cost=98)).encode()
    post(server, third)
    assert aside(server, id_) == [other, third]
    assert server.send("GET", place(server, first)).data["total_cost"] == 4.5


def test_another_spelling_of_a_number_is_another_cdr(server: Live) -> None:
    """A number of 5,000 digits is none that a reader of CDRs takes: nor is it a failure of ours."""
    id_ = fresh("C")
    text = json.dumps(cdr(id_)).encode()[:-1]
    assert post(server, text + b',"x":1.0}').status == 201
    assert post(server, text + b',"x":1.00}').code == 2000
    assert post(server, text + b',"x":1e0}').code == 2000
    assert post(server, text + b',"x":' + b"1" * 5000 + b"}").status in (200, 400)
    assert post(server, text + b',"x": 1.0 }').code == 1000


@pytest.mark.requirement("TY-CI-02")
def test_an_id_is_one_in_whatever_case_and_given_back_as_it_came(server: Live) -> None:
    id_ = fresh("Cdr-")
    assert post(server, cdr(id_)).status == 201
    for name in (id_, id_.upper(), id_.lower()):
        assert server.send("GET", f"{POST}/{name}").data["id"] == id_
    assert post(server, cdr(id_.upper(), total_cost=1)).code == 2000


def test_an_unknown_one_is_not_found(server: Live) -> None:
    assert server.send("GET", f"{POST}/{fresh('C')}").status == 404


def test_cdrs_of_two_cpos_may_have_one_id_and_neither_sees_the_others(server: Live) -> None:
    id_ = fresh("C")
    foreign = {"Authorization": f"Token {server.do(server.actor.guest('cpo', 'DE', 'TWO'))}"}
    assert post(server, cdr(id_)).status == 201
    assert server.send("GET", f"{POST}/{id_}", headers=foreign).status == 404
    answer = post(server, cdr(id_, total_cost=7), foreign)
    assert answer.status == 201
    assert server.send("GET", f"{POST}/{id_}", headers=foreign).data["total_cost"] == 7
    assert server.send("GET", f"{POST}/{id_}").data["total_cost"] == 4.5


def test_a_cdr_cannot_be_changed(server: Live) -> None:
    id_ = fresh("C")
    post(server, cdr(id_))
    for verb in ("PUT", "PATCH", "DELETE"):
        answer = server.send(verb, f"{POST}/{id_}", b"{}")
        assert (answer.status, answer.headers["allow"]) == (405, "GET")
    assert server.send("GET", POST).status == 405


def test_one_that_is_none_is_refused_and_not_kept(server: Live) -> None:
    id_ = fresh("C")
    before = server.stored()
    wrong: list[dict[str, Any]] = [{"charging_periods": []}, {"total_energy": "x"}, {"last_updated": None}, {"id": ""}]
    for changes in wrong:
        assert post(server, cdr(id_) | changes).code == 2001
    assert server.stored() == before


class TestShown:
    """What a CPO shows of its CDRs, and a hub of those of its CPOs."""

    @pytest.fixture(params=["cpo", "hub"])
    def shown(self, request: pytest.FixtureRequest, lasting_database: Callable[[], str]) -> Iterator[Live]:
        with live(lasting_database, request.param, agreements="all") as one:
            yield one

    @pytest.mark.requirement("CDR-CPO-04", "CDR-CPO-05", "CDR-OBJ-05")
    def test_each_emsp_sees_its_own_as_they_came(self, shown: Live) -> None:
        role = shown.actor.server.settings.role
        two = shown.do(shown.actor.guest("emsp", "NL", "TWO"))
        for number, moment in enumerate((EARLY, NOON, LATE)):
            for contract in ("FR-EXA-C1", "NL*TWO*C2", "XX-XXX-C3"):
                body = cdr(f"C{number}{contract[:2]}", auth_id=contract, last_updated=moment, odd=None)
                if role == "cpo":
                    shown.do(shown.actor.office.publish("cdrs", [CDR.model_validate(body)]))
                else:
                    assert post(shown, body).status == 201

        def seen(token: str, **query: str) -> list[str]:
            answer = shown.send("GET", published("cdrs", **query), headers={"Authorization": f"Token {token}"})
            assert answer.headers["x-total-count"] == str(len(answer.data))
            if role == "hub":
                assert b'"odd": null' in answer.body
            return [one["id"] for one in answer.data]

        assert seen(two) == seen(two) == ["C0NL", "C1NL", "C2NL"]
        assert seen(shown.tokens["emsp"]) == ["C0FR", "C1FR", "C2FR"]
        if role == "cpo":
            assert seen(two, date_from=NOON) == ["C1NL", "C2NL"]
            assert seen(two, date_from=EARLY, date_to=LATE) == ["C0NL", "C1NL"]
