from __future__ import annotations

import asyncio
import functools
import json
from collections.abc import Callable
from typing import Any

import pytest

from ocpi211_runtime.answers import Caller, PageResult
from ocpi211_runtime.handlers import Offer, offers, version_offers
from tests.runtime.contract import CpoTokens, EmspTokens, Token


class Reads(CpoTokens):
    async def get_token(self, caller: Caller, country_code: str, party_id: str, token_uid: str) -> Token | bytes:
        return Token(uid=token_uid, valid=caller.may_write_for(country_code, party_id))


class Lists(EmspTokens):
    async def list_tokens(self, caller: Caller, **given: Any) -> PageResult[Token]:
        return PageResult([], 0)


def ids(*handlers: object) -> list[str]:
    return [offer.operation.id for offer in offers(handlers)]


def test_a_skeleton_offers_nothing() -> None:
    assert ids(CpoTokens(), EmspTokens()) == []


def test_a_handler_offers_what_it_overrides() -> None:
    class Heir(Reads):
        """Inherits what it offers."""

    assert ids(Reads()) == ids(Heir()) == ["cpo.tokens.get_token"]


def test_a_mixin_overrides_as_well() -> None:
    class Storing:
        async def put_token(
            self, caller: Caller, country_code: str, party_id: str, token_uid: str, token: Token
        ) -> None:
            """Keeps it."""

    class Mixed(Storing, CpoTokens):
        pass

    assert ids(Mixed()) == ["cpo.tokens.put_token"]


def test_one_handler_may_serve_both_roles() -> None:
    class Both(Lists, Reads):
        pass

    assert sorted(ids(Both())) == ["cpo.tokens.get_token", "emsp.tokens.list_tokens"]


def test_a_method_that_is_not_async_is_refused_at_once() -> None:
    class Blocking(CpoTokens):
        def get_token(self, *_: object) -> bytes:  # type: ignore[override]
            return b"{}"

    with pytest.raises(TypeError, match=r"Blocking\.get_token must be an async method"):
        ids(Blocking())


@pytest.mark.parametrize("handler", [CpoTokens, Reads, object(), None])
def test_what_is_no_handler_is_refused_at_once(handler: object) -> None:
    with pytest.raises(TypeError, match="is no instance of a route skeleton"):
        ids(handler)


def test_a_decorated_method_is_taken_for_what_it_wraps() -> None:
    def traced(method: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(method)
        def call(*given: object) -> object:
            return method(*given)

        return call

    class Traced(CpoTokens):
        get_token = traced(Reads.get_token)

    assert ids(Traced()) == ["cpo.tokens.get_token"]


@pytest.mark.requirement("VER-URL-01")
@pytest.mark.requirement("VER-URL-04")
def test_versions_list_what_is_offered_by_role() -> None:
    offered = version_offers(offers([Reads(), Lists(), CpoTokens()]), "https://a.example/ocpi")
    assert {offer.operation.path: asyncio.run(document(offer)) for offer in offered} == {
        f"/{role}/{path}": content
        for role in ("cpo", "emsp")
        for path, content in {
            "versions": [{"version": "2.1.1", "url": f"https://a.example/ocpi/{role}/2.1.1"}],
            "2.1.1": {
                "version": "2.1.1",
                "endpoints": [{"identifier": "tokens", "url": f"https://a.example/ocpi/{role}/2.1.1/tokens"}],
            },
        }.items()
    }


async def document(offer: Offer) -> object:
    written = await offer.method(Caller("cpo", "FR", "ABC"))
    assert isinstance(written, bytes)
    return json.loads(written)
