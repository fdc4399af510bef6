"""Reads of the log."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, not_, or_, select, tuple_

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.audit.models import AuditRecord
from statusportal.audit.policy import concerning, on_device, visible_records
from statusportal.audit.vocabulary import LOOKS, Part
from statusportal.foundation.paging import Page, Slice, page_of
from statusportal.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilters:
    """Narrow the log; what is None does not narrow. `act` takes a whole family by its beginning: `sign_in`."""

    act: str | None = None
    actor_id: UUID | None = None
    organisation_id: UUID | None = None
    subject_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None


NO_FILTERS = AuditFilters()


def audit_page(work: Work, wanted: Slice, filters: AuditFilters = NO_FILTERS) -> Page[AuditRecord]:
    """List acts, the newest first.

    Raises: Forbidden.
    """
    require(work.actor, Permission.AUDIT_VIEW)
    return _newest_first(work, wanted, visible_records(work.actor), *_conditions(filters))


def organisations_acts(
    work: Work, organisation_id: UUID, wanted: Slice, part: Part = Part.ALL, filters: AuditFilters = NO_FILTERS
) -> Page[AuditRecord]:
    """List what was done with an organisation's things, the newest first.

    Raises: Forbidden.
    """
    require(work.actor, Permission.AUDIT_OWN, organisation_id)
    return _newest_first(work, wanted, concerning([organisation_id]), *_of_part(part), *_conditions(filters))


def devices_acts(
    work: Work, device_id: UUID, organisation_ids: Collection[UUID], wanted: Slice, part: Part = Part.ALL
) -> Page[AuditRecord]:
    """List what was done with a device in the time of these organisations, the newest first.

    Raises: Forbidden.
    """
    for one in organisation_ids:
        require(work.actor, Permission.AUDIT_DEVICE, one)
    return _newest_first(work, wanted, concerning(organisation_ids), on_device(device_id), *_of_part(part))


def _newest_first(work: Work, wanted: Slice, *conditions: ColumnElement[bool]) -> Page[AuditRecord]:
    query = select(AuditRecord).where(*conditions)
    if position := wanted.position(datetime, UUID):
        query = query.where(tuple_(AuditRecord.at, AuditRecord.id) < tuple_(*position))
    newest = query.order_by(AuditRecord.at.desc(), AuditRecord.id.desc()).limit(wanted.limit + 1)
    return page_of(work.session.scalars(newest).all(), wanted, lambda row: (row.at, row.id))


def _conditions(filters: AuditFilters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.act:
        conditions.append(AuditRecord.act.startswith(filters.act, autoescape=True))
    if filters.actor_id:
        conditions.append(AuditRecord.actor_id == filters.actor_id)
    if filters.organisation_id:
        conditions.append(AuditRecord.organisation_id == filters.organisation_id)
    if filters.subject_id:
        conditions.append(AuditRecord.subject_id == filters.subject_id)
    if filters.since:
        conditions.append(AuditRecord.at >= filters.since)
    if filters.until:
        conditions.append(AuditRecord.at < filters.until)
    return conditions


def _of_part(part: Part) -> list[ColumnElement[bool]]:
    looked = or_(*(AuditRecord.act.startswith(one, autoescape=True) for one in LOOKS))
    return {Part.ALL: [], Part.LOOKED: [looked], Part.CHANGED: [not_(looked)]}[part]
