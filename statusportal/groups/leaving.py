"""What a member was let in at by name ends with the membership: it was given to one of the house."""

from sqlalchemy import select

from statusportal.accounts.events import MembershipChanged
from statusportal.accounts.models import Membership
from statusportal.custody.granting import take_back
from statusportal.fleet.models import AccessGrant
from statusportal.groups.grouping import end_group_grant
from statusportal.groups.models import GroupGrant
from statusportal.work import Work


def end_grants_of_leaver(work: Work, event: MembershipChanged) -> None:
    """End what an organisation granted to one who left it, on groups and devices: a projection, at once."""
    if work.session.get(Membership, (event.organisation_id, event.person_id)) is not None:
        return
    of_groups = select(GroupGrant).where(
        GroupGrant.organisation_id == event.organisation_id,
        GroupGrant.to_person_id == event.person_id,
        GroupGrant.revoked_at.is_(None),
    )
    for grant in work.session.scalars(of_groups).all():
        end_group_grant(work, grant)
    of_devices = select(AccessGrant).where(
        AccessGrant.organisation_id == event.organisation_id,
        AccessGrant.to_person_id == event.person_id,
        AccessGrant.revoked_at.is_(None),
    )
    for row in work.session.scalars(of_devices).all():
        take_back(work, row)
