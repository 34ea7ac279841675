from __future__ import annotations

from typing import Any
from urllib.parse import quote, unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ocpi211_runtime.dispatch import Table, first_segment, read_query, read_segments
from ocpi211_runtime.operation import encode_segment

HOSTILE = ["/", "%", "*", "?", "#", ".", "..", "+", "a/b", "%2F", "%ff", "é", "日本", "a b", "&=;", "authorize", "\\"]
texts = st.text(st.characters(exclude_categories=["Cs"]))
ids = st.one_of(st.sampled_from(HOSTILE), texts.filter(bool))


def scope(raw: str, *, root_path: str = "") -> dict[str, Any]:
    """What a server makes of a request line."""
    return {"path": unquote(raw), "raw_path": raw.encode(), "root_path": root_path}


@pytest.mark.requirement("TF-URL-01")
@given(st.lists(ids, min_size=1, max_size=4))
@example(HOSTILE)
def test_segments_come_back_as_they_were_encoded(segments: list[str]) -> None:
    raw = "".join("/" + encode_segment(segment) for segment in segments)
    assert read_segments(scope(raw)) == tuple(segments)
    assert read_segments(scope(f"{raw}/")) == tuple(segments)
    assert read_segments(scope(f"/proxy/ocpi{raw}", root_path="/proxy/ocpi")) == tuple(segments)


@pytest.mark.parametrize("raw", ["", "/"])
def test_the_mount_itself_has_no_segments(raw: str) -> None:
    assert read_segments(scope(raw)) == ()
    assert read_segments(scope(f"/ocpi{raw}", root_path="/ocpi")) == ()


@pytest.mark.requirement("TF-URL-03")
@pytest.mark.parametrize(
    "raw",
    [
        "/a/%",
        "/a/%4",
        "/a/%zz",
        "/a/%ff",
        "/a/%c3",
        "/a/%ed%a0%80",
        "//a",
        "/a//b",
        "/a//",
        "a/b",
        "/a/\xe9",
        "/a\x00b",
    ],
)
def test_a_path_that_cannot_be_decoded_is_none(raw: str) -> None:
    assert read_segments({"path": "/a", "raw_path": raw.encode("latin-1"), "root_path": ""}) is None


def test_a_mount_is_found_however_it_is_encoded() -> None:
    assert read_segments(scope("/o%63pi/cpo/a%2Fb", root_path="/ocpi")) == ("cpo", "a/b")
    assert read_segments(scope("/h%C3%B4te/cpo", root_path="/hôte")) == ("cpo",)
    # Decoded, this is the mount /a/b; in truth it is one segment, and nothing is mounted there.
    assert read_segments(scope("/a%2Fb/cpo", root_path="/a/b")) is None


def test_a_mount_that_the_path_does_not_hold_is_not_cut() -> None:
    assert read_segments(scope("/cpo/versions", root_path="/ocpi")) == ("cpo", "versions")
    assert read_segments(scope("/ocpi2/versions", root_path="/ocpi")) == ("ocpi2", "versions")


def test_a_query_in_the_raw_path_is_not_part_of_it() -> None:
    assert read_segments({"path": "/cpo", "raw_path": b"/cpo?x=/y", "root_path": ""}) == ("cpo",)


@given(st.lists(ids.filter(lambda text: "/" not in text), min_size=1, max_size=3))
def test_without_a_raw_path_only_slashes_are_lost(segments: list[str]) -> None:
    path = "/" + "/".join(segments)
    assert read_segments({"path": path, "root_path": ""}) == tuple(segments)
    assert first_segment({"path": path}) == segments[0]


def test_the_first_segment_stands_behind_the_mount() -> None:
    assert first_segment({"path": "/ocpi/cpo/versions", "root_path": "/ocpi"}) == "cpo"
    assert first_segment({"path": "/ocpi", "root_path": "/ocpi"}) == "ocpi"


@given(st.lists(st.tuples(texts.filter(bool), texts)))
def test_a_query_comes_back_as_it_was_encoded(pairs: list[tuple[str, str]]) -> None:
    raw = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs)
    if len(raw) <= 8192:
        assert read_query(raw.encode()) == tuple(pairs)


def test_a_query_is_read_as_a_url_and_not_as_a_form() -> None:
    assert read_query(b"date_from=2024-01-01T00:00:00+02:00&&flag&empty=") == (
        ("date_from", "2024-01-01T00:00:00+02:00"),
        ("flag", ""),
        ("empty", ""),
    )


@pytest.mark.parametrize("raw", [b"a=%", b"a=%4", b"a=%g0", b"%ff=1", b"a=\xff", b"a=" + b"x" * 9000])
def test_a_query_that_cannot_be_decoded_is_refused(raw: bytes) -> None:
    with pytest.raises(ValueError, match=r"query|percent"):
        read_query(raw)


@pytest.fixture
def table() -> Table[str]:
    table = Table[str]()
    for path in ("tokens", "tokens/{uid}", "tokens/{uid}/authorize", "tokens/new/{x}/y", "a/{x}/b", "a/c"):
        table.setdefault(path.split("/"), path)
    return table


@pytest.mark.parametrize(
    ("path", "place", "values"),
    [
        ("tokens", "tokens", ()),
        ("tokens/1", "tokens/{uid}", ("1",)),
        ("tokens/authorize", "tokens/{uid}", ("authorize",)),
        ("tokens/authorize/authorize", "tokens/{uid}/authorize", ("authorize",)),
        ("tokens/new", "tokens/{uid}", ("new",)),
        ("tokens/new/authorize", "tokens/{uid}/authorize", ("new",)),
        ("tokens/new/1/y", "tokens/new/{x}/y", ("1",)),
        ("a/c", "a/c", ()),
        ("a/c/b", "a/{x}/b", ("c",)),
    ],
)
def test_a_path_leads_to_its_place(table: Table[str], path: str, place: str, values: tuple[str, ...]) -> None:
    assert table.find(path.split("/")) == (place, values)


@pytest.mark.parametrize(
    "path", ["", "a", "a/d", "tokens/1/2", "tokens/new/1/z", "tokens/1/authorize/", "/".join("a" * 5000)]
)
def test_other_paths_lead_nowhere(table: Table[str], path: str) -> None:
    assert table.find(path.split("/")) is None


def test_the_first_at_a_place_stays() -> None:
    table = Table[int]()
    assert table.setdefault(["a", "{x}"], 1) == 1
    assert table.setdefault(["a", "{y}"], 2) == 1
