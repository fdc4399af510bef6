"""Who sees entries, and which roles may do what with them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, true
from sqlalchemy.orm import InstrumentedAttribute

from statusportal.access.actor import Actor
from statusportal.access.permissions import Permission
from statusportal.access.policy import EVERYONE, declare
from statusportal.access.vocabulary import ActorKind, StaffRole
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

# These reach whoever `rows_visible_to` lets at the row, grantees too.
_BEYOND_THE_OWNER = (Audience.SHARED, Audience.MODEL, Audience.PUBLIC)


def visible_entries(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """Keep the entries that the actor may read: by whose they are and when they arose, and by their audience."""
    if actor.kind is ActorKind.SYSTEM:
        return true()
    if actor.kind is not ActorKind.PERSON or _out_of_scope(actor):
        return false()
    rows = rows_visible_to(actor, StatusEntry.organisation_id, StatusEntry.device_id, StatusEntry.opened_at, now)
    return and_(rows, audience_reaches(actor, StatusEntry.audience, StatusEntry.organisation_id))


def audience_reaches(
    actor: Actor, audience: InstrumentedAttribute[str], organisation_id: InstrumentedAttribute[UUID]
) -> ColumnElement[bool]:
    """Keep rows whose audience includes the actor, given that the rows are in the actor's reach at all."""
    if actor.is_operator:
        return true()
    # Whom an organisation's own words reach, the organisations above it do too, where they reach the rows at all.
    own = sorted(actor.organisations | actor.sites)
    return or_(
        audience.in_(_BEYOND_THE_OWNER),
        and_(audience == Audience.ORGANISATION, organisation_id.in_(own)),
    )


def _out_of_scope(actor: Actor) -> bool:
    """Tell whether the actor came by a token that was made for other things."""
    return actor.scopes is not None and Permission.ENTRY_VIEW.value not in actor.scopes
