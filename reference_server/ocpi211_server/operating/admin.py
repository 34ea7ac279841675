"""What operators and their machines ask, on a port of its own that only this machine reaches.

`/healthz`: the process answers. `/readyz`: it can serve, or why not. `/metrics`: for Prometheus.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from ocpi211_server.operating.metrics import CONTENT_TYPE

__all__ = ["Ready", "admin_app"]

Ready = Callable[[], Awaitable[Mapping[str, str]]]
"""What is needed to serve, and what is wrong with each; empty text if nothing is."""

_log = logging.getLogger(__name__)


def admin_app(
    ready: Ready, metrics: Callable[[], Awaitable[bytes]], *, routes: Sequence[BaseRoute] = (), seconds: float = 5.0
) -> Starlette:
    """The application; `metrics` gives the page for Prometheus, `routes` are more of them.

    A check that takes longer than `seconds` counts as failed.
    """

    async def healthz(_: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def readyz(_: Request) -> Response:
        checks = await _checked(ready, seconds)
        reasons = {name: reason for name, reason in checks.items() if reason}
        told = {"ready": not reasons, "checks": {name: reason or "ok" for name, reason in checks.items()}}
        return JSONResponse(told, status_code=503 if reasons else 200, headers={"cache-control": "no-store"})

    async def metrics_page(_: Request) -> Response:
        return Response(await metrics(), headers={"content-type": CONTENT_TYPE})

    own = [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics_page)]
    return Starlette(routes=[*own, *routes])


async def _checked(ready: Ready, seconds: float) -> Mapping[str, str]:
    try:
        async with asyncio.timeout(seconds):
            return await ready()
    except TimeoutError:
        return {"checks": f"no answer within {seconds:g} s"}
    except Exception as error:  # noqa: BLE001  (a check that fails says that something is wrong)
        _log.exception("the server is not ready")
        return {"checks": f"{type(error).__name__}, see the log"}
