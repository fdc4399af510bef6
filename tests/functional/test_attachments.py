"""A file is its sender's alone until it is said with; then it is read as its comment is, and goes when that goes."""

import hashlib
import html
import json
import os
import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.app import create_app
from statusportal.attachments.blobs import FOLDER
from statusportal.backup.taking import data_files
from statusportal.discussion.restoring import forget_taken_back
from statusportal.enclosures.clearing import BLOBS, discard_orphans
from statusportal.enclosures.models import Attachment
from statusportal.enclosures.service import drop_forgotten
from statusportal.entries.service import publish_entry
from statusportal.entries.vocabulary import Audience, EntryKind
from statusportal.erasure.erasing import erase_person
from statusportal.erasure.vocabulary import OwnWords
from statusportal.http import uploads
from statusportal.jobs.delivery import deliver_once
from statusportal.jobs.taking_out import takeout_round
from statusportal.sharing.vocabulary import LinkScope
from tests.factories.accounts import PASSWORD, actor_for, make_organisation, make_person, make_staff
from tests.factories.browsing import browser_of, parts, words
from tests.factories.doors import Visitor, token_of
from tests.factories.files import CAMERA, LOG, PDF, photo
from tests.factories.fleet import make_device
from tests.factories.links import guest_of, make_link

NOBODY = "00000000-0000-7000-8000-000000000000"


class Story:
    """Mette asks about alpha's oven; Mads is her colleague, Bo a stranger, and an engineer looks after all."""

    def __init__(self, settings, works, clock):
        self.settings, self.works, self.clock = settings, works, clock
        self.app = create_app(settings, works)
        self.alpha, beta = make_organisation(works, "alpha"), make_organisation(works, "beta")
        self.device = make_device(works, self.alpha)
        self.mette = make_person(works, self.alpha, MemberRole.CUSTOMER_ADMIN, name="Mette", password=PASSWORD)
        people = {
            "mette": self.mette,
            "mads": make_person(works, self.alpha, MemberRole.CUSTOMER),
            "bo": make_person(works, beta, MemberRole.CUSTOMER_ADMIN),
            "engineer": make_staff(works, StaffRole.ENGINEER),
        }
        self.visitors = {name: Visitor(self.app.test_client(), token_of(works, one)) for name, one in people.items()}
        with works.writing(actor_for(works, self.mette)) as work:
            self.entry = publish_entry(
                work, self.device.id, EntryKind.QUESTION, "Why?", "", audience=Audience.ORGANISATION
            )
            other = publish_entry(work, self.device.id, EntryKind.QUESTION, "Another", "")
        self.at, self.other_at = (f"/api/v1/entries/{one.id}" for one in (self.entry, other))

    def ask(self, who, method, address, **more):
        return self.visitors[who].ask(method, address, buffered=True, **more)

    def send(self, who="mette", body=None, name="IMG_1.jpg", **headers):
        body = photo() if body is None else body
        data = {"file": (BytesIO(body), name)}
        visitor = self.visitors[who]
        return visitor.client.post(
            f"{self.at}/attachments", data=data, headers={"Authorization": f"Bearer {visitor.token}", **headers}
        )

    def say(self, *files, who="mette", **more):
        return self.ask(who, "POST", f"{self.at}/comments", json={"body": "Look", "attachments": [*files], **more})

    def on_disk(self):
        folder = Path(self.settings.instance_dir) / FOLDER
        return sorted(path for path in folder.rglob("*") if path.is_file())

    def forget(self):
        """Wait until nobody can restore what was deleted."""
        self.clock.move(timedelta(minutes=1))
        with self.works.writing(SYSTEM) as work:
            forget_taken_back(work)
        self.deliver()

    def deliver(self):
        deliver_once(self.works, BLOBS)


@pytest.fixture
def story(settings, works, clock):
    return Story(settings, works, clock)


def test_file_waits_for_its_sender_and_is_read_with_its_comment(story):
    sent = story.send().json
    before = {who: story.ask(who, "GET", sent["href"]).status_code for who in story.visitors}

    said = story.say(sent["id"])

    after = {who: story.ask(who, "GET", sent["href"]) for who in story.visitors}
    opened = after["mads"]
    assert before == {"mette": 200, "mads": 404, "bo": 404, "engineer": 404}
    assert said.status_code == 201
    assert said.json["attachments"] == [sent | {"comment": said.json["id"]}]
    assert {who: one.status_code for who, one in after.items()} == {
        "mette": 200,
        "mads": 200,
        "bo": 404,
        "engineer": 200,
    }
    assert after["bo"].data == story.ask("bo", "GET", f"{story.at}/attachments/{NOBODY}").data
    assert hashlib.sha256(opened.data).hexdigest() == sent["sha256"]
    assert CAMERA.encode() not in opened.data
    assert opened.headers["Content-Disposition"] == "attachment; filename=IMG_1.jpg"
    assert opened.headers["Content-Type"] == "image/jpeg"
    assert opened.headers["X-Content-Type-Options"] == "nosniff"
    policy = opened.headers["Content-Security-Policy"].split("; ")
    assert [one for one in ("default-src 'none'", "frame-ancestors 'none'", "sandbox") if one not in policy] == []
    assert "no-store" in opened.headers["Cache-Control"]
    listed = story.ask("mads", "GET", f"{story.at}/comments").json["items"]
    assert [one["attachments"][0]["id"] for one in listed if one["attachments"]] == [sent["id"]]


def test_internal_file_is_no_customers(story):
    sent = story.send("engineer", PDF, "cost.pdf").json
    said = story.say(sent["id"], who="engineer", audience="internal")

    seen = {who: story.ask(who, "GET", sent["href"]).status_code for who in story.visitors}

    assert said.status_code == 201
    assert seen == {"mette": 404, "mads": 404, "bo": 404, "engineer": 200}


def test_only_ones_own_unused_file_of_this_entry_can_be_said_with(story):
    mine, used, engineers = story.send().json, story.send().json, story.send("engineer").json
    story.say(used["id"])
    elsewhere = story.ask(
        "mette", "POST", f"{story.other_at}/comments", json={"body": "Look", "attachments": [mine["id"]]}
    )

    answer = story.say(mine["id"], used["id"], engineers["id"], NOBODY, mine["id"])

    assert elsewhere.status_code == answer.status_code == 422
    assert [one["pointer"] for one in answer.json["errors"]] == [f"/attachments/{place}" for place in (1, 2, 3, 4)]
    assert story.ask("mette", "GET", f"{story.at}/comments").json["items"][-1]["attachments"][0]["id"] == used["id"]
    assert [one["id"] for one in story.ask("mette", "GET", f"{story.at}/attachments").json["items"]] == [mine["id"]]


def test_file_goes_with_its_comment_and_its_bytes_with_it(story):
    sent = story.send().json
    said = story.say(sent["id"]).json
    lay = len(story.on_disk())

    story.ask("mette", "DELETE", f"/api/v1/comments/{said['id']}")
    hidden = story.ask("mette", "GET", sent["href"]).status_code
    story.ask("mette", "POST", f"/api/v1/comments/{said['id']}/restore")
    restored = story.ask("mads", "GET", sent["href"]).status_code
    story.ask("mette", "DELETE", f"/api/v1/comments/{said['id']}")
    story.forget()

    assert (lay, hidden, restored) == (2, 404, 200)
    assert story.on_disk() == []
    assert story.ask("mette", "GET", sent["href"]).status_code == 404


def test_file_of_what_is_taken_back_unsent_waits_for_the_next_words(story):
    sent = story.send().json
    said = story.say(sent["id"]).json
    browser = browser_of(story.app, story.mette)

    browser.send(f"/comments/{said['id']}/undo", f"/entries/{story.entry.id}")
    story.forget()
    page = browser.get(f"/entries/{story.entry.id}").text

    assert [one["id"] for one in story.ask("mette", "GET", f"{story.at}/attachments").json["items"]] == [sent["id"]]
    assert f'value="{sent["id"]}" checked' in page
    assert len(story.on_disk()) == 2


def test_file_that_waits_can_be_removed_and_one_that_was_said_with_cannot(story):
    waiting, said = story.send(body=LOG.encode(), name="a.log").json, story.send().json
    story.say(said["id"])

    answers = [story.ask("mette", "DELETE", one["href"]).status_code for one in (waiting, said)]
    others = story.ask("mads", "DELETE", said["href"]).status_code
    story.deliver()

    assert (answers, others) == ([204, 409], 403)
    assert story.ask("mette", "GET", waiting["href"]).status_code == 404
    assert len(story.on_disk()) == 2


def test_what_nobody_said_anything_with_is_gone_after_a_day_and_orphans_after_an_hour(story):
    waiting, said = story.send(body=LOG.encode(), name="a.log").json, story.send(body=PDF).json
    story.say(said["id"])
    orphan = Path(story.settings.instance_dir) / FOLDER / "ab" / ("ab" * 32)
    orphan.parent.mkdir(exist_ok=True)
    orphan.write_bytes(b"left by a kill")
    for path in story.on_disk():
        os.utime(path, (story.clock.now().timestamp(),) * 2)

    counts = []
    for step in (timedelta(minutes=59), timedelta(minutes=2), timedelta(hours=24)):
        story.clock.move(step)
        with story.works.writing(SYSTEM) as work:
            forgotten = drop_forgotten(work)
        counts.append((discard_orphans(story.works), forgotten))

    assert counts == [(0, 0), (1, 0), (1, 1)]
    assert story.ask("mette", "GET", waiting["href"]).status_code == 404
    assert story.ask("mette", "GET", said["href"]).data == PDF


def test_second_sending_under_one_key_keeps_one_file(story):
    first, second = (story.send(**{"Idempotency-Key": "one"}) for _ in range(2))
    other = story.send(body=PDF, **{"Idempotency-Key": "one"})

    assert (first.status_code, second.json) == (201, first.json)
    assert other.status_code == 409
    assert len(story.ask("mette", "GET", f"{story.at}/attachments").json["items"]) == 1


def test_limits_of_a_person_and_of_an_organisation_hold(story, works, monkeypatch):
    works.settings = msgspec.structs.replace(works.settings, attachment_bytes_per_person_day=10)
    answers = [story.send(body=LOG.encode(), name="a.log")]
    taken_away = story.ask("mette", "DELETE", answers[0].json["href"]).status_code
    answers.append(story.send(body=LOG.encode(), name="a.log"))
    works.settings = msgspec.structs.replace(works.settings, attachment_bytes_per_person_day=0)
    monkeypatch.setattr(uploads, "MOST_FILES_AN_HOUR", 1)
    many = [story.send("mads", LOG.encode(), f"{number}.log").status_code for number in range(2)]
    works.settings = msgspec.structs.replace(works.settings, attachment_bytes_per_organisation=10)
    full = story.send("engineer", LOG.encode(), "b.log")

    assert ([one.status_code for one in answers], taken_away, many) == ([201, 429], 204, [201, 429])
    assert answers[1].headers["Retry-After"]
    assert full.status_code == 409


def test_link_shows_the_files_of_what_it_shows(story):
    with story.works.writing(actor_for(story.works, story.mette)) as work:
        shared = publish_entry(work, story.device.id, EntryKind.QUESTION, "Shared", "", audience=Audience.SHARED)
    story.at = f"/api/v1/entries/{shared.id}"
    shown, inside = story.send().json, story.send("engineer", PDF, "cost.pdf").json
    story.say(shown["id"])
    story.say(inside["id"], who="engineer", audience="internal")
    _, token = make_link(story.works, actor_for(story.works, story.mette), shared, LinkScope.READ)
    guest, place = guest_of(story.app, token)

    page = guest.get(place).text
    answers = [guest.get(f"{place}/entries/{shared.id}/attachments/{one['id']}") for one in (shown, inside)]

    assert shown["id"] in page
    assert inside["id"] not in page
    assert [one.status_code for one in answers] == [200, 404]
    assert hashlib.sha256(answers[0].data).hexdigest() == shown["sha256"]


def test_row_names_no_file_that_is_not_there(story, works):
    sent = story.send().json
    with works.reading(SYSTEM) as work:
        row = work.session.scalars(select(Attachment)).one()

    path = next(one for one in story.on_disk() if one.name == row.storage_key)

    assert hashlib.sha256(path.read_bytes()).hexdigest() == sent["sha256"] == row.sha256
    assert path.stat().st_mode & 0o777 == 0o600


def test_takeouts_hold_the_files_one_may_open_with_their_hashes(story, works):
    mine, inside = story.send().json, story.send("engineer", PDF, "cost.pdf").json
    waiting = story.send(body=LOG.encode(), name="waits.log").json
    story.say(mine["id"])
    story.say(inside["id"], who="engineer", audience="internal")

    found = {}
    for name, wish in (("person", {}), ("organisation", {"organisation": str(story.alpha.id)})):
        asked = story.ask("mette", "POST", "/api/v1/exports", json=wish).json["id"]
        while takeout_round(works) == 0.0:
            pass
        whole = story.ask("mette", "GET", f"/api/v1/exports/{asked}/file").data
        with zipfile.ZipFile(BytesIO(whole)) as archive:
            stated = {one["name"]: one["sha256"] for one in json.loads(archive.read("manifest.json"))["files"]}
            files = [one for one in archive.namelist() if "/files/" in one]
            found[name] = {one: hashlib.sha256(archive.read(one)).hexdigest() for one in files}
            assert {one: stated[one] for one in files} == found[name]

    assert set(found["person"].values()) == {mine["sha256"], waiting["sha256"]}
    assert found["organisation"] == {f"organisation/files/{mine['id']}-IMG_1.jpg": mine["sha256"]}


@pytest.mark.parametrize("own_words", OwnWords)
def test_erased_person_leaves_no_file_whatever_becomes_of_the_words(story, works, own_words):
    mine, others = story.send().json, story.send("mads", LOG.encode(), "a.log").json
    story.say(mine["id"])
    story.say(others["id"], who="mads")
    story.send(body=PDF, name="waits.pdf")

    with works.writing(SYSTEM) as work:
        erase_person(work, story.mette.id, own_words)
    story.deliver()

    assert [path.read_bytes() for path in story.on_disk()] == [LOG.encode()]
    with works.reading(SYSTEM) as work:
        assert [row.name for row in work.session.scalars(select(Attachment))] == ["a.log"]


def test_form_without_scripts_sends_files_and_keeps_words_and_files_when_one_is_refused(story):
    browser = browser_of(story.app, story.mette)
    page = f"/entries/{story.entry.id}"
    wrong = {"body": "It smells.", "files": [(BytesIO(photo()), "IMG_1.jpg"), (BytesIO(b"<svg>"), "a.svg")]}

    refused = browser.send(f"{page}/comments", page, **wrong)
    kept = [one["value"] for tag, one in parts(refused.text) if tag == "input" and one.get("name") == "attachments"]
    sent = browser.send(f"{page}/comments", page, body="It smells.", attachments=kept)

    shown = browser.get(page).text
    assert refused.status_code == 422
    assert "a.svg" in words(refused.text)
    assert "It smells." in refused.text
    assert (len(kept), sent.status_code) == (1, 303)
    assert f"{page}/attachments/{kept[0]}/show" in shown
    show = browser.get(f"{page}/attachments/{kept[0]}/show")
    assert f"{page}/attachments/{kept[0]}" in show.text
    assert browser.get(f"{page}/attachments/{kept[0]}/preview").data.startswith(b"\xff\xd8\xff")


def test_text_is_read_on_its_page_as_text(story):
    said = "<b>flow</b> & 1.9\n" * 2
    sent = story.send(body=said.encode(), name="a.log").json
    story.say(sent["id"])

    page = browser_of(story.app, story.mette).get(sent["href"].removeprefix("/api/v1") + "/show").text

    assert said in words_of_pre(page)


def test_hostile_names_and_texts_of_files_stand_as_words(story):
    name, hostile = "'><svg onload=alert(1)>{{7777*7}}.log", "\"'><b onclick=alert(1)>{{7777*7}}</pre>"
    said = story.say(story.send(body=f"flow {hostile}".encode(), name=name).json["id"])
    browser = browser_of(story.app, story.mette)
    sent = said.json["attachments"][0]

    pages = [browser.get(f"/entries/{story.entry.id}{more}").text for more in ("", f"/attachments/{sent['id']}/show")]

    for page in pages:
        assert hostile in words(page)
        assert sent["name"] in words(page)
        assert [one for _tag, one in parts(page) if any(name.startswith("on") for name in one)] == []
        assert "54439" not in page


def test_backup_holds_the_files(story):
    story.say(story.send().json["id"])

    copied = {path.name for path in data_files(Path(story.settings.instance_dir))}

    assert {path.name for path in story.on_disk()} <= copied
    assert len(story.on_disk()) == 2


def words_of_pre(page):
    return html.unescape(page.partition("<pre")[2].partition(">")[2].partition("</pre>")[0])
