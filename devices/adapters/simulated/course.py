"""How one simulated machine fares over time: what it brings from the past, when it fails, and when it is repaired."""

from devices.adapters.simulated.kinds import KINDS
from devices.adapters.simulated.machine import Machine
from devices.adapters.simulated.options import SimulatedMachine


class Course:
    """Bring a machine to the present, and let it fail and be repaired on time.

    A failure that somebody else triggers is left alone: only the beginning and the end of its own are acted on.
    """

    def __init__(self, wanted: SimulatedMachine, now_ms: int) -> None:
        self._wanted = wanted
        self._start_ms = now_ms
        self._is_failing = False
        self.machine = machine_at(wanted, now_ms)

    def keep(self, now_ms: int) -> None:
        """Trigger or repair what is due by now."""
        if not self._wanted.failure_mode or self._wanted.failing_since_ms:
            return
        is_due = is_failing(self._wanted, (now_ms - self._start_ms) / 1_000)
        if is_due and not self._is_failing:
            self.machine.trigger(self._wanted.failure_mode)
        elif self._is_failing and not is_due:
            self.machine.clear()
        self._is_failing = is_due


def is_failing(wanted: SimulatedMachine, running_s: float) -> bool:
    """Tell whether a machine fails so long after the start."""
    into_s = running_s - wanted.fails_after_s
    if into_s < 0:
        return False
    if wanted.fails_every_s:
        into_s %= wanted.fails_every_s
    return not wanted.fails_for_s or into_s < wanted.fails_for_s


def machine_at(wanted: SimulatedMachine, now_ms: int) -> Machine:
    """Make a machine as it is now; one that has been failing has lived through it."""
    since_ms = min(wanted.failing_since_ms or now_ms, now_ms)
    machine = KINDS[wanted.kind](wanted.serial, seed=wanted.seed, start_ms=since_ms, begun_ms=wanted.begun_ms or None)
    if wanted.failing_since_ms:
        machine.trigger(wanted.failure_mode)
        machine.step((now_ms - since_ms) / 1_000)
    return machine
