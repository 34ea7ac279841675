"""Credentials as they stand (credentials.md, GET method)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin

from ocpi211_check.bench import Inconclusive
from ocpi211_check.rules import judge_party
from ocpi211_check.scenario import scenario
from ocpi211_runtime.urls import checked

if TYPE_CHECKING:
    from ocpi211_check.bench import Bench

__all__ = ["as_they_stand"]


@scenario(
    "credentials as they stand",
    "CRED-GET-01",
    "CRED-OBJ-01",
    "CRED-OBJ-02",
    "CRED-OBJ-03",
    module="credentials",
)
async def as_they_stand(bench: Bench) -> None:
    """GET: who the target is, the token in use, and where its versions are."""
    answer = await bench.call("credentials.get_credentials")
    data = answer.data if isinstance(answer.data, dict) else {}
    told = data.get("token")
    if isinstance(told, str):
        bench.wire.secrets.add(told)
    right = answer.ok and told == bench.token
    bench.that(right, "CRED-GET-01", f"{answer.told}, the token in it is not the one in use", answer)
    if not answer.ok:
        raise Inconclusive(f"GET of the credentials: {answer.told}")
    faults = judge_party(data.get("party_id"), data.get("country_code"))
    bench.that(not faults, "CRED-OBJ-02", "; ".join(faults), answer)
    if not faults and not bench.settings.hub:  # what a hub hands on is others'
        bench.operator = f"{data['country_code']}*{data['party_id']}"
    url = str(data.get("url"))
    try:
        checked(url)
    except ValueError as error:
        bench.that(False, "CRED-OBJ-03", f"url {url!r}: {error}", answer)  # noqa: FBT003  (as an assertion reads)
        return
    same = urljoin(url, "/") == urljoin(bench.settings.versions_url, "/")
    if not same:
        bench.open("CRED-OBJ-03", f"url leads to another origin, where the token does not go: {url}")
        return
    versions = await bench.call("versions.list_versions", url=url)
    listed = versions.ok and isinstance(versions.data, list)
    bench.that(listed, "CRED-OBJ-03", f"url {url} is no versions endpoint: {versions.told}", answer, versions)
