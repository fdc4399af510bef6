"""Reading what is recorded about a person, and the proofs of retention."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, or_, select, tuple_

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.accounts.queries import myself
from statusportal.audit.models import AuditRecord
from statusportal.discussion.models import Comment, ReadMark
from statusportal.entries.models import StatusEntry
from statusportal.foundation.paging import Page, Slice, page_of
from statusportal.identity.models import PersonalToken, SignIn
from statusportal.retention.models import RetentionRun
from statusportal.retention.vocabulary import Kept, Recorded
from statusportal.work import Work


def recorded_about_me(work: Work) -> list[Recorded]:
    """Count what is recorded about the actor, kind by kind.

    Raises: NotSignedIn.
    """
    person_id = myself(work).id
    in_the_log = or_(AuditRecord.actor_id == person_id, AuditRecord.subject_id == str(person_id))
    counted: Sequence[tuple[str, Select[int]]] = (
        ("sign_ins", select(func.count()).where(SignIn.person_id == person_id)),
        ("tokens", select(func.count()).where(PersonalToken.person_id == person_id)),
        ("read_marks", select(func.count()).where(ReadMark.person_id == person_id)),
        ("entries", select(func.count()).where(StatusEntry.author_id == person_id)),
        ("comments", select(func.count()).where(Comment.author_id == person_id)),
        ("acts", select(func.count()).where(in_the_log)),
    )
    found = [Recorded(kind, work.session.scalar(query) or 0) for kind, query in counted]
    return [Recorded("profile", 1), *found]


def last_runs(work: Work) -> Mapping[Kept, RetentionRun]:
    """Return the newest look at each kind; a kind that is kept for ever has none."""
    newest = select(RetentionRun.kind, func.max(RetentionRun.at).label("at")).group_by(RetentionRun.kind).subquery()
    query = select(RetentionRun).join(newest, (newest.c.kind == RetentionRun.kind) & (newest.c.at == RetentionRun.at))
    return {Kept(row.kind): row for row in work.session.scalars(query)}


def deleted_so_far(work: Work) -> Mapping[Kept, int]:
    """Sum up how many records of each kind went since the portal began.

    Raises: Forbidden.
    """
    require(work.actor, Permission.RETENTION_VIEW)
    query = select(RetentionRun.kind, func.sum(RetentionRun.deleted)).group_by(RetentionRun.kind)
    found = {Kept(kind): int(count) for kind, count in work.session.execute(query)}
    return {kind: found.get(kind, 0) for kind in Kept}


def runs_page(work: Work, wanted: Slice) -> Page[RetentionRun]:
    """List the proofs with their counts, the newest first.

    Raises: Forbidden.
    """
    require(work.actor, Permission.RETENTION_VIEW)
    query = select(RetentionRun)
    if position := wanted.position(datetime, UUID):
        query = query.where(tuple_(RetentionRun.at, RetentionRun.id) < tuple_(*position))
    newest = query.order_by(RetentionRun.at.desc(), RetentionRun.id.desc()).limit(wanted.limit + 1)
    return page_of(work.session.scalars(newest).all(), wanted, lambda row: (row.at, row.id))
