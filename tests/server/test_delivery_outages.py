"""Partners that do not answer are left alone, asked carefully, and get all of it when they are back."""

from ocpi211_runtime.errors import PeerRefusal, PeerUnauthorized, Unreachable
from ocpi211_server.delivery import retry_all
from tests.server.by_hand import ByHand, cdr, location, result, session, tell

GONE = Unreachable("no answer")


def test_who_does_not_answer_is_left_alone_with_all_lanes(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        partner, other = await hand.partner("GON"), await hand.partner("OTH")
        await hand.keep(session(partner))
        await hand.end(await hand.only(), GONE)
        await hand.keep(cdr(partner), location(partner, b"{}"), session(other))
        assert (await hand.only()).partner == other
        hand.pass_by(0.99)
        assert await hand.claim() == []

    tell(database_url, story)


def test_of_a_partner_that_was_away_one_delivery_finds_out_and_then_all_go(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        partner = await hand.partner()
        await hand.keep(session(partner), cdr(partner), location(partner, b"{}"))
        for delivery in await hand.claim():
            await hand.end(delivery, GONE)
        hand.pass_by(1)
        probe = await hand.only()
        assert await hand.claim(sending={partner: 1}, probing={partner}) == []
        await hand.end(probe)
        assert len(await hand.claim()) == 2

    tell(database_url, story)


def test_an_outage_counts_once_however_many_were_under_way(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        partner = await hand.partner()
        await hand.keep(*(location(partner, b"{}", name=f"L{number}") for number in range(8)))
        began = hand.now
        sending = await hand.claim()
        hand.pass_by(5)
        for delivery in sending:
            await hand.end(delivery, GONE, started=began)
        assert await hand.claim() == []
        hand.pass_by(1)
        assert len(await hand.claim()) == 1

    tell(database_url, story)


def test_the_pauses_of_an_outage_grow_and_its_end_forgets_them(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        partner = await hand.partner()
        await hand.keep(*(location(partner, b"{}", name=f"L{number}") for number in range(20)))
        asked: set[str] = set()
        for pause in (1, 2, 4, 8, 10, 10):
            probe, *_ = await hand.claim()
            asked.add(probe.lane)
            await hand.let_go("one", [probe.seq])
            await hand.end(probe, GONE)
            hand.pass_by(pause - 0.01)
            assert await hand.claim() == []
            hand.pass_by(0.01)
        assert len(asked) == 6  # not one lane bears all of it
        await hand.end(await hand.only())
        await hand.end((await hand.claim())[0], GONE)
        await hand.let_go()
        hand.pass_by(1)
        assert len(await hand.claim()) == 1

    tell(database_url, story, longest_delay=10)


def test_a_partner_may_say_how_long(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        partner = await hand.partner()
        await hand.keep(session(partner), cdr(partner))
        first, second = await hand.claim()
        await hand.end(first, PeerRefusal(http_status=503, retry_after=120))
        await hand.end(second, PeerRefusal(http_status=429, retry_after=240), started=hand.now - 1)
        hand.pass_by(239.9)
        assert await hand.claim() == []
        hand.pass_by(0.1)
        assert len(await hand.claim()) == 1

    tell(database_url, story)


def test_asked_to_wait_after_an_error_only_the_lane_waits(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        partner = await hand.partner()
        await hand.keep(session(partner, "1"), session(partner, "2"))
        await hand.end(await hand.only(), PeerRefusal(http_status=500, retry_after=60))
        await hand.keep(cdr(partner))
        await hand.end(await hand.only())
        hand.pass_by(59.9)
        assert await hand.claim() == []
        hand.pass_by(0.1)
        assert (await hand.only()).arguments["session_id"] == "1"

    tell(database_url, story)


def test_what_is_of_use_only_now_does_not_mind_the_pause(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        partner = await hand.partner()
        await hand.keep(session(partner))
        await hand.end(await hand.only(), PeerRefusal(http_status=503, retry_after=3600))
        await hand.keep(result(partner))
        urgent = await hand.only()
        assert urgent.policy == "once"
        await hand.end(urgent, GONE)
        hand.pass_by(3599)
        assert await hand.claim() == []

    tell(database_url, story)


def test_an_outage_does_not_wear_out_what_waits(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        partner = await hand.partner()
        await hand.keep(session(partner))
        for _ in range(30):
            await hand.end(await hand.only(), GONE)
            hand.pass_by(300)
        await hand.end(await hand.only(), PeerRefusal(http_status=500))
        hand.pass_by(300)
        delivery = await hand.only()
        assert (delivery.attempts, delivery.unanswered) == (31, 30)
        await hand.end(delivery, PeerUnauthorized(http_status=401))
        assert [entry.state for entry in await hand.entries()] == ["waiting"]

    tell(database_url, story, most_attempts=2, most_unanswered=32)


def test_an_outage_without_end_does(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        partner = await hand.partner()
        await hand.keep(session(partner, "1"), session(partner, "2"))
        for _ in range(3):
            await hand.end(await hand.only(), GONE)
            hand.pass_by(300)
        assert [(entry.state, entry.reason) for entry in await hand.entries()] == [
            ("parked", "no answer"),
            ("waiting", ""),
        ]

    tell(database_url, story, most_unanswered=3)


def test_an_operator_need_not_wait(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        partner = await hand.partner()
        await hand.keep(session(partner, "1"), cdr(partner))
        for delivery in await hand.claim():
            await hand.end(delivery, PeerRefusal(http_status=503, retry_after=86_400))
        assert await hand.database.write(retry_all, partner, hand.now) == 2
        assert len(await hand.claim()) == 2

    tell(database_url, story)
