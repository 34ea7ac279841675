"""`python -m ocpi_codegen`: writes `generated/ocpi211`, or a package of your own with your partner's overlay."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from ocpi_codegen.emit import stage
from ocpi_codegen.errors import SpecErrors
from ocpi_codegen.publish import Changes, NotOurs, compare, replace, unified_diff

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocpi_codegen.ir import Spec

ROOT = Path(__file__).resolve().parents[2]
SPEC = ROOT / "spec" / "ocpi-2.1.1"
GIREVE = ROOT / "spec" / "gireve" / "overlay.yaml"


def main(arguments: Sequence[str] | None = None) -> int:
    """0: written, or nothing differs; 1: `--check` found a difference; 2: the spec or the call is wrong."""
    options = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory() as work:
        try:
            spec, new = stage(SPEC, (GIREVE, *options.overlay), options.package, Path(work))
            target = options.out / options.package
            changes = compare(new, target)
            if options.check:
                sys.stdout.write(unified_diff(new, target, changes))
            elif changes.any:
                replace(new, target)
        except (SpecErrors, NotOurs) as error:
            sys.stderr.write(f"{error}\n")
            return 2
    sys.stdout.write(_report(spec, changes, checked=options.check))
    return int(options.check and changes.any)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ocpi_codegen", description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="print the difference, write nothing, exit 1 if there is one"
    )
    parser.add_argument(
        "--overlay",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="an OpenAPI Overlay on top of GIREVE's; may be repeated",
    )
    parser.add_argument(
        "--package", default="ocpi211", type=_package, metavar="NAME", help="name of the package written"
    )
    parser.add_argument(
        "--out", type=Path, default=ROOT / "generated", metavar="DIR", help="folder to write the package into"
    )
    return parser


def _package(name: str) -> str:
    if not name.isidentifier() or name.startswith("ocpi211_"):
        raise argparse.ArgumentTypeError(f"{name!r} is no name for a package of yours")
    return name


def _report(spec: Spec, changes: Changes, *, checked: bool) -> str:
    objects = sum(len(module.objects) for module in spec.modules)
    enums = sum(len(module.enums) for module in spec.modules)
    operations = sum(len(module.operations) for module in spec.modules)
    lines = [
        f"{spec.package}: OCPI 2.1.1 + {', '.join(spec.overlays)}",
        f"  {len(spec.modules)} modules, {objects} models, {enums} enums, {operations} operations",
    ]
    verb = "would change" if checked else "changed"
    counts = ((changes.added, "added"), (changes.changed, verb), (changes.removed, "removed"))
    lines += [f"  {len(names)} files {what}: {', '.join(names)}" for names, what in counts if names]
    return "\n".join(lines if changes.any else [*lines, "  no file changed"]) + "\n"


if __name__ == "__main__":
    sys.exit(main())
