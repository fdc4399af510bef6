"""Story: a script reads a model, changes it rule by rule with If-Match, tries a rule, and takes the whole along."""

from datetime import timedelta

import pytest

from devices.reading import Reading
from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.app import create_app
from statusportal.foundation.clock import to_ms
from statusportal.ingest.sources import Source
from statusportal.ingest.store import store_readings
from statusportal.profiles.finding import shipped_text
from tests.factories.accounts import make_organisation, make_person
from tests.factories.doors import token_of
from tests.factories.fleet import make_device, make_limit, make_model

HOT = {"kind": "limit", "code": "HOT", "source": "manual", "signal": "heat", "high": 90.0, "pending_s": 600.0}


class Script:
    """A program with a personal token."""

    def __init__(self, app, token):
        self._client = app.test_client()
        self._headers = {"Authorization": f"Bearer {token}"}

    def __call__(self, method, path, body=None, **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._client.open(f"/api/v1{path}", method=method, json=body, headers={**self._headers, **named})


@pytest.fixture
def app(settings, works):
    return create_app(settings, works)


@pytest.fixture
def model(works):
    model = make_model(works, "oven", expected_interval_s=86_400)
    make_limit(works, model, "heat", "heat_high", threshold=120.0)
    return model


@pytest.fixture
def script(app, works):
    return Script(app, token_of(works, make_person(works, staff_role=StaffRole.PRODUCT)))


@pytest.fixture
def url(model):
    return f"/models/{model.id}"


def pointers(answer):
    return [error["pointer"] for error in answer.json["errors"]]


def test_rules_are_changed_with_if_match_and_wrong_ones_name_their_fields(script, url):
    read = script("GET", url)
    added = script("POST", f"{url}/rules", {"rule": HOT}, If_Match=read.headers["ETag"])
    outdated = script("DELETE", f"{url}/rules/HOT", If_Match=read.headers["ETag"])
    twice = script("POST", f"{url}/rules", {"rule": HOT})
    wrong = script("PUT", f"{url}/rules/HOT", {"rule": {**HOT, "low": 95.0, "signal": "cold"}})
    unknown = script("PUT", f"{url}/rules/HOT", {"rule": {**HOT, "hihg": 1}})
    script("POST", f"{url}/rules", {"rule": {**HOT, "code": "B", "pending_s": 0}})
    ordered = script("PUT", f"{url}/rule-order", {"codes": ["B", "HOT"]})
    gone = script("DELETE", f"{url}/rules/B")

    assert (added.status_code, added.json["rules"][0]["rule"]) == (201, HOT | {"kind": "limit"})
    assert added.json["rules"][0]["sentence"].replace("\u00a0", " ") == (
        "Out of specification when Heat is above 90.0 °C for 10 min."
    )
    assert (outdated.status_code, outdated.json["version"], twice.status_code) == (412, added.json["version"], 409)
    assert (wrong.status_code, pointers(wrong), pointers(unknown)) == (422, ["/signal", "/low"], ["/hihg"])
    assert [one["rule"]["code"] for one in ordered.json["rules"]] == ["B", "HOT"]
    assert (gone.status_code, [one["rule"]["code"] for one in script("GET", url).json["rules"]]) == (204, ["HOT"])


def test_everything_of_a_model_can_be_set_and_every_customer_reads_it(app, works, script, url, model):
    script("PUT", f"{url}/signals/hours", {"unit": "h", "nature": "counter", "lowest": 0})
    script("PUT", f"{url}/limits/hours_due", {"signal": "hours", "side": "high", "threshold": 4000})
    script("PUT", f"{url}/codes/E1", {"meaning_en": "Hot", "advice_da": "Sluk."})
    script("PATCH", url, {"name": "Oven 2"})
    bad = script("PUT", f"{url}/codes/E2", {"meaning_en": ""})
    alpha = make_organisation(works, "alpha")
    customer = Script(app, token_of(works, make_person(works, alpha)))

    read = customer("GET", url).json

    assert (read["name"], read["expected_interval_s"], pointers(bad)) == ("Oven 2", 86_400, ["/meaning_en"])
    hours = next(one for one in read["signals"] if one["name"] == "hours")
    assert (hours["nature"], hours["lowest"], hours["highest"]) == ("counter", 0.0, None)
    assert [one["code"] for one in read["limits"]] == ["heat_high", "hours_due"]
    assert read["codes"] == [
        {"code": "E1", "meaning_en": "Hot", "meaning_da": "", "advice_en": "", "advice_da": "Sluk."}
    ]
    assert [one["slug"] for one in customer("GET", "/models").json["items"]] == ["oven"]
    assert customer("PATCH", url, {"name": "Mine"}).status_code == 403
    for path in ("signals/hours", "codes/E1", "limits/heat_high"):
        assert script("DELETE", f"{url}/{path}").status_code == 204


def test_aliases_stay_until_others_are_said(script, url):
    script("PUT", f"{url}/signals/hours", {"aliases": ["h", "run_h"]})
    wrong = script("PUT", f"{url}/signals/hours", {"aliases": ["\0"]})
    script("PUT", f"{url}/signals/hours", {"unit": "h"})

    kept = next(one for one in script("GET", url).json["signals"] if one["name"] == "hours")
    assert (pointers(wrong), wrong.status_code) == (["/aliases/0"], 422)
    assert (kept["unit"], kept["aliases"]) == ("h", ["h", "run_h"])


def test_profile_without_a_slug_is_taken_as_of_the_model_it_is_put_to(script, url):
    version = script("GET", url).headers["ETag"]
    put = script("PUT", f"{url}/profile", {"toml": shipped_text("nab-machine-temperature")}, If_Match=version)

    read = script("GET", url).json
    assert (put.status_code, read["slug"], read["expected_interval_s"]) == (200, "oven", 300)
    assert "machine_temperature" in read["signals"][0]["aliases"]


def test_rule_and_file_are_tried_before_they_are_kept_and_a_version_comes_back(works, script, url, model):
    alpha = make_organisation(works, "alpha")
    device = make_device(works, alpha, "A-1", model, from_at=works.clock.now() - timedelta(days=40))
    now_ms = to_ms(works.clock.now())
    readings = [Reading(None, "heat", now_ms - back * 60_000, 95.0) for back in range(60)]
    store_readings(works, Source("credential:1", alpha.id, device.id), readings)
    version = script("GET", url).json["version"]

    seen = script("POST", f"{url}/rules/preview", {"rule": HOT, "device": str(device.id)}).json
    script("POST", f"{url}/rules", {"rule": HOT})
    toml = script("GET", f"{url}/profile").text
    dry = script("PUT", f"{url}/profile?dry_run=true", {"toml": toml.replace("high = 90.0", "high = 99.0")}).json
    wrong = script("PUT", f"{url}/profile", {"toml": toml.replace("high = 90.0", "high = inf")})
    done = script("PUT", f"{url}/profile", {"toml": toml.replace("high = 90.0", "high = 99.0")}).json
    listed = script("GET", f"{url}/versions").json["items"]
    back = script("POST", f"{url}/versions/{version}/restore").json

    assert (seen["times"], seen["samples"], seen["firings"][0]["to"], seen["active_s"]) == (1, 60, None, 49 * 60)
    assert (dry["done"], dry["changes"], dry["looked_at"], dry["device_count"]) == (False, ["change rule HOT"], 1, 1)
    assert [(one["serial"], one["health"], one["would_be"]) for one in dry["devices"]] == [
        ("A-1", "off_spec", "normal")
    ]
    assert pointers(wrong) == ["/rules/0/high"]
    assert (done["done"], done["version"], [one["version"] for one in listed][:2]) == (
        True,
        version + 2,
        [version + 2, version + 1],
    )
    assert (back["rules"], back["version"]) == ([], version + 3)
    assert "[[rules]]" in script("GET", f"{url}/versions/{version + 2}").json["toml"]


def test_machines_own_limit_is_set_read_and_taken_back(app, works, script, model):
    alpha = make_organisation(works, "alpha")
    device = make_device(works, alpha, "A-1", model)
    owner = Script(app, token_of(works, make_person(works, alpha, MemberRole.CUSTOMER_ADMIN)))
    stranger = Script(app, token_of(works, make_person(works, make_organisation(works, "beta"))))
    url = f"/devices/{device.id}/limits"

    kept = owner("PUT", f"{url}/heat_high", {"high": 130, "reason": "Beside the furnace."})
    wrong = owner("PUT", f"{url}/heat_high", {"low": 1, "reason": ""})

    assert (kept.status_code, kept.json["high"], kept.json["low"]) == (200, 130.0, None)
    assert pointers(wrong) == ["/reason", "/low"]
    assert script("PUT", f"{url}/heat_high", {"high": 1, "reason": "x"}).status_code == 403
    assert [one["code"] for one in script("GET", url).json["items"]] == ["heat_high"]
    assert stranger("GET", url).status_code == 404
    assert owner("DELETE", f"{url}/heat_high").status_code == 204
    assert owner("GET", url).json["items"] == []
