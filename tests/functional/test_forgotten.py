"""Somebody forgot their password: a letter by a real mail server, a link that works once, nothing told to others."""

import statistics
import time
from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import select

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.accounts.service import add_member
from statusportal.accounts.vocabulary import OrganisationKind
from statusportal.app import create_app
from statusportal.db.outbox import OutboxMessage
from statusportal.identity.actors import actor_of_session
from statusportal.identity.signing_in import sign_in
from statusportal.jobs.delivery import deliver_once
from statusportal.jobs.sweeping import sweep_round
from statusportal.notifications.telling import PASSWORD as CHANGED
from statusportal.notifications.telling import RESET
from statusportal.passwords.models import PasswordReset
from tests.factories.accounts import PASSWORD, make_organisation, make_person, make_staff
from tests.factories.browsing import Browser, browser_of, shown_secret, words
from tests.factories.doors import token_of
from tests.factories.letters import app_of, link_in, with_letters
from tests.factories.steady import bodies
from tests.servers.mail import MailServer

NEW = "a quite new walk by the sea"
OTHER = "yet another walk by the sea"


@pytest.fixture
def mail():
    with MailServer() as server:
        yield server


@pytest.fixture
def works(works, mail):
    """The portal, with a mail server and a public address."""
    return with_letters(works, mail, sign_in_tries_per_minute=0)


@pytest.fixture
def app(works):
    return app_of(works)


@pytest.fixture
def alpha(works):
    return make_organisation(works, "alpha")


@pytest.fixture
def mette(works, alpha):
    return make_person(works, alpha, password=PASSWORD, email="mette@alpha.example", name="Mette Kragh")


def ask(app, works, email):
    answer = Browser(app).send("/forgotten", "/forgotten", email=email)
    deliver_once(works, RESET)
    return answer


def enters(app, person, password):
    answer = app.test_client().post("/api/v1/session", json={"email": person.email, "password": password})
    return answer.status_code == 204


def test_letter_leads_to_a_new_password_and_ends_every_session_and_token(app, works, mail, mette):
    with works.writing(SYSTEM) as work:
        _, elsewhere = sign_in(work, mette.email, PASSWORD, "Browser", "127.0.0.1")
    token = token_of(works, mette)

    ask(app, works, " METTE@alpha.example ")
    (message,), (to,) = mail.messages, mail.recipients
    browser = Browser(app)
    opened = browser.get(link_in(message))
    changed = browser.send("/reset", "/reset", new=NEW, again=NEW)

    assert (to, str(message["To"])) == (["mette@alpha.example"], "mette@alpha.example")
    assert (opened.status_code, opened.location) == (303, "/reset")
    assert (changed.status_code, changed.location) == (303, "/sign-in")
    assert (enters(app, mette, PASSWORD), enters(app, mette, NEW)) == (False, True)
    with works.reading(SYSTEM) as work:
        assert actor_of_session(work, elsewhere) is None
    assert app.test_client().get("/api/v1/devices", headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_link_works_once_and_for_an_hour(app, works, clock, mail, mette):
    ask(app, works, mette.email)
    ask(app, works, mette.email)
    first, second = map(link_in, mail.messages)
    browser, late = Browser(app), Browser(app)
    browser.get(first)
    late.get(second)

    browser.send("/reset", "/reset", new=NEW, again=NEW)
    again = [
        one.send("/reset", "/forgotten", new="yet another walk", again="yet another walk") for one in (browser, late)
    ]
    dead = [Browser(app).get(link).status_code for link in (first, second, "/reset/spw_never-was")]
    ask(app, works, mette.email)
    clock.move(timedelta(minutes=60))

    assert [one.status_code for one in again] == [404, 404]
    assert dead == [404] * 3
    assert Browser(app).get(link_in(mail.messages[2])).status_code == 404
    assert enters(app, mette, NEW)


def test_secret_leaves_the_address_at_once_and_is_kept_nowhere(app, works, mail, mette):
    ask(app, works, mette.email)
    link = link_in(mail.messages[0])
    secret = link.rpartition("/")[2]

    opened = Browser(app).get(link)
    cookie = opened.headers["Set-Cookie"]

    assert secret not in opened.location
    assert opened.headers["Referrer-Policy"] == "no-referrer"
    assert ("HttpOnly" in cookie, "SameSite=Lax" in cookie, secret in cookie) == (True, True, True)
    with works.reading(SYSTEM) as work:
        row = work.session.scalars(select(PasswordReset)).one()
        outbox = work.session.scalars(select(OutboxMessage.payload)).all()
    assert secret not in str([getattr(row, name) for name in ("email", "secret_digest")])
    assert "alpha.example" not in str(outbox)


def test_answer_tells_nobody_who_is_here(app, works, mail, mette):
    make_person(works, email="off@alpha.example", password=PASSWORD)

    known, unknown = (ask(app, works, email) for email in (mette.email, "nobody@alpha.example"))
    api = [
        app.test_client().post("/api/v1/forgotten", json={"email": email})
        for email in (mette.email, "nobody@alpha.example", "no address at all")
    ]

    assert len(bodies(known, unknown)) == 1
    assert (known.status_code, unknown.status_code, len(mail.messages)) == (200, 200, 1)
    assert {(one.status_code, one.data) for one in api} == {(202, b"")}
    with works.reading(SYSTEM) as work:
        emails = work.session.scalars(select(PasswordReset.email).where(PasswordReset.person_id.is_(None))).all()
    assert "nobody@alpha.example" in emails  # of the API's call, whose letter was not written yet


def test_answer_takes_the_same_time_for_everybody(app, works, mette):
    client = app.test_client()
    taken = {mette.email: [], "nobody@alpha.example": []}

    for _ in range(40):
        for email, times in taken.items():
            begun = time.perf_counter()
            client.post("/api/v1/forgotten", json={"email": email})
            times.append(time.perf_counter() - begun)

    known, unknown = (statistics.median(times) for times in taken.values())
    assert 1 / 3 < known / unknown < 3


def test_unknown_address_is_forgotten_with_its_letter(app, works, clock, mail):
    ask(app, works, "nobody@alpha.example")
    with works.reading(SYSTEM) as work:
        left = work.session.scalars(select(PasswordReset)).all()

    assert (left, mail.messages) == ([], [])


def test_old_rows_are_swept_away(app, works, clock, mette):
    ask(app, works, mette.email)
    clock.move(timedelta(days=2))

    sweep_round(works)

    with works.reading(SYSTEM) as work:
        assert work.session.scalars(select(PasswordReset)).all() == []


def test_nobody_fills_a_mailbox(app, works, clock, mail, mette):
    for _ in range(8):
        ask(app, works, mette.email)
    clock.move(timedelta(hours=1, seconds=1))
    ask(app, works, mette.email)

    assert len(mail.messages) == 6


def test_tries_are_limited_alike_for_known_and_unknown(app, works, mette):
    works.settings = msgspec.structs.replace(works.settings, sign_in_tries_per_minute=2)
    client = app.test_client()

    answers = {
        email: [client.post("/api/v1/forgotten", json={"email": email}).status_code for _ in range(3)]
        for email in (mette.email, "nobody@alpha.example")
    }

    assert answers == {mette.email: [202, 202, 429], "nobody@alpha.example": [202, 202, 429]}


def test_letter_that_could_not_leave_comes_later_with_another_secret(app, works, clock, mail, mette):
    mail.refuse = "451 later"
    ask(app, works, mette.email)
    with works.reading(SYSTEM) as work:
        first = work.session.scalars(select(PasswordReset.secret_digest)).one()
    mail.refuse = ""
    clock.move(timedelta(seconds=2))
    deliver_once(works, RESET)

    with works.reading(SYSTEM) as work:
        second = work.session.scalars(select(PasswordReset.secret_digest)).one()
    assert (len(mail.messages), first == second) == (1, False)
    assert Browser(app).get(link_in(mail.messages[0])).status_code == 303


def test_weak_and_unlike_passwords_are_told_at_their_fields(app, works, mail, mette):
    ask(app, works, mette.email)
    browser = Browser(app)
    browser.get(link_in(mail.messages[0]))

    unlike = browser.send("/reset", "/reset", new=NEW, again="something else")
    weak = browser.send("/reset", "/reset", new="mette-kragh-1", again="mette-kragh-1")
    right = browser.send("/reset", "/reset", new=NEW, again=NEW)

    assert (unlike.status_code, "The two are not the same." in words(unlike.text)) == (422, True)
    assert (weak.status_code, "not made of names" in words(weak.text)) == (422, True)
    assert right.status_code == 303


def test_owner_is_told_that_the_password_changed(app, works, mail, mette):
    ask(app, works, mette.email)
    browser = Browser(app)
    browser.get(link_in(mail.messages[0]))
    browser.send("/reset", "/reset", new=NEW, again=NEW)
    deliver_once(works, CHANGED)

    assert [str(one["Subject"]) for one in mail.messages] == ["Choose a new password", "Your password was changed"]


def test_programs_choose_a_password_with_the_secret(app, works, mail, mette):
    ask(app, works, mette.email)
    wish = {"secret": link_in(mail.messages[0]).rpartition("/")[2], "password": NEW}

    weak = app.test_client().post("/api/v1/reset", json={**wish, "password": "short"})
    right = app.test_client().post("/api/v1/reset", json=wish)
    again = app.test_client().post("/api/v1/reset", json=wish)

    assert (weak.status_code, weak.json["errors"][0]["pointer"]) == (422, "/password")
    assert (right.status_code, again.status_code, enters(app, mette, NEW)) == (204, 409, True)


def without_mail(works):
    works.settings = msgspec.structs.replace(works.settings, smtp_url="", public_url="")
    return create_app(works.settings, works)


def test_portal_without_mail_says_so_and_administrators_hand_links_over(works, alpha, mail, mette):
    app = without_mail(works)
    chief = make_person(works, alpha, MemberRole.CUSTOMER_ADMIN, password=PASSWORD)

    told = Browser(app).get("/forgotten").text
    page = browser_of(app, chief).send(f"/admin/people/{mette.id}/reset", f"/admin/people/{mette.id}")
    link = shown_secret(page.text)
    browser = Browser(app)
    browser.get(link)
    changed = browser.send("/reset", "/reset", new=NEW, again=NEW)

    assert "This portal sends no mail." in words(told)
    assert (page.status_code, changed.status_code, mail.messages) == (201, 303, [])
    assert enters(app, mette, NEW)


def test_nobody_becomes_more_than_they_look_after(works, alpha, mette):
    app, beta = without_mail(works), make_organisation(works, "beta")
    make_organisation(works, "operator", OrganisationKind.OPERATOR)
    chief = browser_of(app, make_person(works, alpha, MemberRole.CUSTOMER_ADMIN, password=PASSWORD))
    support = browser_of(app, make_person(works, password=PASSWORD, staff_role=StaffRole.SUPPORT))
    both, staff = make_person(works, alpha), make_staff(works, StaffRole.ENGINEER)
    stranger = make_person(works, beta)
    with works.writing(SYSTEM) as work:
        add_member(work, beta.id, both.id, MemberRole.CUSTOMER)

    def reset(browser, person):
        return browser.send(f"/admin/people/{person.id}/reset", "/admin/people").status_code

    assert [reset(chief, one) for one in (mette, both, staff, stranger)] == [201, 403, 404, 404]
    assert [reset(support, one) for one in (mette, both, staff)] == [201, 201, 403]
