"""One interface of the text, everything it can offer overridden and recorded, to be asked over the wire."""

from __future__ import annotations

import inspect
import json
from typing import Any

from ocpi211 import routes
from ocpi211.routes import Caller
from ocpi211_runtime.handlers import Handler
from tests.generated.recorded import OWNER
from tests.runtime import served

CALLS = list[tuple[str, dict[str, Any]]]


def recorder(role: str, module: str, calls: CALLS, answers: dict[str, object]) -> Handler:
    """Everything the interface can offer, recorded."""
    base: type[Handler] = getattr(routes, f"{role.capitalize()}{module.capitalize()}")

    def override(name: str) -> Any:
        signature = inspect.signature(getattr(base, name))

        async def method(self: Handler, caller: Caller, *given: object, **named: object) -> object:
            arguments = dict(signature.bind(self, caller, *given, **named).arguments)
            calls.append((name, {key: arguments[key] for key in arguments if key not in ("self", "caller")}))
            answer = answers.get(name)
            if isinstance(answer, Exception):
                raise answer
            return answer

        return method

    made: Handler = type("Recorder", (base,), {name: override(name) for name in base.operations})()
    return made


class Interface:
    """One interface, whole, and who calls it."""

    def __init__(self, role: str, module: str, **answers: object) -> None:
        self.calls: CALLS = []
        self.base = f"/{role}/2.1.1/{module}"
        self.app = served.serve(recorder(role, module, self.calls, answers), authenticate=self._party)

    async def _party(self, token: str, request: Any) -> Caller | None:
        return Caller("emsp" if request.operation.role == "cpo" else "cpo", *OWNER)

    def ask(self, verb: str, suffix: str = "", body: object = None, **options: Any) -> served.Answer:
        content = b"" if body is None else json.dumps(body).encode()
        return served.call(self.app, verb, f"{self.base}{suffix}", body=content, **options)
