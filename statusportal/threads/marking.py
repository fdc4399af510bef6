"""Verbs of the read mark that are not a look at one entry: reading everything, and putting one entry back."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from statusportal.discussion.models import Comment, ReadMark
from statusportal.discussion.policy import entry_of_comment, visible_comments
from statusportal.discussion.queries import in_thread, spoken
from statusportal.entries.models import StatusEntry
from statusportal.entries.queries import entry_for
from statusportal.work import Work

_JUST_BEFORE = timedelta(microseconds=1)


def mark_all_read(work: Work) -> int:
    """Note that the actor has read every word that was new to them, and return under how many entries that was."""
    person_id = work.actor.person_id
    if person_id is None:
        return 0
    mark = and_(
        ReadMark.organisation_id == Comment.organisation_id,
        ReadMark.entry_id == Comment.entry_id,
        ReadMark.person_id == person_id,
    )
    query = (
        select(Comment.organisation_id, Comment.entry_id, func.max(Comment.created_at))
        .join(StatusEntry, entry_of_comment())
        .outerjoin(ReadMark, mark)
        .where(
            visible_comments(work.actor, work.now),
            *spoken(),
            Comment.author_id.is_distinct_from(person_id),
            or_(ReadMark.read_at.is_(None), Comment.created_at > ReadMark.read_at),
        )
        .group_by(Comment.organisation_id, Comment.entry_id)
    )
    found = work.session.execute(query).all()
    for organisation_id, entry_id, newest in found:
        key = {"organisation_id": organisation_id, "entry_id": entry_id, "person_id": person_id}
        work.session.merge(ReadMark(**key, read_at=newest))
    work.session.flush()
    return len(found)


def mark_unread(work: Work, entry_id: UUID) -> None:
    """Let the newest word of somebody else's under an entry be new to the actor again; without one nothing happens.

    Raises: NotFound.
    """
    entry, person_id = entry_for(work, entry_id), work.actor.person_id
    newest = work.session.scalar(
        select(func.max(Comment.created_at)).where(
            in_thread(work, entry), *spoken(), Comment.author_id.is_distinct_from(person_id)
        )
    )
    if person_id is not None and newest is not None:
        key = {"organisation_id": entry.organisation_id, "entry_id": entry.id, "person_id": person_id}
        work.session.merge(ReadMark(**key, read_at=newest - _JUST_BEFORE))
        work.session.flush()
