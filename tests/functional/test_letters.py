"""Letters of invitation, of a sign-in with a browser never seen, and of a changed password, by a real mail server."""

from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import select

from statusportal.access.vocabulary import MemberRole
from statusportal.accounts.models import Invitation
from statusportal.app import create_app
from statusportal.config import SettingWrong, load_settings
from statusportal.db.outbox import OutboxMessage
from statusportal.jobs.delivery import deliver_once
from statusportal.notifications import telling
from statusportal.notifications.channels.opening import mail_of
from statusportal.wiring import LISTENERS
from tests.factories.accounts import PASSWORD, make_organisation, make_person
from tests.factories.browsing import Browser, actions, browser_of, words
from tests.factories.letters import app_of, link_in, with_letters
from tests.servers.mail import MailServer

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Safari/604.1"


@pytest.fixture
def mail():
    with MailServer() as server:
        yield server


@pytest.fixture
def works(works, mail):
    """The portal, with a mail server and a public address."""
    return with_letters(works, mail)


@pytest.fixture
def app(works):
    return app_of(works)


@pytest.fixture
def alpha(works):
    return make_organisation(works, "alpha")


@pytest.fixture
def chief(works, alpha):
    return make_person(works, alpha, MemberRole.CUSTOMER_ADMIN, password=PASSWORD, name="Mette Kragh")


def deliver(works):
    for name in LISTENERS:
        if name.startswith("letters."):
            deliver_once(works, name)


def subjects(mail):
    return [str(message["Subject"]) for message in mail.messages]


def invite(browser, alpha, email="jens@example.com"):
    wish = {"email": email, "name": "Jens", "organisation": str(alpha.id), "role": "customer"}
    return browser.send("/admin/people/invitations", "/admin/people", **wish)


def test_invited_person_comes_in_by_the_letter_alone(app, works, mail, alpha, chief):
    browser = browser_of(app, chief)

    page = invite(browser, alpha)
    deliver(works)
    jens = Browser(app)
    opened = jens.get(link_in(mail.messages[0]))
    joined = jens.send("/invitation", "/invitation", name="Jens Bach", password="seven red boats in a row")

    assert (page.status_code, "spi_" in page.text, "A letter with the link" in words(page.text)) == (201, False, True)
    assert subjects(mail) == ["Mette Kragh invites you to Alpha"]
    assert (opened.location, joined.status_code, jens.get("/profile").status_code) == ("/invitation", 303, 200)


def test_invitation_that_is_sent_again_has_its_whole_time_and_another_link(app, works, clock, mail, alpha, chief):
    browser = browser_of(app, chief)
    invite(browser, alpha)
    deliver(works)
    clock.move(timedelta(days=8))
    first = link_in(mail.messages[0])
    ended = Browser(app).get(first).status_code

    browser = browser_of(app, chief)
    browser.send(actions(browser.get("/admin/people").text, "/resend")[0], "/admin/people")
    deliver(works)

    assert ended == 404
    assert (Browser(app).get(first).status_code, Browser(app).get(link_in(mail.messages[-1])).status_code) == (404, 303)


def test_invitation_taken_back_before_its_letter_is_not_written(app, works, mail, alpha, chief):
    browser = browser_of(app, chief)
    invite(browser, alpha)

    browser.send(actions(browser.get("/admin/people").text, "/withdraw")[0], "/admin/people")
    deliver(works)

    assert subjects(mail) == []


def test_outbox_holds_ids_and_nothing_to_read(app, works, alpha, chief):
    browser = browser_of(app, chief)
    invite(browser, alpha)
    browser.send("/forgotten", "/forgotten", email="jens@example.com")

    with works.reading(telling.SYSTEM) as work:
        payloads = [str(one) for one in work.session.scalars(select(OutboxMessage.payload))]
        digest = work.session.scalars(select(Invitation.secret_digest)).one()
    assert len(payloads) >= 3
    assert [word for word in ("jens", "Jens", "@", "spi_", "spw_", digest) if word in str(payloads)] == []


def test_sign_in_with_another_browser_is_told_and_with_the_same_is_not(app, works, mail, chief):
    entering = {"email": chief.email, "password": PASSWORD}
    for browser in (FIREFOX, FIREFOX.replace("145", "146"), SAFARI, SAFARI):
        app.test_client().post("/api/v1/session", json=entering, headers={"User-Agent": browser})
        deliver(works)

    (message,) = mail.messages
    text = message.get_body(("plain",)).get_content()
    assert (str(message["To"]), subjects(mail)) == (chief.email, ["New sign-in with Safari, iPhone"])
    assert ("127.0.0.1" in text, link_in(message)) == (True, "/profile")


def test_refused_sign_in_writes_no_letter(app, works, mail, chief):
    app.test_client().post("/api/v1/session", json={"email": chief.email, "password": "not this one, no"})

    deliver(works)

    assert subjects(mail) == []


def test_changed_password_is_told_in_the_readers_own_language(app, works, mail, chief):
    browser = browser_of(app, chief)
    browser.send("/profile", "/profile", name="Mette Kragh", locale="da", theme="system", timezone="Europe/Copenhagen")

    browser.send("/profile/password", "/profile", old=PASSWORD, new="a new walk here", again="a new walk here")
    deliver(works)

    text = mail.messages[0].get_body(("plain",)).get_content()
    assert subjects(mail) == ["Din adgangskode er ændret"]
    assert "18. november 2026 kl. 13.00" in text  # noon in UTC, read in Copenhagen


def test_letter_that_is_refused_for_ever_comes_no_more(app, works, mail, alpha, chief):
    invite(browser_of(app, chief), alpha)
    mail.refuse = "550 no such mailbox"

    deliver(works)

    with works.reading(telling.SYSTEM) as work:
        left = work.session.scalars(select(OutboxMessage).where(OutboxMessage.listener == telling.INVITATION)).all()
    assert (left, mail.messages) == ([], [])


def test_recording_channel_takes_the_place_of_a_server(works, alpha, chief):
    works.settings = msgspec.structs.replace(works.settings, smtp_url="recording:")
    app = create_app(works.settings, works)
    app.config["TRUSTED_HOSTS"] = None

    invite(browser_of(app, chief), alpha)
    deliver(works)

    assert [one.to for one in mail_of(works).letters] == ["jens@example.com"]


@pytest.mark.parametrize(
    "email", ["a@b.example, c@d.example", "a@b.example\nBcc: c@d.example", "<a@b.example>", "a b@c.d"]
)
def test_address_that_is_more_than_one_is_never_invited(app, alpha, chief, email):
    answer = invite(browser_of(app, chief), alpha, email)

    assert (answer.status_code, "Must be a mail address" in words(answer.text)) == (
        422,
        True,
    ) or "control" in answer.text


@pytest.mark.parametrize(
    ("wrong", "key"),
    [
        ({"smtp_url": "smtp://mail.example"}, "mail_from"),
        ({"smtp_url": "smtp://mail.example", "mail_from": "portal@example.com"}, "public_url"),
        ({"smtp_url": "mail.example:25", "mail_from": "a@b.c", "public_url": "https://x.example"}, "smtp_url"),
        ({"smtp_url": "smtp://mail.example:mail", "mail_from": "a@b.c", "public_url": "https://x.example"}, "smtp_url"),
        (
            {"smtp_url": "smtp://m.example", "mail_from": "a@b.c\nBcc: d@e.f", "public_url": "https://x.example"},
            "mail_from",
        ),
    ],
)
def test_half_a_mail_stops_the_start(tmp_path, wrong, key):
    with pytest.raises(SettingWrong, match=key):
        load_settings({"STATUSPORTAL_INSTANCE_DIR": str(tmp_path)}, **wrong)


def test_person_is_told_that_an_administrator_took_their_second_proof_away(app, works, mail, alpha, chief):
    jens = make_person(works, alpha, name="Jens Holm", email="jens@example.com")
    browser = browser_of(app, chief)
    deliver(works)

    browser.send(f"/admin/people/{jens.id}/second-proof/reset", f"/admin/people/{jens.id}")
    deliver(works)

    letter = mail.messages[-1]
    text = letter.get_body(("plain",)).get_content()
    assert (letter["To"], letter["Subject"]) == ("jens@example.com", "Your second proof was taken away")
    assert "18 November 2026, 13:00" in " ".join(text.split())
    assert link_in(letter) == "/profile/sign-in"
