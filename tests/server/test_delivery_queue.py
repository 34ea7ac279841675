"""Order within a lane, fairness between lanes, and what becomes of what a worker had claimed."""

import pytest

from ocpi211_runtime.errors import PeerRefusal, Unreachable
from ocpi211_server.delivery import Order, Policy
from tests.server.by_hand import STALE, ByHand, cdr, location, result, session, set_state, tell

BUSY = PeerRefusal(http_status=500)


def test_of_a_lane_only_the_first_is_sent_and_then_the_next(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        partner = await hand.partner()
        await hand.keep(session(partner, "1"), session(partner, "2"), cdr(partner), session(partner, "3"))
        first, bill = await hand.claim()
        assert (first.arguments["session_id"], bill.lane) == ("1", "cdrs")
        assert await hand.claim() == await hand.claim("two") == []
        await hand.end(first)
        second = await hand.only("two")
        assert second.arguments["session_id"] == "2"
        await hand.end(second, worker="two")
        assert (await hand.only()).arguments["session_id"] == "3"

    tell(database_url, story)


def test_what_is_sent_is_what_was_enqueued(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        partner = await hand.partner()
        body = b'{"id":"\xc3\xa9", "kwh":1.10}\n'
        arguments = {"country_code": "FR", "party_id": "ABC", "session_id": "é/%"}
        order = Order(
            partner, "emsp.sessions.put_session", arguments, body, "fifo", "sessions", "x", correlation_id="c"
        )
        await hand.keep(order, result(partner))
        sent, told = await hand.claim()
        assert (sent.partner, sent.operation, sent.arguments, sent.body) == (
            partner,
            "emsp.sessions.put_session",
            arguments,
            body,
        )
        assert (sent.policy, sent.lane, sent.about, sent.correlation_id, sent.url) == (
            "fifo",
            "sessions",
            "x",
            "c",
            None,
        )
        assert told.url == "https://emsp.example.com/results/U1"

    tell(database_url, story)


def test_an_order_to_many_is_kept_once_and_reaches_each(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        partners = [await hand.partner(f"E{number:02}") for number in range(30)]
        await hand.keep(*(session(partner) for partner in partners))
        await hand.keep(session(tuple(partners), "2"))
        assert await hand.count("letter") == 2
        for name in ("4711", "2"):
            sent = await hand.claim()
            assert sorted(delivery.partner for delivery in sent) == partners
            assert {delivery.arguments["session_id"] for delivery in sent} == {name}
            for delivery in sent:
                await hand.end(delivery)
        assert [await hand.count(table) for table in ("letter", "delivery", "delivery_lane")] == [0, 0, 0]

    tell(database_url, story)


def test_the_same_said_twice_to_one_is_sent_twice(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        one, two = await hand.partner("ONE"), await hand.partner("TWO")
        await hand.keep(session(one, "1"), session(one, "2"), session(one, "1"), session((one, two), "1"), session(()))
        names = [entry.about[-1] for entry in await hand.entries(partner=one)]
        assert names == ["1", "2", "1", "1"]
        assert len(await hand.entries(partner=two)) == 1

    tell(database_url, story)


def test_a_failure_holds_up_its_lane_and_no_other(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        partner = await hand.partner()
        await hand.keep(session(partner, "1"), session(partner, "2"), cdr(partner, "1"), cdr(partner, "2"))
        failing, bill = await hand.claim()
        await hand.end(failing, BUSY)
        await hand.end(bill)
        assert (await hand.only()).arguments == {}
        hand.pass_by(0.99)
        assert await hand.claim() == []
        hand.pass_by(0.01)
        again = await hand.only()
        assert (again.arguments["session_id"], again.attempts) == ("1", 1)

    tell(database_url, story)


@pytest.mark.parametrize("policy", ["fifo", "latest"])
def test_after_the_most_attempts_it_is_parked_with_the_reason_and_its_lane_goes_on(
    database_url: str, policy: Policy
) -> None:
    async def story(hand: ByHand) -> None:
        partner = await hand.partner()
        await hand.keep(session(partner, "1", policy), session(partner, "2", policy))
        for _ in range(3):
            delivery = await hand.only()
            assert delivery.arguments["session_id"] == "1"
            await hand.end(delivery, PeerRefusal("tomorrow", http_status=500))
            hand.pass_by(300)
        assert (await hand.only()).arguments["session_id"] == "2"
        (parked,) = await hand.entries(state="parked")
        assert (parked.state, parked.attempts) == ("parked", 3)
        assert parked.reason == "the peer refused with HTTP 500: tomorrow"

    tell(database_url, story, most_attempts=3)


def test_what_is_sent_once_is_sent_once(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        partner = await hand.partner()
        await hand.keep(result(partner, "1"), result(partner, "2"))
        lost, told = await hand.claim()
        await hand.end(lost, Unreachable("no answer"))
        await hand.end(told)
        hand.pass_by(1000)
        assert await hand.claim() == []
        (parked,) = await hand.entries()
        assert (parked.about, parked.state, parked.reason) == ("commands 1", "parked", "no answer")

    tell(database_url, story)


def test_one_partner_with_many_lanes_leaves_room_for_the_others(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        greedy = await hand.partner("GRE")
        modest = [await hand.partner(f"M{number:02}") for number in range(20)]
        for number in range(60):
            await hand.keep(location(greedy, b"{}", name=f"L{number}"))
        await hand.keep(*(session(partner) for partner in modest))
        sent = await hand.claim(free=21)
        assert {delivery.partner for delivery in sent} == {greedy, *modest}
        assert len(await hand.claim(sending={greedy: 1})) == 7
        assert await hand.claim(sending={greedy: 8}) == []

    tell(database_url, story)


def test_partners_take_turns_when_there_is_room_for_few(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        partners = [await hand.partner(f"E{number:02}") for number in range(10)]
        for name in range(3):
            await hand.keep(*(location(partner, b"{}", name=f"L{name}") for partner in partners))
        turns: list[int] = []
        for _ in range(10):
            sent = await hand.claim(free=3, after=hand.after)
            turns += [delivery.partner for delivery in sent]
        assert sorted(turns[:10]) == sorted(turns[10:20]) == sorted(turns[20:]) == partners

    tell(database_url, story)


@pytest.mark.parametrize("state", ["suspended", "unregistered", "invited"])
def test_what_is_for_a_partner_that_is_away_waits(database_url: str, state: str) -> None:
    async def story(hand: ByHand) -> None:
        partner = await hand.partner()
        await hand.keep(session(partner, "1"), result(partner))
        await hand.database.write(set_state, partner, state)
        await hand.house()
        hand.pass_by(100_000)
        assert await hand.claim() == []
        await hand.database.write(set_state, partner, "registered")
        assert len(await hand.claim()) == 2

    tell(database_url, story)


def test_what_fails_because_its_partner_was_suspended_meanwhile_waits(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        partner = await hand.partner()
        await hand.keep(location(partner, b"{}"))
        delivery = await hand.only()
        await hand.database.write(set_state, partner, "suspended")
        await hand.end(delivery, PeerRefusal(http_status=400))
        assert [entry.state for entry in await hand.entries()] == ["waiting"]
        await hand.database.write(set_state, partner, "registered")
        assert (await hand.only()).seq == delivery.seq

    tell(database_url, story)


def test_what_is_for_a_partner_that_was_revoked_is_parked(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        partner, other = await hand.partner("GON"), await hand.partner("STA")
        await hand.keep(session(partner, "1"), session(partner, "2"), cdr(partner), session(other))
        sending, *_ = await hand.claim()
        await hand.database.write(set_state, partner, "revoked")
        await hand.house("one")
        states = {entry.about: entry.state for entry in await hand.entries(partner=partner)}
        assert states["sessions FR*ABC 1"] == "sending"
        await hand.end(sending, BUSY)
        await hand.let_go("one")
        await hand.house("one")
        entries = await hand.entries(partner=partner)
        assert {(entry.state, entry.reason) for entry in entries} == {("parked", "the partner was revoked")}
        assert len(entries) == 3
        assert (await hand.only()).partner == other

    tell(database_url, story)


def test_what_a_dead_worker_had_claimed_is_sent_by_another(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        partner = await hand.partner()
        await hand.keep(session(partner, "1"), session(partner, "2"))
        await hand.house("one")
        lost = await hand.only("one")
        hand.now += STALE
        await hand.house("two")
        assert await hand.claim("two") == []  # not dead yet
        hand.now += 1
        await hand.house("two")
        assert (await hand.only("two")).seq == lost.seq

    tell(database_url, story)


def test_a_worker_taken_for_dead_changes_nothing_any_more(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        partner = await hand.partner()
        await hand.keep(session(partner, "1"), session(partner, "2"))
        await hand.house("one")
        slow = await hand.only("one")
        hand.now += STALE + 1
        await hand.house("two")
        await hand.end(slow, BUSY)  # nobody sends it at the moment
        again = await hand.only("two")
        await hand.end(slow)  # another does
        assert [entry.state for entry in await hand.entries()] == ["sending", "waiting"]
        await hand.end(again, worker="two")
        following = await hand.only("one")  # the lane is its own again, with another delivery
        await hand.end(slow)
        (entry,) = await hand.entries()
        assert (entry.seq, entry.state) == (following.seq, "sending")

    tell(database_url, story)


def test_what_is_sent_once_is_not_sent_again_when_its_worker_died(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        partner = await hand.partner()
        await hand.keep(result(partner))
        await hand.only("one")
        hand.now += STALE + 1
        await hand.house("two")
        assert await hand.claim("two") == []
        (parked,) = await hand.entries()
        assert (parked.state, parked.reason) == ("parked", "it may have been sent when its worker stopped")

    tell(database_url, story)


def test_a_worker_that_claimed_more_than_it_knows_of_frees_that(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        partner = await hand.partner()
        await hand.keep(session(partner), cdr(partner), result(partner))
        known, *unknown = await hand.claim("one")
        await hand.let_go("one", [known.seq], begun=False)
        again = await hand.claim("one")
        assert sorted(delivery.seq for delivery in again) == sorted(delivery.seq for delivery in unknown)

    tell(database_url, story)


@pytest.mark.parametrize(
    "wrong",
    [
        {"operation": "emsp.sessions.put_sessions"},
        {"policy": "sometimes"},
        {"covers": True},
        {"policy": "latest", "operation": "emsp.locations.patch_location", "covers": True},
        {"whole": ("emsp.sessions.no", b"{}")},
    ],
)
def test_an_order_that_can_never_be_sent_is_refused_at_once(wrong: dict[str, object]) -> None:
    order: dict[str, object] = {
        "partner": 1,
        "operation": "emsp.sessions.put_session",
        "arguments": {},
        "body": b"{}",
        "policy": "fifo",
        "lane": "sessions",
        "about": "x",
    }
    with pytest.raises(ValueError, match=r"operation|policy|cover"):
        Order(**(order | wrong))  # type: ignore[arg-type]  # that is the point
