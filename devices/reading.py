"""The one noun that leaves this package: a timed value of one signal of one machine."""

from collections.abc import Iterable
from enum import StrEnum
from typing import TypeAlias

import msgspec

Value: TypeAlias = float | int | bool | str

INTEGER_MAXIMUM = 2**63 - 1
INTEGER_MINIMUM = -(2**63)
TEXT_MAXIMUM_LENGTH = 1_000
SIGNAL_MAXIMUM_LENGTH = 200


class Quality(StrEnum):
    """How far a value may be trusted: as measured, old, or known to be wrong."""

    GOOD = "good"
    STALE = "stale"
    BAD = "bad"


class Reading(msgspec.Struct, frozen=True, gc=False):
    """Carry one value from the wire to a sink.

    Shape: `serial` is the machine as the wire names it, None where the credential already says which one.
    Units: `at_ms` is milliseconds since 1970-01-01 UTC; `unit` is a symbol of `devices.units`, or the wire's own.
    """

    serial: str | None
    signal: str
    at_ms: int
    value: Value
    quality: Quality = Quality.GOOD
    unit: str | None = None
    is_retained: bool = False


def retained(readings: Iterable[Reading]) -> tuple[Reading, ...]:
    """Mark readings that a broker kept for later: their arrival is no sign of life."""
    return tuple(msgspec.structs.replace(reading, is_retained=True) for reading in readings)
