"""From a link's secret to an actor. Edges ask as SYSTEM, before they know who is there.

A link stands on its maker's right, so that is asked anew each time: nothing has to be told to a link when a person
leaves, a role changes, a device is sold or an entry is narrowed.
"""

from dataclasses import replace
from uuid import UUID

from sqlalchemy import and_, select

from statusportal.access.actor import Actor, LinkReach
from statusportal.access.permissions import Permission
from statusportal.access.vocabulary import ActorKind, Right
from statusportal.entries.queries import entry_for
from statusportal.fleet.queries import device_for
from statusportal.fleet.reach import with_grants
from statusportal.foundation.errors import Forbidden, NotFound
from statusportal.foundation.ids import secret_digest
from statusportal.identity.actors import actor_of_person
from statusportal.sharing.models import LinkOpening, ShareLink
from statusportal.sharing.queries import period_to_share
from statusportal.sharing.vocabulary import LinkScope
from statusportal.work import Work

_READING = (Permission.DEVICE_VIEW, Permission.TELEMETRY_VIEW, Permission.ENTRY_VIEW)


def actor_of_link_token(work: Work, token: str) -> Actor | None:
    """Return the actor behind a link's address, or None when it opens nothing."""
    row = work.session.scalar(select(ShareLink).where(ShareLink.secret_digest == secret_digest(token)))
    return holder_of(work, row) if row else None


def actor_of_opening(work: Work, link_id: UUID, secret: str) -> Actor | None:
    """Return the actor behind the cookie that an opening left, or None when its link opens nothing any more."""
    opening = and_(LinkOpening.organisation_id == ShareLink.organisation_id, LinkOpening.link_id == ShareLink.id)
    row = work.session.scalar(
        select(ShareLink)
        .join(LinkOpening, opening)
        .where(ShareLink.id == link_id, LinkOpening.secret_digest == secret_digest(secret))
    )
    return holder_of(work, row) if row else None


def holder_of(work: Work, row: ShareLink) -> Actor | None:
    """Return who comes by a link now, or None: revoked, out of time, or its maker could not make it any more."""
    if row.revoked_at is not None or row.expires_at <= work.now:
        return None
    maker = actor_of_person(work, row.created_by)
    if maker is None:
        return None
    try:
        reach = _reach(replace(work, actor=with_grants(work, maker), seen=set()), row)
        holder = _holder(row, reach)
        _thing_of(replace(work, actor=holder, seen=set()), row)
    except (NotFound, Forbidden):
        return None
    return holder


def _reach(as_maker: Work, row: ShareLink) -> LinkReach:
    """Return what the maker could open now.

    Raises: NotFound, Forbidden.
    """
    _thing_of(as_maker, row)
    period = period_to_share(as_maker, row.device_id)
    if period.ownership_id != row.ownership_id:
        raise NotFound
    return LinkReach(
        link_id=row.id,
        maker_id=row.created_by,
        organisation_id=row.organisation_id,
        device_id=row.device_id,
        ownership_id=row.ownership_id,
        entry_id=row.entry_id,
        from_at=period.from_at,
        to_at=period.to_at,
        rights=LinkScope(row.scope).rights,
        is_inside=as_maker.actor.belongs_to(row.organisation_id),
    )


def _holder(row: ShareLink, reach: LinkReach) -> Actor:
    talking = {Permission.COMMENT_POST} if Right.COMMENT in reach.rights else set()
    scopes = frozenset(one.value for one in {*_READING, *talking})
    return Actor(
        kind=ActorKind.LINK,
        granting=frozenset({row.organisation_id}),
        ownerships=frozenset({row.ownership_id}),
        credential_id=row.id,
        scopes=scopes,
        link=reach,
    )


def _thing_of(work: Work, row: ShareLink) -> None:
    """Find the entry or the device with the eyes of the work's actor.

    Raises: NotFound.
    """
    if row.entry_id is None:
        device_for(work, row.device_id)
    else:
        entry_for(work, row.entry_id)
