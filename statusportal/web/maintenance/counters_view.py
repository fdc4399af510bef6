"""The view of counters that run out: how far each is, and when it is due, said as an estimate where it is one."""

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from statusportal.foundation.clock import from_ms, to_ms
from statusportal.http.filters import reader_locale, reader_zone
from statusportal.http.formatting import ago, long_date
from statusportal.http.rule_sentences import ModelWords, rule_sentence
from statusportal.http.views.maintenance import CounterRow
from statusportal.standings.forecasting import CounterNow, Counters
from statusportal.work import Work

MOST_SHOWN = 50


def counter_rows(work: Work, found: Counters) -> tuple[CounterRow, ...]:
    """List the soonest counters."""
    return tuple(_row(one, work.now) for one in found.items[:MOST_SHOWN])


def _row(one: CounterNow, now: datetime) -> CounterRow:
    rule, forecast = one.rule, one.forecast
    words = ModelWords(one.rules)
    when, note = _when(one, now)
    lead = rule.ahead if rule.every is not None else rule.ahead_s or rule.ahead
    if rule.every is not None:
        whole = rule.every
        done = forecast.counted
        said = _(
            "%(counted)s of %(whole)s",
            counted=words.amount(rule.signal, done),
            whole=words.amount(rule.signal, rule.every),
        )
    else:
        whole = ((forecast.due_ms or to_ms(now)) - forecast.since_ms) / 1000
        done = (to_ms(now) - forecast.since_ms) / 1000
        said = _("%(gone)s of %(whole)s", gone=words.time(done), whole=words.time(whole))
    return CounterRow(
        code=rule.code,
        health=rule.health.value if one.is_called else "normal",
        title=rule_sentence(rule, one.rules),
        machine=one.name,
        serial=one.serial,
        said=str(said),
        done=_percent(done, whole),
        warn=_percent(whole - lead, whole),
        when=when,
        note=note,
        href=url_for("devices.why", device_id=one.device_id, _anchor="rules"),
        plan_href=url_for("maintenance.of_device", device_id=one.device_id, service=rule.code),
    )


def _when(one: CounterNow, now: datetime) -> tuple[str, str]:
    """Say when it is due, and on what that rests."""
    locale = reader_locale()
    if one.expected_ms is None:
        return str(_("cannot be said")), str(
            _("the machine is silent") if one.is_silent else _("too little was counted yet")
        )
    at = from_ms(one.expected_ms)
    day = long_date(at, zone=reader_zone(), locale=locale)
    if at <= now:
        return str(_("due")), str(_("since %(day)s", day=day))
    if one.is_estimate:
        return ago(at, now=now, locale=locale), str(_("about %(day)s, as fast as it counts now", day=day))
    return ago(at, now=now, locale=locale), day


def _percent(part: float, whole: float) -> int:
    return round(100 * min(1.0, max(0.0, part / whole))) if whole > 0 else 100
