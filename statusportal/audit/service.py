"""Writing to the log; it commits with the act it records."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from statusportal.access.actor import Actor
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
    """Append one act of the work's actor. Of staff it keeps the role they had.

    Shape: `codes` are ids, counts and codes; a name or a text does not belong here, since erasing a person must
    break nothing.
    """
    row = AuditRecord(act=act, subject_kind=subject_kind, subject_id=str(subject_id), organisation_id=organisation_id)
    _append(work, row, codes)


def record_act_of_device(
    work: Work,
    device_id: UUID,
    act: str,
    subject_kind: str,
    subject_id: object,
    *,
    organisation_id: UUID | None = None,
    **codes: str | float | None,
) -> None:
    """Append an act on what is a device's and not the device itself, as `record_act`: its owners are told there."""
    row = AuditRecord(act=act, subject_kind=subject_kind, subject_id=str(subject_id), organisation_id=organisation_id)
    row.device_id = device_id
    _append(work, row, codes)


def _append(work: Work, row: AuditRecord, codes: Mapping[str, str | float | None]) -> None:
    actor = work.actor
    row.id, row.at, row.actor_kind = new_id(), work.now, actor.kind.value
    row.actor_id = actor.person_id or actor.credential_id
    row.codes = {**codes, **_standing(actor)}
    work.session.add_all([row, AuditWaiting(record_id=row.id)])


def _standing(actor: Actor) -> dict[str, str]:
    return {"actor_role": actor.staff_role.value} if actor.staff_role else {}


def record_sight(
    work: Work, subject_kind: str, subject_id: UUID, organisation_id: UUID | None, since: datetime
) -> datetime:
    """Append that the actor opened a thing of an owner, unless the log has it since an instant; return when it does."""
    act = f"{subject_kind}.seen"
    known = select(func.max(AuditRecord.at, type_=AuditRecord.at.type)).where(
        AuditRecord.at > since,
        AuditRecord.act == act,
        AuditRecord.actor_id == work.actor.person_id,
        AuditRecord.subject_id == str(subject_id),
        AuditRecord.organisation_id == organisation_id,
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


def record_export(work: Work, format_name: str, organisation_id: UUID | None) -> None:
    """Append that the log itself was taken along, or an organisation's part of it."""
    subject_id = organisation_id or "whole"
    record_act(work, "export.audit", "log", subject_id, organisation_id=organisation_id, format=format_name)
