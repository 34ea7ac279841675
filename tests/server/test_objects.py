"""What PUT, PATCH and GET of objects that their owner writes have in common, for all modules and roles.

transport_and_format.md, Client owned object push; PUT; PATCH.
"""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.server.live import Live, live
from tests.server.made_up import EARLY, LATE, LISTS, NOON, PAIRS, body_of, fresh, kept_at, patch, put, raw, read, same

OPTIONAL = {"locations": "name", "sessions": "meter_id", "tariffs": "tariff_alt_url", "tokens": "language"}
REQUIRED = {"locations": "city", "sessions": "currency", "tariffs": "currency", "tokens": "issuer"}
TEXT = {"locations": "Chez Éloïse", "sessions": "M-1", "tariffs": "https://example.com/t?é=1", "tokens": "fr"}
ENUM: dict[str, dict[str, Any]] = {
    "locations": {"type": "LATER_VERSION"},
    "sessions": {"status": "LATER_VERSION"},
    "tariffs": {"elements": [{"price_components": [{"type": "LATER_VERSION", "price": 1, "step_size": 1}]}]},
    "tokens": {"type": "LATER_VERSION"},
}
each = pytest.mark.parametrize(("server", "module"), PAIRS, indirect=["server"], scope="module")
"""On every role, each module whose objects it is given."""
each_with_list = pytest.mark.parametrize(
    ("server", "module"), [pair for pair in PAIRS if pair[1] in LISTS], indirect=["server"], scope="module"
)


@pytest.fixture(scope="module")
def server(request: pytest.FixtureRequest, lasting_database: Callable[[], str]) -> Iterator[Live]:
    with live(lasting_database, request.param) as one:
        yield one


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
