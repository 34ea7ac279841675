"""No token gets through, however it is written; what is no token does."""

import json
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from ocpi211_server.operating.redaction import mask_body, mask_credentials, mask_event, mask_text

# What a token may be made of; long enough to be told from the text around it, and never a part of that.
tokens = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=8, max_size=64).filter(
    lambda token: "*" not in token
)
TOKEN = "zq7!x-0123456789-WvU"  # noqa: S105  (made up)
QUOTES = ['quo"te\\s-and-more', "'single'\"double\"'"]


def escaped(text: str) -> str:
    """JSON in which every character is escaped."""
    return '"' + "".join(f"\\u{ord(char):04X}" for char in text) + '"'


def nested(token: str) -> str:
    return json.dumps({"said": json.dumps({"token": token, "url": "https://example.com"})})


SPELLINGS: list[Callable[[str], str]] = [
    lambda token: json.dumps({"url": "https://example.com", "token": token}),
    lambda token: json.dumps({"token": token, "url": "https://example.com"}, separators=(",", ":")),
    lambda token: '{"token" \n:\t' + json.dumps(token) + "}",
    lambda token: '{"\\u0074o\\u006Ben":' + json.dumps(token) + "}",
    lambda token: '{"Token":' + json.dumps(token) + "}",
    lambda token: '{"token":' + json.dumps(token),  # cut off
    lambda token: '{"token":' + json.dumps(token)[:-1],
    lambda token: '{"data":[{"token":[' + json.dumps(token) + "]}]}",
    nested,
    lambda token: json.dumps(nested(token)),
]


@pytest.mark.parametrize("spell", SPELLINGS)
@given(token=tokens)
@example(token=TOKEN)
@example(token=QUOTES[0])
@example(token=QUOTES[1])
def test_no_token_survives_in_a_body(spell: Callable[[str], str], token: str) -> None:
    body = spell(token).encode()
    for masked in (mask_body(body), mask_credentials(body)):
        for left in (token, json.dumps(token)[1:-1], token[:8]):
            assert left.encode() not in masked


@given(token=tokens)
def test_no_token_survives_with_every_character_escaped(token: str) -> None:
    body = ("{" + escaped("token") + ":" + escaped(token) + ',"url":"https://example.com"}').encode()
    for masked in (mask_body(body), mask_credentials(body)):
        assert escaped(token)[1:-1].encode() not in masked
        assert token.encode() not in masked


@given(body=st.binary(max_size=300), token=tokens)
@example(body=b"<token>", token=TOKEN)
def test_what_should_be_credentials_and_is_no_json_is_left_out(body: bytes, token: str) -> None:
    assert token.encode() not in mask_credentials(b"\xff" + body + token.encode() + body)


@given(token=tokens, before=st.integers(0, 200), longest=st.integers(0, 200), times=st.integers(1, 20))
def test_the_secret_of_a_call_survives_nowhere_also_where_the_body_is_cut(
    token: str, before: int, longest: int, times: int
) -> None:
    for spelling in (token, json.dumps(token)[1:-1], quote(token, safe="")):
        body = b" " * before + (spelling.encode() + b" ") * times + b" " * 600
        masked = mask_body(body, token, longest)
        assert len(masked) <= longest
        assert spelling.encode()[:8] not in masked


@given(
    st.dictionaries(
        st.sampled_from(["uid", "type", "auth_id", "tokens", "token_uid", "authorization_id", "x"]),
        st.text() | st.integers() | st.none(),
    )
)
def test_what_is_no_token_stays(members: dict[str, object]) -> None:
    assume("token" not in json.dumps(list(members.values()), ensure_ascii=False).lower())
    body = json.dumps(members).encode()
    assert mask_body(body) == body


def test_the_token_of_a_command_stays() -> None:
    command = {
        "response_url": "https://emsp.example.com/1",
        "token": {"uid": "04E2AC5A", "type": "RFID", "auth_id": "FR-EXA-C00012345", "valid": True},
        "location_id": "LOC1",
    }
    body = json.dumps(command).encode()
    assert mask_body(body) == body
    assert json.loads(mask_credentials(body)) == command


def test_credentials_stay_readable() -> None:
    envelope = {"data": {"token": TOKEN, "url": "https://cpo.example.com/", "party_id": "ABC"}, "status_code": 1000}
    masked = json.loads(mask_credentials(json.dumps(envelope).encode()))
    assert masked == {**envelope, "data": {"token": "***", "url": "https://cpo.example.com/", "party_id": "ABC"}}


@pytest.mark.parametrize(
    "hostile", [b'"' + b"\\" * 200_000, b'"token' + b"\\" * 200_000, b'"token"' + b" " * 200_000, b'"' * 200_000]
)
def test_a_hostile_body_takes_no_more_than_one_look(hostile: bytes) -> None:
    mask_body(b"token" + hostile)  # quadratic, it would take minutes
    mask_text("token" + hostile.decode())


@pytest.mark.parametrize(
    "line",
    [
        f"Authorization: Token {TOKEN}",
        f"headers {{'Authorization': 'Token {TOKEN}', 'Accept': '*/*'}}",
        f"[(b'authorization', b'Token {TOKEN}')]",
        f"authorization: Basic {TOKEN}",
        f"Token {TOKEN} is unknown",
        f"got token {TOKEN}",
        f"Credentials(token='{TOKEN}', url='https://example.com')",
        f"https://example.com/?token={TOKEN}&x=1",
        f'sent {{"token": "{TOKEN}"}}',
        f"sent {{'token': '{TOKEN}'}}",
        repr(json.dumps({"token": TOKEN + '"and\\more'}).encode()),
        repr({"token": "a'b" + TOKEN}),
    ],
)
def test_no_token_survives_in_a_line(line: str) -> None:
    masked = mask_text(line)
    assert TOKEN not in masked
    assert "***" in masked


@pytest.mark.parametrize(
    "line",
    ["the token is missing, malformed or unknown", "PUT tokens FR*ABC 04E2AC5A", "authorization_id A-1 is unknown", ""],
)
def test_a_line_without_token_stays(line: str) -> None:
    assert mask_text(line) == line


class Leaky:
    def __repr__(self) -> str:
        return f"Leaky(token={TOKEN!r})"


@pytest.mark.parametrize(
    "value",
    [{"token": TOKEN}, [{"token": TOKEN}], Leaky(), {"deep": Leaky()}, f"Token {TOKEN}", b"Token " + TOKEN.encode()],
)
def test_no_value_of_a_line_holds_a_token(value: object) -> None:
    assert TOKEN not in str(mask_event(None, "info", {"event": "x", "value": value}))


def test_a_value_called_token_is_masked_whatever_it_is() -> None:
    event = {"event": "x", "token": TOKEN, "secret": TOKEN, "count": 3, "ratio": 0.5, "nothing": None}
    assert mask_event(None, "info", event) == {**event, "token": "***", "secret": "***"}
