"""What was said: one exchange of the run, its token hidden, and the command that repeats it."""

from __future__ import annotations

import base64
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, cast

from pydantic_core import from_json

from ocpi211_runtime.problems import hide

__all__ = ["Exchange", "Secrets", "Shown"]

HIDDEN = "***"
_LONGEST_BODY = 4000
_foreign_token = re.compile(r"(?i)^(authorization: *\w+ +)\S.*$")
_token_member = re.compile(r'("token"\s*:\s*)"(?:[^"\\]|\\.)*"')

Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Exchange:
    """A request and its answer. Bodies and headers stay out of its `repr`: they hold tokens."""

    number: int
    direction: Literal["sent", "received"]
    method: str
    url: str
    request_headers: Headers = field(default=(), repr=False)
    request_body: bytes | None = field(default=None, repr=False)
    status: int = 0
    """0 where there was no answer; `trouble` says why."""
    headers: Headers = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)
    seconds: float = 0.0
    about: str = ""
    """The operation, as `emsp.tokens.list_tokens`, or what else it was for."""
    trouble: str = ""

    def header(self, name: str) -> str | None:
        """The first value of a header of the answer."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    def asked(self, name: str) -> str | None:
        """The first value of a header of the request."""
        return next((value for key, value in self.request_headers if key.lower() == name.lower()), None)

    @cached_property
    def parsed(self) -> object:
        """The body of the answer as JSON; None where it is none."""
        try:
            return cast("object", from_json(self.body, allow_inf_nan=False))
        except ValueError:
            return None

    @cached_property
    def envelope(self) -> dict[str, Any]:
        """The members of the envelope; none where there is no object."""
        return cast("dict[str, Any]", self.parsed) if isinstance(self.parsed, dict) else {}

    @property
    def code(self) -> int | None:
        """The OCPI status_code, where it is an integer."""
        found = self.envelope.get("status_code")
        return found if isinstance(found, int) and not isinstance(found, bool) else None

    @property
    def data(self) -> Any:  # noqa: ANN401  (whatever came)
        """The data of the envelope."""
        return self.envelope.get("data")

    @property
    def ok(self) -> bool:
        """HTTP and OCPI both speak of success."""
        return 200 <= self.status < 300 and self.code is not None and 1000 <= self.code < 2000

    @property
    def refused(self) -> bool:
        """The answer says no, one way or the other: HTTP 4xx, or 200 with 2xxx or 3xxx. A crash is no refusal."""
        if 400 <= self.status < 500:
            return True
        return 200 <= self.status < 300 and self.code is not None and self.code >= 2000

    @property
    def told(self) -> str:
        """The outcome in a few words."""
        if not self.status:
            return self.trouble or "no answer"
        return f"HTTP {self.status}" + (f" with {self.code}" if self.code is not None else "")


@dataclass(frozen=True, slots=True)
class Shown:
    """An exchange as a report shows it: every token hidden, long bodies cut."""

    number: int
    direction: str
    about: str
    request: str
    answer: str
    curl: str
    seconds: float


class Secrets:
    """The tokens of a run, and how to keep them out of what is shown."""

    def __init__(self, *tokens: str) -> None:
        self._tokens: list[str] = []
        for token in tokens:
            self.add(token)

    def add(self, token: str) -> None:
        """Hide this one from now on, and its Base64 form with it."""
        for spelling in (token, base64.b64encode(token.encode()).decode()):
            if len(spelling) > 3 and spelling not in self._tokens:
                self._tokens.append(spelling)
        self._tokens.sort(key=len, reverse=True)  # a token may begin like another

    def hide(self, text: str) -> str:
        """The text without any token."""
        for token in self._tokens:
            text = hide(text, token)
        return _token_member.sub(rf'\1"{HIDDEN}"', text)

    def show(self, exchange: Exchange) -> Shown:
        """The exchange as a report may hold it."""
        request = [f"{exchange.method} {exchange.url}", *self._asked(exchange)]
        if exchange.request_body is not None:
            request += ["", _text(exchange.request_body)]
        answer = [f"HTTP {exchange.status}" if exchange.status else exchange.trouble, *self._lines(exchange.headers)]
        if exchange.body:
            answer += ["", _text(exchange.body)]
        return Shown(
            exchange.number,
            exchange.direction,
            exchange.about,
            self.hide("\n".join(request)),
            self.hide("\n".join(answer)),
            self._curl(exchange) if exchange.direction == "sent" else "",
            round(exchange.seconds, 4),
        )

    def _lines(self, headers: Headers) -> list[str]:
        return [f"{name}: {value}" for name, value in headers]

    def _asked(self, exchange: Exchange) -> list[str]:
        """The headers of the request. A token the target sent may be somebody else's: only that it came is shown."""
        lines = self._lines(exchange.request_headers)
        if exchange.direction == "sent":
            return lines
        return [
            line if self.hide(line) != line else _foreign_token.sub(rf"\1{HIDDEN} (unknown)", line) for line in lines
        ]

    def _curl(self, exchange: Exchange) -> str:
        parts = ["curl", "-i", "-X", exchange.method, *_as_it_is(exchange.url), shlex.quote(self.hide(exchange.url))]
        for name, value in exchange.request_headers:
            shown = self.hide(f"{name}: {value}")
            if HIDDEN in shown and name.lower() == "authorization":
                parts += ["-H", f'"{shown.replace(HIDDEN, "$OCPI_TOKEN")}"']  # double quotes: the shell fills it in
            else:
                parts += ["-H", shlex.quote(shown)]
        body = exchange.request_body
        if body is None:
            return " ".join(parts)
        if len(body) > _LONGEST_BODY:
            return " ".join([*parts, "--data-binary", "@body.json", f"# {len(body)} bytes, which are not here"])
        text = body.decode("utf-8", "surrogateescape")
        if text.isprintable():
            return " ".join([*parts, "--data-binary", shlex.quote(self.hide(text))])
        octal = "".join(char if char.isprintable() and char not in "\\%" else _octal(char) for char in self.hide(text))
        return f"printf {shlex.quote(octal)} | {' '.join(parts)} --data-binary @-"


def _as_it_is(url: str) -> list[str]:
    """Options without which curl would tidy up this URL."""
    return [*(["-g"] if set(url) & set("[]{}") else []), *(["--path-as-is"] if "/." in url else [])]


def _octal(char: str) -> str:
    """One character as `printf` writes it."""
    return "".join(f"\\{byte:03o}" for byte in char.encode("utf-8", "surrogateescape"))


def _text(body: bytes) -> str:
    text = body[: 4 * _LONGEST_BODY].decode("utf-8", "backslashreplace")
    return text if len(text) <= _LONGEST_BODY else f"{text[:_LONGEST_BODY]}… ({len(body)} bytes)"
