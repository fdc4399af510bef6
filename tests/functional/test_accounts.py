"""People come by invitation, belong to organisations, and can be shut out."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from statusportal.access.actor import ANONYMOUS, SYSTEM
from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.accounts.errors import AddressTaken, InvitationSpent, SignInFirst, SlugTaken
from statusportal.accounts.inviting import (
    accept_invitation,
    invite_person,
    invite_staff,
    join_by_invitation,
    revoke_invitation,
)
from statusportal.accounts.models import Invitation, Membership, Person
from statusportal.accounts.queries import members_of, open_invitation, organisation_for, organisations_page, person_for
from statusportal.accounts.service import (
    add_member,
    change_staff_role,
    choose_preferences,
    create_organisation,
    create_person,
    disable_person,
    enable_person,
    remove_member,
)
from statusportal.accounts.vocabulary import OrganisationKind
from statusportal.foundation.errors import Conflict, Forbidden, Invalid, NotFound
from statusportal.foundation.paging import Slice
from statusportal.identity.actors import actor_of_person, actor_of_session, actor_of_token
from statusportal.identity.errors import SignInRefused
from statusportal.identity.issuing import issue_personal_token
from statusportal.identity.signing_in import sign_in
from statusportal.passwords.choosing import prepare_password
from tests.factories.accounts import (
    PASSWORD,
    actor_for,
    make_actor,
    make_organisation,
    make_person,
    make_staff_actor,
)

ANN = "ann@example.com"


def invited(works, organisation, email=ANN, role=MemberRole.CUSTOMER):
    with works.writing(make_actor(works, organisation, MemberRole.CUSTOMER_ADMIN)) as work:
        return invite_person(work, organisation.id, email, "Ann", role)


def accepted(works, secret):
    with works.writing(SYSTEM) as work:
        return accept_invitation(work, secret, "Ann Holm", prepare_password(work, secret, "Ann Holm", PASSWORD))


def signed_in(works):
    with works.writing(SYSTEM) as work:
        return sign_in(work, ANN, PASSWORD, "Browser", "127.0.0.1")


def test_invited_person_joins_once_with_the_role_that_was_meant(works):
    alpha = make_organisation(works, "alpha")
    row, secret = invited(works, alpha, role=MemberRole.CUSTOMER_ADMIN)

    person = accepted(works, secret)

    assert (person.email, person.name, person.staff_role) == (ANN, "Ann Holm", None)
    assert actor_for(works, person).memberships == {alpha.id: MemberRole.CUSTOMER_ADMIN}
    with pytest.raises(InvitationSpent):
        accepted(works, secret)
    with works.reading(SYSTEM) as work:
        kept = work.session.execute(text("SELECT * FROM invitation")).one()
        assert work.session.get_one(Invitation, row.id).accepted_at == works.clock.now()
    assert secret not in " ".join(str(value) for value in kept)


@pytest.mark.parametrize("end", ["expired", "revoked", "unknown"])
def test_invitation_that_ended_opens_nothing(works, clock, settings, end):
    alpha = make_organisation(works)
    row, secret = invited(works, alpha)
    if end == "expired":
        clock.move(timedelta(days=settings.invitation_days))
    elif end == "revoked":
        with works.writing(make_actor(works, alpha, MemberRole.CUSTOMER_ADMIN)) as work:
            revoke_invitation(work, row.id)
    else:
        secret += "x"

    with pytest.raises(InvitationSpent):
        accepted(works, secret)
    with works.reading(SYSTEM) as work:
        assert open_invitation(work, secret) is None
        assert work.session.scalar(select(Person).where(Person.email == ANN)) is None


def test_known_address_joins_only_when_its_owner_is_signed_in(works):
    alpha, beta = make_organisation(works), make_organisation(works)
    ann = make_person(works, beta, email=ANN)
    other = make_person(works, beta)
    secret = invited(works, alpha, email="ANN@example.com")[1]

    with pytest.raises(SignInFirst):
        accepted(works, secret)
    with works.writing(SYSTEM) as work, pytest.raises(Forbidden):
        join_by_invitation(work, secret, other.id)
    with works.writing(SYSTEM) as work:
        join_by_invitation(work, secret, ann.id)

    assert set(actor_for(works, ann).memberships) == {alpha.id, beta.id}
    assert set(actor_for(works, other).memberships) == {beta.id}


def test_invitations_are_made_and_seen_by_who_may(works):
    alpha, beta = make_organisation(works), make_organisation(works)
    make_organisation(works, "operator", OrganisationKind.OPERATOR)
    foreign_admin = make_actor(works, beta, MemberRole.CUSTOMER_ADMIN)
    row, secret = invited(works, alpha)

    with works.writing(foreign_admin) as work, pytest.raises(NotFound):
        invite_person(work, alpha.id, "x@example.com", "X", MemberRole.CUSTOMER)
    with works.writing(foreign_admin) as work, pytest.raises(NotFound):
        revoke_invitation(work, row.id)
    with works.writing(make_actor(works, alpha)) as work, pytest.raises(Forbidden):
        invite_person(work, alpha.id, "x@example.com", "X", MemberRole.CUSTOMER)
    with works.writing(make_staff_actor(works, StaffRole.SUPPORT)) as work, pytest.raises(Forbidden):
        invite_staff(work, "x@example.com", "X", StaffRole.ADMIN)
    with works.reading(foreign_admin) as work:
        assert open_invitation(work, secret) is None or works.engine.dialect.name == "sqlite"


def test_invited_staff_get_their_role(works):
    make_organisation(works, "operator", OrganisationKind.OPERATOR)
    with works.writing(make_staff_actor(works, StaffRole.ADMIN)) as work:
        secret = invite_staff(work, ANN, "Ann", StaffRole.ENGINEER)[1]

    assert actor_for(works, accepted(works, secret)).staff_role is StaffRole.ENGINEER


def test_bad_invitation_names_every_field(works):
    alpha = make_organisation(works)

    with works.writing(SYSTEM) as work, pytest.raises(Invalid) as caught:
        invite_person(work, alpha.id, "not an address", "", MemberRole.CUSTOMER)

    assert [error.pointer for error in caught.value.errors] == ["/email", "/name"]


def test_weak_password_leaves_the_invitation_open(works):
    secret = invited(works, make_organisation(works))[1]

    with pytest.raises(Invalid, match="/password"), works.reading(SYSTEM) as work:
        prepare_password(work, secret, "Ann", "short")

    assert accepted(works, secret).email == ANN


def test_taken_names_are_refused(works):
    make_organisation(works, "alpha")
    make_person(works, email=ANN)

    with works.writing(SYSTEM) as work, pytest.raises(SlugTaken):
        create_organisation(work, "alpha", "Again")
    with works.writing(SYSTEM) as work, pytest.raises(AddressTaken):
        create_person(work, "ANN@EXAMPLE.COM", "Ann")


def test_there_is_one_operator(works):
    make_organisation(works, "operator", OrganisationKind.OPERATOR)

    with works.writing(SYSTEM) as work, pytest.raises(Conflict):
        create_organisation(work, "second", "Second", OrganisationKind.OPERATOR)


def test_organisations_and_people_are_seen_by_their_own(works):
    alpha, beta = make_organisation(works, "alpha"), make_organisation(works, "beta")
    ann = make_person(works, alpha, name="Ann")
    bo = make_person(works, beta, name="Bo")
    actor = actor_for(works, ann)

    with works.reading(actor) as work:
        assert [row.slug for row in organisations_page(work, Slice()).items] == ["alpha"]
        assert [member.name for member in members_of(work, alpha.id)] == ["Ann"]
        for look in (organisation_for, members_of):
            with pytest.raises(NotFound):
                look(work, beta.id)
        with pytest.raises(NotFound):
            person_for(work, bo.id)
    with works.reading(make_staff_actor(works)) as work:
        assert [row.slug for row in organisations_page(work, Slice()).items] == ["alpha", "beta"]
        assert person_for(work, bo.id).name == "Bo"


def test_membership_is_changed_by_its_own_administrator_alone(works):
    alpha, beta = make_organisation(works), make_organisation(works)
    ann = make_person(works, alpha)
    own, foreign = (make_actor(works, one, MemberRole.CUSTOMER_ADMIN) for one in (alpha, beta))

    with works.writing(foreign) as work, pytest.raises(NotFound):
        add_member(work, beta.id, ann.id, MemberRole.CUSTOMER)
    with works.writing(foreign) as work, pytest.raises(NotFound):
        remove_member(work, alpha.id, ann.id)
    with works.writing(own) as work:
        add_member(work, alpha.id, ann.id, MemberRole.CUSTOMER_ADMIN)
    assert actor_for(works, ann).memberships == {alpha.id: MemberRole.CUSTOMER_ADMIN}
    with works.writing(own) as work:
        remove_member(work, alpha.id, ann.id)
    with works.reading(SYSTEM) as work:
        assert work.session.get(Membership, (alpha.id, ann.id)) is None


def test_disabled_person_is_out_at_once_and_everywhere(works):
    ann = make_person(works, email=ANN, password=PASSWORD)
    cookie = signed_in(works)[1]
    with works.writing(actor_for(works, ann)) as work:
        token = issue_personal_token(work, "script", [], None)[1]
    admin = make_staff_actor(works, StaffRole.ADMIN)

    with works.writing(admin) as work:
        disable_person(work, ann.id)

    with works.reading(SYSTEM) as work:
        assert [actor_of_session(work, cookie), actor_of_token(work, token), actor_of_person(work, ann.id)] == [
            None
        ] * 3
    with pytest.raises(SignInRefused):
        signed_in(works)
    with works.writing(admin) as work:
        enable_person(work, ann.id)
    with works.reading(SYSTEM) as work:
        assert actor_of_session(work, cookie) is None
    assert signed_in(works)[0].person_id == ann.id


def test_administrator_cannot_lock_themselves_out(works):
    admin = make_staff_actor(works, StaffRole.ADMIN)

    with works.writing(admin) as work, pytest.raises(Conflict):
        disable_person(work, admin.person_id)
    with works.writing(admin) as work, pytest.raises(Conflict):
        change_staff_role(work, admin.person_id, None)
    with works.writing(make_staff_actor(works, StaffRole.SUPPORT)) as work, pytest.raises(Forbidden):
        change_staff_role(work, admin.person_id, None)


def test_preferences_change_only_what_is_named(works):
    ann = make_person(works, email=ANN)
    with works.writing(actor_for(works, ann)) as work:
        choose_preferences(work, theme="dark", time_zone="America/New_York")
        row = choose_preferences(work, locale="da")

        assert (row.theme, row.locale, row.time_zone) == ("dark", "da", "America/New_York")
        assert choose_preferences(work, time_zone="").time_zone is None
        with pytest.raises(Invalid) as caught:
            choose_preferences(work, locale="xx", theme="pink", time_zone="Moon/Base")
    assert [error.pointer for error in caught.value.errors] == ["/locale", "/theme", "/time_zone"]


def test_nobody_without_an_account_may_do_anything(works):
    alpha = make_organisation(works)

    with works.writing(ANONYMOUS) as work:
        for refused in (
            lambda: create_organisation(work, "x", "X"),
            lambda: create_person(work, "x@example.com", "X"),
            lambda: disable_person(work, alpha.id),
        ):
            with pytest.raises(Forbidden):
                refused()
