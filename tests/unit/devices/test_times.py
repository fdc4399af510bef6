from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.errors import TimeUnusable
from devices.times import TimeWindow, epoch_ms, format_time, parse_time

NOW_MS = 1_763_000_000_000


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, 0),
        (1_451_649_600_512, 1_451_649_600_512),
        ("2024-01-01T00:00:00Z", 1_704_067_200_000),
        ("2024-01-01t00:00:00z", 1_704_067_200_000),
        ("2024-01-01 01:00:00+01:00", 1_704_067_200_000),
        ("2024-01-01T00:00:00.1239Z", 1_704_067_200_123),
        ("2024-01-01T00:00:00.999999999Z", 1_704_067_200_999),
        ("2016-12-31T23:59:60Z", 1_483_228_800_000),
        ("1969-12-31T23:59:59.999Z", -1),
    ],
)
def test_parse_time_of_sound_values(value, expected):
    assert parse_time(value) == expected


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("2024-01-01T00:00:00", "has no zone"),
        ("2024-01-01", "is no RFC 3339 time"),
        ("20240101T000000Z", "is no RFC 3339 time"),
        ("2024-02-30T00:00:00Z", "does not exist"),
        ("2024-01-01T25:00:00Z", "does not exist"),
        ("٢٠٢٤-01-01T00:00:00Z", "is no RFC 3339 time"),
        ("", "is no RFC 3339 time"),
        (True, "RFC 3339 text with a zone, or integer milliseconds"),
        (1.5, "RFC 3339 text with a zone, or integer milliseconds"),
        (None, "RFC 3339 text with a zone, or integer milliseconds"),
        (10**400, "too large"),
    ],
)
def test_parse_time_of_others_names_the_reason(value, reason):
    with pytest.raises(TimeUnusable, match=reason):
        parse_time(value)


@given(st.text())
def test_parse_time_of_any_text_raises_nothing_else(text):
    with suppress(TimeUnusable):
        parse_time(text)


@given(
    st.datetimes(min_value=datetime(1, 1, 3), max_value=datetime(9999, 12, 29)),  # noqa: DTZ001 -- hypothesis wants them bare
    st.integers(-14 * 60, 14 * 60),
)
def test_parse_time_reads_what_python_writes(moment, offset_min):
    aware = moment.replace(tzinfo=timezone(timedelta(minutes=offset_min)))

    assert parse_time(aware.isoformat()) == epoch_ms(aware)


@given(st.integers(-62_135_596_800_000, 253_402_300_799_999))
def test_format_time_is_read_back(at_ms):
    assert parse_time(format_time(at_ms)) == at_ms


def test_window_takes_its_ends_and_nothing_beyond():
    window = TimeWindow.around(NOW_MS)

    window.require(epoch_ms(datetime(1990, 1, 1, tzinfo=UTC)))
    window.require(NOW_MS + 86_400_000)
    with pytest.raises(TimeUnusable, match=r"is before 1990-01-01T00:00:00\.000Z"):
        window.require(epoch_ms(datetime(1990, 1, 1, tzinfo=UTC)) - 1)
    with pytest.raises(TimeUnusable, match="too far ahead"):
        window.require(NOW_MS + 86_400_001)


def test_window_guesses_seconds():
    with pytest.raises(TimeUnusable, match="Did you mean milliseconds"):
        TimeWindow.around(NOW_MS).require(1_763_000_000)


def test_epoch_ms_refuses_naive_times():
    with pytest.raises(TimeUnusable, match="has no zone"):
        epoch_ms(datetime(2024, 1, 1))  # noqa: DTZ001 -- the point of the test
