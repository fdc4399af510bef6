"""Reading evidence. Every read starts from `visible_evidence`."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from statusportal.discussion.models import Comment
from statusportal.discussion.policy import entry_of_comment
from statusportal.entries.models import StatusEntry
from statusportal.evidence.models import Evidence
from statusportal.evidence.policy import comment_of_evidence, visible_evidence
from statusportal.work import Work

# More letters than a curve has room for say less; the newest comments' stand.
_MOST_PINS = 40


def evidence_of(work: Work, comment_ids: Collection[UUID]) -> Mapping[UUID, Sequence[Evidence]]:
    """Return the evidence of each of many comments, in the order it was pinned. Shape: one query; without any, none."""
    found: dict[UUID, list[Evidence]] = defaultdict(list)
    if comment_ids:
        query = _visible(work).where(Evidence.comment_id.in_(comment_ids)).order_by(Evidence.place, Evidence.id)
        for one in work.session.scalars(query):
            found[one.comment_id].append(one)
    return found


def pins_of_device(work: Work, device_id: UUID, signal: str, from_at: datetime, to_at: datetime) -> Sequence[Evidence]:
    """List what is pinned on a stretch of a signal's curve, oldest moment first: the newest pins, if they are many."""
    query = (
        _visible(work)
        .where(
            Evidence.device_id == device_id,
            Evidence.signal == signal,
            Evidence.from_at < to_at,
            or_(Evidence.from_at >= from_at, Evidence.to_at > from_at),
        )
        .order_by(Evidence.id.desc())
        .limit(_MOST_PINS)
    )
    return sorted(work.session.scalars(query), key=lambda one: (one.from_at, one.id))


def last_number(work: Work, entry: StatusEntry, audience: str) -> int:
    """Return how far the letters of one audience have come under an entry."""
    query = (
        select(func.max(Evidence.number))
        .join(Comment, comment_of_evidence())
        .where(
            Evidence.organisation_id == entry.organisation_id,
            Evidence.entry_id == entry.id,
            Comment.audience == audience,
        )
    )
    return work.session.scalar(query) or 0


def _visible(work: Work) -> Select[Evidence]:
    return (
        select(Evidence)
        .join(Comment, comment_of_evidence())
        .join(StatusEntry, entry_of_comment())
        .where(visible_evidence(work.actor, work.now))
    )
