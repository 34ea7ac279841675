"""A server on a peer's package, in the environment of that package, beside an empty route: the least around it.

    python peer_server.py VERSION

VERSION is that of OCPI. Objects are read from `locations.json` and `tokens.json` and kept in memory, where the peer's
own examples keep them as well. Prints the port, then serves until its standard input ends.
"""

import asyncio
import gc
import importlib
import json
import logging
import os
import socket
import sys
import time
from itertools import islice
from pathlib import Path
from typing import Any

TOKEN = "bWFkZS11cC1mb3ItbWVhc3VyaW5n"  # noqa: S105  (base64, as OCPI 2.2 has it)
_MODELS = {"locations": "Location", "tokens": "Token"}

_stored: dict[str, dict[str, dict[str, Any]]] = {module: {} for module in _MODELS}
"""By module, then by id."""


def _keep(module: str, value: dict[str, Any]) -> None:
    # One of the two lowers what it asks for.
    _stored[module][str(value.get("uid") or value["id"]).lower()] = value


class Office:
    """What the package asks of an application: objects by module and id."""

    @classmethod
    async def get(cls, module: Any, _role: Any, id: Any, *_: Any, **_more: Any) -> Any:  # noqa: A002  (its name there)
        """The object with this id, if there is one."""
        return _stored.get(module.value, {}).get(id.lower())

    @classmethod
    async def list(cls, module: Any, _role: Any, filters: dict[str, Any], *_: Any, **_more: Any) -> Any:
        """A page of them: objects, how many there are, whether it is the last."""
        found = _stored[module.value]
        end = filters["offset"] + filters["limit"]
        return [*islice(found.values(), filters["offset"], end)], len(found), end >= len(found)

    @classmethod
    async def create(cls, module: Any, _role: Any, data: dict[str, Any], *_: Any, **_more: Any) -> Any:
        """Keep a new one."""
        _keep(module.value, data)
        return data

    @classmethod
    async def update(cls, module: Any, role: Any, data: dict[str, Any], _id: Any, *_: Any, **_more: Any) -> Any:
        """Keep a changed one."""
        return await cls.create(module, role, data)

    @classmethod
    async def do(cls, _module: Any, _role: Any, action: Any, *_: Any, **_more: Any) -> Any:
        """What else it is to decide: every Token may charge."""
        return {"allowed": "ALLOWED", "token": _any_token()} if action.value == "AuthorizeToken" else TOKEN


def _any_token() -> dict[str, Any]:
    return next(iter(_stored["tokens"].values()))


def _adapter(version: str) -> Any:
    """From what is stored to the package's own classes, where it has no adapter that does so."""
    schemas = {
        module: importlib.import_module(f"py_ocpi.modules.{module}.v_{version.replace('.', '_')}.schemas")
        for module in _MODELS
    }

    class Adapter:
        @classmethod
        def location_adapter(cls, data: Any, *_: Any) -> Any:
            return schemas["locations"].Location(**data)

        @classmethod
        def evse_adapter(cls, data: Any, *_: Any) -> Any:
            return schemas["locations"].EVSE(**data)

        @classmethod
        def token_adapter(cls, data: Any, *_: Any) -> Any:
            return schemas["tokens"].Token(**data)

        @classmethod
        def authorization_adapter(cls, data: Any, *_: Any) -> Any:
            return schemas["tokens"].AuthorizationInfo(**data)

    return Adapter


def _application(version: str) -> Any:
    package: Any = importlib.import_module("py_ocpi")
    roles: Any = importlib.import_module("py_ocpi.core.enums").RoleEnum
    versions: Any = importlib.import_module("py_ocpi.modules.versions.enums").VersionNumber
    given = {
        "version_numbers": [versions(version)],
        "roles": [roles.cpo, roles.emsp],
        "crud": Office,
        "adapter": _adapter(version),
    }
    try:
        authentication: Any = importlib.import_module("py_ocpi.core.authentication.authenticator")
    except ImportError:  # it takes everybody for whom they say they are
        return package.get_application(**given)
    modules: Any = importlib.import_module("py_ocpi.core.enums").ModuleID

    class Tokens(authentication.Authenticator):  # type: ignore[misc]  # it is of a package that is not here
        @classmethod
        async def get_valid_token_c(cls) -> list[str]:
            return [TOKEN]

        @classmethod
        async def get_valid_token_a(cls) -> list[str]:
            return []

    return package.get_application(**given, modules=[modules.locations, modules.tokens], authenticator=Tokens)


def _bare() -> Any:
    applications: Any = importlib.import_module("starlette.applications")
    responses: Any = importlib.import_module("starlette.responses")
    routing: Any = importlib.import_module("starlette.routing")

    async def empty(_: Any) -> Any:
        return responses.JSONResponse({})

    async def cpu(_: Any) -> Any:
        return responses.JSONResponse(time.process_time_ns())

    return applications.Starlette(routes=[routing.Route("/empty", empty), routing.Route("/cpu", cpu)])


async def _serve(version: str) -> None:
    uvicorn: Any = importlib.import_module("uvicorn")
    ocpi, bare = _application(version), _bare()
    logging.disable(logging.INFO)  # as the server beside it may be told to, and more

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await (ocpi if scope["path"].startswith("/ocpi/") else bare)(scope, receive, send)

    config = uvicorn.Config(app, lifespan="off", ws="none", log_config=None, access_log=False, server_header=False)
    server = uvicorn.Server(config)
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    gc.collect()
    gc.freeze()  # as the server beside it
    serving = asyncio.create_task(server.serve([listening]))
    sys.stdout.write(f"{listening.getsockname()[1]}\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)
    server.should_exit = server.force_exit = True
    await serving


def main() -> None:
    """Serve until the standard input ends."""
    version = sys.argv[1]
    # Read by the package when it is imported.
    os.environ.update(PROTOCOL="http", OCPI_HOST="127.0.0.1", COUNTRY_CODE="FR", PARTY_ID="EMP")
    os.environ["ENVIRONMENT"] = "production"
    for module in _MODELS:
        for each in json.loads(Path(f"{module}.json").read_bytes()):
            _keep(module, each)
    uvloop: Any = importlib.import_module("uvloop")
    loop = uvloop.new_event_loop()
    asyncio.set_event_loop(loop)
    loop.run_until_complete(_serve(version))


if __name__ == "__main__":
    main()
