"""Instructions, counted by valgrind's callgrind: they repeat within one or two per cent where times do not.

The program that is counted runs twenty times slower, and so is not counted before it says so. From then on each `mark`
ends a stretch, and `counts` tells how many instructions of the process, all its threads, each stretch took.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

__all__ = ["begin", "command", "counts", "mark", "missing"]

_MARK: Final = "getloadavg"
"""A function of libc that nobody calls by chance; callgrind writes down what it counted when it is entered."""


def missing() -> str:
    """Why nothing can be counted here; empty if it can."""
    lacking = [name for name in ("valgrind", "vgdb") if shutil.which(name) is None]
    return f"{' and '.join(lacking)} not found" if lacking else ""


def command(folder: Path, arguments: Sequence[str]) -> list[str]:
    """Python with these arguments under callgrind, not yet counting."""
    return [
        "valgrind",
        "--quiet",
        "--tool=callgrind",
        "--instr-atstart=no",
        f"--dump-before={_MARK}",
        f"--callgrind-out-file={folder}/counted",
        f"--vgdb-prefix={folder}/vgdb",
        sys.executable,
        *arguments,
    ]


def begin(folder: Path) -> None:
    """Count from here on. To be called in the process that is counted."""
    told = ["vgdb", f"--pid={os.getpid()}", f"--vgdb-prefix={folder}/vgdb", "instrumentation", "on"]
    with subprocess.Popen(told, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None:  # valgrind hears it only from one who runs
            time.sleep(0.001)
    mark()


def mark() -> None:
    """End a stretch, and begin the next."""
    os.getloadavg()


def counts(folder: Path) -> list[int]:
    """The instructions of each stretch between two marks, in their order."""
    found = {}
    for path in folder.glob("counted.*"):
        total = re.search(r"^totals: (\d+)", path.read_text("utf-8", "replace"), re.MULTILINE)
        if path.suffix[1:].isdigit() and total:
            found[int(path.suffix[1:])] = int(total[1])
    return [found[number] for number in sorted(found)][1:]
