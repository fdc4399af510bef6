"""How time was spent: what counts, where a breakdown begins and ends, and that a cut changes no sum."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from statusportal.availability.tally import daily, filled, in_slots, monthly, passages, tally_of, total
from statusportal.availability.vocabulary import Slot, Stretch, Tally
from statusportal.foundation.vocabulary import Health
from tests.factories.moments import NOON

HOUR = 3_600_000
DAY = 24 * HOUR
N, M, S, C, F, U = (
    Health.NORMAL,
    Health.MAINTENANCE_REQUIRED,
    Health.OFF_SPEC,
    Health.CHECK_FUNCTION,
    Health.FAILURE,
    Health.UNKNOWN,
)


def history(*pieces):
    """Put pieces of (hours, health) one after the other."""
    at, found = 0, []
    for hours, health in pieces:
        found.append(Stretch(at, at + hours * HOUR, health))
        at += hours * HOUR
    return found


def spent(stretches, *planned):
    found = tally_of(passages(stretches, [(start * HOUR, end * HOUR) for start, end in planned]))
    times = [one // HOUR for one in (found.up_ms, found.down_ms, found.repair_ms, found.planned_ms)]
    return (*times, found.breakdowns)


def test_each_health_counts_as_it_says():
    stretches = history((5, N), (4, M), (3, S), (2, F), (1, C), (10, U))

    found = tally_of(passages(stretches))

    assert found == Tally(9 * HOUR, 6 * HOUR, 6 * HOUR, 10 * HOUR, 0, 1)
    assert (found.share, found.between_ms, found.repairing_ms) == (9 / 15, 9 * HOUR, 6 * HOUR)


def test_breakdown_lasts_until_the_machine_is_fit_again():
    assert spent(history((5, N), (1, F), (1, U), (1, C), (1, S), (1, N), (1, F))) == (6, 4, 4, 0, 2)
    assert spent(history((5, N), (2, C), (3, N))) == (8, 2, 0, 0, 0)


def test_span_without_breakdown_has_no_mean():
    found = tally_of(passages(history((5, N))))

    assert (found.share, found.between_ms, found.repairing_ms) == (1.0, None, None)
    assert tally_of(passages(history((5, U)))).share is None


def test_planned_work_is_left_out_and_hides_no_breakdown_that_outlasts_it():
    stretches = history((5, N), (3, F), (4, N))

    assert spent(stretches, (5, 8)) == (9, 0, 0, 3, 0)
    assert spent(stretches, (4, 6)) == (8, 2, 2, 2, 1)
    assert spent(stretches, (6, 7)) == (9, 2, 2, 1, 1)
    assert spent(history((5, F), (1, N), (5, F)), (4, 7)) == (0, 8, 8, 3, 2)


def test_repair_over_the_edge_of_a_period_counts_once_and_whole_where_it_began():
    firsts = [NOON.date().replace(month=month, day=1) for month in (1, 2, 3)]
    slots = [Slot(first, place * DAY, (place + 1) * DAY) for place, first in enumerate(firsts)]
    walked = passages(history((23, N), (26, F), (10, N), (1, F), (12, N)))

    days = daily(walked, slots)

    assert [(day.tally.breakdowns, day.tally.repair_ms // HOUR, day.tally.down_ms // HOUR) for day in days] == [
        (1, 26, 1),
        (0, 0, 24),
        (1, 1, 2),
    ]
    assert [day.tally.repairing_ms for day in monthly(days)] == [26 * HOUR, None, HOUR]


def test_breakdown_that_began_before_is_not_counted_again():
    cut = [Stretch(0, HOUR, F, is_begun=False), Stretch(HOUR, 2 * HOUR, N)]

    assert spent(cut) == (1, 1, 0, 0, 0)


def test_gaps_are_filled_with_what_is_not_known():
    stretches = [Stretch(10, 20, N), Stretch(20, 40, F), Stretch(50, 60, N)]

    assert list(filled(stretches, [(0, 15), (30, 70)])) == [
        Stretch(0, 10, U),
        Stretch(10, 15, N),
        Stretch(30, 40, F, is_begun=False),
        Stretch(40, 50, U),
        Stretch(50, 60, N),
        Stretch(60, 70, U),
    ]


def test_day_shows_its_worst_outside_planned_work():
    slots = [Slot(NOON.date().replace(day=place + 1), place * DAY, (place + 1) * DAY) for place in range(3)]
    walked = list(passages(history((23, N), (2, F), (20, N), (2, C)), [(45 * HOUR, 47 * HOUR)]))

    assert [(day.worst, day.worst_ms // HOUR) for day in daily(walked, slots)] == [(F, 1), (F, 1), (U, 0)]


LENGTHS = st.integers(1, 50 * HOUR)
HISTORIES = st.lists(st.tuples(LENGTHS, st.sampled_from(list(Health))), max_size=12)
CUTS = st.lists(st.integers(0, 400 * HOUR), max_size=8)


def made(pieces):
    at, found = 0, []
    for length, health in pieces:
        found.append(Stretch(at, at + length, health))
        at += length
    return found


@given(HISTORIES, CUTS, CUTS)
def test_whole_is_the_sum_and_the_weighted_mean_of_its_parts(pieces, cuts, edges):
    planned = [(start, end) for start, end in zip(*[iter(sorted(set(edges)))] * 2, strict=False)]
    walked = list(passages(filled(made(pieces), [(0, 400 * HOUR)]), planned))
    marks = [0, *sorted(set(cuts) - {0, 400 * HOUR}), 400 * HOUR]
    slots = [Slot(NOON.date(), start, end) for start, end in itertools.pairwise(marks)]

    parts = [tally_of(cut) for cut in in_slots(walked, slots)]
    whole = tally_of(walked)

    assert total(parts) == whole
    assert whole.whole_ms == 400 * HOUR
    assert [part.whole_ms for part in parts] == [slot.to_ms - slot.from_ms for slot in slots]
    if whole.known_ms:
        mean = sum(part.share * part.known_ms for part in parts if part.known_ms) / whole.known_ms
        assert abs(mean - whole.share) < 1e-9


@given(HISTORIES)
def test_months_are_the_sum_of_their_days(pieces):
    first = NOON.date().replace(month=1, day=20)
    slots = [Slot(first.fromordinal(first.toordinal() + one), one * DAY, (one + 1) * DAY) for one in range(17)]
    days = daily(passages(made(pieces)), slots)

    months = monthly(days)

    assert [month.on.month for month in months] == [1, 2]
    assert total(month.tally for month in months) == total(day.tally for day in days)
