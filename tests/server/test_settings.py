"""Where a setting comes from, and that one which is unknown, missing or impossible is told before anything starts."""

import asyncio
import json
import stat
from pathlib import Path
from typing import Any

import pytest

from ocpi211_server.app import open_server
from ocpi211_server.database import Work, open_database, sql
from ocpi211_server.profiles import PROFILES, Profile
from ocpi211_server.serving.given_settings import database_url, flag_of, read_settings
from ocpi211_server.serving.kept_settings import keep, kept
from ocpi211_server.settings import Settings, SettingsError, write_settings

NEEDED: dict[str, object] = {"role": "cpo", "insecure_dev": "true"}
URL = "https://ocpi.example.com/ocpi"


def toml(folder: Path, text: str) -> Path:
    file = folder / "server.toml"
    file.write_text(text, "utf-8")
    return file


def wrong(given: dict[str, object], environment: dict[str, str] | None = None, file: Path | None = None) -> list[str]:
    with pytest.raises(SettingsError) as raised:
        read_settings(given, environment or {}, file)
    return str(raised.value).splitlines()


def test_the_command_line_wins_over_the_environment_over_the_file_over_the_database(tmp_path: Path) -> None:
    names = ["name", "country_code", "party_id", "host"]
    file = toml(tmp_path, "\n".join(f'{name} = "F{place}F"' for place, name in enumerate(names[:3])))
    kept_before: dict[str, object] = {**NEEDED, "name": "kept", "host": "10.0.0.1", "country_code": "XX"}
    environment = {"OCPI211_NAME": "environment", "OCPI211_COUNTRY_CODE": "DE"}
    settings = read_settings({"name": "given"}, environment, file, kept=kept_before)
    assert (settings.name, settings.party, settings.host) == ("given", "DE*F2F", "10.0.0.1")


def test_every_setting_can_come_from_a_variable_and_from_a_file(tmp_path: Path) -> None:
    samples: dict[str, Any] = {
        "role": "hub",
        "country_code": "DE",
        "party_id": "ABC",
        "name": "Une société",
        "database": "postgresql://ocpi@db/ocpi",
        "synchronous": "NORMAL",
        "connections": 3,
        "public_url": URL,
        "host": "10.0.0.1",
        "port": 1,
        "admin_port": 2,
        "workers": 3,
        "secret_key": "a passphrase",
        "former_secret_key": "another passphrase",
        "strict": True,
        "max_body": 2048,
        "insecure_dev": True,
        "agreements": "all",
        "call_timeout": 1.5,
        "authorize_timeout": 2,
        "command_timeout": 3,
        "pull_every": 0,
        "first_delay": 3,
        "longest_delay": 4,
        "most_attempts": 5,
        "worker_stale": 6,
        "message_log": "off",
        "message_days": 7,
        "log_format": "json",
        "log_level": "ERROR",
        "keep_alive": 8,
        "graceful_timeout": 9,
    }
    others = {"profile_name", "profile_changes", "allowed_networks", "decisions"}
    assert samples.keys() | others == Settings.model_fields.keys()
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in samples.items()]
    lines += ['allowed_networks = ["10.1.0.0/16", "10.2.0.0/16"]', 'profile = "gireve-1.2.2"']
    from_file = read_settings({}, {}, toml(tmp_path, "\n".join(lines)))
    variables = {f"OCPI211_{name.upper()}": str(value) for name, value in samples.items()}
    variables |= {"OCPI211_ALLOWED_NETWORKS": "10.1.0.0/16, 10.2.0.0/16", "OCPI211_PROFILE": "gireve-1.2.2"}
    from_environment = read_settings({}, variables)
    assert from_file == from_environment
    assert from_file.profile == PROFILES["gireve-1.2.2"]
    assert {name for name in samples if getattr(from_file, name) == Settings.model_fields[name].default} == set()


def test_an_unknown_variable_is_told_with_the_one_that_may_be_meant() -> None:
    assert wrong(NEEDED, {"OCPI211_PUBLIK_URL": URL, "OCPI_ELSE": "no concern of ours"}) == [
        "publik_url: there is no such setting; is public_url meant? (from OCPI211_PUBLIK_URL)"
    ]


def test_an_unknown_key_of_the_file_is_told(tmp_path: Path) -> None:
    file = toml(tmp_path, "wrokers = 2\n[logging]\nlevel = 'INFO'\n")
    assert wrong(NEEDED, file=file) == [
        f"wrokers: there is no such setting; is workers meant? (from {file})",
        f"logging: there is no such setting (from {file})",
    ]


def test_fields_that_have_another_name_outside_are_unknown_under_their_own(tmp_path: Path) -> None:
    file = toml(tmp_path, "profile_name = 'plain-2.1.1'\n")
    assert len(wrong(NEEDED, {"OCPI211_PROFILE_CHANGES": "{}"}, file)) == 2


def test_a_profile_key_that_is_unknown_or_impossible_is_told_with_its_source(tmp_path: Path) -> None:
    file = toml(tmp_path, "[profile]\nname = 'gireve-1.1.4'\npsuh = 'fifo'\ncreated_status = 418\n")
    assert wrong({**NEEDED, "profile_changes": {"push": "sometimes"}}, file=file) == [
        f"profile.psuh: there is no such setting; is profile.push meant? (from {file})",
        f"profile.created_status: 418 is not possible (from {file})",
        "profile.push: 'sometimes' is not possible (from --set)",
    ]


def test_a_profile_that_does_not_exist_is_told_with_those_that_do() -> None:
    line = wrong({**NEEDED, "profile_name": "plain"})[0]
    assert line.startswith("profile: there is no profile 'plain', but plain-2.1.1, ")
    assert line.endswith("(from --profile)")


def test_changes_of_the_profile_add_up_over_their_sources(tmp_path: Path) -> None:
    file = toml(tmp_path, "[profile]\nname = 'plain-2.1.1'\npush = 'fifo'\nrejoin_window = 60\n")
    settings = read_settings({**NEEDED, "profile_changes": {"rejoin_window": 5}}, {}, file)
    assert (settings.profile.push, settings.profile.rejoin_window) == ("fifo", 5)


def test_a_missing_setting_is_told_with_all_places_it_can_be_in() -> None:
    assert wrong({}) == ["role: required: --role, OCPI211_ROLE, or role in the file of --config"]


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    found = wrong({"role": "cpu"}, {"OCPI211_PORT": "80a"}, toml(tmp_path, "workers = 0\nname = ''\n"))
    assert sorted(line.partition(":")[0] for line in found) == ["name", "port", "role", "workers"]


@pytest.mark.parametrize(
    ("given", "setting"),
    [
        ({"workers": 2}, "workers"),
        ({"insecure_dev": False}, "public_url"),
        ({"insecure_dev": False, "public_url": "http://ocpi.example.com"}, "public_url"),
        ({"host": "0.0.0.0"}, "public_url"),  # noqa: S104  (nothing listens there)
        ({"database": "postgresql://ocpi@db/ocpi"}, "secret_key"),
        ({"role": "hub", "decisions": "my_office:MyDecisions"}, "decisions"),
        ({"first_delay": 10, "longest_delay": 5}, "longest_delay"),
        ({"public_url": "ftp://example.com"}, "public_url"),
        ({"public_url": "https://example.com/?a=b"}, "public_url"),
        ({"allowed_networks": ["10.0.0.1/8"]}, "allowed_networks.0"),
        ({"decisions": "my_office"}, "decisions"),
        ({"database": "ocpi.db"}, "database"),
    ],
)
def test_what_does_not_go_together_is_told(given: dict[str, object], setting: str) -> None:
    assert [line.partition(":")[0] for line in wrong({**NEEDED, **given})] == [setting]


def test_no_message_repeats_a_secret(tmp_path: Path) -> None:
    file = toml(tmp_path, "secret_key = ['hunter2-hunter2']\ndatabase = 'mysql://ocpi:hunter2@db/ocpi'\n")
    lines = wrong(NEEDED, {"OCPI211_FORMER_SECRET_KEYS": "hunter2-hunter2"}, file)
    assert len(lines) == 3
    assert "hunter2" not in "".join(lines)
    with pytest.raises(SettingsError) as raised:
        database_url({}, {"OCPI211_DATABASE": "mysql://ocpi:hunter2@db/ocpi"}, None)
    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize(
    ("content", "reason"), [(b"port =\nrole", "line 1"), (b"\xff", "utf-8"), (None, "No such file")]
)
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, content: bytes | None, reason: str) -> None:
    file = tmp_path / "server.toml"
    if content is not None:
        file.write_bytes(content)
    line = wrong(NEEDED, file=file)[0]
    assert line.startswith(f"{file}: ")
    assert reason in line


def test_a_worker_reads_what_its_parent_writes() -> None:
    given = {**NEEDED, "secret_key": "hunter2-hunter2", "allowed_networks": ["10.1.0.0/16"], "pull_every": 0}
    settings = read_settings({**given, "profile_changes": {"modules": ["locations"]}}, {})
    again = Settings.model_validate_json(write_settings(settings))
    assert again == settings
    assert again.secret_key is not None
    assert again.secret_key.get_secret_value() == "hunter2-hunter2"
    assert "hunter2" not in repr(settings)


def test_an_address_of_ipv6_is_bracketed_in_the_url() -> None:
    assert read_settings({**NEEDED, "host": "::1"}, {}).base_url == "http://[::1]:8211/ocpi"


def test_the_option_of_a_setting_is_named_after_it() -> None:
    assert [flag_of("public_url"), flag_of("profile_name"), flag_of("role")] == ["--public-url", "--profile", "--role"]


def test_what_a_server_was_started_with_is_kept_without_its_secrets(database_url: str) -> None:
    given = {
        **NEEDED,
        "database": database_url,
        "secret_key": "hunter2-hunter2",
        "workers": 1,
        "decisions": "my_office:MyDecisions",
        "party_id": "ABC",
        "profile_changes": {"modules": ["locations"]},
    }

    async def play() -> dict[str, Any]:
        database = await open_database(database_url)
        try:
            await keep(database, read_settings(given, {}))
            await database.write(another_edition)
            return await kept(database)
        finally:
            await database.close()

    def another_edition() -> Work[None]:
        yield sql("INSERT INTO kept_setting (name, value) VALUES ('gone', '1')")

    found = asyncio.run(play())
    assert found == {
        "role": "cpo",
        "insecure_dev": True,
        "party_id": "ABC",
        "profile_changes": {"modules": ["locations"]},
        "gone": 1,
    }
    settings = read_settings({"database": database_url, "secret_key": "hunter2-hunter2"}, {}, kept=found)
    assert (settings.party, settings.profile.modules) == ("FR*ABC", frozenset({"locations"}))


def opened(**given: object) -> None:
    """The server of these settings, opened and closed."""

    async def play() -> None:
        async with open_server(read_settings({**NEEDED, **given}, {})):
            pass

    asyncio.run(play())


def test_the_key_file_is_for_its_owner_alone_and_made_once(sqlite_url: str) -> None:
    file = Path(sqlite_url.removeprefix("sqlite:///") + ".key")
    opened(database=sqlite_url)
    first = file.read_bytes()
    opened(database=sqlite_url)
    assert file.read_bytes() == first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert {path.name for path in file.parent.iterdir()} == {"server.db", "server.db.key"}


@pytest.mark.parametrize("content", ["", "short", "caf\u00e9 au lait, much longer"])
def test_a_key_file_that_holds_no_key_is_told(sqlite_url: str, content: str) -> None:
    Path(sqlite_url.removeprefix("sqlite:///") + ".key").write_text(content, "utf-8")
    with pytest.raises(SettingsError, match="secret_key: "):
        opened(database=sqlite_url)


def test_every_setting_is_documented() -> None:
    page = (Path(__file__).parents[2] / "docs" / "server.md").read_text("utf-8")
    flags = {flag_of(name) for name in Settings.model_fields} - {
        "--profile-changes",
        "--secret-key",
        "--former-secret-key",
    }
    changes = {name for name in Profile.__dataclass_fields__ if name != "name"}
    assert {flag for flag in flags if f"`{flag}`" not in page} == set()
    assert {name for name in changes if f"`{name}`" not in page} == set()
    assert all(f"`OCPI211_{name}`" in page for name in ("SECRET_KEY", "FORMER_SECRET_KEY", "CONFIG"))
