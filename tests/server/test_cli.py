"""Every command of an operator, on the database of a server that runs."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import structlog
from typer.testing import CliRunner, Result

import ocpi211_server.__main__  # noqa: F401  (all commands)
from ocpi211.models import Location, Token
from ocpi211_server.cli.options import app
from ocpi211_server.kept_settings import keep
from tests.server.samples import cdr, location, session, token
from tests.server.stage import QUICK, Actor, Stage, staged, until


@pytest.fixture(autouse=True)
def as_a_command(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A command in this process leaves the logging of the tests alone, and servers beside it write elsewhere."""
    monkeypatch.setattr("ocpi211_server.logs.configure", lambda *_: None)
    monkeypatch.setenv("OCPI211_SECRET_KEY", str(QUICK["secret_key"]))
    structlog.configure(logger_factory=structlog.WriteLoggerFactory(StringIO()))
    yield
    structlog.reset_defaults()


async def command(actor: Actor, *words: str, stdin: str | None = None) -> Result:
    """A command, which knows no more of the server than its database."""
    words += ("--database", actor.server.settings.database)
    return await asyncio.to_thread(CliRunner().invoke, app, [*words], input=stdin)


async def says(actor: Actor, *words: str, stdin: str | None = None) -> str:
    result = await command(actor, *words, stdin=stdin)
    assert result.exit_code == 0, result.output
    return result.stdout


async def refuses(actor: Actor, *words: str, status: int = 1) -> str:
    """What a command says that cannot be done: lines without a traceback."""
    result = await command(actor, *words)
    assert result.exit_code == status, result.output
    assert all(line.startswith("ocpi211-server: ") for line in result.stderr.splitlines()), result.stderr
    return result.stderr


@asynccontextmanager
async def stage(new_database: Callable[[], str], *roles: str, **given: Any) -> AsyncIterator[Stage]:
    """Servers as `run` would have started them."""
    async with staged(new_database, *roles, **given) as playing:
        for each in playing.actors.values():
            await keep(each.server.site.database, each.server.settings)
        yield playing


def test_an_invitation_is_taken_up_and_the_registration_kept_changed_and_ended(new_database: Callable[[], str]) -> None:
    async def play() -> None:
        async with stage(new_database, "cpo", "emsp", register=False) as playing:
            cpo, emsp = playing.cpo, playing.emsp
            invited = await says(emsp, "invite", "cpo", "FR*CPO", "--origin", cpo.url)
            url, given = (line.split()[1] for line in invited.splitlines())
            assert url == f"{emsp.url}/emsp/versions"
            listed = await says(emsp, "partners")
            assert "FR*CPO" in listed
            assert "invited" in listed
            assert given not in listed
            told = await says(cpo, "register", "emsp", "FREMP", url, stdin=f"{given}\n")
            assert told.startswith("registered with FR*EMP (OCPI reference server): cdrs, commands, credentials")
            for who, words in (
                (cpo, ("rotate", "emsp", "fr-emp")),
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


def test_what_cannot_be_done_about_a_partner_is_told(sqlite_database: Callable[[], str]) -> None:
    async def play() -> None:
        async with stage(sqlite_database, "emsp") as playing:
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


@pytest.fixture
def sqlite_database(tmp_path: Path) -> Callable[[], str]:
    """What has nothing to do with the kind of the database needs one kind of it."""
    return lambda: f"sqlite:///{tmp_path / f'server-{len([*tmp_path.iterdir()])}.db'}"


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


def test_objects_are_published_from_a_file_or_from_a_pipe(new_database: Callable[[], str], tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(new_database, "cpo", "emsp") as playing:
            cpo, emsp = playing.cpo, playing.emsp
            file = tmp_path / "locations.json"
            file.write_text(json.dumps([location("LOC1"), location("LOC2")]), "utf-8")
            assert await says(cpo, "publish", "locations", str(file)) == "2 locations stored\n"
            assert await says(emsp, "publish", "tokens", "-", stdin=json.dumps(token())) == "1 tokens stored\n"
            await says(cpo, "status", "LOC1", "E1", "charging")
            await playing.delivered()
            assert [await emsp.count("locations"), await cpo.count("tokens")] == [2, 1]
            rows = await emsp.server.site.database.read("SELECT body FROM object WHERE id = 'LOC1'")
            evses = Location.model_validate_json(rows[0][0]).evses or []
            assert evses[0].status == "CHARGING"

    asyncio.run(play())


@pytest.mark.parametrize(
    ("content", "reasons"),
    [
        ([location("LOC1"), location("LOC2", evses=[{"uid": "E1"}])], ["/1/evses/0/status", "/1/evses/0/connectors"]),
        (location(coordinates={"latitude": "45.180001"}), ["/coordinates/longitude"]),
        (location(type="UNDER_WATER"), ["/type"]),
        ("[{]", ["the file: "]),
    ],
)
def test_a_file_with_one_bad_object_stores_nothing_and_tells_the_field(
    sqlite_database: Callable[[], str], tmp_path: Path, content: object, reasons: list[str]
) -> None:
    file = tmp_path / "given.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")

    async def play() -> None:
        async with stage(sqlite_database, "cpo") as playing:
            told = await refuses(playing.cpo, "publish", "locations", str(file))
            assert told.startswith("ocpi211-server: nothing was stored\n")
            assert [reason for reason in reasons if reason not in told] == []
            assert await playing.cpo.count("locations") == 0

    asyncio.run(play())


def test_what_a_server_cannot_publish_or_be_is_told(sqlite_database: Callable[[], str], tmp_path: Path) -> None:
    file = tmp_path / "token.json"
    file.write_text(json.dumps(token(party="FR*CPO")), "utf-8")

    async def play() -> None:
        async with stage(sqlite_database, "cpo") as playing:
            cpo = playing.cpo
            assert "a server that is cpo has no tokens of its own" in await refuses(cpo, "publish", "tokens", str(file))
            assert "No such file" in await refuses(cpo, "publish", "locations", str(tmp_path / "nothing.json"))
            assert "ASLEEP is none of AVAILABLE" in await refuses(cpo, "status", "LOC1", "E1", "ASLEEP")
            await refuses(cpo, "status", "LOC1", "E1", "AVAILABLE")
            assert "we have no Token" in await refuses(cpo, "start", "04A1B2C3", "LOC1", "E1")

    asyncio.run(play())


def test_a_charge_is_asked_for_started_stopped_and_reconciled(new_database: Callable[[], str]) -> None:
    async def play() -> None:
        async with stage(new_database, "cpo", "emsp") as playing:
            cpo, emsp = playing.cpo, playing.emsp
            await cpo.office.publish("locations", [Location.model_validate(location())])
            await emsp.office.publish("tokens", [Token.model_validate(token())])
            await playing.delivered()
            assert await says(cpo, "pull", "tokens") == "FR*EMP: 1 tokens, 0 rejected, done\n"
            pulled = await says(emsp, "pull", "locations", "--partner", "FR*CPO", "--full")
            assert pulled == "FR*CPO: 1 locations, 0 rejected, done\n"
            info = json.loads(await says(cpo, "ask", "04A1B2C3", "LOC1", "E1"))
            assert info["allowed"] == "ALLOWED"
            started = json.loads(await says(emsp, "start", "04A1B2C3", "LOC1", "E1"))
            assert started["result"] == "ACCEPTED"
            given = {"S1": info["authorization_id"], "S2": started["authorization_id"]}
            for id_, name in given.items():
                await says(cpo, "publish", "sessions", "-", stdin=json.dumps(session(id_, authorization_id=name)))
                await playing.delivered()
            assert json.loads(await says(emsp, "stop", "S2")) == {"result": "ACCEPTED"}
            await says(cpo, "publish", "cdrs", "-", stdin=json.dumps(cdr("S1", authorization_id=given["S1"])))
            await playing.delivered()
            charges = json.loads(await says(emsp, "reconcile", "--json"))
            found = {charge["authorization_id"]: (charge["verdict"], charge["cdrs"]) for charge in charges}
            assert found == {given["S1"]: ("billed", ["S1"]), given["S2"]: ("charging", [])}
            table = await says(emsp, "reconcile")
            assert "1 billed, 1 charging" in table
            assert given["S2"] in table

    asyncio.run(play())


def test_what_waits_to_be_delivered_is_listed_tried_again_and_dropped(new_database: Callable[[], str]) -> None:
    async def play() -> None:
        async with stage(new_database, "cpo", "emsp") as playing:
            cpo, emsp = playing.cpo, playing.emsp
            await says(cpo, "suspend", "emsp", "FR*EMP")
            await cpo.office.publish("locations", [Location.model_validate(location(f"LOC{n}")) for n in (1, 2)])
            listed = [line.split() for line in (await says(cpo, "deliveries", "list")).splitlines()]
            assert listed[0][:4] == ["seq", "to", "what", "state"]
            assert [row[1:6] for row in listed[1:]] == [
                ["FR*EMP", "locations", "FR*CPO", id_, "waiting"] for id_ in ("LOC1", "LOC2")
            ]
            first, second = (row[0] for row in listed[1:])
            assert len((await says(cpo, "deliveries", "list", "--partner", "FR*EMP")).splitlines()) == 3
            assert len((await says(cpo, "deliveries", "list", "--parked")).splitlines()) == 1
            assert "there is no partner DE*ABC" in await refuses(cpo, "deliveries", "list", "--partner", "DE*ABC")
            assert await says(cpo, "deliveries", "retry", first) == "1 to be tried again\n"
            assert await says(cpo, "deliveries", "retry", "--partner", "FR*EMP") == "2 to be tried again\n"
            assert "name one delivery, or one partner" in await refuses(cpo, "deliveries", "retry")
            assert await says(cpo, "deliveries", "drop", second) == ""
            assert f"there is no delivery {second}" in await refuses(cpo, "deliveries", "drop", second)
            await says(cpo, "resume", "emsp", "FR*EMP")
            await playing.delivered()
            rows = await emsp.server.site.database.read("SELECT id FROM object")
            assert [row[0] for row in rows] == ["LOC1"]

    asyncio.run(play())


def test_messages_are_found_by_party_module_object_and_authorisation(new_database: Callable[[], str]) -> None:
    async def play() -> None:
        async with stage(new_database, "cpo", "emsp") as playing:
            cpo, emsp = playing.cpo, playing.emsp
            given = [session("S1", authorization_id="AUTH-1"), session("S2", authorization_id="AUTH-2")]
            await says(cpo, "publish", "sessions", "-", stdin=json.dumps(given))
            await playing.delivered()

            async def noted() -> bool:
                return len((await says(emsp, "messages", "--module", "sessions")).splitlines()) == 2

            await until(noted, "both are noted")
            for words in (["--object", "S1"], ["--authorization-id", "AUTH-1"], ["--object", "S1", "--minutes", "5"]):
                found = (await says(emsp, "messages", "--party", "FR*CPO", *words)).splitlines()
                assert len(found) == 1
                assert "FR*CPO → FR*EMP PUT" in found[0]
                assert "/emsp/2.1.1/sessions/FR/CPO/S1" in found[0]
            assert await says(emsp, "messages", "--party", "DE*ABC") == ""
            assert len((await says(emsp, "messages", "--limit", "1")).splitlines()) == 1
            whole = await says(emsp, "messages", await first_seq(emsp))
            assert '"authorization_id":"AUTH-1"' in whole.replace(" ", "")
            assert '"status_code":1000' in whole
            assert "there is no exchange 987654" in await refuses(emsp, "messages", "987654")

    asyncio.run(play())


async def first_seq(emsp: Actor) -> str:
    return (await says(emsp, "messages", "--object", "S1")).split()[0]


def test_a_command_needs_a_database_that_is_there_and_makes_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["partners"])
    assert (result.exit_code, list(tmp_path.iterdir())) == (2, [])
    assert result.stderr == (
        "ocpi211-server: database: there is no ocpi211.db; name another, or run the server first, which makes it\n"
    )


def test_a_command_is_refused_a_variable_that_is_misspelt(
    sqlite_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OCPI211_PUBLIK_URL", "https://ocpi.example.com")

    async def play() -> None:
        async with stage(sqlite_database, "cpo") as playing:
            assert "publik_url: there is no such setting" in await refuses(playing.cpo, "partners", status=2)

    asyncio.run(play())


def test_every_command_has_its_help_and_hides_no_subcommand() -> None:
    told = CliRunner().invoke(app, ["--help"]).stdout
    documented = "invite register partners approve suspend resume revoke rotate unregister refresh agreements publish"
    documented += " status ask start stop pull deliveries messages reconcile run"
    assert [name for name in documented.split() if f" {name} " not in told] == []
    assert " work " not in told
    options = CliRunner().invoke(app, ["run", "--help"], terminal_width=200).stdout
    for flag in ("--role", "--profile", "--database", "--public-url", "--workers", "--insecure-dev", "--config"):
        assert flag in options
    assert "--secret-key" not in options
