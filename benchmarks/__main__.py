"""Run all, or the parts that are named, and write RESULTS.md: `nox -s bench`, `nox -s bench -- serving growth`."""

from __future__ import annotations

import importlib
import os
import sys
import time

from benchmarks.report import write

PARTS = (
    "models",
    "imports",
    "peers",
    "peer_servers",
    "serving",
    "growth",
    "writes",
    "crawl",
    "pulling",
    "hub",
    "deliveries",
    "workers",
)


def main() -> None:
    """Each part writes its section when it is done; one that fails leaves what it said before."""
    chosen = sys.argv[1:] or PARTS
    modules = {name: importlib.import_module(f"benchmarks.{name}") for name in PARTS}
    order = [module.TITLE for module in modules.values()]
    for name in chosen:
        began, before = time.monotonic(), os.getloadavg()[0]
        text = modules[name].report()
        text += f"\n\n{time.monotonic() - began:.0f} s; load of the machine before {before:.1f}."
        write(modules[name].TITLE, text, order)
        sys.stdout.write(f"{text}\n\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
