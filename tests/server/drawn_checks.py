"""What schemathesis does not know of OCPI, as checks of its own kind: envelope, 401, pages, and PUT-then-GET.

Also what is sent: a drawn object belongs to the party that sends it, under the id that its URL names. Without that
nearly half of all valid objects would be refused for it, and prove nothing.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import requests
import schemathesis
from jsonschema_rs import Draft202012Validator
from schemathesis.checks import CHECKS
from schemathesis.hooks import GLOBAL_HOOK_DISPATCHER

from ocpi211.operations import OPERATIONS
from ocpi211_runtime.operation import Operation
from tests.server.live import looked_at
from tests.server.offered import GUEST
from tests.server.stage import Reply

__all__ = ["NAMES", "Watch", "watching"]

NAMES = ("enveloped", "closed_without_token", "paged", "kept_as_put", "refused_or_accepted")
_date_time = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z?")
_LONG_WALKS = 5  # of each list; a walk takes a request a page
_HASTE = 10

Json = Any


@dataclass
class Watch:
    """One run against one server."""

    url: str
    token: str
    document: Json
    strict: bool
    accepted: Counter[str] = field(default_factory=Counter[str])
    """By operation: valid bodies that were answered 1000, and all valid ones."""
    valid: Counter[str] = field(default_factory=Counter[str])
    refused: list[Any]=field(default_factory=list)
    walks: Counter[str] = field(default_factory=Counter[str])
    closed: set[str] = field(default_factory=set[str])

    def ask(self, method: str, url: str, token: str | None = None, body: bytes | None = None) -> Reply:
        """A request beside those of schemathesis."""
        headers = {} if token == "" else {"Authorization": f"Token {token or self.token}"}  # noqa: PLC1901
        answer = requests.request(method, url, headers=headers, data=body, timeout=_HASTE, allow_redirects=False)
        return looked_at(answer.status_code, answer.headers, answer.content)

    def schema_of(self, operation: Operation[Any]) -> Draft202012Validator:
        """Of its body."""
        name = operation.body.__name__ if operation.body else ""
        return Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": self.document["components"]})


@contextmanager
def watching(watch: Watch) -> Iterator[None]:
    """The hooks and checks, which schemathesis has for all runs, for this one."""
    checks = [_named(name, getattr(_Checks(watch), name)) for name in NAMES]
    hooks = [before_call]
    for check in checks:
        schemathesis.check(check)
    for hook in hooks:
        GLOBAL_HOOK_DISPATCHER.hook(hook)
    try:
        yield
    finally:
        for hook in hooks:
            GLOBAL_HOOK_DISPATCHER.unregister(hook)
        for name in NAMES:
            CHECKS.unregister(name)


def _named(name: str, check: Callable[[Any, Any], None]) -> Callable[[Any, Any, Any], None]:
    def checked(_: Any, response: Any, case: Any) -> None:
        check(response, case)

    checked.__name__ = name
    return checked


def before_call(_: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """The owner in the URL is the guest; the id in a body is that of the URL, unless it is the id that is wrong."""
    kwargs["allow_redirects"] = False
    row = operation_of(case)
    path = dict(case.path_parameters or {})
    if row.owner and all(isinstance(path.get(name), str) for name in row.owner):
        path.update(zip(row.owner, GUEST, strict=True))
    if path.get("location_id") and len(row.path_parameters) > 3:
        path["location_id"] = "LOC001"  # an EVSE and a Connector are parts of something
        if "connector_id" in path:
            path["evse_uid"] = "EVSE001-1"
    if path:
        case.path_parameters = path
    if isinstance(case.body, dict):
        case.body = {**case.body, **{member: path[name] for name, member in row.key if _fits(case.body, member, path[name])}}


def _fits(body: Mapping[str, Json], member: str, wanted: Json) -> bool:
    return isinstance(body.get(member), str) and isinstance(wanted, str) and 0 < len(body[member]) <= 39


def operation_of(case: Any) -> Operation[Any]:
    return OPERATIONS[case.operation.definition.raw["operationId"]]


class _Checks:
    def __init__(self, watch: Watch) -> None:
        self.watch = watch

    def enveloped(self, response: Any, case: Any) -> None:
        """Every answer is an envelope, whatever was asked."""
        reply_of(response)

    def closed_without_token(self, response: Any, case: Any) -> None:
        """What was answered with a token is answered 401 without it, and with another."""
        row = operation_of(case)
        if row.id in self.watch.closed or response.status_code not in (200, 201):
            return
        self.watch.closed.add(row.id)
        for token in ("", "unknown", self.watch.token[:-1], self.watch.token + "x"):
            answer = self.watch.ask(row.verb, response.request.url, token, body_of(response))
            assert (answer.status, answer.code) == (401, 2000), f"{row.id} with the token {token!r}: {answer.body!r}"

    def paged(self, response: Any, case: Any) -> None:
        """The headers of a page are true, and its links lead through all of the list."""
        row, reply = operation_of(case), reply_of(response)
        if not row.paginated or reply.code != 1000 or response.request.method != "GET":
            return
        total, limit = int(reply.headers["x-total-count"]), int(reply.headers["x-limit"])
        asked = dict(parse_qsl(urlsplit(response.request.url).query, keep_blank_values=True))
        offset = int(asked.get("offset") or 0)
        assert len(reply.data) <= limit, "more objects than X-Limit says"
        assert ("link" in reply.headers) == (0 < len(reply.data) < total - offset), reply.headers
        if self.watch.walks[row.id] >= _LONG_WALKS:
            return
        self.watch.walks[row.id] += 1
        seen = [response.request.url]
        items = list(reply.data)
        while link := reply.headers.get("link"):
            url, _, relation = link.partition(">")
            assert relation.replace(" ", "") == ';rel="next"'
            assert url[1:].startswith(self.watch.url)
            assert url not in seen, "the pages go round"
            kept = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
            assert {name: value for name, value in asked.items() if name not in ("offset", "limit")}.items() <= kept.items()
            reply = self.watch.ask("GET", url[1:])
            assert reply.code == 1000
            seen.append(url)
            items += reply.data
        ids = [each.get("id") or each.get("uid") for each in items]
        assert len(ids) == max(total - offset, 0), f"{len(ids)} objects of {total} from {offset}"
        assert len(set(ids)) == len(ids), "an object comes twice"

    def kept_as_put(self, response: Any, case: Any) -> None:
        """What a PUT left is given back: null, an empty list and nothing are the same."""
        row, reply = operation_of(case), reply_of(response)
        sent = self._valid(row, response)
        if row.verb != "PUT" or reply.code != 1000 or sent is None:
            return
        found = self.watch.ask("GET", response.request.url)
        assert found.code == 1000, "it was accepted, and is not there"
        kept, put = as_written(found.data), as_written(sent)
        # One that is newer stays what it is.
        assert kept == put or kept["last_updated"] > put["last_updated"], f"given back was {json.dumps(kept)}"

    def refused_or_accepted(self, response: Any, case: Any) -> None:
        """A valid object is accepted; one that the schema refuses is refused by a strict server."""
        row, reply = operation_of(case), reply_of(response)
        if not row.created or row.module == "credentials" or response.status_code in (401, 404, 405):
            return
        if self._valid(row, response) is not None:
            self.watch.valid[row.id] += 1
            self.watch.accepted[row.id] += reply.code == 1000
            if reply.code != 1000: self.watch.refused.append((row.id,body_of(response)[:300],reply.body[:300]))
        elif self.watch.strict:
            assert reply.code != 1000, "a strict server accepted what the schema refuses"

    def _valid(self, row: Operation[Any], response: Any) -> Json:
        """The object that was sent, if it is one by the schema, and its URL names it; else None."""
        sent = body_of(response)
        if row.body is None or not row.created or response.request.method != row.verb or not sent:
            return None
        try:
            body = json.loads(sent)
        except ValueError:
            return None
        return body if self.watch.schema_of(row).is_valid(body) and proper(response, row, body) else None


def proper(response: Any, row: Operation[Any], body: Json) -> bool:
    """Whether the URL is that of this object of the guest, and the token is there."""
    segments = [unquote(each) for each in urlsplit(response.request.url).path.split("/")]
    named = dict(zip(row.path.split("/"), segments[-row.path.count("/") - 1 :], strict=False))
    owned = [named["{%s}" % name] for name in row.owner]
    ids = [(named["{%s}" % name], body.get(member)) for name, member in row.key]
    return owned in ([], list(GUEST)) and all(one == other for one, other in ids) and response.status_code != 401


def reply_of(response: Any) -> Reply:
    headers = {name: values[0] for name, values in response.headers.items()}
    if response.request.method == "HEAD":
        return Reply(response.status_code, headers, b"", {"status_code": 0, "data": None})
    return looked_at(response.status_code, headers, response.content)


def body_of(response: Any) -> bytes | None:
    body = response.request.body
    return body.encode() if isinstance(body, str) else body


def as_written(value: Json) -> Json:
    """The value as it leaves us: nothing for null and for an empty list, whole seconds, four decimals."""
    match value:
        case dict():
            kept = {name: as_written(each) for name, each in value.items()}
            return {name: each for name, each in kept.items() if each is not None and each != []}
        case list():
            return [as_written(each) for each in value]
        case str() if _date_time.fullmatch(value):
            return f"{value[:19]}Z"
        case float():
            return round(value, 4)
        case _:
            return value
