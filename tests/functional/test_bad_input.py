"""Rubbish for the real portal, from the wire up: each a clear error, and nothing acknowledged lost."""

import gzip
import json
import random
import time

import pytest
import requests

from tests.servers.portal_process import PortalProcess

NOW_MS = int(time.time() * 1000)
DAY_MS = 86_400_000
STRICT = """
name = "Strict oven"
is_strict = true

[[signals]]
name = "heat"
unit = "°C"
label_en = "Heat"
label_da = "Varme"
"""
UNREADABLE = {
    "nothing": b"",
    "cut": b'{"heat": 1',
    "brackets": b"[" * 100_000,
    "braces": b'{"a":' * 100_000,
    "closed brackets": b"[" * 50_000 + b"]" * 50_000,
    "NaN": b'{"heat": NaN}',
    "infinity": b'{"heat": -Infinity}',
    "half a letter": b'{"he\xc3": 1}',
    "UTF-16": '{"heat": 1}'.encode("utf-16"),
    "two documents": b'{"heat": 1}{"heat": 2}',
    "a word": b"heat",
    "null": b"null",
    "gzip": gzip.compress(b'{"heat": 1}'),
    "NULs": b"\x00" * 1000,
}
WRONG = {
    "no zone": ({"ts": "2026-11-20T12:00:00", "values": {"heat": 1}}, "/0/ts"),
    "no time": ({"ts": None, "values": {"heat": 1}}, "/0/ts"),
    "a day": ({"ts": "2026-11-20", "values": {"heat": 1}}, "/0/ts"),
    "fraction of a millisecond": ({"ts": 1.5, "values": {"heat": 1}}, "/0/ts"),
    "boolean time": ({"ts": True, "values": {"heat": 1}}, "/0/ts"),
    "too old": ({"ts": 631_151_999_999, "values": {"heat": 1}}, "/0/values/heat"),
    "too far ahead": ({"ts": NOW_MS + 2 * DAY_MS, "values": {"heat": 1}}, "/0/values/heat"),
    "end of time": ({"ts": 10**30, "values": {"heat": 1}}, "/0/ts"),
    "unknown field": ({"ts": NOW_MS, "values": {"heat": 1}, "unit": "C"}, "/0/unit"),
    "unknown signal": ({"ts": NOW_MS, "values": {"cold": 1}}, "/0/values/cold"),
    "list as a value": ({"ts": NOW_MS, "values": {"heat": [1]}}, "/0/values/heat"),
    "object as a value": ({"ts": NOW_MS, "values": {"heat": {"v": 1}}}, "/0/values/heat"),
    "text for a number": ({"ts": NOW_MS, "values": {"heat": "hot"}}, "/0/values/heat"),
    "huge number": ({"ts": NOW_MS, "values": {"heat": 10**400}}, "/0/values/heat"),
    "values is a list": ({"ts": NOW_MS, "values": [1]}, "/0/values"),
    "an item is a word": (["heat"], "/0"),
    "nothing in it": ({"ts": NOW_MS, "values": {}}, "/0"),
}

NEVER_STORED = (
    b'{"heat": 1e400}',
    b'{"note": "\\ud800"}',
    b'{"\\ud800": 1}',
    b'{"\\ud800": 1, "\\ud800": 2}',
    b'{"ts": 1, "values": {"\\udfff": 1}, "\\ud800": 1}',
    b'{"a\\u0000b": "\\u0000"}',
)


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    with PortalProcess(tmp_path_factory.mktemp("bad") / "instance", samples_per_second=0) as portal:
        portal.make_organisation("alpha")
        portal.make_person("ann@example.com", name="Ann", organisation="alpha", role="customer")
        portal.make_model("strict-oven", STRICT)
        yield portal


@pytest.fixture(scope="module")
def device(portal):
    device_id = portal.make_device("alpha", "strict-oven", "OVN-1")
    return device_id, portal.device_token(device_id)


def post(portal, token, body, **headers):
    given = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"} | headers
    return requests.post(f"{portal.url}/api/v1/telemetry", data=body, headers=given, timeout=20)


def stored(portal, device_id):
    session = portal.sign_in("ann@example.com")
    return {value for _, value in portal.get(session, f"/devices/{device_id}/telemetry", signal="heat")["points"]}


@pytest.mark.parametrize("name", UNREADABLE)
def test_unreadable_body_is_a_stated_400(portal, device, name):
    answer = post(portal, device[1], UNREADABLE[name])

    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")
    assert len(answer.json()["detail"]) > 10


@pytest.mark.parametrize("name", WRONG)
def test_wrong_content_is_a_422_that_names_the_place(portal, device, name):
    body, place = WRONG[name]

    answer = post(portal, device[1], json.dumps(body))

    assert (answer.status_code, answer.headers["Content-Type"]) == (422, "application/problem+json")
    named = {one["pointer"] for one in answer.json().get("errors", [])}
    assert any(place.startswith(one) or one.startswith(place) for one in named), named
    assert all(one["detail"] for one in answer.json()["errors"])


@pytest.mark.parametrize("body", NEVER_STORED)
def test_values_that_no_store_can_hold_are_refused(portal, body):
    device_id = portal.make_device("alpha", "open-oven", f"OPN-{time.monotonic_ns()}")

    answer = post(portal, portal.device_token(device_id), body)

    assert answer.status_code in {400, 422}
    assert answer.json().get("errors") or answer.json()["detail"]


def test_tokens_that_do_not_count_are_refused(portal, device):
    good = device[1]
    bad = ("", "spd_", good[:-1], good + "x", good.swapcase(), "spp_" + good[4:], "x" * 5_000)

    answers = [post(portal, token, b'{"heat": 1}') for token in bad]

    assert [one.status_code for one in answers] == [401] * len(bad)
    assert {one.headers["Content-Type"] for one in answers} == {"application/problem+json"}


def test_large_bodies_are_413(portal, device):
    large = post(portal, device[1], b'{"heat": "' + b"x" * 5_300_000 + b'"}')
    many = post(portal, device[1], json.dumps([{"ts": NOW_MS - one, "values": {"heat": 1}} for one in range(10_001)]))

    assert [large.status_code, many.status_code] == [413, 413]


def test_other_types_are_415(portal, device):
    answers = [
        post(portal, device[1], b'{"heat": 1}', **{"Content-Type": kind})
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "a" * 500)
    ]

    assert [one.status_code for one in answers] == [415] * 4


def test_rubbish_between_good_samples_loses_none_of_them(portal, device):
    dice = random.Random(7)  # noqa: S311 - the same rubbish each time, no secret
    device_id = portal.make_device("alpha", "strict-oven", "OVN-2")
    token, kept, odd = portal.device_token(device_id), set(), []
    rubbish = [*UNREADABLE.values(), *(json.dumps(body).encode() for body, _ in WRONG.values())]

    for number in range(120):
        good = {"ts": NOW_MS - 60_000 + number, "values": {"heat": float(number)}}
        if dice.random() < 0.4:
            good = [{"ts": "never", "values": {"heat": 1}}, good, {"ts": NOW_MS, "values": {"cold": 1}}]
        if post(portal, token, json.dumps(good)).json()["accepted"] == 1:
            kept.add(float(number))
        sent = post(portal, token, mangled(dice, rubbish))
        if sent.status_code >= 500:
            odd.append((sent.status_code, sent.text))

    assert odd == []
    assert kept == {float(number) for number in range(120)}
    assert kept - stored(portal, device_id) == set()


def mangled(dice, rubbish):
    """Take a piece of rubbish and, often, turn a few of its bytes over."""
    body = bytearray(dice.choice(rubbish)[:20_000])
    if body and dice.random() < 0.6:
        for _ in range(dice.randrange(1, 6)):
            body[dice.randrange(len(body))] = dice.randrange(256)
    return bytes(body)
