"""schemathesis against servers that run: all phases, its own checks and ours, and nothing found."""

from __future__ import annotations

import json
import os
from collections import Counter
from importlib.resources import files
from typing import Any, Final

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, from_schema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished

from ocpi211.operations import OPERATIONS
from tests.server.apart import Apart, apart
from tests.server.drawn_checks import Watch, watching
from tests.server.drawn_requests import Drawing

THOROUGH: Final = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
NOT_SENT: Final = {
    # It ends the registration of the guest: all that came after would be answered 401, and prove nothing.
    "cpo": ["cpo.credentials.delete_credentials"],
    # As above; one that is GIREVE's; and results of commands come to URLs that end in an id.
    "emsp": [
        "emsp.credentials.delete_credentials",
        "emsp.tokens.get_token",
        "emsp.commands.post_result_without_uid",
    ],
}
LEARNS_NOTHING: Final = {"responses": False}
"""Or it would write over the Location that EVSEs and Connectors are put into."""
PHASES: Final = {"examples", "coverage", "fuzzing", "stateful"}


def configuration(role: str, token: str) -> dict[str, Any]:
    """All phases, bounded by numbers, so that the same cases come each time."""
    return {
        "seed": 211,
        "cache": {"enabled": False},
        "workers": 1,
        "continue-on-failure": True,
        "headers": {"Authorization": f"Token {token}"},
        "request-timeout": 10,
        "max-redirects": 0,
        "suppress-health-check": ["all"],
        "generation": {"max-examples": 100 if THOROUGH else 5, "no-shrink": True, "database": "none"},
        "phases": {
            "examples": {"extra-data-sources": LEARNS_NOTHING},
            "fuzzing": {"extra-data-sources": LEARNS_NOTHING},
            "coverage": {
                "extra-data-sources": LEARNS_NOTHING,
                # Not DELETE, for the reason given above: this phase tries the verbs that are not described.
                "unexpected-methods": ["get", "put", "post", "patch", "options", "trace"],
            },
            "stateful": {"max-steps": 4},
        },
        "operations": [
            {
                # Who asks is registered already, and is told so with 405.
                "include-operation-id": f"{role}.credentials.post_credentials",
                "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "405"]}},
            }
        ],
        # What is wrong with the data is told with HTTP 200 and 2001; `Watch.taken_if_valid` looks at that.
        "checks": {"negative_data_rejection": {"enabled": False}},
    }


def findings(server: Apart, role: str, watch: Watch, drawing: Drawing) -> tuple[list[str], Counter[str]]:
    """What schemathesis has to say, and how many cases of each phase it sent."""
    config = SchemathesisConfig.from_dict(configuration(role, server.token))
    schema = schemathesis.openapi.from_dict(watch.document, config=config)
    schema.config.update(base_url=server.url)
    found: list[str] = []
    sent: Counter[str] = Counter()
    with watching(watch, drawing):
        for event in from_schema(schema.exclude(operation_id=NOT_SENT[role])).execute():
            if isinstance(event, FatalError):
                raise event.exception
            if isinstance(event, NonFatalError):
                found.append(f"{event.label}: {event.value}")
            if isinstance(event, ScenarioFinished):
                sent[event.phase.value] += len(event.recorder.cases)
                found += failures(event)
    return found, sent


def failures(event: ScenarioFinished) -> list[str]:
    """Each as a person reads it."""
    told: list[str] = []
    for case, checks in event.recorder.checks.items():
        for check in checks:
            if check.status is Status.FAILURE and check.failure_info is not None:
                exchange = event.recorder.interactions[case]
                answer = exchange.response.content if exchange.response else b""
                told.append(
                    f"{event.phase.value}: {check.name}: {check.failure_info.failure}\n{exchange.request.method} "
                    f"{exchange.request.uri} {exchange.request.body!r}\n{answer!r}"
                )
    return told


@pytest.mark.parametrize(("role", "strict"), [("cpo", True), ("emsp", False), *([("emsp", True)] if THOROUGH else [])])
def test_schemathesis_finds_nothing(role: str, *, strict: bool) -> None:
    document = json.loads(files("ocpi211").joinpath(f"openapi/{role}.json").read_text(encoding="utf-8"))
    drawing = Drawing(first=10_000) if THOROUGH else Drawing()
    pages = {"max_limit": {"locations": 3, "tariffs": 3, "sessions": 3, "cdrs": 3, "tokens": 3}}
    with apart(role, strict=strict, profile_changes=pages) as server:
        watch = Watch(server.url, server.token, document, strict)
        found, sent = findings(server, role, watch, drawing)
        assert found == []
        assert {phase for phase, count in sent.items() if count} == PHASES
        # It was not refused at the door, its walks came to an end, and what was valid was taken.
        lists = {row.id for row in OPERATIONS.values() if row.paginated and row.role == role}
        kept = {row.id for row in OPERATIONS.values() if row.created and row.role == role}
        assert watch.closed >= lists
        assert watch.walks.keys() == lists
        assert watch.valid.keys() == {name for name in kept if "credentials" not in name}
        assert min(watch.valid.values()) >= 5
        assert len(watch.refused) <= 0.05 * watch.valid.total(), watch.refused[:3]
