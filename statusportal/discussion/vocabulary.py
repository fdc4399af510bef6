"""Words of discussion."""

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
