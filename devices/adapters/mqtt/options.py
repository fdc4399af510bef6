"""What the mqtt adapter must be told."""

import hashlib
import socket
from enum import StrEnum
from typing import Annotated, Final

from msgspec import Meta

from devices.errors import OptionInvalid
from devices.options import Hint, Options, secret
from devices.sentence import Sentence

PLAIN_PORT: Final = 1_883  # IANA service name mqtt
TLS_PORT: Final = 8_883  # IANA service name secure-mqtt
_WEEK_S: Final = 7 * 24 * 3_600


class MqttVersion(StrEnum):
    """The protocol's two living versions."""

    V5 = "5"
    V3_1_1 = "3.1.1"


class MqttOptions(Options, frozen=True, kw_only=True):
    """The options of the mqtt adapter."""

    host: Annotated[str, Meta(min_length=1), Hint("The broker's name or address")]
    topics: Annotated[tuple[str, ...], Meta(min_length=1), Hint("The topic filters to subscribe to, with + and #")]
    port: Annotated[int, Meta(ge=1, le=65_535), Hint("The broker's port", likely=(PLAIN_PORT, TLS_PORT))] = PLAIN_PORT
    format: Annotated[str, Hint("The format of the messages")] = "native-json"
    version: Annotated[MqttVersion, Hint("The protocol's version")] = MqttVersion.V5
    client_id: Annotated[str, Hint("The fixed client id; empty derives one that stays the same")] = ""
    username: Annotated[str, Hint("The user name, where the broker wants one")] = ""
    password: Annotated[str, secret("The password of the user name")] = ""
    tls: Annotated[bool, Hint("Whether to speak TLS")] = False
    ca_file: Annotated[str, Hint("The authority that signed the broker's certificate; empty: the system's")] = ""
    client_cert_file: Annotated[str, Hint("Our certificate, where the broker asks for one")] = ""
    client_key_file: Annotated[str, Hint("The key of our certificate")] = ""
    skip_verification: Annotated[bool, Hint("Take any certificate. Anyone on the line can then listen")] = False
    session_expiry_s: Annotated[int, Meta(ge=0, le=2**32 - 1), Hint("How long the broker keeps our session")] = _WEEK_S
    receive_maximum: Annotated[int, Meta(ge=1, le=65_535), Hint("Messages the broker may send ahead of us")] = 500
    batch_maximum: Annotated[int, Meta(ge=1, le=100_000), Hint("Messages stored in one go")] = 500
    batch_wait_ms: Annotated[int, Meta(ge=0, le=10_000), Hint("How long a batch waits for more")] = 5
    keepalive_s: Annotated[int, Meta(ge=5, le=3_600), Hint("Seconds between signs of life")] = 30
    connect_timeout_s: Annotated[float, Meta(ge=0.1, le=120), Hint("How long to wait for an answer")] = 10.0

    def __post_init__(self) -> None:
        """Refuse what cannot hold together.

        Raises: OptionInvalid.
        """
        for topic in self.topics:
            _require_topic_filter(topic)
        if self.password and not self.username:
            raise OptionInvalid("password", Sentence("A password needs a username."))
        if self.client_key_file and not self.client_cert_file:
            raise OptionInvalid("client_key_file", Sentence("A key needs its client_cert_file."))
        if not self.tls:
            for name in ("ca_file", "client_cert_file", "skip_verification"):
                if getattr(self, name):
                    raise OptionInvalid(name, Sentence("This needs tls = true."))
            if self.port == TLS_PORT:
                raise OptionInvalid(
                    "port", Sentence("%(port)s is the port for TLS. Did you mean tls = true?", port=TLS_PORT)
                )

    @property
    def address(self) -> str:
        """Write the broker as one word."""
        return f"{'mqtts' if self.tls else 'mqtt'}://{self.host}:{self.port}"

    def fixed_client_id(self) -> str:
        """Give the same id in every life on this machine, and another one where the subscription differs."""
        if self.client_id:
            return self.client_id
        seed = "\n".join((socket.gethostname(), self.address, self.username, *self.topics))
        return f"devices-{hashlib.sha256(seed.encode()).hexdigest()[:14]}"  # 22 characters: MQTT 3.1.1 allows 23


def _require_topic_filter(topic: str) -> None:
    levels = topic.split("/")
    has_stray_hash = any("#" in level and level != "#" for level in levels) or "#" in levels[:-1]
    has_stray_plus = any("+" in level and level != "+" for level in levels)
    if not topic or "\x00" in topic or has_stray_hash or has_stray_plus:
        fault = Sentence("%(topic)s is no topic filter: + stands alone, # stands alone and last.", topic=repr(topic))
        raise OptionInvalid("topics", fault)
