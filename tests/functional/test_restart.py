"""What waits goes on after a kill: a rule in minute 7 of 10, a silence that fell due meanwhile, a watched entry."""

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest

from devices.reading import Reading
from statusportal.access.actor import SYSTEM
from statusportal.authoring.editing import set_rules
from statusportal.entries.queries import entries_page
from statusportal.foundation.clock import to_ms
from statusportal.foundation.paging import Slice
from statusportal.ingest.follow import follow_once
from statusportal.ingest.sources import Source
from statusportal.ingest.store import store_readings
from statusportal.jobs.keeping_time import status_round
from statusportal.profiles.vocabulary import WindowRule
from statusportal.status.queries import conditions_of, intervals_of, status_of
from statusportal.wiring import wiring
from statusportal.work import Works
from tests.factories.machines import LimitSpec, ModelSpec, make_machine
from tests.servers.engines import quick_engine

TEN_MINUTES = WindowRule(
    code="warm", source="tests", signal="temperature", aggregate="max", samples=2, high=80.0, pending_s=600.0
)
# The process that is killed opens the database of the data folder; PostgreSQL keeps the same rows.
pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)

SPEC = ModelSpec(limits=(LimitSpec(duration_s=600),), expected_interval_s=120)

# Follows what the test stored, as a portal does in minute 7, and is killed without a word of farewell.
FOLLOW_AND_DIE = """
import os, signal, sys
from datetime import datetime
from statusportal.config import load_settings
from statusportal.foundation.clock import FixedClock
from statusportal.ingest.follow import follow_once
from statusportal.jobs.keeping_time import status_round
from statusportal.db.engine import open_engine
from statusportal.wiring import wiring
from statusportal.work import Works

settings = load_settings(dict(os.environ))
works = Works(open_engine(settings.database_url), FixedClock(datetime.fromisoformat(sys.argv[1])), wiring(), settings)
status_round(works, follow_once)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def portal(settings, clock):
    engine = quick_engine(settings.database_url)
    yield Works(engine, clock, wiring(), settings)
    engine.dispose()


def killed(settings, clock):
    environment = {**os.environ, "STATUSPORTAL_INSTANCE_DIR": str(settings.instance_dir)}
    command = [sys.executable, "-c", FOLLOW_AND_DIE, clock.now().isoformat()]
    return subprocess.run(command, env=environment, check=False, timeout=60).returncode


def store(works, machine, samples):
    """Store (time, value) of the temperature, and leave the following to whoever runs."""
    source = Source("credential:1", machine.organisation_id, machine.id)
    store_readings(works, source, [Reading(None, "temperature", at_ms, value) for at_ms, value in samples])


def test_what_was_pending_fires_at_its_own_time_after_a_kill(settings, portal, clock):
    machine = make_machine(portal, spec=SPEC)
    with portal.writing(SYSTEM) as work:
        set_rules(work, machine.model_id, (TEN_MINUTES,))
    noon_ms = to_ms(clock.now())
    store(portal, machine, [(noon_ms - 1_000, 95.0), (noon_ms, 95.0)])
    clock.move(timedelta(minutes=7))
    store(portal, machine, [(noon_ms + 420_000, 96.0)])

    died = killed(settings, clock)
    clock.move(timedelta(minutes=3))
    status_round(portal, follow_once)

    with portal.reading(SYSTEM) as work:
        active = {one.code: one.active_since_ms for one in conditions_of(work, machine.id) if one.is_active}
    assert died == -signal.SIGKILL
    assert active == {"hot": noon_ms + 599_000, "warm": noon_ms + 600_000}


def test_silence_and_confirmation_that_fell_due_while_stopped_have_their_true_times(settings, portal, clock):
    machine, other = make_machine(portal, spec=ModelSpec(limits=(LimitSpec(),))), make_machine(portal)
    noon_ms = to_ms(clock.now())
    for heard in (machine, other):
        store(portal, heard, [(noon_ms - 1_000, 95.0), (noon_ms, 20.0)])
    died = killed(settings, clock)
    clock.move(timedelta(days=3))

    status_round(portal, follow_once)
    with portal.reading(SYSTEM) as work:
        silent = [one.from_ms - noon_ms for one in intervals_of(work, other.id, 0, to_ms(work.now))]
        shown = status_of(work, other.id)
    store(portal, machine, [(to_ms(clock.now()), 20.0)])
    status_round(portal, follow_once)
    clock.move(timedelta(minutes=2))
    status_round(portal, follow_once)

    with portal.reading(SYSTEM) as work:
        hot = next(one for one in entries_page(work, Slice()).items if one.code == "hot")
    assert died == -signal.SIGKILL
    assert (silent, shown.connectivity) == ([0, 120_000, 300_000], "offline")
    assert (hot.lifecycle, to_ms(hot.resolved_at)) == ("resolved", noon_ms + 86_400_000)
