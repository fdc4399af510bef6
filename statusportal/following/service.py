"""Verbs of following: choose how closely, let go; and the follows that come of what one does."""

from collections.abc import Callable, Mapping
from uuid import UUID

from sqlalchemy import update

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.catalogue.queries import model_for
from statusportal.discussion.events import CommentPosted
from statusportal.discussion.models import Comment
from statusportal.entries.events import EntryPublished
from statusportal.entries.models import StatusEntry
from statusportal.entries.queries import entry_for
from statusportal.fleet.queries import device_for
from statusportal.following.models import Follow
from statusportal.following.queries import find_follow
from statusportal.following.vocabulary import FollowedKind, FollowLevel, FollowReason
from statusportal.work import Work


def _see_model(work: Work, model_id: UUID) -> None:
    require(work.actor, Permission.MODEL_VIEW)
    model_for(work, model_id)


_SEEN: Mapping[FollowedKind, Callable[[Work, UUID], object]] = {
    FollowedKind.DEVICE: device_for,
    FollowedKind.ENTRY: entry_for,
    FollowedKind.MODEL: _see_model,
}


def follow(work: Work, kind: FollowedKind, thing_id: UUID, level: FollowLevel) -> Follow | None:
    """Say how closely one follows a thing that one sees. Who came by a link follows nothing.

    Raises: NotFound.
    """
    _SEEN[kind](work, thing_id)
    if work.actor.person_id is None:
        return None
    row = find_follow(work, kind, thing_id)
    if row is None:
        row = _new(work, work.actor.person_id, kind, thing_id, FollowReason.CHOSEN)
    row.level, row.reason = level.value, FollowReason.CHOSEN.value
    work.session.flush()
    return row


def unfollow(work: Work, kind: FollowedKind, thing_id: UUID) -> None:
    """Let go of a thing; without a follow nothing happens. It can be let go of when it is seen no more.

    Raises: NotFound for what is neither followed nor seen.
    """
    row = find_follow(work, kind, thing_id)
    if row is None:
        _SEEN[kind](work, thing_id)
        return
    work.session.delete(row)
    work.session.flush()


def quiet_entry(work: Work, person_id: UUID, entry_id: UUID) -> None:
    """Send somebody no more letters about an entry, as who holds the address in a letter of theirs may ask."""
    row = work.session.get(Follow, (person_id, FollowedKind.ENTRY.value, entry_id))
    if row is None:
        row = _new(work, person_id, FollowedKind.ENTRY, entry_id, FollowReason.CHOSEN)
    if row.level != FollowLevel.MUTED:
        row.level, row.reason = FollowLevel.QUIET.value, FollowReason.CHOSEN.value
    work.session.flush()


def track_no_more(work: Work, person_id: UUID) -> None:
    """Let somebody hear of all they track as is usual: what waits for a daily letter is for those who track alone."""
    tracked = update(Follow).where(Follow.person_id == person_id, Follow.level == FollowLevel.TRACKING)
    work.session.execute(tracked.values(level=FollowLevel.NORMAL.value))


def follow_what_one_asked(work: Work, event: EntryPublished) -> None:
    """Let whoever wrote an entry hear what is said to it."""
    entry = work.session.get_one(StatusEntry, (event.organisation_id, event.entry_id))
    _follow_by_itself(work, entry.author_id, entry.id, FollowReason.ASKED)


def follow_where_one_replied(work: Work, event: CommentPosted) -> None:
    """Let whoever spoke under an entry hear who answers them."""
    comment = work.session.get_one(Comment, (event.organisation_id, event.entry_id, event.comment_id))
    _follow_by_itself(work, comment.author_id, event.entry_id, FollowReason.REPLIED)


def _follow_by_itself(work: Work, person_id: UUID | None, entry_id: UUID, reason: FollowReason) -> None:
    """Follow as closely as is usual, unless the person chose already. Nobody follows by what another does for them."""
    if person_id is None or person_id != work.actor.person_id:
        return
    if work.session.get(Follow, (person_id, FollowedKind.ENTRY.value, entry_id)) is None:
        _new(work, person_id, FollowedKind.ENTRY, entry_id, reason)
        work.session.flush()


def _new(work: Work, person_id: UUID, kind: FollowedKind, thing_id: UUID, reason: FollowReason) -> Follow:
    row = Follow(
        person_id=person_id,
        kind=kind.value,
        thing_id=thing_id,
        level=FollowLevel.NORMAL.value,
        reason=reason.value,
        since_at=work.now,
    )
    work.session.add(row)
    return row
