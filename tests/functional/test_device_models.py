"""Models: what may be declared, who may declare it, and what derivation reads of it."""

import math

import pytest

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.catalogue.errors import LimitCodeTaken, ModelTaken
from statusportal.catalogue.events import ModelChanged
from statusportal.catalogue.modelling import (
    LimitWords,
    ModelWords,
    SignalWords,
    change_model,
    create_model,
    declare_signal,
    remove_limit,
    remove_signal,
    set_limit,
)
from statusportal.catalogue.queries import find_model, model_for, models_page, rules_of
from statusportal.catalogue.vocabulary import Side, SignalKind
from statusportal.foundation.errors import Forbidden, Invalid, NotFound, Stale
from statusportal.foundation.paging import Slice
from statusportal.foundation.vocabulary import Health
from tests.factories.accounts import make_actor, make_organisation, make_staff_actor
from tests.factories.fleet import make_limit, make_model

HIGH = LimitWords(side=Side.HIGH, threshold=80.0, hysteresis=2.0, duration_s=30, health=Health.FAILURE)


def test_rules_are_read_as_values_in_three_queries_for_many(works):
    oven, press = make_model(works, "oven", expected_interval_s=30), make_model(works, "press", is_strict=True)
    make_limit(works, oven, "temperature", "too_hot", threshold=90.0)
    with works.writing(SYSTEM) as work:
        declare_signal(work, oven.id, "door", SignalWords(kind=SignalKind.BOOLEAN, label_en="Door", label_da="Dør"))

    with works.reading(SYSTEM) as work:
        rules = rules_of(work, [oven.id, press.id])

    assert (rules[oven.id].expected_interval_s, rules[oven.id].is_strict) == (30, False)
    assert [(one.name, one.kind, one.label_da) for one in rules[oven.id].signals] == [
        ("door", "boolean", "Dør"),
        ("temperature", "number", "Temperature"),
    ]
    assert [(one.code, one.signal_name, one.threshold) for one in rules[oven.id].limits] == [
        ("too_hot", "temperature", 90.0)
    ]
    assert (rules[press.id].is_strict, rules[press.id].signals, rules[press.id].limits) == (True, (), ())


def test_every_change_counts_the_version_and_is_told(works):
    model = make_model(works, "oven")
    with works.writing(SYSTEM) as work:
        declare_signal(work, model.id, "temperature", SignalWords(unit="°C"))
        set_limit(work, model.id, "temperature", "too_hot", HIGH)
        set_limit(work, model.id, "temperature", "too_hot", HIGH)
        remove_limit(work, model.id, "too_hot")
        change_model(work, model.id, 5, ModelWords(name="Oven 2", expected_interval_s=10))
        told = [event.version for event in work.emitted if isinstance(event, ModelChanged)]

    assert told == [2, 3, 4, 5, 6]
    with works.reading(SYSTEM) as work:
        kept = model_for(work, "oven")
        assert (kept.version, kept.name, rules_of(work, [kept.id])[kept.id].limits) == (6, "Oven 2", ())


def test_editor_of_an_old_version_is_told_the_present_one(works):
    model = make_model(works)
    make_limit(works, model)

    with works.writing(SYSTEM) as work, pytest.raises(Stale) as caught:
        change_model(work, model.id, 1, ModelWords(name="Mine"))

    assert caught.value.version == 3


def test_removed_signal_takes_its_limits_along(works):
    model = make_model(works)
    make_limit(works, model)

    with works.writing(SYSTEM) as work:
        remove_signal(work, model.id, "temperature")

    with works.reading(SYSTEM) as work:
        rules = rules_of(work, [model.id])[model.id]
        assert (rules.signals, rules.limits) == ((), ())
        with pytest.raises(NotFound):
            remove_signal(work, model.id, "temperature")


@pytest.mark.parametrize(
    ("code", "words", "pointers"),
    [
        ("Too hot!", HIGH, ["/code"]),
        ("hot", LimitWords(side=Side.HIGH, threshold=math.nan), ["/threshold"]),
        (
            "hot",
            LimitWords(side=Side.LOW, threshold=1.0, hysteresis=-1.0, duration_s=-1),
            ["/hysteresis", "/duration_s"],
        ),
        ("hot", LimitWords(side=Side.LOW, threshold=1.0, health=Health.NORMAL), ["/health"]),
        ("hot", LimitWords(side=Side.LOW, threshold=1.0, sentence_en="\x00"), ["/sentence_en"]),
    ],
)
def test_bad_limit_names_every_field(works, code, words, pointers):
    model = make_model(works)
    make_limit(works, model)

    with works.writing(SYSTEM) as work, pytest.raises(Invalid) as caught:
        set_limit(work, model.id, "temperature", code, words)

    assert [error.pointer for error in caught.value.errors] == pointers


def test_limits_belong_to_declared_numbers(works):
    model = make_model(works)
    make_limit(works, model, code="too_hot")
    with works.writing(SYSTEM) as work:
        declare_signal(work, model.id, "door", SignalWords(kind=SignalKind.BOOLEAN))
        declare_signal(work, model.id, "pressure", SignalWords())

    with works.writing(SYSTEM) as work, pytest.raises(Invalid, match="/signal"):
        set_limit(work, model.id, "unknown", "x", HIGH)
    with works.writing(SYSTEM) as work, pytest.raises(Invalid, match="/signal"):
        set_limit(work, model.id, "door", "x", HIGH)
    with works.writing(SYSTEM) as work, pytest.raises(Invalid, match="/kind"):
        declare_signal(work, model.id, "temperature", SignalWords(kind=SignalKind.TEXT))
    with works.writing(SYSTEM) as work, pytest.raises(LimitCodeTaken):
        set_limit(work, model.id, "pressure", "too_hot", HIGH)


def test_bad_model_names_every_field_and_a_taken_slug_is_refused(works):
    make_model(works, "oven")

    with works.writing(SYSTEM) as work, pytest.raises(Invalid) as caught:
        create_model(work, "Not a slug", ModelWords(name="", expected_interval_s=0))
    with works.writing(SYSTEM) as work, pytest.raises(ModelTaken):
        create_model(work, "oven", ModelWords(name="Again"))

    assert [error.pointer for error in caught.value.errors] == ["/slug", "/expected_interval_s", "/name"]


@pytest.mark.parametrize("role", [MemberRole.CUSTOMER_ADMIN, StaffRole.ENGINEER, StaffRole.PRODUCT])
def test_models_are_read_by_all_and_changed_by_who_may(works, role):
    model = make_model(works, "oven")
    alpha = make_organisation(works)
    actor = make_actor(works, alpha, role) if isinstance(role, MemberRole) else make_staff_actor(works, role)

    with works.writing(actor) as work:
        assert [row.slug for row in models_page(work, Slice()).items] == ["oven"]
        if role is StaffRole.PRODUCT:
            declare_signal(work, model.id, "x", SignalWords())
        else:
            with pytest.raises(Forbidden):
                declare_signal(work, model.id, "x", SignalWords())


def test_model_is_found_by_slug_before_name(works):
    with works.writing(SYSTEM) as work:
        create_model(work, "other", ModelWords(name="oven"))
        create_model(work, "oven", ModelWords(name="Oven"))

    with works.reading(SYSTEM) as work:
        assert [find_model(work, name).slug for name in ("oven", "Oven", "other")] == ["oven", "oven", "other"]
        assert find_model(work, "nothing") is None
