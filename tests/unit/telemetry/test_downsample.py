"""Fewer points of the same shape."""

from hypothesis import given
from hypothesis import strategies as st

from statusportal.telemetry.downsample import downsample, thin_out

points = st.lists(st.one_of(st.floats(-1e6, 1e6), st.integers(-1000, 1000), st.booleans()), max_size=300).map(
    lambda values: [(1000 * index, value) for index, value in enumerate(values)]
)


@given(points, st.integers(4, 50))
def test_what_comes_out_was_in_and_in_order(given_points, most):
    drawn = downsample(given_points, most)

    assert len(drawn) <= max(most, 4)
    assert [point for point in given_points if point in drawn] == drawn
    assert drawn[:1] == given_points[:1]
    assert drawn[-1:] == given_points[-1:]


def test_peak_stays():
    values = [0.0] * 5000
    values[3210] = 9.0

    drawn = downsample(list(enumerate(values)), 50)

    assert (3210, 9.0) in drawn
    assert (3210, 9.0) in thin_out(list(enumerate(values)), 50)


def test_texts_keep_their_changes():
    modes = ["idle"] * 50 + ["run"] * 50 + ["idle"] * 50

    assert downsample(list(enumerate(modes)), 10) == [(0, "idle"), (50, "run"), (100, "idle"), (149, "idle")]


def test_few_points_stay_as_they_are():
    assert downsample([(1, 2), (2, 3)], 4) == [(1, 2), (2, 3)]
