"""Sessions, passwords and personal tokens end when they should, and are one's own."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from statusportal.access.actor import SYSTEM
from statusportal.foundation.errors import Invalid, NotFound
from statusportal.identity.actors import actor_of_session, actor_of_token, session_of
from statusportal.identity.errors import SignInRefused
from statusportal.identity.issuing import issue_personal_token, revoke_personal_token
from statusportal.identity.models import SignIn
from statusportal.identity.queries import my_sign_ins, my_tokens
from statusportal.identity.signing_in import end_sign_in, sign_in, touch_sign_in
from statusportal.passwords.choosing import change_password
from tests.factories.accounts import PASSWORD, actor_for, make_actor, make_organisation, make_person

ANN = "ann@example.com"


def signed_in(works):
    with works.writing(SYSTEM) as work:
        return sign_in(work, ANN, PASSWORD, "Browser\n1", "127.0.0.1")


def test_session_is_kept_as_a_digest_and_seen_once_a_minute(works, clock):
    make_person(works, email=ANN, password=PASSWORD)
    row, secret = signed_in(works)

    with works.reading(SYSTEM) as work:
        kept = work.session.execute(text("SELECT * FROM sign_in")).one()
        assert session_of(work, secret).is_touch_due is False
    clock.move(timedelta(minutes=1))
    with works.reading(SYSTEM) as work:
        assert session_of(work, secret).is_touch_due is True
    with works.writing(SYSTEM) as work:
        touch_sign_in(work, row.id)
    with works.reading(SYSTEM) as work:
        assert session_of(work, secret).is_touch_due is False
    assert secret not in " ".join(str(value) for value in kept)
    assert row.user_agent == "Browser1"


def test_changed_password_ends_the_other_sessions(works):
    make_person(works, email=ANN, password=PASSWORD)
    here, there = signed_in(works)[1], signed_in(works)[1]
    with works.reading(SYSTEM) as work:
        actor = actor_of_session(work, here)

    with works.writing(actor) as work, pytest.raises(Invalid, match="/old"):
        change_password(work, "not this one, no", "another long walk")
    with works.writing(actor) as work:
        change_password(work, PASSWORD, "another long walk")

    with works.reading(SYSTEM) as work:
        assert (actor_of_session(work, here) == actor, actor_of_session(work, there)) == (True, None)
    with pytest.raises(SignInRefused):
        signed_in(works)


def test_session_of_another_person_is_missing(works):
    make_person(works, email=ANN, password=PASSWORD)
    row = signed_in(works)[0]
    other = make_actor(works, make_organisation(works))

    with works.writing(other) as work, pytest.raises(NotFound):
        end_sign_in(work, row.id)
    with works.reading(other) as work:
        assert my_sign_ins(work) == []
    with works.reading(SYSTEM) as work:
        assert work.session.get_one(SignIn, row.id).ended_at is None


def test_personal_token_ends_when_it_should(works, clock):
    actor = actor_for(works, make_person(works, email=ANN))
    with works.writing(actor) as work:
        kept, first = issue_personal_token(work, "script", ["entry:publish"], clock.now() + timedelta(days=1))
        _, second = issue_personal_token(work, "other", [], None)
    with works.reading(SYSTEM) as work:
        assert actor_of_token(work, first).scopes == {"entry:publish"}
        assert actor_of_token(work, second).scopes is None
        stored = work.session.execute(text("SELECT * FROM personal_token")).all()
    assert first not in str(stored)
    with works.writing(make_actor(works, make_organisation(works))) as work, pytest.raises(NotFound):
        revoke_personal_token(work, kept.id)

    clock.move(timedelta(days=1))

    with works.reading(SYSTEM) as work:
        assert (actor_of_token(work, first), actor_of_token(work, second) is None) == (None, False)
    with works.reading(actor) as work:
        assert [row.name for row in my_tokens(work)] == ["other"]


def test_bad_token_wishes_are_all_named(works, clock):
    actor = actor_for(works, make_person(works))

    with works.writing(actor) as work, pytest.raises(Invalid) as caught:
        issue_personal_token(work, "", ["entry:publish", "everything"], clock.now())

    assert [error.pointer for error in caught.value.errors] == ["/name", "/scopes/1", "/expires_at"]
