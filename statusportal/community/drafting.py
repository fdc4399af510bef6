"""What an owner would share, before and after: the entry and the comments that may go along, with all known taken out.

Source: docs/adr/0056-sharing-without-a-name.md.
"""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.access.vocabulary import StaffRole
from statusportal.accounts.models import Person
from statusportal.anonymity.aliases import Aliases
from statusportal.anonymity.knowing import (
    count_owners,
    known_of,
    known_of_speakers,
    known_of_thread,
    members_of,
    operators_name,
)
from statusportal.anonymity.masks import Masker
from statusportal.anonymity.readying import others_named, told_about
from statusportal.anonymity.vocabulary import Known, Taken, told_role
from statusportal.community.models import PublicationConsent, PublicationLine, PublicationVoice
from statusportal.community.vocabulary import Draft, DraftLine
from statusportal.discussion.models import Comment
from statusportal.discussion.vocabulary import CommentKind, CommentState
from statusportal.entries.models import StatusEntry
from statusportal.entries.policy import audience_reaches
from statusportal.entries.queries import entry_for
from statusportal.entries.vocabulary import Audience
from statusportal.fleet.queries import ownership_holds
from statusportal.foundation.errors import Conflict, Forbidden, Sentence
from statusportal.prose.markdown import plain_text
from statusportal.work import Work

MOST_LINES = 200


def draft_of(work: Work, entry_id: UUID, take_out: Sequence[str] = ()) -> Draft:
    """Return what others would see of an entry. `take_out` are further words that the owner wants to be gone.

    Raises: NotFound; Forbidden for everybody but the owner's administrators; Conflict for what is not theirs to share:
    of a machine that is theirs no more, or in the words of somebody they let in.
    """
    entry = entry_for(work, entry_id)
    require(work.actor, Permission.ENTRY_CONSENT, entry.organisation_id)
    decider = work.actor.person_id
    if decider is None:
        raise Forbidden(Permission.ENTRY_CONSENT.value)
    if not ownership_holds(work, entry.device_id, entry.ownership_id):
        raise Conflict(Sentence("Only what is said of a machine that is yours now can be shared."))
    members = members_of(work, entry.organisation_id)
    is_own = entry.author_id is None or entry.author_role in set(StaffRole) or entry.author_id in members
    if not is_own:
        raise Conflict(Sentence("Somebody you let in wrote this, so it is not yours to share."))
    theirs, left_out = _comments(work, entry, members)
    aliases = _aliases(work, entry, members)
    masker, facts = _ready(work, entry, theirs, aliases, take_out)
    person_id = entry.author_id if entry.author_id is not None and entry.author_id in members else decider
    title, body = masker.mask(entry.title), masker.mask(entry.body_markdown)
    lines, counts = [], Counter(title.counts) + Counter(body.counts)
    for comment, author in theirs:
        after = masker.mask(comment.body_markdown)
        counts += Counter(after.counts)
        lines.append(_line(comment, author, aliases, after.text))
    return Draft(
        alias=aliases.of(person_id),
        person_id=person_id,
        title_before=entry.title,
        title=title.text,
        body_before=plain_text(entry.body_markdown),
        body=body.text,
        lines=lines,
        counts=counts,
        left_out=left_out,
        owners=count_owners(work, entry.device.model_id),
        masker=masker,
        firmware=facts[0],
        code=facts[1],
    )


def _comments(work: Work, entry: StatusEntry, members: frozenset[UUID]) -> tuple[list[tuple[Comment, Person]], int]:
    """Return the comments that may go along, in reading order, and how many that the actor reads may not.

    What was said to a narrower circle than the entry's stays there, and so does what others' people and guests said.
    """
    query = (
        select(Comment)
        .where(
            Comment.organisation_id == entry.organisation_id,
            Comment.entry_id == entry.id,
            Comment.state == CommentState.VISIBLE,
            Comment.kind != CommentKind.SYSTEM,
            audience_reaches(work.actor, Comment.audience, Comment.organisation_id),
        )
        .options(joinedload(Comment.author))
        .order_by(Comment.path)
    )
    found = work.session.scalars(query).all()
    width = Audience(entry.audience).width
    theirs = [
        (one, one.author)
        for one in found
        if one.author is not None
        and one.audience != Audience.INTERNAL
        and Audience(one.audience).width >= width
        and (one.author_role in set(StaffRole) or one.author_id in members)
    ]
    return theirs[:MOST_LINES], len(found) - len(theirs[:MOST_LINES])


def _line(comment: Comment, author: Person, aliases: Aliases, after: str) -> DraftLine:
    return DraftLine(
        comment_id=comment.id,
        person_id=author.id,
        author=author.name,
        alias=aliases.of(author.id),
        role=told_role(comment.author_role),
        before=plain_text(comment.body_markdown),
        after=after,
        said_at=comment.created_at,
    )


def _ready(
    work: Work,
    entry: StatusEntry,
    theirs: Sequence[tuple[Comment, Person]],
    aliases: Aliases,
    take_out: Sequence[str],
) -> tuple[Masker, Sequence[str]]:
    """Make ready what is looked for in all words of a draft; whoever speaks in it becomes their alias."""
    people = [one for one in (entry.author, *(author for _, author in theirs)) if one is not None]
    known = [
        *known_of_speakers(people, aliases),
        *(Known(word, Taken.ORGANISATION) for word in take_out),
        *known_of(work, entry.organisation_id),
        *known_of_thread(work, entry),
        *others_named(work, _by_staff(entry, theirs)),
    ]
    return told_about(work, entry.device.model, known, (entry.device.firmware, entry.code or ""))


def _by_staff(entry: StatusEntry, theirs: Sequence[tuple[Comment, Person]]) -> list[str]:
    asked = [entry.title, entry.body_markdown] if entry.author_role in set(StaffRole) else []
    return [*asked, *(one.body_markdown for one, _ in theirs if one.author_role in set(StaffRole))]


def _aliases(work: Work, entry: StatusEntry, members: frozenset[UUID]) -> Aliases:
    """Return the aliases of an entry's publication: of the standing one, or of the next after those taken back."""
    voices = select(PublicationVoice.person_id, PublicationVoice.alias).where(
        PublicationVoice.organisation_id == entry.organisation_id,
        PublicationVoice.publication_id == entry.publication_id,
        PublicationVoice.person_id.in_(members),
    )
    lines = select(PublicationLine.alias).where(PublicationLine.publication_id == entry.publication_id)
    revoked = select(func.count()).where(
        PublicationConsent.organisation_id == entry.organisation_id,
        PublicationConsent.entry_id == entry.id,
        PublicationConsent.revoked_at.is_not(None),
    )
    return Aliases(
        key=work.settings.secret_key,
        publication=f"{entry.id}:{work.session.scalar(revoked)}",
        operator=operators_name(work),
        members=members,
        given=dict(work.session.execute(voices).all()),
        taken=frozenset(work.session.scalars(lines)),
    )
