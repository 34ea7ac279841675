"""Clients and the contract table, printed from a hand-made `ir` and called."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import sys
from typing import TYPE_CHECKING

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ocpi211_runtime.exchange import CallOptions, Receipt
from ocpi211_runtime.pages import AsyncPager, Pager
from ocpi_codegen.emit import TEMPLATES
from ocpi_codegen.render import paragraph
from ocpi_codegen.render_client import render
from tests.generator.acme import MODELS, SPEC
from tests.runtime.rows import HOST, TOKEN, AsyncMemory, Memory, answered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import ModuleType

    from ocpi_codegen.ir import Spec


def texts(spec: Spec = SPEC) -> dict[str, str]:
    environment = Environment(  # noqa: S701  (Python, not HTML)
        loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return render(spec, environment)


@pytest.fixture
def acme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], ModuleType]]:
    """Imports a module of the printed package."""
    package = tmp_path / "acme_ocpi"
    (package / "models").mkdir(parents=True)
    (package / "client").mkdir()
    (package / "__init__.py").touch()
    (package / "models" / "__init__.py").touch()
    for name, text in {**{f"models/{key}.py": text for key, text in MODELS.items()}, **texts()}.items():
        (package / name).write_text(text, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield lambda name: importlib.import_module(f"acme_ocpi.{name}")
    for name in [name for name in sys.modules if name.split(".")[0] == "acme_ocpi"]:
        del sys.modules[name]


def test_a_module_with_operations_has_a_client_and_the_others_have_none() -> None:
    assert sorted(texts()) == [
        "client/__init__.py",
        "client/cdrs.py",
        "client/tokens.py",
        "client/versions.py",
        "operations.py",
        "status_codes.py",
    ]


def test_the_table_has_every_operation_as_the_spec_has_it(acme: Callable[[str], ModuleType]) -> None:
    table = acme("operations").OPERATIONS
    assert list(table) == [one.id for module in SPEC.modules for one in module.operations]
    row = table["emsp.tokens.authorize_token"]
    assert row is acme("operations").EMSP_TOKENS_AUTHORIZE_TOKEN
    assert (row.verb, row.suffix, row.origin) == ("POST", ("{token_uid}", "authorize"), "GIREVE")
    assert (row.parameters[1].default, row.parameters[1].aliases) == ("RFID", ("token_type",))
    assert (row.body, row.body_required) == (acme("models.cdrs").CDR, False)
    assert table["cpo.tokens.put_token"].key == (("token_uid", "uid"),)
    assert table["emsp.tokens.list_tokens"].paginated


def test_each_row_knows_behind_which_url_it_stands(acme: Callable[[str], ModuleType]) -> None:
    table = acme("operations").OPERATIONS
    assert {name: row.endpoint for name, row in table.items() if row.endpoint != row.module} == {
        "cpo.versions.get_version_details": "version_details"
    }


def test_status_codes_have_names_and_those_of_an_overlay_their_number(acme: Callable[[str], ModuleType]) -> None:
    assert {code.name: code.value for code in acme("status_codes").StatusCode} == {
        "SUCCESS": 1000,
        "INVALID_PARAMETERS": 2001,
        "CODE_2100": 2100,
    }


def test_a_client_has_an_attribute_a_module_its_role_serves(acme: Callable[[str], ModuleType]) -> None:
    client = acme("client")
    cpo = client.CpoClient(token=TOKEN, transport=Memory(answered()))
    assert type(cpo.tokens) is client.CpoTokens
    assert cpo.tokens is cpo.tokens
    assert not hasattr(cpo, "cdrs")
    emsp = client.AsyncEmspClient(token=TOKEN, transport=AsyncMemory(answered()))
    assert type(emsp.cdrs) is client.AsyncEmspCdrs


def test_signatures_say_what_is_needed(acme: Callable[[str], ModuleType]) -> None:
    client = acme("client")
    for prefix, pager in [("", "Pager[Token]"), ("Async", "AsyncPager[Token]")]:
        cpo, emsp = getattr(client, f"{prefix}CpoTokens"), getattr(client, f"{prefix}EmspTokens")
        assert str(inspect.signature(cpo.patch_token)).replace("'", "") == (
            "(self, party_id: str, token_uid: str, patch: TokenPatch, *, options: CallOptions | None = None) -> Receipt"
        )
        assert str(inspect.signature(emsp.list_tokens)).replace("'", "") == (
            "(self, *, date_from: datetime, offset: int = 0, limit: int | None = None,"
            f" ocpi_to_party_id: str | None = None, options: CallOptions | None = None) -> {pager}"
        )
        authorize = inspect.signature(emsp.authorize_token).parameters
        assert (authorize["cdr"].default, authorize["type"].default) == (None, acme("models.tokens").Kind.RFID)
        assert list(inspect.signature(getattr(client, f"{prefix}EmspCdrs").get_cdr).parameters) == [
            "self",
            "url",
            "options",
        ]


def test_a_docstring_tells_origin_summary_path_section_and_errors(acme: Callable[[str], ModuleType]) -> None:
    client = acme("client")
    authorize = client.EmspTokens.authorize_token.__doc__
    assert authorize.startswith("GIREVE: What authorize_token does.")
    assert "`POST /emsp/2.1.1/tokens/{token_uid}/authorize`. Section: mod_x.md#y" in authorize
    assert "PeerRefusal: " in authorize
    assert "ocpi_to_party_id: GIREVE: About ocpi-to-party-id." in client.EmspTokens.list_tokens.__doc__
    assert "2100: Acme's own." in client.CpoTokens.get_token.__doc__
    assert client.CpoTokens.get_token.__doc__ == client.AsyncCpoTokens.get_token.__doc__
    assert "The \"owner\", as \\n or '''." in client.CpoTokens.get_token.__doc__


def test_a_docstring_is_never_wider_than_the_page() -> None:
    lines = paragraph("word " * 100 + "https://a.example/" + "x" * 20, 8, hanging=4)
    assert max(map(len, lines)) <= 109
    assert all(line.startswith("    ") for line in lines[1:])


ENDPOINTS = {"tokens": f"{HOST}/t", "cdrs": f"{HOST}/c"}


def test_sync_calls_reach_the_wire(acme: Callable[[str], ModuleType]) -> None:
    client, models = acme("client"), acme("models.tokens")
    memory = Memory(lambda request: answered("[]" if request.url.startswith(f"{HOST}/t?") else '{"uid":"1","id":"1"}'))
    settings = {"token": TOKEN, "endpoints": ENDPOINTS, "versions_url": f"{HOST}/v", "transport": memory}
    cpo, emsp = client.CpoClient(**settings), client.EmspClient(**settings)

    assert cpo.tokens.get_token("A/B", "..").uid == "1"
    assert cpo.tokens.put_token("A", "1", models.Token(uid="1")) == Receipt(200, created=False)
    assert cpo.tokens.patch_token("A", "1", models.TokenPatch(note=None)) == Receipt(200, created=False)
    pager = emsp.tokens.list_tokens(date_from="2024-05-01T12:00:00Z", ocpi_to_party_id="ABC")
    assert isinstance(pager, Pager)
    assert list(pager) == []
    assert emsp.tokens.authorize_token("1", options=CallOptions(headers={"X-Request-ID": "7"})).uid == "1"
    assert emsp.cdrs.post_cdr(acme("models.cdrs").CDR(id="1")).http_status == 200
    assert emsp.cdrs.get_cdr(emsp.cdrs.get_cdr_url("a b")).id == "1"

    assert [(request.method, request.url.removeprefix(HOST), request.body) for request in memory.requests] == [
        ("GET", "/t/A%2FB/%2E%2E", None),
        ("PUT", "/t/A/1", b'{"uid":"1"}'),
        ("PATCH", "/t/A/1", b'{"note":null}'),
        ("GET", "/t?date_from=2024-05-01T12:00:00Z&offset=0", None),
        ("POST", "/t/1/authorize?type=RFID", None),
        ("POST", "/c", b'{"id":"1"}'),
        ("GET", "/c/a%20b", None),
    ]
    assert memory.requests[3].headers["ocpi-to-party-id"] == "ABC"
    assert memory.requests[4].headers["X-Request-ID"] == "7"


def test_async_calls_reach_the_wire(acme: Callable[[str], ModuleType]) -> None:
    client, models = acme("client"), acme("models.tokens")
    listed = json.dumps([{"id": "7"}])
    known = {
        f"{HOST}/v": answered(listed),
        f"{HOST}/v/2.1.1": answered('{"id":"8"}'),
        f"{HOST}/t/A/1": answered('{"uid":"1"}'),
        f"{HOST}/t?date_from=2024-05-01T12:00:00Z&offset=0": answered('[{"uid":"1"},{"uid":"2"}]'),
    }

    async def call() -> None:
        urls = {"versions_url": f"{HOST}/v", "details_url": f"{HOST}/v/2.1.1"}
        settings = {"token": TOKEN, "endpoints": ENDPOINTS, "transport": AsyncMemory(known), **urls}
        cpo, emsp = client.AsyncCpoClient(**settings), client.AsyncEmspClient(**settings)
        assert [version.id for version in await cpo.versions.list_versions()] == ["7"]
        assert (await cpo.versions.get_version_details()).id == "8"
        assert await cpo.tokens.put_token("A", "1", models.Token(uid="1")) == Receipt(200, created=False)
        assert (await cpo.tokens.get_token("A", "1")).uid == "1"
        pager = emsp.tokens.list_tokens(date_from="2024-05-01T12:00:00Z")
        assert isinstance(pager, AsyncPager)
        assert [token.uid async for token in pager] == ["1", "2"]

    asyncio.run(call())
