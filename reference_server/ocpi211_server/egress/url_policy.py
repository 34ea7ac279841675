"""Which URLs of a peer the server calls at all (credentials.md, mod_commands.md, transport_and_format.md).

What can be told from the URL is told by `check`, before anything is looked up, so that a handler can refuse a URL in
its answer; what a name leads to is told by `refusal`, once it has been looked up.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from ipaddress import IPv4Address, ip_network
from urllib.parse import urlsplit

from ocpi211_runtime.urls import checked
from ocpi211_server.egress.addresses import Address, Network, denial, is_loopback, is_loopback_host, literal

__all__ = ["Policy"]


@dataclass(frozen=True)
class Policy:
    """Https to public addresses, and what is let through besides. ValueError for a network that is none."""

    insecure_dev: bool = False
    """Also http and loopback addresses, for hosts that say so: 127.0.0.0/8, ::1 and localhost."""
    allowed_networks: tuple[str, ...] = ()
    """Networks, as `10.0.0.0/8`, that may be called though they are not public; by https all the same."""

    def __post_init__(self) -> None:
        _ = self._allowed

    @cached_property
    def _allowed(self) -> tuple[Network, ...]:
        return tuple(ip_network(network) for network in self.allowed_networks)

    def check(self, url: str) -> None:
        """ValueError, with a reason for the peer's eyes, for a URL that is not called whatever its name leads to."""
        parts = urlsplit(checked(url))
        host = parts.hostname or ""
        address = literal(host)
        local = is_loopback_host(host)
        if parts.scheme != "https" and not (self.insecure_dev and local):
            raise ValueError("a URL begins with https://")
        if address is None and local:
            address = IPv4Address("127.0.0.1")
        if address is not None and (reason := self.refusal(host, address)):
            raise ValueError(f"{host} is no public host: {reason}")

    def refusal(self, host: str, address: Address) -> str | None:
        """What keeps us from calling this host at this address, None if nothing does."""
        if self.insecure_dev and is_loopback_host(host):
            # Plain http goes to these hosts, and must stay on this machine.
            return None if is_loopback(address) else "the address is not on this machine"
        return denial(address, self._allowed)

    def out_of_reach(self, address: Address) -> str | None:
        """What keeps us from connecting there, whatever the host; the last look, where only the address is known."""
        return None if self.insecure_dev and is_loopback(address) else denial(address, self._allowed)
