"""What importing all models costs, beyond what importing pydantic costs by itself.

Pydantic loads its parts when they are first named, so its import is that of `BaseModel`, `ConfigDict`, `Field`,
`TypeAdapter` and `ValidationError`; what pydantic loads only when a class is made counts as ours.
Each import in a fresh interpreter, in turn, its CPU time by its own clock; modules are compiled beforehand. And what
`nox -s generate` takes, which writes all code from the specification: its processes by the clock.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.report import Row, section, table

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
        environment = os.environ | {"PYTHONPATH": str(_ROOT / "generator"), "PYTHONDONTWRITEBYTECODE": "1"}
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
    return section(__doc__, table("what", "", rows))
