"""The log holds who did what by ids and codes, and only administrators read it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.accounts.inviting import accept_invitation, invite_person
from statusportal.app import create_app
from statusportal.audit.models import AuditRecord
from statusportal.audit.queries import AuditFilters, audit_page
from statusportal.credentials.issuing import revoke_credential
from statusportal.credentials.models import DeviceCredential
from statusportal.foundation.errors import Forbidden
from statusportal.foundation.paging import Slice
from statusportal.identity.errors import SignInRefused
from statusportal.identity.signing_in import end_all_sign_ins, record_refused_sign_in, sign_in
from statusportal.passwords.choosing import prepare_password
from tests.factories.accounts import (
    PASSWORD,
    actor_for,
    make_actor,
    make_organisation,
    make_person,
    make_staff_actor,
)
from tests.factories.fleet import (
    device_token,
    end_grant,
    make_device,
    make_grant,
    make_limit,
    make_model,
    make_transfer,
)

ANN = "ann.holm@example.com"
WORDS = (ANN, "Holm", PASSWORD, "SN-SECRET", "Hall 7")
EXPECTED = {
    "organisation.created",
    "person.created",
    "member.set",
    "invitation.made",
    "invitation.accepted",
    "sign_in.refused",
    "sign_in.began",
    "sign_in.ended",
    "model.created",
    "model.signal_declared",
    "model.limit_set",
    "device.created",
    "ownership.added",
    "credential.issued",
    "credential.revoked",
    "grant.made",
    "grant.revoked",
    "device.transferred",
}


def acts(works, **filters):
    with works.reading(make_staff_actor(works, StaffRole.ADMIN)) as work:
        return [row.act for row in audit_page(work, Slice(200), AuditFilters(**filters)).items]


def test_every_act_that_matters_is_logged_without_a_word(works, clock):
    alpha, beta = make_organisation(works, "alpha"), make_organisation(works, "beta")
    with works.writing(make_actor(works, alpha, MemberRole.CUSTOMER_ADMIN)) as work:
        secret = invite_person(work, alpha.id, ANN, "Ann Holm", MemberRole.CUSTOMER)[1]
    with works.writing(SYSTEM) as work:
        person = accept_invitation(work, secret, "", prepare_password(work, secret, "", PASSWORD))
    with works.reading(SYSTEM) as work, pytest.raises(SignInRefused) as refused:
        sign_in(work, ANN, "wrong password, this", "", "127.0.0.1")
    with works.writing(SYSTEM) as work:
        record_refused_sign_in(work, refused.value)
        sign_in(work, ANN, PASSWORD, "", "127.0.0.1")
    with works.writing(actor_for(works, person)) as work:
        end_all_sign_ins(work)
    model = make_model(works)
    make_limit(works, model)
    device = make_device(works, alpha, "SN-SECRET", model, site="Hall 7")
    token = device_token(works, device)
    end_grant(works, make_grant(works, device, beta))
    with works.writing(SYSTEM) as work:
        revoke_credential(work, work.session.scalars(select(DeviceCredential.id)).one())
    clock.move(timedelta(hours=1))
    make_transfer(works, device, beta)

    found = set(acts(works))

    assert found == EXPECTED
    with works.reading(SYSTEM) as work:
        rows = work.session.scalars(select(AuditRecord)).all()
        written = " ".join(f"{row.act} {row.subject_id} {row.codes}" for row in rows)
    assert [word for word in (*WORDS, secret, token) if word in written] == []


def test_log_is_read_by_administrators_alone(works):
    alpha = make_organisation(works)
    readers = [make_actor(works, alpha, MemberRole.CUSTOMER_ADMIN)]
    readers += [make_staff_actor(works, role) for role in StaffRole if role is not StaffRole.ADMIN]

    for reader in readers:
        with works.reading(reader) as work, pytest.raises(Forbidden):
            audit_page(work, Slice())
    assert "organisation.created" in acts(works)


def test_log_is_narrowed_and_paged_newest_first(works, clock):
    alpha, beta = make_organisation(works), make_organisation(works)
    begun = clock.now()
    clock.move(timedelta(hours=1))
    make_device(works, alpha)
    make_device(works, beta)

    assert acts(works, organisation_id=beta.id, since=begun + timedelta(minutes=1)) == [
        "device.created",
        "ownership.added",
    ]
    assert acts(works, act="organisation.", until=begun + timedelta(minutes=1)) == ["organisation.created"] * 2
    assert acts(works, act="%") == []
    with works.reading(make_staff_actor(works, StaffRole.ADMIN)) as work:
        whole = [row.id for row in audit_page(work, Slice(200)).items]
        first = audit_page(work, Slice(3))
        second = audit_page(work, Slice(200, first.next_cursor))
    assert [row.id for row in (*first.items, *second.items)] == whole


def test_refused_act_and_refused_sign_in_leave_a_row_of_their_own(works, settings):
    alpha = make_organisation(works)
    ann = make_person(works, alpha, email=ANN, password=PASSWORD)
    client = create_app(settings, works).test_client()

    for email in (ANN, "nobody@example.com"):
        client.post("/api/v1/session", json={"email": email, "password": "wrong password, this"})

    with works.reading(SYSTEM) as work:
        rows = work.session.scalars(select(AuditRecord).where(AuditRecord.act == "sign_in.refused")).all()
    assert {row.subject_id for row in rows} == {str(ann.id), "unknown"}
