"""Reactions that turn a happening into news: each for those who follow it and may read it, from ids alone."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from statusportal.access.actor import SYSTEM, Actor
from statusportal.accounts.models import Membership, Person
from statusportal.discussion.models import Comment
from statusportal.discussion.queries import comment_for
from statusportal.discussion.restoring import UNDO
from statusportal.discussion.vocabulary import CommentKind, CommentState
from statusportal.entries.models import StatusEntry
from statusportal.entries.queries import entry_for
from statusportal.fleet.models import Device
from statusportal.fleet.queries import ownership_holds
from statusportal.fleet.reach import with_grants
from statusportal.following.queries import followers_of
from statusportal.following.vocabulary import FollowLevel, FollowReason
from statusportal.foundation.errors import NotFound
from statusportal.foundation.vocabulary import Health
from statusportal.identity.actors import actor_of_person
from statusportal.mentions.queries import people_called
from statusportal.news.models import Notification
from statusportal.news.plan import plan
from statusportal.news.vocabulary import ByMail, Delivery, Happened, Listener, NewsKind
from statusportal.work import Work, Works

# The names under which the outbox knows these listeners.
ENTRY: Final = "news.entry"
COMMENT: Final = "news.comment"
ANSWER: Final = "news.answer"
MENTION: Final = "news.mention"

_DIGEST_AT: Final = time(7)


def tell_of_entry(works: Works, payload: Mapping[str, str]) -> None:
    """Tell of a new entry."""
    _tell(works, payload, None)


def tell_of_comment(works: Works, payload: Mapping[str, str]) -> None:
    """Tell of what somebody said; the portal's own lines are told by what they stand for."""
    _tell(works, payload, NewsKind.COMMENT)


def tell_of_answer(works: Works, payload: Mapping[str, str]) -> None:
    """Tell that a comment was accepted as an answer."""
    _tell(works, payload, NewsKind.ANSWER)


def tell_of_mention(works: Works, payload: Mapping[str, str]) -> None:
    """Tell somebody that they were called by name, if they may read it."""
    _tell(works, payload, NewsKind.MENTION)


def reader(works: Works, person_id: UUID) -> Actor | None:
    """Return somebody as they would be if they came in now; None for who may not come in."""
    with works.reading(SYSTEM) as work:
        actor = actor_of_person(work, person_id)
        return with_grants(work, actor) if actor is not None else None


def reads(works: Works, actor: Actor, entry_id: UUID, comment_id: UUID | None) -> bool:
    """Tell whether somebody may read an entry, or what was said under it and still stands, at this very moment."""
    with works.reading(actor) as work:
        try:
            entry_for(work, entry_id)
            return comment_id is None or comment_for(work, comment_id).state == CommentState.VISIBLE
        except NotFound:
            return False


def _tell(works: Works, payload: Mapping[str, str], kind: NewsKind | None) -> None:
    key = (UUID(payload["organisation_id"]), UUID(payload["entry_id"]))
    comment_id = UUID(payload["comment_id"]) if kind else None
    with works.reading(SYSTEM) as work:
        entry = work.session.get(StatusEntry, key)
        comment = work.session.get(Comment, (*key, comment_id)) if comment_id else None
        if entry is None or (kind and (comment is None or comment.kind == CommentKind.SYSTEM)):
            return
        called = UUID(payload["person_id"]) if kind is NewsKind.MENTION else None
        planned = plan(_happened(work, entry, comment, kind, called), _listening(work, entry, comment, kind, called))
    seen = [one for one in planned if _may_read(works, one, entry.id, comment_id)]
    if seen:
        with works.writing(SYSTEM) as work:
            for one in seen:
                _note(work, one, key, comment_id)


def _may_read(works: Works, delivery: Delivery, entry_id: UUID, comment_id: UUID | None) -> bool:
    actor = reader(works, delivery.person_id)
    return actor is not None and reads(works, actor, entry_id, comment_id)


def _happened(
    work: Work, entry: StatusEntry, comment: Comment | None, kind: NewsKind | None, called: UUID | None
) -> Happened:
    if comment is None:
        is_failure = entry.health == Health.FAILURE
        return Happened(NewsKind.FAILURE if is_failure else NewsKind.ENTRY, entry.author_id)
    if kind is NewsKind.ANSWER:
        return Happened(NewsKind.ANSWER, None, entry.author_id, comment.author_id)
    if called:
        return Happened(NewsKind.MENTION, comment.author_id, called=called)
    said = NewsKind.UPDATE if comment.kind == CommentKind.UPDATE else NewsKind.COMMENT
    parent_key = (comment.organisation_id, comment.entry_id, comment.parent_id)
    parent = work.session.get(Comment, parent_key) if comment.parent_id else None
    return Happened(said, comment.author_id, entry.author_id, parent.author_id if parent else None)


def _listening(
    work: Work, entry: StatusEntry, comment: Comment | None, kind: NewsKind | None, called: UUID | None
) -> Sequence[Listener]:
    """Give who might hear of it: of a call the called alone, and of what calls them everybody else."""
    found = _listeners(work, entry)
    if called:
        usual = Listener(called, FollowLevel.NORMAL, FollowReason.MENTIONED)
        return [next((one for one in found if one.person_id == called), usual)]
    hear_it_so = people_called(work, comment) if comment and kind is NewsKind.COMMENT else frozenset()
    return [one for one in found if one.person_id not in hear_it_so]


def _listeners(work: Work, entry: StatusEntry) -> Sequence[Listener]:
    """Give everybody who might hear of it: the owner's people first, then whoever follows by a follow of their own."""
    device = work.session.get_one(Device, entry.device_id)
    found = {one.person_id: one for one in _owners(work, entry)}
    for person_id, row in followers_of(work, entry, device).items():
        found[person_id] = Listener(person_id, FollowLevel(row.level), FollowReason(row.reason))
    return list(found.values())


def _owners(work: Work, entry: StatusEntry) -> Iterator[Listener]:
    """Give the people of who has the machine, while what happens is of their own time."""
    if ownership_holds(work, entry.device_id, entry.ownership_id):
        members = select(Membership.person_id).where(Membership.organisation_id == entry.organisation_id)
        for person_id in work.session.scalars(members):
            yield Listener(person_id, FollowLevel.NORMAL, FollowReason.OWNED)


def _note(work: Work, delivery: Delivery, key: tuple[UUID, UUID], comment_id: UUID | None) -> None:
    """Keep one piece of news; a happening that is told again is told once."""
    named = {
        "organisation_id": key[0],
        "entry_id": key[1],
        "person_id": delivery.person_id,
        "kind": delivery.kind.value,
    }
    named["subject_id"] = comment_id or key[1]
    if work.session.scalar(select(Notification.id).filter_by(**named)) is not None:
        return
    person = work.session.get_one(Person, delivery.person_id)
    work.session.add(
        Notification(
            **named,
            because=delivery.because.value,
            comment_id=comment_id,
            at=work.now,
            mail=delivery.mail,
            mail_due_at=_due(work, person, delivery.mail) if work.settings.smtp_url else None,
        )
    )


def _due(work: Work, person: Person, mail: ByMail | None) -> datetime | None:
    """Say when a letter is due: once nobody can take back what it tells, or at seven where the person lives."""
    if mail is not ByMail.DIGEST:
        return work.now + UNDO if mail else None
    local = work.now.astimezone(ZoneInfo(person.time_zone or work.settings.default_time_zone))
    today = datetime.combine(local.date(), _DIGEST_AT, tzinfo=local.tzinfo)
    return today if today > local else today + timedelta(days=1)
