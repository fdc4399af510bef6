"""Story: a model gets rules beside its limits, and machines that send by them are judged by them, restarts and all."""

from datetime import timedelta

import pytest
from click.testing import CliRunner
from msgspec.structs import replace
from sqlalchemy import select

from devices.reading import Reading
from statusportal.access.actor import SYSTEM
from statusportal.authoring.editing import set_alarm_code, set_rules
from statusportal.catalogue.errors import LimitCodeTaken
from statusportal.catalogue.modelling import (
    LimitWords,
    SignalWords,
    declare_signal,
    remove_limit,
    remove_signal,
    set_limit,
)
from statusportal.catalogue.models import DeviceModel
from statusportal.catalogue.queries import rules_of
from statusportal.catalogue.vocabulary import Side, SignalKind
from statusportal.cli import main
from statusportal.foundation.clock import to_ms
from statusportal.foundation.errors import Invalid
from statusportal.foundation.vocabulary import Health
from statusportal.frames.queries import frames_of
from statusportal.ingest.follow import follow_once
from statusportal.ingest.sources import Source
from statusportal.ingest.store import store_readings
from statusportal.passage.service import expire_due
from statusportal.profiles.vocabulary import (
    Aggregate,
    AlarmCode,
    BaselineRule,
    CombinationRule,
    LimitRule,
    NativeRule,
    RateRule,
    Standard,
    WindowRule,
)
from statusportal.status.events import ConditionCleared, ConditionRaised
from statusportal.status.queries import conditions_of, status_of
from statusportal.trials.previewing import Question, preview_rule
from statusportal.work import Wiring, Works
from tests.factories.machines import LimitSpec, ModelSpec, make_machine
from tests.servers.engines import quick_engine

SOURCE = "manual, page 7"
MEAN = WindowRule(
    code="warm",
    source=SOURCE,
    signal="temperature",
    aggregate=Aggregate.MEAN,
    samples=3,
    high=50.0,
    sentence_en="{signal} averaged {value}, above {limit}.",
    sentence_da="{signal} var i snit {value}, over {limit}.",
)
SPEC = ModelSpec(limits=(LimitSpec(),), signals=(("temperature", "number", "°C"), ("state", "text", "")))


@pytest.fixture
def told():
    return []


@pytest.fixture
def portal(settings, clock, told):
    kinds = (ConditionRaised, ConditionCleared)
    wiring = Wiring([(kind, lambda _work, event: told.append(event)) for kind in kinds])
    engine = quick_engine(settings.database_url)
    yield Works(engine, clock, wiring, settings)
    engine.dispose()


def ruled(portal, *rules, spec=SPEC):
    machine = make_machine(portal, spec=spec)
    with portal.writing(SYSTEM) as work:
        set_rules(work, machine.model_id, rules)
    return machine


def send(portal, machine, *readings):
    """Store (signal, seconds before now, value), and follow."""
    now_ms = to_ms(portal.clock.now())
    source = Source("credential:1", machine.organisation_id, machine.id)
    store_readings(
        portal, source, [Reading(None, name, now_ms - int(back_s * 1000), value) for name, back_s, value in readings]
    )
    while follow_once(portal):
        pass


def stands(portal, machine):
    with portal.reading(SYSTEM) as work:
        status, conditions = status_of(work, machine.id), conditions_of(work, machine.id)
        return status, {one.code for one in conditions if one.is_active}


def test_rule_raises_and_clears_over_batches_in_the_models_words(portal, clock, told):
    machine = ruled(portal, MEAN)

    send(portal, machine, ("temperature", 20, 40.0), ("temperature", 10, 60.0))
    before = stands(portal, machine)
    send(portal, machine, ("temperature", 0, 62.0))
    broken = stands(portal, machine)
    clock.move(timedelta(seconds=10))
    send(portal, machine, ("temperature", 0, 20.0))
    after = stands(portal, machine)

    assert (before[0].health, before[1]) == (Health.NORMAL, set())
    assert (broken[0].health, broken[1]) == (Health.OFF_SPEC, {"warm"})
    assert broken[0].reason["en"] == "Temperature averaged 54.0\u00a0°C, above 50.0\u00a0°C."
    assert broken[0].reason["da"] == "Temperature var i snit 54,0\u00a0°C, over 50,0\u00a0°C."
    assert (after[0].health, after[1]) == (Health.NORMAL, set())
    assert [(type(event), event.code, event.signal_name) for event in told] == [
        (ConditionRaised, "warm", "temperature"),
        (ConditionCleared, "warm", "temperature"),
    ]


def test_pending_rule_survives_a_restart_and_fires_at_its_time(settings, portal, clock, told):
    rate = RateRule(code="fast", source=SOURCE, signal="temperature", high=5.0, over_s=10.0, per_s=10.0, pending_s=90.0)
    machine = ruled(portal, rate)
    noon = clock.now()
    send(portal, machine, ("temperature", 10, 20.0), ("temperature", 0, 40.0))
    reborn = Works(quick_engine(settings.database_url), clock, portal.wiring, settings)

    clock.move(timedelta(seconds=89))
    with reborn.writing(SYSTEM) as work:
        early = expire_due(work)
    calm = stands(reborn, machine)
    clock.move(timedelta(seconds=3))
    with reborn.writing(SYSTEM) as work:
        due = expire_due(work)
    fired = stands(reborn, machine)
    reborn.engine.dispose()

    assert (early, calm[1]) == (0, set())
    assert (due, fired[1], fired[0].health_since) == (1, {"fast"}, noon + timedelta(seconds=90))
    assert [(event.code, event.at) for event in told] == [("fast", noon + timedelta(seconds=90))]


def test_combination_native_words_and_a_limit_work_together(portal):
    own = NativeRule(code="own", source=SOURCE, signal="state", standard=Standard.MTCONNECT)
    both = CombinationRule(code="both", source=SOURCE, all_of=("own", "hot"), health=Health.FAILURE)
    machine = ruled(portal, own, both)

    send(portal, machine, ("state", 3, "UNAVAILABLE"), ("temperature", 2, 95.0))
    limit = stands(portal, machine)
    send(portal, machine, ("state", 0, "WARNING"))
    together = stands(portal, machine)

    assert (limit[0].health, limit[1]) == (Health.OFF_SPEC, {"hot"})
    assert (together[0].health, together[1]) == (Health.FAILURE, {"hot", "own", "both"})
    assert together[0].reason["da"] == "Reglen both er brudt."


def test_many_native_conditions_are_active_at_once_and_cleared_one_by_one(settings, portal, clock, told):
    own = NativeRule(code="own", source=SOURCE, signal="state", standard=Standard.MTCONNECT, by_code=True)
    machine = ruled(portal, own, spec=ModelSpec(signals=SPEC.signals, is_strict=True))
    with portal.writing(SYSTEM) as work:
        set_alarm_code(work, machine.model_id, AlarmCode(code="E-12", meaning_en="Oil is low."))

    send(portal, machine, ("state/E-12", 3, "FAULT"), ("state/E-13", 2, "WARNING"))
    both = stands(portal, machine)
    reborn = Works(quick_engine(settings.database_url), clock, portal.wiring, settings)
    clock.move(timedelta(seconds=10))
    send(reborn, machine, ("state/E-12", 0, "NORMAL"))
    one = stands(reborn, machine)
    with reborn.reading(SYSTEM) as work:
        asked = Question(own, machine.id, "own")
        trial = preview_rule(work, machine.model_id, asked)
    clock.move(timedelta(seconds=10))
    send(reborn, machine, ("state", 0, "NORMAL"))
    none = stands(reborn, machine)
    reborn.engine.dispose()

    assert (both[0].health, both[1]) == (Health.FAILURE, {"own@E-12", "own@E-13"})
    assert (one[0].health, one[1]) == (Health.OFF_SPEC, {"own@E-13"})
    assert (none[0].health, none[1]) == (Health.NORMAL, set())
    assert [(event.code, event.reason["en"]) for event in told] == [
        ("own@E-12", "The machine reports E-12: Oil is low."),
        ("own@E-13", "The machine reports E-13."),
        ("own@E-12", "The machine reports E-12 no more."),
        ("own@E-13", "The machine reports E-13 no more."),
    ]
    assert [(firing.signal, firing.health, firing.to_ms is None) for firing in trial.firings] == [
        ("state/E-12", Health.FAILURE, False),
        ("state/E-13", Health.OFF_SPEC, True),
    ]


def test_learned_normal_is_a_condition_for_each_signal(portal):
    machine = ruled(portal, BaselineRule(code="odd", source=SOURCE, signal="*", learn=100, window=8))
    usual = [("temperature", 400 - at, 20.0 + at * 7 % 10) for at in range(300)]
    send(portal, machine, *usual)
    send(portal, machine, *[("humidity", back_s, float(value)) for _, back_s, value in usual])
    before = stands(portal, machine)

    send(portal, machine, ("temperature", 1, 89.0), ("humidity", 1, 25.0))

    assert before[1] == set()
    assert stands(portal, machine)[1] == {"odd@temperature"}


def test_rule_that_is_taken_out_clears_its_condition(portal, clock, told):
    machine = ruled(portal, MEAN)
    send(portal, machine, *[("temperature", back_s, 60.0) for back_s in (2, 1, 0)])

    with portal.writing(SYSTEM) as work:
        set_rules(work, machine.model_id, ())
    send(portal, machine, ("temperature", -1, 60.0))

    assert stands(portal, machine)[1] == set()
    assert [type(event) for event in told] == [ConditionRaised, ConditionCleared]


def test_rules_are_made_ready_once_a_revision_and_follow_a_change_at_once(portal):
    machine, other = ruled(portal, MEAN), make_machine(portal)
    with portal.reading(SYSTEM) as work:
        first = frames_of(work, [machine.id, other.id], [])
    with portal.reading(SYSTEM) as work:
        again = frames_of(work, [machine.id, other.id], [])
    with portal.writing(SYSTEM) as work:
        set_rules(work, machine.model_id, (replace(MEAN, high=70.0),))
    with portal.reading(SYSTEM) as work:
        changed = frames_of(work, [machine.id, other.id], [])

    assert (again[machine.id] is first[machine.id], again[other.id] is first[other.id]) == (True, True)
    assert changed[other.id] is first[other.id]
    assert [rule.high for rule in first[machine.id].rules.rules] == [50.0]
    assert [rule.high for rule in changed[machine.id].rules.rules] == [70.0]


def test_rules_that_are_wrong_change_nothing_and_name_their_field(portal):
    machine = ruled(portal, MEAN)
    high = LimitRule(code="hot", source=SOURCE, signal="pressure", low=9.0, high=3.0)

    with portal.writing(SYSTEM) as work, pytest.raises(Invalid) as refused:
        set_rules(work, machine.model_id, (MEAN, high))

    assert [error.pointer for error in refused.value.errors] == [
        "/rules/1/code",
        "/rules/2/code",
        "/rules/1/signal",
        "/rules/1/low",
    ]
    with portal.reading(SYSTEM) as work:
        assert rules_of(work, [machine.model_id])[machine.model_id].rules == (MEAN,)


def test_signals_and_limits_that_rules_need_stay(portal):
    both = CombinationRule(code="both", source=SOURCE, all_of=("warm", "hot"))
    own = NativeRule(code="own", source=SOURCE, signal="state", standard=Standard.MTCONNECT)
    machine = ruled(portal, MEAN, both, own)

    with portal.writing(SYSTEM) as work:
        with pytest.raises(Invalid) as removed:
            remove_signal(work, machine.model_id, "temperature")
        with pytest.raises(Invalid) as limit:
            remove_limit(work, machine.model_id, "hot")
        with pytest.raises(LimitCodeTaken):
            set_limit(work, machine.model_id, "temperature", "warm", LimitWords(side=Side.HIGH, threshold=1.0))
        with pytest.raises(Invalid) as kind:
            declare_signal(work, machine.model_id, "state", SignalWords(kind=SignalKind.NUMBER))

    pointers = [error.value.errors[0].pointer for error in (removed, limit, kind)]
    assert pointers == ["/name", "/code", "/kind"]


FILE = """slug = "pump"
name = "Pump"

[[signals]]
name = "temperature"
unit = "°C"

[[rules]]
kind = "window"
code = "warm"
source = "manual, page 7"
signal = "temperature"
high = {high}
aggregate = "max"
samples = 2
"""


def test_model_file_carries_rules_and_a_dry_run_names_the_devices_that_would_change(works, monkeypatch, tmp_path):
    file = tmp_path / "pump.toml"

    def run(*arguments, high="50.0"):
        file.write_text(FILE.replace("{high}", high), encoding="utf-8")
        done = CliRunner().invoke(main, ["model", *arguments], catch_exceptions=False)
        return done.stdout if done.exit_code == 0 else done.stderr

    monkeypatch.setenv("STATUSPORTAL_INSTANCE_DIR", str(works.settings.instance_dir))
    monkeypatch.setenv("STATUSPORTAL_DATABASE_URL", works.settings.database_url)
    run("import", str(file))
    exported = run("export", "pump")
    (tmp_path / "again.toml").write_text(exported, encoding="utf-8")
    same = run("import", str(tmp_path / "again.toml"))
    with works.reading(SYSTEM) as work:
        model_id = work.session.scalars(select(DeviceModel.id).where(DeviceModel.slug == "pump")).one()
    machine = make_machine(works, model_id=model_id)
    make_machine(works, model_id=model_id)
    send(works, machine, ("temperature", 2, 40.0), ("temperature", 1, 41.0))

    dry = run("import", str(file), "--dry-run", high="30.0")
    wrong = run("import", str(file), high="inf")

    assert exported == run("export", "pump")
    assert same == "Nothing to change.\n"
    assert dry == f"change rule warm\ndevice {machine.serial}: normal would be off_spec\n"
    assert "rules/0/high: must be a finite number" in wrong
