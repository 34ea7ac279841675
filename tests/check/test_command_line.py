"""The command line as a user has it: exit codes, files, nothing secret on the screen."""

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest

from ocpi211_check import samples
from ocpi211_check.catalogue import Role
from tests.check.matrix import database
from tests.check.targets import served

NOW = "2024-05-06T07:08:09Z"
Ran = tuple[int, str]


async def command_line(*arguments: str, folder: Path, token: str = "") -> Ran:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "OCPI_TOKEN": token, "COLUMNS": "200"}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "ocpi211_check", *arguments),
        env=environment,
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    told, _ = await process.communicate()
    return process.returncode or 0, told.decode()


def command(*arguments: str, folder: Path, token: str = "") -> Ran:
    return asyncio.run(command_line(*arguments, folder=folder, token=token))


@pytest.mark.parametrize("role", ["cpo", "emsp"])
def test_a_whole_run_over_http_passes_and_writes_its_reports(role: Role, tmp_path: Path) -> None:
    async def go() -> tuple[int, str, str]:
        async with served(role, "gireve-1.2.2", database(tmp_path)) as found:
            token = await found.invite()
            code, told = await command_line(
                *("run", found.versions_url, "--role", role, "--profile", "gireve-1.2.2", "--party", "FR*TST"),
                *("--handshake", "--commands", "--seed", "5", "--json", "r.json", "--junit", "r.xml"),
                *("--html", "r.html", "--badge", "r.svg"),
                folder=tmp_path,
                token=token,
            )
            return code, told, token

    code, told, token = asyncio.run(go())
    assert code == 0, told
    assert token not in told
    report = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert (report["counts"]["fail"], report["errors"], report["seed"]) == (0, [], 5)
    assert report["counts"]["pass"] > 150
    assert not [path.name for path in tmp_path.iterdir() if path.suffix == ".journal"]
    assert {"r.xml", "r.html", "r.svg"} <= {path.name for path in tmp_path.iterdir()}


def test_a_target_that_is_not_there_is_exit_code_2(tmp_path: Path) -> None:
    code, told = command("run", "http://127.0.0.1:9/versions", "--role", "cpo", folder=tmp_path, token="x" * 30)
    assert code == 2
    assert "cannot run" in told


def test_settings_that_do_not_go_together_are_exit_code_2(tmp_path: Path) -> None:
    code, told = command(
        "run", "http://127.0.0.1:9/versions", "--role", "cpo", "--write", folder=tmp_path, token="x" * 30
    )
    assert code == 2
    assert "needs the party" in told


def test_a_dry_run_needs_no_target(tmp_path: Path) -> None:
    code, told = command(
        *("run", "https://t.example/versions", "--role", "emsp", "--party", "FR*TST", "--write", "--dry-run"),
        folder=tmp_path,
        token="x" * 30,
    )
    assert code == 0, told
    assert "PUT    https://t.example/2.1.1/tariffs/FR/TST/OCPI-CHECK-" in told
    assert "x" * 30 not in told


def test_lint_and_the_gate_say_yes_and_no(tmp_path: Path) -> None:
    good = samples.location("LOC1", NOW, "FR*ABC")
    (tmp_path / "good.json").write_text(json.dumps([good]), encoding="utf-8")
    (tmp_path / "bad.json").write_text(json.dumps([{**good, "city": 7}]), encoding="utf-8")
    assert command("lint", "good.json", folder=tmp_path)[0] == 0
    code, told = command("lint", "bad.json", folder=tmp_path)
    assert (code, "LOC-CPO-01" in told) == (1, True)
    assert command("locations", "good.json", "--party", "FR*ABC", folder=tmp_path)[0] == 0
    assert command("locations", "bad.json", folder=tmp_path)[0] == 1
    assert command("locations", "nowhere.json", folder=tmp_path)[0] == 2


def test_the_requirements_of_a_role_are_listed(tmp_path: Path) -> None:
    code, told = command("requirements", "--role", "emsp", folder=tmp_path)
    assert code == 0
    assert "TOK-EMSP-01" in told
    assert "TOK-CPO-01" not in told
