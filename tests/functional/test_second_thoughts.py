"""What is written is never lost: drafts on every device, previews, undo, two edits at once, parents that are gone."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.app import create_app
from statusportal.discussion.models import CommentRevision, TakenBack
from statusportal.jobs.sweeping import sweep_round
from tests.factories.accounts import PASSWORD, make_organisation, make_person
from tests.factories.browsing import Browser, browser_of, field, words
from tests.factories.doors import Visitor, token_of
from tests.factories.fleet import make_device


class Talk:
    """An entry of alpha's, with Mette, who writes in two browsers, and others at its door."""

    def __init__(self, settings, works, clock):
        self.works, self.clock = works, clock
        app = create_app(settings, works)
        alpha, beta = make_organisation(works, "alpha"), make_organisation(works, "beta")
        self.device = device = make_device(works, alpha)
        make_device(works, beta)
        people = {
            "mette": make_person(works, alpha, MemberRole.CUSTOMER_ADMIN, name="Mette", password=PASSWORD),
            "mads": make_person(works, alpha, name="Mads", password=PASSWORD),
            "stranger": make_person(works, beta, MemberRole.CUSTOMER_ADMIN),
            "engineer": make_person(works, staff_role=StaffRole.ENGINEER, name="Jonas", password=PASSWORD),
        }
        self.browsers = {name: browser_of(app, people[name]) for name in ("mette", "mads", "engineer")}
        self.doors = {name: Visitor(app.test_client(), token_of(works, one)) for name, one in people.items()}
        question = {"kind": "question", "title": "Why?"}
        self.entry = self.ask("mads", "POST", f"/devices/{device.id}/entries", json=question).json["id"]
        self.page = f"/entries/{self.entry}"

    def ask(self, name, method, path, **more):
        return self.doors[name].ask(method, f"/api/v1{path}", **more)

    def said(self, name="mette", body="Words", **more):
        return self.ask(name, "POST", f"/entries/{self.entry}/comments", json={"body": body, **more}).json

    def send(self, browser: Browser, address: str, **fields: str):
        return browser.send(address, self.page, **fields)

    def typed(self, name="mette", query=""):
        """Return what the composer of somebody's page holds."""
        page = self.browsers[name].get(self.page + query).text
        return page.partition('name="body"')[2].partition(">")[2].partition("</textarea>")[0]


def draft_key(page):
    """Return under which name a page keeps a draft in its browser."""
    return page.partition('data-draft="')[2].partition('"')[0]


@pytest.fixture
def talk(settings, works, clock):
    return Talk(settings, works, clock)


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_draft_in_a_shared_browser_is_kept_under_the_name_of_who_wrote_it(talk):
    pages = (talk.page, f"/devices/{talk.device.id}/ask")
    keys = [[draft_key(talk.browsers[name].get(page).text) for page in pages] for name in ("mette", "mads", "engineer")]

    assert len({key for both in keys for key in both if key}) == 6


def test_preview_shows_the_words_to_nobody_else_and_keeps_them_as_a_draft(talk):
    mette = talk.browsers["mette"]

    shown = talk.send(mette, f"{talk.page}/comments", body="It is **hot** <script>", do="preview")
    drawn = talk.ask("mette", "POST", f"/entries/{talk.entry}/preview", json={"body": "**hot**"}).json

    assert shown.status_code == 200
    assert "<p>It is <strong>hot</strong> &lt;script&gt;</p>" in shown.text
    assert drawn == {"body_html": "<p><strong>hot</strong></p>\n"}
    assert talk.ask("mads", "GET", f"/entries/{talk.entry}/comments").json["items"] == []
    assert talk.typed() == "It is **hot** &lt;script&gt;"


def test_draft_is_on_every_device_of_its_author_and_nobody_elses(talk):
    draft = f"/entries/{talk.entry}/draft"
    parent = talk.said("mads")["id"]

    kept = talk.ask("mette", "PUT", draft, json={"body": "half a", "parent_id": parent})
    seen = {name: talk.ask(name, "GET", draft) for name in ("mads", "engineer", "stranger")}

    assert (kept.status_code, kept.json["body"], kept.json["parent_id"]) == (200, "half a", parent)
    assert talk.typed() == "half a"
    assert {name: (one.status_code, one.json.get("body")) for name, one in seen.items()} == {
        "mads": (200, ""),
        "engineer": (200, ""),
        "stranger": (404, None),
    }
    talk.send(talk.browsers["mette"], f"{talk.page}/comments", body="half a sentence", parent_id=parent)
    assert talk.ask("mette", "GET", draft).json == {"body": "", "parent_id": None, "saved_at": None}
    assert talk.typed() == ""


def test_deleted_words_come_back_whole_until_they_are_gone_for_good(talk):
    comment = talk.said(body="one")["id"]
    address = f"/comments/{comment}"
    talk.ask("mette", "PATCH", address, json={"body": "two"})
    talk.clock.move(timedelta(minutes=5))

    talk.ask("mette", "DELETE", address)
    hidden = talk.ask("mads", "GET", address).json
    offered = "undelete" not in talk.browsers["mads"].get(talk.page).text
    page = talk.browsers["mette"].get(talk.page).text
    forbidden = talk.ask("mads", "POST", f"{address}/restore").status_code
    back = talk.send(talk.browsers["mette"], f"{address}/restore")
    restored = talk.ask("mads", "GET", address).json
    before = talk.ask("mads", "GET", f"{address}/revisions").json["items"]

    assert (hidden["state"], hidden["body_markdown"]) == ("deleted", "")
    assert offered
    assert f'formaction="{address}/restore"' in page
    assert (forbidden, back.status_code) == (403, 303)
    assert (restored["state"], restored["body_markdown"], restored["body_html"]) == ("visible", "two", "<p>two</p>\n")
    assert [one["body_markdown"] for one in before] == ["one"]

    talk.ask("mette", "DELETE", address)
    talk.clock.move(timedelta(seconds=20))
    late = talk.ask("mette", "POST", f"{address}/restore")
    sweep_round(talk.works)

    assert (late.status_code, late.json["detail"]) == (409, "These words are gone for good.")
    with talk.works.reading(SYSTEM) as work:
        left = [work.session.scalar(select(func.count()).select_from(one)) for one in (TakenBack, CommentRevision)]
    assert left == [0, 0]


def test_sent_words_come_back_into_the_composer_and_leave_no_place(talk):
    parent = talk.said("mads")["id"]
    sent = talk.said(body="too early", parent_id=parent)["id"]

    undone = talk.send(talk.browsers["mette"], f"/comments/{sent}/undo")
    talk.clock.move(timedelta(minutes=1))

    assert (undone.status_code, undone.location) == (303, f"{talk.page}#write")
    assert talk.typed() == "too early"
    assert talk.ask("mads", "GET", f"/comments/{sent}").json["body_markdown"] == ""
    assert f'id="c-{sent}"' not in talk.browsers["mads"].get(talk.page).text


def test_second_of_two_edits_is_told_and_loses_nothing(talk):
    comment = talk.said(body="first wording")
    address = f"/comments/{comment['id']}"
    desk = talk.browsers["mette"]
    form = desk.get(f"{address}/edit").text
    stale = talk.ask("mette", "GET", address).headers["ETag"]

    talk.ask("mette", "PATCH", address, json={"body": "from the phone"})
    clash = desk.send(f"{address}/edit", f"{address}/edit", body="from the <desk>", version=field(form, "version"))
    refused = talk.doors["mette"].client.patch(
        f"/api/v1{address}",
        json={"body": "from a script"},
        headers={"If-Match": stale, "Authorization": f"Bearer {talk.doors['mette'].token}"},
    )
    again = desk.send(f"{address}/edit", f"{address}/edit", body="both", version=field(clash.text, "version"))

    assert (comment["version"], stale) == (1, '"1"')
    assert (clash.status_code, refused.status_code, again.status_code) == (412, 412, 303)
    assert "from the phone" in words(clash.text)
    assert "from the &lt;desk&gt;" in clash.text
    assert [one["body_markdown"] for one in talk.ask("mads", "GET", f"{address}/revisions").json["items"]] == [
        "first wording",
        "from the phone",
    ]
    assert talk.ask("mads", "GET", address).json["version"] == 3


def test_second_of_two_edits_of_an_entry_is_told(talk):
    mads = talk.browsers["mads"]
    form = mads.get(f"{talk.page}/edit").text
    talk.said(body="Talk below changes no wording.")
    talk.clock.move(timedelta(seconds=3))
    talk.ask("mads", "PATCH", f"/entries/{talk.entry}", json={"title": "Why is it warm?"})

    clash = mads.send(
        f"{talk.page}/edit", f"{talk.page}/edit", title="Why is it hot?", body="", version=field(form, "version")
    )

    assert clash.status_code == 412
    assert [one in clash.text for one in ("Why is it warm?", "Why is it hot?")] == [True, True]
    assert talk.ask("mads", "GET", f"/entries/{talk.entry}").json["title"] == "Why is it warm?"


def test_answer_to_what_was_deleted_meanwhile_is_refused_and_kept(talk):
    parent = talk.said("mads", "soon gone")["id"]
    talk.ask("mads", "DELETE", f"/comments/{parent}")

    answered = talk.send(talk.browsers["mette"], f"{talk.page}/comments", body="my long answer", parent_id=parent)
    by_api = talk.ask("mette", "POST", f"/entries/{talk.entry}/comments", json={"body": "x", "parent_id": parent})

    assert (answered.status_code, by_api.status_code) == (422, 422)
    assert by_api.json["errors"] == [
        {"pointer": "/parent_id", "detail": "was deleted meanwhile. Send it to the whole conversation instead."}
    ]
    assert ">my long answer</textarea>" in answered.text
    assert field(answered.text, "parent_id") == ""


def test_quotation_stands_in_the_composer_behind_what_was_begun(talk):
    said = talk.said("mads", "It hums.\n\nAnd it is warm.")["id"]
    talk.ask("mette", "PUT", f"/entries/{talk.entry}/draft", json={"body": "Listen:"})

    assert talk.typed(query=f"?reply={said}&from={said}&quote=1") == (
        "Listen:\n\n&gt; It hums.\n&gt;\n&gt; And it is warm.\n\n"
    )


def test_update_moves_the_entry_in_the_same_act_and_a_report_has_its_four_lines(talk):
    lines = {"found": "Filter blocked", "did": "Changed it", "parts": "M3-114", "next": ""}

    update = talk.said("engineer", "We found it.", kind="update", lifecycle="identified")
    report = talk.ask(
        "engineer", "POST", f"/entries/{talk.entry}/comments", json={"kind": "field_report", "report": lines}
    ).json
    refused = [
        talk.ask("engineer", "POST", f"/entries/{talk.entry}/comments", json=body).json["errors"][0]["pointer"]
        for body in ({"body": "x", "lifecycle": "resolved"}, {"body": "x", "report": lines}, {"kind": "field_report"})
    ]
    talk.send(talk.browsers["engineer"], f"{talk.page}/comments", body="", found="Again", kind="comment")

    assert talk.ask("mette", "GET", f"/entries/{talk.entry}").json["lifecycle"] == "identified"
    assert (update["kind"], update["report"]) == ("update", None)
    assert report["report"] == {**lines, "more": ""}
    assert report["body_markdown"] == "Found: Filter blocked\n\nDid: Changed it\n\nParts: M3-114"
    assert refused == ["/lifecycle", "/report", "/body"]
    page = words(talk.browsers["mette"].get(talk.page).text)
    assert "Found Filter blocked Did Changed it Parts M3-114" in page
    assert "Found Again" in page


def test_text_holds_what_its_reader_sees(talk):
    root = talk.said("mads", "It hums.")["id"]
    talk.said("engineer", "Turn it off.\nThen on.", parent_id=root)
    talk.said("engineer", "Old customer, be kind.", audience="internal")
    gone = talk.said("mette", "canary")["id"]
    talk.ask("mette", "DELETE", f"/comments/{gone}")

    mettes = talk.browsers["mette"].get(f"{talk.page}/text")
    staffs = talk.browsers["engineer"].get(f"{talk.page}/text").text

    assert mettes.content_type == "text/plain; charset=utf-8"
    assert mettes.text.splitlines()[:1] == ["Why?"]
    assert "Mads, 2026-11-18T12:00:00.000Z:\n  It hums.\n" in mettes.text
    assert "  Jonas, 2026-11-18T12:00:00.000Z:\n    Turn it off.\n    Then on.\n" in mettes.text
    assert "  (deleted)\n" in mettes.text
    assert [("be kind" in one, "canary" in one) for one in (mettes.text, staffs)] == [(False, False), (True, False)]
    assert talk.ask("stranger", "GET", f"/entries/{talk.entry}").status_code == 404
