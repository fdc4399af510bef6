"""Samples a second of one core through the rules: the evaluator alone, with late samples put in place, and whole.

Whole is the derivation of a status: rules are taken up from what was remembered, and what they found becomes
conditions, health and sentences; only the database is left out. It costs by the batch, so that is told by its size; a
device that gathers samples reports as seldom as it sends, and is never silent.

Five rules on one signal of each device, so that every sample is judged five times. The same number of samples through
ten times fewer devices shows whether cost grows with samples or with the fleet.
"""

import random
import statistics
import time
from collections.abc import Callable
from functools import partial

from statusportal.catalogue.profiling import profile_of
from statusportal.catalogue.vocabulary import ModelRules, SignalKind, SignalRule
from statusportal.derivation.derive import hear
from statusportal.derivation.timers import Frame
from statusportal.derivation.vocabulary import DeviceState, Observation
from statusportal.profiles.vocabulary import (
    Aggregate,
    LimitRule,
    NoChangeRule,
    Profile,
    RateRule,
    Signal,
    WindowRule,
)
from statusportal.rules.evaluating import Device
from statusportal.rules.replaying import Stream
from statusportal.rules.vocabulary import Sample

DEVICES = 5_000
ROUNDS = 40
BATCHES = (1, 10, 60)
RUNS = 3
MINUTE_MS = 60_000
SOURCE = "made up for this benchmark"

FIVE_RULES = Profile(
    format=1,
    name="Five rules",
    expected_interval_s=60.0,
    signals=(Signal(name="heat"),),
    rules=(
        LimitRule(code="HOT", source=SOURCE, signal="heat", high=90.0, hysteresis=2.0, pending_s=300.0),
        LimitRule(code="COLD", source=SOURCE, signal="heat", low=5.0, keep_firing_s=300.0),
        RateRule(code="FAST", source=SOURCE, signal="heat", high=40.0, over_s=60.0, per_s=60.0),
        WindowRule(code="WARM", source=SOURCE, signal="heat", aggregate=Aggregate.MEAN, over_s=600.0, high=80.0),
        NoChangeRule(code="STUCK", source=SOURCE, signal="heat", for_s=1_800.0),
    ),
)

HEAT = SignalRule("heat", "Heat", "Varme", "°C", SignalKind.NUMBER, 1)


def main() -> None:
    """Print medians, and the cost of a fleet ten times larger."""
    print(f"{DEVICES} devices, 5 rules each, {DEVICES * ROUNDS:,} samples; median of {RUNS} interleaved runs")
    few = DEVICES // 10
    kinds: dict[str, tuple[Callable[[int], list[Callable[[Sample], None]]], int, int]] = {
        "evaluator": (_devices, DEVICES, ROUNDS),
        "evaluator, fleet a tenth": (_devices, few, ROUNDS * 10),
        "with late samples": (_streams, DEVICES, ROUNDS),
    }
    kinds |= {f"derivation, batches of {size}": (partial(_derivations, size), few, max(BATCHES)) for size in BATCHES}
    rates: dict[str, list[float]] = {name: [] for name in kinds}
    for _ in range(RUNS):
        for name, (make, count, rounds) in kinds.items():
            rates[name].append(_rate(make(count), rounds))
    for name, found in rates.items():
        print(f"  {name:<26} {statistics.median(found):>9,.0f} samples/s")
    whole, tenth = (statistics.median(rates[name]) for name in ("evaluator", "evaluator, fleet a tenth"))
    print(f"  a sample costs {tenth / whole:.2f} times as much in a fleet ten times as large")


def _devices(count: int) -> list[Callable[[Sample], None]]:
    return [lambda sample, device=device: device.hear(*sample) for device in map(Device, [FIVE_RULES] * count)]


def _streams(count: int) -> list[Callable[[Sample], None]]:
    return [lambda sample, stream=stream: stream.hear((sample,)) for stream in map(Stream, [FIVE_RULES] * count)]


def _derivations(size: int, count: int) -> list[Callable[[Sample], None]]:
    model = ModelRules(60 * size, signals=(HEAT,), rules=FIVE_RULES.rules)
    frame = Frame(model, profile=profile_of("Five rules", model))
    return [_Derived(frame, size).hear for _ in range(count)]


class _Derived:
    """A device as the follower sees it: samples gathered, then derived from the state that was kept."""

    def __init__(self, frame: Frame, size: int) -> None:
        self._frame = frame
        self._size = size
        self._state: DeviceState | None = None
        self._waiting: list[Observation] = []

    def hear(self, sample: Sample) -> None:
        self._waiting.append(Observation(sample.signal, sample.at_ms, sample.value))
        if len(self._waiting) == self._size:
            self._state = hear(self._frame, self._state, self._waiting, sample.at_ms).state
            self._waiting = []


def _rate(fleet: list[Callable[[Sample], None]], rounds: int) -> float:
    chance = random.Random(1)  # noqa: S311 - made-up samples, the same in every run
    made = [[chance.gauss(50, 12) for _ in range(97)] for _ in range(7)]
    spent = 0.0
    for number in range(rounds):
        samples = [Sample(number * MINUTE_MS, "heat", made[index % 7][number % 97]) for index in range(len(fleet))]
        began = time.process_time()
        for take, sample in zip(fleet, samples, strict=True):
            take(sample)
        spent += time.process_time() - began
    return rounds * len(fleet) / spent


if __name__ == "__main__":
    main()
