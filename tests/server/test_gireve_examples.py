"""What is sent by hand in GIREVE's guide is accepted and kept: in its forms, with data of our own.

The valid examples of `spec/examples` are in those forms and in many others, so all of them are sent; below stands what
the guide's requests have besides: headers, alternative names of parameters, ids of eMI3 in place of uids.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pydantic_core import to_json

from ocpi211_runtime.operation import encode_segment
from ocpi211_server.demo.data import tokens
from tests.generated.described import MODELS, Example, base_of, examples, parsed, smallest
from tests.server.offered import GUEST, ORDER, PLACE, TARIFF, TOKEN, Visit, visit

PROFILE = "gireve-1.2.2"
ANY_ORDER = {"allow_downgrades": True}  # many of them have one id, and moments as they like
OWNER = "/".join(GUEST)
HEADERS = {"Connection": "close", "Accept": "application/json", "Content_Type": "application/json; charset=UTF-8"}
VALID = {example.name: example for example in examples("valid")}
OF_EMSPS = ("Token", "TokenPatch")
PLACES = {
    "Session": f"/emsp/2.1.1/sessions/{OWNER}/{{id}}",
    "Tariff": f"/emsp/2.1.1/tariffs/{OWNER}/{{id}}",
    "Location": f"/emsp/2.1.1/locations/{OWNER}/{{id}}",
    "EVSE": f"/emsp/2.1.1/locations/{OWNER}/{PLACE['id']}/{{uid}}",
    "Connector": f"/emsp/2.1.1/locations/{OWNER}/{PLACE['id']}/EVSE001-1/{{id}}",
    "Token": f"/cpo/2.1.1/tokens/{OWNER}/{{uid}}",
}
COMMANDS = {
    "StartSession": "START_SESSION",
    "StopSession": "STOP_SESSION",
    "ReserveNow": "RESERVE_NOW",
    "UnlockConnector": "UNLOCK_CONNECTOR",
}
Json = Any


def sent_to(interface: str, *schemas: str) -> Iterator[Example]:
    """The examples of these classes, and of patches to them, that this interface takes."""
    for example in VALID.values():
        base = base_of(example.schema)
        if base in schemas and PLACES.get(base, f"/{interface}").startswith(f"/{interface}"):
            yield example


def where(schema: str, value: Json) -> str:
    """The URL of the object."""
    key = "uid" if schema in ("EVSE", "Token") else "id"
    return PLACES[schema].format(**{key: encode_segment(value.get(key, "X1"))})


def same(schema: str, one: Json, other: Json) -> bool:
    """Whether both say the same: null, an empty list and nothing, and a number and its digits in quotes."""
    read = [without_nothing(parsed(MODELS[schema].model_validate_json(to_json(each)))) for each in (one, other)]
    return bool(read[0] == read[1])


def without_nothing(value: Json) -> Json:
    match value:
        case dict():
            kept = {name: without_nothing(each) for name, each in value.items()}
            return {name: each for name, each in kept.items() if each not in (None, [], "")}
        case list():
            return [without_nothing(each) for each in value]
        case _:
            return value


async def put(guest: Visit, schema: str, value: Json) -> None:
    """An object is accepted, and given back as it was."""
    path = where(schema, value)
    answer = await guest.send("PUT", path, to_json(value), **HEADERS)
    assert (answer.status, answer.code, answer.data) == (200, 1000, {}), (path, value, answer.body)
    assert same(schema, (await guest.send("GET", path)).data, value), path


async def patch(guest: Visit, schema: str, value: Json) -> None:
    """A change is accepted, and its fields are those of the object then."""
    key = "uid" if schema in ("EVSE", "Token") else "id"
    whole = smallest(schema) | {key: value.get(key, "X1")}
    path = where(schema, whole)
    assert (await guest.send("PUT", path, to_json(whole))).code == 1000
    answer = await guest.send("PATCH", path, to_json(value), **HEADERS)
    assert (answer.status, answer.code) == (200, 1000), (path, value, answer.body)
    assert same(schema, (await guest.send("GET", path)).data | value, (await guest.send("GET", path)).data), path


async def every(guest: Visit, interface: str, *schemas: str) -> None:
    for number, example in enumerate(sent_to(interface, *schemas)):
        send, base = patch if example.schema.endswith("Patch") else put, base_of(example.schema)
        # A Session that is over is not changed any more, so each is another.
        await send(guest, base, example.value | ({"id": f"S{number}"} if base == "Session" else {}))


def play(database: str, role: str, scene: Callable[[Visit], Any]) -> None:
    asyncio.run(visit(database, role, scene, profile=PROFILE, profile_changes=ANY_ORDER))


@pytest.mark.parametrize("role", ["emsp", "hub"])
def test_sessions_tariffs_and_cdrs_are_accepted_and_kept(database_url: str, role: str) -> None:
    async def scene(guest: Visit) -> None:
        await every(guest, "emsp", "Session", "Tariff")
        for number, example in enumerate(sent_to("emsp", "CDR")):
            body = to_json(example.value | {"id": f"C{number}"})
            answer = await guest.send("POST", "/emsp/2.1.1/cdrs", body, **HEADERS)
            assert (answer.status, answer.code, answer.data) == (200, 1000, {}), (example.name, answer.body)
            kept = await guest.send("GET", f"/emsp/2.1.1/cdrs/C{number}")
            assert body in kept.body, example.name  # byte by byte

    play(database_url, role, scene)


@pytest.mark.parametrize("role", ["cpo", "hub"])
def test_tokens_are_accepted_and_kept(database_url: str, role: str) -> None:
    async def scene(guest: Visit) -> None:
        await every(guest, "cpo", "Token")
        await put(guest, "Token", TOKEN | {"issuer": " FR*EXA ", "language": "FR", "auth_id": "123456"})

    play(database_url, role, scene)


def test_locations_and_their_parts_are_accepted_and_kept_by_an_emsp(database_url: str) -> None:
    async def scene(guest: Visit) -> None:
        await put(guest, "Location", PLACE)
        await every(guest, "emsp", "Location", "EVSE")
        await put(guest, "Location", PLACE | {"last_updated": "2030-01-01T00:00:00Z"})
        await every(guest, "emsp", "Connector")

    play(database_url, "emsp", scene)


def test_a_hub_accepts_locations_and_keeps_of_a_push_what_changes_by_the_minute(database_url: str) -> None:
    """The rest comes with its daily pull."""

    async def scene(guest: Visit) -> None:
        for example in sent_to("emsp", "Location"):
            if not example.schema.endswith("Patch"):
                path = where("Location", example.value)
                answer = await guest.send("PUT", path, to_json(example.value), **HEADERS)
                assert (answer.status, answer.code) == (200, 1000), example.name
                assert (await guest.send("GET", path)).status == 404

    play(database_url, "hub", scene)


def test_commands_are_accepted(sqlite_url: str) -> None:
    async def scene(guest: Visit) -> None:
        for example in sent_to("cpo", *COMMANDS):
            path = f"/cpo/2.1.1/commands/{COMMANDS[example.schema]}"
            order = example.value | {"response_url": ORDER["response_url"], "evse_uid": "EVSE001-1"}
            answer = await guest.send("POST", path, to_json(order), **HEADERS)
            expected = {"StartSession": 2003, "StopSession": 1000}.get(example.schema, 1000)
            assert (answer.status, answer.code) == (200, expected), (example.name, answer.body)

    play(sqlite_url, "cpo", scene)


def test_an_authorisation_names_the_evse_as_emi3_does(sqlite_url: str) -> None:
    async def scene(guest: Visit) -> None:
        await guest.server.office.publish("tokens", tokens())
        await put(guest, "Location", PLACE)
        path = f"/emsp/2.1.1/tokens/{tokens()[0].uid}"
        for evse in ("FR*CPO*E001*1", "EVSE001-1"):
            places = {"location_id": PLACE["id"], "evse_uids": [evse]}
            answer = await guest.send("POST", f"{path}/authorize", places, **HEADERS)
            assert (answer.code, answer.data["allowed"]) == (1000, "ALLOWED")
            assert 0 < len(answer.data["authorization_id"]) <= 36
        for name in ("tokenType", "type", "token_type"):
            assert (await guest.send("GET", f"{path}?{name}=RFID")).data["uid"] == tokens()[0].uid
        page = await guest.send("GET", "/emsp/2.1.1/tokens?date_from=2020-01-13T12%3A54%3A25&offset=0&limit=2")
        assert [page.headers[name] for name in ("x-total-count", "x-limit")] == ["3", "2"]
        assert "date_from=2020-01-13T12:54:25" in page.headers["link"]

    play(sqlite_url, "emsp", scene)


def test_a_tariff_may_say_whose_it_is(sqlite_url: str) -> None:
    async def scene(guest: Visit) -> None:
        await put(guest, "Tariff", TARIFF | {"country_code": GUEST[0], "party_id": GUEST[1]})

    play(sqlite_url, "emsp", scene)
