"""What a broker answers in numbers, in sentences that can be translated.

Source: MQTT 5.0, section 2.4, table 2-6; paho gives the codes of MQTT 3.1.1 by the same numbers.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from paho.mqtt.reasoncodes import ReasonCode

from devices.sentence import Sentence

_WORDS: Final[Mapping[int, Sentence]] = MappingProxyType(
    {
        0: Sentence("it was ended as agreed"),
        4: Sentence("it was ended, and its last will is sent"),
        128: Sentence("an error without further words"),
        129: Sentence("a malformed packet"),
        130: Sentence("a fault against the protocol"),
        131: Sentence("an error of its own kind"),
        132: Sentence("it does not speak this version of the protocol"),
        133: Sentence("the client id is not valid"),
        134: Sentence("the user name or the password is wrong"),
        135: Sentence("we are not authorized"),
        136: Sentence("the server is not available"),
        137: Sentence("the server is busy"),
        138: Sentence("we are banned"),
        139: Sentence("the server is shutting down"),
        140: Sentence("the way to sign in is wrong"),
        141: Sentence("no sign of life came in time"),
        142: Sentence("another client took the session over: the client id must be used once only"),
        143: Sentence("the topic filter is not valid"),
        144: Sentence("the topic is not valid"),
        145: Sentence("the number of a packet is in use already"),
        147: Sentence("more messages were sent than may be under way"),
        148: Sentence("a topic's alias is not valid"),
        149: Sentence("a packet is too large"),
        150: Sentence("too many messages a second"),
        151: Sentence("the quota is used up"),
        152: Sentence("an administrator ended it"),
        153: Sentence("the payload is not of the form it says"),
        154: Sentence("messages are not retained here"),
        155: Sentence("the quality of service is not supported"),
        156: Sentence("another server is to be used for now"),
        157: Sentence("the server has moved"),
        158: Sentence("shared subscriptions are not supported"),
        159: Sentence("too many connections a second"),
        160: Sentence("the longest time of a connection is over"),
        161: Sentence("subscription identifiers are not supported"),
        162: Sentence("topic filters with + or # are not supported"),
    },
)


def broker_words(code: ReasonCode) -> Sentence:
    """Say what the broker said; a number that stands in no table is quoted with paho's name for it."""
    return _WORDS.get(code.value) or Sentence.quoting(str(code))
