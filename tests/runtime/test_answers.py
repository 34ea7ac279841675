from __future__ import annotations

from dataclasses import dataclass

import pytest

from ocpi211_runtime.answers import Caller, Created, Incoming
from ocpi211_runtime.errors import InvalidParameters
from tests.runtime.served import TOKEN


@dataclass(frozen=True)
class Hub(Caller):
    """A caller that speaks for others."""

    behind: frozenset[tuple[str, str]] = frozenset()

    def may_write_for(self, country_code: str, party_id: str) -> bool:
        return (country_code, party_id) in self.behind


@pytest.mark.parametrize("owner", [("FR", "XYZ"), ("DE", "ABC"), ("fr", "ABC"), ("FR", "abc"), ("", "")])
def test_a_caller_may_write_for_itself_alone(owner: tuple[str, str]) -> None:
    caller = Caller("cpo", "FR", "ABC")
    assert caller.may_write_for("FR", "ABC")
    assert not caller.may_write_for(*owner)


@pytest.mark.requirement("TF-OWN-05")
def test_a_hub_may_write_for_those_behind_it() -> None:
    hub = Hub("cpo", "FR", "107", frozenset({("DE", "XYZ")}))
    assert hub.may_write_for("DE", "XYZ")
    assert not hub.may_write_for("FR", "107")


def test_a_caller_that_is_kept_asks_anew_each_time() -> None:
    kept = Hub("cpo", "FR", "107", frozenset({("DE", "XYZ")}))
    first, second = kept.asking(Incoming(method="PUT")), kept.asking(Incoming(method="GET"))
    assert (first.request.method, second.request.method) == ("PUT", "GET")
    assert first == second == kept
    assert first.behind == kept.behind
    assert first.asking(first.request) is first


@pytest.mark.requirement("TF-AUTH-08")
def test_no_token_is_shown_by_who_asks_and_what() -> None:
    request = Incoming(raw_headers=[(b"authorization", f"Token {TOKEN}".encode())], body=f'"{TOKEN}"'.encode())
    assert TOKEN not in repr(request)
    assert TOKEN not in repr(Caller("cpo", "FR", "ABC", request=request))


def test_a_header_is_found_whatever_its_case() -> None:
    request = Incoming(raw_headers=[(b"X-One", b"1"), (b"x-two", b"2"), (b"X-Two", b"3")])
    assert request.header("x-ONE") == "1"
    assert request.header("X-TWO") == "2, 3"
    assert request.header("x-three") is None


def test_a_query_is_decoded_when_asked_for() -> None:
    assert Incoming(query_string=b"a=%2B&a=2").query == (("a", "+"), ("a", "2"))
    with pytest.raises(InvalidParameters) as refused:
        assert Incoming(query_string=b"a=%zz").query
    assert refused.value.problems[0].pointer == "query"


@pytest.mark.parametrize(
    ("location", "header"),
    [
        (None, None),
        ("/ocpi/emsp/2.1.1/cdrs/1%2F2", b"/ocpi/emsp/2.1.1/cdrs/1%2F2"),
        ("https://example.com:8443/cdrs/a?b=c#d", b"https://example.com:8443/cdrs/a?b=c#d"),
        ("/cdrs/é ü", b"/cdrs/%C3%A9%20%C3%BC"),
        ("/cdrs/1\r\nSet-Cookie: a=b", b"/cdrs/1%0D%0ASet-Cookie:%20a=b"),
    ],
)
def test_a_location_may_stand_in_a_header(location: str | None, header: bytes | None) -> None:
    assert Created(location).location_header == header
