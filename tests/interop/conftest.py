"""Released packages of others as counterparts, each in an environment of its own.

`nox -s interop` makes the environments and names their folder in `OCPI211_INTEROP`; without it nothing here runs.
"""

import json
import os
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
ENVIRONMENTS = os.environ.get("OCPI211_INTEROP", "")

collect_ignore_glob = [] if ENVIRONMENTS else ["test_*.py"]

Call = tuple[str, str, Mapping[str, Any]]
Calls = Callable[[str, str, Sequence[Call]], list[dict[str, Any]]]


def python(name: str) -> str:
    """The interpreter that has this package."""
    return str(Path(ENVIRONMENTS) / name / ("Scripts" if os.name == "nt" else "bin") / "python")


@pytest.fixture
def fern() -> Calls:
    """Has the Fern-made SDK do calls to a base URL with a key; gives what came of each."""

    def call(base_url: str, api_key: str, calls: Sequence[Call]) -> list[dict[str, Any]]:
        given = json.dumps({"base_url": base_url, "api_key": api_key, "calls": calls})
        done = subprocess.run(
            [python("fern"), "-I", HERE / "fern_client.py"], input=given, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        told: list[dict[str, Any]] = json.loads(done.stdout)
        return told

    return call


@pytest.fixture
def extrawest() -> Callable[..., Any]:
    """Starts a party of a role on `extrawest-ocpi`, for the length of a block; gives its URL and a token for us."""

    @contextmanager
    def party(role: str, *, token: str = "interopTokenA123", **given: Any) -> Iterator[tuple[str, str]]:  # noqa: S107
        modules = ["credentials", "locations", "sessions", "cdrs", "tariffs", "tokens", "commands"]
        argument = json.dumps({"role": role, "token": token, "modules": modules, **given})
        running = subprocess.Popen(
            [python("extrawest"), "-I", HERE / "extrawest_server.py", argument],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        with running:
            assert running.stdout is not None
            assert running.stdin is not None
            try:
                line = running.stdout.readline()
                assert line, "it did not start"
                yield json.loads(line)["url"], token
            finally:
                running.stdin.close()
                running.wait(20)

    return party


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """URL of a database file that is not there yet."""
    return f"sqlite:///{tmp_path / 'server.db'}"
