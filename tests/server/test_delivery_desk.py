"""What an operator sees of deliveries, and can do about them."""

from ocpi211_runtime.errors import PeerRefusal
from ocpi211_server.delivery import backlog, drop, drop_parked, forget_failed, retry, retry_all
from tests.server.by_hand import ByHand, cdr, location, result, session, tell

NO = PeerRefusal("never", http_status=200, status_code=2001)


def test_what_is_kept_is_listed_before_any_worker_has_seen_it(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        one, two = await hand.partner("ONE"), await hand.partner("TWO", "cpo")
        await hand.keep(cdr((one, two)), session(one))
        entries = await hand.entries()
        assert {(entry.party, entry.role, entry.about, entry.state) for entry in entries} == {
            ("FR*ONE", "emsp", "cdrs FR*ABC C1", "waiting"),
            ("FR*TWO", "cpo", "cdrs FR*ABC C1", "waiting"),
            ("FR*ONE", "emsp", "sessions FR*ABC 4711", "waiting"),
        }
        assert [entry.partner for entry in await hand.entries(partner=two)] == [two]
        assert [entry.seq for entry in await hand.entries(after=entries[0].seq, most=1)] == [entries[1].seq]

    tell(database_url, story)


def test_a_list_tells_what_happens_to_each(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        partner = await hand.partner()
        await hand.keep(session(partner, "1"), session(partner, "2"), cdr(partner), location(partner, b"{}"))
        failing, _, refused = await hand.claim()
        await hand.end(refused, NO)
        await hand.end(failing, PeerRefusal("later", http_status=500))
        told = {entry.about.removeprefix("locations "): entry for entry in await hand.entries()}
        first, second = told["sessions FR*ABC 1"], told["sessions FR*ABC 2"]
        assert (first.state, first.attempts, first.not_before - hand.now) == ("waiting", 1, 1_000_000)
        assert first.reason == "the peer refused with HTTP 500: later"
        assert (second.state, second.attempts, second.not_before) == ("waiting", 0, first.not_before)
        assert told["cdrs FR*ABC C1"].state == "sending"
        assert (told["FR*ABC L1"].state, told["FR*ABC L1"].not_before) == ("parked", 0)
        assert [entry.about for entry in await hand.entries(state="parked")] == ["locations FR*ABC L1"]

    tell(database_url, story)


def test_what_is_retried_is_sent_in_its_old_place_as_if_it_had_never_failed(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        partner = await hand.partner()
        await hand.keep(*(session(partner, name, "latest") for name in "123"))
        await hand.end(await hand.only(), NO)
        (parked,) = await hand.entries(state="parked")
        assert await hand.database.write(retry, parked.seq, hand.now)
        again = await hand.only()
        assert (again.arguments["session_id"], again.attempts) == ("1", 0)
        assert not await hand.database.write(retry, 4711, hand.now)

    tell(database_url, story)


def test_what_is_being_sent_when_an_older_one_is_retried_is_not_sent_twice(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        partner = await hand.partner()
        await hand.keep(*(session(partner, name, "latest") for name in "12"))
        await hand.end(await hand.only(), NO)
        second = await hand.only()
        (parked,) = await hand.entries(state="parked")
        assert await hand.database.write(retry, parked.seq, hand.now)
        assert await hand.claim() == []
        await hand.end(second)
        assert (await hand.only()).seq == parked.seq

    tell(database_url, story)


def test_all_of_a_partner_is_retried_at_once(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        one, two = await hand.partner("ONE"), await hand.partner("TWO")
        await hand.keep(location((one, two), b"{}"), session(one), result(one))
        for delivery in await hand.claim():
            await hand.end(delivery, NO)
        await hand.keep(cdr(one))
        assert await hand.database.write(retry_all, one, hand.now) == 4
        assert {delivery.partner for delivery in await hand.claim()} == {one}
        assert [entry.partner for entry in await hand.entries(state="parked")] == [two]

    tell(database_url, story)


def test_what_is_dropped_is_gone_and_what_stood_behind_it_goes_on(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        partner = await hand.partner()
        await hand.keep(session(partner, "1"), session(partner, "2"))
        first, _ = await hand.entries()
        assert await hand.database.write(drop, first.seq)
        delivery = await hand.only()
        assert delivery.arguments["session_id"] == "2"
        assert not await hand.database.write(drop, delivery.seq)  # it is being sent
        await hand.end(delivery, PeerRefusal(http_status=500))
        assert await hand.database.write(drop, delivery.seq)
        assert not await hand.database.write(drop, delivery.seq)
        assert [await hand.count(table) for table in ("letter", "delivery", "delivery_lane")] == [0, 0, 0]

    tell(database_url, story)


def test_what_goes_to_others_as_well_is_dropped_for_one_alone(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        one, two = await hand.partner("ONE"), await hand.partner("TWO")
        await hand.keep(location((one, two), b"{}"))
        for delivery in await hand.claim():
            await hand.end(delivery, NO)
        assert await hand.database.write(drop_parked, one) == 1
        (left,) = await hand.entries()
        assert await hand.database.write(retry, left.seq, hand.now)
        assert ((await hand.only()).partner, await hand.count("letter")) == (two, 1)

    tell(database_url, story)


def test_the_backlog_counts_what_waits_and_how_long(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        one, two = await hand.partner("ONE"), await hand.partner("TWO")
        await hand.partner("NIL")
        await hand.keep(location((one, two), b"{}"))
        for delivery in await hand.claim():
            await hand.end(delivery, NO if delivery.partner == one else PeerRefusal(http_status=500))
        hand.pass_by(7)
        await hand.keep(session(one))
        hand.pass_by(3)
        assert [*await backlog(hand.database, hand.now)] == [("FR*ONE", 1, 1, 3.0), ("FR*TWO", 1, 0, 10.0)]

    tell(database_url, story)


def test_what_was_sent_once_and_failed_is_kept_for_a_day_and_the_rest_for_good(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        partner = await hand.partner()
        await hand.keep(result(partner), location(partner, b"{}"))
        for delivery in await hand.claim():
            await hand.end(delivery, NO)
        await hand.database.write(forget_failed, hand.now - 1)
        assert {entry.policy for entry in await hand.entries()} == {"once", "latest"}
        await hand.database.write(forget_failed, hand.now + 1)
        assert {entry.policy for entry in await hand.entries()} == {"latest"}
        assert await hand.count("letter") == 1

    tell(database_url, story)
