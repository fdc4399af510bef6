"""Pure: bytes of MQTT 3.1.1 and 5 in, packets out, and back. No socket, no clock; whatever the bytes, no other error.

Source: MQTT 5.0 (OASIS, 2019), chapters 2 and 3; MQTT 3.1.1 (OASIS, 2014), chapters 2 and 3; docs/adr/0039.
"""

from dataclasses import dataclass
from typing import Final

from statusportal.ingest.mqtt import wire
from statusportal.ingest.mqtt.packets import (
    CONNECT_CODES,
    Acknowledgement,
    Broken,
    Connect,
    Incoming,
    Kind,
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
from statusportal.ingest.mqtt.wire import Cursor, Property

_TYPE_SHIFT: Final = 4
_FLAGS: Final = 0x0F
_ONLY_FLAGS: Final = {Kind.PUBREL: 2, Kind.SUBSCRIBE: 2, Kind.UNSUBSCRIBE: 2}
_HIGHEST_QOS: Final = 2
_MORE: Final = 0x80

_OF_CONNECT: Final = frozenset(
    {
        Property.SESSION_EXPIRY,
        Property.RECEIVE_MAXIMUM,
        Property.PACKET_MAXIMUM,
        Property.ALIAS_MAXIMUM,
        Property.REQUEST_RESPONSE,
        Property.REQUEST_PROBLEM,
        Property.AUTHENTICATION_METHOD,
        Property.AUTHENTICATION_DATA,
        Property.USER,
    }
)
_OF_MESSAGES: Final = frozenset(
    {
        Property.PAYLOAD_FORMAT,
        Property.MESSAGE_EXPIRY,
        Property.CONTENT_TYPE,
        Property.RESPONSE_TOPIC,
        Property.CORRELATION,
        Property.USER,
    }
)
_OF_WILLS: Final = _OF_MESSAGES | {Property.WILL_DELAY}
_OF_PUBLISH: Final = _OF_MESSAGES | {Property.ALIAS}
_OF_SUBSCRIBE: Final = frozenset({Property.SUBSCRIPTION, Property.USER})
_OF_UNSUBSCRIBE: Final = frozenset({Property.USER})
_OF_LEAVE: Final = frozenset(
    {Property.SESSION_EXPIRY, Property.REASON_TEXT, Property.SERVER_REFERENCE, Property.USER},
)


@dataclass(frozen=True, slots=True)
class Frame:
    """One packet still unread: what it is, its four flags, and its body."""

    kind: Kind
    flags: int
    body: bytes


class Framer:
    """Cut a stream of bytes into packets; one beyond `most_bytes` is refused by its header, before it is kept."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self._buffer = bytearray()

    def feed(self, data: bytes) -> None:
        """Add what came."""
        self._buffer += data

    @property
    def wanted_bytes(self) -> int:
        """Return the whole size of the packet that has begun, as far as its header is there; 0 when none has."""
        header = self._header()
        return (header[2] + header[1] if header else len(self._buffer)) if self._buffer else 0

    def next_frame(self) -> Frame | None:
        """Return the next whole packet, None when more has to come.

        Raises: Broken for a header that is none, and for a packet that is too large.
        """
        header = self._header()
        if header is None:
            return None
        kind, length, start = header
        if len(self._buffer) < start + length:
            return None
        frame = Frame(kind, self._buffer[0] & _FLAGS, bytes(self._buffer[start : start + length]))
        del self._buffer[: start + length]
        return frame

    def _header(self) -> tuple[Kind, int, int] | None:
        """Read the header: the kind, the length of the body, and where that begins."""
        if not self._buffer:
            return None
        kind = _kind_of(self._buffer[0])
        length = 0
        for place, byte in enumerate(self._buffer[1 : 1 + wire.LONGEST_VARINT]):
            length |= (byte & ~_MORE) << (7 * place)
            if byte < _MORE:
                start = place + 2
                if start + length > self.most_bytes:
                    raise Broken(Reason.PACKET_TOO_LARGE)
                return kind, length, start
        if len(self._buffer) > wire.LONGEST_VARINT:
            raise Broken(Reason.MALFORMED, "a length of more than four bytes")
        return None


def _kind_of(first: int) -> Kind:
    try:
        kind = Kind(first >> _TYPE_SHIFT)
    except ValueError as err:
        raise Broken(Reason.MALFORMED, "an unknown kind of packet") from err
    if kind is not Kind.PUBLISH and first & _FLAGS != _ONLY_FLAGS.get(kind, 0):
        raise Broken(Reason.MALFORMED, "a packet with flags that it must not have")
    return kind


def decode(frame: Frame, version: Version) -> Incoming:
    """Read a packet of a machine; `version` is what its first packet said, and means nothing for that one.

    Raises: Broken, and nothing else.
    """
    cursor = Cursor(frame.body)
    packet = _read(frame, cursor, version)
    if not cursor.is_at_end:
        raise Broken(Reason.MALFORMED, "a packet is longer than what it says")
    return packet


def _read(frame: Frame, cursor: Cursor, version: Version) -> Incoming:  # noqa: PLR0911 - one for each kind
    match frame.kind:
        case Kind.CONNECT:
            return _connect(cursor)
        case Kind.PUBLISH:
            return _publish(frame.flags, cursor, version)
        case Kind.SUBSCRIBE:
            return _subscribe(cursor, version)
        case Kind.UNSUBSCRIBE:
            return _unsubscribe(cursor, version)
        case Kind.PINGREQ:
            return Ping()
        case Kind.DISCONNECT:
            return _leave(cursor, version)
        case Kind.PUBACK | Kind.PUBREC | Kind.PUBREL | Kind.PUBCOMP:
            cursor.rest()
            return Acknowledgement()
        case _:
            raise Broken(Reason.PROTOCOL_ERROR, "a packet that only a server sends")


def _connect(cursor: Cursor) -> Connect:
    name, level = cursor.text(), cursor.number(1)
    if name != "MQTT" or level not in {one.value for one in Version}:
        cursor.rest()
        raise Broken(Reason.VERSION_UNKNOWN)
    version = Version(level)
    flags, keep_alive_s = cursor.number(1), cursor.number(2)
    given = cursor.properties(_OF_CONNECT) if version is Version.V5 else {}
    has_name, has_password, has_will = flags & 0x80, flags & 0x40, flags & 0x04
    # 0x38: QoS and retained flag of a will.
    if flags & 0x01 or flags & 0x18 == 0x18 or (flags & 0x38 and not has_will):  # noqa: PLR2004 - flags by place
        raise Broken(Reason.MALFORMED, "the flags of the first packet contradict each other")
    if version is Version.V3_1_1 and has_password and not has_name:
        raise Broken(Reason.MALFORMED, "a password without a user name")
    client_id = cursor.text()
    if has_will:
        if version is Version.V5:
            cursor.properties(_OF_WILLS)
        cursor.text()
        cursor.binary()
    packet_maximum = given.get(Property.PACKET_MAXIMUM)
    return Connect(
        version=version,
        client_id=client_id,
        is_clean=bool(flags & 0x02),
        keep_alive_s=keep_alive_s,
        user_name=cursor.text() if has_name else None,
        password=cursor.binary() if has_password else None,
        packet_maximum=packet_maximum if isinstance(packet_maximum, int) else None,
        has_method=Property.AUTHENTICATION_METHOD in given or Property.AUTHENTICATION_DATA in given,
        wants_reasons=given.get(Property.REQUEST_PROBLEM, 1) == 1,
    )


def _publish(flags: int, cursor: Cursor, version: Version) -> Publish:
    qos = flags >> 1 & 0x03
    if qos > _HIGHEST_QOS or (qos == 0 and flags & 0x08):
        raise Broken(Reason.MALFORMED, "a message with flags that it must not have")
    topic = cursor.text()
    packet_id = _packet_id(cursor) if qos else None
    given = cursor.properties(_OF_PUBLISH) if version is Version.V5 else {}
    return Publish(
        topic=topic,
        payload=cursor.rest(),
        qos=qos,
        packet_id=packet_id,
        is_retained=bool(flags & 0x01),
        is_repeated=bool(flags & 0x08),
        has_alias=Property.ALIAS in given,
    )


def _subscribe(cursor: Cursor, version: Version) -> Subscribe:
    packet_id = _packet_id(cursor)
    if version is Version.V5:
        cursor.properties(_OF_SUBSCRIBE)
    filters = []
    while not cursor.is_at_end:
        wanted, options = cursor.text(), cursor.number(1)
        reserved = 0xC0 if version is Version.V5 else 0xFC
        if options & reserved or options & 0x03 > _HIGHEST_QOS or options & 0x30 == 0x30:  # noqa: PLR2004 - by place
            raise Broken(Reason.MALFORMED, "a subscription with options that it must not have")
        filters.append((_filled(wanted), options & 0x03))
    if not filters:
        raise Broken(Reason.PROTOCOL_ERROR, "a subscription to nothing")
    return Subscribe(packet_id, tuple(filters))


def _unsubscribe(cursor: Cursor, version: Version) -> Unsubscribe:
    packet_id = _packet_id(cursor)
    if version is Version.V5:
        cursor.properties(_OF_UNSUBSCRIBE)
    filters = []
    while not cursor.is_at_end:
        filters.append(_filled(cursor.text()))
    if not filters:
        raise Broken(Reason.PROTOCOL_ERROR, "an end of no subscription")
    return Unsubscribe(packet_id, tuple(filters))


def _leave(cursor: Cursor, version: Version) -> Leave:
    """Read a farewell; its reason changes nothing here, where no will is kept."""
    if version is Version.V5 and not cursor.is_at_end:
        cursor.number(1)
        if not cursor.is_at_end:
            cursor.properties(_OF_LEAVE)
    return Leave()


def _packet_id(cursor: Cursor) -> int:
    packet_id = cursor.number(2)
    if packet_id == 0:
        raise Broken(Reason.PROTOCOL_ERROR, "a packet with the number 0")
    return packet_id


def _filled(wanted: str) -> str:
    if not wanted:
        raise Broken(Reason.MALFORMED, "an empty filter")
    return wanted


def encode(packet: Outgoing, version: Version) -> bytes:  # noqa: PLR0911 - one for each kind
    """Write a packet for a machine that speaks `version`."""
    match packet:
        case Welcome():
            return _packed(Kind.CONNACK, 0, _welcome(packet, version))
        case Publish():
            body = wire.text(packet.topic) + (wire.properties({}) if version is Version.V5 else b"") + packet.payload
            return _packed(Kind.PUBLISH, 0, body)
        case Received():
            return _packed(Kind.PUBACK, 0, packet.packet_id.to_bytes(2, "big") + _why(packet, version))
        case Subscribed():
            return _packed(Kind.SUBACK, 0, _answers(packet, version))
        case Unsubscribed():
            answers = packet if version is Version.V5 else Unsubscribed(packet.packet_id, ())
            return _packed(Kind.UNSUBACK, 0, _answers(answers, version))
        case Pong():
            return _packed(Kind.PINGRESP, 0, b"")
        case Leave():
            return _packed(Kind.DISCONNECT, 0, bytes([packet.reason]) if version is Version.V5 else b"")


def _packed(kind: Kind, flags: int, body: bytes) -> bytes:
    return bytes([kind << _TYPE_SHIFT | flags]) + wire.varint(len(body)) + body


def _welcome(packet: Welcome, version: Version) -> bytes:
    # The second byte: no session of before is ever found again.
    if version is Version.V3_1_1:
        return bytes([0, CONNECT_CODES.get(packet.reason, CONNECT_CODES[Reason.UNAVAILABLE])])
    granted: dict[Property, wire.PropertyValue] = {}
    if packet.reason is Reason.SUCCESS:
        granted = {
            Property.SESSION_EXPIRY: 0,
            Property.RECEIVE_MAXIMUM: packet.receive_maximum,
            Property.MAXIMUM_QOS: 1,
            Property.PACKET_MAXIMUM: packet.packet_maximum,
            Property.ALIAS_MAXIMUM: 0,
            Property.SUBSCRIPTIONS_AVAILABLE: 0,
            Property.SHARED_AVAILABLE: 0,
        }
        if packet.assigned_client:
            granted[Property.ASSIGNED_CLIENT] = packet.assigned_client
        if packet.keep_alive_s is not None:
            granted[Property.SERVER_KEEP_ALIVE] = packet.keep_alive_s
    return bytes([0, packet.reason]) + wire.properties(granted)


def _why(packet: Received, version: Version) -> bytes:
    if version is Version.V3_1_1 or (packet.reason is Reason.SUCCESS and not packet.words):
        return b""
    words: dict[Property, wire.PropertyValue] = {Property.REASON_TEXT: packet.words} if packet.words else {}
    return bytes([packet.reason]) + wire.properties(words)


def _answers(packet: Subscribed | Unsubscribed, version: Version) -> bytes:
    between = wire.properties({}) if version is Version.V5 else b""
    return packet.packet_id.to_bytes(2, "big") + between + bytes(packet.codes)
