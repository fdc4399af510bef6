"""An owner shares an entry with the other owners of the model, anonymised; others answer under an alias."""

import msgspec
import pytest
from sqlalchemy import select, text

from statusportal.access.actor import SYSTEM
from statusportal.app import create_app
from statusportal.community.answering import answer_publication, take_answer_back
from statusportal.community.drafting import draft_of
from statusportal.community.forgetting import forget_copy
from statusportal.community.models import Publication, PublicationConsent, PublicationLine, PublicationVoice
from statusportal.community.queries import answers_to, lines_page, publication_for
from statusportal.community.sharing import revoke_publication, share_entry
from statusportal.community.vocabulary import SharedWords
from statusportal.consent.widening import ask_owner, change_audience
from statusportal.discussion.events import CommentDeleted
from statusportal.discussion.queries import thread_of
from statusportal.discussion.service import delete_comment
from statusportal.discussion.vocabulary import ThreadSort
from statusportal.entries.models import StatusEntry
from statusportal.entries.queries import entry_for
from statusportal.entries.service import edit_entry, publish_entry
from statusportal.entries.vocabulary import Audience, EntryKind
from statusportal.erasure.unsharing import forget_owner, forget_speaker
from statusportal.foundation.errors import Conflict, Forbidden, Invalid, NotFound
from statusportal.foundation.paging import Slice
from statusportal.insight import communities
from statusportal.prose.markdown import plain_text
from tests.factories.accounts import actor_for
from tests.factories.browsing import browser_of, words
from tests.factories.community import TELLING, Community
from tests.factories.doors import token_of


@pytest.fixture
def scene(works):
    return Community(works)


def do(scene, person, verb, *arguments):
    with scene.works.writing(actor_for(scene.works, person)) as work:
        return verb(work, *arguments)


def told_in(content):
    """Give what of the owner's stands in an answer, however it is cased."""
    return [word for word in TELLING if word in content.casefold()]


def test_no_answer_of_the_community_tells_who_the_owner_is(works, scene):
    row = scene.share()
    app = create_app(works.settings, works)
    other = browser_of(app, scene.others[0]).client

    read = {
        path: other.get(path).text
        for path in (
            f"/community/{row.id}",
            "/models/aurora-m3",
            f"/api/v1/publications/{row.id}",
            f"/api/v1/models/{scene.model.id}/community",
            "/api/v1/search?q=fat",
            "/api/v1/search?q=flow",
            "/api/v1/publications?q=flow",
            "/search?q=flow",
        )
    }

    assert {path: told_in(content) for path, content in read.items() if told_in(content)} == {}
    assert "3.58 % fat since 12:00" in read[f"/community/{row.id}"]
    ids = [scene.owner.id, scene.device.id, scene.entry.id, scene.chief.id, scene.member.id, scene.expert.id]
    assert [one for one in ids if any(str(one) in content for content in read.values())] == []
    answer = msgspec.json.decode(read[f"/api/v1/publications/{row.id}"])
    times = [answer[name] for name in ("began_at", "shared_at", "last_word_at")]
    times += [one["said_at"] for one in answer["comments"]]
    assert {time[13:] for time in times} == {":00:00.000Z"}
    assert [one["role"] for one in answer["comments"]] == ["customer", "expert"]


def test_only_owners_of_the_model_and_staff_find_it(works, scene):
    row = scene.share()
    with works.reading(actor_for(works, scene.stranger)) as work, pytest.raises(NotFound):
        publication_for(work, row.id)
    with pytest.raises(NotFound):
        do(scene, scene.stranger, answer_publication, row.id, "Let me in")

    for person in (scene.others[0], scene.expert, scene.member):
        with works.reading(actor_for(works, person)) as work:
            assert publication_for(work, row.id).title == row.title


def test_fewer_than_five_owners_close_the_option(works):
    scene = Community(works, owners=4)

    with works.reading(actor_for(works, scene.chief)) as work:
        assert (draft_of(work, scene.entry.id).is_open, draft_of(work, scene.entry.id).owners) == (False, 4)
    with pytest.raises(Conflict, match="5 organisations"):
        scene.share()


def test_narrower_words_and_those_of_others_stay_at_home(works, scene):
    scene.say(scene.expert, "Goodwill agreed.", Audience.INTERNAL)
    with works.reading(actor_for(works, scene.chief)) as work:
        draft = draft_of(work, scene.entry.id)

    assert [line.role for line in draft.lines] == ["customer", "expert"]
    assert draft.left_out == 0


def test_owner_shares_nothing_that_they_did_not_see(works, scene):
    with works.reading(actor_for(works, scene.chief)) as work:
        draft = draft_of(work, scene.entry.id)
    comment_id = draft.lines[0].comment_id
    with pytest.raises(Invalid) as found:
        do(scene, scene.chief, share_entry, scene.entry.id, SharedWords("Mette asks", "", {comment_id: "Engdal"}))
    assert [error.pointer for error in found.value.errors] == ["/title", "/comments/0/body"]
    for person in (scene.member, scene.expert):
        with pytest.raises(Forbidden):
            do(scene, person, share_entry, scene.entry.id, SharedWords("Fine", "", {}))

    row = do(scene, scene.chief, share_entry, scene.entry.id, SharedWords("Fat too high", "In my words.", {}))
    do(scene, scene.chief, edit_entry, scene.entry.id, "Secret sauce", "Of pears")
    with works.reading(actor_for(works, scene.others[0])) as work:
        found = publication_for(work, row.id)
        assert (found.title, found.body_markdown, lines_page(work, row.id, Slice()).items) == (
            "Fat too high",
            "In my words.",
            [],
        )


def test_taken_back_it_is_a_place_without_words_at_once(works, scene):
    row = scene.share()
    client = browser_of(create_app(works.settings, works), scene.others[0]).client
    do(scene, scene.others[0], answer_publication, row.id, "Have you tried the filter?")
    do(scene, scene.chief, revoke_publication, scene.entry.id)

    answer = client.get(f"/api/v1/publications/{row.id}").json
    assert (answer["state"], answer["title"], answer["comments"], answer["alias"]) == ("revoked", "", [], "")
    assert "has taken this back" in words(client.get(f"/community/{row.id}").text)
    assert client.get(f"/api/v1/models/{scene.model.id}/community").json["items"] == []
    with pytest.raises(Conflict):
        do(scene, scene.others[0], answer_publication, row.id, "Hello?")
    with works.reading(SYSTEM) as work:
        rows = work.session.execute(text("SELECT title, body_markdown FROM publication")).all()
        copies = work.session.scalar(text("SELECT count(*) FROM publication_line WHERE NOT is_reply"))
    assert (rows, copies) == ([("", "")], 0)


def test_two_publications_of_one_owner_share_no_alias_and_no_id(works, scene):
    first, second = scene.share(), scene.share(scene.ask("Another", "Question"))
    do(scene, scene.chief, revoke_publication, scene.entry.id)
    again = scene.share()

    assert len({first.id, second.id, again.id}) == 3
    assert len({first.alias, second.alias, again.alias} - {""}) >= 2
    assert first.id.version == second.id.version == 4


def test_alias_is_one_within_a_publication_and_belongs_to_its_speaker(works, scene):
    row = scene.share()
    mine = [do(scene, scene.others[0], answer_publication, row.id, body) for body in ("One", "Two")]
    theirs = do(scene, scene.others[1], answer_publication, row.id, "Three")
    own = do(scene, scene.chief, answer_publication, row.id, "Thank you")
    staff = do(scene, scene.expert, answer_publication, row.id, "Mette at Engdal should look again")

    assert mine[0].alias == mine[1].alias
    assert len({mine[0].alias, theirs.alias, own.alias, staff.alias}) == 4
    assert (own.alias, staff.alias, staff.role) == (row.alias, "Maker", "expert")
    assert told_in(staff.body_markdown) == []
    with pytest.raises(Forbidden):
        do(scene, scene.others[1], take_answer_back, row.id, mine[0].id)
    do(scene, scene.others[0], take_answer_back, row.id, mine[0].id)
    client = browser_of(create_app(works.settings, works), scene.member).client
    answer = client.get(f"/api/v1/entries/{scene.entry.id}/publication").json
    assert (answer["id"], [one["body_markdown"] for one in answer["comments"] if one["is_reply"]][1:]) == (
        str(row.id),
        ["Two", "Three", "Thank you", staff.body_markdown],
    )
    with works.reading(actor_for(works, scene.chief)) as work:
        said = [one.body_markdown for one in answers_to(work, entry_for(work, scene.entry.id))]
    assert said == ["Two", "Three", "Thank you", staff.body_markdown]


def test_speakers_own_names_are_taken_out_of_what_they_say(works, scene):
    row = scene.share()

    line = do(scene, scene.others[0], answer_publication, row.id, "Otto Lund1 of Owner-1 had it on AM3-30001 too.")

    assert line.body_markdown == "\u2039person\u203a of \u2039organisation\u203a had it on \u2039machine\u203a too."


def test_no_row_of_an_answer_leads_an_organisation_to_another(works, scene):
    row = scene.share()
    do(scene, scene.others[0], answer_publication, row.id, "Me too")

    if works.engine.dialect.name == "postgresql":
        with works.reading(actor_for(works, scene.others[0])) as work:
            voices = list(work.session.scalars(text("SELECT DISTINCT organisation_id FROM publication_voice")))
            consents = work.session.scalar(text("SELECT count(*) FROM publication_consent"))
        assert (voices, consents) == ([next(iter(actor_for(works, scene.others[0]).organisations))], 0)
    with works.reading(SYSTEM) as work:
        for table in ("publication", "publication_line"):
            for found in work.session.execute(text(f"SELECT * FROM {table}")):  # noqa: S608 - our tables
                assert told_in(str(found)) == []


def test_staff_ask_and_the_owner_answers_by_sharing(works, scene):
    do(scene, scene.expert, ask_owner, scene.entry.id, Audience.MODEL)
    scene.share()

    with works.reading(actor_for(works, scene.chief)) as work:
        assert entry_for(work, scene.entry.id).wished_audience is None


def test_search_finds_it_for_owners_of_the_model_alone_until_it_is_taken_back(works, scene, monkeypatch):
    row = scene.share()
    do(scene, scene.others[0], answer_publication, row.id, "Descaling helped here.")
    app, read = create_app(works.settings, works), []
    monkeypatch.setattr(communities, "plain_text", lambda text: read.append(text) or plain_text(text))
    other, stranger = browser_of(app, scene.others[1]).client, browser_of(app, scene.stranger).client
    asked = {
        query: (other.get(f"/api/v1/publications?q={query}").json, stranger.get(f"/api/v1/publications?q={query}").json)
        for query in ("fat", "descaling", "engdal", "20417", "nowhere")
    }
    was_read = len(read)
    page, theirs = words(other.get("/search?q=descaling").text), words(stranger.get("/search?q=descaling").text)
    do(scene, scene.chief, revoke_publication, scene.entry.id)

    assert {query: (found["total"], none["total"]) for query, (found, none) in asked.items()} == {
        "fat": (1, 0),
        "descaling": (1, 0),
        "engdal": (0, 0),
        "20417": (0, 0),
        "nowhere": (0, 0),
    }
    assert was_read == 2, "no Markdown is read but that of the two hits"
    assert "<mark>Descaling</mark>" in asked["descaling"][0]["items"][0]["excerpt"]
    assert "From other owners" in page
    assert "From other owners" not in theirs
    assert other.get("/api/v1/publications?q=fat").json == {"items": [], "total": 0}


def test_comment_that_its_author_takes_back_goes_from_the_copy_too(works, scene):
    row = scene.share()
    with works.reading(actor_for(works, scene.member)) as work:
        (mine,) = [
            line.comment
            for line in thread_of(work, scene.entry.id, ThreadSort.OLDEST, Slice()).items
            if line.comment.author_id == scene.member.id
        ]
    do(scene, scene.member, delete_comment, mine.id)

    with works.reading(actor_for(works, scene.others[0])) as work:
        assert [(one.state, one.body_markdown != "") for one in lines_page(work, row.id, Slice()).items] == [
            ("deleted", False),
            ("visible", True),
        ]
        assert publication_for(work, row.id).line_count == 1


def test_copy_of_one_who_has_left_goes_when_they_take_their_words_back(works, scene):
    row = scene.share()
    with works.reading(SYSTEM) as work:
        mine = work.session.scalars(select(PublicationVoice).where(PublicationVoice.person_id == scene.member.id)).one()
    named = {"organisation_id": scene.owner.id, "device_id": scene.device.id, "entry_id": scene.entry.id}
    with works.writing(actor_for(works, scene.stranger)) as work:
        forget_copy(work, CommentDeleted(**named, comment_id=mine.comment_id))

    with works.reading(SYSTEM) as work:
        assert work.session.get_one(PublicationLine, (row.id, mine.line_id)).body_markdown == ""
        assert work.session.get_one(Publication, row.id).line_count == 1


def test_owner_looks_takes_more_out_and_shares_on_the_page(works, scene):
    chief = browser_of(create_app(works.settings, works), scene.chief)
    page = f"/entries/{scene.entry.id}/community"
    shown = words(chief.get(page).text)
    fields = {"title": "The only lab with two lines", "body": "In short."}
    again = chief.send(page, page, act="look", take_out="lab with two lines", **fields).text
    unseen = chief.send(page, page, act="share", **fields)
    told = chief.send(page, page, act="share", looked="1", title="Mette asks", body="")
    shared = chief.send(page, page, act="share", looked="1", **fields)

    assert "AM3-20417" in shown
    assert "6 organisations can find it" in shown
    assert 'value="The only \u2039organisation\u203a"' in again
    assert (unseen.status_code, told.status_code, shared.status_code) == (422, 422, 303)
    assert "Still holds something that tells who you are" in words(told.text)

    assert "From the community" in words(chief.get(f"/entries/{scene.entry.id}").text)
    assert chief.send(f"{page}/revoke", page).status_code == 303
    assert "has taken this back" in words(chief.get(shared.headers["Location"]).text)


def test_what_staff_hide_from_its_owner_is_shared_no_more(works, scene):
    words = (EntryKind.FIELD_UPDATE, "Cell changed", "We changed the cell.", Audience.ORGANISATION)
    entry = do(scene, scene.expert, publish_entry, scene.device.id, *words)
    row = scene.share(entry)
    do(scene, scene.expert, change_audience, entry.id, Audience.INTERNAL)

    with works.reading(actor_for(works, scene.others[0])) as work:
        found = publication_for(work, row.id)
        assert (found.state, found.title, found.body_markdown, found.line_count) == ("revoked", "", "", 0)
    with works.reading(SYSTEM) as work:
        assert work.session.scalars(select(PublicationConsent)).one().revoked_by == scene.expert.id
        assert entry_for(work, entry.id).publication_id is None


def test_whoever_is_erased_leaves_no_word_in_a_community(works, scene):
    row, other = scene.share(), scene.share(scene.ask("Another", "Question"))
    do(scene, scene.others[0], answer_publication, row.id, "Descale it")
    do(scene, scene.others[1], answer_publication, row.id, "Thank you")
    with works.writing(SYSTEM) as work:
        forget_speaker(work, scene.others[0].id)
    with works.reading(actor_for(works, scene.others[1])) as work:
        said = [one.body_markdown for one in lines_page(work, row.id, Slice()).items if one.is_reply]
    with works.writing(SYSTEM) as work:
        forget_owner(work, scene.owner.id)

    assert said == ["", "Thank you"]
    with works.reading(SYSTEM) as work:
        for publication_id in (row.id, other.id):
            found = publication_for(work, publication_id)
            assert (found.state, found.title, found.body_markdown, found.alias) == ("revoked", "", "", "")
            assert (found.firmware, found.code, found.health, found.line_count) == ("", None, None, 0)
        consents = work.session.scalars(select(PublicationConsent)).all()
        assert {one.revoked_at for one in consents} == {works.clock.now()}
        copies = [one.body_markdown for one in work.session.scalars(select(PublicationLine)) if not one.is_reply]
        shared = work.session.scalars(select(StatusEntry.publication_id)).all()
    assert set(copies) == {""}
    assert set(shared) == {None}


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_further_words_stand_in_no_address_and_are_fifty_at_most(works, scene):
    client = create_app(works.settings, works).test_client()
    draft = f"/api/v1/entries/{scene.entry.id}/publication/draft"
    headers = {"Authorization": f"Bearer {token_of(works, scene.chief)}"}
    looked = client.post(draft, headers=headers, json={"take_out": ["fat"]})
    many = client.post(draft, headers=headers, json={"take_out": ["fat"] * 51})
    page = browser_of(client.application, scene.chief)
    address = f"/entries/{scene.entry.id}/community"
    pasted = page.send(address, address, act="look", take_out="fat\n" * 51, title="Fat", body="")

    assert (looked.status_code, "fat" in looked.json["title"].casefold()) == (200, False)
    assert [error["pointer"] for error in many.json["errors"]] == ["/take_out"]
    assert client.get(f"{draft}?take_out=fat", headers=headers).status_code == 405
    assert "Write at most 50 lines." in pasted.text


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_long_conversation_is_read_a_page_at_a_time(works, scene):
    row = scene.share()
    with works.writing(SYSTEM) as work:
        for place in range(1_000, 1_120):
            words_of = {"body_markdown": f"Word {place}", "body_html": f"Word {place}", "alias": "Fern", "role": None}
            key = {"publication_id": row.id, "position": place, "is_reply": True, "state": "visible"}
            work.session.add(PublicationLine(**key, **words_of, said_at=work.now))
    other = browser_of(create_app(works.settings, works), scene.others[0])
    api = f"/api/v1/publications/{row.id}"

    first = other.client.get(api).json
    pages = [other.client.get(api, query_string={"cursor": first["next"], "limit": 60}).json]
    pages.append(other.client.get(api, query_string={"cursor": pages[0]["next"], "limit": 60}).json)
    said = [one["body_markdown"] for page in (first, *pages) for one in page["comments"]]
    assert (len(first["comments"]), len(said), pages[-1]["next"]) == (50, len(set(said)), None)
    assert {f"Word {place}" for place in range(1_000, 1_120)} <= set(said)

    page = f"/community/{row.id}"
    assert ("Word 1119" in other.get(page).text, "cursor=" in other.get(page).text) == (False, True)
    answered = other.send(f"{page}/replies", page, body="The newest word")
    after = words(other.get(answered.location).text)
    assert ("The newest word" in after, "Word 1119" in after, "Word 1000" in after) == (True, True, False)
    with works.reading(actor_for(works, scene.chief)) as work:
        told = [one.body_markdown for one in answers_to(work, entry_for(work, scene.entry.id))]
    assert (len(told), told[-2:]) == (20, ["Word 1119", "The newest word"])
