"""What an exchange is about, told from path and bodies, whichever way it goes."""

from typing import Any

import pytest

from tests.server.noted import SESSION, START_SESSION, noted

STOP_SESSION = (
    "POST",
    "/cpo/2.1.1/commands/STOP_SESSION",
    {"response_url": "https://emsp.example.com/result/1", "session_id": "S1"},
)
AUTHORIZE = ("POST", "/emsp/2.1.1/tokens/04%2FE2/authorize", {"location_id": "LOC1", "evse_uids": ["E1"]})


@pytest.mark.parametrize(
    ("asked", "operation", "object_id", "authorization_id"),
    [
        (("PUT", "/emsp/2.1.1/sessions/FR/CPO/S1", SESSION), "emsp.sessions.put_session", "S1", "A1"),
        (("PATCH", "/emsp/2.1.1/sessions/FR/CPO/S1/", {"kwh": 2}), "emsp.sessions.patch_session", "S1", ""),
        (
            ("PATCH", "/emsp/2.1.1/sessions/FR/CPO/S%201", {"kwh": 2, "authorization_id": "A2"}),
            "emsp.sessions.patch_session",
            "S 1",
            "A2",
        ),
        (("GET", "/emsp/2.1.1/sessions/FR/CPO/S1"), "emsp.sessions.get_session", "S1", "A1"),
        (("POST", "/emsp/2.1.1/cdrs", {"id": "C1", "authorization_id": "A3"}), "emsp.cdrs.post_cdr", "C1", "A3"),
        (AUTHORIZE, "emsp.tokens.authorize_token", "04/E2", "A9"),
        (START_SESSION, "cpo.commands.start_session", "LOC1", "A7"),
        (STOP_SESSION, "cpo.commands.stop_session", "S1", ""),
        (
            ("GET", "/cpo/2.1.1/sessions?date_from=2024-01-01T00:00:00Z"),
            "cpo.sessions.list_sessions",
            "",
            "",
        ),
        (
            ("POST", "/emsp/2.1.1/commands/START_SESSION/uid-1", {"result": "ACCEPTED"}),
            "emsp.commands.post_result",
            "uid-1",
            "",
        ),
        (("GET", "/cpo/2.1.1/locations/L1/E1/1"), "cpo.locations.get_connector", "L1", ""),
        (("PATCH", "/emsp/2.1.1/locations/FR/CPO/L1/E1", {"status": "BLOCKED"}), "emsp.locations.patch_evse", "L1", ""),
        (("DELETE", "/emsp/2.1.1/sessions/FR/CPO/S1"), "emsp.sessions", "", ""),
        (("GET", "/cpo/versions"), "cpo.versions.list_versions", "", ""),
        (("GET", "/wp-login.php"), "unknown", "", ""),
    ],
)
def test_a_message_says_what_it_is_about(
    asked: tuple[Any, ...], operation: str, object_id: str, authorization_id: str
) -> None:
    message = noted(*asked)
    assert (message.operation, message.object_id, message.authorization_id) == (operation, object_id, authorization_id)


@pytest.mark.parametrize(
    ("body", "authorization_id"),
    [
        ('{"x": {"authorization_id": "NOT"}, "authorization_id": "A1"}', "A1"),
        ('{"x": {"authorization_id": "NOT"}}', ""),
        ('{"\\u0061uthorization_id": "A\\u0031"}', "A1"),
        ('{"authorization_id": "first", "authorization_id": "last"}', "last"),
        ('{"authorization_id": null}', ""),
        ('{"authorization_id": 7}', ""),
        ('{"authorization_id": "a\\u0000b"}', "a\N{REPLACEMENT CHARACTER}b"),
        ('{"authorization_id": "' + "x" * 500 + '"}', "x" * 100),
        ("[1]", ""),
        ("{", ""),
        ('{"a":' * 100_000, ""),
    ],
)
def test_the_authorization_is_that_of_the_object_itself(body: str, authorization_id: str) -> None:
    assert noted("PATCH", "/emsp/2.1.1/sessions/FR/CPO/S1", body.encode()).authorization_id == authorization_id
