"""Counters that run out: which service is due next, and when."""

from typing import Any

from marshmallow import Schema, fields

from statusportal.access.permissions import Permission
from statusportal.api.fields import Instant, PageQuery, slice_of
from statusportal.api.root import blueprint
from statusportal.foundation.clock import from_ms
from statusportal.foundation.paging import cursor_of
from statusportal.http import portal
from statusportal.http.policies import needs
from statusportal.http.rule_sentences import rule_sentence
from statusportal.standings.forecasting import CounterNow, counters_running_out

counters = blueprint("Counters", "Services that fall due by count, by time or by the calendar")


class CounterDevice(Schema):
    """The machine that is counted on."""

    id = fields.UUID()
    name = fields.String()
    serial = fields.String()


class CounterAnswer(Schema):
    """A counter. `expected_at` is null where nobody can say, as of a silent machine's hours.

    `is_estimate`: it follows from how fast it counted in the last one or two weeks. `due_by_time_at` is when time
    alone makes it due. `is_called`: its condition calls for the service already.
    """

    device = fields.Nested(CounterDevice)
    code = fields.String()
    sentence = fields.String()
    counted = fields.Float()
    every = fields.Float(allow_none=True)
    unit = fields.String()
    since = Instant()
    due_by_time_at = Instant(allow_none=True)
    expected_at = Instant(allow_none=True)
    is_estimate = fields.Boolean()
    is_called = fields.Boolean()


class CountersAnswer(Schema):
    """A page of counters, soonest first. `is_cut`: there are more machines than were looked at."""

    items = fields.List(fields.Nested(CounterAnswer))
    next = fields.String(allow_none=True)
    is_cut = fields.Boolean()


@counters.get("/counters")
@needs(Permission.MAINTENANCE_VIEW)
@counters.arguments(PageQuery, location="query")
@counters.response(200, CountersAnswer)
def list_counters(query: dict[str, Any]) -> dict[str, Any]:
    """List the counters of my machines, what is called for first, then by when it is due."""
    wanted = slice_of(query)
    (begin,) = wanted.position(int) or (0,)
    begin = max(0, begin) if isinstance(begin, int) else 0
    with portal.reading() as work:
        found = counters_running_out(work)
        end = begin + wanted.limit
        items = [_shown(one) for one in found.items[begin:end]]
        return {"items": items, "next": cursor_of(end) if end < len(found.items) else None, "is_cut": found.is_cut}


def _shown(one: CounterNow) -> dict[str, Any]:
    due_ms = one.forecast.due_ms
    return {
        "device": {"id": one.device_id, "name": one.name, "serial": one.serial},
        "code": one.rule.code,
        "sentence": rule_sentence(one.rule, one.rules),
        "counted": one.forecast.counted,
        "every": one.rule.every,
        "unit": next((signal.unit for signal in one.rules.signals if signal.name == one.rule.signal), ""),
        "since": from_ms(one.forecast.since_ms),
        "due_by_time_at": None if due_ms is None else from_ms(due_ms),
        "expected_at": None if one.expected_ms is None else from_ms(one.expected_ms),
        "is_estimate": one.is_estimate,
        "is_called": one.is_called,
    }
