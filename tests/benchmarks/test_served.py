"""The server that is measured: a slice of requests pays for what it caused."""

import sqlite3
from pathlib import Path

from benchmarks.served import AS_DELIVERED, served
from benchmarks.serving import CASES
from benchmarks.wire import run


def test_what_was_gathered_is_stored_when_the_clock_is_read(tmp_path: Path) -> None:
    (case,) = [case for case in CASES if case.name == "PUT Location, 2 EVSEs"]
    database = tmp_path / "measured.db"
    given = {"role": "emsp", "database": f"sqlite:///{database}"} | AS_DELIVERED
    with served(given) as (target,):
        cost = run(target.cost(case.encoded(target.token, 30)))
        connection = sqlite3.connect(database)
        (stored,) = connection.execute("SELECT COUNT(*) FROM message").fetchone()
        connection.close()
    assert stored == 30
    assert cost.cpu > 0
