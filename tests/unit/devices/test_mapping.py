import pytest

from devices.errors import OptionInvalid
from devices.formats.protocol import Decoded, Reject
from devices.mapping import MapOptions, Mapping
from devices.options import validate
from devices.reading import Reading


def mapped(reading, topic=None, **table):
    return Mapping(validate(MapOptions, table)).apply(Decoded((reading,), (), (4,)), topic)


def test_the_payload_names_the_machine():
    assert mapped(Reading("A", "t", 1, 2)).readings == (Reading("A", "t", 1, 2),)


def test_a_topic_level_names_the_machine():
    assert mapped(Reading(None, "t", 1, 2), "plant/SN-7/telemetry", device="topic[1]").readings == (
        Reading("SN-7", "t", 1, 2),
    )


def test_a_fixed_serial_names_the_machine():
    assert mapped(Reading("wire", "t", 1, 2), device="M-1").readings == (Reading("M-1", "t", 1, 2),)


@pytest.mark.parametrize(("topic", "device"), [("plant", "topic[1]"), (None, "topic[1]"), ("a//b", "topic[1]")])
def test_a_machine_nobody_names_is_rejected(topic, device):
    assert mapped(Reading(None, "t", 1, 2), topic, device=device) == Decoded(
        rejects=(Reject(4, "t", "No machine is named by topic[1]."),),
    )


def test_a_signal_is_renamed_and_converted():
    signals = {"T": {"name": "temperature", "source_unit": "°F", "unit": "°C"}}

    assert mapped(Reading("A", "T", 1, 212.0), signals=signals).readings[0] == Reading(
        "A",
        "temperature",
        1,
        pytest.approx(100.0),
        unit="°C",
    )


def test_a_signal_may_only_be_renamed():
    assert mapped(Reading("A", "T", 1, "x"), signals={"T": "temperature"}).readings == (
        Reading("A", "temperature", 1, "x"),
    )


def test_a_conversion_out_of_range_is_rejected():
    decoded = mapped(Reading("A", "p", 1, 1e308), signals={"p": {"source_unit": "MPa", "unit": "Pa"}})

    assert decoded.rejects == (Reject(4, "p", "After conversion: a number out of range."),)


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ({"device": "topic[x]"}, r"device: 'topic\[x\]' is no level of a topic"),
        ({"device": ""}, "device: This cannot name a machine: an empty name"),
        ({"signals": {"T": {"source_unit": "bar", "unit": "°C"}}}, "different quantities"),
        ({"signals": {"T": {"source_unit": "furlong", "unit": "m"}}}, "'furlong' is not known"),
        ({"devise": "x"}, r"Did you mean device\?"),
    ],
)
def test_tables_that_cannot_hold_are_refused(table, reason):
    with pytest.raises(OptionInvalid, match=reason):
        validate(MapOptions, table)
