"""An accepted answer becomes an article, and the next machine in the same condition shows it at once."""

from datetime import timedelta

import pytest

from devices.reading import Reading
from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import StaffRole
from statusportal.app import create_app
from statusportal.fleet.models import Device
from statusportal.foundation.clock import to_ms
from statusportal.identity.issuing import issue_personal_token
from statusportal.ingest.follow import follow_once
from statusportal.ingest.sources import Source
from statusportal.ingest.store import store_readings
from statusportal.jobs.keeping_time import status_round
from tests.factories.accounts import make_organisation, make_staff_actor
from tests.factories.browsing import words
from tests.factories.fleet import make_device, make_model
from tests.factories.town import build_town

DAY = timedelta(days=1)
OWNERS = ("Alpha", "Mette", "PR-100", "mk@alpha.dk")


class Story:
    """Alpha's press and beta's lathe are of one model; Birgit and Karl are experts of the operator."""

    def __init__(self, settings, works, others=3):
        self.works, self.town = works, build_town(works)
        self.birgit, self.karl = (make_staff_actor(works, StaffRole.EXPERT) for _ in range(2))
        self.client, self.tokens = create_app(settings, works).test_client(), {}
        with works.writing(SYSTEM) as work:
            for device in (self.town.press, self.town.lathe):
                work.session.get_one(Device, device).firmware = "4.2.1"
            self.model = work.session.get_one(Device, self.town.press).model
        for number in range(others):
            make_device(works, make_organisation(works), f"KX-{number}", self.model)

    def call(self, actor, method, path, json=None, *, page=False):
        if actor.person_id not in self.tokens:
            with self.works.writing(actor) as work:
                self.tokens[actor.person_id] = issue_personal_token(work, "test", (), None)[1]
        headers = {"Authorization": f"Bearer {self.tokens[actor.person_id]}"}
        return self.client.open(path if page else f"/api/v1{path}", method=method, json=json, headers=headers)

    def measure(self, organisation, device, heat):
        now = to_ms(self.works.clock.now())
        store_readings(self.works, Source("credential:test", organisation, device), [Reading(None, "heat", now, heat)])
        status_round(self.works, follow_once)

    def fixed_on_the_press(self):
        """Let the press run hot, be answered, applied and confirmed, and return the answer's id."""
        town = self.town
        self.measure(town.alpha, town.press, 81.0)
        self.works.clock.move(timedelta(minutes=5))
        self.measure(town.alpha, town.press, 70.0)
        entry = self.call(town.mette, "GET", "/entries?code=T-1").json["items"][0]["id"]
        body = "Mette, on PR-100 of Alpha: **clean the filter**, then call mk@alpha.dk."
        said = self.call(town.engineer, "POST", f"/entries/{entry}/comments", {"body": body}).json["id"]
        self.call(town.mette, "POST", f"/comments/{said}/accept")
        self.call(town.mette, "POST", f"/entries/{entry}/fixes", {"comment": said})
        for _ in range(8):
            self.works.clock.move(DAY)
            self.measure(town.alpha, town.press, 70.0)
        return said

    def other_model(self):
        return str(make_model(self.works, "mill").id)

    def published(self, comment_id):
        article = self.call(self.birgit, "POST", f"/comments/{comment_id}/article").json["id"]
        self.stand_for(self.karl, article, "review")
        self.stand_for(self.birgit, article, "publish")
        return article

    def stand_for(self, actor, article, step):
        read = {"edition": self.call(actor, "GET", f"/articles/{article}").json["edition"]}
        return self.call(actor, "POST", f"/articles/{article}/{step}", read)


@pytest.fixture
def story(settings, works):
    return Story(settings, works)


def test_article_of_an_answer_appears_on_the_next_machine_and_nowhere_else(story):
    town, comment_id = story.town, story.fixed_on_the_press()
    made = story.call(story.birgit, "POST", f"/comments/{comment_id}/article")
    article = made.json["id"]
    unseen = story.call(town.bent, "GET", f"/articles/{article}").status_code
    own = story.stand_for(story.birgit, article, "review").status_code
    early = story.stand_for(story.birgit, article, "publish").status_code
    story.stand_for(story.karl, article, "review")
    story.stand_for(story.birgit, article, "publish")
    story.measure(town.beta, town.lathe, 85.0)
    entry = story.call(town.bent, "GET", "/entries?code=T-1").json["items"][0]["id"]

    shown = story.call(town.bent, "GET", f"/entries/{entry}/articles").json["items"]
    page = words(story.call(town.bent, "GET", f"/entries/{entry}", page=True).text)
    code = words(story.call(town.bent, "GET", "/models/kx/codes/T-1", page=True).text)
    told = story.call(town.bent, "GET", f"/articles/{article}").text

    assert (made.status_code, unseen, own, early) == (201, 404, 409, 409)
    assert made.json["fix"] == (
        "\u2039person\u203a, on \u2039machine\u203a of \u2039organisation\u203a: **clean the filter**, "
        "then call \u2039address\u203a."
    )
    assert (made.json["code"], made.json["firmware_from"], made.json["state"]) == ("T-1", "4.2.1", "draft")
    assert [one["id"] for one in shown] == [article]
    assert shown[0]["tally"] == {"worked": 1, "did_not": 0, "tried": 1, "confirmed": 1, "watched": 0}
    assert "Fixed by this in 1 of 1 The machine confirmed it in 1." in page
    assert "clean the filter" in page
    assert "1 of 1" in code
    asking = words(story.call(town.bent, "GET", f"/devices/{town.lathe}/ask", page=True).text)
    live = f"/devices/{town.lathe}/ask/answered?title="
    close = words(story.call(town.bent, "GET", f"{live}why is the T-1 heat on", page=True).text)
    far = words(story.call(town.bent, "GET", f"{live}paint", page=True).text)
    assert "Fixed by this in 1 of 1" in asking
    assert ("Fixed by this in 1 of 1" in close, "Fixed by this" in far) == (True, False)
    assert [one for one in OWNERS if one in page + code + told] == []
    assert story.call(town.guest, "GET", f"/articles/{article}").status_code == 404
    assert story.call(town.guest, "GET", "/articles").json["items"] == []
    assert [one["id"] for one in story.call(town.bent, "GET", "/articles?code=T-1").json["items"]] == [article]


def test_how_it_went_is_counted_with_its_denominator(story):
    town, article = story.town, story.published(story.fixed_on_the_press())
    story.measure(town.beta, town.lathe, 85.0)
    entry = story.call(town.bent, "GET", "/entries?code=T-1").json["items"][0]["id"]
    story.call(town.bent, "POST", f"/entries/{entry}/fixes", {"article": article})
    watched = story.call(town.bent, "GET", f"/articles/{article}").json["tally"]
    other = story.call(story.birgit, "POST", "/articles", {"model": story.other_model(), "title": "X", "fix": "Y"}).json
    mixed = story.call(story.birgit, "POST", f"/entries/{entry}/fixes", {"article": other["id"]})
    assert (mixed.status_code, mixed.json["errors"][0]["pointer"]) == (422, "/article")
    answer = {"device": str(town.lathe), "outcome": "did_not"}
    told = story.call(town.bent, "PUT", f"/articles/{article}/outcome", answer).json
    again = story.call(town.bent, "PUT", f"/articles/{article}/outcome", answer).json
    wrong = {
        name: story.call(actor, "PUT", f"/articles/{article}/outcome", {"device": str(device), "outcome": "worked"})
        for name, actor, device in (
            ("another's", town.bent, town.press),
            ("the operator's", town.engineer, town.lathe),
            ("a stranger's", town.guest, town.lathe),
        )
    }

    assert (watched["tried"], watched["watched"]) == (1, 1)
    assert told == again == {"worked": 1, "did_not": 1, "tried": 2, "confirmed": 1, "watched": 0}
    assert {name: one.status_code for name, one in wrong.items()} == {
        "another's": 422,
        "the operator's": 422,
        "a stranger's": 404,
    }
    page = words(story.call(town.bent, "GET", f"/articles/{article}", page=True).text)
    assert "Fixed by this in 1 of 2" in page
    assert "Lathe It did not help here." in page
    assert "Press" not in page


def test_nobody_stands_for_words_that_they_have_not_read(story):
    article = story.call(story.birgit, "POST", f"/comments/{story.fixed_on_the_press()}/article").json["id"]
    path, wording = f"/articles/{article}/review", {"title": "Too hot", "fix": "Clean the filter."}
    read = {"edition": story.call(story.karl, "GET", f"/articles/{article}").json["edition"]}
    written = story.call(story.birgit, "PUT", f"/articles/{article}", wording).json
    unsaid, stale = story.call(story.karl, "POST", path), story.call(story.karl, "POST", path, read)
    state = story.call(story.karl, "GET", f"/articles/{article}").json["state"]

    assert (unsaid.status_code, unsaid.json["errors"][0]["pointer"], state) == (422, "/edition", "draft")
    assert (stale.status_code, stale.json["version"]) == (412, written["edition"])
    assert story.stand_for(story.karl, article, "review").json["state"] == "reviewed"


def test_next_version_is_read_by_owners_when_it_is_published(story):
    town, article = story.town, story.published(story.fixed_on_the_press())
    wording = {"title": "Too hot", "fix": "Clean the filter and the fan.", "firmware_from": "5.0"}
    story.call(story.karl, "PUT", f"/articles/{article}", wording)
    owners = story.call(town.mette, "GET", f"/articles/{article}").json
    staffs = story.call(story.birgit, "GET", f"/articles/{article}").json
    story.stand_for(story.birgit, article, "review")
    story.stand_for(story.karl, article, "publish")
    entry = story.call(town.mette, "GET", "/entries?code=T-1").json["items"][0]["id"]
    history = story.call(town.mette, "GET", f"/articles/{article}/versions").json["items"]
    beyond = story.call(town.mette, "GET", f"/entries/{entry}/articles").json["items"]
    story.call(story.birgit, "DELETE", f"/articles/{article}")

    assert (owners["number"], staffs["number"], staffs["state"]) == (1, 2, "draft")
    assert [(one["number"], one["state"]) for one in history] == [(2, "published")]
    assert beyond == []
    assert story.call(town.mette, "GET", f"/articles/{article}").status_code == 404
    refused = story.call(town.engineer, "PUT", f"/articles/{article}", wording)
    assert refused.status_code == 403
    assert story.call(story.birgit, "PUT", f"/articles/{article}", {"title": " ", "fix": "x"}).status_code == 422


def test_article_of_an_answer_tells_of_nobody_and_waits_for_enough_owners(settings, works):
    story = Story(settings, works, others=2)
    article = story.call(story.birgit, "POST", f"/comments/{story.fixed_on_the_press()}/article").json["id"]

    def reviewed(fix):
        story.call(story.birgit, "PUT", f"/articles/{article}", {"title": "Hot", "fix": fix})
        return story.stand_for(story.karl, article, "review")

    told = [reviewed(fix) for fix in ("Ask Met&#116;e", "On PR 100", "As at **Be**ta", "Clean the filter.")]
    few = story.stand_for(story.birgit, article, "publish")
    make_device(works, make_organisation(works), "KX-9", story.model)

    assert [one.status_code for one in told] == [409, 409, 409, 200]
    assert "Mette" in told[0].json["detail"]
    assert (few.status_code, story.stand_for(story.birgit, article, "publish").status_code) == (409, 200)
