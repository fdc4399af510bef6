"""The mqtt adapter in a few words."""

from devices.adapters.mqtt.options import MqttOptions
from devices.protocol import Capability, Manifest
from devices.sentence import Sentence

MANIFEST = Manifest(
    name="mqtt",
    summary=Sentence("Subscribes to an MQTT broker and acknowledges each message once it is stored"),
    options=MqttOptions,
    capabilities=frozenset({Capability.REDELIVERS, Capability.LISTENS_TO_NETWORK, Capability.DECODES}),
)
