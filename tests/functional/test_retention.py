"""What is due for deletion is deleted, in batches, with proof; what entries show stays."""

from datetime import timedelta

import msgspec
import pytest

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import StaffRole
from statusportal.app import create_app
from statusportal.entries.models import StatusEntry
from statusportal.entries.service import publish_entry
from statusportal.entries.vocabulary import EntryKind
from statusportal.foundation.clock import to_ms
from statusportal.foundation.errors import Forbidden
from statusportal.foundation.paging import Slice
from statusportal.identity.models import SignIn
from statusportal.jobs.retaining import retention_round
from statusportal.retention.queries import last_runs, runs_page
from statusportal.telemetry.store.opening import sample_reader, sample_store
from statusportal.telemetry.store.port import Batch, Incoming, Terms
from tests.factories.accounts import PASSWORD, make_organisation, make_person, make_staff_actor
from tests.factories.browsing import browser_of
from tests.factories.fleet import make_device

DAY = timedelta(days=1)
DAY_MS = 86_400_000


@pytest.fixture
def device(works):
    works.settings = msgspec.structs.replace(works.settings, keep_samples_days=30)
    return make_device(works, make_organisation(works, "alpha"))


def send(works, device, days_back, signal="speed", count=1):
    at_ms = to_ms(works.clock.now()) - days_back * DAY_MS
    samples = [Incoming(device.id, signal, at_ms + number, float(number)) for number in range(count)]
    sample_store(works).append(Batch("credential:1", works.clock.now(), samples, {device.id: Terms({})}))


def kept(works, device, signal="speed"):
    with works.reading(SYSTEM) as work:
        return len(sample_reader().points(work, device.id, signal, [(0, 2**62)], 100_000, None))


def runs(works):
    with works.reading(make_staff_actor(works, StaffRole.ADMIN)) as work:
        return [(row.kind, row.deleted) for row in runs_page(work, Slice()).items if row.kind == "samples"]


def test_old_samples_go_in_batches_and_young_ones_stay(works, device):
    send(works, device, 31, count=7_000)
    send(works, device, 40, "other", count=10)
    send(works, device, 29, count=20)

    retention_round(works)

    assert (kept(works, device), kept(works, device, "other"), runs(works)) == (20, 0, [("samples", 7_010)])


def test_nothing_goes_where_everything_is_kept(works, device):
    works.settings = msgspec.structs.replace(works.settings, keep_samples_days=0)
    send(works, device, 4_000, count=5)

    retention_round(works)

    assert (kept(works, device), runs(works)) == (5, [])


def test_proof_is_written_once_a_day_and_counts_are_the_administrators(works, clock, device):
    for _ in range(3):
        retention_round(works)
    clock.move(DAY)
    retention_round(works)

    assert runs(works) == [("samples", 0), ("samples", 0)]
    with works.reading(make_staff_actor(works, StaffRole.SUPPORT)) as work, pytest.raises(Forbidden):
        runs_page(work, Slice())
    with works.reading(SYSTEM) as work:
        assert {kind.value for kind in last_runs(work)} == {"samples", "sign_ins", "takeouts"}


def test_sessions_that_ended_long_ago_go_and_the_present_one_stays(settings, works, clock, device):
    person = make_person(works, make_organisation(works), password=PASSWORD)
    app = create_app(works.settings, works)
    browser_of(app, person)
    clock.move(111 * DAY)
    browser_of(app, person)

    retention_round(works)

    with works.reading(SYSTEM) as work:
        assert work.session.query(SignIn).count() == 1


def test_snapshot_of_an_entry_knows_nothing_of_it(works, clock, device):
    send(works, device, 0)
    person = make_staff_actor(works, StaffRole.ENGINEER)
    with works.writing(person) as work:
        entry = publish_entry(work, device.id, EntryKind.FIELD_UPDATE, "Then", "It ran.")
    before = entry.snapshot
    clock.move(31 * DAY)

    retention_round(works)

    with works.reading(SYSTEM) as work:
        row = work.session.get(StatusEntry, (entry.organisation_id, entry.id))
        assert (kept(works, device), row.snapshot, row.title) == (0, before, "Then")
