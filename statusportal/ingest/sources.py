"""Where readings come from, and which devices they are for."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from devices.reading import Reading
from devices.sentence import Sentence
from statusportal.access.actor import Actor
from statusportal.catalogue.queries import rules_of
from statusportal.catalogue.vocabulary import ModelRules
from statusportal.fleet.models import Device
from statusportal.fleet.queries import devices_by_serial, find_present_device
from statusportal.foundation.errors import NotSignedIn
from statusportal.profiles.vocabulary import NativeRule
from statusportal.telemetry.store.port import Batch, Incoming, Rejection, Terms
from statusportal.telemetry.vocabulary import QUALITY_NUMBERS
from statusportal.work import Work


@dataclass(frozen=True, slots=True)
class Source:
    """Who sends: a machine's token or a connection. One without a device speaks for all of its organisation.

    Shape: `name` is `credential:<id>` or `connection:<id>`, as conflicts are listed under it.
    """

    name: str
    organisation_id: UUID
    device_id: UUID | None = None

    @classmethod
    def connection(cls, connection_id: UUID, organisation_id: UUID) -> "Source":
        """Name a configured connection."""
        return cls(f"connection:{connection_id}", organisation_id)

    @classmethod
    def machine(cls, actor: Actor) -> "Source":
        """Name the machine that signed in with its token.

        Raises: NotSignedIn for an actor that is none.
        """
        if actor.credential_id is None or actor.gateway_of is None:
            raise NotSignedIn("A device token or a gateway token is needed.")
        return cls(f"credential:{actor.credential_id}", actor.gateway_of, actor.device_id)


def address(work: Work, source: Source, readings: Sequence[Reading], positions: Sequence[int]) -> Batch:
    """Turn readings into samples with the device each is for; a serial number that nobody has is rejected."""
    if source.device_id is not None:
        device = find_present_device(work, source.device_id)
        devices = {reading.serial: device for reading in readings} if device is not None else {}
    else:
        devices = _by_serial(work, source, readings)
    rules = rules_of(work, {device.model_id for device in devices.values()})
    terms = {device.id: _terms(rules[device.model_id]) for device in set(devices.values())}
    samples, rejections = [], []
    for position, reading in zip(positions, readings, strict=True):
        found = devices.get(reading.serial)
        if found is None:
            serial = repr(str(reading.serial)[:100])
            detail = Sentence("no device of yours has the serial number %(serial)s", serial=serial)
            rejections.append(Rejection(position, reading.signal, detail))
            continue
        quality = QUALITY_NUMBERS[reading.quality]
        samples.append(
            Incoming(found.id, reading.signal, reading.at_ms, reading.value, quality, reading.is_retained, position)
        )
    return Batch(source.name, work.now, samples, terms, rejections)


def _by_serial(work: Work, source: Source, readings: Sequence[Reading]) -> dict[str | None, Device]:
    serials = {reading.serial for reading in readings if reading.serial is not None}
    return dict(devices_by_serial(work, source.organisation_id, serials).items())


def _terms(rules: ModelRules) -> Terms:
    own = (one for one in rules.rules if isinstance(one, NativeRule) and one.by_code)
    families = tuple(f"{one.signal}/" for one in own)
    return Terms({name: one.kind for one in rules.signals for name in one.names}, rules.is_strict, families)
