"""The parts put together: what each role offers, what a deployment decides itself, and work that goes on."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ocpi211_runtime.answers import Role
from ocpi211_server.app import decide, open_server
from ocpi211_server.decisions import Decisions
from ocpi211_server.hub import Relay
from ocpi211_server.profiles import PROFILES
from ocpi211_server.settings import Settings, SettingsError
from tests.server.processes import SECRET, sealed
from tests.server.stage import QUICK, actor, until

MEETS: dict[str, tuple[tuple[Role, str], ...]] = {
    "cpo": (("emsp", "cpo"),),
    "emsp": (("cpo", "emsp"),),
    "hub": (("emsp", "cpo"), ("cpo", "emsp")),
}


@pytest.mark.parametrize("profile", list(PROFILES))
@pytest.mark.parametrize("role", ["cpo", "emsp", "hub"])
def test_each_role_offers_the_modules_of_its_profile_to_those_it_meets(
    sqlite_url: str, role: str, profile: str
) -> None:
    async def play() -> None:
        async with actor(sqlite_url, role, profile) as server:
            for theirs, ours in MEETS[role]:
                token = await server.guest(theirs)
                details = await server.call("GET", f"/{ours}/2.1.1", token=token)
                offered = {endpoint["identifier"]: endpoint["url"] for endpoint in details.data["endpoints"]}
                assert offered.keys() == PROFILES[profile].modules | {"credentials"}
                assert {url.removeprefix(server.url) for url in offered.values()} == {
                    f"/{ours}/2.1.1/{module}" for module in offered
                }
                other = "emsp" if ours == "cpo" else "cpo"
                assert (await server.call("GET", f"/{other}/versions", token=token)).status in (401, 404)

    asyncio.run(play())


def test_a_single_module_can_be_left_out(sqlite_url: str) -> None:
    async def play() -> None:
        async with actor(sqlite_url, "cpo", profile_changes={"modules": ["locations"]}) as server:
            token = await server.guest("emsp")
            details = await server.call("GET", "/cpo/2.1.1", token=token)
            assert {endpoint["identifier"] for endpoint in details.data["endpoints"]} == {"credentials", "locations"}
            assert (await server.call("GET", "/cpo/2.1.1/cdrs", token=token)).status == 404

    asyncio.run(play())


def settings(role: str = "cpo", **given: Any) -> Settings:
    return Settings.model_validate({"role": role, "insecure_dev": True, **given})


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A module in the current folder, which Python does not look into by itself."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [entry for entry in sys.path if entry not in ("", str(tmp_path))])
    yield tmp_path / "office_of_a_test.py"
    sys.modules.pop("office_of_a_test", None)


def test_a_class_of_the_current_folder_decides(office: Path) -> None:
    office.write_text(
        "from ocpi211_server.decisions import Decisions\n\nclass Mine(Decisions):\n    name = 'mine'\n", "ascii"
    )
    decides = decide(settings(decisions="office_of_a_test:Mine"))
    assert isinstance(decides, Decisions)
    assert vars(type(decides))["name"] == "mine"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (None, "ModuleNotFoundError: No module named 'office_of_a_test'"),
        ("class Mine(", "SyntaxError"),
        ("raise RuntimeError('closed today')", "RuntimeError: closed today"),
        ("", "AttributeError"),
        ("class Mine:\n    def __init__(self, x): ...", "TypeError"),
        ("class Mine:\n    authorize = begin = outcome = None", "derive it from Decisions"),
    ],
)
def test_a_class_that_cannot_decide_is_told_before_anything_is_begun(
    office: Path, sqlite_url: str, text: str | None, reason: str
) -> None:
    if text is not None:
        office.write_text(text, "ascii")

    async def play() -> None:
        async with open_server(settings(decisions="office_of_a_test:Mine", database=sqlite_url)):
            pass

    with pytest.raises(SettingsError, match="decisions: office_of_a_test:Mine") as raised:
        asyncio.run(play())
    assert reason in str(raised.value)
    assert not Path(sqlite_url.removeprefix("sqlite:///")).exists()


def test_who_decides_when_nobody_is_named() -> None:
    assert type(decide(settings("emsp"))) is Decisions
    assert isinstance(decide(settings("hub")), Relay)


def test_work_that_breaks_off_is_begun_anew(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def play() -> None:
        async with open_server(settings(database=sqlite_url)) as server:
            begun: list[str] = []

            async def breaks(name: str) -> None:
                begun.append(name)
                if begun.count(name) < 2:
                    raise OSError("the database is away")
                await asyncio.Event().wait()

            monkeypatch.setattr(server.commanding, "expire", lambda: breaks("commands"))
            monkeypatch.setattr(server.site.deliveries, "run", lambda: breaks("deliveries"))
            async with server.running():

                async def both_again() -> bool:
                    return sorted(begun) == ["commands", "commands", "deliveries", "deliveries"]

                await until(both_again, "both begin anew")

    asyncio.run(play())


def test_a_cancellation_that_is_lost_in_an_error_does_not_keep_the_server_from_ending(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ocpi211_server.app._SECONDS_TO_END", 0.1)

    async def play() -> None:
        async with open_server(settings(database=sqlite_url)) as server:
            begun = asyncio.Event()

            async def stubborn() -> None:
                begun.set()
                try:
                    await asyncio.Event().wait()
                finally:
                    raise OSError("the database is away")

            monkeypatch.setattr(server.pulls, "run", stubborn)
            async with server.running():
                await begun.wait()

    asyncio.run(asyncio.wait_for(play(), 30))


def test_it_is_ready_while_its_database_answers(database_url: str) -> None:
    async def play() -> None:
        async with open_server(settings(database=database_url, secret_key=QUICK["secret_key"])) as server:
            assert await server.ready() == {"database": ""}

    asyncio.run(play())


def test_a_new_secret_key_opens_what_the_former_one_has_sealed(sqlite_url: str) -> None:
    async def play(**keys: Any) -> None:
        async with open_server(settings(database=sqlite_url, **keys)) as server:
            assert server.site.partners.vault.open(server.site.partners.vault.seal("a token")) == "a token"

    asyncio.run(sealed(sqlite_url))
    new = "another passphrase"
    asyncio.run(play(secret_key=new, former_secret_key=SECRET))
    with pytest.raises(SettingsError, match="secret_key: a stored token was sealed with another key"):
        asyncio.run(play(secret_key=new))


def test_what_was_exchanged_is_noted_also_when_the_server_ends_at_once(sqlite_url: str) -> None:
    async def play() -> list[Any]:
        async with actor(sqlite_url, "cpo") as server:
            await server.call("GET", "/cpo/versions")
        async with open_server(settings(database=sqlite_url, secret_key=QUICK["secret_key"])) as again:
            return [*await again.site.database.read("SELECT url, http_status FROM message")]

    (row,) = asyncio.run(play())
    assert (row[0], row[1]) == ("/ocpi/cpo/versions", 401)
