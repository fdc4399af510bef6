"""Reads for the audit page: the log's rows, with the names that its ids still have."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select, union_all

from statusportal.accounts.models import Organisation, Person
from statusportal.audit.models import AuditRecord
from statusportal.audit.queries import NO_FILTERS, AuditFilters, audit_page
from statusportal.catalogue.models import DeviceModel
from statusportal.fleet.models import Device
from statusportal.foundation.paging import Page, Slice
from statusportal.work import Work

_NAMED = (Person, Organisation, Device, DeviceModel)


@dataclass(frozen=True, slots=True)
class ActNamed:
    """An act in the log with names beside its ids; empty where nothing of that id is left, or may be known."""

    record: AuditRecord
    actor: str = ""
    organisation: str = ""
    subject: str = ""
    codes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def actor_role(self) -> str | None:
        """Return the role at the operator that the actor had then."""
        return self.record.codes.get("actor_role")


def acts_named(work: Work, wanted: Slice, filters: AuditFilters = NO_FILTERS) -> Page[ActNamed]:
    """List acts, the newest first, in two queries. The log itself keeps ids, so that erasing a person breaks nothing.

    Raises: Forbidden.
    """
    page = audit_page(work, wanted, filters)
    names = _names_of(work, {one for record in page.items for one in _ids_in(record)})
    rows = [
        ActNamed(
            record=record,
            actor=names.get(record.actor_id, ""),
            organisation=names.get(record.organisation_id, ""),
            subject=names.get(id_in(record.subject_id), ""),
            codes={name: value for name, value in record.codes.items() if name != "actor_role"},
        )
        for record in page.items
    ]
    return Page(rows, page.next_cursor)


def id_in(text: str) -> UUID | None:
    """Read the id that a subject is called by; some are called by a word."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _ids_in(record: AuditRecord) -> Iterable[UUID]:
    found = (record.actor_id, record.organisation_id, id_in(record.subject_id))
    return (one for one in found if one is not None)


def _names_of(work: Work, wanted: set[UUID]) -> dict[UUID | None, str]:
    parts = (select(kind.id, kind.name).where(kind.id.in_(wanted)) for kind in _NAMED)
    return {row.id: row.name for row in work.session.execute(union_all(*parts))}
