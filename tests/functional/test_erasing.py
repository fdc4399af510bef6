"""Who is erased leaves no name, no address and no mention: in no table, in no file, and in nobody else's words."""

import json
import re
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest
from sqlalchemy import cast, select, text
from sqlalchemy.types import Text

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.accounts.inviting import invite_person
from statusportal.accounts.models import Person
from statusportal.accounts.service import rename_myself
from statusportal.app import create_app
from statusportal.credentials.models import DeviceCredential
from statusportal.custody.models import Transfer
from statusportal.discussion.models import Comment
from statusportal.discussion.service import edit_comment, post_as_guest, post_comment
from statusportal.entries.models import StatusEntry
from statusportal.entries.service import edit_entry, publish_entry
from statusportal.entries.vocabulary import EntryKind
from statusportal.erasure.ledger import ledger_path, lines_of
from statusportal.fleet.models import Ownership
from statusportal.fleet.service import DeviceWords, rename_device
from statusportal.groups.models import DeviceGroup
from statusportal.jobs.erasing import erase_round
from statusportal.jobs.taking_out import takeout_round
from statusportal.migrations.tables import metadata
from statusportal.passwords.models import PasswordReset
from statusportal.passwords.rules import new_password
from statusportal.seen_as.models import SeenAs
from statusportal.sharing.vocabulary import LinkScope
from tests.factories.accounts import PASSWORD, actor_for, make_organisation, make_person, make_staff
from tests.factories.browsing import browser_of
from tests.factories.doors import Visitor, token_of
from tests.factories.fleet import make_device, make_grant, make_model
from tests.factories.links import holder_of_token, make_link

DAY = timedelta(days=1)
NAME, MAIL = "Søren Canary-Østergård", "canary.mail@dairy.example"
# A name and an address in every spelling that a table or a file could hold.
MIXED_NAME, MIXED_MAIL = "SøREN CANARY-Østergård", "Canary.MAIL@dairy.Example"
CANARIES = (
    MIXED_NAME,
    MIXED_MAIL,
    NAME,
    NAME.upper(),
    NAME.lower(),
    "soren canary ostergard",
    "canary mail dairy example",
    "søren canary-østergård",
    "S\\u00f8ren",
    "Canary-\\u00d8sterg\\u00e5rd",
    MAIL,
    MAIL.upper(),
    "canary.mail",
    "canary-osterg",
    "canary ostergard",
)


MENTIONED = {
    ("comment", "guest_name"),
    ("device_credential", "name"),
    ("device_group", "name"),
    ("password_reset", "email"),
    ("seen_as", "reason"),
    ("share_link", "to_name"),
    ("transfer", "to_word"),
}


class Story:
    """Søren wrote and was written about, in titles, bodies, answers, edits, names of things and papers."""

    def __init__(self, settings, works, clock):
        self.app, self.works, self.clock = create_app(settings, works), works, clock
        self.alpha = make_organisation(works, "alpha")
        self.device = make_device(works, self.alpha, "A-1", make_model(works, "oven"))
        self.person = make_person(works, self.alpha, MemberRole.CUSTOMER_ADMIN, name=NAME, email=MAIL)
        self.colleague = make_person(works, self.alpha, MemberRole.CUSTOMER_ADMIN, name="Mette Kragh")
        self.staff = make_staff(works, StaffRole.ADMIN)
        make_grant(works, self.device, self.person)
        self.mine = self.say(self.person, "My own title", f"I am {NAME}, write to {MAIL}.")
        self.others = self.say(self.colleague, f"Ask {NAME.upper()}", f"Call **{NAME}** or <{MAIL}>.")
        self.edit()
        self.mention()
        token_of(works, self.person)
        with works.writing(actor_for(works, self.colleague)) as work:
            rename_device(work, self.device.id, DeviceWords(name=f"{NAME}s oven", site="Hall 1"))
            invite_person(work, self.alpha.id, "other@example.com", "Other", MemberRole.CUSTOMER)
        with works.writing(actor_for(works, self.person)) as work:
            invite_person(work, self.alpha.id, "third@example.com", f"Friend of {NAME}", MemberRole.CUSTOMER)
        visitor = Visitor(self.app.test_client(), token_of(works, self.person))
        headers = {"Authorization": f"Bearer {visitor.token}", "Idempotency-Key": "one"}
        body = {"kind": "question", "title": "Kept answer", "body": f"Signed {NAME}"}
        visitor.client.post(f"/api/v1/devices/{self.device.id}/entries", json=body, headers=headers)
        visitor.ask("POST", "/api/v1/exports", json={"organisation": str(self.alpha.id)})
        while takeout_round(works) == 0.0:
            pass

    def say(self, person, title, body):
        with self.works.writing(actor_for(self.works, person)) as work:
            entry = publish_entry(work, self.device.id, EntryKind.QUESTION, title, body)
            comment = post_comment(work, entry.id, f"First: {body}")
        return entry, comment

    def edit(self):
        with self.works.writing(actor_for(self.works, self.colleague)) as work:
            edit_comment(work, self.others[1].id, f"@{NAME} please, says {MAIL.upper()}")
            edit_entry(work, self.others[0].id, f"Ask {NAME} soon", f"{NAME} knows.")
        with self.works.writing(actor_for(self.works, self.person)) as work:
            edit_comment(work, self.mine[1].id, f"Second: {NAME}")

    def mention(self):
        """Let name and address stand in papers of sharing, support, groups, transfers and keys, in any letters."""
        now, here = self.clock.now(), {"organisation_id": self.alpha.id}
        span, ends = {"began_at": now}, now + DAY
        boss, scope = actor_for(self.works, self.colleague), LinkScope.COMMENT
        _, token = make_link(self.works, boss, self.device, scope, to_name=MIXED_NAME)
        with self.works.writing(holder_of_token(self.works, token)) as work:
            post_as_guest(work, self.others[0].id, NAME, "As a guest.")
        with self.works.writing(SYSTEM) as work:
            ownership = work.session.scalars(select(Ownership).where(Ownership.device_id == self.device.id)).one()
            it = {"device_id": self.device.id, "ownership_id": ownership.id}
            visit = {"person_id": self.colleague.id, "staff_id": self.staff.id, "session_id": uuid4(), "ends_at": ends}
            offer = {"from_at": ends, "state": "offered", "hands_history": False, "takes_history": False}
            key = {"kind": "device", "device_id": self.device.id, "secret_digest": "0" * 64, "created_at": now}
            work.session.add_all(
                [
                    SeenAs(**here, **visit, **span, reason=f"{NAME} asked"),
                    DeviceGroup(**here, name=MIXED_NAME, created_at=now),
                    DeviceGroup(**here, name=NAME, created_at=now),
                    Transfer(**here, **it, **offer, to_word=MIXED_MAIL, offered_at=now),
                    DeviceCredential(**here, **key, name=f"Key of {NAME}"),
                    PasswordReset(email=MAIL, asked_at=now, expires_at=ends),
                ]
            )

    def erase(self, own_words="kept"):
        without_waiting(self.works)
        admin = browser_of_session(self.app, self.works, self.staff)
        answer = admin.ask("POST", f"/api/v1/people/{self.person.id}/erasure", {"own_words": own_words})
        assert answer.status_code == 202, answer.text
        while erase_round(self.works) == 0.0:
            pass
        erase_round(self.works)
        takeout_round(self.works)


def without_waiting(works):
    works.settings = msgspec.structs.replace(works.settings, erase_after_days=0)


class Session:
    """A browser's session that calls the API."""

    def __init__(self, app, person):
        browser = browser_of(app, person)
        self.client = browser.client
        self.token = self.client.get("/api/v1/session").json["csrf_token"]

    def ask(self, method, address, json=None):
        return self.client.open(address, method=method, json=json, headers={"X-CSRFToken": self.token})


def browser_of_session(app, works, person):
    with works.writing(SYSTEM) as work:
        work.session.get(Person, person.id).password_hash = new_password(PASSWORD, ()).value
    return Session(app, person)


def rows_with(works, words):
    """Look for words in every column of every table, as text."""
    found = []
    with works.reading(SYSTEM) as work:
        for table in metadata.sorted_tables:
            for column in table.columns:
                texts = work.session.scalars(select(cast(column, Text)).where(column.is_not(None)))
                found += [(table.name, column.name, word) for one in texts for word in words if word in str(one)]
        if work.session.get_bind().dialect.name == "sqlite":
            shadow = ("search_text_data", "search_text_docsize", "search_text_idx", "search_text_config")
            for name in shadow:
                rows = work.session.execute(text(f"SELECT * FROM {name}")).all()  # noqa: S608 - the names above
                found += [
                    (name, "", word) for row in rows for part in row for word in words if word.encode() in raw(part)
                ]
    return found


def raw(part):
    return part if isinstance(part, bytes) else str(part).encode()


def files_with(works, words):
    folder = Path(works.settings.instance_dir)
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return [(path.name, word) for path in paths for word in words if word.encode() in path.read_bytes()]


@pytest.fixture
def story(settings, works, clock):
    return Story(settings, works, clock)


@pytest.mark.parametrize("own_words", ["kept", "gone"])
def test_no_trace_is_left_in_any_table_or_file(story, own_words):
    rows = rows_with(story.works, CANARIES)
    before = {word for *_, word in rows}
    mentioned = {(table, column) for table, column, _ in rows}

    story.erase(own_words)

    assert mentioned >= MENTIONED
    assert {NAME, MAIL, MAIL.upper(), "soren canary ostergard"} <= before
    assert (rows_with(story.works, CANARIES), files_with(story.works, CANARIES)) == ([], [])


def test_words_of_others_stay_without_the_name(story):
    story.erase()

    with story.works.reading(SYSTEM) as work:
        entry = work.session.get(StatusEntry, (story.alpha.id, story.others[0].id))
        comment = work.session.get(Comment, (story.alpha.id, story.others[0].id, story.others[1].id))
        said = (entry.title, entry.body_markdown, comment.body_markdown)
    assert said == ("Ask Erased person soon", "Erased person knows.", "@Erased person please, says erased address")


@pytest.mark.parametrize(
    ("own_words", "left"),
    [("kept", ("My own title", "Second: Erased person", "visible", 1)), ("gone", ("Erased", "", "deleted", 0))],
)
def test_own_words_stay_without_a_name_or_leave_tombstones(story, own_words, left):
    story.erase(own_words)

    with story.works.reading(SYSTEM) as work:
        entry = work.session.get(StatusEntry, (story.alpha.id, story.mine[0].id))
        comment = work.session.get(Comment, (story.alpha.id, story.mine[0].id, story.mine[1].id))
        assert (entry.title, comment.body_markdown, comment.state, entry.comment_count) == left
        assert work.session.get(Person, entry.author_id).name == "Erased person"


def test_what_others_said_is_still_found_and_the_name_is_not(story):
    story.erase()
    colleague = Visitor(story.app.test_client(), token_of(story.works, story.colleague))

    counts = {q: colleague.ask("GET", f"/api/v1/search?q={q}").json["total"] for q in ("knows", "Canary-Østergård")}

    assert (counts["knows"] > 0, counts["Canary-Østergård"]) == (True, 0)


def test_nobody_comes_in_as_the_erased_person(story):
    visitor = Visitor(story.app.test_client(), token_of(story.works, story.person))
    before = visitor.ask("GET", "/api/v1/devices").status_code

    story.erase()

    assert (before, visitor.ask("GET", "/api/v1/devices").status_code) == (200, 401)


def test_ledger_holds_no_name_and_no_id(story):
    story.erase("gone")

    (line,) = lines_of(ledger_path(story.works.settings))
    words = ledger_path(story.works.settings).read_text()
    assert (line.kind, line.own_words, len(line.subject)) == ("person", "gone", 64)
    assert [one for one in (str(story.person.id), story.person.id.hex, NAME, MAIL) if one in words] == []
    assert set(json.loads(words.strip())) == {"id", "kind", "subject", "own_words", "at"}


def test_person_has_days_to_think_again(story):
    mine = browser_of_session(story.app, story.works, story.colleague)
    asked = mine.ask("POST", "/api/v1/erasure", {"own_words": "kept"})
    story.clock.move(timedelta(hours=1))
    erase_round(story.works)
    again = mine.ask("GET", "/api/v1/erasure").json["due_at"]
    taken_back = mine.ask("DELETE", "/api/v1/erasure").status_code
    story.clock.move(8 * DAY)
    erase_round(story.works)

    with story.works.reading(SYSTEM) as work:
        name = work.session.get(Person, story.colleague.id).name
    assert (asked.status_code, asked.json["due_at"], taken_back) == (202, "2026-11-25T12:00:00.000Z", 204)
    assert again == asked.json["due_at"]
    assert name == "Mette Kragh"


def test_person_who_asked_is_erased_when_it_is_due(story):
    mine = browser_of_session(story.app, story.works, story.colleague)
    mine.ask("POST", "/api/v1/erasure", {"own_words": "kept"})
    story.clock.move(7 * DAY)

    while erase_round(story.works) == 0.0:
        pass

    with story.works.reading(SYSTEM) as work:
        assert work.session.get(Person, story.colleague.id).name == "Erased person"


def test_open_screen_is_not_enough_and_neither_is_a_token(story):
    mine = browser_of_session(story.app, story.works, story.colleague)
    story.clock.move(timedelta(minutes=11))
    stale = mine.ask("POST", "/api/v1/erasure", {"own_words": "kept"})
    token = Visitor(story.app.test_client(), token_of(story.works, story.colleague))

    by_token = token.ask("POST", "/api/v1/erasure", json={"own_words": "kept"})

    assert (stale.status_code, by_token.status_code) == (403, 403)


def test_only_administrators_erase_others(story):
    asked = [
        browser_of_session(story.app, story.works, one).ask("POST", address, {"own_words": "gone"}).status_code
        for one in (story.colleague, make_staff(story.works, StaffRole.SUPPORT))
        for address in (f"/api/v1/people/{story.person.id}/erasure", f"/api/v1/organisations/{story.alpha.id}/erasure")
    ]

    assert asked == [403] * 4


def test_last_administrator_stays(story):
    alone = browser_of_session(story.app, story.works, story.staff)

    answer = alone.ask("POST", "/api/v1/erasure", {"own_words": "kept"})

    assert answer.status_code == 409


def test_organisation_goes_with_its_people_and_its_names(story):
    without_waiting(story.works)
    admin = browser_of_session(story.app, story.works, story.staff)
    outsider = make_person(story.works, make_organisation(story.works, "beta"), name="Bo Other")
    admin.ask("POST", f"/api/v1/organisations/{story.alpha.id}/erasure", {"own_words": "gone"})
    while erase_round(story.works) == 0.0:
        pass

    words = (*CANARIES, "Mette Kragh", "Hall 1", story.colleague.email)
    assert rows_with(story.works, words) == []
    with story.works.reading(SYSTEM) as work:
        assert work.session.get(Person, outsider.id).name == "Bo Other"
        names = list(work.session.scalars(text("SELECT name FROM organisation ORDER BY name")))
    assert names == ["Beta", "Erased organisation"]


def test_short_name_is_wiped_only_where_it_stands_alone(story):
    short = make_person(story.works, story.alpha, name="Bo")
    entry, _ = story.say(story.colleague, "Bo said: robot", "Ask Bo. A bottle of Boron, bo.")
    with story.works.writing(actor_for(story.works, short)) as work:
        rename_myself(work, "Bo")
    without_waiting(story.works)
    admin = browser_of_session(story.app, story.works, story.staff)
    admin.ask("POST", f"/api/v1/people/{short.id}/erasure", {"own_words": "kept"})
    erase_round(story.works)

    with story.works.reading(SYSTEM) as work:
        row = work.session.get(StatusEntry, (story.alpha.id, entry.id))
        words = re.sub(r"Erased person", "*", f"{row.title} / {row.body_markdown}")
    assert words == "* said: robot / Ask *. A bottle of Boron, *."
