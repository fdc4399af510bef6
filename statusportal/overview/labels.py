"""What a machine's label tells a stranger. Edges ask as SYSTEM: what counts here is the owner's choice alone."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select

from statusportal.fleet.models import Device, Ownership
from statusportal.fleet.policy import owned_at
from statusportal.foundation.clock import from_ms
from statusportal.foundation.vocabulary import Connectivity, Health
from statusportal.labels.models import PublicChoice
from statusportal.labels.vocabulary import PublicMinimum
from statusportal.status.models import DeviceStatus
from statusportal.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicFace:
    """What the owner shows of a machine; `health` and `connectivity` are None where only its model is shown."""

    model: str
    serial: str
    health: Health | None = None
    connectivity: Connectivity | None = None
    last_sample_at: datetime | None = None


def find_face_by_label(work: Work, label: str) -> PublicFace | None:
    """Return what the label's machine shows; None for a private machine as for a label that is on none."""
    return _find_face(work, Device.label == label)


def find_face(work: Work, device_id: UUID) -> PublicFace | None:
    """Return what a machine shows, by its id; None for a private one as for none."""
    return _find_face(work, Device.id == device_id)


def _find_face(work: Work, which: ColumnElement[bool]) -> PublicFace | None:
    query = (
        select(Device, PublicChoice.level, DeviceStatus)
        .join(Ownership, (Ownership.device_id == Device.id) & owned_at(work.now))
        .join(
            PublicChoice,
            (PublicChoice.organisation_id == Ownership.organisation_id)
            & (PublicChoice.device_id == Ownership.device_id)
            & (PublicChoice.ownership_id == Ownership.id),
        )
        .outerjoin(DeviceStatus, DeviceStatus.device_id == Device.id)
        .where(which, PublicChoice.level != PublicMinimum.NOTHING.value)
    )
    found = work.session.execute(query).one_or_none()
    if found is None:
        return None
    device, level = found.Device, found.level
    status: DeviceStatus | None = found.DeviceStatus
    if level != PublicMinimum.HEALTH:
        return PublicFace(model=device.model.name, serial=device.serial)
    return PublicFace(
        model=device.model.name,
        serial=device.serial,
        health=Health(status.health) if status else Health.UNKNOWN,
        connectivity=Connectivity(status.connectivity) if status else Connectivity.NEVER_SEEN,
        last_sample_at=from_ms(status.last_sample_at_ms) if status and status.last_sample_at_ms is not None else None,
    )
