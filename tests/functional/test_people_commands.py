"""Inviting, and helping somebody to a new password, on the command line."""

import json

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from statusportal.access.actor import SYSTEM
from statusportal.accounts.inviting import accept_invitation
from statusportal.accounts.models import Membership
from statusportal.cli import main
from statusportal.db.outbox import OutboxMessage
from statusportal.foundation.clock import SystemClock
from statusportal.identity.actors import actor_of_session
from statusportal.identity.signing_in import prove_password, sign_in
from statusportal.passwords.choosing import prepare_password
from statusportal.passwords.resetting import prepare_reset, reset_password
from tests.factories.accounts import PASSWORD, make_organisation, make_person

NEW = "a quite new walk by the sea"


@pytest.fixture
def works(works):
    """The portal on the real clock, as the commands have it."""
    works.clock = SystemClock()
    return works


@pytest.fixture
def run(settings, monkeypatch):
    """Run one command on the test's database, and give its exit status, and what it printed."""
    monkeypatch.setenv("STATUSPORTAL_INSTANCE_DIR", settings.instance_dir)
    monkeypatch.setenv("STATUSPORTAL_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("STATUSPORTAL_DATABASE_OWNER_URL", settings.database_owner_url)

    def invoke(*arguments):
        done = CliRunner().invoke(main, list(arguments), catch_exceptions=False)
        return done.exit_code, done.stdout

    return invoke


def joins(works, link):
    secret = link.rpartition("/")[2]
    with works.reading(SYSTEM) as work:
        prepared = prepare_password(work, secret, "Jens", NEW)
    with works.writing(SYSTEM) as work:
        return accept_invitation(work, secret, "Jens", prepared)


def test_invitation_is_made_sent_again_and_withdrawn(run, works):
    alpha = make_organisation(works, "alpha")
    wish = ("--organisation", "alpha", "--role", "customer_admin", "--json")

    made = json.loads(run("invitation", "create", "--email", "Jens@Example.com", *wish)[1])
    other = json.loads(run("invitation", "create", "--email", "ida@example.com", *wish)[1])
    again = json.loads(run("invitation", "resend", made["id"], "--json")[1])
    run("invitation", "withdraw", other["id"])
    waiting = json.loads(run("invitation", "list", "--json")[1])["items"]
    person = joins(works, again["link"])

    assert [(one["email"], one["organisation"], one["role"]) for one in waiting] == [
        ("jens@example.com", "Alpha", "customer_admin")
    ]
    assert again["link"].startswith("http://127.0.0.1:8000/invitations/spi_")
    with works.reading(SYSTEM) as work:
        assert work.session.scalars(select(Membership.role).where(Membership.person_id == person.id)).all() == [
            "customer_admin"
        ]
        assert work.session.get_one(Membership, (alpha.id, person.id))


@pytest.mark.parametrize(
    "wish", [(), ("--role", "customer"), ("--organisation", "alpha"), ("--role", "customer", "--staff", "admin")]
)
def test_invitation_without_one_way_in_is_a_wrong_command(run, wish):
    assert run("invitation", "create", "--email", "x@example.com", *wish)[0] == 2


def test_link_for_a_new_password_is_printed_once_and_works_once(run, works):
    ann = make_person(works, make_organisation(works, "alpha"), email="ann@example.com", password=PASSWORD)

    status, printed = run("user", "reset", "--email", "ann@example.com")
    secret = printed.strip().rpartition("/")[2]
    with works.reading(SYSTEM) as work:
        prepared = prepare_reset(work, secret, NEW)
    with works.writing(SYSTEM) as work:
        reset_password(work, secret, prepared)

    assert (status, printed.startswith("http://127.0.0.1:8000/reset/spw_")) == (0, True)
    with works.reading(SYSTEM) as work:
        assert prove_password(work, "ann@example.com", NEW, "127.0.0.1").person_id == ann.id


def test_letter_is_left_to_the_running_portal(run, works, monkeypatch):
    make_person(works, make_organisation(works, "alpha"), email="ann@example.com", password=PASSWORD)
    monkeypatch.setenv("STATUSPORTAL_SMTP_URL", "smtp://127.0.0.1:1")
    monkeypatch.setenv("STATUSPORTAL_MAIL_FROM", "portal@example.com")
    monkeypatch.setenv("STATUSPORTAL_PUBLIC_URL", "https://portal.example")

    status, printed = run("user", "reset", "--email", "ann@example.com", "--json")

    assert (status, json.loads(printed)["link"]) == (0, None)
    with works.reading(SYSTEM) as work:
        waiting = work.session.scalars(select(OutboxMessage.listener)).all()
    assert waiting == ["letters.password_reset"]


def test_everybody_elses_sessions_stay_when_one_is_signed_out(run, works):
    people = [make_person(works, email=f"{name}@example.com", password=PASSWORD) for name in ("ann", "bo")]
    with works.writing(SYSTEM) as work:
        secrets = [sign_in(work, one.email, PASSWORD, "Browser", "127.0.0.1")[1] for one in people]

    status, printed = run("user", "sign-out", "--email", "ann@example.com", "--json")

    assert (status, json.loads(printed)["ended"]) == (0, 1)
    with works.reading(SYSTEM) as work:
        assert [actor_of_session(work, one) is not None for one in secrets] == [False, True]


def test_nobody_by_that_address_is_said(run):
    assert [run("user", one, "--email", "x@example.com")[0] for one in ("reset", "sign-out")] == [1, 1]
