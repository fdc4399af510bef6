"""Values that are no good hide what is known after a while, those of a whole machine that is gone at once."""

from statusportal.catalogue.vocabulary import ModelRules, SignalKind, SignalRule
from statusportal.derivation.derive import hear
from statusportal.derivation.timers import Frame
from statusportal.derivation.vocabulary import Observation
from statusportal.foundation.vocabulary import Connectivity, Health
from tests.unit.derivation.test_derive import NOON, frame, limit, live, reading, shown


def test_no_usable_value_for_two_intervals_hides_what_is_known_until_one_comes():
    rules = frame(limit(health=Health.FAILURE))
    state, _ = live(rules, 95.0)
    bad = [hear_bad(rules, state, 30)]
    bad.append(hear_bad(rules, bad[0].state, 90))
    bad.append(hear_bad(rules, bad[1].state, 150))

    good = hear(rules, bad[2].state, [reading(-160, 96.0)], NOON + 160_000)

    assert [shown(one.state) for one in bad] == [
        (Health.FAILURE, Connectivity.ONLINE),
        (Health.FAILURE, Connectivity.ONLINE),
        (Health.UNKNOWN, Connectivity.ONLINE),
    ]
    assert bad[2].state.reason["en"].startswith("No usable value has come since")
    assert bad[2].state.reason["en"].endswith("It had failed then.")
    assert (shown(good.state), good.state.conditions["hot"].count) == ((Health.FAILURE, Connectivity.ONLINE), 1)


def test_one_signal_of_many_that_is_gone_hides_nothing():
    signals = [SignalRule(one, one, one, "", SignalKind.NUMBER, 1) for one in ("temperature", "speed", "level")]
    rules = Frame(ModelRules(60, signals=signals, limits=(limit(),)))
    state, _ = live(rules, 95.0)

    gone = hear(rules, state, [reading(-10, 95.0, is_good=False, is_stale=True)], NOON + 10_000)
    back = hear(rules, gone.state, [Observation("speed", NOON + 20_000, 1.0)], NOON + 20_000)

    assert [one.health for one in (gone.state, back.state)] == [Health.OFF_SPEC, Health.OFF_SPEC]


def hear_bad(rules, state, seconds):
    return hear(rules, state, [reading(-seconds, 20.0, is_good=False)], NOON + seconds * 1_000)
