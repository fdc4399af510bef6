"""Pure: a model's rules at work on one device, going on from what they remember.

A limit is judged by derivation itself, which knows the clock; the rules see it too, since they may be combined with it.
A sample that is older than the newest of its signal says nothing to them before history is told again.

Source: docs/adr/0037-rules-are-data.md.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from devices.reading import Value
from statusportal.catalogue.vocabulary import ModelRules
from statusportal.profiles.vocabulary import AnyRule, Profile, codes_of
from statusportal.rules.evaluating import Device
from statusportal.rules.vocabulary import Change

# Devices that wait for the next to need them: as many as threads derive at once.
_MOST_IDLE = 4

Found: TypeAlias = Sequence[tuple[AnyRule, Change]]
_NOTHING: Found = ()


class Rulebook:
    """A model's rules, made ready once for all its devices: to take them up for a device is to load what it remembers.

    Shape: an idle device is blank to whoever takes it, since all that it remembers is loaded anew.
    """

    def __init__(self, profile: Profile, rules: ModelRules) -> None:
        self.own = {code: rule for rule in rules.rules for code in codes_of(rule)}
        self.aliases = {alias: one.name for one in rules.signals for alias in one.traits.aliases or ()}
        self._profile = profile
        self._blank = Device(profile).dump()
        self._idle: list[Device] = []

    def device(self, memory: Mapping[str, Any] | None) -> Device:
        """Return a device that remembers this, and nothing else."""
        try:
            device = self._idle.pop()
        except IndexError:
            device = Device(self._profile)
        device.load(self._blank if memory is None else memory["device"])
        return device

    def give_back(self, device: Device) -> None:
        """Let the next one use it, once what it remembers was written down."""
        if len(self._idle) < _MOST_IDLE:
            self._idle.append(device)


class Ruler:
    """The rules of one device through one batch or stretch of time; what says nothing to them costs nothing.

    Units: milliseconds since 1970 UTC of the samples' own time: `heard_ms` of the last one of this batch, `elapsed_ms`
    of what fell due last. The clock counts on from the arrival of a sample, as it does for limits.
    """

    def __init__(self, book: Rulebook, memory: Mapping[str, Any] | None) -> None:
        self._book = book
        self._memory = memory
        self._device: Device | None = None
        self._heard: dict[str, int] = {} if memory is None else dict(memory["heard"])
        self.heard_ms: int | None = None
        self.elapsed_ms = 0

    def hear(self, at_ms: int, signal: str, value: Value) -> Found:
        """Take in the next sample; return what changed, each with its rule."""
        signal = self._book.aliases.get(signal, signal)
        if at_ms <= self._heard.get(signal, -1):
            return _NOTHING
        self._heard[signal] = at_ms
        self.heard_ms = at_ms
        device = self._device or self._at_work()
        device.hear(at_ms, signal, value)
        return self._taken(device) if device.changes else _NOTHING

    def serve(self, code: str, at_ms: int) -> Found:
        """Begin a counter anew because its service was done; return what changed, each with its rule."""
        self.heard_ms = at_ms
        device = self._device or self._at_work()
        device.serve(code, at_ms)
        return self._taken(device)

    def let_fall_due(self) -> Found:
        """Let pass the time up to what falls due next, and return it, with its rule."""
        device = self._device or self._at_work()
        self.elapsed_ms = device.due_ms or self.elapsed_ms
        device.elapse(self.elapsed_ms)
        return self._taken(device)

    def due_after(self, at_ms: int, now_ms: int) -> tuple[int | None, int | None]:
        """Return when by the clock something falls due next, if the samples' time `at_ms` is the clock's `now_ms`.

        Shape: and when a service does by the calendar, which goes on whether the machine is heard or not.
        """
        device = self._device or self._at_work()
        due_ms = device.due_ms
        return None if due_ms is None else now_ms + max(0, due_ms - at_ms), device.calendar_ms

    def rest(self) -> Mapping[str, Any] | None:
        """Let the rules go, and return what they remember of the device, to go on from."""
        device, self._device = self._device, None
        if device is not None:
            self._memory = {"heard": self._heard, "device": device.dump()}
            self._book.give_back(device)
        return self._memory

    def _at_work(self) -> Device:
        self._device = self._book.device(self._memory)
        return self._device

    def _taken(self, device: Device) -> Found:
        changes, device.changes = device.changes, []
        return [(self._book.own[change.code], change) for change in changes if change.code in self._book.own]
