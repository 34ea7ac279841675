"""Credentials (credentials.md): one set of answers, mounted as CPO and as eMSP."""

from __future__ import annotations

from ocpi211.models.credentials import Credentials
from ocpi211.routes import Caller, CpoCredentials, Created, EmspCredentials
from ocpi211_server.registration.auth import ServerCaller
from ocpi211_server.registration.receiving import Registration

__all__ = ["CredentialsForCpos", "CredentialsForEmsps"]


class _Answers:
    """The four operations, whichever interface they are asked at: the caller says which partner it is about."""

    def __init__(self, registration: Registration) -> None:
        self._registration = registration

    async def get_credentials(self, caller: Caller) -> Credentials:
        """Our Credentials, with the token that the caller uses."""
        return self._registration.show(ServerCaller.of(caller))

    async def post_credentials(self, caller: Caller, credentials: Credentials) -> Created:
        """Register the caller."""
        return Created(data=await self._registration.register(ServerCaller.of(caller), credentials))

    async def put_credentials(self, caller: Caller, credentials: Credentials) -> Credentials:
        """Change the registration of the caller."""
        return await self._registration.update(ServerCaller.of(caller), credentials)

    async def delete_credentials(self, caller: Caller) -> None:
        """End the registration of the caller."""
        await self._registration.unregister(ServerCaller.of(caller))


class CredentialsForEmsps(_Answers, CpoCredentials):
    """Of a CPO, as eMSPs meet them."""


class CredentialsForCpos(_Answers, EmspCredentials):
    """Of an eMSP, as CPOs meet them."""
