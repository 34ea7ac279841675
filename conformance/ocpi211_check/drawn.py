"""Judges what a target answered to drawn requests. Knows nothing of the tool that draws them.

OCPI tells of a refusal with HTTP 200 and 2xxx, so HTTP alone says nothing. Whether a request was valid is asked of the
models: strict ones for what has to be accepted, lenient ones for what has to be refused.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import unquote, urlsplit

from pydantic import ValidationError
from pydantic_core import from_json

from ocpi211_check.bench import ODD, OPERATIONS
from ocpi211_check.oracle import Oracle
from ocpi211_check.scenarios.kinds import KINDS

if TYPE_CHECKING:
    from ocpi211_check.bench import Bench
    from ocpi211_check.evidence import Exchange
    from ocpi211_runtime.operation import Operation

__all__ = ["FUZZED", "Judge", "own_id", "synchronised"]

FUZZED: Final = ("ST-1XXX-01", "ST-2XXX-01", "ST-5XX-01", "TF-PATCH-01", "TF-PATCH-02", *(k.round_trip for k in KINDS))
"""What drawn requests can tell of, besides what is seen on every answer."""

_ROUND_TRIP: Final = {f"{kind.role}.{kind.module}.put_{kind.noun}": kind.round_trip for kind in KINDS}
_FEW: Final = 6
_OWNERS: Final = ("country_code", "party_id")


def own_id(mark: str, drawn: str) -> str:
    """One of a few names of the test party: so that a PATCH finds what a PUT has made, and nothing else is touched."""
    return f"{mark}-{zlib.crc32(drawn.encode()) % _FEW}"


def synchronised(
    operation: Operation[Any],
    path: Mapping[str, object],
    body: object,
    party: tuple[str, str],
    name: Callable[[str], str],
) -> tuple[dict[str, object], object]:
    """The path with the test party and its names, whatever was drawn; the body with the id that stands in the path.

    A body that is no object, or has no id of its own to begin with, stays as it was drawn.
    """
    renamed: dict[str, object] = dict(path)
    if operation.owner:
        # Path parameters come percent-encoded.
        renamed = {key: name(unquote(str(value))) for key, value in path.items()}
        renamed.update(zip(_OWNERS, party, strict=True))
    if not isinstance(body, dict):
        return renamed, body
    members = dict(cast("dict[str, object]", body))
    for parameter, member in operation.key:
        if isinstance(members.get(member), str) and parameter in renamed:
            members[member] = renamed[parameter]
    if operation.id == "emsp.cdrs.post_cdr" and isinstance(members.get("id"), str):
        members["id"] = name(str(members["id"]))
    return renamed, members


class Judge:
    """What is concluded from each exchange, for the ledger of a run."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self.oracle = Oracle()
        self.accepted = 0
        """Valid writes that the target took."""
        self.valid = 0
        """Valid writes that were sent."""

    def about(self, operation_id: str, body: bytes | None) -> str:
        """The purpose of a request as exchanges carry it: odd, unless it was valid to the letter."""
        operation = OPERATIONS[operation_id]
        return operation_id if _valid(operation, body, strict=True) else f"{ODD}{operation_id}"

    def judge(self, exchange: Exchange, operation_id: str) -> str:
        """Judges one answer; gives the URL to read back, if there is one."""
        operation = OPERATIONS[operation_id]
        if not exchange.status:
            return ""
        self._acceptance(exchange, operation)
        url = exchange.url.partition("?")[0]
        if operation.verb == "GET":
            self._compare(exchange, operation, url)
            return ""
        if exchange.ok and operation.owner:
            if operation.verb == "PATCH" and url not in self.oracle:
                return ""  # what was there before, nobody here knows
            self._wrote(exchange, operation, url)
            return url if operation.verb in {"PUT", "PATCH"} and url in self.oracle else ""
        if operation.verb == "PATCH" and url not in self.oracle and _valid(operation, exchange.request_body):
            self._that(not exchange.ok, "TF-PATCH-02", f"PATCH of an unknown object: {exchange.told}", exchange)
        return ""

    def read_back(self, exchange: Exchange, operation_id: str) -> None:
        """What came of a write that was accepted."""
        url = exchange.url.partition("?")[0]
        operation = OPERATIONS[operation_id]
        undated = b"last_updated" not in (exchange.request_body or b"") and operation.verb == "PATCH"
        other = self.oracle.compare(url, exchange.data, dated=not undated) if exchange.ok else [exchange.told]
        id_ = "TF-PATCH-01" if operation.verb == "PATCH" else _ROUND_TRIP.get(operation_id, "TF-PUT-02")
        self._that(not other, id_, f"read back after {operation.verb}: {other[:3]}", exchange)

    def _that(self, holds: bool, id_: str, detail: str, exchange: Exchange) -> None:  # noqa: FBT001  (as `Bench.that`)
        self._bench.that(holds, id_, detail, exchange)

    def _acceptance(self, exchange: Exchange, operation: Operation[Any]) -> None:
        if operation.body is None or exchange.request_body is None:
            return
        reachable = exchange.status != 404 and operation.verb != "PATCH"
        if _valid(operation, exchange.request_body, strict=True) and reachable and operation.owner:
            self.valid += 1
            self.accepted += exchange.ok
            self._that(exchange.ok, "ST-1XXX-01", f"a valid object: {exchange.told}", exchange)
        elif not _valid(operation, exchange.request_body):
            self._that(not exchange.ok, "ST-2XXX-01", f"an object that is not valid: {exchange.told}", exchange)

    def _wrote(self, exchange: Exchange, operation: Operation[Any], url: str) -> None:
        body = _parsed(exchange.request_body)
        if len(urlsplit(url).path.split("/")) and operation.module == "locations" and operation.name != "put_location":
            # A part of a Location changes the whole: what the whole is now, its next PUT will say.
            for known in [url.rsplit("/", depth)[0] for depth in (1, 2)]:
                self.oracle.forget(known)
        self.oracle.wrote(operation.verb, url, body)

    def _compare(self, exchange: Exchange, operation: Operation[Any], url: str) -> None:
        if operation.owner and url in self.oracle:
            other = self.oracle.compare(url, exchange.data, dated=False) if exchange.ok else [exchange.told]
            id_ = _ROUND_TRIP.get(operation.id.replace(".get_", ".put_"), "TF-PUT-02")
            self._that(not other, id_, f"GET of what was written: {other[:3]}", exchange)


def _parsed(body: bytes | None) -> object:
    try:
        return cast("object", json.loads(body or b"null"))
    except ValueError:
        return None


def _valid(operation: Operation[Any], body: bytes | None, *, strict: bool = False) -> bool:
    """Whether a body may be sent here. A strict reading is that of the text, a lenient one that of a kind reader."""
    if operation.body is None:
        return True
    if body is None:
        return not operation.body_required
    try:
        from_json(body, allow_inf_nan=False)
        operation.body_adapter.validate_json(body, strict=strict or None)
    except (ValueError, ValidationError):
        return False
    return True
