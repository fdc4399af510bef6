"""Reading answers. One that the reader may not read answers nothing for them, in no list and in no count."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased, joinedload

from statusportal.access.actor import Actor
from statusportal.access.permissions import Permission
from statusportal.access.vocabulary import Right
from statusportal.answers.models import AcceptedAnswer, AppliedFix
from statusportal.answers.vocabulary import FixState
from statusportal.discussion.models import Comment
from statusportal.discussion.vocabulary import CommentState
from statusportal.entries.models import StatusEntry
from statusportal.entries.policy import audience_reaches
from statusportal.entries.queries import may_on
from statusportal.work import Work


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """An accepted answer with what was said, and the last fix that came of it."""

    accepted: AcceptedAnswer
    comment: Comment
    fix: AppliedFix | None


def answers_of(work: Work, entry: StatusEntry) -> Sequence[AnswerLine]:
    """List an entry's accepted answers that the reader may read, the newest first, in one query."""
    newer = aliased(AppliedFix)
    superseded = exists(
        select(newer.id).where(
            newer.organisation_id == AppliedFix.organisation_id,
            newer.entry_id == AppliedFix.entry_id,
            newer.comment_id == AppliedFix.comment_id,
            newer.id > AppliedFix.id,
        )
    )
    query = (
        select(AcceptedAnswer, Comment, AppliedFix)
        .join(Comment, _comment_of_answer())
        .outerjoin(
            AppliedFix,
            and_(
                AppliedFix.organisation_id == AcceptedAnswer.organisation_id,
                AppliedFix.entry_id == AcceptedAnswer.entry_id,
                AppliedFix.comment_id == AcceptedAnswer.comment_id,
                ~superseded,
            ),
        )
        .where(
            AcceptedAnswer.organisation_id == entry.organisation_id,
            AcceptedAnswer.entry_id == entry.id,
            _speaks_to(work.actor),
        )
        .options(joinedload(Comment.author), joinedload(Comment.sharer))
        .order_by(AcceptedAnswer.at.desc(), AcceptedAnswer.comment_id.desc())
    )
    return [AnswerLine(accepted, comment, fix) for accepted, comment, fix in work.session.execute(query)]


def accepted_among(work: Work, comment_ids: Collection[UUID]) -> Mapping[UUID, AcceptedAnswer]:
    """Return which of these comments were accepted; the caller has found the comments."""
    query = select(AcceptedAnswer).where(AcceptedAnswer.comment_id.in_(comment_ids))
    return {row.comment_id: row for row in work.session.scalars(query)} if comment_ids else {}


def answered_among(work: Work, entry_ids: Collection[UUID]) -> frozenset[UUID]:
    """Return which of these entries have an answer that the reader may read; the caller has found the entries."""
    if not entry_ids:
        return frozenset()
    query = select(StatusEntry.id).where(StatusEntry.id.in_(entry_ids), is_answered(work.actor))
    return frozenset(work.session.scalars(query))


def is_answered(actor: Actor) -> ColumnElement[bool]:
    """Keep entries that have an answer which the actor may read. The entry stands in the query, found as ever."""
    return exists(
        select(AcceptedAnswer.comment_id)
        .join(Comment, _comment_of_answer())
        .where(
            AcceptedAnswer.organisation_id == StatusEntry.organisation_id,
            AcceptedAnswer.entry_id == StatusEntry.id,
            _speaks_to(actor),
        )
        .correlate(StatusEntry)
    )


def fixes_of(work: Work, entry: StatusEntry) -> Sequence[AppliedFix]:
    """List what was applied on an entry, oldest first, less what came of words that the reader may not read."""
    query = (
        select(AppliedFix)
        .outerjoin(AppliedFix.comment)
        .where(
            AppliedFix.organisation_id == entry.organisation_id,
            AppliedFix.entry_id == entry.id,
            or_(AppliedFix.comment_id.is_(None), _speaks_to(work.actor)),
        )
        .options(joinedload(AppliedFix.applier))
        .order_by(AppliedFix.id)
    )
    return work.session.scalars(query).all()


def watched_fix(work: Work, entry: StatusEntry) -> AppliedFix | None:
    """Return the fix under which an entry is watched at present. The caller holds the entry's lock."""
    query = select(AppliedFix).where(
        AppliedFix.organisation_id == entry.organisation_id,
        AppliedFix.entry_id == entry.id,
        AppliedFix.state == FixState.WATCHED,
    )
    return work.session.scalars(query).one_or_none()


def earliest_fix_due(work: Work) -> datetime | None:
    """Return when a machine is asked next whether a fix held; for the portal's own job."""
    query = select(AppliedFix.due_at).where(AppliedFix.state == FixState.WATCHED).order_by(AppliedFix.due_at).limit(1)
    return work.session.scalar(query)


def may_accept(work: Work, entry: StatusEntry) -> bool:
    """Tell whether the actor says what answers an entry: who asked, the owner's people, or an expert."""
    return is_asker(work.actor, entry) or may_on(work, entry, Permission.ANSWER_ACCEPT, Right.MANAGE)


def is_asker(actor: Actor, entry: StatusEntry) -> bool:
    """Tell whether the actor asked what an entry is about, and came by nothing that was made for less."""
    asked = entry.author_id is not None and entry.author_id == actor.person_id
    return asked and actor.is_scoped_to(Permission.ANSWER_ACCEPT)


def _comment_of_answer() -> ColumnElement[bool]:
    return and_(
        Comment.organisation_id == AcceptedAnswer.organisation_id,
        Comment.entry_id == AcceptedAnswer.entry_id,
        Comment.id == AcceptedAnswer.comment_id,
    )


def _speaks_to(actor: Actor) -> ColumnElement[bool]:
    """Keep comments whose words stand and reach the actor; the entry was found before."""
    reaches = audience_reaches(actor, Comment.audience, Comment.organisation_id)
    return and_(Comment.state == CommentState.VISIBLE, reaches)
