"""The view of a machine's rules: where each stands, in words, with the way to its samples."""

from dataclasses import replace

from flask import url_for

from statusportal.access.permissions import Permission
from statusportal.access.vocabulary import Right
from statusportal.catalogue.vocabulary import ModelRules
from statusportal.fleet.models import Device
from statusportal.fleet.queries import may, ownership_at
from statusportal.foundation.clock import to_ms
from statusportal.http.rule_standings import phase_words, standing_words
from statusportal.http.views.why import StandingRow
from statusportal.profiles.vocabulary import CounterRule
from statusportal.rules.vocabulary import Phase
from statusportal.standings.queries import rules_now
from statusportal.standings.vocabulary import RuleNow
from statusportal.work import Work

_WAITING = (Phase.PENDING, Phase.RECOVERING)


def standing_rows(work: Work, device: Device, rules: ModelRules) -> tuple[StandingRow, ...]:
    """List a machine's rules, what is active first; none for who may not look at it now."""
    found = rules_now(work, device)
    ownership = ownership_at(work, device.id, work.now) if found else None
    plan = Permission.MAINTENANCE_PLAN
    may_service = ownership is not None and may(
        work, plan, Right.MANAGE, device.id, ownership.organisation_id, work.now
    )
    rows = [_row(work, device, one, rules) for one in found]
    if not may_service:
        return tuple(rows)
    counted = {one.code for one in found if isinstance(one.rule, CounterRule) and one.measure is not None}
    return tuple(replace(row, can_service=row.code in counted) for row in rows)


def _row(work: Work, device: Device, one: RuleNow, rules: ModelRules) -> StandingRow:
    words = standing_words(one, rules, work.now)
    href = url_for("devices.device", device_id=device.id, signal=one.signal, _anchor="chart") if one.signal else ""
    return StandingRow(
        code=one.code,
        health=one.health.value,
        state=one.phase.value,
        state_word=phase_words()[one.phase],
        says=words.says,
        stands=words.stands,
        now=words.now,
        takes=words.takes,
        done=_done(one, to_ms(work.now)),
        samples_href=href,
    )


def _done(one: RuleNow, now_ms: int) -> int | None:
    """Return how much of its waiting is over, in percent."""
    if one.phase not in _WAITING or one.due_ms is None or one.since_ms is None:
        return None
    share = (now_ms - one.since_ms) / max(1, one.due_ms - one.since_ms)
    return round(100 * min(1.0, max(0.0, share)))
