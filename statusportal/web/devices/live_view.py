"""The part of a device's page that is fetched again: the verdict and the live values."""

from collections.abc import Iterable, Sequence
from typing import cast
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from devices.reading import Quality
from statusportal.catalogue.vocabulary import LimitRule, ModelRules, Side
from statusportal.derivation.vocabulary import ConditionState, Phase
from statusportal.discussion.queries import Participant, last_words, participants_of
from statusportal.entries.queries import entries_of_device
from statusportal.entries.vocabulary import EntryFilters, Lifecycle
from statusportal.fleet.models import Device
from statusportal.foundation.clock import from_ms, to_ms
from statusportal.foundation.paging import Slice
from statusportal.http.filters import reader_locale
from statusportal.http.views.devices import Connectivity, LivePart, SignalValue, Verdict
from statusportal.http.views.shell import Health, Role
from statusportal.overview.devices import is_signal_stale
from statusportal.status.queries import StatusNow, conditions_of, status_of
from statusportal.telemetry.queries import last_values_of
from statusportal.telemetry.vocabulary import LastValue
from statusportal.tuning.queries import rules_of_device
from statusportal.web.reasons import reason_words
from statusportal.web.shell import initials
from statusportal.web.talk.places import comment_href
from statusportal.web.talk.words import speaker_view
from statusportal.work import Work

_OPEN = EntryFilters(lifecycles=frozenset(Lifecycle) - {Lifecycle.RESOLVED})
_WORD_CHARACTERS = 120
_ENTRIES = 20


def live_part(work: Work, device: Device) -> LivePart:
    """Return verdict and values. A former owner sees what it was like last, and that it is no longer theirs."""
    status = status_of(work, device.id)
    rules = rules_of_device(work, device)
    conditions = [one for one in conditions_of(work, device.id) if one.phase is Phase.ACTIVE]
    values = last_values_of(work, device.id)
    return LivePart(
        device_id=str(device.id),
        verdict=_verdict(work, device, status, rules, conditions) if status else _past_verdict(),
        connectivity=connectivity_view(status),
        signals=signal_values(rules, values, conditions, to_ms(work.now)),
        version=status.version if status else 0,
        why_href=url_for("devices.why", device_id=device.id) if work.actor.link is None else "",
    )


def connectivity_view(status: StatusNow | None) -> Connectivity:
    """Return the quieter axis; nothing is known of a machine that is no longer the reader's."""
    if status is None:
        return Connectivity("never_seen")
    return Connectivity(status.connectivity.value, status.heard_at)


def signal_values(
    rules: ModelRules, values: Iterable[LastValue], conditions: Sequence[ConditionState], now_ms: int | None = None
) -> tuple[SignalValue, ...]:
    """Return the newest value of each signal: declared ones first, in the model's order.

    Shape: with now, one that missed its intervals is stale, whatever its machine's others do.
    """
    order = {signal.name: place for place, signal in enumerate(rules.signals)}
    ordered = sorted(values, key=lambda one: (order.get(one.signal, len(order)), one.signal))
    return tuple(_signal_value(rules, one, conditions, now_ms) for one in ordered)


def _quality(rules: ModelRules, last: LastValue, now_ms: int | None) -> Quality:
    """Return a value's quality now: good ones grow stale."""
    is_old = now_ms is not None and is_signal_stale(rules, last.signal, last.at_ms, now_ms)
    return Quality.STALE if is_old and last.quality is Quality.GOOD else last.quality


def _signal_value(
    rules: ModelRules, last: LastValue, conditions: Sequence[ConditionState], now_ms: int | None
) -> SignalValue:
    declared = next((signal for signal in rules.signals if signal.name == last.signal), None)
    limits = [limit for limit in rules.limits if limit.signal_name == last.signal]
    broken = [one.health for one in conditions if one.signal_name == last.signal and one.phase is Phase.ACTIVE]
    worst = max(broken, key=lambda health: health.rank).value if broken else "normal"
    label = (declared.label_da if reader_locale() == "da" else declared.label_en) if declared else last.signal
    return SignalValue(
        name=last.signal,
        label=label,
        value=last.value,
        unit=declared.unit if declared else "",
        decimals=declared.decimals if declared else None,
        at=from_ms(last.at_ms),
        quality=_quality(rules, last, now_ms).value,
        health=cast("Health", worst),
        low=nearest_limit(limits, Side.LOW),
        high=nearest_limit(limits, Side.HIGH),
    )


def nearest_limit(limits: Iterable[LimitRule], side: Side) -> float | None:
    """Return the limit that a value meets first on its way out."""
    found = [limit.threshold for limit in limits if limit.side is side]
    if not found:
        return None
    return min(found) if side is Side.HIGH else max(found)


def _verdict(
    work: Work, device: Device, status: StatusNow, rules: ModelRules, conditions: Sequence[ConditionState]
) -> Verdict:
    advice = _advice(rules, conditions)
    entries = entries_of_device(work, device.id, Slice(_ENTRIES), _OPEN).items
    word = max(last_words(work, [entry.id for entry in entries]).values(), key=lambda one: one.created_at, default=None)
    helper = _helper(work, word.entry_id) if word else None
    name = speaker_view(word, "").name if word is not None else ""
    return Verdict(
        health=status.health.value,
        reason=reason_words(status.reason),
        since_at=status.since,
        on_it_name=helper.name if helper else "",
        on_it_initials=initials(helper.name) if helper else "",
        on_it_role=cast("Role", helper.role if helper else "engineer"),
        can_do=advice,
        last_word=_shortened(word.body_markdown) if word else "",
        last_word_href=comment_href(word.entry_id, word.id) if word else "",
        last_word_by=name,
        last_word_at=word.created_at if word else None,
    )


def _past_verdict() -> Verdict:
    return Verdict(
        health="unknown", reason=_("This machine is no longer yours. What happened while it was stays here.")
    )


def _advice(rules: ModelRules, conditions: Sequence[ConditionState]) -> str:
    """Return the model's advice for the worst active condition that has some."""
    by_code = {limit.code: limit for limit in rules.limits}
    for condition in conditions:
        limit = by_code.get(condition.code)
        if limit is not None and condition.phase is Phase.ACTIVE:
            words = limit.advice_da if reader_locale() == "da" and limit.advice_da else limit.advice_en
            if words:
                return words
    return ""


def _helper(work: Work, entry_id: UUID) -> Participant | None:
    """Return who of the operator is on it: the one who goes there before those who write."""
    order = ("engineer", "expert", "support")
    staff = [one for one in participants_of(work, entry_id) if one.role in order]
    return min(staff, key=lambda one: order.index(str(one.role)), default=None)


def _shortened(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= _WORD_CHARACTERS else line[: _WORD_CHARACTERS - 1].rsplit(" ", 1)[0] + "…"
