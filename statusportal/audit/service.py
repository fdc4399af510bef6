"""Writing to the log; it commits with the act it records."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from statusportal.audit.models import AuditRecord, AuditWaiting
from statusportal.foundation.ids import new_id
from statusportal.work import Work


def record_act(
    work: Work,
    act: str,
    subject_kind: str,
    subject_id: object,
    *,
    organisation_id: UUID | None = None,
    **codes: str | float | None,
) -> None:
    """Append one act of the work's actor.

    Shape: `codes` are ids, counts and codes; a name or a text does not belong here, since erasing a person must
    break nothing.
    """
    actor, record_id = work.actor, new_id()
    work.session.add(AuditWaiting(record_id=record_id))
    work.session.add(
        AuditRecord(
            id=record_id,
            at=work.now,
            act=act,
            actor_kind=actor.kind.value,
            actor_id=actor.person_id or actor.credential_id,
            organisation_id=organisation_id,
            subject_kind=subject_kind,
            subject_id=str(subject_id),
            codes=dict(codes),
        )
    )


def record_sight(
    work: Work, subject_kind: str, subject_id: UUID, organisation_id: UUID | None, since: datetime
) -> datetime:
    """Append that the actor opened a thing, unless that stands in the log since an instant, and return when it does."""
    act = f"{subject_kind}.seen"
    known = select(func.max(AuditRecord.at, type_=AuditRecord.at.type)).where(
        AuditRecord.at > since,
        AuditRecord.act == act,
        AuditRecord.actor_id == work.actor.person_id,
        AuditRecord.subject_id == str(subject_id),
    )
    written_at = work.session.scalar(known)
    if written_at is None:
        record_act(work, act, subject_kind, subject_id, organisation_id=organisation_id)
    return written_at or work.now


def record_denial(work: Work, permission: str, endpoint: str) -> None:
    """Append that the actor was refused. The edge's error table calls it in work of its own: the refused one is gone.

    Shape: `endpoint` is a route's name in the code, never an address, which may hold a name or a secret.
    """
    record_act(work, "denied", "route", endpoint, permission=permission)
