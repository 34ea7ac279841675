"""Looks at every answer, whatever it was asked for: envelope, paging headers, how values are written.

transport_and_format.md, Response format; status_codes.md; types.md.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qs, urlsplit

from ocpi211_check.bench import ODD, OPERATIONS
from ocpi211_check.rules import judge
from ocpi211_check.rules.reading import moment
from ocpi211_check.rules.tally import Tally
from ocpi211_check.rules.types import judge_date_time
from ocpi211_check.sameness import without
from ocpi211_runtime.pages import parse_next, read_count
from ocpi211_runtime.urls import checked

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ocpi211_check.bench import Bench
    from ocpi211_check.evidence import Exchange
    from ocpi211_runtime.operation import Operation

__all__ = ["Watcher"]

_KNOWN_CODES = {1000, 2000, 2001, 2002, 2003, 3000, 3001, 3002, 3003}
_CLOCKS_APART = 120  # seconds
_TELLING = 12  # characters
_INSIDES = re.compile(rb"Traceback|at [\w.$]+\([\w]+\.java|Exception in|line \d+, in |SQLSTATE|sqlite3|psycopg|asyncpg")


class Watcher:
    """Observes the answers of a run, for its ledger."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    def __call__(self, exchange: Exchange) -> None:
        """Judges one answer."""
        if not exchange.status:
            return
        self._envelope(exchange)
        self._codes(exchange)
        operation = OPERATIONS.get(exchange.about)
        if operation is None or not exchange.ok:
            return
        self._data(exchange, operation)
        if operation.paginated and isinstance(exchange.data, list):
            self._page(exchange, cast("list[object]", exchange.data))

    def _that(self, holds: bool, id_: str, detail: str, exchange: Exchange) -> None:  # noqa: FBT001  (as `Bench.that`)
        self._bench.that(holds, id_, detail, exchange)

    def _envelope(self, exchange: Exchange) -> None:
        media_type = (exchange.header("content-type") or "").partition(";")[0].strip().lower()
        ok = bool(exchange.envelope) and media_type == "application/json"
        self._that(ok, "TF-ENV-01", f"{exchange.told} is no JSON object of type application/json", exchange)
        code = exchange.envelope.get("status_code")
        right = isinstance(code, int) and not isinstance(code, bool) and code >= 1000
        self._that(right, "TF-ENV-02", f"status_code is {code!r}", exchange)
        stamp = exchange.envelope.get("timestamp")
        made = moment(stamp)
        self._that(made is not None, "TF-ENV-03", f"timestamp is {stamp!r}", exchange)
        if made is not None:
            apart = abs((datetime.now(UTC) - made).total_seconds())
            self._that(apart <= _CLOCKS_APART, "TF-ENV-03", f"timestamp is {apart:.0f} s away from now", exchange)
            self._written(stamp, exchange)
        message = exchange.envelope.get("status_message")
        said = message is None or isinstance(message, str)
        fits = said and (code != 1000 or message is None or message == "Success")
        self._that(fits, "TF-ENV-07", f"status_message is {message!r} with {code}", exchange)
        if exchange.status >= 400:
            ok = isinstance(code, int) and 2000 <= code < 4000
            self._that(ok, "TF-ENV-06", f"HTTP {exchange.status} with status_code {code!r}", exchange)

    def _written(self, stamp: object, exchange: Exchange) -> None:
        tally = Tally()
        judge_date_time(tally, stamp, "/timestamp")
        self._record(tally, exchange)

    def _codes(self, exchange: Exchange) -> None:
        if exchange.code is not None:
            text = f"status_code {exchange.code} is not in the table"
            self._that(exchange.code in _KNOWN_CODES, "ST-CODE-01", text, exchange)
        failed = exchange.status >= 500
        if not exchange.about.startswith(ODD):
            self._that(not failed, "ST-5XX-01", f"{exchange.told} to a valid request", exchange)
        if failed:
            told = exchange.status == 500 and exchange.code == 3000 and not _INSIDES.search(exchange.body)
            self._that(told, "ST-5XX-02", f"{exchange.told}, or the answer tells of the server's insides", exchange)
        token = self._bench.token.encode()
        # A short one may well be part of a word.
        if len(token) >= _TELLING and "credentials" not in exchange.about:
            text = "the answer repeats the token"
            self._that(token not in exchange.body, "TF-AUTH-08", text, exchange)

    def _data(self, exchange: Exchange, operation: Operation[Any]) -> None:
        if operation.result is None:
            self._that(exchange.data == {}, "TF-ENV-08", f"data of a write is {exchange.data!r}", exchange)
            return
        if operation.verb == "GET":
            self._that(exchange.data is not None, "TF-ENV-05", "a success without data", exchange)
        listed = operation.paginated or operation.name == "list_versions"
        right = isinstance(exchange.data, list if listed else dict)
        kind = "an array" if listed else "one object"
        self._that(right, "TF-ENV-04", f"data is {type(exchange.data).__name__}, not {kind}", exchange)
        if not right or operation.owner or operation.id == "emsp.cdrs.get_cdr":
            return
        # What the tool wrote itself may be spelt as it was written: a hub lists it too.
        objects = [entry for entry in (exchange.data if listed else [exchange.data]) if not self._ours(entry)]
        if operation.name == "authorize_token":  # the location is what was asked about, as it was asked
            objects = [without(entry, "location") for entry in objects if isinstance(entry, dict)]
        model = getattr(operation.result, "__args__", (operation.result,))[-1]
        for found in objects:
            self._record(judge(found, model, self._bench.settings.profile, self._bench.operator), exchange)

    def _ours(self, entry: object) -> bool:
        if not isinstance(entry, dict):
            return False
        named = cast("dict[str, object]", entry)
        return str(named.get("uid") or named.get("id")).startswith(f"{self._bench.settings.mark}-")

    def _record(self, results: Iterable[tuple[str, list[str]]], exchange: Exchange) -> None:
        for id_, faults in results:
            self._that(not faults, id_, "; ".join(faults[:3]), exchange)

    def _page(self, exchange: Exchange, data: list[object]) -> None:
        total, limit = (read_count(exchange.header(name)) for name in ("x-total-count", "x-limit"))
        text = f"X-Total-Count {exchange.header('x-total-count')!r}, X-Limit {exchange.header('x-limit')!r}"
        self._that(total is not None and limit is not None and limit >= 1, "TF-PAGE-01", text, exchange)
        query = {name: values[-1] for name, values in parse_qs(urlsplit(exchange.url).query).items()}
        asked = read_count(query.get("limit")) or len(data)
        fits = len(data) <= min(asked, limit if limit is not None else len(data))
        self._that(fits, "TF-PAGE-02", f"{len(data)} objects, limit {query.get('limit')}, {text}", exchange)
        values = [value for name, value in exchange.headers if name.lower() == "link"]
        try:
            target = parse_next(values)
            if target is not None:
                checked(target)
        except ValueError as error:
            self._that(False, "TF-PAGE-10", f"Link {values!r}: {error}", exchange)  # noqa: FBT003  (as `Bench.that`)
            return
        if values:
            self._that(target is not None, "TF-PAGE-10", f'Link {values!r} has no rel="next"', exchange)
        if total is not None:
            more = (read_count(query.get("offset")) or 0) + len(data) < total
            has = "a" if target else "no"
            self._that(more == bool(target), "TF-PAGE-05", f"{has} Link, where {text}", exchange)
