"""What a client knows of its peer: the token, the published URLs, and which origins may see the token."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from threading import TIMEOUT_MAX
from typing import TYPE_CHECKING, TypedDict

from ocpi211_runtime.errors import ForeignUrl, MalformedAnswer, NotOffered
from ocpi211_runtime.pages import MAX_PAGES
from ocpi211_runtime.problems import hide
from ocpi211_runtime.urls import append, checked, origin, resolve

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ocpi211_runtime.operation import Operation

__all__ = ["MAX_BYTES", "Peer", "Reached", "Settings", "checked_timeout"]

MAX_BYTES = 64 * 1024 * 1024

_token = re.compile("[!-~]{1,64}")


def checked_timeout(seconds: float) -> float:
    """What a timeout may be. ValueError unless it is positive, and short enough for the system to count."""
    if not 0 < seconds <= TIMEOUT_MAX:
        raise ValueError("a timeout is a positive number of seconds")
    return seconds


class Settings(TypedDict, total=False):
    """How to treat a peer; every client takes these."""

    timeout: float
    """Seconds a call may take before it fails with `Timeout`; 10.

    Over HTTP a sync client counts anew with each wait until the body comes; an async one counts once.
    """
    strict: bool
    """Whether answers are judged by the text to the letter; False."""
    headers: Mapping[str, str]
    """Sent with every call."""
    approved_origins: Sequence[str]
    """Origins, as `https://api.example.com`, that may see the token besides that of `versions_url`."""
    max_bytes: int
    """The largest answer that is read; 64 MB."""
    max_pages: int
    """The longest crawl over a list; 100,000 pages."""


@dataclass(frozen=True)
class Peer:
    """A peer as one side of a partnership sees it."""

    token: str = field(repr=False)
    endpoints: Mapping[str, str] = field(default_factory=dict[str, str])
    """Module → URL, as the peer publishes it; modules nobody has heard of are kept."""
    versions_url: str = ""
    details_url: str = ""
    timeout: float = 10.0
    strict: bool = False
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    approved_origins: Sequence[str] = ()
    max_bytes: int = MAX_BYTES
    max_pages: int = MAX_PAGES

    def __post_init__(self) -> None:
        if not _token.fullmatch(self.token):
            raise ValueError("a token is 1 to 64 characters of visible ASCII")
        for url in filter(None, (self.versions_url, self.details_url, *self.endpoints.values())):
            checked(url)
        checked_timeout(self.timeout)
        if self.max_bytes <= 0 or self.max_pages <= 0:
            raise ValueError("max_bytes and max_pages are positive")
        _ = self._approved  # an approved origin that is none is told at once

    @cached_property
    def _approved(self) -> frozenset[str]:
        known = (self.versions_url, *self.approved_origins)
        return frozenset(origin(url) for url in known if url)

    def published(self, operation: Operation) -> str:
        """The URL that the peer publishes for this operation, empty if none."""
        special = {"versions": self.versions_url, "version_details": self.details_url}
        return special.get(operation.endpoint) or self.endpoints.get(operation.endpoint, "")

    def place(self, operation: Operation, values: Mapping[str, object], query: str = "") -> str:
        """The URL of a call, from the published one and the arguments. NotOffered if none is published."""
        if not (endpoint := self.published(operation)):
            raise NotOffered(
                f"the peer offers no {operation.endpoint}",
                wanted=operation.endpoint,
                offered=sorted(self.endpoints),
                operation=operation.id,
            )
        return append(endpoint, operation.write_suffix(values), query)

    def locate(self, url: str, *, base: str, operation: str) -> str:
        """A URL that the peer handed out, absolute, where our token may go.

        `base` is where it was found, or the endpoint it belongs to; its origin may see the token, and so may those
        approved. ForeignUrl for any other, MalformedAnswer for what is no URL.
        """
        try:
            absolute = resolve(url, base)
            allowed = self._approved | {origin(base)} if base else self._approved
            found = origin(absolute)
        except ValueError as error:
            shown = hide(f"{error}: {url[:255]!r}", self.token)  # it may repeat our token
            raise MalformedAnswer(shown, operation=operation, url=base) from None
        if found not in allowed:
            message = f"{found} is not among the approved origins {', '.join(sorted(allowed))}"
            shown = hide(absolute, self.token)
            raise ForeignUrl(hide(message, self.token), approved=sorted(allowed), operation=operation, url=shown)
        return absolute


class Reached:
    """A peer, and what is known of it."""

    peer: Peer

    @property
    def endpoints(self) -> Mapping[str, str]:
        """Module → URL, as the peer publishes them, custom modules included."""
        return self.peer.endpoints

    @property
    def versions_url(self) -> str:
        """Where the peer lists its versions."""
        return self.peer.versions_url

    @property
    def details_url(self) -> str:
        """Where the peer lists the endpoints of this version."""
        return self.peer.details_url

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.versions_url or 'without versions'}: {', '.join(self.endpoints)}>"
