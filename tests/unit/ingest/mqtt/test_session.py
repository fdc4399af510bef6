"""One conversation, packet by packet: what is asked of the store, what is said, and when it ends."""

import json

import pytest

from statusportal.ingest.mqtt.packets import (
    Acknowledgement,
    Broken,
    Connect,
    Leave,
    Ping,
    Publish,
    Reason,
    Subscribe,
    Unsubscribe,
    Version,
)
from statusportal.ingest.mqtt.session import RECEIVE_MAXIMUM, Cut, Keep, Say, Session, SignIn, Verdict
from statusportal.ingest.mqtt.topics import Purpose

OLD, NEW = Version.V3_1_1, Version.V5
TELEMETRY = "v1/devices/me/telemetry"


def admitted(version, **more):
    session = Session(100_000, b'{"limits":1}')
    session.receive(hello(version, **more))
    session.welcome("portal-1")
    return session


def hello(version, **more):
    given = {"client_id": "plc", "is_clean": True, "keep_alive_s": 60, "user_name": "spd_x"} | more
    return Connect(version=version, **given)


def message(payload=b'{"a":1}', packet_id=7, topic=TELEMETRY, **more):
    return Publish(topic, payload, 0 if packet_id is None else 1, packet_id, **more)


def broken(session, packet):
    with pytest.raises(Broken) as found:
        session.receive(packet)
    return found.value.reason


def test_first_packet_asks_who_it_is():
    session = Session(100_000)

    assert session.receive(hello(OLD)) == [SignIn(hello(OLD))]
    assert session.welcome() == [Say(b"\x20\x02\x00\x00")]
    assert (session.version, session.keep_alive_s) == (OLD, 60)


def test_anything_before_the_first_packet_ends_it_without_a_word():
    session = Session(100_000)

    assert broken(session, message()) is Reason.PROTOCOL_ERROR
    assert session.last_words(Reason.PROTOCOL_ERROR) == b""
    assert session.last_words(Reason.VERSION_UNKNOWN) == b"\x20\x02\x00\x01"


@pytest.mark.parametrize(
    ("reason", "old", "new"),
    [
        (Reason.NO_USER_NAME, b"\x20\x02\x00\x04", b"\x20\x03\x00\x86\x00"),
        (Reason.NOT_AUTHORIZED, b"\x20\x02\x00\x05", b"\x20\x03\x00\x87\x00"),
        (Reason.BUSY, b"\x20\x02\x00\x03", b"\x20\x03\x00\x89\x00"),
        (Reason.TOO_MANY_TRIES, b"\x20\x02\x00\x03", b"\x20\x03\x00\x9f\x00"),
    ],
)
def test_who_is_turned_away_hears_the_code_of_the_version(reason, old, new):
    said = []
    for version in (OLD, NEW):
        session = Session(100_000)
        session.receive(hello(version))
        said.append(session.turn_away(reason))

    assert said == [Cut(old), Cut(new)]


@pytest.mark.parametrize(
    ("packet", "reason"),
    [
        (hello(OLD, client_id="", is_clean=False), Reason.CLIENT_UNUSABLE),
        (hello(NEW, client_id="x" * 201), Reason.CLIENT_UNUSABLE),
        (hello(NEW, has_method=True), Reason.METHOD_UNKNOWN),
    ],
)
def test_first_packet_that_asks_too_much_is_refused(packet, reason):
    assert broken(Session(100_000), packet) is reason


@pytest.mark.parametrize(
    ("version", "asked_s", "used_s", "is_told"),
    [
        (NEW, 0, 3600, True),
        (NEW, 60, 60, False),
        (NEW, 65_535, 3600, True),
        (OLD, 0, 0, False),
        (OLD, 9000, 9000, False),
    ],
)
def test_silence_is_bounded_where_the_machine_can_be_told(version, asked_s, used_s, is_told):
    session = Session(100_000)
    session.receive(hello(version, keep_alive_s=asked_s))

    said = session.welcome()[0].data

    assert (session.keep_alive_s, b"\x13\x0e\x10" in said) == (used_s, is_told)


@pytest.mark.parametrize("version", [OLD, NEW])
def test_message_is_answered_by_its_verdict_and_not_before(version):
    session = admitted(version)

    kept = session.receive(message(is_retained=True))

    assert kept == [Keep(Purpose.TELEMETRY, b'{"a":1}', 7, is_retained=True)]
    assert session.settle(kept[0], Verdict()) == [Say(b"\x40\x02\x00\x07")]


def test_refused_message_is_told_to_five_and_ends_the_older():
    refused = Verdict(Reason.PAYLOAD_UNUSABLE, "no JSON")
    answers = []
    for version in (NEW, OLD):
        session = admitted(version)
        answers.append(session.settle(session.receive(message())[0], refused))

    assert answers == [[Say(b"\x40\x0e\x00\x07\x99\x0a\x1f\x00\x07no JSON")], [Cut()]]


def test_sentence_is_left_out_where_it_is_not_wanted_or_does_not_fit():
    answers = []
    for more in ({"wants_reasons": False}, {"packet_maximum": 10}):
        session = admitted(NEW, **more)
        answers.append(session.settle(session.receive(message())[0], Verdict(words="1 rejected: a: null")))

    assert answers == [[Say(b"\x40\x02\x00\x07")]] * 2


def test_message_without_a_number_is_never_answered():
    session = admitted(OLD)

    kept = session.receive(message(packet_id=None))

    assert session.settle(kept[0], Verdict(Reason.PAYLOAD_UNUSABLE)) == []


@pytest.mark.parametrize(
    ("packet", "reason"),
    [
        (Publish(TELEMETRY, b"", 2, 1), Reason.QOS_UNUSABLE),
        (message(topic=""), Reason.ALIAS_UNUSABLE),
        (message(has_alias=True), Reason.ALIAS_UNUSABLE),
        (message(topic="v1/devices/+/telemetry"), Reason.TOPIC_UNUSABLE),
        (hello(NEW), Reason.PROTOCOL_ERROR),
    ],
)
def test_message_that_cannot_be_meant_ends_it(packet, reason):
    session = admitted(NEW)

    assert broken(session, packet) is reason
    assert session.last_words(reason) == bytes([0xE0, 1, reason])
    assert admitted(OLD).last_words(reason) == b""


def test_more_on_its_way_than_was_granted_ends_it_for_five_alone():
    new, old = admitted(NEW), admitted(OLD)
    for session in (new, old):
        kept = [session.receive(message(packet_id=number + 1))[0] for number in range(RECEIVE_MAXIMUM)]
        session.settle(kept[0], Verdict())
        session.receive(message(packet_id=900))

    assert broken(new, message(packet_id=901)) is Reason.TOO_MANY_IN_FLIGHT
    assert len(old.receive(message(packet_id=901))) == 1


def test_topic_that_nobody_hears_is_refused_and_never_acknowledged_to_the_older():
    strange = message(topic="plant/1/heat")

    assert admitted(OLD).receive(strange) == [Cut()]
    assert admitted(NEW).receive(strange) == [Say(b"\x40\x23\x00\x07\x90\x1f\x1f\x00\x1cNo such topic is heard here.")]


def test_client_of_thingsboard_is_told_its_limits():
    asked = json.dumps({"method": "getSessionLimits", "params": {}}).encode()
    session = admitted(NEW)

    said = session.receive(message(asked, topic="v1/devices/me/rpc/request/1"))
    other = session.receive(message(b"[1", None, topic="v2/r/req/2"))
    attributes = session.receive(message(b"{}", None, topic="v1/devices/me/attributes/request/3"))

    topic = b"v1/devices/me/rpc/response/1"
    assert said == [Say(b"\x40\x02\x00\x07"), Say(b"\x30\x2b\x00\x1c" + topic + b'\x00{"limits":1}')]
    assert other[0].data.endswith(b'v2/r/res/2\x00{"error":"METHOD_NOT_FOUND"}')
    assert attributes[0].data.endswith(b"v1/devices/me/attributes/response/3\x00{}")


@pytest.mark.parametrize(("version", "refusal"), [(OLD, 0x80), (NEW, 0x87)])
def test_what_concerns_the_machine_may_be_heard_and_nothing_else(version, refusal):
    wanted = ("v1/devices/me/rpc/request/+", "v1/devices/me/attributes", "#", "v1/devices/+/telemetry", TELEMETRY)

    said = admitted(version).receive(Subscribe(5, tuple((one, 2) for one in wanted)))[0].data

    assert list(said[-5:]) == [1, 1, refusal, refusal, refusal]


def test_small_talk():
    session = admitted(OLD)

    assert session.receive(Ping()) == [Say(b"\xd0\x00")]
    assert session.receive(Unsubscribe(5, ("a", "b"))) == [Say(b"\xb0\x02\x00\x05")]
    assert session.receive(Acknowledgement()) == []
    assert session.receive(Leave()) == [Cut()]


@pytest.mark.parametrize(
    ("topic", "purpose"),
    [
        ("v2/t", Purpose.TELEMETRY),
        ("v2/a", Purpose.ATTRIBUTES),
        ("v1/gateway/telemetry", Purpose.GATEWAY_TELEMETRY),
        ("v1/gateway/attributes", Purpose.GATEWAY_ATTRIBUTES),
    ],
)
def test_short_and_gateways_topics_are_kept(topic, purpose):
    assert admitted(NEW).receive(message(topic=topic)) == [Keep(purpose, b'{"a":1}', 7, is_retained=False)]


def test_coming_and_going_of_a_gateways_machines_is_acknowledged_and_nothing_is_kept():
    said = admitted(OLD).receive(message(b'{"device":"P-1"}', topic="v1/gateway/connect"))

    assert said == [Say(b"\x40\x02\x00\x07")]
