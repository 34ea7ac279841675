"""Run all, or the parts that are named, and write RESULTS.md.

nox -s bench
nox -s bench -- serving growth
"""

from __future__ import annotations

import importlib
import sys
import time

from benchmarks.report import write

PARTS = (
    "models",
    "imports",
    "peers",
    "serving",
    "growth",
    "writes",
    "crawl",
    "pulling",
    "fanout",
    "workers",
    "generation",
)


def main() -> None:
    """Each part writes its section when it is done; one that fails leaves what it said before."""
    chosen = sys.argv[1:] or PARTS
    modules = {name: importlib.import_module(f"benchmarks.{name}") for name in PARTS}
    order = [module.TITLE for module in modules.values()]
    for name in chosen:
        began = time.monotonic()
        text = modules[name].report()
        write(modules[name].TITLE, text, order)
        sys.stdout.write(f"{text}\n\n{name}: {time.monotonic() - began:.0f} s\n\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
