"""What is wrong with a JSON text, told so that person and program find the place, and no token leaks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from reprlib import Repr
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import ValidationError

__all__ = ["Problem", "excerpt", "hide", "pointer", "problems_of"]

LONGEST_RECEIVED = 100
LONGEST_EXCERPT = 1000
HIDDEN = "***"

# A member of a JSON text or of the repr of one.
_token_member = re.compile(r"""(["']token\\?["']\s*:\s*\\?["'])[^"'\\]*""")

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
    """The problems that a validation found, their pointers behind `prefix`, without the secret in what came."""
    return tuple(
        Problem(
            pointer(found["loc"], prefix),
            found["type"],
            found["msg"],
            # A missing property has no value of its own; its parent would only repeat the whole object.
            "" if found["type"] == "missing" else _shown(found["input"], found["loc"], secret),
        )
        for found in error.errors(include_url=False, include_context=False)
    )


def _shown(value: object, path: Sequence[str | int], secret: str) -> str:
    if isinstance(value, str) and path and path[-1] == "token":
        return HIDDEN
    text = _mask(_short.repr(value.decode("utf-8", "replace") if isinstance(value, bytes) else value))
    text = hide(text, secret)
    return text if len(text) <= LONGEST_RECEIVED else text[: LONGEST_RECEIVED - 1] + "…"


def excerpt(body: bytes, secret: str = "") -> str:
    """The beginning of a body for a person to read, without any token in it."""
    text = body[: 4 * LONGEST_EXCERPT].decode("utf-8", "replace")
    return hide(_mask(text), secret)[:LONGEST_EXCERPT]


def hide(text: str, secret: str) -> str:
    """The text without the secret: peers like to repeat the token they do not know."""
    return text.replace(secret, HIDDEN) if secret else text


def _mask(text: str) -> str:
    return _token_member.sub(rf"\1{HIDDEN}", text)
