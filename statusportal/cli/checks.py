"""What `db check` looks at. Each check gives sentences; none means fine."""

from collections.abc import Callable, Mapping
from itertools import islice

from sqlalchemy import and_, case, exists, func, or_, select, text

from statusportal.accounts.models import Membership, Person
from statusportal.audit.proving import breaches_of_log
from statusportal.discussion.models import Comment
from statusportal.discussion.vocabulary import CommentKind, CommentState
from statusportal.entries.models import StatusEntry
from statusportal.entries.vocabulary import Audience
from statusportal.fleet.models import AccessGrant, Device, Ownership
from statusportal.work import Work

_MOST_NAMED = 20


def damaged_pages(work: Work) -> list[str]:
    """Let SQLite read every page and index; PostgreSQL has checksums of its own, which this does not read."""
    if work.session.get_bind().dialect.name != "sqlite":
        return []
    rows = work.session.execute(text("PRAGMA integrity_check")).scalars()
    return [row for row in rows if row != "ok"][:_MOST_NAMED]


def dangling_keys(work: Work) -> list[str]:
    """Find rows whose foreign key points nowhere, and on PostgreSQL constraints that were never validated."""
    if work.session.get_bind().dialect.name == "sqlite":
        rows = work.session.execute(text("PRAGMA foreign_key_check")).all()
        return [f"{row[0]} row {row[1]} points to no {row[2]}" for row in rows[:_MOST_NAMED]]
    query = text("SELECT conrelid::regclass || ' ' || conname FROM pg_constraint WHERE NOT convalidated ORDER BY 1")
    return [f"{row} was never validated" for row in work.session.execute(query).scalars()]


def overlapping_ownerships(work: Work) -> list[str]:
    """Find devices that two ownerships claim for the same instant."""
    other = select(Ownership).subquery()
    query = select(Ownership.device_id).join(
        other,
        and_(
            other.c.device_id == Ownership.device_id,
            other.c.id > Ownership.id,
            or_(other.c.to_at.is_(None), other.c.to_at > Ownership.from_at),
            or_(Ownership.to_at.is_(None), Ownership.to_at > other.c.from_at),
        ),
    )
    found = work.session.scalars(query.distinct().limit(_MOST_NAMED))
    return [f"device {device_id} belongs to two owners at once" for device_id in found]


def devices_without_owner(work: Work) -> list[str]:
    """Find devices that never belonged to anybody: no customer could ever see them."""
    query = select(Device.id).where(~exists().where(Ownership.device_id == Device.id)).limit(_MOST_NAMED)
    return [f"device {device_id} never belonged to anybody" for device_id in work.session.scalars(query)]


def grants_outside_their_ownership(work: Work) -> list[str]:
    """Find grants that begin when the granting organisation did not have the device."""
    query = (
        select(AccessGrant.id)
        .join(
            Ownership,
            and_(
                Ownership.organisation_id == AccessGrant.organisation_id,
                Ownership.device_id == AccessGrant.device_id,
                Ownership.id == AccessGrant.ownership_id,
            ),
        )
        .where(or_(AccessGrant.from_at < Ownership.from_at, AccessGrant.from_at >= Ownership.to_at))
    )
    return [f"grant {grant_id} lies outside its ownership" for grant_id in work.session.scalars(query)]


def people_without_a_place(work: Work) -> list[str]:
    """Find people who can sign in and would see nothing: no staff role, no membership, no grant."""
    query = select(Person.id).where(
        Person.is_disabled.is_(False),
        Person.staff_role.is_(None),
        ~exists().where(Membership.person_id == Person.id),
        ~exists().where(AccessGrant.to_person_id == Person.id),
    )
    return [f"person {person_id} can sign in and belongs nowhere" for person_id in work.session.scalars(query)]


def wrong_comment_counts(work: Work) -> list[str]:
    """Compare what people said under each entry with the two counts kept on it: for its customers, and for staff."""
    inner = case((Comment.audience == Audience.INTERNAL.value, 1), else_=0)
    said, internal = func.count(Comment.id), func.coalesce(func.sum(inner), 0)
    spoken = and_(
        Comment.organisation_id == StatusEntry.organisation_id,
        Comment.entry_id == StatusEntry.id,
        Comment.kind != CommentKind.SYSTEM.value,
        Comment.state == CommentState.VISIBLE.value,
    )
    query = (
        select(StatusEntry.id)
        .outerjoin(Comment, spoken)
        .group_by(StatusEntry.organisation_id, StatusEntry.id)
        .having(
            or_(
                StatusEntry.comment_count + StatusEntry.internal_comment_count != said,
                StatusEntry.internal_comment_count != internal,
            )
        )
        .limit(_MOST_NAMED)
    )
    return [f"entry {entry_id} counts other comments than it has" for entry_id in work.session.scalars(query)]


def breaches_of_audit(work: Work) -> list[str]:
    """Walk the audit log's whole chain, and hold its end against the sealed heads in the database and the folder."""
    return [str(one) for one in islice(breaches_of_log(work), _MOST_NAMED)]


CHECKS: Mapping[str, Callable[[Work], list[str]]] = {
    "pages and indexes (SQLite only)": damaged_pages,
    "foreign keys": dangling_keys,
    "overlapping ownerships": overlapping_ownerships,
    "devices without an owner": devices_without_owner,
    "grants outside their ownership": grants_outside_their_ownership,
    "people without a place": people_without_a_place,
    "comment counts of entries": wrong_comment_counts,
    "audit chain": breaches_of_audit,
}
