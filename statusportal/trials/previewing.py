"""Reads of trials: what one rule would have done on the last days of a device."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from uuid import UUID

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.authoring.editing import check_one_rule
from statusportal.catalogue.profiling import profile_of
from statusportal.catalogue.queries import model_for, rules_of
from statusportal.catalogue.vocabulary import ModelRules
from statusportal.fleet.queries import device_for, ownerships_at
from statusportal.foundation.clock import to_ms
from statusportal.foundation.errors import Invalid, Sentence
from statusportal.profiles.vocabulary import EVERY_SIGNAL, AnyRule, NativeRule, Profile, native_code, signal_of
from statusportal.rules.vocabulary import Sample
from statusportal.telemetry.downsample import downsample, thin_out
from statusportal.telemetry.queries import last_values_of
from statusportal.trials.reading import samples_between
from statusportal.trials.vocabulary import Foretelling, Point
from statusportal.trials.watching import Watch, alone, signals_watched
from statusportal.tuning.queries import bands_under
from statusportal.tuning.vocabulary import tuned
from statusportal.work import Work

DAYS = 30
# About a second of one core, and thirty days of two signals that come each minute.
MOST_SAMPLES = 100_000
MOST_SIGNALS = 50
MOST_POINTS = 400
_DAY_MS = 86_400_000
_PIECE = 20_000


@dataclass(frozen=True, slots=True)
class Question:
    """A rule to try on a device; `instead_of` is the code of the one that it would replace."""

    rule: AnyRule
    device_id: UUID
    instead_of: str = ""
    days: int = DAYS


def preview_rule(work: Work, model_id: UUID, asked: Question) -> Foretelling:
    """Say what a rule would have done on a device in the days up to now, by the evaluator that judges live.

    Raises: Forbidden, NotFound, Invalid with the fields of the rule as in `/low`, or `/device` of another model.
    """
    require(work.actor, Permission.MODEL_ADMINISTER)
    model = model_for(work, model_id)
    device = device_for(work, asked.device_id)
    if device.model_id != model.id:
        raise Invalid.field("/device", Sentence("is not a machine of this model"))
    present = rules_of(work, [model.id])[model.id]
    places = [at for at, rule in enumerate(present.rules) if rule.code == asked.instead_of]
    check_one_rule(model, present, asked.rule, places[0] if places else len(present.rules))
    before = present.rules[places[0]] if places else None
    # What it is made of is judged on this machine by the machine's own numbers; it is itself tried as the model's.
    owners = ownerships_at(work, [device.id], work.now).values()
    bands = dict(bands_under(work, owners).get(device.id, {}))
    for code in (asked.rule.code, asked.instead_of):
        bands.pop(code, None)
    return _Trial(work, device.id, asked, tuned(present, bands), before).run()


class _Trial:
    """One walk through the samples, with the rule as it would be and, if there is one, as it stands."""

    def __init__(
        self, work: Work, device_id: UUID, asked: Question, present: ModelRules, before: AnyRule | None
    ) -> None:
        self._work, self._device_id, self._asked = work, device_id, asked
        others = tuple(rule for rule in present.rules if before is None or rule.code != before.code)
        self._profile = alone(profile_of("", replace(present, rules=(*others, asked.rule))), asked.rule)
        self._watch = Watch(self._profile, asked.rule)
        self._before = None if before is None else Watch(alone(profile_of("", present), before), before)
        self._signal = _drawn_signal(self._profile, asked.rule)
        self._points: list[Point] = []

    def run(self) -> Foretelling:
        """Walk; at most so many samples, and rather fewer days than a part of them."""
        now_ms = to_ms(self._work.now)
        names = self._names()
        from_ms = self._begin(names, now_ms)
        read, last_ms = 0, from_ms
        for sample in islice(self._samples(names, from_ms, now_ms + 1), MOST_SAMPLES):
            read, last_ms = read + 1, sample.at_ms
            self._hear(sample)
        to_ms_ = last_ms if read == MOST_SAMPLES else now_ms
        for watch in (self._watch, self._before):
            if watch is not None:
                watch.end(to_ms_)
        return Foretelling(
            from_ms=from_ms,
            to_ms=to_ms_,
            samples=read,
            is_cut=(from_ms, to_ms_) != (now_ms - self._asked.days * _DAY_MS, now_ms),
            times=self._watch.times,
            active_ms=self._watch.active_ms,
            firings=tuple(self._watch.firings),
            passings=tuple(self._watch.passings),
            times_before=None if self._before is None else self._before.times,
            learned=self._watch.learned,
            signal=self._signal,
            points=tuple(downsample(self._points, MOST_POINTS)),
        )

    def _hear(self, sample: Sample) -> None:
        self._watch.hear(sample)
        if self._before is not None:
            self._before.hear(sample)
        if sample.signal == self._signal and not isinstance(sample.value, str):
            self._points.append((sample.at_ms, sample.value))
            if len(self._points) >= _PIECE:
                self._points = thin_out(self._points, MOST_POINTS)

    def _names(self) -> list[str]:
        wanted = signals_watched(self._profile)
        natives = [one for one in self._profile.rules if isinstance(one, NativeRule) and one.by_code]
        if natives or EVERY_SIGNAL in wanted:
            sent = [one.signal for one in last_values_of(self._work, self._device_id)]
            own = [name for name in sent if any(native_code(one, name) is not None for one in natives)]
            wanted = wanted | frozenset((sent if EVERY_SIGNAL in wanted else own)[:MOST_SIGNALS])
        return sorted(wanted - {EVERY_SIGNAL})

    def _begin(self, names: list[str], now_ms: int) -> int:
        """Return from when on to look, by how much came on the last day."""
        of_a_day = sum(1 for _ in islice(self._samples(names, now_ms - _DAY_MS, now_ms), MOST_SAMPLES))
        days = self._asked.days if of_a_day == 0 else min(self._asked.days, max(1, MOST_SAMPLES // of_a_day))
        return now_ms - days * _DAY_MS

    def _samples(self, names: list[str], from_ms: int, to_ms_: int) -> Iterator[Sample]:
        return samples_between(self._work, self._device_id, names, from_ms, to_ms_)


def _drawn_signal(profile: Profile, rule: AnyRule) -> str | None:
    """Choose the signal whose curve is drawn: the rule's own, else the first of those it is made of."""
    own = signal_of(rule)
    if own == EVERY_SIGNAL:
        return None
    return own or min(signals_watched(profile) - {EVERY_SIGNAL}, default=None)
