"""What an operator does about partners, and about who roams with whom."""

import asyncio
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from tests.server.operators import command, refuses, says, stage


def test_an_invitation_is_taken_up_and_the_registration_kept_changed_and_ended(new_database: Callable[[], str]) -> None:
    async def play() -> None:
        async with stage(new_database, "cpo", "emsp", register=False) as playing:
            cpo, emsp = playing.cpo, playing.emsp
            invited = await says(emsp, "invite", "cpo", "FR*CPO", "--origin", cpo.url)
            url, given = (line.split()[1] for line in invited.splitlines())
            assert url == f"{emsp.url}/emsp/versions"
            listed = await says(emsp, "partners")
            assert "FR*CPO" in listed
            (until,) = re.findall(r"invited, until (\S+)", listed)
            week = datetime.now(UTC) + timedelta(days=7)
            assert until in (f"{week:%Y-%m-%d}", f"{week - timedelta(minutes=5):%Y-%m-%d}")
            assert given not in listed
            told = await says(cpo, "register", "emsp", "FREMP", url, stdin=f"{given}\n")
            assert told.startswith("registered with FR*EMP (OCPI reference server): cdrs, commands, credentials")
            for who, words in (
                (cpo, ("rotate", "emsp", "fr-emp")),
                (cpo, ("rotate", "emsp", "fr-emp", "--put")),
                (emsp, ("rotate", "cpo", "FR*CPO")),
                (emsp, ("refresh", "cpo", "FR*CPO")),
            ):
                assert (await says(who, *words)).endswith("is registered\n")
            assert await says(emsp, "suspend", "cpo", "FR*CPO") == "cpo FR*CPO is suspended\n"
            assert "cpo FR*CPO is suspended" in await refuses(emsp, "rotate", "cpo", "FR*CPO")
            assert await says(emsp, "resume", "cpo", "FR*CPO") == "cpo FR*CPO is registered\n"
            assert "https://else.example" in await says(emsp, "approve", "cpo", "FR*CPO", "https://else.example/x")
            assert await says(cpo, "unregister", "emsp", "FR*EMP") == "emsp FR*EMP is unregistered\n"
            assert (await emsp.server.site.partners.all())[0].state == "unregistered"
            assert await says(emsp, "revoke", "cpo", "FR*CPO") == "cpo FR*CPO is revoked\n"

    asyncio.run(play())


def test_what_cannot_be_done_about_a_partner_is_told(sqlite_url: str) -> None:
    async def play() -> None:
        async with stage(lambda: sqlite_url, "emsp") as playing:
            emsp = playing.emsp
            assert "there is no partner DE*ABC that is cpo" in await refuses(emsp, "suspend", "cpo", "DE*ABC")
            told = await refuses(emsp, "invite", "emsp", "DE*ABC", "--trust-first")
            assert "this server is emsp, and has nothing to say to another emsp" in told
            assert "name the origins" in await refuses(emsp, "invite", "cpo", "DE*ABC")
            assert "https" in await refuses(emsp, "invite", "cpo", "DE*ABC", "--origin", "ftp://else.example")
            assert (await command(emsp, "invite", "cpo", "DE*ABCD", "--trust-first")).exit_code == 2
            told = await refuses(
                emsp, "register", "cpo", "DE*ABC", "http://127.0.0.1:9/versions", "--token", "secret-A"
            )
            assert "127.0.0.1:9" in told
            assert "secret-A" not in told

    asyncio.run(play())


def test_agreements_are_made_and_ended(new_database: Callable[[], str]) -> None:
    async def play() -> None:
        async with stage(new_database, "hub", agreement=False) as playing:
            hub = playing.hub
            assert "FR*CPO" not in await says(hub, "agreements", "list")
            await says(hub, "agreements", "add", "FR*CPO", "FR*EMP", "--price", "0.35")
            await says(hub, "agreements", "add", "FR*CPO", "DEABC")
            listed = [line.split() for line in (await says(hub, "agreements", "list")).splitlines()]
            assert listed[1:] == [["FR*CPO", "DE*ABC", "the", "CPO's"], ["FR*CPO", "FR*EMP", "0.35"]]
            await says(hub, "agreements", "remove", "FR*CPO", "FR*EMP")
            assert "FR*EMP" not in await says(hub, "agreements", "list")
            told = await refuses(hub, "agreements", "remove", "FR*CPO", "FR*EMP")
            assert "FR*CPO and FR*EMP have no agreement" in told
            assert "no price" in await refuses(hub, "agreements", "add", "FR*CPO", "FR*EMP", "--price", "cheap")

    asyncio.run(play())
