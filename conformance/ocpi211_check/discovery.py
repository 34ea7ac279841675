"""Versions and version details of the target, and the token checked before anything is judged with it.

A token that is used up turns a correct server into a list of failures: then there is no run.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urljoin

from ocpi211_check.settings import CannotRun

if TYPE_CHECKING:
    from ocpi211_check.bench import Bench

__all__ = ["discover", "refuse_an_invitation"]

VERSION = "2.1.1"


async def discover(bench: Bench) -> None:
    """Fills in the endpoints of the target. CannotRun if the token opens nothing or there is no version 2.1.1."""
    versions = await bench.call("versions.list_versions")
    if not versions.status:
        raise CannotRun(f"{bench.settings.versions_url} gives no answer: {versions.trouble}")
    if versions.status == 401:
        raise CannotRun("the target answers 401: the token is unknown, or used up. Nothing was judged.")
    if not versions.envelope:
        kind = versions.header("content-type") or "nothing"
        raise CannotRun(
            f"{bench.settings.versions_url} answers {versions.told} with {kind}, and no envelope of OCPI: "
            "is it the versions endpoint?"
        )
    listed = versions.data if isinstance(versions.data, list) else []
    # Read leniently: a version that is spelt oddly is a finding of its own, and no reason to stop.
    here = bench.settings.versions_url
    urls = [urljoin(here, str(entry.get("url"))) for entry in _objects(listed) if VERSION in str(entry.get("version"))]
    if not urls:
        raise CannotRun(f"{bench.settings.versions_url} lists no version {VERSION} ({versions.told})")
    bench.details_url = urls[0]
    details = await bench.call("versions.get_version_details")
    endpoints = details.data.get("endpoints") if isinstance(details.data, dict) else None
    bench.endpoints = {
        str(entry.get("identifier")).lower(): urljoin(bench.details_url, str(entry.get("url")))
        for entry in _objects(endpoints if isinstance(endpoints, list) else [])
    }
    if not bench.endpoints:
        raise CannotRun(f"{bench.details_url} lists no endpoint ({details.told})")


async def refuse_an_invitation(bench: Bench) -> None:
    """CannotRun if the token opens versions but no list: it invites to register, and would fail everywhere else."""
    lists = ("locations", "tariffs", "cdrs", "sessions") if bench.target == "cpo" else ("tokens",)
    module = next(filter(bench.offers, lists), None)
    if module is None:
        return
    answer = await bench.call(f"{module}.list_{module}", query={"limit": "1"})
    if answer.status == 401:
        raise CannotRun(
            f"the token opens the versions, but is answered 401 at {module}: it is an invitation. "
            "Register first, or let the check do that with --handshake."
        )


def _objects(items: object) -> list[Mapping[str, Any]]:
    return [entry for entry in cast("list[Any]", items) if isinstance(entry, dict)]
