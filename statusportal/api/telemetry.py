"""A device's signals, samples and health history."""

from typing import Any

import msgspec
from flask import Response
from marshmallow import RAISE, Schema, fields, validate

from devices.reading import Quality
from statusportal.access.permissions import Permission
from statusportal.api.moments import Moment
from statusportal.api.root import blueprint
from statusportal.availability.queries import availability_of
from statusportal.availability.vocabulary import Day
from statusportal.catalogue.queries import rules_of
from statusportal.catalogue.vocabulary import ModelRules
from statusportal.fleet.queries import device_for
from statusportal.foundation.clock import from_ms, to_ms
from statusportal.foundation.errors import Invalid
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.json_provider import rfc3339
from statusportal.http.policies import checked_by
from statusportal.overview.devices import is_signal_stale
from statusportal.status.queries import Interval, intervals_of
from statusportal.telemetry.queries import MOST_POINTS, last_values_of, raw_points, series
from statusportal.telemetry.vocabulary import LastValue, Series
from statusportal.tuning.queries import rules_of_device
from statusportal.work import Work

telemetry = blueprint("Telemetry", "Signals, samples and health of a device")

MOST_SIGNALS = 50
_DAY_MS = 24 * 3_600_000
_HISTORY_DAYS = 90
_MOST_DAYS = 400


class LimitAnswer(Schema):
    """A limit of a signal. It clears when the value is back by `hysteresis`."""

    code = fields.String()
    side = fields.String()
    threshold = fields.Float()
    hysteresis = fields.Float()
    duration_s = fields.Integer()
    health = fields.String()


class SignalAnswer(Schema):
    """A signal with its newest sample; value, time and quality are null before the first.

    `is_stale` says that it missed its own intervals, or that its source said so, whatever its machine's others do.
    """

    signal = fields.String()
    label = fields.String()
    value = fields.Raw(allow_none=True)
    unit = fields.String()
    time = fields.String(allow_none=True)
    quality = fields.String(allow_none=True)
    is_stale = fields.Boolean()
    limits = fields.List(fields.Nested(LimitAnswer))


class SignalsAnswer(Schema):
    """All signals of a device."""

    items = fields.List(fields.Nested(SignalAnswer))
    next = fields.String(allow_none=True)


class SamplesQuestion(Schema):
    """Which samples: `from` is inclusive, `to` exclusive, by default the last 24 hours."""

    signal = fields.List(fields.String(), load_default=[], validate=validate.Length(max=MOST_SIGNALS))
    from_ = Moment(data_key="from", load_default=None)
    to = Moment(load_default=None)
    limit = fields.Integer(load_default=MOST_POINTS, validate=validate.Range(1, MOST_POINTS))
    cursor = fields.String(load_default=None)
    max_points = fields.Integer(load_default=None, validate=validate.Range(4, MOST_POINTS))


class HistoryQuestion(Schema):
    """Which stretch of history: `from` is inclusive, `to` exclusive, by default the last 90 days."""

    from_ = Moment(data_key="from", load_default=None)
    to = Moment(load_default=None)


class IntervalAnswer(Schema):
    """A stretch with one health and one connectivity; `to` is null while it lasts."""

    health = fields.String()
    connectivity = fields.String()
    from_ = fields.String(data_key="from")
    to = fields.String(allow_none=True)
    cause = fields.String(metadata={"description": "One plain sentence."})


class DayAnswer(Schema):
    """A calendar day: the worst health, and `good_s` of `known_s` seconds fit for use, planned work apart."""

    date = fields.String()
    worst = fields.String()
    availability = fields.Float(allow_none=True, metadata={"description": "0 to 1; null when nothing is known."})
    good_s = fields.Integer()
    known_s = fields.Integer()
    planned_s = fields.Integer()
    breakdowns = fields.Integer(metadata={"description": "How many began on this day."})


class HistoryAnswer(Schema):
    """Health as it went; days begin at midnight in `time_zone`, the organisation's."""

    time_zone = fields.String()
    intervals = fields.List(fields.Nested(IntervalAnswer))
    days = fields.List(fields.Nested(DayAnswer))


@telemetry.get("/devices/<device_id>/signals")
@checked_by(Permission.TELEMETRY_VIEW)
@telemetry.response(200, SignalsAnswer)
def signals(device_id: str) -> dict[str, Any]:
    """List a device's signals with their newest samples and limits."""
    with portal.reading() as work:
        device = device_for(work, parse_id(device_id))
        rules = rules_of_device(work, device)
        newest = {one.signal: one for one in last_values_of(work, device.id)}
        now_ms = to_ms(work.now)
    declared = [one.name for one in rules.signals]
    names = [*declared, *(name for name in newest if name not in declared)]
    return {"items": [_signal(name, rules, newest.get(name), now_ms) for name in names], "next": None}


@telemetry.get("/devices/<device_id>/telemetry")
@checked_by(Permission.TELEMETRY_VIEW)
@telemetry.arguments(SamplesQuestion, location="query", unknown=RAISE)
@telemetry.doc(responses={"200": {"description": "One series, or several under `series`."}})
def samples(asked: dict[str, Any], device_id: str) -> Response:
    """Read samples: raw in pages, or with `max_points` in so many points of the same shape."""
    with portal.reading() as work:
        device = device_for(work, parse_id(device_id))
        from_ms, to_ms_ = _span(work, asked, _DAY_MS)
        names = list(dict.fromkeys(asked["signal"])) or [one.signal for one in last_values_of(work, device.id)]
        if asked["max_points"] is not None:
            found, next_cursor = series(work, device.id, names, from_ms, to_ms_, asked["max_points"]), None
        else:
            page = raw_points(work, device.id, names, (from_ms, to_ms_), asked["limit"], asked["cursor"])
            found, next_cursor = page.series, page.next_cursor
        rules = rules_of(work, [device.model_id])[device.model_id]
    is_downsampled = asked["max_points"] is not None and any(one.is_downsampled for one in found)
    body = _samples(found, rules, next_cursor, asked["signal"])
    if is_downsampled:
        body["downsampled"] = True
    return Response(msgspec.json.encode(body), content_type="application/json")


@telemetry.get("/devices/<device_id>/health")
@checked_by(Permission.DEVICE_VIEW)
@telemetry.arguments(HistoryQuestion, location="query", unknown=RAISE)
@telemetry.response(200, HistoryAnswer)
def health(asked: dict[str, Any], device_id: str) -> dict[str, Any]:
    """Read how a device's health went, and its availability by day."""
    with portal.reading() as work:
        from_ms, to_ms_ = _span(work, asked, _HISTORY_DAYS * _DAY_MS)
        if to_ms_ - from_ms > _MOST_DAYS * _DAY_MS:
            raise Invalid.field("/from", f"ask for at most {_MOST_DAYS} days at once")
        found = intervals_of(work, parse_id(device_id), from_ms, to_ms_)
        counted = availability_of(work, parse_id(device_id), from_ms, to_ms_)
    return {
        "time_zone": counted.zone,
        "intervals": [_interval(one) for one in found],
        "days": [_day(one) for one in counted.days],
    }


def _span(work: Work, asked: dict[str, Any], default_ms: int) -> tuple[int, int]:
    # A sample may be stamped up to a day ahead; by default it is shown as soon as it is there.
    end_ms = asked["to"] if asked["to"] is not None else to_ms(work.now) + _DAY_MS
    start_ms = asked["from_"] if asked["from_"] is not None else min(end_ms, to_ms(work.now)) - default_ms
    if start_ms > end_ms:
        raise Invalid.field("/from", "must not be later than to")
    return start_ms, end_ms


def _samples(found: list[Series], rules: ModelRules, next_cursor: str | None, asked: list[str]) -> dict[str, Any]:
    units = {one.name: one.unit for one in rules.signals}
    shown = [{"signal": one.signal, "unit": units.get(one.signal, ""), "points": one.points} for one in found]
    if len(asked) == 1:
        return {**shown[0], "next": next_cursor}
    return {"series": shown, "next": next_cursor}


def _signal(name: str, rules: ModelRules, newest: LastValue | None, now_ms: int) -> dict[str, Any]:
    declared = next((one for one in rules.signals if one.name == name), None)
    is_old = newest is not None and is_signal_stale(rules, name, newest.at_ms, now_ms)
    return {
        "signal": name,
        "label": declared.label_en if declared else name,
        "value": newest.value if newest else None,
        "unit": declared.unit if declared else "",
        "time": rfc3339(from_ms(newest.at_ms)) if newest else None,
        "quality": newest.quality.value if newest else None,
        "is_stale": is_old or (newest is not None and newest.quality is Quality.STALE),
        "limits": [
            {
                "code": one.code,
                "side": one.side.value,
                "threshold": one.threshold,
                "hysteresis": one.hysteresis,
                "duration_s": one.duration_s,
                "health": one.health.value,
            }
            for one in rules.limits
            if one.signal_name == name
        ],
    }


def _interval(one: Interval) -> dict[str, Any]:
    return {
        "health": one.health.value,
        "connectivity": one.connectivity.value,
        "from_": rfc3339(from_ms(one.from_ms)),
        "to": None if one.to_ms is None else rfc3339(from_ms(one.to_ms)),
        "cause": str(one.cause.get("en", "")),
    }


def _day(one: Day) -> dict[str, Any]:
    return {
        "date": one.on.isoformat(),
        "worst": one.worst.value,
        "availability": one.tally.share,
        "good_s": one.tally.up_ms // 1000,
        "known_s": one.tally.known_ms // 1000,
        "planned_s": one.tally.planned_ms // 1000,
        "breakdowns": one.tally.breakdowns,
    }
