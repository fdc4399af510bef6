"""What an actor sees of devices and of what arose on them, at every moment of a sale and of a grant."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import literal, select

from statusportal.access.actor import ANONYMOUS, SYSTEM, Actor
from statusportal.access.vocabulary import ActorKind, MemberRole, Right, StaffRole
from statusportal.db.columns import UtcDateTime
from statusportal.fleet.models import Device
from statusportal.fleet.policy import present_devices, rows_visible_to, visible_devices
from statusportal.fleet.queries import device_for, periods_of, periods_of_many
from statusportal.foundation.errors import NotFound
from tests.factories.accounts import actor_for, make_actor, make_organisation, make_person, make_staff_actor
from tests.factories.fleet import end_grant, make_device, make_grant, make_transfer, present_ownership_of

HOUR = timedelta(hours=1)


def visible(works, actor):
    with works.reading(actor) as work:
        return set(work.session.scalars(select(Device.serial).where(visible_devices(actor, work.now))))


def present(works, actor):
    with works.reading(actor) as work:
        return set(work.session.scalars(select(Device.serial).where(present_devices(actor, work.now))))


def reads_row(works, actor, organisation, device, at):
    """Tell whether the actor may read a row that arose on the device, under the organisation, at an instant."""
    with works.reading(actor) as work:
        condition = rows_visible_to(
            actor, literal(organisation.id), literal(device.id), literal(at, UtcDateTime()), work.now
        )
        return work.session.scalar(select(literal(1)).where(condition)) == 1


def test_device_is_seen_by_its_owner_and_by_staff_only(works):
    alpha, beta = make_organisation(works, "alpha"), make_organisation(works, "beta")
    make_device(works, alpha, "A-1")
    make_device(works, beta, "B-1")

    assert visible(works, make_actor(works, alpha)) == {"A-1"}
    assert visible(works, make_actor(works, beta, MemberRole.CUSTOMER_ADMIN)) == {"B-1"}
    assert [visible(works, make_staff_actor(works, role)) for role in StaffRole] == [{"A-1", "B-1"}] * 5
    assert visible(works, SYSTEM) == {"A-1", "B-1"}
    assert visible(works, ANONYMOUS) == set()
    assert visible(works, actor_for(works, make_person(works))) == set()


def test_foreign_device_is_missing(works):
    alpha, beta = make_organisation(works), make_organisation(works)
    device = make_device(works, beta, "B-1")
    actor = make_actor(works, alpha)

    with works.reading(actor) as work, pytest.raises(NotFound) as foreign:
        device_for(work, device.id)
    with works.reading(actor) as work, pytest.raises(NotFound) as missing:
        device_for(work, alpha.id)

    assert foreign.value.detail == missing.value.detail


def test_seller_and_buyer_read_their_own_times_only(works, clock):
    seller, buyer, other = make_organisation(works), make_organisation(works), make_organisation(works)
    device = make_device(works, seller, "A-1", from_at=clock.now())
    begun = clock.now()
    before, sold, after = begun + HOUR, begun + 2 * HOUR, begun + 3 * HOUR
    clock.move(2 * HOUR)
    make_transfer(works, device, buyer)
    clock.move(2 * HOUR)
    selling, buying, foreign = (make_actor(works, one) for one in (seller, buyer, other))

    with works.reading(selling) as work:
        of_seller = [(period.from_at, period.to_at) for period in periods_of(work, device.id)]
    with works.reading(buying) as work:
        of_buyer = [(period.from_at, period.to_at) for period in periods_of(work, device.id)]
    with works.reading(foreign) as work:
        of_foreign = periods_of_many(work, [device.id])

    assert (of_seller, of_buyer, of_foreign) == ([(begun, sold)], [(sold, None)], {device.id: []})
    assert (visible(works, selling), present(works, selling)) == ({"A-1"}, set())
    assert (visible(works, buying), present(works, buying)) == ({"A-1"}, {"A-1"})
    assert visible(works, foreign) == set()
    readers = (selling, buying, foreign)
    assert [reads_row(works, one, seller, device, before) for one in readers] == [True, False, False]
    assert [reads_row(works, one, buyer, device, after) for one in readers] == [False, True, False]


def test_buyer_of_tomorrow_sees_nothing_yet(works, clock):
    seller, buyer = make_organisation(works), make_organisation(works)
    device = make_device(works, seller, "A-1", from_at=clock.now() + HOUR)
    make_device(works, buyer, "B-1")

    assert visible(works, make_actor(works, seller)) == set()
    assert visible(works, make_actor(works, buyer)) == {"B-1"}
    clock.move(HOUR)
    assert visible(works, make_actor(works, seller)) == {"A-1"}
    assert device.serial == "A-1"


@pytest.mark.parametrize("kind", ["organisation", "person"])
def test_grant_opens_its_own_time_until_it_ends(works, clock, kind):
    owner, guest = make_organisation(works), make_organisation(works)
    device = make_device(works, owner, "A-1")
    make_device(works, owner, "A-2")
    reader = make_person(works, guest)
    begun = clock.now()
    clock.move(HOUR)
    make_grant(works, device, guest if kind == "organisation" else reader, to_at=clock.now() + 2 * HOUR)
    clock.move(HOUR)

    during = actor_for(works, reader)
    assert (visible(works, during), present(works, during)) == ({"A-1"}, {"A-1"})
    assert not reads_row(works, during, owner, device, begun)
    assert reads_row(works, during, owner, device, begun + HOUR)
    assert not reads_row(works, during, owner, device, begun + 3 * HOUR)
    with works.reading(during) as work:
        assert [(one.from_at, one.to_at, one.rights) for one in periods_of(work, device.id)] == [
            (begun + HOUR, begun + 3 * HOUR, Right.VIEW)
        ]

    clock.move(HOUR)
    after = actor_for(works, reader)
    assert (visible(works, after), after.granting) == (set(), frozenset())
    assert not reads_row(works, after, owner, device, begun + HOUR)


def test_revoked_grant_opens_nothing_even_to_an_actor_made_before(works, clock):
    owner, guest = make_organisation(works), make_organisation(works)
    device = make_device(works, owner, "A-1")
    grant = make_grant(works, device, guest)
    actor = make_actor(works, guest)
    clock.move(HOUR)
    assert visible(works, actor) == {"A-1"}

    end_grant(works, grant)

    assert visible(works, actor) == set()
    assert not reads_row(works, actor, owner, device, clock.now())


def test_grant_shows_the_owner_nothing_of_the_guest(works):
    owner, guest = make_organisation(works), make_organisation(works)
    make_grant(works, make_device(works, owner, "A-1"), guest)
    theirs = make_device(works, guest, "G-1")
    actor = make_actor(works, owner, MemberRole.CUSTOMER_ADMIN)

    assert visible(works, actor) == {"A-1"}
    assert not reads_row(works, actor, guest, theirs, works.clock.now())


def test_grant_of_a_seller_ends_with_the_sellers_time(works, clock):
    seller, buyer, guest = make_organisation(works), make_organisation(works), make_organisation(works)
    device = make_device(works, seller, "A-1")
    begun = clock.now()
    make_grant(works, device, guest)
    clock.move(HOUR)
    make_transfer(works, device, buyer)
    clock.move(HOUR)
    actor = make_actor(works, guest)

    with works.reading(actor) as work:
        assert periods_of(work, device.id) == []
    assert (visible(works, actor), present(works, actor)) == (set(), set())
    assert not reads_row(works, actor, seller, device, begun)
    assert not reads_row(works, actor, buyer, device, clock.now())


def test_history_that_a_seller_granted_lives_on_and_never_opens_the_buyers_time(works, clock):
    seller, buyer, guest = make_organisation(works), make_organisation(works), make_organisation(works)
    device = make_device(works, seller, "A-1", from_at=clock.now())
    begun = clock.now()
    clock.move(HOUR)
    make_transfer(works, device, buyer)
    clock.move(HOUR)
    make_grant(works, device, guest, from_at=begun)
    clock.move(HOUR)
    actor = make_actor(works, guest)

    with works.reading(actor) as work:
        assert [(one.from_at, one.to_at) for one in periods_of(work, device.id)] == [(begun, begun + HOUR)]
    assert (visible(works, actor), present(works, actor)) == ({"A-1"}, set())
    assert reads_row(works, actor, seller, device, begun)
    assert not reads_row(works, actor, buyer, device, clock.now())


def test_machine_sees_itself_and_a_gateway_what_its_organisation_has(works, clock):
    alpha, beta = make_organisation(works), make_organisation(works)
    device = make_device(works, alpha, "A-1")
    sold = make_device(works, alpha, "A-2")
    make_device(works, beta, "B-1")
    clock.move(HOUR)
    make_transfer(works, sold, beta)
    gateway = Actor(kind=ActorKind.MACHINE, credential_id=alpha.id, gateway_of=alpha.id)
    machine = replace(gateway, device_id=device.id)

    assert visible(works, machine) == {"A-1"}
    assert visible(works, gateway) == {"A-1"}
    assert not reads_row(works, machine, alpha, device, clock.now())
    with works.reading(machine) as work:
        owned = present_ownership_of(works, device)
        assert [one.ownership_id for one in periods_of(work, device.id)] == [owned.id]
        assert periods_of(work, sold.id) == []
