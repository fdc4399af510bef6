"""Who sees entries, and which roles may do what with them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, true
from sqlalchemy.orm import InstrumentedAttribute

from statusportal.access.actor import Actor
from statusportal.access.permissions import Permission
from statusportal.access.policy import EVERYONE, declare, declare_grantable, declare_lasting
from statusportal.access.vocabulary import ActorKind, Right, StaffRole
from statusportal.entries.models import StatusEntry
from statusportal.entries.vocabulary import Audience
from statusportal.fleet.policy import rows_visible_to

# Product reads what customers say; it does not work on their machines.
_WORKERS = (StaffRole.ENGINEER, StaffRole.SUPPORT, StaffRole.EXPERT, StaffRole.ADMIN)

declare(
    {
        Permission.ENTRY_VIEW: EVERYONE,
        Permission.ENTRY_ASK: EVERYONE,
        Permission.ENTRY_PUBLISH: _WORKERS,
        Permission.ENTRY_MOVE: _WORKERS,
        Permission.ENTRY_ACKNOWLEDGE: EVERYONE,
        Permission.ENTRY_DECLARE_HEALTH: _WORKERS,
    }
)
declare_grantable({Permission.ENTRY_VIEW: Right.VIEW, Permission.ENTRY_ASK: Right.COMMENT})
declare_grantable({Permission.ENTRY_ACKNOWLEDGE: Right.ACK})
declare_lasting(Permission.ENTRY_VIEW)

# These reach whoever `rows_visible_to` lets at the row, grantees too.
_BEYOND_THE_OWNER = (Audience.SHARED, Audience.MODEL, Audience.PUBLIC)
_WITH_THE_OWNER = (Audience.ORGANISATION, *_BEYOND_THE_OWNER)


def visible_entries(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """Keep the entries that the actor may read: by whose they are and when they arose, and by their audience."""
    if actor.kind is ActorKind.SYSTEM:
        return true()
    if not actor.is_scoped_to(Permission.ENTRY_VIEW):
        return false()
    rows = rows_visible_to(actor, StatusEntry.organisation_id, StatusEntry.device_id, StatusEntry.opened_at, now)
    named = true() if actor.link is None or actor.link.entry_id is None else StatusEntry.id == actor.link.entry_id
    return and_(rows, named, audience_reaches(actor, StatusEntry.audience, StatusEntry.organisation_id))


def audience_reaches(
    actor: Actor, audience: InstrumentedAttribute[str], organisation_id: InstrumentedAttribute[UUID]
) -> ColumnElement[bool]:
    """Keep rows whose audience includes the actor, given that the rows are in the actor's reach at all."""
    if actor.is_operator:
        return true()
    if actor.link is not None:
        shown = _WITH_THE_OWNER if actor.link.is_inside else _BEYOND_THE_OWNER
        return and_(organisation_id == actor.link.organisation_id, audience.in_(shown))
    # Whom an organisation's own words reach, the organisations above it do too, where they reach the rows at all.
    own = sorted(actor.organisations | actor.sites)
    return or_(
        audience.in_(_BEYOND_THE_OWNER),
        and_(audience == Audience.ORGANISATION, organisation_id.in_(own)),
    )
