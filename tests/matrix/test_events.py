"""Every event of the live channel by everybody: who comes in, what each may watch, and whom a change is told.

A topic that is not there for somebody is answered as one that nobody has, and a frame goes to those alone who may read
the very thing that changed.
"""

from datetime import timedelta

import pytest

from statusportal.discussion.service import post_comment
from statusportal.entries.vocabulary import Audience
from statusportal.foundation.ids import new_id, parse_id
from statusportal.ingest.follow import follow_once
from statusportal.live.attach import LiveNamespace
from tests.factories.accounts import actor_for
from tests.matrix.events import (
    CONNECT,
    EVENTS,
    INNER_WORD,
    MACHINE,
    NOT_FOUND,
    WATCH_DEVICE,
    WATCH_ENTRY,
    WATCH_ME,
    WORD,
    connect,
)
from tests.matrix.expectation import Left, Outcome
from tests.matrix.visitors import GUESTS, VISITORS, who_comes
from tests.servers.live import deliver_nudges

SECOND = timedelta(seconds=1)
pytestmark = [pytest.mark.timeout(600), pytest.mark.xdist_group("matrix")]


@pytest.fixture
def ears(place):
    """A socket of everybody who is let in; the portal is as before when all have left."""
    world, state = place
    with world.app.extensions["live_channel"]._sweeping:  # no thread of the sweep outlives the database
        tried = [connect(world, visitor) for visitor in who_comes(is_whole=state.is_whole)]
        yield tried
        for ear in tried:
            ear.leave()
    state.go_on()


def of(world, kind, things):
    return f"{kind}:{things[f'{kind}_id']}"


def test_every_event_that_asks_for_something_is_in_the_table():
    declared = {name.removeprefix("on_") for name in dir(LiveNamespace) if name.startswith("on_")}

    assert declared - {one.name.split()[0] for one in EVENTS} == {"disconnect"}, "Leaving asks for nothing"


def test_handshake_lets_in_whom_the_policy_lets_in(ears):
    assert {ear.visitor.name: ear.is_in for ear in ears} == {
        ear.visitor.name: CONNECT.outcome_for(ear.visitor) is Outcome.OPEN for ear in ears
    }


def test_every_topic_is_answered_as_the_policy_says(place, ears):
    world, _ = place
    device, entry = of(world, "device", world.things), of(world, "entry", world.things)
    erased_device, erased_entry = of(world, "device", world.gone), of(world, "entry", world.gone)
    nobodys_device, nobodys_entry, inner = f"device:{new_id()}", f"entry:{new_id()}", f"entry:{world.private[0]}"
    wrong = []

    for ear in [one for one in ears if one.is_in]:
        said = ear.watch([device, entry, erased_device, erased_entry, nobodys_device, nobodys_entry, inner, "me"])
        is_guest = ear.visitor.relation in GUESTS
        wanted = {
            device: WATCH_DEVICE.outcome_for(ear.visitor),
            entry: WATCH_ENTRY.outcome_for(ear.visitor),
            erased_device: WATCH_DEVICE.outcome_for(ear.visitor, Left.OPERATORS),
            erased_entry: WATCH_ENTRY.outcome_for(ear.visitor, Left.OPERATORS),
            nobodys_device: WATCH_DEVICE.outcome_for(ear.visitor, Left.NOTHING),
            nobodys_entry: WATCH_ENTRY.outcome_for(ear.visitor, Left.NOTHING),
            inner: Outcome.ABSENT if is_guest else WATCH_ENTRY.outcome_for(ear.visitor),
            "me": WATCH_ME.outcome_for(ear.visitor),
        }
        for topic, outcome in wanted.items():
            is_ok = said[topic]["state"] == "ok" if outcome is Outcome.OPEN else said[topic] == NOT_FOUND
            wrong += [] if is_ok else [(ear.visitor.name, topic, outcome.name, said[topic])]

    assert wrong == []


def test_change_is_told_to_those_who_may_read_it_and_to_nobody_else(place, ears):
    world, _ = place
    device, entry = of(world, "device", world.things), of(world, "entry", world.things)
    deliver_nudges(world.works)
    inside = [one for one in ears if one.is_in]
    for ear in inside:
        ear.watch([device, entry, "me"])

    for change, act in ((WORD, say), (INNER_WORD, say_inside), (MACHINE, cool_down)):
        changed = act(world)
        deliver_nudges(world.works)

        told = {ear.visitor.name: ear.heard() for ear in inside}
        about = {name: topics_about(changed, frames) for name, frames in told.items()}
        assert about == {ear.visitor.name: topics_told(ear.visitor, change, device, entry) for ear in inside}
        # A machine's value also ends an entry, which is told to those who read entries.
        readers = {ear.visitor.name for ear in inside if WATCH_ENTRY.outcome_for(ear.visitor) is Outcome.OPEN}
        assert {name for name, frames in told.items() if frames and not about[name]} <= readers


def topics_about(changed, frames):
    return sorted({one["topic"] for one in frames if one["id"] == changed})


def topics_told(visitor, change, device, entry):
    """Return which of the topics that somebody watches carry a change, if they may read what changed."""
    if change.outcome_for(visitor) is not Outcome.OPEN:
        return []
    carrying = {device: WATCH_DEVICE, entry: WATCH_ENTRY, "me": WATCH_ME}
    if change is MACHINE:
        del carrying[entry]
    return sorted(topic for topic, watched in carrying.items() if watched.outcome_for(visitor) is Outcome.OPEN)


def say(world):
    return _said(world, "customer/author", Audience.SHARED)


def say_inside(world):
    return _said(world, "support", Audience.INTERNAL)


def _said(world, who, audience):
    with world.works.writing(actor_for(world.works, world.people[who])) as work:
        return str(post_comment(work, parse_id(world.things["entry_id"]), "Words", audience=audience).id)


def cool_down(world):
    """Let the machine send a value within its limits, which changes what is said of it."""
    machine = next(one for one in VISITORS if one.name == "device")
    world.works.clock.move(SECOND)
    assert world.ask(machine, "POST", "/api/v1/telemetry", json={"temperature": 20}).status_code == 200
    while follow_once(world.works):
        pass
    return world.things["device_id"]
