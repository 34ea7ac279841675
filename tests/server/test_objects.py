"""What PUT, PATCH and GET of objects that their owner writes have in common, for all modules and roles.

transport_and_format.md, Client owned object push; PUT; PATCH.
"""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.server.live import GUEST, Live, live
from tests.server.made_up import EARLY, LATE, NOON, body_of, evse, fresh, kept_at, raw, same

OPTIONAL = {"locations": "name", "sessions": "meter_id", "tariffs": "tariff_alt_url", "tokens": "language"}
REQUIRED = {"locations": "city", "sessions": "currency", "tariffs": "currency", "tokens": "issuer"}
TEXT = {"locations": "Chez Éloïse", "sessions": "M-1", "tariffs": "https://example.com/t?é=1", "tokens": "fr"}
ENUM: dict[str, dict[str, Any]] = {
    "locations": {"type": "LATER_VERSION"},
    "sessions": {"status": "LATER_VERSION"},
    "tariffs": {"elements": [{"price_components": [{"type": "LATER_VERSION", "price": 1, "step_size": 1}]}]},
    "tokens": {"type": "LATER_VERSION"},
}
LISTS: dict[str, tuple[str, list[Any]]] = {
    "locations": ("evses", [evse("E")]),
    "sessions": (
        "charging_periods",
        [{"start_date_time": EARLY, "dimensions": [{"type": "TIME", "volume": 1}]}],
    ),
    "tariffs": ("tariff_alt_text", [{"language": "fr", "text": "Énergie"}]),
}
PAIRS = [
    *(("emsp", module) for module in LISTS),
    ("cpo", "tokens"),
    *(("hub", module) for module in (*LISTS, "tokens")),
]
each = pytest.mark.parametrize(("server", "module"), PAIRS, indirect=["server"], scope="module")
"""On every role, each module whose objects it is given."""
each_with_list = pytest.mark.parametrize(
    ("server", "module"), [pair for pair in PAIRS if pair[1] in LISTS], indirect=["server"], scope="module"
)


@pytest.fixture(scope="module")
def server(request: pytest.FixtureRequest, lasting_database: Callable[[], str]) -> Iterator[Live]:
    with live(lasting_database, request.param) as one:
        yield one


@pytest.fixture(scope="module")
def strict(lasting_database: Callable[[], str]) -> Iterator[Live]:
    with live(lasting_database, "emsp", strict=True) as one:
        yield one


def put(server: Live, module: str, id_: str, **changes: Any) -> dict[str, Any]:
    body = body_of(module, id_, **changes)
    assert server.send("PUT", kept_at(module, id_), json.dumps(body).encode()).status in (200, 201)
    return body


def patch(server: Live, module: str, id_: str, fields: Any, owner: tuple[str, str] = GUEST) -> Any:
    return server.send("PATCH", kept_at(module, id_, owner=owner), json.dumps(fields).encode())


def read(server: Live, module: str, id_: str) -> Any:
    answer = server.send("GET", kept_at(module, id_))
    assert (answer.status, answer.code) == (200, 1000)
    return answer.data


@each
class TestPut:
    @pytest.mark.requirement("LOC-EMSP-01", "SES-EMSP-01", "TAR-EMSP-01", "TOK-CPO-01")
    def test_what_was_put_is_given_back(self, server: Live, module: str) -> None:
        id_ = fresh()
        body = body_of(module, id_, **{OPTIONAL[module]: TEXT[module]})
        first = server.send("PUT", kept_at(module, id_), json.dumps(body).encode())
        assert (first.status, first.code, first.data) == (201, 1000, {})
        assert same(read(server, module, id_), body)

    @pytest.mark.requirement("TF-PUT-02")
    def test_the_same_again_is_an_update_and_changes_nothing(self, server: Live, module: str) -> None:
        id_ = fresh()
        body = put(server, module, id_)
        again = server.send("PUT", kept_at(module, id_), json.dumps(body).encode())
        assert (again.status, again.code, again.data) == (200, 1000, {})
        assert same(read(server, module, id_), body)

    @pytest.mark.requirement("TF-PUT-01")
    def test_an_optional_field_that_a_later_put_leaves_out_is_gone(self, server: Live, module: str) -> None:
        id_ = fresh()
        put(server, module, id_, **{OPTIONAL[module]: TEXT[module]})
        body = put(server, module, id_, last_updated=NOON)
        assert read(server, module, id_) == body

    @pytest.mark.requirement("TF-PUT-04")
    @pytest.mark.parametrize(
        "older", ["2024-05-02T11:59:59Z", "2024-05-02T11:59:59.999Z", "2024-05-02T13:59:59+02:00", EARLY]
    )
    def test_an_older_one_is_accepted_and_not_applied(self, server: Live, module: str, older: str) -> None:
        id_ = fresh()
        body = put(server, module, id_, last_updated=NOON)
        late = body_of(module, id_, last_updated=older, **{OPTIONAL[module]: TEXT[module]})
        answer = server.send("PUT", kept_at(module, id_), json.dumps(late).encode())
        assert (answer.status, answer.code, answer.data) == (200, 1000, {})
        assert read(server, module, id_) == body

    def test_one_of_the_same_moment_is_applied(self, server: Live, module: str) -> None:
        id_ = fresh()
        put(server, module, id_)
        body = put(server, module, id_, **{OPTIONAL[module]: TEXT[module]})
        assert read(server, module, id_) == body

    def test_an_id_is_told_apart_by_its_case(self, server: Live, module: str) -> None:
        id_ = fresh("Case")
        put(server, module, id_)
        assert server.send("GET", kept_at(module, id_.lower())).status == 404
        other = put(server, module, id_.lower(), last_updated=NOON)
        assert read(server, module, id_)["last_updated"] == EARLY
        assert read(server, module, id_.lower()) == other

    def test_an_id_that_is_not_that_of_the_url_stores_nothing(self, server: Live, module: str) -> None:
        id_ = fresh()
        answer = server.send("PUT", kept_at(module, id_), json.dumps(body_of(module, "Other")).encode())
        assert (answer.status, answer.code) == (200, 2001)
        assert server.send("GET", kept_at(module, id_)).status == 404
        assert server.send("GET", kept_at(module, "Other")).status == 404


@each
class TestForm:
    """Kept as it came, given in the wire form (types.md; terminology.md, Cardinality)."""

    def test_what_came_is_kept_byte_by_byte(self, server: Live, module: str) -> None:
        id_ = fresh()
        body = json.dumps(body_of(module, id_)).encode()
        body = b"\n " + body[:-1] + b', "x-odd" : 1.5000000000000000000001, "y":[1e2, null, {"z": null}] }\n'
        assert server.send("PUT", kept_at(module, id_), body).status == 201
        assert raw(server, module, id_) == body

    def test_what_is_given_has_no_null_a_z_and_numbers(self, server: Live, module: str) -> None:
        id_ = fresh()
        changes: dict[str, Any] = {OPTIONAL[module]: None, "last_updated": "2024-05-02T14:00:00.123+02:00", "x": [1]}
        if module in LISTS:
            changes[LISTS[module][0]] = None
        if module == "sessions":
            changes["kwh"] = "12.50"
        put(server, module, id_, **changes)
        answer = server.send("GET", kept_at(module, id_))
        assert b"null" not in answer.body
        assert answer.data["last_updated"] == NOON
        assert answer.data["x"] == [1]
        if module == "sessions":
            assert b'"kwh":12.5,' in answer.body

    def test_a_value_that_an_enum_does_not_know_is_kept(self, server: Live, module: str) -> None:
        id_ = fresh()
        body = put(server, module, id_, **ENUM[module])
        assert read(server, module, id_) == body

    def test_a_field_that_nobody_knows_survives_a_patch_of_another(self, server: Live, module: str) -> None:
        id_ = fresh()
        body = json.dumps(body_of(module, id_)).encode()[:-1] + b',"x-odd":{"n":1.5000000000000000000001}}'
        assert server.send("PUT", kept_at(module, id_), body).status == 201
        assert patch(server, module, id_, {OPTIONAL[module]: TEXT[module]}).code == 1000
        assert b'"x-odd":{"n":1.5000000000000000000001}' in raw(server, module, id_)
        given = read(server, module, id_)
        assert given["x-odd"] == {"n": 1.5}
        assert given[OPTIONAL[module]] == TEXT[module]

    def test_a_patch_is_stored_as_it_came(self, server: Live, module: str) -> None:
        id_ = fresh()
        put(server, module, id_)
        sent = b'{"x-odd": 1.5000000000000000000001, "last_updated": "2024-05-02T12:00:00.5Z"}'
        assert server.send("PATCH", kept_at(module, id_), sent).code == 1000
        assert b'"x-odd":1.5000000000000000000001' in raw(server, module, id_)
        given = read(server, module, id_)
        assert (given["x-odd"], given["last_updated"]) == (1.5, NOON)


@each
class TestPatch:
    def test_what_is_given_changes_and_nothing_else(self, server: Live, module: str) -> None:
        id_ = fresh()
        body = put(server, module, id_)
        fields = {OPTIONAL[module]: TEXT[module], "last_updated": NOON}
        answer = patch(server, module, id_, fields)
        assert (answer.status, answer.code, answer.data) == (200, 1000, {})
        assert read(server, module, id_) == body | fields

    def test_null_unsets_an_optional_field(self, server: Live, module: str) -> None:
        id_ = fresh()
        put(server, module, id_, **{OPTIONAL[module]: TEXT[module]})
        assert patch(server, module, id_, {OPTIONAL[module]: None}).code == 1000
        assert OPTIONAL[module] not in read(server, module, id_)

    @pytest.mark.parametrize("how", [None, "unsettable"])
    def test_null_or_nonsense_for_a_required_field_changes_nothing(self, server: Live, module: str, how: Any) -> None:
        id_ = fresh()
        body = put(server, module, id_)
        wrong = {REQUIRED[module]: None} if how is None else {"last_updated": how}
        answer = patch(server, module, id_, {OPTIONAL[module]: TEXT[module], **wrong})
        assert (answer.status, answer.code) == (200, 2001)
        assert answer.data["problems"]
        assert read(server, module, id_) == body

    def test_without_a_moment_it_is_that_of_receipt(self, server: Live, module: str) -> None:
        id_ = fresh()
        put(server, module, id_)
        before = datetime.now(UTC) - timedelta(seconds=1)
        assert patch(server, module, id_, {}).code == 1000
        assert before <= datetime.fromisoformat(read(server, module, id_)["last_updated"]) <= datetime.now(UTC)

    @pytest.mark.requirement("TF-PATCH-02")
    def test_what_is_not_there_cannot_be_changed_and_is_not_made(self, server: Live, module: str) -> None:
        id_ = fresh()
        assert patch(server, module, id_, {"last_updated": NOON}).status == 404
        assert server.send("GET", kept_at(module, id_)).status == 404

    def test_the_id_may_be_repeated(self, server: Live, module: str) -> None:
        id_, key = fresh(), "uid" if module == "tokens" else "id"
        body = put(server, module, id_)
        assert patch(server, module, id_, {key: id_, "last_updated": NOON}).code == 1000
        assert read(server, module, id_) == body | {"last_updated": NOON}
        assert patch(server, module, id_, {key: "Other", "last_updated": LATE}).code == 2001
        assert read(server, module, id_) == body | {"last_updated": NOON}


@each_with_list
def test_a_list_is_replaced_whole(server: Live, module: str) -> None:
    id_, (name, one) = fresh(), LISTS[module]
    put(server, module, id_, **{name: one * 3})
    assert patch(server, module, id_, {name: one}).code == 1000
    assert read(server, module, id_)[name] == one
    assert patch(server, module, id_, {name: []}).code == 1000
    assert not read(server, module, id_).get(name)


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
