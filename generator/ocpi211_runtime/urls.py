"""URLs that peers hand out, and the origins that may see a token.

Two readers of one URL must not see two hosts in it: what a careful reader finds odd is refused, not repaired.
"""

from __future__ import annotations

import re
from urllib.parse import urldefrag, urljoin, urlsplit

__all__ = ["append", "checked", "origin", "resolve"]

_visible_ascii = re.compile(r"[!-\[\]-~]+")  # no blank, no control character, no backslash
_label = "[A-Za-z0-9_-]{1,63}"  # a longer one, or none between two dots, and looking up the name fails oddly
_authority = re.compile(rf"((?![-_]){_label}(\.{_label})*\.?|\[[0-9A-Fa-f:.]+\])(:[0-9]{{1,5}})?")
_ports = {"http": 80, "https": 443}


def checked(url: str) -> str:
    """The URL without its fragment. ValueError unless it is absolute, http or https, ASCII, and without credentials.

    A user name in a URL would become an `Authorization` header of the HTTP library's own.
    """
    if not _visible_ascii.fullmatch(url):
        raise ValueError("a URL consists of visible ASCII characters")
    parts = urlsplit(url)
    if parts.scheme not in _ports:
        raise ValueError("a URL begins with https:// or http://")
    if "@" in parts.netloc:
        raise ValueError("a URL holds no credentials")
    if not _authority.fullmatch(parts.netloc) or parts.port == 0:
        raise ValueError("a URL names a host")
    return urldefrag(url).url


def origin(url: str) -> str:
    """Scheme, host and port, in one spelling: `https://example.com`, `http://localhost:8080`."""
    parts = urlsplit(checked(url))
    host = parts.hostname or ""
    port = parts.port
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + (f":{port}" if port not in (None, _ports[parts.scheme]) else "")


def resolve(url: str, base: str) -> str:
    """The absolute form of a URL found in an answer from `base`. ValueError as `checked`."""
    return checked(urljoin(base, url.strip()))


def append(url: str, suffix: str = "", query: str = "") -> str:
    """The URL of an endpoint with a path behind its own, whether that ends in a slash or not, and a query.

    A query that the endpoint has already stays in front of ours.
    """
    base, _, given = url.partition("?")
    path = base.rstrip("/") + suffix if suffix else base
    both = "&".join(part for part in (given, query) if part)
    return f"{path}?{both}" if both else path
