"""YAML files as trees: what values become, where they stand, and what no file may be."""

from pathlib import Path

import pytest

from ocpi_codegen.errors import Position, Problems, SpecErrors
from ocpi_codegen.load import Mapping, Sequence, clone, key_position, load, position


def tree(folder: Path, text: str | bytes) -> Mapping:
    path = folder / "a.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    problems = Problems()
    loaded = load(path, "a.yaml", problems)
    problems.stop()
    assert loaded is not None
    return loaded


def complaint(folder: Path, text: str | bytes) -> list[str]:
    with pytest.raises(SpecErrors) as raised:
        tree(folder, text)
    return str(raised.value).splitlines()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("NO", "NO"),
        ("on", "on"),
        ("yes", "yes"),
        ("2.1.1", "2.1.1"),
        ("2020-01-01", "2020-01-01"),
        ("12:30:00", "12:30:00"),
        ("'5'", "5"),
        ("'true'", "true"),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("-7", -7),
        ("012", 12),
        ("0x1F", 31),
        ("1.5e3", 1500.0),
    ],
)
def test_plain_scalars_are_those_of_the_core_schema_of_yaml_1_2(tmp_path: Path, text: str, value: object) -> None:
    found = tree(tmp_path, f"a: {text}\n")["a"]

    assert found == value
    assert type(found) is type(value)


def test_whole_numbers_as_keys_become_strings(tmp_path: Path) -> None:
    assert tree(tmp_path, "1000: Success.\n200: OK\n") == {"1000": "Success.", "200": "OK"}
    assert complaint(tmp_path, "1000: a\n'1000': b\n") == ["a.yaml:2:1: SPEC003 duplicate key '1000', first on line 1"]


def test_a_tree_knows_the_place_of_every_key_value_and_item(tmp_path: Path) -> None:
    loaded = tree(tmp_path, "a:\n  b: [x, y]\nc: {d: é, e: f}\n")

    assert key_position(loaded, "a") == Position("a.yaml", 1, 1)
    assert position(loaded, "a") == Position("a.yaml", 2, 3)
    assert position(loaded["a"]["b"], 1) == Position("a.yaml", 2, 10)
    assert str(key_position(loaded["c"], "e")) == "a.yaml:3:11"
    assert position(loaded["c"], "missing") == loaded["c"].at


def test_a_clone_shares_nothing_but_the_places(tmp_path: Path) -> None:
    loaded = tree(tmp_path, "a: {b: [1, {c: d}]}")
    copy = clone(loaded)
    copy["a"]["b"][1].put("c", "changed")

    assert loaded == {"a": {"b": [1, {"c": "d"}]}}
    assert isinstance(copy["a"]["b"], Sequence)
    assert position(copy["a"]["b"], 1) == position(loaded["a"]["b"], 1)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", "a.yaml:1:1: SPEC006 the file is empty"),
        (b"# only a comment\n", "a.yaml:1:1: SPEC006 the file is empty"),
        (b"- a\n", "a.yaml:1:1: SPEC006 the document is no mapping"),
        (b"a: b\nc: \xff\n", "a.yaml:2:4: SPEC001 byte 0xff is not UTF-8"),
        ("é: a\x01".encode(), "a.yaml:1:5: SPEC002 the character U+0001 is not allowed"),
        (b"[a]: b\n", "a.yaml:1:1: SPEC004 a key must be a string"),
        (b"2.0: b\n", "a.yaml:1:1: SPEC004 a key must be a string: quote '2.0'"),
        (b"a: *b\n", "a.yaml:1:4: SPEC005 alias *b: write it out, or use a $ref"),
        (b"a: !!str 5\n", "a.yaml:1:4: SPEC007 tag tag:yaml.org,2002:str"),
        (b"a: 1e999\n", "a.yaml:1:4: SPEC007 1e999 is no JSON number"),
        (b"a: " + b"[" * 100, "a.yaml:1:68: SPEC002 nested deeper than 64 levels"),
    ],
)
def test_a_file_that_is_no_document_is_refused_with_its_place(tmp_path: Path, content: bytes, line: str) -> None:
    assert complaint(tmp_path, content) == [line]


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    problems = Problems()

    assert load(tmp_path / "b.yaml", "b.yaml", problems) is None
    with pytest.raises(SpecErrors, match=r"b.yaml:1:1: SPEC001 cannot be read: No such file"):
        problems.stop()


def test_a_file_with_several_mistakes_reports_them_all(tmp_path: Path) -> None:
    codes = [line.split()[1] for line in complaint(tmp_path, "a: &x 1\na: 2\nb: !t 3\ntrue: 4\n")]

    assert codes == ["SPEC005", "SPEC003", "SPEC007", "SPEC004"]
