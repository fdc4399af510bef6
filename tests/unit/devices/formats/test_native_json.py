import json
import math
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.errors import PayloadMalformed
from devices.formats.native_json import decode_native
from devices.formats.protocol import Reject
from devices.reading import Quality, Reading
from devices.times import TimeWindow

NOW_MS = 1_763_000_000_000
SIGNALS = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=20)
VALUES = (
    st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.booleans()
    | st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=50)
)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(["ts", "values", "device"]), inner),
)


def decode(content, *, is_gateway=False, window=None):
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return decode_native(body, arrived_ms=NOW_MS, is_gateway=is_gateway, window=window)


def rejects(content, **options):
    return [(reject.index, reject.signal, reject.detail) for reject in decode(content, **options).rejects]


@given(
    st.lists(st.tuples(st.integers(0, 2**45), st.dictionaries(SIGNALS, VALUES, max_size=5)), max_size=5),
    st.booleans(),
)
def test_every_sound_body_is_taken_whole(items, is_ascii):
    body = json.dumps([{"ts": ts, "values": values} for ts, values in items], ensure_ascii=is_ascii).encode()

    decoded = decode(body)

    expected = [Reading(None, signal, ts, value) for ts, values in items for signal, value in values.items()]
    assert list(decoded.readings) == expected
    assert [type(reading.value) for reading in decoded.readings] == [type(reading.value) for reading in expected]
    assert decoded.positions == tuple(place for place, (_, values) in enumerate(items) for _ in values)


@given(ANY_JSON, st.booleans())
def test_any_json_raises_nothing_but_malformed(content, is_gateway):
    try:
        decoded = decode(content, is_gateway=is_gateway)
    except PayloadMalformed:
        return
    assert all(not isinstance(reading.value, float) or math.isfinite(reading.value) for reading in decoded.readings)


@given(st.binary(), st.booleans())
def test_any_bytes_raise_nothing_but_malformed(body, is_gateway):
    with suppress(PayloadMalformed):
        decode(body, is_gateway=is_gateway)


def test_a_flat_object_takes_the_time_of_arrival():
    assert decode({"temperature": 21.5}).readings == (Reading(None, "temperature", NOW_MS, 21.5),)


def test_the_long_form_without_ts_takes_the_time_of_arrival():
    assert decode({"values": {"temperature": 21.5}}).readings == (Reading(None, "temperature", NOW_MS, 21.5),)


def test_an_empty_list_holds_nothing():
    assert decode([]).readings == ()
    assert decode([]).rejects == ()


def test_an_unknown_field_of_the_long_form_refuses_its_item_alone():
    content = [{"ts": 1, "values": {"a": 1}}, {"ts": 2, "values": {"a": 2}, "vaules": {}}]

    assert rejects(content) == [(1, None, "/1/vaules: there is no such field; did you mean values?")]
    assert [reading.at_ms for reading in decode(content).readings] == [1]


def test_a_misspelt_values_is_named():
    assert rejects([{"ts": 1, "vaules": {"a": 1}}]) == [
        (0, None, "/0/vaules: an object with ts is the long form, and its signals stand under values"),
    ]


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("null", "null is not a value"),
        ("[1]", "a list is not a value"),
        ('{"b": 1}', "an object is not a value"),
        ("1e999", "a number out of range"),
        ("-1e999", "a number out of range"),
        ("9" * 400, "a number out of range"),
        ("9223372036854775808", "a whole number beyond 64 bits"),
        ('"\\ud800"', "a text with half a surrogate pair"),
        ('"\\u0000"', "a text with a NUL character"),
        (json.dumps("x" * 1_001), "a text longer than 1000 characters"),
    ],
)
def test_a_value_that_is_none_is_rejected_alone(text, detail):
    body = f'{{"ts": 1, "values": {{"a": {text}, "b": 2}}}}'.encode()

    assert rejects(body) == [(0, "a", f"/values/a: {detail}")]
    assert decode(body).readings == (Reading(None, "b", 1, 2),)


def test_the_longest_text_and_the_largest_number_are_values():
    content = {"ts": 1, "values": {"a": "x" * 1_000, "b": 2**63 - 1}}

    assert [reading.value for reading in decode(content).readings] == ["x" * 1_000, 2**63 - 1]


@pytest.mark.parametrize("body", [b'{"ts": 1, "values": {"a": 1, "b": 2, "a": 3}}', b'{"a": 1, "b": 2, "a": 3}'])
def test_a_signal_given_twice_is_rejected(body):
    ((index, signal, detail),) = rejects(body)

    assert (index, signal) == (0, "a")
    assert detail.endswith("/a: the name is given more than once")
    assert [reading.signal for reading in decode(body).readings] == ["b"]


def test_a_field_given_twice_refuses_the_item():
    assert rejects(b'{"ts": 1, "ts": 2, "values": {"a": 1}}') == [(0, None, "/ts: the field is given more than once")]


@pytest.mark.parametrize("name", ["", "a\nb", "x" * 201])
def test_a_name_that_is_none_is_rejected(name):
    assert [reject[:2] for reject in rejects({"ts": 1, "values": {name: 1}})] == [(0, name[:200])]


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_no_number_at_all_makes_the_body_malformed(constant):
    with pytest.raises(PayloadMalformed, match=f"{constant} is no number"):
        decode(f'[{{"ts": 1, "values": {{"a": {constant}}}}}]'.encode())


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not JSON"),
        (b'{"a": 1', "line 1, column 8"),
        (b"{'a': 1}", "not JSON"),
        (b'{"a": "\xff"}', "not UTF-8: byte 7"),
        (b'{"a"\x00: 1}', "not JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b"3", "An object or a list of objects was expected, not a number"),
        (b"null", "An object or a list of objects was expected, not null"),
    ],
)
def test_a_malformed_body_says_how(body, reason):
    with pytest.raises(PayloadMalformed, match=reason):
        decode(body)


def test_a_byte_order_mark_is_ignored():
    assert decode(b'\xef\xbb\xbf{"a": 1}').readings == (Reading(None, "a", NOW_MS, 1),)


def test_an_item_outside_the_window_is_rejected_as_a_whole():
    content = [{"ts": 1, "values": {"a": 1, "b": 2}}, {"ts": NOW_MS, "values": {"a": 1}}]

    assert rejects(content, window=TimeWindow.around(NOW_MS)) == [
        (0, None, "/0/ts: 1 is before 1990-01-01T00:00:00.000Z. Did you mean milliseconds?"),
    ]


def test_a_naive_time_is_rejected_with_its_reason():
    assert rejects({"ts": "2024-01-01T00:00:00", "values": {"a": 1}}) == [
        (0, None, "/ts: '2024-01-01T00:00:00' has no zone; end it with Z or an offset."),
    ]


def test_a_gateway_names_its_devices():
    content = [{"device": "A", "ts": 1, "values": {"t": 1}, "retained": True}, {"ts": 1, "values": {"t": 1}}, 7]

    assert decode(content, is_gateway=True).readings == (Reading("A", "t", 1, 1, is_retained=True),)
    assert decode(content, is_gateway=True).rejects == (
        Reject(1, None, "/1/device: the serial number is missing"),
        Reject(2, None, "/2: an object was expected, not a number"),
    )


def test_a_device_says_the_quality_of_its_values():
    content = [{"ts": 1, "values": {"t": 1}, "quality": "bad"}, {"ts": 2, "values": {"t": 2}, "quality": "fine"}]

    assert decode(content).readings == (Reading(None, "t", 1, 1, Quality.BAD),)
    assert rejects(content) == [(1, None, "/1/quality: one of good, stale, bad was expected")]


def test_a_device_may_not_name_another():
    assert rejects({"device": "B", "ts": 1, "values": {"t": 1}}) == [(0, None, "/device: there is no such field")]


def test_many_equal_names_cost_no_more_than_reading_them():
    body = b"{" + b",".join(b'"s%d": 1' % number for number in range(100_000)) + b', "s1": 2}'

    assert len(decode(body).readings) == 99_999
