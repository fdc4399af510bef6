"""A learned normal on made-up recordings: what it finds, what it leaves alone, and what it says while it learns."""

import math
import random

import pytest

from statusportal.foundation.vocabulary import Health
from statusportal.judges.vocabulary import Verdict
from statusportal.norms.learning import Baseline
from statusportal.profiles.finding import find_shipped
from statusportal.profiles.vocabulary import BaselineRule
from statusportal.rules.evaluating import Device
from statusportal.rules.vocabulary import Phase
from tests.factories.profiles import SOURCE

LENGTH, FAULT = 3_000, 2_000
RULE = BaselineRule(code="ODD", source=SOURCE, signal="x")


def steady(chance, at):
    return 50 + chance.gauss(0, 2)


def daily(chance, at):
    return 20 + 5 * math.sin(at / 288 * math.tau) + chance.gauss(0, 0.7)


def switching(chance, at):
    return (70 if at // 30 % 2 else 20) + chance.gauss(0, 2)


SHAPES = [steady, daily, switching]
FAULTS = {
    "spike": lambda x, since: x + 150 if since < 3 else x,
    "step": lambda x, since: x + 60 if since < 200 else x,
    "drift": lambda x, since: x + since / 3 if since < 400 else x,
    "stuck": lambda x, since: 33.3 if since < 200 else x,
    "dropout": lambda x, since: -60.0 if since < 40 else x,
}


def recording(shape, fault=lambda x, _since: x, scale=1.0):
    chance = random.Random(7)  # noqa: S311 - made-up values, the same in every run
    made = [shape(chance, at) for at in range(LENGTH)]
    return [scale * (fault(x, at - FAULT) if at >= FAULT else x) for at, x in enumerate(made)]


def alarms(values):
    judge = Baseline(RULE)
    said = [judge.hear(0, value) for value in values]
    return [at for at, verdict in enumerate(said) if verdict is Verdict.BROKEN and said[at - 1] is not Verdict.BROKEN]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e7])
def test_normal_of_any_shape_and_scale_raises_nothing(shape, scale):
    assert alarms(recording(shape, scale=scale)) == []


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("fault", FAULTS)
def test_fault_is_found_while_it_lasts_and_nothing_before_it(shape, fault):
    found = alarms(recording(shape, FAULTS[fault]))

    assert found
    assert FAULT <= found[0] < FAULT + 400


def seasonal(chance, at):
    return 70 + 6 * math.sin(at / LENGTH * math.tau) + 1.5 * math.sin(at / 24 * math.tau) + chance.gauss(0, 0.5)


def test_slow_failure_is_found_by_what_is_usual_in_these_weeks():
    assert alarms(recording(seasonal)) == []

    found = alarms(recording(seasonal, lambda x, since: x - 4.0 if since < 300 else x))

    assert found
    assert FAULT <= found[0] < FAULT + 300


def test_signal_that_only_grows_or_never_moves_is_left_alone():
    assert alarms([float(at // 60) for at in range(LENGTH)]) == []
    assert alarms([14.62] * LENGTH) == []


def test_what_lasts_becomes_the_new_normal():
    values = recording(steady, lambda x, _since: x + 60)

    judge = Baseline(RULE)
    said = [judge.hear(0, value) for value in values]

    assert said[FAULT + 20] is Verdict.BROKEN
    assert set(said[-100:]) == {Verdict.CLEAR}


def test_learning_says_how_far_it_is_and_judges_nothing_until_then():
    device = Device(find_shipped("generic"))
    for at, value in enumerate(recording(steady)[:99]):
        device.hear(at, "x", value)
    device.hear(99, "x", 1e9)

    (standing,) = device.standings()

    assert (standing.code, standing.signal, standing.phase, standing.health) == (
        "UNUSUAL",
        "x",
        Phase.NO_DATA,
        Health.OFF_SPEC,
    )
    assert standing.learned == pytest.approx(100 / 150)
    assert device.changes == []
