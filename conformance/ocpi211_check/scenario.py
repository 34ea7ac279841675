"""What a scenario is, and the list of them all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ocpi211_check.bench import Bench
    from ocpi211_check.catalogue import Role, Safety

__all__ = ["Play", "Scenario", "scenario"]

Play = Callable[["Bench"], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scripted conversation with the target."""

    name: str
    """What it tries, in a few words."""
    play: Play
    covers: tuple[str, ...]
    """The requirements it can tell of; it speaks of no other."""
    roles: tuple[Role, ...] = ("cpo", "emsp")
    safety: Safety = "read"
    module: str = ""
    """Which the target has to offer."""
    gireve: bool = False
    """Only under the hub's profiles."""
    last: bool = False
    """After everything else, drawn requests too: it changes or ends the registration."""
    listens: bool = False
    """It waits for what the target does by itself."""


def scenario(
    name: str,
    *covers: str,
    roles: tuple[Role, ...] = ("cpo", "emsp"),
    safety: Safety = "read",
    module: str = "",
    gireve: bool = False,
    last: bool = False,
    listens: bool = False,
) -> Callable[[Play], Scenario]:
    """Makes a scenario of a function."""

    def make(play: Play) -> Scenario:
        return Scenario(name, play, tuple(dict.fromkeys(covers)), roles, safety, module, gireve, last, listens)

    return make
