"""The demonstration: it tells its story to the end, and its exit status says whether that was as expected."""

import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Literal

import pytest

from ocpi211_server.demo import play
from ocpi211_server.demo.play import Demonstration, abridged, main
from ocpi211_server.operating.messages import Message


@pytest.fixture(autouse=True)
def as_a_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["demo"])
    monkeypatch.setattr(play, "configure", lambda **_: None)


def test_every_expectation_holds_and_the_story_can_be_read() -> None:
    command = [sys.executable, "-m", "ocpi211_server.demo"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    told = done.stdout
    assert (done.returncode, done.stderr, "✗" in told) == (0, "", False), told
    assert told.count("✓") >= 14
    # The exchanges name both sides, in whole lines, also those before a partner was registered.
    assert " ? " not in told
    assert "FR*107 → FR*CPO GET   /cpo/versions" in told
    assert "… and 23 more PUT locations FR*CPO → FR*107" in told
    # The table is whole, and shows CDRs as they were received.
    rows = {line.split()[-1]: line for line in told.splitlines() if "ALLOWED" in line or "(none)" in line}
    assert rows.keys() == {"billed", "duplicate", "given", "unmatched"}
    assert "S0001 S0001-BIS" in rows["duplicate"]
    assert "…" not in "".join(rows.values())


@pytest.mark.parametrize("profile", ["plain-2.1.1", "gireve-1.2.2"])
def test_it_holds_with_the_other_profiles_as_well(
    profile: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["demo", profile])
    status = main()
    assert status == 0, capsys.readouterr().out


@asynccontextmanager
async def _nobody(_: str) -> AsyncIterator[tuple[None, None, None]]:
    yield None, None, None


async def _be_disappointed(story: Demonstration) -> None:
    story.expect("the moon is made of cheese", holds=False)


async def _break_off(_: Demonstration) -> None:
    raise TimeoutError("waited in vain: the moon")


@pytest.mark.parametrize("tell", [_be_disappointed, _break_off])
def test_it_fails_if_one_expectation_does(
    tell: Callable[[Demonstration], object], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(play, "_actors", _nobody)
    monkeypatch.setattr(Demonstration, "tell", tell)
    assert main() == 1
    told = capsys.readouterr().out
    assert "the moon" in told
    assert "Every expectation held" not in told


def test_a_profile_that_does_not_exist_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["demo", "gireve-9"])
    assert main() == 1
    assert "there is no profile 'gireve-9'" in capsys.readouterr().out


def message(seq: int, verb: str, module: str, direction: Literal["in", "out"] = "in") -> Message:
    path = f"/ocpi/emsp/2.1.1/{module}/FR/CPO/X{seq}"
    return Message(
        made=seq,
        direction=direction,
        party="FR*CPO",
        module=module,
        operation=f"emsp.{module}.x",
        verb=verb,
        url=path,
        object_id=f"X{seq}",
        authorization_id="",
        request_id="",
        correlation_id="",
        http_status=200,
        status_code=1000,
        microseconds=10,
        seq=seq,
    )


def test_of_many_alike_two_are_shown_and_the_others_counted() -> None:
    given = [message(seq, "PUT", "locations") for seq in range(1, 6)]
    given += [message(6, "PUT", "sessions"), message(7, "PUT", "tokens"), message(8, "PUT", "tokens")]
    given += [message(9, "PUT", "locations", "out"), *(message(seq, "PATCH", "locations") for seq in (10, 11, 12))]
    lines = [line.plain.strip() for line in abridged(given, own="FR*107")]
    assert [line.split()[0] for line in lines] == ["1", "2", "…", *map(str, range(6, 13))]
    assert lines[2] == "… and 3 more PUT locations FR*CPO → FR*107"
