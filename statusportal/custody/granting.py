"""Verbs of sharing: letting somebody at a device for a time."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.access.vocabulary import Right
from statusportal.accounts.models import Organisation, Person
from statusportal.audit.service import record_act
from statusportal.fleet.events import AccessGranted, AccessRevoked
from statusportal.fleet.models import AccessGrant, Ownership
from statusportal.fleet.policy import visible_grants
from statusportal.fleet.queries import device_for
from statusportal.foundation.errors import Forbidden, Invalid, NotFound, Sentence
from statusportal.work import Work


def grant_access(
    work: Work,
    device_id: UUID,
    receiver: Organisation | Person,
    rights: Right,
    from_at: datetime | None = None,
    to_at: datetime | None = None,
) -> AccessGrant:
    """Let an organisation or a person at one's device, from now or `from_at` until `to_at`, or until it is revoked.

    Shape: VIEW is always in: nobody can comment on what they cannot see. The grant stands under the ownership that
    holds at `from_at`, so that an owner can hand over the history of their own time, and no other.
    Raises: NotFound, Forbidden, Invalid.
    """
    device = device_for(work, device_id)
    begins = from_at or work.now
    if to_at is not None and to_at <= max(begins, work.now):
        raise Invalid.field("/to_at", Sentence("must lie ahead, after the beginning"))
    ownership = _ownership_to_share(work, device.id, begins)
    if isinstance(receiver, Organisation) and receiver.id == ownership.organisation_id:
        raise Invalid.field("/to", Sentence("has the device already"))
    row = AccessGrant(
        organisation_id=ownership.organisation_id,
        device_id=device.id,
        ownership_id=ownership.id,
        to_organisation_id=receiver.id if isinstance(receiver, Organisation) else None,
        to_person_id=receiver.id if isinstance(receiver, Person) else None,
        rights=(rights | Right.VIEW).value,
        from_at=begins,
        to_at=to_at,
        created_at=work.now,
        created_by=work.actor.person_id,
    )
    work.session.add(row)
    work.session.flush()
    _record(work, "grant.made", row)
    work.emit(AccessGranted(grant_id=row.id, organisation_id=row.organisation_id, device_id=device.id))
    return row


def revoke_grant(work: Work, grant_id: UUID) -> None:
    """End a grant at once.

    Raises: NotFound, Forbidden.
    """
    row = work.session.scalar(select(AccessGrant).where(AccessGrant.id == grant_id, visible_grants(work.actor)))
    if row is None:
        raise NotFound
    require(work.actor, Permission.DEVICE_SHARE, row.organisation_id)
    row.revoked_at = row.revoked_at or work.now
    _record(work, "grant.revoked", row)
    work.emit(AccessRevoked(grant_id=row.id, organisation_id=row.organisation_id, device_id=row.device_id))


def _record(work: Work, act: str, row: AccessGrant) -> None:
    receiver = str(row.to_organisation_id or row.to_person_id)
    codes: dict[str, str | float | None] = {"grant_id": str(row.id), "rights": row.rights, "receiver": receiver}
    record_act(work, act, "device", row.device_id, organisation_id=row.organisation_id, **codes)


def _ownership_to_share(work: Work, device_id: UUID, at: datetime) -> Ownership:
    """Return the ownership of one's own that holds at an instant, whoever's it is when staff asks."""
    query = select(Ownership).where(Ownership.device_id == device_id).order_by(Ownership.from_at.desc())
    if not work.actor.is_operator:
        query = query.where(Ownership.organisation_id.in_(work.actor.organisations))
    rows: Sequence[Ownership] = work.session.scalars(query).all()
    if not rows and not work.actor.is_operator:
        raise Forbidden(Permission.DEVICE_SHARE.value, "the owner")
    fitting = [row for row in rows if row.from_at <= at and (row.to_at is None or at < row.to_at)]
    if not fitting:
        raise Invalid.field("/from", Sentence("lies outside the time in which the device is yours"))
    require(work.actor, Permission.DEVICE_SHARE, fitting[0].organisation_id)
    return fitting[0]
