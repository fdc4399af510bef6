"""A machine that speaks MQTT byte by byte, written apart from the portal's codec, so that one checks the other."""

import socket
import ssl
import struct
from dataclasses import dataclass

PATIENCE_S = 20


def words(text):
    """Write a text, or bytes, behind its length."""
    data = text if isinstance(text, bytes) else text.encode()
    return struct.pack("!H", len(data)) + data


def length_of(count):
    """Write the length of what follows."""
    written = b""
    while True:
        count, byte = divmod(count, 128)
        written += bytes([byte + 128 if count else byte])
        if not count:
            return written


def packet(first, body):
    """Write a packet with its header."""
    return bytes([first]) + length_of(len(body)) + body


def properties(given=b"", version=5):
    """Write properties as MQTT 5 has them; 3.1.1 has none."""
    return length_of(len(given)) + given if version == 5 else b""


def connect(
    user_name=None, client_id="", version=5, keep_alive_s=60, *, is_clean=True, password=None, will=None, more=b""
):
    """Write the first packet; `will` is a topic and a payload, `more` are properties as bytes."""
    flags = 0x02 * is_clean
    tail = words(client_id)
    if will is not None:
        flags |= 0x04
        tail += properties(b"", version) + words(will[0]) + words(will[1])
    if user_name is not None:
        flags |= 0x80
        tail += words(user_name)
    if password is not None:
        flags |= 0x40
        tail += words(password)
    head = words("MQTT") + bytes([version, flags]) + struct.pack("!H", keep_alive_s)
    return packet(0x10, head + properties(more, version) + tail)


def publish(topic, payload, packet_id=None, version=5, *, is_retained=False, qos=None, more=b""):
    """Write a message: of QoS 1 with a number, else of QoS 0."""
    qos = (0 if packet_id is None else 1) if qos is None else qos
    number = b"" if qos == 0 else struct.pack("!H", packet_id)
    return packet(0x30 | qos << 1 | is_retained, words(topic) + number + properties(more, version) + payload)


def subscribe(packet_id, *filters, version=5):
    """Write a wish to hear topics, each with QoS 1."""
    body = b"".join(words(one) + b"\x01" for one in filters)
    return packet(0x82, struct.pack("!H", packet_id) + properties(b"", version) + body)


PING = packet(0xC0, b"")
LEAVE = packet(0xE0, b"")


@dataclass
class MqttMachine:
    """One socket to a listener."""

    port: int
    version: int = 5
    tls: ssl.SSLContext | None = None

    def __enter__(self):
        self.wire = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S)
        if self.tls is not None:
            self.wire = self.tls.wrap_socket(self.wire, server_hostname="localhost")
        self.stream = self.wire.makefile("rb")
        return self

    def __exit__(self, *_):
        self.stream.close()
        self.wire.close()

    def send(self, *packets):
        """Send packets in one piece."""
        self.wire.sendall(b"".join(packets))

    def read(self):
        """Return the next packet as its first byte and its body; None when the other side has closed."""
        try:
            first = self.stream.read(1)
            if not first:
                return None
            length = place = 0
            while True:
                byte = self.stream.read(1)[0]
                length |= (byte & 127) << place
                place += 7
                if byte < 128:
                    return first[0], self.stream.read(length)
        except ConnectionError:
            return None

    def is_silent(self, for_s):
        """Tell whether nothing comes for so long."""
        self.wire.settimeout(for_s)
        try:
            return self.wire.recv(1, socket.MSG_PEEK) is None
        except TimeoutError:
            return True
        finally:
            self.wire.settimeout(PATIENCE_S)

    def sign_in(self, user_name=None, **more):
        """Send the first packet and return the code of its answer; None when there was none."""
        self.send(connect(user_name, version=self.version, **more))
        answer = self.read()
        return None if answer is None else answer[1][1]

    def tell(self, payload, packet_id=1, topic="v1/devices/me/telemetry", **more):
        """Send a message of QoS 1 and return what comes of it: the reason, with its sentence where there is one."""
        self.send(publish(topic, payload, packet_id, self.version, **more))
        return self.reason_for(packet_id)

    def reason_for(self, packet_id):
        """Return the reason of the acknowledgement that must come next, "cut" when the connection is closed instead."""
        answer = self.read()
        if answer is None or answer[0] == 0xE0:
            return "cut"
        first, body = answer
        assert (first, struct.unpack("!H", body[:2])[0]) == (0x40, packet_id)
        return body[2] if len(body) > 2 else 0
