"""What schemathesis does not know of OCPI, as checks: envelope, 401, pages, PUT-then-GET, and what has to be accepted.

A page of the text each: transport_and_format.md, Response format, Security, Paginated Response, PUT.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import requests
import schemathesis
from jsonschema_rs import Draft202012Validator
from schemathesis.checks import CHECKS
from schemathesis.hooks import GLOBAL_HOOK_DISPATCHER

from ocpi211_runtime.operation import Operation
from tests.generated.described import in_ascii
from tests.server.drawn_requests import Drawing, operation_of
from tests.server.live import looked_at
from tests.server.offered import GUEST
from tests.server.stage import Reply

__all__ = ["Watch", "watching"]

_LONG_WALKS = 5  # of each list; a walk takes a request a page
_HASTE = 10
_date_time = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z?")

Json = Any


@dataclass
class Watch:
    """One run against one server; its methods that take a response and a case are the checks."""

    url: str
    token: str
    document: Json
    strict: bool
    valid: Counter[str] = field(default_factory=Counter[str])
    """Valid objects of its own that the guest sent, by operation."""
    refused: list[tuple[str, bytes, bytes]] = field(default_factory=list[tuple[str, bytes, bytes]])
    """Those that were not taken, with the answer."""
    walks: Counter[str] = field(default_factory=Counter[str])
    closed: set[str] = field(default_factory=set[str])

    def enveloped(self, response: Any, _: Any) -> None:
        """Every answer is an envelope, whatever was asked."""
        _reply(response)

    def closed_without_token(self, response: Any, case: Any) -> None:
        """What was answered with a token is answered 401 without it, and with another."""
        row = operation_of(case)
        if row.id in self.closed or response.status_code not in (200, 201):
            return
        self.closed.add(row.id)
        for token in (None, "unknown", self.token[:-1], self.token + "x"):
            answer = self._ask(response.request.method, response.request.url, token, _sent(response))
            assert (answer.status, answer.code) == (401, 2000), f"with the token {token!r}: {answer.body!r}"

    def paged(self, response: Any, case: Any) -> None:
        """The headers of a page are true, and its links lead through all of the list."""
        row, page = operation_of(case), _reply(response)
        if not row.paginated or page.code != 1000 or response.request.method != "GET":
            return
        asked = _query(response.request.url)
        left = max(int(page.headers["x-total-count"]) - int(asked.get("offset") or 0), 0)
        assert len(page.data) <= int(page.headers["x-limit"]), "there are more objects than X-Limit says"
        assert ("link" in page.headers) == (0 < len(page.data) < left), "a Link is missing, or one too many"
        if self.walks[row.id] >= _LONG_WALKS:
            return
        self.walks[row.id] += 1
        items = [item for each in self._pages(page, asked) for item in each.data]
        assert len(items) == left, f"{len(items)} objects came, of {left}"
        assert len({each.get("id") or each["uid"] for each in items}) == left, "an object comes twice"

    def kept_as_put(self, response: Any, case: Any) -> None:
        """What a PUT left is given back: null, an empty list and nothing are the same."""
        row, reply = operation_of(case), _reply(response)
        sent = self._valid(row, response)
        if row.verb != "PUT" or reply.code != 1000 or sent is None:
            return
        found = self._ask("GET", response.request.url, self.token)
        assert found.code == 1000, "it was accepted, and is not there"
        kept, put = _as_written(found.data), _as_written(sent)
        # One that is newer stays what it is.
        assert kept == put or kept["last_updated"] > put["last_updated"], f"given back was {json.dumps(kept)}"

    def taken_if_valid(self, response: Any, case: Any) -> None:
        """A valid object is accepted, or noted; one that the schema refuses is refused by a strict server."""
        row, reply = operation_of(case), _reply(response)
        if row.body is None or row.merge_patch or response.status_code in (401, 404, 405):
            return
        if (sent := self._valid(row, response)) is not None:
            self.valid[row.id] += 1
            if reply.code != 1000:
                self.refused.append((row.id, json.dumps(sent).encode(), reply.body))
        elif self.strict and response.request.method == row.verb and not self._is_whole(row, _sent(response)):
            assert reply.code != 1000, "a strict server accepted what the schema refuses"

    def _valid(self, row: Operation[Any], response: Any) -> Json:
        """The object that was sent, if the schema has it so and its URL names it; else None."""
        sent = _sent(response)
        if not row.created or row.module == "credentials" or not sent or not self._is_whole(row, sent):
            return None
        body = json.loads(sent)
        if self.strict and in_ascii(body) != body:  # no schema says that a string is ASCII, but the text does
            return None
        named = dict(zip(reversed(row.path.split("/")), reversed(_segments(response.request.url)), strict=False))
        owned = [named[f"{{{name}}}"] for name in row.owner] in ([], list(GUEST))
        agrees = all(named[f"{{{name}}}"] == body[member] for name, member in row.key)
        return body if owned and agrees and response.request.method == row.verb else None

    def _is_whole(self, row: Operation[Any], sent: bytes | None) -> bool:
        """Whether the schema has the body so, be it there or not."""
        if not sent or row.body is None:
            return not row.body_required
        try:
            body = json.loads(sent)
        except ValueError:
            return False
        return self._schema(row.body.__name__).is_valid(body)

    def _pages(self, page: Reply, asked: dict[str, str]) -> Iterator[Reply]:
        """This page and those that its links lead to."""
        seen: set[str] = set()
        filters = {name: value for name, value in asked.items() if name not in ("offset", "limit")}
        yield page
        while link := page.headers.get("link"):
            url, _, relation = link.removeprefix("<").partition(">")
            assert relation.replace(" ", "") == ';rel="next"'
            assert url.startswith(self.url), "a Link leads elsewhere"
            assert filters.items() <= _query(url).items(), "a Link has lost a filter"
            assert url not in seen, "the pages go round"
            seen.add(url)
            page = self._ask("GET", url, self.token)
            assert page.code == 1000
            yield page

    def _ask(self, method: str, url: str, token: str | None, body: bytes | None = None) -> Reply:
        """A request beside those of schemathesis."""
        headers = {} if token is None else {"Authorization": f"Token {token}"}
        answer = requests.request(method, url, headers=headers, data=body, timeout=_HASTE, allow_redirects=False)
        return looked_at(answer.status_code, answer.headers, answer.content)

    @cache  # noqa: B019  (a watch is as short as its run)
    def _schema(self, name: str) -> Draft202012Validator:
        schema = {"$ref": f"#/components/schemas/{name}", "components": self.document["components"]}
        return Draft202012Validator(schema)

    def __hash__(self) -> int:
        return id(self)


@contextmanager
def watching(watch: Watch, drawing: Drawing) -> Iterator[None]:
    """The checks and hooks for this one run: schemathesis has them for all."""
    checks = [watch.enveloped, watch.closed_without_token, watch.paged, watch.kept_as_put, watch.taken_if_valid]
    hooks: list[Callable[..., Any]] = [drawing.filter_case, drawing.map_case, drawing.before_call]
    for check in checks:
        schemathesis.check(_as_check(check))
    for hook in hooks:
        GLOBAL_HOOK_DISPATCHER.register_hook_with_name(hook, hook.__name__)
    try:
        yield
    finally:
        GLOBAL_HOOK_DISPATCHER.unregister_all()
        for check in checks:
            CHECKS.unregister(check.__name__)


def _as_check(method: Callable[[Any, Any], None]) -> Callable[[Any, Any, Any], None]:
    def check(_: Any, response: Any, case: Any) -> None:
        method(response, case)

    check.__name__ = method.__name__
    return check


def _reply(response: Any) -> Reply:
    headers = {name: values[0] for name, values in response.headers.items()}
    return looked_at(response.status_code, headers, response.content)


def _sent(response: Any) -> bytes | None:
    body = response.request.body
    return body.encode() if isinstance(body, str) else body


def _query(url: str) -> dict[str, str]:
    # In a URL a plus is a plus, and not the blank of a form.
    return dict(parse_qsl(urlsplit(url).query.replace("+", "%2B"), keep_blank_values=True))


def _segments(url: str) -> list[str]:
    return [unquote(each) for each in urlsplit(url).path.split("/")]


def _as_written(value: Json) -> Json:
    """The value as a server writes it: nothing for null and an empty list, whole seconds, four decimals."""
    match value:
        case dict():
            kept = {name: _as_written(each) for name, each in value.items()}
            return {name: each for name, each in kept.items() if each is not None and each != []}
        case list():
            return [_as_written(each) for each in value]
        case str() if _date_time.fullmatch(value):
            return f"{value[:19]}Z"
        case float():
            return round(value, 4)
        case _:
            return value
