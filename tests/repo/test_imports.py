"""What an import loads: nobody pays for a room they did not enter."""

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PATH = f"{ROOT / 'generated'}:{ROOT / 'generator'}"

UNWANTED = {
    "ocpi211": {"httpx", "httpx2", "hypothesis", "orjson", "pydantic", "starlette"},
    "ocpi211.models": {"httpx", "httpx2", "hypothesis", "orjson", "starlette"},
    "ocpi211.operations": {"httpx", "httpx2", "hypothesis", "orjson", "starlette"},
    "ocpi211.routes": {"httpx", "httpx2", "hypothesis"},
    "ocpi211.client": {"hypothesis", "starlette"},
    "ocpi211.strategies": {"httpx", "httpx2", "starlette"},
    "ocpi211_runtime.asgi": {"httpx", "httpx2", "starlette"},
}


def run(*arguments: str) -> str:
    """Standard output of a new interpreter that knows this checkout."""
    done = subprocess.run(
        [sys.executable, *arguments], capture_output=True, check=False, text=True, env={"PYTHONPATH": PATH}
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("module", UNWANTED)
def test_an_import_loads_only_what_it_needs(module: str) -> None:
    loaded = run("-c", f"import sys, {module}; print(*sys.modules)").split()
    assert not UNWANTED[module] & set(loaded)


def test_using_the_models_loads_only_what_they_need() -> None:
    assert "nothing else loaded" in run(str(HERE / "bare_install.py"))
