import pytest

from devices.adapters.simulated.course import Course, is_failing, machine_at
from devices.adapters.simulated.options import SimulatedMachine

NOW_MS = 1_763_000_000_000
HOUR_MS = 3_600_000


def drifting(**more):
    return SimulatedMachine(kind="milk-analyser", serial="M-1", failure_mode="inlet_blocked", **more)


@pytest.mark.parametrize(
    ("running_s", "fails"),
    [(0, False), (19, False), (20, True), (79, True), (80, False), (319, False), (320, True), (380, False)],
)
def test_failure_comes_goes_and_comes_again_on_time(running_s, fails):
    wanted = drifting(fails_after_s=20, fails_for_s=60, fails_every_s=300)

    assert is_failing(wanted, running_s) is fails


def test_blocked_inlet_leaves_the_limit_within_two_minutes_and_is_repaired():
    course = Course(drifting(fails_after_s=20, fails_for_s=600), NOW_MS)
    warm_s = []

    for running_s in range(0, 1_200, 5):
        course.keep(NOW_MS + running_s * 1_000)
        if course.machine.step(5)["cuvette_temperature"] > 40.5:
            warm_s.append(running_s)

    assert 20 < warm_s[0] < 100
    assert 600 < warm_s[-1] < 900


def test_failing_since_lives_through_what_was():
    since_ms = NOW_MS - 4 * HOUR_MS
    wanted = SimulatedMachine(
        kind="ultra-low-freezer", serial="M-2", failure_mode="stage2_stop", failing_since_ms=since_ms
    )

    machine = machine_at(wanted, NOW_MS)
    Course(wanted, NOW_MS).keep(NOW_MS)

    assert machine.at_ms == NOW_MS
    assert -60 < machine.step(1)["chamber_temperature"] < -50


def test_failure_of_somebody_else_is_left_alone():
    course = Course(SimulatedMachine(kind="milk-analyser", serial="M-3"), NOW_MS)
    course.machine.trigger("pump_wear")

    course.keep(NOW_MS + HOUR_MS)

    assert course.machine.failure_mode == "pump_wear"


@pytest.mark.parametrize(("kind", "counter"), [("air-compressor", "running_hours"), ("milk-analyser", "samples_total")])
def test_counter_goes_on_where_it_was(kind, counter):
    begun_ms = NOW_MS - 48 * HOUR_MS
    wanted = SimulatedMachine(kind=kind, serial="M-4", seed=11, begun_ms=begun_ms)
    lived = machine_at(wanted, begun_ms)
    lived.step(48 * 3_600)

    anew = machine_at(wanted, NOW_MS)

    assert anew.step(1)[counter] == pytest.approx(lived.step(1)[counter], rel=0.02)
    assert anew.step(1)[counter] > machine_at(wanted, begun_ms).step(1)[counter] + 40
