"""Valid bodies made hostile: a mutation of the structure, then perhaps one of the bytes.

What JSON cannot say by way of Python (two equal keys, half a surrogate, a number of a thousand digits) is spliced in
as it has to stand on the wire.
"""

import json
from typing import Any

from hypothesis import strategies as st

__all__ = ["HOSTILE_VALUES", "hostile_bodies"]

HOSTILE_VALUES: dict[str, bytes] = {
    "null": b"null",
    "true": b"true",
    "nothing": b'""',
    "blank": b'" "',
    "an empty list": b"[]",
    "an empty object": b"{}",
    "a list": b'["a", 1, null]',
    "zero": b"0",
    "minus one": b"-1",
    "minus zero": b"-0.0",
    "a fraction": b"0.00001",
    "beyond a double": b"1e400",
    "beyond a double in a text": b'"1e400"',
    "below a double": b"-1e-400",
    "beyond a database": b"9223372036854775808",
    "a thousand digits": b"1" + b"0" * 1000,
    "five thousand digits": b"1" * 5000,
    "a thousand decimals": b"0." + b"1" * 1000,
    "not a number": b"NaN",
    "infinity": b"-Infinity",
    "hexadecimal": b"0x10",
    "a leading zero": b"01",
    "NUL": rb'"a\u0000b"',
    "a bare NUL": b'"a\0b"',
    "half a surrogate": rb'"\ud800"',
    "the other half": rb'"\udfff\ud800"',
    "surrogates in UTF-8": b'"\xed\xa0\x80"',
    "no UTF-8": b'"\xff\xfe"',
    "overlong UTF-8": b'"\xc0\xaf"',
    "from right to left": '"\u202egpj.exe\u2066"'.encode(),
    "line breaks": rb'"a\r\nX-Injected: b\u2028"',
    "a path": b'"../../etc/passwd"',
    "an SQL text": b'"\'; DROP TABLE object; --"',
    "a format": b'"{0.__class__} %s %n ${jndi:x}"',
    "a long text": b'"' + b"x" * 70_000 + b'"',
    "a private URL": b'"http://169.254.169.254/latest"',
    "nesting": b"[" * 100 + b"]" * 100,
    "deep nesting": b"[" * 5_000 + b"]" * 5_000,
    "nesting without end": b'{"a":' * 5_000,
    "a comment": b"1 /* one */",
    "the first day": b'"0001-01-01T00:00:00+23:59"',
    "the last day": b'"9999-12-31T23:59:59.999999-23:59"',
    "a leap second": b'"2016-12-31T23:59:60Z"',
    "a date of Unix": b"1714644000",
}
"""What it is → how it stands on the wire."""

_PLACE = "@@{}@@"


@st.composite
def hostile_bodies(draw: st.DrawFn, valid: Any) -> bytes:
    """The wire form of a parsed JSON value, wrong in one or two places."""
    spliced: dict[str, bytes] = {}
    for _ in range(draw(st.integers(1, 2))):
        _change(draw, valid, spliced)
    body = json.dumps(valid).encode()
    for place, raw in spliced.items():
        body = body.replace(json.dumps(place).encode(), raw)
    return draw(_bytes_changed(body)) if draw(st.booleans()) and draw(st.booleans()) else body


def _change(draw: st.DrawFn, value: Any, spliced: dict[str, bytes]) -> None:
    """Change something in an object or list, or in one that it holds."""
    inner = list(value.values()) if isinstance(value, dict) else value
    holders: list[Any] = [each for each in inner if isinstance(each, dict | list) and each]
    deeper: bool = draw(st.booleans())
    if holders and deeper:
        _change(draw, draw(st.sampled_from(holders)), spliced)
        return
    place = _PLACE.format(len(spliced))
    keys: list[Any] = list(value) if isinstance(value, dict) else list(range(len(value)))
    kind = draw(st.sampled_from(["replace", "replace", "replace", "remove", "add", "twice"]))
    if not keys or kind == "add":
        spliced[place] = draw(st.sampled_from(list(HOSTILE_VALUES.values())))
        _add(value, draw(st.sampled_from(["x", "", "__proto__", "id", "\0", "é", "a" * 1000])), place)
    elif kind == "remove":
        del value[draw(st.sampled_from(keys))]
    elif kind == "twice" and isinstance(value, dict):
        key = draw(st.sampled_from(keys))
        other = draw(st.sampled_from(list(HOSTILE_VALUES.values())))
        spliced[place] = json.dumps(value[key]).encode() + b"," + json.dumps(key).encode() + b":" + other
        value[key] = place
    else:
        spliced[place] = draw(st.sampled_from(list(HOSTILE_VALUES.values())))
        value[draw(st.sampled_from(keys))] = place


def _add(value: Any, key: str, item: str) -> None:
    if isinstance(value, dict):
        value[key] = item
    else:
        value.append(item)


def _bytes_changed(body: bytes) -> st.SearchStrategy[bytes]:
    at = st.integers(0, len(body))
    return st.one_of(
        at.map(lambda cut: body[:cut]),
        st.builds(lambda cut, more: body[:cut] + more + body[cut:], at, st.binary(min_size=1, max_size=4)),
        at.map(lambda cut: body[:cut] + body[cut + 1 :]),
        st.sampled_from(
            [
                b"\xef\xbb\xbf" + body,
                body.decode("latin-1").encode("utf-16"),
                body + body,
                b"[" + body + b"]",
                json.dumps(body.decode("latin-1")).encode(),
                b" \n\t" + body + b"\r\n",
                body + b"\0",
                b"",
            ]
        ),
    )
