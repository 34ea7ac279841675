"""Calls of the Fern-made `ocpplab-ocpi-211-sdk`, in the environment of that package.

Reads `{"base_url", "api_key", "calls": [["tokens", "get_tokens", {…}], …]}` from the standard input, and writes a list
of what each call came to: `{"answer": …}` as the SDK read it, or `{"error", "status", "body"}`.
"""

import datetime as dt
import importlib
import json
import sys
from typing import Any


def main() -> None:
    """Do all calls, one after the other."""
    given = json.load(sys.stdin)
    sdk: Any = importlib.import_module("ocpplab_ocpi_211")
    client = sdk.OcpiClient(base_url=given["base_url"], api_key=given["api_key"], timeout=10)
    json.dump([_called(client, *call) for call in given["calls"]], sys.stdout)


def _called(client: Any, module: str, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
    given = dict(arguments)
    for name in {"date_from", "date_to"} & given.keys():
        given[name] = dt.datetime.fromisoformat(given[name])
    try:
        answer = getattr(getattr(client, module), method)(**given)
    except Exception as error:  # noqa: BLE001  (whatever it is, it is what came of the call)
        return {
            "error": type(error).__name__,
            "status": getattr(error, "status_code", None),
            "body": str(getattr(error, "body", None) or error)[:2000],
        }
    return {"answer": json.loads(answer.json())}


if __name__ == "__main__":
    main()
