from datetime import UTC, datetime, timedelta

import pytest

from statusportal.cli.demo_fleet.times import moment, span, with_times

NOW = datetime(2026, 11, 18, 11, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("5m", timedelta(minutes=5)), ("26h 50m", timedelta(hours=26, minutes=50)), ("3d 9h", timedelta(days=3, hours=9))],
)
def test_span_adds_its_parts(text, expected):
    assert span(text) == expected


@pytest.mark.parametrize("text", ["", "soon", "5", "5 m", "-5m"])
def test_span_that_is_none_is_refused(text):
    with pytest.raises(ValueError, match="is no span"):
        span(text)


def test_moment_is_a_span_ago():
    assert moment("-4h 8m", NOW) == datetime(2026, 11, 18, 6, 52, tzinfo=UTC)


def test_moment_keeps_the_clock_of_the_day_across_summer_time():
    assert moment("-1d 12:04", NOW) == datetime(2026, 11, 17, 11, 4, tzinfo=UTC)
    assert moment("-60d 12:04", NOW) == datetime(2026, 9, 19, 10, 4, tzinfo=UTC)


def test_moment_ahead_is_refused():
    with pytest.raises(ValueError, match="is no moment"):
        moment("4h", NOW)


def test_promises_are_filled_with_clock_and_weekday():
    since = datetime(2026, 11, 18, 6, 52, tzinfo=UTC)

    assert with_times("At {clock:5h 4m}, or on {day:2d}.", since) == "At 13:00, or on Friday."
