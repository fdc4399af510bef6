"""A device goes from one organisation to the next when both say yes, and not before its day."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole, Right, StaffRole
from statusportal.custody.errors import OfferStanding, TransferSettled
from statusportal.custody.granting import revoke_grant
from statusportal.custody.queries import (
    granted_to,
    grants_of,
    handed_to,
    my_transfers,
    organisation_named,
    receiver_names,
    transfer_for,
    transfers_of,
)
from statusportal.custody.transferring import (
    accept_transfer,
    decline_transfer,
    hand_history,
    offer_transfer,
    settle_transfers,
    take_back_history,
    take_history,
    transfer_device,
    withdraw_transfer,
)
from statusportal.custody.vocabulary import Receiver
from statusportal.fleet.models import Device
from statusportal.fleet.policy import present_devices
from statusportal.fleet.queries import ownerships_of, periods_of, words_seen
from statusportal.fleet.reach import with_grants
from statusportal.fleet.service import DeviceWords, rename_device
from statusportal.foundation.errors import Forbidden, Invalid, NotFound
from statusportal.foundation.paging import Slice
from statusportal.overview.devices import DeviceFilters, my_devices
from tests.factories.accounts import make_actor, make_organisation, make_staff_actor
from tests.factories.fleet import make_device, make_grant

HOUR = timedelta(hours=1)
ADMIN = MemberRole.CUSTOMER_ADMIN


@pytest.fixture
def market(works, clock):
    """A seller with a device since an hour, a buyer, and an administrator of each."""
    seller, buyer = make_organisation(works, "seller"), make_organisation(works, "buyer")
    device = make_device(works, seller, "A-1", name="Basilisk", site="Lindworm hall", from_at=clock.now())
    clock.move(HOUR)
    return device, seller, buyer, make_actor(works, seller, ADMIN), make_actor(works, buyer, ADMIN)


def offer(works, actor, device, word, at=None):
    with works.writing(actor) as work:
        return offer_transfer(work, device.id, organisation_named(work, word), at)


def act(works, actor, verb, transfer):
    with works.writing(actor) as work:
        return verb(work, transfer.id)


def periods(works, actor, device):
    """Read as somebody who comes in anew, so that what was granted since is in reach."""
    with works.reading(SYSTEM) as work:
        actor = with_grants(work, actor)
    with works.reading(actor) as work:
        return [(one.from_at, one.to_at) for one in periods_of(work, device.id)]


def test_offer_changes_nothing_until_it_is_accepted(works, clock, market):
    device, _, _, selling, buying = market
    begun = clock.now() - HOUR

    made = offer(works, selling, device, "buyer")
    assert (periods(works, selling, device), periods(works, buying, device)) == ([(begun, None)], [])

    act(works, buying, accept_transfer, made)
    sold = clock.now()
    assert periods(works, selling, device) == [(begun, sold)]
    assert periods(works, buying, device) == [(sold, None)]


def test_offer_accepted_late_takes_effect_then_and_not_before(works, clock, market):
    device, _, _, selling, buying = market
    begun = clock.now() - HOUR
    made = offer(works, selling, device, "buyer", clock.now() + HOUR)
    clock.move(3 * HOUR)

    act(works, buying, accept_transfer, made)

    assert periods(works, selling, device) == [(begun, clock.now())]
    assert periods(works, buying, device) == [(clock.now(), None)]


def test_words_of_the_seller_are_shown_to_the_last_instant_and_never_after(works, clock, market):
    device, _, _, selling, buying = market
    act(works, buying, accept_transfer, offer(works, selling, device, "buyer", clock.now() + HOUR))
    plain = f"{device.model.name} A-1"

    def seen(actor):
        with works.reading(actor) as work:
            lines = [(one.name, one.site) for one in my_devices(work, Slice()).items]
            found = [len(my_devices(work, Slice(), DeviceFilters(q=word)).items) for word in ("Basilisk", "Lindworm")]
            sited = len(my_devices(work, Slice(), DeviceFilters(site="Lindworm hall")).items)
            row = work.session.get_one(Device, device.id)
            return lines, found, sited, words_seen(work, [row])[device.id].name

    clock.move(HOUR - timedelta(milliseconds=1))
    assert seen(selling) == ([("Basilisk", "Lindworm hall")], [1, 1], 1, "Basilisk")
    assert seen(buying)[:2] == ([], [0, 0])
    clock.move(timedelta(milliseconds=1))
    assert seen(selling) == ([], [0, 0], 0, plain)
    assert seen(buying) == ([(plain, "")], [0, 0], 0, plain)

    with works.writing(SYSTEM) as work:
        assert (settle_transfers(work), settle_transfers(work)) == (1, 0)
    with works.reading(SYSTEM) as work:
        row = work.session.get_one(Device, device.id)
        assert (row.name, row.site, row.words_until) == (plain, "", None)


def test_buyers_own_words_stay_when_the_portal_settles(works, clock, market):
    device, _, _, selling, buying = market
    act(works, buying, accept_transfer, offer(works, selling, device, "buyer", clock.now() + HOUR))
    clock.move(HOUR)

    with works.writing(buying) as work:
        rename_device(work, device.id, DeviceWords(name="Griffin"))
    with works.writing(SYSTEM) as work:
        assert settle_transfers(work) == 0
    with works.reading(SYSTEM) as work:
        assert work.session.get_one(Device, device.id).name == "Griffin"


@pytest.mark.parametrize("who", ["seller", "buyer", "staff"])
def test_accepted_transfer_is_withdrawn_before_its_day_without_a_trace(works, clock, market, who):
    device, seller, _, selling, buying = market
    made = offer(works, selling, device, "buyer", clock.now() + HOUR)
    act(works, selling, hand_history, made)
    act(works, buying, take_history, made)
    act(works, buying, accept_transfer, made)
    with works.writing(make_staff_actor(works)) as work, pytest.raises(Forbidden):
        withdraw_transfer(work, made.id)
    actor = {"seller": selling, "buyer": buying, "staff": make_staff_actor(works, StaffRole.SUPPORT)}[who]

    act(works, actor, withdraw_transfer, made)
    clock.move(2 * HOUR)

    with works.reading(SYSTEM) as work:
        assert [(row.organisation_id, row.to_at) for row in ownerships_of(work, device.id)] == [(seller.id, None)]
        assert work.session.get_one(Device, device.id).name == "Basilisk"
    assert periods(works, buying, device) == []


def test_transfer_that_is_done_cannot_be_taken_back(works, clock, market):
    device, _, _, selling, buying = market
    made = offer(works, selling, device, "buyer", clock.now() + HOUR)
    act(works, buying, accept_transfer, made)
    clock.move(HOUR)

    for actor in (selling, buying):
        with works.writing(actor) as work, pytest.raises(TransferSettled):
            withdraw_transfer(work, made.id)
    with works.writing(buying) as work, pytest.raises(TransferSettled):
        accept_transfer(work, made.id)


def test_declined_offer_leaves_the_device_and_lets_another_be_made(works, market):
    device, _, _, selling, buying = market
    made = offer(works, selling, device, "buyer")
    with works.writing(selling) as work, pytest.raises(OfferStanding):
        offer_transfer(work, device.id, Receiver("another"))

    act(works, buying, decline_transfer, made)

    with works.writing(buying) as work, pytest.raises(TransferSettled):
        accept_transfer(work, made.id)
    assert offer(works, selling, device, "another").state == "offered"


def test_nobody_answers_for_another(works, market):
    device, seller, buyer, selling, _ = market
    made = offer(works, selling, device, "buyer")
    member, third = make_actor(works, buyer), make_actor(works, make_organisation(works), ADMIN)

    for actor, trouble in (
        (selling, Forbidden),
        (make_staff_actor(works), Forbidden),
        (member, NotFound),
        (third, NotFound),
        (make_actor(works, seller), NotFound),
    ):
        for verb in (accept_transfer, decline_transfer, take_history):
            with works.writing(actor) as work, pytest.raises(trouble):
                verb(work, made.id)


def test_only_who_decides_for_the_owner_offers(works, market):
    device, seller, buyer, selling, buying = market
    guest = make_organisation(works)
    make_grant(works, device, guest, Right.VIEW | Right.MANAGE)

    for actor, trouble in (
        (make_actor(works, seller), Forbidden),
        (make_actor(works, guest, ADMIN), Forbidden),
        (buying, NotFound),
    ):
        with works.writing(actor) as work, pytest.raises(trouble):
            offer_transfer(work, device.id, Receiver("buyer", buyer.id))
    with works.writing(selling) as work, pytest.raises(Invalid, match="/organisation"):
        offer_transfer(work, device.id, Receiver("seller", seller.id))


def test_unknown_and_known_receivers_look_alike_to_the_seller(works, clock, market):
    device, _, _, selling, _ = market
    faces = []
    for word in ("buyer", "no-such-organisation"):
        made = offer(works, selling, device, word)
        with works.reading(selling) as work:
            row = transfer_for(work, made.id)
            shown = (
                row.state,
                receiver_names(work, [handed_to(row)])[handed_to(row)].replace(word, "*"),
                row.from_at,
                row.answered_at,
            )
            faces.append((shown, [one.state for one in transfers_of(work, device.id)][:1]))
        act(works, selling, withdraw_transfer, made)

    assert faces[0] == faces[1]


def test_history_opens_only_when_both_say_so_and_closes_when_revoked(works, clock, market):
    device, _, _, selling, buying = market
    begun, sold = clock.now() - HOUR, clock.now()
    made = offer(works, selling, device, "buyer")
    act(works, buying, accept_transfer, made)
    clock.move(HOUR)
    own = [(sold, None)]

    act(works, selling, hand_history, made)
    assert periods(works, buying, device) == own
    act(works, buying, take_history, made)
    assert periods(works, buying, device) == [(begun, sold), *own]
    with works.reading(selling) as work:
        (grant,) = grants_of(work, device.id, Slice()).items
        assert (Right(grant.rights), granted_to(grant).word) == (Right.VIEW | Right.EXPORT, "buyer")

    with works.writing(selling) as work:
        revoke_grant(work, grant.id)
    assert periods(works, buying, device) == own
    act(works, buying, take_history, made)
    assert periods(works, buying, device) == own


def test_history_taken_back_stays_shut_until_the_seller_hands_it_over_again(works, clock, market):
    device, _, _, selling, buying = market
    begun, sold = clock.now() - HOUR, clock.now()
    made = offer(works, selling, device, "buyer")
    act(works, buying, accept_transfer, made)
    act(works, selling, hand_history, made)
    act(works, buying, take_history, made)

    with works.writing(buying) as work, pytest.raises(Forbidden):
        take_back_history(work, made.id)
    assert periods(works, buying, device) == [(begun, sold), (sold, None)]
    act(works, selling, take_back_history, made)
    act(works, buying, take_history, made)
    assert periods(works, buying, device) == [(sold, None)]
    act(works, selling, hand_history, made)
    assert periods(works, buying, device) == [(begun, sold), (sold, None)]


def test_history_agreed_ahead_opens_with_the_transfer_and_not_before(works, clock, market):
    device, _, _, selling, buying = market
    begun, sold = clock.now() - HOUR, clock.now() + HOUR
    made = offer(works, selling, device, "buyer", sold)
    act(works, selling, hand_history, made)
    act(works, buying, take_history, made)
    act(works, buying, accept_transfer, made)

    assert periods(works, buying, device) == []
    clock.move(HOUR)
    assert periods(works, buying, device) == [(begun, sold), (sold, None)]


def test_staff_hands_over_at_once_and_offers_that_stand_are_off(works, clock, market):
    device, _, buyer, selling, buying = market
    made = offer(works, selling, device, "somebody-else")

    with works.writing(SYSTEM) as work:
        transfer_device(work, device.id, buyer.id)

    with works.reading(selling) as work:
        assert transfer_for(work, made.id).state == "withdrawn"
    assert periods(works, buying, device) == [(clock.now(), None)]


def test_each_side_lists_what_concerns_it(works, market):
    device, _, _, selling, buying = market
    other = make_device(works, make_organisation(works, "third"), "T-1")
    with works.writing(SYSTEM) as work:
        offer_transfer(work, other.id, Receiver("fourth"))
    made = offer(works, selling, device, "buyer")

    def listed(actor):
        with works.reading(actor) as work:
            return [(row.id, machine.serial, name) for row, machine, name in my_transfers(work)]

    assert listed(selling) == listed(buying) == [(made.id, "A-1", "Seller")]
    act(works, selling, withdraw_transfer, made)
    assert (listed(selling), listed(buying)) == ([(made.id, "A-1", "Seller")], [])


def test_buyer_of_tomorrow_looks_at_nothing_of_today(works, clock, market):
    device, _, _, selling, buying = market
    act(works, buying, accept_transfer, offer(works, selling, device, "buyer", clock.now() + HOUR))

    with works.reading(buying) as work:
        assert list(work.session.scalars(select(Device.id).where(present_devices(buying, work.now)))) == []
    clock.move(HOUR)
    with works.reading(buying) as work:
        assert list(work.session.scalars(select(Device.id).where(present_devices(buying, work.now)))) == [device.id]
    with works.reading(selling) as work:
        assert list(work.session.scalars(select(Device.id).where(present_devices(selling, work.now)))) == []
