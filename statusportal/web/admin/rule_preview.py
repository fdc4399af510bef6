"""The view of a preview: what a rule would have done on a machine, as words, a curve and its firings."""

from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from statusportal.catalogue.vocabulary import ModelRules
from statusportal.fleet.models import Device
from statusportal.foundation.clock import from_ms
from statusportal.http.filters import reader_locale, reader_zone
from statusportal.http.formatting import day_and_time, duration
from statusportal.http.views.devices import Chart
from statusportal.http.views.rules import FiringRow, RulePreview
from statusportal.profiles.vocabulary import AnyRule, LimitRule
from statusportal.reasons.sentences import quantity
from statusportal.trials.vocabulary import Firing, Foretelling, Passing
from statusportal.tuning.queries import own_limits_of
from statusportal.work import Work

_MOST_SHOWN = 12


def preview_view(work: Work, rule: AnyRule, rules: ModelRules, device: Device, seen: Foretelling) -> RulePreview:
    """Say what a rule would have done."""
    return _View(work, rule, rules, seen).whole(device)


class _View:
    """One preview in the reader's language and time zone."""

    def __init__(self, work: Work, rule: AnyRule, rules: ModelRules, seen: Foretelling) -> None:
        self._work, self._rule, self._seen = work, rule, seen
        self._signals = {one.name: one for one in rules.signals}
        self._locale = reader_locale()

    def whole(self, device: Device) -> RulePreview:
        seen = self._seen
        shown, passed = seen.firings[:_MOST_SHOWN], seen.passings[:_MOST_SHOWN]
        return RulePreview(
            count=seen.times,
            headline=self._headline(),
            detail=self._detail(),
            machine=f"{device.serial}, {device.name_at(self._work.now)}",
            health=self._rule.health.value,
            chart=self._chart(),
            firings=tuple(self._firing(number, one) for number, one in enumerate(shown, 1)),
            passings=tuple(self._passing(one) for one in passed),
            more=seen.times - len(shown),
            notes=tuple(self._notes(device)),
        )

    def _headline(self) -> str:
        times = ngettext("time it would have fired", "times it would have fired", self._seen.times)
        if not self._seen.times:
            return str(times)
        return str(_("%(times)s, %(time)s in all", times=times, time=self._time(self._seen.active_ms)))

    def _detail(self) -> str:
        before = self._seen.times_before
        if before is None:
            return str(
                _("From %(start)s to %(end)s.", start=self._at(self._seen.from_ms), end=self._at(self._seen.to_ms))
            )
        told = ngettext("As it stands it fired %(num)d time.", "As it stands it fired %(num)d times.", before)
        return str(told)

    def _notes(self, device: Device) -> list[str]:
        seen, notes = self._seen, []
        if any(own.code == self._rule.code for own in own_limits_of(self._work, device.id)):
            notes.append(str(_("This machine has a limit of its own. Here it is tried by the rule of the model.")))
        if seen.is_too_little:
            told = ngettext(
                "Only %(num)d value came in that time: too few to say anything by.",
                "Only %(num)d values came in that time: too few to say anything by.",
                seen.samples,
            )
            notes.append(str(told))
        if seen.learned < 1:
            share = round(seen.learned * 100)
            notes.append(
                str(_("It is still learning what is normal: %(share)s %% of the values it needs.", share=share))
            )
        if seen.is_cut and not seen.is_too_little:
            days = self._time(seen.to_ms - seen.from_ms)
            notes.append(str(_("So many values came that only %(time)s of them were looked at.", time=days)))
        return notes

    def _chart(self) -> Chart | None:
        seen = self._seen
        points = [(from_ms(at_ms), float(value)) for at_ms, value in seen.points if not isinstance(value, str)]
        if seen.signal is None or not points:
            return None
        signal = self._signals.get(seen.signal)
        label = seen.signal if signal is None else signal.label_da if self._locale == "da" else signal.label_en
        limit = self._rule if isinstance(self._rule, LimitRule) else None
        return Chart(
            signal=seen.signal,
            label=label,
            unit=signal.unit if signal else "",
            from_at=from_ms(seen.from_ms),
            to_at=from_ms(seen.to_ms),
            points=tuple(points),
            decimals=signal.decimals if signal else None,
            low=limit.low if limit else None,
            high=limit.high if limit else None,
            health=self._rule.health.value,
        )

    def _firing(self, number: int, one: Firing) -> FiringRow:
        end_ms = self._seen.to_ms if one.to_ms is None else one.to_ms
        lasted = self._time(end_ms - one.from_ms)
        peak = "" if one.peak is None else quantity(one.peak, self._signals.get(one.signal or ""), self._locale)
        at = self._at(one.from_ms)
        if one.to_ms is None:
            words = _("%(at)s, for %(time)s and still", at=at, time=lasted)
        else:
            words = _("%(at)s, for %(time)s", at=at, time=lasted)
        if peak:
            words = _("%(words)s, as far as %(value)s", words=words, value=peak)
        return FiringRow(
            number, *self._place(one.from_ms, end_ms), str(words), one.code if one.code != self._rule.code else ""
        )

    def _passing(self, one: Passing) -> FiringRow:
        lasted = self._time(one.to_ms - one.from_ms)
        words = _("%(at)s, for %(time)s: too short, no alarm", at=self._at(one.from_ms), time=lasted)
        return FiringRow(0, *self._place(one.from_ms, one.to_ms), str(words))

    def _place(self, from_ms_: int, to_ms_: int) -> tuple[float, float]:
        whole = max(1, self._seen.to_ms - self._seen.from_ms)
        left = (from_ms_ - self._seen.from_ms) / whole * 100
        return round(left, 2), round((to_ms_ - from_ms_) / whole * 100, 2)

    def _at(self, at_ms: int) -> str:
        return day_and_time(from_ms(at_ms), now=self._work.now, zone=reader_zone(), locale=self._locale)

    def _time(self, ms: int) -> str:
        return duration(timedelta(milliseconds=ms).total_seconds(), locale=self._locale)
