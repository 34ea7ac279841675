"""URLs of peers: checked, resolved, and told apart by origin."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocpi211_runtime.urls import append, checked, origin, resolve


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/ocpi",
        "ftp://x/",
        "https:///x",
        "https://",
        "https://user:pass@x/",
        "https://x@y/",
        "https://good.example\\@evil.example/",
        "https://good.example;evil.example/",
        "https://good.example%2eevil.example/",
        "https://cpo..example/",
        "https://.cpo.example/",
        f"https://{'x' * 64}.example/",
        "https://x:99999/",
        "https://x:0/",
        "https://x:/",
        "https://x:a/",
        "https://[::1",
        "https://exämple.com/",
        "https://x/a b",
        "https://x/\n",
        "https://x/\x00",
        "javascript:alert(1)",
    ],
)
@pytest.mark.requirement("TF-URL-05")
def test_an_odd_url_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"URL|Port|port"):
        checked(url)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://Cpo.Example/ocpi", "https://cpo.example"),
        ("https://cpo.example:443/", "https://cpo.example"),
        ("http://cpo.example:80?x", "http://cpo.example"),
        ("http://cpo.example:443", "http://cpo.example:443"),
        ("http://[::1]:8080/x", "http://[::1]:8080"),
        ("http://localhost:8000/", "http://localhost:8000"),
        ("https://cpo.example./", "https://cpo.example."),
    ],
)
def test_an_origin_has_one_spelling(url: str, expected: str) -> None:
    assert origin(url) == expected
    assert origin(expected) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://other.example/x#fragment", "https://other.example/x"),
        ("/ocpi/emsp/2.1.1/cdrs/7", "https://emsp.example/ocpi/emsp/2.1.1/cdrs/7"),
        ("?offset=50", "https://emsp.example/ocpi/cdrs?offset=50"),
        ("7", "https://emsp.example/ocpi/7"),
        ("//other.example/x", "https://other.example/x"),
        (" /x ", "https://emsp.example/x"),
    ],
)
def test_a_relative_url_is_resolved(url: str, expected: str) -> None:
    assert resolve(url, "https://emsp.example/ocpi/cdrs?limit=1") == expected


@pytest.mark.parametrize(
    ("endpoint", "suffix", "query", "expected"),
    [
        ("https://x/tokens", "/FR/A", "", "https://x/tokens/FR/A"),
        ("https://x/tokens/", "/FR/A", "", "https://x/tokens/FR/A"),
        ("https://x/tokens", "", "limit=1", "https://x/tokens?limit=1"),
        ("https://x/tokens/", "", "limit=1", "https://x/tokens/?limit=1"),
        ("https://x/tokens?key=7", "/FR/A", "", "https://x/tokens/FR/A?key=7"),
        ("https://x/tokens/?key=7", "/FR/A", "limit=1", "https://x/tokens/FR/A?key=7&limit=1"),
        ("https://x", "/FR", "", "https://x/FR"),
    ],
)
@pytest.mark.requirement("VER-URL-03")
def test_an_endpoint_takes_a_path_and_a_query(endpoint: str, suffix: str, query: str, expected: str) -> None:
    assert append(endpoint, suffix, query) == expected


@given(st.text())
def test_whatever_a_peer_writes_is_a_url_of_http_or_an_error(text: str) -> None:
    try:
        found = resolve(text, "https://emsp.example/ocpi/")
    except ValueError:
        return
    assert origin(found).startswith(("https://", "http://"))
