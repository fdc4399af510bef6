"""Words of entries."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class EntryKind(StrEnum):
    """What an entry is about."""

    TRANSITION = "transition"
    CONDITION = "condition"
    FIELD_UPDATE = "field_update"
    MAINTENANCE = "maintenance"
    BULLETIN = "bulletin"
    QUESTION = "question"
    OWNERSHIP = "ownership"


class Lifecycle(StrEnum):
    """How far the work on an entry has come. It reopens on relapse."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"


class Audience(StrEnum):
    """Who may read, from narrow to wide. A comment is never wider than its parent."""

    INTERNAL = "internal"
    ORGANISATION = "organisation"
    SHARED = "shared"
    MODEL = "model"
    PUBLIC = "public"

    @property
    def width(self) -> int:
        """Order for comparison: internal is the narrowest."""
        return list(Audience).index(self)


class HappeningKind(StrEnum):
    """What happened to an entry itself."""

    LIFECYCLE = "lifecycle"
    EDITED = "edited"
    AUDIENCE = "audience"
    REOPENED = "reopened"
    ACTIVE_AGAIN = "active_again"
    CLEARED = "cleared"
    JOINED = "joined"
    COUNTED = "counted"
    CONFIRMED = "confirmed"
    CORRECTED = "corrected"
    WORK = "work"
    DISPUTED = "disputed"
    CONSENT_ASKED = "consent_asked"
    CONSENT_GIVEN = "consent_given"
    CONSENT_REFUSED = "consent_refused"


@dataclass(frozen=True, slots=True)
class EntryFilters:
    """Narrow a list of entries; what is left out narrows nothing. `since` is inclusive, `until` exclusive."""

    device_id: UUID | None = None
    model_id: UUID | None = None
    kinds: frozenset[EntryKind] = frozenset()
    lifecycles: frozenset[Lifecycle] = frozenset()
    health: str | None = None
    code: str | None = None
    since: datetime | None = None
    until: datetime | None = None


NO_FILTERS = EntryFilters()

# The kinds that a person publishes; the others are the portal's own.
OPERATORS_KINDS = frozenset({EntryKind.FIELD_UPDATE, EntryKind.MAINTENANCE})
PUBLISHED_KINDS = OPERATORS_KINDS | {EntryKind.QUESTION}

# What may be chosen today; wider audiences need a publication to reach anybody.
CHOSEN_AUDIENCES = frozenset({Audience.INTERNAL, Audience.ORGANISATION, Audience.SHARED})

_WORKING = frozenset(
    {Lifecycle.ACKNOWLEDGED, Lifecycle.INVESTIGATING, Lifecycle.IDENTIFIED, Lifecycle.MONITORING, Lifecycle.RESOLVED}
)

# Every possible step. Nothing goes back to open except by a relapse: from monitoring, or from resolved.
STEPS: dict[Lifecycle, frozenset[Lifecycle]] = {
    Lifecycle.OPEN: _WORKING,
    Lifecycle.ACKNOWLEDGED: _WORKING,
    Lifecycle.INVESTIGATING: _WORKING,
    Lifecycle.IDENTIFIED: _WORKING,
    Lifecycle.MONITORING: _WORKING | {Lifecycle.OPEN},
    Lifecycle.RESOLVED: frozenset({Lifecycle.OPEN}),
}

# The steps of those who own the machine: "we have seen it" and "it is still broken".
OWNERS_STEPS = frozenset({Lifecycle.ACKNOWLEDGED, Lifecycle.OPEN})
