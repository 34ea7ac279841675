"""What is known of a peer, and where its token may go."""

from typing import Any

import pytest

from ocpi211_runtime.errors import ForeignUrl, MalformedAnswer, NotOffered
from ocpi211_runtime.peer import Peer
from tests.runtime.rows import GET, HOST, LIST, TOKEN, WHO, peer


@pytest.mark.parametrize("token", ["", "x" * 65, "with space", "tab\t", "new\nline", "é", "\x00", "\x7f"])
@pytest.mark.requirement("TF-AUTH-08")
def test_a_token_that_is_none_is_refused_without_being_shown(token: str) -> None:
    with pytest.raises(ValueError, match="1 to 64") as caught:
        Peer(token)
    assert not token or token not in str(caught.value)


@pytest.mark.parametrize("token", ["x", "x" * 64, "IpbJ/x+k=", "!~"])
def test_any_visible_ascii_is_a_token(token: str) -> None:
    assert Peer(token).token == token


@pytest.mark.requirement("TF-AUTH-08")
def test_the_token_is_in_no_repr() -> None:
    assert TOKEN not in repr(peer(headers={"X-Api-Key": "hush"}))
    assert "hush" not in repr(peer(headers={"X-Api-Key": "hush"}))


@pytest.mark.parametrize(
    "settings",
    [
        {"timeout": 0},
        {"timeout": float("nan")},
        {"timeout": float("inf")},
        {"max_bytes": 0},
        {"max_pages": -1},
        {"approved_origins": ["cpo.example"]},
        {"versions_url": "/versions"},
        {"endpoints": {"tokens": "tokens"}},
    ],
)
def test_a_setting_that_makes_no_sense_is_told_at_once(settings: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"positive|URL"):
        peer(**settings)


def test_an_operation_stands_behind_the_published_url() -> None:
    assert peer().place(GET, WHO) == f"{HOST}/ocpi/tokens/FR/ABC/012345"


def test_a_module_that_is_not_published_is_not_offered() -> None:
    with pytest.raises(NotOffered) as caught:
        peer(endpoints={"cdrs": f"{HOST}/c", "acme-x": f"{HOST}/x"}).place(GET, WHO)
    assert (caught.value.wanted, caught.value.offered) == ("tokens", ("acme-x", "cdrs"))
    assert caught.value.operation == "cpo.tokens.get_token"


def locate(url: str, **rest: Any) -> str:
    return peer(**rest).locate(url, base=f"{HOST}/ocpi/tokens", operation=LIST.id)


@pytest.mark.parametrize("url", [f"{HOST}/anywhere", "/anywhere", f"{HOST}:443/anywhere"])
def test_the_origin_of_the_endpoint_may_see_the_token(url: str) -> None:
    assert locate(url).endswith("/anywhere")


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/",
        "//evil.example/",
        "http://cpo.example/",
        "https://cpo.example:8443/",
        "https://cpo.example.evil.example/",
        "https://sub.cpo.example/",
    ],
)
@pytest.mark.requirement("TF-URL-05")
def test_any_other_origin_may_not(url: str) -> None:
    with pytest.raises(ForeignUrl) as caught:
        locate(url)
    assert caught.value.approved == (HOST,)
    assert TOKEN not in str(caught.value)


def test_an_approved_origin_may() -> None:
    assert (
        locate("https://pages.example/2", approved_origins=["https://PAGES.example:443/"]) == "https://pages.example/2"
    )


@pytest.mark.parametrize("url", ["https://x@cpo.example/", "ftp://cpo.example/", "https://cpo.example/a b"])
def test_what_is_no_url_is_a_fault_of_the_peer(url: str) -> None:
    with pytest.raises(MalformedAnswer):
        locate(url)


def test_without_endpoint_the_origin_of_the_versions_counts() -> None:
    known = peer()
    assert known.locate(f"{HOST}/result/1", base="", operation="x") == f"{HOST}/result/1"
    with pytest.raises(ForeignUrl):
        known.locate("https://other.example/", base="", operation="x")
    with pytest.raises(MalformedAnswer):
        known.locate("/result/1", base="", operation="x")


@pytest.mark.parametrize("url", [f"https://evil.example/{TOKEN}", f"https://cpo.example/ {TOKEN}"])
@pytest.mark.requirement("TF-AUTH-08")
def test_a_url_that_repeats_the_token_puts_it_into_no_error(url: str) -> None:
    with pytest.raises((ForeignUrl, MalformedAnswer)) as caught:
        peer().locate(url, base=f"{HOST}/ocpi/cpo/versions", operation="versions")
    assert TOKEN not in str(caught.value)
    assert TOKEN not in caught.value.url
