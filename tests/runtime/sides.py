"""A sync and an async client behind one face, so that each test runs on both."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Unpack

from ocpi211_runtime.async_client import AsyncModuleClient, AsyncPeerClient
from ocpi211_runtime.client import ModuleClient, PeerClient
from tests.runtime.rows import ENDPOINTS, GET, GET_CDR, HOST, LIST, PUT, TOKEN, WHO, AsyncMemory, Memory, Token

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ocpi211_runtime.exchange import CallOptions, Receipt
    from ocpi211_runtime.pages import AsyncPager, Pager
    from ocpi211_runtime.peer import Settings
    from tests.runtime.rows import Answers

VERSIONS = f"{HOST}/ocpi/versions"


class Tokens(ModuleClient):
    """As the generator writes it."""

    def get(self, *, options: CallOptions | None = None) -> Token:
        return self._fetch(GET, WHO, options=options)

    def put(self, token: Token) -> Receipt:
        return self._send(PUT, WHO, token)

    def get_cdr(self, url: str) -> Token:
        return self._fetch(GET_CDR, {}, url=url)

    def get_cdr_url(self, uid: str) -> str:
        return self._url(GET_CDR, {"token_uid": uid})

    def list_tokens(self, values: Mapping[str, object]) -> Pager[Token]:
        return self._list(LIST, values)


class AsyncTokens(AsyncModuleClient):
    """As the generator writes it."""

    async def get(self, *, options: CallOptions | None = None) -> Token:
        return await self._fetch(GET, WHO, options=options)

    async def put(self, token: Token) -> Receipt:
        return await self._send(PUT, WHO, token)

    async def get_cdr(self, url: str) -> Token:
        return await self._fetch(GET_CDR, {}, url=url)

    def get_cdr_url(self, uid: str) -> str:
        return self._url(GET_CDR, {"token_uid": uid})

    def list_tokens(self, values: Mapping[str, object]) -> AsyncPager[Token]:
        return self._list(LIST, values)


class Side(ABC):
    """A client of the usual peer, and the transport it calls."""

    memory: Memory
    client: PeerClient | AsyncPeerClient
    tokens: Tokens | AsyncTokens

    def __init__(
        self, answers: Answers, endpoints: Mapping[str, str] = ENDPOINTS, **settings: Unpack[Settings]
    ) -> None:
        self.open(answers, endpoints, settings)

    @abstractmethod
    def open(self, answers: Answers, endpoints: Mapping[str, str], settings: Settings) -> None: ...

    @abstractmethod
    def get(self, options: CallOptions | None = None) -> Token: ...

    @abstractmethod
    def put(self, token: Token) -> Receipt: ...

    @abstractmethod
    def get_cdr(self, url: str) -> Token: ...

    @abstractmethod
    def crawl(self, found: list[str], **values: object) -> None:
        """Note the uid of each Token, so that those before an error are seen."""

    @abstractmethod
    def close(self) -> None: ...


class Sync(Side):
    """The sync client."""

    def open(self, answers: Answers, endpoints: Mapping[str, str], settings: Settings) -> None:
        self.memory = Memory(answers)
        self.client = self.one = PeerClient(
            token=TOKEN, endpoints=endpoints, versions_url=VERSIONS, transport=self.memory, **settings
        )
        self.tokens = self.calls = Tokens(self.one)

    def get(self, options: CallOptions | None = None) -> Token:
        return self.calls.get(options=options)

    def put(self, token: Token) -> Receipt:
        return self.calls.put(token)

    def get_cdr(self, url: str) -> Token:
        return self.calls.get_cdr(url)

    def crawl(self, found: list[str], **values: object) -> None:
        for token in self.calls.list_tokens(values):
            found.append(token.uid)  # noqa: PERF401  (one by one)

    def close(self) -> None:
        self.one.close()


class Async(Side):
    """The async client, each call on an event loop of its own."""

    def open(self, answers: Answers, endpoints: Mapping[str, str], settings: Settings) -> None:
        transport = AsyncMemory(answers)
        self.memory = transport.memory
        self.client = self.one = AsyncPeerClient(
            token=TOKEN, endpoints=endpoints, versions_url=VERSIONS, transport=transport, **settings
        )
        self.tokens = self.calls = AsyncTokens(self.one)

    def get(self, options: CallOptions | None = None) -> Token:
        return asyncio.run(self.calls.get(options=options))

    def put(self, token: Token) -> Receipt:
        return asyncio.run(self.calls.put(token))

    def get_cdr(self, url: str) -> Token:
        return asyncio.run(self.calls.get_cdr(url))

    def crawl(self, found: list[str], **values: object) -> None:
        async def iterate() -> None:
            async for token in self.calls.list_tokens(values):
                found.append(token.uid)  # noqa: PERF401  (one by one)

        asyncio.run(iterate())

    def close(self) -> None:
        asyncio.run(self.one.aclose())
