from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.errors import PayloadMalformed
from devices.formats.protocol import Reject
from devices.formats.thingsboard_json import decode_thingsboard
from devices.reading import Reading

PAYLOADS = Path(__file__).parents[3] / "payloads" / "thingsboard"
NOW_MS = 1_763_000_000_000


def decode(body, topic=None):
    return decode_thingsboard(body, topic=topic, arrived_ms=NOW_MS)


def test_a_nested_value_is_rejected_and_its_neighbours_are_taken():
    decoded = decode((PAYLOADS / "nested_value.json").read_bytes())

    assert decoded.readings == (
        Reading(None, "key1", 1_451_649_600_512, "value1"),
        Reading(None, "n", 1_451_649_600_512, 42.0),
    )
    assert decoded.rejects == (Reject(0, "j", "/values/j: an object is not a value"),)


@pytest.mark.parametrize("topic", ["v1/gateway/telemetry", "elsewhere", None])
def test_a_gateways_body_is_known_by_topic_or_shape(topic):
    decoded = decode((PAYLOADS / "gateway.json").read_bytes(), topic)

    assert [(one.serial, one.signal, one.value) for one in decoded.readings] == [
        ("Device A", "temperature", 42),
        ("Device A", "humidity", 80),
        ("Device A", "temperature", 43),
        ("Device A", "humidity", 82),
        ("Device B", "temperature", 42),
        ("Device B", "humidity", 80),
    ]
    assert decoded.positions == (0, 0, 1, 1, 2, 2)


def test_a_gateways_attributes_are_taken_at_their_arrival_and_bad_machines_are_named():
    body = b'{"A": {"fw": "1.2", "n": {}}, "": {"fw": 1}, "B": [1], "C": {"on": 7}}'

    decoded = decode(body, "v1/gateway/attributes")

    assert decoded.readings == (Reading("A", "fw", NOW_MS, "1.2"), Reading("C", "on", NOW_MS, 7))
    assert decoded.rejects == (
        Reject(0, "n", "/A/n: an object is not a value"),
        Reject(1, None, "/: an empty name"),
        Reject(2, None, "/B: an object was expected, not a list"),
    )


def test_a_flat_object_may_have_a_signal_called_ts():
    assert decode(b'{"ts": 5, "t": 1}').readings == (Reading(None, "ts", NOW_MS, 5), Reading(None, "t", NOW_MS, 1))


def test_unknown_fields_of_the_long_form_are_passed_over():
    assert decode(b'{"ts": 5, "values": {"t": 1}, "extra": {}}').readings == (Reading(None, "t", 5, 1),)


def test_a_bad_time_rejects_its_item():
    assert decode(b'{"ts": "noon", "values": {"t": 1}}').rejects == (
        Reject(0, None, "/ts: 'noon' is no RFC 3339 time."),
    )


def test_a_devices_body_under_a_gateways_topic_is_rejected():
    assert decode(b'{"temperature": 1}', "v1/gateway/telemetry").rejects == (
        Reject(0, None, "/temperature: a list was expected, not a number"),
    )


@given(st.binary())
def test_any_bytes_raise_nothing_but_malformed(body):
    with suppress(PayloadMalformed):
        decode(body, "v1/gateway/telemetry")
