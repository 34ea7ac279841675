"""What can be imported is listed in `__all__`, exists, and says what it is for."""

import dataclasses
import inspect
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from types import FunctionType, ModuleType

import pytest

import ocpi211
import ocpi211_runtime


def modules() -> Iterator[str]:
    """Every module that can be imported by whoever installed the package."""
    for package in (ocpi211, ocpi211_runtime):
        yield package.__name__
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            yield found.name


def own_names(module: ModuleType) -> Iterator[str]:
    """Classes and functions without an underscore that this very module defines."""
    for name, value in vars(module).items():
        if isinstance(value, type | FunctionType) and value.__module__ == module.__name__ and not name.startswith("_"):
            yield name


def words(value: type | FunctionType) -> str:
    """The docstring somebody wrote, not one that a base class or a decorator lends."""
    text = vars(value).get("__doc__") or "" if isinstance(value, type) else value.__doc__ or ""
    # A dataclass without a docstring is given its signature for one.
    lent = isinstance(value, type) and dataclasses.is_dataclass(value) and text.startswith(f"{value.__name__}(")
    return "" if lent else text


@pytest.mark.parametrize("name", [*modules()])
def test_a_module_lists_what_it_offers(name: str) -> None:
    module = import_module(name)
    listed = set(getattr(module, "__all__", ()))
    assert {public for public in own_names(module) if public not in listed} == set()
    assert {public for public in listed if not hasattr(module, public)} == set()


@pytest.mark.parametrize("name", [*modules()])
def test_what_a_module_offers_says_what_it_is_for(name: str) -> None:
    module = import_module(name)
    assert (module.__doc__ or "").strip(), f"{name} has no docstring"
    for public in getattr(module, "__all__", ()):
        value = getattr(module, public)
        if isinstance(value, type | FunctionType):
            assert words(value).strip(), f"{name}.{public} has no docstring"


@pytest.mark.parametrize("room", ["models", "client", "routes", "strategies"])
def test_a_room_offers_all_its_modules_offer(room: str) -> None:
    package = import_module(f"ocpi211.{room}")
    for found in pkgutil.iter_modules(package.__path__):
        module = import_module(f"ocpi211.{room}.{found.name}")
        missing = [name for name in module.__all__ if getattr(package, name, None) is not getattr(module, name)]
        assert found.name == "scalars" or not missing


def test_public_methods_say_what_they_do() -> None:
    for name in modules():
        module = import_module(name)
        for public in own_names(module):
            owner = getattr(module, public)
            for method, value in vars(owner).items() if isinstance(owner, type) else ():
                if isinstance(value, FunctionType) and not method.startswith("_"):
                    assert inspect.getdoc(value) or inspect.getdoc(getattr(owner, method)), f"{name}.{public}.{method}"
