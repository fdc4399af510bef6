"""Which kept states may go: what is left tells any time again, and a long past in fewer steps."""

from hypothesis import given
from hypothesis import strategies as st

from statusportal.passage.keeping_states import superfluous

DAY_MS = 24 * 3_600_000
HORIZON_MS = 100 * DAY_MS


def test_newest_three_are_left_then_one_a_day_and_one_from_before_the_horizon():
    hours = [DAY_MS * 97 + hour * 3_600_000 for hour in range(0, 24 * 6, 6)]

    left = sorted(set(hours) - superfluous(hours, HORIZON_MS))

    assert [(at_ms - HORIZON_MS) // 3_600_000 for at_ms in left] == [0, 6, 24, 48, 54, 60, 66]


@given(st.sets(st.integers(0, 200 * DAY_MS), max_size=40))
def test_whatever_could_be_told_from_the_horizon_on_still_can(kept):
    left = kept - superfluous(kept, HORIZON_MS)

    assert {min(one, HORIZON_MS) for one in left} >= {
        min(one, HORIZON_MS) for one in kept if one == max((at for at in kept if at <= HORIZON_MS), default=None)
    }
    assert sorted(left)[-3:] == sorted(kept)[-3:]
    assert {one // DAY_MS for one in left if one > HORIZON_MS} == {one // DAY_MS for one in kept if one > HORIZON_MS}
