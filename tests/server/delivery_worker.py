"""Workers to be killed: real processes that send what is kept over real HTTP.

Run as a program it reads lines: `start NAME` starts a worker and prints its process id. A worker is a fork of the
program, which has imported all it needs, so that thirty of them cost thirty forks. They end with the program.
"""

import asyncio
import os
import signal
import sys
from contextlib import suppress

from ocpi211.operations import OPERATIONS
from ocpi211_runtime.exchange import CallOptions, Receipt, build_call
from ocpi211_runtime.peer import Peer
from ocpi211_runtime.reading import read_receipt
from ocpi211_runtime.transport import AsyncHttpTransport
from ocpi211_server.database import open_database
from ocpi211_server.delivery import Deliveries, Delivery, DeliverySettings

SETTINGS = DeliverySettings(
    first_delay=0.005,
    longest_delay=0.05,
    most_attempts=1000,
    most_unanswered=1000,
    worker_stale=0.3,
    poll=0.02,
)
TIMEOUT = CallOptions(timeout=5.0)


async def work(database_url: str, receiver: str, name: str) -> None:
    """Send what is kept to the receiver, each partner under its number, until killed."""
    database = await open_database(database_url, connections=3)
    transport = AsyncHttpTransport()

    async def send(delivery: Delivery) -> Receipt:
        operation = OPERATIONS[delivery.operation]
        endpoint = f"{receiver}/{delivery.partner}/{operation.module}"
        peer = Peer("open-sesame", {operation.module: endpoint})
        call = build_call(peer, operation, delivery.arguments, delivery.body, options=TIMEOUT)
        return read_receipt(
            call.request, await transport.send(call.request, timeout=call.timeout, max_bytes=call.max_bytes)
        )

    await Deliveries(database, send, name=name, settings=SETTINGS).run()


def main(database_url: str, receiver: str) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # whoever is killed is nobody's to bury
    started: list[int] = []
    for line in sys.stdin:
        _, name = line.split()
        child = os.fork()
        if child == 0:
            sys.stdin.close()
            asyncio.run(work(database_url, receiver, name))
        started.append(child)
        print(child, flush=True)  # noqa: T201  (what the test reads)
    for child in started:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)


if __name__ == "__main__":
    main(*sys.argv[1:])
