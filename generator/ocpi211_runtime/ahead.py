"""A request that is on its way while something else is done: the next page, while this one is read and worked on."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from asyncio import Task
    from collections.abc import AsyncGenerator, Coroutine

__all__ = ["under_way"]

T = TypeVar("T")


@asynccontextmanager
async def under_way(work: Coroutine[Any, Any, T] | None) -> AsyncGenerator[Task[T] | None]:
    """A task that has set off, and is given up at the end if nobody waited for it; None where there is no work."""
    if work is None:
        yield None
        return
    import asyncio  # noqa: PLC0415  (who has work for a loop has loaded it; for all others it is dear)

    task = asyncio.get_running_loop().create_task(work)
    try:
        # Once round the loop and a request is on the wire, with httpx2 and with aiohttp, if its connection is open:
        # before anything that keeps the loop busy.
        await asyncio.sleep(0)
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
