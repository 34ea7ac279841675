"""What a run is told: the target, how far it may go, and how fast."""

from __future__ import annotations

import ipaddress
import secrets
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from ocpi211_check.catalogue import Profile, Role, Safety
from ocpi211_runtime.urls import checked

__all__ = ["CannotRun", "Settings", "is_loopback"]

_MARK: Final = "OCPI-CHECK"
"""How every object of the test party is named, so that nobody takes it for a real one."""


class CannotRun(Exception):
    """The check cannot run: the target or the settings do not allow it. Exit code 2."""


def is_loopback(url: str) -> bool:
    """Whether the URL leads to this machine."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One run. ValueError for what does not go together."""

    versions_url: str
    token: str = field(repr=False)
    role: Role
    """Of the target."""
    profile: Profile = "plain-2.1.1"
    party: str = ""
    """The test party the token belongs to, as `FR*TST`: written objects are its. Empty: nothing is written."""
    write: bool = False
    handshake: bool = False
    commands: bool = False
    hub: bool = False
    """The target is a hub, seen from one side."""
    speaks_for: str = ""
    """Another test party, as `FR*OTH`, that whoever has the token may write for: it is a hub's token."""
    listen_url: str = ""
    """Where the target reaches the tool's own server; empty: there is none."""
    rehearse: float = 0.0
    """Seconds to listen for what the target does by itself; 0: not at all."""
    invitation: str = field(default="", repr=False)
    """With this token the target may register with the check itself, at the end; empty: it is not asked to."""
    fuzz: float = 0.0
    """Seconds of drawn requests; 0: none."""
    coverage: bool = False
    """Whether the fuzzer's coverage phase runs: about 700 requests an operation."""
    seed: int = 0
    rate: float = 0.0
    """Requests a second at most; 0: no limit."""
    budget: float = 600.0
    """Seconds after which nothing more is sent."""
    ca: str = ""
    """A file of certificates to trust besides those that everybody does; empty: none."""
    timeout: float = 10.0
    call_back: float = 35.0
    """Seconds to wait for the result of a command, or for anything else the target is to send."""
    location: str = ""
    """`<location_id>/<evse_uid>` to start a session at; empty: the first one of the target's list."""
    mark: str = _MARK

    def __post_init__(self) -> None:
        checked(self.versions_url)
        if any(party and (len(party) != 6 or party[2] != "*") for party in (self.party, self.speaks_for)):
            raise ValueError("a party is written as FR*TST: two characters, an asterisk, three characters")
        if self.write and not self.party:
            raise ValueError("writing needs the party the token belongs to")
        if self.handshake and not (self.party and self.listen_url):
            raise ValueError("a handshake needs the test party, and a URL under which the target reaches this check")
        if self.commands and not self.listen_url:
            raise ValueError("commands need a URL under which the target reaches this check")

    @property
    def country_code(self) -> str:
        """Of the test party."""
        return self.party[:2]

    @property
    def party_id(self) -> str:
        """Of the test party."""
        return self.party[3:]

    @property
    def quiet(self) -> float:
        """Seconds after which something that must not come has not come."""
        return min(1.0, self.call_back / 10)

    @property
    def gireve(self) -> bool:
        """Whether the hub's rules hold."""
        return self.profile != "plain-2.1.1"

    @property
    def allowed(self) -> frozenset[Safety]:
        """What the run may do."""
        wanted: dict[Safety, bool] = {
            "read": True,
            "own": self.write,
            "handshake": self.handshake,
            "command": self.commands,
        }
        return frozenset(safety for safety, given in wanted.items() if given)

    @staticmethod
    def new_seed() -> int:
        """A seed nobody used before, to be told in the report."""
        return secrets.randbelow(2**31)
