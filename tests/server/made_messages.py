"""Messages to be stored."""

from ocpi211_server.moments import MICROSECONDS
from ocpi211_server.operating.messages import Message

FIRST = Message(
    made=1_714_644_000_123_000,
    direction="in",
    party="FR*CPO",
    module="sessions",
    operation="emsp.sessions.put_session",
    verb="PUT",
    url="/ocpi/emsp/2.1.1/sessions/FR/CPO/S1",
    object_id="S1",
    authorization_id="A1",
    request_id="r1",
    correlation_id="c1",
    http_status=200,
    status_code=1000,
    microseconds=1500,
    request=b'{"id":"S1"}',
    answer=b"\x00\xff",
)


def of(number: int, **changes: object) -> Message:
    """One more, a second later than the one before."""
    changes = {"made": FIRST.made + number * MICROSECONDS, **changes}
    return FIRST._replace(**changes)  # type: ignore[arg-type]  # names are those of the class
