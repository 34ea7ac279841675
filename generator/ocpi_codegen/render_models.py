"""Prints what datamodel-code-generator does not: the scalar aliases and the front of `models`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment

    from ocpi_codegen.ir import Spec


def render(spec: Spec, environment: Environment) -> dict[str, str]:
    """Path → text of `models/scalars.py`, `models/__init__.py` and the package's own `__init__.py`."""
    names = {
        "models/scalars.py": "scalars.py.jinja",
        "models/__init__.py": "models_package.py.jinja",
        "__init__.py": "package.py.jinja",
    }
    return {path: environment.get_template(name).render(spec=spec) for path, name in names.items()}
