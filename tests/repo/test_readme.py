"""What README and docs show is run: an example that no longer works fails here, on its own line."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
OVERLAY = ROOT / "docs" / "overlay.md"  # shows a package that must be written first
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def blocks(page: Path, language: str) -> list[str]:
    """The blocks in this language, each below as many blank lines as make a traceback name the page's own line."""
    text = page.read_text("utf-8")
    found = re.finditer(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    return ["\n" * text.count("\n", 0, block.start(1)) + block[1] for block in found]


@pytest.mark.parametrize("page", [page for page in PAGES if page != OVERLAY], ids=name)
def test_examples_run(page: Path) -> None:
    """The blocks of a page are one program, read from top to bottom."""
    program: dict[str, object] = {"__name__": "__example__"}
    for block in blocks(page, "python"):
        exec(compile(block, name(page), "exec", dont_inherit=True), program)  # noqa: S102 - our own pages


def test_the_overlay_shown_gives_the_package_shown(tmp_path: Path) -> None:
    (overlay,) = blocks(OVERLAY, "yaml")
    (command,) = blocks(OVERLAY, "shell")
    (use,) = blocks(OVERLAY, "python")
    (tmp_path / "acme.yaml").write_text(overlay, "utf-8")
    _, *arguments = shlex.split(command)
    for run in (arguments, ["-c", use]):
        path = os.pathsep.join([str(ROOT / "generator"), str(tmp_path / "src")])
        done = subprocess.run(
            [sys.executable, *run], cwd=tmp_path, env={"PYTHONPATH": path}, capture_output=True, check=False, text=True
        )
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    dead = [target for target in LINK.findall(page.read_text("utf-8")) if not (page.parent / target).exists()]
    assert dead == []
