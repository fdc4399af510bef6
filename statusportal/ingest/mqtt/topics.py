"""Pure: what a topic of ThingsBoard's device API asks for, and which answers may be subscribed to.

Source: ThingsBoard documentation, MQTT device API and MQTT gateway API.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Purpose(StrEnum):
    """What a machine wants with a message."""

    TELEMETRY = "telemetry"
    ATTRIBUTES = "attributes"
    GATEWAY_TELEMETRY = "gateway_telemetry"
    GATEWAY_ATTRIBUTES = "gateway_attributes"
    ATTRIBUTES_QUESTION = "attributes_question"
    CALL = "call"
    NOTHING_TO_KEEP = "nothing_to_keep"


@dataclass(frozen=True, slots=True)
class Question:
    """A purpose, and the topic on which its answer is expected where one is."""

    purpose: Purpose
    answer_topic: str = ""


KEPT: Final = frozenset(
    {Purpose.TELEMETRY, Purpose.ATTRIBUTES, Purpose.GATEWAY_TELEMETRY, Purpose.GATEWAY_ATTRIBUTES},
)

_BY_TOPIC: Final = {
    "v1/devices/me/telemetry": Purpose.TELEMETRY,
    "v2/t": Purpose.TELEMETRY,
    "v1/devices/me/attributes": Purpose.ATTRIBUTES,
    "v2/a": Purpose.ATTRIBUTES,
    "v1/gateway/telemetry": Purpose.GATEWAY_TELEMETRY,
    "v1/gateway/attributes": Purpose.GATEWAY_ATTRIBUTES,
    # A gateway says by them which machines it hears. Samples alone count as life here.
    "v1/gateway/connect": Purpose.NOTHING_TO_KEEP,
    "v1/gateway/disconnect": Purpose.NOTHING_TO_KEEP,
}
_QUESTIONS: Final = (
    (re.compile(r"v1/devices/me/rpc/request/([^/+#]{1,36})"), Purpose.CALL, "v1/devices/me/rpc/response/{}"),
    (re.compile(r"v2/r/req/([^/+#]{1,36})"), Purpose.CALL, "v2/r/res/{}"),
    (
        re.compile(r"v1/devices/me/attributes/request/([^/+#]{1,36})"),
        Purpose.ATTRIBUTES_QUESTION,
        "v1/devices/me/attributes/response/{}",
    ),
    (re.compile(r"v2/a/req/([^/+#]{1,36})"), Purpose.ATTRIBUTES_QUESTION, "v2/a/res/{}"),
)
_HEARD: Final = (
    "v1/devices/me/rpc/request/+",
    "v1/devices/me/rpc/response/+",
    "v1/devices/me/attributes",
    "v1/devices/me/attributes/response/+",
    "v1/gateway/attributes",
    "v1/gateway/attributes/response",
    "v1/gateway/rpc",
    "v2/a",
    "v2/a/res/+",
    "v2/r/req/+",
    "v2/r/res/+",
    "v2/fw/response/+",
    "v2/fw/response/+/chunk/+",
    "v2/sw/response/+",
    "v2/sw/response/+/chunk/+",
)
_FILTERS: Final = re.compile("|".join(re.escape(one).replace(r"\+", "[^/#]+") for one in _HEARD))


def find_question(topic: str) -> Question | None:
    """Say what a message on a topic wants, or None for a topic that is none of the device API's."""
    purpose = _BY_TOPIC.get(topic)
    if purpose is not None:
        return Question(purpose)
    for pattern, asked, answer in _QUESTIONS:
        found = pattern.fullmatch(topic)
        if found is not None:
            return Question(asked, answer.format(found[1]))
    return None


def may_subscribe(wanted: str) -> bool:
    """Tell whether a filter is one that a client of ThingsBoard's uses for what concerns itself."""
    return _FILTERS.fullmatch(wanted) is not None
