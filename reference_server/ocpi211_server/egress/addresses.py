"""IP addresses that no peer's URL may lead to, and the one spelling in which an address may stand in a URL.

The table holds what IANA's registries of special-purpose addresses list for IPv4 and IPv6, written out, because
Python's `is_global` lets some of it through (multicast, 64:ff9b:1::/48 and 3fff::/20 in older versions) and changes.
"""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["DENIED", "Address", "Network", "denial", "is_loopback", "is_loopback_host", "literal"]

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_DENIED_V4 = {
    "0.0.0.0/8": "this host",  # RFC 791; Linux connects 0.0.0.0 to itself
    "10.0.0.0/8": "private",  # RFC 1918
    "100.64.0.0/10": "behind a carrier's NAT",  # RFC 6598; one cloud's metadata lives there
    "127.0.0.0/8": "loopback",  # RFC 1122
    "168.63.129.16/32": "a cloud's own host",  # Azure: a public number, answered by the machine below ours
    "169.254.0.0/16": "link-local",  # RFC 3927; the metadata of most clouds
    "172.16.0.0/12": "private",  # RFC 1918
    "192.0.0.0/24": "of protocols",  # RFC 6890: DS-Lite, NAT64 discovery, dummy
    "192.0.2.0/24": "for documentation",  # RFC 5737, TEST-NET-1
    "192.31.196.0/24": "of AS112",  # RFC 7535
    "192.52.193.0/24": "of multicast tunnels",  # RFC 7450, AMT
    "192.88.99.0/24": "a 6to4 relay",  # RFC 7526, deprecated
    "192.168.0.0/16": "private",  # RFC 1918
    "192.175.48.0/24": "of AS112",  # RFC 7534
    "198.18.0.0/15": "for benchmarks",  # RFC 2544
    "198.51.100.0/24": "for documentation",  # RFC 5737, TEST-NET-2
    "203.0.113.0/24": "for documentation",  # RFC 5737, TEST-NET-3
    "224.0.0.0/4": "multicast",  # RFC 5771
    "240.0.0.0/4": "reserved",  # RFC 1112, and 255.255.255.255 for broadcast
}

_DENIED_V6 = {
    "::/128": "this host",  # RFC 4291, unspecified
    "::1/128": "loopback",  # RFC 4291
    "::/96": "an embedded IPv4 address",  # RFC 4291, IPv4-compatible, deprecated
    "::ffff:0:0:0/96": "an embedded IPv4 address",  # RFC 2765, IPv4-translated
    "64:ff9b:1::/48": "local translation to IPv4",  # RFC 8215
    "100::/64": "discarded",  # RFC 6666
    "100:0:0:1::/64": "a dummy",  # RFC 9780
    "2001::/32": "a Teredo tunnel",  # RFC 4380: leads to an embedded IPv4 address
    "2001::/23": "of protocols",  # RFC 2928: benchmarks, AMT, AS112, ORCHID, drones
    "2001:db8::/32": "for documentation",  # RFC 3849
    "2002::/16": "a 6to4 tunnel",  # RFC 3056: leads to an embedded IPv4 address
    "2620:4f:8000::/48": "of AS112",  # RFC 7534
    "3fff::/20": "for documentation",  # RFC 9637
    "5f00::/16": "of segment routing",  # RFC 9602
    "fc00::/7": "private",  # RFC 4193, unique local; metadata of one cloud
    "fe80::/10": "link-local",  # RFC 4291
    "fec0::/10": "site-local",  # RFC 3879, deprecated
    "ff00::/8": "multicast",  # RFC 4291
    # Global unicast is 2000::/3 and nothing else, so what is left around it is nobody's.
    "::/3": "not allocated",
    "4000::/2": "not allocated",
    "8000::/1": "not allocated",
}

DENIED: tuple[tuple[Network, str], ...] = tuple(
    (ip_network(network), reason) for network, reason in (_DENIED_V4 | _DENIED_V6).items()
)
"""Network and what it is, the narrower before the wider. Mapped and translated addresses are judged by `denial`."""

_TRANSLATED = IPv6Network("64:ff9b::/96")  # RFC 6052: how a host with IPv6 alone reaches the public IPv4
_LOOPBACK = (IPv4Network("127.0.0.0/8"), IPv6Network("::1/128"))

_local_name = re.compile(r"(?:.+\.)?localhost\.?", re.IGNORECASE)
_number = re.compile(r"[0-9]+|0[xX][0-9A-Fa-f]*")


@lru_cache(maxsize=1024)  # asked three times a request, of a handful of hosts
def literal(host: str) -> Address | None:
    """The address that the host of a URL is, None for a name.

    ValueError for one that readers see differently: decimal, octal, hexadecimal or short IPv4, and zone ids. A host
    whose last label is a number is meant as an address, as browsers have it.
    """
    if not host.isascii() or "%" in host:
        raise ValueError("a host is ASCII, and has no zone")
    if ":" in host:
        return IPv6Address(host.removeprefix("[").removesuffix("]"))
    if not _number.fullmatch(host.rstrip(".").rpartition(".")[2]):
        return None
    try:
        return IPv4Address(host)
    except ValueError:
        raise ValueError("an IPv4 address is written as four decimal numbers") from None


def denial(address: Address, allowed: Collection[Network] = ()) -> str | None:
    """What keeps us from going there, None if nothing does. `allowed` networks are exempt."""
    judged = _embedded(address)
    if any(address in network or judged in network for network in allowed):
        return None
    return next((f"the address is {reason}" for network, reason in DENIED if judged in network), None)


def is_loopback(address: Address) -> bool:
    """Whether this is the machine itself, said plainly: not mapped into IPv6."""
    return any(address in network for network in _LOOPBACK)


def is_loopback_host(host: str) -> bool:
    """Whether the host of a URL is the machine itself: 127.0.0.0/8, ::1, localhost and names below it (RFC 6761)."""
    if _local_name.fullmatch(host):
        return True
    address = literal(host)
    return address is not None and is_loopback(address)


def _embedded(address: Address) -> Address:
    """The IPv4 address behind a mapped or translated one, as the packet will meet it."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in _TRANSLATED:
            return IPv4Address(int(address) & 0xFFFFFFFF)
    return address
