"""What becomes of a delivery: each row of the table of answers, and how long to wait."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocpi211_runtime.errors import (
    ForeignUrl,
    MalformedAnswer,
    NotOffered,
    PeerMethodNotAllowed,
    PeerNotFound,
    PeerRefusal,
    PeerUnauthorized,
    Timeout,
    Unreachable,
)
from ocpi211_server.delivery import Answer, DeliverySettings, Policy, Verdict
from ocpi211_server.delivery.policy import ANSWERS, POLICIES, answer_of, reason_of

DONE, WHOLE, AGAIN, PAUSE, PARK = Verdict
EVERY_POLICY = dict.fromkeys(POLICIES, 0)


def http(status: int, code: int | None = None) -> PeerRefusal:
    kind = {401: PeerUnauthorized, 404: PeerNotFound, 405: PeerMethodNotAllowed}.get(status, PeerRefusal)
    return kind(http_status=status, status_code=code)


# What came back, and what becomes of it under fifo, latest and once.
ROWS = [
    ("accepted", None, DONE, DONE, DONE),
    ("no connection", Unreachable("no answer"), PAUSE, PAUSE, PARK),
    ("no answer in time", Timeout("no answer in time"), PAUSE, PAUSE, PARK),
    ("no answer within our own limit", TimeoutError(), PAUSE, PAUSE, PARK),
    ("connection reset below any client", ConnectionResetError("reset"), PAUSE, PAUSE, PARK),
    ("HTTP 401", http(401, 2000), PAUSE, PAUSE, PARK),
    ("HTTP 429", http(429), PAUSE, PAUSE, PARK),
    ("HTTP 502", http(502), PAUSE, PAUSE, PARK),
    ("HTTP 503", http(503, 3000), PAUSE, PAUSE, PARK),
    ("HTTP 504", http(504), PAUSE, PAUSE, PARK),
    ("HTTP 500", http(500, 3000), AGAIN, AGAIN, PARK),
    ("HTTP 500, OCPI 2000", http(500, 2000), AGAIN, AGAIN, PARK),
    ("HTTP 408", http(408), AGAIN, AGAIN, PARK),
    ("OCPI 3000", http(200, 3000), AGAIN, AGAIN, PARK),
    ("OCPI 3003", http(200, 3003), AGAIN, AGAIN, PARK),
    ("OCPI 4711", http(200, 4711), AGAIN, AGAIN, PARK),
    ("a web page", MalformedAnswer("it is not JSON", http_status=200), AGAIN, AGAIN, PARK),
    ("a redirect", MalformedAnswer("redirects are not followed", http_status=302), AGAIN, AGAIN, PARK),
    ("HTTP 400", http(400, 2001), AGAIN, PARK, PARK),
    ("HTTP 404", http(404, 2000), AGAIN, PARK, PARK),
    ("HTTP 405", http(405, 2000), AGAIN, PARK, PARK),
    ("HTTP 413", http(413), AGAIN, PARK, PARK),
    ("OCPI 2000", http(200, 2000), AGAIN, PARK, PARK),
    ("OCPI 2001", http(200, 2001), AGAIN, PARK, PARK),
    ("no such module", NotOffered("the peer offers no cdrs"), AGAIN, PARK, PARK),
    ("a URL that may not be called", ForeignUrl("not approved"), AGAIN, PARK, PARK),
    ("an argument of ours", ValueError("a path parameter is empty"), PARK, PARK, PARK),
    ("a body of ours", TypeError("expected Session"), PARK, PARK, PARK),
    ("a bug", ZeroDivisionError("division by zero"), AGAIN, AGAIN, PARK),
]
TO_A_PATCH = [("HTTP 404", http(404, 2000)), ("HTTP 405", http(405, 2000))]


@pytest.mark.parametrize(("error", "fifo", "latest", "once"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_what_becomes_of_an_answer(error: BaseException | None, fifo: Verdict, latest: Verdict, once: Verdict) -> None:
    assert ANSWERS[answer_of(error, has_whole=False)] == {"fifo": fifo, "latest": latest, "once": once}


@pytest.mark.parametrize("error", [row[1] for row in TO_A_PATCH], ids=[row[0] for row in TO_A_PATCH])
@pytest.mark.parametrize("policy", POLICIES)
def test_who_does_not_know_the_object_of_a_patch_is_sent_the_whole(error: BaseException, policy: Policy) -> None:
    assert ANSWERS[answer_of(error, has_whole=True)][policy] is WHOLE


def test_having_the_whole_matters_for_nothing_else() -> None:
    others = [row[1] for row in ROWS if row[0] not in {name for name, _ in TO_A_PATCH}]
    assert [answer_of(error, has_whole=True) for error in others] == [
        answer_of(error, has_whole=False) for error in others
    ]


def test_the_table_knows_every_answer_and_every_policy() -> None:
    assert ANSWERS.keys() == {*Answer}
    assert all(verdicts.keys() == EVERY_POLICY.keys() for verdicts in ANSWERS.values())


def test_what_has_to_be_kept_is_never_given_up_for_what_a_partner_says() -> None:
    said = {answer for answer in Answer if answer is not Answer.IMPOSSIBLE}
    assert PARK not in {ANSWERS[answer]["fifo"] for answer in said}


def test_a_reason_is_one_line_and_short() -> None:
    assert reason_of(PeerRefusal("no\r\nway\x00" + "x" * 9999, http_status=500)).startswith(
        "the peer refused with HTTP 500: no  way "
    )
    assert len(reason_of(PeerRefusal("x" * 9999))) <= 500


def test_a_reason_repeats_nothing_of_an_exception_that_is_nobodys() -> None:
    assert reason_of(RuntimeError("Token open-sesame")) == "RuntimeError, see the log"
    assert reason_of(TimeoutError()) == "no answer in time"


SETTINGS = DeliverySettings(first_delay=1, longest_delay=300)


def test_a_delay_doubles_until_it_is_the_longest() -> None:
    delays = [SETTINGS.delay(failures, 1.0) / 1_000_000 for failures in range(1, 12)]
    assert delays == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    assert SETTINGS.delay(10_000, 1.0) == 300_000_000


@given(failures=st.integers(1, 5000), chance=st.floats(0, 1))
def test_chance_spreads_a_delay_over_its_second_half(failures: int, chance: float) -> None:
    longest = SETTINGS.delay(failures, 1.0)
    assert longest // 2 <= SETTINGS.delay(failures, chance) <= longest


@pytest.mark.parametrize(("asked", "seconds"), [(None, 4), (0, 4), (3, 4), (60, 60), (86_400, 86_400)])
def test_who_asks_for_more_time_gets_it(asked: float | None, seconds: float) -> None:
    assert SETTINGS.delay(3, 1.0, asked) == seconds * 1_000_000


def test_a_partner_that_is_away_costs_a_delivery_less_patience_than_one_that_says_no() -> None:
    settings = DeliverySettings(most_attempts=3, most_unanswered=10)
    worn_out = {
        (answered, unanswered): settings.worn_out(answered + unanswered, unanswered)
        for answered, unanswered in itertools.product(range(5), range(12))
    }
    assert all(worn == (answered >= 3 or unanswered >= 10) for (answered, unanswered), worn in worn_out.items())


@pytest.mark.parametrize("name", ["first_delay", "most_attempts", "most_at_once", "worker_stale", "poll", "grace"])
@pytest.mark.parametrize("value", [0, -1, float("nan")])
def test_a_setting_that_cannot_be_is_told_by_its_name(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=name):
        DeliverySettings(**{name: value})  # type: ignore[arg-type]  # that is the point
