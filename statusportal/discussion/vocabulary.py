"""Words of discussion."""

from dataclasses import dataclass
from enum import StrEnum


class CommentKind(StrEnum):
    """What a comment is."""

    COMMENT = "comment"
    UPDATE = "update"
    FIELD_REPORT = "field_report"
    SYSTEM = "system"


class CommentState(StrEnum):
    """Whether a comment still speaks. Deleted and hidden ones keep their place."""

    VISIBLE = "visible"
    DELETED = "deleted"
    HIDDEN = "hidden"


class ThreadSort(StrEnum):
    """How siblings are ordered. A branch is never broken."""

    OLDEST = "oldest"
    NEWEST = "newest"
    HELPFUL = "helpful"


# What staff who work on the machine post; anybody else comments.
WORKERS_KINDS = frozenset({CommentKind.UPDATE, CommentKind.FIELD_REPORT})


@dataclass(frozen=True, slots=True)
class FieldReport:
    """The four lines of somebody who was at the machine; a line with nothing to say is empty."""

    found: str = ""
    did: str = ""
    parts: str = ""
    next: str = ""
