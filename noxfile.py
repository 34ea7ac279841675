"""What one does with this repository: `nox -l` lists it, `nox` runs what a change needs before it is shown."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Final

import nox

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_existing_virtualenvs = True

PYPROJECT: Final = nox.project.load_toml("pyproject.toml")
EXTRAS: Final = PYPROJECT["project"]["optional-dependencies"]

COUNTERPARTS: Final = {
    "extrawest": ["extrawest-ocpi==2025.7.16", "uvicorn"],
    "fern": ["ocpplab-ocpi-211-sdk==0.0.10"],
}
EVERYTHING: Final = f".[{','.join(sorted(EXTRAS))}]"

ROOMS: Final = os.pathsep.join(["generated", "generator", "reference_server", "conformance"])

# The generator is not in the wheel, and it must run on a checkout whose generated code is missing or broken.
CHECKOUT: Final = {"PYTHONPATH": "generator", "PYTHONDONTWRITEBYTECODE": "1"}


def group(name: str) -> list[str]:
    """The requirements of a dependency group."""
    return list(nox.project.dependency_groups(PYPROJECT, name))


@nox.session(default=False)
def generate(session: nox.Session) -> None:
    """Write generated/ from spec/; with `-- --check`, only show what would change."""
    session.install(*EXTRAS["generate"])
    session.run("python", "-m", "ocpi_codegen", *session.posargs, env=CHECKOUT)


@nox.session
def drift(session: nox.Session) -> None:
    """Prove that generated/ is what spec/ and generator/ write, to the byte."""
    session.install(*EXTRAS["generate"])
    session.run("python", "-m", "ocpi_codegen", "--check", env=CHECKOUT)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, format, spelling, YAML and the direction of imports."""
    session.install(*group("lint"))
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("codespell")
    session.run("yamllint", "--strict", "spec")
    session.run("lint-imports", "--no-cache", env={"PYTHONPATH": ROOMS}, silent=True)


@nox.session
def types(session: nox.Session) -> None:
    """Check types with mypy and pyright, strict over everything."""
    session.install("-e", EVERYTHING, *group("test"), *group("types"), *group("bench"))
    session.run("mypy")
    session.run("pyright", "--pythonpath", str(Path(session.bin, "python")))


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests; what follows `--` goes to pytest."""
    session.install("-e", EVERYTHING, *group("test"))
    # On all cores; a test by its name is found sooner by one process.
    spread = [] if any("::" in argument for argument in session.posargs) else ["--numprocesses=auto"]
    session.run("python", "-m", "pytest", *spread, *session.posargs)


@nox.session(default=False)
def demo(session: nox.Session) -> None:
    """Play two charges through a hub, as three processes on this machine; `-- gireve-1.2.2` for another profile."""
    session.install("-e", ".[reference,generate]")
    session.run("python", "-m", "ocpi_codegen", env=CHECKOUT)
    session.run("python", "-m", "ocpi211_server.demo", *session.posargs)


@nox.session(default=False)
def conformance(session: nox.Session) -> None:
    """Check a deployment: `-- URL TOKEN --role cpo`, or what else `ocpi211-check` takes."""
    session.install("-e", ".[check]")
    command, *rest = session.posargs or ["--help"]
    environment: dict[str, str | None] = {}
    if command.startswith("http"):
        if rest and not rest[0].startswith("-"):
            environment["OCPI_TOKEN"] = rest.pop(0)  # where neither a log nor a list of processes shows it
        command, rest = "run", [command, *rest]
    session.run("ocpi211-check", command, *rest, env=environment)


@nox.session(default=False)
def interop(session: nox.Session) -> None:
    """Meet released packages of others, each in an environment of its own."""
    session.install("-e", EVERYTHING, *group("test"))
    folder = Path(session.create_tmp()).absolute()
    for name, requirements in COUNTERPARTS.items():
        session.run("python", "-m", "venv", "--clear", str(folder / name))
        python = str(folder / name / ("Scripts" if os.name == "nt" else "bin") / "python")
        session.run(python, "-m", "pip", "install", "--quiet", *requirements, external=True)
    session.run("python", "-m", "pytest", "tests/interop", *session.posargs, env={"OCPI211_INTEROP": str(folder)})


@nox.session(default=False)
def package(session: nox.Session) -> None:
    """Build sdist and wheel, and import the models in an environment with nothing but the base dependency."""
    session.install(*group("package"))
    scratch = Path(session.create_tmp()).absolute()
    dist = scratch / "dist"
    shutil.rmtree(dist, ignore_errors=True)
    session.run("python", "-m", "build", "--outdir", str(dist))
    empty = scratch / "empty"
    session.run("python", "-m", "venv", "--clear", str(empty))
    python = str(empty / ("Scripts" if os.name == "nt" else "bin") / "python")
    session.run(python, "-m", "pip", "install", "--quiet", *map(str, dist.glob("*.whl")), external=True)
    # Isolated, so that it is the wheel that is imported and never this checkout.
    session.run(python, "-I", "tests/repo/bare_install.py", "wheel", external=True)


@nox.session(default=False)
def bench(session: nox.Session) -> None:
    """Measure, as ratios, and write benchmarks/RESULTS.md; `-- serving hub` for some parts."""
    session.install("-e", EVERYTHING, *group("bench"))
    session.run("python", "-m", "benchmarks", *session.posargs)


@nox.session(default=False)
def costs(session: nox.Session) -> None:
    """Count instructions and hold them against benchmarks/costs.toml; `-- --write` writes that file."""
    session.install("-e", EVERYTHING, *group("bench"))
    session.run("python", "-m", "benchmarks.costs", *session.posargs)
