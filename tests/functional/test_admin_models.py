"""Device models under administration: making one, its signals and limits, and two editors at once."""

import pytest

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.app import create_app
from statusportal.catalogue.models import DeviceModel, ModelSignal, SignalLimit
from tests.factories.accounts import PASSWORD, make_organisation, make_person
from tests.factories.browsing import browser_of, field, parts, words
from tests.factories.fleet import make_device, make_limit, make_model
from tests.factories.queries import counted_queries

CANARY = "<script>alert(1)</script>"
LIMIT = {
    "signal": "temperature",
    "code": "HOT",
    "side": "high",
    "threshold": "8,5",
    "hysteresis": "0.5",
    "duration_s": "30",
    "health": "failure",
    "sentence_en": "It is hot.",
    "sentence_da": "Den er varm.",
    "advice_en": "Open the hatch.",
    "advice_da": "Åbn lugen.",
    "do": "save",
}


@pytest.fixture
def app(settings, works):
    return create_app(settings, works)


@pytest.fixture
def model(works):
    return make_model(works, "polar-86")


@pytest.fixture
def browser(app, works):
    return browser_of(app, make_person(works, staff_role=StaffRole.PRODUCT, password=PASSWORD))


def version_of(browser, model):
    return field(browser.get(f"/admin/models/{model.id}").text, "version")


def declare(browser, model, name="temperature", **more):
    fields = {"name": name, "kind": "number", "unit": "°C", "label_en": "Temperature", "label_da": "Temperatur", **more}
    return browser.send(f"/admin/models/{model.id}/signals/new", version=version_of(browser, model), **fields)


def rows_of(works, kind):
    with works.reading(SYSTEM) as work:
        return work.session.query(kind).all()


def test_model_is_made_and_leads_to_its_page(browser, works):
    made = browser.send("/admin/models", name="Polar 86", slug="polar-86")

    page = browser.get(made.location)

    assert made.status_code == 303
    assert "Polar 86" in words(page.text)
    assert [(row.slug, row.version) for row in rows_of(works, DeviceModel)] == [("polar-86", 1)]


def test_model_with_a_taken_short_name_stays_in_the_form(browser, model):
    answer = browser.send("/admin/models", name="Another", slug=model.slug)

    assert answer.status_code == 409
    assert "There is a device model “polar-86” already." in words(answer.text)
    assert 'value="Another"' in answer.text


def test_model_is_changed_with_its_interval_and_strictness(browser, works, model):
    version = version_of(browser, model)

    browser.send(
        f"/admin/models/{model.id}",
        version=version,
        name="Polar",
        expected_interval_s="10",
        is_strict="1",
        description="",
    )

    row = rows_of(works, DeviceModel)[0]
    assert (row.name, row.expected_interval_s, row.is_strict, row.version) == ("Polar", 10, True, 2)


def test_second_editor_is_told_and_may_send_again(browser, works, model):
    read = version_of(browser, model)
    browser.send(f"/admin/models/{model.id}", version=read, name="First", expected_interval_s="60")

    refused = browser.send(f"/admin/models/{model.id}", version=read, name="Second", expected_interval_s="60")
    between = rows_of(works, DeviceModel)[0].name
    again = browser.send(
        f"/admin/models/{model.id}", version=field(refused.text, "version"), name="Second", expected_interval_s="60"
    )

    assert (refused.status_code, between) == (412, "First")
    assert "Somebody changed this model since you opened it." in words(refused.text)
    assert 'value="Second"' in refused.text
    assert (again.status_code, rows_of(works, DeviceModel)[0].name) == (303, "Second")


@pytest.mark.parametrize("address", ["signals/new", "signals", "limits"])
def test_signals_and_limits_of_an_outdated_page_are_refused(browser, works, model, address):
    make_limit(works, model)

    answer = browser.send(
        f"/admin/models/{model.id}/{address}", **{**LIMIT, "name": "x", "kind": "number", "version": "1"}
    )

    assert answer.status_code == 412
    assert [row.name for row in rows_of(works, ModelSignal)] == ["temperature"]
    assert [row.code for row in rows_of(works, SignalLimit)] == ["temperature_high"]


def test_signal_is_declared_changed_and_taken_out(browser, works, model):
    declare(browser, model)
    declared = [(row.name, row.unit, row.label_da) for row in rows_of(works, ModelSignal)]
    change = {"name": "temperature", "kind": "number", "unit": "K", "decimals": "2", "position": "3", "do": "save"}
    browser.send(f"/admin/models/{model.id}/signals", version=version_of(browser, model), **change)
    changed = [(row.unit, row.decimals, row.position) for row in rows_of(works, ModelSignal)]
    browser.send(
        f"/admin/models/{model.id}/signals", version=version_of(browser, model), name="temperature", do="remove"
    )

    assert declared == [("temperature", "°C", "Temperatur")]
    assert changed == [("K", 2, 3)]
    assert rows_of(works, ModelSignal) == []


def test_signal_declared_already_is_not_changed_unseen(browser, works, model):
    declare(browser, model)

    answer = declare(browser, model, unit="K")

    assert answer.status_code == 422
    assert "This signal is declared already." in words(answer.text)
    assert [row.unit for row in rows_of(works, ModelSignal)] == ["°C"]


def test_limit_is_set_with_its_words_and_taken_out(browser, works, model):
    declare(browser, model)

    browser.send(f"/admin/models/{model.id}/limits", version=version_of(browser, model), **LIMIT)
    row = rows_of(works, SignalLimit)[0]
    page = browser.get(f"/admin/models/{model.id}").text
    gone = {"signal": "temperature", "code": "HOT", "do": "remove"}
    browser.send(f"/admin/models/{model.id}/limits", version=version_of(browser, model), **gone)

    assert (row.threshold, row.hysteresis, row.duration_s, row.health, row.side) == (8.5, 0.5, 30, "failure", "high")
    assert (row.sentence_da, row.advice_en) == ("Den er varm.", "Open the hatch.")
    assert "Åbn lugen." in words(page)
    assert rows_of(works, SignalLimit) == []


def test_limit_with_bad_numbers_says_so_at_each_field(browser, works, model):
    declare(browser, model)
    bad = {**LIMIT, "threshold": "hot", "duration_s": "1.5", "health": "normal"}

    answer = browser.send(f"/admin/models/{model.id}/limits", version=version_of(browser, model), **bad)

    marked = sorted(one["id"] for tag, one in parts(answer.text) if one.get("aria-invalid") == "true")
    assert answer.status_code == 422
    assert marked == ["s1n-duration_s", "s1n-threshold"]
    assert rows_of(works, SignalLimit) == []


def test_models_are_closed_to_customers_and_support(app, works, model):
    organisation = make_organisation(works)
    mette = make_person(works, organisation, MemberRole.CUSTOMER_ADMIN, password=PASSWORD)
    aisha = make_person(works, staff_role=StaffRole.SUPPORT, password=PASSWORD)

    codes = []
    for browser in (browser_of(app, mette), browser_of(app, aisha)):
        codes += [browser.get(address).status_code for address in ("/admin/models", f"/admin/models/{model.id}")]
        codes.append(
            browser.send(f"/admin/models/{model.id}", version="1", name="X", expected_interval_s="1").status_code
        )

    assert codes == [403] * 6
    assert rows_of(works, DeviceModel)[0].name == "Polar-86"


def test_model_that_is_missing_or_garbled_is_not_found(browser):
    codes = [
        browser.get(f"/admin/models/{one}").status_code for one in ("none", "01990000-0000-7000-8000-000000000000")
    ]

    assert codes == [404, 404]


def test_words_with_markup_are_shown_as_text(browser, works, model):
    declare(browser, model, name=CANARY, label_en=CANARY, unit=CANARY)

    page = browser.get(f"/admin/models/{model.id}").text

    assert [tag for tag, one in parts(page) if tag == "script" and "src" not in one] == []
    assert CANARY in words(page)


def test_model_lists_run_the_same_queries_for_one_and_for_three(browser, works, model):
    organisation = make_organisation(works)
    make_device(works, organisation, model=model)
    counts = []

    for _ in range(2):
        with counted_queries(works) as listed:
            browser.get("/admin/models")
        with counted_queries(works) as shown:
            browser.get(f"/admin/models/{model.id}")
        counts.append((len(listed), len(shown)))
        for name in ("a", "b"):
            make_model(works)
            make_device(works, organisation, model=model)
            make_limit(works, model, name, name)

    assert counts == [(5, 13), (5, 13)]
