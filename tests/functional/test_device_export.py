"""Everything of a device can be taken along, in every format, and nothing of another's time."""

import csv
import io
import json
import zipfile
from datetime import timedelta
from xml.etree import ElementTree as ET

import pyarrow.parquet as pq
import pypdfium2
import pytest
from sqlalchemy import select

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole, Right, StaffRole
from statusportal.accounts.service import choose_preferences
from statusportal.app import create_app
from statusportal.audit.models import AuditRecord
from statusportal.discussion.service import post_comment
from statusportal.entries.service import publish_entry
from statusportal.entries.vocabulary import Audience, EntryKind
from statusportal.foundation.clock import to_ms
from statusportal.foundation.errors import NotFound
from statusportal.identity.issuing import issue_personal_token
from statusportal.ingest.follow import follow_once
from tests.factories.accounts import actor_for, make_organisation, make_person, make_staff
from tests.factories.doors import Visitor, token_of
from tests.factories.fleet import (
    device_token,
    end_grant,
    make_device,
    make_grant,
    make_limit,
    make_model,
    make_transfer,
)

HOUR = timedelta(hours=1)
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


class Story:
    """A machine that alpha sold to beta: each has samples and an entry of its own time."""

    def __init__(self, settings, works, clock):
        self.app, self.works, self.clock = create_app(settings, works), works, clock
        self.alpha, self.beta = make_organisation(works, "alpha"), make_organisation(works, "beta")
        model = make_model(works, "oven")
        make_limit(works, model)
        self.device = make_device(works, self.alpha, "=A-1/../x", model, from_at=clock.now() - 5 * HOUR)
        self.machine = Visitor(self.app.test_client(), device_token(works, self.device))
        self.seller, self.buyer = (make_person(works, one, name=one.slug) for one in (self.alpha, self.beta))
        self.send(-2 * HOUR, temperature=-21.5, state="=1+1")
        self.say(self.seller, "Sold soon", "The seller says canary-alpha.")
        clock.move(HOUR)
        make_transfer(works, self.device, self.beta)
        self.machine = Visitor(self.app.test_client(), device_token(works, self.device))
        clock.move(HOUR)
        self.send(timedelta(0), temperature=99.5, state="canary-beta")
        self.say(self.buyer, "Bought", "The buyer says canary-beta.")

    def send(self, back, **values):
        body = {"ts": to_ms(self.clock.now() + back), "values": values}
        assert self.machine.ask("POST", "/api/v1/telemetry", json=body).status_code == 200

    def say(self, person, title, words):
        with self.works.writing(actor_for(self.works, person)) as work:
            entry = publish_entry(work, self.device.id, EntryKind.QUESTION, title, words)
            post_comment(work, entry.id, f"Again: {words}")

    def export(self, person, **query):
        visitor = Visitor(self.app.test_client(), token_of(self.works, person))
        return visitor.ask("GET", f"/api/v1/devices/{self.device.id}/export", query_string=query)


@pytest.fixture
def story(settings, works, clock):
    return Story(settings, works, clock)


def csv_rows(answer):
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


def test_csv_holds_every_sample_of_ones_own_time(story):
    answer = story.export(story.seller, format="csv")

    assert answer.headers["Content-Disposition"] == 'attachment; filename="oven-A-1-..-x-samples.csv"'
    assert [(row["signal"], row["value"], row["unit"], row["quality"]) for row in csv_rows(answer)] == [
        ("temperature", "-21.5", "°C", "good"),
        ("state", "'=1+1", "", "good"),
    ]
    assert csv_rows(answer)[0]["at"] == "2026-11-18T10:00:00.000Z"


@pytest.mark.parametrize("form", ["csv", "json", "xlsx", "parquet", "pdf"])
@pytest.mark.parametrize(("mine", "theirs"), [("seller", "canary-beta"), ("buyer", "canary-alpha")])
def test_nothing_of_the_others_time_is_in_any_format(story, form, mine, theirs):
    tables = ("samples", "status", "conditions", "entries", "changes", "comments") if form == "csv" else ("samples",)

    texts = b"".join(plain_bytes(story.export(getattr(story, mine), format=form, table=one)) for one in tables)

    other = "99.5" if mine == "seller" else "-21.5"
    own = "-21.5" if mine == "seller" else "99.5"
    found = [word for word in (theirs, other) if word.encode() in texts]
    assert (found, own.encode() in texts) == ([], True)


def plain_bytes(answer):
    """Unpack what is packed, so that a search sees all of it."""
    assert answer.status_code == 200, answer.text
    if answer.data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
            return b"".join(archive.read(name) for name in archive.namelist())
    if answer.data[:5] == b"%PDF-":
        return printed(answer).encode()
    if answer.data[:4] == b"PAR1":
        return json.dumps(pq.read_table(io.BytesIO(answer.data)).to_pylist(), default=str).encode()
    return answer.data


def printed(answer):
    """Return a report's words, each line's end a space."""
    pages = (page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(answer.data))
    return " ".join(" ".join(pages).split())


def test_report_tells_the_machine_its_talk_and_its_figures(story):
    story.say(story.buyer, "<b>Is</b> & <font color=x>", "Bold <para> words.\n\n" + "Long tale. " * 1500 + "The end.")
    story.clock.move(HOUR)
    story.send(timedelta(0), temperature=101.5)
    while follow_once(story.works):
        pass
    story.clock.move(HOUR)

    answer = story.export(story.buyer, format="pdf")

    words = printed(answer)
    told = (
        "Serial: =A-1/../x",
        "14:00:00 to 2026-11-18 14:02:00: Out of specification, online",
        "Temperature is 99.5 °C, above the limit of 80.0 °C.",
        "Bought",
        ", beta:",
        "Again: The buyer says canary-beta.",
        "<b>Is</b> & <font color=x>",
        "Bold <para> words.",
        "Count 2, min 99.5, mean 100.5, max 101.5, last 101.5",
    )
    assert ([one for one in told if one not in words], words.count("tale."), words.count("The end.")) == (
        [],
        3000,
        2,
    )
    assert (answer.mimetype, answer.headers["Content-Disposition"]) == (
        "application/pdf",
        'attachment; filename="oven-A-1-..-x.pdf"',
    )


def test_report_speaks_danish_to_who_reads_danish(story):
    with story.works.writing(actor_for(story.works, story.buyer)) as work:
        choose_preferences(work, locale="da")
    story.clock.move(HOUR)
    story.send(timedelta(0), temperature=101.5)
    while follow_once(story.works):
        pass
    story.clock.move(HOUR)

    words = printed(story.export(story.buyer, format="pdf"))

    told = (
        "Serienummer: =A-1/../x",
        "Opslag og kommentarer",
        "Uden for specifikation, online",
        "80,0 °C",
        "Antal 2, lavest 99,5, middel 100,5, højest 101,5, sidst 101,5 den",
        "The buyer says canary-beta.",
    )
    assert [one for one in told if one not in words] == []
    assert [one for one in ("Serial:", "Entries", "Out of", "above", "Times are") if one in words] == []


def test_report_of_an_earlier_time_says_which_and_holds_nothing_later(story):
    words = printed(story.export(story.buyer, format="pdf", to=to_ms(story.clock.now() - HOUR)))

    assert ("There are no values." in words, "canary" in words) == (True, False)


def test_json_holds_every_table_with_its_head(story):
    found = story.export(story.buyer, format="json").json

    assert found["device"]["serial"] == "=A-1/../x"
    assert [period["to"] for period in found["periods"]] == [None]
    assert [(one["signal"], one["value"]) for one in found["samples"]] == [
        ("temperature", 99.5),
        ("state", "canary-beta"),
    ]
    assert [(one["title"], one["author"]) for one in found["entries"]] == [("Bought", "beta")]
    assert [one["body_markdown"] for one in found["comments"]] == ["Again: The buyer says canary-beta."]


def test_workbook_holds_texts_and_numbers_and_no_formula(story):
    with zipfile.ZipFile(io.BytesIO(story.export(story.seller, format="xlsx").data)) as archive:
        book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - we wrote it ourselves
        sheet = ET.fromstring(archive.read("xl/worksheets/sheet1.xml"))  # noqa: S314 - as above

    names = [one.attrib["name"] for one in book.iter(f"{SHEET}sheet")]
    assert names == ["samples", "status", "conditions", "entries", "changes", "comments"]
    cells = {one.attrib["r"]: "".join(one.itertext()) for one in sheet.iter(f"{SHEET}c")}
    assert (cells["C2"], cells["C3"], list(sheet.iter(f"{SHEET}f"))) == ("-21.5", "=1+1", [])


def test_parquet_holds_typed_samples(story):
    rows = pq.read_table(io.BytesIO(story.export(story.seller, format="parquet").data)).to_pylist()

    assert [(row["signal"], row["kind"], row["number"], row["text"]) for row in rows] == [
        ("temperature", "real", -21.5, None),
        ("state", "text", None, "=1+1"),
    ]


def test_stretch_that_is_asked_for_bounds_samples_and_entries(story):
    from_ms = to_ms(story.clock.now() - HOUR)

    before = story.export(story.buyer, format="json", to=from_ms).json
    after = story.export(story.buyer, format="json", **{"from": from_ms}).json

    assert ([len(before[name]) for name in ("samples", "entries")], len(after["samples"])) == ([0, 0], 2)


def test_reader_without_the_export_right_is_told_who_can_give_it(story):
    guest = make_organisation(story.works, "gamma")
    reader = make_person(story.works, guest)
    grant = make_grant(story.works, story.device, guest, Right.VIEW | Right.COMMENT)
    refused = story.export(reader, format="csv")
    end_grant(story.works, grant)
    gone = story.export(reader, format="csv")
    story.clock.move(HOUR)
    make_grant(story.works, story.device, guest, Right.VIEW | Right.EXPORT, from_at=story.clock.now())
    story.clock.move(HOUR)
    story.send(timedelta(0), temperature=50.5)
    allowed = story.export(reader, format="csv")

    assert (refused.status_code, refused.json["who_can_grant"], gone.status_code) == (403, "customer_admin", 404)
    assert [row["value"] for row in csv_rows(allowed)] == ["50.5"]


def test_token_for_other_things_takes_nothing(story):
    with story.works.writing(actor_for(story.works, story.buyer)) as work:
        secret = issue_personal_token(work, "reader", ["device:view", "telemetry:view"], None)[1]
    visitor = Visitor(story.app.test_client(), secret)

    answer = visitor.ask("GET", f"/api/v1/devices/{story.device.id}/export?format=csv")

    assert (answer.status_code, "canary" in answer.text) == (403, False)


def test_right_that_ends_in_the_middle_breaks_the_stream(story):
    guest = make_organisation(story.works, "gamma")
    grant = make_grant(story.works, story.device, guest, Right.VIEW | Right.EXPORT)
    reader = make_person(story.works, guest)
    visitor = Visitor(story.app.test_client(), token_of(story.works, reader))
    answer = visitor.client.get(
        f"/api/v1/devices/{story.device.id}/export?format=json",
        headers={"Authorization": f"Bearer {visitor.token}"},
        buffered=False,
    )
    stream = answer.response
    begun = next(iter(stream))
    end_grant(story.works, grant)

    with pytest.raises(NotFound):
        b"".join(stream)
    assert begun.startswith(b'{"device"')


def test_internal_notes_leave_with_staff_alone(story):
    engineer = make_staff(story.works, StaffRole.ENGINEER)
    with story.works.writing(actor_for(story.works, engineer)) as work:
        entry = publish_entry(
            work, story.device.id, EntryKind.FIELD_UPDATE, "canary-inside", "For us alone.", audience=Audience.INTERNAL
        )
        post_comment(work, entry.id, "canary-within")

    seen = {one.name: story.export(one, format="json").text.count("canary-inside") for one in (story.buyer, engineer)}

    assert list(seen.values()) == [0, 1]


def test_every_export_stands_in_the_log_of_whom_it_concerns(story):
    story.export(story.seller, format="csv")
    story.export(make_staff(story.works, StaffRole.SUPPORT), format="json")

    with story.works.reading(SYSTEM) as work:
        query = select(AuditRecord).where(AuditRecord.act == "device.exported").order_by(AuditRecord.id)
        rows = [(row.organisation_id, row.codes["format"]) for row in work.session.scalars(query)]

    owners = sorted([story.alpha.id, story.beta.id])
    assert rows == [(story.alpha.id, "csv"), *((one, "json") for one in owners)]


@pytest.mark.parametrize(
    "query", [{"format": "exe"}, {"format": "csv", "table": "person"}, {"format": "csv", "x": "1"}]
)
def test_what_is_not_there_is_refused_by_its_field(story, query):
    answer = story.export(story.buyer, **query)

    assert (answer.status_code, [one["pointer"] for one in answer.json["errors"]] != []) == (422, True)


def test_page_offers_the_formats_to_who_may_take_them(story):
    guest = make_organisation(story.works, "gamma")
    make_grant(story.works, story.device, guest, Right.VIEW)
    reader = make_person(story.works, guest, MemberRole.CUSTOMER_ADMIN)

    pages = [
        Visitor(story.app.test_client(), token_of(story.works, one)).ask("GET", f"/devices/{story.device.id}").text
        for one in (story.buyer, reader)
    ]

    links = [f"/export?format={form}" for form in ("csv", "json", "xlsx", "parquet", "pdf")]
    assert [[link in page for link in links] for page in pages] == [[True] * 5, [False] * 5]
