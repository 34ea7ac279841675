"""Who is let in, and who is not (transport_and_format.md, Request format)."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from ocpi211_check.scenario import scenario

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ocpi211_check.bench import Bench

__all__ = ["only_with_the_token"]

_LISTS = {"cpo": ("locations", "sessions", "cdrs", "tariffs"), "emsp": ("tokens",)}


@scenario("only with the token", "TF-AUTH-01", "TF-AUTH-05", "TF-AUTH-06", "TF-AUTH-08")
async def only_with_the_token(bench: Bench) -> None:
    """Without a token, with another one, with two: 401 everywhere."""
    places = ["versions.list_versions", "versions.get_version_details"]
    if bench.offers("credentials"):
        places.append("credentials.get_credentials")
    places += [f"{module}.list_{module}" for module in _LISTS[bench.target] if bench.offers(module)]
    unknown = bench.own("unknown-token")
    headers: Mapping[str, Mapping[str, str]] = {
        "no header": {},
        "another scheme": {"Authorization": "Basic b2NwaTpjaGVjaw=="},
        "an unknown token": {"Authorization": f"Token {unknown}"},
        "a malformed header": {"Authorization": f"Token {unknown} {unknown}"},
    }
    for place in places:
        for what, header in headers.items():
            answer = await bench.call(place, token="", headers=header, odd=True)
            bench.that(answer.status == 401, "TF-AUTH-01", f"{what} at {place} is answered {answer.told}", answer)
    good = f"Token {bench.token}"
    two = {"Authorization": good, "authorization": f"Token {unknown}"}
    answer = await bench.call(places[0], token="", headers=two, odd=True)
    bench.that(answer.status == 401, "TF-AUTH-05", f"two Authorization headers are answered {answer.told}", answer)
    coded = base64.b64encode(bench.token.encode()).decode()
    answer = await bench.call(places[0], token=coded, odd=True)
    bench.that(answer.status == 401, "TF-AUTH-06", f"the token in Base64 is answered {answer.told}", answer)
