"""The portal's clock is set: nobody falls silent by it, silence is found all the same, and nothing un-happens."""

import random
from datetime import timedelta

import pytest
from sqlalchemy import select

from devices.reading import Reading
from statusportal.access.actor import SYSTEM
from statusportal.activations.models import Activation
from statusportal.activations.vocabulary import OFFLINE
from statusportal.authoring.editing import set_rules
from statusportal.foundation.clock import to_ms
from statusportal.ingest.follow import follow_once
from statusportal.ingest.sources import Source
from statusportal.ingest.store import store_readings
from statusportal.jobs.keeping_time import status_round
from statusportal.jobs.steadiness import Steadiness
from statusportal.profiles.vocabulary import WindowRule
from statusportal.status.queries import conditions_of, intervals_of, status_of
from tests.factories.machines import LimitSpec, ModelSpec, make_machine

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LASTING = WindowRule(
    code="warm", source="tests", signal="temperature", aggregate="max", samples=2, high=80.0, pending_s=240.0
)
SPEC = ModelSpec(limits=(LimitSpec(duration_s=240),))


class Portal:
    """A portal whose clock can be set, beside a clock that nobody sets."""

    def __init__(self, works, clock):
        self.works, self.clock, self.steady_s = works, clock, 0.0
        self.machine = make_machine(works, spec=SPEC)
        with works.writing(SYSTEM) as work:
            set_rules(work, self.machine.model_id, (LASTING,))
        self.restart()

    def restart(self):
        self._steadiness = Steadiness(self.works, lambda: self.steady_s)

    def run(self, **span):
        """Let time go by on both clocks, and look as the job does."""
        self.clock.move(timedelta(**span))
        self.steady_s += timedelta(**span).total_seconds()
        self._steadiness.look()
        status_round(self.works, follow_once)

    def set_clock(self, by):
        self.clock.move(by)
        self.run()

    def send(self, value, at_ms=None):
        at_ms = to_ms(self.clock.now()) if at_ms is None else at_ms
        source = Source("credential:1", self.machine.organisation_id, self.machine.id)
        store_readings(self.works, source, [Reading(None, "temperature", at_ms, value)])
        self.run()

    def shown(self):
        with self.works.reading(SYSTEM) as work:
            found = status_of(work, self.machine.id)
            return str(found.connectivity), str(found.health)

    def active(self):
        with self.works.reading(SYSTEM) as work:
            return {one.code for one in conditions_of(work, self.machine.id) if one.is_active}

    def activations(self, since_ms):
        with self.works.reading(SYSTEM) as work:
            rows = work.session.scalars(select(Activation).where(Activation.device_id == self.machine.id))
            told = [(row.code, row.from_ms, row.to_ms) for row in rows if row.code != OFFLINE]
            return sorted((code, from_ms - since_ms, to_ms and to_ms - since_ms) for code, from_ms, to_ms in told)

    def history(self):
        with self.works.reading(SYSTEM) as work:
            rows = intervals_of(work, self.machine.id, 0, 2**50)
            return [(one.from_ms, one.to_ms, str(one.health), str(one.connectivity)) for one in rows]


@pytest.fixture
def portal(works, clock):
    portal = Portal(works, clock)
    portal.send(20.0)
    return portal


@pytest.mark.parametrize("by", [DAY, -HOUR])
def test_who_is_heard_stays_online_and_who_is_not_is_found_on_time(portal, by):
    portal.run(seconds=30)
    before = portal.history()
    portal.set_clock(by)
    at_once = portal.shown()
    portal.run(seconds=60)
    still = portal.shown()
    portal.run(seconds=60)
    stale = portal.shown()
    portal.run(seconds=180)

    assert (at_once, still) == (("online", "normal"), ("online", "normal"))
    assert stale == ("stale", "normal")
    assert portal.shown() == ("offline", "unknown")
    assert portal.history()[: len(before) - 1] == before[:-1], "what was told keeps its times"


@pytest.mark.parametrize("by", [HOUR, -HOUR])
@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_what_is_pending_fires_after_the_time_that_really_went_by(portal, by):
    portal.run(seconds=10)
    portal.send(95.0)
    portal.run(seconds=60)
    portal.set_clock(by)
    portal.run(seconds=150)
    early = portal.active()
    portal.run(seconds=60)

    assert early == set()
    assert portal.active() == {"hot", "warm"}


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_restart_with_an_earlier_clock_undoes_nothing_and_is_not_deaf(portal, works):
    portal.run(minutes=6)
    portal.send(95.0)
    before = portal.history()

    portal.restart()
    portal.set_clock(-HOUR)
    kept = portal.history()
    portal.run(minutes=6)

    assert kept == before
    assert (portal.shown()[0], portal.active()) == ("offline", {"hot", "warm"})
    assert portal.history()[: len(before) - 1] == before[:-1]


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_no_step_of_the_clock_changes_history(works, clock, seed):
    def course(is_set):
        """Live through the same hours of a machine whose own clock is right, with a clock that is set or is not."""
        portal, chance, off_s = Portal(works, clock), random.Random(seed), 0  # noqa: S311 - the same in both courses
        began_ms, began_s, seen = to_ms(clock.now()), portal.steady_s, []
        for _ in range(20):
            portal.run(seconds=chance.choice([20, 50, 70, 130, 200]))
            if chance.random() < 0.6:
                portal.send(chance.choice([20.0, 95.0]), began_ms + round((portal.steady_s - began_s) * 1000))
            before_s, off_s = off_s, chance.choice([-40, 0, 30, 50])
            if is_set:
                portal.set_clock(timedelta(seconds=off_s - before_s))
            seen.append((portal.shown(), portal.active()))
        return seen, portal.activations(began_ms)

    assert course(is_set=True) == course(is_set=False)
