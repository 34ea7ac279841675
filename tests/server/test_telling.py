"""The message log as a person reads it."""

from ocpi211_server.operating.messages import Message
from ocpi211_server.operating.telling import tell
from tests.server.made_messages import FIRST

PUSHED = FIRST._replace(request=b"", answer=b"")


def told(*messages: Message) -> list[str]:
    return [" ".join(line.plain.split()) for line in tell(messages, own="FR*107")]


def test_a_request_goes_from_the_partner_to_us() -> None:
    line = "7 10:00:00.123 FR*CPO → FR*107 PUT /emsp/2.1.1/sessions/FR/CPO/S1 200 1000 S1 authorization A1"
    assert told(PUSHED._replace(seq=7)) == [line]


def test_a_call_goes_from_us_to_the_partner() -> None:
    url = "https://emsp.example.com/ocpi/emsp/2.1.1/sessions/FR/CPO/S1?x=1"
    call = PUSHED._replace(direction="out", party="DE*EMP", url=url, http_status=0, status_code=0)
    line = "10:00:00.123 FR*107 → DE*EMP PUT /emsp/2.1.1/sessions/FR/CPO/S1?x=1 no answer S1 authorization A1"
    assert told(call) == [line]


def test_what_began_first_stands_first() -> None:
    later = PUSHED._replace(made=PUSHED.made + 1, party="FR*OTH")
    assert [line.split()[1] for line in told(later, PUSHED)] == ["FR*CPO", "FR*OTH"]


def test_columns_stand_below_each_other() -> None:
    lines = tell([PUSHED, PUSHED._replace(party="", verb="PATCH", url="/x", made=PUSHED.made + 1)], own="FR*107")
    assert len({line.plain.index("200 1000") for line in lines}) == 1


def test_a_stranger_can_neither_end_a_line_nor_paint_one() -> None:
    message = PUSHED._replace(party="", url="/x\x1b[2J\n" + "y" * 500, object_id="a\rb", http_status=404, status_code=0)
    (line,) = tell([message], own="FR*107")
    assert line.plain.isprintable()
    assert len(line.plain) < 200
    assert "404 no envelope" in line.plain


def test_of_nothing_nothing_is_told() -> None:
    assert told() == []
