"""Who has a device when, what they may do with it, and the secrets that go with it."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from statusportal.access.actor import SYSTEM
from statusportal.access.permissions import Permission
from statusportal.access.vocabulary import MemberRole, Right, StaffRole
from statusportal.credentials.errors import SecretTaken
from statusportal.credentials.issuing import issue_device_credential, issue_gateway_credential, revoke_credential
from statusportal.credentials.models import DeviceCredential
from statusportal.credentials.queries import credentials_of
from statusportal.credentials.recognising import machine_of_token
from statusportal.custody.granting import grant_access, revoke_grant
from statusportal.custody.queries import grants_of
from statusportal.custody.transferring import transfer_device
from statusportal.fleet.errors import PeriodsOverlap, SerialTaken
from statusportal.fleet.models import AccessGrant, Device
from statusportal.fleet.queries import devices_by_serial, ownerships_at, ownerships_of, rights_on
from statusportal.fleet.service import DeviceWords, add_ownership, create_device, rename_device
from statusportal.foundation.errors import Forbidden, Invalid, NotFound
from statusportal.foundation.paging import Slice
from tests.factories.accounts import make_actor, make_organisation, make_staff_actor
from tests.factories.fleet import (
    device_token,
    gateway_token,
    make_device,
    make_grant,
    make_model,
    make_transfer,
    present_ownership_of,
)

HOUR = timedelta(hours=1)


def machine(works, secret):
    with works.reading(SYSTEM) as work:
        return machine_of_token(work, secret)


def test_overlapping_times_are_refused(works, clock):
    alpha, beta = make_organisation(works), make_organisation(works)
    begun = clock.now()
    device = make_device(works, alpha, from_at=begun)
    wrong = [(begun, None), (begun + HOUR, begun + 2 * HOUR), (begun - HOUR, None), (begun - HOUR, begun + HOUR)]

    for from_at, to_at in wrong:
        with works.writing(SYSTEM) as work, pytest.raises(PeriodsOverlap):
            add_ownership(work, device.id, beta.id, from_at, to_at)
    with works.writing(SYSTEM) as work:
        add_ownership(work, device.id, beta.id, begun - HOUR, begun)
    with works.reading(SYSTEM) as work:
        assert [row.organisation_id for row in ownerships_of(work, device.id)] == [beta.id, alpha.id]


def test_transfer_ends_one_time_where_the_next_begins(works, clock):
    seller, buyer = make_organisation(works), make_organisation(works)
    device = make_device(works, seller, name="Our darling", site="Hall 1")
    sold_at = clock.now() + HOUR

    with works.writing(SYSTEM) as work:
        transfer_device(work, device.id, buyer.id, sold_at)

    with works.reading(SYSTEM) as work:
        times = [(row.organisation_id, row.to_at) for row in ownerships_of(work, device.id)]
        before = ownerships_at(work, [device.id], sold_at - timedelta(milliseconds=1))
        after = ownerships_at(work, [device.id], sold_at)
        now = work.session.get_one(Device, device.id)
        assert (now.name, now.site, now.words_until) == ("Our darling", "Hall 1", sold_at)
    assert times == [(seller.id, sold_at), (buyer.id, None)]
    assert (before[device.id].organisation_id, after[device.id].organisation_id) == (seller.id, buyer.id)


def test_impossible_transfers_are_refused(works, clock):
    seller, buyer = make_organisation(works), make_organisation(works)
    device = make_device(works, seller, from_at=clock.now() - HOUR)

    with works.writing(SYSTEM) as work, pytest.raises(Invalid, match="/from"):
        transfer_device(work, device.id, buyer.id, clock.now() - timedelta(minutes=1))
    with works.writing(SYSTEM) as work, pytest.raises(Invalid, match="/organisation"):
        transfer_device(work, device.id, seller.id)
    with works.writing(make_actor(works, seller, MemberRole.CUSTOMER_ADMIN)) as work, pytest.raises(Forbidden):
        transfer_device(work, device.id, buyer.id)
    with works.writing(make_actor(works, buyer, MemberRole.CUSTOMER_ADMIN)) as work, pytest.raises(NotFound):
        transfer_device(work, device.id, buyer.id)


def test_serial_is_unique_within_its_model(works):
    alpha, model = make_organisation(works), make_model(works)
    make_device(works, alpha, "A-1", model)
    make_device(works, alpha, "A-1")

    with works.writing(SYSTEM) as work, pytest.raises(SerialTaken):
        create_device(work, alpha.id, model.id, " A-1 ")


def test_bad_words_of_a_device_are_all_named(works):
    alpha, model = make_organisation(works), make_model(works)

    with works.writing(SYSTEM) as work, pytest.raises(Invalid) as caught:
        create_device(work, alpha.id, model.id, " ", "two\nlines", "x" * 201)

    assert [error.pointer for error in caught.value.errors] == ["/serial", "/name", "/site"]


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (MemberRole.CUSTOMER, False),
        (MemberRole.CUSTOMER_ADMIN, True),
        (StaffRole.ENGINEER, True),
        (StaffRole.PRODUCT, False),
    ],
)
def test_device_is_renamed_by_who_may(works, role, may):
    alpha = make_organisation(works)
    device = make_device(works, alpha, name="Old")
    actor = make_actor(works, alpha, role) if isinstance(role, MemberRole) else make_staff_actor(works, role)

    with works.writing(actor) as work:
        if may:
            rename_device(work, device.id, DeviceWords(name="New", site="Hall 2"))
        else:
            with pytest.raises(Forbidden) as caught:
                rename_device(work, device.id, DeviceWords(name="New"))
            assert caught.value.permission == Permission.DEVICE_RENAME

    with works.reading(SYSTEM) as work:
        assert work.session.get_one(Device, device.id).name == ("New" if may else "Old")


def test_seller_and_guest_rename_nothing(works, clock):
    seller, buyer, guest = make_organisation(works), make_organisation(works), make_organisation(works)
    device = make_device(works, seller)
    clock.move(HOUR)
    make_transfer(works, device, buyer)
    make_grant(works, device, guest, Right.VIEW | Right.COMMENT)

    for organisation in (seller, guest):
        actor = make_actor(works, organisation, MemberRole.CUSTOMER_ADMIN)
        with works.writing(actor) as work, pytest.raises(Forbidden):
            rename_device(work, device.id, DeviceWords(name="Mine"))


def test_grant_always_lets_look_and_names_its_rights(works):
    owner, guest = make_organisation(works), make_organisation(works)
    device = make_device(works, owner)
    giver = make_actor(works, owner, MemberRole.CUSTOMER_ADMIN)

    with works.writing(giver) as work:
        grant_access(work, device.id, guest, Right.COMMENT)

    with works.reading(make_actor(works, guest)) as work:
        assert rights_on(work, device.id, work.now, owner.id) == Right.VIEW | Right.COMMENT
        assert grants_of(work, device.id, Slice()).items == []
    with works.reading(giver) as work:
        assert [row.to_organisation_id for row in grants_of(work, device.id, Slice()).items] == [guest.id]


def test_grant_is_given_and_taken_by_the_owner_alone(works, clock):
    owner, guest = make_organisation(works), make_organisation(works)
    device = make_device(works, owner)
    grant = make_grant(works, device, guest)
    guest_admin = make_actor(works, guest, MemberRole.CUSTOMER_ADMIN)

    with works.writing(guest_admin) as work, pytest.raises(Forbidden):
        grant_access(work, device.id, guest, Right.VIEW)
    with works.writing(guest_admin) as work, pytest.raises(NotFound):
        revoke_grant(work, grant.id)
    with works.writing(make_actor(works, owner)) as work, pytest.raises(Forbidden):
        revoke_grant(work, grant.id)
    with works.writing(make_actor(works, owner, MemberRole.CUSTOMER_ADMIN)) as work:
        revoke_grant(work, grant.id)
    with works.reading(SYSTEM) as work:
        assert work.session.scalars(select(AccessGrant.revoked_at)).all() == [clock.now()]


def test_seller_hands_over_the_history_of_their_own_time_and_no_other(works, clock):
    seller, buyer = make_organisation(works), make_organisation(works)
    device = make_device(works, seller)
    begun = clock.now()
    clock.move(HOUR)
    make_transfer(works, device, buyer)
    clock.move(HOUR)
    giver = make_actor(works, seller, MemberRole.CUSTOMER_ADMIN)

    with works.writing(giver) as work:
        grant_access(work, device.id, buyer, Right.VIEW, from_at=begun)
    with works.writing(giver) as work, pytest.raises(Invalid, match="/from"):
        grant_access(work, device.id, buyer, Right.VIEW)

    with works.reading(make_actor(works, buyer)) as work:
        assert rights_on(work, device.id, begun, seller.id) == Right.VIEW


def test_token_is_kept_as_a_digest_and_shown_once(works):
    device = make_device(works, make_organisation(works))

    secret = device_token(works, device)

    assert secret.startswith("spd_")
    with works.reading(SYSTEM) as work:
        row = work.session.scalars(select(DeviceCredential)).one()
        kept = work.session.execute(text("SELECT * FROM device_credential")).one()
    assert secret not in " ".join(str(value) for value in kept)
    assert machine(works, secret).credential_id == row.id
    assert machine(works, row.secret_digest) is None


def test_token_of_a_device_dies_with_the_sale_and_a_gateway_loses_its_reach(works, clock):
    seller, buyer = make_organisation(works), make_organisation(works)
    device = make_device(works, seller, "A-1")
    kept = make_device(works, seller, "A-2")
    of_device, of_gateway = device_token(works, device), gateway_token(works, seller)
    clock.move(HOUR)

    make_transfer(works, device, buyer)

    assert machine(works, of_device) is None
    assert machine(works, of_gateway).organisation_id == seller.id
    with works.reading(SYSTEM) as work:
        assert {serial: row.id for serial, row in devices_by_serial(work, seller.id, ["A-1", "A-2"]).items()} == {
            "A-2": kept.id
        }


def test_revoked_token_opens_nothing(works):
    alpha, beta = make_organisation(works), make_organisation(works)
    device = make_device(works, alpha)
    with works.writing(make_actor(works, alpha, MemberRole.CUSTOMER_ADMIN)) as work:
        row, secret = issue_device_credential(work, device.id)
    assert machine(works, secret).device_id == device.id

    with works.writing(make_actor(works, beta, MemberRole.CUSTOMER_ADMIN)) as work, pytest.raises(NotFound):
        revoke_credential(work, row.id)
    with works.writing(make_actor(works, alpha)) as work, pytest.raises(Forbidden):
        revoke_credential(work, row.id)
    assert machine(works, secret) is not None
    with works.writing(make_actor(works, alpha, MemberRole.CUSTOMER_ADMIN)) as work:
        revoke_credential(work, row.id)

    assert machine(works, secret) is None
    with works.reading(make_actor(works, alpha, MemberRole.CUSTOMER_ADMIN)) as work:
        assert credentials_of(work, alpha.id) == []


def test_kept_token_is_checked_and_never_shared(works):
    alpha, beta = make_organisation(works), make_organisation(works)
    with works.writing(SYSTEM) as work:
        issue_gateway_credential(work, alpha.id, secret="A1_OLD_TOKEN")

    with works.writing(SYSTEM) as work, pytest.raises(SecretTaken):
        issue_gateway_credential(work, beta.id, secret="A1_OLD_TOKEN")
    for wrong in ("short", "with blank inside", "x" * 201, "spp_looks-like-a-person"):
        with works.writing(SYSTEM) as work, pytest.raises(Invalid, match="/secret"):
            issue_gateway_credential(work, beta.id, secret=wrong)


def test_ownership_is_whose_it_was_when_asked_at_a_moment(works, clock):
    alpha = make_organisation(works)
    device = make_device(works, alpha, from_at=clock.now())

    assert present_ownership_of(works, device).organisation_id == alpha.id
    with works.reading(SYSTEM) as work:
        assert ownerships_at(work, [device.id], clock.now() - HOUR) == {}
