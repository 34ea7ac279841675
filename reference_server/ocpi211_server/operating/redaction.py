"""What is written down holds no token: bodies for the message log, text for the logs (credentials.md, token).

The `token` of Credentials is a string and becomes `***`, however its name is escaped; the `token` of a command is the
object that says who may charge, and stays. Where quotes are nested so that the end of a value cannot be told for
sure, everything behind is left out: too much rather than too little.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, MutableMapping
from functools import lru_cache
from typing import Any, cast
from urllib.parse import quote

from pydantic_core import from_json

__all__ = ["HIDDEN", "SHORTEST_SECRET", "mask_body", "mask_credentials", "mask_event", "mask_text"]

HIDDEN = "***"
SHORTEST_SECRET = 6
"""A shorter token is a letter or a word that stands everywhere; no text would be left of a body without it."""
# An encoded token is no longer than this, so that none is cut in two and left.
_SLACK = 512

_name = "".join(rf"(?:{char}|\\+u00(?:{ord(char):02x}|{ord(char.upper()):02x}))" for char in "token")
_before = rf"""(?i:["']{_name}\\*["'](?:\s|\\[nrt])*:(?:\s|\\[nrt])*)"""
# A value that ends where its quote comes again; else one that is neither object, null, true nor false, and the rest.
_member = re.compile(rf"""({_before})(?:"[^"\\]*"|'[^'\\]*'|[^\s{{nNtTfF].*)""", re.DOTALL)
_member_of_bytes = re.compile(_member.pattern.encode("ascii"), re.DOTALL)

_spelt_alike = re.compile(r"[A-Za-z0-9._~-]+")
_header = re.compile(r"""(?i)\b(authorization\b\\*["']?\s*[:=,]).*""")
_scheme = re.compile(r"\b(T(?:oken|OKEN) +)[!-~]+|\b((?i:token) +)[!-~]{16,}")
_argument = re.compile(r"""(?i)(?<![a-z])(token=)(?:"[^"\\]*"|'[^'\\]*'|\S+)""")


def mask_text(text: str) -> str:
    """The text without what looks like a token: members and arguments called `token`, `Token …`, `Authorization: …`.

    Text in which no token is spoken of comes back as it is, at the price of one look.
    """
    lowered = text.lower()
    if "token" in lowered or "\\u00" in lowered:
        # Each where it may find something: the path of every Token has the word in it, and all three take 10 µs.
        if '"' in text or "'" in text:
            text = _member.sub(rf'\1"{HIDDEN}"', text)
        if "token=" in lowered:
            text = _argument.sub(rf"\1{HIDDEN}", text)
        if "token " in lowered:
            text = _scheme.sub(rf"\1\2{HIDDEN}", text)
    return _header.sub(rf"\1 {HIDDEN}", text) if "authorization" in lowered else text


def mask_body(body: bytes, secret: str = "", longest: int | None = None) -> bytes:
    """The first `longest` bytes of a body, without `token` members that are strings, and without the secret."""
    cut = longest is not None and len(body) > longest + _SLACK
    if cut and longest is not None:
        body = body[: longest + _SLACK]
    lowered = body.lower()
    if b"token" in lowered or (b"\\" in body and b"\\u00" in lowered):  # a single byte is found ten times as fast
        body = _member_of_bytes.sub(rb'\1"***"', body)
    if len(secret) >= SHORTEST_SECRET:
        for spelling in _spellings(secret):
            body = body.replace(spelling, b"***")
    # The last token may have been cut, and so not be known again: it goes with the end.
    return body[:-_SLACK][:longest] if cut else body[:longest]


@lru_cache(maxsize=1024)
def _spellings(secret: str) -> Iterable[bytes]:
    """As it may be repeated: as it is, in JSON, in a URL. Looked up, since it costs as much as looking for them."""
    if _spelt_alike.fullmatch(secret):
        return (secret.encode("ascii"),)
    return {each.encode("utf-8", "replace") for each in (secret, json.dumps(secret)[1:-1], quote(secret, safe=""))}


def mask_credentials(body: bytes, secret: str = "", longest: int | None = None) -> bytes:
    """As `mask_body` for a body that ought to hold Credentials: read, masked, and written anew.

    What is no JSON is left out, since a token may stand in it anywhere.
    """
    if not body:
        return body
    try:
        read = from_json(body)
    except ValueError:
        return b"*** %d bytes that are no JSON" % len(body)
    written = json.dumps(_masked(read), ensure_ascii=False, separators=(",", ":"))
    return mask_body(written.encode("utf-8", "replace"), secret, longest)


def _masked(value: Any) -> Any:  # noqa: ANN401  (any JSON)
    match value:
        case dict():
            members = cast("dict[str, Any]", value)
            return {mask_text(name): _masked_member(name, member) for name, member in members.items()}
        case list():
            return [_masked(item) for item in value]
        case str():
            return mask_text(value)
        case _:
            return value


def _masked_member(name: str, value: Any) -> Any:  # noqa: ANN401  (any JSON)
    if name.strip().lower() == "token" and value is not None and not isinstance(value, dict):
        return HIDDEN
    return _masked(value)


_secret_names = {"authorization", "secret", "token", "token_a"}


def mask_event(_: object, __: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """A processor of structlog: masks every value of a line; what is neither text nor number is written out first."""
    for name, value in event.items():
        if name in _secret_names:
            event[name] = HIDDEN
        elif isinstance(value, str):
            event[name] = mask_text(value)
        elif value is not None and not isinstance(value, int | float):
            event[name] = mask_text(repr(value))
    return event
