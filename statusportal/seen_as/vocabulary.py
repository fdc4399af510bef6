"""Words of seeing as a customer."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One time that somebody of the operator looked as a customer, with everything a reader of the list is told."""

    id: UUID
    organisation_id: UUID
    organisation_name: str
    person_id: UUID
    person_name: str
    staff_id: UUID
    staff_name: str
    reason: str
    began_at: datetime
    ends_at: datetime
    ended_at: datetime | None
    page_count: int
