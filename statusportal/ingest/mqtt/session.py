"""Pure: one machine's conversation. A packet in, steps out; what the store said in, the acknowledgement out.

A message of QoS 1 is answered when its verdict is told, never before. Under MQTT 3.1.1, which has no word for “no”,
a message that cannot be kept ends the connection instead (MQTT-3.3.5-2), so an acknowledgement always means kept.
Source: docs/adr/0039.
"""

import json
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from statusportal.ingest.mqtt.codec import encode
from statusportal.ingest.mqtt.packets import (
    CONNECT_CODES,
    Acknowledgement,
    Broken,
    Connect,
    Incoming,
    Leave,
    Outgoing,
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
from statusportal.ingest.mqtt.topics import KEPT, Purpose, find_question, may_subscribe

# What a machine may have on its way at once; an SDK of ThingsBoard's takes four fifths of it.
RECEIVE_MAXIMUM: Final = 50
LONGEST_KEEP_ALIVE_S: Final = 3_600
LONGEST_CLIENT_ID: Final = 200
_LONGEST_REASON: Final = 400
_LONGEST_CALL: Final = 4_096


@dataclass(frozen=True, slots=True)
class SignIn:
    """Ask who this is; the session goes on with `welcome` or `turn_away`."""

    connect: Connect


@dataclass(frozen=True, slots=True)
class Keep:
    """Store this; the session goes on with `settle` once it is durable, or refused."""

    purpose: Purpose
    payload: bytes
    packet_id: int | None
    is_retained: bool


@dataclass(frozen=True, slots=True)
class Say:
    """Send these bytes."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Cut:
    """Send these bytes, and end the connection."""

    data: bytes = b""


Step: TypeAlias = SignIn | Keep | Say | Cut


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a message: kept where `reason` is SUCCESS. `words` say what was left out, or why all of it was."""

    reason: Reason = Reason.SUCCESS
    words: str = ""


class Session:
    """Remember of one connection what its next packet depends on."""

    def __init__(self, packet_maximum: int, limits_answer: bytes = b"{}") -> None:
        """Take the largest packet, and the answer to a client that asks for its limits."""
        self.limits_answer = limits_answer
        self.keep_alive_s = 0
        self._packet_maximum = packet_maximum
        self._connect: Connect | None = None
        self._is_admitted = False
        self._in_flight = 0

    @property
    def version(self) -> Version:
        """Return the version that is spoken; before the first packet it means nothing."""
        return self._connect.version if self._connect else Version.V5

    def receive(self, packet: Incoming) -> list[Step]:  # noqa: PLR0911 - one for each kind
        """Say what a packet asks for.

        Raises: Broken where it may not come, or asks for what is not there.
        """
        if self._connect is None:
            return [self._begin(packet)]
        match packet:
            case Publish():
                return self._publish(packet)
            case Subscribe():
                codes = tuple(self._granted(wanted, qos) for wanted, qos in packet.filters)
                return self._say(Subscribed(packet.packet_id, codes))
            case Unsubscribe():
                return self._say(Unsubscribed(packet.packet_id, (Reason.SUCCESS,) * len(packet.filters)))
            case Ping():
                return self._say(Pong())
            case Leave():
                return [Cut()]
            case Acknowledgement():
                return []
            case Connect():
                raise Broken(Reason.PROTOCOL_ERROR, "a second first packet")

    def welcome(self, assigned_client: str = "") -> list[Step]:
        """Let the machine in, and tell it what is granted."""
        self._is_admitted = True
        asked_s = self._connect.keep_alive_s if self._connect else 0
        # Only MQTT 5 can be told of another keep-alive; a machine that promises none is watched by TCP's own.
        is_told = self.version is Version.V5 and not 0 < asked_s <= LONGEST_KEEP_ALIVE_S
        self.keep_alive_s = LONGEST_KEEP_ALIVE_S if is_told else asked_s
        return self._say(
            Welcome(
                Reason.SUCCESS,
                RECEIVE_MAXIMUM,
                self._packet_maximum,
                assigned_client,
                self.keep_alive_s if is_told else None,
            )
        )

    def turn_away(self, reason: Reason) -> Cut:
        """Refuse the machine, with the code that its version has for the reason."""
        return Cut(self.last_words(reason))

    def settle(self, kept: Keep, verdict: Verdict) -> list[Step]:
        """Answer a message whose verdict is there."""
        if kept.packet_id is None:
            return []
        self._in_flight -= 1
        if verdict.reason is not Reason.SUCCESS and self.version is Version.V3_1_1:
            return [Cut()]
        words = verdict.words[:_LONGEST_REASON] if self._connect and self._connect.wants_reasons else ""
        answer = Received(kept.packet_id, verdict.reason, words)
        return self._say(answer) or self._say(replace(answer, words=""))

    def last_words(self, reason: Reason) -> bytes:
        """Return what is said before the connection is ended from here: MQTT 5 is told why, 3.1.1 has no way."""
        if reason is Reason.VERSION_UNKNOWN and self._connect is None:
            # Whatever it speaks, the answer of 3.1.1 is the one that old clients read.
            return encode(Welcome(reason), Version.V3_1_1)
        if self._connect is None:
            return b""
        can_say_why = self.version is Version.V5 or (not self._is_admitted and reason in CONNECT_CODES)
        return encode(Leave(reason) if self._is_admitted else Welcome(reason), self.version) if can_say_why else b""

    def _begin(self, packet: Incoming) -> SignIn:
        if not isinstance(packet, Connect):
            raise Broken(Reason.PROTOCOL_ERROR, "the first packet is no CONNECT")
        self._connect = packet
        if packet.has_method:
            raise Broken(Reason.METHOD_UNKNOWN)
        is_nameless = not packet.client_id and packet.version is Version.V3_1_1 and not packet.is_clean
        if is_nameless or len(packet.client_id) > LONGEST_CLIENT_ID:
            raise Broken(Reason.CLIENT_UNUSABLE)
        return SignIn(packet)

    def _publish(self, packet: Publish) -> list[Step]:
        self._refuse_unspeakable(packet)
        question = find_question(packet.topic)
        if packet.packet_id is not None:
            self._in_flight += 1
        wanted = Keep(question.purpose if question else Purpose.CALL, b"", packet.packet_id, packet.is_retained)
        if question is None:
            return self.settle(wanted, Verdict(Reason.TOPIC_UNUSABLE, "No such topic is heard here."))
        if question.purpose in KEPT:
            return [replace(wanted, payload=packet.payload)]
        return [*self.settle(wanted, Verdict()), *self._answer(question.purpose, question.answer_topic, packet.payload)]

    def _refuse_unspeakable(self, packet: Publish) -> None:
        if packet.qos > 1:
            raise Broken(Reason.QOS_UNUSABLE)
        if packet.has_alias or (not packet.topic and self.version is Version.V5):
            raise Broken(Reason.ALIAS_UNUSABLE)
        if "+" in packet.topic or "#" in packet.topic or not packet.topic:
            raise Broken(Reason.TOPIC_UNUSABLE)
        if packet.packet_id is not None and self.version is Version.V5 and self._in_flight >= RECEIVE_MAXIMUM:
            raise Broken(Reason.TOO_MANY_IN_FLIGHT)

    def _answer(self, purpose: Purpose, topic: str, payload: bytes) -> list[Step]:
        if purpose is Purpose.ATTRIBUTES_QUESTION:
            # Nobody sets attributes here: there are none to tell.
            return self._say(Publish(topic, b"{}"))
        if purpose is not Purpose.CALL:
            return []
        is_known = _method_of(payload) == "getSessionLimits"
        return self._say(Publish(topic, self.limits_answer if is_known else b'{"error":"METHOD_NOT_FOUND"}'))

    def _granted(self, wanted: str, qos: int) -> int:
        if may_subscribe(wanted):
            return min(qos, 1)
        return Reason.NOT_AUTHORIZED if self.version is Version.V5 else Reason.UNSPECIFIED

    def _say(self, packet: Outgoing) -> list[Step]:
        """Write a packet, unless it is larger than what the machine takes."""
        data = encode(packet, self.version)
        most = self._connect.packet_maximum if self._connect else None
        return [] if most is not None and len(data) > most else [Say(data)]


def _method_of(payload: bytes) -> object:
    if len(payload) > _LONGEST_CALL:
        return None
    try:
        call = json.loads(payload)
    except (ValueError, RecursionError):
        return None
    return call.get("method") if isinstance(call, dict) else None
