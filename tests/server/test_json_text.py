"""Text that is changed where it stands: no database, no server."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocpi211_server.objects.json_text import edited, found, items, members, merged, placed, rewritten, steps, updated

LOCATION = (
    b'{"id": "L1", "odd": 1.500000000000000000001, "evses": [{"uid":"A","n":1e2,"last_updated":"2024-05-02T10:00:00Z",'
    b'"connectors":[{"id":"1","last_updated":"2024-05-02T09:00:00Z"},{"id":"2","last_updated":"2024-05-02T09:00:00Z"}]}'
    b',{"uid":"B/\\u00e9 ","last_updated":"2024-05-02T10:00:00Z"}], "last_updated": "2024-05-02T10:00:00Z"}'
)


def whole(text: bytes) -> Any:
    return json.loads(text)


def test_what_is_not_touched_keeps_its_bytes() -> None:
    changed = placed(LOCATION, steps("B/é "), b'{"uid":"B/\\u00e9 ","last_updated":"2024-05-02T10:00:00Z","x":1}')
    assert b'"odd":1.500000000000000000001' in changed
    assert b'"n":1e2' in changed
    assert b'"x":1' in changed


@pytest.mark.parametrize(
    ("way", "part"),
    [
        ((), "L1"),
        (("A",), "A"),
        (("A", "2"), "2"),
        (("B/é ",), "B/é "),
        (("C",), None),
        (("C", "1"), None),
        (("A", "3"), None),
        (("B/é ", "1"), None),
    ],
)
def test_a_part_is_found_by_the_way_to_it(way: tuple[str, ...], part: str | None) -> None:
    text = found(LOCATION, steps(*way))
    assert (None if text is None else whole(text).get("uid", whole(text).get("id"))) == part


def test_a_new_part_stands_behind_the_last_and_a_known_one_in_its_place() -> None:
    new = b'{"id":"3","last_updated":"2024-05-02T09:00:00Z"}'
    evse = found(placed(LOCATION, steps("A", "3"), new), steps("A"))
    assert [one["id"] for one in whole(evse or b"")["connectors"]] == ["1", "2", "3"]
    first = placed(LOCATION, steps("A", "1"), b'{"id":"1","x":1,"last_updated":"2024-05-02T09:00:00Z"}')
    assert [one["id"] for one in whole(found(first, steps("A")) or b"")["connectors"]] == ["1", "2"]


@pytest.mark.parametrize(
    ("stamp", "rises"),
    [
        ("2024-05-02T11:00:00Z", True),
        ("2024-05-02T13:00:00+01:00", True),
        ("2024-05-02T11:00:00", True),
        ("2024-05-02T10:00:00Z", False),
        ("2024-05-02T09:59:59Z", False),
        ("2024-05-02T11:30:00+02:00", False),
    ],
)
def test_what_holds_a_part_rises_with_it_and_never_falls(stamp: str, *, rises: bool) -> None:
    changed = placed(LOCATION, steps("A", "1"), b'{"id":"1","last_updated":"%b"}' % stamp.encode())
    evse = found(changed, steps("A")) or b""
    assert [updated(text) > updated(LOCATION) for text in (evse, changed)] == [rises, rises]
    assert updated(found(changed, steps("B/é ")) or b"") == updated(LOCATION)


def test_a_way_through_what_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError):
        placed(LOCATION, steps("C", "1"), b"{}")


def test_a_change_is_told_that_there_is_nothing_yet() -> None:
    seen: list[bytes | None] = []

    def change(part: bytes | None) -> bytes:
        seen.append(part)
        return b'{"uid":"C","last_updated":"2024-05-02T09:00:00Z"}'

    rewritten(LOCATION, steps("C"), change)
    assert seen == [None]


def test_a_list_that_is_null_is_an_empty_one() -> None:
    changed = placed(b'{"evses":null,"last_updated":"2024-05-02T09:00:00Z"}', steps("A"), b'{"uid":"A"}')
    assert whole(changed)["evses"] == [{"uid": "A"}]
    assert items(b"null") == items(None) == []


names = st.sampled_from(["id", "kwh", "é", 'a"b', "x y"])
values = st.none() | st.integers() | st.text(max_size=5) | st.lists(st.integers(), max_size=3) | st.just({"a": None})
objects = st.dictionaries(names, values)


@given(stored=objects, patch=objects)
def test_a_patch_replaces_what_it_gives_and_null_unsets(stored: dict[str, Any], patch: dict[str, Any]) -> None:
    expected = {name: value for name, value in (stored | patch).items() if name not in patch or value is not None}
    assert whole(merged(json.dumps(stored).encode(), json.dumps(patch).encode())) == expected


@given(stored=objects, change=objects)
def test_members_are_replaced_added_or_left_out(stored: dict[str, Any], change: dict[str, Any]) -> None:
    changes = {name: None if value is None else json.dumps(value).encode() for name, value in change.items()}
    text = edited(json.dumps(stored).encode(), changes)
    expected = {name: value for name, value in (stored | change).items() if name not in change or value is not None}
    assert {name: whole(raw) for name, raw in members(text).items()} == expected
