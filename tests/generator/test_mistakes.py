"""Every kind of mistake, and the lines it is answered with. The tables are in `mistakes/`, one file a kind."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from ocpi_codegen.errors import CODES, SpecErrors
from ocpi_codegen.read import read_spec
from tests.generator.samples import COMMON, TOKENS, write_overlay, write_spec

TABLES = Path(__file__).parent / "mistakes"
Row = dict[str, Any]


def rows(*tables: str) -> list[Row]:
    return [row for table in tables for row in yaml.safe_load((TABLES / f"{table}.yaml").read_text("utf-8"))]


IN_DOCUMENTS = rows("files", "references", "shape", "schemas", "names", "operations")
IN_OVERLAYS = rows("overlays")


def printed(folder: Path, *overlays: Path, **documents: str) -> str:
    """What reading the sample says, with these documents in place of its own."""
    with pytest.raises(SpecErrors) as raised:
        read_spec(write_spec(folder, **documents), overlays)
    return f"{raised.value}\n"


@pytest.mark.parametrize("row", IN_DOCUMENTS, ids=lambda row: row["name"].replace(" ", "_"))
def test_a_mistake_in_a_document_is_answered_with_its_place_and_reason(tmp_path: Path, row: Row) -> None:
    sample = {"common": COMMON, "tokens": TOKENS}[row["document"]]
    assert row["old"] in sample

    text = sample.replace(row["old"], row["new"], 1)

    assert printed(tmp_path, **{row["document"]: text}) == row["printed"]


@pytest.mark.parametrize("row", IN_OVERLAYS, ids=lambda row: row["name"].replace(" ", "_"))
def test_a_mistake_in_an_overlay_is_answered_with_its_place_and_reason(tmp_path: Path, row: Row) -> None:
    overlay = write_overlay(tmp_path, row["actions"])

    assert printed(tmp_path, overlay) == row["printed"]


def test_mistakes_of_all_kinds_and_documents_are_reported_at_once_in_the_order_of_the_files(tmp_path: Path) -> None:
    text = TOKENS
    for old, new in (
        ("emsp.tokens.list_tokens", "cpo.tokens.list_tokens"),
        ("          maxLength: 36\n", "          maxlength: 36\n"),
        ("default: RFID", "default: NFC"),
        ("        valid:\n", "        class: {type: boolean, description: A.}\n        valid:\n"),
    ):
        text = text.replace(old, new)
    common = COMMON.replace('"^[ -~]*$"', '"^[ -~*$"')

    assert printed(tmp_path, common=common, tokens=text) == (
        "common.yaml:10:31: SPEC042 pattern '^[ -~*$': unterminated character set at position 1\n"
        "tokens.yaml:24:20: SPEC062 operationId 'cpo.tokens.list_tokens' on a path of the role 'emsp'\n"
        "tokens.yaml:65:11: SPEC030 unknown keyword 'maxlength' in a schema, did you mean 'maxLength'?\n"
        "tokens.yaml:70:20: SPEC044 default 'NFC' is not in the enum\n"
        "tokens.yaml:71:9: SPEC051 property 'class' of Token makes no name of an attribute\n"
    )


def test_every_code_is_proven_by_a_mistake() -> None:
    lines = [line for row in (*IN_DOCUMENTS, *IN_OVERLAYS) for line in row["printed"].splitlines()]
    proven = {line.split()[1] for line in lines}
    elsewhere = {"SPEC001", "SPEC020"}  # files that cannot be read: test_load; heads of overlays: test_overlay

    assert proven | elsewhere == CODES.keys()
