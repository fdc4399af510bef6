"""Class 23: what somebody tries with a share link: to change it, to bend it to another thing, to write through it.

Seen at Grafana and Nextcloud.
"""

import msgspec
import pytest

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole
from statusportal.accounts.models import Organisation
from statusportal.app import create_app
from statusportal.audit.models import AuditRecord
from statusportal.discussion.models import Comment
from statusportal.entries.service import publish_entry
from statusportal.entries.vocabulary import EntryKind
from statusportal.http.policies import Door, declared_routes
from statusportal.sharing.models import LinkOpening
from statusportal.sharing.vocabulary import LinkScope
from tests.factories.accounts import PASSWORD, actor_for, make_organisation, make_person
from tests.factories.browsing import Browser, browser_of, hidden_token
from tests.factories.doors import filled
from tests.factories.fleet import make_device
from tests.factories.links import guest_of, make_link
from tests.factories.steady import bodies


class Scene:
    """Two organisations: alpha shared one of two entries on one of two devices; what it did not share could leak."""

    def __init__(self, works):
        self.alpha, self.beta = make_organisation(works, "alpha"), make_organisation(works, "beta")
        self.device, self.other = make_device(works, self.alpha), make_device(works, self.alpha)
        self.mette = make_person(works, self.alpha, MemberRole.CUSTOMER_ADMIN, password=PASSWORD, name="Mette")
        self.bent = make_person(works, self.beta, MemberRole.CUSTOMER_ADMIN, password=PASSWORD)
        with works.writing(actor_for(works, self.mette)) as work:
            asked = [(self.device, "Shared"), (self.device, "Neighbour"), (self.other, "Elsewhere")]
            self.entry, self.neighbour, self.elsewhere = (
                publish_entry(work, device.id, EntryKind.QUESTION, title, "") for device, title in asked
            )
        self.actor = actor_for(works, self.mette)


@pytest.fixture
def app(settings, works):
    works.settings = msgspec.structs.replace(works.settings, requests_per_minute=0, link_tries_per_minute=0)
    return create_app(works.settings, works)


@pytest.fixture
def scene(works):
    return Scene(works)


def cookie_of(browser):
    return next(one for one in browser.client._cookies.values() if one.key.startswith("portal_link_"))


def test_address_with_any_byte_changed_opens_nothing(app, works, scene):
    _, token = make_link(works, scene.actor, scene.entry)
    client = app.test_client()
    flipped = [
        f"{token[:place]}{'A' if token[place] != 'A' else 'B'}{token[place + 1 :]}" for place in range(len(token))
    ]

    answers = [client.get(f"/s/{one}") for one in [*flipped, token[:-1], token + "A", token.upper(), "x" * 5000]]

    with works.reading(SYSTEM) as work:
        assert work.session.query(LinkOpening).count() == 0
    assert {answer.status_code for answer in answers} == {404}
    assert len(bodies(*answers)) == 1


def test_cookie_with_any_byte_changed_opens_nothing(app, works, scene):
    link, token = make_link(works, scene.actor, scene.entry)
    browser, page = guest_of(app, token)
    cookie = cookie_of(browser)
    secret = cookie.value
    flipped = [
        f"{secret[:place]}{'A' if secret[place] != 'A' else 'B'}{secret[place + 1 :]}" for place in range(len(secret))
    ]
    codes = set()

    for one in [*flipped, token, "", "x" * 500]:
        browser.client.set_cookie(cookie.key, one)
        codes.add(browser.get(page).status_code)
    browser.client.set_cookie(cookie.key, secret)

    assert codes == {404}
    assert browser.get(page).status_code == 200
    assert str(link.id) in page


def test_secret_of_one_link_opens_no_other(app, works, scene):
    make_link(works, scene.actor, scene.entry)
    other, other_token = make_link(works, scene.actor, scene.elsewhere)
    browser, _ = guest_of(app, make_link(works, scene.actor, scene.entry)[1])
    secret = cookie_of(browser).value

    browser.client.set_cookie(f"portal_link_{other.id.hex}", secret)

    assert browser.get(f"/shared/{other.id}").status_code == 404
    assert guest_of(app, other_token)[0].get(f"/shared/{other.id}").status_code == 200


@pytest.mark.parametrize("is_device", [False, True])
def test_neighbours_are_as_missing_as_what_never_was(app, works, scene, is_device):
    shared = scene.device if is_device else scene.entry
    browser, page = guest_of(app, make_link(works, scene.actor, shared)[1])
    reached = {
        name: browser.get(f"{page}/entries/{one}")
        for name, one in {
            "shared": scene.entry.id,
            "neighbour": scene.neighbour.id,
            "elsewhere": scene.elsewhere.id,
            "nothing": scene.alpha.id,
            "no id": "x",
        }.items()
    }

    opened = [name for name, answer in reached.items() if answer.status_code == 200]
    assert opened == (["shared", "neighbour"] if is_device else ["shared"])
    assert len(bodies(*(answer for name, answer in reached.items() if name not in opened))) == 1


def test_link_opens_no_other_door(app, works, scene):
    """Every route of the portal, asked with the cookie of a link, answers as to somebody without any."""
    browser, _ = guest_of(app, make_link(works, scene.actor, scene.device, LinkScope.COMMENT)[1])
    nobody = Browser(app)
    things = {name: str(scene.alpha.id) for rule in app.url_map.iter_rules() for name in rule.arguments}
    things |= {"device_id": str(scene.device.id), "entry_id": str(scene.entry.id), "filename": "app.css"}
    different = []

    for rule, method, policy in declared_routes(app):
        if policy is None or policy.door is Door.LINK or not rule.startswith(("/api/", "/devices", "/entries", "/")):
            continue
        address = filled(rule, things)
        mine, theirs = (one.client.open(address, method=method) for one in (browser, nobody))
        if mine.status_code != theirs.status_code:
            different.append((method, rule, mine.status_code, theirs.status_code))

    assert different == []


def test_signing_in_widens_nothing_that_a_link_shows(app, works, scene):
    """Who is signed in elsewhere sees through a link what everybody sees through it."""
    _, token = make_link(works, scene.actor, scene.entry)
    browser = browser_of(app, scene.bent)
    page = browser.get(f"/s/{token}").location

    assert browser.get(page).status_code == 200
    assert browser.get(f"{page}/entries/{scene.neighbour.id}").status_code == 404
    assert browser.get(f"/entries/{scene.entry.id}").status_code == 404


def test_personal_token_and_sign_in_open_no_linked_page(app, works, scene):
    link, _ = make_link(works, scene.actor, scene.entry)

    assert browser_of(app, scene.mette).get(f"/shared/{link.id}").status_code == 404


def test_writing_through_a_link_for_reading_is_refused_and_logged(app, works, scene):
    link, token = make_link(works, scene.actor, scene.entry)
    browser, page = guest_of(app, token)
    form_token = hidden_token(browser.get(page).text)

    answer = browser.client.post(
        f"{page}/entries/{scene.entry.id}/comments", data={"name": "G", "body": "W", "csrf_token": form_token}
    )

    with works.reading(SYSTEM) as work:
        comments = work.session.query(Comment).count()
        denied = work.session.query(AuditRecord).filter_by(act="denied").one()
    assert (answer.status_code, comments) == (403, 0)
    assert (denied.actor_kind, denied.actor_id, denied.codes) == ("link", link.id, {"permission": "comment:post"})


def test_comment_lands_under_no_other_entry(app, works, scene):
    browser, page = guest_of(app, make_link(works, scene.actor, scene.entry, LinkScope.COMMENT)[1])
    form_token = hidden_token(browser.get(page).text)
    data = {"name": "G", "body": "W", "csrf_token": form_token}

    codes = [
        browser.client.post(f"{page}/entries/{one.id}/comments", data=data).status_code
        for one in (scene.neighbour, scene.elsewhere, scene.entry)
    ]

    with works.reading(SYSTEM) as work:
        assert [one.entry_id for one in work.session.query(Comment)] == [scene.entry.id]
    assert codes == [404, 404, 303]


def test_fields_that_are_not_asked_for_change_nothing(app, works, scene):
    browser, page = guest_of(app, make_link(works, scene.actor, scene.entry, LinkScope.COMMENT)[1])
    extra = {"audience": "public", "author_id": str(scene.mette.id), "kind": "update", "organisation_id": "x"}

    posted = browser.send(f"{page}/entries/{scene.entry.id}/comments", page, name="G", body="W", **extra)

    with works.reading(SYSTEM) as work:
        row = work.session.query(Comment).one()
    assert posted.status_code == 303
    assert (row.audience, row.author_id, row.kind, row.organisation_id) == (
        "organisation",
        None,
        "comment",
        scene.alpha.id,
    )


def test_guessing_has_a_limit_of_its_sender(settings, works, scene):
    works.settings = msgspec.structs.replace(works.settings, link_tries_per_minute=3)
    app = create_app(works.settings, works)
    _, token = make_link(works, scene.actor, scene.entry)
    client = app.test_client()

    codes = [client.get(f"/s/guess-{number}").status_code for number in range(4)]
    known = client.get(f"/s/{token}")
    elsewhere = client.get(f"/s/{token}", environ_base={"REMOTE_ADDR": "198.51.100.7"}).status_code

    assert codes == [404, 404, 404, 429]
    assert (known.status_code, int(known.headers["Retry-After"]) > 0, elsewhere) == (429, True, 303)


def test_token_stands_in_no_log_and_no_measure(app, works, scene, caplog, capsys):
    _, token = make_link(works, scene.actor, scene.entry)
    browser, page = guest_of(app, token)
    browser.get(page)
    browser.get(f"/s/{token}x")

    told = capsys.readouterr()
    measured = browser.get("/metrics").text

    assert all(token not in text for text in (caplog.text, told.out, told.err, measured))
    with works.reading(SYSTEM) as work:
        assert token not in repr([row.__dict__ for row in work.session.query(AuditRecord)])
        assert work.session.get(Organisation, scene.alpha.id) is not None
