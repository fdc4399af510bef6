"""Who may see as a customer, and who reads that it happened: the person, those who look after them, and who did it."""

from sqlalchemy import ColumnElement, or_, true

from statusportal.access.actor import Actor
from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds, declare
from statusportal.access.vocabulary import StaffRole
from statusportal.seen_as.models import SeenAs

declare({Permission.CUSTOMER_SEE_AS: [StaffRole.SUPPORT, StaffRole.ADMIN]})


def visible_visits(actor: Actor) -> ColumnElement[bool]:
    """Limit to visits to oneself, to people of organisations one administers, and to those one made.

    Who reads the audit log reads all of them, and so do the portal's jobs.
    """
    if actor.is_operator and actor_holds(actor, Permission.AUDIT_VIEW, None):
        return true()
    looked_after = [one for one in actor.organisations if actor_holds(actor, Permission.ORGANISATION_ADMINISTER, one)]
    # Without a person both compare with NULL, which no row holds.
    return or_(
        SeenAs.organisation_id.in_(looked_after),
        SeenAs.person_id == actor.person_id,
        SeenAs.staff_id == actor.person_id,
    )
