"""For plain `schemathesis run`, as docs/schemathesis.md shows: `SCHEMATHESIS_HOOKS=ocpi211_check.hooks`.

Every request is kept to the test party of `OCPI_CHECK_PARTY` (as `FR*TST`), ids in body and URL are made equal, and the
check `ocpi` judges what HTTP statuses do not show. Registrations and commands are never sent.
"""

from __future__ import annotations

import os
from typing import Any, Final, cast

import schemathesis

from ocpi211_check.bench import OPERATIONS, Bench
from ocpi211_check.catalogue import PROFILES, Profile, catalogue
from ocpi211_check.drawn import Judge, own_id, synchronised
from ocpi211_check.evidence import Exchange
from ocpi211_check.passive import Watcher
from ocpi211_check.settings import Settings
from ocpi211_check.verdicts import Verdict

__all__ = ["before_call", "ocpi"]

_MARK: Final = "OCPI-CHECK-ST"
_NOT_OURS: Final = ("credentials", "commands")


class _Asserting:
    """Stands for the bench of a run: what would fail there fails the test case here."""

    def __init__(self) -> None:
        profile = cast("Profile", os.environ.get("OCPI_CHECK_PROFILE", PROFILES[0]))
        # The address and the token are told to schemathesis, and the role to nobody.
        self.settings = Settings(versions_url="https://target.invalid", token="unknown", role="cpo", profile=profile)  # noqa: S106
        self.token = ""
        self.operator = ""

    def that(self, holds: bool, id_: str, detail: str, *shown: Exchange) -> bool:  # noqa: ARG002, FBT001  (as `Bench.that`)
        row = catalogue()[id_]
        if not holds and row.breach is Verdict.FAIL:
            raise AssertionError(f"{id_}: {detail}\n{row.sentence}\n{row.link}")
        return holds


_bench = cast("Bench", _Asserting())
_judge = Judge(_bench)
_watcher = Watcher(_bench)


def _party() -> tuple[str, str]:
    country_code, _, party_id = os.environ.get("OCPI_CHECK_PARTY", "").partition("*")
    if not (len(country_code) == 2 and len(party_id) == 3):
        raise ValueError("set OCPI_CHECK_PARTY to the party your token belongs to, as FR*TST")
    return country_code, party_id


def _id(case: Any) -> str:  # noqa: ANN401  (a case of schemathesis)
    return cast("str", case.operation.definition.raw["operationId"])


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:  # noqa: ANN401, ARG001  (its hook)
    """Keeps a request to the test party. ValueError for one that must not be sent."""
    operation = OPERATIONS[_id(case)]
    if operation.module in _NOT_OURS and operation.verb != "GET":
        raise ValueError(f"{operation.id} changes a registration or moves a charge point: exclude its tag")
    path = case.path_parameters or {}
    case.path_parameters, case.body = synchronised(
        operation, path, case.body, _party(), lambda drawn: own_id(_MARK, drawn)
    )
    kwargs["allow_redirects"] = False


@schemathesis.check
def ocpi(context: Any, response: Any, case: Any) -> None:  # noqa: ANN401, ARG001  (its check)
    """Envelope, paging headers, values; what is valid is accepted, what is not refused. AssertionError otherwise."""
    request = response.request
    body = request.body.encode() if isinstance(request.body, str) else request.body
    exchange = Exchange(
        0,
        "sent",
        str(request.method),
        str(request.url),
        tuple(request.headers.items()),
        body,
        response.status_code,
        tuple((name, value) for name, values in response.headers.items() for value in values),
        response.content or b"",
        response.elapsed,
        _judge.about(_id(case), body),
    )
    _watcher(exchange)
    _judge.judge(exchange, _id(case))
