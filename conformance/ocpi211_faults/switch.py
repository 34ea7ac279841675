"""Faults around a server that runs: in front of what it answers, behind what it calls."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from difflib import get_close_matches

from ocpi211_faults.carrying import App, Through
from ocpi211_faults.fault import Fault, Faulty
from ocpi211_faults.table import FAULTS
from ocpi211_runtime.asgi import AsgiTransport
from ocpi211_runtime.exchange import Request, Response
from ocpi211_runtime.urls import origin
from ocpi211_server.egress import Egress

__all__ = ["Switch", "choose"]


class Switch:
    """Some faults, switched on."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)

    def before(self, app: App, base_url: str) -> App:
        """The application, with the faults in what it answers."""
        for fault in self.faults:
            if fault.side != "calls":
                app = Through(Faulty(AsgiTransport(app), fault), origin(base_url))
        return app

    def behind(self, egress: Egress) -> None:
        """Put the faults into what the server calls."""
        for fault in self.faults:
            if fault.side != "answers":
                _spoil(egress, fault)


def _spoil(egress: Egress, fault: Fault) -> None:
    plain = egress.carry

    async def carry(request: Request, approved: Collection[str] | None, seconds: float, max_bytes: int) -> Response:
        async def forward(changed: Request) -> Response:
            # A fault may lead the server to where it must not go: then nobody approves of that.
            known = approved if origin(changed.url) == origin(request.url) else None
            return await plain(changed, known, seconds, max_bytes)

        return await fault.spoil(request, forward)

    egress.carry = carry  # type: ignore[method-assign]  # of this one, in a test


def choose(names: Sequence[str], role: str, profile: str) -> list[Fault]:
    """The faults of these names; the id of a requirement stands for the first fault that breaks it.

    ValueError for one that there is not, or not for a server of this role and profile.
    """
    return [_one(name, role, profile) for name in names]


def _one(name: str, role: str, profile: str) -> Fault:
    found = [fault for fault in FAULTS if name in {fault.name, *fault.breaks}]
    if not found:
        known = [known for fault in FAULTS for known in (fault.name, *fault.breaks)]
        near = get_close_matches(name, known, n=3)
        meant = f", unless {' or '.join(map(repr, near))} is meant" if near else ""
        raise ValueError(f"there is no fault {name!r}{meant}; `--fault list` lists all")
    fitting = [fault for fault in found if role in fault.roles and fault.profile in {"plain-2.1.1", profile}]
    if not fitting:
        fault = found[0]
        raise ValueError(f"{fault.name!r} is a fault of {' and '.join(fault.roles)} under {fault.profile}")
    return fitting[0]
