"""A partner's versions and version details, read before anything is believed (version_information_endpoint.md).

Whatever a partner publishes leads to origins an operator approved, by https to public hosts; its redirects are not
followed. Errors say what is wrong to the partner as well as to our operators; only what our own look at an address
found goes to the log alone.
"""

from __future__ import annotations

import logging
from collections.abc import Collection

from ocpi211_runtime.answers import Role
from ocpi211_runtime.discovery import VERSION, discover
from ocpi211_runtime.errors import ForeignUrl, NotOffered, PeerError, Unreachable
from ocpi211_runtime.exchange import Call, Response
from ocpi211_runtime.peer import Peer
from ocpi211_runtime.problems import hide
from ocpi211_runtime.urls import origin
from ocpi211_server.registration.calls import Gateway
from ocpi211_server.registration.identity import RegistrationRules

__all__ = ["explore", "lacks_version", "masked"]

_log = logging.getLogger("ocpi211.registration")
_MOST_BYTES = 256 * 1024


async def explore(
    gateway: Gateway, rules: RegistrationRules, *, role: Role, versions_url: str, token: str, origins: Collection[str]
) -> Peer:
    """The partner of this role with its endpoints, all of them checked.

    Raises:
        NotOffered: `wanted` is the version 2.1.1, or the modules that are missing.
        ForeignUrl: a URL leads where we do not go; nothing was sent there.
        PeerRefusal, MalformedAnswer, Unreachable: as every call.

    """
    _check(gateway, versions_url, origins)
    peer = Peer(
        token,
        versions_url=versions_url,
        approved_origins=tuple(origins),
        timeout=rules.document_timeout,
        max_bytes=_MOST_BYTES,
    )
    try:
        found = await _discover(gateway, peer, origins)
    except PeerError as error:
        raise masked(error, token) from None
    for url in found.endpoints.values():
        _check(gateway, url, origins)
    if missing := rules.missing(role, found.endpoints):
        raise NotOffered(
            f"endpoints are missing: {', '.join(missing)}",
            wanted=", ".join(missing),
            offered=sorted(found.endpoints),
            operation=f"{role}.versions.get_version_details",
            url=found.details_url,
        )
    return found


def lacks_version(error: NotOffered) -> bool:
    """Whether it is the version that is not offered, rather than a module."""
    return error.wanted == VERSION


def masked(error: PeerError, secret: str) -> PeerError:
    """The error without the secret: partners like to repeat it, in a URL or in the message of a refusal."""
    for name, value in vars(error).items():
        if isinstance(value, str):
            setattr(error, name, hide(value, secret))
    error.args = tuple(hide(str(part), secret) for part in error.args)
    return error


async def _discover(gateway: Gateway, peer: Peer, origins: Collection[str]) -> Peer:
    steps = discover(peer)
    call = next(steps)
    while True:
        _check(gateway, call.request.url, origins)
        response = await _send(gateway, call, origins)
        try:
            call = steps.send(response)
        except StopIteration as finished:
            found: Peer = finished.value
            return found


def _check(gateway: Gateway, url: str, origins: Collection[str]) -> None:
    try:
        gateway.check(url)
        found = origin(url)
    except ValueError as error:
        raise ForeignUrl(str(error), approved=sorted(origins), url=url) from None
    if found not in origins:
        shown = ", ".join(sorted(origins)) or "of which there are none"
        raise ForeignUrl(f"{found} is not among the approved origins {shown}", approved=sorted(origins), url=url)


async def _send(gateway: Gateway, call: Call, origins: Collection[str]) -> Response:
    request = call.request
    try:
        return await gateway.towards(origins).send(request, timeout=call.timeout, max_bytes=call.max_bytes)
    except ForeignUrl as error:
        # Its text may name an address inside our network.
        _log.warning("%s", error)
        raise Unreachable("its host is not called from here", operation=request.operation, url=request.url) from None
