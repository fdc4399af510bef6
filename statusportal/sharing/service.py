"""Verbs of sharing: make a link, end it, and note that somebody followed it."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, update

from statusportal.audit.service import record_act_of_device
from statusportal.entries.queries import entry_for
from statusportal.entries.vocabulary import Audience
from statusportal.fleet.queries import device_for
from statusportal.foundation.errors import Conflict, Faults, NotFound, NotSignedIn, Sentence
from statusportal.foundation.ids import new_secret, secret_digest
from statusportal.sharing.errors import TooManyLinks
from statusportal.sharing.events import LinkMade, LinkRevoked
from statusportal.sharing.models import LinkOpening, ShareLink
from statusportal.sharing.queries import count_links_to, link_for, period_to_share
from statusportal.sharing.vocabulary import LinkScope, Screen
from statusportal.work import Work

_LONGEST_NAME = 120


def link_entry(
    work: Work, entry_id: UUID, scope: LinkScope, expires_at: datetime, to_name: str = ""
) -> tuple[ShareLink, str]:
    """Open one entry to whoever holds the address until it ends; the token for it is shown this once.

    Raises: NotFound, Forbidden; Invalid with pointers; Conflict for what is internal, or of a time that is over.
    """
    entry = entry_for(work, entry_id)
    if entry.audience == Audience.INTERNAL:
        raise Conflict(Sentence("This entry is internal. No link opens it."))
    row = _made(work, entry.device_id, scope, expires_at, to_name)
    if row.ownership_id != entry.ownership_id:
        raise Conflict(Sentence("The device has changed hands since. No link opens what was before."))
    row.entry_id = entry.id
    return _kept(work, row)


def link_device(
    work: Work, device_id: UUID, scope: LinkScope, expires_at: datetime, to_name: str = ""
) -> tuple[ShareLink, str]:
    """Open a device's page with its entries, as `link_entry` does.

    Raises: NotFound, Forbidden; Invalid with pointers.
    """
    return _kept(work, _made(work, device_for(work, device_id).id, scope, expires_at, to_name))


def revoke_link(work: Work, link_id: UUID) -> ShareLink:
    """End a link at once: one's own, or whoever's on what one looks after.

    Raises: NotFound.
    """
    row = link_for(work, link_id)
    if row.revoked_at is None:
        row.revoked_at, row.revoked_by = work.now, work.actor.person_id
        _record(work, "link.revoked", row)
        work.emit(LinkRevoked(organisation_id=row.organisation_id, device_id=row.device_id, link_id=row.id))
    return row


def open_link(work: Work, screen: Screen) -> tuple[LinkOpening, str]:
    """Take in a browser that followed a link; the secret is for its cookie. The work is the holder's own.

    Raises: NotFound.
    """
    reach = work.actor.link
    if reach is None:
        raise NotFound
    secret = new_secret("spl")
    opening = LinkOpening(
        organisation_id=reach.organisation_id,
        link_id=reach.link_id,
        secret_digest=secret_digest(secret),
        opened_at=work.now,
        screen=screen.value,
    )
    work.session.add(opening)
    # Counted in the database: two who follow at once are two.
    work.session.execute(
        update(ShareLink)
        .where(ShareLink.organisation_id == reach.organisation_id, ShareLink.id == reach.link_id)
        .values(
            opened_count=ShareLink.opened_count + 1,
            first_opened_at=func.coalesce(ShareLink.first_opened_at, work.now),
            last_opened_at=work.now,
        )
    )
    work.session.flush()
    record_act_of_device(
        work, reach.device_id, "link.opened", "share_link", reach.link_id, organisation_id=reach.organisation_id
    )
    return opening, secret


def _made(work: Work, device_id: UUID, scope: LinkScope, expires_at: datetime, to_name: str) -> ShareLink:
    """Return a link under the present ownership, not kept yet."""
    period = period_to_share(work, device_id)
    if work.actor.person_id is None:
        raise NotSignedIn("Sign in first.")
    faults = Faults()
    longest = work.settings.link_days
    name = faults.line("/to", to_name, most=_LONGEST_NAME, least=0)
    if expires_at <= work.now:
        faults.note("/expires_at", Sentence("must lie ahead"))
    elif longest and expires_at > work.now + timedelta(days=longest):
        faults.note("/expires_at", Sentence("may lie %(most)s days ahead at most", most=longest))
    faults.close()
    return ShareLink(
        organisation_id=period.organisation_id,
        device_id=device_id,
        ownership_id=period.ownership_id,
        scope=scope.value,
        to_name=name,
        created_by=work.actor.person_id,
        created_at=work.now,
        expires_at=expires_at,
    )


def _kept(work: Work, row: ShareLink) -> tuple[ShareLink, str]:
    _refuse_more(work, row)
    token = new_secret("spk")
    row.secret_digest = secret_digest(token)
    work.session.add(row)
    work.session.flush()
    _record(work, "link.made", row, scope=row.scope, expires_at=row.expires_at.isoformat())
    work.emit(
        LinkMade(
            organisation_id=row.organisation_id, device_id=row.device_id, link_id=row.id, expires_at=row.expires_at
        )
    )
    return row, token


def _refuse_more(work: Work, row: ShareLink) -> None:
    """Refuse a link too many to one thing: nobody looks through more of them than they can end.

    Raises: TooManyLinks.
    """
    most = work.settings.links_per_thing
    if most and count_links_to(work, row) >= most:
        raise TooManyLinks(Sentence("At most %(most)s links open one thing at a time: end one first.", most=most))


def _record(work: Work, act: str, row: ShareLink, **codes: str) -> None:
    of_entry = {"entry_id": str(row.entry_id)} if row.entry_id else {}
    record_act_of_device(
        work, row.device_id, act, "share_link", row.id, organisation_id=row.organisation_id, **of_entry, **codes
    )
