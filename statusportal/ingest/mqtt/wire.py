"""Pure: the few shapes of bytes that all MQTT packets are made of, read with bounds and written.

Source: MQTT 5.0 (OASIS, 2019), 1.5 and 2.2.2; MQTT 3.1.1 (OASIS, 2014), 1.5, which has the same but for properties.
"""

from collections.abc import Mapping
from enum import IntEnum
from typing import Final, TypeAlias

from statusportal.ingest.mqtt.packets import Broken, Reason

LONGEST_VARINT: Final = 4
LARGEST_VARINT: Final = 268_435_455
LONGEST_TEXT: Final = 65_535


class Property(IntEnum):
    """The properties of MQTT 5, by their numbers in the standard's table 2-4."""

    PAYLOAD_FORMAT = 0x01
    MESSAGE_EXPIRY = 0x02
    CONTENT_TYPE = 0x03
    RESPONSE_TOPIC = 0x08
    CORRELATION = 0x09
    SUBSCRIPTION = 0x0B
    SESSION_EXPIRY = 0x11
    ASSIGNED_CLIENT = 0x12
    SERVER_KEEP_ALIVE = 0x13
    AUTHENTICATION_METHOD = 0x15
    AUTHENTICATION_DATA = 0x16
    REQUEST_PROBLEM = 0x17
    WILL_DELAY = 0x18
    REQUEST_RESPONSE = 0x19
    SERVER_REFERENCE = 0x1C
    REASON_TEXT = 0x1F
    RECEIVE_MAXIMUM = 0x21
    ALIAS_MAXIMUM = 0x22
    ALIAS = 0x23
    MAXIMUM_QOS = 0x24
    RETAIN_AVAILABLE = 0x25
    USER = 0x26
    PACKET_MAXIMUM = 0x27
    WILDCARDS_AVAILABLE = 0x28
    SUBSCRIPTIONS_AVAILABLE = 0x29
    SHARED_AVAILABLE = 0x2A


PropertyValue: TypeAlias = int | str | bytes
Properties: TypeAlias = Mapping[Property, PropertyValue]

_BYTES: Final = {
    Property.PAYLOAD_FORMAT,
    Property.REQUEST_PROBLEM,
    Property.REQUEST_RESPONSE,
    Property.MAXIMUM_QOS,
    Property.RETAIN_AVAILABLE,
    Property.WILDCARDS_AVAILABLE,
    Property.SUBSCRIPTIONS_AVAILABLE,
    Property.SHARED_AVAILABLE,
}
_SHORTS: Final = {Property.SERVER_KEEP_ALIVE, Property.RECEIVE_MAXIMUM, Property.ALIAS_MAXIMUM, Property.ALIAS}
_LONGS: Final = {
    Property.MESSAGE_EXPIRY,
    Property.SESSION_EXPIRY,
    Property.WILL_DELAY,
    Property.PACKET_MAXIMUM,
}
_BINARIES: Final = {Property.CORRELATION, Property.AUTHENTICATION_DATA}
# Zero stands for nothing in these, so the standard forbids it.
_NEVER_ZERO: Final = {Property.RECEIVE_MAXIMUM, Property.PACKET_MAXIMUM, Property.SUBSCRIPTION}


class Cursor:
    """Read one packet's body from its front; whoever reads past its end finds it malformed."""

    __slots__ = ("_data", "_end", "_place")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._place = 0
        self._end = len(data)

    @property
    def is_at_end(self) -> bool:
        """Tell whether nothing is left."""
        return self._place == self._end

    def take(self, count: int) -> bytes:
        """Return so many bytes.

        Raises: Broken when fewer are left.
        """
        end = self._place + count
        if end > self._end:
            raise Broken(Reason.MALFORMED, "a packet ends too early")
        taken = self._data[self._place : end]
        self._place = end
        return taken

    def rest(self) -> bytes:
        """Return everything that is left."""
        return self.take(self._end - self._place)

    def number(self, width: int) -> int:
        """Return a number of so many bytes, the most significant first."""
        return int.from_bytes(self.take(width), "big")

    def varint(self) -> int:
        """Return a number of up to four bytes, seven bits in each, the least significant first."""
        value = 0
        for place in range(LONGEST_VARINT):
            byte = self.number(1)
            value |= (byte & 0x7F) << (7 * place)
            if byte < 0x80:  # noqa: PLR2004 - the eighth bit says that more follows
                return value
        raise Broken(Reason.MALFORMED, "a length of more than four bytes")

    def binary(self) -> bytes:
        """Return bytes behind their length."""
        return self.take(self.number(2))

    def text(self) -> str:
        """Return UTF-8 behind its length.

        Raises: Broken for what is no UTF-8, and for NUL.
        """
        try:
            text = self.binary().decode()
        except UnicodeDecodeError as err:
            raise Broken(Reason.MALFORMED, "a text is no UTF-8") from err
        if "\x00" in text:
            raise Broken(Reason.MALFORMED, "a text holds NUL")
        return text

    def properties(self, allowed: frozenset[Property]) -> dict[Property, PropertyValue]:
        """Return the properties of a packet; a sender's own pairs are checked and passed over.

        Raises: Broken for one that is unknown, has no place here, or stands twice.
        """
        inner = Cursor(self.take(self.varint()))
        found: dict[Property, PropertyValue] = {}
        while not inner.is_at_end:
            number = inner.varint()
            try:
                name = Property(number)
            except ValueError as err:
                raise Broken(Reason.MALFORMED, "an unknown property") from err
            if name not in allowed or name in found:
                raise Broken(Reason.PROTOCOL_ERROR, "a property stands where it must not")
            value = inner._property(name)
            if name is not Property.USER:
                found[name] = value
        return found

    def _property(self, name: Property) -> PropertyValue:
        if name is Property.USER:
            return self.text() + self.text()
        if name in _BINARIES:
            return self.binary()
        value = self._number_of(name)
        if value is None:
            return self.text()
        if (value == 0 and name in _NEVER_ZERO) or (value > 1 and name in _BYTES):
            raise Broken(Reason.PROTOCOL_ERROR, "a property has a value that it must not have")
        return value

    def _number_of(self, name: Property) -> int | None:
        if name in _BYTES:
            return self.number(1)
        if name in _SHORTS:
            return self.number(2)
        if name in _LONGS:
            return self.number(4)
        return self.varint() if name is Property.SUBSCRIPTION else None


def varint(value: int) -> bytes:
    """Write a number seven bits to a byte, the least significant first.

    Raises: ValueError beyond four bytes.
    """
    if not 0 <= value <= LARGEST_VARINT:
        raise ValueError(value)
    written = bytearray()
    while True:
        value, byte = value >> 7, value & 0x7F
        written.append(byte | (0x80 if value else 0))
        if not value:
            return bytes(written)


def binary(data: bytes) -> bytes:
    """Write bytes behind their length."""
    return len(data).to_bytes(2, "big") + data


def text(words: str) -> bytes:
    """Write UTF-8 behind its length; what is too long for it loses its end."""
    encoded = words.encode()
    if len(encoded) > LONGEST_TEXT:
        encoded = encoded[:LONGEST_TEXT].decode(errors="ignore").encode()
    return binary(encoded)


def properties(given: Properties) -> bytes:
    """Write properties behind their length, in the order given."""
    written = b"".join(varint(name) + _written(name, value) for name, value in given.items())
    return varint(len(written)) + written


def _written(name: Property, value: PropertyValue) -> bytes:
    if isinstance(value, str):
        return text(value)
    if isinstance(value, bytes):
        return binary(value)
    if name is Property.SUBSCRIPTION:
        return varint(value)
    return value.to_bytes(1 if name in _BYTES else 2 if name in _SHORTS else 4, "big")
