"""What every wire format promises, and the words for what it gives back.

Source: the outward face, telemetry in: a reject names the list position, the signal and the reason.
"""

from typing import Protocol

import msgspec

from devices.reading import Reading
from devices.sentence import Sentence


class Reject(msgspec.Struct, frozen=True):
    """Say which sample was not taken and why; without a signal, the whole item at `index` was not."""

    index: int
    signal: str | None
    detail: Sentence


class Decoded(msgspec.Struct, frozen=True):
    """Hold what a body said.

    Shape: `positions[n]` is the list position of `readings[n]` in the body (the line for text formats), so that
    a later refusal can name it too. Both orders are the body's. Empty readings and empty rejects: an empty body.
    """

    readings: tuple[Reading, ...] = ()
    rejects: tuple[Reject, ...] = ()
    positions: tuple[int, ...] = ()


class Format(Protocol):
    """Read one kind of body; the same bytes always give the same answer."""

    def decode(self, body: bytes, *, topic: str | None, arrived_ms: int) -> Decoded:
        """Turn a body into readings, rejecting single samples with a reason.

        Units: `arrived_ms` is milliseconds since 1970 UTC; it stands in where a sample brings no time.
        Raises: PayloadMalformed: nothing of the body can be used. No other error, whatever the bytes.
        """
        ...
