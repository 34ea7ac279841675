"""Log lines: one format for all, with ids, without tokens and without the values of variables."""

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import structlog
from msgspec import structs

from ocpi211_runtime.exchange import Request, Response
from ocpi211_server.correlation import Matter, matter
from ocpi211_server.operating.exchanges import Calls
from ocpi211_server.operating.lines import ExchangeLines, Line
from ocpi211_server.operating.logs import Format, configure
from ocpi211_server.operating.messages import Keeping, MessageLog
from ocpi211_server.operating.metrics import Metrics, scrape
from ocpi211_server.operating.notes import Notes

LINE = Line(
    operation="emsp.sessions.put_session",
    verb="PUT",
    url="/ocpi/emsp/2.1.1/sessions/FR/CPO/S1",
    outcome="200",
    status_code=1000,
    milliseconds=2.1,
    party="FR*CPO",
    request_id="r1",
    correlation_id="c1",
    event="answered",
    level="info",
    timestamp="2024-05-02T10:00:00.123456Z",
)
TOKEN = "zq7!x-0123456789-WvU"  # noqa: S105  (made up)


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Logging is global: leave it as it was found."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    names = ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi", "asyncio")
    others = [(logger, logger.level, logger.propagate) for logger in map(logging.getLogger, names)]
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for logger, was, propagated in others:
        logger.setLevel(was)
        logger.propagate = propagated
    structlog.reset_defaults()


@contextmanager
def logged(form: Format = "json", level: str = "INFO") -> Iterator[list[Any]]:
    """What is written meanwhile: in JSON the objects, else the lines."""
    stream = io.StringIO()
    configure(form, level, stream)
    found: list[Any] = []
    yield found
    lines = stream.getvalue().splitlines()
    found += [json.loads(line) for line in lines] if form == "json" else lines


def test_a_line_of_any_library_looks_like_ours() -> None:
    with logged() as lines:
        structlog.get_logger().info("started", port=1)
        logging.getLogger("uvicorn.error").warning("odd: %s", "x")
        ExchangeLines().write([LINE])
    assert lines.pop() == structs.asdict(LINE)
    for line in lines:
        assert line.pop("timestamp").endswith("Z")
    assert lines == [
        {"event": "started", "port": 1, "level": "info"},
        {"event": "odd: x", "level": "warning", "logger": "uvicorn.error"},
    ]


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"level": "warning", "event": "called", "outcome": "not sent", "party": ""},
        {"url": "/ocpi/cpo/2.1.1/locations?offset=50"},
        {"request_id": 'it\'s="odd"'},
        {"url": "/a\x9b2J\nforged\x1b[2J"},
        {"url": "half \ud800"},
        {"verb": "É", "url": "/\xa0"},
    ],
)
@pytest.mark.parametrize("form", ["console", "json"])
def test_the_line_of_an_exchange_is_written_as_every_other(form: Format, odd: dict[str, Any]) -> None:
    line = structs.replace(LINE, **odd)
    with logged(form) as lines:
        ExchangeLines().write([line, line])
        told = structs.asdict(line)
        getattr(structlog.get_logger(), told.pop("level"))(told.pop("event"), **told)
    first, second, other = lines
    assert first == second
    if form == "json":
        assert first == {**other, "timestamp": LINE.timestamp}
    else:
        assert first.split(" ", 1)[1] == other.split(" ", 1)[1]
        assert first.split(" ", 1)[0] == LINE.timestamp


def test_no_more_lines_are_one_write_than_a_pipe_keeps_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ocpi211_server.operating.lines._STAYS_TOGETHER", 4096)  # there are systems with less
    written: list[bytes] = []

    class Pipe(io.StringIO):
        def write(self, text: str) -> int:
            written.append(text.encode())
            return len(text)

    configure("json", "INFO", Pipe())
    odd = structs.replace(LINE, url="/é" + "x" * 5000)
    ExchangeLines().write([*[LINE] * 40, odd, structs.replace(LINE, url="/" + "é" * 500), *[LINE] * 40])
    assert [json.loads(line)["party"] for line in b"".join(written).splitlines()] == ["FR*CPO"] * 82
    assert all(each.endswith(b"\n") for each in written)
    assert [each.count(b"\n") for each in written if len(each) > 4096] == [1]
    assert len(written) < 15


def test_what_is_gathered_is_written_before_any_other_line() -> None:
    async def run() -> None:
        notes = Notes(MessageLog(None, Keeping(mode="off")), Metrics())  # type: ignore[arg-type]  # nothing is stored
        for number in (1, 2):
            Calls(notes).exchanged(Request("GET", f"https://x/{number}"), Response(200), 0.25)
        await asyncio.to_thread(logging.getLogger("x").info, "aside")  # the loop's are not for another thread
        logging.getLogger("x").info("other")
        Calls(notes).exchanged(Request("GET", "https://x/3"), Response(200), 0.25)
        Calls(notes).exchanged(Request("GET", "https://x/4"), Response(503), 0.25)
        logging.getLogger("x").info("last")

    with logged() as lines:
        asyncio.run(run())
    told = [line.get("url", line["event"])[-5:] for line in lines]
    assert told == ["aside", "//x/1", "//x/2", "other", "//x/3", "//x/4", "last"]


def test_what_is_gathered_is_written_soon_and_before_the_counts_are_read() -> None:
    async def run() -> None:
        metrics = Metrics()
        notes = Notes(MessageLog(None, Keeping(mode="off")), metrics)  # type: ignore[arg-type]  # nothing is stored
        Calls(notes).exchanged(Request("GET", "https://x/"), Response(200), 0.25)
        assert metrics.answers == {}
        assert b'ocpi211_calls_total{operation="unknown",status="200",status_code="0"} 1.0' in await scrape(
            metrics, None, {}
        )
        for _ in range(160):
            Calls(notes).exchanged(Request("GET", "https://x/"), Response(200), 0.25)
        assert sum(metrics.answers.values()) == 161
        Calls(notes).exchanged(Request("GET", "https://x/", body=b"x" * 9_000_000), Response(200), 0.25)
        assert sum(metrics.answers.values()) == 162
        Calls(notes).exchanged(Request("GET", "https://x/"), Response(200), 0.25)
        while sum(metrics.answers.values()) < 163:  # noqa: ASYNC110  (a timer tells nobody)
            await asyncio.sleep(0.01)
        Calls(notes).exchanged(Request("GET", "https://x/"), Response(200), 0.25)
        assert json.loads(metrics.write())["answers"] == [["out", "unknown", "200", 0, 164]]

    with logged() as lines:
        asyncio.run(run())
    assert len(lines) == 164


def test_a_line_carries_the_ids_of_the_matter_at_hand() -> None:
    before = matter.set(Matter("c1", "r1", "FR*CPO"))
    with logged() as lines:
        logging.getLogger("x").info("stored")
        structlog.get_logger().info("told", correlation_id="its own")
    matter.reset(before)
    assert [(line["request_id"], line["correlation_id"], line["party"]) for line in lines] == [
        ("r1", "c1", "FR*CPO"),
        ("r1", "its own", "FR*CPO"),
    ]


@pytest.mark.parametrize("form", ["console", "json"])
def test_no_line_holds_a_token(form: Format) -> None:
    with logged(form) as lines:
        logging.getLogger("x").error("sent %s", {"Authorization": f"Token {TOKEN}"})
        structlog.get_logger().info("registered", token=TOKEN, body=json.dumps({"token": TOKEN}))
        structlog.get_logger().info("registered", credentials={"token": TOKEN})
        try:
            raise ValueError(f'{{"token": "{TOKEN}"}}')
        except ValueError:
            logging.getLogger("x").exception("failed")
    assert len(lines) >= 4
    assert TOKEN not in str(lines)


@pytest.mark.parametrize("form", ["console", "json"])
def test_a_traceback_shows_no_variables(form: Format) -> None:
    def fails(held: str) -> None:
        if held:
            raise RuntimeError("broken")

    with logged(form) as lines:
        try:
            fails("held-in-a-variable")
        except RuntimeError:
            logging.getLogger("x").exception("failed")
            structlog.get_logger().exception("failed")
    assert str(lines).count("RuntimeError: broken") == 2
    assert "Traceback" in str(lines)
    assert "held-in-a-variable" not in str(lines).replace('fails("held-in-a-variable")', "")


def test_what_is_below_the_level_is_not_written() -> None:
    with logged(level="WARNING") as lines:
        logging.getLogger("x").info("detail")
        structlog.get_logger().info("detail")
        assert ExchangeLines().told == {"info": False, "warning": True}
    assert lines == []


def test_uvicorn_writes_no_line_for_a_request() -> None:
    access = logging.getLogger("uvicorn.access")
    access.addHandler(logging.StreamHandler(io.StringIO()))
    with logged() as lines:
        access.info("GET /")
        assert not access.hasHandlers()  # uvicorn looks, and spares itself the line
    assert lines == []


def test_what_json_cannot_hold_is_written_all_the_same() -> None:
    with logged() as lines:
        logging.getLogger("x").info("half \ud800, %s", object)
        structlog.get_logger().info("huge", number=10**30, raw=b"x", none=None)
    assert lines[0]["event"] == "half \ud800, <class 'object'>"
    assert (lines[1]["number"], lines[1]["raw"], lines[1]["none"]) == (10**30, "b'x'", None)


def test_a_partner_can_neither_end_a_line_nor_paint_the_terminal() -> None:
    with logged("console") as lines:
        logging.getLogger("x").info("got %s", "a\r\n2024 [info] forged\x1b[2J\x9b2J")
        structlog.get_logger().info("got", what="a\nb\x1b[31m")
    assert len(lines) == 2
    assert "\x1b" not in "".join(lines)
    assert "\x9b" not in "".join(lines)


def test_configured_twice_every_line_is_written_once() -> None:
    configure("json", "INFO", io.StringIO())
    with logged() as lines:
        logging.getLogger("x").info("once")
    assert len(lines) == 1


@pytest.mark.parametrize(("form", "level"), [("xml", "INFO"), ("json", "LOUD")])
def test_a_format_or_level_that_is_none_is_refused(form: Any, level: str) -> None:
    with pytest.raises(ValueError, match="there is no"):
        configure(form, level)
