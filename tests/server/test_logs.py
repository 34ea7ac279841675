"""Log lines: one format for all, with ids, without tokens and without the values of variables."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import structlog

from ocpi211_server.correlation import caller_party, correlation_id, request_id
from ocpi211_server.operating.logs import Format, LeanLines, configure

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
        LeanLines().info("answered", verb="PUT")
    for line in lines:
        assert line.pop("timestamp").endswith("Z")
    assert lines == [
        {"event": "started", "port": 1, "level": "info"},
        {"event": "odd: x", "level": "warning", "logger": "uvicorn.error"},
        {"event": "answered", "verb": "PUT", "level": "info"},
    ]


def test_a_line_carries_the_ids_of_the_matter_at_hand() -> None:
    tokens = request_id.set("r1"), correlation_id.set("c1"), caller_party.set("FR*CPO")
    with logged() as lines:
        logging.getLogger("x").info("stored")
        structlog.get_logger().info("told", correlation_id="its own")
    request_id.reset(tokens[0])
    correlation_id.reset(tokens[1])
    caller_party.reset(tokens[2])
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
        LeanLines().info("detail")
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
