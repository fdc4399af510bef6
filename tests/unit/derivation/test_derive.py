"""Derivation as a value in, a value out: no database, no clock."""

from uuid import UUID

import pytest

from statusportal.catalogue.vocabulary import LimitRule, ModelRules, Side, SignalKind, SignalRule, SignalTraits
from statusportal.derivation.derive import declare, elapse, hear, withdraw
from statusportal.derivation.timers import Frame, due_ms
from statusportal.derivation.vocabulary import Cleared, Observation, Phase, Raised, Shift, unheard
from statusportal.foundation.vocabulary import Connectivity, Health
from statusportal.profiles.vocabulary import CounterRule
from statusportal.reasons.sentences import reason

NOON = 1_763_467_200_000
MINUTE = 60_000
LIMIT = UUID(int=7)


def limit(**changes):
    given = {
        "id": LIMIT,
        "code": "hot",
        "signal_name": "temperature",
        "side": Side.HIGH,
        "threshold": 90.0,
        "hysteresis": 5.0,
        "duration_s": 0,
        "health": Health.OFF_SPEC,
        "sentence_en": "",
        "sentence_da": "",
        "advice_en": "",
        "advice_da": "",
    }
    return LimitRule(**(given | changes))


def frame(*limits, interval_s=60):
    signals = (SignalRule("temperature", "Temperature", "Temperatur", "°C", SignalKind.NUMBER, 1),)
    return Frame(ModelRules(interval_s, signals=signals, limits=limits), "Europe/Copenhagen")


def reading(back_s, value, signal="temperature", **more):
    return Observation(signal, NOON - back_s * 1000, value, **more)


def shown(state):
    return state.health, state.connectivity


def live(rules, *values, state=None, at_ms=NOON):
    """Hear values one a minute, the last at `at_ms`, each as it arises."""
    facts = []
    for index, value in enumerate(values):
        moment = at_ms - (len(values) - 1 - index) * MINUTE
        outcome = hear(rules, state, [Observation("temperature", moment, value)], moment)
        state, facts = outcome.state, facts + list(outcome.facts)
    return state, facts


def told(facts):
    """Facts in short: what, and how many seconds before noon."""
    short = []
    for fact in facts:
        back_s = (NOON - fact.at_ms) / 1000
        if isinstance(fact, Shift):
            short.append((f"{fact.health_after} {fact.connectivity_after}", back_s))
        else:
            short.append((f"{'raised' if isinstance(fact, Raised) else 'cleared'} {fact.condition.code}", back_s))
    return short


def test_mark_of_the_rules_is_another_when_they_judge_otherwise_and_not_when_they_are_worded_anew():
    ruled = [CounterRule(code="SERVICE", source="tests", signal="temperature", every=5, advice_en=say) for say in "ab"]
    marks = [
        Frame(ModelRules(60, limits=(limit(sentence_en=say),), rules=(one,))).mark
        for say, one in zip("ab", ruled, strict=True)
    ]

    assert marks[0] == marks[1]
    assert frame(limit()).mark != frame(limit(threshold=91.0)).mark


def test_first_sample_makes_a_device_normal_and_online():
    state, facts = live(frame(), 20.0)

    assert shown(state) == (Health.NORMAL, Connectivity.ONLINE)
    assert told(facts) == [("normal online", 0)]
    assert state.reason["en"] == "Measuring normally."


def test_value_on_the_threshold_is_good_and_beyond_it_is_not():
    rules = frame(limit())

    at, _ = live(rules, 90.0)
    beyond, facts = live(rules, 90.1)

    assert shown(at) == (Health.NORMAL, Connectivity.ONLINE)
    assert shown(beyond) == (Health.OFF_SPEC, Connectivity.ONLINE)
    assert told(facts) == [("raised hot", 0), ("off_spec online", 0)]
    assert beyond.reason["en"] == "Temperature is 90.1\u00a0°C, above the limit of 90.0\u00a0°C."


def test_condition_clears_only_behind_its_hysteresis():
    state, facts = live(frame(limit()), 91.0, 89.0, 85.1, 85.0)

    assert shown(state) == (Health.NORMAL, Connectivity.ONLINE)
    assert told(facts) == [
        ("raised hot", 180),
        ("off_spec online", 180),
        ("cleared hot", 0),
        ("normal online", 0),
    ]


def test_low_limit_mirrors_the_high_one():
    rules = frame(limit(side=Side.LOW, threshold=-70.0, hysteresis=2.0, health=Health.FAILURE))

    _, facts = live(rules, -70.0, -70.5, -68.5, -68.0)

    assert told(facts)[1:] == [("raised hot", 120), ("failure online", 120), ("cleared hot", 0), ("normal online", 0)]


def test_pending_condition_becomes_active_when_it_has_lasted():
    rules = frame(limit(duration_s=150))

    state, facts = live(rules, 91.0, 92.0, 93.0, 94.0)

    assert told(facts) == [("normal online", 180), ("raised hot", 30), ("off_spec online", 30)]
    assert state.conditions["hot"].count == 1


def test_pending_condition_starts_over_after_a_good_value():
    state, facts = live(frame(limit(duration_s=150)), 91.0, 92.0, 90.0, 91.0, 92.0)

    assert told(facts) == [("normal online", 240)]
    assert state.conditions["hot"].phase is Phase.PENDING


def test_pending_condition_falls_due_by_the_clock_at_its_own_time():
    rules = frame(limit(duration_s=90))
    state, _ = live(rules, 91.0)

    early = elapse(rules, state, NOON + 89_999)
    late = elapse(rules, state, NOON + 100_000)

    assert due_ms(rules, state) == NOON + 90_000
    assert early.facts == ()
    assert told(late.facts) == [("raised hot", -90), ("off_spec online", -90)]


def test_delayed_sample_does_not_hurry_a_pending_condition():
    rules = frame(limit(duration_s=90))

    state = hear(rules, None, [reading(200, 91.0)], NOON).state

    assert due_ms(rules, state) == NOON + 90_000
    assert state.conditions["hot"].phase is Phase.PENDING


def test_silence_becomes_stale_and_then_offline_at_the_true_time():
    rules = frame()
    state, _ = live(rules, 20.0)

    outcome = elapse(rules, state, NOON + 3_600_000)

    assert told(outcome.facts) == [("normal stale", -120), ("unknown offline", -300)]
    assert outcome.state.known_health is Health.NORMAL
    assert outcome.state.reason["en"] == "Nothing heard since Tuesday 13:00. It was normal then."
    assert outcome.state.reason["da"] == "Intet hørt siden tirsdag kl.\u00a013.00. Da var alt normalt."
    assert due_ms(rules, outcome.state) is None


def test_boundaries_of_silence():
    rules = frame()
    state, _ = live(rules, 20.0)

    found = [elapse(rules, state, NOON + after).state.connectivity for after in (119_999, 120_000, 299_999, 300_000)]

    assert found == [Connectivity.ONLINE, Connectivity.STALE, Connectivity.STALE, Connectivity.OFFLINE]


def test_offline_device_names_its_last_health_and_comes_back_with_it():
    rules = frame(limit())
    state, _ = live(rules, 95.0)

    silent = elapse(rules, state, NOON + 3_600_000).state
    back, facts = live(rules, 94.0, state=silent, at_ms=NOON + 3_660_000)

    assert shown(silent) == (Health.UNKNOWN, Connectivity.OFFLINE)
    assert silent.reason["en"] == "Nothing heard since Tuesday 13:00. It was out of specification then."
    assert shown(back) == (Health.OFF_SPEC, Connectivity.ONLINE)
    assert told(facts) == [("off_spec online", -3660)]


def test_pending_condition_never_falls_due_while_offline():
    rules = frame(limit(duration_s=600))
    state, _ = live(rules, 95.0)

    outcome = elapse(rules, state, NOON + 3_600_000)
    back = hear(rules, outcome.state, [Observation("temperature", NOON + 3_600_000, 95.0)], NOON + 3_600_000)

    assert told(outcome.facts) == [("normal stale", -120), ("unknown offline", -300)]
    assert back.state.conditions["hot"].phase is Phase.PENDING
    assert due_ms(rules, back.state) == NOON + 3_600_000 + 120_000


def test_death_of_the_source_makes_stale_at_once_and_offline_in_time_and_is_no_failure():
    rules = frame(limit())
    state, _ = live(rules, 95.0)

    dead = hear(rules, state, [reading(-10, 95.0, is_good=False, is_stale=True)], NOON + 10_000)
    silent = elapse(rules, dead.state, NOON + 3_600_000)
    born, _ = live(rules, 20.0, state=silent.state, at_ms=NOON + 3_660_000)

    assert told(dead.facts) == [("unknown stale", -10)]
    assert dead.state.reason["en"].endswith("It was out of specification then.")
    assert told(silent.facts) == [("unknown offline", -300)]
    assert shown(born) == (Health.NORMAL, Connectivity.ONLINE)


def test_bad_value_is_life_and_neither_breaks_nor_clears():
    rules = frame(limit())
    state, _ = live(rules, 95.0)

    outcome = hear(rules, state, [reading(-100, 20.0, is_good=False)], NOON + 100_000)

    assert outcome.facts == ()
    assert shown(outcome.state) == (Health.OFF_SPEC, Connectivity.ONLINE)
    assert outcome.state.heard_ms == NOON + 100_000


@pytest.mark.parametrize(
    "observation",
    [
        reading(0, 20.0, is_retained=True),
        reading(301, 20.0),
        reading(0, 20.0, is_good=False, is_stale=True),
    ],
    ids=["retained", "older than five intervals", "stale"],
)
def test_no_life_comes_from(observation):
    state = hear(frame(), None, [observation], NOON).state

    assert state.connectivity is Connectivity.NEVER_SEEN
    assert state.heard_ms is None


def test_sample_of_five_intervals_ago_is_just_life():
    assert hear(frame(), None, [reading(300, 20.0)], NOON).state.connectivity is Connectivity.ONLINE


def test_late_sample_changes_nothing_about_the_present():
    rules = frame(limit())
    state, _ = live(rules, 20.0)

    outcome = hear(rules, state, [reading(30, 99.0)], NOON + 1)

    assert outcome.facts == ()
    assert outcome.state.conditions == state.conditions


def test_bad_quality_and_text_drive_no_limit():
    rules = frame(limit())

    bad = hear(rules, None, [reading(0, 99.0, is_good=False)], NOON).state
    text = hear(rules, bad, [reading(0, "99", signal="mode"), reading(0, "99")], NOON).state

    assert shown(bad) == (Health.UNKNOWN, Connectivity.ONLINE)
    assert bad.reason["key"] == "nothing_usable"
    assert shown(text) == (Health.NORMAL, Connectivity.ONLINE)


def test_worst_active_condition_is_the_health():
    rules = frame(
        limit(),
        limit(id=UUID(int=8), code="very_hot", threshold=100.0, health=Health.FAILURE),
        limit(id=UUID(int=9), code="warm", threshold=50.0, health=Health.MAINTENANCE_REQUIRED),
    )

    state, facts = live(rules, 60.0, 95.0, 120.0, 94.0)

    assert [what for what, _ in told(facts)] == [
        "raised warm",
        "maintenance_required online",
        "raised hot",
        "off_spec online",
        "raised very_hot",
        "failure online",
        "cleared very_hot",
        "off_spec online",
    ]
    assert state.reason["args"]["code"] == "hot"


def test_limit_that_the_model_lost_clears():
    state, _ = live(frame(limit()), 95.0)

    outcome = elapse(frame(), state, NOON + 1000)

    assert told(outcome.facts) == [("cleared hot", -1), ("normal online", -1)]
    assert outcome.state.conditions == {}


def test_declared_condition_counts_through_silence_until_withdrawn():
    rules = frame()
    why = reason("declared", text="The door does not close.")
    state, _ = live(rules, 20.0)

    declared = declare(rules, state, "entry:1", Health.FAILURE, why, NOON + 1)
    again = declare(rules, declared.state, "entry:1", Health.FAILURE, why, NOON + 2)
    silent = elapse(rules, again.state, NOON + 3_600_000)
    over = withdraw(rules, silent.state, "entry:1", NOON + 3_600_001)

    assert told(declared.facts) == [("raised entry:1", -0.001), ("failure online", -0.001)]
    assert again.facts == ()
    assert shown(silent.state) == (Health.FAILURE, Connectivity.OFFLINE)
    assert silent.state.reason["en"] == "The door does not close."
    assert [what for what, _ in told(over.facts)] == ["cleared entry:1", "unknown offline"]
    assert withdraw(rules, over.state, "entry:1", NOON + 3_700_000).facts == ()


def test_declared_condition_on_a_device_never_heard():
    outcome = declare(frame(), unheard(NOON), "entry:1", Health.CHECK_FUNCTION, reason("declared", text="x"), NOON)

    assert shown(outcome.state) == (Health.CHECK_FUNCTION, Connectivity.NEVER_SEEN)


def test_past_that_is_read_in_makes_history_and_no_life():
    rules = frame(limit())
    day_s = 24 * 3600
    past = [reading(day_s - 60 * index, value) for index, value in enumerate([20.0, 95.0, 20.0])]

    outcome = hear(rules, None, past, NOON)
    left = elapse(rules, outcome.state, NOON + 5 * MINUTE)

    assert [(what, back - day_s) for what, back in told(outcome.facts)] == [
        ("normal never_seen", 0),
        ("raised hot", -60),
        ("off_spec never_seen", -60),
        ("cleared hot", -120),
        ("normal never_seen", -120),
    ]
    assert [(what, back - day_s) for what, back in told(left.facts)] == [("unknown never_seen", -420)]
    assert due_ms(rules, left.state) is None


def test_first_life_after_a_past_shows_the_machine_as_it_is():
    rules = frame(limit())
    past = hear(rules, None, [reading(86_400, 95.0)], NOON - 1000).state

    outcome = hear(rules, past, [reading(0, 20.0)], NOON)

    assert [what for what, _ in told(outcome.facts)] == ["cleared hot", "normal online"]


def test_clear_tells_since_when_it_was_active():
    _, facts = live(frame(limit()), 95.0, 20.0)

    cleared = next(fact for fact in facts if isinstance(fact, Cleared))

    assert (cleared.condition.since_ms, cleared.value) == (NOON - MINUTE, 20.0)
    assert cleared.reason["en"] == "Temperature is back at 20.0\u00a0°C."


def test_sample_ahead_of_its_time_is_life_and_hides_nothing_that_comes_before_it():
    state, _ = live(frame(limit()), 20.0)

    ahead = hear(frame(limit()), state, [reading(-23 * 3600, 20.0)], NOON + 1000)
    after = hear(frame(limit()), ahead.state, [reading(-60, 99.0)], NOON + MINUTE)

    assert (ahead.facts, ahead.state.last_event_ms, ahead.state.heard_ms) == ((), NOON, NOON + 1000)
    assert shown(after.state) == (Health.OFF_SPEC, Connectivity.ONLINE)


def test_limit_does_not_judge_what_its_signal_cannot_measure():
    signal = SignalRule("temperature", "T", "T", "", SignalKind.NUMBER, 1, SignalTraits(lowest=-50.0, highest=200.0))
    rules = Frame(ModelRules(60, signals=(signal,), limits=(limit(),)))

    assert [shown(live(rules, 20.0, value)[0])[0] for value in (32_767.0, 200.0)] == [Health.NORMAL, Health.OFF_SPEC]
    assert shown(live(rules, 99.0, -999.0)[0])[0] is Health.OFF_SPEC, "a broken sensor clears nothing"
