"""Pure: messages on their way into the store, each read once in its format, and the verdict over each."""

from collections.abc import Iterable, Sequence
from typing import Final

from devices.errors import PayloadMalformed
from devices.formats.native_json import decode_native
from devices.formats.protocol import Decoded
from devices.formats.thingsboard_json import GATEWAY_ATTRIBUTES_TOPIC, GATEWAY_TOPIC, decode_thingsboard
from devices.reading import Reading, retained
from statusportal.ingest.mqtt.packets import Reason
from statusportal.ingest.mqtt.session import Keep, Verdict
from statusportal.ingest.mqtt.topics import Purpose
from statusportal.telemetry.store.port import Rejection

_REASONS_SHOWN: Final = 3
_OF_GATEWAYS: Final = {
    Purpose.GATEWAY_TELEMETRY: GATEWAY_TOPIC,
    Purpose.GATEWAY_ATTRIBUTES: GATEWAY_ATTRIBUTES_TOPIC,
}


class Parcel:
    """One message with its time of arrival: opened once, whatever is tried again, and closed with a verdict.

    Units: `arrived_ms` is milliseconds since 1970 UTC; samples that bring no time of their own have it.
    """

    __slots__ = ("arrived_ms", "is_sealed", "message", "readings", "rejections", "verdict")

    def __init__(self, message: Keep, arrived_ms: int) -> None:
        self.message = message
        self.arrived_ms = arrived_ms
        self.is_sealed = True
        self.readings: Sequence[Reading] = ()
        self.rejections: list[Rejection] = []
        self.verdict: Verdict | None = None

    def open(self, most: int, *, is_gateway: bool) -> None:
        """Read the message in the form that its topic and its sender's kind say; 0 is no limit to its samples."""
        self.is_sealed = False
        if not _may_send(self.message.purpose, is_gateway=is_gateway):
            self.verdict = Verdict(Reason.NOT_AUTHORIZED, "This token does not speak for that topic.")
            return
        try:
            decoded = _decode(self.message, self.arrived_ms, is_gateway=is_gateway)
        except PayloadMalformed as err:
            self.verdict = Verdict(Reason.PAYLOAD_UNUSABLE, str(err.detail))
            return
        if not is_gateway and any(reading.serial is not None for reading in decoded.readings):
            self.verdict = Verdict(Reason.NOT_AUTHORIZED, "This token does not speak for other machines.")
            return
        if most and len(decoded.readings) + len(decoded.rejects) > most:
            self.verdict = Verdict(Reason.OVER_QUOTA, f"At most {most} samples a message.")
            return
        self.readings = retained(decoded.readings) if self.message.is_retained else decoded.readings
        self.rejections = [Rejection(one.index, one.signal, one.detail) for one in decoded.rejects]
        if not self.readings:
            self.verdict = Verdict(Reason.PAYLOAD_UNUSABLE, self._told() or "It holds no values.")

    def close(self, refused: Iterable[Rejection]) -> None:
        """Give the verdict once the store has answered: the message is refused when nothing of it is there."""
        kept = len(self.readings)
        for one in refused:
            self.rejections.append(one)
            kept -= 1
        if kept:
            self.verdict = Verdict(words=self._told())
        else:
            self.verdict = Verdict(Reason.PAYLOAD_UNUSABLE, self._told())

    def _told(self) -> str:
        reasons = "; ".join(
            f"{one.signal}: {one.detail}" if one.signal else str(one.detail) for one in self.rejections[:_REASONS_SHOWN]
        )
        return f"{len(self.rejections)} rejected: {reasons}" if reasons else ""


def portions(parcels: Iterable[Parcel], most: int) -> list[list[Parcel]]:
    """Part those without a verdict, in their order, into portions with at most so many samples, or one message."""
    found: list[list[Parcel]] = []
    room = 0
    for parcel in parcels:
        if parcel.verdict is not None:
            continue
        if len(parcel.readings) > room:
            found.append([])
            room = most
        found[-1].append(parcel)
        room -= len(parcel.readings)
    return found


def _may_send(purpose: Purpose, *, is_gateway: bool) -> bool:
    """Tell whether a token's kind fits: a device speaks of itself, a gateway of others, and both on the first topic."""
    return purpose is Purpose.TELEMETRY or is_gateway == (purpose in _OF_GATEWAYS)


def _decode(message: Keep, arrived_ms: int, *, is_gateway: bool) -> Decoded:
    if message.purpose is Purpose.TELEMETRY and is_gateway:
        return decode_native(message.payload, arrived_ms=arrived_ms, is_gateway=True)
    return decode_thingsboard(message.payload, topic=_OF_GATEWAYS.get(message.purpose), arrived_ms=arrived_ms)
