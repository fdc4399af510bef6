"""Reads of sharing: which links there are, for those who may end them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from statusportal.access.permissions import Permission
from statusportal.access.policy import require, table
from statusportal.access.vocabulary import Right
from statusportal.accounts.models import Membership, Person
from statusportal.accounts.queries import organisation_for
from statusportal.discussion.models import Comment
from statusportal.entries.models import StatusEntry
from statusportal.entries.policy import visible_entries
from statusportal.entries.queries import entry_for
from statusportal.fleet.models import AccessGrant, Device, Ownership
from statusportal.fleet.policy import granted_ownership, grants_in_force, owned_at
from statusportal.fleet.queries import device_for, may, periods_of, words_seen
from statusportal.fleet.vocabulary import Period
from statusportal.foundation.errors import Forbidden, NotFound
from statusportal.foundation.paging import Page, Slice, page_of
from statusportal.sharing.models import LinkOpening, ShareLink
from statusportal.sharing.policy import visible_links
from statusportal.sharing.vocabulary import LinkLine, LinkScope, LinkState, OwnershipKey, Screen
from statusportal.work import Work


def period_to_share(work: Work, device_id: UUID) -> Period:
    """Return the actor's present time of a device, if they may open it to others: owners, staff, MANAGE grantees.

    Raises: Forbidden, since the device is visible.
    """
    asked = (Permission.LINK_MAKE, Right.MANAGE, device_id)
    for period in periods_of(work, device_id):
        opens = period.is_own or Right.MANAGE in period.rights
        if opens and period.covers(work.now) and may(work, *asked, period.organisation_id, work.now):
            return period
    if work.actor.is_operator:
        require(work.actor, Permission.LINK_MAKE)
    raise Forbidden(Permission.LINK_MAKE.value, "customer_admin")


def link_for(work: Work, link_id: UUID) -> ShareLink:
    """Return a link that the actor may see and end.

    Raises: NotFound.
    """
    found = work.session.scalar(select(ShareLink).where(ShareLink.id == link_id, visible_links(work.actor)))
    if found is None:
        raise NotFound
    return found


def link_of_holder(work: Work) -> ShareLink:
    """Return the link that the actor came by, with its maker.

    Raises: NotFound for everybody else.
    """
    reach = work.actor.link
    if reach is None:
        raise NotFound
    query = select(ShareLink).where(ShareLink.organisation_id == reach.organisation_id, ShareLink.id == reach.link_id)
    return work.session.scalars(query.options(joinedload(ShareLink.maker))).one()


def line_of_link(work: Work, link_id: UUID) -> LinkLine:
    """Return one link as its list shows it.

    Raises: NotFound.
    """
    row = work.session.execute(_lines(work).where(ShareLink.id == link_for(work, link_id).id)).one()
    return _present(work, [row])[0]


def links_of_device(work: Work, device_id: UUID, wanted: Slice) -> Page[LinkLine]:
    """List links to a device and to its entries, the newest first, ended ones too.

    Raises: NotFound; Forbidden for who may see the device and share nothing of it.
    """
    device = device_for(work, device_id)
    period_to_share(work, device.id)
    return _page(work, wanted, ShareLink.device_id == device.id)


def open_links_of(work: Work, ownership: Ownership, most: int) -> list[LinkLine]:
    """List links that open a device or an entry of it now, the newest first, as far as the actor may end them."""
    query = _lines(work).where(_opens_under(work, ownership), visible_links(work.actor))
    newest = query.order_by(ShareLink.created_at.desc(), ShareLink.id.desc()).limit(most)
    return _present(work, work.session.execute(newest).all())


def count_open_links(work: Work, ownership: Ownership | OwnershipKey, entry_id: UUID | None = None) -> int:
    """Count the links that open the whole device now, or one entry too, for whoever may know who sees it."""
    opens = or_(ShareLink.entry_id.is_(None), false() if entry_id is None else ShareLink.entry_id == entry_id)
    held = (_opens_under(work, ownership), opens)
    query = select(func.count(ShareLink.id)).join(Person, Person.id == ShareLink.created_by).where(*held)
    return work.session.scalar(query) or 0


def count_links_to(work: Work, like: ShareLink) -> int:
    """Count the links that have not ended to what another is for: the same device as a whole, or the same entry."""
    query = select(func.count(ShareLink.id)).where(
        ShareLink.organisation_id == like.organisation_id,
        ShareLink.device_id == like.device_id,
        ShareLink.ownership_id == like.ownership_id,
        ShareLink.entry_id.is_(None) if like.entry_id is None else ShareLink.entry_id == like.entry_id,
        ShareLink.revoked_at.is_(None),
        ShareLink.expires_at > work.now,
    )
    return work.session.scalar(query) or 0


def links_of_entry(work: Work, entry_id: UUID, wanted: Slice) -> Page[LinkLine]:
    """List links to one entry as `links_of_device` does.

    Raises: NotFound, Forbidden.
    """
    entry = entry_for(work, entry_id)
    period_to_share(work, entry.device_id)
    return _page(work, wanted, ShareLink.entry_id == entry.id)


def links_of_organisation(work: Work, organisation_id: UUID, wanted: Slice) -> Page[LinkLine]:
    """List links to whatever an organisation owns, the newest first.

    Raises: NotFound, Forbidden.
    """
    require(work.actor, Permission.LINK_MAKE, organisation_for(work, organisation_id).id)
    return _page(work, wanted, ShareLink.organisation_id == organisation_id)


def _page(work: Work, wanted: Slice, condition: ColumnElement[bool]) -> Page[LinkLine]:
    """Read a page in two queries, whatever its length."""
    query = _lines(work).where(condition, visible_links(work.actor))
    if position := wanted.position(datetime, UUID):
        before_at, before_id = position
        same_instant = and_(ShareLink.created_at == before_at, ShareLink.id < before_id)
        query = query.where(or_(ShareLink.created_at < before_at, same_instant))
    ordered = query.order_by(ShareLink.created_at.desc(), ShareLink.id.desc()).limit(wanted.limit + 1)
    rows: Sequence[Row[Any]] = work.session.execute(ordered).all()
    page = page_of(rows, wanted, lambda row: (row.ShareLink.created_at, row.ShareLink.id))
    return Page(_present(work, page.items), page.next_cursor)


def _lines(work: Work) -> Select[Any]:
    comments = select(func.count()).where(Comment.link_id == ShareLink.id).scalar_subquery()
    on_phone = exists().where(LinkOpening.link_id == ShareLink.id, LinkOpening.screen == Screen.PHONE.value)
    entry = and_(
        StatusEntry.organisation_id == ShareLink.organisation_id,
        StatusEntry.id == ShareLink.entry_id,
        visible_entries(work.actor, work.now),
    )
    return (
        select(
            ShareLink,
            Device,
            StatusEntry,
            comments.label("comments"),
            on_phone.label("on_phone"),
            _still_stands(work).label("stands"),
        )
        .join(Device, Device.id == ShareLink.device_id)
        .join(Person, Person.id == ShareLink.created_by)
        .outerjoin(StatusEntry, entry)
        .options(contains_eager(ShareLink.maker))
    )


def _opens_under(work: Work, ownership: Ownership | OwnershipKey) -> ColumnElement[bool]:
    """Keep links of one ownership that open something now, as `_state` tells for one."""
    return and_(
        ShareLink.organisation_id == ownership.organisation_id,
        ShareLink.device_id == ownership.device_id,
        ShareLink.ownership_id == ownership.id,
        ShareLink.revoked_at.is_(None),
        ShareLink.expires_at > work.now,
        _still_stands(work),
    )


def _still_stands(work: Work) -> ColumnElement[bool]:
    """Tell for many links at once what `actors.holder_of` finds out for one: owner unchanged, maker in their right."""
    holders = [role.value for role in table()[Permission.LINK_MAKE]]
    member = exists().where(
        Membership.person_id == ShareLink.created_by,
        Membership.organisation_id == ShareLink.organisation_id,
        Membership.role.in_(holders),
    )
    theirs = select(Membership.organisation_id).where(Membership.person_id == ShareLink.created_by)
    to_them = AccessGrant.to_organisation_id.in_(theirs.correlate(ShareLink))
    granted = exists(
        select(AccessGrant.id)
        .join(Ownership, granted_ownership())
        .where(
            AccessGrant.ownership_id == ShareLink.ownership_id,
            grants_in_force(work.now),
            AccessGrant.rights.bitwise_and(Right.MANAGE.value) == Right.MANAGE.value,
            or_(AccessGrant.to_person_id == ShareLink.created_by, to_them),
        )
    )
    may_still = or_(func.coalesce(Person.staff_role, "").in_(holders), member, granted)
    is_owned_so = exists().where(Ownership.id == ShareLink.ownership_id, owned_at(work.now))
    return and_(is_owned_so, Person.is_disabled.is_(False), may_still)


def _present(work: Work, rows: Sequence[Row[Any]]) -> list[LinkLine]:
    words = words_seen(work, [row.Device for row in rows])
    return [_line(work, row, words[row.Device.id].name) for row in rows]


def _line(work: Work, row: Row[Any], device_name: str) -> LinkLine:
    link: ShareLink = row.ShareLink
    entry: StatusEntry | None = row.StatusEntry
    return LinkLine(
        id=link.id,
        organisation_id=link.organisation_id,
        device_id=link.device_id,
        device_name=device_name,
        entry_id=link.entry_id,
        entry_title=entry.title if entry else "",
        entry_headline=entry.headline if entry else None,
        scope=LinkScope(link.scope),
        state=_state(work, link, stands=bool(row.stands)),
        to_name=link.to_name,
        mail_to=link.mail_to,
        mailed_at=link.mailed_at,
        maker_name=link.maker.name,
        created_at=link.created_at,
        expires_at=link.expires_at,
        revoked_at=link.revoked_at,
        opened_count=link.opened_count,
        first_opened_at=link.first_opened_at,
        last_opened_at=link.last_opened_at,
        was_on_phone=bool(row.on_phone),
        comment_count=row.comments,
    )


def _state(work: Work, link: ShareLink, *, stands: bool) -> LinkState:
    if link.revoked_at is not None:
        return LinkState.REVOKED
    if link.expires_at <= work.now:
        return LinkState.EXPIRED
    return LinkState.OPEN if stands else LinkState.PAUSED
