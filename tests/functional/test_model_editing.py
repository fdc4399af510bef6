"""Story: a model is edited rule by rule; what is wrong changes nothing, each change is kept, and one is taken back."""

import pytest

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import StaffRole
from statusportal.authoring.comparing import changes
from statusportal.authoring.editing import (
    add_rule,
    change_rule,
    order_rules,
    remove_alarm_code,
    remove_rule,
    set_alarm_code,
)
from statusportal.authoring.errors import CodeTaken
from statusportal.authoring.importing import file_of_version, import_model, restore_version
from statusportal.catalogue.filing import read_model_file
from statusportal.catalogue.modelling import SignalWords, declare_signal, set_limit
from statusportal.catalogue.models import DeviceModel
from statusportal.catalogue.queries import model_as_file, rules_of, version_for, versions_page
from statusportal.catalogue.vocabulary import SignalTraits
from statusportal.foundation.errors import Forbidden, Invalid, NotFound, Stale
from statusportal.foundation.paging import Slice
from statusportal.profiles.vocabulary import AlarmCode, CombinationRule, CounterRule, LimitRule, Nature
from tests.factories.accounts import make_staff_actor
from tests.factories.fleet import make_limit, make_model
from tests.functional.test_device_models import HIGH

SOURCE = "manual, page 7"
HOT = LimitRule(code="HOT", source=SOURCE, signal="temperature", high=90.0, hysteresis=5.0, pending_s=600.0)
DUE = CounterRule(code="DUE", source=SOURCE, signal="hours", every=4_000.0, ahead=100.0)
BOTH = CombinationRule(code="BOTH", source=SOURCE, all_of=("HOT", "DUE"))


@pytest.fixture
def model(works):
    model = make_model(works, "oven")
    make_limit(works, model)
    with works.writing(SYSTEM) as work:
        declare_signal(work, model.id, "hours", SignalWords(traits=SignalTraits(nature=Nature.COUNTER)))
    return model


def codes(works, model):
    with works.reading(SYSTEM) as work:
        return [rule.code for rule in rules_of(work, [model.id])[model.id].rules]


def test_rules_are_added_changed_ordered_and_taken_out(works, model):
    birgit = make_staff_actor(works, StaffRole.PRODUCT)
    with works.writing(birgit) as work:
        for rule in (HOT, DUE, BOTH):
            add_rule(work, model.id, rule)
        order_rules(work, model.id, ["BOTH", "DUE", "HOT"])
        remove_rule(work, model.id, "BOTH")
        changed = change_rule(work, model.id, "HOT", LimitRule(code="WARM", source=SOURCE, signal="temperature", low=1))

    assert codes(works, model) == ["DUE", "WARM"]
    with works.reading(birgit) as work:
        kept = versions_page(work, model.id, Slice()).items
        first = file_of_version(version_for(work, model.id, kept[-1].version))
    assert [(row.version, row.act, row.person_id) for row in kept][:3] == [
        (changed.version, "model.rule_changed", birgit.person_id),
        (changed.version - 1, "model.rule_removed", birgit.person_id),
        (changed.version - 2, "model.rules_ordered", birgit.person_id),
    ]
    assert (first.slug, first.signals, first.rules) == ("oven", (), ())


@pytest.mark.parametrize(
    ("rule", "pointers"),
    [
        (LimitRule(code="X", source=SOURCE, signal="unheard", high=1.0), ["/signal"]),
        (LimitRule(code="X", source="", signal="temperature", low=8.0, high=6.8), ["/source", "/low"]),
        (CounterRule(code="X", source=SOURCE, signal="hours", every=0.0), ["/every", "/ahead"]),
        (CombinationRule(code="X", source=SOURCE, none_of=("HOT",)), ["/all_of"]),
        (LimitRule(code="temperature_high", source=SOURCE, signal="temperature", high=1.0), ["/code", ""]),
    ],
)
def test_bad_rule_names_its_fields_and_changes_nothing(works, model, rule, pointers):
    with works.writing(SYSTEM) as work:
        add_rule(work, model.id, HOT)

    with pytest.raises(Invalid) as caught, works.writing(SYSTEM) as work:
        change_rule(work, model.id, "HOT", rule)

    assert [error.pointer for error in caught.value.errors][: len(pointers)] == pointers
    assert codes(works, model) == ["HOT"]


def test_what_others_stand_on_stays_until_they_are_changed(works, model):
    with works.writing(SYSTEM) as work:
        for rule in (HOT, DUE, BOTH):
            add_rule(work, model.id, rule)

    with works.writing(SYSTEM) as work:
        with pytest.raises(Invalid, match="is a part of BOTH"):
            remove_rule(work, model.id, "HOT")
        with pytest.raises(CodeTaken):
            add_rule(work, model.id, HOT)
        with pytest.raises(Invalid, match="/codes"):
            order_rules(work, model.id, ["HOT", "DUE"])
        with pytest.raises(NotFound):
            remove_rule(work, model.id, "NONE")
        cold = SignalWords(traits=SignalTraits(lowest=200.0, highest=300.0))
        with pytest.raises(Invalid, match="The rule HOT: is below everything that is possible"):
            declare_signal(work, model.id, "temperature", cold)

    assert codes(works, model) == ["HOT", "DUE", "BOTH"]


def test_two_editors_do_not_undo_each_other_and_only_who_may_edits(works, model):
    with works.writing(SYSTEM) as work:
        read = add_rule(work, model.id, HOT).version
        set_alarm_code(work, model.id, AlarmCode(code="E1", meaning_en="The fan stands still."), read)

    with works.writing(SYSTEM) as work, pytest.raises(Stale) as caught:
        remove_rule(work, model.id, "HOT", read)
    for role in (StaffRole.SUPPORT, StaffRole.ENGINEER):
        with works.writing(make_staff_actor(works, role)) as work:
            with pytest.raises(Forbidden):
                remove_alarm_code(work, model.id, "E1")
            with pytest.raises(Forbidden):
                versions_page(work, model.id, Slice())

    assert caught.value.version == read + 1
    with works.writing(SYSTEM) as work:
        remove_alarm_code(work, model.id, "E1", read + 1)
        with pytest.raises(Invalid, match="/meaning_en"):
            set_alarm_code(work, model.id, AlarmCode(code="E1", meaning_en=""))


def test_file_goes_round_and_an_earlier_version_comes_back(works, model):
    with works.writing(SYSTEM) as work:
        add_rule(work, model.id, HOT)
        set_alarm_code(work, model.id, AlarmCode(code="E1", meaning_en="Hot", advice_da="Sluk."))
        stood = model_as_file(work, work.session.get(DeviceModel, model.id))
        number = work.session.get(DeviceModel, model.id).version
        limit_id = rules_of(work, [model.id])[model.id].limits[0].id
    with works.writing(SYSTEM) as work:
        bare = import_model(work, read_model_file(b'slug = "oven"\nname = "Bare"\n'), number)
        emptied = model_as_file(work, bare)
    with works.writing(SYSTEM) as work:
        back = restore_version(work, model.id, number)
        again, came_back = model_as_file(work, back), back.version
        set_limit(work, model.id, "temperature", "temperature_high", HIGH)
        assert rules_of(work, [model.id])[model.id].limits[0].id != limit_id

    assert (emptied.signals, emptied.rules, emptied.codes, bare.version) == ((), (), (), number + 1)
    assert (changes(stood, again), came_back) == ([], number + 2)


def test_file_with_faults_names_each_by_its_place_and_changes_nothing(works, model):
    wrong = b"""
slug = "oven"
name = ""
[[signals]]
name = "heat"
nature = "text"
[[signals.limits]]
code = "H 1"
side = "high"
threshold = 5
duration_s = -1
[[rules]]
kind = "limit"
code = "R"
source = "manual"
signal = "cold"
high = 1
"""

    with pytest.raises(Invalid) as caught, works.writing(SYSTEM) as work:
        import_model(work, read_model_file(wrong))

    assert sorted({error.pointer for error in caught.value.errors}) == [
        "/name",
        "/rules/0/signal",
        "/signals/0/limits/0/code",
        "/signals/0/limits/0/duration_s",
        "/signals/0/limits/0/signal",
        "/signals/0/nature",
    ]
    with works.reading(SYSTEM) as work:
        assert [one.name for one in rules_of(work, [model.id])[model.id].signals] == ["hours", "temperature"]
