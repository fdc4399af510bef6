"""Days as long as they were, wherever the clocks change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statusportal.availability.calendar import days_back, days_between, month_span, months_back
from statusportal.foundation.clock import from_ms, to_ms

HOUR = 3_600_000
ZONES = ("Europe/Copenhagen", "America/New_York", "Australia/Lord_Howe", "America/Havana", "Pacific/Apia", "UTC")


def at(*when):
    return to_ms(datetime(*when, tzinfo=UTC))


def test_days_follow_the_zone_and_the_change_of_clocks():
    days = days_back(datetime(2026, 10, 26, 12, tzinfo=UTC), 3, "Europe/Copenhagen")

    assert [(day.on, (day.to_ms - day.from_ms) // HOUR) for day in days] == [
        (date(2026, 10, 24), 24),
        (date(2026, 10, 25), 25),
        (date(2026, 10, 26), 13),
    ]
    assert days[1].from_ms == at(2026, 10, 24, 22)


@pytest.mark.parametrize(
    ("zone", "on", "hours"),
    [
        ("Europe/Copenhagen", date(2026, 3, 29), 23),
        ("Europe/Copenhagen", date(2026, 10, 25), 25),
        ("Australia/Lord_Howe", date(2026, 10, 4), 23.5),
        ("America/Havana", date(2026, 3, 8), 23),
        ("America/Havana", date(2026, 11, 1), 25),
        ("Asia/Kolkata", date(2026, 3, 29), 24),
    ],
)
def test_day_of_a_change_is_as_long_as_it_was(zone, on, hours):
    first, last = month_span(on, zone)

    lengths = {day.on: (day.to_ms - day.from_ms) / HOUR for day in days_between(first, last, zone)}

    assert lengths[on] == hours
    assert set(lengths.values()) == {24, hours}


def test_day_that_a_country_skipped_is_left_out():
    days = days_between(at(2011, 12, 29, 10), at(2012, 1, 1, 10), "Pacific/Apia")

    assert [day.on.day for day in days] == [29, 31, 1]
    assert {day.to_ms - day.from_ms for day in days} == {24 * HOUR}


def test_months_of_a_year_begin_at_their_own_midnight():
    assert from_ms(months_back(datetime(2026, 11, 18, tzinfo=UTC), 12, "Europe/Copenhagen")) == datetime(
        2025, 11, 30, 23, tzinfo=UTC
    )
    assert [from_ms(one).hour for one in month_span(date(2026, 10, 7), "Europe/Copenhagen")] == [22, 23]


@given(
    st.sampled_from(ZONES),
    st.datetimes(datetime(2005, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001 - the zone is set below
    st.integers(1, 40 * 24 * HOUR),
)
def test_days_fill_a_stretch_and_each_instant_lies_in_the_day_its_clock_shows(zone, start, length_ms):
    from_ms_ = to_ms(start.replace(tzinfo=UTC))

    days = days_between(from_ms_, from_ms_ + length_ms, zone)

    assert [days[0].from_ms, days[-1].to_ms] == [from_ms_, from_ms_ + length_ms]
    assert [day.to_ms for day in days[:-1]] == [day.from_ms for day in days[1:]]
    for day in days:
        last = from_ms(day.to_ms) - timedelta(milliseconds=1)
        assert {one.astimezone(ZoneInfo(zone)).date() for one in (from_ms(day.from_ms), last)} == {day.on}
