"""Reads of the log."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select, tuple_

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.audit.models import AuditRecord
from statusportal.audit.policy import visible_records
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
    query = select(AuditRecord).where(visible_records(work.actor), *_conditions(filters))
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
