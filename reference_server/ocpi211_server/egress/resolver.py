"""Names looked up once a connection, and refused if one of their addresses is not to be called.

The connection goes to the very addresses that were checked: a second look-up, which might answer otherwise, is never
made. TLS still verifies the name.
"""

from __future__ import annotations

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from ipaddress import ip_address

from aiohttp.abc import AbstractResolver, ResolveResult

from ocpi211_server.egress.url_policy import Policy

__all__ = ["DeniedAddress", "GuardedResolver", "SystemResolver"]

_THREADS = 8


class DeniedAddress(OSError):
    """A name leads where the policy does not let us go; no connection was tried."""


class SystemResolver(AbstractResolver):
    """The system's look-up, on threads of its own: a slow name server must not hold up the work of others."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="look-up")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Every address of the name. OSError if it has none."""
        look_up = partial(
            socket.getaddrinfo,
            host.encode("ascii"),
            port,
            family=family,
            type=socket.SOCK_STREAM,
            flags=socket.AI_ADDRCONFIG,
        )
        found = await asyncio.get_running_loop().run_in_executor(self._threads, look_up)
        return [
            ResolveResult(
                hostname=host,
                host=str(address[0]),
                port=port,
                family=kind,
                proto=proto,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for kind, _, proto, _, address in found
        ]

    async def close(self) -> None:
        """Let go of the threads, without waiting for what they look up."""
        self._threads.shutdown(wait=False, cancel_futures=True)


class GuardedResolver(AbstractResolver):
    """Another resolver, whose answers are judged before anyone connects."""

    def __init__(self, policy: Policy, inner: AbstractResolver) -> None:
        self._policy = policy
        self._inner = inner

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Every address of the name. DeniedAddress if one of them is, OSError if it has none."""
        found = await self._inner.resolve(host, port, family)
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, f"{host} has no address")
        for result in found:
            if reason := self._policy.refusal(host, ip_address(result["host"])):
                raise DeniedAddress(f"{host} leads to {result['host']}: {reason}")
        return found

    async def close(self) -> None:
        """Close the resolver inside."""
        await self._inner.close()
