"""Pure: the packets that pass between a machine and the listener, and the reasons that either side gives.

Source: MQTT 5.0 (OASIS, 2019), 2.4 and chapter 3; MQTT 3.1.1 (OASIS, 2014), chapter 3.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias


class Version(IntEnum):
    """The protocol levels that are spoken here."""

    V3_1_1 = 4
    V5 = 5


class Kind(IntEnum):
    """The control packets by their numbers."""

    CONNECT = 1
    CONNACK = 2
    PUBLISH = 3
    PUBACK = 4
    PUBREC = 5
    PUBREL = 6
    PUBCOMP = 7
    SUBSCRIBE = 8
    SUBACK = 9
    UNSUBSCRIBE = 10
    UNSUBACK = 11
    PINGREQ = 12
    PINGRESP = 13
    DISCONNECT = 14


class Reason(IntEnum):
    """Why something was not done, in the words of MQTT 5; `CONNECT_CODES` has what 3.1.1 can say of it."""

    SUCCESS = 0x00
    NO_SUBSCRIPTION = 0x11
    UNSPECIFIED = 0x80
    MALFORMED = 0x81
    PROTOCOL_ERROR = 0x82
    IMPLEMENTATION = 0x83
    VERSION_UNKNOWN = 0x84
    CLIENT_UNUSABLE = 0x85
    NO_USER_NAME = 0x86
    NOT_AUTHORIZED = 0x87
    UNAVAILABLE = 0x88
    BUSY = 0x89
    SHUTTING_DOWN = 0x8B
    METHOD_UNKNOWN = 0x8C
    KEEP_ALIVE_OVER = 0x8D
    TAKEN_OVER = 0x8E
    TOPIC_UNUSABLE = 0x90
    TOO_MANY_IN_FLIGHT = 0x93
    ALIAS_UNUSABLE = 0x94
    PACKET_TOO_LARGE = 0x95
    OVER_QUOTA = 0x97
    ENDED = 0x98
    PAYLOAD_UNUSABLE = 0x99
    QOS_UNUSABLE = 0x9B
    TOO_MANY_TRIES = 0x9F


CONNECT_CODES = {
    Reason.SUCCESS: 0,
    Reason.VERSION_UNKNOWN: 1,
    Reason.CLIENT_UNUSABLE: 2,
    Reason.UNAVAILABLE: 3,
    Reason.BUSY: 3,
    Reason.OVER_QUOTA: 3,
    Reason.TOO_MANY_TRIES: 3,
    Reason.SHUTTING_DOWN: 3,
    Reason.NO_USER_NAME: 4,
    Reason.NOT_AUTHORIZED: 5,
}


class Broken(Exception):
    """Say that a sender broke the protocol or a limit, so that its connection ends with this reason."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(detail or reason.name.lower())
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Connect:
    """The first packet of a machine.

    Shape: `packet_maximum` is the largest packet that it takes, None without one. A will is read and left out: what
    a machine would have others told after its end has no reader here.
    Units: `keep_alive_s` is 0 where the machine promises no signs of life.
    """

    version: Version
    client_id: str
    is_clean: bool
    keep_alive_s: int
    user_name: str | None = None
    password: bytes | None = None
    packet_maximum: int | None = None
    has_method: bool = False
    wants_reasons: bool = True


@dataclass(frozen=True, slots=True)
class Publish:
    """One message, in either direction; `packet_id` is None for QoS 0."""

    topic: str
    payload: bytes
    qos: int = 0
    packet_id: int | None = None
    is_retained: bool = False
    is_repeated: bool = False
    has_alias: bool = False


@dataclass(frozen=True, slots=True)
class Subscribe:
    """What a machine would like to hear: filters with the highest QoS it takes."""

    packet_id: int
    filters: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """What a machine would no longer like to hear."""

    packet_id: int
    filters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """A machine's answer to a message of ours; ours have QoS 0, so it answers nothing."""


@dataclass(frozen=True, slots=True)
class Ping:
    """A sign of life."""


@dataclass(frozen=True, slots=True)
class Leave:
    """A farewell, in either direction."""

    reason: Reason = Reason.SUCCESS


@dataclass(frozen=True, slots=True)
class Welcome:
    """The answer to `Connect`; what is granted is said where it is taken in, and to MQTT 5 alone."""

    reason: Reason
    receive_maximum: int = 0
    packet_maximum: int = 0
    assigned_client: str = ""
    keep_alive_s: int | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """The answer to a message of QoS 1, with a sentence where there is something to say."""

    packet_id: int
    reason: Reason = Reason.SUCCESS
    words: str = ""


@dataclass(frozen=True, slots=True)
class Subscribed:
    """The answer to `Subscribe`: for each filter the QoS that is granted, or a reason."""

    packet_id: int
    codes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Unsubscribed:
    """The answer to `Unsubscribe`: a reason for each filter."""

    packet_id: int
    codes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Pong:
    """The answer to `Ping`."""


Incoming: TypeAlias = Connect | Publish | Subscribe | Unsubscribe | Acknowledgement | Ping | Leave
Outgoing: TypeAlias = Welcome | Publish | Received | Subscribed | Unsubscribed | Pong | Leave
