"""How long a peer asks us to wait (RFC 9110, Retry-After): dates and seconds, bounded, and what is neither."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from ocpi211_runtime.errors import PeerRefusal
from ocpi211_runtime.exchange import Request, Response
from ocpi211_runtime.reading import read_receipt
from tests.runtime.rows import HOST, answered

REQUEST = Request("PUT", f"{HOST}/ocpi/sessions", {}, b"{}", "emsp.sessions.put_session")


def asked_to_wait(*headers: tuple[str, str], status: int = 503) -> float | None:
    with pytest.raises(PeerRefusal) as caught:
        read_receipt(REQUEST, Response(status, headers, b"busy"))
    return caught.value.retry_after


@pytest.mark.parametrize("status", [401, 404, 405, 429, 500, 503])
@pytest.mark.parametrize(("asked", "seconds"), [("120", 120.0), ("0", 0.0), (" 7 ", 7.0), ("9" * 5000, 86_400.0)])
def test_a_refusal_says_how_long_to_wait(asked: str, seconds: float, status: int) -> None:
    assert asked_to_wait(("retry-after", asked), status=status) == seconds


@pytest.mark.parametrize(
    ("until", "seconds"),
    [
        ("Thu, 02 May 2024 10:00:30 GMT", 30.0),
        ("Thursday, 02-May-24 10:00:30 GMT", 30.0),
        ("Thu May  2 10:00:30 2024", 30.0),
        ("Thu, 02 May 2024 09:00:00 GMT", 0.0),
        ("Fri, 02 May 2999 10:00:00 GMT", 86_400.0),
    ],
)
def test_a_date_to_wait_for_is_taken_by_the_clock_of_the_peer(until: str, seconds: float) -> None:
    sent = ("Date", "Thu, 02 May 2024 10:00:00 GMT")
    assert asked_to_wait(sent, ("Retry-After", until)) == seconds


def test_without_a_date_of_the_peer_our_clock_has_to_do() -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    waits = asked_to_wait(("Retry-After", soon), ("Date", "yesterday"))
    assert waits is not None
    assert 3000 < waits <= 3600


@pytest.mark.parametrize(
    "asked",
    ["", "soon", "-1", "1.5", "1e9", "٣", "nan", "Thu, 99 May 2024 10:00:00 GMT", "1 Jan 1 0:0 +9999", "2 " * 40_000],
)
def test_what_says_nothing_about_waiting_is_not_obeyed(asked: str) -> None:
    assert asked_to_wait(("Retry-After", asked)) is None
    assert asked_to_wait() is None


def test_a_refusal_in_an_envelope_says_how_long_to_wait_as_well() -> None:
    with pytest.raises(PeerRefusal) as caught:
        read_receipt(REQUEST, answered("null", 3000, headers={"Retry-After": "5"}))
    assert caught.value.retry_after == 5.0
