"""What a scenario works with: calls to the target, the ledger of what was seen, names and moments for test objects."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ocpi211 import operations
from ocpi211_check.journal import Journal
from ocpi211_check.samples import Clock
from ocpi211_runtime.operation import Operation, encode_segment
from ocpi211_runtime.urls import append

if TYPE_CHECKING:
    from ocpi211_check.counterpart import Counterpart
    from ocpi211_check.evidence import Exchange
    from ocpi211_check.settings import Settings
    from ocpi211_check.verdicts import Ledger
    from ocpi211_check.wire import Wire

__all__ = ["ODD", "OPERATIONS", "Bench", "Inconclusive", "Raw"]

ODD = "odd: "
"""How the purpose of a request begins that no partner would send."""

OPERATIONS: Mapping[str, Operation[Any]] = {
    value.id: value for value in vars(operations).values() if isinstance(value, Operation)
}
"""Every row of the contract, by id."""


class Inconclusive(Exception):
    """The scenario cannot go on; what it did not reach stays open, for this reason."""


@dataclass(frozen=True, slots=True)
class Raw:
    """A body that goes out as it is."""

    content: bytes
    media_type: str = "application/json"


@dataclass
class Bench:
    """One run, as scenarios see it."""

    settings: Settings
    wire: Wire
    ledger: Ledger
    counterpart: Counterpart | None = None
    token: str = field(default="", repr=False)
    endpoints: dict[str, str] = field(default_factory=dict[str, str])
    """Module → URL, as the target publishes them."""
    details_url: str = ""
    clock: Clock = field(default_factory=Clock)
    lists: dict[str, list[dict[str, Any]]] = field(default_factory=dict[str, list[dict[str, Any]]])
    """Module → the objects of the target's list, once a scenario has read it."""
    cut: set[str] = field(default_factory=set[str])
    """The modules whose list is longer than the check reads."""
    registered: bool = False
    """The tool has registered itself, and has to end that."""
    journal: Journal = field(default_factory=Journal)
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the check begins to listen for what the target does by itself."""
    over: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when enough was played: the check then listens no longer."""
    inviting: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the target may register by itself."""
    operator: str = ""
    """The target's own party, as `FR*ABC`, once its Credentials were read."""

    @property
    def target(self) -> str:
        """The role of the target."""
        return self.settings.role

    def own(self, what: str) -> str:
        """A name for an object of the test party, the same for the same seed."""
        digest = hashlib.sha256(f"{self.settings.seed}/{what}".encode()).hexdigest()[:8].upper()
        return f"{self.settings.mark}-{digest}"

    def offers(self, module: str) -> bool:
        """Whether the target publishes this module."""
        return module in self.endpoints

    def operation(self, name: str) -> Operation[Any]:
        """An operation of the target's role, as `tokens.list_tokens`."""
        return OPERATIONS[f"{self.target}.{name}"]

    def url(self, name: str, *path: str, query: Mapping[str, str] | None = None, suffix: str = "") -> str:
        """The URL of an operation; path parameters in their order, not checked against their types."""
        operation = self.operation(name)
        published = {"versions": self.settings.versions_url, "version_details": self.details_url}
        base = published.get(operation.endpoint) or self.endpoints.get(operation.endpoint, "")
        if not base:
            raise Inconclusive(f"the target offers no {operation.endpoint}")
        values = iter(path)
        parts = [next(values) if part.startswith("{") else part for part in operation.suffix]
        written = "&".join(f"{name}={quote(value, safe=':')}" for name, value in (query or {}).items())
        return append(base, "".join("/" + encode_segment(part) for part in (*parts, *values)) + suffix, written)

    async def call(
        self,
        name: str,
        *path: str,
        query: Mapping[str, str] | None = None,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        token: str | None = None,
        verb: str = "",
        url: str = "",
        suffix: str = "",
        odd: bool = False,
    ) -> Exchange:
        """Calls an operation of the target, or another verb at its place.

        `body` is JSON unless it is `Raw`. `token` empty sends no Authorization; left out, the run's own. `odd` is for
        what no partner would send.
        """
        operation = self.operation(name)
        target = url or self.url(name, *path, query=query, suffix=suffix)
        sent = {"Authorization": f"Token {self.token}"} if token is None else {}
        if token:
            sent["Authorization"] = f"Token {token}"
        sent["Accept"] = "application/json"
        content: bytes | None = None
        if isinstance(body, Raw):
            content, sent["Content-Type"] = body.content, body.media_type
        elif body is not None:
            content, sent["Content-Type"] = json.dumps(body).encode(), "application/json"
        about = operation.id if not verb or verb == operation.verb else f"{verb} at {operation.id}"
        about = ODD + about if odd else about
        return await self.wire.send(verb or operation.verb, target, {**sent, **(headers or {})}, content, about)

    def that(self, holds: bool, id_: str, detail: str, *shown: Exchange) -> bool:  # noqa: FBT001  (as an assertion reads)
        """The requirement was put to the test: it held, or this is what was seen in these exchanges.

        Where one of them got no answer in time, nothing was seen: slow is not wrong.
        """
        if holds:
            self.ledger.held(id_)
        elif any(exchange.direction == "sent" and not exchange.status for exchange in shown):
            self.ledger.open(id_, detail)
        else:
            self.ledger.broken(id_, detail, [exchange.number for exchange in shown])
        return holds

    def open(self, id_: str, why: str) -> None:
        """The requirement could not be told."""
        self.ledger.open(id_, why)

    def skip(self, id_: str, why: str) -> None:
        """The requirement has no meaning for this target."""
        self.ledger.skip(id_, why)

    def need(self, exchange: Exchange, what: str) -> Exchange:
        """The exchange, if it was a success; the scenario cannot go on without."""
        if not exchange.ok:
            raise Inconclusive(f"{what}: {exchange.told} (exchange {exchange.number})")
        return exchange
