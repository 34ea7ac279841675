"""Judges what a target did by itself: what it pulled, what it pushed, what it asked and ordered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import unquote

from pydantic_core import from_json

from ocpi211.models import CDR, Location, Session, Tariff, Token
from ocpi211_check.fields import fields_of
from ocpi211_check.rules import judge
from ocpi211_check.scenarios.crawls import crawls_of, judge_crawls, query_of
from ocpi211_check.scenarios.delivered import Delivered

if TYPE_CHECKING:
    from pydantic import BaseModel

    from ocpi211_check.bench import Bench
    from ocpi211_check.evidence import Exchange

__all__ = ["COVERED", "Call", "Played"]

COVERED: Final = (
    *("TF-PAGE-12", "TF-PAGE-17", "TF-PAGE-18", "TF-PAGE-19", "TF-PAGE-20", "GIR-PAGE-01"),
    *("GIR-TOK-01", "SES-PULL-01", "TF-GET-01", "TF-PULL-03", "TF-OFF-02", "TOK-PULL-01", "TOK-PULL-02", "TY-ENUM-01"),
    *("TF-PUSH-01", "LOC-PUSH-01", "SES-PUSH-01", "CDR-PUSH-01", "TAR-PUSH-01", "TOK-PUSH-01", "TF-PATCH-09"),
    *("LOC-PUSH-02", "TOK-PUSH-02", "TF-PATCH-08", "TF-URL-02", "CDR-URL-01", "CRED-PUT-05", "CRED-PUT-01"),
    *("TF-OWN-06", "TF-OWN-07", "GIR-LOC-05", "GIR-SES-01", "GIR-AUTH-03", "GIR-CDR-02", "SES-OBJ-04"),
    *("GIR-TOK-02", "CMD-EMSP-01", "CMD-EMSP-02", "GIR-CMD-02", "GIR-CMD-04", "GIR-TAR-01", "GIR-CDR-01"),
    *("GIR-SAF-01", "GIR-SAF-02", "GIR-SAF-03", "GIR-SAF-04", "GIR-SAF-05", "TF-OFF-01", "TF-OFF-03"),
    *("TF-ENV-09", "GIR-HTTP-01", "GIR-CDR-08"),
)
"""What can be told from listening."""

_MODELS: Final[dict[str, type[BaseModel]]] = {
    "locations": Location,
    "sessions": Session,
    "cdrs": CDR,
    "tariffs": Tariff,
    "tokens": Token,
}
_RECEIVED: Final = {"cpo": ("tokens",), "emsp": ("locations", "sessions", "cdrs", "tariffs")}
"""What a party of this role receives, by push or else by pull."""
_NEEDED: Final = ("tokens", "locations")
"""The others a party may do without."""
_ORDER: Final = ("PENDING", "ACTIVE", "COMPLETED", "INVALID")


@dataclass(frozen=True)
class Call:
    """A request of the target, and its path behind the secret."""

    exchange: Exchange
    path: tuple[str, ...]

    @property
    def module(self) -> str:
        """The endpoint it went to."""
        return self.path[0]

    @property
    def verb(self) -> str:
        """The method."""
        return self.exchange.method

    @cached_property
    def body(self) -> dict[str, Any]:
        """The JSON object in its body; empty if there is none."""
        try:
            found = from_json(self.exchange.request_body or b"null")
        except ValueError:
            return {}
        return cast("dict[str, Any]", found) if isinstance(found, dict) else {}

    @property
    def same(self) -> tuple[str, str, bytes | None]:
        """What makes a call the same as another."""
        return self.verb, self.exchange.url, self.exchange.request_body

    @property
    def failed(self) -> bool:
        """It was answered 503."""
        return self.exchange.status == 503


class Played:
    """Everything that came while the check was listening."""

    def __init__(
        self,
        bench: Bench,
        calls: Sequence[Call],
        authorised: str,
        odd: str,
        ended: float,
        earlier: Sequence[Call] = (),
    ) -> None:
        self._bench = bench
        self._authorised = authorised
        self._odd = odd
        self._ended = ended
        self.calls = calls
        self._begun = {call.path for call in earlier if call.module == "sessions"}
        """The Sessions that were pushed before: what a command began may end now."""
        self.pushes = [call for call in calls if call.verb in {"PUT", "PATCH", "POST"} and call.module in _MODELS]
        self.pushes = [call for call in self.pushes if call.path[-1] != "authorize"]
        self.commands = [call for call in calls if call.module == "commands" and call.verb == "POST"]
        self.asked = [call for call in calls if call.path[-1] == "authorize"]
        gets = [call for call in calls if call.verb == "GET" and len(call.path) == 1 and call.module in _MODELS]
        self.pulled = {module: [call for call in gets if call.module == module] for module in {c.module for c in gets}}
        before = {call.module for call in earlier if call.verb == "GET" and len(call.path) == 1}
        self._gets_at = before | self.pulled.keys()
        """The modules that it has pulled at all: some do when they have registered, and then not for a day."""

    def judge(self) -> None:
        """All of it."""
        self._pulls()
        self._pushes()
        self._withdrawn()
        self._charges()
        Delivered(self._bench, self.pushes, self._ended).judge()
        self._asked()
        self._ordered()

    def _that(self, holds: bool, id_: str, detail: str, *calls: Call) -> None:  # noqa: FBT001  (as `Bench.that`)
        self._bench.that(holds, id_, detail, *(call.exchange for call in calls[:4]))

    def _of(self, module: str, *verbs: str) -> list[Call]:
        return [call for call in self.pushes if call.module == module and call.verb in verbs]

    def _pulls(self) -> None:
        for module, calls in self.pulled.items():
            judge_crawls(self._bench, module, crawls_of([call.exchange for call in calls]))
            if module == "tokens":
                self._that(bool(calls), "GIR-TOK-01", "it pulls no Tokens", *calls)
            if module == "sessions":
                dated = "date_from" in query_of(calls[0].exchange.url)
                self._that(dated, "SES-PULL-01", "Sessions without date_from", calls[0])
        unoffered = [module for module in _RECEIVED[self._bench.settings.role] if not self._bench.offers(module)]
        active = self.pushes or self.asked or self.commands
        for module in unoffered:
            if module in self._gets_at or (active and module in _NEEDED):
                text = f"it takes no push of {module}, and went about its business without pulling them"
                self._that(module in self._gets_at, "TF-PULL-03", text, *active)
        if not unoffered:
            self._bench.skip("TF-PULL-03", "the target takes pushes of every module")
        for call in self.calls:
            told_where = not self._bench.settings.gireve  # a hub gives no URL
            if told_where and call.verb == "GET" and call.module == "cdrs" and len(call.path) > 1:
                told = call.exchange.status == 200
                self._that(told, "CDR-URL-01", f"{call.exchange.url} is not the URL that the CDR was given", call)

    def _pushes(self) -> None:
        ids = {
            "locations": "LOC-PUSH-01",
            "sessions": "SES-PUSH-01",
            "cdrs": "CDR-PUSH-01",
            "tariffs": "TAR-PUSH-01",
            "tokens": "TOK-PUSH-01",
        }
        for module, id_ in ids.items():
            wrong = [call for call in self._of(module, "POST") if module != "cdrs"]
            wrong += self._of("cdrs", "PUT", "PATCH") if module == "cdrs" else []
            if any(call.module == module for call in self.pushes):
                self._that(not wrong, id_, f"{module} are not pushed so: {[call.verb for call in wrong]}", *wrong)
                self._that(True, "TF-PUSH-01", "")  # noqa: FBT003  (it pushes)
        for call in self.pushes:
            model = _MODELS[call.module]
            if call.verb == "PATCH":
                required = {name for name, field in fields_of(model).items() if field.required} - {"last_updated"}
                whole = len(call.path) == 4 and required <= call.body.keys()
                self._that(not whole, "TF-PATCH-09", "a PATCH with the whole object", call)
            elif len(call.path) == (1 if call.module == "cdrs" else 4):
                settings = self._bench.settings
                for id_, faults in judge(call.body, model, settings.profile, self._bench.operator):
                    self._that(not faults, id_, "; ".join(faults[:3]), call)
        if self._of("tariffs", "PUT"):
            offered = self._bench.offers("tariffs")
            self._that(
                offered, "GIR-TAR-01", "it PUTs Tariffs, and offers no list of them", *self._of("tariffs", "PUT")
            )
        statuses = [call for call in self._of("locations", "PATCH") if "status" in call.body]
        if statuses:
            right = all(len(call.path) == 5 for call in statuses)
            self._that(right, "GIR-LOC-05", "a status is PATCHed at its EVSE", *statuses)

    def _charges(self) -> None:
        sessions, cdrs = self._of("sessions", "PUT", "PATCH"), self._of("cdrs", "POST")
        puts = [call for call in sessions if call.verb == "PUT"]
        if self.asked:
            self._that(bool(puts), "GIR-SES-01", "it asked for an authorisation, and PUT no Session", *self.asked)
        for call in (*puts, *cdrs):
            if self.asked and call.body.get("auth_method") == "AUTH_REQUEST":
                given = call.body.get("authorization_id")
                text = f"authorization_id is {given!r}, where {self._authorised} was given"
                # The other one went with a command.
                kept = given in {self._authorised, self._bench.own("remote")}
                self._that(kept, "GIR-AUTH-03", text, call)
        known = {call.body.get("id") for call in puts} | {path[-1] for path in self._begun}
        for call in cdrs:
            if puts:
                self._that(call.body.get("id") in known, "GIR-CDR-02", "the id of the CDR is no Session's", call)
        for path in {call.path for call in sessions}:
            told = [str(call.body["status"]) for call in sessions if call.path == path and "status" in call.body]
            ranks = [_ORDER.index(status) for status in told if status in _ORDER]
            if told:
                begins = path in self._begun or told[0] in {"PENDING", "ACTIVE"}
                right = ranks == sorted(ranks) and begins
                self._that(right, "SES-OBJ-04", f"a Session went {' → '.join(told)}")

    def _withdrawn(self) -> None:
        for module, id_, gone in (
            ("locations", "LOC-PUSH-02", lambda body: body.get("status") == "REMOVED"),
            ("tokens", "TOK-PUSH-02", lambda body: body.get("valid") is False),
        ):
            deleted = [call for call in self.calls if call.verb == "DELETE" and call.module == module]
            for call in deleted:
                self._that(False, id_, f"DELETE of {call.exchange.url}", call)  # noqa: FBT003  (as above)
            if any(gone(call.body) for call in self._of(module, "PUT", "PATCH")):
                self._that(True, id_, "")  # noqa: FBT003  (as above)

    def _asked(self) -> None:
        for call in self.asked:
            evses = call.body.get("evse_uids") or []
            self._that(len(evses) == 1, "GIR-TOK-02", f"authorize names {len(evses)} EVSEs", call)
            named = unquote("/".join(call.path[1:-1]))
            if named == unquote(self._odd):
                right = call.path[1:-1] == (self._odd,)
                self._that(right, "TF-URL-02", f"{call.exchange.url} does not name the Token {self._odd!r}", call)
        for before, call in zip(self.asked, self.asked[1:], strict=False):
            between = self.calls[self.calls.index(before) : self.calls.index(call)]
            pulls = [other for other in between if other.verb == "GET" and other.path == ("tokens",)]
            self._that(not pulls, "TOK-PULL-02", "the Tokens are pulled for each authorisation", *pulls, call)

    def _ordered(self) -> None:
        urls = [str(call.body.get("response_url")) for call in self.commands]
        if len(urls) > 1:
            self._that(len(set(urls)) == len(urls), "CMD-EMSP-02", "two commands share a response_url", *self.commands)
        for call in self.commands:
            if call.path[1:] == ("START_SESSION",):
                self._that(bool(call.body.get("evse_uid")), "GIR-CMD-02", "START_SESSION without evse_uid", call)
