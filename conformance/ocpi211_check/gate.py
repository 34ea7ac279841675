"""A gate for a CPO's Locations before they are published, from a file or from a URL (mod_locations.md)."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from ocpi211.models import Location
from ocpi211_check.catalogue import Profile, catalogue
from ocpi211_check.lint import Fault, Found, Linted, judge_objects, objects_in
from ocpi211_check.settings import CannotRun
from ocpi211_runtime.errors import PeerError
from ocpi211_runtime.exchange import Request, Response
from ocpi211_runtime.pages import parse_next
from ocpi211_runtime.transport import AsyncHttpTransport
from ocpi211_runtime.urls import checked, origin, resolve

__all__ = ["judge_locations"]

_MOST_PAGES = 1000
_MAX_BYTES = 64 * 1024 * 1024


def judge_locations(source: str, profile: Profile, operator: str = "", token: str = "") -> Linted:
    """The Locations of a file, or of a list and its pages. CannotRun if there are none to judge."""
    if source.startswith(("http://", "https://")):
        contents = asyncio.run(_fetch(checked(source), token))
    else:
        try:
            contents = [(source, Path(source).read_bytes())]
        except OSError as error:
            raise CannotRun(f"{source}: {error.strerror}") from None
    found = [entry for name, content in contents for entry in objects_in(content, Path(name).name)]
    places = [entry for entry in found if isinstance(entry, Found) and entry.model is Location]
    others = [entry.where if isinstance(entry, Found) else entry for entry in found if entry not in places]
    if not places:
        raise CannotRun(f"{source} holds no Location")
    linted = judge_objects(places, "cpo", profile, operator, unknown=others)
    return Linted(linted.objects, (*linted.faults, *_twice(places)), linted.unknown)


def _twice(places: list[Found]) -> list[Fault]:
    """Ids that are used again: of Locations, and of EVSEs over all of them."""
    seen: set[str] = set()
    faults: list[Fault] = []
    for place in places:
        names = [f"Location {place.value.get('id')}", *_evse_ids(place.value)]
        for name in names:
            if name in seen:
                faults.append(Fault(place.where, catalogue()["TF-PAGE-04"], f"/: {name} is there already"))
            seen.add(name)
    return faults


def _evse_ids(location: Any) -> list[str]:  # noqa: ANN401  (parsed JSON)
    evses = location.get("evses")
    return [f"EVSE {evse.get('uid')}" for evse in evses or () if isinstance(evse, dict)]


async def _fetch(url: str, token: str) -> list[tuple[str, bytes]]:
    """All pages of a list, within its origin."""
    transport, contents, here = AsyncHttpTransport(), list[tuple[str, bytes]](), origin(url)
    headers = {"Accept": "application/json", **({"Authorization": f"Token {token}"} if token else {})}
    following: str | None = url
    seen: set[str] = set()
    try:
        while following and following not in seen and len(contents) < _MOST_PAGES:
            if origin(following) != here:
                raise CannotRun(f"the next page is at another origin: {following}")
            seen.add(following)
            answer = await transport.send(Request("GET", following, headers), timeout=30, max_bytes=_MAX_BYTES)
            if answer.status != 200:
                raise CannotRun(f"{following} is answered HTTP {answer.status}")
            contents.append((f"page {len(contents) + 1}", answer.body))
            following = _next(answer, following)
    except PeerError as error:
        raise CannotRun(f"{url}: {error.message}") from None
    finally:
        await transport.aclose()
    return contents


def _next(answer: Response, base: str) -> str | None:
    link = parse_next(answer.all("link"))
    return resolve(link, base) if link else None
