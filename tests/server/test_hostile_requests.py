"""Requests of a partner that is up to no good: bodies, ids, owners. Refused in the envelope, and nothing is left."""

import asyncio
import itertools
import json
from typing import Any

import pytest

from ocpi211_runtime.operation import encode_segment
from tests.server.mutations import HOSTILE_VALUES
from tests.server.offered import AT_CPO, OWNER, ROLES, TOKEN, Offered, Visit, visit, writes

AT_EVERY_ROLE = pytest.mark.parametrize("role", ROLES)
NO_JSON = [
    b"{",
    b"hello",
    b"<token/>",
    b"{'uid': 'T1'}",
    b'{"uid": "T1",}',
    b'{"uid": "T1"} {"uid": "T1"}',
    b"{uid: 1}",
    b'{"a": NaN}',
    b'{"a": -Infinity}',
    b'{"a": 01}',
    b'{"a": .5}',
    b'{"a": 0x10}',
    b'{"a": "\xff\xfe"}',
    b'{"a": "\xed\xa0\x80"}',
    rb'{"a": "\ud800"}',
    rb'{"a": "\u12"}',
    b'{"a": "\n"}',
    b'{"a": "\0"}',
    b'{"a": ' + b"[" * 5000 + b"]" * 5000 + b"}",
    b'{"a":' * 5000,
    b"[" * 60_000,
    b'{"a": 1' + b"0" * 5000 + b"}",
    b"\xef\xbb\xbf{}",
    '{"a": 1}'.encode("utf-16"),
    b"\0",
]
NO_OBJECT = [b"null", b"true", b"0", b'"text"', b"[]", b'[{"id": "T1"}]', b"1e400", b""]


async def refused(guest: Visit, each: Offered, body: object, *allowed: tuple[int, int]) -> None:
    """One of these answers is given, and nothing is written."""
    before = await guest.stored()
    answer = await guest.send(each.verb, each.path, body)
    assert (answer.status, answer.code) in allowed, (each.verb, each.path, str(body)[:100], answer.body[:300])
    assert await guest.stored() == before


@AT_EVERY_ROLE
def test_what_is_no_json_is_refused(sqlite_url: str, role: str) -> None:
    async def scene(guest: Visit) -> None:
        await guest.fill()
        for each, body in itertools.product(writes(role), NO_JSON):
            await refused(guest, each, body, (400, 2001))

    asyncio.run(visit(sqlite_url, role, scene))


@AT_EVERY_ROLE
def test_json_that_is_no_object_is_refused(sqlite_url: str, role: str) -> None:
    async def scene(guest: Visit) -> None:
        await guest.fill()
        for each, body in itertools.product(writes(role), NO_OBJECT):
            await refused(guest, each, body, (200, 2001))

    asyncio.run(visit(sqlite_url, role, scene))


@AT_EVERY_ROLE
def test_a_hostile_value_is_refused_or_kept(database_url: str, role: str) -> None:
    """An optional field may be empty, and a CDR with another price is another CDR; else things stay as they are."""

    async def scene(guest: Visit) -> None:
        await guest.fill()
        for each in writes(role):
            # Every value once, and every member: the fuzz brings them together in other ways.
            pairs = max(len(HOSTILE_VALUES), len(each.body))
            members, values = itertools.cycle(each.body), itertools.cycle(HOSTILE_VALUES.values())
            for member, value in itertools.islice(zip(members, values, strict=False), pairs):
                body = json.dumps({**each.body, member: "@@"}).encode().replace(b'"@@"', value)
                before = await guest.stored()
                answer = await guest.send(each.verb, each.path, body)
                if answer.code != 1000 and not (each.path.endswith("/cdrs") and answer.code == 2000):  # kept aside
                    assert (answer.status, answer.code) in [(400, 2001), (200, 2001)], (each, body[:200], answer.body)
                    assert await guest.stored() == before

    asyncio.run(visit(database_url, role, scene))


@AT_EVERY_ROLE
def test_unknown_fields_are_kept_and_given_back_to_their_owner(database_url: str, role: str) -> None:
    more: dict[str, Any] = {"x": [1, {"y": None}], "loyalty": "gold", "": 1, "__proto__": {"a": 1}, "é": "é" * 1000}

    async def scene(guest: Visit) -> None:
        for each in writes(role):
            if each.verb != "PUT":
                continue
            assert (await guest.send(each.verb, each.path, {**each.body, **more})).code == 1000
            kept = (await guest.send("GET", each.path)).data
            assert {name: kept[name] for name in more} == more, each.path

    asyncio.run(visit(database_url, role, scene))


@AT_EVERY_ROLE
def test_of_two_equal_keys_the_one_counts_that_readers_see(sqlite_url: str, role: str) -> None:
    async def scene(guest: Visit) -> None:
        await guest.fill()
        for each in writes(role):
            if not each.key or each.key not in each.body:
                continue
            own = json.dumps(each.body[each.key]).encode()
            whole = json.dumps(each.body).encode()[1:]
            other_last = whole[:-1] + b',"%b":"OTHER"}' % each.key.encode()
            await refused(guest, each, b"{" + other_last, (200, 2001))
            other_first = b'{"%b":"OTHER",' % each.key.encode() + whole
            assert (await guest.send(each.verb, each.path, other_first)).code == 1000
            if each.verb == "PUT":
                assert (await guest.send("GET", each.path)).data[each.key] == json.loads(own)

    asyncio.run(visit(sqlite_url, role, scene))


@AT_EVERY_ROLE
def test_a_megabyte_is_refused_where_a_length_is_given_and_kept_elsewhere(sqlite_url: str, role: str) -> None:
    large = "x" * 1_000_000

    async def scene(guest: Visit) -> None:
        put = next(each for each in writes(role) if each.verb == "PUT")
        assert (await guest.send("PUT", put.path, {**put.body, "x": large})).code == 1000
        assert (await guest.send("GET", put.path)).data["x"] == large
        await guest.fill()
        for each in writes(role):
            if each.key:
                await refused(guest, each, {**each.body, each.key: large}, (200, 2001))
            await refused(guest, each, {**each.body, "last_updated": large}, (200, 2001))
        await refused(guest, writes(role)[0], {**writes(role)[0].body, "x": large * 2}, (413, 2000))
        await refused(guest, writes(role)[0], b"[" * 1_000_000, (413, 2000))

    asyncio.run(visit(sqlite_url, role, scene))


def test_sixty_thousand_mistakes_are_told_in_brief_and_more_are_not_looked_for(sqlite_url: str) -> None:
    async def scene(guest: Visit) -> None:
        await guest.fill()
        place = next(each for each in writes("emsp") if each.verb == "PUT")
        for member in ("evses", "images", "facilities"):
            before = await guest.stored()
            answer = await guest.send("PUT", place.path, {**place.body, member: [1] * 60_000})
            assert answer.code == 2001
            assert len(answer.body) < 50_000
            assert await guest.stored() == before
        # A megabyte of these takes many seconds to validate, and everybody else waits.
        for value in ("1", "[]", "{}"):
            await refused(guest, place, {**place.body, "capabilities": [json.loads(value)] * 100_000}, (413, 2000))

    asyncio.run(visit(sqlite_url, "emsp", scene))


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/xml", "application/json; charset=utf-16", "multipart/form-data", "x", ""],
)
def test_a_wrong_content_type_does_not_matter_where_the_body_is_json(sqlite_url: str, content_type: str) -> None:
    """The text asks for application/json; what counts is whether it is JSON."""

    async def scene(guest: Visit) -> None:
        path, body = AT_CPO[0].path, json.dumps(TOKEN).encode()
        assert (await guest.send("PUT", path, body, Content_Type=content_type)).code == 1000
        form = b'--x\r\nContent-Disposition: form-data; name="uid"\r\n\r\nT1\r\n--x--\r\n'
        refusal = await guest.send("PUT", path, form, Content_Type=content_type)
        assert (refusal.status, refusal.code) == (400, 2001)

    asyncio.run(visit(sqlite_url, "cpo", scene))


IDS = [
    "a/b",
    "100%",
    "%2F",
    "FR*EXA*E1",
    ".",
    "..",
    "...",
    "a b",
    "?x=1",
    "#",
    "a+b",
    ";a",
    "&",
    "\\",
    '"',
    "'",
    "//",
    "~",
]


@AT_EVERY_ROLE
def test_an_id_may_hold_anything_that_is_printable(database_url: str, role: str) -> None:
    async def scene(guest: Visit) -> None:
        for each, id_ in itertools.product([each for each in writes(role) if each.path.count("/") == 6], IDS):
            if each.verb == "PUT":
                path, body = each.at(encode_segment(id_)), {**each.body, each.key: id_}
                assert (await guest.send("PUT", path, body)).status == 201, path
                assert (await guest.send("GET", path)).data[each.key] == id_
        stored = len(await guest.stored())
        for each in writes(role):
            if each.verb == "PUT" and each.path.count("/") == 6:
                for odd in ["%", "%zz", "%ff", "%00", "%0a", "%c0%ae", "%ed%a0%80", "a" * 300, "%C3%A9"]:
                    answer = await guest.send("PUT", each.at(odd), {**each.body, each.key: odd})
                    assert (answer.status, answer.code) in [(404, 2000), (200, 2001)], odd
        assert len(await guest.stored()) == stored

    asyncio.run(visit(database_url, role, scene))


@AT_EVERY_ROLE
def test_an_id_that_differs_from_that_of_the_url_is_refused(sqlite_url: str, role: str) -> None:
    async def scene(guest: Visit) -> None:
        await guest.fill()
        for each in writes(role):
            if each.key:
                for other in ("OTHER", each.at(" ").rpartition("/")[2] + "x", str(each.body.get(each.key, "")).lower()):
                    if other != each.path.rpartition("/")[2]:
                        await refused(guest, each, {**each.body, each.key: other}, (200, 2001))

    asyncio.run(visit(sqlite_url, role, scene))


@AT_EVERY_ROLE
def test_what_belongs_to_another_does_not_exist(sqlite_url: str, role: str) -> None:
    """The answer is that to an object which is not there, so that nobody learns what others have."""

    async def scene(guest: Visit) -> None:
        await guest.fill()
        interface, partner = ("cpo", "emsp") if role == "cpo" else ("emsp", "cpo")
        token = await guest.server.guest(partner, "NL", "OTH")  # type: ignore[arg-type]  # a role
        for each in writes(role):
            if not each.path.startswith(f"/{interface}") or OWNER not in each.path:
                continue
            for verb in ("GET", each.verb, "DELETE"):
                before = await guest.stored()
                body = each.body if verb == each.verb else None
                theirs = await guest.server.call(verb, each.path, body, token=token)
                nobodys = await guest.server.call(verb, each.path.replace(OWNER, "XX/NON"), body, token=token)
                assert theirs.status == nobodys.status
                assert theirs.status in (404, 405)
                assert theirs.envelope["status_message"] == nobodys.envelope["status_message"]
                assert await guest.stored() == before
            for owner in ("de/tst", "DE/TS", "DEU/TST", "%44%45/TS%00", "DE%2FTST/x", "*/*"):
                before = await guest.stored()
                answer = await guest.send(each.verb, each.path.replace(OWNER, owner), each.body)
                assert (answer.status, answer.code) in [(404, 2000), (200, 2001)], owner
                assert await guest.stored() == before

    asyncio.run(visit(sqlite_url, role, scene))
