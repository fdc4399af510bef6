"""Everything of a person and of an organisation in one file: whole, proven, theirs alone, and gone in time."""

import csv
import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.accounts.service import remove_member
from statusportal.app import create_app
from statusportal.audit.models import AuditRecord
from statusportal.discussion.service import edit_comment, post_comment
from statusportal.entries.service import publish_entry
from statusportal.entries.vocabulary import Audience, EntryKind
from statusportal.foundation.clock import to_ms
from statusportal.jobs.taking_out import takeout_round
from statusportal.takeout.packing import folder_of
from statusportal.telemetry.store.opening import sample_store
from statusportal.telemetry.store.port import Batch, Incoming, Terms
from tests.factories.accounts import actor_for, make_organisation, make_person, make_staff, make_staff_actor
from tests.factories.connections import wait_until
from tests.factories.doors import Visitor, token_of
from tests.factories.fleet import device_token, gateway_token, make_device, make_grant, make_model, make_transfer

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class Story:
    """Alpha sold a machine to beta and has another; people of both wrote, and staff said something inside."""

    def __init__(self, settings, works, clock):
        self.app, self.works, self.clock = create_app(settings, works), works, clock
        self.alpha, self.beta = make_organisation(works, "alpha"), make_organisation(works, "beta")
        model = make_model(works, "oven")
        began = clock.now() - 5 * HOUR
        self.sold = make_device(works, self.alpha, "SOLD", model, from_at=began)
        self.kept = make_device(works, self.alpha, "KEPT", model, name="canary-alpha-name")
        self.admin = make_person(works, self.alpha, MemberRole.CUSTOMER_ADMIN, name="Anna canary-anna")
        self.buyer = make_person(works, self.beta, MemberRole.CUSTOMER_ADMIN, name="Bo canary-bo")
        self.secret = gateway_token(works, self.alpha)
        self.send(self.sold, 1.5, "canary-alpha-sold")
        self.send(self.kept, 2.5, "canary-alpha-kept")
        self.entry = self.say(self.admin, self.sold, "canary-alpha-title")
        staff = make_staff_actor(works, StaffRole.ENGINEER)
        with works.writing(staff) as work:
            post_comment(work, self.entry.id, "canary-internal", audience=Audience.INTERNAL)
            publish_entry(
                work, self.kept.id, EntryKind.FIELD_UPDATE, "canary-internal", "x", audience=Audience.INTERNAL
            )
        clock.move(HOUR)
        make_transfer(works, self.sold, self.beta)
        clock.move(HOUR)
        self.send(self.sold, 9.5, "canary-beta-value")
        self.say(self.buyer, self.sold, "canary-beta-title")
        make_grant(works, self.sold, self.alpha)

    def send(self, device, number, text):
        machine = Visitor(self.app.test_client(), device_token(self.works, device))
        body = {"ts": to_ms(self.clock.now()), "values": {"temperature": number, "state": text}}
        assert machine.ask("POST", "/api/v1/telemetry", json=body).status_code == 200

    def say(self, person, device, title):
        with self.works.writing(actor_for(self.works, person)) as work:
            entry = publish_entry(work, device.id, EntryKind.QUESTION, title, "Body")
            comment = post_comment(work, entry.id, f"before {title}")
        with self.works.writing(actor_for(self.works, person)) as work:
            edit_comment(work, comment.id, f"after {title}")
        return entry

    def visitor(self, person):
        return Visitor(self.app.test_client(), token_of(self.works, person))

    def make(self, person, **wish):
        visitor = self.visitor(person)
        asked = visitor.ask("POST", "/api/v1/exports", json=wish)
        assert asked.status_code == 202, asked.text
        while takeout_round(self.works) == 0.0:
            pass
        return visitor, asked.json["id"]

    def archive(self, person, **wish):
        visitor, takeout_id = self.make(person, **wish)
        status, body = fetched(visitor, takeout_id)
        assert status == 200, body
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def story(settings, works, clock):
    return Story(settings, works, clock)


def fetched(visitor, takeout_id, **headers):
    """Fetch a file and let go of it."""
    given = {"Authorization": f"Bearer {visitor.token}", **headers}
    with visitor.client.get(f"/api/v1/exports/{takeout_id}/file", headers=given) as answer:
        return answer.status_code, answer.data


def rows(files, name):
    return [json.loads(line) for line in files[name].splitlines()]


def test_organisation_takes_its_own_time_and_nothing_of_the_buyers(story):
    files = story.archive(story.admin, organisation=str(story.alpha.id))

    whole = b"".join(files.values())
    canaries = ("alpha-name", "alpha-sold", "alpha-kept", "alpha-title", "anna", "beta-value", "beta-title", "bo")
    found = [one for one in canaries if f"canary-{one}".encode() in whole]
    assert found == ["alpha-name", "alpha-sold", "alpha-kept", "alpha-title", "anna"]
    assert (b"canary-internal" in whole, story.secret.encode() in whole) == (False, False)
    samples = csv.reader(io.StringIO(files[f"devices/SOLD-{story.sold.id}/samples.csv"].decode()))
    assert [row[1:3] for row in samples][1:] == [["temperature", "1.5"], ["state", "canary-alpha-sold"]]


def test_manifest_proves_every_file(story):
    files = story.archive(story.admin, organisation=str(story.alpha.id))

    manifest = json.loads(files.pop("manifest.json"))
    assert files.pop("README.txt").decode().count("Status Portal: ") == 2
    assert (manifest["schema_version"], manifest["of"], manifest["asker_id"]) == (
        1,
        "organisation",
        str(story.admin.id),
    )
    stated = {one["name"]: (one["size_bytes"], one["sha256"]) for one in manifest["files"]}
    assert stated == {name: (len(body), hashlib.sha256(body).hexdigest()) for name, body in files.items()}
    counted = {one["name"]: one["rows"] for one in manifest["files"] if one["name"].endswith(".jsonl")}
    assert counted == {name: len(body.splitlines()) for name, body in files.items() if name.endswith(".jsonl")}


def test_person_takes_what_names_them_with_what_it_said_before(story):
    files = story.archive(story.admin)

    assert rows(files, "me/profile.jsonl")[0]["email"] == story.admin.email
    assert [row["role"] for row in rows(files, "me/membership.jsonl")] == ["customer_admin"]
    assert [row["title"] for row in rows(files, "me/status_entry.jsonl")] == ["canary-alpha-title"]
    assert [row["body_markdown"] for row in rows(files, "me/comment.jsonl")] == ["after canary-alpha-title"]
    assert [row["body_markdown"] for row in rows(files, "me/comment_before.jsonl")] == ["before canary-alpha-title"]
    assert {row["name"] for row in rows(files, "me/personal_token.jsonl")} == {"script"}
    assert "export.asked" in {row["act"] for row in rows(files, "me/recorded.jsonl")}
    whole = b"".join(files.values())
    assert [one for one in (b"canary-bo", b"canary-internal", b"secret_digest", b"password_hash") if one in whole] == []


def test_staff_take_their_own_inner_words_and_no_others(story):
    engineer = make_staff(story.works, StaffRole.ENGINEER)
    with story.works.writing(actor_for(story.works, engineer)) as work:
        post_comment(work, story.entry.id, "canary-mine", audience=Audience.INTERNAL)

    files = story.archive(engineer)

    assert [row["body_markdown"] for row in rows(files, "me/comment.jsonl")] == ["canary-mine"]


def test_only_the_asker_sees_it_and_only_while_the_right_lasts(story):
    visitor, takeout_id = story.make(story.admin, organisation=str(story.alpha.id))
    address = f"/api/v1/exports/{takeout_id}"
    colleague = make_person(story.works, story.alpha, MemberRole.CUSTOMER_ADMIN)
    others = [colleague, story.buyer, make_staff(story.works, StaffRole.ADMIN)]
    seen = [story.visitor(one).ask("GET", address + end).status_code for one in others for end in ("", "/file")]
    listed = [story.visitor(one).ask("GET", "/api/v1/exports").json["items"] for one in others]
    with story.works.writing(SYSTEM) as work:
        remove_member(work, story.alpha.id, story.admin.id)

    gone, _ = fetched(visitor, takeout_id)

    assert (seen, listed, gone) == ([404] * 6, [[]] * 3, 403)


def test_customer_without_the_right_cannot_ask_and_nobody_asks_for_others(story):
    member, gamma = story.visitor(make_person(story.works, story.alpha)), make_organisation(story.works, "gamma")

    answers = [
        member.ask("POST", "/api/v1/exports", json={"organisation": str(one.id)}) for one in (story.alpha, gamma)
    ]

    assert [answer.status_code for answer in answers] == [403, 404]


def test_same_wish_twice_is_made_once(story):
    visitor = story.visitor(story.admin)

    answers = [visitor.ask("POST", "/api/v1/exports", json={}).status_code for _ in range(2)]

    assert answers == [202, 409]


@pytest.mark.parametrize("end", ["time", "revoked"])
def test_file_goes_when_its_time_is_over_or_it_is_taken_back(story, end):
    visitor, takeout_id = story.make(story.admin)
    address = f"/api/v1/exports/{takeout_id}"
    before = [path.suffix for path in folder_of(story.works.settings).iterdir()]
    if end == "time":
        story.clock.move(7 * DAY)
    else:
        visitor.ask("DELETE", address)
    refused = visitor.ask("GET", f"{address}/file").status_code
    takeout_round(story.works)
    takeout_round(story.works)

    state = visitor.ask("GET", address).json["state"]

    left = list(folder_of(story.works.settings).iterdir())
    assert (before, refused, left) == ([".zip"], 409, [])
    assert state == ("expired" if end == "time" else "revoked")


MAKE = """
from statusportal.app import make_works
from statusportal.config import load_settings
from statusportal.jobs.taking_out import takeout_round
works = make_works(load_settings())
while takeout_round(works) == 0.0:
    pass
"""


def many_samples(story, count):
    """Store samples of both devices as a gateway does, so that making takes a while."""
    store, at_ms = sample_store(story.works), to_ms(story.clock.now())
    for device in (story.sold, story.kept):
        samples = [Incoming(device.id, "speed", at_ms - number, float(number)) for number in range(count)]
        store.append(Batch("credential:1", story.clock.now(), samples, {device.id: Terms({})}))


def test_making_goes_on_where_a_kill_left_it(story, settings):
    many_samples(story, 40_000)
    visitor = story.visitor(story.buyer)
    asked = visitor.ask("POST", "/api/v1/exports", json={"organisation": str(story.beta.id)}).json
    given = {"INSTANCE_DIR": settings.instance_dir, "DATABASE_URL": settings.database_url}
    environment = os.environ | {f"STATUSPORTAL_{name}": value for name, value in given.items()}
    making = subprocess.Popen([sys.executable, "-c", MAKE], env=environment)
    scratch = folder_of(settings)
    wait_until(lambda: len(list(scratch.glob("*/*.note"))) >= 3, 60)
    making.kill()
    making.wait()
    state = visitor.ask("GET", f"/api/v1/exports/{asked['id']}").json["state"]
    kept = {path.name: path.stat().st_mtime_ns for path in scratch.glob("*/*.part")}
    finished = {path.with_suffix(".part").name for path in scratch.glob("*/*.note")}
    while takeout_round(story.works) == 0.0:
        again = {path.name: path.stat().st_mtime_ns for path in scratch.glob("*/*.part")}
        assert {name for name in finished if again and again.get(name) != kept[name]} == set()

    _, body = fetched(visitor, asked["id"])

    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        proven = {one["name"]: one["sha256"] for one in manifest["files"]}
        assert proven == {name: hashlib.sha256(archive.read(name)).hexdigest() for name in proven}
        samples = archive.read(f"devices/SOLD-{story.sold.id}/samples.csv").count(b"speed")
    # Those of before the sale are the seller's; the sale was an hour ago.
    assert (state, samples) == ("making", 40_000)


def test_progress_is_told_and_every_step_is_in_the_log(story):
    visitor, takeout_id = story.make(story.admin)
    fetched(visitor, takeout_id)

    told = visitor.ask("GET", f"/api/v1/exports/{takeout_id}").json

    assert (told["state"], told["parts_done"]) == ("ready", told["parts_whole"])
    assert told["expires_at"] == "2026-11-25T14:00:00.000Z"
    with story.works.reading(SYSTEM) as work:
        query = select(AuditRecord.act).where(AuditRecord.subject_id == takeout_id).order_by(AuditRecord.id)
        assert list(work.session.scalars(query)) == ["export.asked", "export.made", "export.taken"]


def test_file_lies_under_a_random_name_that_only_its_owner_reads(story):
    _, takeout_id = story.make(story.admin)

    (path,) = folder_of(story.works.settings).iterdir()

    assert (takeout_id in path.name, len(path.stem), path.stat().st_mode & 0o777) == (False, 64, 0o600)
    assert Path(path).parent.stat().st_mode & 0o777 == 0o700


def test_part_of_the_file_can_be_fetched_to_go_on(story):
    visitor, takeout_id = story.make(story.admin)
    _, whole = fetched(visitor, takeout_id)

    part = fetched(visitor, takeout_id, Range="bytes=10-19")

    assert part == (206, whole[10:20])
