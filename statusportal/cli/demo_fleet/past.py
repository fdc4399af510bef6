"""The past of the demo, lived through from its beginning to now on a clock of its own.

Everything goes the ordinary way, store and then follow, and every word is said by the verb that says it on a page: so
entries, states and intervals carry their true times, and nothing here knows how they are kept.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final, NamedTuple
from uuid import UUID

from devices.adapters.simulated.machine import SILENT
from devices.reading import Reading
from statusportal.access.actor import SYSTEM
from statusportal.answers.fixing import confirm_fixes
from statusportal.catalogue.filing import ModelFile
from statusportal.cli.demo_fleet.content import (
    MachinesFile,
    MachineTable,
    PeopleFile,
    read_entries,
    read_machines,
    read_models,
    read_people,
)
from statusportal.cli.demo_fleet.giving import give_to_others
from statusportal.cli.demo_fleet.lives import Life, troubles_of
from statusportal.cli.demo_fleet.living import connect_machines
from statusportal.cli.demo_fleet.planning import plan_ahead, work_done
from statusportal.cli.demo_fleet.rules import write_on_screen
from statusportal.cli.demo_fleet.saying import Act, acts_of, read_what_is_over
from statusportal.cli.demo_fleet.times import moment
from statusportal.cli.demo_fleet.world import (
    World,
    expect_intervals,
    expect_one_interval,
    let_in,
    make_world,
    sell,
)
from statusportal.conditions.settling import confirm_due
from statusportal.foundation.clock import FixedClock, from_ms, to_ms
from statusportal.ingest.follow import follow_once
from statusportal.passage.service import expire_due
from statusportal.telemetry.store.opening import sample_reader, sample_store
from statusportal.telemetry.store.port import Batch, Incoming, Terms
from statusportal.wiring import PROJECTIONS
from statusportal.work import Wiring, Works

DAYS: Final = 90


class Stage(NamedTuple):
    """How the past is told from so long ago on: every machine speaks once a beat.

    Units: `interval_s` is what the models expect meanwhile, more than half a beat, so that coarse telling is not taken
    for silence, and no more than that, since snapshots reach back by it.
    """

    ago: timedelta
    beat: timedelta
    interval_s: int


_STAGES: Final = (
    Stage(timedelta(days=DAYS), timedelta(hours=8), 14_700),
    Stage(timedelta(days=8), timedelta(hours=2), 3_900),
    Stage(timedelta(hours=25), timedelta(minutes=50), 1_600),
    Stage(timedelta(hours=9), timedelta(minutes=9), 300),
)
_OFFLINE_AFTER: Final = timedelta(minutes=6)
_SEEN_AFTER: Final = timedelta(minutes=3)
# How often a machine in trouble is looked at until it is repaired.
_LOOKS: Final = 4
_SOURCE: Final = "demo"


@dataclass(frozen=True, slots=True)
class Story:
    """What the files tell."""

    people: PeopleFile
    machines: MachinesFile
    models: tuple[ModelFile, ...]


def read_story() -> Story:
    """Read everything, so that a mistake in a file is found before anything is written."""
    return Story(read_people(), read_machines(), read_models())


class Past:
    """The demo's past on one store; `beats` are the instants to live through, in order.

    At most of them one machine speaks, to which something happens; all of them speak every few hours. `unsaid` tells
    which words had no entry to stand under.
    """

    def __init__(self, works: Works, story: Story) -> None:
        self._now = works.clock.now()
        self._begun = self._now - timedelta(days=DAYS)
        self._clock = FixedClock(self._begun)
        # Without reactions: nobody is to be nudged or told about what happened long ago.
        self._works = Works(works.engine, self._clock, Wiring(PROJECTIONS), works.settings)
        self._story = story
        self._world = make_world(self._works, story.people, story.machines, story.models)
        self._intervals = {model.slug: model.expected_interval_s for model in story.models}
        self._terms = _terms(self._world, story)
        self.unsaid: list[str] = []
        calling = [*self._stages(), *self._silences()]
        calls = [to_ms(act.at) for act in calling]
        kinds = story.machines.kinds
        heard = [one for one in story.machines.machines if not one.is_unheard]
        self._lives = {one.serial: Life(one, kinds, self._begun, self._now, calls) for one in heard}
        acts = [*calling, *self._deals(), *self._talk(), *work_done(self._world, self._now)]
        self._acts = sorted((act for act in acts if act.at < self._now), key=lambda act: act.at)
        self._speakers = self._who_speaks_when()
        self.beats = sorted(self._speakers)

    def live_until(self, at: datetime) -> None:
        """Let the machines speak up to an instant, derive, and let people do what they did then."""
        self._clock.set(at)
        speakers = self._lives.keys() & self._speakers[at]
        readings = [one for serial in sorted(speakers) for one in self._lives[serial].readings_until(at)]
        if readings:
            self._store(readings)
            follow_once(self._works)
        while self._acts and self._acts[0].at <= at:
            self._acts.pop(0).do(self._works)

    def finish(self) -> None:
        """Set the models to their true intervals, tidy up, and connect the machines that go on living."""
        expect_intervals(self._works, self._world, self._intervals)
        with self._works.writing(SYSTEM) as work:
            expire_due(work)
            confirm_due(work)
            confirm_fixes(work)
            sample_reader().trim_journal(work)
        read_what_is_over(self._works, self._world)
        give_to_others(self._works, self._world)
        plan_ahead(self._works, self._world)
        write_on_screen(self._works, self._world)
        connect_machines(self._works, self._world, self._story.people, self._story.machines, self._begun)

    def _store(self, readings: Sequence[Reading]) -> None:
        samples = [
            Incoming(self._world.devices[str(one.serial)], one.signal, one.at_ms, one.value, index=place)
            for place, one in enumerate(readings)
        ]
        batch = Batch(_SOURCE, self._clock.now(), samples, self._terms)
        receipt = sample_store(self._works).append(batch)
        if receipt.accepted != len(samples):
            raise RuntimeError(f"of {len(samples)} samples of the demo {receipt.accepted} were taken")

    def _who_speaks_when(self) -> dict[datetime, set[str]]:
        """Give every instant at which something is to be seen or done, with the machines concerned."""
        everybody = set(self._lives)
        speakers: dict[datetime, set[str]] = {self._now: everybody}
        for stage in _STAGES:
            for number in range(stage.ago // stage.beat):
                speakers[self._now - stage.ago + stage.beat * number] = everybody
        for act in self._acts:
            concerned = {act.serial} if act.serial else everybody
            speakers[act.at] = speakers.get(act.at, set()) | concerned
        for machine in self._story.machines.machines:
            for at in self._looks_at(machine):
                speakers[at] = speakers.get(at, set()) | {machine.serial}
        return {at: serials for at, serials in speakers.items() if self._begun <= at <= self._now}

    def _looks_at(self, machine: MachineTable) -> Iterator[datetime]:
        """Give the instants around a machine's troubles: when they begin, while they last, when they end."""
        for one in troubles_of(machine, self._now):
            begun, ended = from_ms(one.from_ms), self._now if one.to_ms is None else from_ms(one.to_ms)
            if one.mode != SILENT:
                yield from (begun + (ended - begun) * number / _LOOKS for number in range(1, _LOOKS))
            yield from (begun, begun + _SEEN_AFTER, ended, ended + _SEEN_AFTER)

    def _talk(self) -> Iterable[Act]:
        return (act for entry in read_entries() for act in acts_of(entry, self._world, self._now, self.unsaid))

    def _deals(self) -> Iterable[Act]:
        """Give the sales and the grants."""
        for machine in self._story.machines.machines:
            if machine.sold is not None:
                doing = partial(sell, world=self._world, device=machine.serial, sale=machine.sold)
                yield Act(moment(machine.sold.at, self._now), doing, machine.serial)
        for grant in self._story.machines.grants:
            doing = partial(let_in, world=self._world, grant=grant)
            yield Act(moment(grant.since, self._now), doing, grant.device)

    def _stages(self) -> Iterator[Act]:
        """Give the instants at which the past begins to be told another way."""
        for stage in _STAGES:
            yield Act(
                self._now - stage.ago, partial(expect_one_interval, world=self._world, interval_s=stage.interval_s)
            )

    def _silences(self) -> list[Act]:
        """Give the instants at which a machine that fell silent has been silent for long enough to be offline."""
        return [
            Act(from_ms(one.from_ms) + _OFFLINE_AFTER, self._notice_silence)
            for machine in self._story.machines.machines
            for one in troubles_of(machine, self._now)
            if one.mode == SILENT
        ]

    def _notice_silence(self, works: Works) -> None:
        """Look at the fleet with its true intervals for a moment: whoever did not answer the roll call is silent."""
        expect_intervals(works, self._world, self._intervals)
        with works.writing(SYSTEM) as work:
            expire_due(work)
            confirm_due(work)
        stage = min((one for one in _STAGES if works.clock.now() >= self._now - one.ago), key=lambda one: one.ago)
        expect_one_interval(works, self._world, stage.interval_s)


def _terms(world: World, story: Story) -> Mapping[UUID, Terms]:
    kinds = {model.slug: {one.name: one.kind for one in model.signals} for model in story.models}
    return {world.devices[one.serial]: Terms(kinds[one.model]) for one in story.machines.machines}
