"""The view of why: from conditions, limits and history to the sentences of the page."""

from collections.abc import Container, Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from statusportal.availability.queries import BAR_DAYS
from statusportal.catalogue.vocabulary import LimitRule, ModelRules, Side
from statusportal.conditions.models import RestingCondition
from statusportal.derivation.vocabulary import ConditionState
from statusportal.entries.models import EntryHappening
from statusportal.fleet.queries import device_for, periods_of, words_seen
from statusportal.foundation.clock import from_ms, to_ms
from statusportal.http.filters import reader_locale, reader_zone
from statusportal.http.formatting import duration, since
from statusportal.http.rule_sentences import rule_sentence
from statusportal.http.views.shell import Form, Option
from statusportal.http.views.why import Advice, Because, Clearing, ConditionRow, Passage, StandingRow, WhyPage
from statusportal.http.words import health_word
from statusportal.overview.conditions import ConditionSeen, conditions_seen
from statusportal.profiles.vocabulary import AlarmCode, CounterRule, codes_of
from statusportal.reasons.sentences import quantity
from statusportal.status.queries import Interval, intervals_of, status_of
from statusportal.tuning.queries import own_limits_of, rules_of_device
from statusportal.web.devices.own_limit_words import own_words
from statusportal.web.devices.standing_view import standing_rows
from statusportal.web.reasons import reason_words
from statusportal.web.shell import operator_name
from statusportal.work import Work

_MOST_PASSAGES = 30


def why_page(work: Work, device_id: UUID, forms: Mapping[str, Form] | None = None) -> WhyPage:
    """Return the page for the work's actor; `forms` are what was sent and refused, by the condition's code."""
    device = device_for(work, device_id)
    status, words = status_of(work, device.id), words_seen(work, [device])[device.id]
    rules = rules_of_device(work, device)
    seen = conditions_seen(work, device.id)
    active = [one for one in seen if one.state.is_active]
    counted = {one.code for one in rules.rules if isinstance(one, CounterRule)}
    rows = [_row(work, one, counted, (forms or {}).get(one.state.code, Form())) for one in seen]
    # A native condition stands under its rule's code and the machine's own.
    codes = {part for one in active for part in (one.state.code, one.state.code.partition("@")[2])}
    standings = standing_rows(work, device, rules)
    owns_now = any(one.covers(work.now) for one in periods_of(work, device.id))
    return WhyPage(
        device_id=str(device.id),
        name=words.name,
        model=device.model.name,
        model_slug=device.model.slug,
        serial=device.serial,
        health=status.health.value if status else "unknown",
        reason=reason_words(status.reason) if status else _("This machine is no longer yours."),
        since_at=status.since if status else None,
        meta=_how_many(active),
        steps=_steps(work, device.id, active[0].state, rules) if active else (),
        advice=tuple(_advice(one) for one in rules.codes if one.code in codes),
        limits_href=url_for("devices.own_limits", device_id=device.id),
        clearing=tuple(_clearing(one.state, rules, standings) for one in active),
        now=tuple(row for row in rows if row.is_active or row.rests),
        before=tuple(row for row in rows if not (row.is_active or row.rests)),
        standing=tuple(row for row in standings if row.state != "normal"),
        calm=tuple(row for row in standings if row.state == "normal"),
        history=_history(work, device.id),
        entry_href=_entry_href(active[0]) if active else "",
        ask_href=url_for("entries.ask", device_id=device.id) if owns_now else "",
        lengths=_lengths(),
    )


def _how_many(active: Sequence[ConditionSeen]) -> str:
    if not active:
        return ""
    worst = health_word(active[0].state.health.value, locale=reader_locale())
    count = ngettext("%(num)d condition is active.", "%(num)d conditions are active.", len(active))
    verdict = _("%(health)s is the worst, so the machine says so.", health=worst)
    return f"{count} {verdict}"


def _steps(work: Work, device_id: UUID, worst: ConditionState, rules: ModelRules) -> tuple[Because, ...]:
    """Say the way from the newest sample to the verdict, for the worst condition."""
    limit = _limit_of(worst, rules)
    if worst.is_declared:
        said = Because(_("Somebody said so"), reason_words(worst.reason), _at(work, worst.since_ms))
        return (said, _verdict(worst))
    if limit is None:
        return (*_steps_of_rule(work, device_id, worst, rules), _verdict(worst))
    signal, value = _label(rules, limit.signal_name), _quantity(rules, limit, worst.value)
    samples = _("%(signal)s read %(value)s, %(time)s.", signal=signal, value=value, time=_at(work, worst.last_ms))
    side = _("above %(limit)s") if limit.side is Side.HIGH else _("below %(limit)s")
    rule = side % {"limit": _quantity(rules, limit, limit.threshold)}
    if limit.duration_s:
        rule = _("%(rule)s for %(time)s", rule=rule, time=duration(limit.duration_s, locale=reader_locale()))
    active = worst.active_since_ms if worst.active_since_ms is not None else worst.since_ms
    waited = (
        _("Pending from %(pending)s, active from %(active)s.") if limit.duration_s else _("Active from %(active)s.")
    )
    began = _at(work, active - limit.duration_s * 1000)
    return (
        Because(_("The samples"), samples),
        Because(_("The rule"), f"{signal} {rule}.", _whose(work, device_id, limit.code), limit.code),
        Because(
            _("The time"), waited % {"pending": began, "active": _at(work, active)}, _("By the samples' own time.")
        ),
        _verdict(worst),
    )


def _steps_of_rule(work: Work, device_id: UUID, worst: ConditionState, rules: ModelRules) -> tuple[Because, ...]:
    """Say what a rule of another kind found, whose figures stand in its sentence and its source."""
    rule = next((one for one in rules.rules if worst.code.partition("@")[0] in codes_of(one)), None)
    said = rule_sentence(rule, rules) if rule else str(_("The model no longer has this rule."))
    source = f"{rule.source}. {_whose(work, device_id, rule.code)}" if rule else ""
    active = worst.active_since_ms if worst.active_since_ms is not None else worst.since_ms
    return (
        Because(_("The samples"), reason_words(worst.reason), _at(work, worst.last_ms)),
        Because(_("The rule"), said, source, worst.code),
        Because(_("The time"), _("Active from %(active)s.", active=_at(work, active)), _("By the samples' own time.")),
    )


def _whose(work: Work, device_id: UUID, code: str) -> str:
    """Say whether a rule's numbers are the model's or this machine's own, who set those and why."""
    own = next((row for row in own_limits_of(work, device_id) if row.code == code), None)
    if own is None:
        return str(_("From the model, the same for all of its machines."))
    return str(_("This machine's own limit. %(who)s", who=own_words(work, own)))


def _advice(code: AlarmCode) -> Advice:
    is_danish = reader_locale() == "da"
    return Advice(
        code.code,
        (is_danish and code.meaning_da) or code.meaning_en,
        (is_danish and code.advice_da) or code.advice_en,
    )


def _verdict(worst: ConditionState) -> Because:
    health = health_word(worst.health.value, locale=reader_locale())
    return Because(
        _("The verdict"),
        _(
            "This means %(health)s. A machine's health is the worst that is active; being heard from is apart.",
            health=health,
        ),
    )


def _clearing(state: ConditionState, rules: ModelRules, standings: Sequence[StandingRow]) -> Clearing:
    limit = _limit_of(state, rules)
    if state.is_declared:
        return Clearing(reason_words(state.reason), _("It ends when its entry is resolved."))
    if limit is None:
        row = next((one for one in standings if one.code == state.code and one.takes), None)
        by_itself = (
            f"{row.takes} {row.now}" if row else _("It ends when the rule %(code)s is met again.", code=state.code)
        )
        return Clearing(reason_words(state.reason), by_itself)
    back = limit.threshold - limit.hysteresis if limit.side is Side.HIGH else limit.threshold + limit.hysteresis
    side = _("%(signal)s at most %(limit)s") if limit.side is Side.HIGH else _("%(signal)s at least %(limit)s")
    words = side % {"signal": _label(rules, limit.signal_name), "limit": _quantity(rules, limit, back)}
    return Clearing(words, _("Now %(value)s.", value=_quantity(rules, limit, state.value)))


def _row(work: Work, seen: ConditionSeen, counted: Container[str], form: Form) -> ConditionRow:
    state = seen.state
    facts = [ngettext("%(num)d time", "%(num)d times", state.count)]
    if state.active_since_ms is not None:
        lasted = (to_ms(work.now) - state.active_since_ms) / 1000
        facts.insert(0, _("active %(time)s", time=duration(lasted, locale=reader_locale())))
    else:
        facts.append(_("over since %(time)s", time=_at(work, state.since_ms)))
    return ConditionRow(
        code=state.code if not state.is_declared else "",
        title=reason_words(state.reason),
        health=state.health.value,
        is_active=state.is_active,
        facts=tuple(facts),
        said=_said(work, seen.acknowledged) if seen.acknowledged else "",
        rests=_rests(work, seen.rest) if seen.rest else "",
        entry_href=_entry_href(seen),
        can_acknowledge=seen.may_acknowledge and state.is_active,
        can_shelve=seen.may_shelve,
        can_service=seen.may_service and state.code in counted,
        form=form,
    )


def _said(work: Work, row: EntryHappening) -> str:
    name = row.person.name if row.person else operator_name()
    return str(_("Acknowledged by %(name)s, %(time)s.", name=name, time=_at(work, to_ms(row.at))))


def _rests(work: Work, row: RestingCondition) -> str:
    name = row.person.name if row.person else operator_name()
    if row.until is None:
        return str(_("Taken out of service by %(name)s: “%(reason)s”", name=name, reason=row.reason))
    until = _at(work, to_ms(row.until))
    return str(_("Shelved by %(name)s until %(time)s: “%(reason)s”", name=name, time=until, reason=row.reason))


def _entry_href(seen: ConditionSeen) -> str:
    return url_for("entries.entry", entry_id=seen.entry.id) if seen.entry else ""


def _history(work: Work, device_id: UUID) -> tuple[Passage, ...]:
    """List the newest stretches of one health; a change of connectivity alone begins none."""
    now_ms = to_ms(work.now)
    found = intervals_of(work, device_id, now_ms - int(timedelta(days=BAR_DAYS).total_seconds() * 1000), now_ms)
    joined: list[list[Interval]] = []
    for one in found:
        if joined and joined[-1][-1].health is one.health and joined[-1][-1].to_ms == one.from_ms:
            joined[-1].append(one)
        else:
            joined.append([one])
    return tuple(_passage(stretch, now_ms) for stretch in reversed(joined[-_MOST_PASSAGES:]))


def _passage(stretch: Sequence[Interval], now_ms: int) -> Passage:
    first, last = stretch[0], stretch[-1]
    lasted = None if last.to_ms is None or last.to_ms >= now_ms else (last.to_ms - first.from_ms) / 1000
    return Passage(first.health.value, from_ms(first.from_ms), lasted, reason_words(first.cause))


def _lengths() -> tuple[Option, ...]:
    return (
        Option("hour", _("1 hour")),
        Option("morning", _("Tomorrow 08:00")),
        Option("week", _("7 days")),
        Option("out_of_service", _("Out of service"), _("until somebody brings it back")),
    )


def _limit_of(state: ConditionState, rules: ModelRules) -> LimitRule | None:
    return next((limit for limit in rules.limits if limit.id == state.limit_id), None)


def _label(rules: ModelRules, name: str) -> str:
    signal = next((one for one in rules.signals if one.name == name), None)
    label = (signal.label_da if reader_locale() == "da" else signal.label_en) if signal else name
    return label or name


def _quantity(rules: ModelRules, limit: LimitRule, value: float | None) -> str:
    signal = next((one for one in rules.signals if one.name == limit.signal_name), None)
    return "–" if value is None else quantity(value, signal, reader_locale())


def _at(work: Work, at_ms: int) -> str:
    return since(from_ms(at_ms), now=work.now, zone=reader_zone(), locale=reader_locale())
