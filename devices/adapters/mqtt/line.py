"""One connection to a broker, from CONNECT to the end of the line; foreign errors end here."""

import socket
import ssl
import time
from queue import Empty, SimpleQueue
from threading import Event
from typing import Any, Final, NamedTuple

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from devices.adapters.mqtt.broker_words import broker_words
from devices.adapters.mqtt.options import PLAIN_PORT, TLS_PORT, MqttOptions, MqttVersion
from devices.errors import (
    AuthenticationFailed,
    ConnectionLost,
    ConnectionRefused,
    LinkBroken,
    OptionInvalid,
    SubscriptionRefused,
)
from devices.protocol import Report, TopicRefused
from devices.sentence import Sentence
from devices.system_words import certificate_words, system_words

_QOS: Final = 1
_PACKET_MAXIMUM_BYTES: Final = 5 * 1024 * 1024
_BAD_CREDENTIALS: Final = frozenset(
    {134, 135, 138, 140}
)  # MQTT 5, 2.4: user or password, not authorized, banned, method
_VERSION_UNSUPPORTED: Final = 132
_PAUSE_S: Final = 0.02


class Arrived(NamedTuple):
    """A message as it came.

    Units: `arrived_ms` is milliseconds since 1970 UTC.
    """

    message: MQTTMessage
    arrived_ms: int


class Line:
    """Hold one connection; made, opened, used and closed by one thread while paho's thread feeds the inbox."""

    def __init__(self, options: MqttOptions, *, client_id: str, is_lasting: bool) -> None:
        self._options = options
        self._is_lasting = is_lasting
        self._inbox: SimpleQueue[Arrived | None] = SimpleQueue()
        self._answers: SimpleQueue[ReasonCode | list[ReasonCode] | None] = SimpleQueue()
        self._closing = Event()
        self._ended_because = Sentence.quoting("")
        self._client = self._make_client(client_id)

    def open(self, report: Report) -> None:
        """Connect and subscribe; topics the broker refuses are reported, all of them refused is an error.

        Raises: ConnectionRefused, AuthenticationFailed, SubscriptionRefused.
        """
        self._connect()
        self._client.loop_start()
        code = self._answer("CONNACK")
        if isinstance(code, ReasonCode) and code.is_failure:
            raise self._refused(code)
        self._subscribe(report)

    def receive(self, timeout_s: float) -> Arrived | None:
        """Wait for the next message; None when none came in time.

        Raises: ConnectionLost: the line ended, and everything before its end was received; again at every call.
        """
        try:
            arrived = self._inbox.get(timeout=timeout_s) if timeout_s > 0 else self._inbox.get_nowait()
        except Empty:
            return None
        if arrived is None:
            self._inbox.put(None)  # the end stays the end, however often it is asked for
            raise ConnectionLost(self._options.address, self._ended_because)
        return arrived

    def acknowledge(self, message: MQTTMessage) -> None:
        """Tell the broker to forget a message; on a broken line it will simply come again."""
        self._client.ack(message.mid, message.qos)

    def close(self) -> None:
        """End the connection and paho's thread, sending the acknowledgements that still wait."""
        self._closing.set()
        self._client.disconnect()
        self._client.loop_stop()

    def _make_client(self, client_id: str) -> Client:
        options = self._options
        is_v5 = options.version is MqttVersion.V5
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=client_id,
            clean_session=None if is_v5 else not self._is_lasting,
            protocol=MQTTProtocolVersion.MQTTv5 if is_v5 else MQTTProtocolVersion.MQTTv311,
            reconnect_on_failure=False,
            manual_ack=True,
        )
        client.connect_timeout = options.connect_timeout_s
        if options.username:
            client.username_pw_set(options.username, options.password or None)
        if options.tls:
            client.tls_set_context(_tls_context(options))
            client.tls_insecure_set(options.skip_verification)
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message
        client.on_disconnect = self._on_disconnect
        return client

    def _connect(self) -> None:
        options = self._options
        properties: Properties | None = None
        if options.version is MqttVersion.V5:
            properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # paho types its client, not this
            properties.ReceiveMaximum = options.receive_maximum
            properties.MaximumPacketSize = _PACKET_MAXIMUM_BYTES
            properties.SessionExpiryInterval = options.session_expiry_s if self._is_lasting else 0
        try:
            if properties is None:
                self._client.connect(options.host, options.port, options.keepalive_s)
            else:
                self._client.connect(
                    options.host,
                    options.port,
                    options.keepalive_s,
                    clean_start=not self._is_lasting,
                    properties=properties,
                )
        except ssl.SSLCertVerificationError as err:
            raise ConnectionRefused(
                options.address, Sentence("The certificate is not trusted: %(reason)s.", reason=certificate_words(err))
            ) from err
        except ssl.SSLError as err:
            failed = Sentence("TLS failed (%(reason)s). %(hint)s", reason=err.reason, hint=self._tls_hint())
            raise ConnectionRefused(options.address, failed) from err
        except (OSError, ValueError) as err:
            raise ConnectionRefused(options.address, self._silence(err)) from err

    def _silence(self, err: OSError | ValueError) -> Sentence:
        words = system_words(err) if isinstance(err, OSError) else Sentence.quoting(str(err))
        nobody = Sentence("Nobody answers: %(trouble)s.", trouble=words)
        if isinstance(err, ConnectionResetError):
            return Sentence("%(fault)s %(hint)s", fault=nobody, hint=self._tls_hint())
        return nobody

    def _tls_hint(self) -> Sentence:
        if self._options.tls and self._options.port == PLAIN_PORT:
            return Sentence(
                "%(plain)s is the port without TLS. Did you mean %(likely)s?", plain=PLAIN_PORT, likely=TLS_PORT
            )
        return Sentence("Does the port speak TLS?") if self._options.tls else Sentence("Does the port expect TLS?")

    def _answer(self, packet: str) -> ReasonCode | list[ReasonCode]:
        address = self._options.address
        try:
            answer = self._answers.get(timeout=self._options.connect_timeout_s)
        except Empty as err:
            silent = Sentence("It took the connection and sent no %(packet)s. Is it a broker?", packet=packet)
            raise ConnectionRefused(address, silent) from err
        if answer is None:
            hung_up = Sentence("It hung up before %(packet)s. %(hint)s", packet=packet, hint=self._tls_hint())
            raise ConnectionRefused(address, hung_up)
        return answer

    def _refused(self, code: ReasonCode) -> LinkBroken:
        address = self._options.address
        said = Sentence("The broker says: %(reason)s.", reason=broker_words(code))
        if code.value in _BAD_CREDENTIALS:
            return AuthenticationFailed(address, said)
        if code.value == _VERSION_UNSUPPORTED:
            said = Sentence("%(fault)s Did you mean the other version?", fault=said)
        return ConnectionRefused(address, said)

    def _subscribe(self, report: Report) -> None:
        topics = self._options.topics
        if self._options.version is MqttVersion.V5:
            wish = SubscribeOptions(qos=_QOS, retainHandling=SubscribeOptions.RETAIN_SEND_IF_NEW_SUB)
            result, _ = self._client.subscribe([(topic, wish) for topic in topics])
        else:
            result, _ = self._client.subscribe([(topic, _QOS) for topic in topics])
        if result is not MQTTErrorCode.MQTT_ERR_SUCCESS:
            raise ConnectionLost(self._options.address, Sentence("The line broke before the subscription."))
        codes = self._answer("SUBACK")
        refused = [
            (topic, code)
            for topic, code in zip(topics, codes if isinstance(codes, list) else [], strict=False)
            if code.is_failure
        ]
        for topic, code in refused:
            report(TopicRefused(topic, broker_words(code)))
        if len(refused) == len(topics):
            reason = broker_words(refused[0][1])
            raise SubscriptionRefused(
                self._options.address, Sentence("Every topic was refused: %(reason)s.", reason=reason)
            )

    # paho calls the rest from its own thread; user data, flags and properties are of no use here.
    def _on_connect(self, _client: Client, _data: object, _flags: object, code: ReasonCode, _more: object) -> None:
        self._answers.put(code)

    def _on_subscribe(
        self,
        _client: Client,
        _data: object,
        _mid: int,
        codes: list[ReasonCode],
        _more: object,
    ) -> None:
        self._answers.put(codes)

    def _on_message(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        self._inbox.put(Arrived(message, time.time_ns() // 1_000_000))
        # A broker that ignores the receive maximum is slowed down by not reading on.
        while self._inbox.qsize() > 2 * self._options.receive_maximum and not self._closing.wait(_PAUSE_S):
            pass

    def _on_disconnect(self, _client: Client, _data: object, _flags: object, code: ReasonCode, _more: object) -> None:
        self._ended_because = Sentence("The line ended: %(reason)s.", reason=broker_words(code))
        self._answers.put(None)
        self._inbox.put(None)


class _PromptContext(ssl.SSLContext):
    """Shake hands at once and close the socket when that fails: paho would leave it to the garbage collector."""

    def wrap_socket(self, sock: socket.socket, *args: Any, **named: Any) -> ssl.SSLSocket:  # noqa: ANN401 -- ssl's own
        wrapped = super().wrap_socket(sock, *args, **named)
        try:
            wrapped.do_handshake()
        except OSError:
            wrapped.close()
            raise
        return wrapped


def _tls_context(options: MqttOptions) -> ssl.SSLContext:
    context = _PromptContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        if options.ca_file:
            context.load_verify_locations(options.ca_file)
        else:
            context.load_default_certs()
    except OSError as err:
        fault = Sentence("%(place)s cannot be used: %(trouble)s.", place=options.ca_file, trouble=system_words(err))
        raise OptionInvalid("ca_file", fault) from err
    if options.client_cert_file:
        try:
            context.load_cert_chain(options.client_cert_file, options.client_key_file or None)
        except OSError as err:
            fault = Sentence("The certificate and its key cannot be used: %(trouble)s.", trouble=system_words(err))
            raise OptionInvalid("client_cert_file", fault) from err
    if options.skip_verification:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
