"""The owner's one choice about a label: what it tells a stranger."""

from uuid import UUID

from statusportal.access.permissions import Permission
from statusportal.audit.service import record_act
from statusportal.fleet.queries import device_for
from statusportal.fleet.service import present_ownership
from statusportal.labels.models import PublicChoice
from statusportal.labels.vocabulary import PublicMinimum
from statusportal.work import Work


def choose_public_minimum(work: Work, device_id: UUID, level: PublicMinimum) -> PublicMinimum:
    """Let strangers read this much of a device, from now and as long as its present owner has it.

    Raises: NotFound, Forbidden.
    """
    device = device_for(work, device_id)
    ownership = present_ownership(work, device, Permission.DEVICE_SHARE)
    key = (ownership.organisation_id, device.id, ownership.id)
    row = work.session.get(PublicChoice, key)
    if row is None:
        row = PublicChoice(organisation_id=key[0], device_id=key[1], ownership_id=key[2], level="", changed_at=work.now)
        work.session.add(row)
    row.level, row.changed_at = level.value, work.now
    work.session.flush()
    organisation_id = ownership.organisation_id
    record_act(work, "device.published", "device", device.id, organisation_id=organisation_id, level=level.value)
    return level
