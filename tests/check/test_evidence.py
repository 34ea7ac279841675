"""What a report shows: no token, and a command that repeats what was seen."""

import subprocess
from pathlib import Path

import pytest

from ocpi211_check.evidence import Exchange, Secrets

TOKEN = "secret-token-of-the-target"  # noqa: S105  (made up)


def exchange(**given: object) -> Exchange:
    fields = {
        "number": 1,
        "direction": "sent",
        "method": "PUT",
        "url": "https://target.example/tokens/FR/TST/it's",
        "request_headers": (("Authorization", f"Token {TOKEN}"), ("Content-Type", "application/json")),
        "request_body": b'{"token": "another one", "issuer": "it\'s"}',
        "status": 200,
        "body": b'{"data": {"token": "issued"}, "status_code": 1000, "status_message": "%s"}' % TOKEN.encode(),
    }
    return Exchange(**{**fields, **given})  # type: ignore[arg-type]


def test_no_token_is_shown() -> None:
    shown = Secrets(TOKEN).show(exchange())
    for text in (shown.request, shown.answer, shown.curl):
        assert TOKEN not in text
        assert "another one" not in text
        assert "issued" not in text


def test_a_token_in_base64_is_hidden_too() -> None:
    coded = "c2VjcmV0LXRva2VuLW9mLXRoZS10YXJnZXQ="
    assert coded not in Secrets(TOKEN).hide(f"Token {coded}")


def test_the_longer_of_two_tokens_is_hidden_whole() -> None:
    assert Secrets("abcdef", "abcdefghij").hide("abcdefghij") == "***"


def test_the_curl_command_is_one_the_shell_reads() -> None:
    curl = Secrets(TOKEN).show(exchange()).curl
    told = subprocess.run(
        ["/bin/sh", "-c", f'set -- {curl}; for word; do echo "$word"; done'],
        env={"OCPI_TOKEN": "mine"},
        capture_output=True,
        text=True,
        check=True,
    )
    words = told.stdout.splitlines()
    assert words[:4] == ["curl", "-i", "-X", "PUT"]
    assert "https://target.example/tokens/FR/TST/it's" in words
    assert "Authorization: Token mine" in words
    assert '{"token": "***", "issuer": "it\'s"}' in words


@pytest.mark.parametrize("body", [b'{"issuer": "100%\\n\x00\xff \xc3\xa9"}', b"\n", b"plain"])
def test_the_curl_command_sends_the_same_bytes(body: bytes, tmp_path: Path) -> None:
    curl = tmp_path / "curl"
    curl.write_text('#!/bin/sh\nfor word; do last=$word; done\n[ "$last" = @- ] && exec cat\nprintf %s "$last"\n')
    curl.chmod(0o700)
    told = subprocess.run(
        ["/bin/sh", "-c", Secrets(TOKEN).show(exchange(request_body=body)).curl],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin", "OCPI_TOKEN": "mine"},
        capture_output=True,
        check=True,
    )
    assert told.stdout == body


def test_the_curl_command_leaves_the_url_as_it_is_and_names_a_body_that_is_too_long() -> None:
    shown = Secrets(TOKEN).show(exchange(url="https://target.example/tokens/../{x}", request_body=b"x" * 5000))
    assert "-g --path-as-is" in shown.curl
    assert "@body.json" in shown.curl
    assert "5000 bytes" in shown.curl


def test_a_token_that_came_and_is_none_of_ours_is_hidden_as_well() -> None:
    came = exchange(direction="received", request_headers=(("authorization", "Token somebodys"),))
    assert "authorization: Token *** (unknown)" in Secrets(TOKEN).show(came).request


def test_what_the_target_sent_has_no_curl_command() -> None:
    assert Secrets(TOKEN).show(exchange(direction="received")).curl == ""


@pytest.mark.parametrize(
    ("status", "body", "refused", "ok"),
    [
        (200, b'{"status_code": 1000}', False, True),
        (200, b'{"status_code": 2001}', True, False),
        (404, b"", True, False),
        (500, b'{"status_code": 3000}', False, False),
        (200, b'{"status_code": "1000"}', False, False),
        (200, b'{"status_code": true}', False, False),
    ],
)
def test_success_and_refusal_are_read_from_both_statuses(status: int, body: bytes, refused: object, ok: object) -> None:
    found = exchange(status=status, body=body)
    assert (found.refused, found.ok) == (refused, ok)
