"""schemathesis against servers that run: all phases, every operation, its own checks and ours, and nothing found."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, from_schema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished

from tests.server.apart import apart
from tests.server.drawn_checks import Watch, watching

NOT_SENT = {
    "cpo": {"cpo.credentials.delete_credentials"},
    "emsp": {"emsp.credentials.delete_credentials", "emsp.tokens.get_token", "emsp.commands.post_result_without_uid"},
}


def document(role: str) -> Any:
    return json.loads(files("ocpi211").joinpath(f"openapi/{role}.json").read_text(encoding="utf-8"))


def configuration(role: str, token: str) -> dict[str, Any]:
    return {
        "seed": 211,
        "cache": {"enabled": False},
        "workers": 1,
        "continue-on-failure": True,
        "headers": {"Authorization": f"Token {token}"},
        "request-timeout": 10,
        "max-redirects": 0,
        "suppress-health-check": ["all"],
        "generation": {"max-examples": 10, "no-shrink": True, "database": "none"},
        "phases": {
            "coverage": {"unexpected-methods": ["get", "put", "post", "patch", "options", "trace"]},
            "stateful": {"max-steps": 4},
        },
        "operations": [
            {
                "include-operation-id": f"{role}.credentials.post_credentials",
                "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "405"]}},
            }
        ],
        "checks": {"negative_data_rejection": {"enabled": False}},
    }


@pytest.mark.parametrize("role", ["cpo", "emsp"])
@pytest.mark.parametrize("strict", [False, True])
def test_nothing_is_found(role: str, strict: bool) -> None:
    with apart(role, strict=strict, profile_changes={"max_limit": {"locations": 3}}) as server:
        described = document(role)
        watch = Watch(server.url, server.token, described, strict)
        schema = schemathesis.openapi.from_dict(
            described, config=SchemathesisConfig.from_dict(configuration(role, server.token))
        )
        schema.config.update(base_url=server.url)
        schema = schema.exclude(operation_id=sorted(NOT_SENT[role]))
        found = []
        count = 0
        with watching(watch):
            for event in from_schema(schema).execute():
                if isinstance(event, FatalError):
                    raise event.exception
                if isinstance(event, NonFatalError):
                    print("NONFATAL", event.value, event.label)
                if isinstance(event, ScenarioFinished):
                    count += len(event.recorder.cases)
                    print(event.phase, event.label, event.status, len(event.recorder.cases), event.skip_reason)
                    for cid, checks in event.recorder.checks.items():
                        for c in checks:
                            if c.status is Status.FAILURE:
                                i = event.recorder.interactions.get(cid)
                                print("  FAIL", c.name, str(getattr(c.failure_info.failure,'message',c.failure_info.failure))[:1300] if c.failure_info else None, i.request.method, i.request.uri, str(i.request.body)[:1500] if i else None, i.response.status_code if i and i.response else None, i.response.content[:200] if i and i.response else None)
                                found.append(c.name)
        print([i for i in watch.refused]);print(count, watch.accepted, watch.valid)
        assert not found, found
