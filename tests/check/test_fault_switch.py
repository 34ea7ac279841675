"""A server that is wrong on purpose: the check sees it, and an installed one refuses to be."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from ocpi211_faults import FAULTS
from ocpi211_faults.fault import answer, envelope, with_envelope
from ocpi211_faults.making import instead
from ocpi211_runtime.exchange import Request, Response
from ocpi211_server.registration.invitations import Invitations
from ocpi211_server.serving.fault_switch import faults_named
from ocpi211_server.serving.given_settings import read_settings
from ocpi211_server.settings import Settings, SettingsError
from tests.check.matrix import database
from tests.check.test_command_line import command_line
from tests.server.processes import started
from tests.server.stage import actor

ROOMS = {"PYTHONPATH": os.pathsep.join(sys.path)}


def settings(**given: Any) -> Settings:
    return Settings.model_validate({"role": "cpo", "insecure_dev": True, **given})


async def _invitation(url: str) -> str:
    async with actor(url, "cpo") as prepared:
        site = prepared.server.site
        return await Invitations(site.partners, site.egress).invite("emsp", "FR", "TST", trust_first=True)


def test_the_check_finds_what_a_real_server_is_made_to_do_wrong(tmp_path: Path) -> None:
    wrong = ("--fault", "no timestamp", "--fault", "CRED-POST-02")

    async def go() -> tuple[int, str, list[str]]:
        url = database(tmp_path)
        token = await _invitation(url)
        async with started(*wrong, role="cpo", database=url, environment=ROOMS) as server:
            asked = ("run", f"{server.url}/cpo/versions", "--role", "cpo", "--party", "FR*TST", "--handshake")
            code, told = await command_line(*asked, "--json", "r.json", folder=tmp_path, token=token)
            return code, told, server.lines

    code, told, lines = asyncio.run(go())
    assert code == 1, told
    findings = json.loads((tmp_path / "r.json").read_text("utf-8"))["findings"]
    failed = {found["id"] for found in findings if found["verdict"] == "fail"}
    assert {"TF-ENV-03", "CRED-POST-02"} <= failed
    assert "TF-ENV-03" in told
    assert any("WRONG ON PURPOSE" in line and "warning" in line for line in lines)


def test_a_server_without_the_faults_refuses_to_be_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """As every installed one: `nox -s package` proves that no wheel has them."""
    monkeypatch.setitem(sys.modules, "ocpi211_faults", None)
    with pytest.raises(SettingsError, match="this server has no faults to switch on"):
        faults_named(["no timestamp"], settings())


def test_no_variable_and_no_file_switches_a_fault_on(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('fault = "no timestamp"\n', encoding="utf-8")
    given = {"role": "cpo", "insecure_dev": True}
    for variables, named in (({}, file), ({"OCPI211_FAULT": "no timestamp"}, None)):
        with pytest.raises(SettingsError, match="fault: there is no such setting"):
            read_settings(given, variables, named)


@pytest.mark.parametrize(
    ("name", "given", "told"),
    [
        ("no timestmp", {}, "no fault 'no timestmp', unless 'no timestamp'"),
        ("TOK-EMSP-01", {}, "is a fault of emsp"),
        ("GIR-LOC-01", {}, "under gireve-1.2.2"),
        ("no timestamp", {"workers": 2, "database": "postgresql://x@localhost/x"}, "with --workers 1"),
    ],
)
def test_a_fault_that_cannot_be_switched_on_is_told(name: str, given: dict[str, Any], told: str) -> None:
    with pytest.raises(SettingsError, match="--fault") as raised:
        faults_named([name], settings(**given))
    assert told in str(raised.value)


def test_an_answer_made_when_the_server_began_tells_the_time_all_the_same() -> None:
    made = answer({}, 404, 2001)
    old = with_envelope(made, {**envelope(made), "timestamp": "2020-01-01T00:00:00Z"})

    async def nobody(_: Request) -> Response:
        raise AssertionError

    async def go() -> Response:
        return await instead(lambda _: True, old)(Request("GET", "https://target.example/"), nobody)

    given = asyncio.run(go())
    assert given.status == 404
    assert envelope(given)["timestamp"] > "2024"


def test_every_fault_has_a_name_of_its_own() -> None:
    names = [fault.name for fault in FAULTS]
    assert len(names) == len({*names})
    assert not {*names} & {id_ for fault in FAULTS for id_ in fault.breaks}
