"""How numbers, durations and moments read in English and Danish."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from statusportal.http import formatting

NOW = datetime(2026, 11, 19, 10, 48, tzinfo=UTC)
COPENHAGEN = ZoneInfo("Europe/Copenhagen")
NB = "\u00a0"


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "locale", "said"),
    [
        (-66.8, "°C", 1, "en", f"−66.8{NB}°C"),
        (-66.8, "°C", 1, "da", f"−66,8{NB}°C"),
        (0, "A", 1, "en", f"0.0{NB}A"),
        (-0.04, "A", 1, "en", f"0.0{NB}A"),
        (31204, "h", None, "en", f"31,204{NB}h"),
        (31204, "h", None, "da", f"31.204{NB}h"),
        (84.2, "", None, "en", "84.2"),
        (0.000123456, "", None, "en", "0.000123"),
        (40.0, "°C", None, "en", f"40{NB}°C"),
        (2.5, "", None, "da_DK", "2,5"),
        (2.5, "", None, "xx", "2.5"),
        (float("nan"), "°C", 1, "en", "–"),
    ],
)
def test_number_reads_as_its_language_writes_it(value, unit, decimals, locale, said) -> None:
    assert formatting.number(value, unit, decimals, locale=locale) == said


@pytest.mark.parametrize(
    ("seconds", "en", "da"),
    [
        (0, f"0{NB}s", f"0{NB}s"),
        (45.9, f"45{NB}s", f"45{NB}s"),
        (61, f"1{NB}min", f"1{NB}min"),
        (14880, f"4{NB}h 8{NB}min", f"4{NB}t 8{NB}min"),
        (3600, f"1{NB}h", f"1{NB}t"),
        (147600, f"1{NB}d 17{NB}h", f"1{NB}d 17{NB}t"),
        (41 * 86400, f"41{NB}d", f"41{NB}d"),
        (-5, f"0{NB}s", f"0{NB}s"),
    ],
)
def test_duration_has_at_most_two_units(seconds, en, da) -> None:
    assert (formatting.duration(seconds, locale="en"), formatting.duration(seconds, locale="da")) == (en, da)


@pytest.mark.parametrize(
    ("distance", "en", "da"),
    [
        (timedelta(seconds=4), f"4{NB}s ago", f"for 4{NB}s siden"),
        (timedelta(minutes=12, seconds=30), f"12{NB}min ago", f"for 12{NB}min siden"),
        (timedelta(hours=41), f"1{NB}d ago", f"for 1{NB}d siden"),
        (timedelta(0), "just now", "lige nu"),
        (-timedelta(minutes=8), f"in 8{NB}min", f"om 8{NB}min"),
    ],
)
def test_ago_names_one_unit(distance, en, da) -> None:
    when = NOW - distance

    assert formatting.ago(when, now=NOW, locale="en") == en
    assert formatting.ago(when, now=NOW, locale="da") == da


def test_clock_is_in_the_readers_time_zone() -> None:
    when = datetime(2026, 11, 19, 14, 40, tzinfo=UTC)

    assert formatting.clock(when, zone=COPENHAGEN, locale="en") == "15:40"
    assert formatting.clock(when, zone=COPENHAGEN, locale="da") == f"kl.{NB}15.40"


@pytest.mark.parametrize(
    ("when", "en", "da"),
    [
        (NOW - timedelta(hours=4, minutes=8), "06:40", f"kl.{NB}06.40"),
        (NOW - timedelta(hours=12, minutes=33), "yesterday 22:15", f"i går kl.{NB}22.15"),
        (NOW - timedelta(days=2), "Tuesday 10:48", f"tirsdag kl.{NB}10.48"),
        (NOW - timedelta(days=28), "22 October 10:48", f"22. oktober kl.{NB}10.48"),
        (NOW - timedelta(days=400), "15 October 2025 10:48", f"15. oktober 2025 kl.{NB}10.48"),
    ],
)
def test_since_says_as_little_as_is_clear(when, en, da) -> None:
    assert formatting.since(when, now=NOW, zone=UTC, locale="en") == en
    assert formatting.since(when, now=NOW, zone=UTC, locale="da") == da


def test_day_and_time_stands_at_the_head_of_a_line() -> None:
    heads = [NOW - timedelta(hours=2), NOW - timedelta(days=2), NOW - timedelta(days=28), NOW + timedelta(days=1)]

    assert [formatting.day_and_time(when, now=NOW, zone=UTC, locale="en") for when in heads] == [
        "Today 08:48",
        "Tue 10:48",
        "22 Oct 10:48",
        "Tomorrow 10:48",
    ]
    assert formatting.day_and_time(heads[0], now=NOW, zone=UTC, locale="da") == f"i dag kl.{NB}08.48"


def test_day_changes_at_the_readers_midnight() -> None:
    late = datetime(2026, 11, 18, 23, 30, tzinfo=UTC)

    assert formatting.day(late, today=NOW.date(), zone=UTC, locale="en") == "Yesterday"
    assert formatting.day(late, today=NOW.date(), zone=COPENHAGEN, locale="en") == "Today"
    assert formatting.day(NOW - timedelta(days=400), today=NOW.date(), zone=UTC, locale="da") == "15. oktober 2025"


def test_axis_time_follows_the_span() -> None:
    labels = [formatting.axis_time(NOW, span=timedelta(days=days), zone=UTC, locale="en") for days in (1, 7, 90)]

    assert labels == ["10:48", "Thu", "19 Nov"]


def test_size_keeps_short() -> None:
    sizes = [formatting.size(count, locale="en") for count in (12, 240_000, 1_400_000)]

    assert sizes == [f"12{NB}B", f"240{NB}kB", f"1.4{NB}MB"]
