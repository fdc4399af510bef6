"""A read for one page: how all machines of a model are, in groups too large to tell whose they are."""

from uuid import UUID

from sqlalchemy import case, func, select

from statusportal.accounts.models import Organisation
from statusportal.accounts.vocabulary import OrganisationKind
from statusportal.community.vocabulary import LEAST_OWNERS
from statusportal.fleet.models import Device, Ownership
from statusportal.foundation.vocabulary import Connectivity, Health
from statusportal.status.models import DeviceStatus
from statusportal.work import Work, beyond_walls

_ORDER = list(Health)


def fleet_healths(work: Work, model_id: UUID) -> list[tuple[Health, int]]:
    """Count the machines of a model by health now; one that is silent counts as unknown.

    Shape: groups that belong to fewer than five organisations are left out, so that no count is about somebody.
    """
    is_heard = DeviceStatus.connectivity.in_((Connectivity.ONLINE, Connectivity.STALE))
    health = case((is_heard, DeviceStatus.health), else_=Health.UNKNOWN.value)
    owners = func.count(Ownership.organisation_id.distinct())
    query = (
        select(health, func.count())
        .select_from(DeviceStatus)
        .join(Device, Device.id == DeviceStatus.device_id)
        .join(Ownership, Ownership.device_id == Device.id)
        .join(Organisation, Organisation.id == Ownership.organisation_id)
        .where(Device.model_id == model_id, Ownership.to_at.is_(None), Organisation.kind != OrganisationKind.OPERATOR)
        .group_by(health)
        .having(owners >= LEAST_OWNERS)
    )
    # Whoever asks is shown no machine of another's; only counts of many leave this block.
    with beyond_walls(work):
        found = [(Health(one), count) for one, count in work.session.execute(query)]
    return sorted(found, key=lambda one: _ORDER.index(one[0]))
