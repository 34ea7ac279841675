"""Runs in a peer's own environment, as a script: reads and writes with that peer's classes, as often as it is told.

    python peer_reader.py PEER < lines of "what action times", answered by nanoseconds of CPU each

A folder with `location.json`, `cdr.json` and `tokens.json` is the current one.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Pair = tuple[Callable[[bytes], Any], Callable[[Any], object]]


def _classes(module: str, *names: str) -> list[Any]:
    """What only the environment of its peer has."""
    found = importlib.import_module(module)
    return [getattr(found, name) for name in names]


def _pydantic_1(location: Any, cdr: Any, token: Any) -> dict[str, Pair]:  # noqa: ANN401  (classes of a peer)
    def write(model: Any) -> object:  # noqa: ANN401  (as above)
        return model.json(exclude_none=True)

    return {
        "location": (location.parse_raw, write),
        "cdr": (cdr.parse_raw, write),
        "tokens": (
            lambda body: [token(**each) for each in json.loads(body)["data"]],
            lambda models: [model.json(exclude_none=True) for model in models],
        ),
    }


def _extrawest() -> dict[str, Pair]:
    return _pydantic_1(
        *_classes("py_ocpi.modules.locations.v_2_1_1.schemas", "Location"),
        *_classes("py_ocpi.modules.cdrs.v_2_1_1.schemas", "Cdr"),
        *_classes("py_ocpi.modules.tokens.v_2_1_1.schemas", "Token"),
    )


def _py_ocpi() -> dict[str, Pair]:
    return _pydantic_1(
        *_classes("py_ocpi.modules.locations.v_2_2_1.schemas", "Location"),
        *_classes("py_ocpi.modules.cdrs.v_2_2_1.schemas", "Cdr"),
        *_classes("py_ocpi.modules.tokens.v_2_2_1.schemas", "Token"),
    )


def _ocpplab() -> dict[str, Pair]:
    location, cdr, token = _classes("ocpplab_ocpi_211.types", "Location", "Cdr", "Token")
    (adapter,), (many,) = _classes("pydantic", "TypeAdapter"), _classes("typing", "List")

    def write(model: Any) -> object:  # noqa: ANN401  (a model of the peer)
        return model.json()

    page = adapter(many[token])
    return {
        "location": (location.model_validate_json, write),
        "cdr": (cdr.model_validate_json, write),
        "tokens": (
            lambda body: page.validate_python(json.loads(body)["data"]),
            lambda models: [model.json() for model in models],
        ),
    }


def _ocpi_types() -> dict[str, Pair]:
    location, cdr, token = _classes("ocpi_types.v2_1_1", "Location", "Cdr", "Token")

    def pair(kind: Any) -> Pair:  # noqa: ANN401  (a class of the peer)
        return (lambda body: kind.from_dict(json.loads(body))), (lambda one: json.dumps(one.to_dict()))

    return {
        "location": pair(location),
        "cdr": pair(cdr),
        "tokens": (
            lambda body: [token.from_dict(each) for each in json.loads(body)["data"]],
            lambda tokens: json.dumps([each.to_dict() for each in tokens]),
        ),
    }


def _orjson() -> dict[str, Pair]:
    loads, dumps = _classes("orjson", "loads", "dumps")
    return {
        "location": (loads, dumps),
        "cdr": (loads, dumps),
        "tokens": (lambda body: loads(body)["data"], dumps),
    }


def _ours() -> dict[str, Pair]:
    (read_page,) = _classes("benchmarks.models", "read_page")
    location, cdr, write = _classes("ocpi211.models", "Location", "CDR", "to_wire")
    return {
        "location": (location.model_validate_json, write),
        "cdr": (cdr.model_validate_json, write),
        "tokens": (read_page, write),
    }


def _main(peer: str) -> None:
    found: dict[str, Pair] = globals()[f"_{peer}"]()
    bodies = {name: Path(f"{name}.json").read_bytes() for name in found}
    models: dict[str, Any] = {}
    for line in sys.stdin:
        what, action, times = line.split()
        read, write = found[what]
        try:
            model = models[what] = models.get(what) or read(bodies[what])
            call, given = (read, bodies[what]) if action == "read" else (write, model)
            answer = str(_took(call, given, int(times)))
        except Exception as error:  # noqa: BLE001  (whatever the peer raises is told)
            answer = f"{type(error).__name__} {str(error)[:200]!r}"
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()


def _took(call: Callable[[Any], object], given: object, times: int) -> float:
    began = time.process_time_ns()
    for _ in range(times):
        call(given)
    return (time.process_time_ns() - began) / times


if __name__ == "__main__":
    _main(sys.argv[1])
