"""What importing all models costs, beyond what importing pydantic costs by itself.

Pydantic loads its parts when they are first named, so its import is that of `BaseModel`, `ConfigDict`, `Field`,
`TypeAdapter` and `ValidationError`; what pydantic loads only when a class is made counts as ours.

Each import in a fresh interpreter, in turn, its CPU time by its own clock; modules are compiled beforehand. And what
`nox -s generate` takes, which writes all code from the specification: by the clock, and by CPU for the first so many
modules of the specification alone, as multiples of the first two.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.plot import plot
from benchmarks.report import RESULTS, Row, section, table

__all__ = ["TITLE", "report"]

TITLE = "Import and generation"
ROUNDS, GENERATIONS = 15, 3
_CODE = """
import sys, time
began = time.process_time()
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
middle = time.process_time()
import ocpi211.models
print(middle - began, time.process_time() - middle)
"""
_ROOT = Path(__file__).parents[1]
_SPEC = _ROOT / "spec" / "ocpi-2.1.1"
_MODULES = ("common", "versions", "locations", "credentials", "tokens", "tariffs", "cdrs", "sessions", "commands")
_GENERATE = """
import sys, tempfile
from pathlib import Path
from ocpi_codegen.emit import stage
with tempfile.TemporaryDirectory() as work:
    stage(Path(sys.argv[1]), (), "acme", Path(work))
"""


def report() -> str:
    """Both ratios."""
    parts = []
    for _ in range(ROUNDS + 1):
        ran = subprocess.run([sys.executable, "-c", _CODE], check=True, capture_output=True, text=True)
        pydantic, models = map(float, ran.stdout.split())
        parts.append(models / pydantic)
    took = []
    for _ in range(GENERATIONS):
        began = time.monotonic()
        environment = _environment()
        subprocess.run(
            [sys.executable, "-m", "ocpi_codegen", "--check"],
            check=True,
            cwd=_ROOT,
            env=environment,
            capture_output=True,
        )
        took.append(time.monotonic() - began)
    rows = [
        Row("import of all models, beyond pydantic's, of pydantic's", parts[1:], 0.5),
        Row("generate, seconds", took, 3, note="the one figure here that is no ratio, as its goal is none"),
    ]
    curve = _generations()
    plot(
        RESULTS.parent / "plots" / "generation.svg",
        "Generation against the modules of the specification",
        ("modules", "CPU, of that for two"),
        {"generate": curve},
    )
    return section(__doc__, table("what", "", rows), "![generation](plots/generation.svg)")


def _environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(_ROOT / "generator")}


def _generations() -> list[tuple[float, float]]:
    """By number of modules: CPU of a run, with the processes it starts."""
    found: list[tuple[float, float]] = []
    for count in range(2, len(_MODULES) + 1):
        with TemporaryDirectory() as folder:
            for name in _MODULES[:count]:
                shutil.copy(_SPEC / f"{name}.yaml", folder)
            before = _children()
            subprocess.run([sys.executable, "-c", _GENERATE, folder], check=True, env=_environment())
            found.append((count, _children() - before))
    return [(count, spent / found[0][1]) for count, spent in found]


def _children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
