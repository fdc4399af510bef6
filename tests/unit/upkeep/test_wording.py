"""Times of planned work as people read them, in the organisation's zone and both languages."""

from datetime import UTC, datetime

import pytest

from statusportal.maintenance.vocabulary import WorkKind
from statusportal.upkeep.wording import heading, span, step


@pytest.mark.parametrize(
    ("begins", "ends", "zone", "english", "danish"),
    [
        (
            datetime(2027, 1, 14, 7, tzinfo=UTC),
            datetime(2027, 1, 14, 11, tzinfo=UTC),
            "Europe/Copenhagen",
            "14 January 2027, 08:00–12:00 CET",
            "14. januar 2027, kl. 08.00–12.00 CET",
        ),
        (
            datetime(2026, 10, 24, 22, 30, tzinfo=UTC),
            datetime(2026, 10, 25, 2, tzinfo=UTC),
            "Europe/Copenhagen",
            "25 October 2026, 00:30–03:00 CET",
            "25. oktober 2026, kl. 00.30–03.00 CET",
        ),
        (
            datetime(2026, 12, 31, 20, tzinfo=UTC),
            datetime(2027, 1, 1, 2, tzinfo=UTC),
            "UTC",
            "31 December 2026, 20:00 – 1 January 2027, 02:00 UTC",
            "31. december 2026, kl. 20.00 – 1. januar 2027, kl. 02.00 UTC",
        ),
    ],
)
def test_time_is_told_in_the_zone_it_was_planned_in(begins, ends, zone, english, danish):
    assert (span(begins, ends, zone, "en"), span(begins, ends, zone, "da")) == (english, danish)


def test_headline_and_lines_stand_in_both_languages():
    begins, ends = datetime(2027, 1, 14, 8, tzinfo=UTC), datetime(2027, 1, 14, 9, tzinfo=UTC)

    said = heading(WorkKind.VISIT, "Oil filter", begins, ends, "UTC")

    assert said["en"] == "Visit planned, 14 January 2027, 08:00–09:00 UTC: Oil filter"
    assert said["da"] == "Besøg planlagt, 14. januar 2027, kl. 08.00–09.00 UTC: Oil filter"
    assert step("moved", begins, ends, "UTC")["da"] == "flyttet til 14. januar 2027, kl. 08.00–09.00 UTC"
    assert step("cancelled", begins, ends, "UTC")["en"] == "called off"
