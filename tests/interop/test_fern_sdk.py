"""The Fern-made `ocpplab-ocpi-211-sdk` as a client of our CPO and eMSP; docs/interop.md tells the same in a table."""

from collections.abc import Sequence
from typing import Any

import pytest
import requests

from tests.interop.conftest import Call, Calls
from tests.server.apart import MANY, Apart, apart
from tests.server.offered import CHARGE, CONNECTOR, EVSE, GUEST, INVOICE, PLACE, RESULTS, TARIFF, TOKEN

OWNER = {"country_code": GUEST[0], "party_id": GUEST[1]}
AT_PLACE = {**OWNER, "location_id": PLACE["id"]}
AT_EVSE = {**AT_PLACE, "evse_uid": EVSE["uid"]}
AT_CONNECTOR = {**AT_EVSE, "connector_id": "1"}
PLUG = {"evse_uid": EVSE["uid"], "connector_id": "1"}
ORDER = {"response_url": RESULTS, "location_id": PLACE["id"]}
LATER = "2030-01-01T00:00:00Z"


def read(told: Sequence[dict[str, Any]]) -> list[Any]:
    """The data of answers that the SDK could read and that speak of success."""
    for each in told:
        assert "answer" in each, each
        assert each["answer"]["status_code"] == 1000, each
    return [each["answer"]["data"] for each in told]


def get(server: Apart, path: str) -> Any:
    """What is stored, by a client of no make."""
    answer = requests.get(server.url + path, headers={"Authorization": f"Token {server.token}"}, timeout=10)
    return answer.json()["data"]


def key(server: Apart) -> str:
    """It adds no scheme of its own: whoever uses it writes `Token` in front."""
    return f"Token {server.token}"


def test_the_token_goes_out_without_its_scheme_unless_one_writes_it(fern: Calls) -> None:
    with apart("emsp") as server:
        call: list[Call] = [("versions", "get_versions", {})]
        bare, whole = (fern(f"{server.url}/emsp", each, call)[0] for each in (server.token, key(server)))
        assert (bare["error"], bare["status"]) == ("UnauthorizedError", 401)
        assert read([whole]) == [[{"version": "2.1.1", "url": f"{server.url}/emsp/2.1.1"}]]


@pytest.mark.parametrize("role", ["cpo", "emsp"])
def test_it_reads_versions_and_credentials(fern: Calls, role: str) -> None:
    with apart(role) as server:
        (details,) = read(
            fern(f"{server.url}/{role}", key(server), [("versions", "get_version", {"version": "2.1.1"})])
        )
        urls = {each["identifier"]: each["url"] for each in details["endpoints"]}
        assert urls["credentials"] == f"{server.url}/{role}/2.1.1/credentials"
        (own,) = read(fern(f"{server.url}/{role}/2.1.1", key(server), [("credentials", "get_credentials", {})]))
        assert own["token"] == server.token


def test_it_reads_what_a_cpo_publishes(fern: Calls) -> None:
    with apart("cpo") as server:
        calls: list[Call] = [
            ("locations", "get_locations", {}),
            ("locations", "get_locations", {"date_from": "2020-01-01T00:00:00+00:00", "offset": 2, "limit": 3}),
            ("tariffs", "get_tariffs", {}),
            ("locations", "get_location_by_location_id", {"location_id": "LOC001"}),
            ("locations", "get_evse_by_location_id_and_evse_uid", {"location_id": "LOC001", "evse_uid": EVSE["uid"]}),
            (
                "locations",
                "get_connector_by_location_id_evse_uid_and_connector_id",
                {"location_id": "LOC001", "evse_uid": EVSE["uid"], "connector_id": "1"},
            ),
        ]
        places, page, tariffs, place, evse, connector = read(fern(f"{server.url}/cpo/2.1.1", key(server), calls))
        assert [len(places), len(page), len(tariffs)] == [MANY, 3, MANY]
        assert page == places[2:5]
        assert place == places[0]
        assert evse == place["evses"][0]
        assert connector == evse["connectors"][0]


def test_it_asks_an_emsp_for_tokens_and_authorisations(fern: Calls) -> None:
    with apart("emsp") as server:
        calls: list[Call] = [
            ("tokens", "get_tokens", {}),
            (
                "tokens",
                "post_authorize",
                {"token_uid": "04A1B2C3-0", "type": "RFID", "location_id": "LOC001", "evse_uids": [EVSE["uid"]]},
            ),
        ]
        tokens, info = read(fern(f"{server.url}/emsp/2.1.1", key(server), calls))
        assert {each["uid"] for each in tokens} >= {"04A1B2C3-0"}
        assert info["allowed"] == "ALLOWED"
        assert info["authorization_id"]


def test_it_sends_commands(fern: Calls) -> None:
    with apart("cpo") as server:
        calls: list[Call] = [
            ("commands", "start_session", {**ORDER, "token": TOKEN, "evse_uid": EVSE["uid"]}),
            ("commands", "stop_session", {"response_url": RESULTS, "session_id": "S0001"}),
            (
                "commands",
                "reserve_now",
                {**ORDER, "token": TOKEN, "expiry_date": LATER, "reservation_id": "1"},
            ),
            ("commands", "unlock_connector", {**ORDER, **PLUG}),
        ]
        answers = read(fern(f"{server.url}/cpo/2.1.1", key(server), calls))
        assert [each["result"] for each in answers] == ["ACCEPTED", "ACCEPTED", "ACCEPTED", "NOT_SUPPORTED"]


WRITES: dict[str, tuple[Call, str, dict[str, Any]]] = {
    "a Location": (
        ("locations", "put_receiver_location", {**AT_PLACE, **PLACE, "name": "New", "last_updated": LATER}),
        "/locations/{}/" + PLACE["id"],
        {"name": "New", "city": PLACE["city"]},
    ),
    "a change of a Location": (
        ("locations", "patch_receiver_location", {**AT_PLACE, "request": {"name": "Newer", "last_updated": LATER}}),
        "/locations/{}/" + PLACE["id"],
        {"name": "Newer", "city": PLACE["city"]},
    ),
    "an EVSE": (
        ("locations", "put_receiver_evse", {**AT_EVSE, **EVSE, "status": "BLOCKED", "last_updated": LATER}),
        f"/locations/{{}}/{PLACE['id']}/{EVSE['uid']}",
        {"status": "BLOCKED"},
    ),
    "a change of an EVSE": (
        ("locations", "patch_receiver_evse", {**AT_EVSE, "request": {"status": "CHARGING"}}),
        f"/locations/{{}}/{PLACE['id']}/{EVSE['uid']}",
        {"status": "CHARGING"},
    ),
    "a Connector": (
        ("locations", "put_receiver_connector", {**AT_CONNECTOR, **CONNECTOR, "amperage": 8, "last_updated": LATER}),
        f"/locations/{{}}/{PLACE['id']}/{EVSE['uid']}/1",
        {"amperage": 8},
    ),
    "a change of a Connector": (
        ("locations", "patch_receiver_connector", {**AT_CONNECTOR, "request": {"amperage": 16}}),
        f"/locations/{{}}/{PLACE['id']}/{EVSE['uid']}/1",
        {"amperage": 16},
    ),
    "a Session": (
        ("sessions", "put_session_by_id", {**OWNER, "session_id": "S0001", **CHARGE, **PLUG}),
        "/sessions/{}/S0001",
        {"auth_id": CHARGE["auth_id"], **PLUG},
    ),
    "a change of a Session": (
        ("sessions", "patch_session_by_id", {**OWNER, "session_id": "S0001", "last_updated": LATER, "kwh": 3}),
        "/sessions/{}/S0001",
        {"kwh": 3, "auth_id": CHARGE["auth_id"]},
    ),
    "a Tariff": (
        ("tariffs", "put_receiver_tariff", {**OWNER, "tariff_id": "T1", **TARIFF}),
        "/tariffs/{}/T1",
        {"currency": "EUR"},
    ),
    "a change of a Tariff": (
        ("tariffs", "patch_receiver_tariff", {**OWNER, "tariff_id": "T1", "request": {"currency": "CHF"}}),
        "/tariffs/{}/T1",
        {"currency": "CHF"},
    ),
}


def test_what_it_writes_is_stored_though_it_cannot_read_the_answer(fern: Calls) -> None:
    """It wants the whole object in `data`; the text says nothing of one, and we answer `{}` as GIREVE does."""
    with apart("emsp") as server:
        base = f"{server.url}/emsp/2.1.1"
        for name, (call, path, expected) in WRITES.items():
            (told,) = fern(base, key(server), [call])
            assert told.get("error") == "ValidationError", (name, told)
            assert "input_value={}" in told["body"]
            stored = get(server, "/emsp/2.1.1" + path.format("/".join(GUEST)))
            assert {field: stored.get(field) for field in expected} == expected, name
        (gone,) = read(fern(base, key(server), [("tariffs", "delete_receiver_tariff", {**OWNER, "tariff_id": "T1"})]))
        assert gone == {}


def test_a_token_is_stored_if_its_type_is_given_twice(fern: Calls) -> None:
    """It takes `type` of the query for the body as well, and sends nowhere what it requires as `token_type`."""
    with apart("cpo") as server:
        at = {**OWNER, "token_uid": TOKEN["uid"]}
        rest = {name: value for name, value in TOKEN.items() if name != "type"}
        once: Call = ("tokens", "put_token", {**at, **rest, "token_type": "RFID"})
        twice: Call = ("tokens", "put_token", {**at, **rest, "token_type": "RFID", "type": "RFID"})
        path = f"/cpo/2.1.1/tokens/{'/'.join(GUEST)}/{TOKEN['uid']}"
        assert "error" in fern(f"{server.url}/cpo/2.1.1", key(server), [once])[0]
        assert get(server, path) == {}
        assert "input_value={}" in fern(f"{server.url}/cpo/2.1.1", key(server), [twice])[0]["body"]
        assert get(server, path)["type"] == "RFID"
        patch: Call = ("tokens", "patch_token", {**at, "last_updated": LATER, "valid": False})
        fern(f"{server.url}/cpo/2.1.1", key(server), [patch])
        (token,) = read(fern(f"{server.url}/cpo/2.1.1", key(server), [("tokens", "get_token_by_id", at)]))
        assert token["valid"] is False


def test_its_sessions_and_cdrs_are_those_of_a_later_version(fern: Calls) -> None:
    """It requires `evse_uid` and `connector_id` of a Session, and of a CDR the Location of OCPI 2.2."""
    later = {name: PLACE[name] for name in ("id", "address", "city", "postal_code", "country", "coordinates")} | {
        "evse_uid": EVSE["uid"],
        "evse_id": EVSE["evse_id"],
        "connector_id": "1",
        "connector_standard": "IEC_62196_T2",
        "connector_format": "SOCKET",
        "connector_power_type": "AC_3_PHASE",
    }
    invoice = {name: value for name, value in INVOICE.items() if name != "authorization_id"} | {"tariffs": []}
    with apart("cpo") as server:
        calls: list[Call] = [
            ("sessions", "get_sessions", {"date_from": "2020-01-01T00:00:00+00:00"}),
            ("cdrs", "get_cdrs", {}),
        ]
        for told, missing in zip(
            fern(f"{server.url}/cpo/2.1.1", key(server), calls), ("evse_uid", "location.evse_uid"), strict=True
        ):
            assert told["error"] == "ValidationError"
            assert f"data.0.{missing}\n  Field required" in told["body"]
    with apart("emsp") as server:
        made: list[Call] = [
            ("cdrs", "create_cdr", {**invoice, "location": later}),
            ("cdrs", "create_cdr", invoice),  # with a Location of the text, which its types do not know
            ("cdrs", "get_receiver_cdr", {**OWNER, "cdr_id": INVOICE["id"]}),  # a path that the text does not have
        ]
        refused, taken, nowhere = fern(f"{server.url}/emsp/2.1.1", key(server), made)
        assert refused["answer"]["status_code"] == 2001
        assert read([taken]) == [{}]
        assert nowhere["status"] == 404


def test_it_reads_no_refusal_that_comes_with_http_200(fern: Calls) -> None:
    with apart("emsp") as server:
        (told,) = fern(
            f"{server.url}/emsp/2.1.1", key(server), [("tokens", "post_authorize", {"token_uid": "unknown"})]
        )
        assert told["error"] in ("ValidationError", "NotFoundError")


def test_it_does_not_encode_ids(fern: Calls) -> None:
    with apart("emsp") as server:
        call: Call = ("sessions", "put_session_by_id", {**OWNER, "session_id": "a/b", **CHARGE, **PLUG, "id": "a/b"})
        (told,) = fern(f"{server.url}/emsp/2.1.1", key(server), [call])
        assert told["status"] == 404
