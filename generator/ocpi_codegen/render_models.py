"""Prints what stands around the classes of datamodel-code-generator: heads, scalar aliases, the front of `models`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocpi_codegen.render import paragraph

if TYPE_CHECKING:
    from jinja2 import Environment

    from ocpi_codegen.ir import Spec


def render(spec: Spec, environment: Environment, texts: dict[str, str]) -> dict[str, str]:
    """Path → text of `models/` and of the package's own `__init__.py`. `texts` is noun → classes."""
    names = {
        "models/scalars.py": "scalars.py.jinja",
        "models/__init__.py": "models_package.py.jinja",
        "__init__.py": "package.py.jinja",
    }
    module_template = environment.get_template("models_module.py.jinja")
    modules = {module.name: module for module in spec.modules}
    rendered = {
        f"models/{name}.py": module_template.render(
            module=modules[name], description=paragraph(modules[name].description, 0), text=text.strip()
        )
        for name, text in texts.items()
    }
    return rendered | {path: environment.get_template(name).render(spec=spec) for path, name in names.items()}
