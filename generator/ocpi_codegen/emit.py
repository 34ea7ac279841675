"""The whole way, from the spec to a staged package: read, lower, print, format."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ocpi_codegen import render_client, render_models, render_routes, render_strategies
from ocpi_codegen.lower import lower
from ocpi_codegen.models import model_texts
from ocpi_codegen.openapi import role_documents
from ocpi_codegen.openapi_reading import read_examples
from ocpi_codegen.publish import MARK
from ocpi_codegen.read import read_spec
from ocpi_codegen.render import LINE_LENGTH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocpi_codegen.ir import Spec

HERE = Path(__file__).resolve().parent
TEMPLATES = HERE / "templates"


class FormatterFailed(Exception):
    """ruff refused what was written: a fault of the generator, not of the spec."""


def stage(folder: Path, overlays: Sequence[Path], package: str, work: Path) -> tuple[Spec, Path]:
    """Writes the package into `work/<package>`. Raises SpecErrors before anything is written."""
    bundle = read_spec(folder, overlays)
    spec = lower(bundle, package)
    out = work / package
    texts = role_documents(bundle, read_examples(folder.parent / "examples")) | {"py.typed": ""}
    texts |= _render(spec, model_texts(spec, work / "scratch", TEMPLATES))
    for name, text in texts.items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    _format(out, package)
    return spec, out


def header(spec: Spec) -> str:
    """The head of every Python file: what it came from and how to write it again."""
    sources = ", ".join(("OCPI 2.1.1", *spec.overlays))
    return f"# Written by {MARK} from the spec ({sources}). Change the spec, not this file; then: nox -s generate"


def _render(spec: Spec, models: dict[str, str]) -> dict[str, str]:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - Python, not HTML
    )
    texts = render_models.render(spec, environment, models)
    for room in (render_client, render_routes, render_strategies):
        texts |= room.render(spec, environment)
    return {name: f"{header(spec)}\n\n{text}" for name, text in texts.items()}


def _format(out: Path, package: str) -> None:
    # --isolated: the configuration of whatever folder this runs in must not change a byte.
    known = f"lint.isort.known-first-party=['{package}', 'ocpi211_runtime']"
    sort = (
        "check",
        "--isolated",
        "--no-cache",
        "--quiet",
        "--fix",
        "--select",
        "I,F401,RUF022,UP037",
        "--config",
        known,
    )
    layout = ("format", "--isolated", "--no-cache", "--quiet")
    for command in (sort, layout):
        options = ("--line-length", str(LINE_LENGTH), "--target-version", "py311")
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, *options, str(out)], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise FormatterFailed(f"ruff {command[0]}: {done.stdout}{done.stderr}")
