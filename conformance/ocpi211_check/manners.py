"""How the tool's own server shows its versions while it registers: well, or wrong in one way (credentials.md)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Literal

from ocpi211_check.reply import Reply

__all__ = ["MODULES", "Mode", "documents"]

Mode = Literal[
    "well",
    "down",
    "refusing",
    "speechless",
    "garbage",
    "misshapen",
    "endless",
    "old",
    "bare",
    "redirecting",
    "foreign",
    "quiet",
    "unlisted",
    "newer",
]
"""How versions and details are answered: well; 503; 401; a refusal with other data; no JSON; one object for a list;
without an end; without 2.1.1; without modules; 302; leading elsewhere. With the right data and HTTP 200: a refusal,
one by a code nobody knows, a success by a code nobody knows."""

MODULES: Final = ("credentials", "locations", "sessions", "cdrs", "tariffs", "tokens", "commands")
_FAMILY: Final = "OCPICHK_custom"
"""An identifier that nobody knows: a client passes over it."""
_WHY: Final = "for the test"


def documents(mode: Mode, here: str, elsewhere: str) -> dict[str, Reply]:
    """Versions and details, by their first segment. `here` is the URL they stand under."""
    versions, details = Reply.envelope(_versions(here)), _details(here, (*MODULES, _FAMILY))
    well = {"versions": versions, "2.1.1": details}
    instead = {
        "down": Reply.envelope({}, 503, 3000, f"down {_WHY}"),
        "refusing": Reply.envelope({}, 401, 2000, f"refused {_WHY}"),
        "speechless": Reply.envelope("no object", 400, 2000, f"refused {_WHY}"),
        "garbage": Reply(200, b"<html>this is a test</html>"),
        "misshapen": Reply.envelope({"version": "2.1.1", "url": f"{here}/2.1.1"}),
        "endless": replace(versions, endless=True),
        "redirecting": Reply(302, b"", (("Location", f"{here}/trap"),)),
    }
    if mode in instead:
        return {"versions": instead[mode], "2.1.1": instead[mode]}
    other = {
        "old": {"versions": Reply.envelope([{"version": "2.0", "url": f"{here}/trap"}])},
        "bare": {"2.1.1": _details(here, ("credentials",))},
        "foreign": {"versions": Reply.envelope(_versions(elsewhere))},
        "newer": {"versions": Reply.envelope(_versions(here), 200, 1999)},
        "quiet": {name: _coded(reply, 2001) for name, reply in well.items()},
        "unlisted": {name: _coded(reply, 2999) for name, reply in well.items()},
    }
    return {**well, **other.get(mode, {})}


def _coded(reply: Reply, code: int) -> Reply:
    """HTTP 200 and all that was asked for, and a code that says no."""
    return Reply.envelope(json.loads(reply.body)["data"], 200, code, f"refused {_WHY}")


def _versions(here: str) -> list[dict[str, str]]:
    # A client knows neither of the first two, or should not choose it: both lead nowhere.
    odd = [{"version": "9.9.9", "url": f"{here}/trap"}, {"version": "2.1", "url": f"{here}/trap"}]
    return [*odd, {"version": "2.1.1", "url": f"{here}/2.1.1"}]


def _details(here: str, modules: Sequence[str]) -> Reply:
    # One with a slash at its end: a client must neither lose a segment nor make an empty one.
    urls = {module: f"{here}/{module}" + ("/" if module == "tokens" else "") for module in modules}
    endpoints = [{"identifier": module, "url": url} for module, url in urls.items()]
    return Reply.envelope({"version": "2.1.1", "endpoints": endpoints})
