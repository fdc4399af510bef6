"""Who makes share links, and who sees and ends them."""

from sqlalchemy import ColumnElement, or_, true

from statusportal.access.actor import Actor
from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds, declare, declare_grantable
from statusportal.access.vocabulary import MemberRole, Right, StaffRole
from statusportal.sharing.models import ShareLink

declare(
    {
        Permission.LINK_MAKE: [MemberRole.CUSTOMER_ADMIN, StaffRole.SUPPORT, StaffRole.ADMIN],
        # Support's page, from which any page of a customer is sent to their people.
        Permission.LINK_SEND: [StaffRole.SUPPORT, StaffRole.ADMIN],
    }
)
declare_grantable({Permission.LINK_MAKE: Right.MANAGE})


def visible_links(actor: Actor) -> ColumnElement[bool]:
    """Limit to links on what one's organisations own, whoever made them, and to those one made oneself.

    Staff who make links see every link, and so do the portal's jobs.
    """
    if actor.is_operator and actor_holds(actor, Permission.LINK_MAKE, None):
        return true()
    looked_after = [one for one in actor.organisations if actor_holds(actor, Permission.LINK_MAKE, one)]
    # Without a person this compares with NULL, which no link's maker is.
    return or_(ShareLink.organisation_id.in_(looked_after), ShareLink.created_by == actor.person_id)
