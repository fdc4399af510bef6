"""Reads of trials: what a changed model would make of its devices, by the last days of each."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.catalogue.profiling import profile_of
from statusportal.catalogue.vocabulary import ModelRules
from statusportal.fleet.models import Device
from statusportal.fleet.policy import visible_devices
from statusportal.fleet.queries import ownerships_at
from statusportal.rules.evaluating import Device as Judged
from statusportal.telemetry.queries import last_values_of
from statusportal.trials.reading import samples_between
from statusportal.trials.vocabulary import Trial, Turn
from statusportal.trials.watching import worst_of
from statusportal.tuning.queries import bands_under
from statusportal.tuning.vocabulary import Bands, tuned
from statusportal.work import Work

DAYS = 7
# A few seconds of one core; a command that nobody waits for at a screen may look at all of it.
MOST_SAMPLES = 200_000
_DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Change:
    """A model's rules as they are and as they would be."""

    before: ModelRules
    after: ModelRules


def try_model(work: Work, model_id: UUID, change: Change, most_samples: int | None = MOST_SAMPLES) -> Trial:
    """Say which devices of a model would have another health, each judged by the days before its last sample.

    Shape: in the order of serial numbers, until so many samples were looked at; None looks at all.
    Raises: Forbidden.
    """
    require(work.actor, Permission.MODEL_ADMINISTER)
    of_model = (Device.model_id == model_id) & visible_devices(work.actor, work.now)
    count = work.session.scalar(select(func.count()).select_from(Device).where(of_model)) or 0
    turns: list[Turn] = []
    looked_at = read = 0
    for device in work.session.scalars(select(Device).where(of_model).order_by(Device.serial, Device.id)):
        if most_samples is not None and read >= most_samples:
            break
        looked_at += 1
        turn, heard = _turn(work, device, change)
        read += heard
        if turn is not None:
            turns.append(turn)
    return Trial(tuple(turns), looked_at, count)


def _turn(work: Work, device: Device, change: Change) -> tuple[Turn | None, int]:
    bands: Bands = bands_under(work, ownerships_at(work, [device.id], work.now).values()).get(device.id, {})
    was, would_be = (Judged(profile_of("", tuned(one, bands))) for one in (change.before, change.after))
    values = last_values_of(work, device.id)
    newest_ms = max((last.at_ms for last in values), default=0)
    names = [last.signal for last in values]
    read = 0
    for sample in samples_between(work, device.id, names, newest_ms - DAYS * _DAY_MS, newest_ms + 1):
        read += 1
        was.hear(*sample)
        would_be.hear(*sample)
        was.changes.clear()
        would_be.changes.clear()
    (health, _), (other, codes) = worst_of(was), worst_of(would_be)
    if health is other:
        return None, read
    return Turn(device.id, device.serial, device.name_at(work.now), health, other, codes), read
