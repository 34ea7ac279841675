"""The one module that knows schemathesis (4.32.5): it draws the requests, `drawn` judges the answers.

Its own checks are off: they read HTTP statuses, where OCPI says no with HTTP 200 and 2xxx. So is what makes two runs
differ: its cache, its example database, and what it learns from answers.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal, cast

import requests
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import from_schema
from schemathesis.engine.events import FatalError, NonFatalError
from schemathesis.hooks import GLOBAL_HOOK_DISPATCHER, HookContext

from ocpi211_check.bench import OPERATIONS
from ocpi211_check.drawn import FUZZED, Judge, own_id, synchronised
from ocpi211_check.evidence import Exchange
from ocpi211_check.fuzz_documents import document

if TYPE_CHECKING:
    from ocpi211_check.bench import Bench
    from ocpi211_check.settings import Settings

__all__ = ["configuration", "fuzz"]

Mode = Literal["positive", "negative"]

_MOST_EXAMPLES = 10_000
_SHARES: Mapping[Mode, float] = {"positive": 0.6, "negative": 0.4}
"""Of the time: drawn together, the one would wait for the other to end."""


def configuration(settings: Settings, token: str, mode: Mode, *, examples: int | None = None) -> dict[str, Any]:
    """The configuration of a run, complete: no file of that name in any folder above is looked at."""
    seconds = max(1, int(settings.fuzz * _SHARES[mode]))
    off = {"enabled": False}
    deterministic = {
        "mode": mode,
        "max-examples": examples or _MOST_EXAMPLES,
        "no-shrink": True,
        "database": "none",
        "with-security-parameters": False,
    }
    fuzzing = {"enabled": True, "extra-data-sources": {"responses": False}, "error-feedback": off}
    coverage = {"enabled": settings.coverage, "unexpected-methods": [], "extra-data-sources": {"responses": False}}
    return {
        "seed": settings.seed,
        "cache": off,
        "workers": 1,
        "continue-on-failure": True,
        "headers": {"Authorization": f"Token {token}", "Accept": "application/json"},
        "request-timeout": settings.timeout,
        "max-redirects": 0,
        "tls-verify": settings.ca or True,
        "suppress-health-check": ["all"],
        "checks": off,
        "generation": deterministic,
        "phases": {"examples": off, "coverage": coverage, "fuzzing": fuzzing, "stateful": off},
        **({"max-time": seconds} if settings.fuzz else {}),
        **({"rate-limit": f"{max(1, int(settings.rate))}/s"} if settings.rate else {}),
    }


async def fuzz(bench: Bench, *, examples: int | None = None) -> None:
    """Draws requests for as long as the settings say, and judges the answers into the ledger of the bench."""
    await asyncio.to_thread(_fuzz, bench, examples)


def _fuzz(bench: Bench, examples: int | None) -> None:
    settings = bench.settings
    party = (settings.country_code or "ZZ", settings.party_id or "ZZZ")
    base, found = document(settings.role, bench.endpoints, party, write=settings.write)
    if not found["paths"]:
        for id_ in FUZZED:
            bench.open(id_, "the target offers nothing that requests could be drawn for")
        return
    judge = Judge(bench)
    with _hooks(bench, judge, party):
        for mode in _SHARES:
            config = SchemathesisConfig.from_dict(configuration(settings, bench.token, mode, examples=examples))
            schema = schemathesis.openapi.from_dict(found, config=config)
            schema.config.update(base_url=base)
            for event in from_schema(schema).execute():
                if isinstance(event, FatalError):
                    raise event.exception
                if isinstance(event, NonFatalError):
                    raise event.value


@contextmanager
def _hooks(bench: Bench, judge: Judge, party: tuple[str, str]) -> Generator[None]:
    """Hooks about a call are global to schemathesis: they are taken back when the run is over."""
    mark = bench.own("drawn")

    def name(drawn: str) -> str:
        return own_id(mark, drawn)

    def before_call(context: HookContext, case: Any, kwargs: dict[str, Any]) -> None:  # noqa: ANN401, ARG001  (its hook)
        operation = OPERATIONS[_id(case)]
        path = case.path_parameters or {}
        case.path_parameters, case.body = synchronised(operation, path, case.body, party, name)
        kwargs["allow_redirects"] = False

    def after_call(context: HookContext, case: Any, response: Any) -> None:  # noqa: ANN401, ARG001  (its hook)
        exchange = _exchange(bench, judge, _id(case), response)
        url = judge.judge(exchange, _id(case))
        if url:
            judge.read_back(_read(bench, url, _id(case), exchange), _id(case))

    hooks = (before_call, after_call)
    for hook in hooks:
        GLOBAL_HOOK_DISPATCHER.hook(hook)
    try:
        yield
    finally:
        for hook in hooks:
            GLOBAL_HOOK_DISPATCHER.unregister(hook)


def _id(case: Any) -> str:  # noqa: ANN401  (a case of schemathesis)
    return cast("str", case.operation.definition.raw["operationId"])


def _exchange(bench: Bench, judge: Judge, operation_id: str, response: Any) -> Exchange:  # noqa: ANN401  (its response)
    request = response.request
    body = request.body.encode() if isinstance(request.body, str) else request.body
    headers = tuple((name, value) for name, values in response.headers.items() for value in values)
    exchange = bench.wire.keep(
        lambda number: Exchange(
            number,
            "sent",
            str(request.method),
            str(request.url),
            tuple((str(name), _text(value)) for name, value in request.headers.items()),
            body,
            response.status_code,
            headers,
            response.content or b"",
            response.elapsed,
            judge.about(operation_id, body),
        )
    )
    _observed(bench, exchange)
    return exchange


def _read(bench: Bench, url: str, operation_id: str, written: Exchange) -> Exchange:
    """GET of what was just written, by the same way."""
    headers = {"Authorization": f"Token {bench.token}", "Accept": "application/json"}
    started = time.monotonic()
    settings = bench.settings
    answer = requests.get(
        url, headers=headers, timeout=settings.timeout, allow_redirects=False, verify=settings.ca or True
    )
    about = operation_id.replace(".put_", ".get_").replace(".patch_", ".get_")
    exchange = bench.wire.keep(
        lambda number: Exchange(
            number,
            "sent",
            "GET",
            url,
            tuple(headers.items()),
            written.request_body if written.method == "PATCH" else None,
            answer.status_code,
            tuple(answer.headers.items()),
            answer.content,
            time.monotonic() - started,
            about,
        )
    )
    _observed(bench, exchange)
    return exchange


def _observed(bench: Bench, exchange: Exchange) -> None:
    for observer in bench.wire.observers:
        observer(exchange)


def _text(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
