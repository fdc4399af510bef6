"""The portal's own telemetry body: `{"ts": T, "values": {...}}`, a list of them, or a flat object.

An object may say the `quality` of its values. A gateway's also name their `device`, and may say `retained`. Perfect
bodies take a fast path; whatever is odd is read again slowly, so that the refusal can say where and why.

Source: the outward face, telemetry in (`POST /api/v1/telemetry`).
"""

from difflib import get_close_matches
from typing import Final

import msgspec

from devices.errors import PayloadMalformed, TimeUnusable
from devices.formats.json_text import JsonObject, kind_of, parse_json, pointer_to
from devices.formats.protocol import Decoded
from devices.formats.samples import Collector, name_fault, template_for, value_fault
from devices.reading import Quality, Reading, Value
from devices.sentence import Sentence, placed
from devices.times import TimeWindow

_DEVICE_FIELDS: Final = frozenset({"ts", "values", "quality"})
_GATEWAY_FIELDS: Final = frozenset({"device", "ts", "values", "quality", "retained"})


class _Item(msgspec.Struct, forbid_unknown_fields=True):
    values: dict[str, Value]
    ts: int | str | msgspec.UnsetType = msgspec.UNSET
    quality: Quality | msgspec.UnsetType = msgspec.UNSET


class _GatewayItem(_Item):
    device: str = ""
    retained: bool | msgspec.UnsetType = msgspec.UNSET


_ITEMS: Final = msgspec.json.Decoder(_Item | list[_Item])
_GATEWAY_ITEMS: Final = msgspec.json.Decoder(_GatewayItem | list[_GatewayItem])


class NativeJson:
    """Read the native body from any adapter; `is_gateway` says whether items name their device."""

    def __init__(self, *, is_gateway: bool = True) -> None:
        self._is_gateway = is_gateway

    def decode(self, body: bytes, *, topic: str | None, arrived_ms: int) -> Decoded:
        """Decode as `decode_native` does; the topic says nothing here."""
        del topic
        return decode_native(body, arrived_ms=arrived_ms, is_gateway=self._is_gateway)


def decode_native(
    body: bytes,
    *,
    arrived_ms: int,
    is_gateway: bool,
    window: TimeWindow | None = None,
) -> Decoded:
    """Read a native body; with a window, items outside it are rejected as a whole.

    Shape: readings in the body's order; `positions` and `Reject.index` count list items from 0.
    Units: milliseconds since 1970 UTC.
    Raises: PayloadMalformed: not JSON (NaN and infinities included), or neither an object nor a list.
    """
    fast = _decode_perfect(body, Collector(arrived_ms, window), is_gateway=is_gateway)
    if fast is not None:
        return fast
    collector = Collector(arrived_ms, window)
    reader = _ItemReader(collector, is_gateway=is_gateway)
    content = parse_json(body)
    if isinstance(content, JsonObject):
        reader.read(0, "", content)
    elif isinstance(content, list):
        for index, item in enumerate(content):
            reader.read(index, f"/{index}", item)
    else:
        raise PayloadMalformed(
            Sentence("An object or a list of objects was expected, not %(given)s.", given=kind_of(content))
        )
    return collector.decoded()


def _decode_perfect(body: bytes, collector: Collector, *, is_gateway: bool) -> Decoded | None:
    try:
        content = _GATEWAY_ITEMS.decode(body) if is_gateway else _ITEMS.decode(body)
        items: list[_GatewayItem] | list[_Item] = content if isinstance(content, list) else [content]
        texts = sum(_take(collector, index, item) for index, item in enumerate(items))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, TimeUnusable, _OddError):
        return None
    # A decoder keeps the last of two equal names in silence. More quotes than texts betray it: read slowly then.
    is_plain = b'\\"' not in body and body.count(b'"') == 2 * texts
    return collector.decoded() if is_plain else None


class _OddError(Exception):
    """Leave the fast path; never seen outside this file."""


def _take(collector: Collector, index: int, item: _Item) -> int:
    """Collect a perfect item and count the texts it was written with."""
    texts = 1 + len(item.values)
    at_ms = collector.arrived_ms
    if item.ts is not msgspec.UNSET:
        at_ms = collector.moment(item.ts)
        texts += 1 + isinstance(item.ts, str)
    serial, quality, is_retained = None, Quality.GOOD, False
    if item.quality is not msgspec.UNSET:
        quality = item.quality
        texts += 2
    if isinstance(item, _GatewayItem):
        serial = item.device
        if name_fault(serial):
            raise _OddError
        texts += 2
        if item.retained is not msgspec.UNSET:
            is_retained = item.retained
            texts += 1
    for signal, value in item.values.items():
        if (value.__class__ is not float and value_fault(value)) or name_fault(signal):
            raise _OddError
        texts += value.__class__ is str
        collector.accept(index, Reading(serial, signal, at_ms, value, quality, None, is_retained))
    return texts


class _ItemReader:
    """Read one item at a time and explain every refusal."""

    def __init__(self, collector: Collector, *, is_gateway: bool) -> None:
        self._collector = collector
        self._is_gateway = is_gateway
        self._fields = _GATEWAY_FIELDS if is_gateway else _DEVICE_FIELDS

    def read(self, index: int, pointer: str, item: object) -> None:
        """Collect the item's samples, or reject it as a whole."""
        if not isinstance(item, JsonObject):
            self._collector.reject(index, None, placed(pointer, _no_object(item)))
            return
        fault = self._item_fault(pointer, item)
        if fault is not None:
            self._collector.reject(index, None, fault)
            return
        at_ms = self._collector.arrived_ms
        if "ts" in item:
            moment = self._collector.moment_or_reject(index, f"{pointer}/ts", item["ts"])
            if moment is None:
                return
            at_ms = moment
        self._offer_values(index, pointer, item, at_ms)

    def _offer_values(self, index: int, pointer: str, item: JsonObject, at_ms: int) -> None:
        serial = str(item["device"]) if self._is_gateway else None
        values: object = item.get("values")
        quality, is_retained = Quality.GOOD, False
        if isinstance(values, JsonObject):
            pointer += "/values"
            quality = Quality(str(item.get("quality", Quality.GOOD)))
            if self._is_gateway:
                is_retained = item.get("retained") is True
        else:
            values = item
        for signal, value in values.items():
            if values is item and self._is_gateway and signal == "device":
                continue
            place = pointer_to(pointer, signal)
            if signal in values.repeated:
                self._collector.reject(index, signal, placed(place, Sentence("the name is given more than once")))
                continue
            template = msgspec.structs.replace(template_for(serial, signal, at_ms, quality), is_retained=is_retained)
            self._collector.offer(index, place, template, value)

    def _item_fault(self, pointer: str, item: JsonObject) -> Sentence | None:
        if self._is_gateway and (fault := _device_fault(pointer, item)):
            return fault
        if "values" in item:
            return self._long_form_fault(pointer, item)
        if "ts" in item:
            meant = [name for name, value in item.items() if isinstance(value, JsonObject)]
            place = pointer_to(pointer, meant[0]) if meant else f"{pointer}/ts"
            return placed(place, Sentence("an object with ts is the long form, and its signals stand under values"))
        return None

    def _long_form_fault(self, pointer: str, item: JsonObject) -> Sentence | None:
        for name in item:
            if name not in self._fields:
                return placed(pointer_to(pointer, name), self._no_such_field(name))
        if item.repeated:
            return placed(pointer_to(pointer, min(item.repeated)), Sentence("the field is given more than once"))
        if not isinstance(item["values"], JsonObject):
            return placed(f"{pointer}/values", _no_object(item["values"]))
        if "quality" in item and item["quality"] not in list(Quality):
            known = ", ".join(Quality)
            return placed(f"{pointer}/quality", Sentence("one of %(known)s was expected", known=known))
        if not isinstance(item.get("retained", False), bool):
            given = kind_of(item["retained"])
            return placed(f"{pointer}/retained", Sentence("a boolean was expected, not %(given)s", given=given))
        return None

    def _no_such_field(self, name: str) -> Sentence:
        close = get_close_matches(name, self._fields, n=1)
        if close:
            return Sentence("there is no such field; did you mean %(close)s?", close=close[0])
        return Sentence("there is no such field")


def _no_object(value: object) -> Sentence:
    return Sentence("an object was expected, not %(given)s", given=kind_of(value))


def _device_fault(pointer: str, item: JsonObject) -> Sentence | None:
    device = item.get("device")
    if "device" not in item:
        fault: Sentence | None = Sentence("the serial number is missing")
    elif not isinstance(device, str):
        fault = Sentence("a text was expected, not %(given)s", given=kind_of(device))
    elif "device" in item.repeated:
        fault = Sentence("the field is given more than once")
    else:
        fault = name_fault(device)
    return placed(f"{pointer}/device", fault) if fault else None
