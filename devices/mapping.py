"""From what the wire says to what the fleet knows: which machine, which signal, which unit.

The `[map]` table of a connection: `device` is `"payload"` (the body names it), `"topic[n]"` (the n-th level of the
topic, from 0), or a fixed serial number; `[map.signals]` renames signals and may convert their unit.
"""

import re
from typing import Annotated, Final

import msgspec

from devices.errors import OptionInvalid, UnitMismatch, UnitUnknown
from devices.formats.protocol import Decoded, Reject
from devices.formats.samples import name_fault, value_fault
from devices.options import Hint, Options
from devices.reading import Reading
from devices.sentence import Sentence
from devices.units import convert

_TOPIC_LEVEL: Final = re.compile(r"topic\[(\d{1,2})\]")
_PAYLOAD: Final = "payload"


class SignalRule(Options, frozen=True, kw_only=True):
    """What becomes of one signal of the wire."""

    name: Annotated[str, Hint("The signal's name in the portal; empty keeps it")] = ""
    source_unit: Annotated[str, Hint("The unit the machine sends")] = ""
    unit: Annotated[str, Hint("The unit to store, converted from source_unit")] = ""

    def __post_init__(self) -> None:
        """Refuse units that cannot be carried into each other.

        Raises: OptionInvalid.
        """
        if not (self.source_unit and self.unit):
            return
        try:
            convert(0.0, self.source_unit, self.unit)
        except (UnitUnknown, UnitMismatch) as err:
            raise OptionInvalid("signals", err.sentence) from err


class MapOptions(Options, frozen=True, kw_only=True):
    """The `[map]` table."""

    device: Annotated[str, Hint("payload, topic[n], or the serial number of the one machine")] = _PAYLOAD
    create_devices: Annotated[bool, Hint("Whether the portal makes devices for unknown serial numbers")] = False
    model: Annotated[str, Hint("The model of devices so made, by slug or name; empty: an open one of their own")] = ""
    signals: Annotated[
        dict[str, str | SignalRule],
        Hint("Signals by their wire name: a new name, or a table with name, source_unit, unit"),
    ] = msgspec.field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a machine that cannot be named.

        Raises: OptionInvalid.
        """
        if fault := name_fault(self.device):
            raise OptionInvalid("device", Sentence("This cannot name a machine: %(fault)s.", fault=fault))
        if self.device.startswith("topic[") and _TOPIC_LEVEL.fullmatch(self.device) is None:
            raise OptionInvalid(
                "device",
                Sentence("%(given)s is no level of a topic. Did you mean topic[1]?", given=repr(self.device)),
            )


class Mapping:
    """Apply a `[map]` table to decoded bodies."""

    def __init__(self, options: MapOptions | None = None) -> None:
        self.options = options or MapOptions()
        level = _TOPIC_LEVEL.fullmatch(self.options.device)
        self._level = int(level[1]) if level else None
        self._rules = {
            wire: SignalRule(name=rule) if isinstance(rule, str) else rule
            for wire, rule in self.options.signals.items()
        }

    def apply(self, decoded: Decoded, topic: str | None) -> Decoded:
        """Name the machine and the signals; what cannot be named or converted joins the rejects.

        Shape: order and positions are kept.
        """
        readings: list[Reading] = []
        positions: list[int] = []
        rejects = list(decoded.rejects)
        for reading, position in zip(decoded.readings, decoded.positions, strict=True):
            serial = self._serial(reading, topic)
            if serial is None or name_fault(serial):
                nameless = Sentence("No machine is named by %(place)s.", place=self.options.device)
                rejects.append(Reject(position, reading.signal, nameless))
                continue
            mapped = self._mapped(reading, serial)
            if fault := value_fault(mapped.value):
                rejects.append(Reject(position, reading.signal, Sentence("After conversion: %(fault)s.", fault=fault)))
                continue
            readings.append(mapped)
            positions.append(position)
        return Decoded(tuple(readings), tuple(rejects), tuple(positions))

    def _serial(self, reading: Reading, topic: str | None) -> str | None:
        if self._level is not None:
            levels = (topic or "").split("/")
            return levels[self._level] if self._level < len(levels) else None
        return reading.serial if self.options.device == _PAYLOAD else self.options.device

    def _mapped(self, reading: Reading, serial: str) -> Reading:
        rule = self._rules.get(reading.signal)
        if rule is None:
            return reading if reading.serial == serial else msgspec.structs.replace(reading, serial=serial)
        value = reading.value
        if rule.source_unit and rule.unit and not isinstance(value, bool | str):
            value = convert(value, rule.source_unit, rule.unit)
        return msgspec.structs.replace(
            reading,
            serial=serial,
            signal=rule.name or reading.signal,
            value=value,
            unit=rule.unit or rule.source_unit or reading.unit,
        )
