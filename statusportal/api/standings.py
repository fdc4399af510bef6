"""Where each rule that judges a device stands now, so that a program can say why as well as the page does."""

from datetime import datetime
from typing import Any

from marshmallow import Schema, fields, validate

from statusportal.access.permissions import Permission
from statusportal.api.fields import Instant
from statusportal.api.root import blueprint
from statusportal.catalogue.vocabulary import ModelRules
from statusportal.fleet.queries import device_for
from statusportal.foundation.clock import from_ms
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.policies import checked_by
from statusportal.http.rule_standings import standing_words
from statusportal.profiles.vocabulary import Banded
from statusportal.rules.vocabulary import Phase
from statusportal.standings.queries import rules_now
from statusportal.standings.vocabulary import RuleNow
from statusportal.tuning.queries import rules_of_device
from statusportal.work import Work

standings = blueprint("Rules of a device", "Where each rule that judges a device stands")

_STATES = validate.OneOf([phase.value for phase in Phase])


class PartAnswer(Schema):
    """A rule that a combination is made of, and where it stands."""

    code = fields.String()
    state = fields.String(validate=_STATES)


class RuleStandingAnswer(Schema):
    """One rule at one signal. `state`: `no_data` is not heard or too little of it, `error` cannot be judged.

    `sentence` is the rule, `stands` its state, `now` what stands against it, `takes` what would clear it, in words.
    `value` is the signal's newest sample; `measure` a mean, a rate, what was counted, or how long nothing moved.
    `due_at` is when a pending rule fires or a recovering one clears; `learned` which share of a normal is known.
    """

    code = fields.String()
    kind = fields.String()
    signal = fields.String(allow_none=True)
    state = fields.String(validate=_STATES)
    health = fields.String()
    since = Instant(allow_none=True)
    due_at = Instant(allow_none=True)
    active_since = Instant(allow_none=True)
    count = fields.Integer()
    learned = fields.Float()
    value = fields.Raw(allow_none=True, metadata={"type": ["number", "boolean", "string"]})
    value_at = Instant(allow_none=True)
    measure = fields.Float(allow_none=True)
    unit = fields.String()
    low = fields.Float(allow_none=True)
    high = fields.Float(allow_none=True)
    parts = fields.List(fields.Nested(PartAnswer))
    sentence = fields.String()
    stands = fields.String()
    now = fields.String()
    takes = fields.String()


class RuleStandingsAnswer(Schema):
    """The rules that judge a device, what is active first."""

    items = fields.List(fields.Nested(RuleStandingAnswer))
    next = fields.String(allow_none=True)


@standings.get("/devices/<device_id>/rules")
@checked_by(Permission.DEVICE_VIEW)
@standings.response(200, RuleStandingsAnswer)
def list_standings(device_id: str) -> dict[str, Any]:
    """Say of each rule that judges a device where it stands, since when, and what it takes to fire or to clear."""
    with portal.reading() as work:
        device = device_for(work, parse_id(device_id))
        rules = rules_of_device(work, device)
        return {"items": [_shown(work, one, rules) for one in rules_now(work, device)], "next": None}


def _shown(work: Work, one: RuleNow, rules: ModelRules) -> dict[str, Any]:
    words = standing_words(one, rules, work.now)
    band = one.rule if isinstance(one.rule, Banded) else None
    return {
        "code": one.code,
        "kind": one.rule.__struct_config__.tag,
        "signal": one.signal,
        "state": one.phase.value,
        "health": one.health.value,
        "since": _at(one.since_ms),
        "due_at": _at(one.due_ms),
        "active_since": _at(one.active_since_ms),
        "count": one.times,
        "learned": one.learned,
        "value": one.value,
        "value_at": _at(one.value_at_ms),
        "measure": one.measure,
        "unit": next((signal.unit for signal in rules.signals if signal.name == one.signal), ""),
        "low": None if band is None else band.low,
        "high": None if band is None else band.high,
        "parts": [{"code": code, "state": phase.value} for code, phase in one.parts],
        "sentence": words.says,
        "stands": words.stands,
        "now": words.now,
        "takes": words.takes,
    }


def _at(at_ms: int | None) -> datetime | None:
    return None if at_ms is None else from_ms(at_ms)
