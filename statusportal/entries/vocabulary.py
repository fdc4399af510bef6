"""Words of entries."""

from enum import StrEnum


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
