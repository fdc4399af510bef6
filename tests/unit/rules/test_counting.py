"""Service that is due by count, by time and by the calendar: said ahead, whether a sample comes or not."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from statusportal.foundation.clock import to_ms
from statusportal.judges.counting import months_after
from statusportal.profiles.vocabulary import CounterRule, Nature, Profile, Signal
from statusportal.rules.evaluating import Device
from statusportal.rules.vocabulary import Phase
from tests.factories.profiles import SOURCE

NOON = datetime(2026, 8, 31, 12, tzinfo=UTC)
DAY_S, HOUR = 86_400.0, timedelta(hours=1)
DAY = timedelta(days=1)


def device_under(**fields):
    rule = CounterRule(code="SERVICE", source=SOURCE, signal="hours", **fields)
    signals = (Signal(name="hours", kind=Nature.COUNTER),)
    return Device(Profile(format=1, name="Pump", expected_interval_s=60.0, signals=signals, rules=(rule,)))


def due_at(device, at=NOON, value=100.0):
    """Hear one sample, and say when time makes a service due that is heard of no more."""
    device.hear(to_ms(at), "hours", value)
    device.elapse(to_ms(at + timedelta(days=4_000)))
    raised = [one.at_ms for one in device.changes if one.after is Phase.ACTIVE]
    return [datetime.fromtimestamp(at_ms / 1000, UTC) for at_ms in raised]


@pytest.mark.parametrize(
    ("fields", "due"),
    [
        ({"every_s": 10 * DAY_S}, NOON + 10 * DAY),
        ({"every_s": 10 * DAY_S, "ahead_s": DAY_S}, NOON + 9 * DAY),
        ({"every_s": 10 * DAY_S, "ahead": DAY_S}, NOON + 9 * DAY),
        ({"every_months": 6}, datetime(2027, 2, 28, 12, tzinfo=UTC)),
        ({"every_months": 6, "ahead_s": 7 * DAY_S}, datetime(2027, 2, 21, 12, tzinfo=UTC)),
        ({"due_on": date(2027, 1, 1), "every_months": 6}, datetime(2027, 1, 1, tzinfo=UTC)),
        ({"due_on": date(2027, 1, 1), "ahead_s": 14 * DAY_S}, datetime(2026, 12, 18, tzinfo=UTC)),
        ({"every": 5.0, "every_s": 2 * DAY_S, "ahead": 1.0}, NOON + 2 * DAY),
    ],
)
def test_service_by_time_falls_due_ahead_of_it_though_nothing_more_is_heard(fields, due):
    assert due_at(device_under(**fields)) == [due]


@pytest.mark.parametrize("day", [date(2026, 8, 31), date(2020, 1, 1)])
def test_date_before_the_machine_was_heard_calls_for_nothing(day):
    assert due_at(device_under(due_on=day)) == []


def test_service_done_counts_from_then_and_a_date_is_over_with_it():
    device = device_under(every_months=1, due_on=date(2026, 10, 1), ahead_s=7 * DAY_S)
    device.hear(to_ms(NOON), "hours", 100.0)
    device.elapse(to_ms(NOON + 26 * DAY))

    device.serve("SERVICE", to_ms(NOON + 26 * DAY))
    due_ms = device.calendar_ms
    device.elapse(to_ms(NOON + 60 * DAY))

    months = [(one.at_ms - to_ms(NOON)) // 86_400_000 for one in device.changes if one.after is Phase.ACTIVE]
    assert months == [23, 49]
    assert due_ms == to_ms(datetime(2026, 10, 26, 12, tzinfo=UTC) - 7 * DAY)
    assert device.calendar_ms is None, "what is due already falls due no more"


def test_restart_goes_on_towards_the_same_day_and_one_kept_before_counts_on():
    device, reborn, older = (device_under(every=500.0, every_months=6) for _ in range(3))
    device.hear(to_ms(NOON), "hours", 100.0)
    device.hear(to_ms(NOON + DAY), "hours", 124.0)
    kept = json.loads(json.dumps(device.dump()))
    reborn.load(kept)
    kept["posts"]["SERVICE"][2] = kept["posts"]["SERVICE"][2][:3]
    older.load(kept)

    assert reborn.counters() == device.counters()
    assert older.calendar_ms == reborn.calendar_ms == device.calendar_ms
    [(code, is_due, forecast)] = reborn.counters()
    assert (code, is_due, forecast.counted, forecast.per_ms) == ("SERVICE", False, 24.0, 24.0 / 86_400_000)


def test_speed_is_that_of_the_last_weeks_and_resets_slow_nothing_down():
    device = device_under(every=5_000.0)
    shown = 0.0
    for hour in range(40 * 24):
        shown = 1.0 if hour == 700 else shown + (1.0 if hour > 20 * 24 else 0.1)
        device.hear(to_ms(NOON + hour * HOUR), "hours", shown)

    [(_, _, forecast)] = device.counters()

    assert forecast.per_ms * 3_600_000 == pytest.approx(1.0)
    assert forecast.counted == pytest.approx(48.0 + 479.0, abs=2.0)


def test_speed_of_what_was_watched_for_less_than_a_day_is_not_known():
    device = device_under(every=5_000.0)
    device.hear(to_ms(NOON), "hours", 0.0)
    device.hear(to_ms(NOON + 23 * HOUR), "hours", 23.0)

    assert device.counters()[0][2].per_ms is None


@pytest.mark.parametrize(
    ("at", "months", "later"),
    [("2024-02-29", 12, "2025-02-28"), ("2026-12-31", 2, "2027-02-28"), ("2026-01-15", 120, "2036-01-15")],
)
def test_month_later_is_the_same_day_or_the_last_one(at, months, later):
    assert months_after(datetime.fromisoformat(at), months) == datetime.fromisoformat(later)
