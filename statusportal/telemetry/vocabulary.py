"""Words of telemetry: values, how they are kept, and what comes back when they are read."""

from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias
from uuid import UUID

from devices.reading import Quality, Value

Point: TypeAlias = tuple[int, Value]
Span: TypeAlias = tuple[int, int]


class Kind(IntEnum):
    """How a kept value is read back. The numbers are stored: new ones go at the end."""

    REAL = 0
    INTEGER = 1
    BOOLEAN = 2
    TEXT = 3


QUALITY_NUMBERS = {Quality.GOOD: 0, Quality.STALE: 1, Quality.BAD: 2}
QUALITIES = {number: quality for quality, number in QUALITY_NUMBERS.items()}

_EXACT_REAL = 2**53

Packed: TypeAlias = tuple[int, float | None, str | None]


def pack(value: Value) -> Packed:
    """Give a value as it is kept: (kind, real, text). Whole numbers that a real cannot hold keep their digits."""
    if value is True or value is False:
        return Kind.BOOLEAN, float(value), None
    if isinstance(value, float):
        return Kind.REAL, value, None
    if isinstance(value, int):
        return Kind.INTEGER, float(value), None if abs(value) <= _EXACT_REAL else str(value)
    return Kind.TEXT, None, value


def unpack(kind: int, real: float | None, text: str | None) -> Value:
    """Read a kept value back as it came."""
    if kind == Kind.TEXT:
        return text or ""
    number = real or 0.0
    if kind == Kind.REAL:
        return number
    if kind == Kind.BOOLEAN:
        return number != 0.0
    return int(text) if text is not None else int(number)


@dataclass(frozen=True, slots=True)
class LastValue:
    """The newest sample of a signal, by event time.

    Units: `at_ms` is milliseconds since 1970 UTC; the value is in the unit its model declares.
    """

    device_id: UUID
    signal: str
    at_ms: int
    value: Value
    quality: Quality


@dataclass(frozen=True, slots=True)
class Measured:
    """One kept sample of a signal with its quality. Units: `at_ms` is milliseconds since 1970 UTC."""

    at_ms: int
    value: Value
    quality: Quality


@dataclass(frozen=True, slots=True)
class Series:
    """Points of one signal in order of time; `is_downsampled` says that points were left out to keep the shape."""

    signal: str
    points: list[Point]
    is_downsampled: bool = False
