"""What README and docs show is run: an example that no longer works fails here, on its own line."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_examples_run(page: Path) -> None:
    """The blocks of a page are one program, read from top to bottom."""
    text = page.read_text("utf-8")
    program: dict[str, object] = {"__name__": "__example__"}
    for block in BLOCK.finditer(text):
        # Blank lines in front make a traceback name the page's own line.
        above = text.count("\n", 0, block.start(1))
        exec(compile("\n" * above + block[1], name(page), "exec"), program)  # noqa: S102 - our own pages


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    dead = [target for target in LINK.findall(page.read_text("utf-8")) if not (page.parent / target).exists()]
    assert dead == []
