"""The verb of those who work on a machine: words and the step they bring are one act, and a report has four lines."""

from dataclasses import asdict
from uuid import UUID

from statusportal.discussion.models import Comment
from statusportal.discussion.service import post_comment
from statusportal.discussion.vocabulary import CommentKind, FieldReport
from statusportal.entries.service import move_lifecycle
from statusportal.entries.vocabulary import Audience, Lifecycle
from statusportal.foundation.errors import Invalid, Sentence
from statusportal.prose.checking import text_checked
from statusportal.work import Work

_LABELS = {"found": "Found", "did": "Did", "parts": "Parts", "next": "Next"}


def say(  # noqa: PLR0913 - what one composer sends, each by its name
    work: Work,
    entry_id: UUID,
    body: str,
    *,
    parent_id: UUID | None = None,
    kind: CommentKind = CommentKind.COMMENT,
    audience: Audience | None = None,
    lifecycle: Lifecycle | None = None,
    report: FieldReport | None = None,
) -> Comment:
    """Post a comment as what it is: an official update may take a step of the lifecycle, a field report has its lines.

    Raises: as `post_comment` and `move_lifecycle`; Invalid with pointers for a step or lines that belong to no such
    comment.
    """
    if lifecycle is not None and kind is not CommentKind.UPDATE:
        raise Invalid.field("/lifecycle", Sentence("goes with an official update alone"))
    if report is not None and kind is not CommentKind.FIELD_REPORT:
        raise Invalid.field("/report", Sentence("goes with a field report alone"))
    if report is not None:
        for name in _LABELS:
            text_checked(work, f"/report/{name}", getattr(report, name))
    words = body if report is None else _in_words(report, body)
    comment = post_comment(work, entry_id, words, parent_id=parent_id, kind=kind, audience=audience)
    if report is not None:
        comment.report = {**asdict(report), "more": body.strip()}
    if lifecycle is not None:
        move_lifecycle(work, entry_id, lifecycle)
    work.session.flush()
    return comment


def _in_words(report: FieldReport, body: str) -> str:
    """Write the lines as text too, for search, letters and whoever reads no structure."""
    lines = [f"{label}: {words}" for name, label in _LABELS.items() if (words := getattr(report, name).strip())]
    return "\n\n".join([*lines, body.strip()]).strip()
