"""ThingsBoard's telemetry bodies, for firmware and gateways that already speak them.

Devices send a flat object, a list of them, or `{"ts": ms, "values": {...}}` and lists of that; gateways send
`{"Device A": [{"ts": ms, "values": {...}}]}`, and attributes as `{"Device A": {...}}`. As there, unknown fields of the
long form are passed over, and a flat object may have a signal called `ts`. Unlike there, nested values are rejected,
each with its reason.

Source: ThingsBoard documentation, HTTP device API, MQTT device API and MQTT gateway API ("telemetry upload").
"""

from typing import Final

from devices.errors import PayloadMalformed
from devices.formats.json_text import JsonObject, kind_of, parse_json, pointer_to
from devices.formats.protocol import Decoded
from devices.formats.samples import Collector, name_fault, template_for
from devices.sentence import Sentence, placed
from devices.times import TimeWindow

GATEWAY_TOPIC: Final = "v1/gateway/telemetry"
GATEWAY_ATTRIBUTES_TOPIC: Final = "v1/gateway/attributes"


class ThingsBoardJson:
    """Read device and gateway bodies from any adapter."""

    def decode(self, body: bytes, *, topic: str | None, arrived_ms: int) -> Decoded:
        """Decode as `decode_thingsboard` does, without a range of times."""
        return decode_thingsboard(body, topic=topic, arrived_ms=arrived_ms)


def decode_thingsboard(
    body: bytes,
    *,
    topic: str | None,
    arrived_ms: int,
    window: TimeWindow | None = None,
) -> Decoded:
    """Read a device's or a gateway's body; the gateway's topic decides which, and elsewhere the shape does.

    Shape: `index` counts list items from 0, in a gateway's body over all its devices.
    Units: milliseconds since 1970 UTC.
    Raises: PayloadMalformed: not JSON, or neither an object nor a list.
    """
    collector = Collector(arrived_ms, window)
    content = parse_json(body)
    if topic == GATEWAY_ATTRIBUTES_TOPIC and isinstance(content, JsonObject):
        _read_gateway_attributes(collector, content)
    elif isinstance(content, JsonObject) and (topic == GATEWAY_TOPIC or _is_gateway_form(content)):
        _read_gateway(collector, content)
    elif isinstance(content, JsonObject):
        _read_item(collector, 0, "", None, content)
    elif isinstance(content, list):
        for index, item in enumerate(content):
            _read_item(collector, index, f"/{index}", None, item)
    else:
        raise PayloadMalformed(
            Sentence("An object or a list of objects was expected, not %(given)s.", given=kind_of(content))
        )
    return collector.decoded()


def _is_gateway_form(content: JsonObject) -> bool:
    return bool(content) and all(
        isinstance(items, list) and any(isinstance(item, JsonObject) for item in items) for items in content.values()
    )


def _read_gateway(collector: Collector, content: JsonObject) -> None:
    index = 0
    for serial, items in content.items():
        pointer = pointer_to("", serial)
        fault = name_fault(serial)
        if serial in content.repeated:
            fault = Sentence("the device is given more than once")
        if fault is None and not isinstance(items, list):
            fault = Sentence("a list was expected, not %(given)s", given=kind_of(items))
        if fault is not None:
            collector.reject(index, None, placed(pointer, fault))
            index += 1
            continue
        for position, item in enumerate(items if isinstance(items, list) else ()):
            _read_item(collector, index, f"{pointer}/{position}", serial, item)
            index += 1


def _read_gateway_attributes(collector: Collector, content: JsonObject) -> None:
    for index, (serial, values) in enumerate(content.items()):
        pointer = pointer_to("", serial)
        fault = name_fault(serial)
        if serial in content.repeated:
            fault = Sentence("the device is given more than once")
        if fault is None:
            _read_item(collector, index, pointer, serial, values)
        else:
            collector.reject(index, None, placed(pointer, fault))


def _read_item(collector: Collector, index: int, pointer: str, serial: str | None, item: object) -> None:
    if not isinstance(item, JsonObject):
        fault = Sentence("an object was expected, not %(given)s", given=kind_of(item))
        collector.reject(index, None, placed(pointer, fault))
        return
    at_ms = collector.arrived_ms
    values = item.get("values")
    if isinstance(values, JsonObject):
        pointer += "/values"
        if "ts" in item:
            moment = collector.moment_or_reject(index, f"{pointer.removesuffix('/values')}/ts", item["ts"])
            if moment is None:
                return
            at_ms = moment
    else:
        values = item
    for signal, value in values.items():
        place = pointer_to(pointer, signal)
        if signal in values.repeated:
            collector.reject(index, signal, placed(place, Sentence("the name is given more than once")))
        else:
            collector.offer(index, place, template_for(serial, signal, at_ms), value)
