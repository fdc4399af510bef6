"""Reading inboxes: the worst first, then who waits longest. The operator's people alone have one."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    ScalarSelect,
    Select,
    Subquery,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    tuple_,
)

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.access.vocabulary import StaffRole
from statusportal.accounts.models import Organisation
from statusportal.catalogue.models import DeviceModel
from statusportal.discussion.models import Comment
from statusportal.discussion.vocabulary import CommentKind, CommentState
from statusportal.entries.models import StatusEntry
from statusportal.entries.policy import visible_entries
from statusportal.entries.vocabulary import Audience, Lifecycle
from statusportal.fleet.models import Device
from statusportal.fleet.policy import name_at
from statusportal.following.models import Follow
from statusportal.following.vocabulary import FollowedKind, FollowLevel
from statusportal.foundation.paging import Page, Slice, page_of
from statusportal.foundation.vocabulary import Health
from statusportal.inboxes.vocabulary import Clocks, Queue, Waiting
from statusportal.work import Work

_STAFF = [role.value for role in StaffRole]
_WEEK = timedelta(days=7)
_MOST_MEASURED = 500


def inbox_page(work: Work, queue: Queue, wanted: Slice, model: str = "", *, is_mine: bool = False) -> Page[Waiting]:
    """List what waits in a queue. One query.

    Shape: the worst health first, then the longest wait. `model` is the slug of one; with `is_mine` it is the models
    that one follows, for the expert's own queue.

    Raises: Forbidden.
    """
    require(work.actor, Permission.ENTRY_MOVE)
    open_ = _open_entries(work, model, is_mine=is_mine)
    order = tuple_(-open_.c.rank, open_.c.since_at, open_.c.entry_id)
    query = select(open_).where(_QUEUES[queue](open_)).order_by(*order.clauses).limit(wanted.limit + 1)
    if position := wanted.position(int, datetime, UUID):
        query = query.where(order > tuple_(position[0], literal(position[1], open_.c.since_at.type), position[2]))
    rows = work.session.execute(query).all()
    page = page_of(rows, wanted, lambda row: (-row.rank, row.since_at, row.entry_id))
    return Page([_waiting(work, row) for row in page.items], page.next_cursor)


def queue_counts(work: Work, model: str = "", *, is_mine: bool = False) -> Mapping[Queue, int]:
    """Count what waits in each queue, in one query.

    Raises: Forbidden.
    """
    require(work.actor, Permission.ENTRY_MOVE)
    open_ = _open_entries(work, model, is_mine=is_mine)
    counted = [func.count(case((condition(open_), 1))) for condition in _QUEUES.values()]
    return dict(zip(_QUEUES, work.session.execute(select(*counted)).one(), strict=True))


def clocks(work: Work) -> Clocks:
    """Tell how first answers fare. Two queries.

    Raises: Forbidden.
    """
    require(work.actor, Permission.ENTRY_MOVE)
    promise = timedelta(minutes=work.settings.first_response_minutes)
    open_ = _open_entries(work, "", is_mine=False)
    is_late = and_(_QUEUES[Queue.UNANSWERED](open_), open_.c.since_at < work.now - promise)
    counts = select(func.count(case((_QUEUES[Queue.UNANSWERED](open_), 1))), func.count(case((is_late, 1))))
    unanswered, late = work.session.execute(counts).one()
    answered_at = _said(func.min(Comment.created_at, type_=Comment.created_at.type), is_staff=True)
    lately = (
        select(StatusEntry.created_at, answered_at.label("answered_at"))
        .where(visible_entries(work.actor, work.now), _is_asked(), StatusEntry.created_at > work.now - _WEEK)
        .order_by(StatusEntry.created_at.desc())
        .limit(_MOST_MEASURED)
    )
    rows = work.session.execute(lately.where(answered_at.is_not(None)))
    taken_s = [(at - asked_at).total_seconds() for asked_at, at in rows]
    return Clocks(promise, unanswered, late, timedelta(seconds=median(taken_s)) if taken_s else None)


def _open_entries(work: Work, model: str, *, is_mine: bool) -> Subquery:
    """Select open entries with the last word of either side; internal words are neither's."""
    last = func.max(Comment.created_at, type_=Comment.created_at.type)
    asked_at = case((_is_asked(), StatusEntry.created_at))
    by_staff = case((StatusEntry.author_role.in_(_STAFF), StatusEntry.created_at))
    inner = (
        select(
            StatusEntry.id.label("entry_id"),
            StatusEntry.title,
            StatusEntry.headline,
            StatusEntry.health,
            StatusEntry.code,
            StatusEntry.lifecycle,
            StatusEntry.opened_at,
            StatusEntry.disputed_at,
            Organisation.name.label("organisation"),
            Device.id.label("device_id"),
            name_at(work.now).label("device_name"),
            DeviceModel.name.label("model"),
            case({one.value: one.rank for one in Health}, value=StatusEntry.health, else_=0).label("rank"),
            func.coalesce(_said(last, is_staff=False), asked_at, type_=Comment.created_at.type).label("customer_at"),
            func.coalesce(_said(last, is_staff=True), by_staff, type_=Comment.created_at.type).label("staff_at"),
        )
        .join(Organisation, Organisation.id == StatusEntry.organisation_id)
        .join(Device, Device.id == StatusEntry.device_id)
        .join(DeviceModel, DeviceModel.id == Device.model_id)
        .where(visible_entries(work.actor, work.now), StatusEntry.lifecycle != Lifecycle.RESOLVED)
    )
    spoken = _narrowed(work, inner, model, is_mine=is_mine).subquery()
    since = func.coalesce(spoken.c.customer_at, spoken.c.opened_at, type_=spoken.c.opened_at.type)
    return select(spoken, since.label("since_at")).subquery()


def _narrowed(work: Work, query: Select[*tuple[Any, ...]], model: str, *, is_mine: bool) -> Select[*tuple[Any, ...]]:
    if model:
        query = query.where(DeviceModel.slug == model)
    if is_mine:
        followed = select(Follow.thing_id).where(
            Follow.person_id == work.actor.person_id,
            Follow.kind == FollowedKind.MODEL,
            Follow.level != FollowLevel.MUTED,
        )
        query = query.where(DeviceModel.id.in_(followed))
    return query


def _is_asked() -> ColumnElement[bool]:
    return and_(StatusEntry.author_id.is_not(None), StatusEntry.author_role.not_in(_STAFF))


def _said(aggregate: ColumnElement[datetime], *, is_staff: bool) -> ScalarSelect[datetime]:
    """Select the first or last word of one side under an entry; guests speak for the customer."""
    role = Comment.author_role.in_(_STAFF)
    side = role if is_staff else or_(Comment.author_role.is_(None), Comment.author_role.not_in(_STAFF))
    return (
        select(aggregate)
        .where(
            Comment.organisation_id == StatusEntry.organisation_id,
            Comment.entry_id == StatusEntry.id,
            Comment.kind != CommentKind.SYSTEM,
            Comment.state == CommentState.VISIBLE,
            Comment.audience != Audience.INTERNAL,
            side,
        )
        .scalar_subquery()
    )


def _is_waiting(open_: Subquery) -> ColumnElement[bool]:
    return and_(
        open_.c.customer_at.is_not(None), or_(open_.c.staff_at.is_(None), open_.c.customer_at > open_.c.staff_at)
    )


_QUEUES: Mapping[Queue, Callable[[Subquery], ColumnElement[bool]]] = {
    Queue.WAITING: _is_waiting,
    Queue.UNANSWERED: lambda open_: and_(open_.c.customer_at.is_not(None), open_.c.staff_at.is_(None)),
    Queue.CRITICAL: lambda open_: and_(
        open_.c.health == Health.FAILURE, or_(open_.c.staff_at.is_(None), open_.c.customer_at > open_.c.staff_at)
    ),
    Queue.BROKEN: lambda open_: open_.c.disputed_at.is_not(None),
    Queue.CUSTOMER: lambda open_: and_(
        open_.c.staff_at.is_not(None), or_(open_.c.customer_at.is_(None), open_.c.staff_at >= open_.c.customer_at)
    ),
}


def _waiting(work: Work, row: Row[Any]) -> Waiting:
    promise = timedelta(minutes=work.settings.first_response_minutes)
    is_unanswered = row.customer_at is not None and row.staff_at is None
    return Waiting(
        entry_id=row.entry_id,
        title=row.title,
        headline=row.headline,
        health=row.health,
        code=row.code,
        lifecycle=row.lifecycle,
        organisation=row.organisation,
        device_id=row.device_id,
        device_name=row.device_name,
        model=row.model,
        since_at=row.since_at,
        answered_at=row.staff_at,
        due_at=row.since_at + promise if is_unanswered else None,
        disputed_at=row.disputed_at,
    )
