# Written by ocpi_codegen from the spec (OCPI 2.1.1, GIREVE). Change the spec, not this file; then: nox -s generate

# ruff: noqa: ARG002 -- a skeleton has the arguments that OCPI gives it
"""OCPI 2.1.1 Credentials: what a server answers.

A skeleton a role; only what a subclass overrides is served and advertised.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ocpi211 import operations
from ocpi211_runtime.handlers import Handler, NotOverridden

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ocpi211.models.credentials import Credentials
    from ocpi211_runtime.answers import Caller, Created, Role
    from ocpi211_runtime.operation import Operation

__all__ = [
    "CpoCredentials",
    "EmspCredentials",
]


class CpoCredentials(Handler):
    """OCPI 2.1.1 Credentials, as the CPO serves them: override what you offer.

    Registration, that is the exchange of tokens and of the URLs of both parties' versions. Before it answers a
    registration or a change of one, the server fetches the client's versions and endpoints with the token offered.
    Registering twice is refused with 405, and so is changing or ending a registration that does not exist.
    """

    role: ClassVar[Role] = "cpo"
    module: ClassVar[str] = "credentials"
    operations: ClassVar[Mapping[str, Operation[Any]]] = {
        "get_credentials": operations.CPO_CREDENTIALS_GET_CREDENTIALS,
        "put_credentials": operations.CPO_CREDENTIALS_PUT_CREDENTIALS,
        "post_credentials": operations.CPO_CREDENTIALS_POST_CREDENTIALS,
        "delete_credentials": operations.CPO_CREDENTIALS_DELETE_CREDENTIALS,
    }

    async def get_credentials(
        self,
        caller: Caller,
    ) -> Credentials | bytes:
        """The Credentials the caller uses towards the CPO.

        `GET /cpo/2.1.1/credentials`. Section: credentials.md#11-get-method

        Args:
            caller: Who asks; `caller.request` is the request.

        Returns:
            The Credentials, or its JSON.
        """
        raise NotOverridden

    async def put_credentials(
        self,
        caller: Caller,
        credentials: Credentials,
    ) -> Credentials | bytes:
        """Change the registration with the CPO, or move it to this version.

        `PUT /cpo/2.1.1/credentials`. Section: credentials.md#13-put-method

        Args:
            caller: Who asks; `caller.request` is the request.
            credentials: The Credentials, valid.

        Returns:
            The Credentials, or its JSON.

        Raises:
            MethodNotAllowed: Not now: the caller is registered already, or not yet.
            InvalidParameters: Valid each by itself, the arguments do not go together. (2001)
            CannotUseClientApi: The client's own interface could not be used, for example while it registers. (3001)
            UnsupportedVersion: The version is not supported. (3002)
            MissingEndpoints: Endpoints are missing that one side expects of the other. (3003)
        """
        raise NotOverridden

    async def post_credentials(
        self,
        caller: Caller,
        credentials: Credentials,
    ) -> Credentials | Created | bytes:
        """Register with the CPO for this version.

        `POST /cpo/2.1.1/credentials`. Section: credentials.md#12-post-method

        Args:
            caller: Who asks; `caller.request` is the request.
            credentials: The Credentials, valid.

        Returns:
            The Credentials, or its JSON. Created with it as data is answered 201.

        Raises:
            MethodNotAllowed: Not now: the caller is registered already, or not yet.
            InvalidParameters: Valid each by itself, the arguments do not go together. (2001)
            CannotUseClientApi: The client's own interface could not be used, for example while it registers. (3001)
            UnsupportedVersion: The version is not supported. (3002)
            MissingEndpoints: Endpoints are missing that one side expects of the other. (3003)
        """
        raise NotOverridden

    async def delete_credentials(
        self,
        caller: Caller,
    ) -> None:
        """End the registration with the CPO.

        `DELETE /cpo/2.1.1/credentials`. Section: credentials.md#14-delete-method

        Args:
            caller: Who asks; `caller.request` is the request.

        Returns:
            Nothing.

        Raises:
            MethodNotAllowed: Not now: the caller is registered already, or not yet.
        """
        raise NotOverridden


class EmspCredentials(Handler):
    """OCPI 2.1.1 Credentials, as the eMSP serves them: override what you offer.

    Registration, that is the exchange of tokens and of the URLs of both parties' versions. Before it answers a
    registration or a change of one, the server fetches the client's versions and endpoints with the token offered.
    Registering twice is refused with 405, and so is changing or ending a registration that does not exist.
    """

    role: ClassVar[Role] = "emsp"
    module: ClassVar[str] = "credentials"
    operations: ClassVar[Mapping[str, Operation[Any]]] = {
        "get_credentials": operations.EMSP_CREDENTIALS_GET_CREDENTIALS,
        "put_credentials": operations.EMSP_CREDENTIALS_PUT_CREDENTIALS,
        "post_credentials": operations.EMSP_CREDENTIALS_POST_CREDENTIALS,
        "delete_credentials": operations.EMSP_CREDENTIALS_DELETE_CREDENTIALS,
    }

    async def get_credentials(
        self,
        caller: Caller,
    ) -> Credentials | bytes:
        """The Credentials the caller uses towards the eMSP.

        `GET /emsp/2.1.1/credentials`. Section: credentials.md#11-get-method

        Args:
            caller: Who asks; `caller.request` is the request.

        Returns:
            The Credentials, or its JSON.
        """
        raise NotOverridden

    async def put_credentials(
        self,
        caller: Caller,
        credentials: Credentials,
    ) -> Credentials | bytes:
        """Change the registration with the eMSP, or move it to this version.

        `PUT /emsp/2.1.1/credentials`. Section: credentials.md#13-put-method

        Args:
            caller: Who asks; `caller.request` is the request.
            credentials: The Credentials, valid.

        Returns:
            The Credentials, or its JSON.

        Raises:
            MethodNotAllowed: Not now: the caller is registered already, or not yet.
            InvalidParameters: Valid each by itself, the arguments do not go together. (2001)
            CannotUseClientApi: The client's own interface could not be used, for example while it registers. (3001)
            UnsupportedVersion: The version is not supported. (3002)
            MissingEndpoints: Endpoints are missing that one side expects of the other. (3003)
        """
        raise NotOverridden

    async def post_credentials(
        self,
        caller: Caller,
        credentials: Credentials,
    ) -> Credentials | Created | bytes:
        """Register with the eMSP for this version.

        `POST /emsp/2.1.1/credentials`. Section: credentials.md#12-post-method

        Args:
            caller: Who asks; `caller.request` is the request.
            credentials: The Credentials, valid.

        Returns:
            The Credentials, or its JSON. Created with it as data is answered 201.

        Raises:
            MethodNotAllowed: Not now: the caller is registered already, or not yet.
            InvalidParameters: Valid each by itself, the arguments do not go together. (2001)
            CannotUseClientApi: The client's own interface could not be used, for example while it registers. (3001)
            UnsupportedVersion: The version is not supported. (3002)
            MissingEndpoints: Endpoints are missing that one side expects of the other. (3003)
        """
        raise NotOverridden

    async def delete_credentials(
        self,
        caller: Caller,
    ) -> None:
        """End the registration with the eMSP.

        `DELETE /emsp/2.1.1/credentials`. Section: credentials.md#14-delete-method

        Args:
            caller: Who asks; `caller.request` is the request.

        Returns:
            Nothing.

        Raises:
            MethodNotAllowed: Not now: the caller is registered already, or not yet.
        """
        raise NotOverridden
