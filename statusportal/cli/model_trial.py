"""What a changed model would make of its machines: the last days of each, by the rules that are and would be."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import select

from devices.reading import Quality
from statusportal.fleet.models import Device
from statusportal.foundation.vocabulary import Health
from statusportal.profiles.vocabulary import Profile
from statusportal.rules.replaying import replay
from statusportal.rules.vocabulary import Sample
from statusportal.telemetry.queries import last_values_of
from statusportal.telemetry.store.opening import sample_reader
from statusportal.work import Work

DAYS = 7
_DAY_MS = 86_400_000
_MOST_SAMPLES = 10_000


def changed_devices(work: Work, model_id: UUID, before: Profile, after: Profile) -> list[str]:
    """Say which devices of a model would have another health now, judged by the days before their last sample."""
    found = []
    devices = select(Device).where(Device.model_id == model_id).order_by(Device.serial, Device.id)
    for device in work.session.scalars(devices):
        samples = list(_samples(work, device.id))
        was, would_be = (_health(profile, samples) for profile in (before, after))
        if was is not would_be:
            found.append(f"device {device.serial}: {was} would be {would_be}")
    return found


def _samples(work: Work, device_id: UUID) -> Iterator[Sample]:
    reader, values = sample_reader(), last_values_of(work, device_id)
    newest_ms = max((last.at_ms for last in values), default=0)
    spans = [(newest_ms - DAYS * _DAY_MS, newest_ms + 1)]
    for last in values:
        after_ms: int | None = None
        while measured := reader.samples(work, device_id, last.signal, spans, _MOST_SAMPLES, after_ms):
            after_ms = measured[-1].at_ms
            yield from (Sample(one.at_ms, last.signal, one.value) for one in measured if one.quality is Quality.GOOD)


def _health(profile: Profile, samples: list[Sample]) -> Health:
    active: dict[tuple[str, str | None], Health] = {}
    for change in replay(profile, samples):
        if change.after.is_active:
            active[change.code, change.signal] = change.health
        else:
            active.pop((change.code, change.signal), None)
    return max(active.values(), key=lambda health: health.rank, default=Health.NORMAL)
