"""Story: whoever looks after models writes a rule on screen, tries it, keeps it, moves it and takes it back."""

from datetime import date, timedelta

import pytest

from devices.reading import Reading
from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.app import create_app
from statusportal.authoring.editing import remove_rule
from statusportal.catalogue.modelling import SignalWords, declare_signal
from statusportal.catalogue.queries import rules_of
from statusportal.catalogue.vocabulary import SignalKind
from statusportal.foundation.clock import to_ms
from statusportal.foundation.vocabulary import Health
from statusportal.ingest.sources import Source
from statusportal.ingest.store import store_readings
from statusportal.profiles.vocabulary import (
    Aggregate,
    BaselineRule,
    CodedValue,
    CodesRule,
    CombinationRule,
    CounterRule,
    LimitRule,
    NativeRule,
    NoChangeRule,
    RateRule,
    Standard,
    WindowRule,
)
from statusportal.tuning.service import OwnLimit, set_own_limit
from statusportal.tuning.vocabulary import Band
from tests.factories.accounts import PASSWORD, make_organisation, make_person
from tests.factories.browsing import browser_of, field, words
from tests.factories.fleet import make_device, make_limit, make_model

HOT = {"kind": "limit", "code": "HOT", "source": "manual", "signal": "heat", "high": "90", "health": "failure"}
SOURCE = {"source": "manual"}
MINUTES = {"pending_s": "10", "pending_s_unit": "min"}
# A form of every kind, and the rule that it is.
KINDS = [
    (
        {**HOT, **MINUTES, "hysteresis": "2,5"},
        LimitRule(
            code="HOT", **SOURCE, signal="heat", high=90.0, hysteresis=2.5, pending_s=600.0, health=Health.FAILURE
        ),
    ),
    (
        {
            "kind": "rate",
            "signal": "heat",
            "low": "-5",
            "over_s": "1",
            "over_s_unit": "h",
            "per_s": "1",
            "per_s_unit": "min",
        },
        RateRule(code="X", **SOURCE, signal="heat", low=-5.0, over_s=3_600.0, per_s=60.0),
    ),
    (
        {"kind": "window", "signal": "heat", "aggregate": "mean", "samples": "5", "high": "80"},
        WindowRule(code="X", **SOURCE, signal="heat", aggregate=Aggregate.MEAN, samples=5, high=80.0),
    ),
    (
        {"kind": "no_change", "signal": "*", "for_s": "2", "for_s_unit": "d"},
        NoChangeRule(code="X", **SOURCE, signal="*", for_s=172_800.0),
    ),
    (
        {
            "kind": "codes",
            "signal": "heat",
            "codes.0.code": "E1",
            "codes.0.value": "7",
            "codes.0.health": "off_spec",
            "codes.1.code": "",
            "codes.2.code": "E2",
            "codes.2.bit": "3",
            "codes.2.health": "failure",
        },
        CodesRule(
            code="X",
            **SOURCE,
            signal="heat",
            codes=(CodedValue(code="E1", value="7", health=Health.OFF_SPEC), CodedValue(code="E2", bit=3)),
        ),
    ),
    (
        {
            "kind": "counter_due",
            "signal": "heat",
            "every": "4000",
            "ahead": "100",
            "every_months": "6",
            "due_on": "2027-03-31",
            "ahead_s": "14",
            "ahead_s_unit": "d",
        },
        CounterRule(
            code="X",
            **SOURCE,
            signal="heat",
            every=4_000.0,
            ahead=100.0,
            every_months=6,
            due_on=date(2027, 3, 31),
            ahead_s=1_209_600.0,
        ),
    ),
    (
        {"kind": "combination", "part.COLD": "all_of", "part.heat_high": "none_of"},
        CombinationRule(code="X", **SOURCE, all_of=("COLD",), none_of=("heat_high",)),
    ),
    (
        {"kind": "native", "signal": "state", "standard": "mtconnect", "by_code": "1"},
        NativeRule(code="X", **SOURCE, signal="state", standard=Standard.MTCONNECT, by_code=True),
    ),
    (
        {"kind": "baseline", "signal": "*", "learn": "200", "window": "128", "tolerance": "2"},
        BaselineRule(code="X", **SOURCE, signal="*", learn=200, window=128, tolerance=2.0),
    ),
]
COLD = {"kind": "limit", "code": "COLD", "source": "manual", "signal": "heat", "low": "5", "health": "off_spec"}


@pytest.fixture
def app(settings, works):
    return create_app(settings, works)


@pytest.fixture
def model(works):
    model = make_model(works, "oven", expected_interval_s=86_400)
    make_limit(works, model, "heat", "heat_high", threshold=120.0)
    with works.writing(SYSTEM) as work:
        declare_signal(work, model.id, "state", SignalWords(kind=SignalKind.TEXT, label_en="State"))
    return model


@pytest.fixture
def browser(app, works):
    return browser_of(app, make_person(works, staff_role=StaffRole.PRODUCT, password=PASSWORD))


def keep(browser, model, do="save", **fields):
    version = fields.pop("version", None) or field(browser.get(f"/admin/models/{model.id}").text, "version")
    usual = {"code": "X", "source": "manual", "health": "off_spec", "was": "", "version": version}
    return browser.send(f"/admin/models/{model.id}/rules", **{**usual, **fields, "do": do})


def rules(works, model):
    with works.reading(SYSTEM) as work:
        return rules_of(work, [model.id])[model.id].rules


def test_every_kind_has_a_form_that_comes_back_as_it_was_kept(browser, works, model):
    keep(browser, model, **COLD)
    for form, rule in KINDS:
        empty = browser.get(f"/admin/models/{model.id}/rules/new?kind={form['kind']}").text
        kept = keep(browser, model, version=field(empty, "version"), **form)
        shown = browser.get(f"/admin/models/{model.id}/rules/{rule.code}").text
        stored = rules(works, model)[-1]
        again = keep(browser, model, version=field(shown, "version"), was=rule.code, **form)

        assert (kept.status_code, again.status_code) == (303, 303), form["kind"]
        assert (stored, rules(works, model)[-1]) == (rule, rule)
        assert [field(shown, name) for name in ("kind", "code", "was")] == [form["kind"], rule.code, rule.code]
        with works.writing(SYSTEM) as work:
            remove_rule(work, model.id, rule.code)

    assert [rule.code for rule in rules(works, model)] == ["COLD"]


def test_page_tells_each_rule_in_a_sentence_and_moves_it(browser, works, model):
    keep(browser, model, **HOT, **MINUTES)
    keep(browser, model, **COLD)
    page = words(browser.get(f"/admin/models/{model.id}").text)

    version = field(browser.get(f"/admin/models/{model.id}").text, "version")
    browser.send(f"/admin/models/{model.id}/rules/order", code="COLD", do="up", version=version)
    outdated = browser.send(f"/admin/models/{model.id}/rules/order", code="COLD", do="down", version=version)

    assert "Failure when Heat is above 90.0 °C for 10 min." in page.replace("\u00a0", " ")
    assert "Out of specification when Heat is above 120.0 °C." in page.replace("\u00a0", " ")
    assert [rule.code for rule in rules(works, model)] == ["COLD", "HOT"]
    assert "Somebody changed this model since you opened it." in words(browser.get(outdated.location).text)


def test_wrong_rule_stays_in_the_form_with_its_fields_named(browser, works, model):
    upside_down = keep(browser, model, **{**HOT, "low": "95"})
    unreadable = keep(browser, model, **{**HOT, "high": "warm", "pending_s": "x"})
    empty = keep(browser, model, kind="combination")
    stale = browser.send(f"/admin/models/{model.id}/rules", **HOT, was="", do="save", version="1")

    assert [answer.status_code for answer in (upside_down, unreadable, empty, stale)] == [422, 422, 422, 412]
    assert 'id="f-low-error"' in upside_down.text
    assert "Is above “high”." in words(upside_down.text)
    assert {name for name in ("f-high-error", "f-pending_s-error") if f'id="{name}"' in unreadable.text} == {
        "f-high-error",
        "f-pending_s-error",
    }
    assert "so it would match for ever" in words(empty.text)
    assert rules(works, model) == ()


def test_rule_is_tried_by_a_button_and_nothing_is_kept(browser, works, model):
    alpha = make_organisation(works, "alpha")
    device = make_device(works, alpha, "A-1", model, from_at=works.clock.now() - timedelta(days=40))
    now_ms = to_ms(works.clock.now())
    readings = [
        Reading(None, "heat", now_ms - back * 60_000, 95.0 if 90 <= back <= 120 else 20.0) for back in range(200)
    ]
    store_readings(works, Source("credential:1", alpha.id, device.id), readings)

    tried = keep(browser, model, "try", **HOT, **MINUTES, device=str(device.id))
    wrong = keep(browser, model, "try", **{**HOT, "high": "x"}, device=str(device.id))

    told = words(tried.text).replace("\u00a0", " ")
    assert "1 time it would have fired, 21 min in all" in told
    assert "as far as 95.0 °C" in told
    assert "high: Write a number." in words(wrong.text)
    assert (rules(works, model), field(tried.text, "high")) == ((), "90")
    assert "a limit of its own" not in told

    keep(browser, model, **HOT, **MINUTES)
    with works.writing(SYSTEM) as work:
        set_own_limit(work, device.id, "HOT", OwnLimit(Band(high=99.0), "It stands beside the furnace."))
    tried = keep(browser, model, "try", **HOT, **MINUTES, device=str(device.id), was="HOT")
    assert "This machine has a limit of its own." in words(tried.text)


def test_model_is_taken_along_tried_brought_in_and_taken_back(browser, works, model):
    keep(browser, model, **HOT)
    url = f"/admin/models/{model.id}"
    version = field(browser.get(url).text, "version")
    toml = browser.get(f"{url}/profile.toml").text
    hotter = toml.replace("high = 90.0", "high = 99.0")

    tried = browser.send(f"{url}/import", toml=hotter, version=version, do="try")
    wrong = browser.send(
        f"{url}/import", toml=toml.replace('signal = "heat"', 'signal = "cold"'), version=version, do="import"
    )
    foreign = browser.send(f"{url}/import", toml=toml.replace('"oven"', '"mill"'), version=version, do="import")
    unchanged = rules(works, model)
    browser.send(f"{url}/import", toml=hotter, version=version, do="import")
    changed = rules(works, model)
    seen = browser.get(f"{url}/versions/{version}").text
    browser.send(f"{url}/versions/{version}", version=field(seen, "version"))

    assert "changes rule HOT" in words(tried.text)
    assert "rules.0.signal: “cold” is not a signal of this profile" in words(wrong.text)
    assert "this file is of another model" in words(foreign.text)
    assert [one.high for one in (*unchanged, *changed, *rules(works, model))] == [90.0, 99.0, 90.0]
    assert "took the model back to an earlier version" in words(browser.get(f"{url}/versions").text)


def test_alarm_codes_and_traits_of_signals_are_kept(browser, works, model):
    url = f"/admin/models/{model.id}"
    code = {"code": "E1", "meaning_en": "The fan stands still.", "advice_en": "Clean it."}
    browser.send(f"{url}/codes", **code, version=field(browser.get(url).text, "version"), do="add")
    twice = browser.send(f"{url}/codes", **code, version=field(browser.get(url).text, "version"), do="add")
    signal = {"name": "mode", "kind": "number", "nature": "enumeration", "values": "0 = off\n1 = on", "lowest": "0"}
    browser.send(f"{url}/signals/new", **signal, version=field(browser.get(url).text, "version"))

    with works.reading(SYSTEM) as work:
        kept = rules_of(work, [model.id])[model.id]
    assert [(one.code, one.meaning_en, one.advice_en) for one in kept.codes] == [("E1", *list(code.values())[1:])]
    assert "This code is in the catalogue already." in words(twice.text)
    traits = next(one.traits for one in kept.signals if one.name == "mode")
    assert (traits.nature, traits.lowest, dict(traits.values)) == ("enumeration", 0.0, {"0": "off", "1": "on"})
    assert "wait for Danish" in words(browser.get(url).text)


def test_owner_gives_the_machine_its_own_limit_and_why_says_so(app, works, model):
    alpha = make_organisation(works, "alpha")
    device = make_device(works, alpha, "A-1", model)
    owner = browser_of(app, make_person(works, alpha, MemberRole.CUSTOMER_ADMIN, password=PASSWORD))
    reader = browser_of(app, make_person(works, alpha, password=PASSWORD))
    url = f"/devices/{device.id}/limits"

    own = {"high": "130", "reason": "It stands beside the furnace.", "do": "save"}
    wrong = owner.send(f"{url}/heat_high", **{**own, "high": ""})
    kept = owner.send(f"{url}/heat_high", **own)
    refused = reader.send(f"{url}/heat_high", **own)
    seen = words(reader.get(url).text).replace("\u00a0", " ")

    assert (wrong.status_code, kept.status_code, refused.status_code) == (422, 303, 403)
    assert "the model says at most 120.0 °C" in seen
    assert "at most 130.0 °C. Set by" in seen
    assert "Give it a limit of its own" not in seen
    assert owner.send(f"{url}/heat_high", do="remove").status_code == 303
    assert "furnace" not in words(reader.get(url).text)
