"""A fleet that falls silent at once: every status first, then what follows from each, once and in order."""

from datetime import timedelta

import pytest

from devices.reading import Reading
from statusportal.access.actor import SYSTEM
from statusportal.entries.queries import entries_page
from statusportal.foundation.clock import to_ms
from statusportal.foundation.paging import Slice
from statusportal.ingest.follow import follow_once
from statusportal.ingest.sources import Source
from statusportal.ingest.store import store_readings
from statusportal.jobs.keeping_time import status_round
from statusportal.passage.service import MOST_TOLD, expire_due
from statusportal.status.events import StatusChanged
from statusportal.status.queries import statuses_of
from statusportal.work import Wiring, Works
from tests.factories.machines import make_machine

FLEET = MOST_TOLD + 4


@pytest.fixture
def heard(works):
    """Machines that were all heard at once."""
    first = make_machine(works)
    machines = [first, *(make_machine(works, first.organisation_id, first.model_id) for _ in range(FLEET - 1))]
    for machine in machines:
        send(works, machine)
    return machines


def send(works, machine):
    source = Source("credential:1", machine.organisation_id, machine.id)
    store_readings(works, source, [Reading(None, "temperature", to_ms(works.clock.now()), 20.0)])
    follow_once(works)


def expire(works):
    with works.writing(SYSTEM) as work:
        return expire_due(work)


def connectivities(works, machines):
    with works.reading(SYSTEM) as work:
        return [str(one.connectivity) for one in statuses_of(work, [machine.id for machine in machines]).values()]


def silent_entries(works):
    with works.reading(SYSTEM) as work:
        return sorted(
            (entry.device_id, entry.lifecycle) for entry in entries_page(work, Slice(limit=200)).items if entry.code
        )


def test_all_states_come_first_and_each_is_told_once_and_in_order(works, clock, heard):
    told = []
    ear = (StatusChanged, lambda _work, event: told.append((event.device_id, event.connectivity_after, event.version)))
    listened = Works(works.engine, clock, Wiring([*works.wiring.projections, ear]), works.settings)
    clock.move(timedelta(minutes=6))

    expired = expire(listened)
    shown, before = connectivities(works, heard), (silent_entries(works), list(told))
    back = heard[7]
    send(listened, back)  # told of its silence, then of its return
    of_back = [(str(connectivity), version) for device_id, connectivity, version in told if device_id == back.id]
    status_round(listened, follow_once)
    status_round(listened, follow_once)

    assert (expired, shown, before) == (FLEET, ["offline"] * FLEET, ([], []))
    assert of_back == [("stale", 3), ("offline", 3), ("online", 4)]
    assert silent_entries(works) == sorted(
        (machine.id, "monitoring" if machine is back else "open") for machine in heard
    )
    assert len(told) == len(set(told)) == 2 * FLEET + 1


def test_few_that_fall_silent_are_told_at_once(works, clock, heard):
    clock.move(timedelta(minutes=4))
    for machine in heard[3:]:
        send(works, machine)
    clock.move(timedelta(minutes=1, seconds=1))

    expire(works)

    assert [device_id for device_id, _ in silent_entries(works)] == sorted(machine.id for machine in heard[:3])
