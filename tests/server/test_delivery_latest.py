"""`latest`: a partner is told what is true by now, and no change is lost on the way."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from ocpi211_runtime.errors import PeerNotFound, PeerRefusal
from ocpi211_server.delivery import Order, Policy, retry
from tests.server.by_hand import ByHand, evse, location, session, tell

BUSY = PeerRefusal(http_status=500)
NO = PeerRefusal(http_status=200, status_code=2001)
PUT, PATCH = "emsp.locations.put_evse", "emsp.locations.patch_evse"


async def sent(hand: ByHand) -> Sequence[tuple[str, bytes]]:
    """All that is waiting, as it is sent when everything is accepted."""
    found = []
    while deliveries := await hand.claim():
        for delivery in deliveries:
            found.append((delivery.operation, delivery.body))
            await hand.end(delivery)
    return found


Case = tuple[Sequence[Order], Sequence[tuple[str, bytes]]]


def cases(to: int) -> Sequence[Case]:
    """What is enqueued, and what a partner is sent that could not be sent anything meanwhile."""
    whole = "emsp.locations.put_location"
    return [
        ([evse(to, b"1"), evse(to, b"2")], [(PUT, b"2")]),
        ([evse(to, b"1"), evse(to, b"p2", whole=b"2")], [(PUT, b"2")]),
        ([evse(to, b"p1", whole=b"1"), evse(to, b"p2", whole=b"2")], [(PUT, b"2")]),
        ([evse(to, b"p1", whole=b"1"), evse(to, b"2")], [(PUT, b"2")]),
        ([evse(to, b"p1", whole=b"1")], [(PATCH, b"p1")]),
        ([evse(to, b"1", uid="E1"), evse(to, b"2", uid="E2")], [(PUT, b"1"), (PUT, b"2")]),
        (
            [evse(to, b"1", uid="E1"), evse(to, b"2", uid="E2"), evse(to, b"p3", uid="E1", whole=b"3")],
            [(PUT, b"2"), (PUT, b"3")],
        ),
        ([evse(to, b"1"), location(to, b"all")], [(whole, b"all")]),
        (
            [evse(to, b"1"), location(to, b"all"), evse(to, b"p2", whole=b"2")],
            [(whole, b"all"), (PATCH, b"p2")],
        ),
        ([location(to, b"1", name="L1"), location(to, b"2", name="L2")], [(whole, b"1"), (whole, b"2")]),
    ]


@pytest.mark.parametrize("apart", [True, False], ids=["spread one by one", "spread at once"])
def test_newer_news_replace_what_waits(database_url: str, *, apart: bool) -> None:
    async def story(hand: ByHand) -> None:
        partner = await hand.partner()
        for number, (orders, expected) in enumerate(cases(partner)):
            for order in orders:
                await hand.keep(order)
                if apart:
                    await hand.entries()
            assert await sent(hand) == expected, number
            assert [await hand.count(table) for table in ("letter", "delivery", "delivery_lane")] == [0, 0, 0], number

    tell(database_url, story)


def test_a_patch_that_does_not_say_all_replaces_nothing(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        partner = await hand.partner()
        bare = replace(evse(partner, b"p2", whole=b"2"), whole=None)
        await hand.keep(evse(partner, b"1"), bare, evse(partner, b"p3", whole=b"3", uid="E2"))
        assert await sent(hand) == [(PUT, b"1"), (PATCH, b"p2"), (PATCH, b"p3")]

    tell(database_url, story)


def test_what_is_being_sent_is_not_touched_and_what_is_newer_goes_behind(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        partner = await hand.partner()
        await hand.keep(evse(partner, b"p1", whole=b"1"))
        sending = await hand.only()
        await hand.keep(evse(partner, b"p2", whole=b"2"), location(partner, b"all"), evse(partner, b"p3", whole=b"3"))
        assert await hand.claim() == []
        await hand.end(sending)
        assert await sent(hand) == [("emsp.locations.put_location", b"all"), (PATCH, b"p3")]

    tell(database_url, story)


def test_what_failed_is_still_sent_before_what_came_meanwhile(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        partner = await hand.partner()
        await hand.keep(evse(partner, b"p1", whole=b"1"))
        sending = await hand.only()
        await hand.keep(evse(partner, b"p2", whole=b"2"))
        await hand.entries()
        await hand.end(sending, BUSY)
        hand.pass_by(10)
        assert await sent(hand) == [(PATCH, b"p1"), (PATCH, b"p2")]

    tell(database_url, story)


def test_what_failed_is_replaced_when_it_waits_again(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        partner = await hand.partner()
        await hand.keep(evse(partner, b"p1", whole=b"1"))
        await hand.end(await hand.only(), BUSY)
        await hand.keep(evse(partner, b"p2", whole=b"2"))
        assert await hand.claim() == []  # news are no reason to call sooner
        (entry,) = await hand.entries()
        assert entry.attempts == 1
        hand.pass_by(10)
        assert await sent(hand) == [(PUT, b"2")]

    tell(database_url, story)


def test_what_is_parked_is_replaced_as_well(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        partner = await hand.partner()
        await hand.keep(evse(partner, b"p1", whole=b"1"))
        await hand.end(await hand.only(), NO)
        assert [entry.state for entry in await hand.entries()] == ["parked"]
        await hand.keep(evse(partner, b"p2", whole=b"2"))
        assert await sent(hand) == [(PUT, b"2")]
        assert await hand.entries() == []

    tell(database_url, story)


def test_what_would_be_parked_gives_way_to_what_is_newer(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        partner = await hand.partner()
        await hand.keep(evse(partner, b"p1", whole=b"1"))
        sending = await hand.only()
        await hand.keep(evse(partner, b"p2", whole=b"2"))
        await hand.entries()
        await hand.end(sending, NO)
        assert await sent(hand) == [(PUT, b"2")]  # and not the PATCH, which says nothing of the first change
        assert await hand.entries() == []

    tell(database_url, story)


def test_what_would_be_parked_does_not_give_way_to_a_patch_that_does_not_say_all(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        partner = await hand.partner()
        await hand.keep(evse(partner, b"1"))
        sending = await hand.only()
        order = evse(partner, b"p2", whole=b"2")
        await hand.keep(replace(order, whole=None))
        await hand.entries()
        await hand.end(sending, NO)
        assert await sent(hand) == [(PATCH, b"p2")]
        assert [(entry.operation, entry.state) for entry in await hand.entries()] == [(PUT, "parked")]

    tell(database_url, story)


@pytest.mark.parametrize("policy", ["latest", "fifo"])
def test_who_does_not_know_the_evse_is_sent_all_of_it_at_once(database_url: str, policy: Policy) -> None:
    async def story(hand: ByHand) -> None:
        partner = await hand.partner()
        order = evse(partner, b"p1", whole=b"1")
        patch = replace(order, policy=policy, lane="locations")
        await hand.keep(patch)
        await hand.end(await hand.only(), PeerNotFound(http_status=404))
        delivery = await hand.only()
        assert (delivery.operation, delivery.body, delivery.attempts) == (PUT, b"1", 0)
        await hand.end(delivery)

    tell(database_url, story)


def test_who_does_not_know_the_whole_either_has_it_parked(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        partner = await hand.partner()
        await hand.keep(evse(partner, b"p1", whole=b"1"))
        for _ in range(2):
            await hand.end(await hand.only(), PeerNotFound(http_status=404))
        (parked,) = await hand.entries()
        assert (parked.operation, parked.state) == (PUT, "parked")
        assert await hand.database.write(retry, parked.seq, hand.now)
        assert await sent(hand) == [(PUT, b"1")]

    tell(database_url, story)


def test_what_has_to_be_kept_is_never_replaced_not_even_in_the_same_lane(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        partner = await hand.partner()
        await hand.keep(session(partner, "1"), session(partner, "1"), session(partner, "1", "latest"))
        assert len(await sent(hand)) == 3

    tell(database_url, story)


def test_each_partner_is_told_what_it_missed(database_url: str) -> None:
    async def story(hand: ByHand) -> None:
        fast, slow = await hand.partner("FAS"), await hand.partner("SLO")
        await hand.keep(evse((fast, slow), b"p1", whole=b"1"))
        for delivery in await hand.claim():
            await hand.end(delivery, None if delivery.partner == fast else BUSY)
        await hand.keep(evse((fast, slow), b"p2", whole=b"2"))
        hand.pass_by(10)
        told = {delivery.partner: (delivery.operation, delivery.body) for delivery in await hand.claim()}
        assert told == {fast: (PATCH, b"p2"), slow: (PUT, b"2")}

    tell(database_url, story)
