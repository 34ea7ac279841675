"""What an operator does on the command line with objects, charges, deliveries and messages."""

import asyncio
import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer

from ocpi211.models import Location, Token
from ocpi211_server.cli.options import app
from tests.server.operators import invoke, refuses, says, stage
from tests.server.samples import cdr, location, session, token
from tests.server.stage import Actor, until


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
    sqlite_url: str, tmp_path: Path, content: object, reasons: list[str]
) -> None:
    file = tmp_path / "given.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")

    async def play() -> None:
        async with stage(lambda: sqlite_url, "cpo") as playing:
            told = await refuses(playing.cpo, "publish", "locations", str(file))
            assert told.startswith("ocpi211-server: nothing was stored\n")
            assert [reason for reason in reasons if reason not in told] == []
            assert await playing.cpo.count("locations") == 0

    asyncio.run(play())


def test_what_a_server_cannot_publish_or_be_is_told(sqlite_url: str, tmp_path: Path) -> None:
    file = tmp_path / "token.json"
    file.write_text(json.dumps(token(party="FR*CPO")), "utf-8")

    async def play() -> None:
        async with stage(lambda: sqlite_url, "cpo") as playing:
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
            of_it = ["--authorization-id", "AUTH-1"]
            for words in (["--object", "S1"], of_it, [*of_it, "--related"], ["--object", "S1", "--minutes", "5"]):
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
    result = invoke("partners")
    assert (result.exit_code, list(tmp_path.iterdir())) == (2, [])
    assert result.stderr == (
        "ocpi211-server: database: there is no ocpi211.db; name another, or run the server first, which makes it\n"
    )


def test_a_command_is_refused_a_variable_that_is_misspelt(
    sqlite_url: str,
) -> None:
    async def play() -> None:
        misspelt = {"OCPI211_PUBLIK_URL": "https://ocpi.example.com"}
        async with stage(lambda: sqlite_url, "cpo") as playing:
            assert "publik_url: there is no such setting" in await refuses(
                playing.cpo, "partners", status=2, **misspelt
            )

    asyncio.run(play())


REPOSITORY = Path(__file__).parents[2]
WRITTEN = ("README.md", "docs/server.md", "deploy/compose.yaml")


def written(text: str) -> list[list[str]]:
    """The command lines that a person may copy: those that begin a line, and those of a container."""
    whole = text.replace("\\\n", " ")
    lines = re.findall(r"^(?:#\s+docker compose exec \w+ )?ocpi211-server (?!:)([^|<>&\n]*)", whole, re.MULTILINE)
    lists = re.findall(r'\["ocpi211-server", (.*)\]', whole)
    return [shlex.split(line, comments=True) for line in lines] + [json.loads(f"[{words}]") for words in lists]


@pytest.mark.parametrize("file", WRITTEN)
def test_whatever_command_line_is_written_down_is_one(file: str) -> None:
    lines = written((REPOSITORY / file).read_text("utf-8"))
    assert lines
    for words in lines:
        parsed(words)


def parsed(words: list[str]) -> None:
    """Read the words as the command line does, without doing what they say; what is wrong with them is raised."""
    command: Any = typer.main.get_command(app)
    context: Any = command.context_class(command, info_name="ocpi211-server")
    while hasattr(command, "resolve_command"):
        name, command, words = command.resolve_command(context, words)
        context = command.context_class(command, parent=context, info_name=name)
    command.make_context(context.info_name, [*words], parent=context.parent)


def test_every_command_has_its_help_and_hides_no_subcommand() -> None:
    told = invoke("--help").stdout
    documented = "invite register partners approve suspend resume revoke rotate unregister refresh agreements publish"
    documented += " status ask start stop pull deliveries messages reconcile run"
    assert [name for name in documented.split() if f" {name} " not in told] == []
    assert " work " not in told
    options = invoke("run", "--help", COLUMNS="200").stdout
    for flag in ("--role", "--profile", "--database", "--public-url", "--workers", "--insecure-dev", "--config"):
        assert flag in options
    assert "--secret-key" not in options
