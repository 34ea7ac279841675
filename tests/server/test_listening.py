"""The sockets that servers listen at."""

import asyncio
import socket
from typing import Any

from ocpi211_server.serving.listening import listen


def test_answers_do_not_wait_for_the_acknowledgement_of_what_went_before() -> None:
    async def play() -> int:
        option: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        def accepted(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            connection: Any = writer.get_extra_info("socket")
            option.set_result(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        with listen("127.0.0.1", 0) as listening:
            async with await asyncio.start_server(accepted, sock=listening):
                _, writer = await asyncio.open_connection(*listening.getsockname())
                told = await option
                writer.close()
                await writer.wait_closed()
        return told

    assert asyncio.run(play()) == 1
