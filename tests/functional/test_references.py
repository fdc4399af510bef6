"""An address in somebody's words is a title to who may open it; to all others it is as one that leads nowhere."""

import re

from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.app import create_app
from statusportal.discussion.service import post_comment
from statusportal.entries.service import publish_entry
from statusportal.entries.vocabulary import Audience, EntryKind
from statusportal.knowledge.vocabulary import ArticleWords
from statusportal.knowledge.writing import draft_article
from tests.factories.accounts import PASSWORD, actor_for, make_organisation, make_person
from tests.factories.browsing import browser_of, words
from tests.factories.doors import Visitor, token_of
from tests.factories.fleet import make_device, make_grant

NOBODY = "00000000-0000-7000-8000-000000000000"


def test_title_is_the_readers_and_foreign_is_as_missing(settings, works):
    alpha, beta = make_organisation(works, "alpha"), make_organisation(works, "beta")
    device = make_device(works, alpha, name="canary-device")
    mette = make_person(works, alpha, MemberRole.CUSTOMER_ADMIN, password=PASSWORD)
    bo = make_person(works, beta, MemberRole.CUSTOMER_ADMIN, password=PASSWORD)
    make_grant(works, device, beta)
    expert = make_person(works, staff_role=StaffRole.EXPERT, password=PASSWORD)
    with works.writing(actor_for(works, expert)) as work:
        draft = draft_article(work, device.model_id, None, ArticleWords("canary-article", "Warm", "Dust", "Clean it"))
    with works.writing(actor_for(works, mette)) as work:
        inner = publish_entry(work, device.id, EntryKind.QUESTION, "canary-title", "", audience=Audience.ORGANISATION)
        shared = publish_entry(work, device.id, EntryKind.QUESTION, "Shared", "", audience=Audience.SHARED)
        said = post_comment(work, shared.id, f"/entries/{inner.id} or /devices/{device.id} and code:A-1")
        post_comment(work, shared.id, f"/entries/{NOBODY} or /devices/{device.id} and code:A-1")
        post_comment(work, shared.id, f"Read /articles/{draft.id}")
    app = create_app(settings, works)

    pages = {who: browser_of(app, who).get(f"/entries/{shared.id}").text for who in (mette, bo, expert)}
    api = {who: Visitor(app.test_client(), token_of(works, who)) for who in (mette, bo)}
    bodies = {
        who: [one["body_html"] for one in door.ask("GET", f"/api/v1/entries/{shared.id}/comments").json["items"]]
        for who, door in api.items()
    }

    assert "canary-title or canary-device and A-1" in words(pages[mette])
    assert "canary-title" not in pages[bo]
    assert ["Read canary-article" in words(pages[who]) for who in (expert, mette, bo)] == [True, False, False]
    assert "Read a page that you cannot open" in words(pages[mette])
    assert words(pages[bo]).count("a page that you cannot open or") == 2
    assert bodies[bo][0] == bodies[bo][1]
    assert f'href="/entries/{inner.id}">canary-title</a>' in bodies[mette][0]
    assert re.findall("canary-[a-z]+", said.body_html) == []
