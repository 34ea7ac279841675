"""Whose an object is and what it may be called, at every role; and what a strict reader refuses.

transport_and_format.md, Client owned object push; types.md.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.server.live import Live, live
from tests.server.made_up import EARLY, LATE, NOON, PAIRS, body_of, fresh, kept_at, patch, put, read, same

each = pytest.mark.parametrize(("server", "module"), PAIRS, indirect=["server"], scope="module")


@pytest.fixture(scope="module")
def server(request: pytest.FixtureRequest, lasting_database: Callable[[], str]) -> Iterator[Live]:
    with live(lasting_database, request.param) as one:
        yield one


@pytest.fixture(scope="module")
def strict(lasting_database: Callable[[], str]) -> Iterator[Live]:
    with live(lasting_database, "emsp", strict=True) as one:
        yield one


ODD = [
    "a/b",
    "100%",
    "%2F",
    "*",
    ".",
    "..",
    "a b",
    'q"uote',
    "it's",
    "a\\b",
    "?x=1&y",
    "#",
    "a+b;c,d",
    "~",
    "{0}",
    "authorize",
]


@each
class TestIds:
    def test_any_printable_ascii_names_an_object(self, server: Live, module: str) -> None:
        for id_ in ODD:
            assert server.send("GET", kept_at(module, id_)).status == 404, id_
            body = put(server, module, id_)
            assert read(server, module, id_) == body
            assert patch(server, module, id_, {"last_updated": NOON}).code == 1000
            assert read(server, module, id_) == body | {"last_updated": NOON}

    def test_anything_else_names_none(self, server: Live, module: str) -> None:
        for id_ in ("é", "\0", "tab\t", "\U0001f697", "x" * 40):
            answer = server.send("PUT", kept_at(module, id_), json.dumps(body_of(module, id_)).encode())
            assert answer.code == 2001, id_
            assert server.send("GET", kept_at(module, id_)).code == 2001, id_


@each
class TestOwners:
    @pytest.mark.requirement("TF-OWN-01")
    def test_two_parties_have_each_their_own_under_one_id(self, server: Live, module: str) -> None:
        id_, other = fresh(), ("DE", "TWO")
        role: Any = "emsp" if module == "tokens" else "cpo"
        foreign = {"Authorization": f"Token {server.do(server.actor.guest(role, *other))}"}
        body = put(server, module, id_)
        assert server.send("GET", kept_at(module, id_, owner=other), headers=foreign).status == 404
        theirs = body_of(module, id_, last_updated=NOON)
        path = kept_at(module, id_, owner=other)
        assert server.send("PUT", path, json.dumps(theirs).encode(), headers=foreign).status == 201
        assert server.send("GET", path, headers=foreign).data == theirs
        assert read(server, module, id_) == body

    def test_what_belongs_to_another_does_not_exist(self, server: Live, module: str) -> None:
        id_ = fresh()
        role: Any = "emsp" if module == "tokens" else "cpo"
        foreign = {"Authorization": f"Token {server.do(server.actor.guest(role, 'DE', 'TRE'))}"}
        body = put(server, module, id_)
        path = kept_at(module, id_)
        later = json.dumps(body_of(module, id_, last_updated=LATE)).encode()
        for verb, sent in (("GET", None), ("PUT", later), ("PATCH", b"{}")):
            answer = server.send(verb, path, sent, headers=foreign)
            assert answer.status == 404
            unknown = server.send(verb, kept_at(module, fresh()), sent, headers=foreign)
            assert (answer.envelope | {"timestamp": ""}) == (unknown.envelope | {"timestamp": ""})
        assert read(server, module, id_) == body

    def test_a_hub_writes_for_the_parties_behind_it(self, server: Live, module: str) -> None:
        role: Any = "emsp" if module == "tokens" else "cpo"
        hub = {"Authorization": f"Token {server.do(server.actor.guest(role, 'DE', 'HUB', hub=True))}"}
        id_, owner = fresh(), ("NL", "ABC")
        path = kept_at(module, id_, owner=owner)
        assert server.send("PUT", path, json.dumps(body_of(module, id_)).encode(), headers=hub).status == 201
        assert server.send("PATCH", path, b'{"last_updated":"%b"}' % NOON.encode(), headers=hub).code == 1000
        assert server.send("GET", path, headers=hub).data["last_updated"] == NOON
        assert server.send("GET", kept_at(module, id_, owner=("DE", "HUB")), headers=hub).status == 404


def test_a_downgrade_is_applied_where_the_profile_says_so(lasting_database: Callable[[], str]) -> None:
    with live(lasting_database, "emsp", profile_changes={"allow_downgrades": True}) as server:
        for module in ("locations", "sessions", "tariffs"):
            put(server, module, "D", last_updated=NOON)
            body = put(server, module, "D", last_updated=EARLY)
            assert read(server, module, "D") == body


class TestStrict:
    """A server that reads to the letter refuses what another takes; both take what the text allows."""

    @pytest.mark.parametrize(
        "changes",
        [
            {"kwh": "1.5"},
            {"last_updated": "2024-05-02T08:00:00+00:00"},
            {"last_updated": "2024-05-02T10:00:00+02:00"},
            {"status": "LATER_VERSION"},
            {"meter_id": "é"},
        ],
    )
    def test_what_the_text_does_not_know_is_refused(self, strict: Live, changes: dict[str, Any]) -> None:
        id_ = fresh()
        answer = strict.send("PUT", kept_at("sessions", id_), json.dumps(body_of("sessions", id_, **changes)).encode())
        assert (answer.status, answer.code) == (200, 2001)
        assert strict.send("GET", kept_at("sessions", id_)).status == 404

    def test_what_the_text_allows_is_taken(self, strict: Live) -> None:
        id_ = fresh()
        plain = {"location": body_of("sessions", id_)["location"] | {"address": "1 rue de la Gare"}}
        changes = {"charging_periods": None, "meter_id": None, "last_updated": "2024-05-02T12:00:00", "x": 1, **plain}
        body = put(strict, "sessions", id_, **changes)
        assert same(read(strict, "sessions", id_), body | {"last_updated": NOON})
        assert patch(strict, "sessions", id_, {"kwh": "2"}).code == 2001
        assert patch(strict, "sessions", id_, {"kwh": 2}).code == 1000
        assert read(strict, "sessions", id_)["kwh"] == 2
