"""Pure: a model's rules at work on one device, going on from what they remember.

A limit is judged by derivation itself, which knows the clock; the rules see it too, since they may be combined with it.
A sample that is older than the newest of its signal says nothing to them.

Source: docs/adr/0037-rules-are-data.md.
"""

import functools
from collections.abc import Mapping
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from devices.reading import Value
from statusportal.catalogue.vocabulary import ModelRules
from statusportal.profiles.vocabulary import EVERY_SIGNAL, AnyRule, Profile, codes_of, signal_of
from statusportal.rules.evaluating import Device
from statusportal.rules.vocabulary import Change

_LONGEST_CODE = 80


@functools.lru_cache(maxsize=4_096)
def rule_id(code: str) -> UUID:
    """Name a rule by its code: a condition that has no such id was declared by a person."""
    return uuid5(NAMESPACE_OID, code)


class Ruler:
    """The rules of one device through one batch or stretch of time.

    Units: milliseconds since 1970 UTC of the samples' own time: `heard_ms` of the last one of this batch, `elapsed_ms`
    of what fell due last. The clock counts on from the arrival of a sample, as it does for limits.
    """

    def __init__(self, profile: Profile, rules: ModelRules, memory: Mapping[str, Any] | None) -> None:
        self._own = {code: rule for rule in rules.rules for code in codes_of(rule)}
        self._device = Device(profile)
        self._heard: dict[str, int] = {}
        self.heard_ms: int | None = None
        self.elapsed_ms = 0
        if memory is not None:
            self._heard = dict(memory["heard"])
            self._device.load(memory["device"])

    def hear(self, at_ms: int, signal: str, value: Value) -> list[tuple[AnyRule, Change]]:
        """Take in the next sample; return what changed, each with its rule."""
        if at_ms <= self._heard.get(signal, -1):
            return []
        self._heard[signal] = at_ms
        self.heard_ms = at_ms
        self._device.hear(at_ms, signal, value)
        return self._taken()

    def let_fall_due(self) -> list[tuple[AnyRule, Change]]:
        """Let pass the time up to what falls due next, and return it, with its rule."""
        self.elapsed_ms = self._device.due_ms or self.elapsed_ms
        self._device.elapse(self.elapsed_ms)
        return self._taken()

    def due_after(self, at_ms: int, now_ms: int) -> int | None:
        """Return when by the clock something falls due next, if the samples' time `at_ms` is the clock's `now_ms`."""
        due_ms = self._device.due_ms
        return None if due_ms is None else now_ms + max(0, due_ms - at_ms)

    def memory(self) -> dict[str, Any]:
        """Return what is remembered, to go on from."""
        return {"heard": self._heard, "device": self._device.dump()}

    def _taken(self) -> list[tuple[AnyRule, Change]]:
        changes, self._device.changes = self._device.changes, []
        return [(self._own[change.code], change) for change in changes if change.code in self._own]


def condition_code(rule: AnyRule, change: Change) -> str:
    """Name the condition of a change: a rule on every signal has one for each."""
    if signal_of(rule) != EVERY_SIGNAL:
        return change.code
    return f"{change.code}@{change.signal}".replace("/", ".")[:_LONGEST_CODE]  # codes stand in addresses
