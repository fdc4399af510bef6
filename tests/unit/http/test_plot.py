"""Where a chart's parts stand."""

from datetime import UTC, datetime, timedelta

from statusportal.http.plot import on_range, plot, spark
from statusportal.http.views.devices import Chart, HealthInterval, Pin

START = datetime(2026, 11, 19, 0, 0, tzinfo=UTC)


def hour(number: float) -> datetime:
    return START + timedelta(hours=number)


def chart(*values: float | None, **more) -> Chart:
    points = tuple((hour(index), value) for index, value in enumerate(values))
    return Chart("t", "Temperature", "°C", START, hour(len(values) - 1), points, **more)


def test_plot_never_bridges_a_gap() -> None:
    drawn = plot(chart(1.0, 2.0, None, 2.0, 1.0), zone=UTC, locale="en")

    assert drawn.line.count("M") == 2
    assert [(gap.left, gap.width) for gap in drawn.gaps] == [(25.0, 50.0)]


def test_plot_fills_only_what_is_outside_the_limits() -> None:
    inside = plot(chart(1.0, 2.0, high=3.0, low=0.0), zone=UTC, locale="en")
    outside = plot(chart(1.0, 5.0, high=3.0, low=0.0), zone=UTC, locale="en")

    assert inside.over == ()
    assert len(outside.over) == 1
    assert outside.over[0].endswith("Z")


def test_plot_shares_the_ribbon_and_leaves_the_future_empty() -> None:
    intervals = (HealthInterval("normal", START, hour(2)), HealthInterval("failure", hour(2), hour(3)))
    drawn = plot(chart(1.0, 1.0, 1.0, 1.0, 1.0, intervals=intervals), zone=UTC, locale="en")

    assert [(part.health, part.share) for part in drawn.ribbon] == [("normal", 50.0), ("failure", 25.0), (None, 25.0)]


def test_plot_places_a_pin_on_the_curve() -> None:
    pin = Pin("A", hour(2), 5.0, "top", "#c-1")
    drawn = plot(chart(1.0, 3.0, 5.0, 3.0, 1.0, pins=(pin,)), zone=UTC, locale="en")

    assert drawn.pins[0].left == 50.0
    assert 9.0 < drawn.pins[0].spot < 25.0


def test_plot_of_no_values_has_an_axis_and_no_line() -> None:
    drawn = plot(Chart("t", "T", "", START, hour(8), ()), zone=UTC, locale="en")

    assert drawn.line == ""
    assert drawn.rows == ()
    assert 1 < len(drawn.x_ticks) <= 7


def test_plot_of_a_flat_curve_has_room() -> None:
    drawn = plot(chart(0.0, 0.0), zone=UTC, locale="en")

    assert drawn.low < 0.0 < drawn.high


def test_spark_and_range_stay_in_their_boxes() -> None:
    path, top, height = spark((40.0, 40.5, 41.0), 39.5, 40.5)

    assert path.startswith("M0.0,")
    assert (top, height) == (10.0, 16.0)
    assert spark((), None, None) == ("", 0.0, 0.0)
    assert on_range(4.5, 3.8, 5.2) == (27, 73, 50)
    assert on_range(900.0, 3.8, 5.2)[2] == 98
