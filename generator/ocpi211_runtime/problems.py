"""What is wrong with a JSON text, told so that person and program find the place, and no token leaks."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from reprlib import Repr
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import ValidationError

__all__ = ["Problem", "excerpt", "hide", "one_line", "pointer", "problems_of"]

LONGEST_RECEIVED = 100
LONGEST_EXCERPT = 1000
MOST_PROBLEMS = 100
_MOST_LOOKED_AT = 10_000
HIDDEN = "***"

# A member of a JSON text or of the repr of one, up to the quote that ends its value.
_token_member = re.compile(r"""(["']token\\?["']\s*:\s*)(\\?["'])(?:(?!\2)(?:\\.|[^\\]))*""", re.DOTALL)

_short = Repr()
_short.maxstring = _short.maxother = 4 * LONGEST_RECEIVED


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a JSON text: where (RFC 6901), which rule, why, and what stood there."""

    pointer: str
    rule: str
    reason: str
    received: str = ""


def pointer(path: Sequence[str | int], prefix: str = "") -> str:
    """The JSON pointer (RFC 6901) of a path of keys and indices, behind `prefix`."""
    return prefix + "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def problems_of(error: ValidationError, prefix: str = "", *, secret: str = "") -> tuple[Problem, ...]:
    """The problems that a validation found, their pointers behind `prefix`, without the secret in what came.

    The first hundred, and how many more there are: a body of a megabyte can hold half a million of them.
    """
    count = error.error_count()
    # pydantic gives all or none.
    told = error.errors(include_url=False, include_context=False)[:MOST_PROBLEMS] if count <= _MOST_LOOKED_AT else []
    problems = [
        Problem(
            pointer(found["loc"], prefix),
            found["type"],
            found["msg"],
            # A missing property has no value of its own; its parent would only repeat the whole object.
            "" if found["type"] == "missing" else _shown(found["input"], found["loc"], secret),
        )
        for found in told
    ]
    if count > len(told):
        problems.append(Problem(prefix, "too_many", f"{count - len(told)} more problems"))
    return tuple(problems)


def _shown(value: object, path: Sequence[str | int], secret: str) -> str:
    if isinstance(value, str) and path and path[-1] == "token":
        return HIDDEN
    if isinstance(value, bytes):
        value = excerpt(value, secret)
    text = hide(_mask(_short.repr(value)), secret)
    return text if len(text) <= LONGEST_RECEIVED else text[: LONGEST_RECEIVED - 1] + "…"


def excerpt(body: bytes, secret: str = "") -> str:
    """The beginning of a body for a person to read, without any token in it."""
    text = body[: 4 * LONGEST_EXCERPT].decode("utf-8", "replace")
    return hide(_mask(text), secret)[:LONGEST_EXCERPT]


def hide(text: str, secret: str) -> str:
    """The text without the secret: peers like to repeat the token they do not know."""
    if not secret:
        return text
    for spelling in (secret, repr(secret)[1:-1], json.dumps(secret)[1:-1]):  # these escape its quotes and backslashes
        text = text.replace(spelling, HIDDEN)
    return text


def one_line(text: str) -> str:
    """The text as it fits into a line of a log: without control characters, and cut."""
    return "".join(char if char.isprintable() else " " for char in text[:LONGEST_EXCERPT])


def _mask(text: str) -> str:
    return _token_member.sub(rf"\1\2{HIDDEN}", text)
