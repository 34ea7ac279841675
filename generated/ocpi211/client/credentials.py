# Written by ocpi_codegen from the spec (OCPI 2.1.1, GIREVE). Change the spec, not this file; then: nox -s generate

"""OCPI 2.1.1 Credentials: what a client calls, sync and async."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocpi211 import operations as _operations
from ocpi211_runtime.async_client import AsyncModuleClient
from ocpi211_runtime.client import ModuleClient

if TYPE_CHECKING:
    from ocpi211.models.credentials import Credentials
    from ocpi211_runtime.exchange import CallOptions, Receipt

__all__ = [
    "AsyncCpoCredentials",
    "AsyncEmspCredentials",
    "CpoCredentials",
    "EmspCredentials",
]


class CpoCredentials(ModuleClient):
    """OCPI 2.1.1 Credentials, as the CPO serves them.

    Registration, that is the exchange of tokens and of the URLs of both parties' versions. Before it answers a
    registration or a change of one, the server fetches the client's versions and endpoints with the token offered.
    Registering twice is refused with 405, and so is changing or ending a registration that does not exist.
    """

    def get_credentials(
        self,
        *,
        options: CallOptions | None = None,
    ) -> Credentials:
        """The Credentials the caller uses towards the CPO.

        `GET /cpo/2.1.1/credentials`. Section: credentials.md#11-get-method

        Args:
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no credentials.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._fetch(
            _operations.CPO_CREDENTIALS_GET_CREDENTIALS,
            {},
            options=options,
        )

    def put_credentials(
        self,
        credentials: Credentials,
        *,
        options: CallOptions | None = None,
    ) -> Credentials:
        """Change the registration with the CPO, or move it to this version.

        `PUT /cpo/2.1.1/credentials`. Section: credentials.md#13-put-method

        Args:
            credentials: the Credentials.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing. 3001: The client's own interface
                could not be used, for example while it registers. 3002: The version is not supported. 3003:
                Endpoints are missing that one side expects of the other.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no credentials.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._fetch(
            _operations.CPO_CREDENTIALS_PUT_CREDENTIALS,
            {},
            credentials,
            options=options,
        )

    def post_credentials(
        self,
        credentials: Credentials,
        *,
        options: CallOptions | None = None,
    ) -> Credentials:
        """Register with the CPO for this version.

        `POST /cpo/2.1.1/credentials`. Section: credentials.md#12-post-method

        Args:
            credentials: the Credentials.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing. 3001: The client's own interface
                could not be used, for example while it registers. 3002: The version is not supported. 3003:
                Endpoints are missing that one side expects of the other.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no credentials.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._fetch(
            _operations.CPO_CREDENTIALS_POST_CREDENTIALS,
            {},
            credentials,
            options=options,
        )

    def delete_credentials(
        self,
        *,
        options: CallOptions | None = None,
    ) -> Receipt:
        """End the registration with the CPO.

        `DELETE /cpo/2.1.1/credentials`. Section: credentials.md#14-delete-method

        Args:
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no credentials.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._send(
            _operations.CPO_CREDENTIALS_DELETE_CREDENTIALS,
            {},
            options=options,
        )


class AsyncCpoCredentials(AsyncModuleClient):
    """OCPI 2.1.1 Credentials, as the CPO serves them.

    Registration, that is the exchange of tokens and of the URLs of both parties' versions. Before it answers a
    registration or a change of one, the server fetches the client's versions and endpoints with the token offered.
    Registering twice is refused with 405, and so is changing or ending a registration that does not exist.
    """

    async def get_credentials(
        self,
        *,
        options: CallOptions | None = None,
    ) -> Credentials:
        """The Credentials the caller uses towards the CPO.

        `GET /cpo/2.1.1/credentials`. Section: credentials.md#11-get-method

        Args:
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no credentials.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return await self._fetch(
            _operations.CPO_CREDENTIALS_GET_CREDENTIALS,
            {},
            options=options,
        )

    async def put_credentials(
        self,
        credentials: Credentials,
        *,
        options: CallOptions | None = None,
    ) -> Credentials:
        """Change the registration with the CPO, or move it to this version.

        `PUT /cpo/2.1.1/credentials`. Section: credentials.md#13-put-method

        Args:
            credentials: the Credentials.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing. 3001: The client's own interface
                could not be used, for example while it registers. 3002: The version is not supported. 3003:
                Endpoints are missing that one side expects of the other.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no credentials.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return await self._fetch(
            _operations.CPO_CREDENTIALS_PUT_CREDENTIALS,
            {},
            credentials,
            options=options,
        )

    async def post_credentials(
        self,
        credentials: Credentials,
        *,
        options: CallOptions | None = None,
    ) -> Credentials:
        """Register with the CPO for this version.

        `POST /cpo/2.1.1/credentials`. Section: credentials.md#12-post-method

        Args:
            credentials: the Credentials.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing. 3001: The client's own interface
                could not be used, for example while it registers. 3002: The version is not supported. 3003:
                Endpoints are missing that one side expects of the other.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no credentials.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return await self._fetch(
            _operations.CPO_CREDENTIALS_POST_CREDENTIALS,
            {},
            credentials,
            options=options,
        )

    async def delete_credentials(
        self,
        *,
        options: CallOptions | None = None,
    ) -> Receipt:
        """End the registration with the CPO.

        `DELETE /cpo/2.1.1/credentials`. Section: credentials.md#14-delete-method

        Args:
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no credentials.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return await self._send(
            _operations.CPO_CREDENTIALS_DELETE_CREDENTIALS,
            {},
            options=options,
        )


class EmspCredentials(ModuleClient):
    """OCPI 2.1.1 Credentials, as the eMSP serves them.

    Registration, that is the exchange of tokens and of the URLs of both parties' versions. Before it answers a
    registration or a change of one, the server fetches the client's versions and endpoints with the token offered.
    Registering twice is refused with 405, and so is changing or ending a registration that does not exist.
    """

    def get_credentials(
        self,
        *,
        options: CallOptions | None = None,
    ) -> Credentials:
        """The Credentials the caller uses towards the eMSP.

        `GET /emsp/2.1.1/credentials`. Section: credentials.md#11-get-method

        Args:
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no credentials.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._fetch(
            _operations.EMSP_CREDENTIALS_GET_CREDENTIALS,
            {},
            options=options,
        )

    def put_credentials(
        self,
        credentials: Credentials,
        *,
        options: CallOptions | None = None,
    ) -> Credentials:
        """Change the registration with the eMSP, or move it to this version.

        `PUT /emsp/2.1.1/credentials`. Section: credentials.md#13-put-method

        Args:
            credentials: the Credentials.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing. 3001: The client's own interface
                could not be used, for example while it registers. 3002: The version is not supported. 3003:
                Endpoints are missing that one side expects of the other.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no credentials.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._fetch(
            _operations.EMSP_CREDENTIALS_PUT_CREDENTIALS,
            {},
            credentials,
            options=options,
        )

    def post_credentials(
        self,
        credentials: Credentials,
        *,
        options: CallOptions | None = None,
    ) -> Credentials:
        """Register with the eMSP for this version.

        `POST /emsp/2.1.1/credentials`. Section: credentials.md#12-post-method

        Args:
            credentials: the Credentials.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing. 3001: The client's own interface
                could not be used, for example while it registers. 3002: The version is not supported. 3003:
                Endpoints are missing that one side expects of the other.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no credentials.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._fetch(
            _operations.EMSP_CREDENTIALS_POST_CREDENTIALS,
            {},
            credentials,
            options=options,
        )

    def delete_credentials(
        self,
        *,
        options: CallOptions | None = None,
    ) -> Receipt:
        """End the registration with the eMSP.

        `DELETE /emsp/2.1.1/credentials`. Section: credentials.md#14-delete-method

        Args:
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no credentials.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._send(
            _operations.EMSP_CREDENTIALS_DELETE_CREDENTIALS,
            {},
            options=options,
        )


class AsyncEmspCredentials(AsyncModuleClient):
    """OCPI 2.1.1 Credentials, as the eMSP serves them.

    Registration, that is the exchange of tokens and of the URLs of both parties' versions. Before it answers a
    registration or a change of one, the server fetches the client's versions and endpoints with the token offered.
    Registering twice is refused with 405, and so is changing or ending a registration that does not exist.
    """

    async def get_credentials(
        self,
        *,
        options: CallOptions | None = None,
    ) -> Credentials:
        """The Credentials the caller uses towards the eMSP.

        `GET /emsp/2.1.1/credentials`. Section: credentials.md#11-get-method

        Args:
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no credentials.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return await self._fetch(
            _operations.EMSP_CREDENTIALS_GET_CREDENTIALS,
            {},
            options=options,
        )

    async def put_credentials(
        self,
        credentials: Credentials,
        *,
        options: CallOptions | None = None,
    ) -> Credentials:
        """Change the registration with the eMSP, or move it to this version.

        `PUT /emsp/2.1.1/credentials`. Section: credentials.md#13-put-method

        Args:
            credentials: the Credentials.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing. 3001: The client's own interface
                could not be used, for example while it registers. 3002: The version is not supported. 3003:
                Endpoints are missing that one side expects of the other.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no credentials.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return await self._fetch(
            _operations.EMSP_CREDENTIALS_PUT_CREDENTIALS,
            {},
            credentials,
            options=options,
        )

    async def post_credentials(
        self,
        credentials: Credentials,
        *,
        options: CallOptions | None = None,
    ) -> Credentials:
        """Register with the eMSP for this version.

        `POST /emsp/2.1.1/credentials`. Section: credentials.md#12-post-method

        Args:
            credentials: the Credentials.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing. 3001: The client's own interface
                could not be used, for example while it registers. 3002: The version is not supported. 3003:
                Endpoints are missing that one side expects of the other.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no credentials.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return await self._fetch(
            _operations.EMSP_CREDENTIALS_POST_CREDENTIALS,
            {},
            credentials,
            options=options,
        )

    async def delete_credentials(
        self,
        *,
        options: CallOptions | None = None,
    ) -> Receipt:
        """End the registration with the eMSP.

        `DELETE /emsp/2.1.1/credentials`. Section: credentials.md#14-delete-method

        Args:
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no credentials.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return await self._send(
            _operations.EMSP_CREDENTIALS_DELETE_CREDENTIALS,
            {},
            options=options,
        )
