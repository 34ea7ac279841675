"""Tokens that are none, that are over, or that belong to somebody else (transport_and_format.md, Security)."""

import asyncio
import base64
from typing import Any

import pytest

from ocpi211.operations import OPERATIONS
from ocpi211_server.database import Work, sql
from ocpi211_server.moments import MICROSECONDS, now
from ocpi211_server.registration.invitations import Invitations
from tests.server.live import looked_at
from tests.server.offered import GUEST, ROLES, Visit, visit, writes
from tests.server.scripted_partner import scripted
from tests.server.stage import Actor, Reply, actor

NOT_OFFERED = {"emsp.tokens.get_token", "emsp.commands.post_result_without_uid"}
"""The one is GIREVE's; the results of commands come to URLs with an id at their end."""
INTERFACES = {"cpo": ("cpo",), "emsp": ("emsp",), "hub": ("cpo", "emsp")}


async def ask(server: Actor, verb: str, path: str, authorization: str | None = None, body: object = None) -> Reply:
    """With this Authorization header, as it stands."""
    headers = {} if authorization is None else {"Authorization": authorization}
    answer = await server.call(verb, path, body, headers=headers)
    return looked_at(answer.status, answer.headers, answer.body)


def spoilt(token: str) -> list[str | None]:
    """What is not the header with this token, though some of it comes close."""
    coded = base64.b64encode(token.encode()).decode()
    return [
        None,
        "",
        "Token",
        "Token ",
        token,
        f"Bearer {token}",
        f"Basic {base64.b64encode(f'{token}:'.encode()).decode()}",
        f"Token {coded}",
        f"Token  {token}",
        f"Token\t{token}",
        f"Token: {token}",
        f"Token={token}",
        f"Token {token}{token}",
        f"Token {token[:-1]}",
        f"Token {token} x",
        f"Token {token},Token {token}",
        f'Token "{token}"',
        f"Token {token.swapcase()}",
        "Token %00",
        "Token '; DROP TABLE partner; --",
        "Token " + "x" * 65,
        "Token " + "x" * 8000,
    ]


@pytest.mark.parametrize("role", ROLES)
def test_without_a_good_token_every_operation_is_closed(sqlite_url: str, role: str) -> None:
    async def scene(guest: Visit) -> None:
        await guest.fill()
        before = await guest.stored()
        for row in OPERATIONS.values():
            if row.role not in INTERFACES[role] or row.id in NOT_OFFERED:
                continue
            path = "/".join("x" if each.startswith("{") else each for each in row.path.split("/"))
            for authorization in (None, "Token unknown"):
                answer = await ask(guest.server, row.verb, path, authorization, b"{")
                assert (answer.status, answer.code) == (401, 2000), row.id
                assert answer.headers["www-authenticate"] == "Token"
        for each in writes(role):
            own = guest.tokens["emsp" if each.path.startswith("/cpo") else "cpo"]
            for wrong in spoilt(own):
                answer = await ask(guest.server, each.verb, each.path, wrong, dict(each.body))
                assert (answer.status, answer.code) == (401, 2000), wrong
                assert own not in answer.body.decode()
        assert await guest.stored() == before

    asyncio.run(visit(sqlite_url, role, scene))


@pytest.mark.parametrize("role", ROLES)
def test_the_token_of_one_interface_is_none_at_the_other(sqlite_url: str, role: str) -> None:
    """A CPO is a partner in the role of a CPO alone, also of a hub that both of its legs are registered with."""

    async def scene(guest: Visit) -> None:
        for interface in INTERFACES[role]:
            wrong = "cpo" if interface == "cpo" else "emsp"
            token = guest.tokens.get(wrong) or await guest.server.guest(wrong, *GUEST)  # type: ignore[arg-type]
            for path in (f"/{interface}/versions", f"/{interface}/2.1.1", f"/{interface}/2.1.1/credentials"):
                assert (await ask(guest.server, "GET", path, f"Token {token}")).status == 401

    asyncio.run(visit(sqlite_url, role, scene))


def test_an_invitation_opens_nothing_but_the_registration(sqlite_url: str) -> None:
    async def play() -> None:
        async with actor(sqlite_url, "hub") as server:
            site = server.server.site
            token = await Invitations(site.partners, site.egress).invite("cpo", *GUEST, origins=["http://127.0.0.1:9"])
            header = f"Token {token}"
            for path in ("/emsp/versions", "/emsp/2.1.1", "/emsp/2.1.1/credentials"):
                assert (await ask(server, "GET", path, header)).status == 200
            for each in writes("emsp"):
                assert (await ask(server, each.verb, each.path, header, dict(each.body))).status == 401
            assert (await ask(server, "GET", "/emsp/2.1.1/tokens", header)).status == 401
            for verb in ("PUT", "DELETE"):
                body = (
                    {"token": "x", "url": "https://a.example", "business_details": {"name": "x"}}
                    if verb == "PUT"
                    else None
                )
                refusal = await ask(server, verb, "/emsp/2.1.1/credentials", header, _whole(body))
                assert refusal.status == 405

    asyncio.run(play())


def _whole(body: dict[str, Any] | None) -> dict[str, Any] | None:
    return body and {**body, "country_code": GUEST[0], "party_id": GUEST[1]}


@pytest.mark.parametrize("way", ["suspend", "revoke"])
def test_a_partner_that_was_shut_out_is_out_at_once(database_url: str, way: str) -> None:
    async def play() -> None:
        async with actor(database_url, "cpo") as server:
            token = f"Token {await server.guest('emsp')}"
            assert (await ask(server, "GET", "/cpo/versions", token)).status == 200
            site = server.server.site
            desk = Invitations(site.partners, site.egress)
            await getattr(desk, way)(await server.partner("emsp"))
            for path in ("/cpo/versions", "/cpo/2.1.1/locations", "/cpo/2.1.1/credentials"):
                assert (await ask(server, "GET", path, token)).status == 401

    asyncio.run(play())


def test_a_token_is_over_when_its_time_is(database_url: str) -> None:
    """GIREVE unregisters before it registers anew: its token is good for that for a while, and not for ever."""

    async def play() -> None:
        async with actor(database_url, "emsp", "gireve-1.2.2") as server, scripted(server, "cpo") as partner:
            token = f"Token {partner.token}"
            assert (await ask(server, "DELETE", "/emsp/2.1.1/credentials", token)).code == 1000
            assert (await ask(server, "GET", "/emsp/versions", token)).status == 200
            assert (await ask(server, "GET", "/emsp/2.1.1/tokens", token)).status == 401
            await server.server.site.database.write(_ended)
            for path in ("/emsp/versions", "/emsp/2.1.1/tokens", "/emsp/2.1.1/credentials"):
                assert (await ask(server, "GET", path, token)).status == 401
            assert (await partner.post(server, token="another-one")).status == 401  # noqa: S106  (of a test)

    asyncio.run(play())


def _ended() -> Work[None]:
    yield sql("UPDATE credential SET expires = $1 WHERE kind = 'leaving'", now() - MICROSECONDS)


def test_a_token_that_was_replaced_is_over_when_the_new_one_is_used(database_url: str) -> None:
    async def play() -> None:
        async with actor(database_url, "emsp") as server, scripted(server, "cpo") as partner:
            first = partner.token
            body = {"url": f"{partner.url}/versions", "business_details": {"name": "Evil"}, "token": "a-new-one"}
            answer = await ask(server, "PUT", "/emsp/2.1.1/credentials", f"Token {first}", _party(body))
            assert answer.code == 1000, answer.body
            second = f"Token {answer.data['token']}"
            assert (await ask(server, "GET", "/emsp/2.1.1/tokens", f"Token {first}")).status == 200
            assert (await ask(server, "GET", "/emsp/2.1.1/tokens", second)).status == 200
            assert (await ask(server, "GET", "/emsp/2.1.1/tokens", f"Token {first}")).status == 401

    asyncio.run(play())


def _party(body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "country_code": "DE", "party_id": "EVL"}


@pytest.mark.parametrize("role", ROLES)
def test_an_unknown_version_or_module_does_not_exist(sqlite_url: str, role: str) -> None:
    async def scene(guest: Visit) -> None:
        for interface in INTERFACES[role]:
            for place in ("", "/2.2.1", "/2.2/locations", "/2.0/tokens", "/versions/2.1.1", "/2.1.1/hubclientinfo"):
                answer = await guest.send("GET", f"/{interface}{place}")
                assert (answer.status, answer.code) == (404, 2000), place

    asyncio.run(visit(sqlite_url, role, scene))
