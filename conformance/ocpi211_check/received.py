"""Judges what the target sends to the tool's own server: token, URLs, bodies (transport_and_format.md)."""

from __future__ import annotations

import base64
import time
from typing import TYPE_CHECKING

from pydantic_core import from_json

from ocpi211_check.rules import judge_party
from ocpi211_check.settings import is_loopback

if TYPE_CHECKING:
    from ocpi211_check.bench import Bench
    from ocpi211_check.counterpart import Counterpart
    from ocpi211_check.evidence import Exchange

__all__ = ["CALLS", "Listener"]

CALLS = (
    "TF-AUTH-02",
    "TF-AUTH-04",
    "TF-HTTP-04",
    "VER-URL-02",
    "VER-URL-03",
    "CRED-GET-02",
    "CRED-POST-12",
    "GIR-HDR-02",
)
"""What any call of the target can tell of."""

_UNDER_WAY_HERE, _UNDER_WAY_FROM_AFAR = 1.0, 5.0
"""Seconds that a call with a token just replaced may have been under way: from afar through proxies, and by nodes that
share what they know of tokens with a delay."""
_OWNED = {"locations", "sessions", "tariffs", "tokens"}


class Listener:
    """An observer of the counterpart."""

    def __init__(self, bench: Bench, counterpart: Counterpart) -> None:
        self._bench = bench
        self._counterpart = counterpart

    def __call__(self, call: Exchange, path: tuple[str, ...] | None) -> None:
        """One request of the target."""
        that = self._bench.that
        doubled = "//" in call.url.partition("://")[2]
        that(not doubled, "VER-URL-03", f"{call.url} has an empty segment", call)
        if not doubled:
            that(path is not None, "VER-URL-02", f"{call.method} {call.url} was never advertised", call)
        if path is None:
            return
        token = str(self._counterpart.credentials.get("token", ""))
        if token:
            grace = _UNDER_WAY_HERE if is_loopback(self._counterpart.base_url) else _UNDER_WAY_FROM_AFAR
            former = self._counterpart.former.items()
            under_way = {old for old, ended in former if time.monotonic() - ended < grace}
            self._token(call, {token, self._counterpart.agreed, *under_way} - {""}, path)
        self._body(call)
        self._filtered(call)
        if call.method == "PUT" and path[0] in _OWNED:
            self._owned(call, path)

    def _token(self, call: Exchange, tokens: set[str], path: tuple[str, ...]) -> None:
        given = [value for name, value in call.request_headers if name.lower() == "authorization"]
        coded = {f"Token {base64.b64encode(token.encode()).decode()}" for token in tokens}
        ours = len(given) == 1 and given[0] in {f"Token {token}" for token in tokens}
        self._bench.that(ours, "TF-AUTH-02", "not our token, as we issued it", call)
        self._bench.that(not coded & set(given), "TF-AUTH-04", "our token came in Base64", call)
        if self._bench.registered and path[0] not in {"versions", "2.1.1"}:
            text = "a call after the registration without the token given in it"
            self._bench.that(ours, "CRED-POST-12", text, call)

    def _body(self, call: Exchange) -> None:
        if call.method in {"GET", "DELETE"}:
            bare = not call.request_body
            self._bench.that(bare, "CRED-GET-02", f"{call.method} with a body", call)
            return
        if call.request_body is None:
            return
        media_type = (call.asked("content-type") or "").partition(";")[0].strip().lower()
        try:
            from_json(call.request_body, allow_inf_nan=False)
            good = media_type == "application/json"
        except ValueError:
            good = False
        self._bench.that(good, "TF-HTTP-04", f"a body of type {media_type!r}, or no JSON", call)

    def _filtered(self, call: Exchange) -> None:
        """Both headers that choose one party, or none."""
        given = [call.asked(f"ocpi-to-{name}") for name in ("country-code", "party-id")]
        if any(given) and self._bench.settings.profile == "gireve-1.2.2":
            faults = judge_party(given[1], given[0])
            self._bench.that(not faults, "GIR-HDR-02", f"ocpi-to-*: {'; '.join(faults)}", call)

    def _owned(self, call: Exchange, path: tuple[str, ...]) -> None:
        placed = len(path) >= 4
        text = f"PUT {call.url} is not <endpoint>/<country_code>/<party_id>/<id>"
        self._bench.that(placed, "TF-OWN-06", text, call)
        if placed and self._bench.operator:
            owner = f"{path[1]}*{path[2]}"
            text = f"pushed below {owner}, the credentials say {self._bench.operator}"
            self._bench.that(owner == self._bench.operator, "TF-OWN-07", text, call)
