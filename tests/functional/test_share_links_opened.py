"""Who follows a share link reads exactly what it was made for, as its maker could, and comments if that was allowed."""

from datetime import timedelta

import msgspec
import pytest

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole, Right, StaffRole
from statusportal.app import create_app
from statusportal.discussion.models import Comment
from statusportal.discussion.service import post_comment
from statusportal.entries.service import publish_entry
from statusportal.entries.vocabulary import Audience, EntryKind
from statusportal.sharing.vocabulary import LinkScope
from tests.factories.accounts import PASSWORD, actor_for, make_organisation, make_person, make_staff
from tests.factories.browsing import actions, browser_of, parts, words
from tests.factories.doors import Visitor, token_of
from tests.factories.fleet import make_device, make_grant, make_transfer
from tests.factories.links import guest_of, make_link

HOUR = timedelta(hours=1)


@pytest.fixture
def app(settings, works):
    works.settings = msgspec.structs.replace(works.settings, requests_per_minute=0)
    return create_app(works.settings, works)


@pytest.fixture
def alpha(works):
    return make_organisation(works, "alpha")


@pytest.fixture
def device(works, alpha):
    return make_device(works, alpha, "PL86-0931", name="Freezer")


@pytest.fixture
def mette(works, alpha):
    return make_person(works, alpha, MemberRole.CUSTOMER_ADMIN, name="Mette Kragh", password=PASSWORD)


@pytest.fixture
def aisha(works):
    return make_person(works, staff_role=StaffRole.SUPPORT, name="Aisha Rahman")


@pytest.fixture
def entry(works, device, mette):
    return ask(works, mette, device, "Second stage stopped")


def ask(works, person, device, title, audience=None):
    with works.writing(actor_for(works, person)) as work:
        return publish_entry(work, device.id, EntryKind.QUESTION, title, "Since the morning.", audience)


def say(works, person, entry, body, audience=None):
    with works.writing(actor_for(works, person)) as work:
        return post_comment(work, entry.id, body, audience=audience)


def write(browser, page, **fields):
    return browser.send(actions(browser.get(page).text, "/comments")[0], page, **fields)


def test_address_is_exchanged_for_a_page_without_it(app, works, aisha, entry):
    link, token = make_link(works, actor_for(works, aisha), entry, to_name="Søren")

    browser, led_to = guest_of(app, token)
    page = browser.get(led_to)

    said = words(page.text)
    assert led_to == f"/shared/{link.id}"
    assert page.status_code == 200
    assert "Aisha Rahman at Status Portal shared this page with you, Søren." in said
    assert "You may read it until" in said
    assert "Second stage stopped" in said
    assert token not in page.text


def test_every_answer_is_kept_nowhere_and_says_not_where_from(app, works, aisha, entry):
    link, token = make_link(works, actor_for(works, aisha), entry)
    browser, led_to = guest_of(app, token)

    answers = [browser.get(path) for path in (f"/s/{token}", led_to, "/s/nothing", f"/shared/{entry.id}")]

    told = {
        tuple(answer.headers[name] for name in ("Referrer-Policy", "X-Robots-Tag", "Cache-Control"))
        for answer in answers
    }
    assert told == {("no-referrer", "noindex, nofollow, noarchive", "no-store")}
    assert [answer.status_code for answer in answers] == [303, 200, 404, 404]
    assert link.expires_at > works.clock.now()


def test_cookie_is_of_the_link_alone_and_closed_to_scripts(app, works, settings, aisha, entry):
    link, token = make_link(works, actor_for(works, aisha), entry)
    works.settings = msgspec.structs.replace(works.settings, secure_cookies=True)

    cookie = app.test_client().get(f"/s/{token}").headers["Set-Cookie"]

    name, _, rest = cookie.partition("=")
    secret, _, attributes = rest.partition("; ")
    assert name == f"__Host-portal_link_{link.id.hex}"
    assert set(attributes.split("; ")) == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}
    assert secret not in {token, ""}


def test_internal_words_are_not_in_the_page(app, works, aisha, mette, entry):
    say(works, mette, entry, "It drips.")
    say(works, aisha, entry, "They have not paid.", Audience.INTERNAL)
    _, token = make_link(works, actor_for(works, aisha), entry)

    browser, led_to = guest_of(app, token)
    said = words(browser.get(led_to).text)

    assert "It drips." in said
    assert "paid" not in said
    assert "Conversation 1" in said


def test_two_links_in_one_browser_do_not_end_each_other(app, works, aisha, device, entry):
    _, first = make_link(works, actor_for(works, aisha), entry)
    _, second = make_link(works, actor_for(works, aisha), device)
    browser, to_entry = guest_of(app, first)
    to_device = browser.get(f"/s/{second}").location

    assert [browser.get(page).status_code for page in (to_entry, to_device)] == [200, 200]


def test_device_link_opens_its_entries_and_every_address_on_it_is_its_own(app, works, aisha, device, entry):
    link, token = make_link(works, actor_for(works, aisha), device)
    browser, led_to = guest_of(app, token)

    page = browser.get(led_to).text
    addresses = [one["href"] for tag, one in parts(page) if tag == "a" and one.get("href", "").startswith("/")]
    of_entry = browser.get(f"{led_to}/entries/{entry.id}")

    outside = [one for one in addresses if not one.startswith((f"/shared/{link.id}", "/sign-in"))]
    assert "Freezer" in words(page)
    assert f"/shared/{link.id}/entries/{entry.id}" in addresses
    assert outside == ["/"]
    assert of_entry.status_code == 200
    assert "Since the morning." in words(of_entry.text)


def test_link_of_a_grantee_shows_what_the_grantee_could_see(app, works, mette, device, entry):
    gamma = make_organisation(works, "gamma")
    guest = make_person(works, gamma)
    works.clock.move(HOUR)
    make_grant(works, device, gamma, Right.MANAGE | Right.COMMENT)
    works.clock.move(HOUR)
    shared = ask(works, guest, device, "Shared by both")
    link, token = make_link(works, actor_for(works, guest), device)

    browser, led_to = guest_of(app, token)
    said = words(browser.get(led_to).text)

    assert "Shared by both" in said
    assert "Second stage stopped" not in said
    assert browser.get(f"{led_to}/entries/{shared.id}").status_code == 200
    assert browser.get(f"{led_to}/entries/{entry.id}").status_code == 404
    assert link.organisation_id == entry.organisation_id


def test_link_of_a_buyer_shows_nothing_of_the_seller(app, works, mette, device, entry):
    beta = make_organisation(works, "beta")
    buyer = make_person(works, beta, MemberRole.CUSTOMER_ADMIN)
    works.clock.move(HOUR)
    make_transfer(works, device, beta)
    works.clock.move(HOUR)
    ask(works, buyer, device, "A new life")
    _, token = make_link(works, actor_for(works, buyer), device)

    browser, led_to = guest_of(app, token)
    said = words(browser.get(led_to).text)

    assert "A new life" in said
    assert "Second stage stopped" not in said


def test_guest_comments_under_a_name_that_is_marked(app, works, aisha, mette, entry):
    link, token = make_link(works, actor_for(works, aisha), entry, LinkScope.COMMENT)
    browser, led_to = guest_of(app, token)

    posted = write(browser, led_to, name="Søren Holm", body="It **beeps**.")
    page = words(browser.get(posted.location).text)
    of_owner = words(browser_of(app, mette).get(f"/entries/{entry.id}").text)

    with works.reading(SYSTEM) as work:
        comment = work.session.query(Comment).one()
    assert posted.status_code == 303
    assert (comment.guest_name, comment.author_id, comment.author_role) == ("Søren Holm", None, "guest")
    assert (comment.link_id, comment.shared_by_id, comment.audience) == (link.id, aisha.id, "organisation")
    for said in (page, of_owner):
        assert "Søren Holm Guest by link from Aisha Rahman" in said
        assert "It beeps ." in said


def test_what_a_guest_said_is_new_to_the_owner_and_named_in_the_api(app, works, aisha, mette, device, entry):
    _, token = make_link(works, actor_for(works, aisha), entry, LinkScope.COMMENT)
    browser, led_to = guest_of(app, token)
    works.clock.move(HOUR)
    write(browser, led_to, name="Søren Holm", body="It beeps.")
    owner = browser_of(app, mette)

    unread = owner.client.get(f"/api/v1/entries/{entry.id}").json["unread"]
    authors = [one["author"] for one in owner.client.get(f"/api/v1/entries/{entry.id}/comments").json["items"]]

    assert unread == 1
    assert authors == [{"name": "Søren Holm", "role": "guest", "let_in_by": "Aisha Rahman"}]


def test_comment_without_a_name_or_words_is_refused_at_its_field(app, works, aisha, entry):
    _, token = make_link(works, actor_for(works, aisha), entry, LinkScope.COMMENT)
    browser, led_to = guest_of(app, token)

    answers = [
        write(browser, led_to, **fields)
        for fields in ({"name": "", "body": "Words"}, {"name": "Søren", "body": " "}, {"name": "x" * 81, "body": "W"})
    ]

    with works.reading(SYSTEM) as work:
        assert work.session.query(Comment).count() == 0
    assert [answer.status_code for answer in answers] == [422] * 3
    assert [
        next(one["id"] for tag, one in parts(answer.text) if one.get("aria-invalid") == "true") for answer in answers
    ] == ["f-name", "f-body", "f-name"]


def test_guests_of_one_link_share_their_pace(app, works, aisha, entry):
    works.settings = msgspec.structs.replace(works.settings, link_comments_per_minute=2)
    _, token = make_link(works, actor_for(works, aisha), entry, LinkScope.COMMENT)
    browsers = [guest_of(app, token) for _guest in range(3)]

    codes = [write(browser, led_to, name="G", body=f"{led_to}").status_code for browser, led_to in browsers]
    works.clock.move(timedelta(seconds=61))
    later = write(*browsers[2], name="G", body="Again").status_code

    assert (codes, later) == ([303, 303, 429], 303)


def test_form_of_a_page_that_tells_no_origin_is_taken_with_its_token_alone(app, works, aisha, entry):
    """A browser names the origin `null` in forms of pages with the policy no-referrer."""
    _, token = make_link(works, actor_for(works, aisha), entry, LinkScope.COMMENT)
    browser, led_to = guest_of(app, token)
    page = browser.get(led_to).text
    action = actions(page, "/comments")[0]
    form_token = next(one["value"] for tag, one in parts(page) if one.get("name") == "csrf_token")

    codes = [
        browser.client.post(action, data={"name": "G", "body": "W", **token_field}, headers=headers).status_code
        for token_field, headers in (
            ({}, {"Origin": "null"}),
            ({"csrf_token": form_token}, {"Origin": "https://evil.example"}),
            ({"csrf_token": form_token}, {"Origin": "null", "Sec-Fetch-Site": "cross-site"}),
            ({"csrf_token": form_token}, {"Origin": "null", "Sec-Fetch-Site": "same-origin"}),
        )
    ]

    assert codes == [400, 403, 403, 303]


def test_words_with_markup_are_shown_as_text(app, works, aisha, entry):
    canary = "<img src=x onerror=alert(1)>"
    _, token = make_link(works, actor_for(works, aisha), entry, LinkScope.COMMENT, to_name=canary)
    browser, led_to = guest_of(app, token)
    write(browser, led_to, name=canary, body=canary)

    html = browser.get(led_to).text

    assert [one for _tag, one in parts(html) if "onerror" in one] == []
    assert words(html).count(canary) >= 2


def test_engineer_reads_the_guest_and_cannot_change_their_words(app, works, aisha, entry):
    _, token = make_link(works, actor_for(works, aisha), entry, LinkScope.COMMENT)
    browser, led_to = guest_of(app, token)
    write(browser, led_to, name="Søren", body="It beeps.")
    with works.reading(SYSTEM) as work:
        comment = work.session.query(Comment).one()
    jonas = make_staff(works)

    engineer = Visitor(app.test_client(), token_of(works, jonas))

    assert engineer.ask("PATCH", f"/api/v1/comments/{comment.id}", json={"body": "No."}).status_code == 403
    assert engineer.ask("DELETE", f"/api/v1/comments/{comment.id}").status_code == 403
