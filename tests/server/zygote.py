"""A process that has loaded the server and forks it whenever it is asked: a start takes milliseconds, not a second.

What is forked is the command line with its arguments, in a process group of its own, as a shell would start it.
"""

import json
import os
import signal
import sys

import asyncpg  # noqa: F401  (loaded beforehand, as are these)

import ocpi211_server.database.sqlite
import ocpi211_server.serving.serve  # noqa: F401
from ocpi211_server.__main__ import main


def become(arguments: list[str]) -> None:
    """Be that command, to its end."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    sys.argv = ["ocpi211-server", *arguments]
    try:
        main()
    except SystemExit as end:
        os._exit(end.code if isinstance(end.code, int) else 1)
    os._exit(70)


if __name__ == "__main__":
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who ends is forgotten at once
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            become(json.loads(line))
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()
