"""Faults on purpose, from the command line alone, so that `ocpi211-check` can be seen to find them.

The faults are a package of the checkout, which no wheel has: there is nothing to switch on in an installed server.
"""

from __future__ import annotations

import importlib
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, Protocol

from ocpi211_server.settings import Settings, SettingsError

if TYPE_CHECKING:
    from ocpi211_server.app import App
    from ocpi211_server.egress import Egress

__all__ = ["Spoils", "faults_named", "list_of_faults"]

_log = logging.getLogger("ocpi211.serve")

_PACKAGE: Final = "ocpi211_faults"


class Spoils(Protocol):
    """Faults, and where they stand."""

    def before(self, app: App, base_url: str) -> App:
        """The application, with the faults in what it answers."""
        ...

    def behind(self, egress: Egress) -> None:
        """Put the faults into what the server calls."""
        ...


def faults_named(names: Sequence[str], settings: Settings) -> Spoils | None:
    """The faults of these names, or None. SettingsError where there are none to have, or none of that name."""
    if not names:
        return None
    if settings.workers > 1:
        raise SettingsError("--fault: a fault stands in one process, so with --workers 1")
    found = _there()
    try:
        switch: Spoils = found.Switch(found.choose(names, settings.role, settings.profile_name))
    except ValueError as error:
        raise SettingsError(f"--fault: {error}") from None
    _log.warning("THIS SERVER IS WRONG ON PURPOSE, for a test of the check: %s", "; ".join(names))
    return switch


def list_of_faults() -> list[tuple[str, str, str]]:
    """Name, what it breaks, and the roles and profile it is for, of each fault. SettingsError where there are none."""
    return [
        (fault.name, " ".join(fault.breaks), f"{' '.join(fault.roles)}, {fault.profile}") for fault in _there().FAULTS
    ]


def _there() -> Any:  # noqa: ANN401  (a module that the types of an installed server do not know)
    try:
        return importlib.import_module(_PACKAGE)
    except ModuleNotFoundError as error:
        if error.name != _PACKAGE:
            raise SettingsError(f"--fault: {error}; the faults need what the extra `check` installs") from None
        raise SettingsError("--fault: this server has no faults to switch on; a checkout has") from None
