"""Overlays: what they may add, how it is marked, and that the base stays what it was."""

from pathlib import Path

import pytest

from ocpi_codegen.errors import SpecErrors
from ocpi_codegen.read import Bundle, read_spec
from tests.generator.samples import ADD_COLOUR, OVERLAY, write_overlay, write_spec

LIST = "$.paths['/emsp/2.1.1/tokens'].get"


def read(folder: Path, *actions: str) -> Bundle:
    overlays = [write_overlay(folder, text, name=f"acme{index}") for index, text in enumerate(actions)]
    return read_spec(write_spec(folder), overlays)


def complaint(folder: Path, *actions: str) -> str:
    with pytest.raises(SpecErrors) as raised:
        read(folder, *actions)
    return str(raised.value)


def test_an_added_property_is_marked_and_stands_last(tmp_path: Path) -> None:
    bundle = read(tmp_path, ADD_COLOUR)
    properties = bundle.document["components"]["schemas"]["Token"]["properties"]

    assert list(properties)[-1] == "colour"
    assert properties["colour"]["x-ocpi-origin"] == "ACME"
    assert "x-ocpi-origin" not in properties["uid"]
    assert bundle.overlays == ("ACME",)
    assert str(bundle.position("/components/schemas/Token/properties/colour")) == "acme0/overlay.yaml:7:7"


def test_an_added_enum_value_keeps_the_others_and_its_origin(tmp_path: Path) -> None:
    bundle = read(
        tmp_path,
        "  - target: $.components.schemas.TokenType.enum\n"
        "    update: [NFC]\n"
        "  - target: $.components.schemas.TokenType['x-ocpi-values']\n"
        "    update: {NFC: A phone.}\n",
    )
    enum = bundle.document["components"]["schemas"]["TokenType"]

    assert enum["enum"] == ["OTHER", "RFID", "NFC"]
    assert enum["x-ocpi-values"]["NFC"] == "A phone."
    assert enum["x-ocpi-value-origins"] == {"NFC": "ACME"}


def test_an_item_and_a_list_of_items_extend_an_array_alike(tmp_path: Path) -> None:
    one = "{name: a, in: query, description: A., schema: {type: integer}}"
    two = one.replace("name: a", "name: b")
    bundle = read(
        tmp_path,
        f"  - target: {LIST}.parameters\n    update: {one}\n  - target: {LIST}.parameters\n    update: [{two}]\n",
    )
    parameters = bundle.document["paths"]["/emsp/2.1.1/tokens"]["get"]["parameters"]

    assert [one.get("name") for one in parameters] == [None, None, "a", "b"]
    assert [one.get("x-ocpi-origin") for one in parameters] == [None, None, "ACME", "ACME"]


def test_a_ref_added_to_an_operation_becomes_a_marked_copy(tmp_path: Path) -> None:
    bundle = read(
        tmp_path,
        "  - target: $.components.parameters\n"
        "    update:\n"
        "      colour: {name: colour, in: query, description: C., schema: {type: integer}}\n"
        f"  - target: {LIST}.parameters\n"
        '    update: {$ref: "#/components/parameters/colour"}\n',
    )
    added = bundle.document["paths"]["/emsp/2.1.1/tokens"]["get"]["parameters"][-1]

    assert (added["name"], added["x-ocpi-origin"]) == ("colour", "ACME")


def test_an_added_operation_is_marked_and_belongs_to_the_module_of_its_path(tmp_path: Path) -> None:
    bundle = read(
        tmp_path,
        "  - target: $.paths\n"
        "    update:\n"
        "      /emsp/2.1.1/tokens/{uid}:\n"
        '        parameters: [{$ref: "#/components/parameters/uid"}]\n'
        "        delete:\n"
        "          operationId: emsp.tokens.delete_token\n"
        "          summary: Delete.\n"
        "          x-ocpi-section: g.md#d\n"
        '          responses: {"200": {$ref: common.yaml#/components/responses/Updated}}\n',
    )
    item = bundle.document["paths"]["/emsp/2.1.1/tokens/{uid}"]

    assert item["x-ocpi-module"] == "tokens"
    assert item["delete"]["x-ocpi-origin"] == "ACME"
    assert item["parameters"] == [{"$ref": "#/components/parameters/uid"}]


def test_an_added_schema_is_marked_once_and_may_require(tmp_path: Path) -> None:
    bundle = read(
        tmp_path,
        "  - target: $.components.schemas\n"
        "    update:\n"
        "      Group:\n"
        "        type: object\n"
        "        description: G.\n"
        "        x-ocpi-module: tokens\n"
        "        x-ocpi-section: g.md#g\n"
        "        properties:\n"
        "          id: {type: integer, description: Id.}\n"
        "  - target: $.components.schemas.Group\n"  # what it added itself, an overlay may complete
        "    update: {required: [id]}\n",
    )
    group = bundle.document["components"]["schemas"]["Group"]

    assert (group["x-ocpi-origin"], group["required"]) == ("ACME", ["id"])
    assert "x-ocpi-origin" not in group["properties"]["id"]


def test_an_overlay_may_bring_a_module_of_its_own(tmp_path: Path) -> None:
    bundle = read(
        tmp_path,
        "  - target: $['x-ocpi-modules']\n"
        "    update: {cards: {title: Cards, description: Cards.}}\n"
        "  - target: $.paths\n"
        "    update:\n"
        "      /cpo/2.1.1/cards:\n"
        "        put:\n"
        "          operationId: cpo.cards.put_all\n"
        "          summary: Store.\n"
        "          x-ocpi-section: g.md#d\n"
        '          responses: {"200": {$ref: common.yaml#/components/responses/Updated}}\n',
    )

    assert bundle.module_order == ("common", "tokens", "cards")


def test_a_wildcard_adds_to_every_match_on_its_own(tmp_path: Path) -> None:
    bundle = read(tmp_path, "  - target: $.paths.*[?@.operationId]\n    update: {x-ocpi-refusals: [1000]}\n")
    paths = bundle.document["paths"]
    first = paths["/cpo/2.1.1/tokens/{uid}"]["patch"]["x-ocpi-refusals"]
    second = paths["/emsp/2.1.1/tokens"]["get"]["x-ocpi-refusals"]

    assert (first, second) == ([2001, 1000], [1000])


def test_overlays_apply_in_order_and_each_marks_its_own(tmp_path: Path) -> None:
    spec = write_spec(tmp_path)
    acme = write_overlay(tmp_path, ADD_COLOUR)
    more = ADD_COLOUR.replace("colour:", "shade:")
    next_ = write_overlay(tmp_path, more, name="next", head=OVERLAY.replace("ACME", "NEXT"))
    bundle = read_spec(spec, [acme, next_])
    properties = bundle.document["components"]["schemas"]["Token"]["properties"]

    assert bundle.overlays == ("ACME", "NEXT")
    assert (properties["colour"]["x-ocpi-origin"], properties["shade"]["x-ocpi-origin"]) == ("ACME", "NEXT")


def test_an_overlay_may_not_narrow_what_an_earlier_one_added(tmp_path: Path) -> None:
    narrower = "  - target: $.components.schemas.Token.properties.colour\n    update: {maxLength: 3}\n"

    assert complaint(tmp_path, ADD_COLOUR, narrower) == (
        "acme1/overlay.yaml:6:25: SPEC024 narrowing overlay: replaces maxLength 6 by 3"
    )


def test_saying_again_what_is_there_changes_nothing(tmp_path: Path) -> None:
    bundle = read(tmp_path, "  - target: $.components.schemas.Token\n    update: {type: object}\n")

    assert "x-ocpi-origin" not in bundle.document["components"]["schemas"]["Token"]


@pytest.mark.parametrize(
    ("update", "reason"),
    [
        (
            "{parameters: [{name: a, in: query, required: true, description: A., schema: {type: integer}}]}",
            "parameter a",
        ),
        (
            "{responses: {'200': {headers: {X-A: {required: true, description: A., schema: {type: integer}}}}}}",
            "header X-A",
        ),
    ],
)
def test_requirements_are_found_wherever_they_hide(tmp_path: Path, update: str, reason: str) -> None:
    assert complaint(tmp_path, f"  - target: {LIST}\n    update: {update}\n").endswith(
        f"SPEC024 narrowing overlay: adds the required {reason}"
    )


@pytest.mark.parametrize(
    ("head", "line"),
    [
        (OVERLAY.replace("overlay: 1.1.0", "overlay: 2.0.0"), "1:10: SPEC032 overlay must be 1.0.x or 1.1.x"),
        (OVERLAY.replace("overlay: 1.1.0\n", ""), "1:1: SPEC033 an overlay without overlay"),
        (OVERLAY.replace('info: {title: Acme, version: "1"}\n', ""), "1:1: SPEC033 an overlay without info"),
        (OVERLAY.replace("x-ocpi-origin: ACME\n", ""), "1:1: SPEC033 an overlay without x-ocpi-origin"),
        (OVERLAY.replace("actions:", "remark: A."), "1:1: SPEC033 an overlay without actions"),
        (OVERLAY.replace("actions:", "actions: []"), "4:10: SPEC020 an overlay without actions"),
        (OVERLAY.replace("actions:", "actions: {}"), "4:10: SPEC032 actions must be a list"),
    ],
)
def test_the_head_of_an_overlay_is_checked(tmp_path: Path, head: str, line: str) -> None:
    overlay = write_overlay(tmp_path, "", head=head)

    with pytest.raises(SpecErrors) as raised:
        read_spec(write_spec(tmp_path), [overlay])

    assert f"acme/overlay.yaml:{line}" in str(raised.value).splitlines()


def test_the_same_overlay_twice_is_refused(tmp_path: Path) -> None:
    overlay = write_overlay(tmp_path, ADD_COLOUR)

    with pytest.raises(SpecErrors, match=r"acme/overlay.yaml:1:1: SPEC020 the same overlay is given twice"):
        read_spec(write_spec(tmp_path), [overlay, overlay])


def test_overlays_of_the_same_folder_and_name_are_told_apart(tmp_path: Path) -> None:
    spec = write_spec(tmp_path)
    (tmp_path / "x").mkdir()
    (tmp_path / "y").mkdir()
    first = write_overlay(tmp_path / "x", ADD_COLOUR)
    second = write_overlay(tmp_path / "y", ADD_COLOUR.replace("colour:", "class:"))

    with pytest.raises(SpecErrors, match=r"^y/acme/overlay.yaml:7:7: SPEC051"):
        read_spec(spec, [first, second])
