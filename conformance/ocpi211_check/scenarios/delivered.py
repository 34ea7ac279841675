"""Judges what became of a target's pushes: refused, unknown, accepted in odd ways, or followed by what they promise.

transport_and_format.md, PATCH and Offline behaviour; status_codes.md; GIREVE: cpo_cdrs.md, cpo_tariffs.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ocpi211_check.bench import Bench
    from ocpi211_check.scenarios.rehearsed import Call

__all__ = ["Delivered"]

_FORWARDED: Final = {"locations": "GIR-SAF-01", "sessions": "GIR-SAF-02", "cdrs": "GIR-SAF-03", "tariffs": "GIR-SAF-04"}
_TERSE: Final = {
    "locations": ("TF-ENV-09", "an answer without data"),
    "tariffs": ("TF-ENV-09", "an answer without data"),
    "sessions": ("GIR-HTTP-01", "HTTP 200 for what is new"),
    "tokens": ("GIR-HTTP-01", "HTTP 200 for what is new"),
    "cdrs": ("GIR-CDR-08", "an answer without Location"),
}
_AT_ONCE: Final = 5.0
"""Seconds within which nobody tries again but a client behind its caller's back."""
_PLAIN_ID = re.compile(r"[\w.~-]*[\w~-][\w.~-]*", re.ASCII)


class Delivered:
    """The pushes of a target, in the order in which they came."""

    def __init__(self, bench: Bench, pushes: Sequence[Call], ended: float) -> None:
        self._bench = bench
        self._pushes = pushes
        self._ended = ended

    def judge(self) -> None:
        """All of it."""
        for number, push in enumerate(self._pushes):
            later = self._pushes[number + 1 :]
            again = [call for call in later if call.same == push.same]
            if push.failed:
                self._refused(push, later, again)
            elif push.exchange.status < 300:
                self._accepted(push, again)
            elif push.verb == "PATCH" and push.exchange.status == 404:
                self._unknown(push, later)
            self._encoded(push)
        if self._bench.settings.gireve:
            self._billed()

    def _that(self, holds: bool, id_: str, detail: str, *calls: Call) -> None:  # noqa: FBT001  (as `Bench.that`)
        self._bench.that(holds, id_, detail, *(call.exchange for call in calls[:4]))

    def _at(self, call: Call) -> float:
        counterpart = self._bench.counterpart
        return counterpart.arrived.get(call.exchange.number, 0.0) if counterpart else 0.0

    def _refused(self, failed: Call, later: Sequence[Call], again: Sequence[Call]) -> None:
        """It was answered 503."""
        if not self._bench.settings.gireve:
            self._that(not again, "TF-OFF-01", "a push that failed was sent again later", failed, *again)
            soon = [call for call in again if self._at(call) - self._at(failed) < _AT_ONCE]
            self._that(not soon, "TF-OFF-03", "a push that failed was sent again at once", failed, *soon)
            return
        if failed.module not in _FORWARDED:
            return
        text = "answered 503, it was not sent again while the check was listening"
        self._that(bool(again), _FORWARDED[failed.module], text, failed)
        others = [call for call in later if call.module == failed.module]
        if again and others:
            overtaken = others[0].same != failed.same
            self._that(not overtaken, "GIR-SAF-05", "a later push overtook one that had failed", failed, others[0])

    def _accepted(self, push: Call, again: Sequence[Call]) -> None:
        """It was answered as a hub answers: who takes that for a failure sends it again."""
        if self._bench.settings.gireve and push.module in _TERSE:
            id_, how = _TERSE[push.module]
            self._that(not again, id_, f"{how} is taken for a failure: it was sent again", push, *again)

    def _unknown(self, push: Call, later: Sequence[Call]) -> None:
        """A PATCH of what we do not know."""
        puts = [call for call in later if call.verb == "PUT" and call.path == push.path[: len(call.path)]]
        if not puts and self._ended - self._at(push) < self._bench.settings.quiet:
            return
        self._that(bool(puts), "TF-PATCH-08", "a PATCH was answered 404, and no PUT of the object followed", push)

    def _encoded(self, push: Call) -> None:
        """The id at the end of the path is the one in the body, whatever it is made of."""
        id_ = push.body.get("uid" if push.module == "tokens" or len(push.path) == 5 else "id")
        if push.verb != "PUT" or not isinstance(id_, str) or _PLAIN_ID.fullmatch(id_):
            return
        right = push.path[-1] == id_ and len(push.path) in ((4, 5, 6) if push.module == "locations" else (4,))
        self._that(right, "TF-URL-02", f"{push.exchange.url} does not name {id_!r}", push)

    def _billed(self) -> None:
        """A Session that is over has its CDR."""
        bills = [call for call in self._pushes if call.module == "cdrs" and call.verb == "POST"]
        over = [call for call in self._pushes if call.module == "sessions" and call.body.get("status") == "COMPLETED"]
        longest = self._bench.settings.call_back
        for session in over:
            bill = next((call for call in bills if call.body.get("id") == session.path[-1]), None)
            waited = (self._ended if bill is None else self._at(bill)) - self._at(session)
            if bill is None and waited < longest:
                self._bench.open("GIR-CDR-01", "the check did not listen long enough for the CDR of a Session")
                continue
            text = f"no CDR within {longest:g} s of the end of the Session"
            self._that(waited <= longest, "GIR-CDR-01", text, session, *([bill] if bill else []))
