"""A party on the released `extrawest-ocpi`, in the environment of that package: the least of an application around it.

Takes a JSON object `{"role", "token", "objects": {"locations": […]}, "await": false}` as its argument; writes
`{"url", "token"}` when it listens, and ends when its standard input does.
"""

import importlib
import json
import os
import socket
import sys
import threading
from typing import Any

GIVEN: dict[str, Any] = json.loads(sys.argv[1]) if __name__ == "__main__" else {}
PARTY = {"cpo": ("FR", "CPO"), "emsp": ("FR", "EMP")}
TOKEN_C = "interopTokenC123"  # noqa: S105  (of a test)

stored: dict[tuple[str, str], dict[str, Any]] = {}
registered: dict[str, Any] = {}


class Office:
    """What the package asks of an application: objects by module and id."""

    @classmethod
    async def get(cls, module: Any, _role: Any, id: Any, *_: Any, **_more: Any) -> Any:  # noqa: A002  (its name there)
        if module.value == "commands":
            return {"result": "ACCEPTED"}
        if module.value == "credentials":
            return registered
        return stored.get((module.value, id))

    @classmethod
    async def list(cls, module: Any, _role: Any, filters: dict[str, Any], *_: Any, **_more: Any) -> Any:
        found = [each for (kind, _id), each in stored.items() if kind == module.value]
        end = filters["offset"] + min(filters["limit"], GIVEN.get("page", 50))
        return found[filters["offset"] : end], len(found), end >= len(found)

    @classmethod
    async def create(cls, module: Any, _role: Any, data: dict[str, Any], *_: Any, **_more: Any) -> Any:
        if module.value == "credentials":
            registered.update(data["credentials"])
            return _own_credentials()
        stored[module.value, data.get("uid") or data["id"]] = data
        return data

    @classmethod
    async def update(cls, module: Any, role: Any, data: dict[str, Any], id: Any, *_: Any, **_more: Any) -> Any:  # noqa: A002
        if module.value == "commands":
            stored[module.value, id] = data
            return data
        return await cls.create(module, role, data)

    @classmethod
    async def delete(cls, module: Any, _role: Any, id: Any, *_: Any, **_more: Any) -> None:  # noqa: A002
        stored.pop((module.value, id), None)

    @classmethod
    async def do(cls, _module: Any, _role: Any, action: Any, *_: Any, **_more: Any) -> Any:
        answers = {
            "SendCommand": {"result": "ACCEPTED"},
            "GetClientToken": registered.get("token"),
            "AuthorizeToken": {"allowed": "ALLOWED"},
        }
        return answers[action.value]


def _own_credentials() -> dict[str, Any]:
    country_code, party_id = PARTY[GIVEN["role"]]
    url = f"http://{os.environ['OCPI_HOST']}/ocpi/versions"
    details = {"name": "On extrawest-ocpi"}
    party = {"country_code": country_code, "party_id": party_id}
    return {"token": TOKEN_C, "url": url, "business_details": details, **party}


def main() -> None:
    """Serve until the standard input ends."""
    listening = socket.create_server(("127.0.0.1", 0))
    # Read by the package when it is imported.
    os.environ.update(
        PROTOCOL="http",
        OCPI_HOST=f"127.0.0.1:{listening.getsockname()[1]}",
        COUNTRY_CODE=PARTY[GIVEN["role"]][0],
        PARTY_ID=PARTY[GIVEN["role"]][1],
        ENVIRONMENT="production",
    )
    package: Any = importlib.import_module("py_ocpi")
    enums: Any = importlib.import_module("py_ocpi.core.enums")
    authentication: Any = importlib.import_module("py_ocpi.core.authentication.authenticator")
    versions: Any = importlib.import_module("py_ocpi.modules.versions.enums")
    uvicorn: Any = importlib.import_module("uvicorn")

    class Tokens(authentication.Authenticator):  # type: ignore[misc]  # it is of a package that is not here
        @classmethod
        async def get_valid_token_c(cls) -> list[str]:
            return [TOKEN_C] if registered else []

        @classmethod
        async def get_valid_token_a(cls) -> list[str]:
            return [GIVEN["token"]]

    for module, objects in GIVEN.get("objects", {}).items():
        stored.update({(module, each.get("uid") or each["id"]): each for each in objects})
    app = package.get_application(
        version_numbers=[versions.VersionNumber.v_2_1_1],
        roles=[enums.RoleEnum[GIVEN["role"]]],
        crud=Office,
        modules=[enums.ModuleID(name) for name in GIVEN["modules"]],
        authenticator=Tokens,
        http_push=True,
    )
    server = uvicorn.Server(uvicorn.Config(app, log_config=None))

    def end() -> None:
        sys.stdin.read()
        server.should_exit = True

    threading.Thread(target=end, daemon=True).start()
    sys.stdout.write(json.dumps({"url": f"http://{os.environ['OCPI_HOST']}", "token": TOKEN_C}) + "\n")
    sys.stdout.flush()
    server.run(sockets=[listening])


if __name__ == "__main__":
    main()
