"""Days and their shares."""

from datetime import UTC, date, datetime

from statusportal.foundation.clock import to_ms
from statusportal.foundation.vocabulary import Connectivity, Health
from statusportal.status.availability import Day, Stretch, daily, days_back

HOUR = 3_600_000


def at(*when):
    return to_ms(datetime(*when, tzinfo=UTC))


def stretch(start, end, health):
    return Stretch(start, end, health, Connectivity.ONLINE)


def test_days_follow_the_zone_and_the_change_of_clocks():
    days = days_back(datetime(2026, 10, 26, 12, tzinfo=UTC), 3, "Europe/Copenhagen")

    assert [(day, (end - start) // HOUR) for day, start, end in days] == [
        (date(2026, 10, 24), 24),
        (date(2026, 10, 25), 25),
        (date(2026, 10, 26), 13),
    ]
    assert days[1][1] == at(2026, 10, 24, 22)


def test_worst_of_a_day_and_its_share():
    days = [
        (date(2026, 1, 1), 0, 24 * HOUR),
        (date(2026, 1, 2), 24 * HOUR, 48 * HOUR),
        (date(2026, 1, 3), 48 * HOUR, 72 * HOUR),
    ]
    history = [
        stretch(12 * HOUR, 30 * HOUR, Health.NORMAL),
        stretch(30 * HOUR, 33 * HOUR, Health.FAILURE),
        stretch(33 * HOUR, 36 * HOUR, Health.UNKNOWN),
        stretch(36 * HOUR, 40 * HOUR, Health.MAINTENANCE_REQUIRED),
    ]

    found = daily(history, days)

    assert found == [
        Day(date(2026, 1, 1), Health.NORMAL, 12 * HOUR, 12 * HOUR, 12 * HOUR, 24 * HOUR),
        Day(date(2026, 1, 2), Health.FAILURE, 3 * HOUR, 10 * HOUR, 13 * HOUR, 24 * HOUR),
        Day(date(2026, 1, 3), Health.UNKNOWN, 0, 0, 0, 24 * HOUR),
    ]
    assert [one.share for one in found] == [1.0, 10 / 13, None]
