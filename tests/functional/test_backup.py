"""A backup holds everything that was answered before it began, and a restore brings back nobody who was erased."""

import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select, text

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import StaffRole
from statusportal.accounts.models import Person
from statusportal.app import create_app, make_works
from statusportal.config import load_settings
from statusportal.discussion.service import post_comment
from statusportal.entries.service import publish_entry
from statusportal.entries.vocabulary import EntryKind
from statusportal.erasure.ledger import ledger_path
from statusportal.erasure.models import ErasureWish
from statusportal.erasure.vocabulary import OwnWords
from statusportal.erasure.wishing import order_erasure_of_person
from statusportal.foundation.clock import to_ms
from statusportal.identity.issuing import issue_personal_token, revoke_personal_token
from statusportal.jobs.erasing import erase_round
from statusportal.telemetry.store.opening import sample_reader, sample_store
from statusportal.telemetry.store.port import Batch, Incoming, Terms
from tests.factories.accounts import actor_for, make_organisation, make_person, make_staff_actor
from tests.factories.doors import Visitor, token_of
from tests.factories.fleet import make_device
from tests.functional.test_erasing import CANARIES, MAIL, NAME, files_with, rows_with

COMMAND = [sys.executable, "-c", "from statusportal.cli import main; main()"]


def run(settings, *arguments, folder=None, database_url=None):
    """Run a command on a portal's data folder and database, as an operator does."""
    given = {
        "INSTANCE_DIR": str(folder or settings.instance_dir),
        "DATABASE_URL": database_url or settings.database_url,
        "DATABASE_OWNER_URL": settings.database_owner_url,
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith("STATUSPORTAL_")}
    environment = kept | {f"STATUSPORTAL_{name}": value for name, value in given.items() if value}
    return subprocess.run([*COMMAND, *arguments], env=environment, capture_output=True, text=True, check=False)


def told(done):
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def town(works):
    """Alpha with a machine, and Søren who wrote about it."""
    alpha = make_organisation(works, "alpha")
    device = make_device(works, alpha)
    person = make_person(works, alpha, name=NAME, email=MAIL)
    with works.writing(actor_for(works, person)) as work:
        entry = publish_entry(work, device.id, EntryKind.QUESTION, f"{NAME} asks", f"Write to {MAIL}.")
        post_comment(work, entry.id, f"Signed {NAME}")
    return alpha, device, person


def erase(works, person):
    works.settings = msgspec.structs.replace(works.settings, erase_after_days=0)
    with works.writing(make_staff_actor(works, StaffRole.ADMIN)) as work:
        order_erasure_of_person(work, person.id, OwnWords.KEPT)
    while erase_round(works) == 0.0:
        pass


def test_every_sample_acknowledged_before_its_start_is_there_after_a_restore(works, settings, town, tmp_path):
    _, device, _ = town
    store, acknowledged, is_done = sample_store(works), [], threading.Event()
    base_ms = to_ms(works.clock.now()) - 10_000_000

    def send():
        number = 0
        while not is_done.is_set():
            batch = [Incoming(device.id, "speed", base_ms + number, float(number))]
            store.append(Batch("credential:1", works.clock.now(), batch, {device.id: Terms({})}))
            acknowledged.append(base_ms + number)
            number += 1

    sender = threading.Thread(target=send)
    sender.start()
    while len(acknowledged) < 50:
        pass
    before = list(acknowledged)
    try:
        made = told(run(settings, "backup", str(tmp_path / "copy"), "--json"))
        during = len(acknowledged) - len(before)
    finally:
        is_done.set()
        sender.join()
    works.engine.dispose()
    told(run(settings, "restore", str(tmp_path / "copy"), "--force", "--json"))

    with works.reading(SYSTEM) as work:
        kept = sample_reader().points(work, device.id, "speed", [(0, 2**62)], 1_000_000, None)
    assert (made["files"] > 3, during > 0) == (True, True)
    assert set(before) - {at_ms for at_ms, _ in kept} == set()
    assert [value for _, value in kept] == [float(number) for number in range(len(kept))]


def test_erased_person_stays_erased_after_a_restore(works, settings, town, tmp_path):
    *_, person = town
    told(run(settings, "backup", str(tmp_path / "copy"), "--json"))
    erase(works, person)
    works.engine.dispose()

    done = told(run(settings, "restore", str(tmp_path / "copy"), "--force", "--json"))

    assert done["erased"] == 1
    assert (rows_with(works, CANARIES), files_with(works, CANARIES)) == ([], [])
    with works.reading(SYSTEM) as work:
        assert work.session.get(Person, person.id).name == "Erased person"


def test_restore_elsewhere_needs_only_the_newest_ledger(works, settings, town, tmp_path):
    *_, person = town
    told(run(settings, "backup", str(tmp_path / "copy"), "--json"))
    erase(works, person)
    ledger = shutil.copy(ledger_path(settings), tmp_path / "newest.jsonl")
    works.engine.dispose()
    elsewhere = tmp_path / "elsewhere"
    is_sqlite = settings.database_url.startswith("sqlite")
    url = f"sqlite:///{elsewhere / 'portal.sqlite'}" if is_sqlite else settings.database_url
    force = [] if is_sqlite else ["--force"]

    done = told(
        run(
            settings,
            "restore",
            str(tmp_path / "copy"),
            *force,
            "--ledger",
            str(ledger),
            "--json",
            folder=elsewhere,
            database_url=url,
        )
    )

    other = make_works(load_settings({"STATUSPORTAL_INSTANCE_DIR": str(elsewhere)}, database_url=url))
    assert (done["erased"], rows_with(other, CANARIES), files_with(other, CANARIES)) == (1, [], [])
    assert other.settings.secret_key == settings.secret_key
    other.engine.dispose()


def test_what_ended_since_stays_ended_and_the_rest_works_on(works, settings, town, tmp_path):
    *_, person = town
    app = create_app(settings, works)
    kept = Visitor(app.test_client(), token_of(works, person))
    with works.writing(actor_for(works, person)) as work:
        row, secret = issue_personal_token(work, "gone", [], None)
    told(run(settings, "backup", str(tmp_path / "copy"), "--json"))
    with works.writing(actor_for(works, person)) as work:
        revoke_personal_token(work, row.id)
    works.engine.dispose()

    told(run(settings, "restore", str(tmp_path / "copy"), "--force", "--json"))

    gone = Visitor(app.test_client(), secret)
    assert [one.ask("GET", "/api/v1/devices").status_code for one in (kept, gone)] == [200, 401]


def test_full_target_damaged_backup_and_serving_portal_are_refused(works, settings, town, tmp_path):
    told(run(settings, "backup", str(tmp_path / "copy"), "--json"))
    full = run(settings, "restore", str(tmp_path / "copy"))
    again = run(settings, "backup", str(tmp_path / "copy"))
    nothing = run(settings, "restore", str(tmp_path), "--force")
    (path,) = [one for one in (tmp_path / "copy").iterdir() if one.name.startswith("portal.")]
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"\x00damaged\x00")
    damaged = run(settings, "restore", str(tmp_path / "copy"), "--force")

    assert [one.returncode for one in (full, again, nothing, damaged)] == [1] * 4
    assert ("--force" in full.stderr, "not empty" in again.stderr, path.name in damaged.stderr) == (True, True, True)
    with works.reading(SYSTEM) as work:
        assert work.session.scalar(select(Person.name).where(Person.email == MAIL)) == NAME


def test_backup_holds_the_secrets_for_its_owner_alone(settings, town, tmp_path):
    told(run(settings, "backup", str(tmp_path / "copy"), "--json"))

    paths = [path for path in (tmp_path / "copy").rglob("*") if path.is_file()]
    assert {path.stat().st_mode & 0o777 for path in paths} == {0o600}
    names = {path.name for path in paths}
    assert {"secret_key", "connections_key", "audit_key", "ledger_key", "manifest.json"} <= names
    assert [name for name in names if name.endswith((".lock", "-wal", "-shm"))] == []


def test_database_is_sound_after_a_restore(works, settings, town, tmp_path):
    told(run(settings, "backup", str(tmp_path / "copy"), "--json"))
    works.engine.dispose()
    told(run(settings, "restore", str(tmp_path / "copy"), "--force", "--json"))

    checked = run(settings, "db", "check", "--json")

    wrong = {name: found for name, found in json.loads(checked.stdout)["checks"].items() if found}
    assert wrong == {}
    if settings.database_url.startswith("postgresql"):
        with works.reading(SYSTEM) as work:
            query = text("SELECT count(*) FROM pg_class WHERE relforcerowsecurity")
            assert work.session.scalar(query) > 10
        assert Path(settings.instance_dir).exists()
    with works.reading(SYSTEM) as work:
        assert work.session.scalars(select(ErasureWish)).all() == []
