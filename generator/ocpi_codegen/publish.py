"""The last step: compare what was written with what is there, and replace it as a whole or not at all."""

from __future__ import annotations

import difflib
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

MARK = "ocpi_codegen"  # stands in the head of every file written; see `header`
CACHES = frozenset({"__pycache__", ".mypy_cache", ".ruff_cache"})


class NotOurs(Exception):
    """The target folder holds files that the generator did not write: it will not delete them."""


@dataclass(frozen=True, slots=True)
class Changes:
    """How the package on disk differs from the one just written, as paths relative to the package."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]

    @property
    def any(self) -> bool:
        """Whether there is a difference at all."""
        return bool(self.added or self.changed or self.removed)


def compare(new: Path, old: Path) -> Changes:
    """What publishing `new` in place of `old` would change."""
    ours, theirs = _files(new), _files(old)
    changed = tuple(name for name in sorted(ours & theirs) if (new / name).read_bytes() != (old / name).read_bytes())
    return Changes(tuple(sorted(ours - theirs)), changed, tuple(sorted(theirs - ours)))


def unified_diff(new: Path, old: Path, changes: Changes) -> str:
    """The difference as `diff -u` prints it."""
    lines: list[str] = []
    for name in sorted((*changes.added, *changes.changed, *changes.removed)):
        before, after = _lines(old / name), _lines(new / name)
        lines += difflib.unified_diff(before, after, f"a/{name}", f"b/{name}")
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)


def replace(new: Path, target: Path) -> None:
    """Puts the folder `new` where `target` is. At no moment is a half-written package there."""
    foreign = [name for name in sorted(_files(target)) if not _is_ours(target / name)]
    if foreign:
        raise NotOurs(f"{target} holds files that were not generated: {', '.join(foreign[:5])}; choose another --out")
    target.parent.mkdir(parents=True, exist_ok=True)
    # A sibling of the target: a rename within one file system is atomic.
    aside = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        shutil.copytree(new, aside / "new")
        if target.exists():
            target.rename(aside / "old")
        (aside / "new").rename(target)
    except OSError:
        if (aside / "old").exists() and not target.exists():
            (aside / "old").rename(target)
        raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _files(folder: Path) -> set[str]:
    found = (path for path in folder.rglob("*") if path.is_file() and CACHES.isdisjoint(path.parts))
    return {path.relative_to(folder).as_posix() for path in found}


def _is_ours(path: Path) -> bool:
    if path.suffix == ".py":
        return MARK in path.read_text(encoding="utf-8", errors="replace")[:400]
    return path.name == "py.typed" or (path.suffix == ".json" and path.parent.name == "openapi")


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines(keepends=True) if path.exists() else []
