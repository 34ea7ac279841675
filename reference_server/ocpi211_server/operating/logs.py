"""Log lines: one format for ours and for those of every library, without tokens, with the ids of the matter at hand.

`console` is for people, `json` for machines, a line an event either way. What goes wrong is told with its traceback,
never with the values of variables, among which tokens may be.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Literal, TextIO

import msgspec
import structlog
from structlog.processors import ExceptionRenderer, StackInfoRenderer
from structlog.typing import EventDict, Processor, WrappedLogger

from ocpi211_server.correlation import matter
from ocpi211_server.moments import MICROSECONDS, now
from ocpi211_server.operating.redaction import mask_event

__all__ = ["Format", "as_json", "as_text", "before_other_lines", "configure", "rendering", "timestamp"]

Format = Literal["console", "json"]

before_other_lines: set[Callable[[], None]] = set()
"""What writes lines late is to be in here while it has some, so that all stand in the order of events."""

_in_every_line = ("party", "request_id", "correlation_id")
# What moves the cursor or colours a terminal, and half surrogates, which no stream takes; a traceback keeps its line
# breaks.
_control = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_columns = {"timestamp", "level", "event", "logger", "stack", "exception"}
_bare = re.compile(r"""[^\s='"]*""")


def configure(form: Format = "console", level: str = "INFO", stream: TextIO | None = None) -> None:
    """Have everything of this level and above written to the stream, by default the standard error.

    To be called once, before anything is logged; uvicorn is to run with `log_config=None`, or it undoes this. Its own
    line for each request is left out: ours says more. ValueError for a level or a format that is none.
    """
    number = logging.getLevelNamesMapping().get(level)
    if number is None or form not in ("console", "json"):
        raise ValueError(f"there is no log level {level!r}, or no format {form!r}")
    stream = sys.stderr if stream is None else stream
    shared = _shared()
    last = _last(form, colours=bool(stream) and stream.isatty())
    structlog.configure(
        processors=[structlog.stdlib.add_log_level, *shared, *last],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processors=[_of_record, *shared, *last]))
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(number)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).setLevel(logging.NOTSET)
        logging.getLogger(name).propagate = name != "uvicorn.access"
    logging.getLogger("asyncio").setLevel(max(number, logging.INFO))


def rendering(processors: Sequence[Processor]) -> list[Processor]:
    """Those of the configured processors that give a line its form, and neither add nor mask anything."""
    left_out = (structlog.stdlib.add_log_level, _gathered_first, _with_ids, _with_time, mask_event)
    return [
        each
        for each in processors
        if each not in left_out and not isinstance(each, StackInfoRenderer | ExceptionRenderer)
    ]


def timestamp(microseconds: int) -> str:
    """A moment, in microseconds since 1970, as lines have it."""
    seconds, fraction = divmod(microseconds, MICROSECONDS)
    return f"{_to_the_second(seconds)}.{fraction:06}Z"


def _shared() -> list[Processor]:
    return [
        _gathered_first,
        _with_ids,
        _with_time,
        StackInfoRenderer(),
        ExceptionRenderer(),
        mask_event,
    ]


def _last(form: Format, *, colours: bool) -> list[Processor]:
    if form == "json":
        return [as_json]
    if not colours:
        return [as_text]
    plain = structlog.dev.plain_traceback
    return [_on_a_terminal, structlog.dev.ConsoleRenderer(sort_keys=False, exception_formatter=plain)]


def _gathered_first(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    for write in [*before_other_lines]:
        write()
    return event


def _with_ids(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    at_hand = matter.get()
    for name in _in_every_line:
        if name not in event and (value := getattr(at_hand, name)):
            event[name] = value
    return event


def _with_time(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    event["timestamp"] = timestamp(now())
    return event


@lru_cache(maxsize=2)
def _to_the_second(seconds: int) -> str:
    """Once a second, since it costs more than the rest of a line."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _of_record(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """What `logging` keeps beside the text of a line."""
    record: logging.LogRecord = event.pop("_record")
    del event["_from_structlog"]
    event["level"] = record.levelname.lower()
    event["logger"] = record.name
    return event


def _on_a_terminal(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Whatever a partner sends: it ends no line, and is no order to the terminal."""
    for name, value in event.items():
        if isinstance(value, str) and not value.isprintable():
            kept = value if name in ("exception", "stack") else value.replace("\n", " ").replace("\t", " ")
            event[name] = _control.sub("\N{REPLACEMENT CHARACTER}", kept)
    return event


def as_text(_: WrappedLogger, __: str, event: EventDict) -> str:
    """A line for people, as structlog's `ConsoleRenderer` without colours, at a tenth of the cost."""
    text = _in_columns(event)
    return text if text.isprintable() else _in_columns(_on_a_terminal(_, __, event))


def _in_columns(event: EventDict) -> str:
    first = [event["timestamp"], f"[{event['level'].ljust(9)}]", str(event["event"]).ljust(30)]
    if "logger" in event:
        first.append(f"[{event['logger']}]")
    rest = [f"{name}={value}" for name, value in event.items() if name not in _columns]
    said = " ".join(rest)
    # With as many blanks and signs as there must be no value holds one, and none needs quotes.
    if said.count("=") > len(rest) or said.count(" ") >= len(rest) or "'" in said or '"' in said:
        said = " ".join([f"{name}={_said(value)}" for name, value in event.items() if name not in _columns])
    behind = [event[name] for name in ("stack", "exception") if name in event]
    return "\n".join([" ".join([*first, said]).rstrip(" "), *behind])


def _said(value: object) -> str:
    return value if isinstance(value, str) and _bare.fullmatch(value) else repr(value)


def as_json(_: WrappedLogger, __: str, event: EventDict) -> str:
    """A line for machines."""
    try:
        return msgspec.json.encode(event).decode("utf-8")
    except (UnicodeEncodeError, OverflowError):  # half a surrogate, a number of any length
        return json.dumps(event)
