"""The demo: seeded once on each database, then looked at as its visitors would. PostgreSQL is for the night."""

import json
import os
import shutil
from collections import Counter
from datetime import timedelta

import msgspec
import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from devices.adapters.simulated.adapter import SimulatedAdapter
from devices.adapters.simulated.options import SimulatedOptions
from devices.route import Route
from statusportal.access.actor import SYSTEM
from statusportal.accounts.models import Organisation, Person
from statusportal.cli import main
from statusportal.community.queries import PublicationFilters, community_model, lines_page, publications_page
from statusportal.config import load_settings
from statusportal.connections.models import Connection
from statusportal.db.engine import open_engine
from statusportal.db.outbox import OutboxMessage
from statusportal.discussion.models import Comment
from statusportal.entries.models import StatusEntry
from statusportal.fleet.models import Device
from statusportal.foundation.clock import FixedClock, SystemClock, to_ms
from statusportal.foundation.paging import Slice
from statusportal.identity.actors import actor_of_person
from statusportal.identity.signing_in import sign_in
from statusportal.ingest.follow import follow_once
from statusportal.ingest.sources import Source
from statusportal.ingest.store import store_readings
from statusportal.insight.communities import fleet_healths
from statusportal.overview.devices import my_devices
from statusportal.search.queries import search
from statusportal.status.models import DeviceStatus, StatusInterval
from statusportal.telemetry.models import JournalEntry, Sample
from statusportal.wiring import wiring
from statusportal.work import Works

DRIFTING = "AM3-20417"
BOUGHT = "BR37-1377"
EVERY = Slice(limit=200)

# Seeding is work for one core and half a minute on a busy one; all tests of a database share it.
pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def environment(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    environment = {"STATUSPORTAL_INSTANCE_DIR": str(folder)}
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), folder / "portal.sqlite")
        yield environment
        return
    server = request.getfixturevalue("postgresql")
    name = f"demo_{os.getpid()}"
    app_url, owner_url = server.create_database(name, request.getfixturevalue("postgresql_template"))
    yield environment | {"STATUSPORTAL_DATABASE_URL": app_url, "STATUSPORTAL_DATABASE_OWNER_URL": owner_url}
    server.drop_database(name)


@pytest.fixture(scope="module")
def command(environment):
    def run(*arguments):
        done = CliRunner(env=environment).invoke(main, ["demo", *arguments], catch_exceptions=False)
        return done.exit_code, done.stdout, done.stderr

    return run


@pytest.fixture(scope="module")
def seeded(command):
    """The sign-ins that the seeding printed."""
    status, out, _ = command("--json")
    assert status == 0
    return json.loads(out)


@pytest.fixture
def works(environment, seeded):
    settings = load_settings(environment)
    engine = open_engine(settings.database_url)
    yield Works(engine, SystemClock(), wiring(), settings)
    engine.dispose()


def actor(work, email):
    return actor_of_person(work, work.session.scalars(select(Person.id).where(Person.email == email)).one())


def titles(work, query):
    return [hit.title for hit in search(work, query, wanted=EVERY).items]


def test_there_is_an_operator_with_customers_machines_and_a_past(works):
    with works.reading(SYSTEM) as work:
        kinds = Counter(work.session.scalars(select(Organisation.kind)))
        counts = {
            one: work.session.scalar(select(func.count()).select_from(one))
            for one in (Device, StatusEntry, Comment, Sample, OutboxMessage, JournalEntry)
        }
        oldest = work.session.scalar(select(func.min(StatusInterval.from_ms)))

    assert kinds == {"operator": 1, "customer": 7}
    assert counts[Device] == 28
    assert counts[StatusEntry] >= 40
    assert counts[Comment] >= 150
    assert 100_000 < counts[Sample] < 300_000
    assert (counts[OutboxMessage], counts[JournalEntry]) == (0, 0)
    assert to_ms(SystemClock().now() - timedelta(days=91)) < oldest < to_ms(SystemClock().now() - timedelta(days=89))


def test_machines_are_in_every_state(works):
    with works.reading(SYSTEM) as work:
        rows = work.session.execute(
            select(DeviceStatus.health, DeviceStatus.connectivity)
            .select_from(Device)
            .outerjoin(DeviceStatus, DeviceStatus.device_id == Device.id)
        )
        states = Counter(tuple(row) for row in rows)

    assert states == {
        ("normal", "online"): 18,
        ("maintenance_required", "online"): 2,
        ("off_spec", "online"): 2,
        ("check_function", "online"): 1,
        ("failure", "online"): 1,
        ("unknown", "offline"): 2,
        (None, None): 2,
    }


def test_everybody_signs_in_with_the_printed_password(works, seeded):
    for one in seeded["people"]:
        with works.writing(SYSTEM) as work:
            row, _ = sign_in(work, one["email"], seeded["password"], "test", "127.0.0.1")
            assert row.ended_at is None


def test_customer_sees_own_machines_with_their_talk_and_no_others(works):
    with works.reading(SYSTEM) as work:
        mette, anders = actor(work, "mette@engdal.example"), actor(work, "anders@vesthavn.example")
    with works.reading(mette) as work:
        devices = {line.serial for line in my_devices(work, EVERY).items}
        found = titles(work, "inlet filter")
        foreign = titles(work, "betonstøv")
    with works.reading(anders) as work:
        kept = titles(work, "betonstøv")

    assert len(devices) == 10
    assert found != []
    assert foreign == []
    assert kept != []


def test_owners_of_the_analyser_talk_with_each_other_under_aliases(works):
    with works.reading(SYSTEM) as work:
        ida = actor(work, "ida@thybo.example")
    with works.reading(ida) as work:
        model = community_model(work, slug="aurora-m3")
        shared = publications_page(work, model.id, EVERY, PublicationFilters()).items
        said = [line.body_markdown for row in shared for line in lines_page(work, row.id, Slice()).items]
        health = fleet_healths(work, model.id)

    assert [row.line_count > 0 for row in shared] == [False, True, True]
    assert [one for one in ("Engdal", "Søren", "Salling", "20417") if one in str(said)] == []
    assert len(health) == 1


def test_buyer_sees_nothing_from_before(works):
    with works.reading(SYSTEM) as work:
        device_id = work.session.scalars(select(Device.id).where(Device.serial == BOUGHT)).one()
        mette = actor(work, "mette@engdal.example")
        entries = work.session.execute(
            select(Organisation.slug, StatusEntry.code)
            .join(Organisation, Organisation.id == StatusEntry.organisation_id)
            .where(StatusEntry.device_id == device_id)
        ).all()
    with works.reading(mette) as work:
        seen = [hit.title for hit in search(work, "oil above", wanted=EVERY).items if "103" in hit.title]

    assert {tuple(entry) for entry in entries} >= {("vesthavn-bryggeri", "B-207"), ("engdal-mejeri", "B-118")}
    assert seen == []


def test_archive_answers_in_english_and_danish(works):
    with works.reading(SYSTEM) as work:
        aisha = actor(work, "aisha@nordvaerk.example")
    with works.reading(aisha) as work:
        english, danish, gasket = (titles(work, query) for query in ("start relay", "startrelæ", "gasket"))

    assert english != []
    assert danish != []
    assert gasket != []


def test_second_seeding_is_refused_and_tells_the_sign_ins_again_when_asked(command, seeded):
    status, said, complaint = command("--if-empty")

    assert (status, complaint) == (0, "")
    assert "show-me-around" in said
    assert command() == (
        1,
        "",
        "Error: There are people here already. The demo is for an empty store; nothing was changed.\n",
    )


def test_first_visitor_sees_a_machine_drift_within_two_minutes(works):
    clock = FixedClock(SystemClock().now())
    live = Works(works.engine, clock, wiring(), works.settings)
    with live.reading(SYSTEM) as work:
        device_id = work.session.scalars(select(Device.id).where(Device.serial == DRIFTING)).one()
        connection = next(one for one in enabled(work) if DRIFTING in json.dumps(one.options))
    options = msgspec.convert(connection.options, SimulatedOptions)
    adapter = SimulatedAdapter(options, Route(), clock=lambda: to_ms(clock.now()))

    for _ in range(int(120 / options.interval_s)):
        clock.move(timedelta(seconds=options.interval_s))
        source = Source.connection(connection.id, connection.organisation_id)
        receipt = store_readings(live, source, adapter.check(0).readings)
        assert receipt.rejected == ()
        follow_once(live)

    with live.reading(SYSTEM) as work:
        status = work.session.get(DeviceStatus, device_id)
        opened = work.session.scalars(
            select(StatusEntry.lifecycle).where(
                StatusEntry.device_id == device_id, StatusEntry.code == "A-214", StatusEntry.resolved_at.is_(None)
            )
        ).all()
    assert (status.health, status.connectivity) == ("off_spec", "online")
    assert opened == ["open"]


def enabled(work):
    return work.session.scalars(select(Connection).where(Connection.is_enabled, Connection.adapter == "simulated"))
