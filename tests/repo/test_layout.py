"""One noun, one file name, in every room; files and functions one can read in a sitting."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOUNS = {"versions", "credentials", "locations", "sessions", "cdrs", "tariffs", "tokens", "commands"}
ROOMS = [
    "spec/ocpi-2.1.1",
    "spec/requirements",
    "spec/examples",
    "generated/ocpi211/models",
    "generated/ocpi211/client",
    "generated/ocpi211/routes",
    "generated/ocpi211/strategies",
]
HAND_WRITTEN = ["generator", "reference_server", "conformance", "tests", "benchmarks"]
TELL_NOTHING = {"utils", "helpers", "common", "core", "base", "manager"}
TWINS = ["models", "strategies"]  # of the one `common` there is: what all modules of the text share

MOST_LINES = 300
MOST_LINES_OF_A_FUNCTION = 50
LONGER: dict[str, str] = {}  # path → why this file may be longer

TEXTS = {".jinja", ".jinja2", ".json", ".md", ".py", ".toml", ".yaml"}
LEFTOVERS = re.compile(r"\b(?:T[O]DO|F[I]XME)\b|(?<![\w.~*])/(?:root|home|Users|work|tmp)/\w")


def sources() -> Iterator[Path]:
    """The Python that people write."""
    yield ROOT / "noxfile.py"
    for room in HAND_WRITTEN:
        yield from (ROOT / room).rglob("*.py")


def committed() -> Iterator[Path]:
    """Every text of the repository, whatever else lies around in its folder."""
    yield ROOT / ".ci" / "run"
    yield from (path for path in ROOT.iterdir() if path.suffix in TEXTS)
    for room in ["deploy", "docs", "generated", "spec", *HAND_WRITTEN]:
        yield from (path for path in (ROOT / room).rglob("*") if path.suffix in TEXTS)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("room", ROOMS)
def test_a_noun_is_found_in_every_room(room: str) -> None:
    assert {path.stem for path in (ROOT / room).iterdir()} >= NOUNS


def test_a_file_is_named_after_its_concept() -> None:
    vague = {name(path) for path in committed() if path.stem in TELL_NOTHING}
    assert vague == {"spec/ocpi-2.1.1/common.yaml", *(f"generated/ocpi211/{room}/common.py" for room in TWINS)}


def test_a_file_is_short_or_says_why_not() -> None:
    long = {name(path) for path in sources() if len(path.read_text("utf-8").splitlines()) > MOST_LINES}
    assert long == set(LONGER)


def test_a_function_is_short() -> None:
    long = [
        f"{name(path)}:{node.lineno} {node.name}"
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= MOST_LINES_OF_A_FUNCTION
    ]
    assert long == []


def test_nothing_is_left_over_from_the_workshop() -> None:
    found = [
        f"{name(path)}:{number}: {line.strip()}"
        for path in committed()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if LEFTOVERS.search(line)
    ]
    assert found == []
