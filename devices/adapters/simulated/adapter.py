"""Simulated machines in real time."""

import itertools
import time
from collections.abc import Callable
from threading import Event
from typing import ClassVar

from devices.adapters.simulated.course import Course
from devices.adapters.simulated.machine import Machine
from devices.adapters.simulated.manifest import MANIFEST
from devices.adapters.simulated.options import SimulatedOptions
from devices.delivery import deliver
from devices.loop import wall_ms
from devices.protocol import Connected, Manifest, Report, Sighting, Sink
from devices.reading import Reading
from devices.route import Route
from devices.sentence import Sentence


class SimulatedAdapter:
    """Run a set of machines at an interval; `machines` are open to whoever wants to trigger a failure."""

    manifest: ClassVar[Manifest] = MANIFEST

    def __init__(self, options: SimulatedOptions, route: Route, clock: Callable[[], int] = wall_ms) -> None:
        self._options = options
        self._route = route
        self._clock = clock
        self._courses = [Course(wanted, clock()) for wanted in options.machines]
        self.machines: dict[str, Machine] = {course.machine.serial: course.machine for course in self._courses}

    def run(self, sink: Sink, stop: Event, report: Report) -> None:
        """Read all machines, store, and wait for the next round."""
        report(Connected("simulated"))
        rounds = itertools.count() if self._options.rounds == 0 else range(self._options.rounds)
        due_s = time.monotonic()
        for _ in rounds:
            if stop.is_set() or deliver(sink, self._read(), stop, report) is None:
                return
            due_s = max(due_s + self._options.interval_s, time.monotonic())
            if stop.wait(due_s - time.monotonic()):
                return

    def check(self, wait_s: float) -> Sighting:
        """Read all machines once; there is nothing to wait for."""
        del wait_s
        notes = tuple(
            Sentence("%(serial)s is a %(kind)s.", serial=serial, kind=machine.kind)
            for serial, machine in self.machines.items()
        )
        return Sighting("simulated", notes, self._read())

    def _read(self) -> tuple[Reading, ...]:
        now_ms = self._clock()
        readings: list[Reading] = []
        for course in self._courses:
            course.keep(now_ms)
            values = course.machine.step(max(now_ms - course.machine.at_ms, 0) / 1_000)
            readings.extend(course.machine.readings(values))
        return self._route.name(readings).readings
