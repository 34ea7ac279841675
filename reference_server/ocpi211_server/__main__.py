"""The command line: `ocpi211-server run`, and what an operator does beside it.

Every command takes the settings of the server. What a server was last started with is kept in its database, so the
other commands need to be told no more than which database that is.
"""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Annotated

import typer

from ocpi211_server.cli import partners, traffic
from ocpi211_server.cli.options import app, columns, console, told, with_settings
from ocpi211_server.settings import Settings

__all__ = ["main"]

_SUBJECTS = (partners, traffic)  # imported for their commands


@with_settings(starts=True)
async def run(
    settings: Settings,
    *,
    fault: Annotated[
        list[str] | None,
        typer.Option(help="Be wrong on purpose, in a checkout only: the fault's name, or a requirement; `list`."),
    ] = None,
) -> None:
    """Serve, until it is stopped."""
    from ocpi211_server.serving import fault_switch, serve  # noqa: PLC0415  (the other commands need not wait for it)

    if fault and "list" in fault:
        table = columns("fault", "breaks", "of")
        for row in fault_switch.list_of_faults():
            table.add_row(*row)
        console.print(table, soft_wrap=False)
        return
    if status := await serve.run(settings, fault or ()):
        raise typer.Exit(status)


@app.command("work", hidden=True)
def work(public: int, parent: int, folder: Path) -> None:
    """Serve as one of several workers: on this socket, with the settings that come through the other."""
    from ocpi211_server.operating.logs import configure  # noqa: PLC0415  (as above)
    from ocpi211_server.serving import serve  # noqa: PLC0415  (as above)

    with socket.socket(fileno=public) as listening, socket.socket(fileno=parent) as channel:
        with channel.makefile("rb") as lines:
            settings = Settings.model_validate_json(lines.readline())
        configure(settings.log_format, settings.log_level)
        told(lambda: serve.work(settings, listening, channel, folder), serves=True)


def main() -> None:
    """The entry point."""
    app()


if __name__ == "__main__":
    main()
