"""Bytes written by another hand are read as they were meant; hostile ones are refused, and nothing else happens."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statusportal.ingest.mqtt.codec import Framer, decode, encode
from statusportal.ingest.mqtt.packets import (
    Acknowledgement,
    Broken,
    Connect,
    Leave,
    Ping,
    Pong,
    Publish,
    Reason,
    Received,
    Subscribe,
    Subscribed,
    Unsubscribe,
    Unsubscribed,
    Version,
    Welcome,
)
from tests.factories import mqtt_machine as machine

MOST = 1_000_000
VERSIONS = st.sampled_from(list(Version))
# What UTF-8 can say and MQTT allows: no half surrogates, no NUL.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=60)
NUMBERS = st.integers(1, 65_535)


def read(data, version=Version.V5, most=MOST):
    """Read all packets of a piece of a stream."""
    framer, found = Framer(most), []
    framer.feed(data)
    while (frame := framer.next_frame()) is not None:
        found.append(decode(frame, version))
    return found


def refused(data, version=Version.V5, most=MOST):
    with pytest.raises(Broken) as broken:
        read(data, version, most)
    return broken.value.reason


def found_or_refused(data, version):
    """Return the packets, or the reason; anything else that is raised fails the test."""
    try:
        return read(data, version)
    except Broken as broken:
        return broken.reason


@given(VERSIONS, TEXTS, st.integers(0, 65_535), st.booleans(), TEXTS, st.none() | st.binary(max_size=30), st.booleans())
def test_first_packet_is_read_as_it_was_written(version, client_id, keep_alive_s, is_clean, name, password, has_will):
    written = machine.connect(
        name,
        client_id,
        version.value,
        keep_alive_s,
        is_clean=is_clean,
        password=password,
        will=("v1/last", b"gone") if has_will else None,
        more=b"\x27\x00\x00\x10\x00\x26\x00\x01a\x00\x01b\x17\x00",
    )

    is_five = version is Version.V5
    assert read(written) == [
        Connect(
            version=version,
            client_id=client_id,
            is_clean=is_clean,
            keep_alive_s=keep_alive_s,
            user_name=name,
            password=password,
            packet_maximum=4096 if is_five else None,
            wants_reasons=not is_five,
        )
    ]


@given(VERSIONS, TEXTS, st.binary(max_size=400), st.none() | NUMBERS, st.booleans())
def test_message_is_read_as_it_was_written(version, topic, payload, packet_id, is_retained):
    more = b"\x01\x01\x03\x00\x04json\x26\x00\x01a\x00\x01b"

    written = machine.publish(topic, payload, packet_id, version.value, is_retained=is_retained, more=more)

    qos = 0 if packet_id is None else 1
    assert read(written, version) == [Publish(topic, payload, qos, packet_id, is_retained)]


@given(VERSIONS, NUMBERS, st.lists(TEXTS.filter(bool), min_size=1, max_size=5))
def test_subscriptions_and_their_ends_are_read(version, packet_id, filters):
    ends = machine.packet(
        0xA2,
        struct.pack("!H", packet_id)
        + machine.properties(b"", version.value)
        + b"".join(machine.words(one) for one in filters),
    )

    found = read(machine.subscribe(packet_id, *filters, version=version.value) + ends, version)

    assert found == [
        Subscribe(packet_id, tuple((one, 1) for one in filters)),
        Unsubscribe(packet_id, tuple(filters)),
    ]


def test_small_packets_are_read():
    leave = b"\xe0\x09\x04\x07\x1f\x00\x04over"

    assert read(machine.PING + b"\x40\x02\x00\x01" + leave) == [Ping(), Acknowledgement(), Leave()]
    assert read(machine.LEAVE, Version.V3_1_1) == [Leave()]


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=6), st.integers(1, 50))
def test_stream_cut_anywhere_gives_the_same_messages(payloads, size):
    stream = b"".join(machine.publish("v2/t", one, number + 1) for number, one in enumerate(payloads))
    framer, found = Framer(MOST), []

    for start in range(0, len(stream), size):
        framer.feed(stream[start : start + size])
        while (frame := framer.next_frame()) is not None:
            found.append(decode(frame, Version.V5).payload)

    assert (found, framer.wanted_bytes) == (payloads, 0)


@given(st.binary(max_size=400), VERSIONS)
def test_any_bytes_are_packets_or_refused(data, version):
    assert found_or_refused(data, version) is not None


@given(
    st.sampled_from([0x10, 0x30, 0x32, 0x82, 0xA2, 0xE0]),
    st.binary(max_size=200),
    st.sampled_from([b"", b"\x00\x04MQTT\x05\xc6\x00\x3c", b"\x00\x04MQTT\x04\xc6\x00\x3c", b"\x00\x01a\x00\x01"]),
    VERSIONS,
)
def test_any_body_behind_a_true_header_is_a_packet_or_refused(first, body, start, version):
    found = found_or_refused(machine.packet(first, start + body), version)

    assert isinstance(found, Reason) or len(found) == 1


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x00\x00", Reason.MALFORMED),
        (b"\xf0\x00", Reason.MALFORMED),
        (b"\x82\xff\xff\xff\xff", Reason.MALFORMED),
        (b"\x80\x00", Reason.MALFORMED),
        (b"\x36\x00", Reason.MALFORMED),
        (b"\x20\x02\x00\x00", Reason.PROTOCOL_ERROR),
        (machine.packet(0x10, machine.words("MQIsdp") + b"\x03\x02\x00\x3c\x00\x00"), Reason.VERSION_UNKNOWN),
        (machine.packet(0x10, machine.words("MQTT") + b"\x06\x02\x00\x3c\x00\x00"), Reason.VERSION_UNKNOWN),
        (machine.packet(0x10, machine.words("MQTT") + b"\x04\x03\x00\x3c\x00\x00"), Reason.MALFORMED),
        (machine.packet(0x10, machine.words("MQTT") + b"\x04\x42\x00\x3c\x00\x00\x00\x00"), Reason.MALFORMED),
        (machine.connect(more=b"\x21\x00\x00"), Reason.PROTOCOL_ERROR),
        (machine.connect(more=b"\x21\x00\x01\x21\x00\x01"), Reason.PROTOCOL_ERROR),
        (machine.connect(more=b"\x7f"), Reason.MALFORMED),
        (machine.connect(more=b"\x23\x00\x01"), Reason.PROTOCOL_ERROR),
        (machine.connect(b"\xff"), Reason.MALFORMED),
        (machine.connect("a\x00b"), Reason.MALFORMED),
        (machine.connect() + b"\xc0\x01\x00", Reason.MALFORMED),
        (machine.publish("t", b"", 0), Reason.PROTOCOL_ERROR),
        (machine.packet(0x82, b"\x00\x01\x00"), Reason.PROTOCOL_ERROR),
        (machine.packet(0x82, b"\x00\x01\x00\x00\x00\x01"), Reason.MALFORMED),
    ],
)
def test_broken_packet_is_refused_with_its_reason(data, reason):
    assert refused(data) is reason


def test_large_packet_is_refused_by_its_header_alone():
    whole = machine.publish("v2/t", b"x" * 900)

    assert len(read(whole, most=len(whole))) == 1
    assert refused(whole[:3], most=len(whole) - 1) is Reason.PACKET_TOO_LARGE
    assert refused(b"\x30\xff\xff\xff\x7f") is Reason.PACKET_TOO_LARGE


def test_size_of_the_packet_that_is_coming_is_known_from_its_header():
    framer = Framer(MOST)
    sizes = []
    for piece in (b"\x30", b"\xe8\x07", b"x" * 500):
        framer.feed(piece)
        framer.next_frame()
        sizes.append(framer.wanted_bytes)

    assert sizes == [1, 1003, 1003]


def test_answers_are_written_as_each_version_has_them():
    answers = [
        Welcome(Reason.NOT_AUTHORIZED),
        Received(7),
        Received(7, Reason.PAYLOAD_UNUSABLE, "no"),
        Subscribed(3, (1, 0x87)),
        Unsubscribed(3, (0,)),
        Publish("v2/r/res/1", b"{}"),
        Pong(),
        Leave(Reason.TAKEN_OVER),
    ]

    assert [encode(one, Version.V3_1_1) for one in answers] == [
        b"\x20\x02\x00\x05",
        b"\x40\x02\x00\x07",
        b"\x40\x02\x00\x07",
        b"\x90\x04\x00\x03\x01\x87",
        b"\xb0\x02\x00\x03",
        b"\x30\x0e\x00\x0av2/r/res/1{}",
        b"\xd0\x00",
        b"\xe0\x00",
    ]
    assert [encode(one, Version.V5) for one in answers] == [
        b"\x20\x03\x00\x87\x00",
        b"\x40\x02\x00\x07",
        b"\x40\x09\x00\x07\x99\x05\x1f\x00\x02no",
        b"\x90\x05\x00\x03\x00\x01\x87",
        b"\xb0\x04\x00\x03\x00\x00",
        b"\x30\x0f\x00\x0av2/r/res/1\x00{}",
        b"\xd0\x00",
        b"\xe0\x01\x8e",
    ]


def test_welcome_grants_what_is_here():
    written = encode(Welcome(Reason.SUCCESS, 50, 5_000_000, "portal-1", 3600), Version.V5)

    assert written == machine.packet(
        0x20,
        b"\x00\x00"
        + machine.properties(
            b"\x11\x00\x00\x00\x00\x21\x00\x32\x24\x01\x27\x00\x4c\x4b\x40\x22\x00\x00\x29\x00\x2a\x00"
            b"\x12\x00\x08portal-1\x13\x0e\x10"
        ),
    )
    assert encode(Welcome(Reason.SUCCESS, 50, 5_000_000), Version.V3_1_1) == b"\x20\x02\x00\x00"


def test_reason_sentence_of_any_length_stays_within_a_packet():
    written = encode(Received(1, Reason.PAYLOAD_UNUSABLE, "æ" * 60_000), Version.V5)

    framer = Framer(MOST)
    framer.feed(written)
    frame = framer.next_frame()
    assert frame is not None
    assert frame.body[-4:] == "ææ".encode()
