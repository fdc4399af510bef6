"""The rules every sample obeys, whatever it was written in, and the collector that applies them.

Source: the outward face, telemetry in: values are numbers, booleans or strings; the limits are this house's.
"""

import math
from functools import lru_cache
from typing import Final

from devices.errors import TimeUnusable
from devices.formats.protocol import Decoded, Reject
from devices.reading import (
    INTEGER_MAXIMUM,
    INTEGER_MINIMUM,
    SIGNAL_MAXIMUM_LENGTH,
    TEXT_MAXIMUM_LENGTH,
    Quality,
    Reading,
    Value,
)
from devices.sentence import Sentence, placed
from devices.times import TimeWindow, parse_time


class OutOfRange:
    """Stand for a number that no 64-bit machine can hold; it was JSON, and is not a value."""


@lru_cache(maxsize=8_192)
def name_fault(name: str) -> Sentence | None:
    """Say why a text cannot name a signal or a machine, or give None."""
    if not name:
        return Sentence("an empty name")
    if len(name) > SIGNAL_MAXIMUM_LENGTH:
        return Sentence("a name longer than %(most)s characters", most=SIGNAL_MAXIMUM_LENGTH)
    return None if name.isprintable() else Sentence("a name with unprintable characters")


def text_fault(text: str) -> Sentence | None:
    """Say why a text cannot be a value, or give None."""
    if len(text) > TEXT_MAXIMUM_LENGTH:
        return Sentence("a text longer than %(most)s characters", most=TEXT_MAXIMUM_LENGTH)
    if "\x00" in text:
        return Sentence("a text with a NUL character")
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        return Sentence("a text with half a surrogate pair")
    return None


def value_fault(value: object) -> Sentence | None:
    """Say why something cannot be a value, or give None."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        return None if math.isfinite(value) else Sentence("a number out of range")
    if isinstance(value, int):
        return None if INTEGER_MINIMUM <= value <= INTEGER_MAXIMUM else Sentence("a whole number beyond 64 bits")
    if isinstance(value, str):
        return text_fault(value)
    return _NO_VALUE.get(type(value), Sentence("an object is not a value"))


_NO_VALUE: Final[dict[type, Sentence]] = {
    type(None): Sentence("null is not a value"),
    list: Sentence("a list is not a value"),
    OutOfRange: Sentence("a number out of range"),
}


def _sayable(text: str) -> str:
    """Give a text that every encoding of an answer can hold: half a surrogate pair becomes a question mark."""
    return text if text.isascii() else text.encode(errors="replace").decode()


class Collector:
    """Gather the readings and rejects of one body in its order."""

    def __init__(self, arrived_ms: int, window: TimeWindow | None = None) -> None:
        self.arrived_ms = arrived_ms
        self._window = window
        self._readings: list[Reading] = []
        self._positions: list[int] = []
        self._rejects: list[Reject] = []

    def reject(self, index: int, signal: str | None, detail: Sentence) -> None:
        """Note a sample, or without a signal a whole item, that was not taken."""
        self._rejects.append(Reject(index, signal if signal is None else _sayable(signal), detail.with_texts(_sayable)))

    def moment(self, raw: object) -> int:
        """Read a time and hold it against the caller's range.

        Raises: TimeUnusable.
        """
        at_ms = parse_time(raw)
        if self._window is not None:
            self._window.require(at_ms)
        return at_ms

    def moment_or_reject(self, index: int, pointer: str, raw: object) -> int | None:
        """Read an item's time, or reject the whole item naming the place."""
        try:
            return self.moment(raw)
        except TimeUnusable as err:
            self.reject(index, None, placed(pointer, err.detail))
            return None

    def accept(self, index: int, reading: Reading) -> None:
        """Take a reading whose name and value are known to be sound."""
        self._readings.append(reading)
        self._positions.append(index)

    def offer(self, index: int, pointer: str, template: Reading, value: object) -> None:
        """Take `value` in the template's place and time, or reject it naming the place."""
        fault = name_fault(template.signal) or value_fault(value)
        if fault is not None:
            self.reject(index, template.signal[:SIGNAL_MAXIMUM_LENGTH], placed(pointer, fault))
            return
        self.accept(index, _with_value(template, value))

    def decoded(self) -> Decoded:
        """Give what was gathered."""
        return Decoded(tuple(self._readings), tuple(self._rejects), tuple(self._positions))


def _with_value(template: Reading, value: object) -> Reading:
    sound: Value = value  # type: ignore[assignment]  # value_fault has just proved the type
    return Reading(
        template.serial,
        template.signal,
        template.at_ms,
        sound,
        template.quality,
        template.unit,
        template.is_retained,
    )


def template_for(serial: str | None, signal: str, at_ms: int, quality: Quality = Quality.GOOD) -> Reading:
    """Give a reading still without its value; `Collector.offer` fills it in."""
    return Reading(serial, signal, at_ms, 0, quality)
